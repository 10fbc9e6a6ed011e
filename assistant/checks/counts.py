"""Declared counts (四个方面, 三场硬仗) against what the text lists."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.checks.listings import SEPARATOR, SLIP, Listing, announced
from assistant.figures import Figure, recognise
from assistant.figures.lexicon import phrases
from assistant.figures.numerals import parse_chinese
from assistant.records import Finding, Span


def check_counts(text: str, notes: str = "") -> list[Finding]:
    """Findings for declared counts that differ from what the text lists.

    An error needs a list that can be counted beyond doubt (enumerators, quoted names, plain short items); a count that
    the notes state in the same words is the writer's own and at most a warning.
    """
    findings = []
    figures = recognise(text)
    noted = [other for other in recognise(notes) if other.lo is not None and other.object]
    for figure in [*figures, *_quoted_claims(figures)]:
        found = announced(text, figure)
        if found is None or found.count == figure.lo:
            continue
        finding = count_finding(figure, found)
        if text[figure.start : figure.end + 3] in notes or _same_thing(text, figure, noted):
            finding = replace(finding, severity="warning")
        findings.append(finding)
    return findings + _slogans(text, notes) + _named_places(text, notes)


_PLACES = re.compile(
    r"(?:(?<=[，。；：\n（(“在对与为向由])|^)((?:[一-鿿]{2,4}、){1,9}[一-鿿]{2,4}(?:[和与及][一-鿿]{2,4})?)([两三四五六七八九十])(?:个)?"
    r"([省市县区镇乡村国校州旗])(?![级直长委区民管政场])"
)


_EXAMPLES = re.compile(r"等$|周边|辐射|立足|其他|各|等[和与及]")


def _named_places(text: str, notes: str) -> list[Finding]:
    """甲、乙、丙四市: names in a row before the number of places they are."""
    findings = []
    for match in _PLACES.finditer(text):
        names = [name for name in SEPARATOR.split(match[1]) if name]
        value = parse_chinese(match[2])
        whole = match[1].split("、")
        if (
            value is None
            or _EXAMPLES.search(match[1])
            or value in (len(names), len(whole))
            or abs(value - len(names)) > SLIP
            or match[0] in notes
            or re.search(rf"(?<!\d)(?:{value}|{match[2]})个?{match[3]}", notes)
        ):
            continue
        surface = match[2] + match[3]
        findings.append(
            Finding(
                "count",
                "error",
                f"写的是“{surface}”，实际列出{len(names)}个（{'、'.join(names[:6])}），请核对。",
                draft=Span(match.start(2), match.start(2) + len(surface), surface),
                formula=f"列出{len(names)}项",
            )
        )
    return findings


_SLOGAN = re.compile(
    r"[“\"]([两二三四五六七八九十])([一-鿿]{1,4})[”\"][^，。；“”、]{0,6}(?:，)?(?:即|就是|是指|指的是|：|——)([^；;。\n“”]{4,160})"
)


def _slogans(text: str, notes: str) -> list[Finding]:
    """“三创”即A、B、A: a slogan spelt out with an item that comes twice, or with more or fewer items than it names."""
    findings = []
    for match in _SLOGAN.finditer(text):
        value = parse_chinese(match[1])
        items = [item.strip("，, ") for item in match[3].split("、") if item.strip("，, ")]
        distinct = list(dict.fromkeys(items))
        if value is None or len(items) < 2:
            continue
        repeated = len(items) == value and len(distinct) < len(items)
        by_verb = all(item.startswith(match[2][0]) for item in items)  # 三送: 送…、送…
        if not repeated and not (len(items) != value and (by_verb or (len(items) > 2 and _alike_items(items)))):
            continue
        shown = "、".join(distinct[:6])
        count = f"{len(items)}项，有重复，不同的只有{len(distinct)}项" if repeated else f"{len(items)}项"
        findings.append(
            Finding(
                "count",
                "warning" if match[0] in notes else "error",
                f"“{match[1]}{match[2]}”列出{count}（{shown}），请核对。",
                draft=Span(match.start(1), match.end(2), match[1] + match[2]),
                formula=f"列出{len(distinct)}项",
            )
        )
    return findings


def _alike_items(items: list[str]) -> bool:
    """Whether all items open or close with the same two characters, so that their number is beyond doubt."""
    return len({item[:2] for item in items}) == 1 or len({item[-2:] for item in items}) == 1


def _same_thing(text: str, figure: Figure, noted: list[Figure]) -> bool:
    """Whether the notes count the same thing with the same number (支柱产业5个 for 五大支柱产业)."""
    noun = re.split("[，。；：、]", text[figure.end : figure.end + 6])[0]
    pairs = {noun[i : i + 2] for i in range(len(noun) - 1)}
    return any(other.lo == figure.lo and any(pair in other.object for pair in pairs) for other in noted)


_QUOTED_CLAIM = re.compile(
    r"([两二三四五六七八九十]{1,2})(个|大|项|类|条|篇|字|道|张|化|新|抓|强化|突出|转变)?([^，。；]{0,4})"
)


def _quoted_claims(figures: list[Figure]) -> list[Figure]:
    """Quoted labels that announce a list (“四篇文章”：一是...)."""
    claims = []
    for figure in figures:
        match = (
            _QUOTED_CLAIM.fullmatch(figure.surface) if figure.kind == "phrase" and figure.digits == "quoted" else None
        )
        value = parse_chinese(match[1]) if match else None
        if figure.label in phrases():
            continue
        if match and value is not None and 2 <= value <= 12:
            claims.append(replace(figure, kind="count_claim", lo=value, hi=value, raw_unit=match[2] or ""))
    return claims


def count_finding(figure: Figure, found: Listing) -> Finding:
    """The finding for one declared count that disagrees with its list."""
    names = "、".join(name for name in found.names[:6] if name)
    return Finding(
        "count",
        "error" if found.firm and figure.lo is not None and abs(figure.lo - found.count) <= SLIP else "warning",
        f"写的是“{figure.surface}”，实际列出{found.count}项（{names}），请核对。",
        draft=Span(figure.start, figure.end, figure.surface),
        formula=f"列出{found.count}项",
    )
