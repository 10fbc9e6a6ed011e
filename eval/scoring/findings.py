"""Findings against labelled items: was the planted error found, was a right draft left in peace?

Findings are read as plain mappings in the shape that `nigao check --batch` prints, so any checker can be scored.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Finding = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a checker did on one item. `alarms` are findings on an item that has no error."""

    wrong: bool
    found: bool
    named: bool
    alarms: tuple[str, ...]


def judge(expected: Sequence[Mapping[str, Any]], draft: str, findings: Sequence[Finding]) -> Verdict:
    """Judge the error findings of one draft against the expected ones; all of them must be overlapped.

    An expected entry with an empty `text` is something dropped: it needs a finding without a place in the draft whose
    note holds the figure.
    """
    errors = [finding for finding in findings if finding["severity"] == "error"]
    if not expected:
        return Verdict(False, False, False, tuple(describe(finding) for finding in errors))
    found = all(_meets(entry, draft, errors) for entry in expected)
    named = found and any(finding["kind"] == expected[0]["kind"] for finding in errors)
    return Verdict(True, found, named, ())


def _meets(entry: Mapping[str, Any], draft: str, errors: Sequence[Finding]) -> bool:
    if not entry["text"]:
        return any(_names(finding, _fold(entry.get("note") or "")) for finding in errors)
    start = draft.find(entry["text"])
    end = start + len(entry["text"])
    return any(overlaps(finding, start, end) for finding in errors)


def overlaps(finding: Finding, start: int, end: int) -> bool:
    """Whether a finding's place in the draft shares a character with a span."""
    place = finding.get("draft")
    return place is not None and bool(place["start"] < end and place["end"] > start)


def _names(finding: Finding, wanted: str) -> bool:
    note = finding.get("note")
    if finding.get("draft") or not note:
        return False
    text = _fold(note["text"])
    return wanted in text or text in wanted


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")


def judge_pair(severity: str, findings: Sequence[Finding]) -> bool:
    """A note/draft pair with one verdict: errors need an error, warnings anything, right ones no error."""
    has_error = any(finding["severity"] == "error" for finding in findings)
    if severity == "error":
        return has_error
    return bool(findings) if severity == "warning" else not has_error


def describe(finding: Finding) -> str:
    """A finding in a few words for the list of examples."""
    place = finding.get("draft") or finding.get("note") or {}
    return f"{finding['kind']}“{place.get('text', '')}”：{finding.get('message', '')}"
