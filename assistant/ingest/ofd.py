"""OFD files (the national standard for fixed-layout documents, GB/T 33190) with text objects -> paragraphs.

Only text and its place on the page are read; drawings, seals, signatures and annotations are left out. The one
maintained package for this, easyofd, needs PyMuPDF (AGPL) and a PDF writer to do it, and text is a small part of the
format, so it is read here; what has no text objects is refused.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zipfile import ZipFile

from assistant.errors import InputError
from assistant.ingest.layout import Reading, joined
from assistant.ingest.pages import Line, Page, in_reading_order, pages_to_reading, refuse_garbage
from assistant.ingest.xml import parse_xml
from assistant.ingest.zipped import open_container, read_part

if TYPE_CHECKING:
    from lxml.etree import _Element

_A4 = (210.0, 297.0)
_NO_TEXT = "这份 OFD 里没有可读取的文字（可能是扫描件或图形）：请用 OFD 阅读器另存为 Word 或带文字的 PDF 再导入。"


def read_ofd(data: bytes) -> Reading:
    """Read an OFD file.

    Raises:
        InputError: it is damaged, or holds no text objects.
    """
    container = open_container(data)
    pages = [page for root in _document_roots(container) for page in _pages(container, root)]
    if not any(page.lines for page in pages):
        raise InputError(_NO_TEXT)
    reading = pages_to_reading(pages)
    refuse_garbage(joined(reading.paragraphs))
    return reading


def _part(container: ZipFile, name: str) -> _Element | None:
    data = read_part(container, name.lstrip("/"))
    return None if data is None else parse_xml(data)


def _all(element: _Element, name: str) -> Iterator[_Element]:
    """Descendants of that local name: namespaces differ between producers."""
    return (child for child in element.iter() if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name)


def _document_roots(container: ZipFile) -> Iterator[str]:
    root = _part(container, "OFD.xml")
    if root is None:
        raise InputError("OFD 文件已损坏（缺少 OFD.xml）：请重新获取原文件。")
    yield from (place.text.strip() for place in _all(root, "DocRoot") if place.text)


def _pages(container: ZipFile, root: str) -> Iterator[Page]:
    document = _part(container, root)
    if document is None:
        return
    folder = posixpath.dirname(root.lstrip("/"))
    size = _box_size(document)
    for entry in _all(document, "Page"):
        place = entry.get("BaseLoc", "")
        content = _part(container, place if place.startswith("/") else posixpath.join(folder, place))
        if content is not None:
            width, height = _box_size(content, size)
            yield Page(tuple(in_reading_order(list(_lines(content)), width)), width, height)


def _box_size(element: _Element, fallback: tuple[float, float] = _A4) -> tuple[float, float]:
    for box in _all(element, "PhysicalBox"):
        numbers = _numbers(box.text or "")
        if len(numbers) == 4:
            return numbers[2], numbers[3]
    return fallback


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split()]
    except ValueError:
        return []


def _lines(content: _Element) -> Iterator[Line]:
    """Text objects as lines. A text object may hold several runs (TextCode), each with a place of its own."""
    for item in _all(content, "TextObject"):
        boundary = _numbers(item.get("Boundary", ""))
        if len(boundary) != 4:
            continue
        scale_x, scale_y = _scale(item)
        size = (_numbers(item.get("Size", "")) or [3.0])[0] * scale_y
        for code in _all(item, "TextCode"):
            text = (code.text or "").strip()
            if text:
                left = boundary[0] + (_numbers(code.get("X", "")) or [0.0])[0] * scale_x
                base = boundary[1] + (_numbers(code.get("Y", "")) or [0.0])[0] * scale_y
                width = _width(code, text, size, scale_x)
                yield Line(text, left, base - 0.85 * size, left + width, base + 0.15 * size, size)


def _scale(item: _Element) -> tuple[float, float]:
    matrix = _numbers(item.get("CTM", ""))
    return (abs(matrix[0]) or 1.0, abs(matrix[3]) or 1.0) if len(matrix) == 6 else (1.0, 1.0)


def _width(code: _Element, text: str, size: float, scale: float) -> float:
    """Width of a run: the distances between its characters (g 3 5.6 stands for 5.6 three times), plus the last one."""
    total, parts = 0.0, iter(code.get("DeltaX", "").split())
    try:
        for part in parts:
            count, step = (int(next(parts)), float(next(parts))) if part == "g" else (1, float(part))
            total += count * step
    except (ValueError, StopIteration):
        return len(text) * size
    return total * scale + size if total else len(text) * size
