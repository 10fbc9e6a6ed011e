"""Saved works of the writers: notes, drafted sections, versions, decisions on findings.

One SQLite file in the settings' home. Every write is one transaction, so a kill at any moment loses no finished
section. Saving the notes needs the revision that the caller last saw: two tabs cannot overwrite each other silently.
Knows nothing about models, retrieval or the web.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ConflictError, InputError, StoreError
from assistant.records import DraftSection

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_SCHEMA = """
CREATE TABLE IF NOT EXISTS works (
    work_id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, notes TEXT NOT NULL,
    revision INTEGER NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sections (
    work_id TEXT NOT NULL REFERENCES works ON DELETE CASCADE, path TEXT NOT NULL, body TEXT NOT NULL,
    updated TEXT NOT NULL, PRIMARY KEY (work_id, path));
CREATE TABLE IF NOT EXISTS versions (
    version_id TEXT PRIMARY KEY, work_id TEXT NOT NULL REFERENCES works ON DELETE CASCADE, label TEXT NOT NULL,
    created TEXT NOT NULL, notes TEXT NOT NULL, sections TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS decisions (
    work_id TEXT NOT NULL REFERENCES works ON DELETE CASCADE, finding TEXT NOT NULL, decision TEXT NOT NULL,
    PRIMARY KEY (work_id, finding));
PRAGMA user_version = 1;
"""


@dataclass(frozen=True, slots=True)
class Work:
    """One report in the making. `revision` counts the saved states of the notes."""

    work_id: str
    owner: str
    title: str
    notes: str
    revision: int
    updated: str


@dataclass(frozen=True, slots=True)
class Version:
    """A kept state of a work: notes and sections as they were."""

    version_id: str
    label: str
    created: str
    notes: str
    sections: tuple[DraftSection, ...]


class Workspace:
    """All works in `home`. Safe to use from several threads: each call opens its own connection.

    Raises:
        StoreError: the file cannot be opened or written (disk full, no permission).
        InputError: the work does not exist or belongs to somebody else.
        ConflictError: `revision` is not the newest one.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "workspace.db"
        home.mkdir(parents=True, exist_ok=True)
        with self._connection() as db:
            db.executescript(_SCHEMA)

    def create(self, owner: str, title: str, notes: str = "") -> Work:
        """A new work of `owner`."""
        work_id, now = uuid.uuid4().hex, _now()
        with self._connection() as db:
            db.execute("INSERT INTO works VALUES (?, ?, ?, ?, 1, ?, ?)", (work_id, owner, title, notes, now, now))
        return Work(work_id, owner, title, notes, 1, now)

    def works(self, owner: str) -> list[Work]:
        """The works of `owner`, newest first."""
        with self._connection() as db:
            rows = db.execute(f"{_SELECT_WORK} WHERE owner = ? ORDER BY updated DESC, rowid DESC", (owner,))
            return [Work(*row) for row in rows]

    def work(self, owner: str, work_id: str) -> Work:
        """One work."""
        with self._connection() as db:
            return self._own(db, owner, work_id)

    def save_notes(self, owner: str, work_id: str, notes: str, revision: int, title: str | None = None) -> Work:
        """Save the notes (and title) over the state numbered `revision`.

        Returns:
            The work with its new revision. Saving what is already there changes nothing.
        """
        with self._connection() as db:
            work = self._own(db, owner, work_id)
            if revision != work.revision:
                raise ConflictError("这份材料已在别的窗口改过，您这里的修改没有覆盖它：请刷新查看后再决定保留哪一份。")
            if notes == work.notes and title in (None, work.title):
                return work
            new = Work(work_id, owner, title or work.title, notes, revision + 1, _now())
            db.execute(
                "UPDATE works SET title = ?, notes = ?, revision = ?, updated = ? WHERE work_id = ?",
                (new.title, new.notes, new.revision, new.updated, work_id),
            )
        return new

    def delete(self, owner: str, work_id: str) -> None:
        """Remove a work with its sections and versions."""
        with self._connection() as db:
            self._own(db, owner, work_id)
            db.execute("DELETE FROM works WHERE work_id = ?", (work_id,))

    def save_section(self, owner: str, work_id: str, section: DraftSection) -> None:
        """Keep one finished section; an earlier text of the same heading path is replaced."""
        self.save_sections(owner, work_id, [section])

    def save_sections(self, owner: str, work_id: str, sections: Sequence[DraftSection]) -> None:
        """Keep several sections, all or none."""
        rows = [(work_id, _path_key(section.path), _dump([section]), _now()) for section in sections]
        with self._connection() as db:
            self._own(db, owner, work_id)
            db.executemany(
                "INSERT INTO sections VALUES (?, ?, ?, ?) ON CONFLICT (work_id, path) DO UPDATE "
                "SET body = excluded.body, updated = excluded.updated",
                rows,
            )

    def sections(self, owner: str, work_id: str) -> dict[tuple[str, ...], DraftSection]:
        """The kept sections by heading path."""
        with self._connection() as db:
            self._own(db, owner, work_id)
            rows = db.execute("SELECT body FROM sections WHERE work_id = ? ORDER BY rowid", (work_id,)).fetchall()
        kept = [section for (body,) in rows for section in _load(body)]
        return {section.path: section for section in kept}

    def clear_sections(self, owner: str, work_id: str) -> None:
        """Forget the drafted text, for a fresh run. Versions stay."""
        with self._connection() as db:
            self._own(db, owner, work_id)
            db.execute("DELETE FROM sections WHERE work_id = ?", (work_id,))

    def save_version(self, owner: str, work_id: str, label: str) -> str:
        """Keep the present notes and sections as a version; returns its id."""
        sections = list(self.sections(owner, work_id).values())
        version_id = uuid.uuid4().hex
        with self._connection() as db:
            work = self._own(db, owner, work_id)
            db.execute(
                "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?)",
                (version_id, work_id, label, _now(), work.notes, _dump(sections)),
            )
        return version_id

    def versions(self, owner: str, work_id: str) -> list[Version]:
        """The versions of a work, newest first."""
        with self._connection() as db:
            self._own(db, owner, work_id)
            rows = db.execute(
                "SELECT version_id, label, created, notes, sections FROM versions WHERE work_id = ? "
                "ORDER BY created DESC, rowid DESC",
                (work_id,),
            ).fetchall()
        return [Version(row[0], row[1], row[2], row[3], tuple(_load(row[4]))) for row in rows]

    def restore(self, owner: str, work_id: str, version_id: str) -> Work:
        """Bring a version back; the present state is kept as a version first."""
        wanted = next((v for v in self.versions(owner, work_id) if v.version_id == version_id), None)
        if wanted is None:
            raise InputError("没有找到这个版本，可能已被删除。请刷新版本列表。")
        self.save_version(owner, work_id, f"恢复“{wanted.label}”之前")
        with self._connection() as db:
            work = self._own(db, owner, work_id)
            db.execute(
                "UPDATE works SET notes = ?, revision = revision + 1, updated = ? WHERE work_id = ?",
                (wanted.notes, _now(), work_id),
            )
            db.execute("DELETE FROM sections WHERE work_id = ?", (work_id,))
            rows = [(work_id, _path_key(s.path), _dump([s]), _now()) for s in wanted.sections]
            db.executemany("INSERT INTO sections VALUES (?, ?, ?, ?)", rows)
        return self.work(owner, work.work_id)

    def decide(self, owner: str, work_id: str, finding: str, decision: str) -> None:
        """Remember what the writer decided on a finding (采纳, 忽略); an empty decision forgets it."""
        with self._connection() as db:
            self._own(db, owner, work_id)
            db.execute("DELETE FROM decisions WHERE work_id = ? AND finding = ?", (work_id, finding))
            if decision:
                db.execute("INSERT INTO decisions VALUES (?, ?, ?)", (work_id, finding, decision))

    def decisions(self, owner: str, work_id: str) -> dict[str, str]:
        """The writer's decisions by finding key."""
        with self._connection() as db:
            self._own(db, owner, work_id)
            rows = db.execute("SELECT finding, decision FROM decisions WHERE work_id = ?", (work_id,)).fetchall()
        return dict(rows)

    def _own(self, db: sqlite3.Connection, owner: str, work_id: str) -> Work:
        row = db.execute(f"{_SELECT_WORK} WHERE work_id = ? AND owner = ?", (work_id, owner)).fetchone()
        if row is None:
            raise InputError("没有找到这份材料，可能已被删除，或者属于别的账号。")
        return Work(*row)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            db = sqlite3.connect(self._path, timeout=10)
        except sqlite3.Error as error:
            raise StoreError(f"打不开工作区文件 {self._path}：{error}。请检查该文件夹的权限。") from error
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA secure_delete = ON")
            with db:
                yield db
        except sqlite3.Error as error:
            raise StoreError(f"保存工作区失败：{error}。请检查磁盘空间和权限，已保存的内容没有丢失。") from error
        finally:
            db.close()


_SELECT_WORK = "SELECT work_id, owner, title, notes, revision, updated FROM works"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _path_key(path: Sequence[str]) -> str:
    return json.dumps(list(path), ensure_ascii=False)


@cache
def _adapter() -> TypeAdapter[list[DraftSection]]:
    from pydantic import TypeAdapter

    return TypeAdapter(list[DraftSection])


def _dump(sections: Sequence[DraftSection]) -> str:
    return json.dumps([asdict(section) for section in sections], ensure_ascii=False)


def _load(body: str) -> list[DraftSection]:
    return _adapter().validate_json(body)
