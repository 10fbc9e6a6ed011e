"""The ways to draft that are compared: the product with all its parts or some of them off, and the naive way.

Finished sections are kept on disk while a draft is in the making: a run that is killed loses the section in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from eval.models import ModelChoice
from eval.scoring.labels import Labels

if TYPE_CHECKING:
    from assistant.llm import ChatModel
    from assistant.pipeline import DraftEvent
    from assistant.records import Brief, Draft, DraftSection

NAIVE, OURS = "直接生成", "拟稿"
PAST_SUFFIXES = (".txt", ".md", ".docx", ".pdf")
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Case:
    """A folder with brief, past documents and labels."""

    folder: Path
    labels: Labels

    @property
    def past(self) -> list[Path]:
        found = (self.folder / "past").glob("*")
        return sorted(path for path in found if path.suffix in PAST_SUFFIXES)


@dataclass(frozen=True, slots=True)
class Written:
    """A draft with what it took: seconds of the whole and of the model, those of sections kept by a stopped run left
    out."""

    draft: Draft
    seconds: float
    model_seconds: float


class Writer:
    """One model, connected at the first draft.

    Args:
        choice: the model.
        libraries: folder for the libraries of the cases' past documents, each made once and used by all systems.
        unfinished: folder for the sections of drafts in the making.
        tell: receives a line for each finished section.
    """

    def __init__(self, choice: ModelChoice, libraries: Path, unfinished: Path, tell: Tell) -> None:
        self.choice = choice
        self._libraries, self._unfinished, self._tell = libraries, unfinished, tell

    def draft(self, case: Case, seed: int, without: frozenset[str], name: str) -> Written:
        """The product's way, the parts `without` switched off; `name` is what its unfinished sections are kept under."""
        from assistant.brief import read_brief
        from assistant.cli.resume import both, kept_sections
        from assistant.generate import SafetyFlags
        from assistant.pipeline import Pipeline

        flags = replace(SafetyFlags(), **dict.fromkeys(without, False))
        library = self._libraries / case.labels.name
        pipeline = Pipeline(replace(self.choice.settings, home=library), self._model)
        try:
            if case.past and not library.exists():
                pipeline.ingest(case.past)
            with kept_sections(self._unfinished, name) as run:
                listener = both(run.keep, self._watch(run.done))
                brief = read_brief(case.folder / "brief.md")
                draft = pipeline.draft(brief, seed=seed, flags=flags, done=run.done, on_event=listener)
                fresh = [section for section in draft.sections if section.path not in run.done]
        finally:
            pipeline.close()
        return Written(draft, draft.seconds, sum(section.model_seconds for section in fresh))

    def naive(self, case: Case, seed: int, name: str) -> Written:
        """The naive way: passages and bullets in one prompt, text as it comes."""
        from assistant.brief import read_brief
        from assistant.cli.resume import both, kept_sections
        from assistant.pipeline import DraftEvent
        from assistant.records import Draft
        from eval.naive import hits_of, naive_section

        brief: Brief = read_brief(case.folder / "brief.md")
        texts = [path for path in case.past if path.suffix in (".txt", ".md")]
        sections: list[DraftSection] = []
        with kept_sections(self._unfinished, name) as run:
            listen = both(run.keep, self._watch(run.done))
            for index, section in enumerate(brief.sections):
                drafted = run.done.get(section.path)
                if drafted is None:
                    hits = hits_of(section, texts)
                    drafted = naive_section(section, brief, hits, self._model, seed=seed)
                listen(DraftEvent("section_done", index, drafted.text, drafted))
                sections.append(drafted)
        fresh = [section for section in sections if section.path not in run.done]
        seconds = sum(section.seconds for section in fresh)
        draft = Draft(brief, self.choice.name, tuple(sections), seconds=seconds, seed=seed)
        return Written(draft, seconds, sum(section.model_seconds for section in fresh))

    def _watch(self, done: Container[tuple[str, ...]]) -> Callable[[DraftEvent], None]:
        """A listener that tells of each section that is not taken over from a stopped run."""

        def listen(event: DraftEvent) -> None:
            section = event.draft_section
            if section is None or not section.attempts or section.path in done:
                return
            if not self.choice.script:
                wanted = f"，要求 {section.target_length}" if section.target_length else ""
                self._tell(f"    {section.heading}：{section.length} 字{wanted}，模型 {section.model_seconds:.1f} s")

        return listen

    @cached_property
    def _model(self) -> ChatModel:
        return self.choice.connect()
