"""Two checkers as most tools have them: compare digit strings, compare sets of values with units."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from eval.scoring.numbers import Number, find_numbers
from eval.scoring.text import plain_digits

Item = Mapping[str, Any]
Found = list[dict[str, Any]]
Checker = Callable[[Item], Found]

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_CN = {name: value for value, name in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALE = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8}


def digit_strings(item: Item) -> Found:
    """Every run of digits of the draft must stand in the notes, and the other way round."""
    draft, notes = plain_digits(item["draft"]), [plain_digits(note) for note in item["notes"]]
    known = {match[0] for note in notes for match in _DIGITS.finditer(note)}
    found = [
        _in_draft(match[0], match.start(), match.end()) for match in _DIGITS.finditer(draft) if match[0] not in known
    ]
    used = {match[0] for match in _DIGITS.finditer(draft)}
    for line, note in enumerate(notes, 1):
        found += [_in_note(match[0], line) for match in _DIGITS.finditer(note) if match[0] not in used]
    return found


def value_sets(item: Item) -> Found:
    """Every value with its unit must be in the notes, and the other way round; notation does not matter."""
    draft = plain_digits(item["draft"])
    notes = [plain_digits(note) for note in item["notes"]]
    read_notes = [[(n, value_of(n)) for n in find_numbers(note)] for note in notes]
    known = {value for note in read_notes for _, value in note}
    read_draft = [(n, value_of(n)) for n in find_numbers(draft)]
    found = [_in_draft(n.text, n.start, n.end) for n, value in read_draft if value not in known]
    used = {value for _, value in read_draft}
    for line, note in enumerate(read_notes, 1):
        found += [_in_note(n.text, line) for n, value in note if value not in used]
    return found


def value_of(number: Number) -> tuple[Fraction | str, str]:
    """Value and unit of a token; the token itself where no number can be read."""
    text = re.sub(r"[第前近约超逾余多+（）,]", "", number.text)
    if match := re.fullmatch(r"百分之(.+)", text):
        return _plain(match[1]), "%"
    if match := re.fullmatch(r"([二三四五六七八九])成([一二三四五六七八九])?", text):
        return Fraction(_CN[match[1]] * 10 + (_CN[match[2]] if match[2] else 0)), "%"
    match = re.match(r"-?\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万亿]+", text)
    if not match:
        return text, ""
    value, unit = _plain(match[0]), text[match.end() :]
    while isinstance(value, Fraction) and unit[:1] in {**_BIG, **_SCALE}:
        value, unit = value * {**_BIG, **_SCALE}[unit[0]], unit[1:]
    return value, unit


def _plain(text: str) -> Fraction | str:
    if re.fullmatch(r"-?\d+(?:\.\d+)?", text):
        return Fraction(text)
    total = section = digit = 0
    for char in text:
        if char in _BIG:
            total, section, digit = (total + section + digit) * _BIG[char], 0, 0
        elif char in _SCALE:
            section, digit = section + (digit or 1) * _SCALE[char], 0
        elif char in _CN:
            digit = _CN[char]
        else:
            return text
    return Fraction(total + section + digit)


def _in_draft(text: str, start: int, end: int) -> dict[str, Any]:
    place = {"start": start, "end": end, "text": text}
    return {"kind": "invented", "severity": "error", "message": "", "draft": place, "note": None}


def _in_note(text: str, line: int) -> dict[str, Any]:
    return {"kind": "dropped", "severity": "error", "message": "", "draft": None, "note": {"line": line, "text": text}}
