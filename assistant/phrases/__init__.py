"""Stock phrasing by topic: what may open a sentence and what may close it. A data file, written for this project.

Knows nothing about models. It serves three times: as suggestions in the prompt, as the vocabulary that text of the
model's own making is held against, and as the deterministic choice when that text fails.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
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
    """Phrases that demonstrably fit a clause.

    Args:
        text: the clause. Its own topic counts before one named in its context only.
        context: heading of the section.
        tone: what the section does: report work, name problems, announce plans.
    """
    lead_key, tail_key = _KEYS[tone]
    topics = _ranked(text, context)[:2]
    last = text.split("；")[-1]  # what a result stands behind
    closing = _ranked(last, "")[:2] or topics
    near = f"{text} {context}"
    # a topic that only the heading has lends a phrase where the clause shares a word with it
    known = None if topic(text) or _BARE_FIGURE.match(text) else text
    generic = _bank()["generic"]
    return Phrases(
        _grounded((p for topic in topics for p in topic[lead_key]) if lead_key in _TOPICAL else (), near, known),
        _grounded((p for topic in closing for p in topic[tail_key]), near, known),
        tuple(generic[lead_key]),
        tuple(generic[tail_key]),
    )


def topic(text: str) -> str:
    """The topic a text speaks of most, by its first key; an empty string where the bank knows none."""
    ranked = _ranked(text, "")
    return str(ranked[0]["keys"][0]) if ranked else ""


def matter(text: str) -> str:
    """The name of the topic that a text speaks of most (理论学习); an empty string where one word alone points to it."""
    best = next(iter(_ranked(text, "")), None)
    if best is None:
        return ""
    name = str(best["name"])
    sure = len(set(name) & set(text)) >= _SURE or sum(key in text for key in best["keys"]) >= _SURE
    return name if sure else ""


def grounded(phrase: str, text: str) -> bool:
    """Whether every concrete word of a phrase (市场, 粮食, 学生 …) has something to hold on to in `text`."""
    needs: dict[str, list[str]] = _bank()["needs"]
    return all(
        word in text or any(evidence in text for evidence in evidences)
        for word, evidences in needs.items()
        if word in phrase
    )


def _grounded(phrases: Iterable[str], text: str, sharing: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p for p in phrases if grounded(p, text) and (sharing is None or _shares(p, sharing))))


def _shares(phrase: str, text: str) -> bool:
    return any(phrase[index : index + 2] in text for index in range(len(phrase) - 1))


@lru_cache(maxsize=2048)
def _ranked(text: str, context: str) -> tuple[dict[str, Any], ...]:
    """Topics that the text speaks of, best first; those of the context only where the text has none of its own."""
    text, context = _matter(text), _matter(context)
    label = _LABEL.match(text)
    if label and any(_strong(topic, label["name"]) for topic in _bank()["topic"]):
        text = label["name"]
    fitting = [topic for topic in _bank()["topic"] if not any(word in text for word in topic.get("unless", ()))]
    scored = [(_score(topic, text, context), topic) for topic in fitting]
    own = [
        (score, topic)
        for score, topic in scored
        if _strong(topic, text) or (_any_weak(topic, text) and (_strong(topic, context) or _any_weak(topic, context)))
    ]
    kept = own or [pair for pair in scored if _strong(pair[1], context)]
    best = max((score for score, _ in kept), default=0.0)
    return tuple(topic for score, topic in sorted(kept, key=lambda pair: -pair[0]) if score >= _RIVAL * best)


def _strong(topic: dict[str, Any], text: str) -> bool:
    return any(key in text for key in topic["keys"])


def _any_weak(topic: dict[str, Any], text: str) -> bool:
    return any(key in text for key in topic.get("weak", ()))


_BARE_FIGURE = re.compile(r"(?:全[年市县区省]|今年|累计|共)?[\d“]")  # 192件，其中…: its matter is the heading's
_SURE = 2  # characters of the name, or keys, that the text has
_RIVAL = 0.75  # a second topic must be nearly as much in the text as the first
_TOPICAL = ("lead", "plan_lead")  # weaknesses have openings of the general stock only
_KEYS: dict[Tone, tuple[str, str]] = {
    "work": ("lead", "tail"),
    "problem": ("problem_lead", "problem"),
    "plan": ("plan_lead", "plan_tail"),
}


def _matter(text: str) -> str:
    """What a text is about: without titles and quoted terms, and without the 项目 inside 96项目标任务."""
    return _NAMED.sub("", text).replace("项目标", "项，目标")


_LABEL = re.compile(r"^(?P<name>[^，；。]{1,10})方面，")  # says what a clause is about, whatever else it mentions
_NAMED = re.compile(r"《[^》]*》|“[^”]*”")


def _score(topic: dict[str, Any], text: str, context: str) -> float:
    """Longer keys are more telling; an early mention in the clause more than a late one."""
    score = 0.0
    for key in (*topic["keys"], *topic.get("weak", ())):
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
            if name not in ("name", "keys", "weak", "unless"):
                found += phrases
    return found
