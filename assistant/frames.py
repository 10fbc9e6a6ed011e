"""A section written around fixed clauses: the model supplies openings and results, the facts are not in its hands.

For embedded models. Sentences that need nothing from the model are settled before it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.compose import Ask, batches, frame_request
from assistant.plan import Phrase, Plan, Unit
from assistant.slots import lock
from assistant.verify import pairs, phrase_fault
from assistant.writing import Desk

_LINE = re.compile(r"^\s*(?P<number>\d{1,2})\s*[.．、)）]\s*(?:前[：:])?(?P<lead>[^｜|]*)[｜|](?P<tail>.*)$")
_EVERYWHERE = frozenset(("开展", "推进", "加强", "落实", "推动", "完成", "工作", "组织", "提高", "提升"))
_SHORT = 0.8  # of the target
_MOST_ASKED = 6  # lines of one section: what the stock supplies well is not asked for


def write_frames(plan: Plan, doc_type: str, desk: Desk, opening: Callable[[int], str]) -> list[str]:
    """The sentences of a section, one for each unit.

    Args:
        plan: the section; its open phrases are what the model is asked for.
        doc_type: named in the prompt.
        desk: the conversation with the model.
        opening: what stands before sentence `n` (intro, 一是), for those who watch.
    """
    asks = asked(plan)
    units = list(plan.units)

    def settled(index: int) -> None:
        desk.show(index, opening(index) + units[index].default)

    for index in sorted(set(range(len(units))) - {ask.unit for ask in asks}):
        settled(index)
    for batch in batches(len(asks)):
        group = [asks[number] for number in batch]
        reader = _Reader(group, lambda ask, lead, tails: _place(plan, units, settled, ask, lead, tails))
        completion = desk.ask(frame_request(plan, group, doc_type), reader.feed)
        reader.finish(completion.text)
    return [unit.default for unit in units]


def asked(plan: Plan) -> list[Ask]:
    """Which units the model is asked about: those with open phrases and, where the section is short, bare ones; else the
    first two that carry a result. A section that is long enough without any result is not padded."""
    chosen = [
        i for i, unit in enumerate(plan.units) if (unit.lead and unit.lead.open) or any(t.open for t in unit.tails)
    ]
    if _is_short(plan):  # the stock has nothing more that fits; the model may
        chosen = sorted({*chosen, *(i for i, unit in enumerate(plan.units) if unit.own and not unit.tails)})
    if not chosen:
        chosen = [i for i, unit in enumerate(plan.units) if unit.own and unit.tails][:2]
    asks = []
    for index in chosen[:_MOST_ASKED]:
        unit = plan.units[index]
        hint = next((tail.text for tail in reversed(unit.tails)), "")
        asks.append(Ask(index, lock(unit.clause).text, bool(unit.lead and unit.lead.open), hint))
    return asks


def _is_better(tail: str, unit: Unit) -> bool:
    """Whether a result of the model's may take the place of the stock one: a topic's own phrase gives way only to one
    that keeps closer to the clause."""
    stock = next((phrase for phrase in unit.tails if not phrase.open), None)
    if stock is None:
        return bool(tail)
    near = pairs(unit.clause) - _EVERYWHERE
    return len(pairs(tail) & near) > len(pairs(stock.text) & near)


def _is_short(plan: Plan) -> bool:
    length = len(plan.intro) + sum(len(unit.default) for unit in plan.units)
    return length < _SHORT * (plan.section.target_length or 0)


def _place(
    plan: Plan, units: list[Unit], settled: Callable[[int], None], ask: Ask, lead: str, tails: list[str]
) -> None:
    """Put the model's own wording in place of the stock phrases where it passes the checks."""
    unit = units[ask.unit]
    taken = [phrase.text for other in units for phrase in (*other.tails, *([other.lead] if other.lead else []))]
    if ask.lead and not phrase_fault(lead, unit, plan, taken, lead=True):
        unit = replace(unit, lead=Phrase(lead))
    good = next((tail for tail in tails if _is_better(tail, unit) and not phrase_fault(tail, unit, plan, taken)), "")
    if good:
        unit = replace(unit, tails=(Phrase(good),))  # one result a sentence
    units[ask.unit] = unit
    settled(ask.unit)


class _Reader:
    """Reads `1. 前｜后` lines as they arrive and hands each over once."""

    def __init__(self, asks: list[Ask], place: Callable[[Ask, str, list[str]], None]) -> None:
        self._asks, self._place = asks, place
        self._buffer, self._seen = "", set[int]()

    def feed(self, piece: str) -> None:
        self._buffer += piece
        while "\n" in self._buffer:
            line, self._buffer = self._buffer.split("\n", 1)
            self._take(line)

    def finish(self, whole: str) -> None:
        """The last line, and lines that a model without streaming sent at once; what is missing keeps its stock."""
        for line in whole.splitlines():
            self._take(line)
        for number, ask in enumerate(self._asks):
            if number not in self._seen:
                self._place(ask, "", [])

    def _take(self, line: str) -> None:
        match = _LINE.match(line)
        number = int(match["number"]) - 1 if match else -1
        if match and 0 <= number < len(self._asks) and number not in self._seen:
            self._seen.add(number)
            tails = [_clean(tail) for tail in re.split(r"[｜|]", match["tail"])]
            self._place(self._asks[number], _clean(match["lead"]), tails)


def _clean(phrase: str) -> str:
    return re.sub(r"^\s*后\d?[：:]", "", phrase).strip().strip("，。；、,.;")
