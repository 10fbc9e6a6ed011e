"""What a section will consist of, before any model is asked: units of text, each with its fixed clause, and how many
openings and results the target length leaves room for. Deterministic; knows nothing about models.

A unit's clause carries all its facts and is made by rules. What may be added to it are phrases without facts, so the
length of a section is steered by their number, and a phrase is used once in a whole report. A phrase that only the
general stock could supply is `open`: the model is asked for a better one.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.phrases import Tone, grounded, opening_results, suited, topic
from assistant.plain import clause, table_clause
from assistant.records import Brief, Point, Section, SectionRole
from assistant.roles import section_role, tone_of
from assistant.slots import figure_spans, with_pending

_OPENER = re.compile(
    r"^(?:围绕|坚持|按照|根据|聚焦|立足|着眼|紧扣|突出|针对|通过|为[^：]|在(?!编|职|校|建|册)|以|把|对|从|应对|持续|始终|认真|严格|积极|深入|我|本人)"
)
_LABEL = re.compile(r"^(?P<label>[^，；。]{1,10}方面，|从[^，；。]{1,10}看，)(?P<rest>.+)$")
_PROSE_LENGTH = 150
_PHRASE = 12.5  # mean length in 字 of an opening or result with its comma
_ENOUGH = 0.88  # of the target: beyond it nothing is added any more
_REUSED = 14  # a phrase as long as this is not used twice even in a very long report
_ME = "我"
_SECTIONS_SERVED = 14  # a longer report may use a phrase again, in another section
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
_TABLE_HEAD = re.compile(r"^(?:主要|各项)[^，；。\d]{0,4}指标$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """An opening or a result. `open` phrases are of the general stock: a model's own wording is preferred."""

    text: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence to be: the fixed clause, the points it carries and the phrases laid out for it.

    `own` is False where nothing may be added (tables, whole sentences). `subject` opens the clause of the first
    sentence (2024年，县委办公室…). `link` (同时，此外) joins a sentence that has no opening to the one before.
    """

    clause: str
    points: tuple[Point, ...]
    lead: Phrase | None = None
    tails: tuple[Phrase, ...] = ()
    own: bool = True
    subject: str = ""
    link: str = ""

    def sentence(self, lead: str, tails: Sequence[str]) -> str:
        """The sentence with these phrases; a label of the notes (招商方面，) stays in front."""
        label, body = "", self.clause
        if match := _LABEL.match(body):
            label, body = match["label"], match["rest"]
        head = f"{lead}，" if lead else f"{self.link}，" if self.link else ""
        who = label + self.subject if self.subject == _ME else self.subject + label
        return who + head + body + "".join(f"，{tail}" for tail in tails) + "。"

    @property
    def default(self) -> str:
        """The sentence with the stock phrases: what stands when no model was asked or none of its words passed."""
        return self.sentence(self.lead.text if self.lead else "", [tail.text for tail in self.tails])


@dataclass(frozen=True, slots=True)
class Plan:
    """The units of a section in their order, and how the section speaks."""

    section: Section
    role: SectionRole
    tone: Tone
    units: tuple[Unit, ...]
    intro: str = ""
    numbered: bool = False
    first_person: bool = False


def plan_report(brief: Brief, past_phrases: Sequence[str] = ()) -> list[Plan]:
    """The plans of all sections; a phrase is given out once in the report, so they are made together.

    Args:
        brief: the notes.
        past_phrases: clauses without facts from past reports; they come before the stock phrases.
    """
    used: Counter[str] = Counter()
    return [_plan(section, brief, used, past_phrases) for section in brief.sections]


def plan_section(section: Section, brief: Brief, past_phrases: Sequence[str] = (), turn: int = 0) -> Plan:
    """The plan of one section of `brief`; past phrases serve this section only, another `turn` gives other phrases."""
    paths = [other.path for other in brief.sections]
    index = paths.index(section.path) if section.path in paths else len(paths)
    return _plan(section, brief, _used_before(brief, index, turn), past_phrases, turn)


def _used_before(brief: Brief, index: int, turn: int) -> Counter[str]:
    """How often the sections before `index` use each phrase; kept for the last reports, for sections come one by one."""
    key = (id(brief), turn)
    with _lock:
        kept = _shared_out.get(key)
        if kept is None or kept[0] is not brief:
            used: Counter[str] = Counter()
            steps = [Counter[str]()]
            for section in brief.sections:
                _plan(section, brief, used, (), turn)
                steps.append(used.copy())
            kept = _shared_out[key] = (brief, steps)
            while len(_shared_out) > _KEPT_REPORTS:
                del _shared_out[next(iter(_shared_out))]
        return kept[1][min(index, len(kept[1]) - 1)].copy()


_KEPT_REPORTS = 4
_shared_out: dict[tuple[int, int], tuple[Brief, list[Counter[str]]]] = {}
_lock = threading.Lock()


def _plan(section: Section, brief: Brief, used: Counter[str], past: Sequence[str], turn: int = 0) -> Plan:
    role = section_role(section, brief)
    tone = tone_of(role)
    first_person = brief.doc_type == "述职报告"
    units = [part for unit in _units(section, brief) for part in _cut_topics(unit)]
    if section.target_length:
        units = _split_for_room(units, section.target_length, tone)
    numbered = tone != "work" and 1 < len(units) <= 10
    if role == "开头总述" and units and section.path == brief.sections[0].path:
        units[0] = replace(units[0], subject=_subject(brief, units[0].clause))
    intro = _intro(tone, first_person, section.target_length, units) if numbered else ""
    if role == "开头总述" and section.path == brief.sections[0].path:
        intro = _opening_intro(brief, section.target_length, units)
    return _furnish(
        Plan(section, role, tone, tuple(units), intro, numbered, first_person),
        used,
        past,
        turn,
        1 + len(brief.sections) // _SECTIONS_SERVED,
    )


# ---- units ------------------------------------------------------------------------------------------------------


def _units(section: Section, brief: Brief) -> list[Unit]:
    known = [point.text for point in brief.points]
    units: list[Unit] = []
    rows: list[Point] = []
    for point in (*section.points, None):
        if point is not None and point.source.startswith("|"):
            rows.append(point)
            continue
        if rows:
            text = with_pending(table_clause([clause(row.text, known) for row in rows]))
            if units and _TABLE_HEAD.match(units[-1].clause):
                head = units.pop()
                text, rows = f"从{head.clause}看，{text}", [*head.points, *rows]
            units.append(Unit(text, tuple(rows), own=False))
            rows = []
        if point is not None:
            text = with_pending(clause(point.text, known))
            units.append(Unit(text, (point,), own=len(text) <= _PROSE_LENGTH and "。" not in text))
    return [unit for unit in units if unit.clause]


def _subject(brief: Brief, text: str) -> str:
    """2024年，县委办公室: who reports on which period; a duty report speaks of 我 instead."""
    if brief.doc_type == "述职报告" or not brief.period or brief.period[:4] in text:
        return ""
    unit = re.sub(r"[（(].*?[）)]", "", brief.unit).strip()
    if brief.doc_type == "政府工作报告" or not unit or not _OPENER.match(text):
        return f"{brief.period}，"
    return f"{brief.period}，{unit}"


def _length(units: Sequence[Unit]) -> int:
    return sum(len(unit.subject) + len(unit.clause) + 1 for unit in units)


def _split_for_room(units: list[Unit], target: int, tone: Tone) -> list[Unit]:
    """Cut clauses with several matters into units of their own while the target asks for more than they can hold."""
    per_unit = (2.6 if tone == "work" else 3.4) * _PHRASE
    for cut in (_cut_semicolons, _cut_parallel, _cut_commas):
        if _length(units) + per_unit * len(units) >= target * 0.95:
            break
        if cut is not _cut_commas or tone != "problem":
            units = [part for unit in units for part in cut(unit)]
    return units


def _parts(unit: Unit, pieces: Sequence[str]) -> list[Unit]:
    broken = any(piece.count(a) != piece.count(b) for piece in pieces for a, b in ("（）", "“”", "《》"))
    if len(pieces) < 2 or not unit.own or min(len(piece) for piece in pieces) < 3 or broken:
        return [unit]
    return [replace(unit, clause=piece.strip()) for piece in pieces]


def _cut_topics(unit: Unit) -> list[Unit]:
    """A bullet on two matters (值班…；节约水电费…) becomes two sentences, so that a result stands by its own matter."""
    groups: list[tuple[str, list[str]]] = []
    for piece in unit.clause.split("；"):
        name = topic(piece)
        if groups and (not name or not groups[-1][0] or name == groups[-1][0]):
            groups[-1] = (groups[-1][0] or name, [*groups[-1][1], piece])
        else:
            groups.append((name, [piece]))
    pieces = ["；".join(pieces) for _, pieces in groups]
    return _parts(unit, pieces) if min(len(piece) for piece in pieces) >= 8 else [unit]


def _cut_semicolons(unit: Unit) -> list[Unit]:
    """Only pieces that say what they are about stand alone."""
    pieces = unit.clause.split("；")
    return _parts(unit, pieces) if all(topic(piece) for piece in pieces) else [unit]


def _cut_parallel(unit: Unit) -> list[Unit]:
    """讲政治、讲法治、讲实干: items of one pattern."""
    items = [] if "：" in unit.clause else unit.clause.split("、")
    same = len(items) > 2 and len({item[:1] for item in items}) == 1 and len({len(item) for item in items}) == 1
    return _parts(unit, items) if same else [unit]


def _cut_commas(unit: Unit) -> list[Unit]:
    pieces = unit.clause.split("，")
    adverb = any(re.search(r"[年月季下来后时]$", piece) for piece in pieces[:-1]) or any(
        re.match(r"结束|实现|达到|形成|带动|确保|推动|做到|覆盖|占|比|全部|均", piece) for piece in pieces[1:]
    )
    label = any(re.search(r"(?:方面|看|[：:].*)$", piece) for piece in pieces[:-1])
    if figure_spans(unit.clause) or adverb or label or not all(topic(piece) for piece in pieces):
        return [unit]
    return _parts(unit, pieces)


# ---- phrases ----------------------------------------------------------------------------------------------------


def _intro(tone: Tone, first_person: bool, target: int | None, units: Sequence[Unit]) -> str:
    if not target or _length(units) + 30 > target:
        return ""
    me = "我" if first_person else ""
    if tone == "problem":
        return f"在看到成绩的同时，{me}也清醒认识到，工作中还存在一些不足："
    return f"下一步，{me}将突出重点、真抓实干，着力做好以下工作："


def _opening_intro(brief: Brief, target: int | None, units: Sequence[Unit]) -> str:
    """The first sentence of a report whose own bullets leave much room; it carries no fact."""
    if not target or _length(units) + 4 * _PHRASE * len(units) > 0.95 * target:
        return ""
    if brief.doc_type == "述职报告":
        return "任职以来，我始终牢记职责使命，恪尽职守、勤勉工作，认真履行岗位职责，努力做到守土有责、守土尽责。"
    if brief.doc_type == "政府工作报告":
        return "面对艰巨繁重的改革发展稳定任务，我们坚持稳中求进、真抓实干，扎实推进各项工作。"
    return ""


def _furnish(plan: Plan, used: Counter[str], past: Sequence[str], turn: int, most: int) -> Plan:
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
            if room < _PHRASE * 0.5:
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
    if plan.first_person and plan.tone == "work" and units and _ME not in units[0].clause:
        dated = re.match(r"(?:19|20)\d\d年|任|担任", units[0].clause)
        if dated:
            units[0] = replace(units[0], subject=_ME, lead=None)
        elif units[0].lead:
            units[0] = replace(units[0], subject=_ME)
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
            and not _LABEL.match(unit.clause)
            and "：" not in unit.clause[:12]
        )
        if word and plain and not _OPENER.match(unit.clause) and not re.match(r"全年|今年|截至|从|其中", unit.clause):
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
    units, who = plan.units, _ME if plan.first_person else ""
    if units[0].subject == who:
        units = (replace(units[0], subject=""), *units[1:])
    return replace(plan, intro=who + intro.format(matter), units=units)


def _with(unit: Unit, kind: str, phrase: Phrase) -> Unit:
    return replace(unit, lead=phrase) if kind == "lead" else replace(unit, tails=(*unit.tails, phrase))


def _room(plan: Plan) -> float:
    fixed = _length(plan.units) + len(plan.intro) + (2 * len(plan.units) if plan.numbered else 0)
    own = sum(unit.own for unit in plan.units)
    if plan.section.target_length:
        return plan.section.target_length - fixed
    return _PHRASE * min(own * 1.3 + 1, 8)


def _order(units: Sequence[Unit], plan: Plan) -> Iterator[tuple[str, int]]:
    """Which phrase comes first when there is room for some only."""
    indexes = [i for i, unit in enumerate(units) if unit.own]
    leads = [i for i in indexes if not _OPENER.match(units[i].clause) and not units[i].subject]
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
        label = _LABEL.match(unit.clause)
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


def echoes(phrase: str, text: str) -> bool:
    """Whether four characters in a row of the phrase already stand in the text."""
    return any(phrase[index : index + 4] in text for index in range(len(phrase) - 3))


def _shares_topic(phrase: str, text: str) -> bool:
    return _shared(phrase, text) >= 2


def _shared(phrase: str, text: str) -> int:
    return sum(phrase[index : index + 2] in text for index in range(len(phrase) - 1))
