"""What a written figure may stand for after rounding, and whether two figures look like one mistyped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from assistant.figures import Figure
from assistant.figures.normalise import normalise

_WRITTEN = re.compile(r"(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Interval:
    """The values, ends included, that are written as one rounded figure."""

    lo: Fraction
    hi: Fraction

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.lo + other.lo, self.hi + other.hi)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.lo - other.hi, self.hi - other.lo)

    def over(self, other: Interval) -> Interval | None:
        """The quotient of two positive intervals, None when the divisor may be zero."""
        return Interval(self.lo / other.hi, self.hi / other.lo) if other.lo > 0 else None

    def times(self, factor: Fraction) -> Interval:
        """Both ends multiplied by a factor that is not negative."""
        return Interval(self.lo * factor, self.hi * factor)

    def meets(self, other: Interval, slack: Fraction = Fraction(0)) -> bool:
        """Whether the intervals, widened by `slack`, have a value in common."""
        return self.lo - slack <= other.hi and other.lo <= self.hi + slack

    @property
    def middle(self) -> Fraction:
        return (self.lo + self.hi) / 2


def interval_of(figure: Figure) -> Interval | None:
    """What an exact figure may stand for: half of its last written digit on either side, nothing for whole things.

    None for ranges, for qualified figures (近300, 以上) and for figures without a value.
    """
    if figure.lo is None or figure.lo != figure.hi or figure.approx != "EQ" or figure.kind == "vague":
        return None
    step = written_step(figure)
    whole = "." not in figure.surface and (figure.kind == "dur" or (figure.kind == "num" and step == 1))
    half = Fraction(0) if whole else step / 2
    return Interval(figure.lo - half, figure.lo + half)


def written_step(figure: Figure) -> Fraction:
    """Weight of the last digit written, in the base unit of the figure: 100 for 1.25万元, 1 for 342件."""
    written = _WRITTEN.search(normalise(figure.surface).text)
    if written is None or not figure.lo:
        return Fraction(1) if figure.kind == "num" else Fraction(1, 100)
    number = Fraction(written[0])
    scale = abs(figure.lo) / number if number else Fraction(1)
    return scale / Fraction(10 ** len(written[2] or ""))


def typo_like(one: str, other: str) -> bool:
    """Whether one written number is the other with one digit changed or two neighbours exchanged (168 and 186)."""
    a, b = (re.sub(r"[^\d.]", "", number) for number in (one, other))
    if a == b or len(a) != len(b) or len(a.replace(".", "")) < 2:
        return False
    places = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    return len(places) == 1 or exchanged(a, b)


def exchanged(a: str, b: str) -> bool:
    """Whether two neighbouring digits stand in the other order, the decimal point left aside."""
    if len(a) != len(b) or a.find(".") != b.find("."):
        return False
    one, other = a.replace(".", ""), b.replace(".", "")
    places = [i for i, (x, y) in enumerate(zip(one, other, strict=True)) if x != y]
    return (
        len(places) == 2
        and places[1] == places[0] + 1
        and one[places[0]] == other[places[1]]
        and one[places[1]] == other[places[0]]
    )


def written_like(value: Fraction, figure: Figure) -> str:
    """The digits of `value` in the scale and precision that `figure` is written in (12.4 for 124000 beside 24.4万)."""
    written = _WRITTEN.search(normalise(figure.surface).text)
    if written is None or not figure.lo:
        return ""
    number = Fraction(written[0])
    scale = abs(figure.lo) / number if number else Fraction(1)
    return f"{float(value / scale):.{len(written[2] or '')}f}"
