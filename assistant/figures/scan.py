"""Finds all mentions of a normalised text, in masking order: document numbers, phrases, slogans, enumerators, numbers."""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction

from assistant.figures import durations, lexicon, share, special
from assistant.figures import grammar as g
from assistant.figures.numbers import read_number
from assistant.figures.numerals import FINANCIAL, scale_of
from assistant.figures.raw import Raw

SENTINEL = "\x00"
_NUMERAL = frozenset("0123456789零一二三四五六七八九十百千万亿两廿卅半")
_SINGLE = frozenset("零一二两三四五六七八九十")
_FINANCIAL = frozenset("壹贰叁肆伍陆柒捌玖")
_FINANCIAL_RUN = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟零万亿")


def _is_bare(word: str) -> bool:
    return all(char in _NUMERAL for char in word)


_LEXICON: dict[str, str] = {w: "idiom" for w in lexicon.idioms() if not _is_bare(w)}
_LEXICON |= {p: "phrase" for p in lexicon.phrases() if not p.isdigit()}
_WORDS = re.compile(
    "(?=[" + "".join(sorted({re.escape(w[0]) for w in _LEXICON})) + "])" + lexicon.trie_pattern(_LEXICON)
)
_COUNT_NOUN = re.compile(lexicon.trie_pattern(lexicon.count_nouns()))
_COUNT_UNIT = re.compile(r"(?:个|大|项|类|种|条|场|道|张|篇|件|方面|维度|环节|字)")


def scan(text: str, extra: Collection[str] = ()) -> list[Raw]:
    """All mentions of the normalised `text` in order, without overlaps. `extra` are phrases of this document."""
    found: list[Raw] = []
    masked = _mask(text, [*_docnums(text)], found)
    masked = _mask(masked, _slogans(masked), found)
    masked = _mask(masked, _phrases(masked, text, extra), found)
    masked = _mask(masked, _enumerators(masked), found)
    _numbers(masked, found)
    found.sort(key=lambda raw: raw.start)
    share.header_units(text, found)
    share.share_units(text, found)
    share.list_units(found, text)
    share.bracket_units(text, found)
    return found


def _mask(text: str, raws: list[Raw], found: list[Raw]) -> str:
    if not raws:
        return text
    pieces, last = [], 0
    for raw in raws:
        if raw.start < last:
            continue
        found.append(raw)
        pieces.append(text[last : raw.start])
        pieces.append(SENTINEL * (raw.end - raw.start))
        last = raw.end
    pieces.append(text[last:])
    return "".join(pieces)


_ISSUER_STOP = re.compile(
    r".*(?:贯彻|落实|按照|参照|对照|遵照|按|根据|印发|执行|依据|学习|传达|制定|出台|下发|以及|和|与|及|《|的|了|于|在|以|文件)"
)


def _docnums(text: str) -> list[Raw]:
    raws = []
    for match in g.DOCNUM.finditer(text):
        start = match.start()
        stop = _ISSUER_STOP.match(match["issuer"])
        if stop:
            start += stop.end()
        issuer = text[start : match.start("y") - 1]
        label = f"{issuer}〔{match['y']}〕{int(match['n'])}号"
        raws.append(Raw(start, match.end(), "docnum", label=label, digits=match["n"]))
    return raws


def _phrases(masked: str, text: str, extra: Collection[str]) -> list[Raw]:
    raws = []
    words = set(extra)
    for match in _WORDS.finditer(masked):
        word, start = match[0], match.start()
        if not word or (word[0] in _NUMERAL and start and masked[start - 1] in "0123456789.第十百千万亿数几近上前"):
            continue
        if word[-1] in "数几" and text[match.end() : match.end() + 1] in tuple("十百千万亿"):
            continue  # 商户数万家
        if word.endswith("大") and masked.startswith(("类", "产业", "行业", "工程", "领域", "板块"), match.end()):
            continue  # 十五大类 is no congress
        if word == "四季" and masked.startswith("度", match.end()):
            continue
        kind = _LEXICON[word]
        raws.append(Raw(start, match.end(), "idiom" if kind == "idiom" else "phrase", checkable=False, label=word))
    if words:
        pattern = re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))
        raws += [Raw(m.start(), m.end(), "phrase", checkable=False, label=m[0]) for m in pattern.finditer(masked)]
        raws.sort(key=lambda raw: (raw.start, -raw.end))
    return raws


_HAS_NUMERAL = re.compile(r"[\d一二三四五六七八九十百千万亿两双]")
_PLAIN_FIGURE = re.compile(r"[近超约]?[\d.]+(?:[十百千万亿]+[余多]?|(?=%|\D{1,4}$))[^\d，、]{0,4}")


def _slogans(masked: str) -> list[Raw]:
    raws = []
    for match in g.QUOTED.finditer(masked):
        body = match[1]
        if not _HAS_NUMERAL.search(body) or _PLAIN_FIGURE.fullmatch(body):
            continue
        if re.search(r"[，,；：](?!$)", body) and len(body) > 16:
            continue
        if re.fullmatch(r"\d{3,}", body):
            raws.append(Raw(match.start(1), match.end(1), "code", label=body, digits=body))
            continue
        raws.append(
            Raw(match.start(1), match.end(1), "phrase", checkable=False, label=body.strip(SENTINEL), digits="quoted")
        )
    return raws


def _enumerators(masked: str) -> list[Raw]:
    raws = [Raw(m.start(), m.end(), "enum", checkable=False, label=m[0]) for m in g.ENUM_INLINE.finditer(masked)]
    raws += [Raw(m.start(), m.end(), "enum", checkable=False, label=m[0]) for m in g.FOOTNOTE.finditer(masked)]
    raws += _grades(masked)
    for match in _GLUED_INLINE.finditer(masked):
        raws.append(Raw(match.start(), match.end(), "enum", checkable=False, label=match[0]))
    lines = list(g.ENUM_LINE.finditer(masked))
    numbers = [int(m[1] or m[2] or 0) for m in lines]
    for index, match in enumerate(lines):
        if match[2] and not _glued(masked, match, numbers, index):
            continue
        start = match.end() - len(match[0].lstrip(" \t　"))
        raws.append(Raw(start, match.end(), "enum", checkable=False, label=match[0].strip()))
    raws.sort(key=lambda raw: (raw.start, -raw.end))
    return raws


_GRADE = re.compile(r"(劣?)([ⅠⅡⅢⅣⅤⅥ]|I{1,3}|IV|VI?)类(?:[及或])?(以上|以下)?")
_ROMAN = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V", "Ⅵ": "VI"}


def _grades(masked: str) -> list[Raw]:
    """Classes of water and air: Ⅳ类及以上, 劣Ⅴ类."""
    return [
        Raw(m.start(), m.end(), "code", label=f"{m[1]}{_ROMAN.get(m[2], m[2])}类{m[3] or ''}", digits=m[0])
        for m in _GRADE.finditer(masked)
    ]


def _glued(text: str, match: re.Match[str], numbers: list[int], index: int) -> bool:
    """Whether "2." before a digit opens an item: a neighbouring line carries the next number, or a year follows."""
    here = int(match[2])
    near = [numbers[i] for i in (index - 1, index + 1) if 0 <= i < len(numbers)]
    return (here + 1 in near) or (here - 1 in near and here > 1) or bool(_AFTER_MARK.match(text, match.end()))


_COUNTED = r"\d+(?:项|名|条|件|家|处|种|人(?!均)|户|所|座|次|个(?!百分点|基点|点|月))"
_AFTER_MARK = re.compile(rf"(?:19|20)\d\d年|{_COUNTED}")
# "。9.6个": what is counted in whole numbers has no decimals, so the first number opens an item.
_GLUED_INLINE = re.compile(rf"(?<=[。；])\d{{1,2}}\.(?={_COUNTED})")


def _numbers(text: str, found: list[Raw]) -> None:
    pos, search = 0, g.START.search
    while True:
        match = search(text, pos)
        if match is None:
            return
        at = match.start()
        raw = _at(text, at)
        if raw is None:
            pos = _skip(text, at)
            continue
        raw.start = max(raw.start, pos if raw.start < pos else raw.start)
        found.append(raw)
        pos = max(raw.end, at + 1)


def _skip(text: str, at: int) -> int:
    """Behind the run of numeral signs at `at`: the inside of a refused numeral is not read again."""
    pos = at + 1
    if text[at].isdigit() and text[at].isascii():
        while pos < len(text) and text[pos] in "0123456789.":
            pos += 1
        return pos
    while pos < len(text) and text[pos] in "零一二两三四五六七八九十百千万亿廿卅":
        pos += 1
    return pos


def _at(text: str, pos: int) -> Raw | None:
    char = text[pos]
    lasting = durations.and_a_half(text, pos)
    if lasting is not None:
        return lasting
    if "0" <= char <= "9":
        return (
            special.code(text, pos)
            or special.date(text, pos)
            or special.period(text, pos)
            or special.percent_words(text, pos)
            or _number(text, pos)
        )
    if char in "首前第":
        return special.period(text, pos) or special.rank(text, pos)
    if char in "上下":
        return special.period(text, pos)
    if char in "若多":
        return Raw(pos, pos + 2, "vague", checkable=False, label=text[pos : pos + 2])
    if char == "一":
        indefinite = g.INDEFINITE_ONE.match(text, pos)
        if indefinite and not (pos and text[pos - 1] in _NUMERAL):
            return Raw(pos, indefinite.end(), "indef", Fraction(1), Fraction(1), unit=text[pos + 1], checkable=False)
    if char == "半":
        return _half_unit(text, pos)
    if char in _FINANCIAL or char == "俩":
        return _financial(text, pos)
    if char in _SINGLE and pos > 1 and text[pos - 2] == "一" and text[pos - 1] in "主核体轴带心极廊环":
        return None
    if char in "十百千万亿" and (not pos or text[pos - 1] not in _NUMERAL):
        named = g.CLASS_NAME.match(text, pos)
        if named and not (named[0].endswith("以上") and named[0][0] == "十"):
            return Raw(pos, named.end(), "vague", checkable=False, label=_least(named[0]))
        bare = g.BARE_THRESHOLD.match(text, pos)
        if bare and char != "十":
            return Raw(pos, bare.end(), "vague", checkable=False, label=_least(bare[0]))
    dated = special.date(text, pos) or special.period(text, pos) if char in _SINGLE else None
    return dated or special.percent_words(text, pos) or _number(text, pos)


def _least(name: str) -> str:
    """What a class named by a scale word begins with: ≥10000000 of 千万元以上."""
    scale = re.match("[十百千万亿]+", name)
    return f"≥{scale_of(scale[0])}" if scale else ""


def _financial(text: str, pos: int) -> Raw | None:
    """Capital numerals of invoices (伍拾叁万元) and 俩."""
    if text[pos] == "俩":
        return _number(text[:pos] + "两" + text[pos + 1 :], pos) or Raw(
            pos, pos + 2, "dur", Fraction(2), Fraction(2), "个月", "月"
        )
    run = pos
    while run < len(text) and text[run] in _FINANCIAL_RUN:
        run += 1
    if run - pos < 2:
        return None
    plain = text[pos:run].translate(FINANCIAL)
    raw = _number(text[max(0, pos - 6) : pos] + plain + text[run : run + 8], min(pos, 6))
    if raw is None or raw.end - raw.start < run - pos:
        return None
    shift = pos - min(pos, 6)
    raw.start, raw.end = raw.start + shift, raw.end + shift
    return raw


def _half_unit(text: str, pos: int) -> Raw | None:
    if text.startswith("半数", pos):
        return special.percent_words(text, pos)
    return durations.half(text, pos)


def _number(text: str, pos: int) -> Raw | None:
    raw = read_number(text, pos)
    if raw is None:
        return None
    if _is_rank(text, raw):
        raw.kind = "ord"
    elif _is_indefinite(text, raw):
        raw.kind, raw.checkable = "indef", False
    elif raw.kind == "dur":
        durations.with_lesser_unit(text, raw)
    elif raw.raw_unit == "次" and text.startswith(("全会", "全体会议", "党代会", "代表大会"), raw.end):
        raw.kind = "ord"
    elif (
        raw.kind == "num"
        and raw.approx == "EQ"
        and raw.lo is not None
        and raw.lo.denominator == 1
        and 2 <= raw.lo <= 20
    ):
        _count_claim(text, raw)
    return raw


def _is_rank(text: str, raw: Raw) -> bool:
    """全市3, 居全国第2: a bare small number behind a place."""
    if raw.raw_unit or raw.kind != "num" or raw.lo is None or raw.lo >= 300:
        return False
    return text[raw.end : raw.end + 1] in g.RANK_BEHIND and bool(
        g.RANK_BEFORE.search(text, max(0, raw.start - 8), raw.start)
    )


def _is_indefinite(text: str, raw: Raw) -> bool:
    """一公里, 一次: one thing in words states no figure of its own."""
    return (
        raw.kind in ("num", "dur")
        and raw.lo is not None
        and raw.digits == "1"
        and bool(_ONE_UNIT.match(text, raw.start, raw.end))
    )


_ONE_UNIT = re.compile(r"一(?![十百千万亿点]).+")


_ADJECTIVES = frozenset(
    (
        "重点",
        "关键",
        "优势",
        "目标",
        "保障",
        "支撑",
        "提升",
        "加强",
        "优化",
        "新",
        "特点",
        "抓",
        "系列",
        "风险",
        "品牌",
        "工作",
    )
)


def _hanzi(char: str) -> bool:
    return "一" <= char <= "鿿" if char else False


def _count_claim(text: str, raw: Raw) -> None:
    if not _COUNT_UNIT.fullmatch(raw.raw_unit):
        return
    noun = _COUNT_NOUN.match(text, raw.end)
    whole = raw.raw_unit in ("方面", "维度", "环节")
    adjective = noun is not None and noun[0] in _ADJECTIVES and _hanzi(text[noun.end() : noun.end() + 1])
    if whole or (noun and noun[0] and not adjective):
        raw.kind = "count_claim"
        raw.label = raw.raw_unit + (noun[0] if noun else "")
