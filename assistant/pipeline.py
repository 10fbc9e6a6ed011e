"""The stages in their order: the only module that knows them all.

    past reports -> ingest -> split -> library -> index
    notes -> brief -> per section [retrieve -> mask -> compose -> model -> render -> verify -> repair] -> consistency
    draft -> check, export

The command line, the app and the evaluation call a `Pipeline`; nothing below calls back up.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.records import Brief, Draft, DraftSection, Finding, Hit, PastRef, Point, Section, Verdict, verdict_of
from assistant.run import (
    PAST_PASSAGES,
    DraftEvent,
    Run,
    assemble_report,
    force_in_all,
    last_reports,
    past_texts,
    show_first,
    wanted_sections,
)
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.archive import IngestReport, Progress
    from assistant.generate import SafetyFlags
    from assistant.llm import ChatModel
    from assistant.polish import PolishResult
    from assistant.retrieve import Filters, Retriever

__all__ = ["CheckReport", "DraftEvent", "Pipeline"]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found. `figures` counts the figures of the notes, of the draft, and those that agree."""

    findings: tuple[Finding, ...]
    figures: Mapping[str, int] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.findings)


class Pipeline:
    """All jobs of the program on one library and one model, both opened at first use.

    Args:
        settings: where things are.
        model: a model to use instead of the configured one (tests pass a scripted one).
    """

    def __init__(self, settings: Settings, model: ChatModel | None = None) -> None:
        self.settings = settings
        self._model = model
        self._retriever: Retriever | None = None
        self._lock = threading.Lock()

    # ---- parts, opened lazily ----------------------------------------------------------------------------------

    @property
    def model(self) -> ChatModel:
        """The language model; the first use starts the embedded one.

        Raises:
            ModelError: it is not there or cannot be reached.
        """
        with self._lock:
            if self._model is None:
                from assistant.llm import connect

                self._model = connect(self.settings)
            return self._model

    @property
    def has_model(self) -> bool:
        """Whether a model is connected already; asking starts nothing."""
        return self._model is not None

    @property
    def retriever(self) -> Retriever:
        """The opened library with its index and embedder.

        Raises:
            StoreError: the library is damaged or belongs to another embedding model.
        """
        with self._lock:
            if self._retriever is None:
                from assistant.retrieve import open_retriever

                self._retriever = open_retriever(self.settings)
            return self._retriever

    def close(self) -> None:
        """Let go of the library and the model."""
        with self._lock:
            if self._retriever is not None:
                self._retriever.close()
            self._retriever = None

    # ---- library -----------------------------------------------------------------------------------------------

    def ingest(
        self,
        paths: Sequence[Path],
        *,
        unit: str | None = None,
        year: int | None = None,
        doc_type: str | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> IngestReport:
        """Read files, folders and archives into the library; each file is in it wholly or not at all."""
        from assistant.archive import ingest

        report = ingest(
            paths,
            self.settings,
            unit=unit,
            year=year,
            doc_type=doc_type,
            on_progress=on_progress,
            cancel=cancel,
        )
        self.close()
        return report

    def search(self, query: str, *, top: int = 10, filters: Filters | None = None, recency: bool = True) -> list[Hit]:
        """Past phrasing by topic, best first, with a masked form of each passage.

        Raises:
            InputError: the query is empty.
        """
        from assistant.mask import mask
        from assistant.retrieve import Filters

        if not query.strip():
            raise InputError("请输入要查找的内容，例如“办文办会”或“怎么写存在的问题”。")
        if not _has_library(self.settings):
            raise InputError("资料库还是空的。请先加入往年材料：运行 nigao ingest，或在“资料库”页上传。")
        hits = self.retriever.search(query, top=top, filters=filters or Filters(), recency=recency)
        return [replace(hit, masked=mask(hit.passage.text).text) for hit in hits]

    # ---- drafting ----------------------------------------------------------------------------------------------

    def draft(
        self,
        brief: Brief,
        *,
        past: Sequence[Path] = (),
        seed: int | None = None,
        section: str | None = None,
        remark: str = "",
        done: Mapping[tuple[str, ...], DraftSection] | None = None,
        on_event: Callable[[DraftEvent], None] | None = None,
        cancel: threading.Event | None = None,
        flags: SafetyFlags | None = None,
        forced: bool = False,
    ) -> Draft:
        """Draft a report section by section, several at a time.

        Args:
            brief: the notes.
            past: use these files as a library of their own for this run instead of the stored one.
            seed: makes a run on the embedded model repeatable.
            section: draft only the section with this heading.
            remark: what the writer wants different this time; goes into the prompt of `section`.
            done: finished sections by path, kept as they are (resume).
            on_event: called from worker threads; must be quick and thread-safe.
            cancel: set it to stop; finished sections are in the returned draft, the others are left out. No model is
                started any more, and the draft names none, when it is set before the first sections are written.
            flags: safety parts to switch off, for the ablation study.
            forced: put what the notes have and a section lacks at the section's end.

        Raises:
            InputError: the brief has no sections, or none with that heading.
            ModelError: the model failed for good.
        """
        from assistant.generate import SafetyFlags

        started, wanted = time.perf_counter(), wanted_sections(brief, section)
        kept, tell, cancel = done or {}, on_event or (lambda event: None), cancel or threading.Event()
        if on_event is not None:
            unwritten = [i for i in wanted if brief.sections[i].path not in kept]
            show_first(brief, unwritten, seed, remark, on_event, cancel)
        sections = {i: kept[p] for i in wanted if (p := brief.sections[i].path) in kept}
        name, texts, last = "", [], []
        if not cancel.is_set():  # a run called off by now starts no model
            run = Run(brief, self.model, seed, remark, tell, cancel, flags or SafetyFlags())
            name = run.model.name
            with self._sources(past) as retriever:
                sections = run.sections(wanted, retriever, kept)
                if retriever is not None:
                    texts = past_texts(retriever.library, run.sources)
                    last = last_reports(retriever.library, brief)
        if forced:
            sections = force_in_all(brief, sections, texts)
        seconds = time.perf_counter() - started
        draft = assemble_report(brief, name, list(sections.values()), last, seed, seconds, whole=not section)
        tell(DraftEvent("done"))
        return draft

    def polish(
        self,
        text: str,
        *,
        mode: str = "规范",
        instruction: str = "",
        brief: Brief | None = None,
        on_text: Callable[[str], None] | None = None,
        cancel: threading.Event | None = None,
        seed: int | None = None,
    ) -> PolishResult:
        """A better wording of `text`, with its facts locked.

        Raises:
            InputError: nothing to polish, or an unknown mode.
            ModelError: the model failed.
        """
        from assistant.polish import polish

        points = brief.points if brief else ()
        return polish(text, mode, instruction, self.model, points=points, on_text=on_text, cancel=cancel, seed=seed)

    # ---- checking ----------------------------------------------------------------------------------------------

    def check(
        self,
        text: str,
        *,
        brief: Brief | None = None,
        past: Sequence[PastRef] = (),
    ) -> CheckReport:
        """Check any report: against the notes where there are some, against itself always.

        Args:
            text: the report; spans of the findings are offsets into it.
            brief: the notes; its points, period and unit are used.
            past: whole texts of past reports, for leftovers.
        """
        from assistant.checks import review

        notes = brief.points if brief else ()
        findings = tuple(review(text, points=notes, past=past, brief=brief))
        return CheckReport(findings, _count_figures(text, notes, findings))

    def last_reports(self, brief: Brief) -> list[PastRef]:
        """Last year's reports of the same unit and type in the library, whole; none where there is no library.

        Raises:
            StoreError: the library is damaged.
        """
        if not _has_library(self.settings):
            return []
        from assistant.library import Library

        with Library.open(self.settings.home) as library:
            return last_reports(library, brief)

    def past_of(self, section: Section, brief: Brief) -> list[PastRef]:
        """The past passages that a draft of the section borrows from; none where there is no library.

        Raises:
            StoreError: the library is damaged or belongs to another embedding model.
        """
        if not _has_library(self.settings):
            return []
        hits = self.retriever.for_section(section, brief, top=PAST_PASSAGES)
        return [PastRef(hit.document, hit.passage.text) for hit in hits]

    @contextmanager
    def _sources(self, past: Sequence[Path]) -> Iterator[Retriever | None]:
        """The library to borrow phrasing from: the given files' own, the stored one, or none when it is empty."""
        if not past:
            yield self.retriever if _has_library(self.settings) else None
            return
        from assistant.archive import ingest
        from assistant.retrieve import open_retriever

        with tempfile.TemporaryDirectory(prefix="nigao-past-") as folder:
            own = replace(self.settings, home=Path(folder), chroma_url="")
            report = ingest(past, own)
            if report.failed:
                path, reason = report.failed[0]
                raise InputError(f"往年材料 {path} 读不了：{reason}")
            retriever = open_retriever(own)
            try:
                yield retriever
            finally:
                retriever.close()


def _has_library(settings: Settings) -> bool:
    from assistant.library import Library

    return Library.exists(settings.home)


def _count_figures(text: str, notes: Sequence[Point], findings: Sequence[Finding]) -> dict[str, int]:
    from assistant.figures import recognise

    in_notes = sum(figure.checkable for point in notes for figure in recognise(point.text))
    in_draft = [figure for figure in recognise(text) if figure.checkable]
    wrong = [f.draft for f in findings if f.draft is not None and f.severity == "error"]
    clear = sum(all(s.start >= figure.end or s.end <= figure.start for s in wrong) for figure in in_draft)
    return {"notes": in_notes, "draft": len(in_draft), "matched": clear if notes else 0}
