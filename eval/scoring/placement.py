"""Which fact stands where in a draft, and whether it stands with its own indicator.

Every spot is given to one fact, the one whose anchor fits its surroundings best. A placed fact is then judged:
right    its own words are near, or nothing nearer speaks for another fact
wrong    the words near it are those of another fact of its section and none of its own, or a list is out of order
unclear  neither its own words nor another's are in the sentence
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.scoring.anchors import Anchor, Surroundings, anchors_of, cue, surroundings
from eval.scoring.labels import Fact, Labels
from eval.scoring.spots import Spot, find_spots
from eval.scoring.text import sentence_around

Judgement = Literal["right", "wrong", "unclear"]
_EARLIER = re.compile(r"上年|去年|上一年|前一年|同期|由|从|→|此前|原来|以往|20\d\d年|年初|往年")
_SHARED = re.compile(r"[均都皆]|分别|全部|双双|一律")
_JOINT_ONLY = re.compile(r"[和与及、]|以及")


@dataclass(frozen=True, slots=True)
class Placed:
    """A fact at a spot of a section's text, judged. `rival` is the fact whose words are there instead."""

    fact: Fact
    spot: Spot
    judgement: Judgement
    rival: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """What of a section's facts was found in its text; `extra` are further places of facts placed already."""

    placed: tuple[Placed, ...]
    missing: tuple[Fact, ...]
    extra: tuple[Spot, ...]
    spots: tuple[Spot, ...]


class Placer:
    """Places facts of one case; anchors are worked out once."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._anchors = anchors_of(labels)

    def place(self, text: str, section: tuple[str, ...]) -> Placement:
        """Place the facts of a section in the section's own text."""
        facts = [fact for fact in self._labels.facts if fact.section == section and not fact.disputed]
        spots = find_spots(text, facts)
        around = [surroundings(text, spots, index) for index in range(len(spots))]
        owners = self._assign(text, spots, around)
        placed = [
            self._judge(fact, index, text, spots, around, facts, owners) for index, fact in sorted(owners.items())
        ]
        shared = self._shared(text, spots, owners, facts)
        done = {fact.fact_id for fact in owners.values()} | {item.fact.fact_id for item in shared}
        missing = tuple(fact for fact in facts if fact.fact_id not in done)
        extra = tuple(spot for index, spot in enumerate(spots) if index not in owners)
        return Placement((*placed, *shared), missing, extra, tuple(spots))

    # ---- whose spot it is --------------------------------------------------------------------------------------

    def _assign(self, text: str, spots: Sequence[Spot], around: Sequence[Surroundings]) -> dict[int, Fact]:
        """One spot to one fact, the best fitting pair first; ties go to the order of the notes."""
        pairs = [
            (-self._fit(fact, around[index]), abs(index / len(spots) - _rank(fact)), index, fact)
            for index, spot in enumerate(spots)
            for fact in spot.facts
        ]
        owners: dict[int, Fact] = {}
        taken: set[str] = set()
        for _, _, index, fact in sorted(pairs, key=lambda pair: (pair[0], pair[2], pair[3].line, pair[3].column)):
            if index not in owners and fact.fact_id not in taken:
                owners[index] = fact
                taken.add(fact.fact_id)
        return owners

    def _fit(self, fact: Fact, around: Surroundings) -> float:
        anchor = self._anchors[fact.fact_id]
        size = max(1, len(anchor.all))
        near = len(anchor.all & around.clause) + 0.5 * len(anchor.all & around.local)
        return (near + 0.1 * len(anchor.all & around.sentence)) / size

    def _shared(
        self, text: str, spots: Sequence[Spot], owners: Mapping[int, Fact], facts: Sequence[Fact]
    ) -> list[Placed]:
        """Facts of equal value named by one figure: 受理率、答复率均为100%."""
        done = {fact.fact_id for fact in owners.values()}
        found = []
        for fact in facts:
            spot = next((s for s in spots if fact in s.facts and self._covers_both(text, s, fact)), None)
            if fact.fact_id not in done and spot:
                found.append(Placed(fact, spot, "right"))
        return found

    def _covers_both(self, text: str, spot: Spot, fact: Fact) -> bool:
        first, _ = sentence_around(text, spot.start)
        before = text[first : spot.start]
        words = self._anchors[fact.fact_id].all
        return bool(_SHARED.search(before[-8:])) and any(word in before for word in words)

    # ---- whether it stands right -------------------------------------------------------------------------------

    def _judge(
        self,
        fact: Fact,
        index: int,
        text: str,
        spots: Sequence[Spot],
        around: Sequence[Surroundings],
        facts: Sequence[Fact],
        owners: Mapping[int, Fact],
    ) -> Placed:
        spot = spots[index]
        if _against_cue(fact, text, spots, index):
            return Placed(fact, spot, "wrong", "期别或起止")
        order = self._order(text, spots, index, owners) if self._bare_list(text, spots, index) else None
        if order is not None:
            return Placed(fact, spot, "right" if order else "wrong", "" if order else "列举次序")
        rival = self._rival(fact, around[index], facts, spot)
        if rival:
            return Placed(fact, spot, "wrong", rival.indicator)
        own = self._anchors[fact.fact_id].all
        known = not own or own & around[index].sentence
        return Placed(fact, spot, "right" if known else "unclear")

    def _rival(self, fact: Fact, around: Surroundings, facts: Sequence[Fact], spot: Spot) -> Fact | None:
        """Another fact of like unit whose own words are nearer than any of this fact's own words."""
        mine = self._anchors[fact.fact_id]
        for reach in (around.clause, around.local):
            for other in facts:
                if other in spot.facts or not _comparable(fact, other):
                    continue
                theirs = self._anchors[other.fact_id]
                ours_only, theirs_only = _apart(mine, theirs)
                if theirs_only & reach and not ours_only & reach and _mostly(theirs, reach):
                    return other
            if mine.all & reach:
                return None
        return None

    def _bare_list(self, text: str, spots: Sequence[Spot], index: int) -> bool:
        """Whether the figure follows another with nothing but a joint between, or opens such a list."""
        return any(_joined(text, spots, index, step) for step in (-1, 1))

    def _order(self, text: str, spots: Sequence[Spot], index: int, owners: Mapping[int, Fact]) -> bool | None:
        """In a bare list the indicators must be named in the order of their figures; None when they are not named."""
        first, _ = sentence_around(text, spots[index].start)
        before = text[first : spots[index].start]
        known = None
        for step in (-1, 1):
            other = owners.get(index + step)
            if other is None or not _joined(text, spots, index, step):
                continue
            mine, theirs = _apart(self._anchors[owners[index].fact_id], self._anchors[other.fact_id])
            here, there = _last(before, mine), _last(before, theirs)
            if here >= 0 and there >= 0:
                known = (here - there) * step < 0
                if not known:
                    return False
        return known


def _joined(text: str, spots: Sequence[Spot], index: int, step: int) -> bool:
    """Whether nothing but a joint (、和与及) stands between a figure and its neighbour."""
    if not 0 <= index + step < len(spots):
        return False
    first, second = sorted((index, index + step))
    return bool(_JOINT_ONLY.fullmatch(text[spots[first].end : spots[second].start]))


def _rank(fact: Fact) -> float:
    return fact.column / max(1, len(fact.context))


def _comparable(one: Fact, other: Fact) -> bool:
    """Facts a hasty writer could mix up: same unit, or both rates."""
    return one.unit == other.unit or one.kind == other.kind == "rate"


def _apart(mine: Anchor, theirs: Anchor) -> tuple[frozenset[str], frozenset[str]]:
    return mine.all - theirs.all, theirs.all - mine.all


def _mostly(anchor: Anchor, reach: frozenset[str]) -> bool:
    """A rival counts only when a good part of its words is there, not a chance pair of characters."""
    return any(words and len(words & reach) * 3 >= len(words) for words in (anchor.words, anchor.near))


def _against_cue(fact: Fact, text: str, spots: Sequence[Spot], index: int) -> bool:
    """Whether 由…到… or 上年 put the value of another period or the other end of a change here."""
    spot, floor = spots[index], spots[index - 1].end if index else 0
    here, notes = cue(text, spot.start, floor), cue(fact.context, fact.column)
    if notes in ("from", "to"):
        return here in ("from", "to") and here != notes
    if fact.past or notes == "past":
        first, last = sentence_around(text, spot.start)
        return here == "to" or not _EARLIER.search(text[first:last])
    return here == "past"


def _last(text: str, words: frozenset[str]) -> int:
    return max((text.rfind(word) for word in words), default=-1)
