// The start screen: what is ready, and the ways to begin a report.
import { ask, button, el, tell } from "../dom.js";
import { moment } from "./panel.js";

const MODEL = { missing: "写作模型还没有下载", cold: "写作模型未启动", fetching: "正在下载写作模型", warming: "写作模型正在启动",
  ready: "写作模型就绪", failed: "写作模型出错" };

export class Start {
  /** `open(state)` shows a new or chosen work. */
  constructor(place, open) {
    this.place = place;
    this.open = open;
  }

  async show() {
    const [ways, works, status] = await Promise.all([ask("GET", "/app/starts"), ask("GET", "/app/works"), ask("GET", "/app/status")]);
    this.place.replaceChildren(
      el("div", { class: "hello" }, el("h1", {}, works.length ? "开始一份新材料" : "从这里开始"),
        el("p", { class: "lead" }, "填好要点和数字，拟稿按提纲逐节写出初稿，每个数字都能查到出处。")),
      this.ready = el("div", { class: "ready" }),
      el("div", { class: "ways" }, this.sample(ways), this.skeleton(ways), this.past(ways), this.paste(), this.upload(), this.empty()),
      works.length ? this.recent(works) : "",
    );
    this.tellReady(status);
  }

  make(start) { return tell(async () => this.open(await ask("POST", "/app/works", start))); }

  card(title, text, ...parts) {
    return el("section", { class: "way" }, el("h2", {}, title), el("p", {}, text), el("div", { class: "do" }, parts));
  }

  tellReady({ model, library }) {
    const share = model.state === "fetching" ? ` ${Math.round(model.share * 100)}%` : "";
    const line = (good, text, more) => el("p", { class: good ? "good" : "so" }, el("i", { "aria-hidden": "true" }), text, more || "");
    this.ready.replaceChildren(
      line(model.state === "ready", MODEL[model.state] + share + (model.state === "failed" ? `：${model.message}` : ""),
        ["missing", "failed"].includes(model.state) ? button("下载写作模型",
          () => tell(async () => this.tellReady(await ask("POST", "/app/model/fetch")))) : ""),
      line(library?.documents, library?.documents ? `资料库有 ${library.documents} 份往年材料` : "资料库还是空的",
        library?.documents ? "" : button("载入示例材料", (event) => this.loadSamples(event.target))));
    clearTimeout(this.timer);
    if (["fetching", "warming", "cold"].includes(model.state)) {
      this.timer = setTimeout(async () => {
        if (this.ready.isConnected) this.tellReady(await ask("GET", "/app/status").catch(() => ({ model, library })));
      }, 2000);
    }
  }

  loadSamples(press) {
    return tell(async () => {
      press.disabled = true;
      press.textContent = "正在载入…";
      try { await ask("POST", "/app/sample-library"); } finally { await this.show(); }
    });
  }

  sample(ways) {
    const choice = el("select", { "aria-label": "选一份示例" }, ways.samples.map((name) => el("option", { value: name }, name.replace(/^\d+-/, ""))));
    const go = (event) => tell(async () => {
      event.target.disabled = true;
      try {
        const { library } = await ask("GET", "/app/status");
        if (!library?.documents) await ask("POST", "/app/sample-library").catch(() => null);
        await this.open(await ask("POST", "/app/works", { how: "sample", name: choice.value }));
      } finally { event.target.disabled = false; }
    });
    return this.card("用示例试写", "带好要点和数字表，一两分钟看到成稿。", choice, button("用示例试写", go, { class: "primary" }));
  }

  skeleton(ways) {
    const choice = el("select", { "aria-label": "文种" }, ways.skeletons.map((name) => el("option", { value: name }, name)));
    return this.card("从骨架开始", "按文种给出常用提纲，再填要点。", choice,
      button("用这个骨架", () => this.make({ how: "skeleton", name: choice.value })));
  }

  past(ways) {
    const parts = [];
    if (ways.reports.length) {
      const choice = el("select", { "aria-label": "去年的材料" }, ways.reports.map((r) => el("option", { value: r.id }, r.title)));
      parts.push(choice, button("沿用它的提纲", () => this.make({ how: "past", name: choice.value })));
    }
    parts.push(this.file("上传去年的材料", ".docx,.doc,.wps,.txt,.md,.pdf", "past"));
    return this.card("从去年的材料开始", "只沿用提纲和篇幅，不带旧数字、旧句子。", parts);
  }

  paste() {
    const text = el("textarea", { rows: "3", placeholder: "把写好的提纲和要点粘贴在这里", "aria-label": "粘贴要点" });
    return this.card("粘贴要点", "标题一行，下面每行一条要点。", text, button("用这些要点", () => this.make({ how: "paste", text: text.value })));
  }

  upload() {
    return this.card("上传要点", "Word、Excel、Markdown 或文本文件。", this.file("选择要点文件", ".docx,.xlsx,.md,.txt", "notes"));
  }

  empty() {
    return this.card("空白", "自己从头写提纲和要点。", button("从空白开始", () => this.make({ how: "empty" })));
  }

  file(label, accept, how) {
    const input = el("input", { type: "file", accept, class: "file", onchange: () => tell(async () => {
      if (!input.files.length) return;
      const body = new FormData();
      body.append("file", input.files[0]);
      input.value = "";
      this.open(await ask("POST", `/app/works/upload?how=${how}`, body));
    }) });
    return el("label", { class: "filer" }, label, input);
  }

  recent(works) {
    return el("section", { class: "recent" }, el("h2", {}, "写过的材料"), el("ul", {}, works.map((work) => el("li", {},
      button(work.title, () => tell(async () => this.open(await ask("GET", `/app/works/${work.id}`)))),
      el("time", {}, work.running ? "正在起草…" : moment(work.updated))))));
  }
}
