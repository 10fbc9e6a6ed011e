"""Which bullets of the notes reached the text.

A bullet counts as covered when enough of its content words stand in the text: character bigrams of the bullet without
figures and connecting words, as a share of all of them (measured on the development briefs, see eval/LOG.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.figures import recognise
from assistant.records import Finding, NoteRef, Point

THRESHOLD = 0.5
_NOT_CONTENT = re.compile(r"[^\u4e00-\u9fffA-Za-z]+|[的了和与及等在对把将为以]")


def check_coverage(text: str, points: Sequence[Point]) -> list[Finding]:
    """One warning per bullet that did not reach the text; optional bullets are left out."""
    bigrams = _bigrams(text)
    return [
        Finding("uncovered", "warning", "这条要点没有写进稿子。", note=NoteRef(point.line, point.source or point.text))
        for point in points
        if not point.optional and covered_share(point, bigrams) < THRESHOLD
    ]


def covered_share(point: Point, bigrams: set[str]) -> float:
    """Share of the bullet's content bigrams that are among `bigrams`, 0 to 1; 1 for a bullet without content words."""
    wanted = _bigrams(_without_figures(point.text))
    return len(wanted & bigrams) / len(wanted) if wanted else 1.0


def text_bigrams(text: str) -> set[str]:
    """The content bigrams of a text, for `covered_share`."""
    return _bigrams(text)


def _without_figures(text: str) -> str:
    pieces, position = [], 0
    for figure in recognise(text):
        if figure.checkable and figure.start >= position:
            pieces.append(text[position : figure.start])
            position = figure.end
    return "，".join([*pieces, text[position:]])


def _bigrams(text: str) -> set[str]:
    runs = _NOT_CONTENT.split(text)
    return {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
