"""Which note a figure of the draft rests on, for the marks on the page. Judging is the checks' business, not ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.figures import recognise
from assistant.figures.model import Figure
from assistant.records import Point


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure of the draft and the point with the same figure; `point` None means that no note has it."""

    figure: Figure
    point: Point | None


def trace(text: str, points: Sequence[Point]) -> list[Trace]:
    """All figures of `text` that notes must answer for, each with the note that fits best."""
    sources = [(figure, point) for point in points for figure in recognise(point.text) if figure.checkable]
    return [Trace(figure, _source(figure, sources)) for figure in recognise(text) if figure.checkable]


def _source(figure: Figure, sources: Sequence[tuple[Figure, Point]]) -> Point | None:
    same = [(other, point) for other, point in sources if _same_value(figure, other)]
    if not same:
        return None
    return max(same, key=lambda pair: _likeness(figure, pair[0]))[1]


def _same_value(one: Figure, other: Figure) -> bool:
    if one.surface == other.surface:
        return True
    if one.lo is None or other.lo is None:
        return bool(one.label) and one.label == other.label
    return (one.lo, one.hi) == (other.lo, other.hi)


def _likeness(one: Figure, other: Figure) -> tuple[bool, float]:
    left, right = (set(zip(o.object, o.object[1:], strict=False)) for o in (one, other))
    smaller = min(len(left), len(right))
    return one.unit == other.unit, len(left & right) / smaller if smaller else 0.0
