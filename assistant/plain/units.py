"""A measure word that a list shares is written after each number: 来访、热线分别17102、1653人次."""

from __future__ import annotations

import re

from assistant.figures.normalise import spell_scales

_BARE = r"\d[\d,]*(?:\.\d+)?"
_UNIT = (
    r"(?:(?:万|亿|千|百)?(?:元|亩|吨|人次|场次|批次|件次|家次|台次|组次|人|家|户|个|项|件|次|期|篇|条|份|场|批|名|位|天|"
    r"台|辆|处|座|所|宗|卷|公里|平方米|平方公里|公顷)|[%％])"
)
_ASIDE = re.compile(r"[（(]\s*(?:以上|上述)?(?:计量)?单位[均都]?(?:为|是|：|:)\s*(?P<unit>[^（）()，。]{1,6})[）)]")
_DISTRIBUTED = re.compile(rf"分别(?P<verb>为|是|达|达到|完成)?(?P<list>{_BARE}(?:[、，和及]{_BARE})+)(?P<unit>{_UNIT})")
_LONE = re.compile(
    rf"(?<![\d.第]){_BARE}(?![\d.,]*(?:{_UNIT}|[\d%％‰.年月日时分秒级类岁倍番成号第]))(?=[、，；。）)]|$)"
)


_LATIN = (
    (re.compile(r"(?<=\d)\s*km(?:2|²)(?![A-Za-z])", re.IGNORECASE), "平方公里"),
    (re.compile(r"(?<=\d)\s*km(?![A-Za-z/])", re.IGNORECASE), "公里"),
)
_RATIO = re.compile(r"(?<=[一-龥])(?<![比为达到标])(?P<ratio>(?P<part>\d{1,4})/(?P<whole>\d{1,4}))(?=[，；。、）]|$)")


def latin_units(text: str) -> str:
    """16.4km -> 16.4公里; 2.1w人 -> 2.1万人; 食堂达标6/6 -> 食堂达标达到6/6, the ratio as typed."""
    text = spell_scales(text)
    for pattern, words in _LATIN:
        text = pattern.sub(words, text)
    return _RATIO.sub(r"达到\g<ratio>", text)


def share_units(text: str) -> str:
    """Write a shared measure word after every number it belongs to; figures keep their digits."""
    aside = _ASIDE.search(text)
    if aside:
        text = _LONE.sub(lambda match: match.group() + aside["unit"], _ASIDE.sub("", text))
    return _DISTRIBUTED.sub(_distribute, text)


def _distribute(match: re.Match[str]) -> str:
    verb = match["verb"] or "为"
    items = re.sub(rf"({_BARE})(?={r'[、，和及]'})", lambda number: number.group() + match["unit"], match["list"])
    return f"分别{verb}{items}{match['unit']}"
