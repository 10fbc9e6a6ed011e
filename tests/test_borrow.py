"""Only phrasing without facts is taken from past reports."""

from __future__ import annotations

from assistant.borrow import past_phrases
from assistant.generate import draft_section
from assistant.records import Brief, Hit, Passage, Point, Section
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
    result = draft_section(BRIEF.sections[1], BRIEF, [_hit()], frames(""))
    assert "推动窗口服务质量不断提升" in result.text
    assert [citation.document for citation in result.citations] == ["去年总结.txt"]
    assert result.citations[0].passage_id == "p1"


def test_an_opening_of_last_year_is_taken_where_the_matter_is_the_same() -> None:
    past = "坚持生态优先、绿色发展，坚持开展巡河40次，坚持城乡统筹发展，为农民工提供法律援助。"
    hits = [
        Hit(n, 1.0, Passage(f"p{n}", f"d{n}", 0, len(text), text, ("三、治污",)), f"{n}.txt", "去年报告")
        for n, text in enumerate((past, "今年天气较好。"), 1)
    ]
    points = (Point("空气质量优良天数312天", 1), Point("水质断面达标率100%", 2), Point("植树造林1200亩", 3))
    section = Section("三、生态环境", 2, ("三、生态环境",), 1, points, 260)
    brief = Brief("某县2024年工作总结", "某县生态环境局", "2024年", "工作总结", "", (section,))
    assert [phrase for phrase, _ in past_phrases(hits, section, brief, "work")] == ["坚持生态优先、绿色发展"]
    result = draft_section(section, brief, hits, frames(""))
    assert "坚持生态优先、绿色发展，" in result.text
    assert "农民工" not in result.text
    assert [citation.passage_id for citation in result.citations] == ["p1", "p2"]  # taken from first, then beside
