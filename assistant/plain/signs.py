"""Signs in notes: +8.6%, -3%, 92万元→1.85亿元, 增8%, 比上年多5条."""

from __future__ import annotations

import re
from fractions import Fraction

from assistant.figures.numerals import scale_of

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_SIGNED = re.compile(
    r"(?P<joint>[、，和]?)(?P<word>增长|增加|提高|上升|下降|减少|降低)?"
    rf"(?P<sign>[+＋]|(?<=[比年期])[-－−–—]|(?<![\d%％‰])[-－−](?={_NUMBER}[%％]))"
    rf"(?P<number>{_NUMBER})(?P<unit>个?百分点|[%％‰]|倍)?"
)
_ARROW = re.compile(
    rf"(?P<from>{_NUMBER}(?:[十百千万亿]*(?:个百分点|百分点|[%％‰]|[一-龥]{{0,4}}))?)\s*(?:→|->|—>|⇒|=>)\s*"
    rf"(?P<to>{_NUMBER})(?P<scale>[万亿]?)"
)
_BARE = (
    (re.compile(r"(?<![新递倍连])增(?=\d[\d.]*(?:[%％‰]|倍))"), "增长"),
    (re.compile(r"(?<![新递倍连])增(?=\d)"), "增加"),
    (re.compile(r"(?<![下递双连])降(?=\d)"), "下降"),
    (re.compile(r"(?<![上提爬回晋攀跃])升(?=\d)"), "上升"),
    (re.compile(r"(?<=[一-龥])增到(?=\d)"), "增加到"),
    (re.compile(r"(?<![下])降到(?=\d)"), "下降到"),
    (re.compile(r"(?<![缩])压到(?=\d+(?:\.\d+)?(?:个?工作日|天|分钟|小时|个月|秒))"), "压缩到"),
    (re.compile(r"(?<![缩])压到(?=\d[\d.]*[%％‰])"), "压降到"),
    (re.compile(r"(?<![缩])压到(?=\d)"), "压减到"),
    (re.compile(r"(?<=[率度比])到(?=\d)"), "达到"),
    (re.compile(r"(?<=[率度])提到(?=\d)"), "提高到"),
    (re.compile(r"((?:比|较)[^，；。、]{1,12}?)(?<!许)多(?=\d)"), r"\1增加"),
    (re.compile(r"((?:比|较)[^，；。、]{1,12}?)(?<![减缺])少(?=\d)"), r"\1减少"),
)
_BOUND = re.compile(r"(?P<sign>[≥≤]|[>＞<＜]=)\s*(?=\d)")
_RATE_AHEAD = re.compile(r"\d[\d,.]*\s*(?:个?百分点|[%％‰])")
_SUM = re.compile(rf"(?P<one>{_NUMBER}(?P<unit>[万亿]元?|元))[+＋](?P<two>{_NUMBER}(?P=unit))(?!\d)")
_TIME = re.compile(r"(?:个?工作日|天|分钟|小时|个月|秒)$")


def write_signs(text: str) -> str:
    """`text` with every sign written as a verb; the numbers and units stay character by character."""
    text = _ARROW.sub(_arrow, text)
    text = _BOUND.sub(_bound, text)
    text = _signed(_SUM.sub(r"\g<one>和\g<two>", text))  # 2.3亿+1.7亿 names two sums, no growth
    for pattern, words in _BARE:
        text = pattern.sub(words, text)
    return text


def _bound(match: re.Match[str]) -> str:
    if match["sign"][0] in "≤<＜":
        return "不超过"
    return "不低于" if _RATE_AHEAD.match(match.string, match.end()) else "不少于"


def _signed(text: str) -> str:
    """In a list (分别+5.8%、+6.8%) the verb stands once, before the first number."""
    parts: list[str] = []
    end, last_word = 0, ""
    for match in _SIGNED.finditer(text):
        word = match["word"] or _verb(match["sign"], match["unit"] or "")
        follows = bool(parts) and match.start() == end and bool(match["joint"])
        parts.append(text[end : match.start()] + match["joint"])
        if not (follows and word == last_word):
            parts.append(word)
        parts.append(match["number"] + (match["unit"] or ""))
        end, last_word = match.end(), word
    return "".join(parts) + text[end:]


def _verb(sign: str, unit: str) -> str:
    up = sign in "+＋"
    if unit.endswith("百分点"):
        return "提高" if up else "下降"
    if unit in ("%", "％", "‰", "倍"):
        return "增长" if up else "下降"
    return "增加" if up else "减少"


def _arrow(match: re.Match[str]) -> str:
    before, after = _value(match["from"]), _value(match["to"] + match["scale"])
    if match["scale"] == "" and (scale := re.match(r"[\d,.]+([十百千万亿]+)", match["from"])):
        # “1.2→1.5万元” never names the scale on the left only; compare the bare numbers
        before = before / scale_of(scale[1])
    rate = match["from"].endswith(("%", "％", "‰"))
    if before == after:
        verb = "到"
    elif after > before:
        verb = "提高到" if rate else "增加到"
    else:
        verb = "下降到" if rate else "缩短到" if _TIME.search(match["from"]) else "减少到"
    return f"由{match['from']}{verb}{match['to']}{match['scale']}"


def _value(surface: str) -> Fraction:
    match = re.match(r"([\d,]+(?:\.\d+)?)([十百千万亿]*)", surface)
    if not match:
        return Fraction(0)
    return Fraction(match[1].replace(",", "")) * scale_of(match[2])
