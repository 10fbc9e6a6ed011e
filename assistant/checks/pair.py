"""A draft figure beside the note figure that states the same value."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.checks.figure_context import Item
from assistant.figures import Figure
from assistant.records import Severity

Verdict = tuple[str, Severity, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A draft figure and the note figure that states the same value."""

    draft: Item
    note: Item

    @property
    def mine(self) -> Figure:
        return self.draft.figure

    @property
    def theirs(self) -> Figure:
        return self.note.figure
