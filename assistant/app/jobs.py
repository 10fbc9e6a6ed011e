"""Drafting in the background: a run goes on when its page is closed, and every page that opens the work can follow it.

A job is a list of events that only grows; listeners read on from where they are. It says that a section is finished, not
what stands there: that is read when it is told, as it may have been edited by then. Finished sections are stored the
moment they are done; what is on the page of the others when a run is cancelled or fails is checked and stored too. Knows
nothing about HTTP or HTML.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.errors import NigaoError
from assistant.pipeline import DraftEvent, Pipeline
from assistant.records import Brief, DraftSection, Finding
from assistant.workspace import Workspace

UNFINISHED = Finding("unfinished", "warning", "这一节还没有润色完：可以直接用，接着手写，或点“接着起草”。")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """What to draft: all of the brief or one section, with a remark; `done` sections are kept as they are."""

    owner: str
    work_id: str
    brief: Brief
    section: str | None = None
    remark: str = ""
    done: dict[tuple[str, ...], DraftSection] = field(default_factory=dict)


class Shown:
    """What stands on the page of a section that is being written: its first draft, sentence by sentence settled."""

    def __init__(self) -> None:
        self._sentences: list[str] = []
        self._settled: set[int] = set()

    def first(self, sentences: Sequence[str]) -> None:
        """Begin with what the rules alone make of the notes."""
        self._sentences = list(sentences)

    def settle(self, index: int, text: str) -> str:
        """Put a settled sentence in its place; what stands there now, with the paragraph's newline before it."""
        self._sentences += [""] * (index + 1 - len(self._sentences))
        start = "\n" if self._sentences[index].startswith("\n") else ""
        self._sentences[index] = start + text
        self._settled.add(index)
        return self._sentences[index]

    @property
    def text(self) -> str:
        """What a reader sees now."""
        return "".join(self._sentences)

    @property
    def unsettled(self) -> int:
        """How many sentences the model has not come to."""
        return len(self._sentences) - len(self._settled)


class DraftJob:
    """One run, named `name`. `events` only grows; `over` is set when nothing more comes."""

    def __init__(self, order: Order, pipeline: Pipeline, workspace: Workspace) -> None:
        self.order = order
        self.name = uuid.uuid4().hex[:12]
        self.events: list[Json] = []
        self.over = threading.Event()
        self._pipeline, self._workspace = pipeline, workspace
        self._cancel = threading.Event()
        self._lock = threading.Lock()
        self._shown: dict[int, Shown] = {}
        self._thread = threading.Thread(target=self._run, name="draft", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def cancel(self) -> None:
        """Stop. The page hears of it at once; the model is let go of in the background."""
        self._cancel.set()
        self._end("cancelled", "已取消，已写出的内容都保留着。")

    def join(self, timeout: float | None = None) -> None:
        """Wait until the run has let go of the model."""
        self._thread.join(timeout)

    def _run(self) -> None:
        order = self.order
        try:
            draft = self._pipeline.draft(
                order.brief,
                section=order.section,
                remark=order.remark,
                done=order.done,
                on_event=self._hear,
                cancel=self._cancel,
            )
            if not self._cancel.is_set():
                self._end("done", "", model=draft.model, seconds=round(draft.seconds, 1))
        except NigaoError as error:
            self._end("failed", str(error))
        except Exception as error:
            self._end("failed", f"起草时出了意外（{type(error).__name__}）。已写出的内容都保留着，请再试一次。")
        finally:
            self.over.set()

    def _hear(self, event: DraftEvent) -> None:
        if event.kind == "done":
            return
        with self._lock:
            if ended(self):
                return
            if event.kind == "section_done" and event.draft_section is not None:
                self._store(event.section, event.draft_section)
            else:
                self._follow(event)

    def _follow(self, event: DraftEvent) -> None:
        shown = self._shown.setdefault(event.section, Shown())
        said: Json = {"kind": event.kind, "section": event.section}
        if event.kind == "first":
            shown.first(event.sentences)
            said["sentences"] = list(event.sentences)
        elif event.kind == "text":
            said |= {"sentence": event.sentence, "text": shown.settle(event.sentence, event.text)}
        self._say(said)

    def _store(self, index: int, section: DraftSection) -> None:
        order = self.order
        if section.path in order.done:
            return
        self._workspace.save_section(order.owner, order.work_id, section)
        self._shown.pop(index, None)  # not before: what could not be stored is kept as it stands on the page
        self._say({"kind": "section_done", "section": index})

    def _keep_unfinished(self) -> None:
        """What is on the page is the section's text from now on; a rewriting that is called off leaves the old text."""
        from assistant.generate import review_section

        order, kept = self.order, []
        for index, shown in [] if order.section else self._shown.items():
            part, text = order.brief.sections[index], shown.text
            if text.strip():
                findings = (UNFINISHED, *review_section(text, part, order.brief))
                section = DraftSection(part.heading, part.path, part.level, text, part.target_length, findings)
                kept.append(replace(section, attempts=1, fallbacks=shown.unsettled))
        if kept:
            self._workspace.save_sections(order.owner, order.work_id, kept)
        self._shown.clear()

    def _end(self, kind: str, message: str, **more: object) -> None:
        with self._lock:
            if ended(self):
                return
            try:
                self._keep_unfinished()
            except Exception as error:  # the page hears of the end whatever happens, and the place is free again
                kind, message = "failed", _not_kept(error)
            self._say({"kind": kind, "message": message, **more})

    def _say(self, event: Json) -> None:
        self.events.append({**event, "n": len(self.events) + 1})


class Jobs:
    """The runs of this process, at most one per work and `limit` at a time."""

    def __init__(self, limit: int = 4) -> None:
        self._jobs: dict[tuple[str, str], DraftJob] = {}
        self._lock = threading.Lock()
        self._limit = limit

    def start(self, job: DraftJob, before: Callable[[], None] | None = None) -> DraftJob:
        """Begin a run; a run of the same work that is still going on is returned instead.

        Args:
            job: the run.
            before: done once it is certain that this run begins, and before it does.

        Raises:
            NigaoError: too many runs at the same time, or `before` failed; nothing is begun.
        """
        key = (job.order.owner, job.order.work_id)
        with self._lock:
            running = [j for j in self._jobs.values() if not ended(j)]
            present = self._jobs.get(key)
            if present is not None and not ended(present):
                return present
            if len(running) >= self._limit:
                raise NigaoError("同时起草的材料太多，请等前面的写完再试。")
            if before is not None:
                before()
            self._jobs[key] = job
        job.start()
        return job

    def find(self, owner: str, work_id: str) -> DraftJob | None:
        """The latest run of a work in this process."""
        return self._jobs.get((owner, work_id))

    def running(self, owner: str, work_id: str) -> bool:
        """Whether a work is being drafted."""
        job = self.find(owner, work_id)
        return job is not None and not ended(job)

    def close(self) -> None:
        """Stop all runs."""
        for job in list(self._jobs.values()):
            if not ended(job):
                job.cancel()


def _not_kept(error: Exception) -> str:
    reason = str(error) if isinstance(error, NigaoError) else f"出了意外（{type(error).__name__}）。"
    return f"起草停下了，还没润色完的几节没能存下来：{reason}处理好以后点“接着起草”，已写完的各节都在。"


def ended(job: DraftJob) -> bool:
    """Whether the page has been told that the run is over."""
    return bool(job.events) and job.events[-1]["kind"] in ("done", "cancelled", "failed")
