"""A section written around fixed clauses: the model supplies what they were done for, the facts are not in its hands.

For embedded models. Sentences that need nothing from the model are settled before it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.compose import Ask, batches, frame_request
from assistant.plan import Phrase, Plan, Unit
from assistant.slots import lock
from assistant.verify import EVERYWHERE, pairs, phrase_fault
from assistant.writing import Desk

_LINE = re.compile(r"^\s*(?P<number>\d{1,2})\s*[.．、)）]\s*(?P<tail>.*)$")
_SHORT = 0.8  # of the target
_MOST_ASKED = 2  # lines of one section: each takes the model seconds, and what the stock supplies well is not asked for


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
        reader = _Reader(group, lambda ask, tail: _place(plan, units, settled, ask, tail))
        completion = desk.ask(frame_request(plan, group, doc_type), reader.feed)
        reader.finish(completion.text)
    return [unit.default for unit in units]


def asked(plan: Plan) -> list[Ask]:
    """Which units the model is asked about: those with a phrase of the general stock; where the section is short, those
    without a result; then those whose result only their topic ties to the clause, for a closer one.

    What only says how things stand takes no result, and a section without a target is not added to.
    """
    if plan.tone == "problem":  # a consequence that the writer did not name is a fact
        return []
    units = plan.units
    chosen = [i for i, unit in enumerate(units) if any(tail.open for tail in unit.tails)]
    if _is_short(plan, units):  # the stock has nothing more that fits; the model may
        bare = [i for i, unit in enumerate(units) if unit.own and not (unit.tails or unit.plain or unit.subject)]
        chosen += sorted(bare, key=lambda i: units[i].lead is not None)
    if plan.section.target_length:
        chosen += [i for i, unit in enumerate(units) if unit.own and unit.tails and _is_loose(unit)]
    chosen = list(dict.fromkeys(chosen))[:_MOST_ASKED]
    return [Ask(i, lock(units[i].clause).text, _hint(units[i])) for i in sorted(chosen)]


def _is_loose(unit: Unit) -> bool:
    """Whether no result of a sentence shares a word with its facts."""
    return not any(pairs(tail.text) & pairs(unit.clause) - EVERYWHERE for tail in unit.tails)


def _hint(unit: Unit) -> str:
    return unit.tails[-1].text if unit.tails else ""


def _is_better(tail: str, unit: Unit) -> bool:
    """Whether a result of the model's may take the place of the stock one: a topic's own phrase gives way only to one
    that keeps closer to the clause."""
    stock = next((phrase for phrase in unit.tails if not phrase.open), None)
    if stock is None:
        return bool(tail)
    near = pairs(unit.clause) - EVERYWHERE
    return len(pairs(tail) & near) > len(pairs(stock.text) & near)


def _is_short(plan: Plan, units: Sequence[Unit]) -> bool:
    length = len(plan.intro) + sum(len(unit.default) for unit in units)
    return length < _SHORT * (plan.section.target_length or 0)


def _place(plan: Plan, units: list[Unit], settled: Callable[[int], None], ask: Ask, tail: str) -> None:
    """Put the model's own wording in place of the stock phrase where it passes the checks and is better."""
    unit = units[ask.unit]
    taken = [phrase.text for other in units for phrase in (*other.tails, *([other.lead] if other.lead else []))]
    if _is_better(tail, unit) and not phrase_fault(tail, unit, plan, taken):
        changed = [*units]
        changed[ask.unit] = replace(unit, tails=(Phrase(tail),))  # one result a sentence
        if _is_short(plan, units) or not _is_short(
            plan, changed
        ):  # a shorter wording may not cost the length asked for
            units[:] = changed
    settled(ask.unit)


class _Reader:
    """Reads `1. 短语` lines as they arrive and hands each over once."""

    def __init__(self, asks: list[Ask], place: Callable[[Ask, str], None]) -> None:
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
                self._place(ask, "")

    def _take(self, line: str) -> None:
        match = _LINE.match(line)
        number = int(match["number"]) - 1 if match else -1
        if match and 0 <= number < len(self._asks) and number not in self._seen:
            self._seen.add(number)
            self._place(self._asks[number], match["tail"].strip().strip("，。；、,.;"))
