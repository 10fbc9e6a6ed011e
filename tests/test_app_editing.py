"""Editing a drafted section: 补入 brings only what is missing, and the re-check knows what the draft's check knew."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.app.jobs import DraftJob, Order, Shown
from assistant.app.recheck import recheck
from assistant.brief import parse_brief
from assistant.forced import sentence_for
from assistant.pipeline import Pipeline
from assistant.records import DraftSection, Finding, Section, label_of
from assistant.scripted import ScriptedModel
from assistant.settings import Settings
from assistant.workspace import Workspace

NOTES = """---
title: 云岭县督查股2024年小结
unit: 云岭县督查股
period: 2024年
---
## 一、督查工作
字数: 150
- 专项督查19次，发通报11期
- 办结领导批示195件，同比下降7.5%，办结率96.1%
- 建立周调度制度，压实部门责任
## 二、12345热线
- 受理诉求820件
"""
BRIEF = parse_brief(NOTES)
FIRST, SECOND = BRIEF.sections
PAST = """云岭县督查股2023年小结
一、督查工作
全年开展专项督查23次，发通报9期，办结领导批示204件。赴青石镇开展回访31次，推动问题整改到位。
"""


def pipeline(home: Path) -> Pipeline:
    return Pipeline(Settings(home=home, models_dir=home / "models"), ScriptedModel(["好"]))


@pytest.mark.parametrize(
    ("text", "line", "added"),
    [
        ("专项督查19次。", 0, "印发通报11期。"),
        ("办结领导批示195件，办结率96.1%。", 1, "办结领导批示同比下降7.5%。"),
        ("压实部门责任。", 2, "建立周调度制度。"),
        ("抓好督查。", 0, "开展专项督查19次，印发通报11期。"),
    ],
)
def test_what_is_put_back_is_what_is_missing(text: str, line: int, added: str) -> None:
    assert sentence_for(FIRST.points[line], text, FIRST, BRIEF) == added


def test_a_bullet_that_is_missing_is_told_once(tmp_path: Path) -> None:
    def missing(section: Section, text: str) -> list[str]:
        return [f.kind for f in recheck(pipeline(tmp_path), BRIEF, section, text) if label_of(f.kind) == "漏写"]

    second = parse_brief(NOTES.replace("受理诉求820件", "群众满意度测评得分98.2分")).sections[1]
    assert missing(FIRST, "专项督查19次，发通报11期。办结领导批示195件，同比下降7.5%，办结率96.1%。") == ["uncovered"]
    assert missing(second, "工作有序推进。") == ["dropped"]


def test_what_is_put_back_leaves_nothing_missing(tmp_path: Path) -> None:
    text = "专项督查19次。办结领导批示195件，办结率96.1%。建立周调度制度，压实部门责任。"
    lines = {f.note.line for f in recheck(pipeline(tmp_path), BRIEF, FIRST, text) if f.kind == "dropped" and f.note}
    for point in FIRST.points:
        if point.line in lines:
            text += sentence_for(point, text, FIRST, BRIEF)
    assert [f for f in recheck(pipeline(tmp_path), BRIEF, FIRST, text) if f.severity == "error"] == []
    assert text.count("19次") == text.count("195件") == 1


def test_an_edit_is_held_against_past_reports(tmp_path: Path) -> None:
    past = tmp_path / "云岭县督查股2023年小结.txt"
    past.write_text(PAST, "utf-8")
    with_library, without = pipeline(tmp_path / "a"), pipeline(tmp_path / "b")
    with_library.ingest([past])
    text = "专项督查19次，发通报11期。赴青石镇开展回访31次。"
    assert "leftover" in kinds(recheck(with_library, BRIEF, FIRST, text), "31次")
    assert "leftover" not in kinds(recheck(without, BRIEF, FIRST, text), "31次")
    with_library.close()


def test_an_edit_may_quote_the_heading_and_is_held_against_the_length(tmp_path: Path) -> None:
    found = recheck(pipeline(tmp_path), BRIEF, SECOND, "抓好12345热线，受理诉求820件。")
    assert [f for f in found if f.severity == "error"] == []
    short = recheck(pipeline(tmp_path), BRIEF, FIRST, "专项督查19次，发通报11期。")
    assert "length" in {f.kind for f in short}


def kinds(findings: tuple[Finding, ...], words: str) -> set[str]:
    return {f.kind for f in findings if f.draft and words in f.draft.text}


def test_a_settled_sentence_takes_its_place() -> None:
    shown = Shown()
    shown.first(["一。", "二。", "\n三。"])
    shown.settle(2, "叁。")
    assert (shown.text, shown.unsettled) == ("一。二。\n叁。", 2)


def called_off(workspace: Workspace, home: Path, order: Order) -> DraftJob:
    """A run that was cancelled as soon as the model had begun."""
    slow = Pipeline(Settings(home=home, models_dir=home), ScriptedModel(lambda _: "1. 字" * 90, delay=0.05))
    job = DraftJob(order, slow, workspace)
    job.start()
    while not any(event["kind"] == "started" for event in list(job.events)):
        assert not job.over.wait(0.01)
    job.cancel()
    job.join(10)
    return job


def test_what_is_on_the_page_is_kept_on_cancel(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    work = workspace.create("local", "题", NOTES)
    job = called_off(workspace, tmp_path, Order("local", work.work_id, BRIEF))
    kept = workspace.sections("local", work.work_id)
    assert [event["kind"] for event in job.events][:2] == ["first", "first"]
    assert all("unfinished" in {f.kind for f in section.findings} for section in kept.values())
    assert "19次" in kept[FIRST.path].text
    assert "820件" in kept[SECOND.path].text
    assert not [f for section in kept.values() for f in section.findings if f.severity == "error"]


def test_calling_off_a_rewriting_leaves_the_old_text(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    work = workspace.create("local", "题", NOTES)
    workspace.save_section("local", work.work_id, DraftSection(FIRST.heading, FIRST.path, FIRST.level, "旧稿。"))
    called_off(workspace, tmp_path, Order("local", work.work_id, BRIEF, FIRST.heading))
    assert workspace.sections("local", work.work_id)[FIRST.path].text == "旧稿。"
