"""What a reader sees without knowing the notes: repetition, length, chat and Markdown remnants, counts that disagree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from eval.scoring.text import bigrams, sentences, squeeze

REPEATED = 15
"""A sentence of this many characters or more must not come twice."""
TOLERANCE = 0.2
"""How far a section may be from its target length."""
CLAUSE = 8
"""A clause of this many characters that comes again is a stock phrase used twice."""
_CLAUSES = re.compile(r"[^，。；：！？、\n]+")
_REMNANTS = re.compile(
    r"^(?:好的|当然|没问题|以下是|下面是|根据您|根据你)|作为(?:一个|一名)?(?:AI|人工智能|语言模型)|希望(?:以上|这|对您|能帮)|如需(?:进一步|修改)|"
    r"请(?:注意|根据)(?:以上|需要)|\*\*|__[^_\s]|```|<\|[a-z_]+\|>|</?(?:script|img|div|p|br|b|i|a|h\d)\b|^\s*[-*•]\s|^\s*#{1,6}\s|^\|.*\|$|"
    r"\[(?:数字|具体|XX|填写)[^\]]*\]|\{\{?[\w:]+\}?\}|⟦[^⟧]*⟧|\]\([A-Za-z/.#][^)）\s]*[)）]|«[^»]{0,12}»|（此处|（略）|TODO|字数[:：]\d",
    re.MULTILINE,
)
_MASK = re.compile(r"〔(?![\d〇零一二三四五六七八九]+〕)[^〔〕\n]{1,6}〕")
"""A mark in the place of a past fact (〔数〕); 〔2024〕 is the year of a document number."""
_CLAIM = re.compile(
    r"(?:从|以下|主要有|突出|抓好|做到|存在|采取)[^。；\d]{0,10}?([二两三四五六七八九])(?:个方面|项(?:措施|举措|工作|重点)|点|大问题|个问题)"
)
_ITEMS = re.compile(
    r"([一二三四五六七八九])是|第([一二三四五六七八九])[，、]|其([一二三四五六七八九])[，、]|（([一二三四五六七八九])）"
)
_DIGIT = {name: index for index, name in enumerate("零一二三四五六七八九")} | {"两": 2}


def repeated_sentences(texts: Iterable[str]) -> list[str]:
    """Sentences of 15 characters or more that come again, once for each time too many."""
    pieces = [squeeze(text[a:b]).rstrip("。；！？;") for text in texts for a, b in sentences(text)]
    counts = Counter(piece for piece in pieces if len(piece) >= REPEATED)
    return [piece for piece, count in counts.items() for _ in range(count - 1)]


def clauses(text: str) -> list[str]:
    """Pieces between any two marks, without white space."""
    return [piece for match in _CLAUSES.finditer(text) if (piece := squeeze(match[0]))]


def repeated_clauses(texts: Iterable[str]) -> list[str]:
    """Clauses of 8 characters or more that come again, once for each time too many."""
    counts = Counter(piece for text in texts for piece in clauses(text) if len(piece) >= CLAUSE)
    return [piece for piece, count in counts.items() for _ in range(count - 1)]


def padding(text: str, notes: str) -> int:
    """Characters in clauses that share not one pair of characters with the notes: what the draft adds of its own."""
    known = bigrams(notes)
    return sum(len(piece) for piece in clauses(text) if len(piece) >= 4 and not bigrams(piece) & known)


def remnants(text: str) -> list[str]:
    """Pieces that belong to a chat, to Markdown or to the inner workings and not into a report."""
    return [*(match[0].strip() for match in _REMNANTS.finditer(text)), *mask_marks(text)]


def mask_marks(text: str) -> list[str]:
    """Marks of masked past passages: a leftover, although it names no value."""
    return _MASK.findall(text)


def within_target(length: int, target: int) -> bool:
    """Whether a length is within a fifth of its target."""
    return abs(length - target) <= TOLERANCE * target


def wrong_counts(text: str) -> list[str]:
    """Announced counts (三个方面) followed by another number of 一是…二是….

    A claim without any list behind it is left alone: the list may be the sub-sections.
    """
    wrong = []
    for claim in _CLAIM.finditer(text):
        named = [next(filter(None, match.groups())) for match in _ITEMS.finditer(text, claim.end())]
        items = max((_DIGIT[name] for name in named), default=0)
        if items and items != _DIGIT[claim[1]]:
            wrong.append(f"{claim[0]}，实列{items}项")
    return wrong
