"""Words around a placed figure that change what it claims: 增长 for 下降, 近 lost or added."""

from __future__ import annotations

import re

from eval.scoring.labels import Fact

_UP = re.compile(r"增长|增加|上升|提高|提升|上涨|增至|升至|新增|增幅|扩大|多于|高于|前移|高出|\+")
_DOWN = re.compile(r"下降|减少|降低|回落|压减|减至|降至|缩减|收窄|缩短|下滑|降幅|低于|后移|精简|-(?=\d)")
_HEDGES = {
    "约": r"约|大约|左右|上下|大概",
    "近": r"近|将近|接近",
    "余": r"余|多|超|超过|逾",
    "超": r"超|超过|突破|逾|余|多|破",
    "以上": r"以上|不少于|不低于|至少",
    "以内": r"以内|不超过|控制在|之内|以下",
    "左右": r"左右|约|上下",
    "不足": r"不足|不到|近",
}
_ALIAS = {"多": "余", "超过": "超", "突破": "超", "逾": "超", "破": "超", "将近": "近", "大约": "约", "上下": "左右"}
_ALIAS |= {"不少于": "以上", "不低于": "以上", "至少": "以上", "不超过": "以内", "控制在": "以内", "以下": "以内"}
_ADDED_BEFORE = re.compile(r"(?:约|近|超|超过|逾|突破|不足|至少|将近|接近)$")
_ADDED_AFTER = re.compile(r"^(?:余|左右|以上|以内|以下|上下)")
REACH = 10


def direction_kept(fact: Fact, text: str, start: int) -> bool | None:
    """Whether growth stays growth; None where the notes or the draft name no direction beside the figure."""
    notes = _sense(fact.context[: fact.column + 1], fact.column)
    if not notes and fact.surface[:1] in "+-":
        notes = "up" if fact.surface[0] == "+" else "down"
    draft = _sense(text, start)
    return None if not notes or not draft else notes == draft


def _sense(text: str, start: int) -> str:
    """The last direction word in the clause before a position."""
    before = re.split(r"[，。；、）)\n]", text[max(0, start - REACH) : start])[-1]
    up = max((m.end() for m in _UP.finditer(before)), default=0)
    down = max((m.end() for m in _DOWN.finditer(before)), default=0)
    return "" if up == down else "up" if up > down else "down"


def hedge_kept(fact: Fact, text: str, start: int, end: int) -> bool:
    """Whether 近, 约, 余, 以上 stand in the draft where they stand in the notes, and nowhere else."""
    around = text[max(0, start - 6) : end + 4]
    if fact.qualifier:
        names = {_ALIAS.get(name, name) for name in re.split(r"[、，]", fact.qualifier)}
        return any(re.search(_HEDGES.get(name, re.escape(name)), around) for name in names)
    note_before = fact.context[: fact.column][-3:]
    note_after = fact.context[fact.column + len(fact.surface) :][:3]
    added_before = _ADDED_BEFORE.search(text[max(0, start - 3) : start])
    added_after = _ADDED_AFTER.search(text[end : end + 3])
    before_is_new = added_before and added_before[0] not in note_before
    after_is_new = added_after and added_after[0] not in note_after
    return not before_is_new and not after_is_new
