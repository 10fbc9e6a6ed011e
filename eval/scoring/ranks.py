"""Graded judgements of passages against a ranking: nDCG@10, recall, reciprocal rank.

A hit stands for a judged passage of the same document when one of the two holds at least half of the other's character
8-grams: rankings of differently cut passages can be compared. Each judged passage is credited once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.scoring.text import squeeze

GAIN = {0: 0, 1: 1, 2: 3}
DEPTH = 10
GRAM = 8


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores of one query, 0 to 1; `conditional` leaves out hits that nobody judged."""

    ndcg: float
    conditional: float
    recall: float
    reciprocal: float


def grams(text: str) -> frozenset[str]:
    """Character 8-grams of a text without white space."""
    squeezed = squeeze(text)
    return frozenset(squeezed[i : i + GRAM] for i in range(max(1, len(squeezed) - GRAM + 1)))


class Judged:
    """The judged passages of a collection, by document."""

    def __init__(self, passages: Sequence[Mapping[str, str]]) -> None:
        self._by_document: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for passage in passages:
            entry = (passage["id"], grams(passage["text"]))
            self._by_document.setdefault(passage["doc"], []).append(entry)

    def score(self, judged: Mapping[str, int], hits: Sequence[tuple[str, str]]) -> Ranking:
        """Score the ranked hits, each a pair of document and text."""
        gains, known = self._gains(judged, hits)
        ideal = dcg(sorted((GAIN[grade] for grade in judged.values()), reverse=True))
        good = sum(grade == 2 for grade in judged.values())
        first = next((rank for rank, gain in enumerate(gains[:DEPTH], 1) if gain == GAIN[2]), 0)
        return Ranking(
            ndcg=dcg(gains) / ideal if ideal else 0.0,
            conditional=dcg(known) / ideal if ideal else 0.0,
            recall=sum(gain == GAIN[2] for gain in gains[:DEPTH]) / min(DEPTH, good) if good else 0.0,
            reciprocal=1 / first if first else 0.0,
        )

    def _gains(self, judged: Mapping[str, int], hits: Sequence[tuple[str, str]]) -> tuple[list[int], list[int]]:
        used: set[str] = set()
        gains, known = [], []
        for document, text in hits[: 2 * DEPTH]:
            own = grams(text)
            held = [
                name
                for name, other in self._by_document.get(document, ())
                if name in judged and name not in used and len(own & other) >= 0.5 * min(len(own), len(other))
            ]
            used.update(held)
            gains.append(GAIN[max((judged[name] for name in held), default=0)])
            if held:
                known.append(gains[-1])
        return gains, known


def dcg(gains: Sequence[int]) -> float:
    """Discounted gain of the first ten."""
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains[:DEPTH]))
