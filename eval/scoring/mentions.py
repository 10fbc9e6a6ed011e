"""Recognised figures against hand-labelled ones: which were found, which read with the right value.

A label names the figure's surface and its place; `lo` and `hi` are fractions in the unit's base, null where there is no
number; dates, codes and document numbers carry their exact form in `label` instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Mention = tuple[int, int, Fraction | None, Fraction | None, str]
"""Start, end, bounds, exact form (of dates and the like)."""
Value = tuple[Fraction | None, Fraction | None] | str
Count = tuple[float, float]


_BASES = {
    "吨": Fraction(10**6), "公斤": Fraction(1000), "斤": Fraction(500), "微克": Fraction(1, 10**6), "毫克": Fraction(1, 1000),
    "公里": Fraction(1000), "千米": Fraction(1000), "里": Fraction(500), "毫米": Fraction(1, 1000), "厘米": Fraction(1, 100),
    "亩": Fraction(2000, 3), "公顷": Fraction(10**4), "平方公里": Fraction(10**6), "千瓦": Fraction(1000),
    "兆瓦": Fraction(10**6), "千瓦时": Fraction(1000), "秒": Fraction(1, 3600), "分钟": Fraction(1, 60), "天": Fraction(24), "周": Fraction(168),
}  # fmt: skip
"""Labels give 3.5万吨 as 35,000 吨, a recogniser may give it in grams: both are right."""


@dataclass(frozen=True, slots=True)
class MentionMatch:
    """Counts by measure, and every fault as (measure, words)."""

    counts: Mapping[str, Count]
    faults: tuple[tuple[str, str], ...]


def compare_mentions(item: Mapping[str, Any], found: Sequence[Mention]) -> MentionMatch:
    """Compare the mentions of one sentence. A found one matches the label that it overlaps most, one to one."""
    text, labels = item["text"], item["mentions"]
    pairs = _pair([(label["start"], label["end"]) for label in labels], found)
    faults = [("mention_f1", f"漏认“{label['surface']}”") for i, label in enumerate(labels) if i not in pairs]
    extra = [mention for j, mention in enumerate(found) if j not in pairs.values()]
    faults += [("false_mention", f"多认“{text[start:end]}”") for start, end, *_ in extra]
    valued = [(labels[i], found[j]) for i, j in pairs.items() if wanted_value(labels[i]) not in ((None, None), "")]
    wrong = [(label, mention) for label, mention in valued if not _same(label, _read(label, mention))]
    for label, mention in wrong:
        wanted = f"{_words(_read(label, mention))}，应为 {_words(wanted_value(label))}"
        faults.append(("value_accuracy", f"“{label['surface']}”读成 {wanted}"))
    hits = len(pairs)
    counts = {
        "mention_f1": (2.0 * hits, float(len(labels) + len(found))),
        "value_accuracy": (float(len(valued) - len(wrong)), float(len(valued))),
        "false_mention": (float(len(extra)), float(len(text))),
    }
    return MentionMatch(counts, tuple(faults))


def _pair(labels: Sequence[tuple[int, int]], found: Sequence[Mention]) -> dict[int, int]:
    shared = [(min(a[1], b[1]) - max(a[0], b[0]), i, j) for i, a in enumerate(labels) for j, b in enumerate(found)]
    pairs: dict[int, int] = {}
    for size, i, j in sorted(shared, key=lambda entry: (-entry[0], entry[1:])):
        if size > 0 and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def wanted_value(label: Mapping[str, Any]) -> Value:
    """The value a label asks for: bounds, or the exact form of a date or code."""
    if label.get("label"):
        return str(label["label"])
    low, high = (None if bound is None else Fraction(bound) for bound in (label["lo"], label["hi"]))
    return low, high


def _same(label: Mapping[str, Any], read: Value) -> bool:
    """Whether a value read is the labelled one, in the label's unit or in the base unit of its family."""
    wanted = wanted_value(label)
    if isinstance(wanted, str) or isinstance(read, str):
        return isinstance(wanted, str) and isinstance(read, str) and _exact_form(wanted, read)
    factor = _BASES.get(label["unit"], Fraction(1))
    scaled = tuple(None if bound is None else bound * factor for bound in wanted)
    return read in (wanted, scaled)


def _exact_form(wanted: str, read: str) -> bool:
    """Dates without a year may be written with a leading hyphen, and with 旬 or 末 behind."""
    return bool(read) and (read == wanted or read.lstrip("-").startswith(wanted.lstrip("-")))


def _read(label: Mapping[str, Any], mention: Mention) -> Value:
    return mention[4] if label.get("label") else (mention[2], mention[3])


def _words(value: Value) -> str:
    return value if isinstance(value, str) else "～".join(str(bound) for bound in dict.fromkeys(value))
