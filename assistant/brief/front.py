"""The head of the notes: `title:`, `unit:`, … between `---` lines, or as plain lines before the first heading."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from assistant.errors import InputError
from assistant.records import DOC_TYPES, Finding, NoteRef

_ALIASES = {
    "title": "title", "标题": "title", "题目": "title",
    "unit": "unit", "单位": "unit", "单位名称": "unit",
    "period": "period", "时期": "period", "期间": "period", "时间": "period", "时间范围": "period", "报告期": "period",
    "doc_type": "doc_type", "文种": "doc_type", "类型": "doc_type", "材料类型": "doc_type",
    "audience": "audience", "报送对象": "audience", "读者": "audience", "对象": "audience", "主送": "audience",
}  # fmt: skip
_LINE = re.compile(r"^\s*(?P<key>[A-Za-z_一-龥][A-Za-z_ \-一-龥]{0,15}?)\s*[:：]\s*(?P<value>.*)$")
_FENCE = re.compile(r"^\s*-{3,}\s*$")


@dataclass(frozen=True, slots=True)
class Front:
    """Front matter: known keys, unknown keys kept, notices, and the index of the first line behind it."""

    known: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    notices: list[Finding] = field(default_factory=list)
    body: int = 0


def read_front(lines: list[str]) -> Front:
    """Read the head of the notes.

    Raises:
        InputError: the block opened with `---` is never closed, or a line in it is no `key: value`.
    """
    start = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    if start < len(lines) and _FENCE.match(lines[start]):
        return _fenced(lines, start)
    return _plain(lines, start)


def _fenced(lines: list[str], start: int) -> Front:
    end = next((index for index in range(start + 1, len(lines)) if _FENCE.match(lines[index])), None)
    if end is None:
        raise InputError("要点开头的“---”没有结束：请在标题、单位等几行之后另起一行再写“---”。")
    front = Front(body=end + 1)
    for index in range(start + 1, end):
        _take(front, lines[index], index + 1)
    _settle_type(front)
    return front


def _take(front: Front, line: str, number: int) -> None:
    if not line.strip() or line.lstrip().startswith("#"):
        return
    match = _LINE.match(line)
    if not match:
        hint = "开头部分每行应写成“标题: 内容”的样子，例如“period: 2024年”。"
        raise InputError(f"要点第{number}行“{line.strip()}”看不懂：{hint}")
    key, value = match["key"].strip(), _value(match["value"])
    name = _ALIASES.get(key.lower().replace("-", "_").replace(" ", "_"))
    if name:
        front.known[name] = value
        return
    front.extra[key] = value
    front.notices.append(_unknown_key(key, line, number))


def _value(raw: str) -> str:
    value = re.sub(r"\s+#\s.*$", "", raw).strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return value


def _unknown_key(key: str, line: str, number: int) -> Finding:
    near = difflib.get_close_matches(key.lower(), _ALIASES, n=1, cutoff=0.7)
    hint = f"，是不是想写“{near[0]}”？" if near else "，已保留但不影响起草。"
    return Finding(
        "brief", "warning" if near else "info", f"不认识的项目“{key}”{hint}", note=NoteRef(number, line.strip())
    )


def _plain(lines: list[str], start: int) -> Front:
    """Known keys as plain lines before the outline (Word notes have no fences)."""
    front = Front(body=start)
    for index in range(start, len(lines)):
        line = lines[index]
        match = _LINE.match(line)
        name = _ALIASES.get(match["key"].strip().lower()) if match else None
        if match and name and name not in front.known:
            front.known[name] = _value(match["value"])
        elif line.strip():
            return _with_body(front, index)
    return _with_body(front, len(lines))


def _with_body(front: Front, body: int) -> Front:
    _settle_type(front)
    return Front(front.known, front.extra, front.notices, body)


def _settle_type(front: Front) -> None:
    """Map the document type to one that the program knows; say so when it had to."""
    given = front.known.get("doc_type", "")
    if given in DOC_TYPES:
        return
    guess = _nearest_type(given, front.known.get("title", ""))
    front.known["doc_type"] = guess
    if given:
        message = f"文种“{given}”按“{guess}”处理；可写的有：{'、'.join(DOC_TYPES)}。"
        front.notices.append(Finding("brief", "warning", message, note=NoteRef(0, given)))


def _nearest_type(given: str, title: str) -> str:
    for name in DOC_TYPES:
        if name in given or (given and given in name):
            return name
    return next((name for name, sign in _SIGNS.items() if sign in given + title), "工作总结")


_SIGNS = {"述职报告": "述职", "政府工作报告": "政府工作报告", "情况汇报": "汇报", "经验材料": "经验"}
