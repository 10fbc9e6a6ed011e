"""Records as the JSON that the drafting page shows. Pure: no store, no model, no web."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.app.marks import Mark, State, paragraphs
from assistant.app.trace import Trace, trace
from assistant.contracts import finding_json
from assistant.records import SEVERITY_NAMES, Citation, DraftSection, Finding, Point, Section, label_of, length_of

Json = dict[str, Any]

IGNORED = "忽略"


def finding_key(finding: Finding, path: Sequence[str] = ()) -> str:
    """A name for a finding that stays the same as long as it says the same of the same words."""
    parts = [*path, finding.kind, finding.message]
    parts += [span.text for span in (finding.draft, finding.note, finding.past) if span is not None]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def digest(text: str) -> str:
    """Names a state of a text: what an edit says it was based on."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def finding_view(finding: Finding, path: Sequence[str], decisions: Mapping[str, str]) -> Json:
    """A finding for the panel; its offsets are those of the text that it was found in."""
    key = finding_key(finding, path)
    return {
        **finding_json(finding),
        "key": key,
        "label": label_of(finding.kind),
        "decision": decisions.get(key, ""),
    }


def left_out(finding: Finding) -> bool:
    """Whether a finding says that something of the notes did not reach the draft."""
    return finding.note is not None and finding.draft is None and label_of(finding.kind) == "漏写"


def section_view(
    index: int, section: Section, kept: DraftSection | None, decisions: Mapping[str, str], period: str = ""
) -> Json:
    """One section of the paper: its text with marks, what the checks say, what it borrowed."""
    view: Json = {
        "index": index,
        "heading": section.heading,
        "path": list(section.path),
        "level": section.level,
        "target": section.target_length,
        "points": len(section.points),
        "sources": {point.line: point.source or point.text for point in section.points},
        "drafted": kept is not None,
    }
    return (
        {**view, **text_view(kept.text, kept.findings, section, decisions, period), **_origin(kept)} if kept else view
    )


def _origin(kept: DraftSection) -> Json:
    return {
        "citations": [citation_view(citation) for citation in kept.citations],
        "attempts": kept.attempts,
        "fallbacks": kept.fallbacks,
        "seconds": round(kept.seconds, 1),
    }


def text_view(
    text: str, findings: Sequence[Finding], section: Section, decisions: Mapping[str, str], period: str = ""
) -> Json:
    """A section's text as shown, with its findings and the state of its figures; `period` is the brief's own."""
    points = (*section.points, Point(period, 0)) if period else section.points
    traces = trace(text, points)
    marks = section_marks(traces, findings, section.path, decisions, has_notes=bool(section.points))
    open_findings = [f for f in findings if decisions.get(finding_key(f, section.path)) != IGNORED]
    return {
        "text": text,
        "html": paragraphs(text, marks) if text else "",
        "marks": [[mark.start, mark.end, mark.state] for mark in marks],
        "length": length_of(text),
        "digest": digest(text),
        "findings": [finding_view(f, section.path, decisions) for f in findings],
        "figures": {"all": len(traces), "traced": sum(t.point is not None for t in traces)},
        "errors": sum(f.severity == "error" for f in open_findings),
        "warnings": sum(f.severity == "warning" for f in open_findings),
    }


def citation_view(citation: Citation) -> Json:
    """A past passage that a section was written beside; the page opens its document by `passage`."""
    return {
        "passage": citation.passage_id,
        "document": citation.document,
        "heading_path": list(citation.heading_path),
        "text": citation.text,
    }


def section_marks(
    traces: Sequence[Trace],
    findings: Sequence[Finding],
    path: Sequence[str],
    decisions: Mapping[str, str],
    *,
    has_notes: bool,
) -> list[Mark]:
    """Marks of a section: its figures by origin, over them the findings that were not waved through."""
    marks = [_figure_mark(traced) for traced in traces] if has_notes else []
    for finding in findings:
        key = finding_key(finding, path)
        if finding.draft is not None and decisions.get(key) != IGNORED:
            marks.append(finding_mark(finding, key))
    return marks


def finding_mark(finding: Finding, key: str) -> Mark:
    """The mark of a finding that names a place in the draft."""
    span = finding.draft
    assert span is not None
    line = finding.note.line if finding.note else 0
    tip = f"{SEVERITY_NAMES[finding.severity]} · {label_of(finding.kind)}：{finding.message}"
    return Mark(span.start, span.end, finding.severity, tip, key, line)


def _figure_mark(traced: Trace) -> Mark:
    figure, point = traced.figure, traced.point
    state: State = "ok" if point else "open"
    tip = f"已核对，出自要点：{_short(point)}" if point else "要点里没有找到这个数字，请核对"
    return Mark(figure.start, figure.end, state, tip, line=point.line if point else 0)


def _short(point: Point, limit: int = 80) -> str:
    text = point.text
    return text if len(text) <= limit else text[: limit - 1] + "…"
