"""Reading a library: its state, documents, passages, vectors. Knows SQL; writes nothing."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import InputError, StoreError
from assistant.library_file import FILE_NAME, explained
from assistant.library_rows import (
    PASSAGE_QUERY,
    DocumentRow,
    FileMark,
    LibraryStatus,
    PassageRow,
    document_of,
    passage_of,
)
from assistant.records import Document, Passage

PAGE = 500
"""Passages asked for with one statement."""
PORTION = 4096
"""Vectors or texts fetched at a time."""

FloatArray = npt.NDArray[np.float32]


class LibraryReader:
    """The reading half of a library, on an open connection. Safe to use from threads."""

    def __init__(self, home: Path, connection: sqlite3.Connection) -> None:
        self.home = home
        self._connection = connection
        self._mutex = threading.RLock()

    # ---- state -------------------------------------------------------------------------------------------------

    @property
    def identity(self) -> str:
        """Random name of this library, made once; survives backup and restore."""
        return self._meta("identity")

    @property
    def epoch(self) -> str:
        """Changes when derived files must be made anew rather than added to: a removal, new vectors, a restore."""
        return self._meta("epoch") or self.identity

    @property
    def revision(self) -> int:
        """Raised by every change of documents, passages or vectors."""
        return int(self._meta("revision") or 0)

    @property
    def content(self) -> str:
        """Changes with the passages, their tags and their vectors, and not with what else is known of documents."""
        # Numbers are never used twice: without a removal, their count and the last of them tell them all.
        last, count = self._one("SELECT (SELECT max(number) FROM passages), (SELECT count(*) FROM passages)")
        return f"{self.epoch}/{self.tagger}/{last or 0}/{count}"

    @property
    def embedder(self) -> tuple[str, int]:
        """Name and dimension of the model that made the vectors; ("", 0) before the first document."""
        return self._meta("embedder"), int(self._meta("dimension") or 0)

    def require_embedder(self, name: str, dimension: int) -> None:
        """Make sure that vectors of this model fit this library.

        Raises:
            StoreError: the library was built with another model, or a rebuild was not finished.
        """
        stored, size = self.embedder
        if stored and (stored, size) != (name, dimension):
            raise StoreError(
                f"资料库的向量由模型“{stored}”（{size} 维）建立，现在设置的是“{name}”（{dimension} 维）。"
                "请运行 nigao library rebuild 重建向量，或改回原来的模型。"
            )
        if not self.is_embedded:
            raise StoreError("资料库的向量上次没有重建完。请运行 nigao library rebuild 接着完成。")

    @property
    def is_embedded(self) -> bool:
        """Whether the passage that came last has its vector. Vectors are made in the order of the passages, so the
        others have theirs; counting them would read through all of them."""
        last = "SELECT max(number) FROM passages"
        return bool(self._one(f"SELECT ({last}) IS NULL OR EXISTS (SELECT 1 FROM vectors WHERE passage = ({last}))")[0])

    def pending(self) -> int:
        """Passages that have no vector yet."""
        return int(self._one("SELECT (SELECT count(*) FROM passages) - (SELECT count(*) FROM vectors)")[0])

    def status(self) -> LibraryStatus:
        name, dimension = self.embedder
        return LibraryStatus(
            documents=self._one("SELECT count(*) FROM documents")[0],
            passages=self._one("SELECT count(*) FROM passages")[0],
            pending=self.pending(),
            size=sum(path.stat().st_size for path in self.home.glob(FILE_NAME + "*")),
            embedder=name,
            dimension=dimension,
            revision=self.revision,
            schema=self._one("PRAGMA user_version")[0],
        )

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Several reads inside this see one state of the library, whatever a writer does meanwhile."""
        with self._mutex, explained(self.home):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("COMMIT")

    # ---- reading -----------------------------------------------------------------------------------------------

    def documents(self) -> list[Document]:
        """All documents with their texts, in the order they came in."""
        rows = self._all("SELECT * FROM documents ORDER BY number")
        return [document_of(row) for row in rows]

    def document_rows(self, *, sizes: bool = True) -> list[DocumentRow]:
        """All documents without their texts, in the order they came in.

        Args:
            sizes: also count passages and characters, which reads through the texts.
        """
        columns = "d.number, d.document_id, d.name, d.title, d.unit, d.year, d.doc_type, d.corrected"
        if not sizes:
            return [DocumentRow(*row) for row in self._all(f"SELECT {columns} FROM documents d ORDER BY d.number")]
        rows = self._all(
            f"SELECT {columns}, count(p.number), length(d.text) FROM documents d "
            "LEFT JOIN passages p ON p.document = d.number GROUP BY d.number ORDER BY d.number"
        )
        return [DocumentRow(*row) for row in rows]

    def document(self, document_id: str) -> Document:
        """One document with its text.

        Raises:
            InputError: it is not in the library.
        """
        rows = self._all("SELECT * FROM documents WHERE document_id = ?", (document_id,))
        if not rows:
            raise InputError(f"资料库中没有编号为 {document_id} 的材料。请用 nigao library list 查看。")
        return document_of(rows[0])

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document in their order."""
        rows = self._all(
            f"{PASSAGE_QUERY} WHERE d.document_id = ? ORDER BY p.start, p.number",
            (document_id,),
        )
        return [passage_of(row) for row in rows]

    def passages_by_number(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """Passages by their numbers; numbers that are gone are left out."""
        found: dict[int, Passage] = {}
        for at in range(0, len(numbers), PAGE):
            part = [int(number) for number in numbers[at : at + PAGE]]
            marks = ",".join("?" * len(part))
            rows = self._all(f"{PASSAGE_QUERY} WHERE p.number IN ({marks})", part)
            found.update((row["number"], passage_of(row)) for row in rows)
        return found

    def passage_rows(self) -> list[PassageRow]:
        """All passages without their texts, by number."""
        rows = self._all(
            "SELECT number, document, role, tags FROM passages INDEXED BY passages_for_ranking ORDER BY number"
        )
        return [PassageRow(*row) for row in rows]

    def passage_texts(self) -> Iterator[tuple[str, str]]:
        """(headings, text) of all passages, by number; headings are joined by line breaks."""
        last = 0
        statement = "SELECT number, heading_path, text FROM passages WHERE number > ? ORDER BY number LIMIT ?"
        while rows := self._all(statement, (last, PORTION)):
            yield from (("\n".join(json.loads(row[1])), row[2]) for row in rows)
            last = rows[-1][0]

    def vectors(self) -> tuple[npt.NDArray[np.int64], FloatArray]:
        """Numbers of all embedded passages and their vectors, row by row."""
        with self._mutex, explained(self.home):
            count, dimension = self._one("SELECT count(*) FROM vectors")[0], self.embedder[1]
            numbers, matrix = np.empty(count, dtype=np.int64), np.empty((count, dimension), dtype=np.float32)
            cursor, done = self._connection.execute("SELECT passage, data FROM vectors ORDER BY passage"), 0
            # In portions: fetched at once, the vectors would be in memory three times.
            while part := cursor.fetchmany(min(PORTION, count - done)):
                end = done + len(part)
                numbers[done:end] = [row[0] for row in part]
                matrix[done:end] = np.frombuffer(b"".join(row[1] for row in part), dtype="<f4").reshape(-1, dimension)
                done = end
        return numbers, matrix

    def files(self) -> dict[str, tuple[FileMark, str]]:
        """Known files by path, with the document each holds."""
        rows = self._all("SELECT path, size, modified, document_id FROM files")
        return {row[0]: (FileMark(row[0], row[1], row[2]), row[3]) for row in rows}

    def has(self, document_id: str) -> bool:
        return bool(self._all("SELECT 1 FROM documents WHERE document_id = ?", (document_id,)))

    @property
    def tagger(self) -> str:
        """Version of the rules that made the passages' tags."""
        return self._meta("tagger")

    def without_vectors(self, limit: int) -> list[tuple[int, str]]:
        """Numbers and texts of passages that still need a vector."""
        rows = self._all(
            "SELECT number, text FROM passages WHERE number NOT IN (SELECT passage FROM vectors) "
            "ORDER BY number LIMIT ?",
            (limit,),
        )
        return [(row[0], row[1]) for row in rows]

    # ---- inside ------------------------------------------------------------------------------------------------

    def _meta(self, key: str) -> str:
        rows = self._all("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def _one(self, statement: str) -> Any:
        return self._all(statement)[0]

    def _all(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._mutex, explained(self.home):
            return self._connection.execute(statement, values).fetchall()
