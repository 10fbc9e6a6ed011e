"""What a part of a report is for, told by its heading, its position and fixed phrases."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.records import SectionRole


def section_role(text: str, heading_path: Sequence[str], position: float) -> SectionRole | None:
    """The role of a passage, None when nothing tells."""
    heading = " ".join(heading_path)
    if any(word in heading for word in ("问题", "不足")):
        return "存在问题"
    if any(word in heading for word in ("下一步", "下步", "打算", "安排", "任务")):
        return "下步打算"
    return None


def function_tags(text: str, heading_path: Sequence[str], position: float) -> frozenset[str]:
    """Finer functions of a passage."""
    return frozenset()
