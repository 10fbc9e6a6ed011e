"""A figure while it is being read: spans are offsets into the normalised text."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assistant.figures.model import Approx, Kind


@dataclass(slots=True)
class Raw:
    """Value and span of a mention before its clause has been looked at."""

    start: int
    end: int
    kind: Kind
    lo: Fraction | None = None
    hi: Fraction | None = None
    unit: str = ""
    raw_unit: str = ""
    approx: Approx = "EQ"
    checkable: bool = True
    label: str = ""
    digits: str = ""
    sign: str = ""
    per: str = ""
