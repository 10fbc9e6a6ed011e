"""Where the accepted forms of the facts stand in a text. A neighbouring digit or unit makes another figure of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from eval.scoring.labels import Fact
from eval.scoring.numbers import NUMERALS, overlaps
from eval.scoring.text import plain_digits

_LONGER_UNIT = {
    "人": "(?!次|才|均|民|们)",
    "批": "(?!次)",
    "家": "(?!次)",
    "户": "(?!次|均)",
    "件": "(?!次)",
    "台": "(?!次|套)",
    "个": "(?!百分点|月|工作日|小时|季度)",
    "年": "(?!度|级)",
    "天": "(?!然)",
    "元": "(?!/)",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a text that holds an accepted form, and the facts it may stand for."""

    start: int
    end: int
    text: str
    facts: tuple[Fact, ...]


@lru_cache(maxsize=20_000)
def form_pattern(form: str) -> re.Pattern[str]:
    """A form bounded so that 63件 is not found in 163件, 407人 not in 407人次.

    A form without a unit (a table cell, a member of a list whose unit is said once) stands alone before punctuation.
    """
    form = plain_digits(form)
    before = after = ""
    if form[0].isdigit():
        before = r"(?<![\d.,第])(?<!\d[—～~\-])"
    elif form[0] in NUMERALS:
        before = rf"(?<![{NUMERALS}第])"
    if form[-1].isdigit():
        after = r"(?= *(?:[、，；。（）()|和及”’》\n]|$))"
    elif form[-1] in NUMERALS:
        after = rf"(?![{NUMERALS}])"
    return re.compile(before + re.escape(form) + after + _LONGER_UNIT.get(form[-1], ""))


def find_spots(text: str, facts: Sequence[Fact]) -> list[Spot]:
    """All places of accepted forms, longest first, without overlaps; in order of place."""
    by_form: dict[str, list[Fact]] = {}
    for fact in facts:
        for form in dict.fromkeys((*fact.accept, fact.surface)):
            by_form.setdefault(form, []).append(fact)
    plain = plain_digits(text)
    spots: list[Spot] = []
    for form in sorted(by_form, key=len, reverse=True):
        for match in form_pattern(form).finditer(plain):
            if not overlaps(match.span(), ((spot.start, spot.end) for spot in spots)):
                found = text[match.start() : match.end()]
                spots.append(Spot(match.start(), match.end(), found, tuple(by_form[form])))
    return sorted(spots, key=lambda spot: spot.start)
