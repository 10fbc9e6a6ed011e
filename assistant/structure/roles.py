"""What a part of a report is for: its section role, from heading, position and fixed phrases.

The words are the set phrases of the genre (spec: official-documents section 1). Where neither heading nor phrase tells,
the answer is None: a role is used as a filter, and a wrong one hides the passage from whoever looks for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.records import SectionRole

_HEADING_ROLES: tuple[tuple[SectionRole, re.Pattern[str]], ...] = (
    (
        "存在问题",
        re.compile(
            r"(?:存在|面临|突出|主要|困难|差距).{0,8}(?:问题|不足|困难|短板|差距|挑战)|问题(?:和|与|及)?(?:不足|"
            r"困难|原因)|不足(?:之处|和|与|$)"
        ),
    ),
    (
        "下步打算",
        re.compile(
            r"下一?步|下一?阶段|下年|明年|来年|新的一年|今后|今年.{0,10}(?:任务|工作|安排|目标|重点|建议)|打算|展望|"
            r"工作(?:安排|部署|思路|计划)(?!.{0,4}(?:完成|落实|执行|情况))|"
            r"(?:总体|目标|主要|重点|发展).{0,4}(?:要求|任务|目标|思路)|(?:19|20)\d\d年.{0,16}(?:任务|安排|目标|"
            r"重点|要求|部署|建议|计划)|意见建议|"
            r"(?:任务|工作)(?:的)?建议$"
        ),
    ),
    ("经验", re.compile(r"经验(?!交流|(?:和|与)?做法)|启示|体会|规律性认识|几点认识")),
    ("成效", re.compile(r"成效|成果|成绩|成就|效果|完成情况|执行情况|亮点")),
    ("主要做法", re.compile(r"做法|举措|措施|工作开展|开展情况|履职情况|工作(?:情况|回顾|总结)|主要工作|回顾")),
    ("结尾", re.compile(r"^(?:结束语|结语)$")),
    ("开头总述", re.compile(r"^(?:前言|引言|基本情况|总体情况|工作背景|履职基本情况)$|基本情况$")),
)
_MARKER = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．])\s*")

_SOLVING = re.compile(r"(?:解决|破解|化解|整治|攻克|整改).{0,12}(?:问题|困难|短板)")

_PROBLEMS = re.compile(
    r"(?:清醒|深刻|充分|也要)(?:地)?(?:看到|认识到|认识)|(?:存在|面临|还有).{0,14}(?:不少|一些|许多|诸多|一定|"
    r"较大)?.{0,6}(?:问题|不足|困难|差距|短板|挑战)|"
    r"(?:与|同|距).{2,30}(?:相比|要求).{0,10}(?:差距|不足)|不足之处|问题(?:和|与)不足|(?:主要是|"
    r"主要表现在)[：:].{0,30}(?:不够|不强|不足|不高|不优|滞后)"
)
_WEAK = re.compile(r"(?:还|仍|尚)?(?:不够|不强|不足|不高|不优|不牢|不深|薄弱|滞后|欠缺|偏低|偏弱|突出问题|短板)")
_EXPERIENCE = re.compile(
    r"(?:深切|深刻|深深|切身)(?:地)?(?:体会|认识|感受)到|(?:实践|经验)(?:充分)?(?:证明|表明|告诉)|"
    r"必须(?:始终)?坚持.{4,40}(?:必须|只有)"
)
_OPENING = re.compile(
    r"(?:在|面对).{4,60}(?:坚强领导|正确领导|领导下|指导下|大力支持)|(?:一年来|过去的?[一三五]?年里?|[五三]年来|今年以来|"
    r"全年|(?:19|20)\d\d年)[，,是].{10,}"
)
_CLOSING = re.compile(
    r"让我们|为(?:实现|全面|夺取|加快|谱写|推进|建设).{4,60}(?:奋斗|贡献|努力|新篇章|胜利)[！。]?$|(?:团结奋斗|"
    r"奋勇前进|再创佳绩|作出(?:新的|更大|应有)?.{0,4}贡献)[！。]?$|"
    r"以上(?:报告|汇报|总结)|(?:请|敬请).{0,10}(?:审议|批评指正|指正)"
)


def section_role(text: str, heading_path: Sequence[str], position: float) -> SectionRole | None:
    """The role of a passage or section.

    Args:
        text: its text.
        heading_path: its headings, the highest first.
        position: where it begins in the document, 0 to 1.

    Returns:
        A role, or None when nothing tells.
    """
    if position < 0.08 and not heading_path:
        return "开头总述"
    if position > 0.9 and _CLOSING.search(text[-120:]) and not _is_numbered_item(text):
        return "结尾"
    inner = _role_of_heading(heading_path[-1]) if heading_path else None
    if inner in ("存在问题", "下步打算", "经验", "结尾", "开头总述"):
        return inner
    if (spoken := _role_of_phrases(text, heading_path)) is not None:
        return spoken
    return next((role for heading in reversed(heading_path) if (role := _role_of_heading(heading))), None)


def _role_of_heading(heading: str) -> SectionRole | None:
    bare = _MARKER.sub("", heading)
    if _SOLVING.search(bare):
        return None
    return next((role for role, pattern in _HEADING_ROLES if pattern.search(bare)), None)


def _role_of_phrases(text: str, heading_path: Sequence[str]) -> SectionRole | None:
    """Parts that have no heading of their own: problems and lessons are told inside the review of the year."""
    head = text[:160]
    if _PROBLEMS.search(head) and len(_WEAK.findall(text)) + head.count("问题") >= 2:
        return "存在问题"
    if _EXPERIENCE.search(head):
        return "经验"
    if re.match(r"(?:下一?步|下一?阶段|今后)", head):
        return "下步打算"
    looks_back = any("回顾" in heading or "总结" in heading for heading in heading_path)
    if len(heading_path) == 1 and looks_back and _OPENING.match(head):
        return "开头总述"
    return None


def _is_numbered_item(text: str) -> bool:
    return bool(_MARKER.match(text))
