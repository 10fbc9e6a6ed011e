"""The first and the last sentence of a section, made of its own matters and of the outline; none that carries a fact.

They are laid out only where a section is short of its target. Each wording serves once in a report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.figures import recognise
from assistant.phrases import Tone, matter
from assistant.records import Brief, Section
from assistant.units import ME, Unit, turned

_MOST_NAMED = 6  # matters that one sentence names
_MOST_HEADINGS = 8
_SHARED = 2  # characters of a matter's name in the heading, which then says it already
_BARE_HEADING = re.compile(
    r"^(?:19|20)\d\d|情况|回顾|^主要|^基本|体会|成效$|做法|经验|变化|安排|打算|问题|困难|不足|概况|总结|结语|目标"
)
_HEADING_MARK = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十百\d]+[）)、.．]|第[一二三四五六七八九十]+[章节部分、]*)\s*"
)
_VERB_HEADING = re.compile(r"^(?:办实事|[抓守惠优调补讲管强促保提治兴压聚破建稳防])")

_OF_HEADING = ("{heading}以{matters}为重点。", "{heading}主要抓了{matters}。", "{heading}重在{matters}。")
_OF_MATTERS = (
    "重点抓好{matters}等工作。",
    "主要在{matters}上下功夫、求实效。",
    "统筹做好{matters}各项工作。",
    "从{matters}入手，逐项抓好落实。",
    "对{matters}等工作，坚持一体谋划、一体推进。",
)
_OF_ONE_MATTER = (
    "坚持把{heading}摆在重要位置，统筹谋划、系统推进。",
    "始终把{heading}作为重点任务，一项一项抓、一件一件落实。",
)
_ANNOUNCED: dict[Tone, tuple[str, ...]] = {
    "problem": (
        "在看到成绩的同时，{me}也清醒认识到，工作中还存在一些{what}：",
        "对照上级要求和群众期盼，工作中还有一些{what}，主要是：",
    ),
    "plan": (
        "下一步，{me}将围绕{matters}，着力做好以下工作：",
        "下一步，{me}将突出重点、真抓实干，着力做好以下工作：",
        "今后，{me}将坚持目标导向，一项一项抓好以下工作：",
    ),
    "work": (),
}
_CONCLUDED: dict[Tone, tuple[str, ...]] = {
    "problem": ("对这些{what}，{me}将在今后的工作中认真研究、逐项解决。", "对存在的{what}，{me}将认真对待、着力解决。"),
    "plan": ("对以上工作，{me}将逐项细化、抓好落实。",),
    "work": (),
}


_SALUTATIONS = {
    "述职报告": (
        "任职以来，我始终牢记职责使命，恪尽职守、勤勉工作，认真履行岗位职责，努力做到守土有责、守土尽责。",
        "任职以来，我坚持对组织负责、对群众负责，认真履行岗位职责，踏踏实实做好每一项工作，不敢有丝毫懈怠。",
        "工作中，我坚持把职责放在心上、把任务抓在手上，勤勉尽责、真抓实干，努力把分内的事情做实做好。",
    ),
    "政府工作报告": (
        "面对艰巨繁重的改革发展稳定任务，我们坚持稳中求进、真抓实干，扎实推进各项工作。",
        "我们坚持稳中求进工作总基调，统筹发展和安全，扎实做好改革发展稳定各项工作。",
    ),
}


def salutation(doc_type: str, turn: int) -> str:
    """The first sentence of a report of this type; empty where the type has none."""
    return next(iter(turned(_SALUTATIONS.get(doc_type, ()), turn)), "")


def heading_matter(section: Section) -> str:
    """The heading's own words where they name a matter (守基金、严监管), not a part of the report (主要工作)."""
    words = _HEADING_MARK.sub("", section.heading).strip("。；：").replace("，", "、")
    return "" if _BARE_HEADING.search(words) or not 3 <= len(words) <= 16 else words


def field_of_work(section: Section) -> str:
    """What a heading's work is done on (抓建议提案 -> 建议提案); empty where it names more or nothing of the kind."""
    heading = heading_matter(section)
    bare = re.sub(r"^(?:抓好|抓|做好|办好|办理)", "", heading)
    if bare == heading and is_slogan(heading):
        return ""
    words = re.sub(r"(?:工作|办理|情况)$", "", bare)
    return words if re.fullmatch(r"[一-龥]{2,8}", words) else ""


def is_slogan(words: str) -> bool:
    """Whether heading words are a verb with its object or several of them (抓案件、应援尽援), not the name of a field."""
    return bool(_VERB_HEADING.match(words) or "、" in words or "把" in words[1:])


def first_sentence(
    section: Section, units: Sequence[Unit], used: Counter[str], turn: int, *, first_person: bool, wanted: float = 0
) -> str:
    """What the section's own bullets deal with; for bullets on one matter, the heading's words. May be empty.

    Args:
        section: gives the heading.
        units: the section's sentences.
        used: how often the report has each wording.
        turn: another one gives another wording.
        first_person: the report speaks of 我.
        wanted: 字 that the section lacks; wordings that are long enough come first.
    """
    heading = heading_matter(section)
    if not heading:
        return ""
    named = not is_slogan(heading) and not first_person
    every, names = _matters(units, ""), _matters(units, heading if named else "")
    if len(names) >= 2:
        forms = (*turned(_OF_HEADING, turn), *turned(_OF_MATTERS, turn)) if named else turned(_OF_MATTERS, turn)
    else:
        # only a heading that its bullets' matter confirms names a field of work
        forms = turned(_OF_ONE_MATTER, turn) if not is_slogan(heading) and len(every) > len(names) else ()
    filled = {form.format(heading=heading, matters=_listed(names)): form for form in forms if not used[form]}
    text = next(iter(sorted(filled, key=lambda text: len(text) < wanted)), "")
    used.update([filled[text]] if text else [])
    return text


def announcement(
    section: Section, tone: Tone, units: Sequence[Unit], used: Counter[str], turn: int, *, first_person: bool
) -> str:
    """The sentence before 一是…: that weaknesses or plans follow."""
    names = _matters(units, "")
    forms = [form for form in turned(_ANNOUNCED[tone], turn) if len(names) >= 2 or "{matters}" not in form]
    return _unused(forms, used).format(me=ME if first_person else "", what=_weakness(section), matters=_listed(names))


def conclusion(section: Section, tone: Tone, used: Counter[str], turn: int, *, first_person: bool) -> str:
    """The sentence after the last weakness or plan."""
    return _unused(turned(_CONCLUDED[tone], turn), used).format(me=ME if first_person else "", what=_weakness(section))


def _weakness(section: Section) -> str:
    """What the heading calls its weaknesses."""
    named = [word for word in ("困难", "问题") if word in section.heading]
    return "和".join(named) or "不足"


_ANNOUNCEMENTS = {
    "工作总结": "，现将有关情况报告如下",
    "情况汇报": "，现将有关情况汇报如下",
    "述职报告": "，现将履职情况报告如下",
}


def outline_sentence(section: Section, brief: Brief) -> str:
    """What the sections below a heading deal with, as a report's first part announces them; empty for fewer than three.

    Args:
        section: the part whose sub-sections are named.
        brief: the notes with the outline.
    """
    names = [_heading_name(other) for other in brief.sections if other.path[:-1] == section.path]
    names = [name for name in names if name]
    if len(names) < 3:
        return ""
    verbs = sum(bool(_VERB_HEADING.match(name)) for name in names) * 2 > len(names)
    rest = "等" if len(names) > _MOST_HEADINGS else ""
    if verbs:
        done = f"着力{'、'.join(names[:_MOST_HEADINGS])}{rest}"
    else:
        done = f"重点抓了{'、'.join(name.removesuffix('工作') for name in names[:_MOST_HEADINGS])}等工作"
    who = "工作中，我" if brief.doc_type == "述职报告" else ""
    announced = _ANNOUNCEMENTS.get(brief.doc_type, "") if section.path == brief.sections[0].path else ""
    return f"{who}{done}{announced}。"


def _heading_name(section: Section) -> str:
    name = _HEADING_MARK.sub("", section.heading).split("，")[0].strip("。；：")
    whole = 2 <= len(name) <= 10 and not _BARE_HEADING.search(name) and "“" not in name
    return name if whole and not any(figure.checkable for figure in recognise(name)) else ""


def _matters(units: Iterable[Unit], heading: str) -> list[str]:
    """The matters of the sentences in their order, each once; those that the heading says are left out."""
    names = dict.fromkeys(name for unit in units if unit.own and (name := matter(unit.clause)))
    return [name for name in names if len(set(name) & set(heading)) < _SHARED][:_MOST_NAMED]


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:-1]) + ("和" if len(names) > 1 else "") + names[-1] if names else ""


def _unused(forms: Iterable[str], used: Counter[str]) -> str:
    """The first form that the report does not have yet."""
    form = next((form for form in forms if not used[form]), "")
    if form:
        used[form] += 1
    return form
