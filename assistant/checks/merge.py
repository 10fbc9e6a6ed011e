"""Findings of several checks on one text, none of them twice."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.records import Finding, Span


def distinct(findings: Sequence[Finding]) -> list[Finding]:
    """One finding per place and kind, the most severe; a place that two checks name keeps both kinds.

    Of two spans of one kind, one inside the other, the severer one stays: a sentence taken over from last year is not
    named again for the place name in it.
    """
    rank = {"error": 0, "warning": 1, "info": 2}
    kept: dict[object, Finding] = {}
    spans: dict[str, list[Span]] = {}
    for finding in sorted(findings, key=lambda f: rank[f.severity]):
        span = finding.draft
        if span is None:
            kept.setdefault((finding.kind, finding.note, finding.message if finding.note is None else ""), finding)
        elif not any(_nested(span, other) for other in spans.setdefault(finding.kind, [])):
            spans[finding.kind].append(span)
            kept[finding.kind, span.start, span.end] = finding
    return list(kept.values())


def _nested(one: Span, other: Span) -> bool:
    """Whether one of two spans lies within the other."""
    return (one.start <= other.start and other.end <= one.end) or (other.start <= one.start and one.end <= other.end)
