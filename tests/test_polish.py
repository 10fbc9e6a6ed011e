"""Polishing changes words, never facts, and nothing outside the sentences it changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest

from assistant.errors import InputError
from assistant.llm import Message
from assistant.polish import apply, lock_all, polish, sentences, substance_fault
from assistant.records import Point
from assistant.scripted import ScriptedModel

TEXT = (
    "# 标题不动\n\n一、工作情况\r\n今年我们开展调研21次，召开座谈会13场，形成报告26篇。"
    "根据《公文处理办法》要求，文件差错率控制在千分之三以内。\n| 表 | 12 |\n  下一步，计划培训3期，力争满意率达到98%以上。  \n"
)


def rewriting(change: Callable[[str], str]) -> ScriptedModel:
    def reply(messages: Sequence[Message]) -> str:
        return change(messages[-1].content.split("原句：")[-1])

    return ScriptedModel(reply)


def test_sentences_are_exact_spans_and_leave_headings_and_tables_out() -> None:
    found = [TEXT[start:end] for start, end in sentences(TEXT)]
    assert found == [
        "今年我们开展调研21次，召开座谈会13场，形成报告26篇。",
        "根据《公文处理办法》要求，文件差错率控制在千分之三以内。",
        "下一步，计划培训3期，力争满意率达到98%以上。",
    ]


def test_good_rewriting_is_a_list_of_changes_that_can_be_accepted_one_by_one() -> None:
    result = polish(TEXT, "规范", "", rewriting(lambda s: s.replace("我们开展", "扎实开展").replace("力争", "争取")))
    assert next(change.before for change in result.changes).startswith("今年我们开展调研21次")
    assert "扎实开展调研21次" in result.after
    assert result.accept([]) == TEXT
    assert result.accept([0]) == TEXT.replace("我们开展", "扎实开展")
    for change in result.changes:
        assert TEXT[change.start : change.end] == change.before
        assert change.reason


def test_bytes_outside_the_changes_stay() -> None:
    result = polish(TEXT, "生动", "", rewriting(lambda s: s.replace("我们开展", "扎实开展")))
    parts = re.split("今年我们开展|今年扎实开展", TEXT)
    assert result.after == TEXT.replace("我们开展", "扎实开展")
    assert result.after.startswith(parts[0])
    assert result.after.endswith(parts[1])


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.replace("{A}", ""),
        lambda s: s + "{A}",
        lambda s: s + "{Q}",
        lambda s: s.replace("，", "，近百家单位参加，"),
        lambda s: s.replace("以内", "以上"),
        lambda s: s.replace("计划", "完成"),
        lambda s: s.replace("开展", "没有开展"),
        lambda s: s.replace("。", "，受到省委充分肯定。"),
        lambda s: "好的，改写如下：" + s,
        lambda s: s[:9],
        lambda s: s * 4,
        lambda s: re.sub(r"\{A\}(.*)\{B\}", r"{B}\1{A}", s),
        lambda s: "",
    ],
)
@pytest.mark.parametrize("mode", ["规范", "精简", "扩写", "生动"])
def test_no_fact_changes_whatever_the_model_says(change: Callable[[str], str], mode: str) -> None:
    text = "".join(TEXT[start:end] for start, end in sentences(TEXT))
    result = polish(text, mode, "", rewriting(change))
    for fact in ("21次", "13场", "26篇", "《公文处理办法》", "千分之三以内", "计划培训3期", "98%以上"):
        assert fact in result.after
    assert "百家" not in result.after
    assert "肯定" not in result.after
    assert "没有" not in result.after
    assert re.search("调研21次.*座谈会13场.*报告26篇", result.after)


def test_in_place_keeps_one_sentence_one_sentence() -> None:
    old = "全年检查企业12家，整改隐患3处，工作取得进展。"
    new = "全年检查企业12家。整改隐患3处，工作取得进展。"
    assert substance_fault(old, new, "扩写", in_place=True)


def test_kept_sentences_are_named() -> None:
    result = polish("全年检查企业12家，整改隐患3处。", "精简", "", rewriting(lambda _s: "没有数字的一句话。"))
    assert not result.changes
    assert result.findings[0].kind == "polish"
    assert result.before == result.after


def test_names_titles_and_marks_are_locked() -> None:
    locked = lock_all("青山县印发《督查办法》，落实“四下基层”，受理{A}类事项12件")
    assert not re.search(r"青山|督查办法|四下基层|12|｛", locked.text)
    assert [slot.surface for slot in locked.slots][:2] == ["青山县", "《督查办法》"]


def test_notes_are_checked_when_there_are_some() -> None:
    result = polish(
        "全年检查企业13家，整改隐患3处。",
        "规范",
        "",
        rewriting(lambda s: s),
        points=[Point("检查企业12家，整改隐患3处", 1)],
    )
    assert any(finding.severity == "error" for finding in result.findings)


def test_stream_grows_to_the_result() -> None:
    shown: list[str] = []
    result = polish(TEXT, "规范", "", rewriting(lambda s: s.replace("我们开展", "扎实开展")), on_text=shown.append)
    assert "".join(shown) == result.after


def test_bad_input() -> None:
    model = ScriptedModel([])
    with pytest.raises(InputError, match="润色方式"):
        polish("一段文字", "华丽", "", model)
    with pytest.raises(InputError, match="没有可以润色"):
        polish(" \n", "规范", "", model)
    assert polish("短句", "规范", "", model).after == "短句"


def test_apply_takes_changes_in_any_order() -> None:
    result = polish(TEXT, "规范", "", rewriting(lambda s: s.replace("我们开展", "扎实开展").replace("力争", "争取")))
    assert apply(TEXT, list(reversed(result.changes))) == result.after


@pytest.mark.parametrize("unit", ["个百分点", "%", "元"])
def test_no_second_unit_behind_a_figure(unit: str) -> None:
    text = "全年财政收入增长9.9%，居民收入增长百分之十点二。"
    result = polish(text, "规范", "", rewriting(lambda s: s.replace("，居民", unit + "，居民")))
    assert result.after == text
    assert substance_fault(text, text.replace("，居民", unit + "，居民"), "规范") == "单位有变化"


def test_a_change_of_how_a_figure_moved_is_refused() -> None:
    fault = "增减、同比的说法有变化"
    assert substance_fault("存款14764亿元，增加2124亿元。", "存款14764亿元，增长2124亿元。", "规范") == fault
    assert substance_fault("收入增长6%，物价涨幅3%。", "收入增长6%，物价涨幅增长3%。", "规范") == fault
    assert substance_fault("我们努力使存款增加2124亿元。", "努力使存款增加2124亿元。", "规范") == ""
