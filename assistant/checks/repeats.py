"""Sentences that stand twice in a report, or that were taken over from last year's word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checks.prose import Stretch, is_heading, paragraphs, sentences
from assistant.records import Finding, PastRef

WITHIN = 15
FROM_PAST = 20
_SPACE = re.compile(r"\s+")


def check_repeats(text: str, past: Sequence[PastRef] = ()) -> list[Finding]:
    """Repeated sentences, as warnings.

    Args:
        text: the report.
        past: whole texts of past reports.
    """
    earlier = {_key(s): ref for ref in past for p in paragraphs(ref.text) for s in sentences(p) if _long(s, FROM_PAST)}
    seen: set[str] = set()
    findings = []
    for paragraph in paragraphs(text):
        if is_heading(paragraph.content):
            continue
        for sentence in sentences(paragraph):
            key = _key(sentence)
            if key in seen and _long(sentence, WITHIN):
                findings.append(Finding("repeat", "warning", "这句话前面已经写过，请删去一处。", draft=sentence.span()))
            elif key in earlier:
                source = PastRef(earlier[key].document, sentence.content)
                message = f"这句话与《{source.document}》完全相同，请确认今年仍然如此。"
                findings.append(Finding("leftover", "warning", message, draft=sentence.span(), past=source))
            seen.add(key)
    return findings


def _key(sentence: Stretch) -> str:
    return _SPACE.sub("", sentence.content).rstrip("。；！？")


def _long(sentence: Stretch, least: int) -> bool:
    return len(_key(sentence)) >= least
