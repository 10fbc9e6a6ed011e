"""Number-like text, found without the product's recogniser: plain patterns, on purpose simple and readable.

It answers one question: which tokens of a draft claim a quantity? Idioms and set phrases with 一 are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

NUMERALS = "零〇一二两三四五六七八九十百千万亿"
MEASURES = (
    "个百分点|人次|人|次|个|件|份|篇|项|起|家|户|名|条|场|期|批|批次|台|辆|座|处|所|间|里|公里|亩|万元|亿元|元|吨|公斤|千瓦|平方米|平方公里|"
    "立方米|天|年|月|日|小时|分钟|周|季度|届|位|倍|成|字|轮|宗|例|支|只|头|棵|株|册|本|卷|部|套|幅|块|张|封|组|类|种|级|岁|站|镇|村|社区|县|市|区"
)
_COUNTED = "个|项|件|次|家|名|人|户|条|场|批|份|篇|期|处|所|台|辆|起|倍|天|年|万元|亿元|元|亩"
"""Measures that a single numeral needs to be taken for a quantity: 两级 and 三类 are ways of speaking."""
_ARABIC = re.compile(
    r"(?:第|前|近|约|超|逾)?[+\-]?\d[\d,]*(?:\.\d+)?(?:余|多)?[%‰万亿千百]{0,2}(?:余|多)?(?:（[^（）\d]{1,3}）)?"
    rf"(?:{MEASURES})?"
)
_RATIO = re.compile(
    rf"(?:百分之|千分之|万分之)[{NUMERALS}点]+|[{NUMERALS}]+分之[{NUMERALS}]+|[二三四五六七八九]成(?:[一二三四五六七八九])?"
)
_STRONG = re.compile(rf"(?:第|前)?[{NUMERALS}]*[{NUMERALS}](?:余|多)?[{NUMERALS}](?:余|多)?(?:{MEASURES})")
_VAGUE = re.compile(
    rf"(?:近|上|数|几|成)[十百千万](?:余|多)?[万亿]?(?:{MEASURES})|翻[一两]?番|数以[百千万]计|[十百千]余(?:{MEASURES})"
)
_WEAK = re.compile(rf"(?<![{NUMERALS}第每逐])[二两三四五六七八九十](?:{_COUNTED})(?![是化制性])")

_IDIOM = re.compile(
    r"千方百计|万无一失|百花齐放|一五一十|十全十美|四通八达|五湖四海|千家万户|千头万绪|百尺竿头|三三两两|百年|千年|一百天|百日攻坚|"
    r"十分|十几|二十大|十九大|二十届|十四五|十五五|百姓|千万(?!元|亩|人|斤|吨|千瓦)|万一|万众|万里|百货"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A token that claims a quantity; `strong` ones are beyond doubt, the others a single numeral with a measure."""

    start: int
    end: int
    text: str
    strong: bool


def find_numbers(text: str) -> list[Number]:
    """Number-like tokens in order of place, without overlaps; the first pattern that matches wins."""
    taken: list[tuple[int, int]] = [match.span() for match in _IDIOM.finditer(text)]
    found: list[Number] = []
    for pattern, strong in ((_RATIO, True), (_ARABIC, True), (_VAGUE, True), (_STRONG, True), (_WEAK, False)):
        for match in pattern.finditer(text):
            if not overlaps(match.span(), taken):
                taken.append(match.span())
                found.append(Number(match.start(), match.end(), match[0], strong))
    return sorted(found, key=lambda number: number.start)


def overlaps(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Whether a span shares a character with one of the others."""
    return any(span[0] < end and start < span[1] for start, end in others)
