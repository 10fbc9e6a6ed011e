"""Where a report's title block ends and its body begins. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.structure.markers import CHINESE, PART, marker_at

_SALUTATION = re.compile(
    r"^(?:尊敬的)?(?:各位|同志们|女士们|朋友们|主席|主任)[^。]{0,30}[：:！!，,]|^[^，。]{2,40}(?:委|委员会|政府|局|"
    r"厅|部|办|办公室|单位|党组)[：:]$"
)
_FURNITURE = re.compile(
    r"^(?:当前位置|您?的?位置|您现在的位置|首页|分享|字体|字号|打印|下载|收藏|全屏|关闭|来源|发布|时间|日期|作者|"
    r"浏览|点击|责任编辑|扫一扫|原文|链接|https?:|【"
    r"索引号|信息来源|[>＞»|【\[]|\d{4}-\d{1,2}-\d{1,2})|^(?:加大|还原|减小|大|中|小)$|[>＞»]\s*$"
)
_LIMIT = 40


def body_line(lines: Sequence[str]) -> int:
    """Number of the first line below title, subtitle, date and speaker; 0 for a text without a title block."""
    for number, line in enumerate(lines[:_LIMIT]):
        marker = marker_at(line)
        if marker and marker.kind in (PART, CHINESE):
            return number
        if _SALUTATION.match(line) or line.strip() in ("前言", "引言", "前 言", "引 言"):
            return number
        if (len(line) > 60 or line.rstrip().endswith(("。", "；", "！"))) and not _FURNITURE.match(line):
            return number
    return 0


def title_block(lines: Sequence[str]) -> list[str]:
    """The lines of the title block without those of the web page around it, letter-spaced words closed up."""
    return [close_up(line) for line in lines[: body_line(lines)] if not _FURNITURE.search(line)]


def title_block_end(text: str) -> int:
    """Offset at which the body begins: the length of the title block with its line breaks."""
    lines = text.split("\n", _LIMIT)
    return sum(len(line) + 1 for line in lines[: body_line(lines)])


def close_up(line: str) -> str:
    """Remove the spaces of letter-spaced Chinese; spaces between whole words stay."""
    parts = line.split()
    if len(parts) >= 3 and sum(len(part) == 1 for part in parts) >= 0.7 * len(parts):
        return "".join(parts)
    return line.strip()
