"""A query or a section of a brief -> ranked passages of the library: BM25 and vectors, fused.

Knows nothing about prompts or models other than the embedder. What ranking needs of 100,000 passages is held in memory
and refreshed when the library's revision changes; texts are read from SQLite for the few that are shown.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant import lexical
from assistant.embed import Embedder, load_embedder
from assistant.errors import StoreError
from assistant.lexical import LexicalIndex, grams
from assistant.library import DocumentRow, Library, PassageRow
from assistant.records import Brief, Hit, Passage, Section
from assistant.settings import Settings
from assistant.vectors import OnProgress, VectorIndex

FloatArray = npt.NDArray[np.float32]

LEXICAL_CACHE = "lexical.cache"
CANDIDATES = 300
"""Nearest passages asked of the vector index, and of the text index."""
WEIGHT_LEXICAL, WEIGHT_DENSE = 0.3, 0.7
"""Shares of the z-scored rankings in the fused score."""
DUPLICATE = 0.4
"""Passages sharing this much of their bigrams (Jaccard) are shown once."""
RECENCY = 0.15
"""What the newest year of the library gains over one ten or more years older, in fused z-score."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must be; None leaves it open. Years include both ends, `document` is a document's id."""

    year_from: int | None = None
    year_to: int | None = None
    unit: str | None = None
    doc_type: str | None = None
    role: str | None = None
    document: str | None = None

    @property
    def any(self) -> bool:
        return any(
            value is not None
            for value in (self.year_from, self.year_to, self.unit, self.doc_type, self.role, self.document)
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The library at one revision, as ranking reads it; row i of everything is the same passage."""

    state: str
    passages: list[PassageRow]
    documents: dict[int, DocumentRow]
    row_of: dict[int, int]
    vectors: FloatArray
    mean: FloatArray
    covariance: FloatArray
    text: LexicalIndex
    years: npt.NDArray[np.int32]
    owners: npt.NDArray[np.int32]


def open_retriever(settings: Settings, on_progress: OnProgress | None = None) -> Retriever:
    """Open the library of these settings for searching.

    Raises:
        StoreError: there is no library, it is damaged, or its vectors are of another model.
    """
    embedder = load_embedder(settings)
    library = Library.open(settings.home)
    try:
        stored, size = library.embedder
        if stored:
            library.require_embedder(embedder.name, size if stored == embedder.name else embedder.dimension)
        index = VectorIndex.open(settings.home, settings.chroma_url)
        index.sync(library, on_progress)
        return Retriever(library, index, embedder)
    except BaseException:
        library.close()
        raise


class Retriever:
    """Searches one library. Safe to use from threads."""

    def __init__(self, library: Library, index: VectorIndex | None, embedder: Embedder) -> None:
        self.library = library
        self._index = index
        self._embedder = embedder
        self._mutex = threading.Lock()
        self._held: Snapshot | None = None

    def close(self) -> None:
        """Let go of the library and the index."""
        if self._index:
            self._index.close()
        self.library.close()

    def search(
        self, query: str, *, top: int = 10, filters: Filters | None = None, recency: bool = True
    ) -> list[Hit]:
        """The best passages for a topic, a paraphrase, a heading with bullets, or a function, best first.

        Args:
            query: as the writer typed it.
            top: how many.
            filters: what a hit must be.
            recency: prefer newer documents among near equals.
        """
        snapshot = self._snapshot()
        if not snapshot.passages:
            return []
        allowed = _allowed(snapshot, filters or Filters())
        rows, scores = self._ranked(snapshot, query, allowed, recency)
        return self._hits(snapshot, query, rows, scores, top)

    def for_section(self, section: Section, brief: Brief, *, top: int = 4) -> list[Hit]:
        """Past passages whose phrasing may serve a section of a brief."""
        lines = [section.heading, *(f"- {point.text}" for point in section.points)]
        return self.search("\n".join(lines), top=top)

    # ---- ranking -----------------------------------------------------------------------------------------------

    def _ranked(
        self, snapshot: Snapshot, query: str, allowed: npt.NDArray[np.bool_] | None, recency: bool
    ) -> tuple[npt.NDArray[np.int64], FloatArray]:
        vector = self._embedder.query(query)
        words = dict.fromkeys(grams(query).tolist(), 1.0)
        texts = snapshot.text.scores(words)
        rows = self._candidates(snapshot, vector, texts, allowed)
        dense = snapshot.vectors[rows] @ vector
        spread = float(np.sqrt(max(vector @ snapshot.covariance @ vector, 1e-12)))
        fused = WEIGHT_DENSE * (dense - vector @ snapshot.mean) / spread
        fused += WEIGHT_LEXICAL * (texts[rows] - texts.mean()) / max(float(texts.std()), 1e-6)
        if recency:
            fused += _recency(snapshot.years[rows], int(snapshot.years.max()))
        order = np.argsort(-fused, kind="stable")
        return rows[order], fused[order].astype(np.float32)

    def _candidates(
        self, snapshot: Snapshot, vector: FloatArray, texts: FloatArray, allowed: npt.NDArray[np.bool_] | None
    ) -> npt.NDArray[np.int64]:
        """Rows worth ranking: the nearest by vector and the best by text, among the allowed ones."""
        if allowed is not None:
            rows = np.flatnonzero(allowed)
            near = _best(snapshot.vectors[rows] @ vector, rows)
            return np.union1d(near, _best(texts[rows], rows))
        near = self._nearest(snapshot, vector)
        return np.union1d(near, _best(texts, np.arange(len(texts))))

    def _nearest(self, snapshot: Snapshot, vector: FloatArray) -> npt.NDArray[np.int64]:
        if self._index and self._index.usable(self.library):
            try:
                found = self._index.query(vector, min(CANDIDATES, len(snapshot.passages)))
                return np.array([snapshot.row_of[number] for number, _ in found if number in snapshot.row_of])
            except StoreError:
                pass  # the exact way below needs no index
        return _best(snapshot.vectors @ vector, np.arange(len(snapshot.passages)))

    def _hits(
        self, snapshot: Snapshot, query: str, rows: npt.NDArray[np.int64], scores: FloatArray, top: int
    ) -> list[Hit]:
        numbers = [snapshot.passages[row].number for row in rows[: max(4 * top, 40)]]
        passages = self.library.passages_by_number(numbers)
        kept: list[Hit] = []
        seen: list[set[int]] = []
        for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
            passage = passages.get(snapshot.passages[row].number)
            if passage is None:
                continue
            own = set(grams(passage.text).tolist())
            if any(_alike(own, other) for other in seen):
                continue
            seen.append(own)
            document = snapshot.documents[snapshot.passages[row].document]
            kept.append(_hit(len(kept) + 1, score, passage, document, query))
            if len(kept) == top:
                break
        return kept

    # ---- state -------------------------------------------------------------------------------------------------

    def _snapshot(self) -> Snapshot:
        """The library as it is now; read again only when it has changed."""
        state = f"{self.library.epoch}/{self.library.revision}"
        with self._mutex:
            if self._held is None or self._held.state != state:
                self._held = _take_snapshot(self.library, state)
            return self._held


def _take_snapshot(library: Library, state: str) -> Snapshot:
    passages = library.passage_rows()
    documents = {row.number: row for row in library.document_rows()}
    numbers, vectors = library.vectors()
    row_of = {passage.number: row for row, passage in enumerate(passages)}
    mean = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], dtype=np.float32)
    covariance = vectors.T @ vectors / max(1, len(vectors)) - np.outer(mean, mean)
    owners = np.array([passage.document for passage in passages], dtype=np.int32)
    years = np.array([documents[owner].year or 0 for owner in owners.tolist()], dtype=np.int32)
    if [passage.number for passage in passages] != numbers.tolist():
        raise StoreError("资料库的向量上次没有重建完。请运行 nigao library rebuild 接着完成。")
    text = _text_index(library, state)
    return Snapshot(state, passages, documents, row_of, vectors, mean, covariance, text, years, owners)


def _text_index(library: Library, state: str) -> LexicalIndex:
    path = library.home / LEXICAL_CACHE
    held = lexical.load(path, state)
    if held is None:
        held = lexical.build([f"{headings}\n{text}" for headings, text in library.passage_texts()])
        try:
            held.save(path, state)
        except OSError:
            pass  # a folder that cannot be written to only costs the time of building again
    return held


def _allowed(snapshot: Snapshot, filters: Filters) -> npt.NDArray[np.bool_] | None:
    if not filters.any:
        return None
    chosen = {number for number, document in snapshot.documents.items() if _fits(document, filters)}
    allowed = np.isin(snapshot.owners, list(chosen))
    if filters.role is not None:
        allowed &= np.array([passage.role == filters.role for passage in snapshot.passages])
    return allowed


def _fits(document: DocumentRow, filters: Filters) -> bool:
    year = document.year
    if filters.year_from is not None and (year is None or year < filters.year_from):
        return False
    if filters.year_to is not None and (year is None or year > filters.year_to):
        return False
    if filters.unit is not None and filters.unit not in (document.unit or ""):
        return False
    if filters.doc_type is not None and filters.doc_type != document.doc_type:
        return False
    return filters.document is None or filters.document == document.document_id


def _best(scores: FloatArray, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    if len(scores) <= CANDIDATES:
        return rows
    return rows[np.argpartition(-scores, CANDIDATES)[:CANDIDATES]]


def _recency(years: npt.NDArray[np.int32], newest: int) -> FloatArray:
    """A small gain for newer documents; documents of unknown year count as old."""
    age = np.clip(newest - years, 0, 10)
    return (RECENCY * (1 - age / 10)).astype(np.float32)


def _alike(one: set[int], other: set[int]) -> bool:
    shared = len(one & other)
    return shared > 0 and shared >= DUPLICATE * (len(one) + len(other) - shared)


def _hit(rank: int, score: float, passage: Passage, document: DocumentRow, query: str) -> Hit:
    return Hit(
        rank=rank,
        score=score,
        passage=passage,
        document=document.name,
        title=document.title,
        year=document.year,
        unit=document.unit,
        doc_type=document.doc_type,
        matched=matched_spans(passage.text, query),
    )


def matched_spans(text: str, query: str) -> tuple[tuple[int, int], ...]:
    """Stretches of a passage that it shares with the query: two characters or more, or a Latin word."""
    wanted = set()
    for run in re.findall(r"[一-鿿]+|[A-Za-z][A-Za-z0-9.+-]*", query):
        wanted.update([run.lower()] if run[0] < "一" else (run[i : i + 2] for i in range(len(run) - 1)))
    spans: list[tuple[int, int]] = []
    for start in range(len(text) - 1):
        if text[start : start + 2] in wanted:
            if spans and spans[-1][1] >= start:
                spans[-1] = (spans[-1][0], start + 2)
            else:
                spans.append((start, start + 2))
    return tuple(spans)


def document_id_of(library: Library, name: str) -> Sequence[str]:
    """Ids of the documents with this name."""
    return [row.document_id for row in library.document_rows() if row.name == name]


def cache_files(home: Path) -> list[Path]:
    """Files that can be deleted and are made again."""
    return [path for path in (home / LEXICAL_CACHE,) if path.exists()]
