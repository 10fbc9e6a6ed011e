"""Runs tasks one after the other, keeps every result, and turns an exception into a failed case."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from time import perf_counter

from assistant.errors import NigaoError
from eval.outcome import Outcome, Task
from eval.store import RunStore

OnProgress = Callable[[int, int, Task], None]


def run_tasks(tasks: Iterable[Task], store: RunStore, on_progress: OnProgress) -> list[Outcome]:
    """Outcomes of all tasks in their order; those already in the store are not run again."""
    wanted = list(tasks)
    outcomes = []
    for index, task in enumerate(wanted):
        on_progress(index, len(wanted), task)
        outcome = store.done.get(task.key)
        if outcome is None:
            outcome = run_one(task)
            store.add(outcome)
        outcomes.append(outcome)
    return outcomes


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
