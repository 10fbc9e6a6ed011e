"""HTML, Markdown and text with HTML remains -> paragraphs. Scripts, styles, navigation and comments are left out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.ingest.layout import Reading

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAG = re.compile(
    r"</?(?:p|br|div|span|font|table|tr|td|strong|a|img|style|script|html|body|meta|li|"
    r"h[1-6])\b[^<>]{0,500}>|<!--",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"&(?:nbsp|ensp|emsp|ldquo|rdquo|mdash|middot|hellip|lt|gt|amp|quot|#\d{2,5}|#x[0-9a-f]{2,5});", re.IGNORECASE
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
        "br",
        "option",
        "title",
    ]
)
_DROPPED = frozenset(
    [
        "script",
        "style",
        "head",
        "noscript",
        "template",
        "nav",
        "button",
        "select",
        "textarea",
        "iframe",
        "object",
        "embed",
        "svg",
        "input",
    ]
)
_HEADING_TAG = re.compile(r"h([1-6])")


def has_html_remains(text: str) -> bool:
    """Whether plain text still carries tags or entities of the web page it was copied from."""
    return bool(_TAG.search(text) or _ENTITY.search(text))


def read_html(text: str) -> Reading:
    """Read HTML, whole pages or fragments. Line breaks in the source count only in text that has no block tags."""
    from lxml import html as parser

    reading = Reading()
    fragment = _is_fragment(text)
    source = text.replace("\n", "<br>") if fragment else text
    source = re.sub(r"<\?xml[^>]*\?>", "", source)
    if not source.strip():
        return reading
    root = parser.document_fromstring(f"<html><body>{source}</body></html>" if fragment else source)
    for line, level, kind in _lines(root):
        reading.add(line, level, "table" if kind == "table" else "body")
    return reading


def _is_fragment(text: str) -> bool:
    """Text files with some tags left in keep their line breaks; real pages have a paragraph tag for most lines."""
    lines = sum(1 for line in text.splitlines() if line.strip())
    return (
        len(re.findall(r"<(?:p|div|br|td|li)\b", text, re.IGNORECASE)) < 0.3 * lines
        and "<html" not in text[:2000].lower()
    )


def _lines(root: HtmlElement) -> Iterator[tuple[str, int | None, str]]:
    """Blocks of text in order with their heading level and whether they are a table row."""
    pieces: list[str] = []

    def flush(level: int | None = None, kind: str = "") -> Iterator[tuple[str, int | None, str]]:
        line = " ".join("".join(pieces).split())
        pieces.clear()
        if line:
            yield line, level, kind

    def visit(element: HtmlElement, level: int | None) -> Iterator[tuple[str, int | None, str]]:
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag == "table" and _is_data_table(element):
            yield from flush(level)
            yield from ((row, None, "table") for row in _rows(element))
        elif tag and tag not in _DROPPED:
            found = _HEADING_TAG.fullmatch(tag)
            inner = int(found.group(1)) if found else level
            if tag in _BLOCKS:
                yield from flush(level)
            pieces.append(element.text or "")
            for child in element:
                yield from visit(child, inner)
            if tag in _BLOCKS:
                yield from flush(inner)
        pieces.append(element.tail or "")

    yield from visit(root, None)
    yield from flush()


def _is_data_table(table: HtmlElement) -> bool:
    if table.find(".//table") is not None:
        return False
    cells = table.findall(".//td") + table.findall(".//th")
    rows = table.findall(".//tr")
    return len(rows) > 1 and len(cells) >= 2 * len(rows) and all(len(cell.text_content()) < 300 for cell in cells)


def _rows(table: HtmlElement) -> Iterator[str]:
    for row in table.findall(".//tr"):
        cells = [" ".join(cell.text_content().split()) for cell in row if cell.tag in ("td", "th")]
        if any(cells):
            yield " | ".join(cells)


_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_MD_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*$")
_MD_RULE = re.compile(r"^\s*([-*_=]\s*){3,}$")
_MD_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_MD_BULLET = re.compile(r"^\s*(?:[-*+]|>)\s+")
_MD_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_MD_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")


def read_markdown(text: str) -> Reading:
    """Read Markdown: a single first-level heading is the title; marks of headings, bullets, emphasis are taken off."""
    reading = Reading()
    text = _FRONT_MATTER.sub("", text)
    lines = text.splitlines()
    tops = sum(1 for line in lines if line.startswith("# "))
    for line in lines:
        if _MD_RULE.match(line) or _MD_TABLE_RULE.match(line):
            continue
        if found := _MD_HEADING.match(line):
            depth = len(found.group(1))
            reading.add(_inline(found.group(2)), depth - 1 if tops == 1 else depth)
        elif line.strip().startswith("|"):
            cells = [_inline(cell.strip()) for cell in line.strip().strip("|").split("|")]
            reading.add(" | ".join(cells), kind="table")
        else:
            bullet = _MD_BULLET.match(line)
            reading.add(_inline(line[bullet.end() :] if bullet else line), kind="list" if bullet else "body")
    return reading


def _inline(text: str) -> str:
    text = _MD_LINK.sub(r"\1", _MD_EMPHASIS.sub(r"\2", text))
    return html.unescape(text).replace("`", "")
