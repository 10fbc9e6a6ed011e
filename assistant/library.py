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
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from assistant import schema
from assistant.errors import InputError, LockedError, StoreError
from assistant.records import Document, Heading, Passage

if TYPE_CHECKING:
    from filelock import BaseFileLock

FILE_NAME = "library.db"
LOCK_NAME = "library.lock"
BUSY_MILLISECONDS = 10_000
PAGE = 500
"""Rows fetched with one statement."""

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FileMark:
    """A file as it was when it was read: absolute path (inside an archive: `archive!member`), bytes, nanoseconds."""

    path: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class PassageRow:
    """What ranking needs to know of a passage without its text. `number` is never used twice in a library;
    `tags` are its functions in a report with their strengths."""

    number: int
    document: int
    start: int
    role: str | None
    tags: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document without its text."""

    number: int
    document_id: str
    name: str
    title: str
    unit: str | None
    year: int | None
    doc_type: str | None
    passages: int = 0
    length: int = 0
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """Size and state. `pending` counts passages without a vector; `size` is in bytes."""

    documents: int
    passages: int
    pending: int
    size: int
    embedder: str
    dimension: int
    revision: int
    schema: int


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
        lock = _take_lock(home) if write else None
        try:
            with _explained(home):
                connection = _connect(home / FILE_NAME, write)
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

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
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
        with self._mutex, _explained(self.home):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("COMMIT")

    # ---- reading -----------------------------------------------------------------------------------------------

    def documents(self) -> list[Document]:
        """All documents with their texts, in the order they came in."""
        rows = self._all("SELECT * FROM documents ORDER BY number")
        return [_document(row) for row in rows]

    def document_rows(self) -> list[DocumentRow]:
        """All documents without their texts."""
        rows = self._all(
            "SELECT d.number, document_id, name, title, unit, year, doc_type, count(p.number), length(d.text), corrected "
            "FROM documents d LEFT JOIN passages p ON p.document = d.number GROUP BY d.number ORDER BY d.number"
        )
        return [DocumentRow(*row[:9], corrected=bool(row[9])) for row in rows]

    def document(self, document_id: str) -> Document:
        """One document with its text.

        Raises:
            InputError: it is not in the library.
        """
        rows = self._all("SELECT * FROM documents WHERE document_id = ?", (document_id,))
        if not rows:
            raise InputError(f"资料库中没有编号为 {document_id} 的材料。请用 nigao library list 查看。")
        return _document(rows[0])

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document in their order."""
        rows = self._all(
            f"{_PASSAGE} WHERE d.document_id = ? ORDER BY p.start, p.number",
            (document_id,),
        )
        return [_passage(row) for row in rows]

    def passages_by_number(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """Passages by their numbers; numbers that are gone are left out."""
        found: dict[int, Passage] = {}
        for at in range(0, len(numbers), PAGE):
            part = [int(number) for number in numbers[at : at + PAGE]]
            marks = ",".join("?" * len(part))
            found.update((row["number"], _passage(row)) for row in self._all(f"{_PASSAGE} WHERE p.number IN ({marks})", part))
        return found

    def passage_rows(self) -> list[PassageRow]:
        """All passages without their texts, by number."""
        rows = self._all("SELECT number, document, start, role, tags FROM passages ORDER BY number")
        return [PassageRow(row[0], row[1], row[2], row[3], _tags(row[4])) for row in rows]

    def passage_texts(self) -> list[tuple[str, str]]:
        """(headings, text) of all passages, by number; headings are joined by line breaks."""
        rows = self._all("SELECT heading_path, text FROM passages ORDER BY number")
        return [("\n".join(json.loads(row[0])), row[1]) for row in rows]

    def vectors(self) -> tuple[npt.NDArray[np.int64], FloatArray]:
        """Numbers of all embedded passages and their vectors, row by row."""
        rows = self._all("SELECT passage, data FROM vectors ORDER BY passage")
        numbers = np.array([row[0] for row in rows], dtype=np.int64)
        dimension = self.embedder[1]
        data = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
        return numbers, data.reshape(len(rows), dimension).astype(np.float32, copy=False)

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
            number = _insert_document(connection, document)
            for index, passage in enumerate(passages):
                row = _insert_passage(connection, number, passage, _tag_text(tags[index] if tags else {}))
                connection.execute("INSERT INTO vectors VALUES (?, ?)", (row, _blob(vectors[index])))
            if mark:
                _move_file(connection, mark, document.document_id)

    def note_file(self, mark: FileMark, document_id: str, name: str | None = None) -> None:
        """Remember that a file holds a known document (a copy, a moved or a touched file).

        Args:
            name: the name the document has now, when the file was renamed.
        """
        with self._transaction() as connection:
            _move_file(connection, mark, document_id)
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
        with self._mutex, _explained(self.home):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def drop_vectors(self, embedder: str, dimension: int) -> None:
        """Forget all vectors, because another model will make them anew."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM vectors")
            self._set_meta("embedder", embedder)
            self._set_meta("dimension", str(dimension))
            self._set_meta("epoch", uuid.uuid4().hex)

    def without_vectors(self, limit: int) -> list[tuple[int, str]]:
        """Numbers and texts of passages that still need a vector."""
        rows = self._all(
            "SELECT number, text FROM passages WHERE number NOT IN (SELECT passage FROM vectors) ORDER BY number LIMIT ?",
            (limit,),
        )
        return [(row[0], row[1]) for row in rows]

    def set_vectors(self, numbers: Iterable[int], vectors: FloatArray) -> None:
        """Store vectors of passages that have none."""
        with self._transaction() as connection:
            rows = [(number, _blob(vector)) for number, vector in zip(numbers, vectors, strict=True)]
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
            with self._mutex, _explained(self.home):
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
        source = _open_backup(path)
        try:
            if cls.exists(home) and not replace:
                raise InputError(f"{home} 中已有资料库。确实要替换，请加 --force。")
            _set_damaged_aside(home)
            with cls.open(home, write=True) as library:
                library._take_over(source)
        finally:
            source.close()

    def _take_over(self, source: sqlite3.Connection) -> None:
        with self._mutex, _explained(self.home):
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
        with self._mutex, _explained(self.home):
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
        with self._mutex, _explained(self.home):
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


_PASSAGE = (
    "SELECT p.number, p.passage_id, d.document_id, p.start, p.stop, p.text, p.heading_path, p.role "
    "FROM passages p JOIN documents d ON d.number = p.document"
)


def _take_lock(home: Path) -> BaseFileLock:
    from filelock import FileLock, Timeout

    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / LOCK_NAME, is_singleton=False)
        lock.acquire(timeout=0)
    except Timeout:
        raise LockedError("另一个程序正在写入这个资料库。请等它完成后再试；查找和起草不受影响。") from None
    except OSError as error:
        raise StoreError(f"资料库文件夹 {home} 不能写入：{error.strerror}。请检查权限和磁盘空间。") from error
    return lock


def _connect(path: Path, write: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        connection.execute("PRAGMA foreign_keys=ON")
        version = schema.version_of(connection)
        schema.check_version(version)
        if write:
            _prepare(connection, version)
        else:
            _check_readable(connection, version)
        return connection
    except BaseException:
        connection.close()
        raise


def _prepare(connection: sqlite3.Connection, version: int) -> None:
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    if version == 0:
        schema.create(connection)
        connection.execute("INSERT OR IGNORE INTO meta VALUES ('identity', ?)", (uuid.uuid4().hex,))
    schema.migrate(connection, schema.version_of(connection))


def _check_readable(connection: sqlite3.Connection, version: int) -> None:
    if version == 0:
        raise StoreError("资料库是空的。请先运行 nigao ingest 导入往年材料。")
    if version < schema.VERSION:
        raise StoreError("资料库是旧格式。请运行一次 nigao library rebuild 升级。")
    connection.execute("PRAGMA query_only=ON")


@contextmanager
def _explained(home: Path) -> Iterator[None]:
    """Turn errors of SQLite into ones that say what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise LockedError("资料库正忙，等待超时。请稍后再试。") from error
        if "full" in text:
            raise StoreError(f"磁盘空间不足，资料库 {home} 没有改动。请清理空间后重试。") from error
        raise StoreError(f"资料库 {home} 无法读写（{text}）。请检查权限和磁盘；必要时用 nigao library restore 恢复备份。") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"资料库 {home} 已损坏（{error}）。请用 nigao library restore 恢复备份，或重新导入材料。") from error


def _set_damaged_aside(home: Path) -> None:
    """Keep a library file that SQLite cannot open under another name, so that a backup can take its place."""
    path = home / FILE_NAME
    if not path.exists():
        return
    try:
        connection = sqlite3.connect(path)
        try:
            connection.execute("PRAGMA quick_check").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        path.replace(home / (FILE_NAME + ".damaged"))
        for suffix in ("-wal", "-shm"):
            (home / (FILE_NAME + suffix)).unlink(missing_ok=True)


def _open_backup(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise InputError(f"找不到备份文件 {path}。")
    source = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        version = schema.version_of(source)
        sound = source.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        if version == 0 or not sound:
            raise InputError(f"{path} 不是完好的资料库备份。请另选一个备份文件。")
        schema.check_version(version)
    except (sqlite3.DatabaseError, InputError, StoreError) as error:
        source.close()
        if isinstance(error, sqlite3.DatabaseError):
            raise InputError(f"{path} 不是资料库备份，或已损坏。请另选一个备份文件。") from error
        raise
    return source


def _insert_document(connection: sqlite3.Connection, document: Document) -> int:
    cursor = connection.execute(
        "INSERT INTO documents (document_id, name, title, unit, year, doc_type, headings, warnings, text) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document.document_id,
            document.name,
            document.title,
            document.unit,
            document.year,
            document.doc_type,
            json.dumps([asdict(heading) for heading in document.headings], ensure_ascii=False),
            json.dumps(document.warnings, ensure_ascii=False),
            document.text,
        ),
    )
    return int(cursor.lastrowid or 0)


def _insert_passage(connection: sqlite3.Connection, document: int, passage: Passage, tags: str) -> int:
    path = json.dumps(passage.heading_path, ensure_ascii=False)
    cursor = connection.execute(
        "INSERT INTO passages (passage_id, document, start, stop, role, tags, heading_path, text) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (passage.passage_id, document, passage.start, passage.end, passage.role, tags, path, passage.text),
    )
    return int(cursor.lastrowid or 0)


def _move_file(connection: sqlite3.Connection, mark: FileMark, document_id: str) -> None:
    """Point a path to its document; an older document that no file holds any more is deleted."""
    older = connection.execute("SELECT document_id FROM files WHERE path = ?", (mark.path,)).fetchone()
    connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (mark.path, document_id, mark.size, mark.modified))
    if older and older[0] != document_id:
        connection.execute(
            "DELETE FROM documents WHERE document_id = ? AND document_id NOT IN (SELECT document_id FROM files)", older[:1]
        )


def _tag_text(tags: Mapping[str, float]) -> str:
    return " ".join(f"{name}={strength:.2f}" for name, strength in sorted(tags.items()))


def _tags(text: str) -> Mapping[str, float]:
    pairs = (item.partition("=") for item in text.split())
    return {name: float(strength) for name, _, strength in pairs}


def _blob(vector: FloatArray) -> bytes:
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def _document(row: sqlite3.Row) -> Document:
    return Document(
        document_id=row["document_id"],
        name=row["name"],
        text=row["text"],
        title=row["title"],
        unit=row["unit"],
        year=row["year"],
        doc_type=row["doc_type"],
        headings=tuple(Heading(**heading) for heading in json.loads(row["headings"])),
        warnings=tuple(json.loads(row["warnings"])),
    )


def _passage(row: sqlite3.Row) -> Passage:
    return Passage(
        passage_id=row["passage_id"],
        document_id=row["document_id"],
        start=row["start"],
        end=row["stop"],
        text=row["text"],
        heading_path=tuple(json.loads(row["heading_path"])),
        role=row["role"],
    )
