"""Terse bullets written out by rules: nothing lost, nothing added, figures untouched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checks.fidelity import check_fidelity
from assistant.plain import clause, table_clause
from assistant.records import Point


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("受理申请420件，同比+8.6%", "受理申请420件，同比增长8.6%"),
        ("受理申请420件，同比-3%", "受理申请420件，同比下降3%"),
        ("两类收入分别+5.8%、+6.8%", "两类收入分别增长5.8%、6.8%"),
        ("满意率+2.1个百分点", "满意率提高2.1个百分点"),
        ("合同额92万元→1.85亿元", "合同额由92万元增加到1.85亿元"),
        ("差错率3%→1%", "差错率由3%下降到1%"),
        ("审批时限15个工作日→6个工作日", "审批时限由15个工作日缩短到6个工作日"),
        ("值守巡查每周≥3次", "值守巡查每周不少于3次"),
        ("办结率≥95%，费用≤300元", "办结率不低于95%，费用不超过300元"),
        ("两个厂，1.2亿+0.9亿", "两个厂，1.2亿和0.9亿"),
        ("水：铺管5.2km；路：硬化3公里", "供水方面，铺管5.2公里；道路方面，硬化3公里"),
        ("村卫生室达标8/8", "村卫生室达标8/8"),
        ("学校通暖气7/9", "学校通暖气达到7/9"),
        ("渠通了，田活了：亩产增收60元", "渠通了，田活了：亩产增收60元"),
        ("两个坚持：坚持群众路线，坚持实事求是", "两个坚持：坚持群众路线，坚持实事求是"),
        ("网点由3个增到5个", "网点由3个增加到5个"),
        ("办件比去年多5条", "办件比去年增加5条"),
        ("来访比上年少8批次", "来访比上年减少8批次"),
        ("窗口、热线、网络分别12、34、56人次", "窗口、热线、网络分别为12人次、34人次、56人次"),
        ("惠及20人次：老人12、儿童8（单位均为人次）", "惠及20人次，其中老人12人次、儿童8人次"),
        ("搞培训3期，发通报2期", "开展培训3期，印发通报2期"),
        ("开座谈会3场", "召开座谈会3场"),
        ("采用：市局7条、省局2条", "市局采用7条、省局采用2条"),
        ("全年上报9条，采用：市局7条、省局2条", "全年上报9条，市局采用7条、省局采用2条"),
        ("宣传：进村12次", "宣传进村12次"),
        ("治安：巡逻300次", "治安方面，巡逻300次"),
        ("案件构成：民事3件、刑事2件", "从案件构成看，民事3件、刑事2件"),
        ("精简会议，数字见下表", "精简会议"),
        ("培训2期（人数待定）", "举办培训2期"),
        ("“搞一件成一件”活动3场", "“搞一件成一件”活动3场"),
        ("三产比22.7：30.3：47", "三产比为22.7：30.3：47"),
        ("职级晋升5人", "职级晋升5人"),
        ("专项督查9次，发通报2期", "开展专项督查9次，印发通报2期"),
        ("带队督查9次，培训30人次", "带队督查9次，培训30人次"),
        ("来信6件，网上信访9件", "收到来信6件，受理网上信访9件"),
        ("《政务要情》8期；公车3辆", "编发《政务要情》8期；现有公车3辆"),
        ("全年检查21次，其中暗访3次", "全年开展检查21次，其中暗访3次"),
        ("一岗双责，无违纪", "履行一岗双责，无违纪行为"),
        ("投资1,234万元,占比5%", "投资1,234万元，占比5%"),
    ],
)
def test_rules(note: str, expected: str) -> None:
    assert clause(note) == expected


@pytest.mark.parametrize(
    "note",
    [
        "受理申请420件，同比+8.6%，挽回损失586.4万元",
        "合同额92万元→1.85亿元；全市第7、全省第49",
        "上级督办58件，办结57件，办结率98.3%，剩1件在办",
        "来访163批412人次，批次同比-9.4%，里面集体访11批157人",
        "减排比上年少8吨；投8100万元做河道治理",
        "由23项压到15项，压减34.8%",
    ],
)
def test_a_clause_says_what_the_note_says(note: str) -> None:
    findings = check_fidelity(clause(note) + "。", [Point(note, 1)])
    assert [finding for finding in findings if finding.severity == "error"] == []


def test_short_forms_open_the_way_the_notes_write_them() -> None:
    assert clause("固投增7%", ["固定资产投资45亿元"]) == "固定资产投资增长7%"
    assert clause("巩固投入机制") == "巩固投入机制"


def test_table_rows_become_one_sentence() -> None:
    rows = ["生产总值176.6亿元，同比增长5.5%", "会议22次"]
    assert table_clause(rows) == "生产总值达到176.6亿元，同比增长5.5%；会议22次"


@given(st.text(alphabet="搞开发接投剩增降升多少比，、：；（）“”+-→0123456789.%万亿元件次人", max_size=40))
def test_digits_never_change(text: str) -> None:
    assert [c for c in clause(text) if c.isdigit()] == [c for c in text if c.isdigit()] or "（" in text or "见" in text
