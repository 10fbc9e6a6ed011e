"""Parallel headings: one pattern, the writer's own matters, nothing invented; the model's pass the same checks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files

import pytest

from assistant.brief import parse_brief
from assistant.compose import grammar_of_headings
from assistant.figures import recognise
from assistant.llm import Message
from assistant.outline_help import Suggestion, _aims, _suited, _verbs, parallel_headings, with_model
from assistant.records import Brief
from assistant.scripted import ScriptedModel
from assistant.verify import says_nothing_new

NOTES = """---
title: 云岭县办公室2024年工作总结
period: 2024年
---
## 一、2024年工作情况
- 紧扣中心，各项工作有序推进
### （一）政务督查
- 专项督查19次，发通报11期
- 督办领导批示195件
### （二）接待与后勤保障
- 公务接待98批次，接待费25.3万元
### （三）
- 信访积案化解12件，接待来访群众90人次
### （四）抓督查，盯着不放
- 督办民生实事10件，督查通报4期
## 二、存在问题
- 督查办法不多
## 三、2025年打算
- 开展专项督查20次
"""
BRIEF = parse_brief(NOTES)
HALVES = re.compile(r"（[一二三四五]）抓[一-龥]{4}，[一-龥]{5}")


def by_heading(suggestions: Sequence[Suggestion]) -> dict[str, tuple[str, ...]]:
    return {suggestion.heading: suggestion.choices for suggestion in suggestions}


def test_every_choice_is_of_one_pattern() -> None:
    choices = [choice for suggestion in parallel_headings(BRIEF) for choice in suggestion.choices]
    assert choices
    assert all(HALVES.fullmatch(choice) for choice in choices)
    assert len({choice[-5:] for choice in choices}) == len(choices)
    assert not any(figure.checkable for choice in choices for figure in recognise(choice))


def test_the_first_half_is_the_writers_own() -> None:
    found = by_heading(parallel_headings(BRIEF))
    assert found["（一）政务督查"][0].startswith("（一）抓政务督查，")
    assert found["（二）接待与后勤保障"][0].startswith("（二）抓接待后勤，")
    assert found["（三）"][0].startswith("（三）抓群众诉求，")
    assert found["（四）抓督查，盯着不放"][0].startswith("（四）抓督查工作，")


def test_only_parts_that_report_work_side_by_side() -> None:
    assert [BRIEF.sections[s.index].heading for s in parallel_headings(BRIEF)] == list(
        by_heading(parallel_headings(BRIEF))
    )
    assert not set(by_heading(parallel_headings(BRIEF))) & {"一、2024年工作情况", "二、存在问题", "三、2025年打算"}
    alone = parse_brief("## 一、督查工作\n- 专项督查19次\n## 二、存在问题\n- 办法不多\n")
    assert parallel_headings(alone) == ()
    assert parallel_headings(Brief("空")) == ()


def test_what_the_bullets_do_not_say_is_left_alone() -> None:
    brief = parse_brief("## 一、督查工作\n- 专项督查19次\n## 二、其他方面的事\n- 已办妥\n")
    assert by_heading(parallel_headings(brief))["二、其他方面的事"] == ()


def test_one_matter_serves_once() -> None:
    brief = parse_brief("## 一、督查工作\n- 专项督查19次\n## 二、督查\n- 督查通报3期\n")
    assert [bool(suggestion.choices) for suggestion in parallel_headings(brief)] == [True, False]


def answering(*aims: str) -> ScriptedModel:
    """A model that copies the first half of each line that it is shown, and ends it with `aims`."""

    def reply(messages: Sequence[Message]) -> str:
        firsts = re.findall(r"^(\d+\. 抓[一-龥]{4})：", messages[-1].content, re.MULTILINE)
        return "\n".join(f"{first}，{aim}" for first, aim in zip(firsts, aims, strict=False))

    return ScriptedModel(reply)


def test_the_models_are_one_choice_more() -> None:
    before, after = parallel_headings(BRIEF), with_model(BRIEF, answering("促服务质效", "护群众安全"))
    assert after[0].choices == (*before[0].choices, "（一）抓政务督查，促服务质效")
    assert after[1].choices == (*before[1].choices, "（二）抓接待后勤，护群众安全")
    assert after[2:] == before[2:]


@pytest.mark.parametrize(
    "aim", ["促20项服务", "促十项服务", "促服务", "促政务督查", "成绩居全市", "促瓴甋堃喆", "促决策落实，强本领"]
)
def test_a_model_that_goes_astray_changes_nothing(aim: str) -> None:
    assert with_model(BRIEF, answering(aim)) == parallel_headings(BRIEF)


def test_the_same_aim_is_taken_once_and_another_matter_never() -> None:
    after = with_model(BRIEF, answering("促服务质效", "促服务质效"))
    assert sum("促服务质效" in choice for suggestion in after for choice in suggestion.choices) == 1
    strayed = ScriptedModel(["1. 抓经济建设，促服务质效"])
    assert with_model(BRIEF, strayed) == parallel_headings(BRIEF)


def test_no_model_is_asked_for_nothing() -> None:
    model = ScriptedModel([])
    assert with_model(Brief("空"), model) == ()
    assert model.calls == 0


def test_the_grammar_gives_the_first_halves_and_what_suits_them() -> None:
    grammar = grammar_of_headings(["抓政务督查", "抓后勤保障"], [["促决策落实", "促工作落实"], ["优机关服务"]])
    assert grammar == (
        'root ::= "1. 抓政务督查，" ("促决策落实" | "促工作落实") "\\n" "2. 抓后勤保障，" ("优机关服务")'
    )


def test_a_small_model_chooses_from_what_the_bullets_are_for() -> None:
    suited = _suited(parallel_headings(BRIEF), BRIEF)
    offered = {choice[-5:] for suggestion in parallel_headings(BRIEF) for choice in suggestion.choices}
    every = [aim for aims in suited.values() for aim in aims]
    assert every
    assert len(set(every)) == len(every)
    assert not offered & set(every)
    assert set(every) <= {aim for aims in _aims().values() for aim in aims}


def test_every_topic_has_aims_without_facts() -> None:
    bank = tomllib.loads(files("assistant.phrases").joinpath("bank.toml").read_text("utf-8"))
    assert set(_aims()) == {topic["name"] for topic in bank["topic"]} | {"通用"}
    for aim in (aim for aims in _aims().values() for aim in aims):
        assert len(aim) == 5, aim
        assert says_nothing_new(aim, ""), aim
        assert not any(figure.checkable for figure in recognise(aim)), aim
    assert "促" in _verbs()
