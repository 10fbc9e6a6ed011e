"""One line of `nigao check --batch` to one line of its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.checks.arithmetic import check_arithmetic
from assistant.checks.counts import check_counts
from assistant.checks.fidelity import check_fidelity
from assistant.checks.merge import distinct
from assistant.checks.options import CheckOptions
from assistant.checks.sums import check_sums
from assistant.records import Finding, PastRef, Point, verdict_of


def check_item(item: dict[str, Any], options: CheckOptions = CheckOptions()) -> dict[str, Any]:
    """Check `{"id", "notes", "exemplar", "draft"}`, `report_year` optional; spans of the answer are offsets into the given draft."""
    draft = str(item["draft"])
    if item.get("report_year"):
        options = replace(options, report_year=int(item["report_year"]))
    points = [Point(text=str(note), line=number) for number, note in enumerate(item.get("notes") or (), 1)]
    exemplar = item.get("exemplar")
    past = [PastRef("往年材料", str(exemplar))] if exemplar else []
    findings = distinct(
        check_fidelity(draft, points, past, options)
        + check_counts(draft, "\n".join(point.text for point in points))
        + check_arithmetic(draft)
        + check_sums(draft, joined=False)
    )
    return {
        "id": item.get("id"),
        "verdict": verdict_of(findings),
        "findings": [finding_json(finding) for finding in findings],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding in the JSON form of `nigao check`."""
    draft, note, past = finding.draft, finding.note, finding.past
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "message": finding.message,
        "draft": {"start": draft.start, "end": draft.end, "text": draft.text} if draft else None,
        "note": {"line": note.line, "text": note.text} if note else None,
        "past": {"document": past.document, "text": past.text} if past else None,
        "formula": finding.formula or None,
        "suggestion": finding.suggestion,
    }
