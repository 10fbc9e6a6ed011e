"""Paragraphs through every mode of polishing: what is fact must come out as it went in.

Facts are found by the scorer's own plain patterns: number-like tokens, book titles, quoted names, words of increase,
decrease and comparison.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property, partial
from itertools import zip_longest
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.resources import resource_dir
from eval.cases import CasesError
from eval.models import ModelChoice
from eval.options import Options
from eval.outcome import Count, Example, Outcome, Task
from eval.scoring.numbers import find_numbers
from eval.scoring.prose import remnants
from eval.scoring.text import plain_digits

if TYPE_CHECKING:
    from assistant.llm import ChatModel

MODES = ("规范", "精简", "扩写", "生动")
LEAST, MOST = 60, 160
OURS, NAIVE = "拟稿", "直接改写"
DEFAULT_TEXTS = resource_dir("data") / "reports"
DEFAULT_COUNT = 24
_TITLE = re.compile(r"《[^》\n]+》|“[^”\n]{2,20}”")
_TURN = re.compile(r"增长|上升|下降|减少|回落|增加|同比|环比")
_ASK = "请把下面这段公文改写得更{mode}，保留所有事实和数字，只输出改写后的文字：\n\n{text}"


class PolishSuite:
    """Paragraphs of the given texts (the sample reports by default), one mode each, in turn."""

    name = "polish"

    def __init__(self, options: Options, models: Sequence[ModelChoice]) -> None:
        self._options, self._models = options, list(models)
        places = options.cases or (DEFAULT_TEXTS,)
        self._paths = [path for place in places for path in _texts(place)]
        found = _spread([(path.stem, _paragraphs(path)) for path in self._paths])
        if not found:
            raise CasesError("没有 polish 的样例：要有 .txt 或 .md 的文本，其中有 60 到 160 字、带数字的段落。")
        self._paragraphs = found[: options.limit or (len(found) if options.cases else DEFAULT_COUNT)]

    def data(self) -> list[Path]:
        return self._paths

    def close(self) -> None:
        """Nothing is held."""

    def tasks(self) -> list[Task]:
        tasks = []
        for choice in self._models:
            holder = _Holder(choice)
            for system in self._systems():
                for seed in self._options.seeds if system == OURS else self._options.baseline_seeds:
                    tasks += [
                        _task(holder, system, seed, name, number, text, MODES[index % len(MODES)])
                        for index, (name, number, text) in enumerate(self._paragraphs)
                    ]
        return tasks

    def _systems(self) -> list[str]:
        is_naive = "naive" in self._options.systems and self._options.baselines
        return [OURS] * ("ours" in self._options.systems) + [NAIVE] * is_naive


@dataclass(frozen=True)
class _Holder:
    """One model, connected at its first use."""

    choice: ModelChoice

    @cached_property
    def model(self) -> ChatModel:
        return self.choice.connect()


def _texts(place: Path) -> list[Path]:
    if place.is_file():
        return [place] if place.suffix in (".txt", ".md") else []
    return [path for path in sorted(place.rglob("*")) if path.suffix in (".txt", ".md") and path.name != "brief.md"]


def _spread(documents: Sequence[tuple[str, Sequence[tuple[int, str]]]]) -> list[tuple[str, int, str]]:
    """Paragraphs of all documents in turn, one of each before the second of any: any number of them is a fair sample."""
    turns = zip_longest(*([(name, *entry) for entry in paragraphs] for name, paragraphs in documents))
    return [entry for turn in turns for entry in turn if entry is not None]


def _paragraphs(path: Path) -> list[tuple[int, str]]:
    """Prose with figures in it, each paragraph with its line number; those without have hardly a fact to lose."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        (number, line)
        for number, line in enumerate(lines, 1)
        if LEAST <= len(line) <= MOST
        and not line.startswith(("|", "#", "-", "*"))
        and "**" not in line
        and line.endswith("。")
        and re.search(r"\d", line)
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
    model = holder.model
    started = perf_counter()
    after, is_separable = _ours(model, text, mode, seed) if system == OURS else (_naive(model, text, mode, seed), None)
    seconds = perf_counter() - started
    outcome = score_polish(full, case, group, text, after, mode, seed, 0.0 if holder.choice.script else seconds)
    if is_separable is None:
        return outcome
    faults = () if is_separable else (Example("separable", f"改动之外的文字变了（{mode}）：{text[:60]}"),)
    counts = {**outcome.counts, "separable": (float(is_separable), 1.0)}
    return replace(outcome, counts=counts, examples=outcome.examples + faults, passed=outcome.passed and is_separable)


def _ours(model: ChatModel, text: str, mode: str, seed: int) -> tuple[str, bool]:
    """The polished text, and whether its changes make it out of the old one, and none of them leaves the old one."""
    from assistant.polish import polish

    result = polish(text, mode, "", model, seed=seed)
    return result.after, result.accept(range(len(result.changes))) == result.after and result.accept([]) == text


def _naive(model: ChatModel, text: str, mode: str, seed: int) -> str:
    from assistant.llm import Message

    ask = _ASK.format(mode=mode, text=text)
    return model.complete([Message("user", ask)], max_tokens=600, temperature=0.3, seed=seed).text.strip()


def numbers_of(text: str) -> Counter[str]:
    """Number-like tokens of a text, with how often each stands there."""
    return Counter(number.text for number in find_numbers(plain_digits(text)) if number.strong)


def score_polish(
    system: str, case: str, group: str, before: str, after: str, mode: str, seed: int, seconds: float
) -> Outcome:
    """Counts of one paragraph: facts kept exactly, how much of the text is new, what does not belong there."""
    faults = []
    counts: dict[str, Count] = {}
    for name, title, facts_of in (
        ("figures_kept", "数字变了", numbers_of),
        ("names_kept", "名称变了", lambda text: Counter(_TITLE.findall(text))),
        ("turns_kept", "增减、同比变了", lambda text: Counter(_TURN.findall(text))),
    ):
        old, new = facts_of(before), facts_of(after)
        differing = [f"少了{fact}" for fact in old - new] + [f"多了{fact}" for fact in new - old]
        faults += [Example(name, f"{title}（{mode}）：{'、'.join(differing)}：{after[:100]}")] if differing else []
        counts[name] = (float(not differing), 1.0)
    counts["facts_changed"] = (float(bool(faults)), 1.0)
    leavings = remnants(after) if not remnants(before) else []
    faults += [Example("remnants", f"{mode}：{piece}") for piece in leavings]
    same = SequenceMatcher(None, before, after, autojunk=False).ratio()
    counts |= {
        "changed": (1 - same, 1.0),
        "rejected": (float(before == after), 1.0),
        "remnants": (float(len(leavings)), 1.0),
    }
    samples = {"seconds": (seconds,)} if seconds else {}
    return Outcome("polish", system, case, group, mode, counts, not faults, seed, samples, tuple(faults), text=after)


def _failed(system: str, case: str, group: str, text: str, mode: str, seed: int, reason: str) -> Outcome:
    outcome = score_polish(system, case, group, text, "", mode, seed, 0.0)
    counts = {**outcome.counts, "figures_kept": (0.0, 1.0), "facts_changed": (1.0, 1.0)}
    return replace(outcome, counts=counts, passed=False, failure=reason)
