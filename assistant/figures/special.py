"""Reads mentions that are no plain numbers: dates, periods, codes, percentages in words, fractions, ranks."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import cast

from assistant.figures import grammar as g
from assistant.figures import lexicon
from assistant.figures.model import Approx
from assistant.figures.numbers import qualifier_before
from assistant.figures.numerals import DIGITS, parse_arabic, parse_chinese
from assistant.figures.raw import Raw
from assistant.figures.signs import sign_before

_COMPARES = ("比", "较", "从", "由", "自")
_PARTS = {"上旬": "上", "中旬": "中", "下旬": "下", "底": "末", "末": "末", "初": "初"}
_QUARTER_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "两": 2}


_LETTER_UNITS = frozenset(surface for surface in lexicon.units() if surface.isascii())


def value_of(text: str) -> Fraction | None:
    """Value of a numeral in either script."""
    return parse_arabic(text) if text[:1].isdigit() and text[:1].isascii() else parse_chinese(text)


def _int(text: str | None) -> int:
    value = value_of(text) if text else None
    return int(value) if value is not None else 0


def _date(start: int, end: int, year: int, month: int, day: int, part: str = "") -> Raw | None:
    if month > 12 or day > 31:
        return None
    label = "-".join([f"{year:04d}" if year else "", f"{month:02d}" if month else "", f"{day:02d}" if day else ""])
    label = label.rstrip("-") + part
    value = Fraction(year * 10000 + month * 100 + day)
    unit = ("Y" if year else "") + ("M" if month else "") + ("D" if day else "")
    return Raw(start, end, "date", value, value, unit, label=label, digits=str(value))


def date(text: str, pos: int) -> Raw | None:
    """Full dates, years, months and days, ISO dates and ranges of them."""
    match = g.YEAR_RANGE.match(text, pos)
    if match and match["y"] < (match["y2"] if len(match["y2"]) == 4 else match["y"][:2] + match["y2"]):
        last = match["y2"] if len(match["y2"]) == 4 else match["y"][:2] + match["y2"]
        return Raw(pos, match.end(), "period", label=f"{match['y']}-{last}", checkable=False)
    match = g.SHORT_YEAR_RANGE.match(text, pos)
    if match and 0 < int(match[2]) - int(match[1]) <= 6 and _UNTIL.search(text, max(0, pos - 3), pos):
        return Raw(pos, match.end(), "period", label=f"20{match[1]}-20{match[2]}", checkable=False)
    match = g.DATE.match(text, pos)
    if match:
        part = _PARTS.get(match["part"] or match["ypart"] or "", "")
        return _date(pos, match.end(), _int(match["y"]), _int(match["m"]), _int(match["d"]), part)
    match = g.ISO.match(text, pos)
    if match:
        return _date(pos, match.end(), int(match["y"]), int(match["m"]), int(match["d"]))
    match = g.YEAR_MONTH.match(text, pos)
    if match:
        return _date(pos, match.end(), int(match["y"]), int(match["m"]), 0)
    match = g.BARE_YEAR.match(text, pos)
    if match:
        return _date(pos, match.end(), _int(match["y"] or match["last"]), 0, 0)
    return _month(text, pos)


def _month(text: str, pos: int) -> Raw | None:
    match = g.MONTH_DAY_RANGE.match(text, pos)
    if match:
        label = (
            f"-{int(match['m']):02d}-{int(match['d']):02d}/{int(match['m2'] or match['m']):02d}-{int(match['d2']):02d}"
        )
        return Raw(pos, match.end(), "date", unit="MD", label=label)
    match = g.MONTH_RANGE.match(text, pos)
    if match and int(match["m"]) < int(match["m2"]) <= 12:
        return Raw(pos, match.end(), "period", label=f"M{int(match['m'])}-{int(match['m2'])}", checkable=False)
    match = g.MONTH_DAY.match(text, pos)
    if match:
        return _date(pos, match.end(), 0, _int(match["m"]), _int(match["d"]), _PARTS.get(match["part"] or "", ""))
    match = g.MONTH_ONLY.match(text, pos)
    return _date(pos, match.end(), 0, _int(match["m"]), 0) if match else None


def period(text: str, pos: int) -> Raw | None:
    """一季度, 前三季度, 上半年, 近三年, 五年来: labels of the time that figures belong to."""
    if text.startswith(("四个季度", "4个季度"), pos):
        return Raw(pos, pos + 4, "period", label="quarters", checkable=False)
    match = g.QUARTER.match(text, pos)
    if match:
        label = _quarter_label(match[1], match[2], match[3])
        return Raw(pos, match.end(), "period", label=label, checkable=False)
    match = g.RECENT.match(text, pos)
    if match:
        return Raw(pos, match.end(), "period", label=f"recent{_int(match[1])}", checkable=False)
    short = g.SHORT_YEAR.match(text, pos) or (
        g.SHORT_YEAR_PLAIN.match(text, pos) if text[pos - 1 : pos] in _COMPARES or _names_year(text, pos) else None
    )
    if short:
        number = int(short[1])
        label = str(number + (1900 if number >= 50 else 2000)) + _PARTS.get(short[2] or "", "")
        return Raw(pos, short.end(), "date", unit="Y", label=label, digits=short[1])
    named = g.NAMED_YEARS.match(text, pos)
    if named:
        return Raw(pos, named.end(), "period", label=named[0], checkable=False)
    years = g.PLAIN_YEARS.match(text, pos)
    if years and (pos == 0 or text[pos - 1] in "(（\n。，；、：｜ 这前后头五\x00") and text[pos - 1 : pos] != "五":
        return Raw(pos, years.end(), "period", label=f"recent{_int(years[1])}", checkable=False)
    if years and text[pos] in "二两三四五六七八九十" and not g.LASTING.search(text, max(0, pos - 6), pos):
        return Raw(pos, years.end(), "period", label=f"recent{_int(years[1])}", checkable=False)
    if text[max(0, pos - 2) : pos] in ("过去", "最近", "今后", "未来") or text[pos - 1 : pos] == "近":
        years = g.RECENT_BARE.match(text, pos)
        if years:
            return Raw(pos, years.end(), "period", label=f"recent{_int(years[1])}", checkable=False)
    return None


_UNTIL = re.compile(r"(?<![达提延缩增降减升长短高])[到至]$|截至$|(?:^|[，。；：、（(\n｜|])$")
_LIKELY_YEAR = range(20, 40)
_LAST_CENTURY = range(78, 100)  # durations that long are not told in reports, whatever stands before
_NO_YEAR = re.compile(
    r"\d\d年(?:来|间|以|多|余|历|未|没|如|前|后|内|期|的|制|级|工|党|教|从|军|龄|坚|扎|初心|不|一遇|一日)"
)


def _names_year(text: str, pos: int) -> bool:
    """24年完成, 到84年: two digits that name a year rather than a duration, by their place and their size."""
    number = int(text[pos : pos + 2]) if text[pos : pos + 2].isdecimal() else 0
    if _NO_YEAR.match(text, pos) or text[pos - 1 : pos] in tuple("0123456789."):
        return False
    if number in _LAST_CENTURY or text[pos] == "0":
        return True
    return number in _LIKELY_YEAR and _UNTIL.search(text, max(0, pos - 3), pos) is not None


def _quarter_label(single: str | None, first: str | None, half: str | None) -> str:
    if single:
        number = _QUARTER_DIGITS.get(single) or int(single)
        return f"M{3 * number - 2}-{3 * number}"
    if first:
        return f"M1-{3 * (_QUARTER_DIGITS.get(first) or int(first))}"
    return "M1-6" if half == "上半年" else "M7-12"


def code(text: str, pos: int) -> Raw | None:
    """Phones, hot lines, grades, road and unit numbers, clock times: compared as strings."""
    if pos and text[pos - 1].isascii() and text[pos - 1].isalpha():
        return _letter_code(text, pos)
    for pattern in (g.PHONE, g.CLOCK, g.PLUS_CODE, g.HOTLINE, g.KNOWN_CODE, g.CODE_AFTER, g.STRONG_LIST, g.ROAD):
        match = pattern.match(text, pos)
        if match and not (pattern is g.CODE_AFTER and match[0].lstrip("0123456789.") in _LETTER_UNITS):
            label = match[0].removesuffix("级") if pattern is g.CODE_AFTER else match[0].removesuffix("公交")
            return Raw(pos, match.end(), "code", label=label, digits=match[0])
    return None


def _letter_code(text: str, pos: int) -> Raw | None:
    start = pos
    while start and pos - start < 6 and text[start - 1].isascii() and text[start - 1].isalpha():
        start -= 1
    match = g.LETTER_CODE.match(text, start)
    if match is None:
        return None
    return Raw(start, match.end(), "code", label=match[0], digits=match[0])


def percent_words(text: str, pos: int) -> Raw | None:
    """百分之二十点七, 千分之五, 三分之一, 三成五, 八五折, 一半."""
    for reader in (_percent, _fraction, _tenths, _turns):
        found = reader(text, pos)
        if found is not None:
            return qualified(text, found)
    return None


_WHOLE = re.compile("百分之百|百分百")


def _percent(text: str, pos: int) -> Raw | None:
    whole = _WHOLE.match(text, pos)
    if whole:
        return Raw(pos, whole.end(), "ratio", Fraction(1), Fraction(1), "%", "%", digits="1")
    match = g.PERCENT_CN.match(text, pos)
    if match is None:
        return None
    base = {"百": 100, "千": 1000, "万": 10000}[match[1]]
    low = value_of(match[2])
    high = value_of(match[4]) if match[4] else low
    if low is None or high is None:
        return None
    unit = "‰" if base == 1000 else "%"
    raw = Raw(pos, match.end(), "ratio" if low == high else "range", low / base, high / base, unit, unit)
    raw.digits = f"{float(low):g}".replace(".", "").strip("0")
    if match[3]:
        raw.approx = "GT"
    return raw


def _fraction(text: str, pos: int) -> Raw | None:
    match = g.FRACTION_CN.match(text, pos)
    words = match is not None
    if match is None:
        match = g.FRACTION.match(text, pos)
    if match is None:
        return None
    below, above = (value_of(match[1]), value_of(match[2])) if words else (Fraction(match[2]), Fraction(match[1]))
    if not below or above is None:
        return None
    return Raw(pos, match.end(), "ratio", above / below, above / below, "%", "分之", digits=f"{above}/{below}")


def _tenths(text: str, pos: int) -> Raw | None:
    match = g.TENTHS.match(text, pos)
    if match:
        low = value_of(match[1])
        high = value_of(match[3]) if match[3] else low
        if (
            low is None
            or high is None
            or (match[2] and not match[3])
            or (text[pos - 1 : pos] in ("建", "落", "完", "形"))
        ):
            return None
        tail = Fraction(0) if not match[4] else Fraction(5 if match[4] == "半" else DIGITS[match[4]], 100)
        lo, hi = low / 10 + tail, high / 10 + tail
        return Raw(
            pos, match.end(), "ratio" if lo == hi else "range", lo, hi, "%", "成", digits=match[1] + (match[4] or "")
        )
    match = g.DISCOUNT.match(text, pos)
    if match and text[pos - 1 : pos] not in ("曲", "波"):
        value = value_of(match[1]) if match[1][0].isdigit() else Fraction("".join(str(DIGITS[c]) for c in match[1]))
        if value:
            ratio = value / (100 if value >= 10 else 10)
            return Raw(pos, match.end(), "ratio", ratio, ratio, "%", "折", digits=match[1])
    match = g.HALF.match(text, pos)
    if match:
        raw = Raw(pos, match.end(), "ratio", Fraction(1, 2), Fraction(1, 2), "%", "半", digits="半")
        raw.approx = "GT" if match[0][0] in "过大超多" else "LT" if match[0][0] == "近" else "EQ"
        return raw
    return None


def _turns(text: str, pos: int) -> Raw | None:
    match = g.TURNS.match(text, pos)
    if match is None:
        return None
    turns = value_of(match[1]) if match[1] else Fraction(1)
    if turns is None or turns.denominator != 1 or turns > 20:
        return None
    growth = Fraction(2 ** int(turns) - 1)
    return Raw(pos, match.end(), "mult", growth, growth, "倍", "番", label="growth", digits=f"番{turns}")


def qualified(text: str, raw: Raw) -> Raw:
    """Add sign and qualifiers around `raw`."""
    start = raw.start
    raw.sign = sign_before(text, start)
    before, begin = qualifier_before(text, start)
    if before:
        raw.start, raw.approx = begin, before
    after = g.APPROX_AFTER.match(text, raw.end)
    if after:
        raw.end = after.end()
        raw.approx = cast(Approx, g.APPROX_WORD[after[1]]) if raw.approx == "EQ" else raw.approx
    elif raw.kind == "dur" and raw.approx == "EQ" and text[raw.end : raw.end + 1] == "内":
        raw.approx, raw.end = "LE", raw.end + 1
    return raw


def rank(text: str, pos: int) -> Raw | None:
    """第十四届, 第3名, 首位, 首批, 前三."""
    head = text[pos]
    if head == "首":
        unit = text[pos + 1]
        return Raw(
            pos, pos + 2, "ord", Fraction(1), Fraction(1), "" if unit == "位" else unit, unit, label="首", digits="1"
        )
    if head == "前":
        match = g.TOPK.match(text, pos)
        value = value_of(match[1]) if match else None
        if match is None or value is None:
            return None
        return Raw(pos, match.end(), "topk", value, value, "", match[2], digits=str(value))
    named = g.INSTITUTION.match(text, pos)
    if named:
        number = value_of(named[1])
        return Raw(pos, named.end(1), "code", number, number, label=f"第{number}{named[2]}", digits=named[0])
    match = g.ORDINAL.match(text, pos)
    value = value_of(match[1]) if match else None
    if match is None or value is None:
        return None
    return _ordinal(text, pos, match.end(), value)


_ORDINAL_UNIT = re.compile(r"届|批次|批|次|名|位|期|轮|季度|号|集团军|年|个|家|章|条|款|项|站|人|代|场|大")


def _ordinal(text: str, pos: int, end: int, value: Fraction) -> Raw:
    unit = _ORDINAL_UNIT.match(text, end)
    surface = unit[0] if unit else ""
    name = "" if surface in ("名", "位") else "批" if surface == "批次" else surface
    return Raw(pos, end + len(surface), "ord", value, value, name, surface, digits=str(value))
