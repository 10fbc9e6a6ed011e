"""The library of past reports: one SQLite file, the only truth. Knows nothing about models, Chroma or ranking.

One writer at a time (a lock file that the system releases when the process dies), any number of readers. Every change
is one transaction that also raises the library's revision: a killed process leaves a document wholly in or wholly out,
and whatever was derived from the library can tell that it is behind.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from assistant import schema
from assistant.errors import InputError, StoreError
from assistant.library_file import FILE_NAME, connect, explained, open_backup, set_damaged_aside, take_lock
from assistant.library_rows import (
    PASSAGE_QUERY,
    DocumentRow,
    FileMark,
    LibraryStatus,
    PassageRow,
    blob,
    document_of,
    insert_document,
    insert_passage,
    move_file,
    passage_of,
    tag_text,
)
from assistant.records import Document, Passage

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["DocumentRow", "FileMark", "Library", "LibraryStatus", "PassageRow"]

PAGE = 500
"""Passages asked for with one statement."""
PORTION = 4096
"""Vectors fetched at a time."""

FloatArray = npt.NDArray[np.float32]


class Library:
    """An open library. Use `Library.open`; close it or use it in a `with` statement. Safe to use from threads."""

    def __init__(self, home: Path, connection: sqlite3.Connection, lock: BaseFileLock | None) -> None:
        self.home = home
        self._connection = connection
        self._lock = lock
        self._mutex = threading.RLock()

    # ---- opening and closing -----------------------------------------------------------------------------------

    @staticmethod
    def exists(home: Path) -> bool:
        return (home / FILE_NAME).is_file()

    @classmethod
    def open(cls, home: Path, *, write: bool = False) -> Library:
        """Open the library in a folder; a writer makes it when it is not there.

        Raises:
            LockedError: another process is writing (only with `write`), told at once.
            StoreError: there is no library (readers), or the file is damaged or of a newer version.
        """
        if not write and not cls.exists(home):
            raise StoreError(f"{home} 中还没有资料库。请先运行 nigao ingest 导入往年材料。")
        lock = take_lock(home) if write else None
        try:
            with explained(home):
                connection = connect(home / FILE_NAME, write)
        except BaseException:
            if lock:
                lock.release()
            raise
        return cls(home, connection, lock)

    def close(self) -> None:
        """Let go of the file and of the writer's lock."""
        with self._mutex:
            try:
                if self._lock:
                    self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error:
                pass  # readers may hold the log; nothing is lost, a later close empties it
            self._connection.close()
            if self._lock:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

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
        if self.pending():
            raise StoreError("资料库的向量上次没有重建完。请运行 nigao library rebuild 接着完成。")

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
        rows = self._all("SELECT number, document, role, tags FROM passages INDEXED BY passages_for_ranking ORDER BY number")
        return [PassageRow(*row) for row in rows]

    def passage_texts(self) -> list[tuple[str, str]]:
        """(headings, text) of all passages, by number; headings are joined by line breaks."""
        rows = self._all("SELECT heading_path, text FROM passages ORDER BY number")
        return [("\n".join(json.loads(row[0])), row[1]) for row in rows]

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

    # ---- writing -----------------------------------------------------------------------------------------------

    def add(
        self,
        document: Document,
        passages: Sequence[Passage],
        vectors: FloatArray,
        *,
        tags: Sequence[Mapping[str, float]] = (),
        embedder: str = "",
        mark: FileMark | None = None,
    ) -> None:
        """Store a document with its passages and vectors, in one transaction.

        A document with the same id is replaced. When `mark` names a file that held another document until now and no
        other file holds it, that older document goes in the same transaction.

        Raises:
            StoreError: vectors and passages do not fit together, or the vectors are of another model.
        """
        if len(passages) != len(vectors):
            raise StoreError("段落与向量的数量不一致，这份材料没有存入。请重新导入。")
        with self._transaction() as connection:
            if len(vectors):
                self._remember_embedder(connection, embedder, vectors.shape[1])
            connection.execute("DELETE FROM documents WHERE document_id = ?", (document.document_id,))
            number = insert_document(connection, document)
            for index, passage in enumerate(passages):
                row = insert_passage(connection, number, passage, tag_text(tags[index] if tags else {}))
                connection.execute("INSERT INTO vectors VALUES (?, ?)", (row, blob(vectors[index])))
            if mark:
                move_file(connection, mark, document.document_id)

    def note_file(self, mark: FileMark, document_id: str, name: str | None = None) -> None:
        """Remember that a file holds a known document (a copy, a moved or a touched file).

        Args:
            name: the name the document has now, when the file was renamed.
        """
        with self._transaction() as connection:
            move_file(connection, mark, document_id)
            if name:
                connection.execute("UPDATE documents SET name = ? WHERE document_id = ?", (name, document_id))

    def forget_file(self, path: str) -> None:
        """Drop the note of a file that is no longer there; its document stays."""
        with self._transaction(changes=False) as connection:
            connection.execute("DELETE FROM files WHERE path = ?", (path,))

    def update_document(
        self,
        document_id: str,
        *,
        title: str,
        unit: str | None,
        year: int | None,
        doc_type: str | None,
    ) -> Document:
        """Correct what was recognised of a document; corrections survive a new reading of the same file.

        Raises:
            InputError: it is not in the library.
        """
        with self._transaction() as connection:
            connection.execute(
                "UPDATE documents SET title = ?, unit = ?, year = ?, doc_type = ?, corrected = 1 WHERE document_id = ?",
                (title, unit, year, doc_type, document_id),
            )
        return self.document(document_id)

    def remove(self, document_id: str) -> None:
        """Delete a document with its passages and vectors; the bytes are overwritten on disk.

        Raises:
            InputError: it is not in the library.
        """
        self.document(document_id)
        with self._transaction() as connection:
            connection.execute("DELETE FROM documents WHERE document_id = ?", (document_id,))
            self._set_meta("epoch", uuid.uuid4().hex)
        with self._mutex, explained(self.home):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def drop_vectors(self, embedder: str, dimension: int) -> None:
        """Forget all vectors, because another model will make them anew."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM vectors")
            self._set_meta("embedder", embedder)
            self._set_meta("dimension", str(dimension))
            self._set_meta("epoch", uuid.uuid4().hex)

    @property
    def tagger(self) -> str:
        """Version of the rules that made the passages' tags."""
        return self._meta("tagger")

    def replace_tags(self, tags: Mapping[str, Mapping[str, float]], tagger: str) -> None:
        """Store the tags of passages, by passage id, as made by a version of the rules."""
        with self._transaction() as connection:
            rows = [(tag_text(found), passage_id) for passage_id, found in tags.items()]
            connection.executemany("UPDATE passages SET tags = ? WHERE passage_id = ?", rows)
            self._set_meta("tagger", tagger)

    def without_vectors(self, limit: int) -> list[tuple[int, str]]:
        """Numbers and texts of passages that still need a vector."""
        rows = self._all(
            "SELECT number, text FROM passages WHERE number NOT IN (SELECT passage FROM vectors) "
            "ORDER BY number LIMIT ?",
            (limit,),
        )
        return [(row[0], row[1]) for row in rows]

    def set_vectors(self, numbers: Iterable[int], vectors: FloatArray) -> None:
        """Store vectors of passages that have none."""
        with self._transaction() as connection:
            rows = [(number, blob(vector)) for number, vector in zip(numbers, vectors, strict=True)]
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    # ---- backup ------------------------------------------------------------------------------------------------

    def backup(self, path: Path) -> None:
        """Write the whole library as one file; readers and the writer go on meanwhile.

        Raises:
            InputError: the file exists already or cannot be written.
        """
        if path.exists():
            raise InputError(f"{path} 已经存在。请换一个文件名，以免覆盖。")
        partial = path.with_name(path.name + ".part")
        try:
            with self._mutex, explained(self.home):
                self._connection.execute("VACUUM INTO ?", (str(partial),))
            partial.replace(path)
        except OSError as error:
            raise InputError(f"备份文件 {path} 写不了：{error.strerror}。请换一个位置。") from error
        finally:
            partial.unlink(missing_ok=True)

    @classmethod
    def restore(cls, path: Path, home: Path, *, replace: bool = False) -> None:
        """Put a backup in place of the library in `home`, in one step; readers keep working.

        Args:
            replace: allow it when there is a library already.

        Raises:
            InputError: the file is not a sound backup, or there is a library and `replace` is not set.
            LockedError: another process is writing.
        """
        source = open_backup(path)
        try:
            if cls.exists(home) and not replace:
                raise InputError(f"{home} 中已有资料库。确实要替换，请加 --force。")
            set_damaged_aside(home)
            with cls.open(home, write=True) as library:
                library._take_over(source)
        finally:
            source.close()

    def _take_over(self, source: sqlite3.Connection) -> None:
        with self._mutex, explained(self.home):
            revision = self.revision
            source.backup(self._connection)
            schema.migrate(self._connection, schema.version_of(self._connection))
            self._set_meta("revision", str(max(revision, self.revision) + 1))
            self._set_meta("epoch", uuid.uuid4().hex)

    # ---- inside ------------------------------------------------------------------------------------------------

    def _meta(self, key: str) -> str:
        rows = self._all("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def _set_meta(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def _one(self, statement: str) -> Any:
        return self._all(statement)[0]

    def _all(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._mutex, explained(self.home):
            return self._connection.execute(statement, values).fetchall()

    def _remember_embedder(self, connection: sqlite3.Connection, name: str, dimension: int) -> None:
        stored, size = self.embedder
        if stored and name and (stored, size) != (name, dimension):
            self.require_embedder(name, dimension)
        if not stored:
            self._set_meta("embedder", name)
            self._set_meta("dimension", str(dimension))

    @contextmanager
    def _transaction(self, *, changes: bool = True) -> Iterator[sqlite3.Connection]:
        if self._lock is None:
            raise StoreError("资料库是以只读方式打开的，不能修改。")
        with self._mutex, explained(self.home):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                if changes:
                    self._set_meta("revision", str(self.revision + 1))
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
