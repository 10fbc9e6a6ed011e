"""Bounds told in words, with no figure of their own: 超前五年的总和, 高于全省平均水平, 超千万元."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.records import Finding, NoteRef, Span

_OVER = "超过|超|高于|多于|优于|大于|快于"
_UNDER = "接近|将近|近|低于|少于|不足|不及|小于|劣于|慢于"
_BOUND = re.compile(rf"(?P<over>{_OVER})|(?P<under>(?<![附最临就])(?:{_UNDER}))")
_THING = re.compile(r"[^，。；、,;（）()\s：:]{3,10}")
_AMOUNT = re.compile("[百千万亿]+元")  # 超千万元7家, 近千万元企业7家


def turned_bounds(draft: str, notes: str) -> Iterator[Finding]:
    """Bounds of the notes (a line each) whose thing stands in the draft with the opposite bound, and never with theirs."""
    told = list(_BOUND.finditer(draft))
    for line, note in enumerate(notes.split("\n"), 1):
        for bound in _BOUND.finditer(note):
            thing = _THING.match(note, bound.end())
            if thing is None:
                continue
            amount = _AMOUNT.match(thing[0])
            enough = amount.end() if amount else min(len(thing[0]), 4)
            alike = [m for m in told if _common(draft, m.end(), thing[0]) >= enough]
            if alike and all(m.lastgroup != bound.lastgroup for m in alike):
                wrong = alike[0]
                end = wrong.end() + _common(draft, wrong.end(), thing[0])
                span = Span(wrong.start(), end, draft[wrong.start() : end])
                message = f"要点写的是“{bound[0]}{thing[0]}”，此处写成“{span.text}”。"
                yield Finding("qualifier", "error", message, draft=span, note=NoteRef(line, bound[0] + thing[0]))


_LIMIT = re.compile(r"([十百千万亿]+元|[一二三四五六ⅠⅡⅢⅣⅤ][级等])(?:及)?以([上下])")


def turned_limits(draft: str, notes: str) -> Iterator[Finding]:
    """亿元以下项目 where the notes say 亿元以上: a class named by its limit, with no figure of its own."""
    told = {(m[1], m[2]): m for m in _LIMIT.finditer(draft)}
    for line, note in enumerate(notes.split("\n"), 1):
        for limit in _LIMIT.finditer(note):
            turned = told.get((limit[1], "下" if limit[2] == "上" else "上"))
            if turned is not None and (limit[1], limit[2]) not in told:
                span = Span(turned.start(), turned.end(), turned[0])
                message = f"要点写的是“{limit[0]}”，此处写成“{turned[0]}”。"
                yield Finding("qualifier", "error", message, draft=span, note=NoteRef(line, limit[0]))


def _common(text: str, at: int, words: str) -> int:
    """How many characters of `words` stand in `text` from `at` on."""
    for size in range(len(words), 0, -1):
        if text.startswith(words[:size], at):
            return size
    return 0
