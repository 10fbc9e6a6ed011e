"""The checks of a report, one file per rule family; `review` runs all that apply. Pure: text in, findings out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.checks.arithmetic import check_arithmetic
from assistant.checks.consistency import check_consistency
from assistant.checks.counts import check_counts
from assistant.checks.coverage import check_coverage
from assistant.checks.fidelity import check_fidelity
from assistant.checks.leftovers import check_leftovers
from assistant.checks.merge import distinct
from assistant.checks.numbering import check_numbering
from assistant.checks.options import CheckOptions
from assistant.checks.outline import check_outline
from assistant.checks.phrases import check_phrases
from assistant.checks.placeholders import check_placeholders
from assistant.checks.plans import check_plans
from assistant.checks.punctuation import check_punctuation
from assistant.checks.repeats import check_repeats
from assistant.checks.status import check_status
from assistant.checks.sums import check_sums
from assistant.checks.wording import check_wording
from assistant.records import Brief, Finding, PastRef, Point, Section

__all__ = ["CheckOptions", "check_fidelity", "head_point", "options_for", "review"]

_OF_TEXT: tuple[Callable[[str], list[Finding]], ...] = (
    check_arithmetic,
    check_sums,
    check_consistency,
    check_numbering,
    check_placeholders,
    check_punctuation,
    check_wording,
)


def review(
    text: str,
    *,
    points: Sequence[Point] = (),
    past: Sequence[PastRef] = (),
    brief: Brief | None = None,
    options: CheckOptions | None = None,
) -> list[Finding]:
    """Everything there is to say about a report.

    Args:
        text: the report; spans of the findings are offsets into it.
        points: the notes; without them only what the text itself shows is checked.
        past: whole texts of past reports, for what was left over from them.
        brief: the outline is checked when there is one, and gives the report's year.
        options: policies; taken from the brief when None.

    Returns:
        Findings in the order of their place, those without a place last; none twice.
    """
    chosen = options or options_for(brief)
    said = (*points, head_point(brief)) if brief and points else tuple(points)
    findings = check_counts(text, "\n".join(point.text for point in points))
    findings += [finding for check in _OF_TEXT for finding in check(text)]
    findings += check_phrases(text, said)
    findings += check_repeats(text, past)
    findings += check_leftovers(text, said, past)
    findings += check_plans(text, past)
    if points:
        findings += [f for f in check_fidelity(text, said, past, chosen) if f.draft or not f.note or f.note.line]
        findings += check_status(text, points)
        findings += check_coverage(text, points)
    if brief and brief.sections:
        findings += check_outline(text, brief.sections)
    return sorted(distinct(findings), key=_place)


def head_point(brief: Brief, sections: Sequence[Section] | None = None) -> Point:
    """What the head of the notes and their headings say (松屏县, 2024年度, 12345热线办理): a point of line 0 that may be
    quoted and that nobody must repeat.

    Args:
        brief: the notes.
        sections: those whose headings count; all of them when None.
    """
    headings = (section.heading for section in (brief.sections if sections is None else sections))
    return Point("，".join((brief.title, brief.unit, brief.period, *headings)), 0, optional=True)


def options_for(brief: Brief | None) -> CheckOptions:
    """The default policies with the report's year, as the brief's period or title names it."""
    return CheckOptions(report_year=brief.year if brief else None)


def _place(finding: Finding) -> tuple[int, int]:
    if finding.draft:
        return 0, finding.draft.start
    return 1, finding.note.line if finding.note else 0
