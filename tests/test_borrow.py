"""Only phrasing without facts is taken from past reports."""

from __future__ import annotations

from assistant.borrow import past_phrases
from assistant.generate import draft_section
from assistant.records import Hit, Passage
from tests.test_generate import BRIEF, frames

TEXT = (
    "全年受理申请7750件，有效提升了服务水平，促进了青山县和谐稳定，推动工作再上新台阶，受到县委充分肯定，"
    "切实做到立足某实际，有效办结342件，进一步落实《旧办法》，推动窗口服务质量不断提升，确保"
)


def _hit() -> Hit:
    return Hit(1, 1.0, Passage("p1", "d", 0, len(TEXT), TEXT, ("一、工作",)), "去年总结.txt", "去年总结")


def test_phrases_without_facts_only() -> None:
    found = [phrase for phrase, _ in past_phrases([_hit()], BRIEF.sections[1], BRIEF, "work")]
    assert "推动窗口服务质量不断提升" in found
    for secret in ("7750", "342", "青山", "某", "肯定", "旧办法", "县委"):
        assert not any(secret in phrase for phrase in found)


def test_a_borrowed_phrase_is_cited() -> None:
    result = draft_section(BRIEF.sections[1], BRIEF, [_hit()], frames("", ""))
    assert "推动窗口服务质量不断提升" in result.text
    assert [citation.document for citation in result.citations] == ["去年总结.txt"]
    assert result.citations[0].passage_id == "p1"
