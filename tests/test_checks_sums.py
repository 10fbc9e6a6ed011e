"""Arithmetic inside a sentence: wrong sums are found, right ones and those that cannot be judged are left alone."""

from __future__ import annotations

import pytest

from assistant.checks.consistency import check_consistency
from assistant.checks.intervals import exchanged, typo_like
from assistant.checks.sums import check_sums

WRONG = [
    ("全县现有档案室46个，其中机关档案室19个、乡镇档案室12个、村级档案室16个。", "16个"),
    ("全年收到建议提案310件，上年为248件，同比增长35%。", "35%"),
    ("公文平均流转时间由10天缩短到6天，缩短30%。", "30%"),
    ("数字档案由20万卷增加到80万卷，实现翻一番。", "翻一番"),
    ("发文数量较上年减少26件，上年为126件，今年为110件。", "110件"),
    ("办理督查事项80项，其中民生类44项，占50%。", "50%"),
    ("年初计划修缮库房50间，已完工41间，完工率达到92%。", "92%"),
    ("摸排问题63个，已整改55个，剩余9个。", "9个"),
    ("会议费支出由40万元下降到30万元，下降125%。", "125%"),
    ("经费来源中，上级补助占55%，本级财政占30%，社会捐助占25%。", "25%"),
    ("每人每月补助300元，享受补助20人，全年累计发放7.8万元。", "7.8万元"),
    ("年度计划接待参观200批，实际完成250批，完成年度计划的120%。", "120%"),
]
RIGHT = [
    "全县现有档案室47个，其中机关档案室19个、乡镇档案室12个、村级档案室16个。",
    "全年收到建议提案310件，上年为248件，同比增长25%。",
    "公文平均流转时间由10天缩短到6天，缩短40%。",
    "数字档案由20万卷增加到80万卷，实现翻两番。",
    "发文数量较上年减少26件，上年为126件，今年为100件。",
    "办理督查事项80项，其中民生类44项，占55%。",
    "摸排问题63个，已整改55个，剩余8个。",
    "每人每月补助300元，享受补助20人，全年累计发放7.2万元。",
    # Parts may overlap or be incomplete, growth may have another base: nothing can be said.
    "干部120人，其中党员98人、女性47人。",
    "招录人员36名，其中研究生9名，组织轮岗交流31名。",
    "生产总值由2015年的80亿元增加到2020年的120亿元，同比增长6.1%。",
    "生产总值由80亿元增加到84亿元，按可比价格计算增长6.4%。",
    "由1.2亿元增加到1.5亿元，增长24%。",
    "利润由盈利20万元下降到亏损5万元，下降125%。",
]


@pytest.mark.parametrize(("text", "blamed"), WRONG)
def test_wrong_calculation_is_blamed(text: str, blamed: str) -> None:
    found = check_sums(text)
    assert [f.draft.text for f in found if f.draft] == [blamed]
    assert found[0].kind == "arithmetic"
    assert found[0].formula


@pytest.mark.parametrize("text", RIGHT)
def test_right_or_open_calculation_is_left_alone(text: str) -> None:
    assert check_sums(text) == []


def test_spans_point_into_the_text() -> None:
    text = "一、总体情况\n全年平稳。收文由200件减少到150件，减少35%。"
    (found,) = check_sums(text)
    assert found.draft is not None
    assert text[found.draft.start : found.draft.end] == found.draft.text == "35%"


def test_exchanged_digits_between_paragraphs() -> None:
    text = "全年整理档案1286卷。\n在规范管理上，1268卷整理好的档案全部入库。"
    assert [f.draft.text for f in check_consistency(text) if f.draft] == ["1268卷"]
    assert check_consistency(text.replace("1268", "1286")) == []
    assert check_consistency("全年整理档案1286卷。\n计划明年整理档案1268卷。") == []


@pytest.mark.parametrize(
    ("one", "other", "typo", "swap"),
    [("168", "186", True, True), ("25", "22", True, False), ("3", "5", False, False), ("1.36", "1.63", True, True), ("120", "210", True, True), ("123", "321", False, False)],
)  # fmt: skip
def test_typo_shapes(one: str, other: str, typo: bool, swap: bool) -> None:
    assert (typo_like(one, other), exchanged(one, other)) == (typo, swap)
