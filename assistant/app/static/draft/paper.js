// The middle pane: the report as a sheet of paper, its sections streaming in, edited by hand, checked as one types.
import { ask, button, debounced, el, say, setMarked, tell } from "../dom.js";
import { clearHighlights, highlight, placeCaret, range, readBody } from "./body.js";

const SAVE_AFTER = 800;
const LINE = 32;
const STATES = { waiting: "等待起草", first: "初稿，等待润色", started: "初稿，正在润色", done: "" };

export class Paper {
  /** `heard` is told of a section's new view, `redo(index, remark)` and `cite(index)` are the pane's requests. */
  constructor(place, { heard, redo, cite, typing }) {
    Object.assign(this, { place, heard, redo, cite, typing });
    this.parts = [];
  }

  show(state) {
    const same = this.id === state.id && this.parts.length === state.sections.length
      && this.parts.every((part, i) => part.view.path.join("/") === state.sections[i].path.join("/"));
    this.id = state.id;
    this.title ??= el("h1", { class: "title" });
    this.title.textContent = state.title;
    if (same) { state.sections.forEach((view, i) => this.parts[i].update(view)); return; }
    this.parts = state.sections.map((view) => new Part(this, view));
    this.place.replaceChildren(this.title, ...this.parts.map((part) => part.node));
    if (!this.parts.length) this.place.append(el("p", { class: "note" }, state.problem || "先在左边写提纲和要点。"));
  }

  hear(event) {
    const part = this.parts[event.section];
    if (part) part.hear(event);
  }

  waiting(indices) { indices.forEach((i) => this.parts[i]?.state("waiting")); }

  settle() { this.parts.forEach((part) => part.settle()); }

  flush() { return Promise.all(this.parts.map((part) => part.flush())); }

  get dirty() { return this.parts.some((part) => part.dirty); }

  /** Shows a stretch of a section, for a finding. */
  reveal(index, start, end) { this.parts[index]?.reveal(start, end); }

  /** The text of a section as it stands on the page. */
  text(index) { return readBody(this.parts[index].body).text; }

  replace(index, start, end, words) { return this.parts[index].replace(start, end, words); }
}

class Part {
  constructor(paper, view) {
    this.paper = paper;
    this.later = debounced(() => this.save(), SAVE_AFTER);
    this.heading = el(`h${Math.min(view.level + 1, 4)}`, { class: `h level-${view.level}` });
    this.status = el("span", { class: "state", id: `state-${view.index}` });
    this.facts = el("span", { class: "facts" });
    this.sources = button("出处", () => paper.cite(this.view.index), { class: "plain cite" });
    this.again = button("重写本节", () => this.askRemark(), { class: "plain again" });
    this.meta = el("div", { class: "meta" }, this.status, this.facts, this.sources, this.again);
    this.body = el("div", { class: "body", role: "textbox", "aria-multiline": "true", spellcheck: "false",
      "aria-describedby": `state-${view.index}` });
    this.wish = el("div", { class: "wish" });
    this.node = el("section", { class: "sec", dataset: { index: view.index } }, this.heading, this.body, this.meta, this.wish);
    this.body.addEventListener("input", (event) => this.typed(event));
    this.body.addEventListener("compositionend", () => this.typed());
    this.body.addEventListener("blur", () => this.left());
    this.update(view);
  }

  // ---- showing

  update(view) {
    this.view = view;
    this.heading.textContent = view.heading;
    this.body.setAttribute("aria-label", `${view.heading} 正文`);
    this.node.classList.toggle("bare", !view.points && !view.drafted);
    this.body.dataset.hint = view.points ? "还没有起草，也可以在这里直接写。" : "（只有标题，没有要点）";
    if (!this.busy && !this.dirty) this.render();
    this.figures();
  }

  render() {
    if (document.activeElement === this.body) { highlight(this.body, this.view.marks || []); return; }
    clearHighlights();
    this.body.classList.remove("editing");
    if (this.view.drafted) setMarked(this.body, this.view.html);
    else this.body.replaceChildren();
    this.editable(true);
  }

  /** Room for what is to come, so that nothing below moves when the first draft is there. */
  reserve() {
    const lines = this.view.points ? Math.ceil((this.view.target || 60 * this.view.points) / LINE) : 0;
    this.body.style.minHeight = lines ? `${Math.min(lines, 24) * 1.9}em` : "";
  }

  editable(on) { this.body.setAttribute("contenteditable", on ? "plaintext-only" : "false"); }

  figures() {
    const { drafted, length, target, figures, errors, warnings, citations, findings } = this.view;
    const cut = drafted && (findings || []).some((finding) => finding.kind === "unfinished");
    this.node.classList.toggle("has-error", Boolean(errors));
    if (!this.busy) this.status.textContent = cut ? "初稿，没有润色完" : "";
    const parts = !drafted ? (target ? [`目标 ${target} 字`] : []) : [
      target ? `${length} / ${target} 字` : `${length} 字`,
      figures?.all ? `数字 ${figures.traced}/${figures.all} 有据` : "",
      errors ? `错误 ${errors}` : "", warnings ? `提醒 ${warnings}` : ""];
    this.facts.textContent = parts.filter(Boolean).join(" · ");
    this.sources.hidden = !citations?.length;
    this.sources.textContent = `出处 ${citations?.length || ""}`;
    this.again.hidden = !drafted || this.busy || !this.view.points;
  }

  // ---- streaming

  get busy() { return Boolean(this.phase && this.phase !== "done"); }

  state(phase) {
    this.phase = phase;
    this.node.dataset.phase = phase;
    this.body.setAttribute("aria-busy", String(this.busy));
    if (this.busy) this.editable(false);
    if (phase === "waiting") this.reserve();
    this.figures();
    if (this.busy) this.status.textContent = STATES[phase];
  }

  hear(event) {
    if (event.kind === "section_done") {
      this.state("done");
      this.update(event.view);
      this.paper.heard(event.view);
    } else if (event.kind === "first") this.first(event.sentences);
    else if (event.kind === "started") this.state("started");
    else this.settled(event.sentence, event.text);
  }

  /** The rules' own text of the section: lighter, and of the height that the settled one will have within a line. */
  first(sentences) {
    this.sentences = sentences.map((text) => el("span", { class: "first" }, text.trim()));
    const paragraphs = [];
    sentences.forEach((text, i) => {
      if (!i || text.startsWith("\n")) paragraphs.push(el("p", {}));
      paragraphs.at(-1).append(this.sentences[i]);
    });
    clearHighlights();
    this.body.classList.remove("editing");
    this.body.replaceChildren(...paragraphs);
    this.state("first");
    this.body.style.minHeight = "";
    this.body.style.minHeight = `${this.body.offsetHeight}px`;
  }

  settled(index, text) {
    const sentence = this.sentences?.[index];
    if (!sentence) return;
    sentence.textContent = text.trim();
    sentence.classList.remove("first");
  }

  /** The run is over: no room is kept any more. */
  settle() {
    this.body.style.minHeight = "";
    if (this.busy) { this.state("done"); this.editable(true); }
  }

  // ---- editing

  typed(event) {
    if (event?.isComposing) return;
    this.body.classList.add("editing");
    this.body.style.minHeight = "";
    this.dirty = true;
    this.paper.typing("保存中…");
    this.later();
  }

  left() {
    if (this.dirty) tell(() => this.flush());
    else if (this.body.classList.contains("editing") && !this.busy) this.render();
  }

  flush() { return this.later.pending ? this.later.flush() : this.saving; }

  save() {
    this.saving = this.put();
    return this.saving;
  }

  async put() {
    const { text } = readBody(this.body);
    try {
      const view = await ask("PUT", `/app/works/${this.paper.id}/sections`,
        { index: this.view.index, text, base: this.view.digest || EMPTY });
      this.dirty = this.later.pending;
      this.node.classList.remove("conflict");
      this.paper.typing(this.dirty ? "保存中…" : "已保存");
      this.update(view);
      this.paper.heard(view);
    } catch (error) {
      this.failed(error);
    }
  }

  failed(error) {
    this.paper.typing("没有保存");
    if (error.status === 0) { this.later(); return; }
    say(error.message, "error");
    if (error.status !== 409) return;
    this.node.classList.add("conflict");
    this.wish.replaceChildren(el("p", { class: "problem" }, error.message), el("div", { class: "acts" },
      button("载入最新的", () => location.reload()), button("用我这里的覆盖", () => this.overwrite())));
  }

  async overwrite() {
    const state = await ask("GET", `/app/works/${this.paper.id}`);
    this.view.digest = state.sections[this.view.index]?.digest;
    this.wish.replaceChildren();
    await this.save();
  }

  async replace(start, end, words) {
    const { text } = readBody(this.body);
    this.dirty = false;
    this.body.textContent = text.slice(0, start) + words + text.slice(end);
    await this.save();
    this.render();
  }

  askRemark() {
    const field = el("textarea", { rows: "2", "aria-label": "这次的要求", placeholder: "这次有什么要求？例如：先写成效，再写做法（可不填）" });
    const go = () => { this.wish.replaceChildren(); this.paper.redo(this.view.index, field.value); };
    field.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.ctrlKey) { event.stopPropagation(); go(); } });
    this.wish.replaceChildren(field, el("div", { class: "acts" },
      button("重写", go, { class: "primary" }), button("不重写了", () => this.wish.replaceChildren())));
    field.focus();
  }

  // ---- jumping

  reveal(start, end) {
    const { parts } = readBody(this.body);
    const found = start === undefined ? null : range(parts, start, end);
    const node = found?.startContainer.parentElement || this.node;
    node.scrollIntoView({ block: "center" });
    const spot = node.closest("mark") || (found ? node : this.node);
    spot.classList.add("flash");
    setTimeout(() => spot.classList.remove("flash"), 1600);
    if (found && !this.busy) { this.body.focus({ preventScroll: true }); placeCaret(this.body, start); }
  }
}

const EMPTY = "e3b0c44298fc1c14";
