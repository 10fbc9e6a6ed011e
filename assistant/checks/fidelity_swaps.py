"""Right values in wrong places: two figures of the notes whose places in the draft are exchanged."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from assistant.checks.alignment import Alignment
from assistant.checks.figure_context import Item, Similarity
from assistant.checks.values import value_class, value_key

_TIMES = frozenset(("month", "hour", "workday"))
EVIDENCE = 0.33
_WINDOW = 400


def swapped_pairs(
    draft: Sequence[Item], notes: Sequence[Item], alignment: Alignment, similar: Similarity
) -> dict[int, int]:
    """Draft index -> index of the note that its place belongs to, for figures that stand in each other's place.

    Two figures are exchanged when what the draft says around each of them names the other's indicator, by the words
    that only one of the two notes has.
    """
    by_class: dict[str, list[int]] = {}
    for i in alignment.equal:
        family = value_class(draft[i].figure)
        by_class.setdefault("time" if family in _TIMES else family, []).append(i)
    best: dict[int, tuple[float, int]] = {}
    for members in by_class.values():
        for first, second in _pairs(members, draft, alignment, similar):
            a, b = alignment.equal[first], alignment.equal[second]
            changes = (notes[a].figure.role == "delta") != (notes[b].figure.role == "delta")
            if changes and not (_names_itself(draft[first]) and _names_itself(draft[second])):
                continue
            gain = _gain(draft[first], draft[second], notes[a], notes[b], similar)
            if gain >= EVIDENCE:
                for i, other in ((first, b), (second, a)):
                    if gain > best.get(i, (0.0, 0))[0]:
                        best[i] = gain, other
    result = {i: other for i, (_, other) in best.items()}
    result.update(_strays(draft, notes, alignment, similar, result))
    for i, other in _crossed(draft, notes, alignment).items():
        result.setdefault(i, other)
    return result


# Verbs that open a clause without naming what it is about.
_VERBS = re.compile(
    "新[增建设签开上]|[改扩]建|建[成设]|改造|完成|引进|培育|[开竣]工|签约|投资|全[年省市县区国]|累计|组织|开展|举办|发放|整治|修复"
    "|实施|推广|打造|创建|办理|受理|查处|化解|排查|培训|帮扶|带动|达到|突破|增长|下降|其中"
)


def _crossed(draft: Sequence[Item], notes: Sequence[Item], alignment: Alignment) -> dict[int, int]:
    """Figures of any kind whose subjects are exchanged: 人参产值800亿、梅花鹿规模第一 told as 梅花鹿产值800亿、人参规模第一."""
    owners = {j: _lead(notes[j]) for j in alignment.equal.values()}
    short = {owner for owner in owners.values() if len(owner) == 1}
    leads = {i: _lead(draft[i]) for i in alignment.equal}
    leads = {i: lead[:1] if lead[:1] in short else lead for i, lead in leads.items()}
    crossed: dict[int, int] = {}
    moved = [i for i, j in alignment.equal.items() if leads[i] and owners[j] and leads[i] != owners[j]]
    for first, second in itertools.combinations(moved, 2):
        a, b = alignment.equal[first], alignment.equal[second]
        there_and_back = leads[first] == owners[b] and leads[second] == owners[a] and owners[a] != owners[b]
        near = abs(draft[first].figure.start - draft[second].figure.start) <= _WINDOW
        if there_and_back and near and notes[a].line == notes[b].line:
            crossed[first], crossed[second] = b, a
    return crossed


def _lead(item: Item) -> str:
    """The first two characters of what a figure is about, where they name a subject; one where it is no longer (肉7万吨)."""
    lead = item.figure.object[:2]
    if len(lead) == 1 and item.before.endswith(lead):
        return lead
    return (
        lead if len(lead) == 2 and not _VERBS.match(lead) and lead in re.split("[，；。：:]", item.before)[-1] else ""
    )


def _names_itself(item: Item) -> bool:
    """Whether the words between two stops say what the figure is about (not 净增3207户)."""
    return len(item.figure.object) >= 2 and item.figure.object[:2] in item.phrase


STRAY = 0.8


def _strays(
    draft: Sequence[Item], notes: Sequence[Item], alignment: Alignment, similar: Similarity, known: dict[int, int]
) -> dict[int, int]:
    """Figures that were repeated in the place of another indicator: the words around name the other one alone."""
    strays: dict[int, int] = {}
    for i, own in alignment.repeats.items():
        mine = notes[own].figure
        for j, note in enumerate(notes):
            if j == own or i in known or value_class(note.figure) != value_class(mine) or note.figure.unit != mine.unit:
                continue
            if note.line != notes[own].line or value_key(note.figure) == value_key(mine):
                continue
            if similar.contrast(draft[i], note, notes[own]) >= STRAY:
                strays[i] = j
                break
    return strays


def _pairs(
    members: list[int], draft: Sequence[Item], alignment: Alignment, similar: Similarity
) -> list[tuple[int, int]]:
    """Candidate pairs: figures near each other in the draft or in the notes."""
    del similar
    members = sorted(members)
    pairs = []
    for at, first in enumerate(members):
        for second in members[at + 1 :]:
            if draft[second].figure.start - draft[first].figure.start > _WINDOW:
                break
            if value_key(draft[first].figure) != value_key(draft[second].figure):
                pairs.append((first, second))
    del alignment
    return pairs


def _partner(draft: Item, note: Item, other: Item) -> bool:
    """Whether the figure stands beside the same other figure as `note` does (27个，总投资...), and not as `other`."""
    mine, theirs, others = ({token for token in item.tokens if token[0] == "@"} for item in (draft, note, other))
    return bool(mine & theirs) and bool(others) and not mine & others


def _gain(one: Item, two: Item, a: Item, b: Item, similar: Similarity) -> float:
    """Evidence that `one` belongs to note `b` and `two` to note `a` rather than the other way round."""
    if not a.figure.object or not b.figure.object:
        return (
            0.0  # a note that names nothing (the second line of 1914户⏎4377人) belongs to whatever the first one says
        )
    if _partner(one, b, a) and _partner(two, a, b):
        return 1.0
    if _partner(one, a, b) and _partner(two, b, a):
        return 0.0
    first = similar.contrast(one, b, a)
    second = similar.contrast(two, a, b)
    if min(first, second) < -0.1 or max(first, second) <= 0:
        return 0.0
    return first + second
