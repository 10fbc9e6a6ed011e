"""A drafting run on the command line that was stopped goes on where it was: finished sections are kept in the workspace."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.pipeline import DraftEvent
from assistant.records import DraftSection
from assistant.settings import Settings
from assistant.workspace import Workspace

Listener = Callable[[DraftEvent], None]
OWNER = "命令行"
"""Owner of unfinished runs; no account can have this name, because the app's works belong to logged-in users."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: the sections that an earlier, stopped run of the same command has finished."""

    done: Mapping[tuple[str, ...], DraftSection]
    keep: Listener


def resumable(
    settings: Settings, brief: Path, past: Sequence[Path], seed: int | None, section: str | None
) -> AbstractContextManager[Run]:
    """The sections of a run of `nigao draft`, kept until it is done.

    The same run means: the same notes, past reports, model, seed and section.
    """
    return kept_sections(settings.home, _key(brief, past, settings.llm_base_url, settings.llm_model, seed, section))


@contextmanager
def kept_sections(home: Path, key: str) -> Iterator[Run]:
    """Keep each finished section of the run named `key` until the block ends well; it gets what an earlier, stopped
    run of this name has kept."""
    workspace = Workspace(home)
    earlier = next((work for work in workspace.works(OWNER) if work.title == key), None)
    work = earlier or workspace.create(OWNER, key)

    def keep(event: DraftEvent) -> None:
        if event.kind == "section_done" and event.draft_section is not None:
            workspace.save_section(OWNER, work.work_id, event.draft_section)

    yield Run(workspace.sections(OWNER, work.work_id), keep)
    workspace.delete(OWNER, work.work_id)


def both(first: Listener, second: Listener) -> Listener:
    """A listener that passes each event to two others."""

    def listen(event: DraftEvent) -> None:
        first(event)
        second(event)

    return listen


def _key(brief: Path, past: Sequence[Path], *others: object) -> str:
    parts = [brief.read_bytes(), *(str(path.resolve()).encode() for path in past), repr(others).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
