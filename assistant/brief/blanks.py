"""The gaps a writer leaves for later: “__%”, “XX家”, “××万元”, “（ ）件”."""

from __future__ import annotations

import re

_MEASURE = (
    r"(?:个百分点|百分点|[%％‰]|(?:万|亿|千|百)?(?:元|亩|吨|公里|平方米|人次|场次|批次|人|家|户|个|项|件|次|期|篇|条|份|场|批|名|位|"
    r"天|年|月|日|台|辆|处|座|所|倍|号))"
)
_GAP = r"(?:_{2,}|＿+|[Xx]{2,}|[×✕]{1,}|\?{2,}|？{2,}|[（(]\s+[）)]|【待[补定][^】]*】|〔待[补定][^〕]*〕|\*{3,})"
_BLANK = re.compile(rf"(?<![A-Za-z0-9]){_GAP}{_MEASURE}?(?![A-Za-z0-9])")


def blank_spans(text: str) -> list[tuple[int, int]]:
    """Spans of the gaps in `text`, the measure word or % behind them included, in order and without overlap."""
    return [match.span() for match in _BLANK.finditer(text)]


def find_blanks(text: str) -> tuple[str, ...]:
    """Surfaces of the gaps in `text`."""
    return tuple(text[start:end] for start, end in blank_spans(text))
