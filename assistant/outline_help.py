"""Help with the outline before anything is drafted: skeletons of the document types, last year's headings for this
year, and parallel headings to choose from. Only suggestions: the writer's outline always binds."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.compose import grammar_of_headings
from assistant.figures import recognise
from assistant.llm import ChatModel
from assistant.prompts import load
from assistant.records import DocType, Document, Section
from assistant.slots import neutralise

_NUMBER = re.compile(r"^(?P<number>[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])\s*")
_SKELETONS: dict[DocType, tuple[tuple[str, int, str], ...]] = {
    "工作总结": (
        ("一、基本情况", 1, "时间、单位、总的做法和成效，不写各部分没有的数字"),
        ("二、主要工作及成效", 1, "分三到五个并列的方面，每个方面写目的、做法、数字、成效"),
        ("（一）", 2, "按工作的重要程度排列，各小标题句式一致"),
        ("（二）", 2, ""),
        ("（三）", 2, ""),
        ("三、存在的问题", 1, "写实在的问题，不写成绩"),
        ("四、下一步工作打算", 1, "与问题对应，写清要达到的目标"),
    ),
    "述职报告": (
        ("一、履职基本情况", 1, "任职时间、分工、总的情况，用第一人称"),
        ("二、主要工作及成效", 1, "按职责分条，也可按德能勤绩廉来写"),
        ("（一）", 2, ""),
        ("（二）", 2, ""),
        ("三、廉洁自律情况", 1, "遵守纪律、接受监督的情况"),
        ("四、存在的不足", 1, "写自己的不足"),
        ("五、今后打算", 1, "不超过全文的五分之一"),
    ),
    "情况汇报": (
        ("一、基本情况", 1, "事情的来由和进展"),
        ("二、主要做法", 1, "采取的措施，分条写"),
        ("三、存在的问题", 1, ""),
        ("四、下一步工作", 1, "报告中不夹带请示事项"),
    ),
    "经验材料": (
        ("一、基本情况", 1, "背景和成效"),
        ("二、主要做法", 1, "可供学习的做法，分条写"),
        ("（一）", 2, ""),
        ("（二）", 2, ""),
        ("三、取得的成效", 1, "用数字说话"),
        ("四、几点体会", 1, ""),
    ),
    "政府工作报告": (
        ("一、过去一年工作回顾", 1, "主要指标和各方面工作"),
        ("（一）", 2, ""),
        ("（二）", 2, ""),
        ("二、存在的困难和问题", 1, ""),
        ("三、今年的目标和主要任务", 1, "预期目标和重点任务"),
        ("四、政府自身建设", 1, ""),
    ),
}


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """A heading to take over or change; `hint` says what belongs there, `previous` is last year's text below it."""

    heading: str
    level: int
    hint: str = ""
    previous: str = ""


def skeleton(doc_type: DocType) -> tuple[OutlineItem, ...]:
    """The usual parts of a document type."""
    return tuple(OutlineItem(*item) for item in _SKELETONS[doc_type])


def from_document(document: Document, year: int | None = None) -> tuple[OutlineItem, ...]:
    """Last year's headings for this year's outline, each with last year's section to look at.

    Args:
        document: a report of the library with recognised headings.
        year: the year to report on; years in headings move by the difference to the document's year.
    """
    shift = year - document.year if year and document.year else 0
    items = []
    for index, heading in enumerate(document.headings):
        following = document.headings[index + 1].start if index + 1 < len(document.headings) else len(document.text)
        text = document.text[heading.end : following].strip()
        items.append(OutlineItem(_moved(heading.text, shift), heading.level, previous=text))
    return tuple(items)


def _moved(heading: str, shift: int) -> str:
    return re.sub(r"(?:19|20)\d\d(?=年)", lambda match: str(int(match.group()) + shift), heading)


def markdown(items: Sequence[OutlineItem]) -> str:
    """The outline as the notes format has it, hints as comments."""
    lines = []
    for item in items:
        lines.append(f"{'#' * (item.level + 1)} {item.heading}")
        lines += [f"<!-- {item.hint} -->"] if item.hint else []
        lines.append("")
    return "\n".join(lines)


def parallel_headings(
    sections: Sequence[Section], model: ChatModel, *, seed: int | None = None, cancel: threading.Event | None = None
) -> list[str]:
    """Headings of one pattern for sections of one level; where the model's do not pass, the writer's stay.

    Args:
        sections: sections with their points; numbers such as （一） are kept.
        seed: makes the run repeatable on the embedded model.

    Raises:
        ModelError: the model failed.
    """
    if not sections:
        return []
    lines = [f"{n}. {_bare(s)}：{'，'.join(p.text for p in s.points)[:60]}" for n, s in enumerate(sections, 1)]
    reply = model.complete(
        load("headings").fill({"lines": neutralise("\n".join(lines))}),
        max_tokens=30 * len(sections),
        temperature=0.3,
        seed=seed,
        grammar=grammar_of_headings(len(sections)) if model.supports_grammar else None,
        cancel=cancel,
    ).text
    found = dict(re.findall(r"^\s*(\d+)[.．、]\s*(\S+)\s*$", reply, re.MULTILINE))
    proposed = [found.get(str(number), "") for number in range(1, len(sections) + 1)]
    if not _is_parallel(proposed):
        return [section.heading for section in sections]
    return [_number(section) + heading for section, heading in zip(sections, proposed, strict=True)]


def _is_parallel(headings: Sequence[str]) -> bool:
    """All there, all different, of nearly one length, without figures."""
    if not all(headings) or len(set(headings)) < len(headings):
        return False
    lengths = [len(heading) for heading in headings]
    figures = any(figure.checkable for heading in headings for figure in recognise(heading))
    return max(lengths) - min(lengths) <= 1 and max(lengths) <= 20 and not figures


def _number(section: Section) -> str:
    match = _NUMBER.match(section.heading)
    return match["number"] if match else ""


def _bare(section: Section) -> str:
    return _NUMBER.sub("", section.heading)
