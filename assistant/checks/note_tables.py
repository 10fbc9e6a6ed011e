"""Heads over note lines: what the head of a table column, or a heading line, says about the figures below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.checks.figure_context import HEAD, Item, weigh
from assistant.figures import Figure
from assistant.records import Point

_DIGIT = re.compile(r"\d")
_PLAN_HEAD = re.compile(r"计划|目标|任务|打算|安排|要求")
_BAR = re.compile(r"[｜|]")
_YEAR = re.compile(r"(?:19|20)?\d\d年(?:末|底|初)?")
_GROWTH = re.compile(r"增幅|增速|增长|涨幅|升幅|同比|±")
_FALL = re.compile(r"降幅|跌幅|减幅|下降")
_SHARE = re.compile(r"占|比重")
_BEFORE = re.compile(r"原|上年|去年|年初|期初|改前|上期")
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
        column = len(_BAR.findall(item.text.strip().strip("|")[: item.figure.start]))
        if not 0 < column < len(heads):
            continue
        head = heads[column]
        weigh(item.tokens, head, HEAD)
        item.figure = _told(item.figure, head, first=column == 1, change=_is_change(heads))


def _is_change(heads: Sequence[str]) -> bool:
    """Whether the first two columns of figures tell where something began and where it stands."""
    if len(heads) < 3:
        return False
    years = bool(_YEAR.fullmatch(heads[1]))
    return bool(_BEFORE.search(heads[1]) or years) and bool(_NOW.search(heads[2]) or _YEAR.fullmatch(heads[2]))


def _told(figure: Figure, head: str, *, first: bool, change: bool) -> Figure:
    if figure.role not in ("", "rate", "level", "factor"):
        return figure
    if _GROWTH.search(head):
        return replace(figure, role="delta", direction=figure.direction or "+")
    if _FALL.search(head):
        return replace(figure, role="delta", direction="-")
    if _SHARE.search(head):
        return replace(figure, role="share")
    if change and (first or _NOW.search(head) or _YEAR.fullmatch(head)):
        return replace(figure, role="from" if first else "to")
    return figure
