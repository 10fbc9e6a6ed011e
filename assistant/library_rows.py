"""Rows of the library's tables and the records they stand for. Knows SQL; opens nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from assistant.records import Document, Heading, Passage

FloatArray = npt.NDArray[np.float32]

PASSAGE_QUERY = (
    "SELECT p.number, p.passage_id, d.document_id, p.start, p.stop, p.text, p.heading_path, p.role "
    "FROM passages p JOIN documents d ON d.number = p.document"
)


@dataclass(frozen=True, slots=True)
class FileMark:
    """A file as it was when it was read: absolute path (inside an archive: `archive!member`), bytes, nanoseconds."""

    path: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class PassageRow:
    """What ranking needs to know of a passage without its text. `number` is never used twice in a library;
    `tags` are its functions in a report with their strengths, as `tags_of` reads them."""

    number: int
    document: int
    role: str | None
    tags: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document without its text; `passages` and `length` (characters) are 0 when nobody asked for sizes."""

    number: int
    document_id: str
    name: str
    title: str
    unit: str | None
    year: int | None
    doc_type: str | None
    corrected: int = 0
    passages: int = 0
    length: int = 0


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


def insert_document(connection: sqlite3.Connection, document: Document) -> int:
    """Store a document; its number."""
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


def insert_passage(connection: sqlite3.Connection, document: int, passage: Passage, tags: str) -> int:
    """Store a passage of a document; its number."""
    path = json.dumps(passage.heading_path, ensure_ascii=False)
    cursor = connection.execute(
        "INSERT INTO passages (passage_id, document, start, stop, role, tags, heading_path, text) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (passage.passage_id, document, passage.start, passage.end, passage.role, tags, path, passage.text),
    )
    return int(cursor.lastrowid or 0)


def move_file(connection: sqlite3.Connection, mark: FileMark, document_id: str) -> None:
    """Point a path to its document; an older document that no file holds any more is deleted."""
    older = connection.execute("SELECT document_id FROM files WHERE path = ?", (mark.path,)).fetchone()
    row = (mark.path, document_id, mark.size, mark.modified)
    connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", row)
    if older and older[0] != document_id:
        connection.execute(
            "DELETE FROM documents WHERE document_id = ? AND document_id NOT IN (SELECT document_id FROM files)",
            (older[0],),
        )


def tag_text(tags: Mapping[str, float]) -> str:
    """Tags as stored: `name=strength` with blanks between."""
    return " ".join(f"{name}={strength:.2f}" for name, strength in sorted(tags.items()))


def tags_of(text: str) -> list[tuple[str, float]]:
    """Names and strengths from their stored form."""
    return [(name, float(strength)) for name, _, strength in (item.partition("=") for item in text.split())]


def blob(vector: FloatArray) -> bytes:
    """A vector as stored: little-endian float32."""
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def document_of(row: sqlite3.Row) -> Document:
    """A document from its row."""
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


def passage_of(row: sqlite3.Row) -> Passage:
    """A passage from a row of `PASSAGE_QUERY`."""
    return Passage(
        passage_id=row["passage_id"],
        document_id=row["document_id"],
        start=row["start"],
        end=row["stop"],
        text=row["text"],
        heading_path=tuple(json.loads(row["heading_path"])),
        role=row["role"],
    )
