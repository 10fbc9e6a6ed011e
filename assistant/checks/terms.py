"""The figures of one sentence as terms of a calculation, and how a term that does not fit is reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.checks.intervals import Interval, interval_of, written_like, written_step
from assistant.figures import Figure, recognise
from assistant.figures.lexicon import family_of
from assistant.records import Severity

_KINDS = frozenset(("num", "dur", "ratio", "pp", "mult"))
_LEAP = re.compile(r"翻")


@dataclass(frozen=True, slots=True)
class Term:
    """A figure of a sentence: `gap` is the text between the figure before (or the start) and this one."""

    figure: Figure
    gap: str
    after: str
    at: int

    @property
    def value(self) -> Fraction:
        return self.figure.lo or Fraction(0)

    @property
    def percent(self) -> bool:
        return self.figure.kind == "ratio"

    def range(self) -> Interval:
        """The interval of the written value."""
        return interval_of(self.figure) or Interval(self.value, self.value)

    def like(self, other: Term) -> bool:
        """Whether both count or measure in one unit, so that they may be added and divided."""
        mine, theirs = self.figure, other.figure
        return (
            mine.kind == theirs.kind
            and mine.kind in ("num", "dur")
            and bool(mine.unit)
            and (mine.unit == theirs.unit or (family_of(mine.unit) == family_of(theirs.unit) and _measured(mine)))
        )


@dataclass(frozen=True, slots=True)
class Slip:
    """A figure that disagrees with what the sentence says: the formula shows the value that would fit."""

    term: Term
    formula: str
    severity: Severity


def _measured(figure: Figure) -> bool:
    return family_of(figure.unit) in ("money", "length", "area", "mass", "volume", "energy", "power")


def terms_of(sentence: str) -> list[Term]:
    """The figures of a sentence that may be calculated with, in order."""
    terms: list[Term] = []
    position = 0
    for figure in recognise(sentence):
        if figure.kind not in _KINDS or figure.lo is None or not figure.checkable:
            continue
        terms.append(
            Term(figure, sentence[position : figure.start], sentence[figure.end : figure.end + 12], len(terms))
        )
        position = figure.end
    return terms


def stated(change: Term) -> Interval:
    """What the written change may stand for; qualified ones (近, 超过) and multiples with some room."""
    value = change.value
    if change.figure.kind == "mult":
        step = written_step(change.figure) if not _LEAP.search(change.figure.surface) else Fraction(0)
        wide = Fraction(3, 10) if change.figure.approx != "EQ" else Fraction(0)
        return Interval(value - step - wide, value + step + wide)
    step = written_step(change.figure)
    if change.figure.approx != "EQ":
        return Interval(value * Fraction(4, 5), value * Fraction(5, 4))
    slack = step if change.figure.kind in ("ratio", "pp") else step / 2 if "." in change.figure.surface else Fraction(0)
    return Interval(value - slack, value + slack)


def show(value: Fraction, like: Term) -> str:
    """A value in the scale of another figure, with its unit."""
    if like.percent:
        return f"{float(value * 100):.1f}%"
    if like.figure.kind == "mult":
        return f"{float(value):.2f}倍"
    figure = like.figure
    digits = written_like(value, figure) or f"{float(value):g}"
    return digits.rstrip("0").rstrip(".") + figure.raw_unit if "." in digits else digits + figure.raw_unit


def size_of(change: Interval) -> Interval:
    """The amount of a change, whichever way it went."""
    return change if change.lo >= 0 else Interval(max(Fraction(0), -change.hi), -change.lo)


def rounding(parts: Sequence[Term]) -> Fraction:
    """Slack for parts whose last digits were rounded, nothing for whole things."""
    return max((part.range().hi - part.value for part in parts), default=Fraction(0))
