"""Ways to begin a report: a skeleton by type, last year's report, notes, the sample. Returns forms; stores nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from assistant.app.notes_form import Form, empty_form, new_section, to_form
from assistant.errors import InputError
from assistant.phrases import matter
from assistant.records import DOC_TYPES, Document, length_of
from assistant.resources import resource_dir

_YEAR = re.compile(r"(20\d\d)年")
_ORDINAL = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．])\s*")
_ALIKE = 0.6  # of two headings, 1 being the same words
_OPENING = 120  # characters of a section that tell its topic

Json = dict[str, Any]

SKELETONS: dict[str, tuple[tuple[str, int, int], ...]] = {
    "工作总结": (
        ("一、基本情况", 1, 200),
        ("二、主要做法和成效", 1, 0),
        ("（一）", 2, 350),
        ("（二）", 2, 350),
        ("（三）", 2, 350),
        ("三、存在的问题", 1, 200),
        ("四、下一步打算", 1, 300),
    ),
    "述职报告": (
        ("一、履职基本情况", 1, 200),
        ("二、主要工作和成效", 1, 600),
        ("三、落实全面从严治党责任情况", 1, 250),
        ("四、存在的不足", 1, 200),
        ("五、今后打算", 1, 250),
    ),
    "情况汇报": (
        ("一、基本情况", 1, 200),
        ("二、工作进展", 1, 500),
        ("三、存在的困难和问题", 1, 200),
        ("四、下一步工作安排", 1, 250),
    ),
    "经验材料": (
        ("一、背景和起因", 1, 200),
        ("二、主要做法", 1, 600),
        ("三、取得的成效", 1, 300),
        ("四、几点体会", 1, 250),
    ),
    "政府工作报告": (
        ("一、过去一年工作回顾", 1, 1200),
        ("二、今年工作总体要求和主要目标", 1, 400),
        ("三、今年重点工作任务", 1, 1200),
        ("四、加强政府自身建设", 1, 300),
    ),
}


def skeleton(doc_type: str) -> Form:
    """An outline without bullets, as reports of that type usually have it (practice, not a standard)."""
    if doc_type not in DOC_TYPES:
        raise InputError(f"没有“{doc_type}”的骨架，可选：{'、'.join(DOC_TYPES)}。")
    form = empty_form(doc_type=doc_type, title=doc_type)
    form["sections"] = [new_section(heading, level, target or None) for heading, level, target in SKELETONS[doc_type]]
    return form


def from_report(document: Document) -> Form:
    """Last year's outline for this year: its headings, each as long as it was, no figure and no sentence of it.

    Raises:
        InputError: no heading was recognised in it.
    """
    text, headings = document.text, document.headings
    if not headings:
        raise InputError("这份材料里没有认出标题，不能用作提纲。请换一份，或从骨架开始。")
    form = empty_form(
        title=_next_year(document.title),
        unit=document.unit or "",
        doc_type=document.doc_type or "工作总结",
        period=_period(document.title),
    )
    top = min(heading.level for heading in headings)
    ends = [heading.start for heading in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=True):
        length = length_of(text[heading.end : end])
        target = max(100, round(length, -1)) if length > 20 else None
        form["sections"].append(new_section(_next_year(heading.text), heading.level - top + 1, target))
    return form


def beside(document: Document, headings: Sequence[str]) -> list[Json | None]:
    """What a past report has under the heading that is most like each of `headings`: `heading` and `text`, or None."""
    old = document.headings
    texts = [_below(document, place) for place in range(len(old))]
    found: list[Json | None] = []
    for heading in headings:
        likeness = [_likeness(heading, other.text, text) for other, text in zip(old, texts, strict=True)]
        best = max(range(len(old)), key=likeness.__getitem__, default=0)
        close = bool(likeness) and likeness[best] >= _ALIKE
        found.append({"heading": old[best].text, "text": texts[best]} if close else None)
    return found


def _below(document: Document, place: int) -> str:
    """The text of a heading; where it has none of its own, with its sub-headings."""
    old = document.headings
    after = old[place + 1 :]
    end = after[0].start if after else len(document.text)
    own = document.text[old[place].end : end].strip().removeprefix("。").strip()
    beyond = next((other.start for other in after if other.level <= old[place].level), len(document.text))
    return own or document.text[old[place].end : beyond].strip()


def _likeness(heading: str, other: str, text: str) -> float:
    """How much of the words of two headings is the same, 0 to 1; `text` on the topic of the first counts as alike."""
    here, there = (_ORDINAL.sub("", _YEAR.sub("", words)) for words in (heading, other))
    if not here or not there or not text:
        return 0.0
    topic = matter(here)
    akin = there.startswith(here) or (topic != "" and topic == matter(f"{there}，{text[:_OPENING]}"))
    return max(SequenceMatcher(None, here, there, autojunk=False).ratio(), _ALIKE if akin else 0.0)


def _next_year(text: str) -> str:
    return _YEAR.sub(lambda match: f"{int(match[1]) + 1}年", text)


def _period(title: str) -> str:
    match = _YEAR.search(title)
    return f"{int(match[1]) + 1}年" if match else ""


def from_notes(text: str) -> Form:
    """The form of pasted notes.

    Raises:
        InputError: nothing usable in them.
    """
    from assistant.brief import parse_brief

    parse_brief(text)
    return to_form(text)


def from_file(path: Path) -> Form:
    """The form of notes in a file (.md, .txt, .docx, .xlsx); an Excel file may hold figures only.

    Raises:
        InputError: not readable as notes.
    """
    from assistant.brief import read_brief
    from assistant.brief.files import docx_markdown, xlsx_markdown
    from assistant.ingest import read_text

    brief = read_brief(path)
    readers = {".docx": docx_markdown, ".xlsx": xlsx_markdown}
    form = to_form(readers.get(path.suffix.lower(), read_text)(path))
    return {**form, "title": form["title"] or brief.title}


def samples() -> list[tuple[str, Path]]:
    """The briefs that come with the program."""
    return [(path.stem, path) for path in sorted((resource_dir("data") / "briefs").glob("*.md"))]


def sample_reports() -> Path:
    """The folder of the sample reports."""
    return resource_dir("data") / "reports"
