"""Terms that exclude one another, set phrases, bounds in words, durations and lists before a count."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assistant.checks.bounds import turned_bounds
from assistant.checks.counts import check_counts
from assistant.checks.fidelity import check_fidelity
from assistant.checks.options import CheckOptions
from assistant.figures import recognise
from assistant.figures.exclusive import exclusive_terms
from assistant.figures.lexicon import exclusive_groups
from assistant.records import Point


def _errors(notes: str, draft: str, options: CheckOptions = CheckOptions()) -> list[str]:
    points = [Point(line, number) for number, line in enumerate(notes.split("\n"), 1)]
    found = check_fidelity(draft, points, (), options)
    return [finding.kind for finding in found if finding.severity == "error"]


WRONG = [
    ("培训养蜂户35名", "培训养猪户35名。", "swapped"),
    ("节假日发送旅客9万人次", "工作日发送旅客9万人次。", "swapped"),
    ("县城新建口袋公园6处", "全县新建口袋公园6处。", "swapped"),
    ("鸡蛋3万吨、鸭蛋2万吨\n肉7万吨、奶5万吨", "鸡蛋3万吨、鸭蛋2万吨，奶产量7万吨，肉产量5万吨。", "swapped"),
    ("污染物浓度PM2.5降8%、PM10降5%", "PM2.5、PM10浓度分别下降5%和8%。", "swapped"),
    ("新桥产业园8亿元，东湖产业园3亿元", "东湖产业园、新桥产业园两个项目开工，投资分别为8亿元和3亿元。", "swapped"),
    ("贷款300亿、增6.2%，存款500亿、增4.1%", "存款500亿元、贷款300亿元，同比分别增长6.2%和4.1%。", "swapped"),
    ("投资完成率118%", "投资同比增长118%。", "basis"),
    ("完成年度计划的126%", "同比增长126%。", "basis"),
    ("高技术产业增长率12.6%", "高技术产业占比达到12.6%。", "basis"),
    ("2021年至2024年接待来访360批", "2024年全年接待来访360批。", "basis"),
    ("春运发送旅客40万人次", "全年发送旅客40万人次。", "basis"),
    ("过去一年办理提案86件", "本届以来累计办理提案86件。", "basis"),
    ("开发区15个", "开发区新增15个。", "basis"),
    ("目标是绿化率达到42%", "绿化率达到42%。", "basis"),
    ("占财政收入82.3%", "占生产总值82.3%。", "basis"),
    ("每百户有汽车46辆", "每千户有汽车46辆。", "basis"),
    ("最高亩产820公斤", "平均亩产820公斤。", "basis"),
    ("达产后年产值20亿", "年产值20亿元。", "basis"),
    ("到2027年普及率达到80%", "目前普及率达到80%。", "basis"),
    ("上年同期为86件", "今年为86件。", "basis"),
    ("高于上年2.1个百分点", "高于全省平均2.1个百分点。", "basis"),
    ("今年建路86公里", "近三年累计建路86公里。", "basis"),
    ("其中女性136人", "总人数136人。", "basis"),
    ("“2+8”工作机制，干部310名", "“2+6”工作机制，干部310名。", "altered"),
    ("十三五期间新建学校26所", "十四五期间新建学校26所。", "altered"),
    ("引进亿元以上项目31个", "引进亿元以下项目31个。", "qualifier"),
    ("产值71亿元、增加值18.3亿元，年均增6.9%、5.4%",
     "产值和增加值分别达到71亿元和18.3亿元，年均分别增长5.4%、6.9%。", "swapped"),
    ("减负800多万元", "加重负担800多万元。", "direction"),
    ("核减编制12名", "核增编制12名。", "direction"),
    ("得到补助的居民1200", "1200户居民得到补助。", "unit"),
    ("断面水质Ⅲ类及以上", "断面水质为Ⅲ类及以下，共建闸2座。", "altered"),
    ("第三小学扩建完工，增学位300个", "第四小学扩建完工，新增学位300个。", "altered"),
    ("五级书记抓乡村振兴", "四级书记抓乡村振兴。", "altered"),
    ("工期缩短3个半月", "工期缩短3个月。", "altered"),
    ("总量超前五年的总和", "总量接近前五年的总和。", "qualifier"),
    ("纳税超千万元6家", "纳税近千万元企业6家。", "qualifier"),
    ("今年启用新馆", "2019年启用新馆。", "invented"),
    ("路灯维修496盏\n绿化、亮化两项均居前列", "维修一批路灯，绿化、亮化两项工作均居前列。", "dropped"),
]  # fmt: skip


@pytest.mark.parametrize(("notes", "draft", "kind"), WRONG)
def test_what_an_attentive_clerk_would_object_to_is_found(notes: str, draft: str, kind: str) -> None:
    assert kind in _errors(notes, draft)


RIGHT = [
    ("机架规模翻三番", "机架规模达到原来的8倍。"),
    ("试运行两年", "试运行24个月。"),
    ("见习一年", "见习12个月。"),
    ("工期缩短4个半月", "工期缩短4.5个月。"),
    ("办理时限72小时", "办理时限3天。"),
    ("全程用时90分钟", "全程用时1小时30分钟。"),
    ("日处理污水2万吨", "每天处理污水2万吨。"),
    ("简报每周2期、专报每半月1期", "简报每周编发两期、专报每半月编发一期。"),
    ("新（改、扩）建公路29公里", "新（改、扩）建公路29公里。"),
    ("新增：甲中心37家，乙中心6家", "新增甲中心37家、乙中心6家。"),
    ("甲银行、乙银行开业，贷款50亿", "甲银行、乙银行两家银行开业，贷款50亿元。"),
    ("改建东河桥、西河桥、南河桥", "东河桥、西河桥、南河桥三座危桥改建完成。"),
    ("东路、西路、南路（一期）通车", "东路、西路、南路（一期）3条街通车。"),
    ("装机五千多万千瓦", "装机5000多万千瓦。"),
    ("103路、15路开通", "103路公交车、15路公交车开通。"),
    ("减免税费累计1亿元以上，其中民营6000万元以上", "累计减免税费1亿元以上，其中民营企业减免6000万元以上。"),
    ("户数208户、增14.6%，金额3.7亿元、增11.3%", "金额3.7亿元、户数208户，同比分别增长11.3%和14.6%。"),
    ("千亿斤粮食工程900万元、水厂4个", "新增千亿斤粮食工程投资900万元，水厂4个。"),
    ("2019、2020两年投资8亿", "2019年、2020年两年投资8亿元。"),
    ("服务牧民2300人", "服务牧民2300人。2300名牧民在家门口看上了病。"),
    ("第28中学竣工", "第二十八中学竣工。"),
    ("占全国超1/10", "占全国的比重超过1/10。"),
    ("“甲镇”3个、“甲村”2个", "“甲村”“甲镇”分别达到2个和3个。"),
    ("水质Ⅲ类及以上断面5个", "5个断面水质达到III类以上。"),
]  # fmt: skip


@pytest.mark.parametrize(("notes", "draft"), RIGHT)
def test_the_same_in_other_words_is_left_alone(notes: str, draft: str) -> None:
    assert _errors(notes, draft) == []


def test_terms_of_one_meaning_never_conflict_with_themselves() -> None:
    for group in exclusive_groups():
        names = [name for meaning in group for name in meaning]
        assert len(names) == len(set(names)), names
        assert all(len(name) >= 2 for name in names), names


def test_the_longest_term_of_a_group_counts() -> None:
    found = [set(meanings.values()) for meanings in exclusive_terms("乡村教师").values()]
    assert {"乡村教师"} in found
    assert not any({"乡村教师", "教师"} <= names for names in found)


def test_the_year_of_the_report_decides_about_a_year_that_the_notes_do_not_name() -> None:
    known = CheckOptions(report_year=2024)
    assert _errors("今年开通班线3条", "2024年开通班线3条。", known) == []
    assert _errors("今年开通班线3条", "2023年开通班线3条。", known) == ["invented"]
    assert _errors("去年开通班线3条", "2023年开通班线3条。", known) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("安全生产形势平稳。18.[容缺受理]指先办后补", ["enum"]),
        ("形势平稳。2、进一步深化改革", ["enum", "idiom"]),
        ("处理完毕。9.6个窗口率先开放", ["enum", "num"]),
        ("收支平衡。一九八一、一九八二两年连续增收", ["date", "date", "period"]),
        ("劣Ⅴ类断面清零", ["code"]),
    ],
)
def test_marks_and_names_are_no_figures(text: str, kinds: list[str]) -> None:
    assert [figure.kind for figure in recognise(text)] == kinds


@pytest.mark.parametrize(
    ("text", "months"),
    [("缩短4个半月", Fraction(9, 2)), ("历时3年零6个月", Fraction(42)), ("历时两年半", Fraction(30))],
)
def test_durations_with_halves_and_lesser_units(text: str, months: Fraction) -> None:
    [figure] = recognise(text)
    assert (figure.kind, figure.lo) == ("dur", months)


@pytest.mark.parametrize(
    "text",
    [
        "打好文旅、康养、会展四张牌。",
        "改建了东岭桥、西沟桥、柳湾桥、石滩桥五座危桥。",
        "主要有七种类型：邻里纠纷、物业纠纷、租赁纠纷、借贷纠纷、合伙纠纷、土地纠纷。",
        "集中抓好培育主体、壮大服务三项任务。",
    ],
)
def test_a_count_that_its_list_denies(text: str) -> None:
    assert [finding.severity for finding in check_counts(text)] == ["error"]


def test_a_part_is_not_added_to_its_whole() -> None:
    found = check_fidelity(
        "辣椒8万亩，其中大棚2万亩，大葱3万亩，两项合计13万亩。", [Point("辣椒8万亩，内大棚2万亩；大葱3万亩", 1)]
    )
    [wrong] = [finding for finding in found if finding.kind == "arithmetic"]
    assert "=11万亩" in wrong.formula


def test_a_bound_is_turned_only_where_the_thing_is_the_same() -> None:
    assert [f.kind for f in turned_bounds("增速低于全省平均水平。", "增速高于全省平均水平")] == ["qualifier"]
    assert not list(turned_bounds("增速低于全国平均水平。", "投资高于上年同期水平"))
    assert not list(turned_bounds("增速高于全省平均水平，占比低于全省平均水平。", "增速高于全省平均水平"))
