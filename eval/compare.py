"""Two runs side by side: what got better, what worse, which cases flipped, what was changed between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.intervals import Interval, difference_interval
from eval.measures import Measure, measures_of
from eval.outcome import Key, Outcome
from eval.store import VOLATILE, read_manifest, read_results
from eval.summary import group_counts

EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """One measure before and after, over the cases that both runs hold. `settled` says that chance is no explanation:
    the interval of the difference leaves out zero."""

    suite: str
    system: str
    measure: str
    title: str
    before: float
    after: float
    interval: Interval | None
    verdict: str
    cases: int

    @property
    def settled(self) -> bool:
        return self.interval is not None and (self.interval.low > 0 or self.interval.high < 0)


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that passes in one run and not in the other, with its first fault."""

    key: Key
    passes_now: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences of two runs. `only_before`, `only_after` are cases that one of them lacks; `same_texts` counts the
    generated texts that are the same to the character, of all generated ones."""

    changes: tuple[Change, ...]
    flips: tuple[Flip, ...]
    only_before: tuple[Key, ...]
    only_after: tuple[Key, ...]
    conditions: tuple[str, ...]
    same_texts: tuple[int, int] = (0, 0)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def compare_runs(before: Path, after: Path) -> Comparison:
    """Compare the results in two folders.

    Raises:
        StoreError: a folder holds no results.
    """
    old = {outcome.key: outcome for outcome in read_results(before)}
    new = {outcome.key: outcome for outcome in read_results(after)}
    shared = [key for key in new if key in old]
    return Comparison(
        changes=tuple(_changes([old[key] for key in shared], [new[key] for key in shared])),
        flips=tuple(_flip(old[key], new[key]) for key in shared if old[key].passed != new[key].passed),
        only_before=tuple(key for key in old if key not in new),
        only_after=tuple(key for key in new if key not in old),
        conditions=tuple(conditions_changed(read_manifest(before), read_manifest(after))),
        same_texts=_same_texts([(old[key].text, new[key].text) for key in shared]),
    )


def _same_texts(pairs: Sequence[tuple[str, str]]) -> tuple[int, int]:
    generated = [(one, other) for one, other in pairs if one or other]
    return sum(one == other for one, other in generated), len(generated)


def _changes(old: Sequence[Outcome], new: Sequence[Outcome]) -> list[Change]:
    systems = dict.fromkeys((outcome.suite, outcome.system) for outcome in new)
    changes = []
    for suite, system in systems:
        one = [o for o in old if (o.suite, o.system) == (suite, system)]
        other = [o for o in new if (o.suite, o.system) == (suite, system)]
        ratios = [measure for measure in measures_of(suite) if measure.statistic == "ratio"]
        changes += [change for measure in ratios if (change := _change(suite, system, measure, one, other))]
    return changes


def _change(suite: str, system: str, measure: Measure, old: Sequence[Outcome], new: Sequence[Outcome]) -> Change | None:
    one, other = group_counts(old, measure.name), group_counts(new, measure.name)
    totals = [tuple(sum(count[i] for count in counts.values()) for i in (0, 1)) for counts in (one, other)]
    if not totals[0][1] or not totals[1][1]:
        return None
    before, after = (hits / total for hits, total in totals)
    groups = sorted(set(one) & set(other))
    interval = difference_interval([one[g] for g in groups], [other[g] for g in groups])
    verdict = _verdict(measure, before, after)
    return Change(suite, system, measure.key, measure.title, before, after, interval, verdict, len(new))


def _verdict(measure: Measure, before: float, after: float) -> str:
    if abs(after - before) < EPSILON:
        return "不变"
    if not measure.better:
        return "有变化"
    return "变好" if (after > before) == (measure.better == "up") else "变差"


def _flip(old: Outcome, new: Outcome) -> Flip:
    at_fault = old if new.passed else new
    reason = at_fault.failure or (at_fault.examples[0].text if at_fault.examples else "")
    return Flip(new.key, new.passed, reason)


def conditions_changed(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Names of what differs between two manifests, with both values: prompts, models, versions, data, options."""
    changed = []
    for key in sorted({*old, *new} - ({*VOLATILE} if not prefix else set())):
        one, other = old.get(key), new.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            changed += conditions_changed(one, other, f"{prefix}{key}.")
        elif one != other:
            changed.append(f"{prefix}{key}：{_short(one)} → {_short(other)}")
    return changed


def _short(value: Any) -> str:
    text = "无" if value in (None, "") else str(value)
    return text if len(text) <= 60 else text[:57] + "…"
