"""Confidence intervals: a bootstrap over documents, because cases of one document are not independent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.outcome import Count

RESAMPLES = 2000
LEVEL = 0.95
MIN_GROUPS = 3
"""With fewer documents an interval would only pretend to know."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% interval; both ends included."""

    low: float
    high: float


def weights(groups: int, seed: int = 0) -> np.ndarray:
    """How often each document is drawn, one row per resample."""
    draws = np.random.default_rng(seed).multinomial(groups, np.full(groups, 1 / groups), size=RESAMPLES)
    return draws.astype(np.float64)


def ratio_interval(counts: Sequence[Count]) -> Interval | None:
    """Interval of sum(numerators) / sum(denominators), one count per document; None for too few documents."""
    table = np.array([count for count in counts if count[1] > 0], dtype=np.float64)
    if len(table) < MIN_GROUPS:
        return None
    sums = weights(len(table)) @ table
    ratios = sums[:, 0] / sums[:, 1]
    return _percentiles(ratios)


def sample_interval(samples: Sequence[Sequence[float]], percentile: float) -> Interval | None:
    """Interval of a percentile of all samples, resampled by document."""
    groups = [np.asarray(values, dtype=np.float64) for values in samples if len(values)]
    if len(groups) < MIN_GROUPS:
        return None
    draws = weights(len(groups))[:400].astype(int)
    values = [
        float(np.percentile(np.concatenate([np.repeat(g, n) for g, n in zip(groups, draw, strict=True)]), percentile))
        for draw in draws
    ]
    return _percentiles(np.array(values))


def difference_interval(before: Sequence[Count], after: Sequence[Count]) -> Interval | None:
    """Interval of after minus before over the same documents, drawn together (paired)."""
    one, other = np.array(before, dtype=np.float64), np.array(after, dtype=np.float64)
    if len(one) < MIN_GROUPS:
        return None
    draws = weights(len(one))
    first, second = draws @ one, draws @ other
    held = (first[:, 1] > 0) & (second[:, 1] > 0)
    if not held.any():
        return None
    return _percentiles(second[held, 0] / second[held, 1] - first[held, 0] / first[held, 1])


def _percentiles(values: np.ndarray) -> Interval:
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(values, [tail, 100 - tail])
    return Interval(float(low), float(high))
