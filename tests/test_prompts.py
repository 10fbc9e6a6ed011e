"""Prompt files are loaded strictly."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.compose import Ask, batches, example_for, fits, frame_request, lines_request, past_block, tokens
from assistant.errors import SettingsError
from assistant.phrases import suited, vocabulary
from assistant.plan import plan_report
from assistant.prompts import load, load_all, parse
from assistant.slots import lock
from assistant.verify import EXAMPLE_WORDS
from tests.test_generate import BRIEF

GOOD = "---\nname: a\nvariables: x\n---\n=== system\nfixed\n=== user\n{{x}}\n"


def test_every_shipped_prompt_loads_and_ends_with_the_material() -> None:
    prompts = load_all()
    assert {prompt.name for prompt in prompts} >= {"frame_work", "frame_plan", "lines", "polish"}
    for prompt in prompts:
        assert prompt.turns[-1][0] == ("assistant" if prompt.name.startswith("example_") else "user")
        assert all("{{" not in text for _, text in prompt.turns[:-1]), prompt.name


def test_strict_loading_and_filling() -> None:
    prompt = parse(GOOD, Path("a.md"))
    assert prompt.fill({"x": "材料"})[-1].content == "材料"
    assert prompt.digest != parse(GOOD.replace("fixed", "other"), Path("a.md")).digest
    for bad in (
        GOOD.replace("name: a", "name: b"),
        GOOD.replace("variables: x", "variables: y"),
        GOOD.replace("{{x}}", "x"),
    ):
        with pytest.raises(SettingsError):
            parse(bad, Path("a.md"))
    with pytest.raises(SettingsError):
        prompt.fill({})
    with pytest.raises(SettingsError):
        prompt.fill({"x": "1", "y": "2"})
    with pytest.raises(SettingsError):
        load("none-such")


def test_requests_fit_a_small_context() -> None:
    for plan in (plan for plan in plan_report(BRIEF) if plan.tone != "problem"):
        asks = [Ask(i, unit.clause, "参考") for i, unit in enumerate(plan.units)][:6]
        request = frame_request(plan, asks, "工作总结")
        assert fits(request, 4096)
        assert request.grammar is not None
        assert request.grammar.startswith("root ::=")


def test_the_worked_example_is_of_the_same_kind_of_section() -> None:
    duty = replace(BRIEF, doc_type="述职报告")
    shown = {example_for(plan) for brief in (BRIEF, duty) for plan in plan_report(brief)}
    assert shown == {"example_work", "example_duty", "example_problem", "example_plan"}
    for plan in plan_report(BRIEF):
        locked = [lock(unit.clause) for unit in plan.units]
        request = lines_request(plan, locked, range(len(locked)), [], doc_type="工作总结", remark="", masking=True)
        roles = [message.role for message in request.messages]
        assert roles == ["system", "user", "assistant", "user"]
        assert load(example_for(plan)).turns[0][1] == request.messages[1].content
        assert load(example_for(plan)).digest in request.prompt_hash


def test_examples_speak_of_the_far_away_topic_only() -> None:
    for name in ("example_work", "example_duty", "example_problem", "example_plan"):
        assert any(word in load(name).turns[1][1] for word in EXAMPLE_WORDS), name


def test_token_estimate_never_reaches_for_the_network_and_covers_digits() -> None:
    assert tokens("<|endoftext|>12345678901234567890") >= 20


def test_batches_are_even() -> None:
    assert [len(batch) for batch in batches(17, 8)] == [6, 5, 6]
    assert batches(0) == []
    assert [n for batch in batches(9, 4) for n in batch] == list(range(9))


def test_past_block_without_hits() -> None:
    assert past_block([]) == "无"


def test_stock_phrases_carry_no_fact() -> None:
    from assistant.checks.fidelity import check_fidelity
    from assistant.phrases import _all_phrases
    from assistant.records import Point
    from assistant.verify import says_nothing_new

    for phrase in _all_phrases():
        assert not check_fidelity(phrase, [Point("要点", 1)]), phrase
        assert says_nothing_new(phrase, ""), phrase
        assert 4 <= len(phrase) <= 24, phrase


def test_phrases_follow_the_topic() -> None:
    assert suited("开展专项督查19次", "（四）督查工作", "work").tails[0] != suited("走访群众", "服务", "work").tails
    assert "督" in "".join(suited("开展专项督查19次", "（四）督查工作", "work").tails)
    assert suited("无从归类的一件事", "无", "work").tails == ()
    assert vocabulary()


@pytest.mark.parametrize(
    ("text", "heading", "foreign"),
    [
        ("集采药品平均降价五成，节约药费300万元", "惠民生", "机关运行|过紧日子"),
        ("检查定点医药机构90家，追回基金12万元", "守基金", "市场|文明执法"),
        ("中考上线90人", "抓民生", "办学条件"),
        ("接待游客80万人次", "产业升级", "公务接待|机关"),
        ("全乡农村公路88公里", "分段包干", "粮食|农业"),
        ("发放低保金90万元", "社会救助", "宣传|知晓"),
        ("工单800件，满意率98%", "抓治理", "质量监管"),
        ("受灾3个乡镇，平均降雨90毫米", "雨情灾情", "."),
    ],
)
def test_phrases_keep_to_the_matter(text: str, heading: str, foreign: str) -> None:
    phrases = suited(text, heading, "work")
    assert not [phrase for phrase in (*phrases.leads, *phrases.tails) if re.search(foreign, phrase)]


def test_topics_that_fit_have_something_to_say() -> None:
    for text in ("来访90批，排查积案7件", "专项督查9次", "省市重点项目14个，完成投资9亿元", "高标准农田建成2万亩"):
        phrases = suited(text, "", "work")
        assert phrases.leads, text
        assert phrases.tails, text
