"""What a section does in its report, from its heading and place: the role decides tone, prompt and phrases."""

from __future__ import annotations

import re

from assistant.phrases import Tone
from assistant.records import Brief, Section, SectionRole

_PROBLEM = re.compile(
    r"存在|不足|(?<!解决)(?<!破解)(?<!化解)(?<!整改)(?<!突出)(?<!重点)问题|困难$|(?<!补)(?<!补齐)短板$|差距|薄弱"
)
_PLAN = re.compile(
    r"打算|(?<!年)计划$|下一?步|目标(?:和|与|及)|(?:目标|主要任务|安排|思路|努力方向|展望|设想)$|今后|自身建设"
)
_RESULT = re.compile(r"成效|成果|成绩")
_EXPERIENCE = re.compile(r"经验|启示|体会")
_OVERVIEW = re.compile(r"基本情况|总体情况|概况|履职情况$|工作概述")
_CLOSING = re.compile(r"结语|结束语|结尾")


def section_role(section: Section, brief: Brief) -> SectionRole:
    """What a section does in its report, from its heading and place."""
    heading = section.heading
    if _is_plan(heading, brief):
        return "下步打算"
    if _PROBLEM.search(heading):
        return "存在问题"
    if _EXPERIENCE.search(heading):
        return "经验"
    if _CLOSING.search(heading):
        return "结尾"
    index = next((i for i, other in enumerate(brief.sections) if other.path == section.path), 0)
    has_children = index + 1 < len(brief.sections) and brief.sections[index + 1].level > section.level
    if has_children and section.level == 1:
        return "开头总述"
    if _OVERVIEW.search(heading):
        return "开头总述"
    return "成效" if _RESULT.search(heading) else "主要做法"


def tone_of(role: SectionRole) -> Tone:
    """How a section of this role speaks."""
    return "problem" if role == "存在问题" else "plan" if role == "下步打算" else "work"


def _is_plan(heading: str, brief: Brief) -> bool:
    """Named as a plan, or about a year after the reported one."""
    if _PLAN.search(heading):
        return True
    years = [int(year) for year in re.findall(r"20\d\d", heading)]
    reported = [int(year) for year in re.findall(r"20\d\d", brief.period)]
    return bool(years and reported) and min(years) > max(reported)
