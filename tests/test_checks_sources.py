"""Set phrases, status and leftovers: what is misspelt, puffed up or taken over, and what only looks like it."""

from __future__ import annotations

import pytest

from assistant.checks import review
from assistant.checks.leftovers import check_leftovers
from assistant.checks.phrases import check_phrases
from assistant.checks.status import check_status
from assistant.records import Finding, PastRef, Point

MISSPELT = [
    ("始终做到“三个维护”，确保政令畅通。", "三个维护", "两个维护"),
    ("严格执行三会二课制度，组织生活更加规范。", "三会二课", "三会一课"),
    ("落实“第一议提”制度，学习12次。", "第一议提", "第一议题"),
    ("坚持不忘出心，办好民生实事。", "不忘出心", "不忘初心"),
    ("以习近平新时代中国特色社会主意思想为指导。", "社会主意", "社会主义"),
    ("坚决守住不发生规模性反贫的底线。", "不发生规模性反贫", "不发生规模性返贫"),
    ("坚定道路自信、理论自信、制度自信、文化自信“五个自信”。", "五个自信", "四个自信"),
    ("统筹推进“四位一体”总体布局。", "四位一体", "五位一体"),
]
WELL_SPELT = [
    "增强“四个意识”、坚定“四个自信”、做到“两个维护”，落实“三会一课”和“第一议题”制度。",
    "构建人防、物防、技防“三位一体”防控体系。",
    "推行“一厅通办”“一链一策”，落实“两个确保”。",
    "强化大局意识、服务意识、责任意识“三个意识”。",
    "坚持以人民为中心发展思想，把权力关进制度笼子。",
]
STATUS = [
    ("公文系统二期在走采购程序", "公文系统二期已建成上线，运行平稳。", "公文系统二期已上线"),
    ("值班室改造完成七成", "值班室改造全部完工。", "值班室改造完工了"),
    ("会议管理办法征求意见中", "县委办已印发会议管理办法。", "会议管理办法印发了"),
    ("争取列入省级档案信息化试点", "我县被列为省级档案信息化试点。", "列入省级档案信息化试点"),
    ("力争全年接待参观突破6万人次", "全年接待参观突破6万人次。", "全年接待参观突破6万人次"),
]
PAST = PastRef(
    "去年总结.docx",
    "清溪县委办主任郭志远多次到临水渡大桥现场办公。“书香清溪”活动举办12场。为迎接建党一百周年，我们组织开展了系列宣传活动。",
)


def _spans(found: list[Finding]) -> list[str]:
    return [f.draft.text for f in found if f.draft]


@pytest.mark.parametrize(("text", "wrong", "right"), MISSPELT)
def test_misspelt_phrase(text: str, wrong: str, right: str) -> None:
    found = check_phrases(text)
    assert (_spans(found), [f.suggestion for f in found], [f.severity for f in found]) == ([wrong], [right], ["error"])


@pytest.mark.parametrize("text", WELL_SPELT)
def test_slogans_on_the_same_pattern_are_left_alone(text: str) -> None:
    assert check_phrases(text) == []


def test_a_slogan_of_the_notes_is_the_writers_own() -> None:
    text = "开展“三会二课”行动。"
    assert check_phrases(text)
    assert check_phrases(text, [Point("开展“三会二课”行动", 1)]) == []


def test_session_of_the_notes() -> None:
    found = check_phrases("传达学习县委十四届五次全会精神。", [Point("传达学习县委十四届四次全会精神", 1)])
    assert _spans(found) == ["十四届五次全会"]


@pytest.mark.parametrize(("note", "draft", "fair"), STATUS)
def test_status(note: str, draft: str, fair: str) -> None:
    (found,) = check_status(draft, [Point(note, 3)])
    assert found.severity == "error"
    assert found.note is not None
    assert found.note.line == 3
    assert check_status(draft, [Point(fair, 3)]) == []


@pytest.mark.parametrize(
    ("note", "draft"),
    [
        ("3月开工、10月竣工的滨河路4.2公里", "滨河路4.2公里于10月竣工通车。"),
        ("公文系统二期在走采购程序", "公文系统二期正在履行采购程序，建成后将实现全程网办。"),
        ("建成档案室6处，明年再建4处", "建成档案室6处，明年计划再建4处。"),
        ("征求意见完成，112条、采纳46条，下步送审", "办法已完成征求意见，采纳46条，下一步按程序送审。"),
        ("完成投资3亿元，占计划118%", "完成投资3亿元，占计划的118%。"),
    ],
)
def test_status_that_the_notes_bear_out(note: str, draft: str) -> None:
    assert check_status(draft, [Point(note, 1)]) == []


def test_status_needs_notes_and_skips_plans() -> None:
    assert check_status("公文系统二期已建成上线。", []) == []
    assert check_status("四、下步打算\n公文系统二期全部建成上线。", [Point("公文系统二期在走采购程序", 1)]) == []


@pytest.mark.parametrize(
    ("draft", "note", "names"),
    [
        ("县委办主任郭志远亲自协调征收工作。", "主任李明协调征收工作", ["郭志远"]),
        ("临水渡大桥建成通车。", "青石桥建成通车", ["临水渡大桥"]),
        ("举办“书香清溪”活动18场。", "举办“书香平川”活动18场", ["书香清溪"]),
        (
            "为迎接建党一百周年，我们组织开展了系列宣传活动，发稿26篇。",
            "发稿26篇",
            ["为迎接建党一百周年，我们组织开展了系列宣传活动"],
        ),
    ],
)
def test_left_over(draft: str, note: str, names: list[str]) -> None:
    assert _spans(check_leftovers(draft, [Point(note, 1)], [PAST])) == names
    assert check_leftovers(draft, [Point(draft, 1)], [PAST]) == []
    assert check_leftovers(draft, [Point(note, 1)], []) == []


def test_other_county() -> None:
    text = "平川县办文提速。平川县办会提质。清溪县办公室荣获先进。"
    assert [(f.severity, f.draft.text) for f in check_leftovers(text, (), [PAST]) if f.draft] == [("error", "清溪县")]
    assert [f.severity for f in check_leftovers(text)] == ["info"]
    assert check_leftovers("平川县办文提速。平川县办会提质。邻县清溪县来我县考察学习。", (), [PAST]) == []
    assert check_leftovers("平川县办文提速。平川县办会提质。完善县乡村三级网络，推进县医院建设。") == []


def test_review_names_a_place_once() -> None:
    text = "落实“三会二课”制度。收文由200件减少到150件，减少35%。"
    found = review(text, points=[Point("落实“三会一课”制度；收文由200件减少到150件", 1)])
    places = [(f.kind, f.draft.start, f.draft.end) for f in found if f.draft]
    assert len(places) == len(set(places))
    assert {"altered", "arithmetic"} <= {f.kind for f in found}
    assert sum(f.kind == "altered" and "三会" in (f.draft.text if f.draft else "") for f in found) == 1
