"""Heads over note lines: what the head of a table column, or a heading line, says about the figures below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.checks.figure_context import HEAD, STRONG, Item, weigh
from assistant.checks.values import value_key
from assistant.figures import Figure, lexicon
from assistant.figures.model import Kind
from assistant.figures.numbers import canonical
from assistant.figures.numerals import scale_of
from assistant.records import Point

_DIGIT = re.compile(r"\d")
_PLAN_HEAD = re.compile(r"计划|目标|任务|打算|安排|要求")
_BAR = re.compile(r"[｜|]")
_YEAR = re.compile(r"(?:19|20)?\d\d年(?:末|底|初)?")
_GROWTH = re.compile(r"增幅|增速|增长|涨幅|升幅|同比|±")
_FALL = re.compile(r"降幅|跌幅|减幅|下降")
_SHARE = re.compile(r"占|比重")
_BEFORE = re.compile(r"原|上年|去年|年初|期初|改前|上期")
_DONE = re.compile(r"完成(?!率)|实际|实绩")
_NOW = re.compile(r"现|今年|当年|目前|年末|期末|改后|本期")


def mark_heads(points: Sequence[Point], items: Sequence[Item]) -> None:
    """Give each figure of the notes what stands above it: the title, whether it is a plan, the head of its column.

    Args:
        points: the notes in order.
        items: the figures of the notes; changed in place.
    """
    planned, titles = _titles(points)
    by_line: dict[int, list[Item]] = {}
    for item in items:
        item.planned, item.heading = item.line in planned, titles.get(item.line, "")
        by_line.setdefault(item.line, []).append(item)
    for line, heads in _tables(points).items():
        _under_columns(by_line.get(line, []), heads)


_DECLARED = re.compile(r"单位[：:]([^；;。\n]{1,24})")


def mark_units(points: Sequence[Point], notes: Sequence[Item], draft: Sequence[Item]) -> None:
    """Bare numbers of notes that declare their units once (单位：户、件、万元): the unit under which the draft has them.

    Args:
        points: the notes in order.
        notes: the figures of the notes; changed in place.
        draft: the figures of the draft.
    """
    units = [unit for p in points for match in _DECLARED.finditer(p.text) for unit in re.split("[、，,/ ]", match[1])]
    if not units:
        return
    present = {value_key(item.figure) for item in draft}
    for note in notes:
        options = [measured(note.figure, unit) for unit in units]
        fitting = [figure for figure in options if figure is not note.figure and value_key(figure) in present]
        if fitting and value_key(note.figure) not in present:
            note.figure = fitting[0]


def _titles(points: Sequence[Point]) -> tuple[set[int], dict[int, str]]:
    planned: set[int] = set()
    titles: dict[int, str] = {}
    heading, title = False, ""
    for point in points:
        text = point.text.strip()
        title = text if len(text) <= 24 and not _DIGIT.search(text) else title
        titles[point.line] = title
        if text.endswith(("：", ":")) and len(text) <= 24:
            heading = _PLAN_HEAD.search(text) is not None
        elif heading or _PLAN_HEAD.search(re.split("[：:]", text, maxsplit=1)[0][:16] if "：" in text[:18] else ""):
            planned.add(point.line)
    return planned, titles


def _tables(points: Sequence[Point]) -> dict[int, list[str]]:
    """Line -> cells of the head of its table; a head is a row of words over a row of as many cells."""
    found: dict[int, list[str]] = {}
    head: list[str] | None = None
    for point in points:
        cells = [cell.strip() for cell in _BAR.split(point.text.strip().strip("|"))]
        if len(cells) < 2:
            head = None
        elif all(not _DIGIT.search(_YEAR.sub("", cell)) for cell in cells):
            head = cells
        elif head is not None and len(cells) == len(head):
            found[point.line] = head
    return found


def _under_columns(row: Sequence[Item], heads: Sequence[str]) -> None:
    valued = [item for item in row if item.figure.lo is not None and item.figure.checkable]
    for item in valued:
        column = len(_BAR.findall(item.text[: item.figure.start].lstrip().lstrip("|｜")))
        if not 0 < column < len(heads):
            continue
        head = heads[column]
        weigh(item.tokens, head, HEAD)
        weigh(item.tokens, _BAR.split(item.text.strip().strip("|"))[0], STRONG)
        figure = measured(item.figure, _unit_of(head) or _unit_cell(item.text, heads))
        item.planned = item.planned or bool(_PLAN_HEAD.search(head) and not _DONE.search(head))
        item.figure = _told(figure, head, first=column == 1, change=_is_change(heads))


def _unit_of(head: str) -> str:
    """Unit in brackets behind a column head: 办结率（%）."""
    match = re.search(r"[（(]([^（）()\d]{1,6})[）)]$", head)
    return match[1] if match else ""


def _unit_cell(text: str, heads: Sequence[str]) -> str:
    """The cell of the row that stands under 单位."""
    at = next((number for number, head in enumerate(heads) if head in ("单位", "计量单位")), None)
    cells = [cell.strip() for cell in _BAR.split(text.strip().strip("|"))]
    return cells[at] if at is not None and at < len(cells) else ""


def measured(figure: Figure, unit: str) -> Figure:
    """The bare number of `figure` with a unit told elsewhere (万元, 座, %); unchanged where it has one or none fits."""
    match = re.fullmatch(r"([十百千万亿]*)(.+)", unit)
    known = match is not None and match[2] in lexicon.units()
    if (
        match is None
        or not known
        or figure.raw_unit
        or figure.kind != "num"
        or figure.lo is None
        or not figure.surface[-1:].isdigit()
    ):
        return figure
    name, factor = canonical(match[2])
    factor *= scale_of(match[1])
    kind: Kind = "ratio" if lexicon.family_of(name) == "ratio" else "num"
    return replace(figure, kind=kind, lo=figure.lo * factor, hi=figure.lo * factor, unit=name, raw_unit=match[2])


def _is_change(heads: Sequence[str]) -> bool:
    """Whether the first two columns of figures tell where something began and where it stands."""
    if len(heads) < 3:
        return False
    years = bool(_YEAR.fullmatch(heads[1]))
    return bool(_BEFORE.search(heads[1]) or years) and bool(_NOW.search(heads[2]) or _YEAR.fullmatch(heads[2]))


def _told(figure: Figure, head: str, *, first: bool, change: bool) -> Figure:
    if figure.role not in ("", "rate", "level", "factor"):
        return figure
    if _DONE.search(head) or _PLAN_HEAD.search(head):
        return replace(figure, feats={**figure.feats, "status": "done" if _DONE.search(head) else "plan"})
    if _GROWTH.search(head):
        return replace(figure, role="delta", direction=figure.direction or "+")
    if _FALL.search(head):
        return replace(figure, role="delta", direction="-")
    if _SHARE.search(head):
        return replace(figure, role="share")
    if change and (first or _NOW.search(head) or _YEAR.fullmatch(head)):
        return replace(figure, role="from" if first else "to")
    return figure
