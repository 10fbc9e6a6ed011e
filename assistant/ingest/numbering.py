"""Automatic numbers of Word lists, written out as Word shows them (一、 （二） 3. ④ …)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.ingest.xml import W, attribute

if TYPE_CHECKING:
    from lxml.etree import _Element

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_PLACEHOLDER = re.compile(r"%([1-9])")


@dataclass(slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    legal: bool = False


@dataclass(slots=True)
class Numbering:
    """The lists of one document and how far each has counted."""

    lists: dict[str, str] = field(default_factory=dict)
    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, root: _Element | None) -> Numbering:
        """Read word/numbering.xml; a document without one has no automatic numbers."""
        numbering = cls()
        if root is None:
            return numbering
        for abstract in root.iter(W + "abstractNum"):
            identifier = attribute(abstract, "abstractNumId") or ""
            numbering.levels[identifier] = {
                int(attribute(level, "ilvl") or 0): _level(level) for level in abstract.iter(W + "lvl")
            }
        for num in root.iter(W + "num"):
            numbering._add_list(num)
        return numbering

    def _add_list(self, num: _Element) -> None:
        identifier = attribute(num, "numId") or ""
        abstract = num.find(W + "abstractNumId")
        self.lists[identifier] = "" if abstract is None else attribute(abstract, "val") or ""
        for override in num.iter(W + "lvlOverride"):
            start = override.find(W + "startOverride")
            if start is not None:
                level = int(attribute(override, "ilvl") or 0)
                self.overrides.setdefault(identifier, {})[level] = int(attribute(start, "val") or 1)

    def next(self, list_id: str, level: int) -> str:
        """The number of the next paragraph of this list at this level, "" for bullets and unknown lists."""
        abstract = self.lists.get(list_id, "")
        definition = self.levels.get(abstract, {}).get(level)
        if definition is None:
            return ""
        counters = self._count(list_id, abstract, level)
        if definition.format in ("bullet", "none"):
            return ""
        return _PLACEHOLDER.sub(
            lambda match: self._shown(abstract, counters, int(match.group(1)) - 1, definition), definition.text
        )

    def _count(self, list_id: str, abstract: str, level: int) -> dict[int, int]:
        counters = self.counters.setdefault(abstract, {})
        if list_id not in self.started:
            self.started.add(list_id)
            for overridden, start in self.overrides.get(list_id, {}).items():
                counters[overridden] = start - 1
        levels = self.levels[abstract]
        for upper in range(level):
            counters.setdefault(upper, levels[upper].start if upper in levels else 1)
        counters[level] = counters.get(level, levels[level].start - 1) + 1
        for deeper in [key for key in counters if key > level]:
            del counters[deeper]
        return counters

    def _shown(self, abstract: str, counters: dict[int, int], level: int, current: _Level) -> str:
        definition = self.levels[abstract].get(level, _Level())
        value = counters.get(level, definition.start)
        return str(value) if current.legal else written(value, definition.format)


def _level(element: _Element) -> _Level:
    def value(name: str, default: str) -> str:
        child = element.find(W + name)
        return default if child is None else attribute(child, "val") or default

    start = value("start", "1")
    return _Level(
        int(start) if start.isdigit() else 1,
        value("numFmt", "decimal"),
        value("lvlText", ""),
        element.find(W + "isLgl") is not None,
    )


def written(value: int, number_format: str) -> str:
    """A list number in one of Word's number formats; unknown formats fall back to Arabic digits."""
    if number_format in (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "koreanCounting",
    ):
        return chinese(value)
    if number_format == "chineseLegalSimplified":
        return chinese(value).translate(str.maketrans("〇一二三四五六七八九十百", "零壹贰叁肆伍陆柒捌玖拾佰"))
    if number_format in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(digit)] for digit in str(value))
    if number_format in ("upperLetter", "lowerLetter") and 1 <= value <= 26:
        return chr((ord("A") if number_format == "upperLetter" else ord("a")) + value - 1)
    if number_format in ("upperRoman", "lowerRoman"):
        return _roman(value).upper() if number_format == "upperRoman" else _roman(value)
    if number_format.startswith("decimalEnclosedCircle") and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if number_format == "ideographTraditional" and 1 <= value <= 10:
        return _STEMS[value - 1]
    if number_format == "ideographZodiac" and 1 <= value <= 12:
        return _BRANCHES[value - 1]
    return f"{value:02d}" if number_format == "decimalZero" else str(value)


def chinese(value: int) -> str:
    """A number below 1000 in Chinese counting style: 十一, 二十, 一百〇三."""
    if value >= 1000 or value < 0:
        return str(value)
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "〇"
    return text + (_DIGITS[ones] if ones or not text else "")


def _roman(value: int) -> str:
    text = ""
    for amount, letters in _ROMAN:
        count, value = divmod(value, amount)
        text += letters * count
    return text
