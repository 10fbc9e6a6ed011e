"""How clerks write notes: table heads, units in the head, short years, signs; each with a right and a wrong draft."""

from __future__ import annotations

import pytest

from assistant.checks.fidelity import check_fidelity
from assistant.figures import recognise
from assistant.records import Point

_CASES: list[tuple[list[str], str, str]] = [
    (
        ["产品｜产量增幅｜占全市", "轴承｜21%｜18%", "阀门｜9%｜30%"],
        "轴承产量增长21%、占全市18%，阀门产量增长9%、占全市30%。",
        "轴承产量增长18%、占全市21%，阀门产量增长9%、占全市30%。",
    ),
    (
        ["项目｜2020年｜现在｜增幅", "果品产量｜3.1万吨｜9.3万吨｜2倍"],
        "果品产量由2020年的3.1万吨发展到9.3万吨，增长2倍。",
        "果品产量由2020年的9.3万吨发展到3.1万吨，增长2倍。",
    ),
    (
        ["绿化（万亩）：造林3.1｜封育2｜抚育3.5；植树80万株"],
        "造林3.1万亩，封育20000亩，抚育3.5万亩，植树80万株。",
        "造林3.1万亩，封育2000亩，抚育3.5万亩，植树80万株。",
    ),
    (
        ["拉动（个百分点）：投资4.6｜消费3.7"],
        "投资、消费分别拉动经济增长4.6个、3.7个百分点。",
        "投资、消费分别拉动经济增长4.6个、3.9个百分点。",
    ),
    (["24年完成投资3亿，比23年+5%"], "2024年完成投资3亿元，比2023年增长5%。", "2024年完成投资3亿元，比2022年增长5%。"),
    (["脱贫户纳入监测-132户"], "脱贫户纳入监测减少132户。", "脱贫户纳入监测增加132户。"),
    (["省厅奖26万/次，计52万"], "获省厅奖励52万元，每次26万元。", "获省厅奖励26万元，每次52万元。"),
    (["考核得分全市第1、全省第7"], "考核得分居全市第1、全省第7。", "考核得分居全省第1、全市第7。"),
    (["财政投入2.1亿支持企业"], "财政投入2.1亿元支持企业。", "财政投入2.1万元支持企业。"),
    (["居民收入（实际）：全县＋8%，农村＋9.2%"], "全县居民收入实际增长8%，农村实际增长9.2%。", "全县居民收入实际增长8%，农村名义增长9.2%。"),
    (["PM均值38.8微克/立方米，↓15.3%"], "PM平均浓度38.8微克/立方米，下降15.3%。", "PM平均浓度38.8微克/立方米，上升15.3%。"),
    (["建成硬件项目31个＋补缺项目4个"], "31个硬件项目和4个补缺项目建成。", "31个硬件项目和5个补缺项目建成。"),
    (["企业津贴人均月增55元"], "企业津贴人均每月增加55元。", "企业津贴人均每年增加55元。"),
    (["产值同比：农机及零部件16%，建材15%，食品12%"], "食品、农机及零部件、建材产值同比分别增长12%、16%和15%。", "食品、农机及零部件、建材产值同比分别增长16%、12%和15%。"),
    (["预计：产值2万亿，收入5亿"], "预计全年，收入达到5亿元；产值达到2万亿元。", "全年收入已达到5亿元；产值已达到2万亿元。"),
    (["环线5条在建"], "5条环线加快建设。", "5条环线建成通车。"),
    (["讨薪最多：798万"], "讨薪最多，共计798万元。", "讨薪最多，共计789万元。"),
]  # fmt: skip


def _errors(notes: list[str], draft: str) -> list[str]:
    points = [Point(text=note, line=number) for number, note in enumerate(notes, 1)]
    return [finding.message for finding in check_fidelity(draft, points) if finding.severity == "error"]


@pytest.mark.parametrize(("notes", "right", "wrong"), _CASES)
def test_a_right_draft_passes_and_a_wrong_one_does_not(notes: list[str], right: str, wrong: str) -> None:
    assert _errors(notes, right) == []
    assert _errors(notes, wrong)


def test_a_class_named_by_a_threshold_in_words_is_no_figure() -> None:
    figures = [figure.surface for figure in recognise("纳税千万以上17家、百万元以上40家") if figure.checkable]
    assert figures == ["17家", "40家"]


@pytest.mark.parametrize(
    ("text", "value"), [("四亿零七百多万吨", 407_000_000), ("一百二十多万元", 1_200_000), ("三千多万元", 30_000_000)]
)
def test_the_scale_behind_more_than_belongs_to_the_last_section(text: str, value: int) -> None:
    figure = recognise(text)[0]
    assert figure.lo is not None
    assert figure.lo / (1000000 if figure.unit == "吨" else 1) == value
    assert figure.approx == "GT"
