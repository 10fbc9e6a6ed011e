"""The naive way, for comparison: three passages of past reports and the bullets in one prompt, free text.

Passages are found by shared character pairs, so that this runs without a library.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from assistant.llm import ChatModel, Message
from assistant.records import Brief, DraftSection, Hit, Passage, Section

_ASK = """你是机关文稿写作助手。请参考往年材料的写法，根据要点写出“{heading}”这一部分，{length}，只写正文。

往年材料：
{past}

要点：
{points}"""


def hits_of(section: Section, past: Sequence[Path], top: int = 3) -> list[Hit]:
    """The paragraphs of past documents that share most character pairs with a section's heading and points."""
    wanted = _pairs(section.heading + "".join(point.text for point in section.points))
    found = []
    for path in past:
        text = path.read_text(encoding="utf-8")
        start = 0
        for paragraph in text.split("\n"):
            if len(paragraph) >= 40:
                overlap = len(wanted & _pairs(paragraph)) / len(_pairs(paragraph)) ** 0.5
                found.append((overlap, path.stem, start, paragraph))
            start += len(paragraph) + 1
    best = sorted(found, key=lambda item: -item[0])[:top]
    return [
        Hit(rank, score, Passage(f"{name}:{at}", name, at, at + len(text), text), name, name)
        for rank, (score, name, at, text) in enumerate(best, 1)
    ]


def _pairs(text: str) -> set[str]:
    return {text[index : index + 2] for index in range(len(text) - 1)}


def naive_section(section: Section, brief: Brief, hits: Sequence[Hit], model: ChatModel, *, seed: int) -> DraftSection:
    """One section by one request with everything in it, as it comes; a heading without notes stays empty."""
    if not section.points:
        return DraftSection(section.heading, section.path, section.level, "", section.target_length)
    started = time.monotonic()
    length = f"约{section.target_length}字" if section.target_length else "篇幅适当"
    past = "\n".join(hit.passage.text[:500] for hit in hits) or "（无）"
    points = "\n".join(f"- {point.text}" for point in section.points)
    ask = _ASK.format(heading=section.heading, length=length, past=past, points=points)
    answer = model.complete([Message("user", ask)], max_tokens=900, temperature=0.3, seed=seed)
    text = answer.text.strip()
    seconds = time.monotonic() - started
    return DraftSection(
        section.heading, section.path, section.level, text, section.target_length, attempts=1, seconds=seconds,
        model_seconds=answer.seconds, usage=answer.usage,
    )  # fmt: skip
