"""A section that the model writes whole, line by line, with figures as slots: for strong endpoints.

Every line is rendered and checked by itself. What is wrong is named to the model once; what is still wrong is replaced
by a sentence made from the writer's own bullet. Nothing is deleted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.compose import batches, lines_request, repair_request
from assistant.plan import Plan
from assistant.records import Hit, PastRef
from assistant.slots import Locked, lock, render
from assistant.verify import line_fault
from assistant.writing import Desk

_NUMBERED = re.compile(r"^\s*(?P<number>\d{1,3})\s*[.．、)）]\s*(?P<text>.*)$")
_PER_REQUEST = 6


def write_lines(
    plan: Plan, doc_type: str, hits: Sequence[Hit], remark: str, desk: Desk, opening: Callable[[int], str]
) -> list[str]:
    """The sentences of a section, one for each unit; arguments as for `write_frames`, and what past reports offer."""
    locked = _locked(plan, desk)
    past = [PastRef(hit.document, hit.passage.text) for hit in hits]
    written: dict[int, str] = {}
    asked = [index for index, unit in enumerate(plan.units) if unit.own]
    for batch in batches(len(asked), _PER_REQUEST):
        numbers = [asked[position] for position in batch]
        request = lines_request(
            plan, locked, numbers, hits, doc_type=doc_type, remark=remark, masking=desk.flags.masking
        )
        stream = LineStream(locked, numbers, desk.show, opening)
        written.update(parse_lines(desk.ask(request, stream.feed).text, numbers))
        stream.finish()
    faults = _faults(plan, locked, written, asked, past)
    if faults and desk.flags.repair:
        written.update(_second(plan, locked, written, faults, doc_type, desk, past))
        faults = _faults(plan, locked, written, asked, past)
    return [_settled(plan, locked, index, written, faults, desk) for index in range(len(plan.units))]


def _locked(plan: Plan, desk: Desk) -> list[Locked]:
    """Marks are unique over the section, so that a line cannot take another line's figure unnoticed."""
    parts: list[Locked] = []
    for unit in plan.units:
        first = sum(len(part.slots) for part in parts)
        parts.append(lock(unit.clause, first) if desk.flags.slots else Locked(unit.clause, ()))
    return parts


def parse_lines(reply: str, numbers: Sequence[int]) -> dict[int, str]:
    """The lines of a reply by unit; lines without a number continue the one before.

    A reply to a single line may come without a number.
    """
    found: dict[int, str] = {}
    current = numbers[0] if len(numbers) == 1 else -1
    for line in reply.strip().splitlines():
        match = _NUMBERED.match(line)
        if match and int(match["number"]) - 1 in numbers:
            current = int(match["number"]) - 1
            found.setdefault(current, "")
            found[current] = match["text"].strip()
        elif current >= 0 and line.strip():
            found[current] = f"{found.get(current, '')}{line.strip()}"
    return found


def _faults(
    plan: Plan, locked: Sequence[Locked], written: dict[int, str], asked: Sequence[int], past: Sequence[PastRef]
) -> dict[int, str]:
    faults = {}
    for index in asked:
        rendered = render(written.get(index, ""), locked[index].slots)
        fault = line_fault(rendered, locked[index], plan.units[index], plan, past)
        if fault:
            faults[index] = fault
    return faults


def _second(
    plan: Plan,
    locked: Sequence[Locked],
    written: dict[int, str],
    faults: dict[int, str],
    doc_type: str,
    desk: Desk,
    past: Sequence[PastRef],
) -> dict[int, str]:
    """A second request for the lines at fault; a new line is taken only where it is right now."""
    cases = [(index, locked[index].text, written.get(index, ""), fault) for index, fault in faults.items()]
    reply = parse_lines(desk.ask(repair_request(plan, cases, doc_type)).text, list(faults))
    return {
        index: line
        for index, line in reply.items()
        if not line_fault(render(line, locked[index].slots), locked[index], plan.units[index], plan, past)
    }


def _settled(
    plan: Plan, locked: Sequence[Locked], index: int, written: dict[int, str], faults: dict[int, str], desk: Desk
) -> str:
    unit = plan.units[index]
    if not unit.own:
        return unit.default
    if index in faults and desk.flags.fallback:
        desk.fallbacks += 1
        return unit.default
    text = render(written.get(index, ""), locked[index].slots).text.strip()
    whole = text if not text or text.endswith(("。", "！", "？")) else text.rstrip("，；、") + "。"
    return whole + unit.after


class LineStream:
    """Passes lines on as soon as they are whole, rendered: a sentence on the page is never half of one.

    A line whose number was not asked for is the model's invention and is passed over.
    """

    def __init__(
        self,
        locked: Sequence[Locked],
        numbers: Sequence[int],
        show: Callable[[int, str], None],
        opening: Callable[[int], str],
    ) -> None:
        self._slots = [slot for part in locked for slot in part.slots]
        self._numbers = frozenset(numbers)
        self._show, self._opening = show, opening
        self._line = ""

    def feed(self, piece: str) -> None:
        *whole, self._line = (self._line + piece).split("\n")
        for line in whole:
            self._pass_on(line)

    def finish(self) -> None:
        """The end of the reply."""
        self._pass_on(self._line)
        self._line = ""

    def _pass_on(self, line: str) -> None:
        match = _NUMBERED.match(line)
        index = int(match["number"]) - 1 if match else -1
        text = render(match["text"], self._slots).text.strip() if match and index in self._numbers else ""
        if text:
            self._show(index, self._opening(index) + text)
