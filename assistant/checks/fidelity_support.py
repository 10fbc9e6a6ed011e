"""Support for a figure that did not align: the other side says it in words or inside a name, period or quotation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checks.figure_context import Item
from assistant.checks.values import value_class
from assistant.figures import Figure
from assistant.figures.grammar import WEAK_AFTER_DIGIT
from assistant.figures.lexicon import family_of
from assistant.figures.numbers import canonical

SHARED = re.compile(r"均|都|皆|双双|各|全部")
RANKED = re.compile(r"(?:居|列|位|名|排|国|省|市|县|区|球|界)[^\^]{0,3}\^|\^(?!首).*[位名]$")
_FIRST = re.compile(r"第一|首位|榜首|居首|首名|第1(?!\d)|冠军|魁首|头名")
_WHOLE = re.compile("百分之?百")
_WORDY = frozenset("零一二两三四五六七八九十百千万亿")


class Support:
    """What one side says outside its own checked figures: its plain text and its exempt mentions."""

    def __init__(self, items: Sequence[Item], texts: Sequence[str]) -> None:
        self.text = "\n".join(texts)
        starts: dict[str, int] = {}
        at = 0
        for text in texts:
            starts.setdefault(text, at)
            at += len(text) + 1
        self.covered = [
            (starts[i.text] + i.figure.start, starts[i.text] + i.figure.end)
            for i in items
            if i.figure.checkable and i.text in starts
        ]
        self.values = {
            (item.figure.kind, item.figure.lo, item.figure.unit) for item in items if not item.figure.checkable
        }
        self.classes = {item.figure.label for item in items if item.figure.kind == "vague"}
        self.labels = {item.figure.label for item in items if item.figure.kind in ("period", "date")}

    def backs(self, item: Item) -> bool:
        """Whether this side states the figure of `item` in another form."""
        figure = item.figure
        if figure.approx in ("GE", "GT") and f"≥{figure.lo}" in self.classes:
            return True
        if figure.kind == "ord" and figure.lo == 1 and _FIRST.search(self.text):
            return True
        if figure.lo == 1 and value_class(figure) == "count" and figure.kind == "num" and self._one(figure):
            return True
        if figure.kind == "dur" and any(
            kind == "indef" and lo == figure.lo and family_of(unit) == family_of(figure.unit)
            for kind, lo, unit in self.values
        ):
            return True
        if figure.kind == "dur" and figure.lo is not None and figure.unit in ("年", "个月"):
            years = figure.lo / 12
            if f"recent{years}" in self.labels or (years.denominator == 1 and f"20{int(years):02d}" in self.labels):
                return True
        if figure.unit == "%" and figure.lo == 1 and figure.role != "delta" and _WHOLE.search(self.text):
            return True
        return self._verbatim(item) or self._digit_in_words(figure)

    def _digit_in_words(self, figure: Figure) -> bool:
        """Whether this side writes 8县 as 八县, which alone is no figure."""
        if figure.lo is None or figure.lo != figure.hi:
            return False
        number = figure.lo / canonical(figure.raw_unit)[1]
        if not 2 <= number <= 10 or number.denominator != 1:
            return False
        written = "零一二三四五六七八九十"[int(number)] + figure.raw_unit
        return figure.raw_unit in WEAK_AFTER_DIGIT and written in self.text

    def _one(self, figure: Figure) -> bool:
        return any(
            kind == "indef" and (unit == figure.unit or unit == figure.raw_unit) for kind, _, unit in self.values
        )

    def _verbatim(self, item: Item) -> bool:
        """Whether the words around the figure stand here letter by letter, as inside a name (中国锦鲤第一县)."""
        surface, behind, before = item.figure.surface, item.after[:1], item.before[-2:]
        for probe in (before + surface, surface + behind if behind and "一" <= behind <= "鿿" else ""):
            if len(probe) < len(surface) + 1 or not probe:
                continue
            at = self.text.find(probe)
            while at >= 0:
                if not self._cut(at, probe, surface):
                    return True
                at = self.text.find(probe, at + 1)
        return False

    def _cut(self, at: int, probe: str, surface: str) -> bool:
        """Whether the probe found is part of a longer number, or stands where a figure of its own was read."""
        inner = at + probe.find(surface)
        if any(start < inner + len(surface) and end > inner for start, end in self.covered):
            return True
        before = self.text[at - 1 : at]
        behind = self.text[at + len(probe) : at + len(probe) + 1]
        if before and before in "第前至到—-~～–" and _numeral(probe[0]):
            return True
        return (_numeral(before) and _numeral(probe[0])) or (_numeral(behind) and _numeral(probe[-1]))


def _numeral(char: str) -> bool:
    return bool(char) and (char.isdigit() or char in _WORDY or char == ".")
