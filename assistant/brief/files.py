"""Notes from files: .md and .txt as they are, .docx and .xlsx turned into the same Markdown first.

Door to openpyxl. Word files are read as the zipped XML they are, with the standard library.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from assistant.brief.parse import parse_brief
from assistant.errors import InputError
from assistant.records import Brief

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SUFFIXES = (".md", ".markdown", ".txt", ".docx", ".xlsx")
_MAX_XML = 50_000_000
_UNREADABLE = "“{}”打不开：可能加了密码、已损坏，或其实是旧版 {}，请另存为 {} 后重试。"


def read_brief(path: str | Path) -> Brief:
    """Notes with an outline from a file.

    Raises:
        InputError: missing, empty, damaged or unreadable file, unknown kind of file, or no outline in it.
    """
    return _read(Path(path), need_headings=True)


def read_notes(path: str | Path) -> Brief:
    """Notes to check a text against; a bare list of bullets without headings is enough.

    Raises:
        InputError: as for `read_brief`, except that headings may be missing.
    """
    return _read(Path(path), need_headings=False)


def _read(path: Path, *, need_headings: bool) -> Brief:
    if not path.is_file():
        raise InputError(f"找不到要点文件“{path}”：请检查路径和文件名。")
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise InputError(f"不支持用“{suffix or path.name}”文件作要点：请用 .md、.txt、.docx 或 .xlsx。")
    if path.stat().st_size == 0:
        raise InputError(f"要点文件“{path.name}”是空的：请先写上标题、提纲和要点，再起草。")
    if suffix == ".docx":
        text = docx_markdown(path)
    elif suffix == ".xlsx":
        text = xlsx_markdown(path)
    else:
        from assistant.ingest import read_text

        text = read_text(path)
    return parse_brief(text, name=path.stem, need_headings=need_headings)


# ---- Word -------------------------------------------------------------------------------------------------------


def docx_markdown(path: Path) -> str:
    """Headings, bullets, paragraphs and tables of a Word file as Markdown.

    Raises:
        InputError: not a Word file, protected by a password, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            body = _xml(archive, "word/document.xml").find(f"{_W}body")
            levels = _style_levels(archive)
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, RuntimeError) as error:
        raise InputError(_UNREADABLE.format(path.name, ".doc", ".docx")) from error
    if body is None:
        raise InputError(f"“{path.name}”里没有正文：请检查文件。")
    return "\n".join(line for block in body for line in _block(block, levels))


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > _MAX_XML:
        raise InputError("Word 文件内容过大，不像一份要点：请只保留提纲和要点后重试。")
    data = archive.read(name)
    if b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data:
        raise InputError("Word 文件里有不安全的内容，未读取：请用 Word 重新另存一份后重试。")
    return ElementTree.fromstring(data)


def _style_levels(archive: zipfile.ZipFile) -> dict[str, int]:
    """Heading level of each paragraph style; 0 is the document title."""
    if "word/styles.xml" not in archive.namelist():
        return {}
    levels = {}
    for style in _xml(archive, "word/styles.xml").iter(f"{_W}style"):
        name = _attribute(style.find(f"{_W}name"), "val").lower()
        match = re.fullmatch(r"(?:heading|标题)\s*(\d)", name)
        if match:
            levels[_attribute(style, "styleId")] = int(match[1])
        elif name in ("title", "标题"):
            levels[_attribute(style, "styleId")] = 0
    return levels


def _attribute(element: ElementTree.Element | None, name: str) -> str:
    return "" if element is None else element.get(f"{_W}{name}", "")


def _block(block: ElementTree.Element, levels: dict[str, int]) -> Iterator[str]:
    if block.tag == f"{_W}p":
        yield from _paragraph(block, levels)
    elif block.tag == f"{_W}tbl":
        yield from _table(block)


def _paragraph(paragraph: ElementTree.Element, levels: dict[str, int]) -> Iterator[str]:
    text = _text(paragraph).strip()
    if not text:
        yield ""
        return
    style = _attribute(paragraph.find(f"{_W}pPr/{_W}pStyle"), "val")
    level = levels.get(style)
    if level is not None:
        yield f"{'#' * (level + 1)} {text}"
    elif paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        yield f"- {text}"
    else:
        yield text


def _text(element: ElementTree.Element) -> str:
    parts = []
    for node in element.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{_W}tab", f"{_W}br"):
            parts.append(" ")
    return "".join(parts)


def _table(table: ElementTree.Element) -> Iterator[str]:
    rows = [["".join(_text(cell).split()) for cell in row.iter(f"{_W}tc")] for row in table.iter(f"{_W}tr")]
    yield from _markdown_table(rows)


def _markdown_table(rows: list[list[str]]) -> Iterator[str]:
    rows = [row for row in rows if any(row)]
    if not rows:
        return
    yield ""
    yield "| " + " | ".join(rows[0]) + " |"
    yield "|" + "---|" * len(rows[0])
    for row in rows[1:]:
        yield "| " + " | ".join(row) + " |"
    yield ""


# ---- Excel ------------------------------------------------------------------------------------------------------


def xlsx_markdown(path: Path) -> str:
    """Each sheet as a heading with its table; percentages as Excel shows them.

    Raises:
        InputError: not an Excel file, protected by a password, or damaged.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises many kinds; each means that the file cannot be used
        raise InputError(_UNREADABLE.format(path.name, ".xls", ".xlsx")) from error
    lines: list[str] = []
    for sheet in book.worksheets:
        rows = [[_cell(cell) for cell in row] for row in sheet.iter_rows()]
        width = max((index + 1 for row in rows for index, cell in enumerate(row) if cell), default=0)
        if width:
            lines += [f"## {sheet.title}", *_markdown_table([row[:width] for row in rows])]
    book.close()
    return "\n".join(lines)


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return " ".join(str(value).split())
    if "%" in str(getattr(cell, "number_format", "")):
        return _number(value * 100) + "%"
    return _number(value)


def _number(value: float) -> str:
    """Shortest decimal form without the noise of binary fractions."""
    return f"{round(value, 6):.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
