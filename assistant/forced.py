"""What of the notes did not reach a drafted section, and putting it there all the same: for `nigao draft --force-in`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.generate import review_section
from assistant.plain import clause
from assistant.records import Brief, DraftSection, Finding, NoteRef, PastRef, Point, Section, Span
from assistant.slots import with_pending
from assistant.verify import check_section, pairs

_COVERED = 0.4  # of a bullet's character pairs: as in the coverage of a draft


def left_out(text: str, section: Section, brief: Brief) -> list[Point]:
    """The points of a section that the text lacks, or lacks a figure of; optional ones count as well.

    Args:
        text: the section as drafted.
        section: its notes.
        brief: all notes.
    """
    required = tuple(replace(point, optional=False) for point in section.points)
    found = check_section(text, replace(section, points=required), brief)
    lost = {finding.note.line for finding in found if finding.kind == "dropped" and finding.note}
    return [point for point in section.points if point.line in lost or not _is_covered(point, text)]


def _is_covered(point: Point, text: str) -> bool:
    own = pairs(point.text)
    return len(own & pairs(text)) >= _COVERED * len(own)


def force_in(drafted: DraftSection, section: Section, brief: Brief, past: Sequence[PastRef] = ()) -> DraftSection:
    """The section with a sentence made of each left-out bullet at its end, checked again; each is named in a finding.

    Args:
        drafted: the section; returned as it is when nothing was left out.
        section: its notes.
        brief: all notes.
        past: the past reports that its figures must not come from.
    """
    missing = left_out(drafted.text, section, brief)
    if not missing:
        return drafted
    known = [point.text for point in brief.points]
    text, forced = drafted.text, []
    for point in missing:
        sentence = with_pending(clause(point.text, known)).rstrip("。") + "。"
        span = Span(len(text), len(text) + len(sentence), sentence)
        message = f"要点第{point.line}行没有写全，已照要点补在本节末尾，请看语句是否顺、有无重复。"
        forced.append(Finding("forced", "info", message, span, NoteRef(point.line, point.text)))
        text += sentence
    findings = (*review_section(text, section, brief, past), *forced)
    return replace(drafted, text=text, findings=findings)
