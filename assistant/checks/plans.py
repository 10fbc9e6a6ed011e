"""Last year's plans (下一步打算) against this year's report: what was promised and is not mentioned again.

A plan counts as accounted for when enough of its content words stand in the text; words that every plan has (推进, 加强,
完成, 开展 …) do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.checks.prose import is_heading, paragraphs
from assistant.records import Finding, PastRef

_ACCOUNTED = 0.4  # of a plan's content words
_PLAN = re.compile(r"打算|计划|安排|下一步|下步|明年|今后|工作思路|重点抓好|重点做好|主要任务|努力方向")
_ANY_HEADING = re.compile(r"^\s*(?:#{1,6}\s*)?[一二三四五六七八九十]+、")
_ITEM = re.compile(
    r"[。；;\n]|(?:[一二三四五六七八九十]+是|[一二三四五六七八九十]要|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])"
)
_NEXT_YEAR = re.compile(
    r"(?:20\d\d年|明年|下一年)[^，,。：:]{0,8}[，,：:](?:要|将|力争|围绕|推进|完成|加快|重点|着力|确保|实施)"
)
_SLOGAN = re.compile(r"^(?:打好|打赢|围绕|以|坚持|紧扣|聚焦|按照|立足|消除|改善|保障|满足)")
_ANNOUNCEMENT = re.compile(
    r"[^，]{0,10}(?:打算|安排|时期|思路|工作重点|任务)[:：]?|在?(?:下一?步|下一?阶段|今后|明年|来年)的?(?:工作)?(?:重点)?[里中]?[:：]?"
)
_LEAD = re.compile(r"^[^：:]{0,24}[：:]")
_COMMON = re.compile(
    r"[\d０-９.．%％]+|[一二三四五六七八九十百千万两]+[个项件次处座家亩公里户人名场批所支条]|"
    r"继续|进一步|加快|加强|推进|推动|深化|完成|开展|实施|抓好|做好|建设|建立|健全|完善|提升|提高|落实|打造|打好|强化|着力|"
    r"确保|力争|争取|实现|促进|优化|全面|深入|扎实|大力|年内|工作|力度|水平|能力|体系|机制|行动|以上|左右|不少于|建成|新建|"
    r"(?<=[\u4e00-\u9fff]{2})(?:以及|[和与及的])(?=[\u4e00-\u9fff]{2})"
)
_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z]+")


def check_plans(text: str, past: Sequence[PastRef]) -> list[Finding]:
    """One note per plan of a past report that the text says nothing about. Never more than a note: whether a plan was
    carried out under other words is for the writer to say.

    Args:
        text: this year's report (or its notes).
        past: whole texts of past reports.
    """
    return [
        Finding(
            "plans",
            "info",
            f"往年材料提出的“{plan}”，今年没有交代进展，请确认是否要写。",
            past=PastRef(reference.document, plan),
        )
        for reference in past
        for plan, place in accounts(plans_of(reference.text), [text]).items()
        if place is None
    ]


def plans_of(text: str) -> Iterator[str]:
    """The planned items of a report: what stands under a heading or behind a phrase that announces plans."""
    planning = False
    for paragraph in paragraphs(text):
        content = paragraph.content
        if _ANY_HEADING.match(content) or is_heading(content):
            if _ANY_HEADING.match(content) or _PLAN.search(content):
                planning = bool(_PLAN.search(content[:40]))
            if is_heading(content):
                continue
        announced = _PLAN.search(content[:40]) and re.search(r"[：:。]", content[:60])
        if planning or announced or _NEXT_YEAR.match(content):
            yield from _items(content)


def _items(paragraph: str) -> Iterator[str]:
    for piece in _ITEM.split(_LEAD.sub("", paragraph)):
        clauses = [clause.strip(" 　“”") for clause in re.split(r"[，,、](?=[\u4e00-\u9fff]{4})", piece)]
        # 打好蓝天保卫战，推进超低排放改造: the slogan announces the measure, and 消除隐患 says what it is for.
        yield from (c for c in clauses if _promises(c))


def _promises(clause: str) -> bool:
    """Whether a clause names something to be done, and not only a time, an announcement or a purpose."""
    return len(_content(clause)) >= 3 and not _SLOGAN.match(clause) and not _ANNOUNCEMENT.fullmatch(clause)


def accounts(plans: Iterable[str], passages: Sequence[str]) -> dict[str, int | None]:
    """What has become of plans: the place of the passage that tells most of each; None where nothing is told of it.

    Args:
        plans: as `plans_of` gives them.
        passages: of one report or its notes; they account for a plan together, because it may be told in several.
    """
    pairs = [_bigrams(passage) for passage in passages]
    known, characters = set[str]().union(*pairs), set("".join(passages))
    found: dict[str, int | None] = {}
    for plan in plans:
        words = _COMMON.sub("，", plan)
        wanted, single = _bigrams(words), set("".join(_HAN.findall(words)))
        told = len(wanted & known) >= _ACCOUNTED * len(wanted) or len(single & characters) >= 0.9 * len(single)
        best = max(range(len(pairs)), key=lambda place: len(wanted & pairs[place]), default=None)
        found[plan] = best if told else None
    return found


def _content(text: str) -> str:
    return "".join(_HAN.findall(_COMMON.sub("", text)))


def _bigrams(text: str) -> set[str]:
    return {run[i : i + 2] for run in _HAN.findall(text) for i in range(len(run) - 1)}
