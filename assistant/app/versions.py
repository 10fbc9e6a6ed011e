"""Kept states of a work: list, compare with the present text, restore, keep one by hand."""

from __future__ import annotations

from typing import Any

from assistant.app.marks import changes, escape
from assistant.errors import InputError
from assistant.records import DraftSection
from assistant.workspace import Version, Workspace

Json = dict[str, Any]


def listing(workspace: Workspace, owner: str, work_id: str) -> list[Json]:
    """The versions of a work, newest first, without their text."""
    return [
        {
            "id": version.version_id,
            "label": version.label,
            "created": version.created,
            "length": sum(section.length for section in version.sections),
            "sections": len(version.sections),
        }
        for version in workspace.versions(owner, work_id)
    ]


def keep(workspace: Workspace, owner: str, work_id: str, label: str) -> list[Json]:
    """Keep the present state under a name of the writer's."""
    workspace.save_version(owner, work_id, label.strip()[:60] or "手动保存")
    return listing(workspace, owner, work_id)


def compare(workspace: Workspace, owner: str, work_id: str, version_id: str) -> Json:
    """What has changed since a version, section by section, as HTML with deletions and insertions."""
    version = _find(workspace, owner, work_id, version_id)
    now = workspace.sections(owner, work_id)
    then = {section.path: section for section in version.sections}
    parts = [_section(path, then.get(path), now.get(path)) for path in dict.fromkeys([*now, *then])]
    return {"id": version_id, "label": version.label, "html": "".join(parts) or "<p>两份都还没有正文。</p>"}


def _section(path: tuple[str, ...], then: DraftSection | None, now: DraftSection | None) -> str:
    old, new = (then.text if then else ""), (now.text if now else "")
    body = f"<p>{changes(old, new)}</p>" if old != new else '<p class="same">没有改动</p>'
    return f"<h4>{escape(path[-1])}</h4>{body}"


def _find(workspace: Workspace, owner: str, work_id: str, version_id: str) -> Version:
    for version in workspace.versions(owner, work_id):
        if version.version_id == version_id:
            return version
    raise InputError("没有找到这个版本，可能已被删除。请刷新版本列表。")
