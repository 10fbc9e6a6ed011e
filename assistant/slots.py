"""Figure slots: every figure becomes a mark that the model copies; rendering puts the surface back verbatim.

A mark is `{A}`, `{B}`, … `{Z}`, `{A2}`, …: short for a small model, and never part of a document, because marks that
stand in outside text are neutralised first. Knows nothing about prompts or models.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.brief.blanks import blank_spans
from assistant.figures import Figure, recognise

SlotKind = Literal["figure", "blank", "literal"]

_MARK = re.compile(r"\{([A-Z]\d{0,2})\}")
_MANGLED = re.compile(r"[{｛〔【\[(（<〈「]\s*([A-Z]\d{0,2})\s*[}｝〕】\])）>〉」]")
_STRAY = re.compile(r"[{｛][^{}｛｝\n]{0,12}[}｝]")
_CONTROL = re.compile(r"<\|[^|<>]{1,40}\|>|<<?/?SYS>>?|\[/?INST\]", re.IGNORECASE)
_FREE_KINDS = frozenset(("idiom", "enum", "indef", "period"))
_QUOTED_DIGITS = re.compile(r"“[^“”]*[0-9０-９][^“”]*”")
_LEFT_DIGITS = re.compile(r"[0-9０-９ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+(?:[.．·:：/—~～-][0-9０-９]+)*[%％‰类级]?")
_QUALIFIER = re.compile(r"(?:约|近|超|逾|超过|不足|第|前|达到|共)$")


@dataclass(frozen=True, slots=True)
class Slot:
    """A mark and what stands in its place in the final text.

    `source` is the surface in the notes, `before` and `after` what stands beside it there: what the notes say twice
    (3个个体户) is no doubled measure word.
    """

    mark: str
    surface: str
    kind: SlotKind = "figure"
    source: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Locked:
    """A text whose figures are marks, and the slots in their order."""

    text: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """Text with surfaces in place of marks, and what went wrong on the way."""

    text: str
    missing: tuple[Slot, ...] = ()
    doubled: tuple[Slot, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Every slot stands exactly once and no other mark does."""
        return not (self.missing or self.doubled or self.unknown)


def mark_name(index: int) -> str:
    """The name of the `index`-th slot: A … Z, A2 … Z2, A3 …"""
    letter, round_ = chr(ord("A") + index % 26), index // 26
    return letter if round_ == 0 else f"{letter}{round_ + 1}"


def neutralise(text: str) -> str:
    """Outside text without anything that looks like a slot mark or a control token of a chat template."""
    text = _CONTROL.sub("", text)
    return text.translate(str.maketrans("{}｛｝", "（）（）"))


def lock(text: str, first: int = 0) -> Locked:
    """Put marks in the place of figures, blanks and whatever already looks like a mark.

    Args:
        text: a bullet or the clause made of it.
        first: number of the first slot, so that marks stay unique over several texts.
    """
    parts: list[str] = []
    slots: list[Slot] = []
    end = 0
    for start, stop, kind in _spans(text):
        source = text[start:stop]
        surface = pending(source) if kind == "blank" else source
        mark = f"{{{mark_name(first + len(slots))}}}"
        slot = Slot(mark, surface, kind, source, text[max(0, start - 2) : start], text[stop : stop + 4])
        parts += [text[end:start], slot.mark]
        slots.append(slot)
        end = stop
    return Locked("".join(parts) + text[end:], tuple(slots))


def figure_spans(text: str) -> list[tuple[int, int]]:
    """Spans of everything in `text` that a model must not retype, in order and without overlap."""
    return [(start, stop) for start, stop, _ in _spans(text)]


def _spans(text: str) -> list[tuple[int, int, SlotKind]]:
    candidates: list[tuple[int, int, SlotKind]] = [(m.start(), m.end(), "literal") for m in _STRAY.finditer(text)]
    candidates += [(start, stop, "blank") for start, stop in blank_spans(text)]
    candidates += [(m.start(), m.end(), "figure") for m in _QUOTED_DIGITS.finditer(text)]
    candidates += [(figure.start, figure.end, "figure") for figure in recognise(text) if _locks(figure)]
    candidates += [(m.start(), m.end(), "figure") for m in _LEFT_DIGITS.finditer(text)]
    taken: list[tuple[int, int, SlotKind]] = []
    for start, stop, kind in candidates:
        if all(stop <= other[0] or start >= other[1] for other in taken):
            taken.append((start, stop, kind))
    return sorted(taken)


def _locks(figure: Figure) -> bool:
    if any(character.isdigit() and character.isascii() for character in figure.surface):
        return True
    return figure.kind not in _FREE_KINDS and figure.kind != "phrase"


def pending(blank: str) -> str:
    """What a gap of the notes becomes in the draft: `__期` -> 【待补：期数】."""
    if blank.startswith("【待补"):
        return blank
    measure = re.sub(r"[_＿×✕XxＸ?？\s（）()\[\]【】〔〕*]|待[补定][：:]?", "", blank)
    if not measure:
        return "【待补】"
    if measure[-1] in "%％‰点":
        return f"【待补：百分比（{measure}）】" if measure.endswith("点") else "【待补：百分比】"
    if measure.endswith("元"):
        return f"【待补：金额（{measure}）】"
    return f"【待补：{measure}数】"


def with_pending(text: str) -> str:
    """`text` with every gap as a visible 【待补：…】."""
    parts, end = [], 0
    for start, stop in blank_spans(text):
        parts += [text[end:start], pending(text[start:stop])]
        end = stop
    return "".join(parts) + text[end:]


def repair_marks(text: str) -> str:
    """Marks in other brackets or with spaces, as small models write them, in their right form."""
    return _MANGLED.sub(lambda match: f"{{{match[1]}}}", text)


def render(text: str, slots: Sequence[Slot]) -> Rendered:
    """Put the surfaces back.

    A mark that stands several times keeps its surface everywhere and is named in `doubled`; marks that no slot has are
    removed and named in `unknown`. A measure word or qualifier that the model wrote beside a mark is not doubled.
    """
    known = {slot.mark: slot for slot in slots}
    text = repair_marks(text)
    seen: Counter[str] = Counter(match.group() for match in _MARK.finditer(text))
    parts: list[str] = []
    end = 0
    for match in _MARK.finditer(text):
        before, slot = text[end : match.start()], known.get(match.group())
        parts.append(_trim_before(before, slot) if slot else before)
        end = match.end()
        if slot:
            parts.append(slot.surface)
            end += _doubled_unit(slot, text[end:])
    missing = tuple(slot for slot in slots if not seen[slot.mark])
    doubled = tuple(slot for slot in slots if seen[slot.mark] > 1)
    unknown = tuple(mark for mark in seen if mark not in known)
    return Rendered("".join(parts) + text[end:], missing, doubled, unknown)


def _trim_before(before: str, slot: Slot) -> str:
    """Drop a qualifier that the surface brings itself: 近 + 近30篇, 第 + 第3名."""
    match = _QUALIFIER.search(before)
    doubled = match is not None and slot.surface.startswith(match.group()) and not slot.before.endswith(match.group())
    return before[: match.start()] if match and doubled else before


def _doubled_unit(slot: Slot, following: str) -> int:
    """How many characters after the mark repeat the end of the surface (篇 in 近30篇篇, 以上 in 七成以上以上)."""
    tail = re.search(r"[一-龥（）%％‰]*$", slot.surface)
    unit = tail.group() if tail else ""
    for size in range(min(4, len(unit), len(following)), 0, -1):
        if following[:size] == unit[-size:] and not slot.after.startswith(following[:size]):
            return size
    return 0
