"""Reviewed word lists beside this module (data/*.txt) and the regular expressions made of them. Read once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: figures compare by value inside one `family`; `factor` leads to the family's base."""

    name: str
    family: str
    factor: Fraction


def _lines(name: str) -> list[str]:
    text = resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


@cache
def units() -> dict[str, Unit]:
    """Surface -> unit, percent signs and points included."""
    table = {
        "%": Unit("%", "ratio", Fraction(1, 100)),
        "‰": Unit("‰", "permille", Fraction(1, 1000)),
        "个百分点": Unit("百分点", "pp", Fraction(1)),
        "百分点": Unit("百分点", "pp", Fraction(1)),
        "pct": Unit("百分点", "pp", Fraction(1)),
        "pp": Unit("百分点", "pp", Fraction(1)),
        "个点": Unit("百分点", "pp", Fraction(1)),
        "个基点": Unit("百分点", "pp", Fraction(1, 100)),
        "基点": Unit("百分点", "pp", Fraction(1, 100)),
        "倍": Unit("倍", "mult", Fraction(1)),
    }
    for line in _lines("units.txt"):
        name, family, factor, surfaces = (part.strip() for part in line.split("|"))
        for surface in surfaces.split():
            table[surface.replace("（", "(").replace("）", ")")] = Unit(name, family, Fraction(factor))
    return table


@cache
def family_of(unit: str) -> str:
    """Family of a canonical unit name; composite units (微克/立方米) and unknown ones are their own family."""
    for entry in units().values():
        if entry.name == unit:
            return entry.family
    return unit


@cache
def phrases() -> dict[str, str]:
    """Set phrase -> class (doctrine, general, code)."""
    table: dict[str, str] = {}
    section = "general"
    for line in _lines("phrases.txt"):
        if line.startswith("["):
            section = line.strip("[]")
            continue
        for phrase in line.split():
            table.setdefault(phrase, section)
    return table


@cache
def idioms() -> frozenset[str]:
    """Words that hold a numeral sign but state no figure."""
    return frozenset(word for line in _lines("idioms.txt") for word in line.split())


@cache
def aliases() -> tuple[tuple[str, str], ...]:
    """Clerks' abbreviations with their full forms, longest first."""
    pairs = [tuple(part.strip() for part in line.split("|")) for line in _lines("aliases.txt")]
    return tuple(sorted(((a, b) for a, b in pairs if a != b), key=lambda pair: -len(pair[0])))


@cache
def count_nouns() -> tuple[str, ...]:
    """Nouns that a declared count announces a list with, longest first."""
    return tuple(sorted({word for line in _lines("count_nouns.txt") for word in line.split()}, key=lambda w: -len(w)))


def trie_pattern(words: Iterable[str]) -> str:
    """A regular expression that matches the longest of `words` and tries few branches at each position."""
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branch(tree)


def _branch(node: dict) -> str:  # type: ignore[type-arg]
    parts = []
    for char, below in sorted(node.items()):
        if char:
            parts.append(re.escape(char) + _branch(below))
    if not parts:
        return ""
    body = "(?:" + "|".join(parts) + ")" if len(parts) > 1 else parts[0]
    if "" not in node:
        return body
    return f"(?:{body})?"


@cache
def template_of(phrase: str) -> str:
    """The phrase with every numeral sign replaced, so that corrupted spellings meet the right one."""
    return re.sub(r"[\d零一二三四五六七八九十百千万两]", "#", phrase)


@cache
def exclusive_groups() -> tuple[tuple[frozenset[str], ...], ...]:
    """Groups of terms that exclude one another inside one indicator; a frozenset holds terms of one meaning."""
    return tuple(tuple(frozenset(term.split("=")) for term in line.split()) for line in _lines("exclusive.txt"))
