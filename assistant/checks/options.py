"""Policies of the checks, with the defaults of the figure specification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Policy = Literal["ignore", "warn", "error"]


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How strict the checks are.

    Args:
        report_year: the year that 今年 stands for; None leaves relative years open.
        rounding: what a true rounding of a note figure is.
        derived: what a figure is that is not in the notes but follows from them.
        required: whether every note figure must reach the draft ("all") or none must ("none").
        interchange: further pairs of units that may stand for each other, such as (("家", "户"),).
        phrases: set phrases of this unit on top of the lexicon.
    """

    report_year: int | None = None
    rounding: Policy = "warn"
    derived: Policy = "warn"
    required: Literal["all", "none"] = "all"
    interchange: tuple[tuple[str, str], ...] = ()
    phrases: tuple[str, ...] = ()
