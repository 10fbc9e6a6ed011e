"""Openings, results and links for the units of a section: as many as the target length asks for, none that does not fit.

A phrase is used once in a whole report. A work report says nothing rather than something general.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from assistant.phrases import grounded, opening_results, suited
from assistant.records import Section
from assistant.units import LABEL, ME, OPENER, PHRASE, Phrase, Plan, Unit, echoes, length_of

_ENOUGH = 0.88  # of the target: beyond it nothing is added any more
_REUSED = 14  # a phrase as long as this is not used twice even in a very long report
_MOST_GENERAL = 3  # of a section: more stock results are padding
_BARE_HEADING = re.compile(
    r"^(?:19|20)\d\d|情况|回顾|^主要|^基本|体会|成效$|做法|经验|变化|安排|打算|问题|困难|不足|概况|总结|结语|目标"
)
_HEADING_MARK = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十百\d]+[）)、.．]|第[一二三四五六七八九十]+[章节部分、]*)\s*"
)
_HEADING_LEADS = ("围绕{}", "聚焦{}", "立足{}")
_HEADING_INTROS = (
    "紧紧围绕{}，理清思路、细化措施、狠抓落实。",
    "着眼{}，突出重点、分类推进、务求实效。",
    "聚焦{}，明确任务、压实责任、持续用力。",
)
_MATTER_INTROS = ("坚持把{}摆在重要位置，统筹谋划、系统推进。", "始终把{}作为重点任务，一项一项抓、一件一件落实。")
_VERB_HEADING = re.compile(r"、|^[抓守惠优调补办讲管强促保提治兴压聚破建稳防]")


def furnish(plan: Plan, used: Counter[str], past: Sequence[str], turn: int, most: int) -> Plan:
    """Lay out phrases as far as there is room: those of the topic first, the general stock while the text is short."""
    units = list(plan.units)
    openers: set[str] = set()
    here: set[str] = set()
    supply = [_Supply(index, unit, plan, used, here, past, turn, most) for index, unit in enumerate(units)]
    target = plan.section.target_length or 0
    room = _room(plan) - (1 - _ENOUGH) * target
    general_tails = 0
    for general in (False, True):
        for kind, index in _order(units, plan):
            unit = units[index]
            if room < PHRASE * 0.5:
                break
            full = len(unit.tails) >= (2 if kind == "second" else 1)
            if (unit.lead if kind == "lead" else full) or (general and not _may_be_general(kind, plan)):
                continue
            if general and kind != "lead" and general_tails >= _MOST_GENERAL:
                continue
            phrase = supply[index].take(kind, general, openers)
            if phrase:
                openers |= {phrase[:2]} if kind == "lead" else set()
                room -= len(phrase) + 1
                general_tails += general and kind != "lead"
                units[index] = _with(unit, kind, Phrase(phrase, general))
    plan = replace(plan, units=tuple(_linked(_first_person(units, plan), plan)))
    return _with_heading_intro(plan, used, room, turn)


def _may_be_general(kind: str, plan: Plan) -> bool:
    """A work report says nothing rather than something general; weaknesses and plans may end in an intention."""
    if kind == "second":
        return False
    return plan.tone != "work" or (kind == "lead" and (plan.first_person or bool(plan.section.target_length)))


def _first_person(units: list[Unit], plan: Plan) -> list[Unit]:
    if plan.first_person and plan.tone == "work" and units and ME not in units[0].clause:
        dated = re.match(r"(?:19|20)\d\d年|任|担任", units[0].clause)
        if dated:
            units[0] = replace(units[0], subject=ME, lead=None)
        elif units[0].lead:
            units[0] = replace(units[0], subject=ME)
    return units


def _linked(units: list[Unit], plan: Plan) -> list[Unit]:
    """同时 before a bare sentence inside a section and 此外 before the last: sentences need not all begin alike."""
    if plan.tone != "work":
        return units
    words = ["同时"]
    for index in range(1, len(units)):
        unit, last = units[index], index == len(units) - 1
        word = "此外" if last and index > 2 else words[0] if words and not last and units[index - 1].own else ""
        plain = (
            unit.own
            and not unit.lead
            and not unit.subject
            and not LABEL.match(unit.clause)
            and "：" not in unit.clause[:12]
        )
        if word and plain and not OPENER.match(unit.clause) and not re.match(r"全年|今年|截至|从|其中", unit.clause):
            units[index] = replace(unit, link=word)
            words = [] if word == "同时" else words
    return units


def _heading_matter(section: Section) -> str:
    """The heading's own words where they name a matter (守基金、严监管), not a part of the report (主要工作)."""
    words = _HEADING_MARK.sub("", section.heading).strip("。；：").replace("，", "、")
    return "" if _BARE_HEADING.search(words) or not 3 <= len(words) <= 16 else words


def _with_heading_intro(plan: Plan, used: Counter[str], room: float, turn: int) -> Plan:
    """A first sentence made of the heading, where bullets alone leave the section short of its target."""
    matter = _heading_matter(plan.section)
    target = plan.section.target_length or 0
    if plan.tone != "work" or plan.intro or not matter or room < 0.08 * target or not target:
        return plan
    intros = _turned(_HEADING_INTROS, turn)
    if not _VERB_HEADING.search(matter):
        intros = (*_turned(_MATTER_INTROS, turn), *intros)
    intro = next((text for text in intros if not used[text]), "")
    if not intro:
        return plan
    used[intro] += 1
    units, who = plan.units, ME if plan.first_person else ""
    if units[0].subject == who:
        units = (replace(units[0], subject=""), *units[1:])
    return replace(plan, intro=who + intro.format(matter), units=units)


def _with(unit: Unit, kind: str, phrase: Phrase) -> Unit:
    return replace(unit, lead=phrase) if kind == "lead" else replace(unit, tails=(*unit.tails, phrase))


def _room(plan: Plan) -> float:
    fixed = length_of(plan.units) + len(plan.intro) + (2 * len(plan.units) if plan.numbered else 0)
    own = sum(unit.own for unit in plan.units)
    if plan.section.target_length:
        return plan.section.target_length - fixed
    return PHRASE * min(own * 1.3 + 1, 8)


def _order(units: Sequence[Unit], plan: Plan) -> Iterator[tuple[str, int]]:
    """Which phrase comes first when there is room for some only."""
    indexes = [i for i, unit in enumerate(units) if unit.own]
    leads = [i for i in indexes if not OPENER.match(units[i].clause) and not units[i].subject]
    if plan.first_person and plan.tone == "work" and 0 in leads:
        yield "lead", 0
    if plan.tone == "problem":
        yield from (("tail", i) for i in indexes)
        yield from (("lead", i) for i in leads if plan.section.target_length)
        yield from (("second", i) for i in indexes if plan.section.target_length)
        return
    # neighbours differ: opening and result, result only, opening only
    yield from (("lead", i) for n, i in enumerate(leads) if n % 3 != 1)
    yield from (("tail", i) for n, i in enumerate(indexes) if n % 3 != 2)
    if plan.section.target_length:
        yield from (("tail", i) for n, i in enumerate(indexes) if n % 3 == 2)
        yield from (("lead", i) for n, i in enumerate(leads) if n % 3 == 1)
        if plan.tone == "plan":  # two intentions make a pair; two results make a boast
            yield from (("second", i) for i in indexes)


class _Supply:
    """The phrases that suit one unit, given out sparingly, those of past reports first."""

    def __init__(
        self,
        index: int,
        unit: Unit,
        plan: Plan,
        used: Counter[str],
        here: set[str],
        past: Sequence[str],
        turn: int,
        most: int,
    ) -> None:
        phrases = suited(unit.clause, plan.section.heading, plan.tone)
        offset = unit.points[0].line + index + turn
        tails = _turned(phrases.tails, turn)
        if plan.role == "开头总述" and index == 0:
            tails = (*_turned(opening_results(), offset)[:1], *tails)
        near = unit.clause + plan.section.heading
        self._borrowed = tuple(phrase for phrase in past if _shares_topic(phrase, near) and grounded(phrase, near))
        matter = _heading_matter(plan.section)
        heading = _turned(_HEADING_LEADS, turn)[:1] if matter and index == 0 else ()
        general = phrases.general_leads if plan.tone != "work" or (plan.first_person and index == 0) else ()
        self._stock = {
            ("lead", False): _turned(phrases.leads, turn),
            ("lead", True): (*(text.format(matter) for text in heading), *_turned(general, offset)),
            ("tail", False): (*self._borrowed, *tails),
            ("tail", True): _turned(phrases.general_tails, offset),
        }
        label = LABEL.match(unit.clause)
        self._label = label["label"].strip("从看，").removesuffix("方面") if label else unit.clause
        self._clause, self._used, self._here, self._most = unit.clause, used, here, most

    def _distance(self, phrase: str) -> tuple[bool, int]:
        """Phrases of past reports first, then those that share words with the clause."""
        return phrase not in (*self._borrowed, *opening_results()), -min(2, _shared(phrase, self._clause))

    def take(self, kind: str, general: bool, openers: Collection[str]) -> str:
        """The next phrase; openings that start like none before in the section (坚持…，坚持…) come first."""
        kind = "tail" if kind == "second" else kind
        stock = self._stock[kind, general]
        if not general:
            stock = tuple(sorted(stock, key=self._distance))
        if kind == "lead":
            stock = tuple(sorted(stock, key=lambda phrase: phrase[:2] in openers))
        for times in range(self._most):
            for phrase in stock:
                again = times and len(phrase) < _REUSED
                free = (self._used[phrase] <= times if again else not self._used[phrase]) and phrase not in self._here
                if free and not echoes(phrase, self._clause) and not (kind == "lead" and self._label in phrase):
                    self._used[phrase] += 1
                    self._here.add(phrase)
                    return phrase
        return ""


def _turned(phrases: Sequence[str], offset: int) -> tuple[str, ...]:
    at = offset % len(phrases) if phrases else 0
    return (*phrases[at:], *phrases[:at])


def _shares_topic(phrase: str, text: str) -> bool:
    return _shared(phrase, text) >= 2


def _shared(phrase: str, text: str) -> int:
    return sum(phrase[index : index + 2] in text for index in range(len(phrase) - 1))
