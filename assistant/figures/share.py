"""Units that one number has from its neighbours: lists, changes, heads in brackets, parts of a whole."""

from __future__ import annotations

import re
from fractions import Fraction

from assistant.figures import lexicon
from assistant.figures.numbers import canonical
from assistant.figures.numerals import scale_of
from assistant.figures.raw import Raw

_BRACKET = re.compile(r"\(([^()]*\d[^()]*)\)")


def bracket_units(text: str, found: list[Raw]) -> None:
    """4.87亿元(中央2.35、省0.92): bare parts in brackets behind a whole have its unit and scale."""
    if "(" not in text:
        return
    for whole in found:
        bracket = _BRACKET.match(text, whole.end) if whole.kind == "num" and whole.raw_unit else None
        if bracket is None or whole.lo is None or not whole.lo:
            continue
        number = _BARE.search(text, whole.start, whole.end)
        parts = [raw for raw in found if bracket.start(1) <= raw.start < bracket.end(1) and raw.kind == "num"]
        if number is None or not Fraction(number[0]) or any(raw.raw_unit or raw.lo is None for raw in parts):
            continue
        factor = whole.lo / Fraction(number[0])
        if parts and sum(raw.lo * factor for raw in parts if raw.lo) <= whole.lo * Fraction(101, 100):
            for raw in parts:
                raw.lo = raw.hi = (raw.lo or Fraction()) * factor
                raw.unit, raw.raw_unit = whole.unit, whole.raw_unit


_ARROW = re.compile(r"\s*(?:→|➔|⇒|->|=>|--?>|(?:增加?|提高?|提?升|降低?|减少?|压减?|扩)?[到至])\s*")


def list_units(found: list[Raw], text: str) -> None:
    """45、12、5家: the unit behind the last number of a bare list holds for all."""
    for index in range(len(found) - 2, -1, -1):
        first, second = found[index], found[index + 1]
        if (
            first.raw_unit == "个"
            and second.kind == "pp"
            and text[first.end : second.start] in ("、", "和", "与", "及")
        ):
            first.kind, first.unit, first.raw_unit = second.kind, second.unit, second.raw_unit  # 4.6个、0.8个百分点
        if first.kind != "num" or first.raw_unit or second.kind not in ("num", "ratio", "pp", "mult"):
            continue
        if text[first.end : second.start] not in ("、", "和") or second.lo is None or first.lo is None:
            continue
        number, bare = _BARE.match(text, second.start), _BARE_TAIL.search(text, first.start, first.end)
        if number is None or bare is None or not Fraction(number[0]) or first.lo != Fraction(bare[0]):
            continue
        if second.raw_unit or second.lo != Fraction(number[0]):
            first.lo = first.hi = first.lo * (second.lo / Fraction(number[0]))
            first.unit, first.raw_unit, first.kind = second.unit, second.raw_unit, second.kind
            first.per = second.per


_BARE_TAIL = re.compile(r"\d+(?:\.\d+)?$")
_BARE = re.compile(r"\d+(?:\.\d+)?")
_HEADER_UNIT = re.compile(r"[一-鿿]\(([十百千万亿]*)([^()\d]{1,5})\)[^\d\n()]{0,6}$")


# 绿化(万亩)：造林3.1｜营林3.5 and 三次产业(亿元/同比)：...: a unit in brackets before the colon holds for the line.
_LINE_UNIT = re.compile(
    r"(?:^|[。\n])[^。\n：:(\d]{1,16}\((?:[^()\d]{1,6}[，、, ])?([十百千万亿]*)([^()\d/，、, ]{1,5})(?:/[^()\d]{1,6})?\)[：:](?=(?P<line>[^。\n]*))"
)


# 亿美元：承包工程近13，旅游创汇22.2
_UNIT_HEAD = re.compile(r"(?:^|(?<=[\n。]))([十百千万亿]*)([^\d，。；：:()\n]{1,4})[：:](?=(?P<line>[^。\n]*))")
_BEHIND = re.compile(r"\(([十百千万亿]*)([^()\d]{1,5})\)")


def _bracket_behind(text: str, found: list[Raw]) -> None:
    """11.7→17.3(万亿元): a unit in brackets behind a bare number is its own."""
    for raw in list(found):
        match = _BEHIND.match(text, raw.end) if raw.kind == "num" and not raw.raw_unit else None
        if match is None or match[2] not in lexicon.units() or raw.lo is None or raw.hi is None:
            continue
        name, factor = canonical(match[2])
        raw.lo, raw.hi = raw.lo * factor * scale_of(match[1]), raw.hi * factor * scale_of(match[1])
        raw.unit, raw.raw_unit = name, match[2]
        found[:] = [other for other in found if other is raw or not match.start() < other.start < match.end()]


def header_units(text: str, found: list[Raw]) -> None:
    """产量(万吨)：3178: the unit in brackets behind an indicator holds for the bare number that follows."""
    if "(" not in text and not _UNIT_HEAD.search(text):
        return
    _bracket_behind(text, found)
    lines = [*_LINE_UNIT.finditer(text), *_UNIT_HEAD.finditer(text)]
    for raw in found:
        if raw.kind != "num" or raw.raw_unit or raw.lo is None or raw.hi is None or raw.lo != raw.hi:
            continue
        match = _HEADER_UNIT.search(text, max(0, raw.start - 24), raw.start)
        if (match is None or match[2] not in lexicon.units()) and text[raw.end - 1 : raw.end].isdigit():
            match = next((line for line in lines if line.end() <= raw.start <= line.end("line")), None)
        if match is None or match[2] not in lexicon.units():
            continue
        name, factor = canonical(match[2])
        raw.lo = raw.hi = raw.lo * factor * scale_of(match[1])
        raw.unit, raw.raw_unit = name, match[2]
        raw.kind = "ratio" if name == "%" else "num"


_SHARING = frozenset(("num", "ratio", "pp", "mult", "range", "dur"))


def share_units(text: str, found: list[Raw]) -> None:
    """2046→3178万吨, 97年123→02年176万公里: the unit and scale behind the second number hold for the first."""
    for index, first in enumerate(found[:-1]):
        second, behind = found[index + 1], found[index + 2 : index + 3]
        begin = second.start
        if second.kind in ("date", "period") and behind and behind[0].start == second.end:
            second = behind[0]
        if begin - first.end <= 4 and _ARROW.fullmatch(text, first.end, begin):
            _share(text, first, second)


def _share(text: str, first: Raw, second: Raw) -> None:
    if first.raw_unit or first.kind != "num" or second.kind not in _SHARING or first.lo is None or second.lo is None:
        return
    number = _BARE.match(text, second.start, second.end)
    if number and _BARE.fullmatch(text, first.start, first.end) and Fraction(number[0]):
        first.lo = first.hi = first.lo * (second.lo / Fraction(number[0]))
    first.unit, first.kind, first.per = second.unit, second.kind, second.per
