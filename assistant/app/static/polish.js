// 润色: each change accepted or rejected, all at once or one by one, with undo; the result is what is accepted.
import { copy } from "./dom.js";

const undone = [];

function decide(changes, decision) {
  undone.push(changes.map((change) => [change, change.dataset.decision || ""]));
  changes.forEach((change) => { change.dataset.decision = decision; });
}

function undo() {
  (undone.pop() || []).forEach(([change, was]) => { change.dataset.decision = was; });
}

/** The text with what was accepted; undecided changes count as accepted only when `loose`. */
function result(box) {
  const words = (node) => (node.classList.contains("keep") ? node.textContent
    : node.dataset.decision === "reject" ? node.dataset.before : node.dataset.after);
  return [...box.children].map(words).join("");
}

export function polishAction(target) {
  const act = target.closest("[data-polish]");
  if (!act) return false;
  const area = act.closest(".region");
  const box = area.querySelector(".polished");
  const all = [...box.querySelectorAll(".change")];
  const one = act.closest(".change");
  const acts = {
    accept: () => decide([one], "accept"), reject: () => decide([one], "reject"),
    "accept-all": () => decide(all, "accept"), "reject-all": () => decide(all, "reject"),
    undo, copy: () => copy(result(box)),
  };
  acts[act.dataset.polish]();
  return true;
}
