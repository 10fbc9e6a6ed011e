"""Records as the JSON that other programs script against (design section 7). The shapes here are stable.

A command with errors among its findings exits with 1, but for `check --batch`: it has answered every line, each with a
verdict of its own, and whoever pipes the answers on must not be stopped by one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.checks.batch import finding_json as finding_json
from assistant.records import Draft, DraftSection, Finding, Hit

if TYPE_CHECKING:
    from assistant.archive import IngestReport
    from assistant.pipeline import CheckReport
    from assistant.polish import PolishResult

Json = dict[str, Any]


def findings_json(findings: Iterable[Finding]) -> list[Json]:
    """Findings as every command prints them."""
    return [finding_json(finding) for finding in findings]


def ingest_json(report: IngestReport) -> Json:
    """The answer of `nigao ingest`; seconds of wall clock."""
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "failed": [{"path": str(path), "reason": reason} for path, reason in report.failed],
        "documents": report.documents,
        "passages": report.passages,
        "seconds": round(report.seconds, 3),
    }


def hit_json(hit: Hit) -> Json:
    """One hit of a search; `start` and `end` are offsets into the text of its document."""
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "document": hit.document,
        "title": hit.title,
        "year": hit.year,
        "unit": hit.unit,
        "doc_type": hit.doc_type,
        "section_role": hit.passage.role,
        "heading_path": list(hit.passage.heading_path),
        "text": hit.passage.text,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "masked": hit.masked,
        "matched": [list(span) for span in hit.matched],
    }


def search_json(query: str, hits: Iterable[Hit]) -> Json:
    """The answer of `nigao search`."""
    return {"query": query, "hits": [hit_json(hit) for hit in hits]}


def section_json(section: DraftSection) -> Json:
    """A drafted section; spans of its findings are offsets into its text, lengths are in 字, times in seconds."""
    return {
        "heading": section.heading,
        "path": list(section.path),
        "text": section.text,
        "length": section.length,
        "target_length": section.target_length,
        "findings": findings_json(section.findings),
        "citations": [
            {"document": c.document, "heading_path": list(c.heading_path), "text": c.text} for c in section.citations
        ],
        "attempts": section.attempts,
        "fallbacks": section.fallbacks,
        "seconds": round(section.seconds, 3),
        "model_seconds": round(section.model_seconds, 3),
        "usage": asdict(section.usage),
        "prompt_hash": section.prompt_hash,
    }


def draft_json(draft: Draft) -> Json:
    """The answer of `nigao draft`; `findings` are those of the whole, beside those of its sections."""
    return {
        "title": draft.brief.title,
        "model": draft.model,
        "seed": draft.seed,
        "verdict": draft.verdict,
        "sections": [section_json(section) for section in draft.sections],
        "findings": findings_json(draft.findings),
        "coverage": asdict(draft.coverage),
        "seconds": round(draft.seconds, 3),
        "usage": asdict(draft.usage),
    }


def check_json(report: CheckReport) -> Json:
    """The answer of `nigao check`; spans are offsets into the text of the report."""
    return {
        "verdict": report.verdict,
        "findings": findings_json(report.findings),
        "figures": dict(report.figures),
    }


def polish_json(result: PolishResult) -> Json:
    """The answer of `nigao polish`."""
    return {
        "before": result.before,
        "after": result.after,
        "changes": [asdict(change) for change in result.changes],
        "findings": findings_json(result.findings),
    }
