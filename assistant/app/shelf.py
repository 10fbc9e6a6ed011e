"""The library as the app sees it: documents to list, read in, correct, remove, and to start an outline from.

Uploaded files are kept under `originals` in the settings' home, so that they can be read again later.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.app import starts
from assistant.app.notes_form import Form
from assistant.errors import InputError, NigaoError
from assistant.pipeline import Pipeline
from assistant.records import DOC_TYPES, Brief, Document
from assistant.run import last_reports

if TYPE_CHECKING:
    from assistant.archive import IngestReport, Progress
    from assistant.library import DocumentRow, LibraryStatus


class Shelf:
    """The library of one installation; all writers share it."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._home = pipeline.settings.home

    @property
    def exists(self) -> bool:
        """Whether anything was ever read in."""
        from assistant.library import Library

        return Library.exists(self._home)

    def status(self) -> LibraryStatus | None:
        """Size of the library; None when there is none yet."""
        from assistant.library import Library

        if not self.exists:
            return None
        with Library.open(self._home) as library:
            return library.status()

    def rows(self) -> list[DocumentRow]:
        """The documents, newest year first."""
        from assistant.library import Library

        if not self.exists:
            return []
        with Library.open(self._home) as library:
            rows = library.document_rows()
        return sorted(rows, key=lambda row: (-(row.year or 0), row.title))

    def document(self, document_id: str) -> Document:
        """One document with its text and headings."""
        from assistant.library import Library

        with Library.open(self._home) as library:
            return library.document(document_id)

    def warm(self) -> None:
        """Open the index in the background, so that the first search does not wait for it."""
        if self.exists:
            threading.Thread(target=self._open_index, name="index", daemon=True).start()

    def _open_index(self) -> None:
        with contextlib.suppress(NigaoError):  # whoever searches is told what is wrong
            self._pipeline.search("工作", top=1)

    def take(self, paths: Sequence[Path], on_progress: Callable[[Progress], None] | None = None) -> IngestReport:
        """Read files in; uploads are kept so that they can be read again."""
        kept = [self._keep(path) for path in paths]
        return self._ingest(kept, on_progress)

    def take_samples(self) -> IngestReport:
        """Read in the sample reports that come with the program."""
        return self._ingest([starts.sample_reports()], None)

    def _ingest(self, paths: Sequence[Path], on_progress: Callable[[Progress], None] | None) -> IngestReport:
        """The index is opened before this returns: done behind the writer's back it would slow down what he does next."""
        report = self._pipeline.ingest(paths, on_progress=on_progress)
        self._open_index()
        return report

    def reread(self, on_progress: Callable[[Progress], None] | None = None) -> IngestReport:
        """Read all kept originals again (after an update, say); corrections survive."""
        from assistant.library import Library

        folder = self._home / "originals"
        if not folder.is_dir():
            raise InputError("这里没有保存过上传的原件，无法重读。用命令导入的材料请再运行一次 nigao ingest。")
        with Library.open(self._home, write=True) as library:
            for path in library.files():
                if path.startswith(str(folder)):
                    library.forget_file(path)
        return self._ingest([folder], on_progress)

    def _keep(self, path: Path) -> Path:
        folder = self._home / "originals"
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / path.name
        if target.exists() and target.read_bytes() != path.read_bytes():
            target = folder / f"{path.stem}-{len(list(folder.glob(path.stem + '*'))) + 1}{path.suffix}"
        shutil.copyfile(path, target)
        return target

    def correct(self, document_id: str, *, title: str, unit: str, year: str, doc_type: str) -> Document:
        """Store what the writer says about a document.

        Raises:
            InputError: no title, or a year that is none.
        """
        from assistant.library import Library

        if not title.strip():
            raise InputError("标题不能为空。")
        digits = year.strip().removesuffix("年")
        if digits and not (digits.isdigit() and 1949 <= int(digits) <= 2100):
            raise InputError(f"年份“{year}”不对，应像“2024”这样写，不清楚就留空。")
        with Library.open(self._home, write=True) as library:
            document = library.update_document(
                document_id,
                title=title.strip(),
                unit=unit.strip() or None,
                year=int(digits) if digits else None,
                doc_type=doc_type.strip() or None,
            )
        self._pipeline.close()
        return document

    def remove(self, document_id: str) -> None:
        """Take a document out of the library, with its kept original."""
        from assistant.library import Library

        with Library.open(self._home, write=True) as library:
            files = [Path(path) for path, (_, owner) in library.files().items() if owner == document_id]
            library.remove(document_id)
        for path in files:
            if path.parent == self._home / "originals":
                path.unlink(missing_ok=True)
        self._pipeline.close()

    def outline_of_document(self, document_id: str) -> Form:
        """An outline for this year from a document of the library."""
        return starts.from_report(self.document(document_id))

    def last_year(self, brief: Brief | None, followed: str = "") -> Document | None:
        """The report to read beside this year's: the one whose outline is followed, else last year's of the same unit
        and type; None where the library has neither."""
        from assistant.library import Library

        if not self.exists:
            return None
        with Library.open(self._home) as library:
            if followed and library.has(followed):
                return library.document(followed)
            names = [past.document for past in last_reports(library, brief)] if brief else []
            ids = [row.document_id for row in library.document_rows(sizes=False) if row.name in names[:1]]
            return library.document(ids[0]) if ids else None

    def passage(self, passage_id: str) -> tuple[Document, int, int]:
        """A passage's document and its place there.

        Raises:
            InputError: it is no longer in the library.
        """
        from assistant.library import Library

        if not self.exists:
            raise InputError("资料库里已经没有这段出处了。")
        with Library.open(self._home) as library:
            for row in library.document_rows():
                for passage in library.passages(row.document_id):
                    if passage.passage_id == passage_id:
                        return library.document(row.document_id), passage.start, passage.end
        raise InputError("资料库里已经没有这段出处了，可能那份材料已被删除或更新。")


def by_year_and_type(rows: Sequence[DocumentRow]) -> dict[str, dict[str, int]]:
    """Counts for the plot: per type, per year (未知 where a document does not say)."""
    counts = Counter((row.doc_type or "其他", str(row.year) if row.year else "未知") for row in rows)
    kinds = [kind for kind in (*DOC_TYPES, "其他") if any(key[0] == kind for key in counts)]
    kinds += sorted({key[0] for key in counts} - set(kinds))
    years = sorted({key[1] for key in counts})
    return {kind: {year: counts[kind, year] for year in years} for kind in kinds}
