"""What a section is made of: sentences with their fixed clauses, and the phrases laid out for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.phrases import Tone
from assistant.records import Point, Section, SectionRole

OPENER = re.compile(
    r"^(?:围绕|坚持|按照|根据|聚焦|立足|着眼|紧扣|突出|针对|通过|为[^：]|在(?!编|职|校|建|册)|以|把|对|从|应对|持续|始终|认真|严格|积极|深入|我|本人)"
)
PRINCIPLE = re.compile(  # opens a sentence with what one goes by; 坚持开展… would be a measure, and so a fact
    r"^(?:坚持(?!开展|组织|召开|定期|每|常态|对)|围绕|聚焦|立足|着眼|紧扣|以[^，]{2,10}为(?:主线|抓手|目标|中心|重点|引领|导向|统领)|"
    r"深入践行|牢固树立|按照[^，]{2,12}(?:要求|原则|思路)$)"
)
LABEL = re.compile(r"^(?P<label>[^，；。]{1,10}方面，|从[^，；。]{1,10}看，)(?P<rest>.+)$")
PHRASE = 12.5  # mean length in 字 of an opening or result with its comma
ME = "我"
_NUMBERS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Phrase:
    """An opening or a result. `open` phrases are of the general stock: a model's own wording is preferred."""

    text: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence to be: the fixed clause, the points it carries and the phrases laid out for it.

    `own` is False where nothing may be added (tables, whole sentences). `subject` opens the clause of the first
    sentence (2024年，县委办公室…). `link` (同时) joins a sentence that has no opening to the one before; `end` is ；
    where the next sentence goes on with the same matter. `after` is a whole sentence that stands behind it. `plain` ones
    take no result: they say how things stand. `weak` is what the report itself calls weak in this matter. `headed` ones (讲政治。) stand before
    their phrases as a heading does. `counted` is False for what is told before 一是.
    """

    clause: str
    points: tuple[Point, ...]
    lead: Phrase | None = None
    tails: tuple[Phrase, ...] = ()
    own: bool = True
    subject: str = ""
    link: str = ""
    end: str = "。"
    after: str = ""
    plain: bool = False
    weak: str = ""
    headed: bool = False
    counted: bool = True

    def sentence(self, lead: str, tails: Sequence[str]) -> str:
        """The sentence with these phrases; a label of the notes (招商方面，) stays in front."""
        label, body = "", self.clause
        if match := LABEL.match(body):
            label, body = match["label"], match["rest"]
        head = f"{lead}，" if lead else f"{self.link}，" if self.link else ""
        if self.headed and (lead or tails):
            said = "，".join((*([lead] if lead else []), *tails))
            return f"{self.clause}。{said}{self.end}{self.after}"
        who = label + self.subject if self.subject == ME else self.subject + label
        return who + head + body + "".join(f"，{tail}" for tail in tails) + self.end + self.after

    @property
    def default(self) -> str:
        """The sentence with the stock phrases: what stands when no model was asked or none of its words passed."""
        return self.sentence(self.lead.text if self.lead else "", [tail.text for tail in self.tails])


@dataclass(frozen=True, slots=True)
class Plan:
    """The units of a section in their order, and how the section speaks.

    `speaker` is how the report speaks of its author (我, 我们). `salute` stands before everything; `intro` before the first unit that counts, which is 一是 where they are `numbered`.
    """

    section: Section
    role: SectionRole
    tone: Tone
    units: tuple[Unit, ...]
    intro: str = ""
    numbered: bool = False
    first_person: bool = False
    speaker: str = ""
    salute: str = ""

    def opening(self, index: int) -> str:
        """What stands before sentence `index`: the first words of the report, the intro of the section, 一是 … 十是."""
        unit = self.units[index]
        number = sum(other.counted for other in self.units[:index])
        text = self.salute if index == 0 else ""
        if unit.counted and number == 0:
            text += self.intro
        return text + (f"{_NUMBERS[number]}是" if self.numbered and unit.counted else "")


def length_of(units: Sequence[Unit]) -> int:
    """字 of the bare sentences."""
    return sum(len(unit.subject) + len(unit.clause) + 1 for unit in units)


def echoes(phrase: str, text: str) -> bool:
    """Whether four characters in a row of the phrase already stand in the text."""
    return any(phrase[index : index + 4] in text for index in range(len(phrase) - 3))


def turned(wordings: Sequence[str], turn: int) -> tuple[str, ...]:
    """The wordings in their order, beginning with another one for another turn."""
    at = turn % len(wordings) if wordings else 0
    return (*wordings[at:], *wordings[:at])
