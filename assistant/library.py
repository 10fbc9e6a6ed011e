"""The library of past reports: one SQLite file, the only truth. Knows nothing about models, Chroma or ranking.

One writer at a time (a lock file that the system releases when the process dies), any number of readers. Every change
is one transaction that also raises the library's revision: a killed process leaves a document wholly in or wholly out,
and whatever was derived from the library can tell that it is behind.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from assistant import schema
from assistant.errors import InputError, StoreError
from assistant.library_file import FILE_NAME, connect, copy_to, explained, open_backup, set_damaged_aside, take_lock
from assistant.library_reader import FloatArray, LibraryReader
from assistant.library_rows import (
    DocumentRow,
    FileMark,
    LibraryStatus,
    PassageRow,
    blob,
    insert_document,
    insert_passage,
    move_file,
    tag_text,
)
from assistant.records import Document, Passage

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["DocumentRow", "FileMark", "Library", "LibraryStatus", "PassageRow"]


class Library(LibraryReader):
    """An open library. Use `Library.open`; close it or use it in a `with` statement. Safe to use from threads."""

    def __init__(self, home: Path, connection: sqlite3.Connection, lock: BaseFileLock | None) -> None:
        super().__init__(home, connection)
        self._lock = lock

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

    def replace_tags(self, tags: Mapping[str, Mapping[str, float]], tagger: str) -> None:
        """Store the tags of passages, by passage id, as made by a version of the rules."""
        with self._transaction() as connection:
            rows = [(tag_text(found), passage_id) for passage_id, found in tags.items()]
            connection.executemany("UPDATE passages SET tags = ? WHERE passage_id = ?", rows)
            self._set_meta("tagger", tagger)

    def set_vectors(self, numbers: Iterable[int], vectors: FloatArray) -> None:
        """Store vectors of passages that have none."""
        with self._transaction() as connection:
            rows = [(number, blob(vector)) for number, vector in zip(numbers, vectors, strict=True)]
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    # ---- backup ------------------------------------------------------------------------------------------------

    def backup(self, path: Path) -> None:
        """Write the whole library as one file; readers and the writer go on meanwhile.

        Raises:
            InputError: the file exists already or cannot be written, or its folder is not there.
        """
        if path.exists():
            raise InputError(f"{path} 已经存在。请换一个文件名，以免覆盖。")
        if not path.parent.is_dir():
            raise InputError(f"文件夹 {path.parent} 不存在。请先建好，或换一个位置。")
        partial = path.with_name(path.name + ".part")
        try:
            partial.touch()  # a place that cannot be written is no damage of the library
            with self._mutex, explained(self.home):
                copy_to(self._connection, partial)
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

    def _set_meta(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

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
