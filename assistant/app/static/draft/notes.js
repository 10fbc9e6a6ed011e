// The left pane: head of the report, outline, bullets, target lengths, tables. Saves itself; never rebuilds what is typed in.
import { ask, ask_in_dialog, button, debounced, el, say, tell } from "../dom.js";
import { emptyTable, grid, pastedRows, tableOf } from "./grid.js";
import { pickHeadings } from "./headings.js";

const HEAD = [["title", "标题"], ["unit", "单位"], ["period", "时期"], ["audience", "报送对象"]];
const TYPES = ["工作总结", "述职报告", "情况汇报", "经验材料", "政府工作报告"];
const SAVE_AFTER = 700;

export class Notes {
  /** `heard(state)` is told of every saved state, `typing()` of every keystroke. */
  constructor(place, heard, typing) {
    this.place = place;
    this.heard = heard;
    this.typing = typing;
    this.later = debounced(() => this.save(), SAVE_AFTER);
    this.saving = Promise.resolve();
  }

  show(state) {
    this.id = state.id;
    this.revision = state.revision;
    this.form = state.form;
    this.recover();
    this.draw();
  }

  // ---- saving

  changed() {
    localStorage.setItem(this.shelf, JSON.stringify({ revision: this.revision, form: this.form }));
    this.typing("保存中…");
    this.later();
  }

  get shelf() { return `nigao-unsaved-${this.id}`; }

  get dirty() { return this.later.pending; }

  recover() {
    const left = JSON.parse(localStorage.getItem(this.shelf) || "null");
    if (!left) return;
    if (left.revision !== this.revision) { localStorage.removeItem(this.shelf); return; }
    this.form = left.form;
    say("已找回上次没来得及保存的要点。");
    this.later();
  }

  save(force = false) {
    this.saving = this.saving.then(() => this.put(force));
    return this.saving;
  }

  async put(force) {
    const id = this.id;
    const sent = JSON.stringify(this.form);
    try {
      if (force) this.revision = (await ask("GET", `/app/works/${id}`)).revision;
      const state = await ask("PUT", `/app/works/${id}/notes`, { form: this.form, revision: this.revision });
      if (id !== this.id) return;
      this.revision = state.revision;
      if (JSON.stringify(this.form) === sent) localStorage.removeItem(`nigao-unsaved-${id}`);
      this.typing("已保存");
      this.heard(state);
    } catch (error) {
      if (error.status === 409) { await this.conflict(error.message); return; }
      this.typing("没有保存");
      say(error.message, "error");
      if (error.status === 0) this.later();
    }
  }

  async conflict(message) {
    this.later.drop();
    const answer = await ask_in_dialog("要点在别的窗口改过", el("p", {}, message),
      [["载入那边的要点", "theirs", "primary"], ["用我这里的覆盖", "mine"]]);
    if (answer === "mine") { await this.put(true); return; }
    localStorage.removeItem(this.shelf);
    const state = await ask("GET", `/app/works/${this.id}`);
    this.show(state);
    this.heard(state);
  }

  flush() { this.later.flush(); return this.saving; }

  // ---- drawing

  draw() {
    this.cards = this.form.sections.map((section, index) => this.card(section, index));
    this.place.replaceChildren(
      this.head(),
      el("div", { class: "cards" }, this.cards),
      el("div", { class: "acts" }, button("＋ 加一节", () => this.insert(this.form.sections.length)),
        button("对仗标题", () => this.parallel(), { title: "按要点给并列的几部分拟句式一致的标题，选了才换" })),
    );
    this.place.querySelectorAll("textarea").forEach(fit);
  }

  head() {
    const fields = HEAD.map(([key, label]) => el("label", { class: `field ${key}` }, el("span", {}, label),
      el("input", { value: this.form[key] || "", oninput: (e) => { this.form[key] = e.target.value; this.changed(); } })));
    const types = el("select", { onchange: (e) => { this.form.doc_type = e.target.value; this.changed(); } },
      TYPES.map((type) => el("option", { value: type, selected: type === this.form.doc_type }, type)));
    fields.splice(3, 0, el("label", { class: "field doc_type" }, el("span", {}, "文种"), types));
    return el("div", { class: "heads" }, fields);
  }

  card(section, index) {
    const set = (key) => (event) => { section[key] = event.target.value; this.changed(); };
    const heading = el("input", { class: "heading", value: section.heading, placeholder: "标题，如“一、基本情况”",
      "aria-label": `第${index + 1}节标题`, oninput: set("heading") });
    const target = el("input", { class: "target", type: "number", min: "10", max: "20000", step: "10",
      value: section.target ? String(section.target) : "", placeholder: "不限", "aria-label": `${section.heading} 字数`,
      oninput: (e) => { section.target = Number(e.target.value) || null; this.changed(); } });
    const bullets = el("textarea", { class: "bullets", rows: "2", value: section.bullets, spellcheck: "false",
      placeholder: "每行一条要点；数字写准，没定的写 __", "aria-label": `${section.heading} 要点`,
      oninput: (e) => { section.bullets = e.target.value; fit(e.target); this.changed(); },
      onpaste: (e) => this.paste(e, section) });
    const tables = section.tables.map((rows, i) => grid(rows, () => this.changed(), () => {
      section.tables.splice(i, 1); this.changed(); this.draw();
    }));
    return el("section", { class: `card level-${section.level}`, dataset: { index } },
      el("div", { class: "line" }, heading, el("label", { class: "count" }, target, "字")),
      bullets, tables, this.tools(section, index));
  }

  tools(section, index) {
    const last = this.form.sections.length - 1;
    const tool = (label, title, work, off) => button(label, work, { class: "plain", title, disabled: off,
      "aria-label": `${section.heading}：${title}` });
    return el("div", { class: "tools" },
      tool("数字表", "加一张数字表", () => { section.tables.push(emptyTable()); this.changed(); this.draw(); }),
      tool(section.level > 1 ? "升为一级" : "降为二级", "改变层级", () => {
        section.level = section.level > 1 ? 1 : 2; this.changed(); this.draw(); }),
      tool("↑", "上移", () => this.move(index, -1), index === 0),
      tool("↓", "下移", () => this.move(index, 1), index === last),
      tool("＋", "在下面加一节", () => this.insert(index + 1)),
      tool("删", "删除这一节", () => this.drop(index), last === 0));
  }

  paste(event, section) {
    const rows = pastedRows(event.clipboardData.getData("text/plain"));
    if (!rows || rows.length < 2) return;
    event.preventDefault();
    section.tables.push(tableOf(rows));
    this.changed();
    this.draw();
    say("已把粘贴的内容放进数字表。");
  }

  move(index, by) {
    const [section] = this.form.sections.splice(index, 1);
    this.form.sections.splice(index + by, 0, section);
    this.changed();
    this.draw();
  }

  insert(index) {
    const level = this.form.sections[index - 1]?.level || 1;
    this.form.sections.splice(index, 0, { heading: "", level, target: null, bullets: "", tables: [] });
    this.changed();
    this.draw();
    this.cards[index].querySelector(".heading").focus();
  }

  parallel() {
    return tell(async () => {
      await this.flush();
      const id = this.id;
      const taken = await pickHeadings(id);
      const fitting = taken.filter(({ index, heading }) => this.form.sections[index]?.heading === heading);
      if (!fitting.length || id !== this.id) return;
      fitting.forEach(({ index, choice }) => { this.form.sections[index].heading = choice; });
      this.changed();
      this.draw();
      say(`已换上 ${fitting.length} 个标题。`);
    });
  }

  drop(index) {
    const [gone] = this.form.sections.splice(index, 1);
    this.changed();
    this.draw();
    say(`已删除“${gone.heading}”；需要找回请到“版本”。`);
  }

  /** Text areas measured while their pane was hidden get their height now. */
  fit() { this.place.querySelectorAll("textarea").forEach(fit); }

  // ---- finding a place

  /** Shows the line of the notes whose stored form is `source` in section `index`. */
  reveal(index, source) {
    const card = this.cards[index];
    if (!card) return;
    const words = source.replace(/^[-*]\s+/, "").trim();
    const area = card.querySelector("textarea");
    const at = area.value.indexOf(words);
    card.scrollIntoView({ block: "center" });
    card.classList.add("flash");
    setTimeout(() => card.classList.remove("flash"), 1600);
    if (at >= 0) { area.focus(); area.setSelectionRange(at, at + words.length); return; }
    const cell = words.split("|").map((part) => part.trim()).find(Boolean);
    [...card.querySelectorAll(".grid input")].find((input) => input.value.trim() === cell)?.focus();
  }
}

function fit(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}
