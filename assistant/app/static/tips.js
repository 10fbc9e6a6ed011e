// One tip for all marks: on hover at once, on touch and click it stays until something else is pressed.
import { button, el } from "./dom.js";

let tip;
let held = false;

export function startTips(show_note) {
  tip = document.body.appendChild(el("div", { class: "tip", role: "tooltip", hidden: true }));
  document.addEventListener("mouseover", (event) => { if (!held) show(event.target, show_note); });
  document.addEventListener("click", (event) => {
    if (tip.contains(event.target)) return;
    held = false;
    held = show(event.target, show_note);
  });
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
}

function hide() {
  if (tip) tip.hidden = true;
  held = false;
}

function show(target, show_note) {
  const mark = target.closest?.("mark[data-tip]");
  if (!mark || mark.closest(".editing")) {
    if (!held && !tip.contains(target)) tip.hidden = true;
    return false;
  }
  const lines = mark.dataset.tip.split("\n").map((line) => el("p", {}, line));
  const line = Number(mark.dataset.line);
  const more = line && mark.closest(".sec") ? button("看要点", () => { hide(); show_note(line); }) : "";
  tip.replaceChildren(...lines, more);
  tip.className = `tip ${mark.className}`;
  tip.hidden = false;
  const at = mark.getClientRects()[0];
  const width = tip.offsetWidth;
  tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  const below = at.bottom + tip.offsetHeight + 8 < innerHeight;
  tip.style.top = `${below ? at.bottom + 2 : at.top - tip.offsetHeight - 2}px`;
  return true;
}
