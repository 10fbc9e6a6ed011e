"""Whether a computed value is what a figure states, at the precision it is written with."""

from __future__ import annotations

import re
from fractions import Fraction

from assistant.figures import Figure
from assistant.figures.normalise import normalise


def matches(figure: Figure, value: Fraction) -> bool:
    """Whether `value`, rounded to the precision shown, is what the figure states."""
    if figure.lo is None or figure.hi is None:
        return False
    shown = abs(figure.lo)
    step = _precision(figure, shown)
    if figure.approx != "EQ":
        return _near_enough(figure.approx, value, shown, step)
    return abs(value - shown) * 2 <= step


def close(figure: Figure, total: Fraction) -> bool:
    """Whether rounding a total leaves it what it is: 4万 for 3.5万 does not."""
    return figure.approx != "EQ" or figure.lo is None or abs(total - figure.lo) * 25 <= abs(total)


_WRITTEN = re.compile(r"(\d+)(?:\.(\d+))?")


def _precision(figure: Figure, shown: Fraction) -> Fraction:
    """Weight of the last digit written, in the base unit (0.01亿元 for 1.25亿元; trailing zeros of 3000 count as blur)."""
    written = _WRITTEN.search(normalise(figure.surface).text)
    if written is None and figure.kind == "num" and figure.approx == "EQ" and 1 <= shown < 10000:
        return Fraction(1)
    if written is None or not shown:
        return max(shown / 10, Fraction(1, 10**6))
    number = Fraction(written[0])
    step = Fraction(1, 10 ** len(written[2] or "")) * (shown / number if number else 1)
    if not written[2] and figure.approx != "EQ":
        step *= 10 ** (len(written[1]) - len(written[1].rstrip("0")))
    return step


def _near_enough(approx: str, value: Fraction, shown: Fraction, step: Fraction) -> bool:
    """Whether a value is fairly described as 超过, 近, 约 ... the number shown."""
    reach = max(shown / 10, step)
    if approx in ("GT", "GE"):
        return shown <= value <= shown + reach
    if approx in ("LT", "LE"):
        return shown - reach <= value <= shown
    return abs(value - shown) <= reach
