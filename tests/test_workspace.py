"""The workspace keeps what was finished and never overwrites silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import ConflictError, InputError
from assistant.records import DraftSection, Finding, Span
from assistant.workspace import Workspace

SECTION = DraftSection(
    heading="一、工作情况",
    path=("一、工作情况",),
    level=1,
    text="全年办文58件。",
    findings=(Finding("altered", "error", "与要点不符", draft=Span(4, 7, "58件")),),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def test_sections_survive_reopening(workspace: Workspace, tmp_path: Path) -> None:
    work = workspace.create("local", "总结", "## 一、工作情况")
    workspace.save_section("local", work.work_id, SECTION)
    assert Workspace(tmp_path).sections("local", work.work_id) == {SECTION.path: SECTION}


def test_stale_revision_is_refused(workspace: Workspace) -> None:
    work = workspace.create("local", "总结")
    newer = workspace.save_notes("local", work.work_id, "第一个窗口", work.revision)
    with pytest.raises(ConflictError):
        workspace.save_notes("local", work.work_id, "第二个窗口", work.revision)
    assert workspace.work("local", work.work_id).notes == "第一个窗口"
    assert newer.revision == work.revision + 1


def test_saving_the_same_notes_keeps_the_revision(workspace: Workspace) -> None:
    work = workspace.create("local", "总结", "原文")
    assert workspace.save_notes("local", work.work_id, "原文", work.revision) == work


def test_other_peoples_works_are_invisible(workspace: Workspace) -> None:
    work = workspace.create("张三", "总结")
    assert workspace.works("李四") == []
    with pytest.raises(InputError):
        workspace.work("李四", work.work_id)


def test_restore_keeps_the_present_state_as_a_version(workspace: Workspace) -> None:
    work = workspace.create("local", "总结", "旧要点")
    workspace.save_section("local", work.work_id, SECTION)
    version = workspace.save_version("local", work.work_id, "初稿")
    workspace.save_notes("local", work.work_id, "新要点", work.revision)
    workspace.clear_sections("local", work.work_id)
    restored = workspace.restore("local", work.work_id, version)
    assert restored.notes == "旧要点"
    assert workspace.sections("local", work.work_id) == {SECTION.path: SECTION}
    assert [v.notes for v in workspace.versions("local", work.work_id)] == ["新要点", "旧要点"]


def test_delete_removes_everything(workspace: Workspace) -> None:
    work = workspace.create("local", "总结")
    workspace.save_section("local", work.work_id, SECTION)
    workspace.decide("local", work.work_id, "altered:58件", "忽略")
    workspace.delete("local", work.work_id)
    assert workspace.works("local") == []
    with pytest.raises(InputError):
        workspace.sections("local", work.work_id)
