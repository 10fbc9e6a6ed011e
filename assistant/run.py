"""One drafting run: the sections of a report side by side, what is told of them meanwhile, the report put together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from assistant.errors import InputError, ModelCancelled
from assistant.records import Brief, Draft, DraftSection, PastRef, Usage

if TYPE_CHECKING:
    from assistant.chat import ChatModel
    from assistant.generate import SafetyFlags
    from assistant.library import Library
    from assistant.retrieve import Retriever

PAST_PASSAGES = 4  # of the library, that a section may borrow phrasing from
_LAST_REPORTS = 3
EventKind = Literal["first", "started", "text", "section_done", "done"]


@dataclass(frozen=True, slots=True)
class DraftEvent:
    """Progress of a draft. `section` is the index in `brief.sections`.

    first: `sentences` are what the rules alone make of the notes, shown until the wording is settled · started: the
    model works on the section · text: sentence number `sentence` is settled as `text` · section_done: `draft_section`
    is final · done: all sections are. The first text of all sections comes before the model is waited for.
    """

    kind: EventKind
    section: int = -1
    text: str = ""
    draft_section: DraftSection | None = None
    sentence: int = -1
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What all sections of one run share."""

    brief: Brief
    model: ChatModel
    seed: int | None
    remark: str
    on_event: Callable[[DraftEvent], None]
    cancel: threading.Event
    flags: SafetyFlags
    sources: set[str] = field(default_factory=set)
    """Ids of the past documents whose phrasing was offered to the model."""

    def sections(
        self,
        wanted: Sequence[int],
        retriever: Retriever | None,
        done: Mapping[tuple[str, ...], DraftSection],
    ) -> dict[int, DraftSection]:
        """Draft the wanted sections side by side; by place in the outline and in its order, cancelled ones left out."""
        with ThreadPoolExecutor(max_workers=max(1, self.model.parallel), thread_name_prefix="section") as pool:
            futures = [
                pool.submit(self._section, index, retriever, done.get(self.brief.sections[index].path))
                for index in wanted
            ]
            try:
                finished = [future.result() for future in futures]
            except BaseException:
                self.cancel.set()
                raise
        return {index: section for index, section in zip(wanted, finished, strict=True) if section is not None}

    def _section(self, index: int, retriever: Retriever | None, kept: DraftSection | None) -> DraftSection | None:
        if kept is None and self.cancel.is_set():
            return None
        try:
            drafted = kept or self._draft(index, retriever)
        except ModelCancelled:
            return None
        self.on_event(DraftEvent("section_done", index, drafted.text, drafted))
        return drafted

    def _draft(self, index: int, retriever: Retriever | None) -> DraftSection:
        from assistant.generate import draft_section

        section = self.brief.sections[index]
        self.on_event(DraftEvent("started", index))
        if not section.points:
            return DraftSection(section.heading, section.path, section.level, "", section.target_length)
        hits = retriever.for_section(section, self.brief, top=PAST_PASSAGES) if retriever else []
        self.sources.update(hit.passage.document_id for hit in hits)
        return draft_section(
            section,
            self.brief,
            hits,
            self.model,
            seed=self.seed,
            remark=self.remark,
            on_text=lambda number, text: self.on_event(DraftEvent("text", index, text, sentence=number)),
            cancel=self.cancel,
            flags=self.flags,
        )


def show_first(
    brief: Brief,
    wanted: Sequence[int],
    seed: int | None,
    remark: str,
    on_event: Callable[[DraftEvent], None],
    cancel: threading.Event,
) -> None:
    """Tell what the rules alone make of the wanted sections, until cancelled; needs neither model nor library."""
    from assistant.generate import first_draft

    for index in wanted:
        if cancel.is_set():
            return
        if brief.sections[index].points:
            sentences = first_draft(brief.sections[index], brief, seed=seed, remark=remark)
            on_event(DraftEvent("first", index, "".join(sentences), sentences=sentences))


def wanted_sections(brief: Brief, heading: str | None) -> list[int]:
    """The sections to draft, by their place in the outline: all, or those with this heading or path.

    Raises:
        InputError: there are none.
    """
    if not brief.sections:
        raise InputError("要点里没有标题。请用“## 一、……”写出提纲，每个标题下用“- ”写要点。")
    wanted = [i for i, s in enumerate(brief.sections) if heading is None or heading in (s.heading, " / ".join(s.path))]
    if not wanted:
        known = "；".join(section.heading for section in brief.sections)
        raise InputError(f"要点里没有标题“{heading}”。现有标题：{known}")
    return wanted


def assemble_report(
    brief: Brief,
    model: str,
    sections: Sequence[DraftSection],
    past: Sequence[PastRef],
    seed: int | None,
    seconds: float,
    *,
    whole: bool,
) -> Draft:
    """The report of these sections with what only shows when they stand together (for a `whole` one)."""
    from assistant.consistency import check_report
    from assistant.generate import coverage_of

    findings = tuple(check_report(brief, sections, past)) if whole else ()
    coverage = coverage_of(brief, sections)
    usage = sum((section.usage for section in sections), Usage())
    return Draft(brief, model, tuple(sections), brief.notices + findings, coverage, seconds, usage, seed)


def force_in_all(
    brief: Brief, sections: Mapping[int, DraftSection], past: Sequence[PastRef]
) -> dict[int, DraftSection]:
    """The drafted sections, by place in the outline, with what each left out of its notes at its end."""
    from assistant.forced import force_in

    return {index: force_in(drafted, brief.sections[index], brief, past) for index, drafted in sections.items()}


def past_texts(library: Library, document_ids: Iterable[str]) -> list[PastRef]:
    """The whole texts of past documents."""
    documents = (library.document(document_id) for document_id in sorted(document_ids))
    return [PastRef(document.name, document.text) for document in documents]


def last_reports(library: Library, brief: Brief) -> list[PastRef]:
    """Last year's reports of the same unit (or of none that could be read) and type, at most three, for what was
    promised then; none for notes without a year."""
    if brief.year is None:
        return []
    rows = [
        row
        for row in library.document_rows(sizes=False)
        if (row.year, row.doc_type) == (brief.year - 1, brief.doc_type) and row.unit in (brief.unit or None, None)
    ]
    return [PastRef(row.name, library.document(row.document_id).text) for row in rows[:_LAST_REPORTS]]
