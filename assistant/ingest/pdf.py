"""PDF files with a text layer -> paragraphs; pages without one go to text recognition when it is installed.

Door to pypdfium2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.ingest.layout import Reading, joined
from assistant.ingest.pages import Line, Page, pages_to_reading, refuse_garbage

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MAX_PAGES = 2000


def read_pdf(data: bytes) -> Reading:
    """Read a PDF.

    Raises:
        InputError: it is damaged, protected, scanned (and text recognition is not installed), or its text is garbage.
    """
    document = _open(data)
    try:
        if len(document) > MAX_PAGES:
            raise InputError(f"PDF 有 {len(document)} 页，超过 {MAX_PAGES} 页：请拆分后再导入。")
        pages = [_read_page(document[index]) for index in range(len(document))]
    finally:
        document.close()
    if not any(page.lines for page in pages):
        raise InputError("PDF 是扫描件，没有文字层：请先做文字识别（OCR），或者改用 Word 文件。")
    reading = pages_to_reading(pages)
    refuse_garbage(joined(reading.paragraphs))
    return reading


def _open(data: bytes) -> PdfDocument:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError("PDF 有打开密码：请去掉密码后再导入。") from None
        raise InputError("PDF 已损坏，打不开：请重新获取原文件。") from None


def _read_page(page: PdfPage) -> Page:
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        lines = []
        for index in range(textpage.count_rects()):
            left, bottom, right, top = textpage.get_rect(index)
            text = textpage.get_text_bounded(left, bottom, right, top).strip()
            if text:
                lines.append(Line(text, left, height - top, right, height - bottom, top - bottom))
    finally:
        textpage.close()
        page.close()
    return Page(tuple(_merged(lines)), width, height)


def _merged(pieces: Sequence[Line]) -> list[Line]:
    """Pieces of one printed line (fonts change within it) joined, in the order of the file."""
    lines: list[Line] = []
    for piece in pieces:
        last = lines[-1] if lines else None
        if last is not None and min(last.bottom, piece.bottom) - max(last.top, piece.top) > 0.5 * min(
            last.size, piece.size
        ):
            lines[-1] = Line(last.text + piece.text, min(last.left, piece.left), min(last.top, piece.top),
                             max(last.right, piece.right), max(last.bottom, piece.bottom), max(last.size, piece.size))
        else:
            lines.append(piece)
    return lines
