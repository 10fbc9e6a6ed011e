// The drafting page: bar on top, notes on the left, paper in the middle, panel on the right; opens, drafts, exports.
import { ask, ask_in_dialog, button, copy, el, say, tell } from "../dom.js";
import { Notes } from "./notes.js";
import { Panel, moment } from "./panel.js";
import { Paper } from "./paper.js";
import { Start } from "./start.js";

const LAST = "nigao-work";
const VIEWS = [["notes", "要点"], ["paper", "稿子"], ["panel", "核对"]];

export class Bench {
  constructor(place) {
    this.start = el("div", { class: "start" });
    this.bar = el("div", { class: "bar", role: "toolbar", "aria-label": "材料" });
    const [notes, paper, panel] = VIEWS.map(([name, label]) => el("section", { class: `pane-${name}`, "aria-label": label }));
    this.panes = el("div", { class: "panes" }, notes, el("div", { class: "desk" }, paper), panel);
    this.desk = paper.parentElement;
    [this.wanted, this.finished] = [new Set(), new Set()];
    this.work = el("div", { class: "work", hidden: true }, this.bar, this.panes);
    place.append(el("div", { class: "bench" }, this.start, this.work));
    const typing = (text) => { this.saved.textContent = text === "已保存" ? `已保存 ${clock()}` : text; };
    this.makeBar();
    this.notes = new Notes(notes, (state) => this.refresh(state), typing);
    this.paper = new Paper(paper, { heard: (view) => this.section(view), typing,
      redo: (index, remark) => this.draft({ index, remark }), cite: (index) => { this.look("panel"); this.panel.cite(index); } });
    this.panel = new Panel(panel, this.requests());
    this.opening = new Start(this.start, (state) => this.open(state));
    paper.addEventListener("click", (event) => this.pressed(event));
    this.panes.addEventListener("focusin", ({ target }) => {
      const index = target.closest(".sec, .card")?.dataset.index;
      if (index !== undefined) this.panel.beside(Number(index));
    });
  }

  requests() {
    return {
      reveal: (index, finding) => { this.look("paper"); this.paper.reveal(index, finding.draft.start, finding.draft.end); },
      revealNote: (line) => this.revealNote(line),
      text: (index) => this.paper.text(index),
      replace: (index, start, end, words) => this.paper.replace(index, start, end, words),
      section: (view) => { this.paper.parts[view.index].update(view); this.section(view); },
      flush: () => this.flush(),
      reload: (state) => this.reload(state),
    };
  }

  makeBar() {
    this.picker = el("select", { "aria-label": "正在写的材料", onchange: () => this.pick(this.picker.value) });
    this.saved = el("span", { class: "saved", role: "status" });
    this.progress = el("span", { class: "progress", role: "status" });
    this.go = button("起草", () => this.draft({}), { class: "primary", title: "Ctrl + Enter" });
    this.afresh = button("全部重写", () => this.draftAfresh(), { class: "roomy" });
    this.copying = button("复制全文", () => this.copyAll(), { class: "roomy" });
    this.word = button("导出 Word", () => this.download("docx"), { class: "word" });
    this.stop = button("取消", () => this.cancel(), { class: "stop", hidden: true });
    this.views = VIEWS.map(([name, label]) => button(label, () => this.look(name), { class: "view", dataset: { view: name } }));
    this.bar.append(this.picker, button("新建", () => this.pick(""), { class: "roomy" }), this.saved,
      el("span", { class: "views", role: "group", "aria-label": "看哪一栏" }, this.views), this.progress, el("span", { class: "gap" }),
      this.go, this.stop, this.afresh, this.word,
      this.copying, button("更多", () => this.more(), { class: "more" }));
  }

  // ---- opening

  async begin() {
    const last = localStorage.getItem(LAST);
    const state = last && await ask("GET", `/app/works/${last}`).catch(() => null);
    if (state) await this.open(state); else await this.home();
  }

  async home() {
    this.follow(null);
    this.state = null;
    this.work.hidden = true;
    this.start.hidden = false;
    await tell(() => this.opening.show());
  }

  async open(state) {
    localStorage.setItem(LAST, state.id);
    this.start.hidden = true;
    this.work.hidden = false;
    this.notes.show(state);
    this.saved.textContent = `已保存 ${moment(state.updated).split(" ")[1]}`;
    this.progress.textContent = "";
    this.panel.working = undefined;
    this.panel.tab = state.follows && !state.sections.some((view) => view.drafted) ? "past" : "findings";
    this.refresh(state);
    this.desk.scrollTop = 0;
    this.look(state.sections.some((view) => view.drafted) ? "paper" : "notes");
    this.follow(state.running ? state.id : null);
    await this.fillPicker();
  }

  /** The work as it is on the server, where it may have been changed from another window. */
  reload(state) {
    if (state.revision !== this.notes.revision) this.notes.show(state);
    this.refresh(state);
  }

  refresh(state) {
    this.state = state;
    this.paper.show(state);
    this.panel.show(state);
    this.buttons();
  }

  section(view) {
    if (!this.state) return;
    this.state.sections[view.index] = view;
    this.panel.take(view);
    this.buttons();
  }

  buttons() {
    const some = this.state.sections.some((view) => view.drafted);
    const missing = this.state.sections.some((view) => view.points && (!view.drafted || (view.findings || []).some((f) => f.kind === "unfinished")));
    this.go.textContent = some && missing ? "接着起草" : "起草";
    this.go.hidden = this.running || (some && !missing);
    this.afresh.hidden = this.running || !some;
    this.stop.hidden = !this.running;
    this.word.classList.toggle("roomy", !this.go.hidden || this.running);
    [this.word, this.copying].forEach((choice) => { choice.disabled = this.running; choice.title = this.running ? "写完以后再取用" : ""; });
    this.go.disabled = Boolean(this.state.problem);
    this.go.title = this.state.problem || "Ctrl + Enter";
  }

  async fillPicker() {
    const works = await ask("GET", "/app/works").catch(() => []);
    this.picker.replaceChildren(...works.map((work) => el("option", { value: work.id, selected: work.id === this.state?.id }, work.title)));
  }

  pick(id) {
    return tell(async () => {
      await this.flush();
      if (id) await this.open(await ask("GET", `/app/works/${id}`)); else await this.home();
    });
  }

  look(name) {
    this.panes.dataset.view = name;
    this.views.forEach((view) => view.setAttribute("aria-pressed", String(view.dataset.view === name)));
    if (name === "notes") this.notes.fit();
  }

  flush() { return Promise.all([this.notes.flush(), this.paper.flush()]); }

  get dirty() { return this.notes.dirty || this.paper.dirty; }

  // ---- drafting

  draft({ index = null, remark = "", fresh = false }) {
    return tell(async () => {
      if (this.running || !this.state) return;
      this.running = true;
      this.buttons();
      try {
        await this.flush();
        if (index === null && !fresh && !await this.settled()) { this.ended(); return; }
        this.look("paper");
        const wanted = this.expect(index, fresh);
        await ask("POST", `/app/works/${this.state.id}/draft`, { index, remark, fresh });
        if (fresh) wanted.forEach((view) => { view.drafted = false; this.paper.parts[view.index].update(view); });
        this.follow(this.state.id);
      } catch (error) {
        this.ended();
        this.paper.settle();
        await this.refused();
        throw error;
      }
    });
  }

  /** A run that could not begin: another window may have begun one, which is followed then. */
  async refused() {
    const state = await ask("GET", `/app/works/${this.state.id}`).catch(() => null);
    if (!state) return;
    this.reload(state);
    if (state.running) this.follow(state.id);
  }

  /** Contradictions in the notes are shown before drafting; the writer decides whether to go on. */
  async settled() {
    const grave = (this.state.notices || []).filter((n) => n.severity === "error" && n.decision !== "忽略");
    if (!grave.length) return true;
    const body = el("div", {}, el("p", {}, "要点里有对不上的地方，照写会把矛盾带进稿子："),
      el("ul", {}, grave.map((notice) => el("li", {}, notice.message, notice.note ? el("p", { class: "ref" }, notice.note.text) : ""))));
    const answer = await ask_in_dialog("先看一眼要点", body, [["回去改要点", "back", "primary"], ["照样起草", "go"]]);
    if (answer !== "go") { this.look("notes"); this.revealNote(grave[0].note?.line); }
    return answer === "go";
  }

  expect(index, fresh) {
    const wanted = this.state.sections.filter((view) => view.points && (index === null
      ? fresh || !view.drafted || (view.findings || []).some((f) => f.kind === "unfinished") : view.index === index));
    this.paper.waiting(wanted.map((view) => view.index));
    this.progress.textContent = "正在排出初稿…";
    return wanted;
  }

  async draftAfresh() {
    const answer = await ask_in_dialog("全部重写", el("p", {}, "现有稿子会先留一个版本，然后从头起草每一节。"),
      [["全部重写", "go", "primary"], ["不重写", ""]]);
    if (answer === "go") this.draft({ fresh: true });
  }

  follow(id) {
    this.listener?.close();
    this.listener = null;
    if (!id) { this.running = false; if (this.state) this.buttons(); return; }
    this.running = true;
    this.buttons();
    this.listener = new EventSource(`/app/works/${id}/events`);
    this.listener.onmessage = (message) => this.hear(JSON.parse(message.data));
    this.listener.onerror = () => { this.progress.textContent = "连接断了，正在重连…"; };
    this.listener.onopen = () => this.count();
  }

  /** Whoever lost the line is sent what came since (not all again), so a count begins with the first event of a run only. */
  hear(event) {
    if (event.n === 1) [this.wanted, this.finished] = [new Set(), new Set()];
    if (event.kind === "first") this.wanted.add(event.section);
    if (event.kind === "section_done" && this.wanted.has(event.section)) this.finished.add(event.section);
    this.count();
    if (event.section !== undefined) { this.paper.hear(event); return; }
    this.ended();
    this.paper.settle();
    tell(async () => {
      if (this.state) this.refresh(await ask("GET", `/app/works/${this.state.id}`));
      this.progress.textContent = event.kind === "done" ? `写完了，用时 ${Math.round(event.seconds)} 秒` : "";
      if (event.message) say(event.message, event.kind === "failed" ? "error" : "info");
    });
  }

  count() {
    this.progress.textContent = this.wanted.size
      ? `初稿已排出，正在润色 ${this.finished.size}/${this.wanted.size} 节` : "正在排出初稿…";
  }

  ended() {
    this.follow(null);
    this.progress.textContent = "";
    this.buttons();
  }

  cancel() {
    return tell(async () => {
      this.progress.textContent = "正在取消…";
      await ask("POST", `/app/works/${this.state.id}/cancel`);
    });
  }

  // ---- taking out

  download(kind) {
    return tell(async () => {
      await this.flush();
      const answer = await fetch(`/app/works/${this.state.id}/export.${kind}`);
      if (!answer.ok) { say((await answer.json()).error, "error"); return; }
      const link = el("a", { href: URL.createObjectURL(await answer.blob()), download: `${this.state.title}.${kind}` });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  }

  copyAll() {
    return tell(async () => {
      await this.flush();
      const { text, html } = await ask("GET", `/app/works/${this.state.id}/copy`);
      copy(text, html);
    });
  }

  /** What is used seldom; on a narrow screen also what has no room in the bar. */
  async more() {
    const acts = { "新建材料": () => this.pick(""), "导出 Word": () => this.download("docx"), "复制全文": () => this.copyAll(),
      "全部重写": () => this.draftAfresh(), "导出 Markdown": () => this.download("md"),
      "另存一个版本": () => { this.look("panel"); this.panel.open("versions"); }, "删除这份材料": () => this.remove() };
    const narrow = getComputedStyle(this.bar.querySelector("button.roomy")).display === "none";
    const unfit = this.running ? ["导出 Word", "复制全文", "导出 Markdown", "全部重写"] : this.afresh.hidden ? ["全部重写"] : [];
    const names = Object.keys(acts).slice(narrow ? 0 : 4).filter((name) => !unfit.includes(name));
    const answer = await ask_in_dialog("更多", el("p", {}, this.state.title),
      names.map((name) => [name, name, name.startsWith("删除") ? "stop" : ""]));
    acts[answer]?.();
  }

  async remove() {
    const answer = await ask_in_dialog("删除这份材料", el("p", {}, `“${this.state.title}”连同它的全部版本会被删除，不能恢复。`),
      [["删除", "yes", "stop"], ["不删", ""]]);
    if (answer !== "yes") return;
    await tell(() => ask("DELETE", `/app/works/${this.state.id}`));
    localStorage.removeItem(LAST);
    this.home();
  }

  // ---- jumping

  pressed(event) {
    const mark = event.target.closest("mark");
    if (!mark) return;
    if (mark.dataset.key) this.panel.point(mark.dataset.key.split(" ")[0]);
    else if (mark.dataset.line && event.altKey) this.revealNote(Number(mark.dataset.line));
  }

  revealNote(line) {
    const view = this.state.sections.find((section) => section.sources?.[line] !== undefined);
    if (!view) return;
    this.look("notes");
    this.notes.reveal(view.index, view.sources[line]);
  }

  /** 放入参考: keeps a past phrasing with a section that the writer picks. */
  async refer(text) {
    if (!this.state) { say("请先在“起草”里打开一份材料。"); return; }
    const choice = el("select", { "aria-label": "哪一节" }, this.state.sections.filter((view) => view.points)
      .map((view) => el("option", { value: String(view.index) }, view.heading)));
    const answer = await ask_in_dialog("放入参考", el("div", {}, el("label", { class: "field" }, el("span", {}, "用在哪一节"), choice),
      el("p", { class: "ref" }, text)), [["放入", "yes", "primary"], ["不放", ""]]);
    if (answer !== "yes") return;
    await tell(async () => {
      await ask("POST", `/app/works/${this.state.id}/references`, { index: Number(choice.value), text });
      say("已放入参考，重写这一节时会照着这种写法。");
    });
  }
}

function clock() { return new Date().toTimeString().slice(0, 5); }
