"""PDF files -> paragraphs: pages with a text layer directly, scanned ones by text recognition when it is installed.

Door to pypdfium2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.errors import InputError
from assistant.ingest import ocr
from assistant.ingest.layout import Reading, joined
from assistant.ingest.pages import Line, Page, in_reading_order, pages_to_reading, refuse_garbage

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MAX_PAGES = 2000
_FEW_CHARACTERS = 8
"""A page with an image and fewer characters than this is a scan: stamps and page numbers alone are no text layer."""
_SCALE = 200 / 72
"""Dots per point when a page is drawn for text recognition."""


def read_pdf(data: bytes) -> Reading:
    """Read a PDF.

    Raises:
        InputError: it is damaged, protected, scanned (and text recognition is not installed), or its text is garbage.
    """
    document = _open(data)
    try:
        if len(document) > MAX_PAGES:
            raise InputError(f"PDF 有 {len(document)} 页，超过 {MAX_PAGES} 页：请拆分后再导入。")
        pages = [_read_page(document, index) for index in range(len(document))]
        scanned = [index for index, page in enumerate(pages) if page is None]
        if scanned and ocr.is_installed():
            for index in scanned:
                pages[index] = _recognised(document, index)
    finally:
        document.close()
    kept = [page for page in pages if page is not None]
    if not any(page.lines for page in kept):
        raise InputError(
            f"PDF 是扫描件（{len(pages)} 页都没有文字层）：请改用 Word 文件；"
            f"或安装文字识别组件（pip install 'nigao[ocr]'）后再导入。"
        )
    reading = pages_to_reading(kept)
    refuse_garbage(joined(reading.paragraphs))
    if scanned:
        reading.warnings.append(_scan_notice(scanned, recognised=ocr.is_installed()))
    return reading


def _scan_notice(scanned: list[int], recognised: bool) -> str:
    numbers = "、".join(str(index + 1) for index in scanned[:10]) + ("等" if len(scanned) > 10 else "")
    if recognised:
        return f"第 {numbers} 页是扫描图像，文字由识别得来，请与原件核对数字和专名。"
    return f"第 {numbers} 页是扫描图像，没有读取；安装文字识别组件（pip install 'nigao[ocr]'）后可重新导入。"


def _open(data: bytes) -> PdfDocument:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise InputError("PDF 有打开密码：请去掉密码后再导入。") from None
        raise InputError("PDF 已损坏，打不开：请重新获取原文件。") from None


def _read_page(document: PdfDocument, index: int) -> Page | None:
    """The lines of a page, None when it is a scan, no lines when it is blank or cannot be drawn."""
    import pypdfium2

    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return Page((), 1.0, 1.0)
    try:
        width, height = page.get_size()
        lines = list(_lines(page, height))
        if sum(len(line.text) for line in lines) < _FEW_CHARACTERS and _has_image(page):
            return None
        return Page(tuple(in_reading_order(lines, width)), width, height)
    finally:
        page.close()


def _has_image(page: PdfPage) -> bool:
    import pypdfium2.raw as raw

    return any(True for _ in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3))


def _lines(page: PdfPage, height: float) -> Iterator[Line]:
    """Printed lines, character by character: glyph boxes as high as the font, so that 一 and 、 share their line."""
    text: list[str] = []
    heights: list[float] = []
    box = [0.0, 0.0, 0.0, 0.0]
    for character, left, top, right, bottom in _characters(page, height):
        overlap = min(box[3], bottom) - max(box[1], top)
        if text and (character == "\n" or overlap < 0.4 * min(box[3] - box[1], bottom - top) or left < box[0] - 1):
            yield _line(text, box, heights)
            text, heights = [], []
        if character == "\n" or (not text and character == " "):
            continue
        box = (
            [min(box[0], left), min(box[1], top), max(box[2], right), max(box[3], bottom)]
            if text
            else [left, top, right, bottom]
        )
        text.append(character)
        heights.append(bottom - top)
    if text:
        yield _line(text, box, heights)


def _line(text: list[str], box: list[float], heights: list[float]) -> Line:
    """Digits are often set in a font whose box is higher: the size of a line is that of most of its characters."""
    return Line("".join(text).strip(), box[0], box[1], box[2], box[3], sorted(heights)[len(heights) // 2])


def _characters(page: PdfPage, height: float) -> Iterator[tuple[str, float, float, float, float]]:
    import pypdfium2.raw as raw

    textpage: Any = page.get_textpage()
    try:
        for index in range(textpage.count_chars()):
            code = raw.FPDFText_GetUnicode(textpage, index)
            if code in (0x0A, 0x0D):
                yield "\n", 0.0, 0.0, 0.0, 0.0
            elif code not in (0, 0xFFFE, 0x02):
                left, bottom, right, top = textpage.get_charbox(index, loose=True)
                yield chr(code) if code < 0x110000 else "\ufffd", left, height - top, right, height - bottom
    finally:
        textpage.close()


def _recognised(document: PdfDocument, index: int) -> Page:
    page = document[index]
    try:
        width, height = page.get_size()
        image = page.render(scale=_SCALE).to_numpy()
    finally:
        page.close()
    return ocr.recognise(image, width * _SCALE, height * _SCALE)
