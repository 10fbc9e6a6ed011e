"""The heading tree of a Chinese report: 一、 （一） 1. （1） 一是 第一，, declared styles, and short lines of their own.

A heading is a span of the text: a whole line, or the first sentence of a paragraph that it is glued to. Levels follow
the order in which the kinds of numbers nest in this document, so that 一、 with 1. directly below it gives 1 and 2.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from assistant.records import Heading

_HAN = "〇零一二三四五六七八九十百"
_MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第[{_HAN}\d]{{1,3}}(?:部分|[章编篇])[：:、，\s]*")),
    (2, re.compile(rf"[{_HAN}]{{1,3}}\s?[、．.]\s?(?![{_HAN}]{{1,3}}、)")),
    (3, re.compile(rf"[（(]\s?[{_HAN}]{{1,3}}\s?[)）]\s?[、.．]?\s?")),
    (4, re.compile(r"\d{1,2}\s?(?:、|[.．](?![\d]))\s?")),
    (5, re.compile(r"[（(]\s?\d{1,2}\s?[)）]\s?[、.．]?\s?|[①-⑳]\s?")),
    (6, re.compile(rf"(?:第[{_HAN}]{{1,3}}[，、,：:]\s?|[{_HAN}]{{1,3}}是(?=[^否非]))")),
)
_UNNUMBERED = 7
_SENTENCE_END = re.compile(r"[。！？!?]")
_TERMINAL = "。！？；，、：:;,!?…"
_MAX_LINE = 60
_MAX_GLUED = {1: 45, 2: 45, 3: 50, 4: 32, 5: 28, 6: 32}
_MIN_BODY = 12


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: int
    start: int
    end: int
    line: int
    marker: int
    glued: bool
    declared: int | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    start: int
    text: str


def find_headings(text: str, hints: Mapping[int, int] | None = None, plain: Collection[int] = ()) -> tuple[Heading, ...]:
    """All headings in order.

    Args:
        text: one paragraph a line.
        hints: levels declared by the file, by line number; 0 marks the title.
        plain: numbers of lines that hold no headings.
    """
    hints = hints or {}
    lines = list(_lines(text))
    candidates = [found for line in lines if line.number not in plain
                  if (found := _candidate(line, hints.get(line.number)))]
    kept = _with_bodies(candidates, lines)
    return tuple(_levelled(text, kept))


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for number, line in enumerate(text.split("\n")):
        yield _Line(number, start, line)
        start += len(line) + 1


def _candidate(line: _Line, declared: int | None) -> _Candidate | None:
    body = line.text.strip()
    if not body or declared == 0:
        return None
    kind, marker = _marker(line.text)
    if declared is not None and len(body) <= _MAX_LINE * 2:
        return _Candidate(kind or _UNNUMBERED, line.start, line.start + len(line.text), line.number, marker, False, declared)
    if not kind:
        return None
    end = _heading_end(line.text, kind, marker)
    if end is None:
        return None
    glued = len(line.text) - end > 1
    return _Candidate(kind, line.start, line.start + end, line.number, marker, glued)


def _marker(text: str) -> tuple[int, int]:
    """Kind of number at the start of the line (0 none) and the length of its marker."""
    for kind, pattern in _MARKERS:
        if found := pattern.match(text):
            return kind, found.end()
    return 0, 0


def _heading_end(text: str, kind: int, marker: int) -> int | None:
    """Where the heading ends in its line: the line's end, or the end of its first sentence when text follows."""
    ending = _SENTENCE_END.search(text, marker)
    if ending is None or ending.end() >= len(text):
        whole = text.rstrip().rstrip("。")
        if kind == 6 or len(whole) - marker > _MAX_LINE or (whole and whole[-1] in _TERMINAL):
            return None
        return len(whole)
    if ending.start() - marker > _MAX_GLUED[kind] or len(text) - ending.end() < _MIN_BODY:
        return None
    return ending.start() if ending.start() > marker else None


def _with_bodies(candidates: list[_Candidate], lines: list[_Line]) -> list[_Candidate]:
    """Drop list items: numbered lines below （一） that have no text of their own, as in a list of projects."""
    kept = []
    for position, candidate in enumerate(candidates):
        following = candidates[position + 1] if position + 1 < len(candidates) else None
        bodiless = not candidate.glued and following is not None and following.line == candidate.line + 1
        if bodiless and following is not None and candidate.kind >= 4 and following.kind <= candidate.kind:
            continue
        kept.append(candidate)
    return kept


def _levelled(text: str, candidates: list[_Candidate]) -> Iterator[Heading]:
    stack: list[int] = []
    for candidate in candidates:
        rank = candidate.declared * 10 if candidate.declared is not None and candidate.kind == _UNNUMBERED else candidate.kind
        while stack and stack[-1] >= rank:
            stack.pop()
        stack.append(rank)
        heading = text[candidate.start:candidate.end].strip()
        start = candidate.start + text[candidate.start:candidate.end].index(heading)
        yield Heading(heading, len(stack), start, start + len(heading))
