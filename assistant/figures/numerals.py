"""Chinese and Arabic numerals to exact fractions. A numeral that cannot be read gives None, never a guess."""

from __future__ import annotations

import re
from fractions import Fraction

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
FINANCIAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_VALID = re.compile(r"[零一二三四五六七八九十百千万亿两廿卅]+")
_LAST_ALONE = {"百": 10, "千": 100, "万": 1000, "亿": 10**7}


def scale_of(text: str) -> int:
    """Product of the scale characters in `text` ("千万" -> 10**7, "" -> 1)."""
    value = 1
    for char in text:
        value *= SCALES[char]
    return value


def parse_arabic(text: str) -> Fraction | None:
    """Value of an Arabic numeral without separators; very long digit strings are refused (they are codes)."""
    if len(text) > 24:
        return None
    try:
        return Fraction(text)
    except ValueError:
        return None


def parse_mixed(text: str) -> Fraction:
    """Value of Arabic digits with a scale behind each (2亿3千5百万)."""
    total = section = digit = 0
    for number, scale in re.findall(r"(\d+)|([十百千万亿])", text):
        if number:
            digit = int(number)
        elif scale in "万亿":
            total, section, digit = total + (section + digit) * SCALES[scale], 0, 0
        else:
            section, digit = section + digit * SCALES[scale], 0
    return Fraction(total + section + digit)


def parse_chinese(text: str) -> Fraction | None:
    """Value of a Chinese numeral, decimals with 点 included; None if it is not well formed.

    一万二 is 12000 and 一百五 is 150 (the last digit stands alone after its scale), 一万零二 is 10002.
    """
    whole, point, decimals = text.partition("点")
    value = _parse_whole(whole)
    if value is None or not point:
        return value
    if not decimals or any(c not in DIGITS for c in decimals):
        return None
    return value + Fraction(int("".join(str(DIGITS[c]) for c in decimals)), 10 ** len(decimals))


def _parse_whole(text: str) -> Fraction | None:
    if len(text) > 24 or not _VALID.fullmatch(text):
        return None
    text = text.replace("廿", "二十").replace("卅", "三十")
    if all(c in DIGITS for c in text):
        if len(text) > 1 and "两" in text:
            return None
        return Fraction(int("".join(str(DIGITS[c]) for c in text)))
    return _parse_scaled(text)


def _parse_scaled(text: str) -> Fraction | None:
    total = section = 0
    digit: int | None = None
    last_scale, zero_seen, floor = "", False, 0
    for char in text:
        if char in DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = DIGITS[char]
            zero_seen = zero_seen or char == "零"
            continue
        scale = SCALES[char]
        if scale >= 10**4:
            amount = section + (digit or 0)
            if not amount:
                amount = 1 if total == 0 else 0
            total = (total + amount) * scale if scale > floor and floor else total + amount * scale
            section, floor = 0, scale
        else:
            section += (1 if digit is None or digit == 0 else digit) * scale
        digit, last_scale, zero_seen = None, char, False
    if digit is not None:
        alone = text[-2:-1] == last_scale and not zero_seen
        section += digit * _LAST_ALONE.get(last_scale, 1) if alone else digit
    return Fraction(total + section)


def adjacent_range(text: str) -> tuple[Fraction, Fraction] | None:
    """Bounds of an approximate numeral written with two neighbouring digits: 三五, 七八百, 十七八, 二三十, 两三千万."""
    match = re.fullmatch(r"([二三四五六七八九]?十)?([一二两三四五六七八])([二两三四五六七八九])([十百千万亿]*)", text)
    if match is None:
        return None
    low, high = DIGITS[match[2]], DIGITS[match[3]]
    if high - low != 1 and (low, high) != (3, 5):
        return None
    base = 0
    if match[1]:
        base = 10 * (DIGITS[match[1][0]] if len(match[1]) == 2 else 1)
    scale = scale_of(match[4])
    return Fraction((base + low) * scale), Fraction((base + high) * scale)
