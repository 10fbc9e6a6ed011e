"""Polishing: one section or a selection in, the same facts in better words out, sentence by sentence.

Figures, names and titles are slots; each new sentence is held against the old one, and where anything of substance
differs the old one stays. What is not a sentence (headings, tables, blank lines) is never touched, byte for byte.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.checks.fidelity import check_fidelity
from assistant.errors import InputError
from assistant.figures import recognise
from assistant.llm import ChatModel
from assistant.mask import mask
from assistant.plain.words import formal_words
from assistant.prompts import load
from assistant.records import Finding, Point, Span
from assistant.slots import Locked, Slot, figure_spans, mark_name, neutralise, render
from assistant.verify import check_points, pairs, says_nothing_new

MODES = ("规范", "精简", "扩写", "生动")
_AIMS = {
    "规范": "用语规范、书面，去掉口语",
    "精简": "更简洁，去掉重复和空话，不丢内容",
    "扩写": "把意思说得更充分，只说原句已有的内容",
    "生动": "更流畅、更有力，仍是公文语气",
}
_REASONS = {"规范": "用语更规范", "精简": "表述更简洁", "扩写": "意思更充分", "生动": "表述更流畅有力"}
_LENGTHS = {"规范": (0.6, 1.5), "精简": (0.35, 1.0), "扩写": (1.0, 2.4), "生动": (0.6, 1.7)}
_KEPT = {"规范": 0.6, "精简": 0.4, "扩写": 0.7, "生动": 0.5}
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?[”’）》]?")
_PROTECTED = re.compile(r"《[^》\n]*》|“[^”\n]*”|‘[^’\n]*’|【[^】\n]*】|〔[^〕\n]*〕|\[\^?\d+\]")
_NOT_PROSE = re.compile(
    r"^\s*(?:#|\||>|```|[-*]\s|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])"
)
_NEGATION = re.compile(r"(?<![进有])[不未没无非勿莫](?![断仅但足同])")
_TURNS = (
    re.compile(r"增长|增加|提高|提升|上升|扩大|新增"),
    re.compile(r"下降|减少|降低|压减|回落|缩短|缩减"),
    re.compile(r"同比|环比|较上年|比上年|比去年"),
    re.compile(r"计划|拟|将|力争|预计|争取"),
    re.compile(r"完成|建成|实现|办结|已"),
    re.compile(r"以上|不低于|至少"),
    re.compile(r"以内|以下|不超过"),
    re.compile(r"其中"),
    re.compile(r"全[国省市县区镇年]|本[市县区年]"),
)
_SHORTEST = 12
_ENUMERATOR = re.compile(
    r"^\s*(?:[一二三四五六七八九十]是|[一二三四五六七八九十]要|首先|其次|第[一二三四五六七八九十][，、]|\d{1,2}[.．、])"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One changed sentence: `text[start:end] == before` in the text that was given."""

    before: str
    after: str
    reason: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PolishResult:
    """The whole text before and after, what changed, and what a check has to say about it."""

    before: str
    after: str
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()

    def accept(self, chosen: Sequence[int]) -> str:
        """The text with only the chosen changes made (indexes into `changes`)."""
        return apply(self.before, [change for index, change in enumerate(self.changes) if index in set(chosen)])


def apply(text: str, changes: Sequence[Change]) -> str:
    """`text` with the changes made; everything outside them stays byte for byte."""
    parts, end = [], 0
    for change in sorted(changes, key=lambda change: change.start):
        parts += [text[end : change.start], change.after]
        end = change.end
    return "".join(parts) + text[end:]


def polish(
    text: str,
    mode: str,
    instruction: str,
    model: ChatModel,
    *,
    points: Sequence[Point] = (),
    on_text: Callable[[str], None] | None = None,
    cancel: threading.Event | None = None,
    in_place: bool = False,
    seed: int | None = None,
) -> PolishResult:
    """Better wording of a text with its facts locked.

    Args:
        text: a section or a selection, with or without notes behind it.
        mode: one of MODES; an empty mode means 规范.
        instruction: what the writer wants besides.
        points: the notes, where there are any; findings are then about them too.
        on_text: receives the new text as it grows.
        cancel: set it to stop.
        in_place: every sentence stays one sentence.
        seed: makes the run repeatable on the embedded model.

    Raises:
        InputError: nothing to polish, or an unknown mode.
        ModelError: the model failed.
    """
    mode = mode or "规范"
    if mode not in MODES:
        raise InputError(f"没有“{mode}”这种润色方式：可选{'、'.join(MODES)}。")
    if not text.strip():
        raise InputError("没有可以润色的文字：请先选中或粘贴一段。")
    editor = _Editor(mode, instruction, model, cancel, seed, in_place)
    changes: list[Change] = []
    end = 0
    for start, stop in sentences(text):
        change = editor.sentence(text, start, stop)
        if on_text is not None:
            on_text(text[end:start] + (change.after if change else text[start:stop]))
        changes += [change] if change else []
        end = stop
    if on_text is not None and end < len(text):
        on_text(text[end:])
    after = apply(text, changes)
    return PolishResult(text, after, tuple(changes), tuple(_findings(text, after, points, editor)))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of running prose; headings, tables, lists and short lines are left out."""
    at = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        prose = len(body) >= _SHORTEST and (not _NOT_PROSE.match(body) or body.rstrip().endswith("。"))
        if prose and not body.lstrip().startswith(("#", "|")):
            for match in _SENTENCE.finditer(body):
                lead = len(match.group()) - len(match.group().lstrip())
                if len(match.group().strip()) >= _SHORTEST:
                    yield at + match.start() + lead, at + match.end()
        at += len(line)


class _Editor:
    """Rewrites one sentence at a time and judges the result."""

    def __init__(
        self,
        mode: str,
        instruction: str,
        model: ChatModel,
        cancel: threading.Event | None,
        seed: int | None,
        in_place: bool,
    ) -> None:
        self.mode, self.instruction, self.model = mode, instruction, model
        self.cancel, self.seed, self.in_place = cancel, seed, in_place
        self.kept: list[tuple[int, int, str]] = []

    def sentence(self, text: str, start: int, stop: int) -> Change | None:
        """The change to `text[start:stop]`, or None where the old sentence stays."""
        old = text[start:stop]
        head = _ENUMERATOR.match(old)
        fixed = head.group() if head else ""
        new, fault = self._rewritten(old[len(fixed) :])
        reason = _REASONS[self.mode]
        if fault:
            self.kept.append((start, stop, fault))
            new = _by_rules(old[len(fixed) :]) if self.mode == "规范" else ""
            reason = "口语改为书面语"
            if new and substance_fault(old[len(fixed) :], new, "规范"):
                new = ""
        if not new or new == old[len(fixed) :]:
            return None
        return Change(old, fixed + new, reason, start, stop)

    def _rewritten(self, old: str) -> tuple[str, str]:
        locked = lock_all(old)
        values = {
            "aim": _AIMS[self.mode],
            "instruction": neutralise(self.instruction).replace("\n", " ").strip() or "无",
            "sentence": locked.text,
        }
        completion = self.model.complete(
            load("polish").fill(values),
            max_tokens=min(600, 60 + 3 * len(old)),
            temperature=0.3,
            seed=self.seed,
            stop=("\n",),
            grammar=_grammar(locked) if self.model.supports_grammar else None,
            repeat_penalty=1.05,
            cancel=self.cancel,
        )
        rendered = render(completion.text.strip(), locked.slots)
        new = _like(old, rendered.text.strip())
        if not rendered.is_whole:
            return "", "数字或名称没有照抄"
        if completion.truncated:
            return "", "没有写完"
        return new, substance_fault(old, new, self.mode, in_place=self.in_place)


def lock_all(text: str) -> Locked:
    """Figures, titles, quoted terms and names as slots: nothing of them is in the model's hands."""
    spans = [(m.start(), m.end()) for m in _PROTECTED.finditer(text)]
    for start, stop in [*((s.start, s.end) for s in mask(text).spans), *figure_spans(text)]:
        if all(stop <= a or start >= b for a, b in spans):
            spans.append((start, stop))
    parts: list[str] = []
    slots: list[Slot] = []
    end = 0
    for start, stop in sorted(spans):
        slot = Slot(
            f"{{{mark_name(len(slots))}}}",
            text[start:stop],
            "figure",
            text[start:stop],
            text[max(0, start - 2) : start],
            text[stop : stop + 4],
        )
        parts += [neutralise(text[end:start]), slot.mark]
        slots.append(slot)
        end = stop
    return Locked("".join(parts) + neutralise(text[end:]), tuple(slots))


def _grammar(locked: Locked) -> str:
    """GBNF: the slots once each in their order, no digits and no marks between them."""
    between = r"[^{}0-9A-Za-z０-９\n\r*#`_<>|\[\]]"
    marks = [f'"{slot.mark}"' for slot in locked.slots]
    return f"root ::= {' '.join(['t', *(part for mark in marks for part in (mark, 't'))])}\nt ::= {between}*"


def _like(old: str, new: str) -> str:
    """The new sentence with the end mark and the white space of the old one."""
    mark = re.search(r"[。！？；]?[”’）》]?\s*$", old)
    return new.rstrip("。！？；，、 ") + (mark.group() if mark else "")


def _by_rules(sentence: str) -> str:
    held = [(m.start(), m.end()) for m in _PROTECTED.finditer(sentence)]
    return sentence if held else formal_words(sentence)


# How a figure moved, and against what: 增加 beside an amount is not 增长 beside a rate, and none may come or go.
_MOVES = re.compile(r"增长|增加|上升|提高|下降|减少|降低|回落|同比|环比")
# A model likes to put a second unit behind a locked figure (9.9%个百分点, 百分之十点二%).
_UNITS = re.compile(r"[%％‰]|百分点|百分之|[万亿]?[元吨亩]|倍|成(?=[，。；、])")


def substance_fault(old: str, new: str, mode: str, *, in_place: bool = False) -> str:
    """What of substance differs between two wordings of a sentence, or an empty string.

    Args:
        old: the sentence as it was.
        new: the sentence as it would be.
        mode: how far lengths and words may go apart.
        in_place: a second sentence in the new wording is a fault.
    """
    low, high = _LENGTHS[mode]
    if not low * len(old) <= len(new) <= high * len(old) + 6:
        return "长短变化过大"
    if _figures(old) != _figures(new):
        return "数字有变化"
    if Counter(_UNITS.findall(old)) != Counter(_UNITS.findall(new)):
        return "单位有变化"
    if any(Counter(rule.findall(old)) != Counter(rule.findall(new)) for rule in (_NEGATION, _PROTECTED)):
        return "否定或名称有变化"
    if Counter(_MOVES.findall(old)) != Counter(_MOVES.findall(new)):
        return "增减、同比的说法有变化"
    if any(bool(rule.search(old)) != bool(rule.search(new)) for rule in _TURNS):
        return "增减、时态或范围有变化"
    if in_place and len(re.findall(r"[。！？]", new)) > len(re.findall(r"[。！？]", old)):
        return "一句变成了几句"
    if not says_nothing_new(new.rstrip("。！？；"), old) or "\n" in new:
        return "写了原句没有的内容"
    if len(pairs(old) & pairs(new)) < _KEPT[mode] * len(pairs(old)):
        return "原句的内容没有写全"
    if any(finding.severity == "error" for finding in check_fidelity(new, [Point(old, 1)])):
        return "数字与所指不一致"
    return ""


def _figures(text: str) -> list[str]:
    return [figure.surface for figure in recognise(text) if figure.kind not in ("idiom", "indef", "enum")]


def _findings(before: str, after: str, points: Sequence[Point], editor: _Editor) -> Iterator[Finding]:
    for start, stop, fault in editor.kept:
        message = f"这一句保留原样：改写后{fault}。"
        yield Finding("polish", "info", message, Span(start, stop, before[start:stop]))
    if points:
        yield from check_points(after, points)
