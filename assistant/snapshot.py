"""The library at one revision as arrays, for ranking. Row i of every array is the same passage.

At 100,000 passages this takes about 300 MB and under a second to read. The text index is kept in a file beside the
library, because counting all bigrams takes seconds; the file is made again whenever it does not fit the library.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant import lexical
from assistant.errors import StoreError
from assistant.lexical import LexicalIndex
from assistant.library import DocumentRow, Library, PassageRow
from assistant.library_rows import tags_of

FloatArray = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

CACHE = "lexical.cache"
SAMPLE = 8000
"""Vectors that the spread of scores is estimated from."""
YEARS = 10
"""Documents older than the newest by this many years are all equally old."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must be; None leaves it open.

    Years include both ends, `unit` may be a part of the unit's name, `document` is a document's id.
    """

    year_from: int | None = None
    year_to: int | None = None
    unit: str | None = None
    doc_type: str | None = None
    role: str | None = None
    document: str | None = None

    @property
    def open(self) -> bool:
        """Whether everything fits."""
        return self == Filters()

    def fits(self, document: DocumentRow) -> bool:
        """Whether a document can hold hits; a document of unknown year fits no range of years."""
        year = document.year
        if self.year_from is not None and (year is None or year < self.year_from):
            return False
        if self.year_to is not None and (year is None or year > self.year_to):
            return False
        if self.unit is not None and self.unit not in (document.unit or ""):
            return False
        if self.doc_type is not None and self.doc_type != document.doc_type:
            return False
        return self.document is None or self.document == document.document_id


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Arrays over all passages, and the documents by number."""

    state: str
    numbers: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int64]
    roles: npt.NDArray[np.str_]
    documents: dict[int, DocumentRow]
    row_of: dict[int, int]
    vectors: FloatArray
    mean: FloatArray
    covariance: FloatArray
    text: LexicalIndex
    freshness: FloatArray
    tagged: dict[str, tuple[Rows, FloatArray]]

    @property
    def size(self) -> int:
        """Passages."""
        return len(self.numbers)

    def functions(self, names: Sequence[str]) -> FloatArray:
        """How strongly each passage has one of the functions, 0 when it has none."""
        strengths = np.zeros(self.size, dtype=np.float32)
        for name in names:
            rows, values = self.tagged.get(name, (np.zeros(0, np.int64), np.zeros(0, np.float32)))
            strengths[rows] = np.maximum(strengths[rows], values)
        return strengths

    def allowed(self, filters: Filters) -> Rows | None:
        """Rows that fit the filters; None when all do."""
        if filters.open:
            return None
        chosen = [number for number, document in self.documents.items() if filters.fits(document)]
        fitting = np.isin(self.owners, chosen)
        if filters.role is not None:
            fitting &= self.roles == filters.role
        return np.flatnonzero(fitting)


def state_of(library: Library) -> str:
    """Changes with every change of the library."""
    return f"{library.epoch}/{library.revision}"


def take_snapshot(library: Library) -> Snapshot:
    """Read the library as it is now.

    Raises:
        StoreError: some passages have no vector.
    """
    with library.reading():
        state = state_of(library)
        passages = library.passage_rows()
        documents = {row.number: row for row in library.document_rows(sizes=False)}
        numbers, vectors = library.vectors()
        text = _text_index(library, state)
    owners = np.array([passage.document for passage in passages], dtype=np.int64)
    if [passage.number for passage in passages] != numbers.tolist():
        raise StoreError("资料库的向量上次没有重建完。请运行 nigao library rebuild 接着完成。")
    mean = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], dtype=np.float32)
    return Snapshot(
        state=state,
        numbers=numbers,
        owners=owners,
        roles=np.array([passage.role or "" for passage in passages], dtype=np.str_),
        documents=documents,
        row_of={number: row for row, number in enumerate(numbers.tolist())},
        vectors=vectors,
        mean=mean,
        covariance=_covariance(vectors),
        text=text,
        freshness=_freshness([documents[owner].year or 0 for owner in owners.tolist()]),
        tagged=_tagged(passages),
    )


def _covariance(vectors: FloatArray) -> FloatArray:
    """Of a sample that is spread over the library: it only scales the scores of a query."""
    sample = vectors[:: max(1, len(vectors) // SAMPLE)]
    if not len(sample):
        return np.zeros((vectors.shape[1], vectors.shape[1]), dtype=np.float32)
    centred = sample - sample.mean(axis=0)
    covariance: FloatArray = centred.T @ centred / np.float32(len(sample))
    return covariance


def _tagged(passages: Sequence[PassageRow]) -> dict[str, tuple[Rows, FloatArray]]:
    """Rows and strengths per function."""
    # Equal tags are collected first and read once: there are a few hundred of them, on hundreds of thousands of rows.
    same: defaultdict[str, list[int]] = defaultdict(list)
    for row, passage in enumerate(passages):
        for tag in passage.tags.split():
            same[tag].append(row)
    found: defaultdict[str, list[tuple[Rows, FloatArray]]] = defaultdict(list)
    for tag, rows in same.items():
        ((name, strength),) = tags_of(tag)
        found[name].append((np.array(rows, np.int64), np.full(len(rows), strength, np.float32)))
    return {
        name: (np.concatenate([rows for rows, _ in parts]), np.concatenate([values for _, values in parts]))
        for name, parts in found.items()
    }


def _freshness(years: Sequence[int]) -> FloatArray:
    """1 for the newest year, 0 for those `YEARS` older or unknown."""
    values = np.array(years, dtype=np.float32)
    newest = values.max() if len(values) else np.float32(0)
    return np.clip(1 - (newest - values) / YEARS, 0, 1).astype(np.float32)


def _text_index(library: Library, state: str) -> LexicalIndex:
    path = library.home / CACHE
    held = lexical.load(path, state)
    if held is None:
        held = lexical.build([f"{headings}\n{text}" for headings, text in library.passage_texts()])
        # A folder that cannot be written to only costs the time of building again.
        with contextlib.suppress(OSError):
            held.save(path, state)
    return held
