"""Durations with halves and in two units: 半个月, 两天半, 一个半小时, 1小时30分钟."""

from __future__ import annotations

import re
from fractions import Fraction

from assistant.figures import special
from assistant.figures.grammar import CN
from assistant.figures.numbers import canonical
from assistant.figures.raw import Raw
from assistant.figures.special import value_of

_HALVES = (
    ("半个小时", "小时"),
    ("半小时", "小时"),
    ("半年", "年"),
    ("半个月", "个月"),
    ("半天", "天"),
)
_AND_A_HALF = re.compile(rf"([{CN}]{{1,3}}|\d{{1,3}})(?:个半(月|小时|学期|学年)(?!度)|([年天周])半(?![年数天月径程]))")
_LESSER = {"年": ("个月", re.compile(rf"(?:零|又)?([{CN}]{{1,3}}|\d{{1,2}})个月")),
           "天": ("小时", re.compile(rf"(?:零|又)?([{CN}]{{1,3}}|\d{{1,2}})个?小时")),
           "小时": ("分钟", re.compile(rf"(?:零|又)?([{CN}]{{1,3}}|\d{{1,2}})分钟?(?!之)"))}  # fmt: skip


def half(text: str, pos: int) -> Raw | None:
    """半年, 半个月, 半天 (not 上半年)."""
    for word, unit in _HALVES:
        if text.startswith(word, pos) and text[pos - 1 : pos] not in ("上", "下"):
            value = canonical(unit)[1] / 2
            return special.qualified(text, Raw(pos, pos + len(word), "dur", value, value, unit, word, digits="半"))
    return None


def and_a_half(text: str, pos: int) -> Raw | None:
    """两年半, 9天半, 四个半月, 一个半小时."""
    match = _AND_A_HALF.match(text, pos)
    number = value_of(match[1]) if match else None
    if match is None or number is None:
        return None
    unit = {"月": "个月"}.get(match[2], match[2]) or match[3]
    name, factor = canonical(unit)
    value = (number + Fraction(1, 2)) * factor
    raw = Raw(pos, match.end(), "dur", value, value, name, text[pos + len(match[1]) : match.end()])
    raw.digits, raw.raw_unit = f"{number}半", unit
    return special.qualified(text, raw)


def with_lesser_unit(text: str, raw: Raw) -> None:
    """1小时30分钟 is one duration: what follows in the next lesser unit is added to `raw`."""
    lesser = _LESSER.get(raw.raw_unit)
    match = lesser[1].match(text, raw.end) if lesser else None
    number = value_of(match[1]) if match else None
    if lesser is None or match is None or number is None or raw.lo is None or raw.lo != raw.hi:
        return
    raw.lo = raw.hi = raw.lo + number * canonical(lesser[0])[1]
    raw.end = match.end()
