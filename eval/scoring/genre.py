"""Whether a section does what its place in the report asks for, and whether a 述职报告 speaks in the first person."""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["opening", "work", "results", "lessons", "problems", "plans", "closing"]

_ROLES: tuple[tuple[Role, str], ...] = (
    ("problems", r"问题|不足|困难|短板|差距|薄弱"),
    (
        "plans",
        r"打算|计划|下一步|下步|安排|思路|目标|今后|明年|20\d\d年.{0,6}(?:工作|任务|重点)(?:打算|安排|建议|思路|目标)",
    ),
    ("lessons", r"启示|体会|经验"),
    ("results", r"成效|效果|成果"),
    ("opening", r"基本情况|概况|总体|灾情"),
    ("work", r"工作|做法|举措|措施|履职|情况|回顾|落实|建设"),
    ("closing", r"结语|结束|请求|建议"),
)
_INTENT = re.compile(
    r"将|力争|继续|进一步|计划|争取|确保|要|拟|持续|着力|加快|推动|深化|抓好|做到|不断|突出|坚持|强化|完善|落实|推进|加强|目标|建成|实现"
)
_LACK = re.compile(
    r"不够|不足|问题|不强|不高|不深|不多|不实|欠|差距|滞后|薄弱|偏|缺|少|难|弱|未能|还没|仍|老一套|有待|短板|压力|频繁|不稳|困难|低"
)
_I = re.compile(r"我(?!们的|国|省|市|县|区|镇|乡|局|院|办|委|党|军|校|厅|中心)|本人")
_ADDRESS = re.compile(r"该同志|该(?:主任|局长|书记)")


def role_of(path: tuple[str, ...]) -> Role | None:
    """The role that a heading announces, the nearest heading first; None when none of them says."""
    for heading in reversed(path):
        for role, pattern in _ROLES:
            if re.search(pattern, heading):
                return role
    return None


def fits_role(text: str, role: Role | None) -> bool:
    """Whether the text speaks as its role must: problems name what is lacking, plans name intentions."""
    if role == "problems":
        return bool(_LACK.search(text))
    if role == "plans":
        return bool(_INTENT.search(text))
    return bool(text.strip())


def first_person(text: str) -> bool:
    """Whether a duty report speaks as 我 or 本人 and never of its writer as of a third person."""
    return bool(_I.search(text)) and not _ADDRESS.search(text)
