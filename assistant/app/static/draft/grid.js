// A table of figures: cells to type in, rows and columns to add, and pasting a block copied from Excel or Word.
import { button, el } from "../dom.js";

const HEADER = ["指标", "本期", "上年同期", "同比", "单位"];

/** Rows of a pasted block: tab-separated, as spreadsheets put it on the clipboard; null when it is no block. */
export function pastedRows(text) {
  if (!text.includes("\t")) return null;
  const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
  return lines.map((line) => line.split("\t").map((cell) => cell.replace(/^"|"$/g, "").trim()));
}

export const looksLikeHeader = (row) => row.slice(1).every((cell) => !/^[-+±]?[\d.,]+%?$/.test(cell));

export const emptyTable = () => [[...HEADER], HEADER.map(() => "")];

export const tableOf = (rows) => (looksLikeHeader(rows[0]) ? rows : [HEADER.slice(0, rows[0].length), ...rows]);

/** Shows `rows` (changed in place) and calls `changed` after every edit. */
export function grid(rows, changed, remove) {
  const box = el("div", { class: "grid" });
  const draw = () => {
    const width = Math.max(...rows.map((row) => row.length));
    rows.forEach((row) => { while (row.length < width) row.push(""); });
    const body = rows.map((row, i) => el("tr", {}, row.map((cell, j) => field(i, j, cell)), dropper(i)));
    box.replaceChildren(
      el("div", { class: "scroll" }, el("table", { "aria-label": "数字表" }, el("tbody", {}, body))),
      el("div", { class: "acts" },
        button("加一行", () => { rows.push(rows[0].map(() => "")); draw(); changed(); }),
        button("加一列", () => { rows.forEach((row) => row.push("")); draw(); changed(); }),
        button("删除表格", remove)),
    );
  };
  const field = (i, j, value) => el("td", {}, el("input", {
    value, "aria-label": i ? `${rows[i][0] || `第${i}行`} ${rows[0][j] || ""}` : `第${j + 1}列名称`,
    class: i ? "" : "name",
    oninput: (event) => { rows[i][j] = event.target.value; changed(); },
    onpaste: (event) => paste(event, i, j),
    onkeydown: (event) => step(event, i, j),
  }));
  const dropper = (i) => el("td", { class: "drop" }, i ? button("×", () => { rows.splice(i, 1); draw(); changed(); },
    { class: "plain", "aria-label": `删除第${i}行` }) : "");
  const paste = (event, i, j) => {
    const block = pastedRows(event.clipboardData.getData("text/plain"));
    if (!block) return;
    event.preventDefault();
    block.forEach((cells, down) => {
      rows[i + down] ??= rows[0].map(() => "");
      cells.forEach((cell, right) => { rows[i + down][j + right] = cell; });
    });
    draw();
    changed();
  };
  const step = (event, i, j) => {
    const down = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    if (!down || event.isComposing) return;
    event.preventDefault();
    box.querySelectorAll("tr")[i + down]?.querySelectorAll("input")[j]?.focus();
  };
  draw();
  return box;
}
