// Parallel headings beside the present ones, each to take or to leave. Nothing changes until the writer says so.
import { ask, ask_in_dialog, button, el, tell } from "../dom.js";

/** Resolves with the headings taken: a list of { index, heading, choice }. */
export async function pickHeadings(work) {
  const url = `/app/works/${work}/headings`;
  const { suggestions, model } = await ask("POST", url, {});
  const rows = suggestions.map((suggestion) => new Row(suggestion));
  const some = rows.some((row) => row.choices.length);
  if (!some) {
    await ask_in_dialog("对仗标题", el("p", {}, "没有可拟的：要有两个以上并列的部分（同一级，写的是工作），各有要点。"), [["关闭", ""]]);
    return [];
  }
  const more = button("请模型再拟一种", () => tell(async () => {
    more.disabled = true;
    more.textContent = "模型正在拟，可先选…";
    const before = count(rows);
    try {
      const answer = await ask("POST", url, { model: true });
      answer.suggestions.forEach((suggestion) => rows.find((row) => row.index === suggestion.index)?.add(suggestion.choices));
    } finally {
      more.textContent = count(rows) > before ? `模型又拟了 ${count(rows) - before} 个` : "模型拟的没有通过检查，未列出";
    }
  }));
  const all = button("都选第一种", () => rows.forEach((row) => row.first()));
  const body = el("div", { class: "parallel" },
    el("p", { class: "ref" }, "只是建议：前半句取自您的标题和要点，后半句是常用说法。选中的换上，其余照旧。"),
    rows.map((row) => row.node), el("div", { class: "acts" }, all, model ? more : ""));
  const answer = await ask_in_dialog("对仗标题", body, [["换上选中的", "go", "primary"], ["都不换", ""]]);
  return answer === "go" ? rows.map((row) => row.taken()).filter(Boolean) : [];
}

const count = (rows) => rows.reduce((sum, row) => sum + row.choices.length, 0);

class Row {
  constructor({ index, heading, choices }) {
    Object.assign(this, { index, heading, choices: [] });
    this.group = el("div", { class: "choices", role: "radiogroup", "aria-label": `${heading} 可换为` }, this.radio("", "不换", true));
    this.node = el("div", { class: "row" }, el("span", { class: "now" }, heading), this.group);
    this.add(choices);
    if (!choices.length) this.group.append(el("span", { class: "ref" }, "要点里看不出主题，没有拟"));
  }

  add(choices) {
    choices.filter((choice) => !this.choices.includes(choice)).forEach((choice) => {
      this.choices.push(choice);
      this.group.append(this.radio(choice, choice, false));
    });
  }

  radio(value, label, checked) {
    return el("label", {}, el("input", { type: "radio", name: `heading-${this.index}`, value, checked }), label);
  }

  first() { const radio = this.group.querySelectorAll("input")[1]; if (radio) radio.checked = true; }

  taken() {
    const choice = this.group.querySelector("input:checked")?.value;
    return choice ? { index: this.index, heading: this.heading, choice } : null;
  }
}
