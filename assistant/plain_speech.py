"""Plain speech -> the terms that reports use: “钱不够” -> 财政收支矛盾, 资金紧张. Pure: one word list, no model.

The list (data/plain_speech.txt) was written by hand. Its terms are added to what is looked for, with little weight:
the writer's own words stay in front.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

GAP = r"[^，。；、,;\s]{0,4}?"
"""What a ~ in the list stands for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A plain phrase, its beginning (up to a gap), and its official terms."""

    phrase: str
    beginning: str
    terms: tuple[str, ...]


def official_terms(query: str) -> tuple[str, ...]:
    """Official terms for the plain phrases of a query, each once.

    A phrase inside a longer one that was found already is passed over; patterns with a gap may overlap others.
    """
    terms: dict[str, None] = {}
    taken: set[int] = set()
    for entry in _entries():
        # There are two thousand entries and nearly all are absent: most are told by this, without a pattern.
        if entry.beginning not in query:
            continue
        match = _pattern(entry.phrase).search(query)
        if match is None:
            continue
        if "~" not in entry.phrase:
            places = set(range(*match.span()))
            if places <= taken:
                continue
            taken |= places
        terms.update(dict.fromkeys(entry.terms))
    return tuple(terms)


@cache
def _entries() -> tuple[Entry, ...]:
    """All entries, longest phrase first."""
    text = (files("assistant") / "data" / "plain_speech.txt").read_text(encoding="utf-8")
    terms: dict[str, dict[str, None]] = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            phrases, _, names = line.partition("=")
            for phrase in phrases.split():
                terms.setdefault(phrase, {}).update(dict.fromkeys(names.split()))
    ordered = sorted(terms, key=lambda phrase: -len(phrase.replace("~", "")))
    return tuple(Entry(phrase, phrase.partition("~")[0], tuple(terms[phrase])) for phrase in ordered)


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(GAP.join(re.escape(part) for part in phrase.split("~")))
