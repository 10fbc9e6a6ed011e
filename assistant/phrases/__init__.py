"""Stock phrasing by topic: what may open a sentence and what may close it. A data file, written for this project.

Knows nothing about models. It serves three times: as suggestions in the prompt, as the vocabulary that text of the
model's own making is held against, and as the deterministic choice when that text fails.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

Tone = Literal["work", "problem", "plan"]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Openings and results that suit one bullet: those of its topics, and the general stock that fits anywhere."""

    leads: tuple[str, ...]
    tails: tuple[str, ...]
    general_leads: tuple[str, ...]
    general_tails: tuple[str, ...]


@cache
def _bank() -> dict[str, Any]:
    text = resources.files("assistant.phrases").joinpath("bank.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def suited(text: str, context: str, tone: Tone) -> Phrases:
    """Phrases for a bullet.

    Args:
        text: the bullet. A topic named in it counts more than one named in its context only.
        context: heading of the section and what else stands beside the bullet.
        tone: what the section does: report work, name problems, announce plans.
    """
    lead_key, tail_key = _KEYS[tone]
    topics = [topic for topic in _ranked(text, context) if topic.get(tail_key)][:2]
    generic = _bank()["generic"]
    return Phrases(
        tuple(phrase for topic in topics for phrase in topic.get(lead_key, ())),
        tuple(phrase for topic in topics for phrase in topic.get(tail_key, ())),
        tuple(generic[lead_key]),
        tuple(generic[tail_key]),
    )


def topic(text: str) -> str:
    """The topic a text speaks of most, by its first key; an empty string where the bank knows none."""
    ranked = _ranked(text, "")
    return str(ranked[0]["keys"][0]) if ranked else ""


def opening_results() -> tuple[str, ...]:
    """Results that close the first sentence of a whole report."""
    return tuple(_bank()["generic"]["opening_tail"])


def _ranked(text: str, context: str) -> list[dict[str, Any]]:
    text, context = _matter(text), _matter(context)
    scored = [(_score(topic["keys"], text, context), topic) for topic in _bank()["topic"]]
    best = max((score for score, _ in scored), default=0.0)
    kept = [pair for pair in scored if pair[0] > 0 and pair[0] >= 0.6 * best]
    return [topic for _, topic in sorted(kept, key=lambda pair: -pair[0])]


_KEYS: dict[Tone, tuple[str, str]] = {
    "work": ("lead", "tail"),
    "problem": ("problem_lead", "problem"),
    "plan": ("plan_lead", "plan_tail"),
}


def _matter(text: str) -> str:
    """What a text is about: without titles and quoted terms, and without the 项目 inside 96项目标任务."""
    return _NAMED.sub("", text).replace("项目标", "项，目标")


_NAMED = re.compile(r"《[^》]*》|“[^”]*”")


def _score(keys: Sequence[str], text: str, context: str) -> float:
    """Longer keys are more telling; an early mention in the bullet more than a late one."""
    score = 0.0
    for key in keys:
        at = text.find(key)
        if at >= 0:
            score += len(key) * (2.0 - 1.2 * min(at, 40) / 40)
        if key in context:
            score += 0.6 * len(key)
    return score


@cache
def vocabulary() -> frozenset[str]:
    """All character pairs of the bank: words that carry no fact."""
    pairs: set[str] = set()
    for phrase in _all_phrases():
        pairs.update(phrase[index : index + 2] for index in range(len(phrase) - 1))
    return frozenset(pairs)


def _all_phrases() -> list[str]:
    found: list[str] = []
    for group in (*_bank()["topic"], _bank()["generic"]):
        for name, phrases in group.items():
            if name != "keys":
                found += phrases
    return found
