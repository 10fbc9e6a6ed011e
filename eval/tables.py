"""The report on the terminal, and progress while it is being made."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from eval.compare import Change, Comparison
from eval.goals import DRAFT_TITLES, SIDE_BY_SIDE, Reached, by_system, draft_rows, goal_grid, grid_rows
from eval.measures import Measure, Scale, measures_of, show
from eval.outcome import Outcome
from eval.runner import Progress as RunProgress
from eval.summary import ALL, Row, WorstExample

WORST_SHOWN = 6
EVERY = 10.0
"""Seconds between two lines of progress in a log."""
WIDTH = 120
CLIP = 150
"""Characters of an example that the terminal shows; the page has all of it."""


class Watch:
    """Progress on standard error: a bar on a terminal, a line now and then in a log; nothing when asked to be quiet."""

    def __init__(self, quiet: bool) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._console = Console(stderr=True, highlight=False)
        self._quiet = quiet
        self._started = monotonic()
        self._told = -EVERY
        self._is_log = not self._console.is_terminal
        self._bar = Progress(*columns, console=self._console, disable=quiet or self._is_log, transient=True)
        self._job = self._bar.add_task("")

    def __enter__(self) -> Watch:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, progress: RunProgress) -> None:
        left = "" if progress.left is None else f"，约剩 {clock(progress.left)}"
        what = f"{progress.task.suite} {progress.task.system} {progress.task.case}"
        self._bar.update(self._job, completed=progress.done, total=progress.total, description=what + left)
        passed = monotonic() - self._started
        if self._is_log and passed - self._told >= EVERY:
            self._told = passed
            self.say(f"[{progress.done}/{progress.total}，已用 {clock(passed)}{left}] {what}")

    def finished(self, run: int, total: int) -> None:
        """How many of the cases were run, and how long it took."""
        passed = clock(monotonic() - self._started)
        if run < total:
            self.say(f"到时间了：{total} 个样例里跑了 {run} 个，用时 {passed}。加 --resume 用同样的命令接着跑。")
        else:
            self.say(f"{total} 个样例，用时 {passed}。")

    def say(self, line: str) -> None:
        """A line that stays; may be called from any thread."""
        if not self._quiet:
            self._console.print(line, markup=False, soft_wrap=True)


def clock(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def print_report(rows: Sequence[Row], worst: Sequence[WorstExample], outcomes: Sequence[Outcome]) -> None:
    """All tables, then the worst examples, every failure, the drafts one by one and the goals."""
    console = Console(file=sys.stdout, width=max(WIDTH, Console().width))
    for suite in dict.fromkeys(row.suite for row in rows):
        of_suite = [row for row in rows if row.suite == suite]
        whole = [row for row in of_suite if row.kind == ALL]
        systems = list(dict.fromkeys(row.system for row in whole))
        for first in range(0, len(systems), SIDE_BY_SIDE):
            chosen = systems[first : first + SIDE_BY_SIDE]
            console.print(_systems_table(suite, [row for row in whole if row.system in chosen]))
        for table in _kind_tables(suite, [row for row in of_suite if row.kind != ALL]):
            console.print(table)
    _print_worst(console, worst)
    _print_failures(console, outcomes)
    _print_drafts(console, outcomes)
    _print_goals(console, outcomes)


def _print_drafts(console: Console, outcomes: Sequence[Outcome]) -> None:
    """One table per system; without the column that names it."""
    for (suite, system), found in by_system(outcomes).items():
        if suite != "drafting":
            continue
        table = Table(title=f"各稿 · {system}", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for title in DRAFT_TITLES:
            if title != "做法":
                is_name = title == "样例"
                table.add_column(
                    title, justify="left" if is_name else "right", no_wrap=True, max_width=24 if is_name else None
                )
        for row in draft_rows(found):
            table.add_row(*(cell for cell, title in zip(row, DRAFT_TITLES, strict=True) if title != "做法"))
        console.print(table)


def _print_goals(console: Console, outcomes: Sequence[Outcome]) -> None:
    """What drafting and polishing must reach; a value that misses its goal is red."""
    grid = goal_grid(outcomes)
    for first in range(0, len(grid.systems), SIDE_BY_SIDE):
        titles, rows = grid_rows(replace(grid, systems=grid.systems[first : first + SIDE_BY_SIDE]))
        table = Table(title="目标", title_justify="left")
        for index, title in enumerate(titles):
            table.add_column(title, justify="right" if index else "left", no_wrap=not index)
        for row in rows:
            table.add_row(*(_reached(cell) for cell in row))
        console.print(table)


def _reached(value: str | Reached | None) -> str:
    if value is None or isinstance(value, str):
        return "—" if value is None else value
    return f"[bold red]{value.shown}[/]" if value.met is False else value.shown


def _systems_table(suite: str, rows: Sequence[Row]) -> Table:
    systems = list(dict.fromkeys(row.system for row in rows))
    table = Table(title=f"{suite}（括号内为95%置信区间，按文档重抽样；n 为样例数）", title_justify="left")
    table.add_column("指标", no_wrap=True)
    for system in systems:
        table.add_column(system, justify="right")
    for measure in measures_of(suite):
        held = {row.system: row for row in rows if row.measure == measure.key}
        if held:
            cells = [_cell(held.get(system), measure.scale) for system in systems]
            table.add_row(_arrow(measure) + measure.title, *cells)
    return table


def _kind_tables(suite: str, rows: Sequence[Row]) -> list[Table]:
    """One table per system: kinds down, measures across."""
    tables = []
    for system in dict.fromkeys(row.system for row in rows):
        own = [row for row in rows if row.system == system]
        shown = [m for m in measures_of(suite) if m.name != "failed" and any(r.measure == m.key for r in own)][:8]
        table = Table(title=f"{suite} · {system} · 分类", title_justify="left")
        table.add_column("类别")
        for measure in shown:
            table.add_column(measure.title, justify="right")
        for kind in dict.fromkeys(row.kind for row in own):
            held = {row.measure: row for row in own if row.kind == kind}
            table.add_row(kind, *(_cell(held.get(m.key), m.scale, brief=True) for m in shown))
        tables.append(table)
    return tables


def _cell(row: Row | None, scale: Scale, *, brief: bool = False) -> str:
    if row is None or row.value is None:
        return "—"
    value = show(row.value, scale)
    if brief:
        counted = scale == "percent" and row.hits.is_integer()
        return f"{value} ({row.hits:g}/{row.total:g})" if counted else value
    interval = f" [dim]({show(row.interval.low, scale)}–{show(row.interval.high, scale)})[/]" if row.interval else ""
    return f"{value}{interval} [dim]n={row.cases}[/]"


def _arrow(measure: Measure) -> str:
    return {"up": "↑ ", "down": "↓ ", "": "  "}[measure.better]


def _print_worst(console: Console, worst: Sequence[WorstExample]) -> None:
    for suite, system in dict.fromkeys((entry.suite, entry.system) for entry in worst):
        own = [entry for entry in worst if (entry.suite, entry.system) == (suite, system)]
        titles = {measure.name: measure.title for measure in measures_of(suite)}
        console.print(f"[bold]{suite} · {system} 最差的例子[/]")
        for entry in own[:WORST_SHOWN]:
            title = titles.get(entry.example.kind, entry.example.kind)
            line = f"  {entry.case}（种子 {entry.seed}）{title}：{entry.example.text}"
            console.print(line[:CLIP], markup=False, highlight=False)


def _print_failures(console: Console, outcomes: Sequence[Outcome]) -> None:
    failed = [outcome for outcome in outcomes if outcome.failure]
    if failed:
        console.print(f"[bold red]{len(failed)} 个样例没有跑成（按失败计分）[/]")
    for outcome in failed[:WORST_SHOWN]:
        console.print(f"  {outcome.suite} {outcome.system} {outcome.case}：{outcome.failure}", markup=False)


def print_comparison(comparison: Comparison) -> None:
    """What changed between two runs."""
    console = Console(file=sys.stdout, width=max(WIDTH, Console().width))
    table = Table(title="两次评测的差别（只算两次都有的样例）", title_justify="left")
    for column in ("项目", "做法", "指标", "之前", "之后", "差（95%区间）", "结论"):
        table.add_column(column)
    for change in comparison.changes:
        if change.verdict != "不变":
            table.add_row(*_change_cells(change))
    console.print(table if table.row_count else "各项指标都没有变化。")
    same, total = comparison.same_texts
    if total:
        console.print(f"生成的文字：{total} 篇中 {same} 篇一字不差")
    _print_flips(console, comparison)
    if comparison.conditions:
        console.print("[bold]两次的条件有这些不同[/]")
    for line in comparison.conditions:
        console.print(f"  {line}", markup=False)


def _change_cells(change: Change) -> tuple[str, ...]:
    scale = next(m.scale for m in measures_of(change.suite) if m.key == change.measure)
    difference = show(change.after - change.before, scale)
    if change.interval:
        difference += f"（{show(change.interval.low, scale)}–{show(change.interval.high, scale)}）"
    colour = {"变好": "green", "变差": "red"}.get(change.verdict, "white")
    doubt = "" if change.settled else "（样例少，未必是真的）"
    values = (show(change.before, scale), show(change.after, scale), difference)
    return (change.suite, change.system, change.title, *values, f"[{colour}]{change.verdict}[/]{doubt}")


def _print_flips(console: Console, comparison: Comparison) -> None:
    for passes, title in ((False, "原来通过、现在不通过"), (True, "原来不通过、现在通过")):
        flips = [flip for flip in comparison.flips if flip.passes_now is passes]
        console.print(f"[bold]{title}：{len(flips)} 个[/]")
        for flip in flips[:20]:
            console.print(f"  {' '.join(map(str, flip.key))}：{flip.reason}", markup=False)
    for keys, title in ((comparison.only_before, "只在前一次有"), (comparison.only_after, "只在后一次有")):
        if keys:
            console.print(f"{title}的样例：{len(keys)} 个")
