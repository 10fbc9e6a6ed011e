"""Parallel headings (对仗) for the parts of a report that stand side by side, for the writer to choose from.

Every suggestion is 抓 with what the part is about in four characters, and what that serves in five: whichever of them
are taken, the headings match. The first half is the writer's own heading or the topic of the bullets, never the
model's; the second comes from a list (data/heading_aims.txt), from which the embedded model chooses too. A stronger
model words its own, which must pass the same checks. Only
suggestions: the writer's outline always binds.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import count, groupby

from assistant.compose import grammar_of_headings
from assistant.figures import recognise
from assistant.llm import ChatModel
from assistant.phrases import grounded, matter, vocabulary
from assistant.prompts import load
from assistant.records import Brief, Section
from assistant.roles import section_role
from assistant.slots import neutralise
from assistant.verify import says_nothing_new

MATTER, AIM = 4, 5  # characters of what follows 抓, and of the second half
OFFERED = 2  # aims of the list that each heading can choose from
_SHOWN = 60  # characters of the bullets that the model sees of each part
_NUMBER = re.compile(r"^(?:第?[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)])\s*")
_STRUCTURE = re.compile(
    r"情况|回顾|^主要|^基本|^总体|^重点|做法|成[效果绩]|体会|经验|启示|背景|起因|进展|要求|目标|安排|打算"
)
"""A heading that says what a part does in its report, not what it is about."""
_ASIDE = re.compile(r"“[^”]*”|[A-Za-z\d]+|工作$")
_JOINED = re.compile(r"[、和与及]")
_HAN = re.compile(r"[一-龥]+\Z")
_ANSWER = re.compile(r"^\s*(\d+)[.．、]\s*抓([一-龥]{4})，([一-龥]{5})\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the section `index` of the brief could be called, best first; empty where its bullets do not say enough."""

    index: int
    heading: str
    choices: tuple[str, ...]


def parallel_headings(brief: Brief) -> tuple[Suggestion, ...]:
    """Headings of one pattern for each group of parts that report work side by side; by rules alone.

    Args:
        brief: the notes; numbers such as （一） are kept.

    Returns:
        One suggestion per part, in the order of the outline; none where nothing stands side by side.
    """
    return tuple(suggestion for group in _groups(brief) for suggestion in _suggest(group, brief))


def with_model(
    brief: Brief, model: ChatModel, *, seed: int | None = None, cancel: threading.Event | None = None
) -> tuple[Suggestion, ...]:
    """The suggestions of `parallel_headings`, with one more by the model for each part where it passes the checks.

    Args:
        brief: the notes.
        seed: makes the run repeatable on the embedded model.

    Raises:
        ModelError: the model failed.
    """
    suggestions = parallel_headings(brief)
    asked = {s: aims for s, aims in _suited(suggestions, brief).items() if aims}
    if not asked:
        return suggestions
    firsts = [_first(suggestion) for suggestion in asked]
    lines = [f"{n}. {first}：{_shown(brief.sections[s.index])}" for n, first, s in zip(count(1), firsts, asked)]
    reply = model.complete(
        load("headings").fill({"lines": neutralise("\n".join(lines))}),
        max_tokens=30 * len(asked),
        temperature=0.3,
        seed=seed,
        grammar=grammar_of_headings(firsts, list(asked.values())) if model.supports_grammar else None,
        cancel=cancel,
    ).text
    answers = {int(number): (what, aim) for number, what, aim in _ANSWER.findall(reply)}
    more = _accepted(list(asked), firsts, answers, brief)
    return _merged(suggestions, dict(zip((s.index for s in asked), more, strict=True)))


def _first(suggestion: Suggestion) -> str:
    return _bare(suggestion.choices[0])[: MATTER + 1]


def _suited(suggestions: Sequence[Suggestion], brief: Brief) -> dict[Suggestion, list[str]]:
    """What a small model chooses from, which words no aim of its own: for each part what its single bullets are for, and
    some of the general stock; none that is offered already, none for two parts."""
    taken = {choice[-AIM:] for suggestion in suggestions for choice in suggestion.choices}
    asked = [suggestion for suggestion in suggestions if suggestion.choices]
    found: dict[Suggestion, list[str]] = {}
    for place, suggestion in enumerate(asked):
        section, first = brief.sections[suggestion.index], _first(suggestion)
        topics = dict.fromkeys(matter(point.text) for point in section.points)
        every = [aim for topic in topics for aim in _aims().get(topic, ())] + list(
            _aims()[_GENERAL][place :: len(asked)]
        )
        found[suggestion] = [aim for aim in dict.fromkeys(every) if aim not in taken and _fits(aim, first, section)]
        taken.update(found[suggestion])
    return found


def _accepted(
    asked: Sequence[Suggestion], firsts: Sequence[str], answers: dict[int, tuple[str, str]], brief: Brief
) -> Iterator[str]:
    """The model's heading for each part, empty where it has none that passes; an aim serves once."""
    taken: set[str] = set()
    for number, (suggestion, first) in enumerate(zip(asked, firsts, strict=True), 1):
        what, aim = answers.get(number, ("", ""))
        heading = f"{first}，{aim}"
        good = "抓" + what == first and aim not in taken and _fits(aim, first, brief.sections[suggestion.index])
        taken.add(aim)
        yield _number(suggestion.heading) + heading if good else ""


def _merged(suggestions: Sequence[Suggestion], more: dict[int, str]) -> tuple[Suggestion, ...]:
    return tuple(
        replace(s, choices=tuple(dict.fromkeys([*s.choices, *filter(None, [more.get(s.index)])]))) for s in suggestions
    )


def _fits(aim: str, first: str, section: Section) -> bool:
    """An aim made of a known verb and of known words: no figure, no claim that the notes lack, not the first half again."""
    text = _text(section)
    words = aim[1:3], aim[3:5]
    return (
        aim[0] in _verbs()
        and all(word in text or word in vocabulary() or word in _words() for word in words)
        and not _repeats(aim, first)
        and says_nothing_new(aim, text)
        and grounded(aim, text)
        and not any(figure.checkable for figure in recognise(aim))
    )


# ---- the rules --------------------------------------------------------------------------------------------------


def _groups(brief: Brief) -> Iterator[list[int]]:
    """Parts that report work under one heading, two at least, as places in the outline."""
    parts = [index for index, section in enumerate(brief.sections) if _is_part(section, brief)]
    parts.sort(key=lambda index: brief.sections[index].path[:-1])
    for _, group in groupby(parts, key=lambda index: brief.sections[index].path[:-1]):
        found = sorted(group)
        if len(found) > 1:
            yield found


def _is_part(section: Section, brief: Brief) -> bool:
    about = not _STRUCTURE.search(_bare(section.heading))
    return about and bool(section.points) and section_role(section, brief) in ("主要做法", "成效")


def _suggest(group: Sequence[int], brief: Brief) -> Iterator[Suggestion]:
    """An aim and a matter serve once in a group; first every part gets one, then what is left is shared out."""
    sections = [brief.sections[index] for index in group]
    matters = _once([_matter(section) for section in sections])
    aims = _aims_of([_topic(section) for section in sections], matters)
    for index, section, what, own in zip(group, sections, matters, aims, strict=True):
        choices = tuple(f"{_number(section.heading)}抓{what}，{aim}" for aim in own) if what else ()
        yield Suggestion(index, section.heading, choices)


def _once(names: Sequence[str]) -> list[str]:
    return [name if name not in names[:place] else "" for place, name in enumerate(names)]


def _aims_of(topics: Sequence[str], matters: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in topics]
    taken: set[str] = set()
    for _ in range(OFFERED):
        for own, topic, what in zip(found, topics, matters, strict=True):
            stock = (*_aims().get(topic, ()), *(_aims()[_GENERAL] if not own else ()))
            aim = next((aim for aim in stock if aim not in taken and not _repeats(aim, what)), None)
            if aim is not None:
                own.append(aim)
                taken.add(aim)
    return found


def _repeats(aim: str, first: str) -> bool:
    """Whether the second half has a word of the first (抓队伍建设，强队伍本领)."""
    return aim[1:3] in first or aim[3:5] in first


def _matter(section: Section) -> str:
    """What a part is about in four characters: the heading's own words, else the topic of its bullets; or nothing."""
    head = re.split(r"[，,：:；;]", _bare(section.heading))[0]
    head = _ASIDE.sub("", head.removeprefix("抓").removeprefix("好"))
    pieces = [piece for piece in _JOINED.split(head) if piece]
    if not all(_HAN.match(piece) and len(piece) % 2 == 0 for piece in pieces):
        pieces = []
    if len(pieces) == 1 and len(pieces[0]) == MATTER:
        return pieces[0]
    if len(pieces) == 2:
        return pieces[0][:2] + pieces[1][:2]  # 接待与后勤保障 -> 接待后勤
    if len(pieces) == 1 and len(pieces[0]) == 2:
        own = matter(_bare(section.heading))
        return own if len(own) == MATTER and pieces[0] in own else pieces[0] + "工作"
    topic = _topic(section)
    return topic[:MATTER] if len(topic) % 2 == 0 else ""  # 建议提案办理 -> 建议提案


def _topic(section: Section) -> str:
    """The topic of the heading, or of all that stands there where the heading alone does not tell."""
    return matter(_bare(section.heading)) or matter(_text(section))


def _text(section: Section) -> str:
    return "，".join([_bare(section.heading), *(point.text for point in section.points)])


def _shown(section: Section) -> str:
    return "，".join(point.text for point in section.points)[:_SHOWN]


def _number(heading: str) -> str:
    match = _NUMBER.match(heading)
    return match[0] if match else ""


def _bare(heading: str) -> str:
    return _NUMBER.sub("", heading)


_GENERAL = "通用"


@cache
def _aims() -> dict[str, tuple[str, ...]]:
    text = (files("assistant") / "data" / "heading_aims.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {topic: tuple(aims) for topic, *aims in rows}


@cache
def _verbs() -> str:
    return "".join(sorted({aim[0] for aims in _aims().values() for aim in aims}))


@cache
def _words() -> frozenset[str]:
    return frozenset(word for aims in _aims().values() for aim in aims for word in (aim[1:3], aim[3:5]))
