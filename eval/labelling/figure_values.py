"""The value of a figure from its surface: number, unit, kind and the other forms in which a draft may write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from eval.labelling import CaseError

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SCALES = {"十": 10, "百": 100, "千": 1000}
BIG = {"万": 10**4, "亿": 10**8}
CN = "零〇一二两三四五六七八九十百千万亿"
ARABIC = re.compile(r"[+\-]?\d[\d,]*(?:\.\d+)?")
BEFORE = ("不少于", "不低于", "不超过", "至少", "将近", "超过", "突破", "不足", "大约", "约", "近", "超", "逾")
AFTER = ("以上", "以下", "以内", "左右", "上下")
INSIDE = ("余", "多")


def chinese_number(text: str) -> Fraction:
    """Value of a Chinese numeral, 点 for the decimal point included."""
    whole, _, decimals = text.partition("点")
    total = section = digit = 0
    for char in whole:
        if char in BIG:
            total = (total + section + digit) * BIG[char]
            section = digit = 0
        elif char in SCALES:
            section += (digit or 1) * SCALES[char]
            digit = 0
        else:
            digit = DIGITS[char]
    tail = sum(Fraction(DIGITS[char], 10 ** (i + 1)) for i, char in enumerate(decimals))
    return Fraction(total + section + digit) + tail


def chinese_form(number: int) -> str:
    """Chinese form of a whole number below 100."""
    names = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return names[ones]
    return ("" if tens == 1 else names[tens]) + "十" + (names[ones] if ones else "")


def plain(value: Fraction) -> int | float:
    """JSON number of a fraction."""
    return int(value) if value.denominator == 1 else round(float(value), 12)


def read_number(text: str) -> tuple[Fraction, str] | None:
    """Leading number of `text` and what follows it, 万 and 亿 multiplied in."""
    match = ARABIC.match(text)
    if match:
        value, rest = Fraction(match[0].replace(",", "").lstrip("+-")), text[match.end() :]
    else:
        match = re.match(rf"[{CN}]+(?:点[{CN}]+)?", text)
        if not match:
            return None
        value, rest = chinese_number(match[0]), text[match.end() :]
    while rest and (rest[0] in BIG or (rest[0] in INSIDE and rest[1:2] in BIG)):
        scale = rest[0] if rest[0] in BIG else rest[1]
        value *= BIG[scale]
        rest = rest.replace(scale, "", 1)
    return value, rest


@dataclass(frozen=True)
class Value:
    """A figure as derived from its surface."""

    number: Any
    unit: str
    kind: str
    accept: tuple[str, ...]


def accepted_numbers(value: Fraction, surface: str, chinese: bool = True) -> list[str]:
    """Ways to write a number: as given, plain, with thousands commas, in 万 and 亿, in Chinese when small."""
    forms = [surface]
    if value.denominator == 1:
        whole = int(value)
        forms += [str(whole)] + ([f"{whole:,}"] if whole >= 1000 else [])
        if chinese and 0 < whole < 100:
            forms += [chinese_form(whole)] + (["两"] if whole == 2 else [])
    for name, scale in BIG.items():
        scaled = value / scale
        if scaled >= Fraction(1, 10) and (scaled * 10**4).denominator == 1 and value >= 1000:
            forms.append(f"{float(scaled):.4f}".rstrip("0").rstrip(".") + name)
    return list(dict.fromkeys(forms))


def read_ratio(surface: str) -> Value | None:
    """Shares and rates: %, ‰, 百分之, 千分之, 成, 分之."""
    if match := re.fullmatch(r"[+\-]?([\d.]+)[%％]", surface):
        value, unit = Fraction(match[1]), "%"
    elif match := re.fullmatch(rf"百分之([{CN}点]+)", surface):
        value, unit = chinese_number(match[1]), "%"
    elif match := re.fullmatch(rf"(?:千分之([{CN}点]+)|([\d.]+)‰)", surface):
        value, unit = (chinese_number(match[1]) if match[1] else Fraction(match[2])), "‰"
    elif match := re.fullmatch(rf"([{CN}\d])成([{CN}])?", surface):
        value, unit = chinese_number(match[1]) * 10 + (chinese_number(match[2]) if match[2] else 0), "%"
    elif match := re.fullmatch(rf"([{CN}]+)分之([{CN}]+)", surface):
        share = chinese_number(match[2]) / chinese_number(match[1])
        return Value(plain(share), "比例", "rate", (surface,))
    else:
        return None
    shown = f"{float(value):g}" if surface[0] not in "+-" else match[1]
    forms = [surface.lstrip("+-"), f"{shown}{unit}"]
    if unit == "%":
        forms += [f"{shown}％", f"{float(value):g}%"]
        if value.denominator == 1 and 0 < value <= 100:
            forms.append("百分之" + ("百" if value == 100 else chinese_form(int(value))))
        if value % 10 == 0 and 0 < value < 100:
            forms.append(chinese_form(int(value / 10)) + "成")
    elif value.denominator == 1 and value < 10:
        forms.append("千分之" + chinese_form(int(value)))
    return Value(plain(value), unit, "rate", tuple(dict.fromkeys(forms)))


def read_rank(surface: str) -> Value | None:
    """第N位, 第N名, 前N."""
    match = re.fullmatch(rf"(第|前)(\d+|[{CN}]+)(位|名|期|次|届)?", surface)
    if not match:
        return None
    number = int(match[2]) if match[2].isdigit() else int(chinese_number(match[2]))
    forms = [surface]
    for name in (str(number), chinese_form(number)):
        forms += [match[1] + name + unit for unit in ("位", "名", "")]
    if match[1] == "第" and number == 1 and match[3] in ("位", "名", None):
        forms += ["首位", "榜首"]
    if match[3] in ("期", "次", "届"):
        forms = [match[1] + name + match[3] for name in (str(number), chinese_form(number))]
    return Value(number, match[3] or "位", "rank", tuple(dict.fromkeys(forms)))


def read_date(surface: str) -> Value | None:
    """2024年3月, 2024年3月5日, 3月5日."""
    match = re.fullmatch(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日)?", surface)
    if not match:
        return None
    parts = [match[1] or ""] + [f"{int(part):02d}" for part in match.groups()[1:] if part]
    return Value("-".join(part for part in parts if part), "日期", "date", (surface,))


def read_range(surface: str) -> Value | None:
    """A—B and A至B with one unit."""
    match = re.fullmatch(rf"([\d.]+|[{CN}]+)(\D*?)(?:—|-|～|~|至|到)([\d.]+|[{CN}]+)(\D+)", surface)
    if not match:
        return None
    low, high = read_number(match[1] + match[2]), read_number(match[3] + match[4])
    if low is None or high is None:
        return None
    a, b, tail = match[1], match[3], match[4]
    forms = [surface]
    for joint in ("—", "-", "～", "~", "至", "到"):
        forms += [f"{a}{joint}{b}{tail}", f"{a}{tail}{joint}{b}{tail}"]
    scale = read_number("1" + tail)
    base_low = low[0] * (scale[0] if scale and not match[2] else 1)
    return Value([plain(base_low), plain(high[0])], high[1], "range", tuple(dict.fromkeys(forms)))


def read_value(surface: str, unit: str | None) -> Value:
    """Derive number, unit, kind and accepted forms of a surface; `unit` is for numbers that carry none."""
    for reader in (read_ratio, read_rank, read_date, read_range):
        value = reader(surface)
        if value:
            return value
    if surface in ("翻番", "翻一番"):
        return Value(2, "倍(为原来的)", "ratio", ("翻番", "翻一番"))
    if surface in ("半年", "一半"):
        return Value(0.5, surface[-1], "value", (surface,))
    read = read_number(surface)
    if read is None:
        raise CaseError(f"cannot read the value {surface!r}")
    number, rest = read
    if mark := next((mark for mark in INSIDE if mark in rest), ""):
        return vague_value(surface, number, rest.replace(mark, "", 1), mark)
    measure = rest.strip()
    name = re.sub(r"[（）() ]", "", measure) or unit or ""
    head = re.sub(r"^[+\-]", "", surface[: len(surface) - len(rest)])
    forms = accepted_numbers(number, head, chinese="." not in head)
    accept = [form + end for form in forms for end in dict.fromkeys((measure or name, name))]
    return Value(plain(number), name, "value", tuple(dict.fromkeys(accept)))


def vague_value(surface: str, number: Fraction, measure: str, mark: str) -> Value:
    """Value of a number with 余 or 多 inside: 110余篇, 6万多元, 一百二十余万元."""
    head = surface.split(mark)[0]
    scale = surface[len(head) + 1] if surface[len(head) + 1 : len(head) + 2] in BIG else ""
    read = read_number(head)
    small = read[0] if read else number
    accept = [surface]
    for name in ("余", "多"):
        accept.append(head + name + scale + measure)
        if small.denominator == 1 and head[-1] not in BIG:
            accept.append(f"{int(small)}{name}{scale}{measure}")
        accept.append(f"{plain(number)}{name}{measure}")
    return Value(plain(number), measure, "value", tuple(dict.fromkeys(accept)))


def qualifier(line: str, start: int, end: int, surface: str) -> str | None:
    """Hedge written before, inside or after the value."""
    found = [mark for mark in BEFORE if line[:start].endswith(mark)][:1]
    found += [mark for mark in INSIDE if mark in surface and not surface.startswith("多")][:1]
    found += [mark for mark in AFTER if line[end:].startswith(mark)][:1]
    return "、".join(found) or None
