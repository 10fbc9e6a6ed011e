"""The tables of a run as Markdown, one row per system: for the README and for merge requests."""

from __future__ import annotations

from collections.abc import Sequence

from eval.measures import Measure, measures_of, show
from eval.summary import ALL, Row


def markdown_tables(rows: Sequence[Row]) -> str:
    """One table per suite over all its cases; measures that no system has are left out."""
    parts = []
    for suite in dict.fromkeys(row.suite for row in rows):
        parts += [f"### {suite}", "", *_table(suite, [r for r in rows if r.suite == suite and r.kind == ALL]), ""]
    return "\n".join(parts)


def _table(suite: str, rows: Sequence[Row]) -> list[str]:
    held = {(row.system, row.measure): row for row in rows}
    shown = [measure for measure in measures_of(suite) if any(key[1] == measure.key for key in held)]
    lines = [
        "| | 样例 | " + " | ".join(_head(measure) for measure in shown) + " |",
        "|---|---" + "|---" * len(shown) + "|",
    ]
    for system in dict.fromkeys(row.system for row in rows):
        cases = max(row.cases for row in rows if row.system == system)
        cells = [_cell(held.get((system, measure.key)), measure) for measure in shown]
        lines.append(f"| {system} | {cases} | " + " | ".join(cells) + " |")
    return lines


def _head(measure: Measure) -> str:
    return {"up": "↑", "down": "↓", "": ""}[measure.better] + measure.title


def _cell(row: Row | None, measure: Measure) -> str:
    return "—" if row is None else show(row.value, measure.scale)
