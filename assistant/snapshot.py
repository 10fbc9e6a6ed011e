"""The library at one revision as arrays, for ranking. Row i of every array is the same passage.

Making them from 100,000 passages takes some ten seconds, so they are kept in a file beside the library (250 MB then), and
mapped: what a query does not look at is never read. The file is made anew whenever it does not fit the passages.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant import arrays, lexical
from assistant.arrays import AnyArray
from assistant.errors import StoreError
from assistant.lexical import LexicalIndex
from assistant.library import DocumentRow, Library, PassageRow
from assistant.library_rows import tags_of

FloatArray = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

CACHE = "ranking.cache"
FORMAT = 1
"""Raise it when the arrays are made differently: files of an older format are made anew."""
SAMPLE = 8000
"""Vectors that the spread of scores is estimated from."""
YEARS = 10
"""Documents older than the newest by this many years are all equally old."""
TEXT, TAG = "text.", "tag."
"""What the names of the text index's arrays, and of the rows and strengths of a function, begin with."""
OLDER_CACHE = "lexical.cache"
"""What earlier versions kept beside the library."""


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

    def rows_of(self, numbers: Sequence[int]) -> Rows:
        """Rows of passages by their numbers; numbers that are not here are left out."""
        wanted = np.array(numbers, dtype=np.int64)
        rows = np.minimum(np.searchsorted(self.numbers, wanted), max(0, self.size - 1))
        return rows[self.numbers[rows] == wanted] if self.size else rows

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
        documents = {row.number: row for row in library.document_rows(sizes=False)}
        held = _arrays(library)
    return Snapshot(
        state=state,
        numbers=held["numbers"],
        owners=held["owners"],
        roles=held["roles"],
        documents=documents,
        vectors=held["vectors"],
        mean=held["mean"],
        covariance=held["covariance"],
        text=LexicalIndex(**_part(held, TEXT)),
        freshness=_freshness(documents, held["owners"]),
        tagged={name: (held[f"rows.{name}"], values) for name, values in _part(held, TAG).items()},
    )


def bring_up(library: Library) -> None:
    """Make the file beside the library now, when it does not fit; else the next search would. For its writer only.

    Raises:
        StoreError: some passages have no vector.
    """
    for left in library.home.glob(f"{CACHE}.*"):  # by a process that was killed while it wrote
        left.unlink(missing_ok=True)
    with library.reading():
        _arrays(library)


def forget(home: Path) -> None:
    """Delete the file beside a library, because it holds what the library no longer does."""
    (home / CACHE).unlink(missing_ok=True)


def _arrays(library: Library) -> dict[str, AnyArray]:
    """All arrays over the passages: mapped from their file when it is of these passages, else made and written."""
    path, stamp = library.home / CACHE, f"{FORMAT}/{library.content}"
    held = arrays.load(path, stamp)
    if held is None:
        made = _made(library)
        # A folder that cannot be written to only costs the time of making them again, and their memory.
        with contextlib.suppress(OSError):
            arrays.save(path, stamp, made)
            (library.home / OLDER_CACHE).unlink(missing_ok=True)
            held = arrays.load(path, stamp)
        held = held or made
    return held


def _made(library: Library) -> dict[str, AnyArray]:
    # The text index first: what it takes while it is made is free again before the vectors are read.
    text = lexical.build(f"{headings}\n{text}" for headings, text in library.passage_texts())
    passages = library.passage_rows()
    numbers, vectors = library.vectors()
    if [passage.number for passage in passages] != numbers.tolist():
        raise StoreError("资料库的向量上次没有重建完。请运行 nigao library rebuild 接着完成。")
    found: dict[str, AnyArray] = {
        "numbers": numbers,
        "owners": np.array([passage.document for passage in passages], dtype=np.int64),
        "roles": np.array([passage.role or "" for passage in passages], dtype=np.str_),
        "vectors": vectors,
        "mean": vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], dtype=np.float32),
        "covariance": _covariance(vectors),
    }
    found.update((TEXT + name, array) for name, array in text.arrays().items())
    for name, (rows, values) in _tagged(passages).items():
        found["rows." + name], found[TAG + name] = rows, values
    return found


def _part(held: Mapping[str, AnyArray], prefix: str) -> dict[str, AnyArray]:
    return {name.removeprefix(prefix): array for name, array in held.items() if name.startswith(prefix)}


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


def _freshness(documents: Mapping[int, DocumentRow], owners: npt.NDArray[np.int64]) -> FloatArray:
    """1 for the newest year, 0 for those `YEARS` older or unknown."""
    known = np.array(sorted(documents), dtype=np.int64)
    values = np.array([documents[number].year or 0 for number in known.tolist()], dtype=np.float32)
    newest = values.max() if len(values) else np.float32(0)
    return np.clip(1 - (newest - values) / YEARS, 0, 1).astype(np.float32)[np.searchsorted(known, owners)]
