"""Where the paragraphs of a long section begin: between bullets, and where the matter changes rather than by length."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from assistant.phrases import topic
from assistant.units import LABEL, Plan

_PARAGRAPH = 220  # 字 of one paragraph
_LONG = 360  # 字 of a section that is cut into several
_DETOUR = 80  # 字 that a break may move to stand where the matter changes


def paragraphs(plan: Plan, lengths: Sequence[int]) -> set[int]:
    """The units that begin a paragraph, the first one left out.

    Args:
        plan: the section.
        lengths: 字 of its sentences.
    """
    total = sum(lengths)
    if total <= _LONG:
        return set()
    if plan.numbered:
        return set(range(1, len(plan.units)))
    before = [0, *accumulate(lengths)]
    places = [index for index in range(1, len(plan.units)) if _may_break(plan, index)]
    count = round(total / _PARAGRAPH)
    wanted = [total * part / count for part in range(1, count)]
    return {min(places, key=lambda i: _cost(plan, i, before[i] - at)) for at in wanted} if places else set()


def _may_break(plan: Plan, index: int) -> bool:
    """Between two bullets that are not one sentence."""
    last, unit = plan.units[index - 1], plan.units[index]
    return last.end == "。" and not unit.link and not set(last.points) & set(unit.points)


def _cost(plan: Plan, index: int, distance: float) -> float:
    last, unit = plan.units[index - 1].clause, plan.units[index].clause
    changes = topic(last) != topic(unit) or bool(LABEL.match(unit))
    return abs(distance) + (0 if changes else _DETOUR)
