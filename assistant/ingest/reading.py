"""One file -> its text, its paragraphs, or a Document. The content decides the format, not the suffix."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from assistant.errors import InputError
from assistant.ingest.encodings import decode
from assistant.ingest.formats import Format, sniff
from assistant.ingest.layout import Reading, joined
from assistant.records import Document
from assistant.structure import analyse

MAX_BYTES = 200 * 1024 * 1024
MAX_TEXT_BYTES = 40 * 1024 * 1024
"""Largest plain text file: some 13 million characters, a thousand yearly reports."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FULL_WIDTH[0xFF05] = ord("%")


def read_document(
    path: Path | str,
    *,
    unit: str | None = None,
    year: int | None = None,
    doc_type: str | None = None,
    name: str | None = None,
) -> Document:
    """Read a past report.

    Args:
        path: the file.
        unit, year, doc_type: what the writer says about it; wins over what the text says.
        name: the name to show when it is not the file's own (a member of an archive).

    Returns:
        A document whose text is one paragraph a line, with full-width digits and letters made half-width. Metadata
        that neither the writer nor the text gives is None.

    Raises:
        InputError: the file cannot be read or holds no text; the message says what to do.
    """
    path = Path(path)
    data = _bytes_of(path)
    shown = name or path.name
    reading = _layout_of(data, shown)
    text = joined(reading.paragraphs).translate(_FULL_WIDTH)
    if not text.strip():
        raise InputError("文件里没有文字：请确认内容后重新保存，再导入。")
    hints = {
        index: paragraph.level for index, paragraph in enumerate(reading.paragraphs) if paragraph.level is not None
    }
    tables = frozenset(i for i, paragraph in enumerate(reading.paragraphs) if paragraph.kind in ("table", "note"))
    found = analyse(text, name=Path(shown).stem, hints=hints, plain=tables)
    return Document(
        document_id=hashlib.sha256(data).hexdigest()[:32],
        name=shown,
        text=text,
        title=found.title,
        unit=unit or found.unit,
        year=year if year is not None else found.year,
        doc_type=doc_type or found.doc_type,
        headings=found.headings,
        warnings=tuple(reading.warnings),
    )


def read_text(path: Path | str) -> str:
    """The text of a file as its author sees it: plain text, CSV, Markdown unchanged; others one paragraph a line.

    Raises:
        InputError: the file cannot be read or holds no text; the message says what to do.
    """
    path = Path(path)
    data = _bytes_of(path)
    if sniff(data, path.name) in (Format.TEXT, Format.MARKDOWN, Format.CSV):
        text = _decoded(data)[0]
    else:
        text = joined(_layout_of(data, path.name).paragraphs)
    if not text.strip():
        raise InputError(f"“{path.name}”里没有文字：请确认内容后重新保存。")
    return text


def read_layout(path: Path | str) -> Reading:
    """The paragraphs of a file with what the file itself declares about them: heading levels, table rows, list items.

    Raises:
        InputError: as for `read_text`.
    """
    path = Path(path)
    return _layout_of(_bytes_of(path), path.name)


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise InputError(f"“{path.name}”是文件夹：请指定其中的一个文件。")
        if size == 0:
            raise InputError(f"“{path.name}”是空文件（0 字节）：请重新获取原文件。")
        if size > MAX_BYTES:
            raise InputError(f"“{path.name}”有 {size // 1024**2} MB，超过 {MAX_BYTES // 1024**2} MB：请拆分后再导入。")
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"找不到文件“{path}”：请检查路径。") from None
    except PermissionError:
        raise InputError(f"没有读取“{path.name}”的权限：请检查文件权限。") from None
    except OSError as error:
        raise InputError(f"读不了“{path.name}”（{error.strerror or '输入输出错误'}）：请检查磁盘或路径。") from None


def _decoded(data: bytes) -> tuple[str, str | None]:
    if len(data) > MAX_TEXT_BYTES:
        raise InputError(f"文本文件有 {len(data) // 1024**2} MB，超过 {MAX_TEXT_BYTES // 1024**2} MB：请拆分后再导入。")
    text, _, warning = decode(data)
    return text, warning


def _layout_of(data: bytes, name: str) -> Reading:
    kind = sniff(data, name)
    reading = _READERS[kind](data, name)
    if suffix_warning := kind.warning(name):
        reading.warnings.append(suffix_warning)
    return reading


def _text(data: bytes, name: str) -> Reading:
    from assistant.ingest.markup import has_html_remains, read_html

    text, warning = _decoded(data)
    reading = read_html(text) if has_html_remains(text) else Reading()
    if not reading.paragraphs:
        reading.add(text)
    if warning:
        reading.warnings.append(warning)
    return reading


def _markdown(data: bytes, name: str) -> Reading:
    from assistant.ingest.markup import read_markdown

    return read_markdown(_decoded(data)[0])


def _html(data: bytes, name: str) -> Reading:
    from assistant.ingest.markup import read_html

    return read_html(_decoded(data)[0])


def _csv(data: bytes, name: str) -> Reading:
    from assistant.ingest.sheets import read_csv

    return read_csv(_decoded(data)[0])


def _docx(data: bytes, name: str) -> Reading:
    from assistant.ingest.word import read_docx

    return read_docx(data)


def _xlsx(data: bytes, name: str) -> Reading:
    from assistant.ingest.sheets import read_xlsx

    return read_xlsx(data)


def _pdf(data: bytes, name: str) -> Reading:
    from assistant.ingest.pdf import read_pdf

    return read_pdf(data)


def _ofd(data: bytes, name: str) -> Reading:
    from assistant.ingest.ofd import read_ofd

    return read_ofd(data)


def _office(data: bytes, name: str) -> Reading:
    from assistant.ingest.office import convert
    from assistant.ingest.sheets import read_xlsx
    from assistant.ingest.word import read_docx

    target, converted = convert(data, name)
    return read_xlsx(converted) if target == "xlsx" else read_docx(converted)


def _refused(data: bytes, name: str) -> Reading:
    raise InputError(sniff(data, name).refusal(name))


_READERS: dict[Format, Callable[[bytes, str], Reading]] = {
    Format.TEXT: _text,
    Format.MARKDOWN: _markdown,
    Format.HTML: _html,
    Format.CSV: _csv,
    Format.DOCX: _docx,
    Format.XLSX: _xlsx,
    Format.PDF: _pdf,
    Format.OFD: _ofd,
    Format.OFFICE: _office,
    Format.ENCRYPTED: _refused,
    Format.ARCHIVE: _refused,
    Format.UNKNOWN: _refused,
}
