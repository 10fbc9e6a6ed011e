"""Stock phrasing by topic: what may open a sentence and what may close it. A data file, written for this project.

Knows nothing about models. It serves three times: as suggestions in the prompt, as the vocabulary that text of the
model's own making is held against, and as the deterministic choice when that text fails.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

Tone = Literal["work", "problem", "plan"]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Openings and results that suit one bullet, the most specific first."""

    leads: tuple[str, ...]
    tails: tuple[str, ...]


@cache
def _bank() -> dict[str, Any]:
    text = resources.files("assistant.phrases").joinpath("bank.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def suited(text: str, heading: str, tone: Tone) -> Phrases:
    """Phrases for a bullet under a heading.

    Args:
        text: the bullet. A topic named in it counts more than one named in the heading only.
        heading: heading of the section.
        tone: what the section does: report work, name problems, announce plans.
    """
    ranked = sorted(_bank()["topic"], key=lambda topic: -_score(topic["keys"], text, heading))
    topics = [topic for topic in ranked if _score(topic["keys"], text, heading) > 0][:2]
    generic = _bank()["generic"]
    lead_key, tail_key = _KEYS[tone]
    leads = [phrase for topic in topics for phrase in topic.get(lead_key, ())]
    tails = [phrase for topic in topics for phrase in topic.get(tail_key, ())]
    return Phrases((*leads, *generic[lead_key]), (*tails, *generic[tail_key]))


def specific(text: str, heading: str, tone: Tone) -> int:
    """How many of the first phrases of `suited` come from a topic of this bullet rather than from the general stock."""
    return len(suited(text, heading, tone).tails) - len(_bank()["generic"][_KEYS[tone][1]])


_KEYS: dict[Tone, tuple[str, str]] = {
    "work": ("lead", "tail"),
    "problem": ("problem_lead", "problem"),
    "plan": ("plan_lead", "plan_tail"),
}


def _score(keys: Sequence[str], text: str, heading: str) -> float:
    """Longer keys are more telling; an early mention in the bullet more than a late one."""
    score = 0.0
    for key in keys:
        at = text.find(key)
        if at >= 0:
            score += len(key) * (2.0 - min(at, 40) / 40)
        if key in heading:
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
