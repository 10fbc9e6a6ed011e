"""What a file is, told by its first bytes; the suffix only decides between formats that look alike."""

from __future__ import annotations

from enum import Enum
from pathlib import PurePath

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


class Format(Enum):
    """A format family; the value lists the suffixes that go with it."""

    TEXT = (".txt", ".text", ".log", "")
    MARKDOWN = (".md", ".markdown")
    HTML = (".html", ".htm", ".xhtml", ".mht", ".txt")
    CSV = (".csv", ".tsv")
    DOCX = (".docx", ".docm", ".dotx", ".dotm")
    XLSX = (".xlsx", ".xlsm")
    PDF = (".pdf",)
    OFD = (".ofd",)
    OFFICE = (".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt", ".ods", ".xls", ".et", ".uot", ".uof")
    ENCRYPTED = (".encrypted",)
    ARCHIVE = (".zip",)
    UNKNOWN = (".unknown",)

    def warning(self, name: str) -> str | None:
        """A notice when the suffix promises another format than the content holds."""
        suffix = PurePath(name).suffix.lower()
        if suffix in self.value or suffix not in KNOWN_SUFFIXES:
            return None
        return f"后缀是 {suffix}，内容其实是 {self.value[0]}，已按内容读取。"

    def refusal(self, name: str) -> str:
        """Why a file of a family that has no reader is refused, and what to do."""
        if self is Format.ENCRYPTED:
            return "文档有打开密码：请用 Word 或 WPS 打开，去掉密码后另存，再导入。"
        if self is Format.ARCHIVE:
            return "这是压缩包，不是一份文档：请用“导入”直接导入整个 .zip，或者解开后选其中的文件。"
        suffix = PurePath(name).suffix.lower() or "（无后缀）"
        return f"不支持这种文件（{suffix}）：请另存为 .docx、.pdf、.txt、.md、.html 或 .xlsx 再导入。"


KNOWN_SUFFIXES = frozenset(suffix for kind in Format for suffix in kind.value if suffix) - {".encrypted", ".unknown"}
"""Suffixes of files that a folder or an archive is searched for."""


def sniff(data: bytes, name: str) -> Format:
    """The format family of a file's bytes; `name` decides between kinds of plain text."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _container(data)
    if data.startswith(_OLE):
        return Format.ENCRYPTED if _ENCRYPTED_STREAM in data else Format.OFFICE
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if data.startswith(b"{\\rtf"):
        return Format.OFFICE
    return _plain(data, PurePath(name).suffix.lower())


def _container(data: bytes) -> Format:
    from assistant.ingest.zipped import open_container

    names = set(open_container(data).namelist())
    if "word/document.xml" in names:
        return Format.DOCX
    if "xl/workbook.xml" in names:
        return Format.XLSX
    if any(name.rsplit("/", 1)[-1] == "OFD.xml" for name in names):
        return Format.OFD
    if "content.xml" in names and "mimetype" in names:
        return Format.OFFICE
    return Format.UNKNOWN if "[Content_Types].xml" in names else Format.ARCHIVE


def _plain(data: bytes, suffix: str) -> Format:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")) or (suffix in (".html", ".htm", ".xhtml") and b"<" in head):
        return Format.HTML
    if _is_binary(data):
        return Format.UNKNOWN
    for kind in (Format.MARKDOWN, Format.CSV):
        if suffix in kind.value:
            return kind
    return Format.OFFICE if suffix in (".uot", ".uof") else Format.TEXT


_MAGIC = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"OggS",
    b"ID3",
    b"SQLite format 3",
    b"RIFF",
)


def _is_binary(data: bytes) -> bool:
    if data.startswith(_MAGIC) and b"\x00" in data[:4096]:
        return True
    return b"\x00\x00\x00\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))
