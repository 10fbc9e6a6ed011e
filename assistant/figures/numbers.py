"""Reads a number with its scale, unit and qualifier at a given place of the normalised text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from assistant.figures import grammar as g
from assistant.figures import lexicon
from assistant.figures.model import Approx, Kind
from assistant.figures.numerals import DIGITS, adjacent_range, parse_arabic, parse_chinese, parse_mixed, scale_of
from assistant.figures.raw import Raw
from assistant.figures.signs import sign_before

_HALF = Fraction(1, 2)
_UNITS = lexicon.units()


@dataclass(slots=True)
class Atom:
    """A bare number: bounds, inner qualifier, end offset, digits as written, whether a scale was written."""

    lo: Fraction
    hi: Fraction
    approx: Approx
    end: int
    digits: str
    scaled: bool
    vague: bool = False
    single: bool = False


def read_atom(text: str, pos: int) -> Atom | None:
    """The number at `pos`, Arabic or Chinese, without its unit."""
    char = text[pos : pos + 1]
    if "0" <= char <= "9":
        return _arabic(text, pos)
    return _chinese(text, pos)


def _arabic(text: str, pos: int) -> Atom | None:
    mixed = g.MIXED.match(text, pos)
    if mixed:
        whole = parse_mixed(mixed[0])
        return Atom(whole, whole, "EQ", mixed.end(), f"{whole}".strip("0"), True)
    match = g.ARABIC.match(text, pos)
    value = parse_arabic(match[1]) if match else None
    if match is None or value is None:
        return None
    digits, more, scale, second, mid, second_scale, late, last_scale, after, outer = match.groups()
    if more == "几":
        return Atom(value + 1, value + 9, "EQ", match.end(2), digits, False)
    value *= scale_of(scale)
    if second is not None:
        value += Fraction(second) * scale_of(second_scale + (last_scale or ""))
        digits = f"{value.numerator}" if value.denominator == 1 else digits + second
    if outer:
        value *= scale_of(outer)
    approx: Approx = "GT" if more or mid or late or after else "EQ"
    return Atom(value, value, approx, match.end(), digits.replace(".", "").strip("0") or "0", bool(scale))


def _chinese(text: str, pos: int) -> Atom | None:
    match = g.CHINESE.match(text, pos)
    if match is None:
        return _open_chinese(text, pos)
    body, more, scale, after = match.groups()
    end = match.end()
    if scale and len(scale) > 1 and scale[-1] == "千" and not after and text[end : end + 1] in _KILO:
        scale, end = scale[:-1], end - 1  # 五千多万千瓦
    if scale and not more:
        body, scale = body + scale, ""
    if len(body) > 2 and body[-1] == "千" and body[-2] in "十百万亿" and not after and text[end : end + 1] in _KILO:
        body, end = body[:-1], end - 1  # 六千一百亿千瓦时
    bounds = adjacent_range(body)
    if bounds is not None:
        return Atom(bounds[0], bounds[1], "EQ", end, body, False)
    value = parse_chinese(body)
    if value is None:
        return None
    if more == "几":
        return _teens(value, body, end, scale_of(scale))
    # 四亿零七百多万: the scale behind 多 belongs to the last section only.
    whole = parse_chinese(body + scale) if scale and "点" not in body else None
    value = whole if whole is not None else value * scale_of(scale)
    approx: Approx = "AB" if more == "来" else "GT" if more or after else "EQ"
    digits = "".join(str(DIGITS[c]) for c in body if c in DIGITS).strip("0") or "1"
    if value.denominator == 1:
        digits = str(value.numerator).strip("0") or "0"
    before = text[pos - 1] if pos else ""
    if body[0] in "百千万亿" and before in ("上", "数", "几"):
        return _open_chinese(text, pos)
    return Atom(value, value, approx, end, digits, body[-1] in "百千万亿", single=len(match[0]) == 1)


def _teens(value: Fraction, body: str, end: int, scale: int) -> Atom | None:
    step = {"十": 1, "百": 10, "千": 100, "万": 1000}.get(body[-1])
    if step is None:
        return None
    return Atom((value + step) * scale, (value + 9 * step) * scale, "EQ", end, body, False)


def _open_chinese(text: str, pos: int) -> Atom | None:
    """数十, 几百, 上千: no value that could support a precise figure."""
    if pos and text[pos] not in "数几" and text[pos - 1] in "上数几":
        pos -= 1
    match = g.OPEN_CHINESE.match(text, pos)
    if match is None or not match[2]:
        return None
    scale = Fraction(scale_of(match[2]))
    if match[1] in ("数", "几"):
        return Atom(2 * scale, 10 * scale, "EQ", match.end(), match[0], False, vague=True)
    return Atom(scale, scale, "GE", match.end(), match[0], False, vague=True)


def read_unit(text: str, pos: int) -> tuple[str, int]:
    """Surface of the longest unit at `pos` and its end; composite units (微克/立方米) included."""
    char = text[pos : pos + 1]
    if char in ("%", "‰"):
        return char, pos + 1
    if char in ("/", "／") and text[pos - 1 : pos] in ("万", "亿"):  # 26万/次: money whose 元 goes without saying
        per = g.UNIT_PER.match(text, pos)
        return ("元" + per[0], per.end()) if per else ("", pos)
    match = g.UNIT.match(text, pos)
    if match is None or not match[0]:
        return "", pos
    surface, end = match[0], match.end()
    if surface == "倍" or end >= len(text):
        return surface, end
    if text[end] in "/／每":
        per = g.UNIT_PER.match(text, end)
        if per and len(per[0]) > 1 and not text[per.end() : per.end() + 1].isdigit():
            return text[pos : per.end()], per.end()
    if text[end] == "(" and text[end : end + 3] in ("(次)", "(套)"):
        return surface + text[end : end + 3], end + 3
    return _shortened(text, surface, pos, end)


# Second characters of words that open with a measure word (2.1亿支持, 3亿批复).
_WORDS_OF = {"支": "持付出援撑农教", "批": "准复", "台": "账阶", "场": "地所", "条": "件例", "口": "径粮", "手": "续"}


def _shortened(text: str, surface: str, pos: int, end: int) -> tuple[str, int]:
    """Give back units that only look like one before the next word (3年级, 5人均, 2分之一, 6方面)."""
    after = text[end : end + 1]
    if surface in ("人", "户", "亩") and after == "均":
        return "", pos
    if surface == "里" and after in ("程", "外", "面", "约"):
        return "", pos
    if surface == "分" and after in ("之", "别", "类", "布"):
        return "", pos
    if surface == "方" and after and after not in "，。、；,; \n":
        return "", pos
    if surface == "名" and after in ("列", "优", "特"):
        return "", pos
    if surface == "大" and after == "关":
        return "", pos
    if surface == "位" and after in ("居", "列", "于"):
        return "", pos
    if after and after in _WORDS_OF.get(surface, ""):
        return "", pos
    if surface == "项" and after == "目" and text[pos - 1] in "万亿":
        return "", pos
    if surface in ("期", "口", "部", "线", "站") and after in ("间", "岸", "门", "分", "上", "下"):
        return "", pos
    return surface, end


def canonical(surface: str) -> tuple[str, Fraction]:
    """Canonical name and factor of a unit surface."""
    if not surface:
        return "", Fraction(1)
    unit = _UNITS.get(surface)
    if unit is not None:
        return unit.name, unit.factor
    head, slash, tail = surface.replace("每", "/").replace("／", "/").partition("/")
    if slash and head in _UNITS:
        low = _UNITS.get(tail)
        return f"{head}/{low.name if low else tail}", Fraction(1)
    return surface, Fraction(1)


def read_number(text: str, pos: int) -> Raw | None:
    """The figure at `pos`: number or range, scale, unit, qualifier before and after. None if it states none."""
    atom = read_atom(text, pos)
    if atom is None:
        return None
    if "0" <= text[pos] <= "9" and _is_year(text, pos, atom):
        year = Fraction(text[pos : atom.end])
        return Raw(
            pos,
            atom.end,
            "date",
            year * 10000,
            year * 10000,
            "Y",
            label=text[pos : atom.end],
            digits=text[pos : atom.end],
        )
    arabic = text[pos].isdigit()
    surface, end = read_unit(text, atom.end)
    ranged = _range(text, pos, atom, surface, end)
    if ranged is not None:
        atom, surface, end = ranged
    elif not arabic and not _acceptable(text, pos, atom, surface, end):
        return None
    return _finish(text, pos, atom, surface, end, is_range=ranged is not None)


def _is_year(text: str, pos: int, atom: Atom) -> bool:
    """A bare 1900-2099 without unit between brackets, dashes or at a border is a year."""
    if atom.end - pos != 4 or atom.scaled or atom.approx != "EQ" or not 1900 <= atom.lo <= 2099:
        return False
    behind, before = text[atom.end : atom.end + 1], text[pos - 1 : pos] if pos else ""
    if behind in ("", ")", "）", "]", "〕") and before in ("", "(", "（", "[", "〔") and bool(before or behind):
        return True
    return before in ("", "\n", "(") and 1949 <= atom.lo <= 2049 and behind != "\n" and not read_unit(text, atom.end)[0]


def _range(text: str, pos: int, first: Atom, surface: str, end: int) -> tuple[Atom, str, int] | None:
    if first.vague:
        return None
    sep = g.RANGE_SEP.match(text, end)
    if sep is None or text[sep.end() : sep.end() + 1] in (">", "+", "-"):
        return None
    second = read_atom(text, sep.end()) if text[sep.end() : sep.end() + 1] else None
    if second is None or second.vague or (sep[0] in "-–" and not text[sep.end()].isdigit()):
        return None
    if first.single and second.single and sep[0] not in "至到—":
        return None
    if sep[0] in "至到" and _LEAVES.search(text, max(0, pos - 18), pos) and not _COMPOSED.search(text[pos : pos + 24]):
        return None
    surface2, end2 = read_unit(text, second.end)
    if surface and surface2 and canonical(surface)[0] != canonical(surface2)[0]:
        return None
    lo, factor1 = first.lo, canonical(surface or surface2)[1]
    raw_hi = second.hi
    if second.scaled and not first.scaled and not surface:
        plain = _unscaled(text, sep.end())
        if plain is not None and first.lo < plain:
            lo = first.lo * (raw_hi / plain)
    if lo >= raw_hi or (not surface2 and not text[pos].isdigit()) or _dated(surface, surface2, lo):
        return None
    del factor1
    merged = Atom(lo, raw_hi, second.approx, second.end, first.digits + "-" + second.digits, second.scaled)
    return merged, surface2 or surface, end2


# 从71%到78%: behind 从 and 由 the two numbers are where a change begins and ends, no range.
_LEAVES = re.compile(
    r"(?:由|从|自)(?!中|而|由|来)(?![^，]*(?:放大|提高|提升|增|升|降|减|缩|扩|投|出资|补|奖))[^，,。；;：:、\n\d]{0,14}$"
)


_COMPOSED = re.compile(r"^[^，,。；;]*(?:组成|构成|负责|担任|牵头|不等)")


def _dated(surface: str, surface2: str, lo: Fraction) -> bool:
    return surface2 == "年" and not surface and 1900 <= lo <= 2100


def _unscaled(text: str, pos: int) -> Fraction | None:
    match = re.compile(r"\d+(?:\.\d+)?").match(text, pos)
    if match:
        return Fraction(match[0])
    atom = g.CHINESE.match(text, pos)
    return parse_chinese(atom[1].rstrip("百千万亿")) if atom and atom[1].rstrip("百千万亿") else None


def _acceptable(text: str, start: int, atom: Atom, surface: str, end: int) -> bool:
    """Whether a number in Chinese characters is a figure: it needs a measure word, one digit alone a firm one."""
    if not surface and atom.lo >= 10**4 and text[end : end + 1] in ("", "，", "。", "；", ",", "\n"):
        return True
    if not surface:
        return bool(atom.approx != "EQ" and not atom.single) or (atom.scaled and atom.lo >= 10**4)
    if atom.lo == 0 or (atom.single and text[end : end + 1] == "均"):
        return False
    if (atom.single or text[start] in "百千万亿") and surface in g.WEAK_AFTER_DIGIT:
        held = surface == "期" and _HELD.search(text, max(0, start - 10), start) is not None
        return held or (surface in "张套级道款" and _LISTED.search(text, max(0, start - 40), start) is not None)
    return not (atom.single and surface in ("年", "天", "月") and text[end : end + 1] in ("级", "气", "制"))


# 每周举办两期, 编发三期: issues and courses are counted where somebody holds or prints them (一期工程 is a name).
_HELD = re.compile(r"(?:举办|开办|编发|编印|刊发|印发|出版)(?:了)?$|每(?:半?[周月季年旬]|[天日])[^，。；、\d]{0,4}$")
# 招商、载体、合作四张牌: what a list before it counts.
_LISTED = re.compile(r"(?:[一-鿿]{2,8}、){2,}[一-鿿]{2,8}$|[”》][“《][^“《]{1,20}[”》]$")
# 升0.6点, +2点: points of a percentage where a verb or sign of change stands before the number.
_POINT = re.compile(r"点(?![\d一二三四五六七八九十分钟半整前后左位])")
_DELTA_SIGN = re.compile(r"[升降增减高低涨跌落+-]了?$")
_MARK_PASSED = re.compile("大关|新?的?台阶")
_KILO = frozenset("瓦克米伏赫卡")
_FULL_KIND: dict[str, Kind] = {"ratio": "ratio", "permille": "ratio", "pp": "pp", "mult": "mult"}
_TIME_FAMILIES = frozenset(("month", "hour", "workday"))


def _finish(text: str, pos: int, atom: Atom, surface: str, end: int, *, is_range: bool) -> Raw:
    if (
        not surface
        and _POINT.match(text, end)
        and (_DELTA_SIGN.search(text, max(0, pos - 3), pos) or "." in text[pos:end])
    ):
        surface, end = "个点", end + 1
    surface, per = _without_denominator(surface)
    name, factor = canonical(surface)
    family = lexicon.family_of(name) if name else ""
    approx, start = qualifier_before(text, pos)
    if atom.vague and start == pos and pos and text[pos - 1] in "上数几":
        start = pos - 1
    approx = approx or atom.approx
    after = g.APPROX_AFTER.match(text, end)
    if after and not (after[0] == "+" and surface and "一" <= text[end + 1 : end + 2] <= "鿿"):
        end = after.end()
        approx = cast(Approx, g.APPROX_WORD[after[1]]) if approx == "EQ" else approx
    if (
        approx == "EQ"
        and name
        and family in _TIME_FAMILIES
        and text[end : end + 1] == "内"
        and text[end + 1 : end + 2] not in ("外", "部", "容")
    ):
        approx, end = "LE", end + 1
    if approx == "EQ" and text[end : end + 1] == "内" and (text[end + 1 : end + 2] or "。") in "，。；、,)\n":
        approx, end = "LE", end + 1
    if approx == "EQ" and _MARK_PASSED.match(text, end):
        approx = "GT"
    kind: Kind = _FULL_KIND.get(family, "dur" if family in _TIME_FAMILIES else "num")
    if is_range or (atom.lo != atom.hi and not atom.vague):
        kind = "range"
    elif atom.vague:
        kind = "vague"
    elif name == "届":
        kind = "ord"
    raw = Raw(start, end, kind, atom.lo * factor, atom.hi * factor, name, text[atom.end : end], approx)
    raw.digits, raw.sign = atom.digits, sign_before(text, start)
    raw.raw_unit, raw.per = surface, per
    return raw


def _without_denominator(surface: str) -> tuple[str, str]:
    """720元/月 states what 每月720元 states: the unit without its denominator, and the denominator.

    Physical quotients (微克/立方米) stay one unit.
    """
    head, slash, per = surface.replace("每", "/").replace("／", "/").partition("/")
    if not slash or head not in _UNITS:
        return surface, ""
    parts = re.split("[·./]", per)
    money = _UNITS[head].family == "money"
    if all(part in g.PER_TIME or part in g.PER_HEAD or (money and part in _UNITS) for part in parts):
        return head, "/".join(g.PER_TIME.get(part, part) for part in parts)
    return surface, ""


def qualifier_before(text: str, pos: int) -> tuple[Approx | None, int]:
    """Qualifier that ends at `pos` (近, 超过, 不少于 ...) and where it starts; (None, pos) if there is none."""
    if not pos or text[pos - 1] not in _QUALIFIER_ENDS:
        return None, pos
    match = g.APPROX_BEFORE.search(text, max(0, pos - 6), pos)
    if match is None:
        return None, pos
    word = match[1]
    before = text[match.start() - 1] if match.start() else ""
    if before and before in _GUARDS.get(word, ""):
        return None, pos
    if word in ("最多", "至多") and text.startswith("一", pos):
        return None, pos  # 十年来最多一年
    if word == "上" or (word == "破" and not _MILESTONE.match(text, pos)):
        return None, pos
    return cast(Approx, g.APPROX_WORD[word]), match.start()


# 破897起 solves 897 cases, 破千亿元 passes a mark: a mark is round or carries a scale.
_MILESTONE = re.compile(r"[\d.]+[百千万亿%]|\d+0(?!\d)|[一二三四五六七八九十百千万亿]")
_QUALIFIER_ENDS = frozenset("≥≧≤≦＞＜><越上冲逼近足到满过了破出达少于低多高约超逾大共在为接")
_GUARDS = {
    "近": "附邻临最靠贴亲相",
    "约": "节签预制合违简契特公条履集大",
    "超": "赶反高",
    "过": "通经度不超渡走错",
    "破": "侦攻告打查",
    "低于": "不",
    "高于": "不",
    "少于": "不",
    "多于": "不",
}
