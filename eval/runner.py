"""Runs tasks one after the other, keeps every result, and turns an exception into a failed case."""

from __future__ import annotations

import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from time import monotonic, perf_counter

from assistant.errors import NigaoError
from eval.outcome import Outcome, Task
from eval.store import RunStore


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is: `done` of `total` tasks, the one that begins now, seconds left where they can be told."""

    done: int
    total: int
    task: Task
    left: float | None


OnProgress = Callable[[Progress], None]


def run_tasks(
    tasks: Iterable[Task], store: RunStore, on_progress: OnProgress, *, deadline: float | None = None
) -> list[Outcome]:
    """Outcomes of all tasks in their order; those already in the store are not run again.

    Args:
        tasks: what to run.
        store: keeps each outcome as it comes.
        on_progress: called before each task.
        deadline: value of `time.monotonic` after which no further task is begun; the rest has no outcome.
    """
    wanted = list(tasks)
    pace = Pace(wanted)
    for task in wanted:
        if task.key in store.done:
            pace.finished(task, store.done[task.key].seconds)
    outcomes = []
    for index, task in enumerate(wanted):
        outcome = store.done.get(task.key)
        if outcome is None:
            if deadline is not None and monotonic() > deadline:
                continue
            on_progress(Progress(index, len(wanted), task, pace.left()))
            outcome = run_one(task)
            store.add(outcome)
            pace.finished(task, outcome.seconds)
        outcomes.append(outcome)
    return outcomes


class Pace:
    """Tells how long the rest will take: the weight of each system's open tasks at that system's pace so far, or at the
    pace of all where it has not begun."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._open: dict[str, float] = defaultdict(float)
        self._done: dict[str, float] = defaultdict(float)
        self._seconds: dict[str, float] = defaultdict(float)
        for task in tasks:
            self._open[task.system] += task.weight

    def finished(self, task: Task, seconds: float) -> None:
        self._open[task.system] -= task.weight
        self._done[task.system] += task.weight
        self._seconds[task.system] += seconds

    def left(self) -> float | None:
        """Seconds; None while nothing is done."""
        if not self._done:
            return None
        overall = sum(self._seconds.values()) / sum(self._done.values())
        paces = {system: self._seconds[system] / weight for system, weight in self._done.items()}
        return sum(weight * paces.get(system, overall) for system, weight in self._open.items())


def run_one(task: Task) -> Outcome:
    """Run a task; whatever it raises becomes a failure that counts."""
    started = perf_counter()
    try:
        outcome = task.run()
    except NigaoError as error:
        outcome = task.failed(f"{type(error).__name__}：{error}")
    except Exception as error:  # a crash of the product is a result of the evaluation, not the end of it
        place = traceback.extract_tb(error.__traceback__)[-1]
        outcome = task.failed(f"{type(error).__name__}: {error} ({place.filename.rsplit('/', 1)[-1]}:{place.lineno})")
    failed = (float(bool(outcome.failure)), 1.0)
    return replace(outcome, seconds=perf_counter() - started, counts={**outcome.counts, "failed": failed})
