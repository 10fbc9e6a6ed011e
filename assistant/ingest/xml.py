"""Parsing XML of untrusted files: no entities, no network, no external definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"


def parse_xml(data: bytes) -> _Element:
    """The root element of an XML part.

    Raises:
        InputError: the part is not well-formed, declares entities, or is nested absurdly deep.
    """
    from lxml import etree

    if b"<!ENTITY" in data[:4096] or b"<!DOCTYPE" in data[:4096]:
        raise InputError("文档里含有不安全的 XML 声明，已拒绝：请用 Word 或 WPS 打开后另存一份再试。")
    data = data.replace(_STRICT, W[1:-1].encode())
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise InputError("文档内部数据已损坏，读不出来：请用 Word 或 WPS 打开修复，另存后再试。") from None


def attribute(element: _Element, name: str) -> str | None:
    """A WordprocessingML attribute as text, None when absent."""
    value = element.get(W + name)
    return None if value is None else str(value)
