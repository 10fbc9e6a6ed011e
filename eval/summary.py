"""Outcomes put together: one row per suite, system and measure, with interval and number of cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from eval.intervals import Interval, ratio_interval, sample_interval
from eval.measures import Measure, measures_of
from eval.outcome import Count, Example, Outcome

ALL = "全部"
PERCENTILE = {"median": 50.0, "p95": 95.0}


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of the report. `total` is its denominator or number of samples, `cases` how many cases it rests on."""

    suite: str
    system: str
    kind: str
    measure: str
    title: str
    value: float | None
    interval: Interval | None
    hits: float
    total: float
    cases: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class WorstExample:
    """A fault with the case it comes from."""

    suite: str
    system: str
    case: str
    seed: int
    example: Example


def summarise(outcomes: Iterable[Outcome], *, by_kind: bool = True) -> list[Row]:
    """Rows for all suites and systems in the order they were run; per kind where there is more than one kind."""
    grouped: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        grouped[outcome.suite, outcome.system].append(outcome)
    rows = []
    for (suite, system), found in grouped.items():
        kinds = sorted({outcome.kind for outcome in found})
        parts = {ALL: found} | ({kind: [o for o in found if o.kind == kind] for kind in kinds} if by_kind else {})
        for kind, part in parts.items():
            if kind == ALL or len(kinds) > 1:
                rows += _rows(suite, system, kind, part)
    return rows


def _rows(suite: str, system: str, kind: str, outcomes: Sequence[Outcome]) -> list[Row]:
    rows = [_row(suite, system, kind, measure, outcomes) for measure in measures_of(suite)]
    return [row for row in rows if row.cases]


def _row(suite: str, system: str, kind: str, measure: Measure, outcomes: Sequence[Outcome]) -> Row:
    if measure.statistic != "ratio":
        return _sample_row(suite, system, kind, measure, outcomes)
    held = [outcome for outcome in outcomes if outcome.counts.get(measure.name, (0, 0))[1] > 0]
    by_group = group_counts(held, measure.name)
    hits, total = (sum(count[i] for count in by_group.values()) for i in (0, 1))
    value = hits / total if total else None
    interval = ratio_interval(list(by_group.values()))
    return Row(suite, system, kind, measure.key, measure.title, value, interval, hits, total, len(held))


def _sample_row(suite: str, system: str, kind: str, measure: Measure, outcomes: Sequence[Outcome]) -> Row:
    held = [outcome for outcome in outcomes if outcome.samples.get(measure.name)]
    percentile = PERCENTILE[measure.statistic]
    by_group: dict[str, list[float]] = defaultdict(list)
    for outcome in held:
        by_group[outcome.group] += outcome.samples[measure.name]
    values = [value for group in by_group.values() for value in group]
    value = float(np.percentile(values, percentile)) if values else None
    interval = sample_interval(list(by_group.values()), percentile)
    return Row(suite, system, kind, measure.key, measure.title, value, interval, 0, len(values), len(held))


def group_counts(outcomes: Iterable[Outcome], measure: str) -> Mapping[str, Count]:
    """Numerator and denominator of a measure, summed per document."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for outcome in outcomes:
        hits, total = outcome.counts.get(measure, (0.0, 0.0))
        sums[outcome.group][0] += hits
        sums[outcome.group][1] += total
    return {group: (hits, total) for group, (hits, total) in sums.items()}


def worst(outcomes: Iterable[Outcome], limit: int = 12) -> list[WorstExample]:
    """The gravest examples of each suite and system; at most a third of them of one kind, so that all kinds show."""
    grouped: dict[tuple[str, str], list[WorstExample]] = defaultdict(list)
    for o in outcomes:
        grouped[o.suite, o.system] += [WorstExample(o.suite, o.system, o.case, o.seed, e) for e in o.examples]
    return [entry for (suite, _), found in grouped.items() for entry in _gravest(suite, found, limit)]


def _gravest(suite: str, found: list[WorstExample], limit: int) -> list[WorstExample]:
    heavy = {measure.name: measure.weight for measure in measures_of(suite)}
    ranked = sorted(found, key=lambda entry: -heavy.get(entry.example.kind, 1.0) * entry.example.weight)
    shown: dict[str, int] = defaultdict(int)
    kept = []
    for entry in ranked:
        shown[entry.example.kind] += 1
        if shown[entry.example.kind] <= max(2, limit // 3) and len(kept) < limit:
            kept.append(entry)
    return kept
