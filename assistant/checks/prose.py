"""Paragraphs and sentences of a report with their offsets. Knows nothing about any rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.records import Finding, Severity, Span

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?[”’）》]*")
_HEADING = re.compile(
    r"^\s*(?:#{1,6}\s+\S|[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百]+[）)]|第[一二三四五六七八九十]+[章节部分])"
)
_HEADING_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text: `text[start:end] == content`."""

    start: int
    end: int
    content: str

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The span of `content[start:end]` in the whole text."""
        piece = self.content[start:end]
        return Span(self.start + start, self.start + start + len(piece), piece)


def paragraphs(text: str) -> Iterator[Stretch]:
    """The lines that are not blank, without surrounding white space."""
    position = 0
    for line in text.splitlines(keepends=True):
        content = line.strip()
        if content:
            start = position + line.index(content)
            yield Stretch(start, start + len(content), content)
        position += len(line)


def sentences(stretch: Stretch) -> Iterator[Stretch]:
    """The sentences of a stretch, closed by 。！？； or the end of the line."""
    for match in _SENTENCE.finditer(stretch.content):
        content = match.group().strip()
        if content:
            start = stretch.start + match.start() + match.group().index(content)
            yield Stretch(start, start + len(content), content)


def is_heading(content: str) -> bool:
    """Whether a line is a heading by its number and length: short, and one clause at most."""
    return bool(_HEADING.match(content)) and len(content) <= _HEADING_LIMIT and "。" not in content[:-1]


def finding(kind: str, severity: Severity, message: str, span: Span, suggestion: str | None = None) -> Finding:
    """A finding that points at a span of the draft."""
    return Finding(kind, severity, message, draft=span, suggestion=suggestion)
