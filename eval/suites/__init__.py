"""One module per suite: cases in, tasks out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from eval.models import ModelChoice
from eval.options import Options
from eval.outcome import Task


class Suite(Protocol):
    """A suite knows its cases and makes a task of each; `data` are the files its manifest hashes."""

    name: str

    def tasks(self) -> list[Task]: ...

    def data(self) -> list[Path]: ...

    def close(self) -> None: ...


def open_suite(
    name: str, options: Options, models: list[ModelChoice], folder: Path, tell: Callable[[str], None]
) -> Suite:
    """The suite of this name; its module is imported only now.

    Args:
        name: one of `eval.options.SUITES`.
        options: what to run.
        models: for the suites that generate.
        folder: of the run, for what is to be read by eye.
        tell: receives a line now and then.

    Raises:
        CasesError: the cases are missing or malformed.
    """
    if name == "figures":
        from eval.suites.figures import FiguresSuite

        return FiguresSuite(options)
    if name == "review":
        from eval.suites.review import ReviewSuite

        return ReviewSuite(options)
    if name == "retrieval":
        from eval.suites.retrieval import RetrievalSuite

        return RetrievalSuite(options)
    if name == "drafting":
        from eval.suites.drafting import DraftingSuite

        return DraftingSuite(options, models, folder, tell)
    if name == "polish":
        from eval.suites.polish import PolishSuite

        return PolishSuite(options, models)
    from eval.suites.speed import SpeedSuite

    return SpeedSuite(options)
