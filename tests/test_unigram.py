"""Cutting a text into pieces: the best way of all ways, unknown characters one by one."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from assistant.unigram import UNKNOWN_PENALTY, Unigram

PIECES = ("<unk>", "▁", "工作", "工", "作", "总结", "总", "作总", "工作总结报告", "a", "ab", "bc")
SCORES = (0.0, -2.0, -5.0, -7.5, -7.25, -5.5, -6.0, -9.0, -30.0, -4.0, -5.0, -3.0)


def _ways(text: str) -> Iterator[tuple[float, list[int]]]:
    """Every way to cut a text, with its score."""
    if not text:
        yield 0.0, []
    if text and text[0] not in PIECES:
        yield from ((min(SCORES) - UNKNOWN_PENALTY + score, [0, *rest]) for score, rest in _ways(text[1:]))
    for number, piece in enumerate(PIECES):
        if text.startswith(piece):
            yield from ((SCORES[number] + score, [number, *rest]) for score, rest in _ways(text[len(piece) :]))


def test_the_best_of_all_ways_is_found() -> None:
    unigram, chance = Unigram(PIECES, SCORES, 0), random.Random(1)
    for _ in range(300):
        text = "".join(chance.choice("▁工作总结报告abcz") for _ in range(chance.randrange(9)))
        found = unigram.tokens(text)
        best = max(score for score, _ in _ways(text))
        assert _score(text, found) == pytest.approx(best), text


def _score(text: str, tokens: list[int]) -> float:
    total, place = 0.0, 0
    for token in tokens:
        known = token != 0
        total += SCORES[token] if known else min(SCORES) - UNKNOWN_PENALTY
        assert not known or text.startswith(PIECES[token], place)
        place += len(PIECES[token]) if known else 1
    assert place == len(text)
    return total


def test_unknown_characters_count_one_by_one() -> None:
    unigram = Unigram(PIECES, SCORES, 0)
    assert unigram.tokens("㐀㐁总") == [0, 0, 6]
    assert unigram.tokens("") == []


def test_the_tokenizers_package_cuts_alike() -> None:
    tokenizers = pytest.importorskip("tokenizers")
    theirs = tokenizers.Tokenizer(tokenizers.models.Unigram(list(zip(PIECES, SCORES, strict=True)), unk_id=0))
    unigram, chance = Unigram(PIECES, SCORES, 0), random.Random(2)
    for _ in range(300):
        text = "".join(chance.choice("▁工作总a") for _ in range(chance.randrange(1, 30)))
        assert unigram.tokens(text) == theirs.encode(text, add_special_tokens=False).ids
