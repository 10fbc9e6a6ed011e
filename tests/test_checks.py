"""The checks that need no notes: each finds its error and stays quiet on ordinary prose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.checks import review
from assistant.checks.coverage import check_coverage
from assistant.checks.numbering import check_numbering
from assistant.checks.outline import check_outline
from assistant.checks.placeholders import check_placeholders
from assistant.checks.punctuation import check_punctuation
from assistant.checks.repeats import check_repeats
from assistant.checks.wording import check_wording
from assistant.records import Brief, Finding, PastRef, Point, Section

Check = Callable[[str], list[Finding]]

PLANTED: list[tuple[Check, str, str]] = [
    (check_numbering, "一、工作情况\n全年平稳。\n三、下步打算\n继续努力。", "三、"),
    (check_numbering, "（一）办文\n规范。\n（二）办会\n精简。\n（二）督查\n有力。", "（二）"),
    (check_numbering, "一是抓学习，二是抓调研。四是抓督查。", "四是"),
    (check_placeholders, "办文总量同比增长__%。", "__"),
    (check_placeholders, "由XX乡牵头落实。", "XX"),
    (check_placeholders, "共培训××人次。", "××"),
    (check_placeholders, "开展督查〔数〕次。", "〔数〕"),
    (check_placeholders, "会后补期数【待补：培训期数】。", "【待补：培训期数】"),
    (check_punctuation, "规范办文流程,提高办会质量。", ","),
    (check_punctuation, "印发《公文处理办法，认真抓好落实。", "《"),
    (check_punctuation, "（一）参谋服务。\n围绕中心开展调研。", "。"),
    (check_wording, "截止12月底，共办理来文58件。", "截止"),
    (check_wording, "为全县发展做出积极贡献。", "做出"),
    (check_wording, "制订印发《值班值守工作制度》。", "制订"),
    (check_wording, "约30篇左右的信息被采用。", "约30篇左右"),
    (check_wording, "近百人以上参加培训。", "近百人以上"),
    (check_wording, "关于对全县督查情况的通报", "关于对全县督查情况的通报"),
    (check_wording, "会议数量减少1倍。", "减少1倍"),
]
CLEAN = [
    "一、工作情况\n一是抓学习，二是抓调研，三是抓督查。\n二、下步打算\n一是补短板，二是强弱项。",
    "（一）办文\n1.规范流程。\n2.提高时效。\n（二）办会\n1.精简会议。",
    "截至12月底，共办理来文58件，报名截止时间为月底。",
    "制订年度培训计划，制定值班制度，作出积极贡献。",
    "做好“数据要素×”试点，近30篇信息被采用，约占三成。",
    "印发《公文处理办法》（试行），落实“三服务”要求。",
]


@pytest.mark.parametrize(("check", "text", "wrong"), PLANTED)
def test_planted_error_is_found_where_it_stands(check: Check, text: str, wrong: str) -> None:
    spans = [finding.draft for finding in check(text) if finding.draft]
    assert any(span.text == wrong and text[span.start : span.end] == wrong for span in spans)


@pytest.mark.parametrize("text", CLEAN)
@pytest.mark.parametrize("check", [check_numbering, check_placeholders, check_punctuation, check_wording])
def test_ordinary_prose_is_left_alone(check: Check, text: str) -> None:
    assert check(text) == []


def test_outline_names_missing_changed_and_moved_headings() -> None:
    sections = [Section(h, 1, (h,), 1) for h in ("一、工作情况", "二、存在问题", "三、下步打算")]
    missing = check_outline("一、工作情况\n平稳。\n三、下步打算\n继续。", sections)
    changed = check_outline("一、工作情况\n平稳。\n二、存在的问题和不足\n有。\n三、下步打算\n继续。", sections)
    moved = check_outline("二、存在问题\n有。\n一、工作情况\n平稳。\n三、下步打算\n继续。", sections)
    assert [f.message for f in missing] == ["缺少提纲中的标题“二、存在问题”。"]
    assert [f.draft.text if f.draft else None for f in changed] == ["二、存在的问题和不足"]
    assert [f.draft.text if f.draft else None for f in moved] == ["二、存在问题"]
    assert check_outline("## 一、工作情况\n平稳。\n## 二、存在问题\n有。\n## 三、下步打算\n继续。", sections) == []


def test_bullets_without_headings_prescribe_no_outline() -> None:
    assert check_outline("全年培训干部120人。", [Section("", 1, ("",), 1)]) == []


def test_bullet_that_never_arrived_is_named() -> None:
    points = [
        Point("信息直报点由16个增到24个", 3),
        Point("公务用车平台派车1870台次", 4),
        Point("可不写的内容", 5, optional=True),
    ]
    findings = check_coverage("信息直报点由16个增加到24个。", points)
    assert [f.note.line for f in findings if f.note] == [4]


def test_sentence_of_last_year_and_doubled_sentence() -> None:
    old = "牢固树立全县一盘棋思想，主动靠前服务重点项目建设。"
    text = f"{old}规范公文办理流程，严格落实限时办结制度。\n规范公文办理流程，严格落实限时办结制度。"
    findings = check_repeats(text, [PastRef("2023年总结", old)])
    assert [f.kind for f in findings] == ["leftover", "repeat"]
    assert findings[0].past == PastRef("2023年总结", old)


def test_few_alarms_on_real_reports(corpus: list[Path]) -> None:
    """Errors on published reports: their own slips, at most one in 50,000 characters."""
    texts = [path.read_text(encoding="utf-8") for path in corpus]
    errors = [f for text in texts for f in (*check_numbering(text), *check_placeholders(text)) if f.severity == "error"]
    assert len(errors) * 50_000 < sum(map(len, texts))


def test_what_the_head_of_the_notes_says_is_no_invention() -> None:
    points = (Point("受理诉求310件", 3),)
    section = Section("一、12345热线办理", 1, ("一、12345热线办理",), 2, points, None)
    brief = Brief("松屏县2024年度热线工作总结", "松屏县政府办公室", "2024年", "工作总结", "", (section,))
    past = [PastRef("去年.txt", "2024年度，松屏县12345热线受理诉求208件。组织集中学习。")]
    text = "# 一、12345热线办理\n2024年度，松屏县12345热线受理诉求310件，组织集中学习。"
    found = review(text, points=points, past=past, brief=brief)
    assert [(f.kind, f.message) for f in found if f.severity != "info"] == []
    assert any(f.severity == "error" for f in review(text, points=points, past=past))
