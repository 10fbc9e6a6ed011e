"""The first and the last sentence of a section, made of its own matters and of the outline; none that carries a fact.

They are laid out only where a section is short of its target. Each wording serves once in a report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.figures import recognise
from assistant.phrases import Tone, matter, suited, topic
from assistant.records import Brief, Section
from assistant.units import ME, Unit, echoes, turned

_MOST_NAMED = 6  # matters that one sentence names
_MOST_HEADINGS = 8
_ALIKE = 10  # 字 by which wordings of one length may differ
_USUAL = 24  # 字 of a first sentence; where more are missing it also says what the matter is for
_SHARED = 2  # characters of a matter's name in the heading, which then says it already
_BARE_HEADING = re.compile(
    r"^(?:19|20)\d\d|情况|回顾|^主要|^基本|体会|成效$|做法|经验|变化|安排|打算|问题|困难|不足|概况|总结|结语|目标"
)
_HEADING_MARK = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十百\d]+[）)、.．]|第[一二三四五六七八九十]+[章节部分、]*)\s*"
)
_VERB_HEADING = re.compile(r"^(?:办实事|[抓守惠优调补讲管强促保提治兴压聚破建稳防])")

_PURPOSE = re.compile(r"围绕|着眼|聚焦|坚持|紧盯")
_COUNTED = re.compile(
    r"^(?:开展|组织|召开|举办|承接|办理|接待|受理|编发|起草|改造|新建|建成|实施|推进|完成)"
    r"(?P<noun>(?!了|的|全部)[一-龥]{3,8}?)(?=[约近]?\d)"
)
_OF_HEADING = (
    "{heading}以{matters}为重点。",
    "{heading}主要抓了{matters}。",
    "{heading}方面，重点抓了{matters}。",
    "全年{heading}重在{matters}。",
)
_OF_MATTERS = (
    "重点抓好{matters}等工作。",
    "主要在{matters}上下功夫、求实效。",
    "统筹做好{matters}各项工作。",
    "从{matters}入手，逐项抓好落实。",
)
_OF_SOME_MATTERS = (
    "重点抓好{matters}等工作。",
    "突出抓了{matters}等重点工作。",
    "重点推进{matters}等工作。",
    "着重抓了{matters}等几项工作。",
    "从{matters}等方面入手，逐项抓好落实。",
    "集中力量做好{matters}等工作。",
)
_OF_MY_MATTERS = (
    "我重点抓了{matters}等工作。",
    "我主要抓了{matters}等方面的工作。",
    "我把主要精力放在{matters}等工作上。",
    "我着重做好{matters}等工作。",
)
_OF_CONDUCT = (  # of the author of a duty report
    "工作中，我时刻绷紧廉洁自律这根弦，自觉用党纪国法约束自己的言行。",
    "我始终把廉洁自律作为履职的底线要求，严格要求自己，管好身边的人和事。",
)
_CONDUCT = re.compile(r"廉")
_ANNOUNCED: dict[Tone, tuple[str, ...]] = {
    "problem": (
        "在看到成绩的同时，{me}也清醒认识到，工作中还存在一些{what}：",
        "对照上级要求和群众期盼，工作中还有一些{what}，主要是：",
        "在总结成绩的同时，{me}也清醒认识到，对照上级要求和群众期盼，工作中还存在一些{what}，主要是：",
        "在肯定成绩的同时，{me}也清醒看到，与上级要求和群众期盼相比，还存在一些{what}，主要表现在：",
        "对照新形势新任务的要求，{me}认真查找了工作中的差距，感到还存在一些{what}，主要体现在：",
        "回顾这一时期的工作，还存在一些{what}，主要表现在：",
        "总结成绩的同时，{me}也看到工作中的{what}，主要是：",
    ),
    "plan": (
        "下一步，{me}将围绕{matters}，着力做好以下工作：",
        "下一步，{me}将突出重点、真抓实干，重点抓好以下几项工作：",
        "今后，{me}将坚持目标导向，一项一项抓好以下工作：",
        "下一步，{me}将对照职责任务，把工作重点放在{matters}上：",
        "新的一年，{me}将围绕{matters}，主要做好以下工作：",
    ),
    "work": (),
}
_OF_A_CASE = (  # a report on one matter has no achievements to set them against
    "目前，工作中还存在一些{what}，主要是：",
    "从目前情况看，还存在一些{what}，需要进一步研究解决，主要有：",
)
_TOWARDS_GOALS = ("围绕上述目标，重点抓好以下工作：", "为实现上述目标，将着力抓好以下几方面工作：")
_CONCLUDED: dict[Tone, tuple[str, ...]] = {
    "problem": (
        "对这些{what}，{me}将在今后的工作中认真研究、逐项解决。",
        "对存在的{what}，{me}将采取有力措施，认真加以解决。",
        "针对这些{what}，{me}将坚持问题导向，深入分析原因，逐项研究改进措施，在今后的工作中切实加以解决。",
        "对以上{what}，{me}将高度重视，深入查找根源，逐项拿出改进办法，一件一件抓好整改落实。",
        "这些{what}，{me}将认真对待、逐一剖析，能改的立行立改，一时解决不了的持续用力、逐步改进。",
        "以上{what}，{me}将逐项研究对策，切实加以改进。",
        "针对这些{what}，{me}将正视差距、对症施策，逐步加以解决。",
    ),
    "plan": (
        "对以上工作，{me}将逐项细化、抓好落实。",
        "以上工作，{me}将列出清单、明确时限，逐项抓好落实。",
        "{me}将紧盯以上工作，一项一项推进、一件一件落实。",
        "对以上工作，{me}将逐项明确目标任务、责任人员和完成时限，加强跟踪调度，确保件件有着落。",
        "对以上工作，{me}将逐项细化分解、压实责任，定期调度、跟踪问效，确保按时按质完成。",
    ),
    "work": (),
}


_GENERAL = {
    "述职报告": (
        "任职以来，我认真履行岗位职责，严格要求自己，尽心尽力做好各项分内工作。",
        "工作中，我坚持勤勉尽责、真抓实干，努力把职责范围内的事情做实做好。",
        "履职中，我把职责放在心上、把任务抓在手上，踏踏实实做好每一项工作。",
    ),
    "政府工作报告": (
        "面对艰巨繁重的改革发展稳定任务，我们坚持稳中求进工作总基调，统筹发展和安全，真抓实干、攻坚克难，扎实推进各项工作。",
        "面对各种困难和挑战，我们坚持稳中求进工作总基调，统筹发展和安全，保持定力、真抓实干，扎实做好改革发展稳定各项工作。",
    ),
}
_GOVERNMENT = re.compile(r"[^市县区州旗省盟]{1,6}[市县区州旗省盟]人民政府$")


def salutation(brief: Brief) -> str:
    """How a report that is read out to a people's congress begins; empty for every other one."""
    who = _GOVERNMENT.search(re.sub(r"[（(].*?[）)]", "", brief.unit).strip())
    if brief.doc_type != "政府工作报告" or "代表" not in brief.audience or not who:
        return ""
    others = "，并请政协委员和其他列席人员提出意见" if "政协" in brief.audience else ""
    return f"各位代表：\n现在，我代表{who.group()}，向大会报告工作，请予审议{others}。\n"


def general_statement(doc_type: str, turn: int) -> str:
    """A sentence without facts behind the first one of a report of this type; empty where the type has none."""
    return next(iter(turned(_GENERAL.get(doc_type, ()), turn)), "")


def parting(brief: Brief) -> str:
    """The words that close a report of this type."""
    if brief.doc_type == "述职报告":
        return "以上述职，请予评议。"
    return "特此报告。" if brief.doc_type == "情况汇报" else ""


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
    section: Section, units: Sequence[Unit], used: Counter[str], turn: int, *, speaker: str, wanted: float = 0
) -> str:
    """What the section's own bullets deal with; empty where they deal with one matter only.

    Args:
        section: gives the heading.
        units: the section's sentences.
        used: how often the report has each wording.
        turn: another one gives another wording.
        speaker: how the report speaks of its author; a duty report has him for its subject, others their heading.
        wanted: 字 that the section lacks; beyond those of a wording, the sentence says what its matter is done for.
    """
    heading = heading_matter(section)
    if speaker == ME and _CONDUCT.search(section.heading):
        return _unused(turned(_OF_CONDUCT, turn), used)
    if not heading:
        return ""
    named = speaker != ME and not is_slogan(heading)
    names, every = _matters(units, heading if named else ""), _matters(units, "")
    if len(every) - len(names) > 1:  # parts of what the heading names: it need not be said again
        names, named = every, False
    elif len(names) < 2:
        names = _things(units)[:_MOST_NAMED]
    if len(names) < 2:
        return ""
    aim = _aim(heading, units, used, turn) if wanted > _USUAL else ""
    whole = sum(unit.own for unit in units) <= sum(unit.own and _is_named(unit, names) for unit in units)
    heads = turned(_OF_HEADING, turn) if named and not aim and whole else ()
    plain = turned((_OF_MATTERS if whole else _OF_SOME_MATTERS) if speaker != ME else _OF_MY_MATTERS, turn)
    forms = [*heads, *plain]
    if wanted > _USUAL:
        forms.sort(key=len, reverse=True)
    form = _unused(forms, used)
    text = form.format(heading=heading, matters=_listed(names))
    return f"{aim}，{text}" if aim and form and not set(aim[-2:]) <= set(text) else text


def _aim(heading: str, units: Sequence[Unit], used: Counter[str], turn: int) -> str:
    """What the heading's matter is done for (着眼建强干部队伍); empty where the bank does not know the matter, or a
    sentence of the section says it."""
    stock = suited(heading, "", "plan").leads if topic(heading) else ()
    told = "".join(unit.default for unit in units)
    return _unused(
        [phrase for phrase in turned(stock, turn) if _PURPOSE.match(phrase) and not echoes(phrase, told)], used
    )


def announcement(
    section: Section,
    tone: Tone,
    units: Sequence[Unit],
    used: Counter[str],
    turn: int,
    *,
    speaker: str,
    doc_type: str = "",
    wanted: float = 0,
) -> str:
    """The sentence before 一是…: that weaknesses or plans follow. Wordings that come up to `wanted` 字 come first."""
    names = _matters((unit for unit in units if unit.counted), "")
    goals = any(not unit.counted for unit in units)
    stock = _TOWARDS_GOALS if goals else _ANNOUNCED[tone]
    if tone == "problem" and doc_type == "情况汇报":
        stock = _OF_A_CASE
    forms = [form for form in turned(stock, turn) if len(names) >= 2 or "{matters}" not in form]
    forms.sort(key=lambda form: _missing(form, wanted))
    return _unused(forms, used).format(me=speaker, what=_weakness(section), matters=_listed(names))


def conclusion(section: Section, tone: Tone, used: Counter[str], turn: int, *, speaker: str, wanted: float = 0) -> str:
    """The sentence after the last weakness or plan. Wordings that come up to `wanted` 字 come first."""
    forms = sorted(turned(_CONCLUDED[tone], turn), key=lambda form: _missing(form, wanted))
    return _unused(forms, used).format(me=speaker, what=_weakness(section))


def _missing(form: str, wanted: float) -> int:
    """How far a wording falls short, roughly: those of about one length take turns."""
    return max(0, round((wanted - len(form)) / _ALIKE))


def _weakness(section: Section) -> str:
    """What the heading calls its weaknesses."""
    named = [word for word in ("困难", "问题") if word in section.heading]
    return "和".join(named) or "不足"


_ANNOUNCEMENTS = {
    "工作总结": "现将有关情况报告如下。",
    "情况汇报": "现将有关情况汇报如下。",
    "述职报告": "现将本人履行岗位职责的主要情况报告如下。",
    "政府工作报告": "一年来，我们主要做了以下几个方面的工作。",
}
_DONE = ("重点抓了{names}等工作。", "主要做了{names}等工作。", "重点推进了{names}等工作。")


def outline_sentence(section: Section, brief: Brief, turn: int = 0) -> str:
    """What the sections below a heading deal with, as a report's first part announces them; empty for fewer than three.

    Headings that are verbs with their objects (抓招商、优服务) are announced, not listed: a list of them is a contents list.

    Args:
        section: the part whose sub-sections are named.
        brief: the notes with the outline.
        turn: another one gives another wording.
    """
    names = [_heading_name(other) for other in brief.sections if other.path[:-1] == section.path]
    names = [name for name in names if name]
    if len(names) < 3:
        return ""
    announced = _ANNOUNCEMENTS.get(brief.doc_type, "") if section.path == brief.sections[0].path else ""
    if any(_VERB_HEADING.match(name) for name in names) or len(names) > _MOST_HEADINGS or brief.doc_type == "述职报告":
        return announced
    listed = "、".join(name.removesuffix("工作") for name in names)
    return turned(_DONE, turn)[0].format(names=listed) + announced


def _heading_name(section: Section) -> str:
    name = _HEADING_MARK.sub("", section.heading).split("，")[0].strip("。；：")
    whole = 2 <= len(name) <= 10 and not _BARE_HEADING.search(name) and "“" not in name
    return name if whole and not any(figure.checkable for figure in recognise(name)) else ""


def _matters(units: Iterable[Unit], heading: str) -> list[str]:
    """The matters of the sentences in their order, each once; those that the heading says are left out."""
    names = dict.fromkeys(name for unit in units if unit.own and (name := matter(unit.clause)))
    return [name for name in names if len(set(name) & set(heading)) < _SHARED][:_MOST_NAMED]


def _is_named(unit: Unit, names: Sequence[str]) -> bool:
    """Whether a sentence's matter is among the names."""
    return matter(unit.clause) in names or any(name in unit.clause for name in names)


def _things(units: Iterable[Unit]) -> list[str]:
    """What the sentences count, each by the noun between its verb and its first figure (承接督办件58件: 督办件)."""
    found = (_COUNTED.match(unit.clause) for unit in units if unit.own)
    return list(dict.fromkeys(match["noun"] for match in found if match))


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:-1]) + ("和" if len(names) > 1 else "") + names[-1] if names else ""


def _unused(forms: Iterable[str], used: Counter[str]) -> str:
    """The first form that the report does not have yet."""
    form = next((form for form in forms if not used[form]), "")
    if form:
        used[form] += 1
    return form
