"""Markdown or plain text -> the blocks of an official document. Pure; knows nothing about Word.

Every piece of a block remembers where it stands in the text (`text[start:start + len(piece.text)] == piece.text`), so
that findings, which are offsets, can become comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.export.markdown import ADDRESSEE, DATE, SIGNATURE

Kind = Literal["title", "addressee", "heading", "body", "table", "signature", "date", "rule"]

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_LEVEL_1 = re.compile(r"[一二三四五六七八九十百]{1,4}、\S")
_LEVEL_2 = re.compile(r"[（(][一二三四五六七八九十百]{1,4}[）)]\S")
_LIST_MARK = re.compile(r"[-*+][ \t]+")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_TABLE_RULE = re.compile(r"\|?[ \t]*:?-{2,}:?[ \t]*(\|[ \t]*:?-{2,}:?[ \t]*)*\|?$")
_DATE_LINE = re.compile(r"(?:\d{4}|[〇○零一二三四五六七八九]{4})年\S{1,3}月(?:\S{1,3}日)?$")
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\n---[ \t]*(?:\r?\n|\Z)", re.S)
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})$")
LONGEST_HEADING = 50
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with one look; `start` is its offset in the source, -1 when it is not from there."""

    text: str
    start: int
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table with `rows` of cells."""

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    level: int = 0
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = field(default=())

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int


def parse_blocks(text: str) -> list[Block]:
    """The blocks of a Markdown or plain text in order.

    `#` is the title, `##` … `#####` headings of level 1 to 4; without marks, 一、 and （一） at the start of a short
    line without a full stop make headings of level 1 and 2, and a short first line is the title. A line that ends with
    a colon right after the title is the 主送机关; a short line and a date at the end are signature and date.
    """
    front, body_start = _front(text)
    blocks = list(_blocks(_lines(text, body_start)))
    blocks = _with_title(blocks)
    blocks = _with_addressee(blocks, front)
    return _with_signature(blocks, front)


def _lines(text: str, start: int) -> list[_Line]:
    lines = []
    for raw in text[start:].split("\n"):
        stripped = raw.strip()
        lines.append(_Line(stripped, start + raw.index(stripped) if stripped else start))
        start += len(raw) + 1
    return lines


def _blocks(lines: list[_Line]) -> Iterator[Block]:
    index = 0
    while index < len(lines):
        line = lines[index]
        table = _table_length(lines, index)
        if table:
            yield Block(
                "table", rows=tuple(_row(row) for at, row in enumerate(lines[index : index + table]) if at != 1)
            )
            index += table
            continue
        if line.text:
            yield _paragraph(line)
        index += 1


def _paragraph(line: _Line) -> Block:
    if _RULE.match(line.text):
        return Block("rule")
    marked = _HEADING.match(line.text)
    if marked:
        depth = len(marked[1])
        pieces = _pieces(marked[2], line.start + marked.start(2))
        return Block("title", pieces) if depth == 1 else Block("heading", pieces, level=min(depth - 1, 4))
    level = _plain_level(line.text)
    if level:
        return Block("heading", _pieces(line.text, line.start), level=level)
    mark = _LIST_MARK.match(line.text)
    skip = mark.end() if mark else 0
    return Block("body", _pieces(line.text[skip:], line.start + skip))


def _plain_level(line: str) -> int:
    """Level of an unmarked heading: numbered as such, short, and no sentence."""
    if len(line) > LONGEST_HEADING or line.endswith(("。", "；", "，", "：", "、")) or "。" in line:
        return 0
    return 1 if _LEVEL_1.match(line) else 2 if _LEVEL_2.match(line) else 0


def _pieces(text: str, start: int) -> tuple[Piece, ...]:
    pieces, at = [], 0
    for match in _BOLD.finditer(text):
        pieces.append(Piece(text[at : match.start()], start + at))
        pieces.append(Piece(match[1], start + match.start(1), bold=True))
        at = match.end()
    pieces.append(Piece(text[at:], start + at))
    return tuple(piece for piece in pieces if piece.text)


# ---- tables -----------------------------------------------------------------------------------------------------


def _table_length(lines: list[_Line], index: int) -> int:
    """Lines of the Markdown table that begins here; 0 when none does."""
    if index + 1 >= len(lines) or "|" not in lines[index].text or "|" not in lines[index + 1].text:
        return 0
    if not _TABLE_RULE.match(lines[index + 1].text):
        return 0
    end = index + 2
    while end < len(lines) and "|" in lines[end].text:
        end += 1
    return end - index


def _row(line: _Line) -> tuple[tuple[Piece, ...], ...]:
    text, at = line.text, line.start
    if text.startswith("|"):
        text, at = text[1:], at + 1
    text = text.removesuffix("|")
    cells = []
    for cell in text.split("|"):
        stripped = cell.strip()
        cells.append(_pieces(stripped, at + cell.index(stripped)) if stripped else ())
        at += len(cell) + 1
    return tuple(cells)


# ---- what only official documents have --------------------------------------------------------------------------


def _front(text: str) -> tuple[dict[str, Piece], int]:
    """Front matter as pieces, and where the body begins."""
    match = _FRONT.match(text)
    if match is None:
        return {}, 0
    fields = {}
    for line in _lines(match[1], 0):
        key, colon, value = line.text.partition(":")
        if colon and value.strip():
            offset = match.start(1) + line.start + len(key) + 1 + (len(value) - len(value.lstrip()))
            fields[key.strip()] = Piece(value.strip(), offset)
    return fields, match.end()


def _with_title(blocks: list[Block]) -> list[Block]:
    """A short first line that is no sentence and no heading is the title when nothing is marked as such."""
    if not blocks or any(block.kind == "title" for block in blocks) or len(blocks) < 2:
        return blocks
    first = blocks[0]
    if (
        first.kind != "body"
        or len(first.text) > LONGEST_TITLE
        or first.text.endswith(("。", "；", "，", "：", "！", "？"))
    ):
        return blocks
    return [replace(first, kind="title"), *blocks[1:]]


def _with_addressee(blocks: list[Block], front: dict[str, Piece]) -> list[Block]:
    at = next((index for index, block in enumerate(blocks) if block.kind == "title"), -1) + 1
    named = next((front[key] for key in ADDRESSEE if key in front), None)
    if named is not None:
        colon = () if named.text.endswith(("：", ":")) else (Piece("：", -1),)
        return [*blocks[:at], Block("addressee", (named, *colon)), *blocks[at:]]
    if 0 < at < len(blocks) and blocks[at].kind == "body":
        text = blocks[at].text
        if text.endswith("：") and len(text) <= LONGEST_TITLE and "。" not in text:
            blocks[at] = replace(blocks[at], kind="addressee")
    return blocks


def _with_signature(blocks: list[Block], front: dict[str, Piece]) -> list[Block]:
    """Signature and date of the front matter, or the last two lines when they look like them."""
    signature = next((front[key] for key in SIGNATURE if key in front), None)
    date = next((front[key] for key in DATE if key in front), None)
    if signature is not None or date is not None:
        last = [Block("signature", (signature,))] if signature else []
        return blocks + last + ([Block("date", (date,))] if date else [])
    if len(blocks) < 3 or blocks[-1].kind != "body" or not _DATE_LINE.match(blocks[-1].text):
        return blocks
    blocks[-1] = replace(blocks[-1], kind="date")
    before = blocks[-2]
    if before.kind == "body" and len(before.text) <= 30 and not re.search(r"[。；，：！？]", before.text):
        blocks[-2] = replace(before, kind="signature")
    return blocks
