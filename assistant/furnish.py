"""Openings, results and links for the units of a section: as many as the target length asks for, none that does not fit.

A phrase is used once in a whole report. A work report says nothing rather than something general.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.framing import conclusion, first_sentence, outline_sentence
from assistant.phrases import grounded, suited, topic
from assistant.records import Brief
from assistant.units import AIM, LABEL, ME, OPENER, PHRASE, PRINCIPLE, Phrase, Plan, Unit, echoes, length_of, turned

_ENOUGH = 0.88  # of the target: beyond it nothing is added any more
_SHORT = 0.08  # of the target that must be missing before a sentence without a fact is added
_REUSED = 14  # a phrase as long as this is not used twice even in a very long report
_MOST_GENERAL = 1  # of a section: more stock results are padding
_UNASKED = 0.8  # phrases for each sentence but one where the writer named no length
_LONGEST_JOINED = 84  # 字 of two sentences that become one
_MOST_LINKS = 3  # 同时 in a report
_OWN_DEED = re.compile(r"参加|带队|走访|接听|组织|联系|牵头|主持|分管|入户|撰写|调研|学习|到")


def furnish(plan: Plan, brief: Brief, used: Counter[str], past: Sequence[str], turn: int, most: int) -> Plan:
    """Lay out phrases as far as there is room: those of the topic first, the general stock while the text is short."""
    target = plan.section.target_length or 0
    plan, room = _framed(plan, brief, used, _room(plan) - (1 - _ENOUGH) * target, turn)
    units, said = list(plan.units), _Said()
    supply = [_Supply(index, unit, plan, used, said, past, turn, most) for index, unit in enumerate(units)]
    scarce = room > PHRASE * len(list(_order(units, plan)))  # every phrase is needed, and the longer ones
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
            phrase = supply[index].take(kind, general, unit, scarce)
            if phrase:
                room -= len(phrase) + 1
                general_tails += general and kind != "lead"
                units[index] = _with(unit, kind, Phrase(phrase, general))
    plan = replace(plan, units=tuple(_varied(_linked(_first_person(units, plan), plan, used), plan)))
    return _introduced(plan, used, room, turn)


def _framed(plan: Plan, brief: Brief, used: Counter[str], room: float, turn: int) -> tuple[Plan, float]:
    """The sentence that closes the section, where there is room for it: it says more than phrases would."""
    target = plan.section.target_length or 0
    if not plan.units or not target or room < _SHORT * target:
        return plan, room
    if plan.role == "开头总述":
        closing = outline_sentence(plan.section, brief)
    else:
        closing = conclusion(plan.section, plan.tone, used, turn, first_person=plan.first_person) if plan.intro else ""
    *before, last = plan.units
    return replace(plan, units=(*before, replace(last, after=closing))), room - len(closing)


def _introduced(plan: Plan, used: Counter[str], room: float, turn: int) -> Plan:
    """A first sentence where phrases alone leave the section short of its target."""
    target = plan.section.target_length or 0
    if plan.tone != "work" or plan.intro or not target or room < _SHORT * target or plan.role == "开头总述":
        return plan
    wanted = room - _SHORT * target  # 字 that are missing before the length counts as met
    intro = first_sentence(plan.section, plan.units, used, turn, first_person=plan.first_person, wanted=wanted)
    if not intro:
        return plan
    units, who = plan.units, ME if plan.first_person else ""
    if units[0].subject == who:
        units = (replace(units[0], subject=""), *units[1:])
    return replace(plan, intro=who + intro, units=units)


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
        elif units[0].lead or _OWN_DEED.match(units[0].clause):
            units[0] = replace(units[0], subject=ME)
    return units


def _linked(units: list[Unit], plan: Plan, used: Counter[str]) -> list[Unit]:
    """Neighbours on one matter become one sentence, or the second is joined by 同时; others stand side by side."""
    if plan.tone != "work":
        return units
    linked = False
    for index in range(1, len(units)):
        before, unit = units[index - 1], units[index]
        if not _is_bare(unit) or not before.own or not _same_matter(before, unit):
            continue
        if _fit_in_one(before, unit):
            units[index - 1] = replace(before, end="；")
        elif not linked and used[_LINK] < _MOST_LINKS:
            units[index] = replace(unit, link=_LINK)
            used[_LINK] += 1
            linked = True
    return units


_LINK = "同时"


def _varied(units: list[Unit], plan: Plan) -> list[Unit]:
    """Every second sentence that has an opening and a result says both before its facts."""
    full = [i for i, unit in enumerate(units) if unit.lead and len(unit.tails) == 1 and AIM.match(unit.tails[0].text)]
    chosen = set(full[1::2]) if plan.tone == "work" else set()
    return [replace(unit, fronted=True) if i in chosen else unit for i, unit in enumerate(units)]


def _is_bare(unit: Unit) -> bool:
    """Whether a sentence begins with its own matter."""
    opened = unit.lead or unit.subject or LABEL.match(unit.clause) or "：" in unit.clause[:12]
    return (
        unit.own
        and not opened
        and not OPENER.match(unit.clause)
        and not re.match(r"全年|今年|截至|从|其中", unit.clause)
    )


def _same_matter(before: Unit, unit: Unit) -> bool:
    return bool(topic(unit.clause)) and topic(before.clause) == topic(unit.clause)


def _fit_in_one(before: Unit, unit: Unit) -> bool:
    text = before.clause + unit.clause
    return not (before.tails or "；" in text or "：" in text) and len(text) <= _LONGEST_JOINED


def _with(unit: Unit, kind: str, phrase: Phrase) -> Unit:
    return replace(unit, lead=phrase) if kind == "lead" else replace(unit, tails=(*unit.tails, phrase))


def _room(plan: Plan) -> float:
    fixed = length_of(plan.units) + len(plan.intro) + (2 * len(plan.units) if plan.numbered else 0)
    own = sum(unit.own for unit in plan.units)
    if plan.section.target_length:
        return plan.section.target_length - fixed
    return PHRASE * min((own - 1) * _UNASKED, 6)


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
    if plan.role == "开头总述":
        indexes = indexes[1:] if 0 in indexes else indexes  # what the year came to has no purpose of its own
    # neighbours differ: opening, result, result; the rest only where the target asks for more
    for n, i in enumerate(indexes):
        if n % 3 == 0 and i in leads:
            yield "lead", i
        if n % 3 != 0:
            yield "tail", i
    yield from (("tail", i) for n, i in enumerate(indexes) if n % 3 == 0)
    yield from (("lead", i) for n, i in enumerate(indexes) if n % 3 == 2 and i in leads)
    yield from (("lead", i) for n, i in enumerate(indexes) if n % 3 == 1 and i in leads)
    if plan.section.target_length and plan.tone == "plan":  # two intentions make a pair; two results make a boast
        yield from (("second", i) for i in indexes)


@dataclass(slots=True)
class _Said:
    """What the section has by now: its phrases, and how its openings and results begin."""

    phrases: set[str] = field(default_factory=set)
    starts: dict[str, set[str]] = field(default_factory=lambda: {"lead": set(), "tail": set()})


class _Supply:
    """The phrases that suit one unit, given out sparingly, those of past reports first."""

    def __init__(
        self,
        index: int,
        unit: Unit,
        plan: Plan,
        used: Counter[str],
        said: _Said,
        past: Sequence[str],
        turn: int,
        most: int,
    ) -> None:
        phrases = suited(unit.clause, plan.section.heading, plan.tone)
        offset = unit.points[0].line + index + turn
        tails = turned(phrases.tails, turn)
        near = unit.clause + plan.section.heading
        self._borrowed = tuple(phrase for phrase in past if _on_matter(phrase, unit, near) and grounded(phrase, near))
        openings = tuple(phrase for phrase in self._borrowed if PRINCIPLE.match(phrase))
        results = tuple(phrase for phrase in self._borrowed if phrase not in openings)
        general = phrases.general_leads if plan.tone != "work" or (plan.first_person and index == 0) else ()
        self._stock = {
            ("lead", False): (*openings, *turned(phrases.leads, turn)),
            ("lead", True): turned(general, offset),
            ("tail", False): (*results, *tails),
            ("tail", True): turned(phrases.general_tails, offset),
        }
        self._clause, self._used, self._said, self._most = unit.clause, used, said, most

    def take(self, kind: str, general: bool, unit: Unit, scarce: bool) -> str:
        """The next phrase: of past reports first, then such as begin like none before in the section, then such as
        share words with the clause."""
        kind = "tail" if kind == "second" else kind
        starts = self._said.starts[kind]
        stock = list(self._stock[kind, general])
        if scarce:
            stock.sort(key=len, reverse=True)
        if not general:
            stock.sort(key=lambda phrase: -min(2, _shared(phrase, self._clause)))
        stock.sort(key=lambda phrase: (phrase not in self._borrowed, phrase[:2] in starts))
        for times in range(self._most):
            for phrase in stock:
                if self._is_free(phrase, times) and not _doubles(phrase, unit):
                    self._used[phrase] += 1
                    self._said.phrases.add(phrase)
                    starts.add(phrase[:2])
                    return phrase
        return ""

    def _is_free(self, phrase: str, times: int) -> bool:
        again = times and len(phrase) < _REUSED
        free = self._used[phrase] <= times if again else not self._used[phrase]
        return free and phrase not in self._said.phrases and not echoes(phrase, self._clause)


def _doubles(phrase: str, unit: Unit) -> bool:
    """Whether a sentence would say something twice: its label in the opening, its opening in the result."""
    label = LABEL.match(unit.clause)
    if label and label["label"].strip("从看，").removesuffix("方面") in phrase:
        return True
    others = [*([unit.lead.text] if unit.lead else []), *(tail.text for tail in unit.tails)]
    return any(phrase[:2] == other[:2] or echoes(phrase, other) for other in others)


def _on_matter(phrase: str, unit: Unit, near: str) -> bool:
    """Whether a past phrase speaks of a unit's matter: by its words, or by the topic that the bank knows both under."""
    return _shared(phrase, near) >= 2 or (bool(topic(phrase)) and topic(phrase) == topic(unit.clause))


def _shared(phrase: str, text: str) -> int:
    return sum(phrase[index : index + 2] in text for index in range(len(phrase) - 1))
