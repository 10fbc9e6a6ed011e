"""Paragraphs through every mode of polishing: what is fact must come out as it went in.

Facts are found by the scorer's own plain patterns: number-like tokens, book titles, quoted names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.resources import resource_dir
from eval.cases import CasesError, take
from eval.models import ModelChoice
from eval.options import Options
from eval.outcome import Example, Outcome, Task
from eval.scoring.numbers import find_numbers
from eval.scoring.prose import remnants
from eval.scoring.text import plain_digits

if TYPE_CHECKING:
    from assistant.llm import ChatModel

MODES = ("规范", "精简", "扩写", "生动")
LEAST, MOST = 60, 400
OURS, NAIVE = "拟稿", "直接改写"
DEFAULT_TEXTS = resource_dir("data") / "reports"
DEFAULT_COUNT = 24
_TITLE = re.compile(r"《[^》\n]+》|“[^”\n]{2,20}”")
_ASK = "请把下面这段公文改写得更{mode}，保留所有事实和数字，只输出改写后的文字：\n\n{text}"


class PolishSuite:
    """Paragraphs of the given texts (the sample reports by default), one mode each, in turn."""

    name = "polish"

    def __init__(self, options: Options, models: Sequence[ModelChoice]) -> None:
        self._options, self._models = options, list(models)
        places = options.cases or (DEFAULT_TEXTS,)
        self._paths = [path for place in places for path in _texts(place)]
        found = [(path.stem, number, text) for path in self._paths for number, text in _paragraphs(path)]
        if not found:
            raise CasesError("没有 polish 的样例：要有 .txt 或 .md 的文本，其中有 60 到 400 字的段落。")
        self._paragraphs = take(found, options.limit or (0 if options.cases else DEFAULT_COUNT))

    def data(self) -> list[Path]:
        return self._paths

    def close(self) -> None:
        """Nothing is held."""

    def tasks(self) -> list[Task]:
        tasks = []
        for choice in self._models:
            holder = _Holder(choice)
            for system in (OURS, NAIVE) if self._options.baselines else (OURS,):
                for seed in self._options.seeds:
                    tasks += [
                        _task(holder, system, seed, name, number, text, MODES[index % len(MODES)])
                        for index, (name, number, text) in enumerate(self._paragraphs)
                    ]
        return tasks


class _Holder:
    """One model, connected at its first use."""

    def __init__(self, choice: ModelChoice) -> None:
        self.choice = choice
        self._model: ChatModel | None = None

    @property
    def model(self) -> ChatModel:
        if self._model is None:
            self._model = self.choice.connect()
        return self._model


def _texts(place: Path) -> list[Path]:
    if place.is_file():
        return [place] if place.suffix in (".txt", ".md") else []
    return [path for path in sorted(place.rglob("*")) if path.suffix in (".txt", ".md") and path.name != "brief.md"]


def _paragraphs(path: Path) -> list[tuple[int, str]]:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        (number, line)
        for number, line in enumerate(lines, 1)
        if LEAST <= len(line) <= MOST and not line.startswith(("|", "#", "-", "*")) and "**" not in line
    ]


def _task(holder: _Holder, system: str, seed: int, name: str, number: int, text: str, mode: str) -> Task:
    full, case = f"{system} · {holder.choice.name}", f"{name}:{number}:{mode}"
    return Task(
        "polish",
        full,
        case,
        partial(_run, holder, system, full, case, name, text, mode, seed),
        partial(_failed, full, case, name, text, mode, seed),
        seed,
    )


def _run(holder: _Holder, system: str, full: str, case: str, group: str, text: str, mode: str, seed: int) -> Outcome:
    from time import perf_counter

    model = holder.model
    started = perf_counter()
    after = _ours(model, text, mode, seed) if system == OURS else _naive(model, text, mode, seed)
    return score_polish(full, case, group, text, after, mode, seed, perf_counter() - started)


def _ours(model: ChatModel, text: str, mode: str, seed: int) -> str:
    from assistant.polish import polish

    return polish(text, mode, "", model, seed=seed).after


def _naive(model: ChatModel, text: str, mode: str, seed: int) -> str:
    from assistant.llm import Message

    ask = _ASK.format(mode=mode, text=text)
    return model.complete([Message("user", ask)], max_tokens=600, temperature=0.3, seed=seed).text.strip()


def facts_of(text: str) -> Counter[str]:
    """Number-like tokens and titles of a text, with how often each stands there."""
    plain = plain_digits(text)
    numbers = [number.text for number in find_numbers(plain) if number.strong]
    return Counter([*numbers, *_TITLE.findall(text)])


def score_polish(
    system: str, case: str, group: str, before: str, after: str, mode: str, seed: int, seconds: float
) -> Outcome:
    """Counts of one paragraph: facts kept exactly, how much of the text is new, what does not belong there."""
    old, new = facts_of(before), facts_of(after)
    lost, added = old - new, new - old
    titles = {fact for fact in [*lost, *added] if fact[0] in "《“"}
    figures = {fact for fact in [*lost, *added] if fact[0] not in "《“"}
    faults = (
        [Example("figures_kept", f"数字变了（{mode}）：{'、'.join(sorted(figures))}：{after[:100]}")] if figures else []
    )
    faults += [Example("names_kept", f"名称变了（{mode}）：{'、'.join(sorted(titles))}")] if titles else []
    leavings = remnants(after) if not remnants(before) else []
    faults += [Example("remnants", f"{mode}：{piece}") for piece in leavings]
    same = SequenceMatcher(None, before, after, autojunk=False).ratio()
    counts = {
        "figures_kept": (float(not figures), 1.0),
        "names_kept": (float(not titles), 1.0),
        "changed": (1 - same, 1.0),
        "rejected": (float(before == after), 1.0),
        "remnants": (float(len(leavings)), 1.0),
    }
    samples = {"seconds": (seconds,)}
    return Outcome("polish", system, case, group, mode, counts, not faults, seed, samples, tuple(faults), text=after)


def _failed(system: str, case: str, group: str, text: str, mode: str, seed: int, reason: str) -> Outcome:
    outcome = score_polish(system, case, group, text, "", mode, seed, 0.0)
    counts = {**outcome.counts, "figures_kept": (0.0, 1.0)}
    return replace(outcome, counts=counts, samples={}, passed=False, failure=reason)
