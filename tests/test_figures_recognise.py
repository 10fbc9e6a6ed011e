"""The recogniser: values, kinds, attributes, masking; every text here is written for the tests."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assistant.figures import Figure, protected, recognise

VALUES = [
    ("完成投资1.2亿元", "1.2亿元", 120_000_000),
    ("完成投资1亿2000万元", "1亿2000万元", 120_000_000),
    ("完成投资一亿二千万元", "一亿二千万元", 120_000_000),
    ("完成投资10亿零5百万元", "10亿零5百万元", 1_005_000_000),
    ("兑付伍拾叁万元", "伍拾叁万元", 530_000),
    ("节约3千元", "3千元", 3000),
    ("清运垃圾一万二千吨", "一万二千吨", 12_000_000_000),
    ("整改一百零八个问题", "一百零八个", 108),
    ("接待1,234人次", "1,234人次", 1234),
    ("接待１２３４人次", "１２３４人次", 1234),
    ("报送信息**170**篇", "170**篇", 170),
    ("降百分之十二点三", "百分之十二点三", Fraction(123, 1000)),
    ("增长三成五", "三成五", Fraction(35, 100)),
    ("控制在千分之五", "千分之五", Fraction(5, 1000)),
    ("占三分之一", "三分之一", Fraction(1, 3)),
    ("3/4的社区", "3/4", Fraction(3, 4)),
    ("提高22个百分点", "22个百分点", 22),
    ("利率下降50个基点", "50个基点", Fraction(1, 2)),
    ("产值翻了两番", "翻了两番", 3),
    ("新修公路1.5公里", "1.5公里", 1500),
    ("流转土地15亩", "15亩", 10_000),
    ("工期两年半", "两年半", 30),
    ("用时半小时", "半小时", Fraction(1, 2)),
    ("铺设管网五十余万平方米", "五十余万平方米", 500_000),
    ("参保9万多人", "9万多人", 90_000),
    ("受益2.1w人", "2.1w人", 21_000),
    ("惠及3w多户", "3w多户", 30_000),
    ("奖补1.5K元", "1.5K元", 1500),
    ("花费5k", "5k", 5000),
]


def one(text: str) -> Figure:
    """The only checkable value in `text`."""
    found = [f for f in recognise(text) if f.checkable and f.lo is not None]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("text", "surface", "value"), VALUES)
def test_value(text: str, surface: str, value: Fraction | int) -> None:
    figure = one(text)
    assert figure.surface == surface
    assert figure.lo == figure.hi == value
    assert text[figure.start : figure.end] == surface


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("每镇建3至5个示范点", 3, 5),
        ("每村选派三五名干部", 3, 5),
        ("到场七八百人", 700, 800),
        ("惠及2-3w人", 20_000, 30_000),
        ("排查十七八处", 17, 18),
        ("发现十几个问题", 11, 19),
        ("安排20至30万元", 200_000, 300_000),
        ("占比在20%—30%之间", Fraction(1, 5), Fraction(3, 10)),
        ("放大8-10倍", 8, 10),
    ],
)
def test_range(text: str, low: Fraction | int, high: Fraction | int) -> None:
    figure = one(text)
    assert (figure.kind, figure.lo, figure.hi) == ("range", low, high)


@pytest.mark.parametrize(
    ("text", "approx"),
    [
        ("近30篇", "LT"), ("不足30篇", "LT"), ("30余篇", "GT"), ("超过30篇", "GT"), ("30篇以上", "GE"), ("不少于30篇", "GE"),
        ("30篇以内", "LE"), ("约30篇", "AB"), ("30篇左右", "AB"), ("达30篇", "EQ"), ("至少召开30次", "GE"), ("≥30次", "GE"),
        ("附近30户", "EQ"), ("节约30元", "EQ"), ("通过30项", "EQ"), ("侦破30起", "EQ"), ("突破30亿元大关", "GT"),
    ],
)  # fmt: skip
def test_qualifier(text: str, approx: str) -> None:
    assert one(text).approx == approx


@pytest.mark.parametrize(
    ("text", "direction", "role"),
    [
        ("产值增长8%", "+", "delta"), ("产值增8％", "+", "delta"), ("产值+8%", "+", "delta"), ("用电-3%", "-", "delta"),
        ("审批压至5天", "-", "to"), ("标准提高到72元", "+", "to"), ("税收占比60%", "", "share"), ("增速12%", "+", "delta"),
        ("库存周期拉长9天", "+", "delta"), ("能耗降幅为4%", "-", "delta"),
    ],
)  # fmt: skip
def test_direction_and_role(text: str, direction: str, role: str) -> None:
    figure = one(text)
    assert (figure.direction, figure.role) == (direction, role)


def test_arrow_gives_from_and_to_and_shares_the_unit() -> None:
    first, second = (f for f in recognise("产煤2046→3178万吨") if f.lo is not None)
    assert (first.role, second.role) == ("from", "to")
    assert first.lo == 2046 * 10**10
    assert first.unit == second.unit == "吨"


def test_pairs_of_a_list_know_their_indicator() -> None:
    figures = [f for f in recognise("工业用电量、城镇投资额分别增长8%、14.1%。") if f.lo is not None]
    assert [f.object for f in figures] == ["工业用电量", "城镇投资额"]
    assert {f.direction for f in figures} == {"+"}


@pytest.mark.parametrize(
    "text",
    [
        "落实“三会一课”，做到“两个维护”", "千方百计进一步统一思想，确保万无一失", "一是抓学习，二是抓调研", "深入开展“四比五看”活动",
        "社会消费品零均有改善", "打通最后一公里", "全市上下一条心，一件一件抓落实", "四大班子领导带头", "年均与户均都有提高",
    ],
)  # fmt: skip
def test_no_figure(text: str) -> None:
    assert [f.surface for f in recognise(text) if f.checkable] == []


def test_enumerator_glued_to_a_year_or_a_count() -> None:
    figures = recognise("1.2024年召开会议9次。\n2.5个项目开工。")
    kinds = [(f.surface, f.kind) for f in figures]
    assert kinds == [("1.", "enum"), ("2024年", "date"), ("9次", "num"), ("2.", "enum"), ("5个", "num")]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("二〇二四年三月五日开会", "2024-03-05"), ("2024-03-05开会", "2024-03-05"), ("11月5—7日办班", "-11-05/11-07"),
        ("1—9月完成", "M1-9"), ("前三季度完成", "M1-9"), ("上半年完成", "M1-6"), ("按国办发[2024]3号办理", "国办发〔2024〕3号"),
        ("拨打12345热线", "12345"), ("推行3+1+N模式", "3+1+N"), ("创建5A级景区", "5A"), ("致电0335-1234567", "0335-1234567"),
    ],
)  # fmt: skip
def test_label(text: str, label: str) -> None:
    assert label in [f.label for f in recognise(text)]


def test_protected_leaves_out_idioms_but_keeps_phrases_and_figures() -> None:
    surfaces = [f.surface for f in protected("进一步落实“四个意识”，2024年发文30件。")]
    assert surfaces == ["四个意识", "2024年", "30件"]


def test_document_phrases_are_protected() -> None:
    assert [f.kind for f in recognise("推进三抓四促行动", phrases=["三抓四促"])] == ["phrase"]


@pytest.mark.parametrize(
    "text",
    ["A3w生产线", "T-3w人", "100kW机组", "5km管线", "10kg鱼苗", "4K电视", "单灯100W", "分辨率达4k", "版本2.0.3k"],
)
def test_letters_of_codes_and_units_are_no_scale(text: str) -> None:
    assert all(f.lo is None or f.lo < 1000 or f.unit in ("公里", "公斤", "千瓦") for f in recognise(text))


def test_a_letter_scale_keeps_offsets_and_equals_its_written_form() -> None:
    short, written = recognise("共惠及 2.1w人，1,234k元"), recognise("共惠及 2.1万人，1,234千元")
    assert [(f.lo, f.unit, f.start, f.end) for f in short] == [(f.lo, f.unit, f.start, f.end) for f in written]
