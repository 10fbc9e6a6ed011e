"""Tables of the library file and how older files are brought up to date. Knows SQL and nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from assistant.errors import StoreError

APPLICATION_ID = 0x4E494741
"""“NIGA” in the file header: tells our files from other SQLite files."""

VERSION = 1

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    unit TEXT,
    year INTEGER,
    doc_type TEXT,
    corrected INTEGER NOT NULL DEFAULT 0,
    headings TEXT NOT NULL,
    warnings TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents(document_id) ON DELETE CASCADE,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX files_by_document ON files(document_id);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents(number) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    role TEXT,
    tags TEXT NOT NULL,
    heading_path TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX passages_by_document ON passages(document);
CREATE INDEX passages_for_ranking ON passages(number, document, role, tags);
CREATE TABLE vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages(number) ON DELETE CASCADE,
    data BLOB NOT NULL
);
"""

MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {}
"""From a version to the next one; each runs inside the transaction that raises the version."""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty file, in one transaction."""
    script = f"BEGIN IMMEDIATE; {TABLES} PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={VERSION}; COMMIT;"
    connection.executescript(script)


def version_of(connection: sqlite3.Connection) -> int:
    """Schema version of the file; 0 for an empty file.

    Raises:
        StoreError: the file belongs to another program.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if version and application != APPLICATION_ID:
        raise StoreError("资料库文件不是拟稿的资料库。请检查 --library 或 NIGAO_HOME 指向的文件夹。")
    return int(version)


def check_version(version: int) -> None:
    """Refuse files of a newer program.

    Raises:
        StoreError: the file was written by a later version.
    """
    if version > VERSION:
        raise StoreError(
            f"资料库由更新版本的拟稿建立（格式 {version}，本程序支持到 {VERSION}）。请升级本程序后再打开。"
        )


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring an older file up to `VERSION`, one transaction per step."""
    while version < VERSION:
        connection.execute("BEGIN IMMEDIATE")
        try:
            MIGRATIONS[version](connection)
            connection.execute(f"PRAGMA user_version={version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        version += 1
