"""Checks over the whole report, and help with the outline."""

from __future__ import annotations

from assistant.checks.plans import plans_of
from assistant.consistency import check_report
from assistant.records import DraftSection, PastRef
from tests.test_generate import BRIEF

PAST = """某中心2024年工作总结
一、工作情况
受理申请7750件。
三、2025年工作打算
一是加强队伍学习，开展集中学习和岗位轮换。二是建设新的档案库房，改善保管条件。
（一）其他
推动热线和窗口咨询融合，提高咨询服务水平。
附：名单
"""


def _section(index: int, text: str) -> DraftSection:
    section = BRIEF.sections[index]
    return DraftSection(section.heading, section.path, section.level, text)


def test_plans_of_a_past_report() -> None:
    plans = list(plans_of(PAST))
    assert len(plans) >= 3
    assert "建设新的档案库房" in plans
    assert list(plans_of("一、工作情况\n受理申请7750件，办结7700件。")) == []


def test_last_years_plans_are_accounted_for_or_named() -> None:
    findings = [f for f in check_report(BRIEF, [], [PastRef("去年.txt", PAST)]) if f.kind == "plans"]
    by_text = {f.past.text if f.past else "": f for f in findings}
    assert by_text["开展集中学习和岗位轮换"].note is not None
    assert by_text["建设新的档案库房"].note is None
    assert "没有交代" in by_text["建设新的档案库房"].message


def test_the_opening_has_no_figures_of_its_own() -> None:
    good = check_report(BRIEF, [_section(0, "全年受理申请8420件，同比增长8.6%。")])
    bad = check_report(BRIEF, [_section(0, "全年受理申请8420件，走访企业77家。")])
    assert not [f for f in good if f.kind == "opening"]
    assert [f.severity for f in bad if f.kind == "opening"] == ["error"]


def test_repeated_sentences_and_terms() -> None:
    text = "窗口服务水平稳步提升，群众办事更加便捷。"
    findings = check_report(BRIEF, [_section(1, text), _section(2, text + "固投增长，固定资产投资加快。")])
    assert {"repeat", "term"} <= {f.kind for f in findings}


def test_one_indicator_with_two_values() -> None:
    sections = [_section(1, "固定资产投资完成45.4亿元。"), _section(2, "固定资产投资完成46.4亿元。")]
    assert "differs" in {f.kind for f in check_report(BRIEF, sections)}


def test_what_is_planned_is_no_other_value_of_what_was_done() -> None:
    plan = next(index for index, section in enumerate(BRIEF.sections) if "打算" in section.heading)
    done, planned = "形成调研报告数量28篇。", "形成调研报告数量不少于30篇。"
    assert "differs" in {f.kind for f in check_report(BRIEF, [_section(1, done), _section(2, planned)])}
    assert "differs" not in {f.kind for f in check_report(BRIEF, [_section(1, done), _section(plan, planned)])}
