"""The small fast part of the evaluation that guards every change: fixed cases, scripted models, limits in a file."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from eval.measures import measures_of, show
from eval.options import Options
from eval.outcome import Outcome
from eval.summary import ALL, Row, summarise

LIMITS = Path(__file__).resolve().parent / "gate.toml"
PARTS = ("figures", "review", "drafting")
SCRIPTS = ("scripted:echo", "scripted:hostile", "scripted:silent", "scripted:careless")
MUTATED_PARAGRAPHS = 60
DRAFTED = 8
"""Briefs of the gate, spread over all of them."""


@dataclass(frozen=True, slots=True)
class Check:
    """One limit against one figure; a limit whose figure is missing is not met."""

    suite: str
    system: str
    measure: str
    value: float | None
    limit: float
    is_floor: bool

    @property
    def met(self) -> bool:
        if self.value is None:
            return False
        return self.value >= self.limit if self.is_floor else self.value <= self.limit


def run_gate(options: Options) -> int:
    """Run the parts and print every limit; 0 when all are met, 1 when not."""
    outcomes = gate_outcomes(options)
    checks = check_limits(summarise(outcomes, by_kind=False), read_limits())
    _print(checks, outcomes)
    return int(not all(check.met for check in checks))


def gate_outcomes(options: Options) -> list[Outcome]:
    """Outcomes of all parts, run in a folder that is thrown away unless one was given."""
    from eval.__main__ import run_suites

    with tempfile.TemporaryDirectory(prefix="nigao-gate-") as scratch:
        outcomes: list[Outcome] = []
        for part in PARTS:
            chosen = replace(
                options,
                suite=part,
                models=SCRIPTS,
                baselines=False,
                mutations=MUTATED_PARAGRAPHS,
                limit=DRAFTED if part == "drafting" else 0,
                resume=False,
            )
            outcomes += run_suites(chosen, (options.out or Path(scratch)) / part)[0]
        return outcomes


def read_limits(path: Path = LIMITS) -> list[dict[str, Any]]:
    """Limits of a file, each with either `least` or `most`."""
    limits: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["limit"]
    for limit in limits:
        if ("least" in limit) == ("most" in limit):
            raise ValueError(f"{path}: exactly one of least and most: {limit}")
    return limits


def check_limits(rows: Sequence[Row], limits: Sequence[dict[str, Any]]) -> list[Check]:
    """Every limit against every figure that its patterns name."""
    whole = [row for row in rows if row.kind == ALL]
    checks = []
    for limit in limits:
        floor = "least" in limit
        bound = float(limit["least"] if floor else limit["most"])
        named = [row for row in whole if _is_named(row, limit)]
        checks += [Check(row.suite, row.system, row.measure, row.value, bound, floor) for row in named]
        if not named:
            checks.append(Check(limit["suite"], limit["system"], limit["measure"], None, bound, floor))
    return checks


def _is_named(row: Row, limit: dict[str, Any]) -> bool:
    return (
        fnmatchcase(row.suite, limit["suite"])
        and fnmatchcase(row.system, limit["system"])
        and row.measure == limit["measure"]
    )


def _print(checks: Sequence[Check], outcomes: Sequence[Outcome]) -> None:
    console = Console(width=max(100, Console().width))
    table = Table(title=f"门槛（样例 {len(outcomes)} 个）", title_justify="left")
    for column in ("项目", "做法", "指标", "数值", "门槛", ""):
        table.add_column(column)
    for check in checks:
        measure = next((m for m in measures_of(_known(check.suite)) if m.key == check.measure), None)
        scale = measure.scale if measure else "number"
        sign = "≥" if check.is_floor else "≤"
        mark = "[green]达到[/]" if check.met else "[bold red]未达到[/]"
        title = measure.title if measure else check.measure
        table.add_row(
            check.suite, check.system, title, show(check.value, scale), f"{sign} {show(check.limit, scale)}", mark
        )
    console.print(table)
    for outcome in [outcome for outcome in outcomes if outcome.failure][:5]:
        console.print(f"没有跑成 {outcome.system} {outcome.case}：{outcome.failure}", markup=False)


def _known(suite: str) -> str:
    return suite if suite != "*" else "figures"
