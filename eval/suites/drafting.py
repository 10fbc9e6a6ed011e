"""Briefs to drafts, scored against their labels: the product, the product with parts switched off, the naive way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from eval.cases import CasesError, find_briefs, take
from eval.models import ModelChoice
from eval.options import CASES, Options
from eval.outcome import Count, Example, Outcome, Task
from eval.scoring.draft import DraftScore, score_draft
from eval.scoring.labels import Labels, read_labels

if TYPE_CHECKING:
    from assistant.llm import ChatModel
    from assistant.records import Brief, Draft

NAIVE, OURS = "直接生成", "拟稿"
FULL: frozenset[str] = frozenset()
PAST_SUFFIXES = (".txt", ".md", ".docx", ".pdf")
PLOT_SECTION = 300


@dataclass(frozen=True, slots=True)
class Case:
    """A folder with brief, past documents and labels."""

    folder: Path
    labels: Labels

    @property
    def past(self) -> list[Path]:
        found = (self.folder / "past").glob("*")
        return sorted(path for path in found if path.suffix in PAST_SUFFIXES)


class DraftingSuite:
    """Every case by every model, seed and system; or existing drafts, with `--drafts`."""

    name = "drafting"

    def __init__(self, options: Options, models: Sequence[ModelChoice]) -> None:
        folders = take(find_briefs(options.cases or (CASES,)), options.limit)
        if not folders:
            raise CasesError("没有 drafting 的样例：每个样例是一个文件夹，里面有 brief.md 和 facts.json。")
        self._options = options
        self._cases = [Case(folder, read_labels(folder)) for folder in folders]
        self._writers = [_Writer(model) for model in models]
        self._home = TemporaryDirectory(prefix="nigao-eval-")

    def data(self) -> list[Path]:
        return [case.folder for case in self._cases]

    def close(self) -> None:
        self._home.cleanup()

    def tasks(self) -> list[Task]:
        if self._options.drafts:
            return [self._given(case, self._options.drafts) for case in self._cases]
        return [
            self._task(writer, system, without, case, seed)
            for writer in self._writers
            for system, without in self._systems()
            for seed in self._options.seeds
            for case in self._cases
        ]

    def _systems(self) -> list[tuple[str, frozenset[str] | None]]:
        """Name and parts switched off; None is the naive way."""
        systems: list[tuple[str, frozenset[str] | None]] = [(OURS, FULL)]
        systems += [(f"{OURS} 无{'、'.join(sorted(flags))}", flags) for flags in self._options.without]
        return [*systems, (NAIVE, None)] if self._options.baselines else systems

    def _task(self, writer: _Writer, system: str, without: frozenset[str] | None, case: Case, seed: int) -> Task:
        name = f"{system} · {writer.choice.name}"
        home = Path(self._home.name)

        def run() -> Outcome:
            draft = writer.naive(case, seed) if without is None else writer.draft(case, seed, without, home)
            return _outcome(name, case, seed, draft, timed=not writer.choice.script)

        return Task("drafting", name, case.labels.name, run, partial(_failed, name, case, seed), seed)

    def _given(self, case: Case, folder: Path) -> Task:
        def run() -> Outcome:
            score = score_draft((folder / f"{case.labels.name}.md").read_text(encoding="utf-8"), case.labels)
            return _scored(folder.name, case, 0, score, {}, {})

        return Task("drafting", folder.name, case.labels.name, run, partial(_failed, folder.name, case, 0))


class _Writer:
    """One model, connected at the first draft."""

    def __init__(self, choice: ModelChoice) -> None:
        self.choice = choice
        self._model: ChatModel | None = None

    def draft(self, case: Case, seed: int, without: frozenset[str], home: Path) -> Draft:
        """The product's way, with a library of the case's past documents, made once and used by all systems."""
        from assistant.brief import read_brief
        from assistant.generate import SafetyFlags
        from assistant.pipeline import Pipeline

        flags = replace(SafetyFlags(), **dict.fromkeys(without, False))
        library = home / case.labels.name
        pipeline = Pipeline(replace(self.choice.settings, home=library), self._connected())
        try:
            if case.past and not library.exists():
                pipeline.ingest(case.past)
            return pipeline.draft(read_brief(case.folder / "brief.md"), seed=seed, flags=flags)
        finally:
            pipeline.close()

    def naive(self, case: Case, seed: int) -> Draft:
        """The naive way: passages and bullets in one prompt, text as it comes."""
        from assistant.brief import read_brief
        from assistant.records import Draft, DraftSection
        from eval.naive import hits_of, naive_section

        brief: Brief = read_brief(case.folder / "brief.md")
        texts = [path for path in case.past if path.suffix in (".txt", ".md")]
        sections = []
        for section in brief.sections:
            if section.points:
                sections.append(naive_section(section, brief, hits_of(section, texts), self._connected(), seed=seed))
            else:
                empty = DraftSection(section.heading, section.path, section.level, "", section.target_length)
                sections.append(empty)
        seconds = sum(section.seconds for section in sections)
        return Draft(brief, self.choice.name, tuple(sections), seconds=seconds, seed=seed)

    def _connected(self) -> ChatModel:
        if self._model is None:
            self._model = self.choice.connect()
        return self._model


# ---- outcomes ---------------------------------------------------------------------------------------------------


def _outcome(system: str, case: Case, seed: int, draft: Draft, *, timed: bool) -> Outcome:
    """The outcome of a draft.

    Requests with a seed run one after the other, so what the whole draft took beyond its model time is the product's
    own. A section's own clock would count the waiting for its turn. `timed` is False for scripted models.
    """
    from assistant.export import to_markdown

    text = to_markdown(draft)
    score = score_draft(text, case.labels)
    written = [section for section in draft.sections if section.length]
    per_300 = tuple(round(PLOT_SECTION * s.model_seconds / s.length, 3) for s in written)
    model = sum(section.model_seconds for section in written)
    counts = _honesty(draft, score)
    if not timed:
        return replace(_scored(system, case, seed, score, counts, {}), text=text)
    samples = {"seconds_300": per_300, "draft_seconds": (draft.seconds,)}
    own = max(0.0, draft.seconds - model)
    return replace(_scored(system, case, seed, score, counts | {"overhead": (own, model)}, samples), text=text)


def _honesty(draft: Draft, score: DraftScore) -> dict[str, Count]:
    """Whether the draft's own findings tell of what the scorer finds: dropped figures named, no error cried for none."""
    if draft.coverage.points == 0:
        return {}
    told = " ".join(f"{f.message} {f.note.text if f.note else ''}" for f in draft.all_findings)
    dropped = [fault for fault in score.faults if fault.kind == "placed"]
    named = [fault for fault in dropped if fault.text.split("：")[1].split(" ")[1].split("，")[0] in told]
    counts: dict[str, Count] = {"admitted": (float(len(named)), float(len(dropped)))}
    if score.sound:
        counts["clean_claim"] = (float(draft.verdict == "errors"), 1.0)
    return counts


def _scored(
    system: str,
    case: Case,
    seed: int,
    score: DraftScore,
    counts: Mapping[str, Count],
    samples: Mapping[str, tuple[float, ...]],
) -> Outcome:
    lengths = {
        "length": tuple(float(entry.length) for entry in score.lengths),
        "target": tuple(float(entry.target) for entry in score.lengths),
    }
    examples = tuple(Example(fault.kind, f"{fault.section}　{fault.text}") for fault in score.faults)
    return Outcome(
        suite="drafting",
        system=system,
        case=case.labels.name,
        group=case.labels.name,
        kind=case.labels.doc_type,
        counts={**score.counts, **counts},
        passed=score.sound,
        seed=seed,
        samples={**lengths, **samples},
        examples=examples,
    )


def _failed(system: str, case: Case, seed: int, reason: str) -> Outcome:
    """A draft that never came is scored as an empty one."""
    return replace(_scored(system, case, seed, score_draft("", case.labels), {}, {}), passed=False, failure=reason)
