"""Figures in Chinese reports: find them, read their value, say what they are about. Pure standard library."""

from __future__ import annotations

from collections.abc import Collection

from assistant.figures.attributes import describe
from assistant.figures.model import Figure
from assistant.figures.normalise import normalise
from assistant.figures.scan import scan

__all__ = ["Figure", "protected", "recognise"]

_FREE = frozenset(("idiom", "indef", "enum"))


def recognise(text: str, *, report_year: int | None = None, phrases: Collection[str] = ()) -> list[Figure]:
    """All mentions of figures in `text`, exempt ones included, in order of place and without overlaps.

    Args:
        text: any text; offsets of the result point into it exactly as given.
        report_year: what 今年 stands for; None leaves relative years open.
        phrases: set phrases of this document (slogans of the writer's notes), protected like those of the lexicon.
    """
    plain = normalise(text)
    return describe(text, plain, scan(plain.text, phrases), report_year)


def protected(text: str) -> list[Figure]:
    """Everything that must not be altered by masking or polishing: figures, dates, codes, document numbers, phrases."""
    return [figure for figure in recognise(text) if figure.kind not in _FREE]
