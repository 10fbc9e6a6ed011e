"""A draft as the scorer reads it: Markdown into sections, sections into sentences. Offsets are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"[。！？；!?;\n]")
_WIDE = {ord(wide): plain for wide, plain in zip("０１２３４５６７８９％．＋－", "0123456789%.+-", strict=True)}
ALIKE = 0.6
"""Headings this similar (difflib ratio) hold the same section, although the heading was not kept."""


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A section of a draft: its heading as written, the path of headings above it and its body."""

    heading: str
    level: int
    path: tuple[str, ...]
    body: str


def parse_draft(markdown: str) -> list[DraftPart]:
    """Sections of a Markdown draft in order; a single `#` heading is the title and belongs to no path."""
    marks = list(_HEADING.finditer(markdown))
    titles = [mark for mark in marks if len(mark[1]) == 1]
    parts: list[DraftPart] = []
    stack: list[tuple[int, str]] = []
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(markdown)
        level, heading = len(mark[1]), mark[2].strip()
        if len(titles) == 1 and level == 1:
            continue
        stack = [entry for entry in stack if entry[0] < level] + [(level, heading)]
        parts.append(DraftPart(heading, level, tuple(text for _, text in stack), markdown[mark.end() : end].strip()))
    return parts


def match_sections(wanted: Sequence[tuple[str, ...]], parts: Sequence[DraftPart]) -> list[DraftPart | None]:
    """For every wanted path the part that holds it: word for word where possible, else the most similar heading."""
    free = list(parts)
    found: list[DraftPart | None] = []
    for path in wanted:
        part = next((p for p in free if p.path == path), None) or next((p for p in free if p.heading == path[-1]), None)
        found.append(part)
        if part:
            free.remove(part)
    for index, path in enumerate(wanted):
        if found[index] is None and free:
            best = max(free, key=lambda part: alike(part.heading, path[-1]))
            if alike(best.heading, path[-1]) >= ALIKE:
                found[index] = best
                free.remove(best)
    return found


def alike(one: str, other: str) -> float:
    """Similarity of two short texts, 0 to 1."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def squeeze(text: str) -> str:
    """Text without any white space."""
    return "".join(text.split())


def plain_digits(text: str) -> str:
    """Full-width digits and signs made plain; every character stays at its place."""
    return text.translate(_WIDE)


def length(text: str) -> int:
    """Length in 字: characters that are not white space."""
    return len(squeeze(text))


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences, final mark included; 。！？； and line ends close one."""
    spans, start = [], 0
    for mark in _SENTENCE_END.finditer(text):
        spans.append((start, mark.end()))
        start = mark.end()
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if text[a:b].strip()]


def sentence_around(text: str, start: int) -> tuple[int, int]:
    """Span of the sentence that holds a position."""
    return next(((a, b) for a, b in sentences(text) if a <= start < b), (0, len(text)))


def bigrams(text: str) -> frozenset[str]:
    """Pairs of neighbouring Chinese characters, and Latin words."""
    runs = re.findall(r"[一-鿿]+|[A-Za-z]+", text)
    pairs = {run[i : i + 2] for run in runs if run[0] >= "一" for i in range(len(run) - 1)}
    singles = {run for run in runs if len(run) == 1 or run[0] < "一"}
    return frozenset(pairs | singles)
