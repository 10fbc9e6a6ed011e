"""Shorthand of notes written in a hurry, against drafts that say the same and drafts that do not. Own sentences."""

from __future__ import annotations

import pytest

from assistant.checks import review
from assistant.checks.batch import check_item
from assistant.checks.counts import check_counts
from assistant.checks.fidelity import check_fidelity
from assistant.figures import recognise
from assistant.records import Point


def _errors(note: str, draft: str) -> list[str]:
    answer = check_item({"id": "1", "notes": note.split("|"), "draft": draft})
    return [str(finding["kind"]) for finding in answer["findings"] if finding["severity"] == "error"]


@pytest.mark.parametrize(
    ("note", "draft"),
    [
        ("托育普及率从62%到69%", "托育普及率由62%提高到69%。"),
        ("驿站由21到34个", "驿站由21个增加到34个。"),
        ("高龄津贴150元/月", "高龄津贴标准为每月150元。"),
        ("公益岗补贴：城区900元/月、乡镇700元/月", "城区、乡镇公益岗补贴分别提高到每月900元和700元。"),
        ("售水0.8元/方→0.9元/方", "售水价格由每立方米0.8元调整到0.9元。"),
        ("玉米单产530公斤/亩", "玉米亩产530公斤。"),
        ("污水厂处理能力6万吨/日", "污水厂日处理能力6万吨。"),
        ("亿元村6个、千万元企业41家", "亿元村6个，千万元企业41家。"),
        ("垃圾清运率3月88%、全年93.5%", "全年垃圾清运率93.5%，3月为88%。"),
        ("持证上岗率百分之百", "持证上岗率100%。"),
        ("持证上岗率百分百", "在岗人员全部持证上岗。"),
        ("路灯修复率98.5%（197/200）", "200盏路灯修复197盏，修复率98.5%。"),
        ("破盗抢案412起", "破获盗抢案件412起。"),
        ("景区5A 2家", "5A级景区2家。"),
        ("审批平均9天，同比短3天", "审批平均用时9天，同比缩短3天。"),
        ("绿化率38.2%，升0.4点", "绿化率38.2%，提高0.4个百分点。"),
        ("售电7.2亿度", "售电量7.2亿千瓦时。"),
        ("团体第2（上届第6）", "团体列第2位，较上届的第6位前移4位。"),
        ("一季度40、二季度36、三季度31、四季度30，投诉", "投诉四个季度分别为40件、36件、31件和30件。"),
        ("养老金月人均+96元", "养老金月人均增加96元。"),
        ("去产能|钢材｜52万吨|焦炭｜13万吨", "去产能成效明显，钢材压减52万吨，焦炭压减13万吨。"),
        ("氨氮降3.1%、总磷降5%；12个断面全达标", "氨氮、总磷浓度分别下降3.1%和5%，12个断面全部达标。"),
        ("项目亿元以上31个、十亿元以上6个", "亿元以上、十亿元以上项目分别为31个和6个。"),
    ],
)
def test_right_drafts_pass(note: str, draft: str) -> None:
    assert _errors(note, draft) == []


@pytest.mark.parametrize(
    ("note", "draft", "kind"),
    [
        ("托育普及率从62%到69%", "托育普及率由69%下降到62%。", "direction"),
        ("高龄津贴150元/月", "高龄津贴标准为每年150元。", "basis"),
        ("高龄津贴150元/月", "发放高龄津贴150元。", "basis"),
        ("垃圾清运率3月88%、全年93.5%", "全年垃圾清运率88%，3月为93.5%。", "basis"),
        ("来访218批", "来访218件。", "unit"),
        ("公租房配租430套", "公租房配租430户。", "unit"),
        ("沉案29件，办结25件", "沉案29件，计划办结25件。", "basis"),
        ("养老金月人均+96元", "养老金月人均减少96元。", "direction"),
        ("农民收入1.8万元，实际增长6.3%", "农民收入1.8万元，名义增长6.3%。", "basis"),
        ("学校｜旧校|项目｜原｜现|小学｜61所｜80所", "小学由80所减少到61所。", "direction"),
        ("竣工21个，总投资40.5亿|在建33个，98.2亿", "竣工21个，总投资98.2亿元；在建33个，总投资40.5亿元。", "swapped"),
        ("绿化率38.2%，+0.4", "绿化率38.2%，提高4个百分点。", "unit"),
        ("电站30万千瓦", "电站30万千瓦时。", "unit"),
    ],
)
def test_wrong_drafts_are_found(note: str, draft: str, kind: str) -> None:
    assert kind in _errors(note, draft)


def test_the_verb_must_fit_the_two_figures_compared() -> None:
    assert _errors("罚没86万元（上年71万元）", "罚没86万元，比上年的71万元减少。") == ["direction"]
    assert _errors("罚没86万元（上年71万元）", "罚没86万元，比上年的71万元增加。") == []


def test_experts_behind_you_are_an_agent_and_keep_their_range() -> None:
    assert [f.kind for f in recognise("由3至5名专家组成评审组")] == ["range"]


def test_a_slogan_spelt_out_with_a_repeated_item() -> None:
    text = "推进“三优”行动，“三优”即服务再优化、环境再优化、服务再优化；"
    assert [(f.kind, f.severity) for f in check_counts(text)] == [("count", "error")]
    assert check_counts("“三优”即服务再优化、环境再优化、流程再优化；") == []


def test_sides_are_counted() -> None:
    text = "三项制度并轨。城镇方面，参保8万人。农村方面，参保20万人。"
    assert [f.kind for f in check_counts(text)] == ["count"]
    assert check_counts(text.replace("三项", "两项")) == []


def test_a_count_of_the_notes_is_the_writers_own() -> None:
    draft = "三项制度并轨。城镇方面，参保8万人。农村方面，参保20万人。"
    findings = review(draft, points=[Point("三项制度并轨", line=1), Point("参保城镇8万人、农村20万人", line=2)])
    assert all(f.severity != "error" for f in findings if f.kind == "count")


def test_held_at_a_level_is_no_decrease() -> None:
    points = [Point("公文差错率压在千分之二以内", 1)]
    assert not [f for f in check_fidelity("公文差错率控制在千分之二以内。", points) if f.severity == "error"]
    assert [f for f in check_fidelity("公文差错率控制在千分之三以内。", points) if f.severity == "error"]
