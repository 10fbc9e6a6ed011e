"""The library's file: its lock, its connection, what its errors mean, and backups of it."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import schema
from assistant.errors import InputError, LockedError, StoreError

if TYPE_CHECKING:
    from filelock import BaseFileLock

FILE_NAME = "library.db"
LOCK_NAME = "library.lock"
BUSY_MILLISECONDS = 10_000


def take_lock(home: Path) -> BaseFileLock:
    """The writer's lock of a library, or LockedError at once."""
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


def connect(path: Path, write: bool) -> sqlite3.Connection:
    """Open the library file; a writer makes or migrates it."""
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
def explained(home: Path) -> Iterator[None]:
    """Turn errors of SQLite into ones that say what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise LockedError("资料库正忙，等待超时。请稍后再试。") from error
        if "full" in text:
            raise StoreError(f"磁盘空间不足，资料库 {home} 没有改动。请清理空间后重试。") from error
        advice = "请检查权限和磁盘；必要时用 nigao library restore 恢复备份。"
        raise StoreError(f"资料库 {home} 无法读写（{text}）。{advice}") from error
    except sqlite3.DatabaseError as error:
        advice = "请用 nigao library restore 恢复备份，或重新导入材料。"
        raise StoreError(f"资料库 {home} 已损坏（{error}）。{advice}") from error


def copy_to(source: sqlite3.Connection, path: Path) -> None:
    """Copy a library, as it is at one moment, into a new file that stands on its own."""
    # VACUUM INTO would be refused on a connection that only reads.
    path.unlink(missing_ok=True)
    target = sqlite3.connect(path, isolation_level=None)
    try:
        source.backup(target)
        # The copy says it has a log beside it; without one it is a single file that can be opened from anywhere.
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        target.close()


def set_damaged_aside(home: Path) -> None:
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


def open_backup(path: Path) -> sqlite3.Connection:
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
