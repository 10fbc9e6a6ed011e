"""Outline and bullets of the notes: headings word for word and in order, one `Point` per bullet or table row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.brief.blanks import find_blanks
from assistant.brief.front import Front, read_front
from assistant.brief.table import Column, cells, columns, is_rule, row_clause
from assistant.brief.withheld import split_withheld
from assistant.errors import InputError
from assistant.figures import recognise
from assistant.records import Brief, Finding, NoteRef, Point, Section

_MARKDOWN_HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})\s+(?P<text>.*?)\s*#*\s*$")
_LEVEL_ONE = re.compile(r"^[一二三四五六七八九十]{1,3}、\S.{0,39}$")
_LEVEL_TWO = re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]\S?.{0,39}$")
_LENGTH = re.compile(
    r"^[>\s\-*]*(?:目标)?字数(?:要求)?\s*[:：]?\s*(?:约|大约|不超过)?\s*"
    r"(?P<low>\d{2,5})\s*(?:[-—–~～至到]\s*(?P<high>\d{2,5}))?\s*字?(?:左右|以内)?\s*$"
)
LENGTH_LINE = re.compile(r"^[>\s\-*]*(?:目标)?字数(?:要求)?\s*[:：]")
"""A line that means to give a target length, whether or not it can be read."""
_BULLET = re.compile(r"^(?P<indent>\s*)(?:[-*+•·●○▪■◆➢]\s*|\d{1,3}[.．)）]\s+|\d{1,3}、\s*|[①-⑳]\s*)(?P<text>\S.*)$")
_OPTIONAL = re.compile(r"^[（(【\[]\s*可选\s*[）)】\]]\s*")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_EMPHASIS = re.compile(r"(\*\*|`)(?=\S)(?P<text>[^*`\n]+?)(?<=\S)\1|~~(?P<gone>[^~\n]+)~~")
_LINK = re.compile(r"!?\[(?P<shown>[^\]\n]*)\]\((?:[A-Za-z][\w+.\-]*:|[/.#])[^)\s]*\)")
_TAG = re.compile(
    r"</?(?:a|audio|b|br|button|code|div|em|embed|font|form|h[1-6]|hr|i|iframe|img|input|li|link|meta|object|ol|p|pre|s|"
    r"script|small|span|strong|style|sub|sup|svg|table|tbody|td|th|tr|u|ul|video)\b[^<>\n]*>",
    re.IGNORECASE,
)
"""What a paste from a web page brings along; a report shows neither."""


@dataclass(slots=True)
class _Open:
    """A section while it is read."""

    heading: str
    level: int
    line: int
    points: list[Point] = field(default_factory=list)
    target: int | None = None


@dataclass(slots=True)
class _Reader:
    plain_headings: bool
    sections: list[_Open] = field(default_factory=list)
    loose: list[Point] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)
    header: list[Column] | None = None
    parent: tuple[int, str] | None = None


def parse_brief(text: str, *, name: str = "", need_headings: bool = True) -> Brief:
    """Read the notes of one report.

    Args:
        text: the notes, Markdown or plain text.
        name: stands in for a missing title.
        need_headings: notes for checking may be a bare list of bullets.

    Raises:
        InputError: nothing in it, a broken head, or no heading where one is needed.
    """
    if not text.strip():
        raise InputError("要点文件是空的：请先写上标题、提纲和要点，再起草。")
    lines = _COMMENT.sub(_blank_lines, text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")).split("\n")
    front = read_front(lines)
    body = lines[front.body :]
    reader = _Reader(plain_headings=not any(_MARKDOWN_HEADING.match(line) for line in body))
    for offset, line in enumerate(body):
        _read_line(reader, line, front.body + offset + 1, body[offset + 1] if offset + 1 < len(body) else "")
    title = front.known.get("title", "") or _pop_title(reader) or name
    return _finish(reader, front, title, need_headings)


def _blank_lines(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def _read_line(reader: _Reader, line: str, number: int, following: str) -> None:
    if not line.strip():
        reader.header = None
        return
    heading = _heading(reader, line)
    if heading:
        reader.sections.append(_Open(heading[1], heading[0], number))
        reader.header, reader.parent = None, None
    elif match := _LENGTH.match(line):
        _set_length(reader, match)
    elif LENGTH_LINE.match(line):
        note = NoteRef(number, line.strip())
        reader.notices.append(Finding("brief", "warning", "字数没有看懂，应写成“字数: 300”。", note=note))
    elif line.lstrip().startswith("|"):
        _read_row(reader, line, number, following)
    elif not re.fullmatch(r"\s*[-=*_]{3,}\s*", line):
        _read_bullet(reader, line, number)


def _heading(reader: _Reader, line: str) -> tuple[int, str] | None:
    match = _MARKDOWN_HEADING.match(line)
    if match:
        return len(match["marks"]), match["text"]
    if not reader.plain_headings or line.rstrip().endswith(("。", "；", "，")):
        return None
    if _LEVEL_ONE.match(line.strip()):
        return 2, line.strip()
    return (3, line.strip()) if _LEVEL_TWO.match(line.strip()) else None


def _set_length(reader: _Reader, match: re.Match[str]) -> None:
    if not reader.sections:
        return
    low, high = int(match["low"]), int(match["high"] or match["low"])
    reader.sections[-1].target = (low + high) // 2


def _read_row(reader: _Reader, line: str, number: int, following: str) -> None:
    if is_rule(line):
        return
    if reader.header is None:
        if is_rule(following):
            reader.header = columns(cells(line))
            return
        reader.header = columns(["指标", *[""] * (len(cells(line)) - 1)])
    clause = row_clause(reader.header, cells(line))
    if clause:
        _add(reader, clause, number, line.strip())


def _read_bullet(reader: _Reader, line: str, number: int) -> None:
    reader.header = None
    match = _BULLET.match(line)
    indent = len(match["indent"].expandtabs(4)) if match else 0
    text = _plain((match["text"] if match else line).strip())
    if reader.parent and indent > reader.parent[0]:
        text = reader.parent[1] + text
    elif text.endswith(("：", ":")) and match:
        reader.parent = (indent, text)
        return
    else:
        reader.parent = None
    _add(reader, text, number, line.strip())


def _plain(text: str) -> str:
    """A bullet as it reads: without emphasis marks, link targets and HTML tags."""
    text = _TAG.sub("", _LINK.sub(lambda match: match["shown"], text))
    return _EMPHASIS.sub(lambda match: match["text"] or "", text)


def _add(reader: _Reader, text: str, number: int, source: str) -> None:
    optional = _OPTIONAL.match(text)
    text, withheld = split_withheld(_OPTIONAL.sub("", text).strip())
    if withheld:
        reader.notices.append(_left_out(withheld, number, source))
    if not text:
        return
    point = Point(text, number, source, optional is not None, find_blanks(text))
    (reader.sections[-1].points if reader.sections else reader.loose).append(point)


def _left_out(withheld: str, number: int, source: str) -> Finding:
    message = f"要点第{number}行写明不写入正文，已按要求略去：“{withheld}”。如要写入，请删去这句说明。"
    loses = any(figure.checkable for figure in recognise(withheld))  # a remark misread costs the report a figure
    return Finding("withheld", "warning" if loses else "info", message, note=NoteRef(number, source))


def _pop_title(reader: _Reader) -> str:
    """A lone `#` heading at the top that carries nothing itself is the title."""
    first = reader.sections[0] if reader.sections else None
    lone = first is not None and first.level == 1 and sum(s.level == 1 for s in reader.sections) == 1
    if first is None or not lone or first.points or len(reader.sections) < 2:
        return ""
    del reader.sections[0]
    return first.heading


def _finish(reader: _Reader, front: Front, title: str, need_headings: bool) -> Brief:
    if not reader.sections and need_headings:
        raise InputError("要点里没有提纲标题：请在每一部分前面写“## 一、……”这样的标题行，要点写在标题下面。")
    if reader.loose and not reader.sections:
        reader.sections.append(_Open("", 2, 1))
    if reader.loose:
        reader.sections[0].points[:0] = reader.loose
        if need_headings:
            note = NoteRef(reader.loose[0].line, reader.loose[0].text)
            reader.notices.append(Finding("brief", "warning", "第一个标题前面的要点已归入第一部分。", note=note))
    if not any(section.points for section in reader.sections):
        raise InputError("提纲下面没有要点：请在标题下面每行写一条，例如“- 全年上报信息312条”。")
    sections = _sections(reader)
    return Brief(
        title=title,
        unit=front.known.get("unit", ""),
        period=front.known.get("period", ""),
        doc_type=front.known.get("doc_type", "工作总结"),
        audience=front.known.get("audience", ""),
        sections=sections,
        extra=front.extra,
        notices=(*front.notices, *reader.notices, *_outline_notices(sections)),
    )


def _sections(reader: _Reader) -> tuple[Section, ...]:
    top = min(section.level for section in reader.sections)
    path: list[tuple[int, str]] = []
    result = []
    for opened in reader.sections:
        level = opened.level - top + 1
        path = [*(part for part in path if part[0] < level), (level, opened.heading)]
        names = tuple(part[1] for part in path)
        result.append(Section(opened.heading, level, names, opened.line, tuple(opened.points), opened.target))
    return tuple(result)


def _outline_notices(sections: tuple[Section, ...]) -> list[Finding]:
    notices = []
    seen: set[tuple[str, ...]] = set()
    for index, section in enumerate(sections):
        note = NoteRef(section.line, section.heading)
        if section.path in seen:
            notices.append(Finding("brief", "warning", f"标题“{section.heading}”出现了两次。", note=note))
        seen.add(section.path)
        has_children = index + 1 < len(sections) and sections[index + 1].level > section.level
        if not section.points and not has_children:
            notices.append(Finding("brief", "warning", f"“{section.heading}”下面没有要点，将只保留标题。", note=note))
    return notices
