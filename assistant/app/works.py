"""A report in the making, as the drafting page sees it: every call returns JSON and stores what it changed.

Stands between the page and workspace, pipeline and jobs. Knows nothing about HTTP or Gradio.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from assistant.app import views
from assistant.app.jobs import DraftJob, Jobs, Order
from assistant.app.notes_form import Form, to_form, to_markdown
from assistant.app.recheck import recheck
from assistant.brief import parse_brief
from assistant.errors import ConflictError, InputError
from assistant.forced import as_sentence, sentence_for
from assistant.pipeline import Pipeline
from assistant.records import Brief, Draft, DraftSection, Finding, NoteRef, PastRef, Point, Section, verdict_of
from assistant.workspace import Work, Workspace

Json = dict[str, Any]

REFERENCES = "参考:"
OUTLINE_OF = "沿用提纲"
_NEXT_REFERENCE = "\n\x1e"
_EDITED = "这一节已在别的窗口改过，您这里的修改没有覆盖它。请先复制自己的修改，再刷新页面。"
_DRAFTING = "这份材料正在起草（可能是在别的窗口），没有重写，稿子也没有动：请等它写完，或先点“取消”。"
_STOPPED = re.compile(r"[。！？；：…][”’』」）》]*$")


class Desk:
    """All works of all writers; `owner` is always the caller's verified name."""

    def __init__(
        self, workspace: Workspace, pipeline: Pipeline, jobs: Jobs, past_of: Callable[[Brief], list[PastRef]]
    ) -> None:
        self._workspace, self._pipeline, self._jobs, self._past_of = workspace, pipeline, jobs, past_of
        self._editing = threading.Lock()

    # ---- works -------------------------------------------------------------------------------------------------

    def listing(self, owner: str) -> list[Json]:
        """The writer's works, newest first."""
        return [
            {"id": w.work_id, "title": w.title, "updated": w.updated, "running": self._jobs.running(owner, w.work_id)}
            for w in self._workspace.works(owner)
        ]

    def create(self, owner: str, form: Form, outline_of: str = "") -> Json:
        """A new work from a form; `outline_of` is the document of the library whose outline it follows."""
        title = str(form["title"]) or "未命名材料"
        work = self._workspace.create(owner, title, to_markdown({**form, "title": title}))
        if outline_of:
            self._workspace.decide(owner, work.work_id, OUTLINE_OF, outline_of)
        return self.state(owner, work.work_id)

    def delete(self, owner: str, work_id: str) -> Json:
        """Take a work away for good; its run is stopped."""
        job = self._jobs.find(owner, work_id)
        if job is not None:
            job.cancel()
        self._workspace.delete(owner, work_id)
        return {"deleted": work_id}

    def state(self, owner: str, work_id: str) -> Json:
        """Everything the page needs to show a work."""
        work = self._workspace.work(owner, work_id)
        kept, decisions = self._workspace.sections(owner, work_id), self._workspace.decisions(owner, work_id)
        brief, problem = _read(work.notes)
        outline, period = (brief.sections, brief.period) if brief else ((), "")
        return {
            "id": work_id,
            "title": work.title,
            "revision": work.revision,
            "updated": work.updated,
            "form": to_form(work.notes),
            "problem": problem,
            "sections": [views.section_view(i, s, kept.get(s.path), decisions, period) for i, s in enumerate(outline)],
            "notices": self.notices(brief, decisions) if brief else [],
            "references": _references(decisions),
            "follows": OUTLINE_OF in decisions,
            "running": self._jobs.running(owner, work_id),
            **self._whole(brief, kept, decisions),
        }

    def save_notes(self, owner: str, work_id: str, form: Mapping[str, Any], revision: int) -> Json:
        """Store the edited notes; drafted sections follow a heading that was only renamed.

        Raises:
            ConflictError: they were changed elsewhere since `revision`.
        """
        before = self._workspace.work(owner, work_id)
        notes = to_markdown(form)
        work = self._workspace.save_notes(owner, work_id, notes, revision, title=str(form.get("title") or "") or None)
        self._follow_renames(work, before.notes)
        return self.state(owner, work_id)

    def _follow_renames(self, work: Work, old_notes: str) -> None:
        old, new = _read(old_notes)[0], _read(work.notes)[0]
        if not old or not new or len(old.sections) != len(new.sections):
            return
        kept = self._workspace.sections(work.owner, work.work_id)
        for was, now in zip(old.sections, new.sections, strict=True):
            section = kept.get(was.path)
            if section is not None and was.path != now.path and now.path not in kept:
                renamed = replace(section, heading=now.heading, path=now.path, level=now.level)
                self._workspace.save_section(work.owner, work.work_id, renamed)

    # ---- notes -------------------------------------------------------------------------------------------------

    def notices(self, brief: Brief, decisions: Mapping[str, str]) -> list[Json]:
        """What is wrong with the notes themselves: unread lines, gaps, figures that contradict each other."""
        findings = [*brief.notices, *_contradictions(self._pipeline, brief)]
        return [views.finding_view(finding, ("要点",), decisions) for finding in findings]

    def headings(self, owner: str, work_id: str, ask_model: bool = False) -> list[Json]:
        """Parallel headings to choose from, beside those of the notes; stores nothing.

        Args:
            ask_model: have the model word one more for each, which takes its time.

        Raises:
            ModelError: the model was asked for and failed.
        """
        from assistant.outline_help import parallel_headings, with_model

        brief = self._brief(owner, work_id)
        found = with_model(brief, self._pipeline.model) if ask_model else parallel_headings(brief)
        return [asdict(suggestion) for suggestion in found]

    def outline(self, owner: str, work_id: str) -> tuple[list[str], Brief | None, str]:
        """The headings as they stand, the notes where they can be read, and the document whose outline they follow."""
        notes = self._workspace.work(owner, work_id).notes
        followed = self._workspace.decisions(owner, work_id).get(OUTLINE_OF, "")
        return [section["heading"] for section in to_form(notes)["sections"]], _read(notes)[0], followed

    # ---- drafting ----------------------------------------------------------------------------------------------

    def draft(
        self, owner: str, work_id: str, *, index: int | None = None, remark: str = "", fresh: bool = False
    ) -> Json:
        """Begin drafting: what is missing, everything afresh, or one section again.

        Raises:
            ConflictError: a rewriting was asked for while the work is being drafted.
            NigaoError: too many runs at the same time. Nothing is changed in either case.
        """
        brief = self._brief(owner, work_id)
        kept = self._workspace.sections(owner, work_id)
        section = _at(brief, index) if index is not None else None
        order = Order(
            owner,
            work_id,
            brief,
            " / ".join(section.path) if section else None,
            self._with_references(owner, work_id, section, remark),
            {} if fresh or section else _done(kept),
        )
        rewriting = fresh or section is not None
        job = DraftJob(order, self._pipeline, self._workspace)
        started = self._jobs.start(job, lambda: self._make_room(order, fresh) if rewriting else None)
        if started is not job and rewriting:
            raise ConflictError(_DRAFTING)
        return {"running": True}

    def _make_room(self, order: Order, fresh: bool) -> None:
        """Keep what stands there as a version, and take it away where everything is written afresh."""
        if self._workspace.sections(order.owner, order.work_id):
            self._workspace.save_version(
                order.owner, order.work_id, "重写一节之前" if order.section else "全部重写之前"
            )
        if fresh:
            self._workspace.clear_sections(order.owner, order.work_id)

    def _with_references(self, owner: str, work_id: str, section: Section | None, remark: str) -> str:
        if section is None:
            return remark
        texts = _references(self._workspace.decisions(owner, work_id)).get(section.heading, [])
        return "\n".join([remark, *(f"参考这种写法：{text}" for text in texts[:3])]).strip()

    def cancel(self, owner: str, work_id: str) -> Json:
        """Stop the run of a work, if there is one; what stands there is kept."""
        job = self._jobs.find(owner, work_id)
        if job is not None:
            job.cancel()
        return {"running": False}

    def job(self, owner: str, work_id: str) -> DraftJob | None:
        """The run to listen to, after making sure that the work is the caller's."""
        self._workspace.work(owner, work_id)
        return self._jobs.find(owner, work_id)

    def finished(self, job: DraftJob, event: Json) -> Json:
        """The news that a section is finished, with the section as it stands now: it may have been edited since."""
        order, index = job.order, event["section"]
        section, decisions = order.brief.sections[index], self._workspace.decisions(order.owner, order.work_id)
        kept = self._workspace.sections(order.owner, order.work_id).get(section.path)
        return {**event, "view": views.section_view(index, section, kept, decisions, order.brief.period)}

    # ---- the text ----------------------------------------------------------------------------------------------

    def check_section(self, owner: str, work_id: str, index: int, text: str) -> Json:
        """What the checks say of a section's text as it is being typed; stores nothing."""
        brief = self._brief(owner, work_id)
        section, decisions = _at(brief, index), self._workspace.decisions(owner, work_id)
        return views.text_view(text, recheck(self._pipeline, brief, section, text), section, decisions, brief.period)

    def save_section(self, owner: str, work_id: str, index: int, text: str, base: str) -> Json:
        """Store an edited section over the state named `base` (the digest the page last saw).

        Raises:
            ConflictError: the section was changed elsewhere meanwhile.
        """
        brief = self._brief(owner, work_id)
        section = _at(brief, index)
        findings = recheck(self._pipeline, brief, section, text)  # takes its time: not while others wait to save
        with self._editing:
            kept = self._workspace.sections(owner, work_id).get(section.path)
            if views.digest(kept.text if kept else "") != base:
                raise ConflictError(_EDITED)
            blank = DraftSection(section.heading, section.path, section.level, "", section.target_length)
            edited = replace(kept or blank, text=text, findings=findings)
            self._workspace.save_section(owner, work_id, edited)
        return views.section_view(index, section, edited, self._workspace.decisions(owner, work_id), brief.period)

    def insert_point(self, owner: str, work_id: str, index: int, key: str) -> Json:
        """补入: put what a note has and the draft lacks at the end of its section."""
        brief = self._brief(owner, work_id)
        section = _at(brief, index)
        kept = self._workspace.sections(owner, work_id).get(section.path)
        findings = kept.findings if kept else ()
        finding = next((f for f in findings if views.finding_key(f, section.path) == key), None)
        if kept is None or finding is None or finding.note is None:
            raise InputError("这一条已经不在漏写清单里了，请刷新页面。")
        point = _point(section, finding) or Point(finding.note.text, finding.note.line)
        before = _stopped(kept.text)
        text = before + sentence_for(point, before, section, brief)
        return self.save_section(owner, work_id, index, text, views.digest(kept.text))

    def decide(self, owner: str, work_id: str, key: str, decision: str) -> Json:
        """Remember 采纳 or 忽略 for a finding; an empty decision forgets it."""
        if decision not in ("", "采纳", views.IGNORED):
            raise InputError("对提示只能采纳、忽略或撤销。")
        self._workspace.decide(owner, work_id, key, decision)
        return self.state(owner, work_id)

    def add_reference(self, owner: str, work_id: str, index: int, text: str) -> Json:
        """放入参考: keep a past phrasing with a section, for its next drafting; an empty text clears them."""
        section = _at(self._brief(owner, work_id), index)
        key = REFERENCES + section.heading
        old = self._workspace.decisions(owner, work_id).get(key, "")
        texts = dict.fromkeys([*filter(None, old.split(_NEXT_REFERENCE)), text.strip()]) if text.strip() else ()
        new = _NEXT_REFERENCE.join(texts)
        self._workspace.decide(owner, work_id, key, new)
        return {"references": _references(self._workspace.decisions(owner, work_id))}

    # ---- the whole ---------------------------------------------------------------------------------------------

    def whole_draft(self, owner: str, work_id: str) -> Draft:
        """The report as it stands, for export.

        Raises:
            InputError: nothing is drafted yet.
        """
        brief, kept = self._brief(owner, work_id), self._workspace.sections(owner, work_id)
        sections = tuple(
            kept.get(s.path) or DraftSection(s.heading, s.path, s.level, "", s.target_length) for s in brief.sections
        )
        if not any(section.text for section in sections):
            raise InputError("还没有写出内容：请先点“起草”，或自己动笔，再导出。")
        return Draft(brief, "", sections)

    def _whole(
        self, brief: Brief | None, kept: Mapping[tuple[str, ...], DraftSection], decisions: Mapping[str, str]
    ) -> Json:
        if brief is None or not any(s.path in kept for s in brief.sections):
            return {"findings": [], "coverage": None, "verdict": "none"}
        from assistant.consistency import check_report
        from assistant.generate import coverage_of

        drafted = [kept[s.path] for s in brief.sections if s.path in kept]
        findings = list(check_report(brief, drafted, self._past_of(brief)))
        every = [*findings, *(f for s in drafted for f in s.findings)]
        return {
            "findings": [views.finding_view(finding, ("全文",), decisions) for finding in findings],
            "coverage": asdict(coverage_of(brief, drafted)),
            "verdict": verdict_of(every),
        }

    def _brief(self, owner: str, work_id: str) -> Brief:
        return parse_brief(self._workspace.work(owner, work_id).notes)


def _read(notes: str) -> tuple[Brief | None, str]:
    try:
        return parse_brief(notes), ""
    except InputError as error:
        return None, str(error)


def _at(brief: Brief, index: int) -> Section:
    if not 0 <= index < len(brief.sections):
        raise InputError("提纲已经变了，没有这一节。请刷新页面。")
    return brief.sections[index]


def _done(kept: Mapping[tuple[str, ...], DraftSection]) -> dict[tuple[str, ...], DraftSection]:
    """Sections that a further run leaves alone: those with text that were not cut off."""
    return {
        path: section
        for path, section in kept.items()
        if section.text.strip() and all(finding.kind != "unfinished" for finding in section.findings)
    }


def _references(decisions: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        key.removeprefix(REFERENCES): value.split(_NEXT_REFERENCE)
        for key, value in decisions.items()
        if key.startswith(REFERENCES)
    }


def _stopped(text: str) -> str:
    """A text that a further sentence can follow: ended with a stop, which a hand may have left out."""
    text = text.rstrip()
    return text if not text or _STOPPED.search(text) else text.rstrip("，、,") + "。"


def _point(section: Section, finding: Finding) -> Point | None:
    note = finding.note
    return next((point for point in section.points if note and point.line == note.line), None)


_IN_NOTES = frozenset({"arithmetic", "count", "inconsistent", "consistency", "phrase", "altered"})


def _contradictions(pipeline: Pipeline, brief: Brief) -> list[Finding]:
    """Sums, shares and counts of the notes that do not agree among themselves; spans of the joined text are dropped."""
    text = "\n".join(as_sentence(point.text) for point in brief.points)
    return [
        replace(finding, draft=None, note=_note_at(brief.points, text, finding.draft.start))
        for finding in pipeline.check(text).findings
        if finding.kind in _IN_NOTES and finding.draft is not None
    ]


def _note_at(points: Sequence[Point], text: str, offset: int) -> NoteRef:
    point = points[min(text.count("\n", 0, offset), len(points) - 1)]
    return NoteRef(point.line, point.text)


def upload_name(name: str) -> str:
    """A safe file name that still reads like the writer's own."""
    return Path(name.replace("\\", "/")).name.strip(". ") or "上传的文件"
