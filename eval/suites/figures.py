"""Recogniser and checker on labelled sentences, labelled drafts, pairs, and mutations of real text made on the way.

Parts: `figures/sentences`, `figures/fidelity`, `figures/pairs`, `figures/mutations`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from assistant.resources import resource_dir
from eval.baselines.checkers import digit_strings, value_sets
from eval.cases import CasesError, find_named, read_lines, take
from eval.options import CASES, Options
from eval.outcome import Example, Outcome, Task
from eval.scoring.findings import describe, judge, judge_pair
from eval.scoring.mentions import compare_mentions

Item = Mapping[str, Any]
Checker = Callable[[Item], list[Any]]
OURS = "拟稿"
MIN_TEXTS, PAST_PARAGRAPHS = 10, 4
MUTATED_TEXTS = resource_dir("data") / "reports"


def check_ours(item: Item) -> list[Any]:
    """Findings of the product for one batch line."""
    from assistant.checks.batch import check_item

    findings: list[Any] = check_item(dict(item))["findings"]
    return findings


class FiguresSuite:
    """All parts for which the given places hold cases."""

    name = "figures"

    def __init__(self, options: Options) -> None:
        self._options = options
        places = options.cases or (CASES,)
        self._sentences = find_named(places, "sentences.jsonl")
        self._fidelity = find_named(places, "fidelity.jsonl")
        self._pairs = find_named(places, "figure_pairs.jsonl")
        self._texts = _texts(options)
        if not (self._sentences or self._fidelity or self._pairs or self._texts):
            raise CasesError("没有 figures 的样例：要有 sentences.jsonl、fidelity.jsonl、figure_pairs.jsonl 或文本。")
        self._checkers: dict[str, Checker] = {OURS: check_ours}
        if options.baselines:
            self._checkers |= {"数字串比对": digit_strings, "数值集合比对": value_sets}

    def data(self) -> list[Path]:
        return [*self._sentences, *self._fidelity, *self._pairs, *self._texts]

    def close(self) -> None:
        """Nothing is held."""

    def tasks(self) -> list[Task]:
        tasks = [_sentence_task(item) for item in self._items(self._sentences, ("id", "text", "mentions"))]
        fidelity = self._items(self._fidelity, ("id", "notes", "draft", "expected"))
        pairs = self._items(self._pairs, ("id", "note", "draft", "severity"))
        mutations = take(list(self._mutations()), self._options.limit)
        for system, checker in self._checkers.items():
            tasks += [_draft_task("figures/fidelity", system, checker, item) for item in fidelity]
            tasks += [_pair_task(system, checker, item) for item in pairs]
            tasks += [_draft_task("figures/mutations", system, checker, item) for item in mutations]
        return tasks

    def _items(self, paths: list[Path], required: tuple[str, ...]) -> list[dict[str, Any]]:
        items = [item for path in paths for item in read_lines(path, required)]
        return take(items, self._options.limit)

    def _mutations(self) -> Iterator[dict[str, Any]]:
        """Wrong and right drafts out of paragraphs with figures, `--mutations` paragraphs in all."""
        if not self._texts or not self._options.mutations:
            return
        from eval.mutate import items, paragraphs

        files = take(self._texts, max(MIN_TEXTS, self._options.mutations // 2))
        held = [(path.stem, paragraphs(path.read_text(encoding="utf-8"))) for path in files]
        found = [(name, parts) for name, parts in held if parts]
        share = max(1, self._options.mutations // max(1, len(found)))
        for index, (name, parts) in enumerate(found):
            past = "\n".join(found[index - 1][1][:PAST_PARAGRAPHS]) if len(found) > 1 else None
            yield from items("\n".join(take(parts, share)), name, seed=self._options.seeds[0], past=past)


def _texts(options: Options) -> list[Path]:
    """Plain texts to be mutated (Markdown marks would get in the way): the sample reports, or those lying directly in the given folders."""
    if not options.cases:
        return sorted(MUTATED_TEXTS.glob("*.txt"))
    return [path for place in options.cases if place.is_dir() for path in sorted(place.glob("*.txt"))]


# ---- tasks ------------------------------------------------------------------------------------------------------


def _sentence_task(item: Item) -> Task:
    def run() -> Outcome:
        from assistant.figures import recognise

        figures = [figure for figure in recognise(item["text"]) if figure.checkable]
        match = compare_mentions(item, [(f.start, f.end, f.lo, f.hi, f.label) for f in figures])
        examples = tuple(Example(kind, f"{text}　｜　{item['text']}") for kind, text in match.faults)
        return _outcome("figures/sentences", OURS, item, match.counts, not match.faults, examples)

    wanted = float(len(item["mentions"]))
    counts = {"mention_f1": (0.0, wanted), "value_accuracy": (0.0, wanted)}
    return _task("figures/sentences", OURS, item, run, counts)


def _draft_task(suite: str, system: str, checker: Checker, item: Item) -> Task:
    return _task(suite, system, item, partial(_run_draft, suite, system, checker, item), _worst_of(item))


def _worst_of(item: Item) -> dict[str, tuple[float, float]]:
    if item["expected"]:
        return {"found": (0.0, 1.0), "named": (0.0, 1.0)}
    return {"false_alarm": (1.0, 1.0)}


def _run_draft(suite: str, system: str, checker: Checker, item: Item) -> Outcome:
    verdict = judge(item["expected"], item["draft"], checker(item))
    if not verdict.wrong:
        counts = {"false_alarm": (float(bool(verdict.alarms)), 1.0)}
        examples = tuple(Example("false_alarm", f"{alarm}　｜　{item['draft']}") for alarm in verdict.alarms)
        return _outcome(suite, system, item, counts, not verdict.alarms, examples)
    counts = {"found": (float(verdict.found), 1.0)}
    if verdict.found:
        counts["named"] = (float(verdict.named), 1.0)
    entry = item["expected"][0]
    missed = Example("found", f"漏报 {entry['kind']}“{entry['text'] or entry.get('note', '')}”　｜　{item['draft']}")
    return _outcome(suite, system, item, counts, verdict.found, () if verdict.found else (missed,))


def _pair_task(system: str, checker: Checker, item: Item) -> Task:
    def run() -> Outcome:
        findings = checker({**item, "notes": [item["note"]], "exemplar": item.get("past")})
        right = judge_pair(item["severity"], findings)
        shown = "；".join(describe(finding) for finding in findings[:2]) or "没有发现"
        example = Example("pairs", f"应为 {item['severity']}，{shown}　｜　{item['note']} → {item['draft']}")
        is_right = item["severity"] == "none"
        counts = {"pairs": (float(right), 1.0)}
        counts |= {"false_alarm": (float(not right), 1.0)} if is_right else {"found": (float(right), 1.0)}
        return _outcome("figures/pairs", system, item, counts, right, () if right else (example,))

    return _task("figures/pairs", system, item, run, {"pairs": (0.0, 1.0)})


def _group(item: Item) -> str:
    """The document of an item; items written for this project have one paragraph each, the first part of their id."""
    source = str(item.get("source_doc") or "own")
    return source if source != "own" else str(item["id"]).split(".")[0]


def _kind(item: Item) -> str:
    if "expected" in item:
        return str(item["expected"][0]["kind"] if item["expected"] else item.get("variant", "right"))
    return str(item.get("verdict") or item.get("kind") or "句子")


def _outcome(
    suite: str,
    system: str,
    item: Item,
    counts: Mapping[str, tuple[float, float]],
    passed: bool,
    examples: tuple[Example, ...],
) -> Outcome:
    return Outcome(suite, system, item["id"], _group(item), _kind(item), counts, passed, examples=examples)


def _task(
    suite: str, system: str, item: Item, run: Callable[[], Outcome], worst: Mapping[str, tuple[float, float]]
) -> Task:
    def failed(reason: str) -> Outcome:
        return Outcome(suite, system, item["id"], _group(item), _kind(item), worst, False, failure=reason)

    return Task(suite, system, item["id"], run, failed)
