"""OFD files: refused for now."""

from __future__ import annotations

from assistant.errors import InputError
from assistant.ingest.layout import Reading


def read_ofd(data: bytes) -> Reading:
    """Refuse."""
    raise InputError("暂不支持 .ofd：请用 OFD 阅读器另存为 PDF 或 Word 再导入。")
