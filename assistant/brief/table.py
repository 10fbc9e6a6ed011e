"""A row of figures written out as the clause a writer would have typed.

`| 收上级文件 | 1024 | 1107 | -7.5% | 件 |` becomes `收上级文件1024件，上年同期1107件，同比下降7.5%`, so that the
recogniser, the checks and the prompts read one kind of notes only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ColumnRole = Literal["name", "now", "value", "growth", "unit", "remark"]

_NAME = re.compile(r"指标|项目|名称|类别|事项|内容|科目|分类|单位名称|地区|乡镇")
_NOW = re.compile(
    r"^(本期|本年|今年|当年|当期|本月|本季|数值|数量|数据|完成|完成数|完成情况|实绩|实际|金额|总量|绝对数|累计|合计|全年)(?:数|值)?$"
)
_GROWTH = re.compile(r"同比|环比|增速|增幅|增长|增减|升降|变化|较上年|比上年|±")
_REMARK = re.compile(r"备注|说明|来源")
_UNIT = re.compile(r"^(计量)?单位$")
_HEADER_UNIT = re.compile(r"^(?P<label>.*?)\s*[（(](?:单位[:：])?(?P<unit>[^（）()\d]{1,8})[）)]$")
_NUMBER = re.compile(r"^[+＋\-－—–±]?\s*\d[\d,，]*(?:\.\d+)?(?:\s*[—～~\-－]\s*\d[\d,，]*(?:\.\d+)?)?$")
_SIGNED = re.compile(r"^(?P<sign>[+＋\-－–—])?\s*(?P<size>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>个?百分点|[%％‰]|倍|.*)$")
_NOTHING = re.compile(r"^(?:[-—–－/／\\]+|无|－)?$")
_ROW_UNIT = re.compile(r"[十百千万亿]*(?:元|吨|亩|人|人次|户|家|个|项|件|次|份|条|篇|公里|平方米|平方公里|美元|%|％)")
_BASIS = re.compile(r"(同比|环比|较上年(?:同期|末)?|比上年(?:同期|末)?|较年初|比年初)")


@dataclass(frozen=True, slots=True)
class Column:
    """What a table column holds: its role, the label as typed and the unit named in the header."""

    role: ColumnRole
    label: str
    unit: str = ""


def cells(line: str) -> list[str]:
    """The cells of a Markdown table row, trimmed; `\\|` stays a bar."""
    inner = line.strip().strip("|") if line.strip().startswith("|") else line.strip()
    return [cell.strip().replace("\x00", "|") for cell in inner.replace("\\|", "\x00").split("|")]


def is_rule(line: str) -> bool:
    """True for the `|---|:--:|` line under a header."""
    return bool(re.fullmatch(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?", line.strip()))


def columns(header: Sequence[str]) -> list[Column]:
    """Roles of the columns from the header row; the first column without another role names the row."""
    found = [_column(label) for label in header]
    if not any(column.role == "name" for column in found):
        for index, column in enumerate(found):
            if column.role == "value":
                found[index] = Column("name", column.label, column.unit)
                break
    return found


def _column(label: str) -> Column:
    unit = ""
    match = _HEADER_UNIT.match(label)
    if match:
        label, unit = match["label"], match["unit"]
    if _UNIT.match(label):
        return Column("unit", label)
    if _REMARK.search(label):
        return Column("remark", label)
    if _GROWTH.search(label):
        return Column("growth", label, unit)
    if _NOW.match(label):
        return Column("now", label, unit)
    if _NAME.search(label):
        return Column("name", label, unit)
    return Column("value", label, unit)


def row_clause(header: Sequence[Column], row: Sequence[str]) -> str:
    """The row as one clause, or an empty string when it carries nothing.

    Args:
        header: roles of the columns.
        row: the cells; missing cells count as empty.
    """
    padded = list(row) + [""] * (len(header) - len(row))
    unit = next((cell for column, cell in zip(header, padded, strict=False) if column.role == "unit"), "")
    name, name_unit = _row_name(header, padded)
    unit = "" if _NOTHING.match(unit) else unit
    parts = [
        part
        for column, cell in zip(header, padded, strict=False)
        if column.role in ("now", "value", "growth", "remark")
        and (part := _cell_clause(column, cell, unit or column.unit or name_unit))
    ]
    if not parts:
        return name
    return name + "，".join(parts)


def _row_name(header: Sequence[Column], row: Sequence[str]) -> tuple[str, str]:
    names = [cell for column, cell in zip(header, row, strict=False) if column.role == "name" and cell]
    name = "".join(names)
    match = _HEADER_UNIT.match(name)
    if match and _ROW_UNIT.fullmatch(match["unit"]):
        return match["label"], match["unit"]
    unit = next((column.unit for column in header if column.role == "name" and column.unit), "")
    return name, unit


def _cell_clause(column: Column, cell: str, unit: str) -> str:
    if _NOTHING.match(cell):
        return ""
    if column.role == "remark":
        return cell
    if column.role == "growth":
        return _growth(column, cell)
    value = _with_unit(cell, unit)
    return value if column.role == "now" else _labelled(column.label, value)


def _labelled(label: str, value: str) -> str:
    """`件数` + 2307 is read as a measure word, other labels stand before their value."""
    measure = re.fullmatch(r"(件|人|户|家|项|个|次|篇|份|条|期|场|批|台|辆|处)次?数", label)
    if measure and value[-1:].isdigit():
        return value + label[:-1]
    return label + value


def _with_unit(cell: str, unit: str) -> str:
    if unit and (_NUMBER.match(cell) or cell.endswith("__")):
        return cell + unit
    return cell


def _growth(column: Column, cell: str) -> str:
    basis = _BASIS.search(column.label)
    lead = basis.group(1) if basis else ""
    match = _SIGNED.match(cell)
    if not match:
        return cell if lead and cell.startswith(lead) else lead + cell
    if not float(match["size"].replace(",", "")):
        return f"{lead}持平"
    unit = match["unit"] or column.unit or "%"
    down = match["sign"] in ("-", "－", "–", "—")
    if unit.endswith("百分点"):
        return f"{lead}{'下降' if down else '提高'}{match['size']}{unit}"
    if unit in ("%", "％", "‰", "倍"):
        return f"{lead}{'下降' if down else '增长'}{match['size']}{unit}"
    return f"{lead}{'减少' if down else '增加'}{match['size']}{unit}"
