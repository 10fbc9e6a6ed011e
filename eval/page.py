"""The report as one HTML page that opens without a network: tables, plots, examples, conditions. The door to plotly."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.goals import DRAFT_TITLES, Reached, draft_rows, goal_grid, grid_rows
from eval.measures import Measure, measures_of, show
from eval.outcome import Outcome
from eval.summary import ALL, Row, WorstExample

FONTS = (
    '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC","WenQuanYi Micro Hei","SimHei",sans-serif'
)
COLOURS = ("#9b2d20", "#4d6a8a", "#b08d3c", "#5f7f5a", "#7a5c86", "#8a8a8a", "#c27c5b", "#3f6f73")
STYLE = f"""
body{{font:15px/1.65 {FONTS};color:#222;background:#faf9f6;max-width:1180px;margin:2em auto;padding:0 1.2em}}
h1{{font-size:1.5em}} h2{{border-bottom:2px solid #9b2d20;padding-bottom:.2em;margin-top:2em}}
table{{border-collapse:collapse;margin:1em 0;font-size:14px}} th,td{{border:1px solid #d8d4ca;padding:.3em .7em;text-align:right}}
th:first-child,td:first-child{{text-align:left}} th{{background:#f0ece2}} small{{color:#777}} li{{margin:.25em 0}}
.scroll{{overflow-x:auto}} .bad{{color:#9b2d20}} pre{{white-space:pre-wrap;background:#f0ece2;padding:1em;font-size:12px}}
@media (prefers-color-scheme:dark){{body{{background:#1d1d1b;color:#ddd}} th,pre{{background:#2b2a27}} th,td{{border-color:#444}}}}
"""


def write_page(
    path: Path,
    rows: Sequence[Row],
    worst: Sequence[WorstExample],
    outcomes: Sequence[Outcome],
    manifest: Mapping[str, Any],
) -> None:
    """Write the page; it holds everything it needs."""
    suites = list(dict.fromkeys(row.suite for row in rows))
    plots = _Plots()
    body = "".join(_suite_part(suite, rows, worst, outcomes, plots) for suite in suites)
    failures = [outcome for outcome in outcomes if outcome.failure]
    page = (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>拟稿评测</title><style>{STYLE}</style></head><body>'
        f"<h1>拟稿评测报告</h1><p>{html.escape(str(manifest.get('started', '')))} · 样例 {len(outcomes)} 个 · "
        f'<span class="{"bad" if failures else ""}">没有跑成 {len(failures)} 个（按失败计分）</span></p>'
        f"{_failure_list(failures)}{_goals(outcomes)}{body}{_drafts(outcomes)}<h2>条件</h2><pre>{html.escape(json.dumps(manifest, ensure_ascii=False, indent=1))}</pre>"
        "</body></html>"
    )
    path.write_text(page, encoding="utf-8")


def _suite_part(
    suite: str, rows: Sequence[Row], worst: Sequence[WorstExample], outcomes: Sequence[Outcome], plots: _Plots
) -> str:
    own = [row for row in rows if row.suite == suite]
    examples = [entry for entry in worst if entry.suite == suite]
    parts = [f"<h2>{html.escape(suite)}</h2>", _table(suite, [row for row in own if row.kind == ALL])]
    parts += [plots.systems(suite, own), plots.kinds(suite, own)]
    parts += [plots.lengths(suite, outcomes), plots.times(suite, outcomes)]
    return "".join([*parts, _examples(suite, examples)])


def _table(suite: str, rows: Sequence[Row]) -> str:
    systems = list(dict.fromkeys(row.system for row in rows))
    head = "".join(f"<th>{html.escape(system)}</th>" for system in systems)
    lines = []
    for measure in measures_of(suite):
        held = {row.system: row for row in rows if row.measure == measure.key}
        if held:
            cells = "".join(f"<td>{_cell(held.get(system), measure)}</td>" for system in systems)
            lines.append(f"<tr><td>{'↑↓ '[('up', 'down', '').index(measure.better)]} {measure.title}</td>{cells}</tr>")
    return f'<div class="scroll"><table><tr><th>指标</th>{head}</tr>{"".join(lines)}</table></div>'


def _goals(outcomes: Sequence[Outcome]) -> str:
    """What drafting and polishing must reach; a value that misses its goal is marked."""
    grid = goal_grid(outcomes)
    if not grid.systems:
        return ""
    titles, rows = grid_rows(grid)
    return f"<h2>目标</h2>{_plain_table(titles, [[_reached(cell) for cell in row] for row in rows])}"


def _reached(value: str | Reached | None) -> str:
    if value is None or isinstance(value, str):
        return html.escape(value or "—")
    return f'<span class="{"bad" if value.met is False else ""}">{html.escape(value.shown)}</span>'


def _drafts(outcomes: Sequence[Outcome]) -> str:
    rows = [[html.escape(cell) for cell in row] for row in draft_rows(outcomes)]
    return f"<h2>各稿</h2>{_plain_table(DRAFT_TITLES, rows)}" if rows else ""


def _plain_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(title)}</th>" for title in titles)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _cell(row: Row | None, measure: Measure) -> str:
    if row is None or row.value is None:
        return "—"
    interval = ""
    if row.interval:
        interval = f" <small>{show(row.interval.low, measure.scale)}–{show(row.interval.high, measure.scale)}</small>"
    return f"{show(row.value, measure.scale)}{interval}<br><small>n={row.cases}</small>"


def _examples(suite: str, worst: Sequence[WorstExample]) -> str:
    titles = {measure.name: measure.title for measure in measures_of(suite)}
    items = [
        f"<li><b>{html.escape(entry.system)}</b> {html.escape(entry.case)}（种子 {entry.seed}）"
        f"{html.escape(titles.get(entry.example.kind, entry.example.kind))}：{html.escape(entry.example.text)}</li>"
        for entry in worst
    ]
    return f"<h3>最差的例子</h3><ul>{''.join(items)}</ul>" if items else ""


def _failure_list(failures: Sequence[Outcome]) -> str:
    items = "".join(f"<li>{html.escape(f'{o.suite} {o.system} {o.case}：{o.failure}')}</li>" for o in failures)
    return f'<ul class="bad">{items}</ul>' if items else ""


class _Plots:
    """Plots as HTML; the first one brings the library along, inline."""

    def __init__(self) -> None:
        self._has_library = False

    def systems(self, suite: str, rows: Sequence[Row]) -> str:
        """Percent measures of all systems side by side, with their intervals."""
        import plotly.graph_objects as go

        shown = [m for m in measures_of(suite) if m.scale == "percent" and m.better]
        whole = [row for row in rows if row.kind == ALL and row.value is not None]
        figure = go.Figure()
        for index, system in enumerate(dict.fromkeys(row.system for row in whole)):
            own = {row.measure: row for row in whole if row.system == system}
            held = [own[m.key] for m in shown if m.key in own]
            values = [100 * (row.value or 0) for row in held]
            ups = [100 * row.interval.high - v if row.interval else 0 for row, v in zip(held, values, strict=True)]
            downs = [v - 100 * row.interval.low if row.interval else 0 for row, v in zip(held, values, strict=True)]
            bars = {"type": "data", "array": ups, "arrayminus": downs, "thickness": 1}
            titles = [("↑" if m.better == "up" else "↓") + m.title for m in shown if m.key in own]
            figure.add_bar(name=system, x=titles, y=values, error_y=bars, marker_color=COLOURS[index % len(COLOURS)])
        figure.update_yaxes(ticksuffix="%", range=[0, 105])
        return self._html(figure, "各项指标（竖线为95%区间）") if figure.data else ""

    def kinds(self, suite: str, rows: Sequence[Row]) -> str:
        """The first measure by kind, one line of points per system."""
        import plotly.graph_objects as go

        first = next((m for m in measures_of(suite) if m.scale == "percent"), None)
        own = [row for row in rows if first and row.kind != ALL and row.measure == first.key and row.value is not None]
        if first is None or not own:
            return ""
        figure = go.Figure()
        for index, system in enumerate(dict.fromkeys(row.system for row in own)):
            held = [row for row in own if row.system == system]
            values = [100 * (row.value or 0) for row in held]
            colour = COLOURS[index % len(COLOURS)]
            figure.add_bar(name=system, x=[row.kind for row in held], y=values, marker_color=colour)
        figure.update_yaxes(ticksuffix="%", rangemode="tozero")
        return self._html(figure, f"分类：{first.title}")

    def lengths(self, suite: str, outcomes: Sequence[Outcome]) -> str:
        """Length of every section against its target, with the tolerance drawn in."""
        import plotly.graph_objects as go

        held = [o for o in outcomes if o.suite == suite and o.samples.get("length")]
        if not held:
            return ""
        figure = go.Figure()
        top = max(max(o.samples["target"]) for o in held)
        for factor, dash in ((1.0, "solid"), (0.8, "dot"), (1.2, "dot")):
            line = {"color": "#999", "dash": dash}
            figure.add_scatter(x=[0, top], y=[0, top * factor], mode="lines", line=line, showlegend=False)
        for index, system in enumerate(dict.fromkeys(o.system for o in held)):
            own = [o for o in held if o.system == system]
            x = [value for o in own for value in o.samples["target"]]
            y = [value for o in own for value in o.samples["length"]]
            names = [o.case for o in own for _ in o.samples["target"]]
            marker = {"color": COLOURS[index % len(COLOURS)], "opacity": 0.75}
            figure.add_scatter(x=x, y=y, mode="markers", name=system, text=names, marker=marker)
        figure.update_xaxes(title="要求字数").update_yaxes(title="实际字数")
        return self._html(figure, "篇幅：实际与要求（虚线为±20%）")

    def times(self, suite: str, outcomes: Sequence[Outcome]) -> str:
        """Spread of the time per case."""
        import plotly.graph_objects as go

        held = [o for o in outcomes if o.suite == suite]
        if suite not in ("drafting", "polish", "retrieval") or not held:
            return ""
        figure = go.Figure()
        for index, system in enumerate(dict.fromkeys(o.system for o in held)):
            own = [o for o in held if o.system == system]
            figure.add_box(
                y=[o.seconds for o in own],
                name=system,
                text=[o.case for o in own],
                boxpoints="all",
                marker_color=COLOURS[index % len(COLOURS)],
            )
        figure.update_yaxes(title="秒", rangemode="tozero")
        return self._html(figure, "每个样例的用时")

    def _html(self, figure: Any, title: str) -> str:
        figure.update_layout(
            title=title, font={"family": FONTS}, barmode="group", height=420, template="plotly_white", margin={"t": 60}
        )
        library = "inline" if not self._has_library else False
        self._has_library = True
        config = {"displaylogo": False, "responsive": True}
        return str(figure.to_html(full_html=False, include_plotlyjs=library, config=config))
