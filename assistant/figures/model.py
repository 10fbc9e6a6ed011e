"""What a recognised figure is, and the small tables its attributes are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

Kind = Literal[
    "num", "ratio", "pp", "mult", "range", "vague", "ord", "topk", "date", "period", "dur", "docnum", "code",
    "count_claim", "enum", "phrase", "idiom", "indef", "zero",
]  # fmt: skip
Approx = Literal["EQ", "LT", "GT", "GE", "LE", "AB"]
Direction = Literal["", "+", "-"]
Role = Literal["", "level", "delta", "share", "rate", "rank", "from", "to", "stock", "factor"]

NO_FEATS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Figure:
    """A mention of a figure: `text[start:end] == surface` in the text that was read.

    Args:
        surface: the mention with its qualifier and measure word (近30篇), as written.
        kind: a kind of the figure taxonomy.
        lo, hi: value in the base unit of `unit`'s family (equal unless a range); None where there is no number.
        unit: canonical unit; "" when the text names none.
        raw_unit: the unit as written, scale characters included.
        approx: EQ, LT (近, 不足), GT (余, 超), GE (以上), LE (以内), AB (约).
        direction: "+", "-" or "" where the clause says neither.
        role: what the number is to its indicator (level, delta, share, rate, rank, from, to, stock, factor).
        object: the words that say what the figure is about.
        feats: time, place, agent, status, basis, frequency, denominator, subset as far as the text names them.
        checkable: whether the figure takes part in fidelity; others are only protected in spelling.
        label: canonical exact form of dates, periods, codes, document numbers and phrases.
        digits: the significant digits as written, for telling a slip of unit or scale from another value.
    """

    surface: str
    start: int
    end: int
    kind: Kind
    lo: Fraction | None = None
    hi: Fraction | None = None
    unit: str = ""
    raw_unit: str = ""
    approx: Approx = "EQ"
    direction: Direction = ""
    role: Role = ""
    object: str = ""
    feats: Mapping[str, str] = field(default_factory=lambda: NO_FEATS)
    checkable: bool = True
    label: str = ""
    digits: str = ""
