// The right pane: what the checks say, what was left out, where phrasing came from, versions.
import { ask, ask_in_dialog, button, el, say, setMarked, tell } from "../dom.js";

const TABS = [["findings", "问题"], ["left", "漏写"], ["sources", "出处"], ["past", "去年"], ["versions", "版本"]];
const ORDER = { error: 0, warning: 1, info: 2 };
const WORDS = { error: "错误", warning: "提醒", info: "提示" };
const LEFT_OUT = new Set(["漏写"]);

const isLeft = (finding) => finding.note && !finding.draft && LEFT_OUT.has(finding.label);

export class Panel {
  /** `to` has the requests: reveal(index, start, end), revealNote(line), replace(…), reload(state). */
  constructor(place, to) {
    this.place = place;
    this.to = to;
    this.tab = "findings";
    this.state = { sections: [], findings: [], notices: [] };
    this.tabs = TABS.map(([name, label]) => button(label, () => this.open(name),
      { role: "tab", id: `panel-${name}`, "aria-controls": "panel-list" }));
    this.list = el("div", { class: "list", id: "panel-list", role: "tabpanel", tabindex: "0" });
    place.replaceChildren(el("div", { class: "tabs", role: "tablist", "aria-label": "核对与版本" }, this.tabs), this.list);
  }

  show(state) { this.state = state; this.draw(); }

  /** A section's new view after an edit or from the stream. */
  take(view) {
    const at = this.state.sections.findIndex((section) => section.index === view.index);
    if (at >= 0) this.state.sections[at] = view;
    this.draw();
  }

  open(name) { this.tab = name; this.draw(); this.list.scrollTop = 0; }

  draw() {
    const entries = this.entries();
    const open = entries.filter((entry) => entry.finding.decision !== "忽略");
    const left = open.filter((entry) => isLeft(entry.finding)).length;
    const counts = { findings: open.length - left, left, sources: this.citations().length };
    TABS.forEach(([name, label], i) => {
      this.tabs[i].textContent = counts[name] ? `${label} ${counts[name]}` : label;
      this.tabs[i].setAttribute("aria-selected", String(name === this.tab));
      this.tabs[i].tabIndex = name === this.tab ? 0 : -1;
    });
    const at = this.list.scrollTop;
    if (this.tab === "versions") { this.versions(); return; }
    if (this.tab === "past") { tell(() => this.lastYear()); return; }
    const parts = { findings: () => this.findings(entries.filter((e) => !isLeft(e.finding))),
      left: () => this.leftOut(entries.filter((e) => isLeft(e.finding))), sources: () => this.sources() }[this.tab]();
    this.list.replaceChildren(...parts);
    this.list.scrollTop = at;
  }

  entries() {
    const of = (findings, index, heading) => (findings || []).map((finding) => ({ finding, index, heading }));
    return [
      ...of(this.state.notices, -2, "要点"),
      ...this.state.sections.flatMap((view) => of(view.findings, view.index, view.heading)),
      ...of(this.state.findings, -1, "全文"),
    ];
  }

  // ---- findings

  findings(entries) {
    if (!entries.length) return [el("p", { class: "note" }, this.blank())];
    const open = entries.filter((entry) => entry.finding.decision !== "忽略");
    const waved = entries.filter((entry) => entry.finding.decision === "忽略");
    const ranked = [...open].sort((a, b) => ORDER[a.finding.severity] - ORDER[b.finding.severity]);
    const parts = [this.verdict(open), el("ul", { class: "findings" }, ranked.map((entry) => this.item(entry)))];
    if (waved.length) parts.push(el("details", { class: "waved" }, el("summary", {}, `已忽略 ${waved.length} 条`),
      el("ul", { class: "findings" }, waved.map((entry) => this.item(entry)))));
    return parts;
  }

  blank() {
    return this.state.sections.some((view) => view.drafted) ? "没有发现问题。" : "起草以后，这里列出核对出的问题，点一下就到原文。";
  }

  verdict(open) {
    const count = (severity) => open.filter((entry) => entry.finding.severity === severity).length;
    const parts = Object.keys(WORDS).filter(count).map((severity) => `${WORDS[severity]} ${count(severity)}`);
    return el("p", { class: "count", role: "status" }, parts.length ? parts.join("，") : "没有待处理的问题。");
  }

  item({ finding, index, heading }) {
    const refs = [["稿中", finding.draft?.text], ["要点", finding.note?.text],
      [`往年《${finding.past?.document}》`, finding.past?.text?.slice(0, 120)], ["算式", finding.formula]]
      .filter(([, text]) => text).map(([label, text]) => el("p", { class: "ref" }, `${label}：${text}`));
    return el("li", { class: `finding ${finding.severity}`, dataset: { key: finding.key } },
      el("div", { class: "head" }, el("span", { class: "dot" }, WORDS[finding.severity]),
        el("span", { class: "kind" }, finding.label), el("span", { class: "where" }, heading)),
      el("p", { class: "say" }, finding.message), refs, this.acts(finding, index));
  }

  acts(finding, index) {
    const acts = [];
    if (finding.draft && index >= 0) acts.push(button("看原文", () => this.to.reveal(index, finding), { class: "go" }));
    if (finding.note?.line) acts.push(button("看要点", () => this.to.revealNote(finding.note.line)));
    if (finding.suggestion !== null && finding.draft && index >= 0) {
      acts.push(button("采纳", () => this.adopt(finding, index), { class: "adopt", title: `改为：${finding.suggestion || "（删去）"}` }));
    }
    const waved = finding.decision === "忽略";
    acts.push(button(waved ? "撤销忽略" : "忽略", () => this.decide(finding, waved ? "" : "忽略")));
    return el("div", { class: "acts" }, acts);
  }

  adopt(finding, index) {
    return tell(async () => {
      const text = this.to.text(index);
      const { start, end, text: words } = finding.draft;
      if (text.slice(start, end) !== words) { say("原文已经改过，请重新核对后再采纳。"); return; }
      await this.to.replace(index, start, end, finding.suggestion);
      say(`已改为“${finding.suggestion}”。`);
    });
  }

  decide(finding, decision) {
    return tell(async () => {
      this.to.reload(await ask("POST", `/app/works/${this.state.id}/decisions`, { key: finding.key, decision }));
    });
  }

  /** The next (or the one before) finding with a place, for the keyboard. */
  step(by) {
    this.tab = "findings";
    this.draw();
    const items = [...this.list.querySelectorAll(".finding")].filter((item) => item.querySelector(".go"));
    if (!items.length) { say("没有可以定位的问题。"); return; }
    const at = items.findIndex((item) => item.dataset.key === this.current);
    const next = items[(at + by + items.length) % items.length];
    this.current = next.dataset.key;
    items.forEach((item) => item.classList.toggle("current", item === next));
    next.scrollIntoView({ block: "nearest" });
    next.querySelector(".go").click();
  }

  adoptCurrent() {
    const item = [...this.list.querySelectorAll(".finding")].find((other) => other.dataset.key === this.current);
    const choice = item?.querySelector(".adopt");
    if (choice) choice.click(); else say("这一条没有可以直接采纳的改法。");
  }

  /** Brings a finding into view when its mark is clicked. */
  point(key) {
    this.tab = "findings";
    this.draw();
    const item = [...this.list.querySelectorAll(".finding")].find((other) => other.dataset.key === key);
    if (!item) return;
    this.current = key;
    item.scrollIntoView({ block: "nearest" });
    item.classList.add("flash");
    setTimeout(() => item.classList.remove("flash"), 1600);
  }

  // ---- what was left out

  leftOut(entries) {
    if (!entries.length) return [el("p", { class: "note" }, this.state.sections.some((v) => v.drafted)
      ? "要点都写进去了，没有漏写。" : "起草以后，这里列出没写进稿子的要点，可以一键补入。")];
    return [el("p", { class: "count" }, `有 ${entries.length} 处没有写进稿子`),
      el("ul", { class: "findings" }, entries.map(({ finding, index, heading }) => el("li",
        { class: `finding ${finding.severity}`, dataset: { key: finding.key } },
        el("div", { class: "head" }, el("span", { class: "kind" }, finding.label), el("span", { class: "where" }, heading)),
        el("p", { class: "say" }, finding.note.text), el("p", { class: "ref" }, finding.message),
        el("div", { class: "acts" },
          index >= 0 && this.state.sections[index]?.drafted
            ? button("补入", () => this.insert(finding, index), { class: "adopt" }) : "",
          button("看要点", () => this.to.revealNote(finding.note.line)),
          button(finding.decision === "忽略" ? "撤销忽略" : "忽略",
            () => this.decide(finding, finding.decision === "忽略" ? "" : "忽略"))))))];
  }

  insert(finding, index) {
    return tell(async () => {
      await this.to.flush();
      const view = await ask("POST", `/app/works/${this.state.id}/insert`, { key: finding.key, index });
      this.to.section(view);
      this.to.reveal(index, { draft: { start: view.text.length - 1, end: view.text.length } });
      say("已补在本节末尾，请顺一下文字。");
    });
  }

  // ---- where phrasing came from

  citations() {
    return this.state.sections.flatMap((view) => (view.citations || []).map((citation) => ({ citation, view })));
  }

  sources(only = this.only) {
    this.only = undefined;
    const all = this.citations().filter(({ view }) => only === undefined || view.index === only);
    if (!all.length) return [el("p", { class: "note" }, "这份稿子没有借用往年的写法。")];
    return [el("p", { class: "count" }, only === undefined ? "各节参考的往年写法" : `“${all[0].view.heading}”参考的往年写法`),
      el("ul", { class: "cited" }, all.map(({ citation, view }) => el("li", {},
        el("div", { class: "head" }, el("span", { class: "kind" }, citation.document), el("span", { class: "where" }, view.heading)),
        el("p", { class: "ref" }, citation.heading_path.join(" › ")),
        el("p", { class: "words" }, citation.text),
        citation.passage ? el("div", { class: "acts" }, button("看上下文",
          () => showPassage(citation.passage, this.state.id, view.index))) : "")))];
  }

  cite(index) { this.only = index; this.open("sources"); }

  // ---- last year's report, section beside section

  async lastYear() {
    const headings = [this.state.id, ...this.state.sections.map((view) => view.heading)].join("\n");
    if (this.compared !== headings) {
      this.past = this.state.id ? await ask("GET", `/app/works/${this.state.id}/last-year`) : { title: "", sections: [] };
      this.compared = headings;
    }
    if (this.tab !== "past") return;
    const { title, sections } = this.past;
    const at = this.list.scrollTop;
    this.list.replaceChildren(...(title ? [
      el("p", { class: "count" }, `《${title}》，只供参看：数字是去年的`),
      el("ul", { class: "cited past" }, sections.map((section, index) => section && el("li", { dataset: { index } },
        el("div", { class: "head" }, el("span", { class: "kind" }, section.heading)),
        section.text.split("\n").filter((line) => line.trim()).map((line) => el("p", { class: "words" }, line))))),
      sections.some(Boolean) ? "" : el("p", { class: "note" }, "没有和现在的标题对得上的部分。"),
    ] : [el("p", { class: "note" }, "资料库里没有这个单位去年的同类材料。从“沿用它的提纲”开始的材料，这里显示沿用的那一份。")]));
    this.list.scrollTop = at;
    this.beside(this.working);
  }

  /** Section `index` is being written: last year's comes into view where that tab is open. */
  beside(index) {
    this.working = index;
    if (this.tab !== "past" || index === undefined) return;
    const items = [...this.list.querySelectorAll(".past li")];
    items.forEach((item) => item.classList.toggle("current", item.dataset.index === String(index)));
    items.find((item) => item.classList.contains("current"))?.scrollIntoView({ block: "start" });
  }

  // ---- versions

  async versions() {
    const url = `/app/works/${this.state.id}/versions`;
    const rows = this.state.id ? await tell(() => ask("GET", url)) || [] : [];
    if (this.tab !== "versions") return;
    const name = el("input", { placeholder: "给这一版起个名（可不填）", "aria-label": "版本名称" });
    const keep = async () => { await this.to.flush(); await ask("POST", url, { label: name.value }); say("已保存这一版。"); this.versions(); };
    this.list.replaceChildren(
      el("div", { class: "keep" }, name, button("保存当前版本", () => tell(keep))),
      rows.length ? el("ul", { class: "kept" }, rows.map((row) => this.version(url, row)))
        : el("p", { class: "note" }, "还没有版本。重写之前会自动留一版。"));
  }

  version(url, row) {
    const compare = async () => {
      await this.to.flush();
      const { html } = await ask("GET", `${url}/${row.id}`);
      const body = el("div", { class: "compare" });
      setMarked(body, html);
      const answer = await ask_in_dialog(`与“${row.label}”相比`, body, [["恢复这一版", "restore"], ["关闭", ""]]);
      if (answer === "restore") await restore();
    };
    const restore = async () => {
      this.to.reload(await ask("POST", `${url}/${row.id}/restore`));
      say("已恢复；恢复前的内容也留了一版。");
    };
    return el("li", {}, el("div", { class: "head" }, el("span", { class: "kind" }, row.label),
      el("time", { datetime: row.created }, moment(row.created))),
      el("p", { class: "ref" }, `${row.sections} 节，${row.length} 字`),
      el("div", { class: "acts" }, button("对比", () => tell(compare)), button("恢复", () => tell(restore))));
  }
}

/** A cited passage in its document, in a window. */
export function showPassage(passage, work = "", index = -1) {
  return tell(async () => {
    const { title, html } = await ask("GET", `/app/passages/${encodeURIComponent(passage)}?work_id=${work}&index=${index}`);
    const body = el("div", { class: "context" });
    setMarked(body, html);
    requestAnimationFrame(() => body.querySelector(".mk")?.scrollIntoView({ block: "center" }));
    await ask_in_dialog(title, body, [["关闭", ""]]);
  });
}

export function moment(iso) {
  const at = new Date(iso);
  const two = (n) => String(n).padStart(2, "0");
  return `${at.getFullYear()}年${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())}`;
}
