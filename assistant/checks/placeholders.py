"""Gaps that were meant to be filled before the report goes out: XX, ××, 某, __, 【待补】, a lone asterisk."""

from __future__ import annotations

import re

from assistant.checks.prose import finding
from assistant.records import Finding, Severity, Span

MASK_MARK = re.compile(r"〔(?:数|时间|文号|代码|序数|单位|文件|地名|人名)〕")
"""Any mark of a masked passage; document numbers use these brackets too, but around a year."""
_MEASURED = r"[%％个件次人项家份期篇亿万元名场条户亩公年月日]"
_GAPS: tuple[tuple[re.Pattern[str], Severity, str], ...] = (
    (re.compile(r"【待补[^】]{0,60}】"), "warning", "这里还缺内容，定稿前请补上或删去。"),
    (re.compile(rf"(?:_{{2,}}|＿+|[xX×]{{1,4}}|\?{{2,}}|？{{2,}})(?={_MEASURED})"), "error", "数字还空着，请补上。"),
    (
        re.compile(
            r"(?<![A-Za-z0-9])(?:[xXＸ]{2,4}|×{2,4}|×(?![”）])|＊{1,4}|(?<![一二九○])○{2,4}|□{2,4})(?![A-Za-z0-9])"
        ),
        "error",
        "占位符没有替换成实际内容。",
    ),
    (re.compile(r"_{2,}|＿{2,}"), "error", "空白没有填。"),
    (
        re.compile(
            r"[（(【\[][^（(【\[）)】\]]{0,8}(?:待核实|待补|待定|待填|填数|请补充|核实后填|数据暂缺)[^（(【\[）)】\]]{0,8}[）)】\]]"
        ),
        "error",
        "这里还留着待办的话，请补上内容后删去。",
    ),
    (re.compile(r"(?:数据|数字|金额|名单|时间|内容)(?:待定|待补|待核实|待统计)"), "error", "内容还没有定，请补上。"),
    (
        re.compile(r"[【\[](?:数据|数字|单位|姓名|日期|地点|名称|金额|[\s　]*)[】\]]"),
        "error",
        "占位符没有替换成实际内容。",
    ),
    (
        MASK_MARK,
        "error",
        "这是借来的表述里的空位，请填上本单位的内容。",
    ),
    (re.compile(r"(?<![A-Za-z])(?:TBD|TODO|N/A)(?![A-Za-z])"), "error", "占位符没有替换成实际内容。"),
    (re.compile(rf"(?<![A-Za-z0-9+＋])N(?={_MEASURED})"), "error", "数字还空着，请补上。"),
    (
        re.compile(r"(?<=[\u4e00-\u9fff])[ 　]{2,}(?=[%％个件次人项家份期篇万亿元名场条户亩])"),
        "error",
        "数字还空着，请补上。",
    ),
    (re.compile(r"(?:…+|\.{3,})(?=[个件次人项家份期篇亿万元名场条户亩])"), "error", "数字还空着，请补上。"),
    (
        re.compile(r"(?<![一二三四五六七八九十〇○零])〇{2,}(?=[个件次人项家份期篇亿万元名场条户亩])"),
        "error",
        "数字还空着，请补上。",
    ),
    (
        re.compile(r"(?<=[\u4e00-\u9fff])\*{1,4}(?=[\u4e00-\u9fff])"),
        "error",
        "星号没有替换成实际内容。",
    ),
    (
        re.compile(r"(?<![若或偶])某某?(?=[省市县区乡镇村局委办单公同领特企学医校院部])"),
        "warning",
        "“某”没有写成具体名称。",
    ),
)


def check_placeholders(text: str) -> list[Finding]:
    """Every gap once, the most telling reading first."""
    taken: list[Span] = []
    findings = []
    for pattern, severity, message in _GAPS:
        for match in pattern.finditer(text):
            span = Span(match.start(), match.end(), match.group())
            if not any(span.start < other.end and other.start < span.end for other in taken):
                taken.append(span)
                findings.append(finding("placeholder", severity, message, span))
    return findings
