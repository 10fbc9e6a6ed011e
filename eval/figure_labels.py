"""The recogniser against sentences labelled by hand: mentions, values, false mentions per 1,000 characters.

`eval/labels/figures.jsonl` names a document of ../shared/corpus, the offset and length of a sentence, a check sum of its
text and its mentions (start, end, kind, lo, hi). The recogniser's proposal was printed for every sentence, read, and
corrected; no text of the corpus is stored.
"""

from __future__ import annotations

import hashlib
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

from assistant.figures import Figure, recognise

LABELS = Path(__file__).parent / "labels" / "figures.jsonl"
KINDS = frozenset(
    (
        "num",
        "ratio",
        "pp",
        "mult",
        "range",
        "vague",
        "ord",
        "topk",
        "date",
        "period",
        "dur",
        "docnum",
        "code",
        "count_claim",
    )
)


def counted(figure: Figure) -> bool:
    """Whether a mention takes part in the comparison."""
    return figure.kind in KINDS and (figure.checkable or figure.kind in ("period", "code", "docnum"))


def compare(text: str, labels: list[list[Any]]) -> tuple[int, int, int, int]:
    """(right spans, right values among them, false mentions, missed mentions) of one sentence."""
    found = {(f.start, f.end): f for f in recognise(text) if counted(f)}
    wanted = {(start, end): (lo, hi) for start, end, _, lo, hi in labels}
    right = found.keys() & wanted.keys()
    values = sum(_same(found[span], *wanted[span]) for span in right)
    return len(right), values, len(found) - len(right), len(wanted) - len(right)


def _same(figure: Figure, lo: str | None, hi: str | None) -> bool:
    return figure.lo == (None if lo is None else Fraction(lo)) and figure.hi == (None if hi is None else Fraction(hi))


def score(corpus: Path) -> dict[str, float]:
    """Mention F1, value accuracy and false mentions per 1,000 characters over all labelled sentences."""
    right = values = false = missed = characters = sentences = 0
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        text = (corpus / f"{entry['doc']}.txt").read_text(encoding="utf-8")
        sentence = text[entry["start"] : entry["start"] + entry["length"]]
        if hashlib.sha256(sentence.encode()).hexdigest()[:12] != entry["check"]:
            continue
        counts = compare(sentence, entry["mentions"])
        right, values = right + counts[0], values + counts[1]
        false, missed = false + counts[2], missed + counts[3]
        characters, sentences = characters + len(sentence), sentences + 1
    return {
        "sentences": sentences,
        "mentions": right + missed,
        "f1": 2 * right / (2 * right + false + missed),
        "value_accuracy": values / right,
        "false_per_1000": 1000 * false / characters,
    }


if __name__ == "__main__":
    print(json.dumps(score(Path(sys.argv[1])), ensure_ascii=False))
