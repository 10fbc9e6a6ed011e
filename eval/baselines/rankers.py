"""Rankings as most tools have them: BM25 alone, vectors alone, their reciprocal ranks added up.

They rank the same passages as the product does, from its library, so that only the ranking differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from assistant.embed import Embedder
    from assistant.library import Library

K = 60
"""The usual constant of reciprocal-rank fusion."""
Hits = list[tuple[str, str]]


@dataclass(frozen=True)
class Collection:
    """All passages of a library with their vectors; row i of everything is the same passage."""

    documents: list[str]
    texts: list[str]
    vectors: np.ndarray

    @staticmethod
    def of(library: Library) -> Collection:
        rows = library.passage_rows()
        names = {row.number: row.name for row in library.document_rows()}
        texts = [text for _, text in library.passage_texts()]
        return Collection([names[row.document] for row in rows], texts, library.vectors()[1])


class Rankers:
    """The three baselines over one collection."""

    def __init__(self, collection: Collection, embedder: Embedder) -> None:
        from assistant.lexical import build

        self._collection = collection
        self._embedder = embedder
        self._text = build(collection.texts)

    def bm25(self, query: str) -> Hits:
        """BM25 over character bigrams."""
        return self._best(self._lexical(query))

    def dense(self, query: str) -> Hits:
        """Cosine of the vectors."""
        return self._best(self._collection.vectors @ self._embedder.query(query))

    def fused(self, query: str) -> Hits:
        """Reciprocal ranks of both, added."""
        ranks = [_ranks(scores) for scores in (self._lexical(query), self._vectors(query))]
        return self._best(sum(1 / (K + rank) for rank in ranks))

    def _lexical(self, query: str) -> np.ndarray:
        from assistant.lexical import grams

        return self._text.scores(dict.fromkeys(grams(query).tolist(), 1.0))

    def _vectors(self, query: str) -> np.ndarray:
        return self._collection.vectors @ self._embedder.query(query)

    def _best(self, scores: np.ndarray) -> Hits:
        order = np.argsort(-scores, kind="stable")[:20]
        return [(self._collection.documents[row], self._collection.texts[row]) for row in order.tolist()]


def _ranks(scores: np.ndarray) -> np.ndarray:
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return ranks
