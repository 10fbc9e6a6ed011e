"""A section's text checked as it is edited: against its notes, the head of the brief and the past passages that it was
drafted from, as the draft was; and for wording, which a hand may get wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from assistant.checks import head_point, options_for, review
from assistant.errors import NigaoError
from assistant.pipeline import Pipeline
from assistant.records import Brief, Finding, PastRef, Section

_OF_WHOLE_REPORTS = frozenset({"plans"})


def recheck(pipeline: Pipeline, brief: Brief, section: Section, text: str) -> tuple[Finding, ...]:
    """The findings of a section's text; none for an empty one."""
    from assistant.generate import review_section

    if not text.strip():
        return ()
    past: list[PastRef] = []
    with contextlib.suppress(NigaoError):  # an edit is kept whatever is wrong with the library
        past = pipeline.past_of(section, brief)
    points = (*section.points, head_point(brief, [section]))
    drafted = review_section(text, section, brief, past)
    return tuple(_joined(drafted, review(text, points=points, past=past, options=options_for(brief))))


def _joined(drafted: Sequence[Finding], edited: Sequence[Finding]) -> list[Finding]:
    """The draft's own findings, then what else there is to say of the text, each place and kind once.

    A bullet whose figure is missing is not told to be missing as well.
    """
    said = {_place(finding) for finding in drafted}
    lacking = {finding.note.line for finding in drafted if finding.kind == "dropped" and finding.note}
    more = [
        finding
        for finding in edited
        if _place(finding) not in said
        and finding.kind not in _OF_WHOLE_REPORTS
        and not (finding.kind == "uncovered" and finding.note and finding.note.line in lacking)
        and (finding.draft is not None or finding.note is None or finding.note.line > 0)
    ]
    return [*drafted, *more]


def _place(finding: Finding) -> tuple[object, ...]:
    draft, note = finding.draft, finding.note
    return (finding.kind, draft.start, draft.end) if draft else (finding.kind, note, "" if note else finding.message)
