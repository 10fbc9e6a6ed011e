"""Pairs the figures of a draft with those of the notes: equal values one to one, then repetitions, then near misses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from assistant.checks.assign import assign
from assistant.checks.figure_context import STRONG, WIDE, Item, Similarity
from assistant.checks.values import same_scale_slip, value_class, value_key
from assistant.figures import Figure
from assistant.figures.numbers import canonical

REPEAT_AT_LEAST = 0.2
NEAR_AT_LEAST = 0.3
_DENSE_LIMIT = 6000


@dataclass(slots=True)
class Alignment:
    """`equal` and `repeats` lead from a draft index to a note index of the same value, `near` to one of another value."""

    equal: dict[int, int] = field(default_factory=dict)
    repeats: dict[int, int] = field(default_factory=dict)
    near: dict[int, int] = field(default_factory=dict)


def align(draft: Sequence[Item], notes: Sequence[Item], similar: Similarity) -> Alignment:
    """Align the checkable figures of both sides."""
    found = Alignment()
    _equal(draft, notes, similar, found)
    _open_units(draft, notes, similar, found)
    _repeat(draft, notes, similar, found)
    _near(draft, notes, similar, found)
    return found


def _affinity(mine: Item, theirs: Item, similar: Similarity) -> float:
    a, b = mine.figure, theirs.figure
    score = 1.0 + 2 * similar(mine, theirs)
    score += 0.4 * (a.unit == b.unit) + 0.15 * (a.approx == b.approx) + 0.2 * (a.direction == b.direction)
    score += 0.2 * (a.role == b.role) + 0.2 * (a.feats == b.feats)
    return score


def _equal(draft: Sequence[Item], notes: Sequence[Item], similar: Similarity, found: Alignment) -> None:
    groups: dict[object, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i, item in enumerate(draft):
        groups[value_key(item.figure)][0].append(i)
    for j, item in enumerate(notes):
        groups[value_key(item.figure)][1].append(j)
    for key, (left, right) in groups.items():
        if key is None or not left or not right:
            continue
        if len(left) == 1 and len(right) == 1:
            found.equal[left[0]] = right[0]
            continue
        found.equal.update(assign({(i, j): _affinity(draft[i], notes[j], similar) for i in left for j in right}))


def _open_units(draft: Sequence[Item], notes: Sequence[Item], similar: Similarity, found: Alignment) -> None:
    """Equal numbers of which one names no unit (29.3亿 for 29.3亿元)."""
    taken = set(found.equal.values())
    by_value: dict[object, list[int]] = defaultdict(list)
    for j, item in enumerate(notes):
        if j not in taken and item.figure.kind in _OPEN_KINDS:
            for value in _bare_values(item.figure):
                by_value[value].append(j)
    scores = {}
    for i, item in enumerate(draft):
        if i in found.equal or item.figure.kind not in _OPEN_KINDS:
            continue
        for j in {j for value in _bare_values(item.figure) for j in by_value.get(value, ())}:
            other = notes[j].figure
            if not item.figure.unit or not other.unit:
                scores[i, j] = _affinity(item, notes[j], similar)
    found.equal.update(assign(scores))


_OPEN_KINDS = frozenset(("num", "range", "dur", "ord", "ratio", "pp"))


def _bare_values(figure: Figure) -> set[tuple[Fraction | None, Fraction | None]]:
    """The value and the number as written before its unit (35 of 35公里), where they differ."""
    values = {(figure.lo, figure.hi)}
    factor = canonical(figure.raw_unit)[1] if figure.unit and figure.kind != "ord" else Fraction(1)
    if (
        factor != 1
        and figure.lo is not None
        and figure.hi is not None
        and figure.raw_unit not in ("成", "半", "分之", "折")
    ):
        values.add((figure.lo / factor, figure.hi / factor))
    return values


def _repeat(draft: Sequence[Item], notes: Sequence[Item], similar: Similarity, found: Alignment) -> None:
    by_key: dict[object, list[int]] = defaultdict(list)
    for j in found.equal.values():
        by_key[value_key(notes[j].figure)].append(j)
    taken = set(found.equal.values())
    free: dict[str, list[int]] = defaultdict(list)
    for j, item in enumerate(notes):
        if j not in taken:
            free[value_class(item.figure)].append(j)
    for i, item in enumerate(draft):
        if i in found.equal:
            continue
        key = value_key(item.figure)
        options = by_key.get(key, []) if key is not None else []
        best = max(options, key=lambda j: similar(item, notes[j]), default=None)
        if best is not None and (_pointed_at(item, notes[best]) or _each(item, notes[best])):
            found.repeats[i] = best
            continue
        if best is None or not _overlap(item, notes[best]):
            continue
        if similar(item, notes[best]) < REPEAT_AT_LEAST and not _telling(item.figure, notes[best].figure):
            continue
        rivals = free[value_class(item.figure)]
        closest = max((similar(item, notes[j]) for j in rivals[:200]), default=0.0)
        if closest < similar(item, notes[best]) + 0.12:
            found.repeats[i] = best


def _telling(mine: Figure, theirs: Figure) -> bool:
    """Whether the number alone says much: a hundred or more, or with decimals, and of the same unit."""
    return mine.unit == theirs.unit and mine.lo is not None and (mine.lo >= 100 or mine.lo.denominator > 1)


def _each(mine: Item, theirs: Item) -> bool:
    """外贸进出口、利用外资各增5%: told once in the notes, of each in the draft."""
    if not re.search("[各均都]", theirs.before[-3:]):
        return False
    words = mine.figure.object
    return any(words[i : i + 2] in theirs.phrase for i in range(len(words) - 1))


def _pointed_at(mine: Item, theirs: Item) -> bool:
    """这1350个学位: the words say themselves that it is the figure told before."""
    return mine.before.endswith(("这", "该", "上述")) and mine.figure.raw_unit == theirs.figure.raw_unit


def _overlap(mine: Item, theirs: Item) -> bool:
    """Whether the words next to the two figures share a pair of characters."""
    return any(
        len(token) == 2 and weight > WIDE and theirs.tokens.get(token, 0.0) > WIDE
        for token, weight in mine.tokens.items()
    )


def _near(draft: Sequence[Item], notes: Sequence[Item], similar: Similarity, found: Alignment) -> None:
    taken = set(found.equal.values())
    left = [i for i in range(len(draft)) if i not in found.equal and i not in found.repeats]
    right = [j for j in range(len(notes)) if j not in taken]
    scores: dict[tuple[int, int], float] = {}
    for i, j in _candidates(draft, notes, left, right):
        score = _near_score(draft[i], notes[j], similar)
        if score:
            scores[i, j] = score
    found.near.update(assign(scores))


def _candidates(
    draft: Sequence[Item], notes: Sequence[Item], left: list[int], right: list[int]
) -> list[tuple[int, int]]:
    if len(left) * len(right) <= _DENSE_LIMIT:
        return [(i, j) for i in left for j in right]
    index: dict[str, list[int]] = defaultdict(list)
    for j in right:
        for token, weight in notes[j].tokens.items():
            if weight >= STRONG and len(token) == 2:
                index[token].append(j)
    pairs: set[tuple[int, int]] = set()
    for i in left:
        for token, weight in draft[i].tokens.items():
            if weight >= STRONG and len(index.get(token, ())) <= 12:
                pairs.update((i, j) for j in index.get(token, ()))
    return sorted(pairs)


def _far(a: Figure, b: Figure) -> bool:
    """Whether two amounts of different units differ tenfold: no slip of the pen changes both (两项, 496块)."""
    low, high = sorted((abs(a.lo or Fraction(0)), abs(b.lo or Fraction(0))))
    return high > 10 * low


def _near_score(mine: Item, theirs: Item, similar: Similarity) -> float:
    a, b = mine.figure, theirs.figure
    alike = similar(mine, theirs)
    same_class = value_class(a) == value_class(b)
    same_digits = bool(a.digits) and a.digits == b.digits
    slip = same_class and same_scale_slip(a, b)
    if slip or (same_digits and len(a.digits) > 1):
        return 1.5 + 2 * alike if alike >= 0.12 else 0.0
    if a.kind in ("ord", "topk") and b.kind not in ("ord", "topk"):
        return 0.0
    if a.unit and b.unit and a.unit != b.unit and not same_digits and _far(a, b):
        return 0.0
    if alike < NEAR_AT_LEAST or not (same_class or same_digits or a.unit == b.unit):
        return 0.0
    return 2 * alike + 0.6 * (a.unit == b.unit) + 0.4 * same_class + 0.1 * (a.approx == b.approx) + 0.2 * same_digits
