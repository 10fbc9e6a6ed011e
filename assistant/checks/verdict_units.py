"""Units of two figures of one value: which may stand for each other, which count something else."""

from __future__ import annotations

import re

from assistant.checks.options import CheckOptions
from assistant.checks.values import value_class
from assistant.figures import Figure
from assistant.figures.lexicon import family_of
from assistant.records import Severity

_INTERCHANGE = frozenset(
    frozenset(pair)
    for pair in [
        ("件", "起"),
        ("条", "项"),
        ("个", "项"),
        ("批", "批次"),
        ("家", "户"),
        ("家", "个"),
        ("户", "个"),
        ("次", "场"),
        ("次", "场次"),
        ("场", "场次"),
    ]
)


_PERSONS = re.compile("(?:居民|人口|群众|人员|学生|职工|党员|干部|老人|儿童|农民|市民|村民)(?:脱贫)?$")
_FOREIGN = frozenset(("美元", "欧元", "日元", "港元", "英镑"))


def unit_verdict(one: Figure, other: Figure, options: CheckOptions) -> tuple[str, Severity, str] | None:
    """What is wrong with the unit of draft figure `one` against note figure `other` of the same value, if anything."""
    mine, theirs = one.unit, other.unit
    if theirs in ("%", "百分点") and not mine:
        return "unit", "error", "丢了百分号" if theirs == "%" else "丢了“百分点”"
    if mine in _FOREIGN and not theirs:
        return "unit", "error", f"要点没有写明是“{mine}”"
    if mine == "户" and not theirs and _PERSONS.search(other.object) and one.raw_unit == "户":
        return "unit", "error", "要点是人数，此处写成户数"
    if mine == theirs or not mine or not theirs or value_class(one) != "count":
        return None
    if (
        frozenset((mine, theirs)) in _INTERCHANGE
        or (mine, theirs) in options.interchange
        or (theirs, mine) in options.interchange
    ):
        return None
    families = {family_of(mine), family_of(theirs)}
    if families <= {"times", "generic"} | {"place"} or families in ({"times"}, {"grade", "generic"}):
        if "个" in (mine, theirs) or "place" in families or families == {"times"}:
            return None
        severity: Severity = "error" if _other_thing(one.raw_unit, other.raw_unit) else "warning"
        return "unit", severity, f"量词由“{theirs}”变为“{mine}”"
    return "unit", "error", f"计量单位由“{theirs}”变为“{mine}”"


# Measure words that count bundles or households: 362批 are not 362件, 620套 not 620户, 1.2万卷 not 1.2万件.
_BUNDLES = frozenset("批户卷期组对双届轮")
_LIKE_BUNDLES = frozenset(
    map(frozenset, (("批", "轮"), ("批", "期"), ("对", "双"), ("组", "队"), ("组", "支"), ("卷", "册")))
)


def _other_thing(mine: str, theirs: str) -> bool:
    """Whether two measure words of things count different things."""
    if mine == theirs or frozenset((mine, theirs)) in _LIKE_BUNDLES or "场" in (mine, theirs):
        return False
    return mine in _BUNDLES or theirs in _BUNDLES
