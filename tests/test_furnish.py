"""Openings, results and links of sentences: drawn from the notes, each once, none where it says nothing."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from assistant.brief import parse_brief
from assistant.frames import write_frames
from assistant.framing import first_sentence, outline_sentence
from assistant.generate import draft_section
from assistant.layout import paragraphs
from assistant.phrases import suited, topic
from assistant.plan import Plan, plan_report, plan_section
from assistant.records import Brief, Point, Section
from assistant.scripted import ScriptedModel
from assistant.units import Phrase, Unit
from assistant.verify import phrase_fault
from assistant.writing import Desk

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
    assert "参谋服务、督查、信访等工作" in text(plans[0])
    assert outline_sentence(brief.sections[1], brief) == ""


def test_a_first_sentence_names_matters_of_the_sections_own_bullets(brief: Brief, plans: list[Plan]) -> None:
    assert "调查研究" in plans[1].intro
    assert "理论学习" in plans[1].intro
    empty = first_sentence(brief.sections[1], [], Counter(), 0, speaker="")
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
                assert topic(before.clause) == topic(unit.clause)


def test_two_short_sentences_on_one_matter_become_one() -> None:
    plan = plan_report(parse_brief("## 一、督查\n- 督办事项6件，办结5件\n- 批示交办3件"))[0]
    assert "。" not in text(plan)[:-1]


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
        model = ScriptedModel(lambda messages: "\n".join(f"{n}. {tail}" for n in range(1, 7)))
        model.supports_grammar = True  # type: ignore[misc]
        return draft_section(brief.sections[2], brief, [], model, seed=1).text

    assert reply("") == reply("推动各项工作有序开展")
    assert "推动专项督促取得实效" not in reply("")
    assert "着力使专项督查更有力度" not in reply("着力使专项督查更有力度")  # four characters of the clause


@pytest.mark.parametrize(
    ("heading", "begins"),
    [("（三）抓建议提案", "建议提案92件，"), ("（三）主要工作情况", "92件，"), ("（三）守底线，保平安", "92件，")],
)
def test_a_bare_count_gets_its_noun_from_the_heading(heading: str, begins: str) -> None:
    plan = plan_report(parse_brief(f"## {heading}\n- 92件，办结90件"))[0]
    assert plan.units[0].clause.startswith(begins)


@pytest.mark.parametrize(
    ("doc_type", "first", "ends"),
    [
        ("情况汇报", "窗口服务", "现将有关情况汇报如下。"),
        ("经验材料", "窗口服务", "等工作。"),
        ("政府工作报告", "窗口服务", "一年来，我们主要做了以下几个方面的工作。"),
        ("述职报告", "", "现将本人履行岗位职责的主要情况报告如下。"),
    ],
)
def test_a_report_is_announced_as_its_type_is_and_only_at_its_head(doc_type: str, first: str, ends: str) -> None:
    below = "".join(
        f"### （{n}）{name}\n- 办件9件\n" for n, name in zip("一二三", ("窗口服务", "热线", "档案"), strict=True)
    )
    brief = parse_brief(
        f"---\ntitle: 报告\ndoc_type: {doc_type}\n---\n## 一、做法\n- 办件9件\n{below}## 二、成效\n- 办件9件\n{below}"
    )
    announced = outline_sentence(brief.sections[0], brief)
    assert announced.endswith(ends)
    assert first in announced
    assert ends == "等工作。" or ends not in outline_sentence(brief.sections[4], brief)


def test_headings_that_are_verbs_are_announced_and_not_listed() -> None:
    below = "".join(
        f"### （{n}）{name}\n- 9件\n" for n, name in zip("一二三", ("抓招商", "优服务", "惠民生"), strict=True)
    )
    brief = parse_brief(f"---\ntitle: 报告\ndoc_type: 工作总结\n---\n## 一、做法\n- 9件\n{below}")
    assert outline_sentence(brief.sections[0], brief) == "现将有关情况报告如下。"


def phrases_of(unit: Unit) -> list[str]:
    return [*([unit.lead.text] if unit.lead else []), *(tail.text for tail in unit.tails)]


def plan_of(bullets: str, heading: str = "一、工作情况", rest: str = "", head: str = "") -> Plan:
    return plan_report(parse_brief(f"{head}## {heading}\n{bullets}\n{rest}"))[0]


def test_a_result_stands_behind_its_facts_and_a_second_phrase_only_where_length_asks_for_it(brief: Brief) -> None:
    for plan in plan_report(parse_brief(re.sub(r"字数: \d+\n", "", NOTES))):
        assert all(len(phrases_of(unit)) <= 1 for unit in plan.units)
    for plan in plan_report(brief):
        for unit in plan.units:
            assert all(unit.default.rstrip("。；").endswith(tail.text) or unit.after for tail in unit.tails[-1:])


def test_no_result_in_the_words_of_a_weakness_that_the_report_names() -> None:
    bullets = "## 一、工作情况\n字数: 110\n- 专题调研11次，形成报告6篇\n- 起草文稿88篇\n- 完成课题9个，座谈7场\n"

    def results(notes: str) -> set[str]:
        brief = parse_brief(notes)
        plans = [plan_section(brief.sections[0], brief, (), turn) for turn in range(6)]
        return {t.text for plan in plans for unit in plan.units if "文稿" not in unit.clause for t in unit.tails}

    assert any("决策" in text for text in results(bullets))
    named = results(bullets + "## 二、存在问题\n- 调研深度不够，能进决策的不多")
    assert named
    assert not [text for text in named if "调研" in text or "决策" in text]


def test_a_label_says_what_a_clause_is_about_and_a_result_speaks_of_what_it_stands_behind() -> None:
    assert topic("招商方面，2家过亿；工业园税收8万元") == "招商"
    tails = suited("供水方面，改水管16公里；道路方面，硬化21公里", "抓民生", "work").tails
    assert tails
    assert not [tail for tail in tails if "用水" in tail or "放心水" in tail or "水利" in tail]


def test_second_phrases_are_spared_where_a_section_stays_short_all_the_same() -> None:
    bullets = "字数: {}\n- 开展专项督查19次，印发通报11期，约谈滞后单位负责人6人次，督办事项66件"
    lean = plan_of(bullets.format(900), "（四）督查工作").units[0]
    full = plan_of(bullets.format(80), "（四）督查工作").units[0]
    assert len(phrases_of(lean)) == 1
    assert len(phrases_of(full)) == 2


def test_what_only_says_how_things_stand_takes_no_result() -> None:
    plan = plan_of("字数: 300\n- 在编38人，平均年龄36岁\n- 公车9辆，派车90台次\n- 接待费8万元，下降2%")
    assert [unit.tails for unit in plan.units[:2]] == [(), ()]


def test_a_bullet_is_not_cut_where_its_second_half_lives_on_the_first() -> None:
    zone = plan_of("字数: 400\n- 经济开发区：投4亿元搞“双通一平”；入驻企业14家，固定资产投资翻番")
    assert [unit.clause[:5] for unit in zone.units] == ["经济开发区"]
    share = plan_of("字数: 400\n- 专项督查19次，约谈6人次；“四不两直”占七成以上")
    assert len(share.units) == 1
    two = plan_of("字数: 400\n- 值班366天24小时双人双岗；节约水电费6万多元")
    assert len(two.units) == 2


def test_targets_stand_before_the_numbered_tasks_and_short_heads_before_their_sentence() -> None:
    head = "---\ntitle: 报告\ndoc_type: 政府工作报告\nperiod: 2023年\n---\n"
    goals = plan_of(
        "字数: 200\n- 预期目标：生产总值增长6%\n- 新建学校3所\n- 城建：道路4条", "三、2024年主要任务", head=head
    )
    whole = "".join(goals.opening(i) + unit.default for i, unit in enumerate(goals.units))
    assert whole.startswith("预期目标为：")
    assert re.search("目标，[^。]*：一是[^。]*新建学校3所", whole)
    assert re.search("二是[^。]*抓好城建工作，道路4条", whole)
    assert "方面" not in whole.split("一是")[1]
    selves = plan_of("字数: 300\n- 讲政治、讲法治、讲实干", "四、政府自身建设", head=head)
    assert re.search("一是讲政治。[^。]{8,}。二是讲法治。[^。]{8,}。三是讲实干。[^。]{8,}", "".join(
        selves.opening(i) + unit.default for i, unit in enumerate(selves.units)
    ))  # fmt: skip


def test_a_government_report_begins_as_it_is_read_out() -> None:
    head = (
        "---\ntitle: 政府工作报告\ndoc_type: 政府工作报告\nunit: 东阳市白河区人民政府\nperiod: 2023年\n"
        "audience: 区人大代表、列席的区政协委员\n---\n"
    )
    plan = plan_of("- 开局之年，各项任务完成\n- 收入9亿元", "一、2023年工作回顾", "### （一）抓项目\n- 开工4个\n", head)
    whole = "".join(plan.opening(i) + unit.default for i, unit in enumerate(plan.units))
    assert whole.startswith("各位代表：\n现在，我代表白河区人民政府，向大会报告工作，请予审议，并请政协委员")
    assert "2023年是开局之年，" in whole
    other = plan_of(
        "- 收入9亿元",
        "一、工作回顾",
        "### （一）抓项目\n- 开工4个\n",
        head.replace("区人大代表、列席的区政协委员", "区委"),
    )
    assert other.salute == ""


def test_two_deeds_on_one_matter_are_joined_and_a_bare_count_is_not() -> None:
    first = "接待群众来访163批412人次，批次同比下降9.4%，其中集体访11批157人，初次来访92批，重复来访71批，全部登记在册"
    second = "{}网上信访589件，办结571件，其中初次信访300件，重复信访289件，按期办结率百分之九十八，群众参评率九成以上"
    plan = plan_of(f"- {first}\n- {second.format('受理')}", "（六）工作")
    assert plan.units[1].default.startswith("同时，") or plan.units[0].tails
    plan = plan_of(f"- {first}\n- {second.format('现有')}", "（六）工作")
    assert plan.units[1].link == ""


def test_weaknesses_and_their_consequences_share_no_word_and_do_not_end_alike() -> None:
    notes = (
        "## 二、存在问题\n字数: 400\n- 调研深度不够\n- 督查结果运用不硬\n- 信息化系统老旧\n- 干部下基层少\n- 信访积案难"
    )
    plan = plan_report(parse_brief(notes))[0]
    tails = [tail.text for unit in plan.units for tail in unit.tails]
    assert len(tails) >= 3
    assert len({tail[-3:] for tail in tails}) == len(tails)
    assert all(len(unit.tails) <= 1 and unit.lead is None for unit in plan.units)


@pytest.mark.parametrize("phrase", ["投诉处理效率提高", "有效提升办理质量", "加强投诉管理", "办理质量得到改善"])
def test_a_model_may_say_what_work_is_for_and_not_what_it_led_to(plans: list[Plan], phrase: str) -> None:
    unit = Unit("收到投诉3件，均已答复", plans[3].units[0].points)
    assert phrase_fault(phrase, unit, plans[3])


def test_paragraphs_begin_where_the_matter_changes() -> None:
    bullets = "\n".join(
        f"- {text}" for text in (
            "开展专题调研19次，召开座谈会23场，形成调研报告26篇，转化为政策文件9件，完成市级课题8个，转化率三成五以上",
            "起草文稿88篇，其中领导讲话57篇，省级刊物刊发文稿9篇，市级刊物刊发文稿17篇，校对各类文稿1100余页",
            "开展专项督查7次，督办事项66件，办结64件，编发通报9期，约谈6人次，督办代表建议15件，办结率百分之九十九",
            "接待群众来访41批，收到来信12件，化解积案9件，受理网上信访589件，办结571件，书记信箱278件，满意率九成",
        )
    )  # fmt: skip
    plan = plan_of(bullets, "（一）工作")
    begins = paragraphs(plan, [120, 120, 120, 120])
    assert begins == {2}
    assert paragraphs(plan, [60, 60, 60, 60]) == set()


@pytest.mark.parametrize(("target", "taken"), [(40, False), (30, True)])
def test_a_models_shorter_result_may_not_cost_the_length_asked_for(target: int, taken: bool) -> None:
    clause, stock, own = (
        "开展专项督查19次，印发通报11期",
        "推动各项工作任务件件有着落事事有回音",
        "推动督查工作落地见效",
    )
    point = Point(clause, 2)
    section = Section("督查工作", 1, ("督查工作",), 1, (point,), target)
    plan = Plan(section, "主要做法", "work", (Unit(clause, (point,), tails=(Phrase(stock, open=True),)),))
    model = ScriptedModel(lambda messages: f"1. {own}")
    sentences = write_frames(plan, "工作总结", Desk(model), lambda index: "")
    assert (own in sentences[0]) is taken
    assert (stock in sentences[0]) is not taken
