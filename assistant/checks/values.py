"""When two figures state the same value: one key per value, and what differs where the keys differ."""

from __future__ import annotations

from fractions import Fraction

from assistant.figures import Figure
from assistant.figures.lexicon import family_of

Key = tuple[str, Fraction, Fraction]
COUNTING = frozenset(
    (
        "generic",
        "count",
        "person",
        "times",
        "place",
        "head",
        "plant",
        "score",
        "grade",
        "",
        "floor",
        "number",
        "box",
        "teu",
        "place",
    )
)
CHECKED = frozenset(("num", "ratio", "pp", "mult", "range", "vague", "ord", "topk", "dur", "count_claim"))


def value_class(figure: Figure) -> str:
    """The class in which values of this figure may be compared."""
    if figure.kind in ("ord", "topk"):
        return figure.kind
    family = family_of(figure.unit) if figure.unit else ""
    if family in ("ratio", "mult"):
        return "ratio"
    return "count" if family in COUNTING or (family == figure.unit and "/" not in figure.unit) else family


def value_key(figure: Figure) -> Key | None:
    """Equal keys state equal values: 1.2亿元 and 12000万元, 增长1倍 and 增长100%."""
    if figure.lo is None or figure.hi is None:
        return None
    lo, hi = figure.lo, figure.hi
    if figure.unit == "倍" and figure.label != "growth" and not grows(figure):
        lo, hi = lo - 1, hi - 1
    return ("vague:" if figure.kind == "vague" else "") + value_class(figure), lo, hi


def grows(figure: Figure) -> bool:
    """Whether a multiple is a growth (增长2倍) and not a level (是上年的2倍, 增长到2倍)."""
    return figure.role == "delta"


def same_scale_slip(a: Figure, b: Figure) -> bool:
    """Whether the same digits are written with another 万 or 亿 (358万元 for 358亿元)."""
    if not a.lo or not b.lo:
        return False
    ratio = a.lo / b.lo if a.lo > b.lo else b.lo / a.lo
    return ratio in (10**4, 10**8)


def rounds_to(exact: Figure, shown: Figure) -> bool:
    """Whether `shown` is a true rounding or blurring of `exact` (20.7% as 21%, 28 as 近30, 12345 as 1.2万余)."""
    if exact.lo is None or shown.lo is None or exact.lo != exact.hi or shown.lo != shown.hi or exact.approx != "EQ":
        return False
    if value_class(exact) != value_class(shown) or exact.lo == shown.lo or not shown.lo:
        return False
    if shown.kind == "dur" and shown.approx == "EQ":
        return False  # 3个月 is no rounding of 3个半月
    step = _step(shown.lo)
    if shown.approx == "EQ" and value_class(shown) in ("ratio", "pp"):
        step = min(step, Fraction(1, 100) if value_class(shown) == "ratio" else Fraction(1))
    if len(shown.digits) >= len(exact.digits):
        return False
    difference = exact.lo - shown.lo
    if shown.approx in ("GT", "GE"):
        return 0 <= difference < step
    if shown.approx == "LT":
        return 0 < -difference <= step / 4 if step > 4 else 0 < -difference < step
    return abs(difference) * 2 <= step


def _step(value: Fraction) -> Fraction:
    """Weight of the last significant digit of `value`."""
    step = Fraction(1)
    while (value / step).denominator != 1 and step.denominator < 10**9:
        step /= 10
    while value and (value / (step * 10)).denominator == 1:
        step *= 10
    return step
