// The text of one section as it is edited: reading it out of the page, and marking it without touching what is typed.

const highlights = typeof Highlight === "function" && CSS.highlights;
const NAMES = ["ok", "open", "info", "warning", "error"];

/** The text of an editable body, with the text nodes it lies in: paragraphs and line breaks are newlines. */
export function readBody(body) {
  const parts = [];
  let length = 0;
  const add = (text, node) => { parts.push({ text, node, start: length }); length += text.length; };
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) { add(node.data, node); return; }
    if (node.nodeName === "BR") { if (node.nextSibling || node.previousSibling) add("\n", null); return; }
    if (/^(P|DIV)$/.test(node.nodeName) && node.previousSibling) add("\n", null);
    node.childNodes.forEach(walk);
  };
  body.childNodes.forEach(walk);
  return { text: parts.map((part) => part.text).join("").replace(/\u00a0/g, " "), parts };
}

/** Marks stretches of a body that is being edited: [[start, end, state], …], without changing the document. */
export function highlight(body, marks) {
  if (!highlights) return;
  const { parts } = readBody(body);
  for (const name of NAMES) {
    const ranges = marks.filter((mark) => mark[2] === name).map((mark) => range(parts, mark[0], mark[1])).filter(Boolean);
    CSS.highlights.set(`nigao-${name}`, new Highlight(...ranges));
  }
}

export function clearHighlights() {
  if (highlights) NAMES.forEach((name) => CSS.highlights.delete(`nigao-${name}`));
}

export function range(parts, start, end) {
  const from = spot(parts, start, false);
  const to = spot(parts, end, true);
  if (!from || !to) return null;
  const made = document.createRange();
  made.setStart(...from);
  made.setEnd(...to);
  return made;
}

function spot(parts, offset, atEnd) {
  for (const part of parts) {
    const inside = atEnd ? offset > part.start && offset <= part.start + part.text.length
      : offset >= part.start && offset < part.start + part.text.length;
    if (inside && part.node) return [part.node, offset - part.start];
  }
  return null;
}

/** Puts the caret after a click or a jump at a character offset. */
export function placeCaret(body, offset) {
  const { parts } = readBody(body);
  const at = spot(parts, offset, false) || spot(parts, offset, true);
  if (!at) return;
  const selection = getSelection();
  selection.removeAllRanges();
  selection.collapse(...at);
}
