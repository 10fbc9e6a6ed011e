"""Fidelity: every kind of error is found and named, faithful drafts stay clean. All texts are written for the tests."""

from __future__ import annotations

import itertools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checks.assign import assign
from assistant.checks.batch import check_item
from assistant.checks.fidelity import check_fidelity
from assistant.checks.options import CheckOptions
from assistant.records import Finding, PastRef, Point

NOTES = [
    "园区：入驻企业38家，其中高企12家；产值46.2亿元，增9.5%",
    "线上办件率71%→86%；热线受理1.3万余件，办结率99.2%",
    "（全年）培训干部1450人次，接待来访240批次，信访量同比降17.4%",
    "财政补助农村低保每人每月由310元提至365元，城镇由520元提至585元",
    "计划改造老旧小区26个，完成投资占年度计划的112%",
]
RIGHT = (
    "园区入驻企业达到38家，其中高新技术企业12家，产值46.2亿元、增长9.5%。线上办件率由71%提高到86%，热线受理13000余件，"
    "办结率99.2%。全年培训干部1450人次，接待来访240批次，信访量同比下降17.4%。财政补助城镇低保每人每月由520元提高到585元，"
    "农村由310元提高到365元。计划改造老旧小区26个，完成投资占年度计划的112%。"
)


def run(notes: list[str], draft: str, past: str | None = None, options: CheckOptions | None = None) -> list[Finding]:
    points = [Point(text, line) for line, text in enumerate(notes, 1)]
    return check_fidelity(draft, points, [PastRef("去年", past)] if past else [], options or CheckOptions())


def errors(notes: list[str], draft: str, past: str | None = None) -> list[Finding]:
    return [f for f in run(notes, draft, past) if f.severity == "error"]


def test_a_faithful_paraphrase_is_clean() -> None:
    assert run(NOTES, RIGHT) == []


@pytest.mark.parametrize(
    "draft",
    [
        RIGHT.replace("46.2亿元", "462000万元"), RIGHT.replace("17.4%", "百分之十七点四"), RIGHT.replace("13000余", "1.3万多"),
        RIGHT.replace("12家", "十二家"), RIGHT.replace("38家", "38户"), RIGHT.replace("由520元提高到585元", "从520元增至585元"),
        "2024年以来，进一步统一思想，重点抓了三个方面：一是抓学习，二是抓调研，三是抓落实。" + RIGHT,
        RIGHT + "实践证明，38家企业已成为园区发展的主力军。",
    ],
)  # fmt: skip
def test_equivalent_notation_is_clean(draft: str) -> None:
    assert [f for f in run(NOTES, draft) if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "span"),
    [
        ("46.2亿元", "42.6亿元", "altered", "42.6亿元"),
        ("46.2亿元", "46.2万元", "unit", "46.2万元"),
        ("1450人次", "1450人", "unit", "1450人"),
        ("17.4%", "17.4个百分点", "unit", "17.4个百分点"),
        ("下降17.4%", "上升17.4%", "direction", "17.4%"),
        ("由71%提高到86%", "由86%下降到71%", "direction", "71%"),
        ("同比下降", "环比下降", "basis", "环比"),
        ("13000余件", "近13000件", "qualifier", "近13000件"),
        ("提高到585元", "提高585元", "basis", "585元"),
        ("计划改造老旧小区26个", "实际完成改造老旧小区26个", "basis", "26个"),
        ("99.2%。", "99.2%，惠及群众近九百人。", "invented", "近九百人"),
        ("99.2%。", "99.2%，群众满意率超过八成。", "invented", "超过八成"),
        ("由71%提高到86%", "由71%提高到86%、提高16个百分点", "arithmetic", "16个百分点"),
    ],
)  # fmt: skip
def test_one_error_is_found_and_named(old: str, new: str, kind: str, span: str) -> None:
    assert old in RIGHT
    draft = RIGHT.replace(old, new, 1)
    found = errors(NOTES, draft)
    assert [f.kind for f in found if f.draft and (span in f.draft.text or f.draft.text in new)][:1] == [kind], found
    assert all(f.draft is None or draft[f.draft.start : f.draft.end] == f.draft.text for f in found)


@pytest.mark.parametrize(
    ("notes", "draft"),
    [
        (["甲镇宣讲3场，乙镇宣讲5场"], "甲镇宣讲5场，乙镇宣讲3场。"),
        (["办结率98%、满意率93.7%"], "办结率、满意率分别为93.7%和98%。"),
        (["公路里程120公里，桥梁45座；河道整治80公里"], "公路里程80公里，桥梁45座，河道整治120公里。"),
        (["补助：城500元/乡350元"], "补助标准农村提高到500元、城市提高到350元。"),
        (["书屋、驿站累计24个和12个"], "驿站、书屋累计24个和12个。"),
    ],
)
def test_exchanged_values_are_swapped(notes: list[str], draft: str) -> None:
    found = errors(notes, draft)
    assert {f.kind for f in found} == {"swapped"}
    assert len(found) == 2
    assert "属于" in found[0].message
    assert found[0].note is not None


def test_dropped_names_the_note() -> None:
    found = errors(NOTES, RIGHT.replace("接待来访240批次，", ""))
    assert [(f.kind, f.draft, f.note.line if f.note else 0, f.note.text if f.note else "") for f in found] == [
        ("dropped", None, 3, "240批次")
    ]


def test_optional_points_are_only_warned_about() -> None:
    points = [Point("发文30件", 1), Point("简报12期", 2, optional=True)]
    assert [(f.kind, f.severity) for f in check_fidelity("发文30件。", points)] == [("dropped", "warning")]


@pytest.mark.parametrize(
    ("past", "new"),
    [("去年接待来访318批次。", "接待来访318批次"), ("去年接待来访318批次。", "接待来访三百一十八批次"), ("去年接待来访318批次。", "接待来访近320批次")],
)  # fmt: skip
def test_leftover_of_the_past_text(past: str, new: str) -> None:
    found = errors(NOTES, RIGHT.replace("接待来访240批次", new), past)
    assert [f.kind for f in found] == ["leftover"]
    assert found[0].past is not None
    assert "318批次" in found[0].past.text


def test_past_text_alone_raises_no_alarm() -> None:
    assert errors(NOTES, RIGHT, "去年入驻企业29家，产值38亿元，办结率97%。") == []


@pytest.mark.parametrize(
    ("notes", "draft", "kind"),
    [
        (["执行国办发〔2024〕3号"], "执行国办发〔2024〕13号文件。", "altered"),
        (["对接“13710”工作制度"], "对接“13170”工作制度。", "altered"),
        (["落实“四个意识”"], "落实“三个意识”。", "altered"),
        (["推进“三抓四促”"], "推进“三抓五促”。", "altered"),
        (["3月5日开会"], "3月15日开会。", "altered"),
        (["3月5日开会"], "召开会议。", "dropped"),
    ],
)
def test_labels_are_compared_letter_by_letter(notes: list[str], draft: str, kind: str) -> None:
    assert [f.kind for f in errors(notes, draft)] == [kind]


def test_derived_figures_carry_their_formula() -> None:
    right = run(["甲乡3场，乙乡5场"], "甲乡3场、乙乡5场，合计8场。")
    assert [(f.kind, f.severity, f.formula) for f in right] == [("derived", "warning", "3场+5场=8场")]
    wrong = errors(["甲乡3场，乙乡5场"], "甲乡3场、乙乡5场，合计9场。")
    assert [f.kind for f in wrong] == ["arithmetic"]
    assert "3场+5场=8场" in wrong[0].message


def test_rounding_policy() -> None:
    notes, draft = ["会议减少20.7%"], "会议减少21%。"
    assert [f.severity for f in run(notes, draft)] == ["warning"]
    assert [f.severity for f in run(notes, draft, options=CheckOptions(rounding="error"))] == ["error"]


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        ("着力抓好三件大事：一是抓学习，二是抓调研，三是抓落实。", False),
        ("着力抓好四件大事：一是抓学习，二是抓调研，三是抓落实。", True),
        ("守住金融、生产、治安三条底线。", False),
        ("守住金融、生产、治安四条底线。", True),
        ("“随手拍”“随时办”“随心评”三种方式并行。", False),
        ("“随手拍”“随时办”“随心评”两种方式并行。", True),
    ],
)
def test_declared_counts(draft: str, wrong: bool) -> None:
    findings = check_item({"id": "c", "notes": ["抓好当前工作"], "exemplar": None, "draft": draft})["findings"]
    assert [f["kind"] for f in findings if f["severity"] == "error"] == (["count"] if wrong else [])


def test_batch_answer_has_the_documented_form() -> None:
    answer = check_item({"id": "x1", "notes": ["发文30件"], "exemplar": None, "draft": "全年发文31件。"})
    assert answer["id"] == "x1"
    assert answer["verdict"] == "errors"
    assert answer["findings"][0]["draft"] == {"start": 4, "end": 7, "text": "31件"}
    assert answer["findings"][0]["note"] == {"line": 1, "text": "30件"}


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=4))
def test_assignment_is_optimal(rows: list[list[int]]) -> None:
    scores = {(i, j): float(v) for i, row in enumerate(rows) for j, v in enumerate(row) if v}
    best = max(
        sum(scores.get((i, j), 0.0) for i, j in enumerate(order))
        for order in itertools.permutations(range(4), len(rows))
    )
    result = assign(scores)
    assert len(set(result.values())) == len(result)
    assert sum(scores[pair] for pair in result.items()) == pytest.approx(best)


def test_a_long_draft_is_checked_in_time() -> None:
    rng = random.Random(3)
    lines = [
        f"第{i}组：办理{rng.choice('甲乙丙丁戊己')}{rng.choice('区县镇村社')}事项{rng.randint(10, 9999)}件，增{rng.randint(1, 90)}%"
        for i in range(150)
    ]
    draft = "".join(
        line.replace("增", "增长") + "，各项工作有力有序推进，干部作风持续改善，群众获得感不断增强。" * 2
        for line in lines
    )
    start = time.process_time()
    run(lines, draft)
    assert time.process_time() - start < 5


@given(
    st.text(alphabet="0123456789.%增降近余万元件次个、，。由到→一二三十百“”（）A\n", max_size=50),
    st.text(alphabet="0123456789%增降万元件个、，。由到一二三十", max_size=50),
)
def test_any_notes_and_draft_are_checked(note: str, draft: str) -> None:
    for finding in run([note], draft, note):
        assert finding.draft is None or draft[finding.draft.start : finding.draft.end] == finding.draft.text
