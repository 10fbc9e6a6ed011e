"""What a figure is about, in characters: the words by which a draft shows which indicator it means.

A fact's anchor is its indicator and the words before its value in the notes. Two facts are told apart by the part of
their anchors that they do not share.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from eval.scoring.labels import Fact, Labels
from eval.scoring.spots import Spot
from eval.scoring.text import bigrams, sentence_around

_CLAUSE = re.compile(r"[，。；：、,;:（）()|\n→]")
_CLOSE = re.compile(r"[，。；、,;（()）\n]")
_COMMON = bigrams("同比增长下降上年去年今年全年累计完成其中共计合计达到分别增加减少提高以上以下左右")
RIGHT_REACH = 8
"""Characters after a figure that may name what it counts."""


@dataclass(frozen=True)
class Anchor:
    """`words` name the indicator, `near` are the words around the value in the notes."""

    words: frozenset[str]
    near: frozenset[str] = field(default_factory=frozenset)

    @property
    def all(self) -> frozenset[str]:
        return self.words | self.near


def anchors_of(labels: Labels) -> dict[str, Anchor]:
    """Anchors of all facts by their id."""
    by_line: dict[int, list[Fact]] = {}
    for fact in labels.facts:
        by_line.setdefault(fact.line, []).append(fact)
    return {fact.fact_id: _anchor(fact, by_line[fact.line]) for fact in labels.facts}


def _anchor(fact: Fact, neighbours: Sequence[Fact]) -> Anchor:
    line = fact.context
    if line.lstrip().startswith("|"):
        return Anchor(bigrams(fact.indicator) - _COMMON, bigrams(line.strip(" |").split("|")[0]))
    ends = [other.column + len(other.surface) for other in neighbours if other.column < fact.column]
    before = line[max(ends, default=0) : fact.column]
    clause = _CLAUSE.split(before)[-1] or before
    if "分别" in before:
        return Anchor(bigrams(fact.indicator) - _COMMON)
    after = _CLOSE.split(line[fact.column + len(fact.surface) :])[0][:RIGHT_REACH]
    near = bigrams(clause) | (bigrams(after) if not bigrams(clause) - _COMMON else frozenset())
    return Anchor(bigrams(fact.indicator) - _COMMON, near - _COMMON)


Cue = Literal["", "from", "to", "past"]
_FROM, _TO = re.compile(r"[由从自]$"), re.compile(r"(?:到|至|→|—>|->)(?:了)?$")
_PAST = re.compile(
    r"(?<![比较于])(?:上年|去年|上一年|前一年|上年同期|去年同期|同期)(?!相比|增|减|多|少|提|下|上升|高|低)"
)


def cue(text: str, start: int, floor: int = 0) -> Cue:
    """Whether the words just before a value make it the start or the end of a change, or one of an earlier year."""
    before = text[max(floor, start - 24) : start].rstrip()
    if _TO.search(before[-3:]):
        return "to"
    if _PAST.search(re.split(r"[，。；、）)\n]", before)[-1]):
        return "past"
    return "from" if _FROM.search(before[-1:]) else ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Words around a spot: its own clause, the same reaching back to the figure before, and its whole sentence."""

    clause: frozenset[str]
    local: frozenset[str]
    sentence: frozenset[str]


def surroundings(text: str, spots: Sequence[Spot], index: int) -> Surroundings:
    """Words around `spots[index]`, the spots being in order of place."""
    spot = spots[index]
    first, last = sentence_around(text, spot.start)
    start = max([first, *(other.end for other in spots[:index] if other.end > first)])
    stop = min([last, *(other.start for other in spots[index + 1 : index + 2])])
    before = text[start : spot.start]
    after = _CLOSE.split(text[spot.end : min(stop, spot.end + RIGHT_REACH)])[0]
    clause = _CLAUSE.split(before)[-1]
    return Surroundings(bigrams(clause) | bigrams(after), bigrams(before) | bigrams(after), bigrams(text[first:last]))
