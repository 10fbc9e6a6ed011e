"""The app without a browser: marks, notes form, tracing, starts, accounts."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.app import marks, starts, views
from assistant.app.accounts import FREE_FAILURES, Accounts, hash_password, matches, read_accounts
from assistant.app.marks import Mark
from assistant.app.notes_form import to_form, to_markdown
from assistant.app.trace import trace
from assistant.brief import parse_brief
from assistant.errors import InputError, SettingsError
from assistant.records import Document, Finding, Heading, Point, Section, Span, label_of
from assistant.resources import resource_dir

HOSTILE = "<script>x</script>\"'&{{a}}${b}\n\n# h\n![](//e)\x00\u202e"


# ---- marks


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70)), max_size=5))
def test_marks_never_lose_or_add_a_character(text: str, spans: list[tuple[int, int]]) -> None:
    text = marks._CONTROL.sub("-", text).replace("\r", "")
    made = marks.paragraphs(text, [Mark(start, end, "ok", "tip") for start, end in spans])
    assert {re.match(r"</?(\w+)", tag)[1] for tag in re.findall("<[^>]*>", made)} <= {"p", "br", "mark"}
    assert html.unescape(re.sub("<[^>]*>", "", made.replace("</p><p>", "\n"))) == text


def test_hostile_text_stays_text() -> None:
    made = marks.region(
        marks.paragraphs(HOSTILE, [Mark(0, 8, "error", HOSTILE, HOSTILE)]) + marks.changes("a", HOSTILE), HOSTILE
    )
    assert "<script" not in made
    assert "\n" not in made
    assert "\u202e" not in made


def test_the_graver_mark_wins_where_two_overlap() -> None:
    made = marks.inline("发文86件", [Mark(2, 5, "ok", "对"), Mark(2, 4, "error", "错")])
    assert (
        made
        == '发文<mark class="mk mk-error" data-tip="错&#10;对">86</mark><mark class="mk mk-ok" data-tip="对">件</mark>'
    )


def test_context_marks_what_the_draft_shares() -> None:
    made = marks.context("前文。围绕中心工作开展督查。后文。", 3, 15, "今年围绕中心工作抓落实")
    assert '<mark class="mk mk-match" data-tip="与稿子相同的字句">围绕中心工作</mark>' in made


def test_changes_show_both_wordings() -> None:
    assert marks.changes("发文86件。", "发文87件。") == '<span class="diff">发文8<del>6</del><ins>7</ins>件。</span>'


# ---- notes form


@pytest.mark.parametrize("path", sorted((resource_dir("data") / "briefs").glob("*.md")), ids=lambda path: path.stem)
def test_the_form_of_sample_notes_keeps_every_point(path: Path) -> None:
    notes = path.read_text("utf-8")
    before, after = parse_brief(notes), parse_brief(to_markdown(to_form(notes)))
    assert sorted(p.text for p in before.points) == sorted(p.text for p in after.points)
    assert [(s.heading, s.level, s.target_length) for s in before.sections] == [
        (s.heading, s.level, s.target_length) for s in after.sections
    ]
    assert (before.title, before.unit, before.period, before.extra) == (
        after.title,
        after.unit,
        after.period,
        after.extra,
    )


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "heading": st.text("一二三、工作 ", min_size=1, max_size=8).filter(lambda t: t.strip()),
                "level": st.integers(1, 4),
                "target": st.none() | st.integers(10, 9999),
                "bullets": st.lists(st.text("督查19次，#-|_ ", min_size=1, max_size=12), max_size=3).map("\n".join),
                "tables": st.lists(
                    st.lists(st.lists(st.text("甲12|\n", max_size=4), min_size=2, max_size=2), min_size=1, max_size=3),
                    max_size=1,
                ),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
@example([{"heading": "、", "level": 1, "target": None, "bullets": "- |", "tables": []}])
def test_saving_twice_changes_nothing(sections: list[dict[str, object]]) -> None:
    form = {
        "title": "题",
        "unit": "",
        "period": "",
        "doc_type": "工作总结",
        "audience": "",
        "extra": {},
        "sections": sections,
    }
    once = to_markdown(form)
    assert to_markdown(to_form(once)) == to_markdown(to_form(to_markdown(to_form(once))))


def test_an_outline_without_bullets_can_be_kept() -> None:
    form = starts.skeleton("述职报告")
    again = to_form(to_markdown(form))
    assert [s["heading"] for s in again["sections"]] == [s["heading"] for s in form["sections"]]
    assert again["sections"][1]["target"] == 600


@pytest.mark.parametrize("form", [{}, {"title": "x"}, {"title": "", "sections": [{"level": "a"}]}, {"sections": 3}])
def test_a_broken_form_is_refused(form: dict[str, object]) -> None:
    with pytest.raises(InputError, match="没有保存"):
        to_markdown(form)


def test_last_years_outline_brings_no_old_sentence() -> None:
    text = "2023年工作总结\n一、2023年工作情况\n全年发文86件。" + "推动落实。" * 40 + "\n二、2024年打算\n抓落实。"
    headings = (
        Heading("一、2023年工作情况", 1, 10, 21),
        Heading("二、2024年打算", 1, text.index("二、"), len(text) - 5),
    )
    form = starts.from_report(Document("d", "a.txt", text, "2023年工作总结", headings=headings))
    assert form["title"] == "2024年工作总结"
    assert [s["heading"] for s in form["sections"]] == ["一、2024年工作情况", "二、2025年打算"]
    assert form["sections"][0]["target"] == 210
    assert "发文" not in to_markdown(form)


def test_last_years_section_stands_beside_the_heading_most_like_it() -> None:
    text = "2023年工作总结\n（一）政务督查\n督查23次。\n（二）抓后勤保障\n接待80批次。\n三、2024年打算\n抓落实。"
    marks_of = ["（一）政务督查", "（二）抓后勤保障", "三、2024年打算"]
    headings = tuple(Heading(words, 1, text.index(words), text.index(words) + len(words)) for words in marks_of)
    document = Document("d", "a.txt", text, "2023年工作总结", headings=headings)
    found = starts.beside(document, ["（一）后勤保障", "（二）督查政务公开栏目", "四、2025年打算", ""])
    assert found[0] == {"heading": "（二）抓后勤保障", "text": "接待80批次。"}
    assert found[1] is None
    assert found[2] == {"heading": "三、2024年打算", "text": "抓落实。"}
    assert found[3] is None
    assert starts.beside(document, ["（三）督查督办"])[0] == {"heading": "（一）政务督查", "text": "督查23次。"}
    assert starts.beside(Document("d", "a.txt", text, "无标题"), ["一、"]) == [None]


# ---- tracing and views


def test_a_figure_is_traced_to_the_note_that_fits_best() -> None:
    points = [Point("调研报告19篇", 1), Point("专项督查19次，发通报11期", 2)]
    found = trace("全年专项督查19次，另有会议7次。", points)
    assert [(t.figure.surface, t.point.line if t.point else None) for t in found] == [("19次", 2), ("7次", None)]


def test_a_waved_through_finding_leaves_no_mark() -> None:
    section = Section("一", 1, ("一",), 1, (Point("督查19次", 2),))
    finding = Finding("altered", "error", "改了", draft=Span(2, 5, "20次"))
    key = views.finding_key(finding, ("一",))
    assert "mk-error" in views.text_view("督查20次", [finding], section, {})["html"]
    waved = views.text_view("督查20次", [finding], section, {key: "忽略"})
    assert "mk-error" not in waved["html"]
    assert (waved["errors"], waved["findings"][0]["decision"]) == (0, "忽略")


def test_every_kind_of_finding_has_a_chinese_name(root: Path) -> None:
    """Whatever the code names as the kind of a finding: the first argument of Finding(…) and of the helpers that make one."""
    kinds = {
        call.args[0].value
        for path in (root / "assistant").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id.lower().endswith("finding")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert {"altered", "dropped", "withheld", "plans"} <= kinds
    assert {kind for kind in kinds if label_of(str(kind)) == "提示"} == set()


# ---- accounts


def test_accounts_sign_sessions_and_forget_them_with_the_password() -> None:
    stored = {"王伟": hash_password("long-enough-1")}
    accounts = Accounts(stored, b"k" * 32)
    token = accounts.login("王伟", "long-enough-1", "1.2.3.4")
    assert token.isascii()
    assert accounts.user(token) == "王伟"
    assert accounts.user(token[:-1] + ("0" if token[-1] != "0" else "1")) is None
    assert accounts.user(token.replace("|", "|9", 1)) is None
    assert Accounts({"王伟": hash_password("another-one-2")}, b"k" * 32).user(token) is None
    assert Accounts(stored, b"j" * 32).user(token) is None


def test_guessing_is_slowed_down() -> None:
    accounts = Accounts({"wang": hash_password("long-enough-1")}, b"k" * 32)
    for _ in range(FREE_FAILURES):
        with pytest.raises(InputError, match="不对"):
            accounts.login("wang", "x", "1.2.3.4")
    with pytest.raises(InputError, match="秒后再试"):
        accounts.login("wang", "long-enough-1", "1.2.3.4")
    assert accounts.login("wang", "long-enough-1", "5.6.7.8")


def test_without_accounts_everybody_is_local() -> None:
    assert Accounts({}, b"k").user(None) == "local"


def test_a_wrong_accounts_file_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "accounts"
    file.write_text("wang:secret\n", "utf-8")
    with pytest.raises(SettingsError, match="第1行"):
        read_accounts(file)
    file.write_text(f"# 账号\nwang:{hash_password('abc')}\n", "utf-8")
    assert matches("abc", read_accounts(file)["wang"])
