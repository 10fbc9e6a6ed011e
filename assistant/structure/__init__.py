"""What a report's text says about itself: title, unit, year, type, heading tree, and what each part is for.

Pure: knows nothing about files, stores or models. Nothing is guessed without evidence in the text or the file's name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from assistant.records import Heading
from assistant.structure.headings import find_headings
from assistant.structure.metadata import read_metadata
from assistant.structure.opening import title_block_end
from assistant.structure.roles import section_role

__all__ = ["Structure", "analyse", "find_headings", "section_role", "title_block_end"]


@dataclass(frozen=True, slots=True)
class Structure:
    """The structure of one text; unknown metadata is None. `title` falls back to the name of the file."""

    title: str
    unit: str | None
    year: int | None
    doc_type: str | None
    headings: tuple[Heading, ...]


def analyse(
    text: str, *, name: str = "", hints: Mapping[int, int] | None = None, plain: Collection[int] = ()
) -> Structure:
    """Find the structure of a report.

    Args:
        text: one paragraph a line.
        name: the file's name without its suffix; evidence for title, year and type when the text gives none.
        hints: heading levels that the file itself declares, by line number (0 is the title).
        plain: line numbers that are no running text (table rows, notes) and hold no headings.
    """
    hints = hints or {}
    headings = find_headings(text, hints, plain)
    metadata = read_metadata(text, name, headings, [line for line, level in hints.items() if level == 0])
    return Structure(metadata.title, metadata.unit, metadata.year, metadata.doc_type, headings)
