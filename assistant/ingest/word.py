"""Word documents (.docx) -> paragraphs, read from their XML. The reading counterpart of export.py; door to lxml's XML.

Headings come with the level their style or outline declares; automatic numbers are written out as Word would show them;
tables become one line per row; text boxes, footnotes and endnotes are kept. Deleted revisions, hidden text, tables of
contents, headers, footers, comments, macros and embedded objects are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zipfile import ZipFile

from assistant.errors import InputError
from assistant.ingest.layout import Paragraph, ParagraphKind, Reading
from assistant.ingest.numbering import Numbering
from assistant.ingest.xml import W, attribute, parse_xml
from assistant.ingest.zipped import open_container, read_part

if TYPE_CHECKING:
    from lxml.etree import _Element

_TRANSPARENT = {
    W + "ins",
    W + "moveTo",
    W + "smartTag",
    W + "customXml",
    W + "hyperlink",
    W + "fldSimple",
    W + "sdt",
    W + "sdtContent",
    W + "dir",
    W + "bdo",
}
_CELL_SEPARATOR = " | "
_LEVEL_NAME = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_CHINESE_LEVEL_NAME = re.compile(r"^([一二三四五])级标题$")
_TITLE_NAMES = {"title", "标题", "公文标题", "文档标题", "大标题", "主标题", "总标题"}
_CONTENTS_NAME = re.compile(r"^(toc|目录)\s*\d*", re.IGNORECASE)


@dataclass(slots=True)
class _Style:
    name: str
    based_on: str | None
    outline: int | None
    num: tuple[str | None, int | None]


@dataclass(slots=True)
class _Word:
    """State of one document while it is read."""

    styles: dict[str, _Style]
    numbering: Numbering
    reading: Reading = field(default_factory=Reading)
    boxes: list[_Element] = field(default_factory=list)


def read_docx(data: bytes) -> Reading:
    """Read a .docx file.

    Raises:
        InputError: it is damaged, holds no document part, or unpacks to an absurd size.
    """
    container = open_container(data)
    main = _part(container, "word/document.xml")
    if main is None:
        raise InputError("Word 文档里没有正文部分，文件可能已损坏：请用 Word 或 WPS 打开后另存为 .docx 再试。")
    word = _Word(_styles(_part(container, "word/styles.xml")), Numbering.of(_part(container, "word/numbering.xml")))
    body = main.find(W + "body")
    if body is not None:
        _read_blocks(word, body)
    for name, label in (("word/footnotes.xml", "脚注"), ("word/endnotes.xml", "尾注")):
        _read_notes(word, _part(container, name), label)
    return word.reading


def _part(container: ZipFile, name: str) -> _Element | None:
    data = read_part(container, name)
    return None if data is None else parse_xml(data)


def _styles(root: _Element | None) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for style in [] if root is None else root.iter(W + "style"):
        identifier = attribute(style, "styleId")
        if identifier is None:
            continue
        properties = style.find(W + "pPr")
        styles[identifier] = _Style(
            name=(_child_value(style, "name") or "").strip(),
            based_on=_child_value(style, "basedOn"),
            outline=_number(_child_value(properties, "outlineLvl")),
            num=_num_properties(properties),
        )
    return styles


def _child_value(element: _Element | None, name: str) -> str | None:
    child = None if element is None else element.find(W + name)
    return None if child is None else attribute(child, "val")


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.isdigit() else None


def _num_properties(properties: _Element | None) -> tuple[str | None, int | None]:
    num = None if properties is None else properties.find(W + "numPr")
    return _child_value(num, "numId"), _number(_child_value(num, "ilvl"))


def _style_chain(word: _Word, identifier: str | None) -> Iterator[_Style]:
    seen: set[str] = set()
    while identifier and identifier not in seen and identifier in word.styles:
        seen.add(identifier)
        yield word.styles[identifier]
        identifier = word.styles[identifier].based_on


def _read_blocks(word: _Word, parent: _Element, kind: ParagraphKind = "body") -> None:
    for child in parent:
        if child.tag == W + "p":
            _read_paragraph(word, child, kind)
        elif child.tag == W + "tbl":
            _read_table(word, child)
        elif child.tag in _TRANSPARENT and not _is_contents(child):
            _read_blocks(word, child, kind)
        elif _local(child) == "AlternateContent":
            _read_blocks(word, _chosen(child), kind)


def _is_contents(block: _Element) -> bool:
    gallery = block.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and "Contents" in (attribute(gallery, "val") or "")


def _read_paragraph(word: _Word, paragraph: _Element, kind: ParagraphKind) -> None:
    properties = paragraph.find(W + "pPr")
    chain = list(_style_chain(word, _child_value(properties, "pStyle")))
    outer, word.boxes = word.boxes, []
    text = "".join(_texts(word, paragraph))
    boxes, word.boxes = word.boxes, outer
    if not (chain and _CONTENTS_NAME.match(chain[0].name)):
        number = _number_of(word, properties, chain) if text.strip() else ""
        listed: ParagraphKind = "list" if number and kind == "body" else kind
        word.reading.add(number + text, _heading_level(properties, chain), listed)
    for box in boxes:
        _read_blocks(word, box, "box")


def _number_of(word: _Word, properties: _Element | None, chain: list[_Style]) -> str:
    num_id, level = _num_properties(properties)
    for style in chain:
        num_id = num_id if num_id is not None else style.num[0]
        level = level if level is not None else style.num[1]
    return word.numbering.next(num_id, level or 0) if num_id else ""


def _heading_level(properties: _Element | None, chain: list[_Style]) -> int | None:
    own = _number(_child_value(properties, "outlineLvl"))
    if own is not None:
        return own + 1 if own < 9 else None
    for style in chain:
        if style.name.lower() in _TITLE_NAMES:
            return 0
        if found := _LEVEL_NAME.match(style.name):
            return int(found.group(1))
        if found := _CHINESE_LEVEL_NAME.match(style.name):
            return "一二三四五".index(found.group(1)) + 1
        if style.outline is not None:
            return style.outline + 1 if style.outline < 9 else None
    return None


def _texts(word: _Word, element: _Element) -> Iterator[str]:
    """Text of a paragraph in order; text boxes met on the way are kept in `word.boxes` for afterwards."""
    for child in element:
        tag = child.tag
        if tag == W + "t":
            yield child.text or ""
        elif tag == W + "tab":
            yield " "
        elif tag in (W + "br", W + "cr"):
            yield "\n"
        elif tag == W + "noBreakHyphen":
            yield "-"
        elif tag == W + "ruby":
            base = child.find(W + "rubyBase")
            yield from () if base is None else _texts(word, base)
        elif tag == W + "r":
            yield from () if _is_hidden(child) else _texts(word, child)
        elif tag in (W + "drawing", W + "pict", W + "object"):
            word.boxes.extend(_outermost_boxes(child))
        elif tag in _TRANSPARENT:
            yield from _texts(word, child)
        elif _local(child) == "AlternateContent":
            yield from _texts(word, _chosen(child))
        elif _local(child) in ("oMath", "oMathPara"):
            yield "".join(node.text or "" for node in child.iter() if _local(node) == "t")


def _is_hidden(run: _Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and attribute(vanish, "val") not in ("0", "false")


def _outermost_boxes(drawing: _Element) -> list[_Element]:
    """Text boxes directly in this drawing; boxes within boxes are met when those are read."""
    boxes = []
    for box in drawing.iter(W + "txbxContent"):
        inner = next((parent for parent in box.iterancestors(W + "txbxContent", drawing.tag)), None)
        if (inner is None or inner.tag == drawing.tag) and not _in_fallback(box, drawing):
            boxes.append(box)
    return boxes


def _in_fallback(box: _Element, stop: _Element) -> bool:
    for parent in box.iterancestors():
        if parent is stop:
            return False
        if _local(parent) == "Fallback":
            return True
    return False


def _chosen(alternate: _Element) -> _Element:
    """Word stores a drawing twice, for itself and for old programs: the first is enough."""
    return alternate[0] if len(alternate) else alternate


def _local(element: _Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _read_table(word: _Word, table: _Element) -> None:
    """One line per row. A table with a single column is layout, not data: its paragraphs are kept as they are."""
    rows = [list(_cells(row)) for row in _children(table, "tr")]
    if all(len(row) <= 1 for row in rows):
        for row in rows:
            for cell in row:
                _read_blocks(word, cell)
        return
    for row in rows:
        texts = [_cell_text(word, cell) for cell in row]
        if any(texts):
            word.reading.add(_CELL_SEPARATOR.join(texts), kind="table")


def _children(parent: _Element, name: str) -> Iterator[_Element]:
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _children(child, name)


def _cells(row: _Element) -> Iterator[_Element]:
    return _children(row, "tc")


def _cell_text(word: _Word, cell: _Element) -> str:
    outer, word.reading = word.reading, Reading()
    _read_blocks(word, cell)
    inner, word.reading = word.reading.paragraphs, outer
    return " ".join(paragraph.text for paragraph in inner).replace(_CELL_SEPARATOR, " ")


def _read_notes(word: _Word, root: _Element | None, label: str) -> None:
    number = 0
    for note in [] if root is None else root:
        if attribute(note, "type") not in (None, "normal"):
            continue
        outer, word.reading = word.reading, Reading()
        _read_blocks(word, note)
        inner, word.reading = word.reading.paragraphs, outer
        if text := " ".join(paragraph.text for paragraph in inner):
            number += 1
            word.reading.paragraphs.append(Paragraph(f"{label}{number}：{text}", kind="note"))
