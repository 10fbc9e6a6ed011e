"""Notes from files: .md and .txt as they are, .docx and .xlsx turned into the same Markdown first.

Word files come through the same reader as past reports; Excel files through openpyxl.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.brief.parse import parse_brief
from assistant.errors import InputError
from assistant.records import Brief

_SUFFIXES = (".md", ".markdown", ".txt", ".docx", ".xlsx")
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
    """Headings, bullets, paragraphs and tables of a Word file as Markdown, automatic numbers written out.

    Raises:
        InputError: not a Word file, protected by a password, or damaged.
    """
    from assistant.ingest import read_layout

    lines: list[str] = []
    rows: list[list[str]] = []
    for paragraph in read_layout(path).paragraphs:
        if paragraph.kind == "table":
            rows.append(["".join(cell.split()) for cell in paragraph.text.split("|")])
            continue
        lines += _markdown_table(rows)
        rows = []
        lines.append(_line(paragraph.text, paragraph.level, paragraph.kind))
    return "\n".join([*lines, *_markdown_table(rows)])


def _line(text: str, level: int | None, kind: str) -> str:
    if level is not None:
        return f"{'#' * (level + 1)} {text}"
    return f"- {text}" if kind == "list" and not text.startswith(("-", "*", "•", "·")) else text


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
