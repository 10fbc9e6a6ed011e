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
from collections.abc import Sequence
from dataclasses import replace

from assistant.framing import announcement, field_of_work, general_statement, salutation
from assistant.furnish import furnish
from assistant.phrases import Tone, topic
from assistant.plain import clause, table_clause
from assistant.records import Brief, Point, Section
from assistant.roles import section_role, tone_of
from assistant.slots import figure_spans, with_pending
from assistant.units import LABEL, OPENER, PHRASE, Phrase, Plan, Unit, echoes, length_of

__all__ = ["Phrase", "Plan", "Unit", "echoes", "plan_report", "plan_section"]

_SPEAKERS = {"述职报告": "我", "政府工作报告": "我们"}
_PROSE_LENGTH = 150
_SECTIONS_SERVED = 14  # a longer report may use a phrase again, in another section
_BARE_COUNT = re.compile(r"\d[\d,.]*[余多]?(?:件|个|项|户|家|次|篇|条|份|期|场|宗|起)(?=[，；、]|$)")
_KIND_OF_YEAR = re.compile(r"[^，。；]{0,14}(?:之年|(?:的|关键|重要|不平凡)一年)(?=[，；、]|$)")
_GOALS = re.compile(r"^[^，。；：]{0,8}目标(?:任务)?(?:是|为)?：")
_HEADED = re.compile(r"^[一-龥]{2,5}$")
_ENOUGH = 0.95  # of the target
_DEPENDENT = re.compile(
    r"^(?:其中|占|平均|同比|比上年|较上年|均|全部|另|[“\ue000-\uefff][^，]{0,12}占|[^，；\d]{0,6}[率占]|[^，；\d]{1,8}(?:翻番|翻一番))"
)
_TABLE_HEAD = re.compile(r"^(?:主要|各项)[^，；。\d]{0,4}指标$")


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
    turn += sum(map(ord, brief.title))  # two reports do not begin alike
    role = section_role(section, brief)
    tone = tone_of(role)
    first_person = brief.doc_type == "述职报告"
    units = [part for unit in _units(section, brief) for part in _cut_topics(unit)]
    if units and tone == "work" and _BARE_COUNT.match(units[0].clause):
        units[0] = replace(units[0], clause=field_of_work(section) + units[0].clause)
    if section.target_length:
        units = _split_for_room(units, section.target_length, tone)
    numbered = tone != "work" and 1 < len(units) <= 10
    if numbered:
        units = [_counted(unit, index, tone) for index, unit in enumerate(units)]
        numbered = sum(unit.counted for unit in units) > 1
    speaker = _SPEAKERS.get(brief.doc_type, "")
    intro = _intro(section, tone, units, used, turn, brief.doc_type) if numbered else ""
    plan = Plan(section, role, tone, tuple(units), intro, numbered, first_person, speaker)
    if role == "开头总述" and units and section.path == brief.sections[0].path:
        plan = _report_opened(plan, brief, turn)
    return furnish(plan, brief, used, past, turn, 1 + len(brief.sections) // _SECTIONS_SERVED)


def _report_opened(plan: Plan, brief: Brief, turn: int) -> Plan:
    """The first section of a report: who reports on what period, in the words of its type."""
    target, units = plan.section.target_length, list(plan.units)
    units[0] = replace(units[0], subject=_subject(brief, units[0].clause))
    salute = salutation(brief) if not target or length_of(units) < _ENOUGH * target else ""
    general = general_statement(brief.doc_type, turn)
    short = bool(target) and length_of(units) + len(salute) + len(general) + 2 * PHRASE < _ENOUGH * (target or 0)
    if short and len(units) > 1:
        units[0] = replace(units[0], after=general)
    return replace(plan, units=tuple(units), salute=salute)


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
    """2024年，县委办公室: who reports on which period; a duty report speaks of 我 instead. A clause that says what kind
    of year it was (开局之年，…) is told of the period."""
    if brief.doc_type == "述职报告" or not brief.period or brief.period[:4] in text:
        return ""
    if _KIND_OF_YEAR.match(text):
        return f"{brief.period}是"
    unit = re.sub(r"[（(].*?[）)]", "", brief.unit).strip()
    if brief.doc_type == "政府工作报告" or not unit or not OPENER.match(text):
        return f"{brief.period}，"
    return f"{brief.period}，{unit}"


def _split_for_room(units: list[Unit], target: int, tone: Tone) -> list[Unit]:
    """Cut clauses with several matters into units of their own while the target asks for more than they can hold."""
    per_unit = (2.6 if tone == "work" else 3.4) * PHRASE
    for cut in (_cut_semicolons, _cut_parallel, _cut_commas):
        if length_of(units) + per_unit * len(units) >= target * 0.95:
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
    return _parts(unit, pieces) if min(len(piece) for piece in pieces) >= 8 and _stand_alone(pieces) else [unit]


def _cut_semicolons(unit: Unit) -> list[Unit]:
    """Only pieces that say what they are about stand alone."""
    pieces = unit.clause.split("；")
    return _parts(unit, pieces) if all(topic(piece) for piece in pieces) and _stand_alone(pieces) else [unit]


def _stand_alone(pieces: Sequence[str]) -> bool:
    """Whether no piece lives on what the first one says: its label (开发区方面，…) or what it counts (“…”占七成)."""
    return not LABEL.match(pieces[0]) and not any(_DEPENDENT.match(piece) for piece in pieces[1:])


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


def _counted(unit: Unit, index: int, tone: Tone) -> Unit:
    """How a unit reads behind 一是: targets stand before it, 讲政治 is a head of its own, a label becomes what is done."""
    if tone != "plan":
        return unit
    if index == 0 and _GOALS.match(unit.clause):
        return replace(unit, counted=False, own=False)
    if _HEADED.match(unit.clause):
        return replace(unit, headed=True)
    label = LABEL.match(unit.clause)
    if label and label["label"].endswith("方面，"):
        name = label["label"].removesuffix("方面，")
        work = "" if re.search(r"(?:工作|建设|治理|管理|保障|服务)$", name) else "工作"
        return replace(unit, clause=f"抓好{name}{work}，{label['rest']}")
    return unit


# ---- first sentences ----------------------------------------------------------------------------------------------------


def _intro(section: Section, tone: Tone, units: Sequence[Unit], used: Counter[str], turn: int, doc_type: str) -> str:
    if not section.target_length or length_of(units) + 30 > section.target_length:
        return ""
    missing = 0.85 * section.target_length - length_of(units) - (PHRASE + 2) * len(units)
    return announcement(
        section, tone, units, used, turn, speaker=_SPEAKERS.get(doc_type, ""), doc_type=doc_type, wanted=missing / 2
    )
