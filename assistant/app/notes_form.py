"""The notes as a form: what the page edits (head, sections, bullets, tables) and the Markdown that is stored.

`to_form(to_markdown(form))` gives the form back. Knows nothing about the web or drafts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.brief import parse_brief
from assistant.brief.parse import LENGTH_LINE
from assistant.errors import InputError
from assistant.records import Brief

Form = dict[str, Any]

FRONT = ("title", "unit", "period", "doc_type", "audience")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*$")
_NUMBER = re.compile(r"\d{2,5}")
_RULE = re.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|?)+\s*$")
_MARKED = re.compile(r"^(\s*[-*+•·●○▪■◆➢]|\d{1,3}[.．)）、]|\s+\S|[①-⑳])")
_DASH = re.compile(r"^-\s+")


def empty_form(**front: str) -> Form:
    """A form without sections."""
    return {**{key: front.get(key, "") for key in FRONT}, "extra": {}, "sections": []}


def new_section(heading: str, level: int = 1, target: int | None = None, bullets: str = "") -> Form:
    """A section of the form; `level` 1 is the highest."""
    return {"heading": heading, "level": level, "target": target, "bullets": bullets, "tables": []}


def to_form(notes: str) -> Form:
    """The form of stored notes; notes that do not parse yet (an outline without bullets) are read by their marks."""
    try:
        brief = parse_brief(notes)
    except InputError:
        return _from_marks(notes)
    return _from_brief(notes, brief)


def _from_brief(notes: str, brief: Brief) -> Form:
    lines = notes.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    form = empty_form(**{key: str(getattr(brief, key)) for key in FRONT})
    form["extra"] = dict(brief.extra)
    starts = [section.line for section in brief.sections]
    for index, section in enumerate(brief.sections):
        end = starts[index + 1] - 1 if index + 1 < len(starts) else len(lines)
        body = lines[section.line if section.heading else 0 : end]
        entry = new_section(section.heading, section.level, section.target_length)
        form["sections"].append({**entry, **_body(body)})
    _adopt_loose(form, brief, lines)
    return form


def _adopt_loose(form: Form, brief: Brief, lines: Sequence[str]) -> None:
    """Bullets before the first heading belong to the first section."""
    first = brief.sections[0] if brief.sections else None
    if first is None or not first.heading:
        return
    loose = [point.source for point in first.points if point.line < first.line]
    if loose:
        section = form["sections"][0]
        section["bullets"] = "\n".join([*(_DASH.sub("", line) for line in loose), section["bullets"]]).strip("\n")


def _from_marks(notes: str) -> Form:
    form = empty_form()
    lines = notes.split("\n")
    body: list[str] = []
    for line in lines:
        key, _, value = line.partition(":")
        heading = _HEADING.match(line)
        if heading:
            _close(form, body)
            form["sections"].append(new_section(heading[2], max(1, len(heading[1]) - 1)))
        elif not form["sections"] and key.strip() in FRONT:
            form[key.strip()] = value.strip()
        elif form["sections"]:
            body.append(line)
            target = _NUMBER.search(line) if LENGTH_LINE.match(line) else None
            if target:
                form["sections"][-1]["target"] = int(target[0])
    _close(form, body)
    return form


def _close(form: Form, body: list[str]) -> None:
    if form["sections"]:
        form["sections"][-1].update(_body(body))
    body.clear()


def _body(lines: Sequence[str]) -> Form:
    bullets: list[str] = []
    tables: list[list[list[str]]] = []
    inside = False
    for line in lines:
        if line.lstrip().startswith("|"):
            if not inside:
                tables.append([])
            inside = True
            if not _RULE.match(line):
                tables[-1].append(_cells(line))
            continue
        inside = False
        if line.strip() and not LENGTH_LINE.match(line):
            bullets.append(_DASH.sub("", line.rstrip()))
    return {"bullets": "\n".join(bullets), "tables": [table for table in tables if table]}


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def to_markdown(form: Mapping[str, Any]) -> str:
    """The stored notes of a form as a client sent it.

    Raises:
        InputError: the form is not shaped like one.
    """
    try:
        parts = [_front(form), *(_section(section) for section in form["sections"])]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError("要点的内容不完整，没有保存。请刷新页面后再改。") from error
    return "\n\n".join(parts) + "\n"


def _front(form: Mapping[str, Any]) -> str:
    known = [f"{key}: {_line(form[key])}" for key in FRONT]
    extra = [f"{_line(key)}: {_line(value)}" for key, value in dict(form.get("extra") or {}).items()]
    return "\n".join(["---", *known, *extra, "---"])


def _section(section: Mapping[str, Any]) -> str:
    level = min(max(int(section["level"]), 1), 5)
    lines = ["#" * (level + 1) + " " + (_line(section["heading"]) or "（未命名）")]
    if section.get("target"):
        lines.append(f"字数: {min(max(int(section['target']), 10), 99999)}")
    lines += filter(None, (_bullet(line) for line in str(section.get("bullets") or "").split("\n") if line.strip()))
    for table in section.get("tables") or []:
        lines += ["", *_table(table)]
    return "\n".join(lines)


def _bullet(line: str) -> str:
    if _MARKED.match(line) and not line.lstrip().startswith("|"):
        return line.rstrip()
    text = line.strip().lstrip("|").strip()  # a bullet that begins like a table row would be read as one
    return f"- {text}" if text else ""


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    width = max(len(row) for row in rows)
    padded = [[_line(cell).replace("|", "\\|") for cell in row] + [""] * (width - len(row)) for row in rows]
    written = ["| " + " | ".join(row) + " |" for row in padded]
    return [written[0], "|" + "---|" * width, *written[1:]]


def _line(value: object) -> str:
    return re.sub(r"\s+", " ", str(value or "")).strip()
