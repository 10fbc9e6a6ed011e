"""Openings, results and links of sentences: drawn from the notes, each once, none where it says nothing."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from assistant.brief import parse_brief
from assistant.framing import first_sentence, outline_sentence
from assistant.generate import draft_section
from assistant.phrases import suited
from assistant.plan import Plan, plan_report
from assistant.records import Brief
from assistant.scripted import ScriptedModel
from assistant.units import Phrase, Unit
from assistant.verify import phrase_fault

NOTES = """---
title: 青禾县政府办公室2025年工作总结
unit: 青禾县政府办公室
period: 2025年
---
## 一、2025年工作情况
字数: 160
- 围绕“两提升”，年初9项重点任务完成8项
### （一）参谋服务
字数: 260
- 开展专题调研11次，形成报告6篇
- 起草文稿88篇
- 理论学习12次，讲党课2次
### （二）督查工作
字数: 240
- 专项督查7次
- 督办事项66件，办结64件
- 批示交办31件，办结30件
### （三）信访工作
- 来访41批
- 来信12件
- 公车4辆
## 二、存在问题
字数: 120
- 调研不深
- 督查结果运用不硬
## 三、2026年打算
字数: 150
- 调研报告不少于8篇
- 督查事项压减到10项
"""


@pytest.fixture(scope="module")
def brief() -> Brief:
    return parse_brief(NOTES)


@pytest.fixture(scope="module")
def plans(brief: Brief) -> list[Plan]:
    return plan_report(brief)


def text(plan: Plan) -> str:
    return plan.intro + "".join(unit.default for unit in plan.units)


def test_the_first_part_names_the_headings_below_it(brief: Brief, plans: list[Plan]) -> None:
    assert "参谋服务、办文办会" not in text(plans[0])
    assert "重点抓了参谋服务、督查、信访等工作" in text(plans[0])
    assert outline_sentence(brief.sections[1], brief) == ""


def test_a_first_sentence_names_matters_of_the_sections_own_bullets(brief: Brief, plans: list[Plan]) -> None:
    assert "调查研究" in plans[1].intro
    assert "理论学习" in plans[1].intro
    empty = first_sentence(brief.sections[1], [], Counter(), 0, first_person=False)
    assert empty == ""


def test_an_empty_sentence_stands_only_where_the_target_asks_for_more(brief: Brief) -> None:
    without = parse_brief(re.sub(r"字数: \d+\n", "", NOTES))
    for plan in plan_report(without):
        assert plan.intro == ""
        assert all(unit.after == "" for unit in plan.units)


def test_no_phrase_and_no_wording_of_a_first_or_last_sentence_comes_twice(plans: list[Plan]) -> None:
    phrases = [
        p.text for plan in plans for unit in plan.units for p in (*unit.tails, *([unit.lead] if unit.lead else []))
    ]
    assert len(phrases) == len(set(phrases))
    framing = [s for plan in plans for s in (plan.intro, plan.units[-1].after) if s]
    assert len(framing) == len(set(framing)) >= 4


def test_a_sentence_does_not_say_its_opening_again_as_its_result(plans: list[Plan]) -> None:
    for unit in (unit for plan in plans for unit in plan.units if unit.lead and unit.tails):
        assert unit.lead
        assert unit.lead.text[:2] != unit.tails[0].text[:2]


def test_only_neighbours_on_one_matter_are_joined(plans: list[Plan]) -> None:
    petitions = plans[3].units
    assert [unit.link for unit in petitions if "公车" in unit.clause] == [""]
    for plan in plans:
        for before, unit in zip(plan.units, plan.units[1:], strict=False):
            if unit.link or before.end == "；":
                assert suited(before.clause, "", "work").tails == suited(unit.clause, "", "work").tails


def test_two_short_sentences_on_one_matter_become_one() -> None:
    plan = plan_report(parse_brief("## 一、督查\n- 督办事项6件，办结5件\n- 批示交办3件"))[0]
    assert "。" not in text(plan)[:-1]


def test_an_aim_may_stand_before_the_facts() -> None:
    unit = Unit("差错率2‰", (), lead=Phrase("坚持质量为先"), tails=(Phrase("着力把好质量关口"),), fronted=True)
    assert unit.default == "坚持质量为先，着力把好质量关口，差错率2‰。"
    result = Unit("差错率2‰", (), lead=Phrase("坚持质量为先"), tails=(Phrase("以质量赢得信任"),), fronted=True)
    assert result.default == "坚持质量为先，差错率2‰，以质量赢得信任。"


def test_a_topic_that_only_the_heading_has_needs_a_word_of_the_clause() -> None:
    assert suited("新建凉亭2座", "粮食和物资", "work").tails == ()
    assert suited("192件，办结190件", "建议提案", "work").tails


def test_withheld_figures_are_neither_drafted_nor_missed() -> None:
    notes = NOTES + "- 追回目标500万元先不写\n- 拟招录9人，内部掌握；拟办培训4期\n"
    brief = parse_brief(notes)
    model = ScriptedModel(lambda messages: "")
    drafted = draft_section(brief.sections[-1], brief, [], model)
    assert "500" not in drafted.text
    assert "9人" not in drafted.text
    assert "4期" in drafted.text
    assert not [finding for finding in drafted.findings if finding.severity == "error"]
    assert sum(finding.kind == "withheld" for finding in brief.notices) == 2


def test_a_models_result_that_restates_or_announces_a_measure_is_refused(plans: list[Plan]) -> None:
    plan = plans[2]
    unit = Unit("督查队伍不稳，更换频繁", plan.units[0].points)
    assert phrase_fault("督查队伍更换不稳定", unit, plan)
    assert "举措" in phrase_fault("加强督查工作力度", unit, plan)


def test_a_models_result_replaces_a_topics_phrase_only_when_it_is_closer_to_the_clause(brief: Brief) -> None:
    def reply(tail: str) -> str:
        model = ScriptedModel(lambda messages: "\n".join(f"{n}. ｜{tail}｜{tail}" for n in range(1, 7)))
        model.supports_grammar = True  # type: ignore[misc]
        return draft_section(brief.sections[2], brief, [], model, seed=1).text

    assert reply("") == reply("推动各项工作有序开展")
    assert "推动督办工作落到实处" in reply("推动督办工作落到实处")


@pytest.mark.parametrize(
    ("heading", "begins"),
    [("（三）抓建议提案", "建议提案92件，"), ("（三）主要工作情况", "92件，"), ("（三）守底线，保平安", "92件，")],
)
def test_a_bare_count_gets_its_noun_from_the_heading(heading: str, begins: str) -> None:
    plan = plan_report(parse_brief(f"## {heading}\n- 92件，办结90件"))[0]
    assert plan.units[0].clause.startswith(begins)


@pytest.mark.parametrize(
    ("doc_type", "ends"),
    [
        ("情况汇报", "现将有关情况汇报如下。"),
        ("经验材料", "等工作。"),
        ("政府工作报告", "等工作。"),
        ("述职报告", "现将履职情况报告如下。"),
    ],
)
def test_a_report_is_announced_as_its_type_is_and_only_at_its_head(doc_type: str, ends: str) -> None:
    below = "".join(
        f"### （{n}）{name}\n- 办件9件\n" for n, name in zip("一二三", ("窗口服务", "热线", "档案"), strict=True)
    )
    brief = parse_brief(
        f"---\ntitle: 报告\ndoc_type: {doc_type}\n---\n## 一、做法\n- 办件9件\n{below}## 二、成效\n- 办件9件\n{below}"
    )
    assert outline_sentence(brief.sections[0], brief).endswith(ends)
    assert outline_sentence(brief.sections[4], brief).endswith("等工作。")
