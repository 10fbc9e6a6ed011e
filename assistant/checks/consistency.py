"""The same indicator must have the same value wherever a report names it: opening, body, table, closing.

Needs no notes. Two figures are compared only when their indicator words, unit, role, direction and every named
attribute (period, place, subset, basis …) are the same, both are results rather than plans, and they stand in
different paragraphs: whatever is said differently may well be something else. Exchanged digits need less likeness.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from assistant.checks.intervals import exchanged
from assistant.checks.prose import Stretch, is_heading, paragraphs, sentences
from assistant.figures import Figure, recognise
from assistant.records import Finding, Span

MIN_OBJECT = 4
"""Indicators of fewer characters (会议, 投资) name too many things."""
NEAR = Fraction(5, 4)
"""Ratio up to which two values are taken for the same thing (measured on published reports, see eval/LOG.md)."""
_WHOLE_YEAR = frozenset(("全年", "今年", "一年来"))

_PLAN_HEADING = re.compile(r"打算|目标|任务|安排|计划|部署|下一步|下步|今后|展望|思路|建议|重点工作|实事")
_NOT_A_RESULT = re.compile(
    r"力争|确保|预计|预期|目标|计划|左右|以上|规划|要求|将|拟|再|每|各|平均|分别|以来|累计|五年|年均|其中|上年|去年|上半年|季度|前\w{1,3}月|\d月|年底|末|由|从|比"
)
_OF_MANY = frozenset(("总建筑面积", "建筑面积", "占地面积", "总投资", "资产规模", "总面积", "计划投资"))
"""What every project of a list has."""
_KINDS = frozenset(("num", "ratio"))

_INTENDED = re.compile(r"做好|确保|谋划|争取|规划|计划|力争|预计|目标|拟|将|上年|去年|由|从|(?<![同环占])比")


@dataclass(frozen=True, slots=True)
class _Mention:
    """A figure with the number of its paragraph and the words about it."""

    paragraph: int
    figure: Figure
    words: frozenset[str]


Key = tuple[str, str, str, str, tuple[tuple[str, str], ...]]


def check_consistency(text: str) -> list[Finding]:
    """An error for every indicator that has two values; the later place is marked and names the earlier one."""
    findings = list(_exchanged(text))
    for mentions in _by_indicator(text).values():
        first = mentions[0]
        for paragraph, figure in mentions[1:]:
            if paragraph != first[0] and _slipped(first[1], figure):
                findings.append(_differs(first[1], figure))
    return findings


def _exchanged(text: str) -> Iterator[Finding]:
    """Figures of one unit whose neighbouring digits are exchanged (168 and 186) and whose clauses share their words.

    Such pairs hardly ever happen by chance (once in 2.4 million characters of published reports), so that the indicator
    need not be worded alike, and plans and parts need not be left out.
    """
    seen: dict[tuple[str, int], list[_Mention]] = defaultdict(list)
    for number, paragraph in _reported(text):
        for sentence in sentences(paragraph):
            for figure in recognise(sentence.content):
                if not _exact(figure) or _INTENDED.search(sentence.content[max(0, figure.start - 8) : figure.start]):
                    continue
                mention = _Mention(number, _moved(figure, sentence.start), _words(figure, sentence.content))
                alike = seen[_measure(figure), len(_digits(figure))]
                first = next((other for other in alike if _mistyped(other, mention)), None)
                if first:
                    yield _differs(first.figure, mention.figure)
                alike.append(mention)


def _mistyped(first: _Mention, second: _Mention) -> bool:
    common = first.words & second.words
    return (
        first.paragraph != second.paragraph
        and exchanged(_digits(first.figure), _digits(second.figure))
        and bool(common)
        and len(common) * 5 >= min(len(first.words), len(second.words)) * 2
    )


def _exact(figure: Figure) -> bool:
    return (
        figure.checkable
        and figure.kind in _KINDS
        and figure.approx == "EQ"
        and bool(figure.unit)
        and figure.lo == figure.hi
        and len(_digits(figure).replace(".", "")) >= 2
    )


def _digits(figure: Figure) -> str:
    return re.sub(r"[^\d.]", "", figure.surface)


def _measure(figure: Figure) -> str:
    """Scale and first character of the unit as written, which longer units (张床位, 亩每年) share with short ones."""
    match = re.search(r"[\d.]\s*([万亿千百]*[^\d\s]?)[^\d]*$", figure.surface)
    return match[1] if match else figure.unit


def _words(figure: Figure, sentence: str) -> frozenset[str]:
    """Character pairs of the indicator and of what follows the figure."""
    behind = re.split(r"[，,。；、：]", sentence[figure.end : figure.end + 8])[0]
    runs = re.findall(r"[\u4e00-\u9fff]+", f"{figure.object}，{figure.surface}{behind}")
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))


def _slipped(first: Figure, second: Figure) -> bool:
    """Whether two values look like one value written twice: unequal, yet near. Far apart they are two things."""
    one, other = sorted((first.lo or Fraction(0), second.lo or Fraction(0)))
    return one != other and other <= one * NEAR


def _by_indicator(text: str) -> dict[Key, list[tuple[int, Figure]]]:
    found: dict[Key, list[tuple[int, Figure]]] = defaultdict(list)
    for number, sentence in _results(text):
        for figure in recognise(sentence.content):
            if _comparable(figure):
                found[_key(figure)].append((number, _moved(figure, sentence.start)))
    return found


def _results(text: str) -> Iterator[tuple[int, Stretch]]:
    """The sentences that report results, with the number of their paragraph."""
    for number, paragraph in _reported(text):
        yield from ((number, s) for s in sentences(paragraph) if not _NOT_A_RESULT.search(s.content))


def _reported(text: str) -> Iterator[tuple[int, Stretch]]:
    """The numbered paragraphs without the plans at the end."""
    planning = False
    for number, paragraph in enumerate(paragraphs(text)):
        if is_heading(paragraph.content) and re.match(r"[#\s]*[一二三四五六七八九十]+、", paragraph.content):
            planning = bool(_PLAN_HEADING.search(paragraph.content))
        if not planning:
            yield number, paragraph


def _comparable(figure: Figure) -> bool:
    return (
        figure.checkable
        and figure.kind in _KINDS
        and figure.approx == "EQ"
        and bool(figure.unit)
        and isinstance(figure.lo, Fraction)
        and figure.lo == figure.hi
        and len(figure.object) >= MIN_OBJECT
        and figure.object not in _OF_MANY
    )


def _key(figure: Figure) -> Key:
    return (
        figure.object,
        figure.unit,
        figure.role,
        figure.direction,
        tuple(sorted((k, v) for k, v in figure.feats.items() if v not in _WHOLE_YEAR)),
    )


def _moved(figure: Figure, offset: int) -> Figure:
    return replace(figure, start=figure.start + offset, end=figure.end + offset)


def _differs(first: Figure, second: Figure) -> Finding:
    message = f"“{second.object}”前面写的是“{first.surface}”，这里是“{second.surface}”，前后不一致。"
    return Finding("consistency", "error", message, draft=Span(second.start, second.end, second.surface))
