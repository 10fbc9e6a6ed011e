"""Briefs to drafts, scored against their labels: the product, the product with parts switched off, the naive way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from eval.cases import CasesError, find_briefs, take
from eval.models import ModelChoice
from eval.options import CASES, FLAGS, Options
from eval.outcome import Count, Example, Outcome, Task
from eval.reading import write_for_reading
from eval.scoring.draft import DraftScore, score_draft
from eval.scoring.labels import read_labels
from eval.writers import NAIVE, OURS, Case, Tell, Writer, Written

if TYPE_CHECKING:
    from assistant.records import Draft

FULL: frozenset[str] = frozenset()
PLOT_SECTION, LEAST_SECTION = 300, 100
"""Times are told for 300 字; sections below 100 字 would tell of the fixed cost of a request instead."""
UNFINISHED, DRAFTS = "unfinished", "drafts"
"""Folders of a run: sections of drafts in the making, finished drafts for reading."""
System = tuple[str, frozenset[str] | None]
"""Name and parts switched off; None is the naive way."""


class DraftingSuite:
    """Every case by every model, seed and system; or existing drafts, with `--drafts`.

    Args:
        options: cases, seeds, systems.
        models: each drafts every case.
        folder: of the run; drafts for reading and unfinished sections go there. None: a folder that is thrown away.
        tell: receives a line for each finished section and draft.
    """

    name = "drafting"

    def __init__(
        self,
        options: Options,
        models: Sequence[ModelChoice],
        folder: Path | None = None,
        tell: Tell = lambda line: None,
    ) -> None:
        folders = take(_named(find_briefs(options.cases or (CASES,)), options.only), options.limit)
        if not folders:
            raise CasesError("没有 drafting 的样例：每个样例是一个文件夹，里面有 brief.md 和 facts.json。")
        self._options, self._tell = options, tell
        self._cases = [Case(folder, read_labels(folder)) for folder in folders]
        self._scratch = TemporaryDirectory(prefix="nigao-eval-")
        self._folder = folder or Path(self._scratch.name)
        libraries = Path(self._scratch.name) / "libraries"
        self._writers = [Writer(model, libraries, self._folder / UNFINISHED, tell) for model in models]

    def data(self) -> list[Path]:
        return [case.folder for case in self._cases]

    def close(self) -> None:
        self._scratch.cleanup()

    def tasks(self) -> list[Task]:
        if self._options.drafts:
            return [self._given(case, self._options.drafts) for case in self._cases]
        return [
            self._task(writer, system, case, seed)
            for writer in self._writers
            for system in self._systems()
            for seed in (self._options.baseline_seeds if system[1] is None else self._options.seeds)
            for case in self._cases
        ]

    def _systems(self) -> list[System]:
        systems: list[System] = []
        if "ours" in self._options.systems:
            systems = [(OURS, FULL)]
        systems += [(_without(flags), flags) for flags in self._options.without]
        if "naive" in self._options.systems and self._options.baselines:
            systems.append((NAIVE, None))
        return systems

    def _task(self, writer: Writer, system: System, case: Case, seed: int) -> Task:
        name = f"{system[0]} · {writer.choice.name}"
        without = system[1]

        def run() -> Outcome:
            key = f"{name} {case.labels.name} {seed}"
            written = writer.naive(case, seed, key) if without is None else writer.draft(case, seed, without, key)
            return self._finished(name, case, seed, written, timed=not writer.choice.script)

        return Task("drafting", name, case.labels.name, run, partial(_failed, name, case, seed), seed, _work(case))

    def _finished(self, system: str, case: Case, seed: int, written: Written, *, timed: bool) -> Outcome:
        """Score a draft, keep it for reading and say how it went."""
        from assistant.export import to_markdown

        text = to_markdown(written.draft)
        score = score_draft(text, case.labels)
        write_for_reading(self._folder / DRAFTS, system, case.labels.name, seed, text, written.draft, score)
        outcome = _scored(system, case, seed, score, _told(written.draft, score), {})
        characters = float(sum(section.length for section in written.draft.sections))
        outcome = replace(outcome, samples={**outcome.samples, "characters": (characters,)})
        if timed:
            outcome = _timed(outcome, written)
        self._tell(_line(outcome))
        return replace(outcome, text=text)

    def _given(self, case: Case, folder: Path) -> Task:
        def run() -> Outcome:
            score = score_draft((folder / f"{case.labels.name}.md").read_text(encoding="utf-8"), case.labels)
            return _scored(folder.name, case, 0, score, {}, {})

        return Task("drafting", folder.name, case.labels.name, run, partial(_failed, folder.name, case, 0))


def _without(flags: frozenset[str]) -> str:
    named = "、".join(flag for flag in FLAGS if flag in flags)
    return f"{OURS} 全部关掉" if flags == set(FLAGS) else f"{OURS} 无{named}"


def _named(folders: Sequence[Path], only: Sequence[str]) -> list[Path]:
    """Those whose name begins with one of `only`; all when it is empty."""
    return [folder for folder in folders if not only or folder.name.startswith(tuple(only))]


def _work(case: Case) -> float:
    """How much there is to write: bullets and rows of the notes."""
    return float(max(1, len(case.labels.covers)))


# ---- outcomes ---------------------------------------------------------------------------------------------------


def _timed(outcome: Outcome, written: Written) -> Outcome:
    """The outcome with its times.

    Requests with a seed run one after the other, so what the whole draft took beyond its model time is the product's
    own. A section's own clock would count the waiting for its turn.
    """
    sections = [section for section in written.draft.sections if section.length]
    per_300 = tuple(round(PLOT_SECTION * s.model_seconds / s.length, 3) for s in sections if s.length >= LEAST_SECTION)
    model = written.model_seconds
    times = {
        "seconds_300": per_300,
        "section_seconds": tuple(round(section.model_seconds, 3) for section in sections),
        "draft_seconds": (round(written.seconds, 3),),
        "model_seconds": (round(model, 3),),
    }
    own = (max(0.0, written.seconds - model), model)
    return replace(outcome, samples={**outcome.samples, **times}, counts={**outcome.counts, "overhead": own})


def _told(draft: Draft, score: DraftScore) -> dict[str, Count]:
    """The draft's own findings, and whether they tell what the scorer finds: dropped figures named, no error cried for
    none."""
    severities = [finding.severity for finding in draft.all_findings]
    counts: dict[str, Count] = {
        "errors": (float(severities.count("error")), 1.0),
        "warnings": (float(severities.count("warning")), 1.0),
    }
    if draft.coverage.points == 0:
        return counts
    told = " ".join(f"{f.message} {f.note.text if f.note else ''}" for f in draft.all_findings)
    dropped = [fault for fault in score.faults if fault.kind == "placed"]
    named = [fault for fault in dropped if fault.text.split("：")[1].split(" ")[1].split("，")[0] in told]
    counts["admitted"] = (float(len(named)), float(len(dropped)))
    if score.sound:
        counts["clean_claim"] = (float(draft.verdict == "errors"), 1.0)
    return counts


def _line(outcome: Outcome) -> str:
    """How a draft went, in a line."""
    parts = [
        f"{title} {outcome.counts[name][0]:g}/{outcome.counts[name][1]:g}"
        for name, title in (("placed", "数字"), ("covered", "要点"), ("headings", "标题"), ("length", "篇幅"))
    ]
    parts += [
        f"{title} {outcome.counts[name][0]:g}"
        for name, title in (("traps", "往年内容"), ("repeats", "重复句"), ("remnants", "残留"), ("errors", "报错"))
    ]
    wrong = sum(outcome.counts[name][0] for name in ("altered", "invented", "unit", "leftover"))
    seconds = f"，{outcome.samples['draft_seconds'][0]:.0f} s" if "draft_seconds" in outcome.samples else ""
    return f"  {outcome.case} · {outcome.system} · 种子 {outcome.seed}：无依据 {wrong:g}，{'，'.join(parts)}{seconds}"


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
