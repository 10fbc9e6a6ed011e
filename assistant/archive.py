"""Files -> documents -> passages -> vectors -> library: the stages of an ingest, and of a rebuild.

Each file is stored in one transaction: it is in the library wholly or not at all. A file that has not changed since it
was read costs one look at its size and time.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import snapshot
from assistant.embed import Embedder, load_embedder
from assistant.errors import InputError
from assistant.functions import VERSION, function_strengths, places
from assistant.library import DocumentRow, FileMark, Library
from assistant.records import Passage
from assistant.settings import Settings
from assistant.vectors import VectorIndex

if TYPE_CHECKING:
    from assistant.ingest import FoundFile

REBUILD_BATCH = 256
SHORT_ID = 8
"""Characters of a document's id that are enough to name it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest or a rebuild is: things done of all, what is being done, seconds left (None: unknown yet)."""

    done: int
    total: int
    current: str
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the files. `failed` pairs a file's name with the reason; `documents` and `passages` are the
    library's size afterwards; `cancelled` tells that it was stopped before the end."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    documents: int = 0
    passages: int = 0
    seconds: float = 0.0
    cancelled: bool = False


@dataclass
class _Tally:
    """Counts while an ingest runs."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    cancelled: bool = False


def ingest(
    paths: Sequence[Path],
    settings: Settings,
    *,
    unit: str | None = None,
    year: int | None = None,
    doc_type: str | None = None,
    embedder: Embedder | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
) -> IngestReport:
    """Read files, folders and archives into the library.

    Args:
        paths: what to read.
        settings: where the library is and which embedder fills it.
        unit, year, doc_type: what the writer says about all these files; wins over what the texts say.
        embedder: one that is loaded already.
        on_progress: called before each file and at the end.
        cancel: set it to stop after the current file.

    Raises:
        LockedError: another process is writing.
        StoreError: the library cannot be used, or was built with another embedding model.
    """
    started = time.perf_counter()
    model = embedder or load_embedder(settings)
    with Library.open(settings.home, write=True) as library:
        if library.embedder[0]:
            library.require_embedder(model.name, model.dimension)
        _refresh_tags(library)
        run = _Ingest(library, model, unit, year, doc_type)
        report = on_progress or (lambda _: None)
        run.all(paths, report, cancel or threading.Event())
        _bring_up(library, settings, report)
        status, tally = library.status(), run.tally
    return IngestReport(
        tally.added,
        tally.updated,
        tally.unchanged,
        tuple(tally.failed),
        status.documents,
        status.passages,
        time.perf_counter() - started,
        tally.cancelled,
    )


@dataclass
class _Ingest:
    """One run over many files."""

    library: Library
    embedder: Embedder
    unit: str | None
    year: int | None
    doc_type: str | None
    tally: _Tally = field(default_factory=_Tally)

    def all(self, paths: Sequence[Path], report: Callable[[Progress], None], cancel: threading.Event) -> None:
        from assistant.ingest import find_files

        total, started = sum(1 for _ in find_files(paths)), time.perf_counter()
        known = self.library.files()
        done = 0
        for done, found in enumerate(find_files(paths)):
            if cancel.is_set():
                self.tally.cancelled = True
                return
            report(Progress(done, total, found.name, _left(started, done, total)))
            self.one(found, known)
        report(Progress(total, total, "", 0.0))

    def one(self, found: FoundFile, known: dict[str, tuple[FileMark, str]]) -> None:
        """Take one file; what is wrong with it becomes a line of the report."""
        if found.problem:
            self.tally.failed.append((found.name, found.problem))
            return
        try:
            self._take(found, known)
        except InputError as error:
            self.tally.failed.append((found.name, str(error)))
        except OSError as error:
            self.tally.failed.append((found.name, f"读不了（{error.strerror or '输入输出错误'}）：请检查文件。"))

    def _take(self, found: FoundFile, known: dict[str, tuple[FileMark, str]]) -> None:
        mark, held = _mark(found), known.get(found.origin)
        if held and held[0] == mark and mark.modified and not self._has_wishes:
            self.tally.unchanged += 1
            return
        document_id = _content_id(found.path)
        if self.library.has(document_id):
            renamed = None if held else _moved_name(found, document_id, known)
            self.library.note_file(mark, document_id, renamed)
            self._note_wishes(document_id)
            return
        self._store(found, mark, held[1] if held else None)
        if held:
            self.tally.updated += 1
        else:
            self.tally.added += 1

    def _note_wishes(self, document_id: str) -> None:
        """Apply what the writer says about a document that is in the library already."""
        if not self._has_wishes:
            self.tally.unchanged += 1
            return
        old = self.library.document(document_id)
        self.library.update_document(
            document_id,
            title=old.title,
            unit=self.unit or old.unit,
            year=old.year if self.year is None else self.year,
            doc_type=self.doc_type or old.doc_type,
        )
        self.tally.updated += 1

    def _store(self, found: FoundFile, mark: FileMark, replaces: str | None) -> None:
        from assistant.ingest import read_document
        from assistant.split import split

        corrected = self._corrections(replaces)
        document = read_document(
            found.path,
            unit=self.unit or corrected.unit,
            year=corrected.year if self.year is None else self.year,
            doc_type=self.doc_type or corrected.doc_type,
            name=found.name,
        )
        passages = split(document)
        tags = tag(passages, len(document.text))
        vectors = self.embedder.passages([passage.text for passage in passages])
        self.library.add(document, passages, vectors, tags=tags, embedder=self.embedder.name, mark=mark)

    def _corrections(self, document_id: str | None) -> DocumentRow:
        """What a writer had corrected of the older content of the same file; it holds for the new content too."""
        for row in self.library.document_rows() if document_id else ():
            if row.document_id == document_id and row.corrected:
                return row
        return DocumentRow(0, "", "", "", None, None, None)

    @property
    def _has_wishes(self) -> bool:
        return any(value is not None for value in (self.unit, self.year, self.doc_type))


def rebuild(
    settings: Settings,
    *,
    embedder: Embedder | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
) -> int:
    """Make the vectors that are missing or of another model, and the index.

    A rebuild that was stopped or killed goes on where it was.

    Returns:
        Passages in the library.

    Raises:
        LockedError: another process is writing.
        StoreError: the library cannot be used.
    """
    model = embedder or load_embedder(settings)
    report, stop = on_progress or (lambda _: None), cancel or threading.Event()
    with Library.open(settings.home, write=True) as library:
        if library.embedder != (model.name, model.dimension):
            library.drop_vectors(model.name, model.dimension)
        _refresh_tags(library)
        total, started, done = library.pending(), time.perf_counter(), 0
        while (batch := library.without_vectors(REBUILD_BATCH)) and not stop.is_set():
            library.set_vectors([number for number, _ in batch], model.passages([text for _, text in batch]))
            done += len(batch)
            report(Progress(done, total, "计算向量", _left(started, done, total)))
        if not stop.is_set():
            _bring_up(library, settings, report, anew=True)
        return library.status().passages


def remove(
    documents: Sequence[str], settings: Settings, *, on_progress: Callable[[Progress], None] | None = None
) -> list[str]:
    """Delete documents for good: their texts, their vectors, and the index that held them.

    Args:
        documents: ids (or their first eight characters or more) or file names.

    Returns:
        The names of what was deleted.

    Raises:
        InputError: one of them is not in the library; nothing is deleted then.
        LockedError: another process is writing.
    """
    report = on_progress or (lambda _: None)
    with Library.open(settings.home, write=True) as library:
        rows = library.document_rows()
        found = [row for wanted in documents for row in _named(rows, wanted)]
        gone = list({row.document_id: row for row in found}.values())  # one may be named twice
        for row in gone:
            library.remove(row.document_id)
        snapshot.forget(library.home)
        _bring_up(library, settings, report)
    return [row.name for row in gone]


def _named(rows: list[DocumentRow], wanted: str) -> list[DocumentRow]:
    found = [row for row in rows if wanted in (row.document_id, row.name)]
    if not found and len(wanted) >= SHORT_ID:
        found = [row for row in rows if row.document_id.startswith(wanted)]
    if not found:
        raise InputError(f"资料库中没有“{wanted}”。请用 nigao library list 查看编号和文件名。")
    return found


def _bring_up(library: Library, settings: Settings, report: Callable[[Progress], None], *, anew: bool = False) -> None:
    """Make what searching reads fit the library, so that nobody who searches has to wait for it."""

    def tell(done: int, total: int) -> None:
        if done < total:  # told only when it takes more than one step
            report(Progress(done, total, "更新索引"))

    if library.is_embedded:
        snapshot.bring_up(library)
    index = VectorIndex.open(settings.home, settings.chroma_url)
    try:
        if anew:
            index.discard()
        index.sync(library, tell)
    finally:
        index.close()


def _refresh_tags(library: Library) -> None:
    """Tag all passages anew when an older version of the rules did it."""
    if library.tagger == str(VERSION):
        return
    tags: dict[str, dict[str, float]] = {}
    for row in library.document_rows():
        passages = library.passages(row.document_id)
        found = tag(passages, row.length)
        tags.update((passage.passage_id, names) for passage, names in zip(passages, found, strict=True))
    library.replace_tags(tags, str(VERSION))


def tag(passages: Sequence[Passage], length: int) -> list[dict[str, float]]:
    """What each passage of a document does in it; `length` is the document's, in characters."""
    spots = places([(passage.start, passage.heading_path) for passage in passages], length)
    return [function_strengths(passage.text, spot) for passage, spot in zip(passages, spots, strict=True)]


def _mark(found: FoundFile) -> FileMark:
    status = found.path.stat()
    inside = found.origin != str(found.path.absolute())
    return FileMark(found.origin, status.st_size, 0 if inside else status.st_mtime_ns)


def _content_id(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def _moved_name(found: FoundFile, document_id: str, known: dict[str, tuple[FileMark, str]]) -> str | None:
    """The new name of a document whose only known file is gone: it was moved or renamed."""
    old = [path for path, (_, held) in known.items() if held == document_id]
    return found.name if old and not any(Path(path.partition("!")[0]).exists() for path in old) else None


def _left(started: float, done: int, total: int) -> float | None:
    return (time.perf_counter() - started) / done * (total - done) if done else None
