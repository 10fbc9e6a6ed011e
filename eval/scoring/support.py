"""Figures of a draft that nothing in the notes supports: altered, invented, of another unit, left over.

Supported is what stands in the notes word for word or is an accepted form of one of their figures. What remains is
counted, once as a whole and once by the reason that fits best.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from eval.scoring.labels import Labels
from eval.scoring.numbers import NUMERALS, Number, find_numbers, overlaps
from eval.scoring.spots import find_spots, form_pattern
from eval.scoring.text import plain_digits

_ENUMERATOR = re.compile(
    rf"(?m)^\s*(?:[（(]?\d{{1,2}}[）).、．]|[（(]?[{NUMERALS}]+[）)、.])|[（(]\d{{1,2}}[）)]|第?[{NUMERALS}]+(?:是|要|则)|其[一二三四五六七八九]"
)
_QUOTED = re.compile(r"[“‘「《][^”’」》\n]{1,24}[”’」》]")
_LIST_CLAIM = re.compile(r"[二两三四五六七八九十]个(?:方面|环节|层面|维度)|[二两三四五六七八九十]项(?:措施|举措|机制)")
_UNIT_TAIL = re.compile(r"[^\d]+$")
_BLANK = re.compile(r"【待补[^】]*】")
_MEASURE = re.compile(r"^[第前近约超逾+\-]*[\d,.]*[余多]?[万亿千百]?")
Reason = Literal["leftover", "unit", "altered", "invented"]


@dataclass(frozen=True, slots=True)
class Support:
    """Number tokens of a text: how many claim a quantity beyond doubt, and those without support."""

    total: int
    unsupported: tuple[Number, ...]
    doubtful: tuple[Number, ...]


class Supporter:
    """Knows what the notes of one case support."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._notes = plain_digits(labels.notes)
        self._past = [plain_digits(text) for text in labels.past]

    def read(self, text: str) -> Support:
        """Judge every number-like token of a text."""
        plain = plain_digits(text)
        backed = [(spot.start, spot.end) for spot in find_spots(plain, self._labels.facts)]
        exempt = self._exempt(plain)
        numbers = [n for n in find_numbers(plain) if not overlaps((n.start, n.end), exempt)]
        wrong = [n for n in numbers if not self._supported(n, backed)]
        counted = [n for n in numbers if n.strong or overlaps((n.start, n.end), backed)]
        return Support(
            total=len(counted),
            unsupported=tuple(n for n in wrong if n.strong),
            doubtful=tuple(n for n in wrong if not n.strong),
        )

    def reason(self, number: Number, lost_units: Collection[str]) -> Reason:
        """Why a number without support may be there.

        leftover: a past document holds it word for word · unit: the notes hold its digits with another unit · altered:
        its section lacks a figure of this unit (`lost_units`) · invented: none of these.
        """
        digits = re.search(r"\d[\d,]*(?:\.\d+)?", number.text)
        if len(number.text) > 1 and any(form_pattern(number.text).search(text) for text in self._past):
            return "leftover"
        if digits and re.search(rf"(?<![\d.,]){re.escape(digits[0])}(?![\d,]|\.\d)", self._notes):
            return "unit"
        measure = _MEASURE.sub("", number.text).lstrip(NUMERALS)
        return "altered" if measure in lost_units else "invented"

    def _exempt(self, text: str) -> list[tuple[int, int]]:
        """Enumerators, list claims, the writer's blanks, quoted names and codes that the notes hold too."""
        spans = [m.span() for pattern in (_ENUMERATOR, _LIST_CLAIM, _BLANK) for m in pattern.finditer(text)]
        spans += [m.span() for m in _QUOTED.finditer(text) if m[0] in self._labels.notes or not re.search(r"\d", m[0])]
        for phrase in self._labels.not_figures:
            if phrase.strip("_ "):
                spans += [m.span() for m in re.finditer(re.escape(phrase), text)]
        return spans

    def _supported(self, number: Number, backed: list[tuple[int, int]]) -> bool:
        return any(
            a < number.end and number.start < b and self._same(number, a, b) for a, b in backed
        ) or self._literal(number.text)

    @staticmethod
    def _same(number: Number, start: int, end: int) -> bool:
        """The accepted form covers the digits of the token; a hedge before it or the noun after it may stick out."""
        digits = re.search(r"[\d.,]+", number.text)
        if not digits:
            return start <= number.start + 1 and number.end - 1 <= end
        return start <= number.start + digits.start() and number.start + digits.end() <= end

    def _literal(self, token: str) -> bool:
        """The token stands in the notes, not as a part of a longer number."""
        if form_pattern(token).search(self._notes):
            return True
        bare = _UNIT_TAIL.sub("", token)
        year = re.fullmatch(r"(?:19|20)\d\d年?", token)
        return bool(year) and bare in self._notes
