"""What a query asks for: its words, official terms for plain speech, functions of passages. Pure: knows no library."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.functions import asked_functions, without_carriers
from assistant.lexical import grams
from assistant.plain_speech import official_terms

TERM_WEIGHT = 0.2
"""Weight of the bigrams of added terms against those of the writer's own words."""

_RUN = re.compile(r"[一-鿿]+|[A-Za-z][A-Za-z0-9.+-]*")


@dataclass(frozen=True, slots=True)
class Query:
    """A query as understood. `text` is what the vectors see, `weights` what the text index looks for;
    `is_section` tells a heading with bullets from a typed query."""

    text: str
    weights: dict[int, float]
    terms: tuple[str, ...]
    functions: tuple[str, ...]
    is_section: bool = False


def understand(text: str) -> Query:
    """Understand a topic, a paraphrase in plain words, a heading with bullets, or a wish for a function.

    Headings with bullets come from the notes: they are in official language and name no function.
    """
    is_section = "\n" in text.strip()
    terms = () if is_section else official_terms(text)
    weights = dict.fromkeys(grams(without_carriers(text)).tolist(), 1.0)
    for term in terms:
        for code in grams(term).tolist():
            weights.setdefault(code, TERM_WEIGHT)
    return Query(text, weights, terms, asked_functions(text), is_section)


def matched_spans(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """Stretches of a passage that it shares with the query or its added terms: two characters or more, or a word."""
    pairs, words = _wanted(" ".join((without_carriers(query.text), *query.terms)))
    spans: list[tuple[int, int]] = []
    for start in range(len(text) - 1):
        if text[start : start + 2] in pairs:
            if spans and spans[-1][1] >= start:
                spans[-1] = (spans[-1][0], start + 2)
            else:
                spans.append((start, start + 2))
    spans.extend(match.span() for match in _RUN.finditer(text) if match.group().lower() in words)
    return tuple(sorted(spans))


def _wanted(text: str) -> tuple[set[str], set[str]]:
    """Pairs of characters and Latin words of a text."""
    pairs: set[str] = set()
    words: set[str] = set()
    for run in _RUN.findall(text):
        if run[0] < "一":
            words.add(run.lower())
        else:
            pairs.update(run[at : at + 2] for at in range(len(run) - 1))
    return pairs, words
