"""Set phrases of doctrine, discipline and policy: a misspelt one is found without notes, from a reviewed list.

Spelling slips are one character changed or two neighbours exchanged; slips of number are a wrong numeral (三个维护). A
slogan that the writer's notes hold word for word is the writer's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.checks.prose import finding, paragraphs, sentences
from assistant.figures.lexicon import phrases, trie_pattern
from assistant.figures.numerals import parse_chinese
from assistant.records import Finding, Point, Span

_NUMERALS = "一二三四五六七八九十两双"
_QUOTED = re.compile(r"[“‘「\"]([^“”‘’「」\"\n]{2,12})[”’」\"]")
_ANCHOR = 4
_LOOSE = "的地得和与及了、“”"
"""Characters that may be there or not without the phrase being another."""


@dataclass(frozen=True, slots=True)
class SetPhrase:
    """A set phrase: its slips count only where one of the `cues` stands in the sentence, if there are any."""

    right: str
    cues: re.Pattern[str] | None
    variants: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Lists:
    short: tuple[SetPhrase, ...]
    long: tuple[SetPhrase, ...]
    typos: dict[str, str]


def check_phrases(text: str, points: Sequence[Point] = ()) -> list[Finding]:
    """One error per misspelt set phrase, with the right spelling as the suggestion.

    Args:
        text: the report.
        points: the notes; what stands in them word for word is not questioned.
    """
    noted = "\n".join(f"{point.text}\n{point.source}" for point in points)
    found: list[Finding] = []
    taken: list[Span] = []
    for paragraph in paragraphs(text):
        for sentence in sentences(paragraph):
            for start, end, right in _slips(sentence.content):
                span = sentence.span(start, end)
                if span.text in noted or any(span.start < t.end and t.start < span.end for t in taken):
                    continue
                taken.append(span)
                message = f"固定提法应为“{right}”，此处写成“{span.text}”。"
                found.append(finding("altered", "error", message, span, right))
    return [*found, *_sessions(text, noted)]


def _slips(sentence: str) -> Iterator[tuple[int, int, str]]:
    yield from _typos(sentence)
    yield from _quoted(sentence)
    yield from _unquoted(sentence)
    yield from _listed(sentence)
    for phrase in _lists().long:
        yield from _misspelt(sentence, phrase)


# ---- the lists --------------------------------------------------------------------------------------------------


@cache
def _lists() -> _Lists:
    sections: dict[str, list[list[str]]] = {}
    section = ""
    text = resources.files(__package__).joinpath("data", "set_phrases.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[] ")
        elif line.strip() and not line.startswith("#"):
            # The bar separates columns only where blanks stand beside it; inside cues it means "or".
            cells = [cell.strip() for cell in re.split(r"(?<=\s)\|(?=\s|$)", line)]
            sections.setdefault(section, []).append([*cells, "", ""])
    return _Lists(
        tuple(SetPhrase(c[0], re.compile(c[1]) if c[1] else None, frozenset(c[2].split())) for c in sections["short"]),
        tuple(SetPhrase(c[0], None, frozenset(c[1].split())) for c in sections["long"]),
        {wrong: c[0] for c in sections["typos"] for wrong in c[1].split()},
    )


@cache
def _known() -> frozenset[str]:
    """Everything that is spelt right: both lexicons and the variants."""
    lists = _lists()
    mine = {p.right for p in lists.short} | {v for p in (*lists.short, *lists.long) for v in p.variants}
    return frozenset(mine | set(phrases()))


@cache
def _typo_pattern() -> re.Pattern[str]:
    return re.compile(trie_pattern(_lists().typos))


@cache
def _twisted() -> dict[str, SetPhrase]:
    """Spellings with another numeral or with two neighbours exchanged, which are told without quotation marks too."""
    table: dict[str, SetPhrase] = {}
    for phrase in _lists().short:
        if len(phrase.right) >= 4:
            for wrong in (*_renumbered(phrase.right), *_exchanged(phrase.right)):
                if wrong not in _known():
                    table.setdefault(wrong, phrase)
    return table


@cache
def _twisted_pattern() -> re.Pattern[str]:
    return re.compile(trie_pattern(_twisted()))


def _renumbered(phrase: str) -> Iterator[str]:
    for index, char in enumerate(phrase):
        if char in _NUMERALS:
            yield from (phrase[:index] + other + phrase[index + 1 :] for other in _NUMERALS if other != char)


def _exchanged(phrase: str) -> Iterator[str]:
    for i in range(len(phrase) - 1):
        if phrase[i] != phrase[i + 1]:
            yield phrase[:i] + phrase[i + 1] + phrase[i] + phrase[i + 2 :]


# ---- the slips --------------------------------------------------------------------------------------------------


def _typos(sentence: str) -> Iterator[tuple[int, int, str]]:
    for match in _typo_pattern().finditer(sentence):
        yield match.start(), match.end(), _lists().typos[match.group()]


def _quoted(sentence: str) -> Iterator[tuple[int, int, str]]:
    for match in _QUOTED.finditer(sentence):
        token = match[1]
        if token in _known():
            continue
        rest = sentence[: match.start()] + sentence[match.end() :]
        for phrase in _lists().short:
            if _one_off(token, phrase.right) and (phrase.cues is None or phrase.cues.search(rest)):
                yield match.start(1), match.end(1), phrase.right
                break


def _unquoted(sentence: str) -> Iterator[tuple[int, int, str]]:
    for match in _twisted_pattern().finditer(sentence):
        phrase = _twisted()[match.group()]
        before = sentence[max(0, match.start() - 1) : match.start()]
        rest = sentence[: match.start()] + sentence[match.end() :]
        if before and before in _NUMERALS + "第百千零0123456789":
            continue
        if phrase.cues is None or phrase.cues.search(rest):
            yield match.start(), match.end(), phrase.right


_ITEMS = re.compile(
    r"((?:[\u4e00-\u9fff]{3,14}[、和]){2,}[\u4e00-\u9fff]{3,14})(?:等|这)?[“\"]([一二三四五六七八九十两])个([\u4e00-\u9fff]{2,3})[”\"]"
)


def _listed(sentence: str) -> Iterator[tuple[int, int, str]]:
    """道路自信、理论自信、制度自信、文化自信“三个自信”: the number differs from the names that share the word."""
    for match in _ITEMS.finditer(sentence):
        names, word = re.split(r"[、和]", match[1]), match[3]
        shared = [name for name in names if name.startswith(word) or name.endswith(word)]
        # The first name may have words of the sentence before it, so that only its end can tell.
        counted = len(names) if len(shared) >= len(names) - 1 and (len(shared) == len(names) or word in names[0]) else 0
        stated = parse_chinese(match[2])
        if counted >= 3 and stated is not None and counted != stated and counted <= 10:
            yield match.start(2), match.end(3), f"{_NUMERALS[counted - 1]}个{word}"


def _misspelt(sentence: str, phrase: SetPhrase) -> Iterator[tuple[int, int, str]]:
    """A long phrase of which the beginning or the end is right and the rest is one slip away."""
    right = phrase.right
    if right in sentence:
        return
    half = max(_ANCHOR, len(right) // 2)
    for anchor, ahead in ((right[:half], True), (right[-half:], False)):
        at = sentence.find(anchor)
        if at < 0:
            continue
        for length in (len(right), len(right) - 1, len(right) + 1):
            start = at if ahead else at + half - length
            piece = sentence[max(start, 0) : max(start, 0) + length]
            if start >= 0 and len(piece) == length and piece not in phrase.variants and _slipped(piece, right):
                yield start, start + length, right
                return


def _slipped(piece: str, right: str) -> bool:
    """One character away, with the ends alike: a phrase that goes on differently is another phrase."""
    if piece == right or (re.search(r"[，。；：\d]", piece) and "，" not in right):
        return False
    alike_ends = piece[:1] == right[:1] and piece[-1:] == right[-1:]
    if len(piece) == len(right):
        return (
            alike_ends
            and _one_off(piece, right)
            and not any(a != b and b in _LOOSE for a, b in zip(piece, right, strict=True))
        )
    long, short = (piece, right) if len(piece) > len(right) else (right, piece)
    extra = [long[i] for i in range(1, len(long) - 1) if long[:i] + long[i + 1 :] == short]
    return alike_ends and bool(extra) and extra[0] not in _LOOSE


def _one_off(token: str, right: str) -> bool:
    if len(token) != len(right) or token == right:
        return False
    places = [i for i, (a, b) in enumerate(zip(token, right, strict=True)) if a != b]
    if len(places) == 1:
        return not token[places[0]].isascii() and len(right) >= 4
    return len(places) == 2 and token in set(_exchanged(right))


# ---- sessions that the notes name -------------------------------------------------------------------------------

_SESSION = re.compile(r"([一二三四五六七八九十]+届)([一二三四五六七八九十]+)(中全会|次全会|次会议)")


def _sessions(text: str, noted: str) -> Iterator[Finding]:
    """The session of the notes named with another number (二十届四中全会 for 二十届三中全会)."""
    known = {match.group() for match in _SESSION.finditer(noted)}
    written = {match.group() for match in _SESSION.finditer(text)}
    for match in _SESSION.finditer(text):
        if match.group() in known:
            continue
        right = _sibling(match, known - written)
        if right:
            message = f"要点为“{right}”，此处写成“{match.group()}”。"
            yield finding("altered", "error", message, Span(match.start(), match.end(), match.group()), right)


def _sibling(match: re.Match[str], names: Iterable[str]) -> str | None:
    return next((n for n in sorted(names) if n.endswith(match[3]) and n.startswith(match[1])), None)
