"""The tables of a run as Markdown: the goals and the drafts one by one, then every suite with one row per system."""

from __future__ import annotations

from collections.abc import Sequence

from eval.goals import DRAFT_TITLES, Reached, draft_rows, goal_grid, grid_rows
from eval.measures import Measure, measures_of, show
from eval.outcome import Outcome
from eval.summary import ALL, Row


def markdown_tables(rows: Sequence[Row], outcomes: Sequence[Outcome]) -> str:
    """All tables; measures that no system has are left out."""
    parts = []
    if any(outcome.suite in ("drafting", "polish") for outcome in outcomes):
        parts += ["### 目标", "", *goal_table(outcomes), "", *goal_table(outcomes, english=True), ""]
    if drafts := draft_rows(outcomes):
        parts += ["### 各稿", "", *table(DRAFT_TITLES, drafts), ""]
    for suite in dict.fromkeys(row.suite for row in rows):
        parts += [f"### {suite}", "", *_table(suite, [r for r in rows if r.suite == suite and r.kind == ALL]), ""]
    return "\n".join(parts)


def goal_table(outcomes: Sequence[Outcome], *, english: bool = False) -> list[str]:
    """What drafting and polishing must reach; a value that misses its goal is bold."""
    titles, rows = grid_rows(goal_grid(outcomes, english=english), english=english)
    return table(titles, [[_reached(cell) for cell in row] for row in rows])


def _reached(value: str | Reached | None) -> str:
    if value is None or isinstance(value, str):
        return "—" if value is None else value
    return f"**{value.shown}**" if value.met is False else value.shown


def table(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """A Markdown table; bars and line ends in its cells are replaced."""
    body = ["| " + " | ".join(str(cell).replace("|", "｜").replace("\n", " ") for cell in row) + " |" for row in rows]
    return ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles), *body]


def _table(suite: str, rows: Sequence[Row]) -> list[str]:
    held = {(row.system, row.measure): row for row in rows}
    shown = [measure for measure in measures_of(suite) if any(key[1] == measure.key for key in held)]
    lines = []
    for system in dict.fromkeys(row.system for row in rows):
        cases = max(row.cases for row in rows if row.system == system)
        lines.append((system, cases, *(_cell(held.get((system, measure.key)), measure) for measure in shown)))
    return table(("", "样例", *map(_head, shown)), lines)


def _head(measure: Measure) -> str:
    return {"up": "↑", "down": "↓", "": ""}[measure.better] + measure.title


def _cell(row: Row | None, measure: Measure) -> str:
    return "—" if row is None else show(row.value, measure.scale)
