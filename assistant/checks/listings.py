"""What a text lists for a declared count (四个方面, 三场硬仗): the list behind it or before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.figures import Figure, recognise
from assistant.figures.numerals import parse_chinese

_CLAIM_UNITS = frozenset((
    "部分", "记", "个", "大", "项", "类", "种", "条", "场", "道", "张", "篇", "件", "方面", "维度", "环节", "字", "门", "支", "块", "套", "级", "款",
))  # fmt: skip
_STYLES = (
    re.compile(r"(?:(?<=[。；：，,;:\s“”])|^)([一二三四五六七八九十]{1,2})(?:是|要|在(?=于))"),
    re.compile(r"(?:(?<=[。；：，,;:\s])|^)第([一二三四五六七八九十]{1,2})(?:[，,、：:]|是)"),
    re.compile(r"(?:(?<=[。；：，,;:\s])|^)其([一二三四五六七八九十]{1,2})(?:[，,、：:]|是)"),
    re.compile(r"[（(]([一二三四五六七八九十]{1,2}|\d{1,2})[)）]"),
    re.compile(r"(?:(?<=[。；：\n])|^)\s*(\d{1,2})[.．、](?!\d)"),
    re.compile(r"([①-⑩])"),
)
_REACH = 48
SLIP = 2  # a miscount is off by one or two; further off it is a list of something else
_AND = r"以及|(?<![共总缓])和(?![平谐睦美])|与|及"
SEPARATOR = re.compile(rf"、|(?:{_AND})")
_HEADING_MARK = re.compile(r"^\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})、")
_QUOTE_RUN = re.compile(r"((?:[“《][^“”《》，。；]{1,40}[”》](?:[、和与及]|以及)?){2,})(?:等)?$")
_QUOTED_LIST = re.compile(r"[“]([^“”，。；、]{1,10}(?:、[^“”，。；、]{1,10})+)[”]$")
_BREAK = "，,。；;：:！？\n“”（）()"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a text lists for a declared count: how many and the quoted start of each."""

    count: int
    names: tuple[str, ...]
    firm: bool


def declares(figure: Figure) -> bool:
    """Whether the figure may be a declared count: a small whole number with a word that announces a list."""
    if figure.kind == "count_claim":
        return True
    if figure.kind != "num" or figure.approx != "EQ" or figure.lo is None or figure.surface[:1].isdigit():
        return False
    return (
        figure.lo.denominator == 1
        and 2 <= figure.lo <= 12
        and (figure.raw_unit in _CLAIM_UNITS or re.fullmatch("个[村县镇乡市区省州]", figure.raw_unit) is not None)
    )


def announced(text: str, figure: Figure) -> Listing | None:
    """The list of a declared count, or the names before any count that are of the kind it counts (甲桥、乙桥两座危桥)."""
    found = listing(text, figure) if declares(figure) else None
    return found if found is not None and found.firm else _namesakes(text, figure) or found


def lists_as_many(text: str, figure: Figure) -> bool:
    """Whether the text itself lists as many as a small count says, directly before it or as it announces."""
    found = announced(text, figure)
    if found is not None and found.count == figure.lo:
        return True
    if figure.kind != "num" or figure.approx != "EQ" or figure.lo is None or not 2 <= figure.lo <= 12:
        return False
    segment = _ASIDE.sub("", text[max(0, figure.start - 90) : figure.start])
    return len(SEPARATOR.split(re.split(r"[，。；：:\n]", segment)[-1])) == figure.lo


_KIND = re.compile(r"[一-鿿]{1,6}")


def _namesakes(text: str, figure: Figure) -> Listing | None:
    """河北银行、保定银行两家银行: names that end in what is counted."""
    if figure.kind != "num" or figure.approx != "EQ" or figure.lo is None or figure.surface[:1].isdigit():
        return None
    kind = _KIND.match(text, figure.end)
    if kind is None or figure.lo.denominator != 1 or not 2 <= figure.lo <= 12:
        return None
    segment = re.split(r"[，。；：:\n（）()]", text[max(0, figure.start - 90) : figure.start])[-1]
    names = [name for name in SEPARATOR.split(segment) if name.strip()]
    last = names[-1][-1:] if names else ""
    if len(names) < 2 or last not in kind[0][:4] or any(len(name) < 3 or name[-1] != last for name in names):
        return None
    return Listing(len(names), tuple(name[-10:] for name in names), firm=True)


def listing(text: str, figure: Figure) -> Listing | None:
    """The list that belongs to the declared count: enumerators behind it, else items named before it. None if neither."""
    if figure.digits == "quoted":
        return (_enumerated(text, figure) if figure.raw_unit else None) or _named_in_line(text, figure)
    return (
        _enumerated(text, figure)
        or _before(text, figure)
        or _behind(text, figure)
        or _plainly_behind(text, figure)
        or _figured(text, figure)
        or _sided(text, figure)
        or _summed_up(text, figure)
        or _told_one_by_one(text, figure)
    )


_IN_LINE = re.compile(r"(?<=[，。；：\n])((?:[一-鿿]{1,5}、)+[一-鿿]{1,5}(?:[和与及][一-鿿]{2,5})?)[“\"]$")


def _named_in_line(text: str, figure: Figure) -> Listing | None:
    """Short items directly before a quoted label (投资、消费、外贸“三驾马车”)."""
    match = _IN_LINE.search("\n" + text[: figure.start], max(0, figure.start - 60))
    if match is None:
        return None
    names = SEPARATOR.split(match[1])
    return Listing(len(names), tuple(names), firm=True)


_SUMS_UP = re.compile(r"[^，。；：、\d]{0,6}[均都皆]|[^，。；：、\d]{0,4}(?:全部|同步|双双|齐)")


def _summed_up(text: str, figure: Figure) -> Listing | None:
    """Figures of one unit told just before and summed up in a clause of their own (…增长6%，…增长9%，两项增速均居前列)."""
    if text[figure.start - 1 : figure.start] not in ("，", "；") or not _SUMS_UP.match(text, figure.end):
        return None
    begin = max(text.rfind(mark, 0, figure.start) for mark in "。\n：") + 1
    told = [other for other in recognise(text[begin : figure.start]) if other.checkable and other.lo is not None]
    if not told:
        return None
    if len(told) < 2 or len({(other.unit, other.role) for other in told}) > 1:
        return None  # figures of several kinds may or may not be among those summed up
    return Listing(len(told), tuple(other.surface for other in told), firm=True)


def _told_one_by_one(text: str, figure: Figure) -> Listing | None:
    """The next sentence tells each of them between semicolons, each with figures of its own."""
    match = re.compile(r"[^，。；：、\d]{0,14}。([^。\n]+；[^。\n]+)。").match(text, figure.end)
    if match is None:
        return None
    parts = match[1].split("；")
    if not all(any(other.checkable for other in recognise(part)) for part in parts):
        return None
    # Further off than one it is examples of a longer list that are told.
    firm = figure.lo is not None and abs(len(parts) - figure.lo) == 1
    return Listing(len(parts), tuple(re.split(r"[，、\d]", part)[0][:10] for part in parts), firm=firm)


_SIDE = re.compile(r"(?<=[。；，\n])(?![^，]{0,4}[个等各这些多其另])([一-鿿]{2,6})方面，")


def _sided(text: str, figure: Figure) -> Listing | None:
    """Sides named one after the other in the paragraph (城镇方面，…。农村方面，…)."""
    if figure.kind != "count_claim" and figure.raw_unit not in ("项", "大", "类", "个"):
        return None
    stop = text.find("\n", figure.end)
    sides = list(_SIDE.finditer(text, figure.end, len(text) if stop < 0 else stop))
    if len(sides) < 2 or sides[0].start() - figure.end > 24:
        return None
    return Listing(len(sides), tuple(side[1] for side in sides), firm=True)


def _number(mark: str) -> int:
    if mark.isdigit() and mark.isascii():
        return int(mark)
    if "①" <= mark <= "⑩":
        return ord(mark) - ord("①") + 1
    return int(parse_chinese(mark) or 0)


def _enumerated(text: str, figure: Figure) -> Listing | None:
    best: tuple[int, re.Pattern[str]] | None = None
    for style in _STYLES:
        match = style.search(text, figure.end, figure.end + _REACH + 4)
        if (
            match
            and _number(match[1]) == 1
            and match.start() - figure.end <= _REACH
            and (best is None or match.start() < best[0])
        ):
            best = match.start(), style
    if best is None:
        return None
    between = text[figure.end : best[0]]
    if between.count("。") > 1:
        return None
    names: list[str] = []
    for match in best[1].finditer(text, max(best[0] - 1, 0)):
        if _number(match[1]) != len(names) + 1:
            if _number(match[1]) == 1 and names:
                break
            continue
        names.append(re.split(r"[，,。；、：\n]", text[match.end() : match.end() + 20])[0])
    return Listing(len(names), tuple(names), firm=True) if len(names) >= 2 else None


_ASIDE = re.compile(r"[（(][^（()）]{1,6}[）)]")  # 气（电）代煤
_GIVES = re.compile(r"提供|包括|涵盖|开展|实施")  # …的嫌疑人、被告人提供咨询、建议: the list begins behind the verb
_LEADING_VERB = re.compile(
    r"^(?:集中|突出|重点|着力|全力|始终|紧紧)?(?:抓好|抓住|做好|围绕|聚焦|紧扣|打好|落实|经受住了|经历了|打赢了)(?=[一-鿿]{2})"
)
_SAYS = re.compile(r"^[^、]*(?:体现|表现)(?:为|在)")


def _before(text: str, figure: Figure) -> Listing | None:
    segment = text[max(0, figure.start - 90) : figure.start]
    inside = _QUOTED_LIST.search(segment)
    if inside:
        names = inside[1].split("、")
        return Listing(len(names), tuple(names), firm=True)
    quoted = _QUOTE_RUN.search(segment)
    if quoted:
        names = re.findall(r"[“《]([^“”《》，。；]{1,40})[”》]", quoted[1])
        return Listing(len(names), tuple(names), firm="等" not in segment[-1:])
    if segment.endswith("，"):
        return _clause_before(segment)
    if segment.endswith(("等", "的", "这", "了")):
        return None
    segment = _ASIDE.sub("", segment)
    cut = max(segment.rfind(char) for char in _BREAK.replace("“", "").replace("”", ""))
    names = [name for name in _HEADING_MARK.sub("", segment[cut + 1 :]).split("、") if name.strip()]
    if not names:
        return None
    last = max((i for i, name in enumerate(names) if i and _GIVES.search(name)), default=0)
    names = [_LEADING_VERB.sub("", _SAYS.sub("", names[last])), *names[last + 1 :]]
    # 汽车及零部件两个 and 汽车、农机及零部件三个: the last two may be one item or two.
    tail = [name for name in SEPARATOR.split(names[-1]) if name.strip()]
    split = [*names[:-1], *tail] if len(tail) == 2 and min(map(len, tail)) >= 2 else names
    if "分别" in segment[cut + 1 :] or len(split) < 2 or any(len(name) > 16 and "”" not in name for name in split[1:]):
        return None  # the first may be longer: it carries the head of its clause
    if len(names) >= 2 and len(names) == figure.lo:
        return Listing(len(names), tuple(names), firm=True)
    return Listing(len(split), tuple(split), firm=_homogeneous(split) and _near(split, figure))


def _near(names: list[str], figure: Figure) -> bool:
    """Whether the claim is near enough to the list for a miscount; further off, the words before are no list of it.

    Two words around 和 are often no list at all (遵循和平共处五项原则), so they must be short and the claim one off.
    """
    if figure.lo is None:
        return False
    if len(names) == 2:
        return abs(figure.lo - 2) == 1 and (max(map(len, names)) <= 8 or all("”" in name for name in names))
    return not any(re.search(_AND, name) for name in names[:-1])


def _clause_before(segment: str) -> Listing | None:
    """A list that fills the clause before (发展活力、民生温度、生态颜值同步提升，三大变化...)."""
    clause = re.split(r"[。；：！？\n，]", segment[:-1])[-1]
    names = clause.split("、")
    if (
        len(names) < 3
        or re.search(r"\d|等", clause)
        or any(not 2 <= len(name) <= 8 for name in names[:-1])
        or len(names[-1]) > 12
    ):
        return None
    return Listing(len(names), tuple(names), firm=max(map(len, names[:-1])) - min(map(len, names[:-1])) <= 2)


def _homogeneous(names: list[str]) -> bool:
    """Whether the items are of one make, so that their number can be trusted: short and of similar length."""
    tail = [len(name) for name in names[1:]]
    return max(tail) <= 14 and max(tail) - min(tail) <= 8


def _behind(text: str, figure: Figure) -> Listing | None:
    """Quoted items right behind a colon or 即 (“三创”即 ...)."""
    match = re.compile(
        r"[^，,。；\n]{0,10}(?:：|:|即|——)((?:[“《][^“”《》，。；]{1,40}[”》](?:[、，和与及]|以及)?){2,})"
    ).match(text, figure.end)
    if match is None:
        return None
    names = re.findall(r"[“《]([^“”《》，。；]{1,40})[”》]", match[1])
    return Listing(len(names), tuple(names), firm=True)


_COLON = re.compile(r"[^，,。；\n\d]{0,12}[：:]([^。\n]{4,200})")


_PLAIN_LIST = re.compile(r"[^，,。；：:\n\d]{0,8}[：:]([^。；;：:，,\n\d“”（）()]{8,200})[。；\n]")


def _plainly_behind(text: str, figure: Figure) -> Listing | None:
    """八种类型：婚姻家庭纠纷、追索劳动报酬、…: at least four plain items that fill the sentence behind the colon."""
    match = _PLAIN_LIST.match(text, figure.end)
    names = [name.strip() for name in match[1].split("、")] if match else []
    if len(names) < 4 or names[-1].endswith("等") or any(not 2 <= len(name) <= 14 for name in names):
        return None
    return Listing(len(names), tuple(names), firm=not any(re.search(_AND, name) for name in names))


def _figured(text: str, figure: Figure) -> Listing | None:
    """Items that each carry a figure behind a colon (由三部分构成：甲3500万元，乙8500万元，丙2000万元)."""
    match = _COLON.match(text, figure.end)
    if match is None:
        return None
    body = match[1]
    if figure.kind == "count_claim" and body.count("；") and figure.lo is not None:
        parts = [part for part in re.split("；", body.rstrip("。")) if part.strip()]
        if all("，" in part or len(part) >= 12 for part in parts):
            return Listing(len(parts), tuple(part[:10] for part in parts), firm=abs(figure.lo - len(parts)) == 1)
    for mark in "；，、":
        names = [part for part in body.split(mark) if part.strip()]
        if len(names) >= 2 and len(names) == figure.lo:
            return Listing(len(names), tuple(name[:10] for name in names), firm=True)
    names = [part for part in re.split(r"；" if "；" in body else r"[，、,]", body) if part.strip()]
    if len(names) < 2 or not all(re.search(r"\d|[一二三四五六七八九十百千][个项件家户人万亿]", name) for name in names):
        return None
    return Listing(len(names), tuple(name[:10] for name in names), firm=True)
