"""Numbers at the start of a Chinese heading or list item: their kind, their ordinal, their length. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

PART, CHINESE, BRACKETED, ARABIC, ARABIC_BRACKETED, ORDINAL, ITEM = 1, 2, 3, 4, 5, 6, 7
"""Kinds in the order of the layout rules: 第一部分, 一、, （一）, 1., （1）, then 第一， and 一是 of running text."""

_HAN = "〇零○一二三四五六七八九十百"
_N = rf"(?P<n>[{_HAN}]{{1,4}})"
_PATTERNS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (PART, re.compile(rf"第(?P<n>[{_HAN}]{{1,3}}|\d{{1,2}})(?:部分|[章编篇])(?:[：:、，\s]+|(?=[^的是]))")),
    (CHINESE, re.compile(rf"{_N}\s?[、．.]\s?(?![{_HAN}]{{1,3}}、)")),
    (BRACKETED, re.compile(rf"[（(〔]?\s?{_N}\s?[)）〕]\s?[、.．]?\s?|(?P<c>[㈠-㈩])\s?")),
    (ARABIC, re.compile(r"(?P<n>\d{1,2})\s?(?:、|[.．](?!\d))\s?|(?P<c>[⒈-⒛])\s?")),
    (ARABIC_BRACKETED, re.compile(r"[（(]?\s?(?P<n>\d{1,2})\s?[)）]\s?[、.．]?\s?|(?P<c>[①-⑳⑴-⒇])\s?")),
    (ORDINAL, re.compile(rf"第{_N}[，、,：:]\s?")),
    (ITEM, re.compile(rf"{_N}是(?=[^否非一二三四五六七八九十])")),
)
_FIRST = frozenset("第（(〔一二三四五六七八九十百1234567890①②③④⑤⑥⑦⑧⑨⑩㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩⑴⑵⑶⑷⑸⑹⑺⑻⑼⒈⒉⒊⒋⒌⒍⒎⒏⒐")
_VALUES = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
_CIRCLES = ((0x2460, 20), (0x2474, 20), (0x2488, 20), (0x3220, 10))


@dataclass(frozen=True, slots=True)
class Marker:
    """A number: its kind, its value (第二 and 2. are 2) and where the text behind it begins."""

    kind: int
    ordinal: int
    end: int


def marker_at(text: str, position: int = 0) -> Marker | None:
    """The number that stands at `position`, None when there is none."""
    if position >= len(text) or text[position] not in _FIRST:
        return None
    for kind, pattern in _PATTERNS:
        if found := pattern.match(text, position):
            groups = found.groupdict()
            written = groups.get("n") or groups.get("c") or ""
            return Marker(kind, ordinal_of(written), found.end())
    return None


def ordinal_of(written: str) -> int:
    """The value of 十二, 12, ⑫ or ㈩; 0 for anything else."""
    if written.isascii() and written.isdigit():
        return int(written)
    if len(written) == 1:
        for first, count in _CIRCLES:
            if first <= ord(written) < first + count:
                return ord(written) - first + 1
    return _chinese_value(written)


def _chinese_value(written: str) -> int:
    hundreds, _, rest = written.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = _VALUES.get(hundreds[-1:], 1 if "百" in written else 0) * 100
    if ten:
        value += _VALUES.get(tens[-1:], 1) * 10
    return value + _VALUES.get(ones[-1:], 0)
