"""Openings, results and links for the units of a section: as many as the target length asks for, none that does not fit.

One phrase a sentence, behind or before its facts; a second one only where a long sentence stands in a short section. A
phrase is used once in a whole report. A work report says nothing rather than something general.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.framing import conclusion, first_sentence, outline_sentence, parting
from assistant.phrases import grounded, suited, topic
from assistant.records import Brief, Section
from assistant.roles import section_role, tone_of
from assistant.slots import figure_spans
from assistant.units import LABEL, ME, OPENER, PHRASE, PRINCIPLE, Phrase, Plan, Unit, echoes, length_of, turned

_ENOUGH = 0.85  # of the target: beyond it nothing is added any more
_NEEDED = 0.8  # of the target: what the length goal asks for
_SCARCE = 0.8  # of a phrase for each sentence
_IN_REACH = 30  # 字 that the model may add to what the stock has
_SHORT = 0.04  # of the target that must be missing before a sentence without a fact is added
_MOST_COMMON = 2  # words that a phrase and its clause share: with more it says the clause again
_REUSED = 14  # a phrase as long as this is not used twice even in a very long report
_MOST_GENERAL = 1  # of a section: more of the general stock is padding
_UNASKED = 0.6  # phrases for each sentence but one where the writer named no length
_CARRIES_TWO = 18  # 字 of a clause between an opening and a result
_LONGEST_JOINED = 84  # 字 of two sentences that become one
_MOST_LINKS = 3  # 同时 in a report
_OWN_DEED = re.compile(
    r"参加|带队|带头|走访|接听|主持|分管|撰写|组织|联系|牵头|入户|学习|给[^，]{2,10}讲|为[^，]{2,10}讲|不插手|退回|拒收|"
    r"如实报告|按规定报告|履行一岗双责|履行第一责任人"
)
_STATE = re.compile(r"(?:全[县市区局镇乡院校]|中心)?(?:现有|在编|编制|实有|共有|设有|下辖|平均年龄|分管|本人)")
_DEED = re.compile(
    r"(?:全年|先后|累计)?(?:开展|组织|召开|举办|编发|印发|接待|受理|收到|办理|承接|起草|形成|完成|新建|改造|建成|实施|发放|出动|争取|排查|"
    r"整改|推进|落实|培训|检查|解决|转移|处置|选派|参加)"
)
_COMMON = frozenset(
    ("工作", "推动", "进一", "一步", "提升", "提高", "加强", "推进", "落实", "服务", "群众", "持续", "不断", "问题")
)


def furnish(plan: Plan, brief: Brief, used: Counter[str], past: Sequence[str], turn: int, most: int) -> Plan:
    """Lay out phrases as far as there is room: those of the topic first, the general stock while the text is short."""
    target = plan.section.target_length or 0
    plan = replace(plan, units=tuple(_plain_marked(plan, brief)))
    plan, room = _framed(plan, brief, used, _room(plan) - (1 - _ENOUGH) * target, turn)
    if room > PHRASE * sum(unit.own for unit in plan.units):  # a phrase each will not do
        plan, room = _introduced(plan, used, room, turn)
    filling = _Filling(plan, room, used, past, turn, most)
    filling.fill(_order(filling.units, plan))
    filling.fill_where_it_helps(_second(filling.units, plan))
    plan = replace(plan, units=tuple(_linked(_first_person(filling.units, plan), plan, used)))
    return _introduced(plan, used, filling.room, turn)[0]


class _Filling:
    """The sentences of a section as they take their phrases, and the 字 that are left to `_ENOUGH` of the target."""

    def __init__(self, plan: Plan, room: float, used: Counter[str], past: Sequence[str], turn: int, most: int) -> None:
        self.units, self.room = list(plan.units), room
        self._plan, self._used, self._general = plan, used, 0
        said = _Said()
        self._supply = [_Supply(i, unit, plan, used, said, past, turn, most) for i, unit in enumerate(plan.units)]
        self._scarce = room > _SCARCE * PHRASE * len(plan.units)  # every phrase is needed, and the longer ones

    def fill(self, steps: Iterable[tuple[str, int, bool]]) -> None:
        """Give each step its phrase while there is room."""
        target = self._plan.section.target_length or 0
        for kind, index, general in steps:
            unit = self.units[index]
            least = (_ENOUGH - _NEEDED) * target if _is_pressed(unit, self._plan) else PHRASE * 0.5
            if self.room < least or not _has_place(kind, unit, general, self._general):
                continue
            phrase = self._supply[index].take(kind, general, unit, self._scarce)
            if phrase:
                self.room -= len(phrase) + 1
                self._general += general
                self.units[index] = _with(unit, kind, Phrase(phrase, general))

    def fill_where_it_helps(self, steps: Iterable[tuple[str, int, bool]]) -> None:
        """As `fill`, but nothing where the section stays far below its target all the same."""
        target = self._plan.section.target_length or 0
        before = list(self.units), self.room, self._used.copy()
        self.fill(steps)
        if self.room - _IN_REACH > (_ENOUGH - _NEEDED) * target:
            self.units, self.room = before[:2]
            self._used.clear()
            self._used.update(before[2])


def _is_pressed(unit: Unit, plan: Plan) -> bool:
    """Whether a phrase would be the second one of a short sentence."""
    held = (unit.lead is not None) + len(unit.tails)
    return plan.tone == "work" and held > 0 and len(unit.clause) < _CARRIES_TWO and bool(figure_spans(unit.clause))


def _plain_marked(plan: Plan, brief: Brief) -> Iterator[Unit]:
    """What takes no result: a sentence that only says how things stand; and no result in the words of a weakness that the
    report itself names on the same matter."""
    weaknesses = [point.text for section in brief.sections if _is_weakness(section, brief) for point in section.points]
    for unit in plan.units:
        matter = topic(unit.clause) if plan.tone == "work" else ""
        weak = [text for text in weaknesses if matter and topic(text) == matter]
        yield replace(unit, plain=bool(_STATE.match(unit.clause)), weak="；".join(weak))


def _is_weakness(section: Section, brief: Brief) -> bool:
    return tone_of(section_role(section, brief)) == "problem"


def _framed(plan: Plan, brief: Brief, used: Counter[str], room: float, turn: int) -> tuple[Plan, float]:
    """The sentence that closes the section, where there is room for it, and the words that close the report."""
    target = plan.section.target_length or 0
    if not plan.units:
        return plan, room
    closing = ""
    if target and room >= _SHORT * target:
        if plan.role == "开头总述":
            closing = outline_sentence(plan.section, brief, turn)
        elif plan.intro:
            wanted = room - PHRASE * (len(plan.units) - 1)
            closing = conclusion(plan.section, plan.tone, used, turn, speaker=plan.speaker, wanted=wanted)
    if plan.section.path == brief.sections[-1].path and (not target or room > 0):
        closing += parting(brief)
    *before, last = plan.units
    return replace(plan, units=(*before, replace(last, after=closing))), room - len(closing)


def _introduced(plan: Plan, used: Counter[str], room: float, turn: int) -> tuple[Plan, float]:
    """A first sentence where phrases alone leave the section short of its target."""
    target = plan.section.target_length or 0
    if plan.tone != "work" or plan.intro or not target or room < _SHORT * target or plan.role == "开头总述":
        return plan, room
    wanted = room - _SHORT * target  # 字 that are missing before the length counts as met
    intro = first_sentence(plan.section, plan.units, used, turn, speaker=plan.speaker, wanted=wanted)
    if not intro:
        return plan, room
    return replace(plan, intro=intro), room - len(intro)


def _has_place(kind: str, unit: Unit, general: bool, general_used: int) -> bool:
    """Whether a sentence may take a phrase of a kind now."""
    if general and (unit.lead or unit.tails or general_used >= _MOST_GENERAL):
        return False
    if kind == "lead" and (unit.lead or unit.plain or OPENER.match(unit.clause) or unit.subject):
        return False
    return kind == "lead" or not (unit.plain or len(unit.tails) >= (2 if unit.headed else 1))


def _first_person(units: list[Unit], plan: Plan) -> list[Unit]:
    """我 stands before the author's own deeds, once a section; the unit's work is told without it."""
    if not plan.first_person or plan.tone != "work" or any(ME in unit.clause for unit in units):
        return units
    for index, unit in enumerate(units):
        if index == 0 and re.match(r"(?:19|20)\d\d年|任|担任", unit.clause):
            units[0] = replace(unit, subject=ME, lead=None)
            break
        if _OWN_DEED.match(unit.clause):
            units[index] = replace(unit, subject=ME)
            break
    return units


def _linked(units: list[Unit], plan: Plan, used: Counter[str]) -> list[Unit]:
    """Neighbours on one matter become one sentence, or two deeds are joined by 同时; others stand side by side."""
    if plan.tone != "work":
        return units
    linked = False
    for index in range(1, len(units)):
        before, unit = units[index - 1], units[index]
        if not _is_bare(unit) or not before.own or not _same_matter(before, unit):
            continue
        if _fit_in_one(before, unit):
            units[index - 1] = replace(before, end="；")
        elif not linked and used[_LINK] < _MOST_LINKS and _DEED.match(before.clause) and _DEED.match(unit.clause):
            units[index] = replace(unit, link=_LINK)
            used[_LINK] += 1
            linked = True
    return units


_LINK = "同时"


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
    return not (before.after or before.tails or "；" in text or "：" in text) and len(text) <= _LONGEST_JOINED


def _with(unit: Unit, kind: str, phrase: Phrase) -> Unit:
    return replace(unit, lead=phrase) if kind == "lead" else replace(unit, tails=(*unit.tails, phrase))


def _room(plan: Plan) -> float:
    fixed = length_of(plan.units) + len(plan.intro) + len(plan.salute) + sum(len(unit.after) for unit in plan.units)
    fixed += 2 * len(plan.units) if plan.numbered else 0
    own = sum(unit.own for unit in plan.units)
    if plan.section.target_length:
        return plan.section.target_length - fixed
    return PHRASE * min((own - 1) * _UNASKED, 6)


def _order(units: Sequence[Unit], plan: Plan) -> Iterator[tuple[str, int, bool]]:
    """Which phrase comes first when there is room for some only: its kind, its sentence, whether the general stock may
    supply it."""
    indexes = _furnished(units, plan)
    yield from ((kind, i, False) for kind in ("lead", "tail", "tail") for i in indexes if units[i].headed)
    if plan.tone == "problem":
        yield from (("tail", i, False) for i in indexes)
        return
    # one a sentence, and neighbours differ; what follows a label begins with a word of its own
    for n, i in enumerate(i for i in indexes if not units[i].headed):
        first = "lead" if n % 2 == 0 or (i and LABEL.match(units[i - 1].clause)) else "tail"
        yield first, i, False
    empty = [i for i in indexes if not units[i].lead and not units[i].tails]
    yield from ((kind, i, False) for i in empty for kind in ("tail", "lead"))
    if plan.tone == "plan":
        yield from (("tail", i, True) for i in indexes)


def _second(units: Sequence[Unit], plan: Plan) -> Iterator[tuple[str, int, bool]]:
    """The second phrases of sentences: long ones bear an opening and a result, and so does a step of a plan or a principle
    that is kept; short ones take them last."""
    if plan.tone == "problem" or not plan.section.target_length:
        return
    indexes = [i for i in _furnished(units, plan) if not units[i].headed]
    longest = sorted(indexes, key=lambda i: -len(units[i].clause))
    bears = [i for i in longest if len(units[i].clause) >= _CARRIES_TWO or not figure_spans(units[i].clause)]
    for some in (bears, longest):
        yield from ((kind, i, False) for i in some for kind in ("tail", "lead"))


def _furnished(units: Sequence[Unit], plan: Plan) -> list[int]:
    """The sentences that may take phrases; what the year came to has no purpose of its own."""
    indexes = [i for i, unit in enumerate(units) if unit.own]
    return [i for i in indexes if i] if plan.role == "开头总述" else indexes


@dataclass(slots=True)
class _Said:
    """What the section has by now: its phrases, how its openings and results begin, and how they end."""

    phrases: set[str] = field(default_factory=set)
    starts: dict[str, set[str]] = field(default_factory=lambda: {"lead": set(), "tail": set()})
    ends: set[str] = field(default_factory=set)


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
        near = unit.clause + plan.section.heading
        self._borrowed = tuple(phrase for phrase in past if _on_matter(phrase, unit, near) and grounded(phrase, near))
        openings = tuple(phrase for phrase in self._borrowed if PRINCIPLE.match(phrase))
        results = tuple(phrase for phrase in self._borrowed if phrase not in openings)
        self._stock = {
            ("lead", False): (*openings, *turned(phrases.leads, turn)),
            ("lead", True): (),
            ("tail", False): (*results, *turned(phrases.tails, turn)),
            ("tail", True): turned(phrases.general_tails, offset),
        }
        self._clause, self._used, self._said, self._most = unit.clause, used, said, most
        self._strict, self._aim = plan.tone == "problem", plan.intro.split("，")[0]

    def take(self, kind: str, general: bool, unit: Unit, scarce: bool) -> str:
        """The next phrase: of past reports first, then such as begin like none before in the section, then such as
        share words with the clause."""
        starts = self._said.starts[kind]
        stock = list(self._stock[kind, general])
        if not general and not self._strict:
            stock.sort(key=lambda phrase: -min(2, _shared(phrase, self._clause)))
        if scarce:
            stock.sort(key=len, reverse=True)
        stock.sort(key=lambda phrase: (phrase not in self._borrowed, phrase[:2] in starts))
        for times in range(self._most):
            for phrase in stock:
                if self._is_free(phrase, times) and not _doubles(phrase, unit):
                    self._used[phrase] += 1
                    self._said.phrases.add(phrase)
                    self._said.ends.add(phrase[-3:])
                    starts.add(phrase[:2])
                    return phrase
        return ""

    def _is_free(self, phrase: str, times: int) -> bool:
        again = times and len(phrase) < _REUSED
        free = self._used[phrase] <= times if again else not self._used[phrase]
        if _common_words(phrase, self._clause) > _MOST_COMMON:
            return False
        if self._strict and (phrase[-3:] in self._said.ends or _repeats(phrase, self._clause)):
            return False
        return free and phrase not in self._said.phrases and not echoes(phrase, self._clause + self._aim)


def _doubles(phrase: str, unit: Unit) -> bool:
    """Whether a sentence would say something twice: its label in the opening, its opening in the result."""
    label = LABEL.match(unit.clause)
    if unit.weak and _repeats(phrase, unit.weak):
        return True
    if label and label["label"].strip("从看，").removesuffix("方面") in phrase:
        return True
    if unit.headed:  # 讲政治。始终把政治建设摆在首位，不断提高政治判断力…: its word goes through the sentence
        return False
    others = [*([unit.lead.text] if unit.lead else []), *(tail.text for tail in unit.tails)]
    return any(_repeats(phrase, other) for other in others)


def _repeats(phrase: str, text: str) -> bool:
    """Whether two wordings share a word that means something."""
    return _common_words(phrase, text) > 0


def _common_words(phrase: str, text: str) -> int:
    words = {phrase[i : i + 2] for i in range(len(phrase) - 1)} - _COMMON
    return sum(word in text for word in words)


def _on_matter(phrase: str, unit: Unit, near: str) -> bool:
    """Whether a past phrase speaks of a unit's matter: by its words, or by the topic that the bank knows both under."""
    return _shared(phrase, near) >= 2 or (bool(topic(phrase)) and topic(phrase) == topic(unit.clause))


def _shared(phrase: str, text: str) -> int:
    return sum(phrase[index : index + 2] in text for index in range(len(phrase) - 1))
