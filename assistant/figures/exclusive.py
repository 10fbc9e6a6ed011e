"""Terms that exclude one another inside one indicator (data/exclusive.txt), found in a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache

from assistant.figures.lexicon import exclusive_groups, trie_pattern


@cache
def _terms() -> dict[str, list[tuple[int, int]]]:
    """Term -> its groups and which of the group's meanings it names."""
    table: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for group, meanings in enumerate(exclusive_groups()):
        for meaning, names in enumerate(meanings):
            for name in names:
                table[name].append((group, meaning))
    return table


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(trie_pattern(_terms()))


@cache
def _inside(term: str) -> list[tuple[int, int, str]]:
    """Group, meaning and name of the terms inside `term`; of one group only the longest (党员干部 is no 党员)."""
    found: list[tuple[int, int, str]] = []
    for size in range(len(term), 0, -1):
        for start in range(len(term) - size + 1):
            name = term[start : start + size]
            for group, meaning in _terms().get(name, ()):
                if not any(group == other and name in longer for other, _, longer in found):
                    found.append((group, meaning, name))
    return found


@lru_cache(maxsize=4096)
def exclusive_terms(text: str) -> Mapping[int, Mapping[int, str]]:
    """The terms of `text` by group and meaning; terms of one meaning are one entry."""
    result: dict[int, dict[int, str]] = defaultdict(dict)
    for match in _pattern().finditer(text):
        for group, meaning, name in _inside(match[0]):
            result[group].setdefault(meaning, name)
    return dict(result)
