"""The heading tree of a Chinese report: 一、 （一） 1. （1） 第一， 一是, declared styles, short lines of their own.

A heading is a span of the text: a whole line, the first sentence of a paragraph it is glued to, or the same in the
middle of a line where line breaks were lost. Levels follow the order in which numbers nest in this document, so that
一、 with 1. directly below it gives 1 and 2.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.records import Heading
from assistant.structure.markers import (
    ARABIC,
    ARABIC_BRACKETED,
    BRACKETED,
    CHINESE,
    ITEM,
    ORDINAL,
    Marker,
    marker_at,
)
from assistant.structure.opening import body_line

_UNNUMBERED = 0
_SENTENCE_END = re.compile(r"[。！？!?]")
_TERMINAL = "。！？；，、：:;,!?…—"
_ENDED = frozenset("。！？：:；”）)!")
_MAX_ALONE = 60
_MAX_UNNUMBERED = 45
_MAX_ALONE_UNENDED = 100
"""A line of its own that does not end like a sentence may be a long heading, as in reports of the 1980s."""
_MAX_GLUED = {CHINESE: 45, BRACKETED: 50, ARABIC: 36, ORDINAL: 32, ITEM: 32}
_MIN_REST = 12
_LONG_LINE = 300
_SALUTATION = re.compile(r"^(?:尊敬的)?(?:各位|同志们|女士们|朋友们|现在，|我代表|我受)")
_SPEAKER = re.compile(
    r"(?:省长|市长|县长|区长|州长|主席|总理|主任|书记|局长|院长|检察长)\s*[\u4e00-\u9fff]\s?[\u4e00-\u9fff]{1,2}$"
)
_DATE = re.compile(
    r"^[（(]?[\d〇○零一二三四五六七八九十]{4}年[\d一二三四五六七八九十]{1,2}月(?:[\d一二三四五六七八九十]{1,3}日)?[)）]?$"
)
_GLOSSARY = re.compile(
    r"^[※*\[【（(]?\s*(?:附[：:]?\s*)?(?:《[^》]*》)?(?:有关|部分|相关)?(?:名词|短语|词语|术语)(?:解释|说明|注释)"
)
_MAJOR = re.compile(
    r"(?:回顾|总结|任务|安排|打算|要求|目标|建议|工作|建设|重点|思路|情况|意见|措施|问题|不足|结束语|结语|前言|引言|"
    r"附件\d*|"
    r"说明|解释|实事)$"
)
_TAIL = re.compile(r"^(?:结束语|结语|附件\d*$|附[：:]|附录)")
_LEAF = re.compile(r"^(?:前\s?言|引\s?言|结\s?语|结束语)$")
"""Parts beside the numbered ones, with nothing below them."""
_APPENDIX = re.compile(r"^附件\s*[\d一二三四五六七八九十]*[：:]?$")
_LOST_BREAK = re.compile(
    r"(?P<heading>[^，。；！？、]{2,30}?(?:回顾|总结|任务|安排|打算|要求|目标|情况|意见|措施|建议|工作|问题|不足))"
    r"(?=(?:刚刚过去|过去(?:的|一年|五年)|(?:19|20)\d\d年(?:是|，|,|以来|，?在)|一年来|新世纪|[二三四五]年来|"
    r"今年(?:是|以来|，)|"
    r"当前，|[省市县区]第?[一二三四五六七八九十\d]{1,3}届|各位代表|同志们|在.{2,16}领导下))"
)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A stretch that may begin with a heading: a line, or a part of a line at which a lost break shows."""

    line: int
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    unit: _Unit
    kind: int
    ordinal: int
    end: int
    is_heading: bool
    declared: int | None = None

    @property
    def glued(self) -> bool:
        return len(self.unit.text) - self.end > 1


@dataclass(frozen=True, slots=True)
class _Open:
    """A heading whose section is open while levels are given out."""

    rank: float
    numbered: bool


@dataclass(slots=True)
class _ChineseRuns:
    """Runs of 一、 within runs of 一、: some reports number the tasks below 二、 with 一、 again."""

    outer: int = 0
    inner: int = 0
    seen: set[str] = field(default_factory=set)

    def rank(self, candidate: _Candidate, text: str, led: bool, outermost: int) -> float:
        """2 for the main run, 2.5 for one inside it, 3.25 where （一） is the main run."""
        if outermost == BRACKETED:
            return BRACKETED + 0.25
        heading = candidate.unit.text[: candidate.end].strip()
        restarts = candidate.ordinal == 1 and self.outer >= 1 and not led and heading not in self.seen
        self.seen.add(heading)
        if restarts or (self.inner and candidate.ordinal == self.inner + 1):
            self.inner = candidate.ordinal
            return CHINESE + 0.5
        self.outer, self.inner = candidate.ordinal, 0
        return float(CHINESE)


def find_headings(
    text: str, hints: Mapping[int, int] | None = None, plain: Collection[int] = ()
) -> tuple[Heading, ...]:
    """All headings in order.

    Args:
        text: one paragraph a line.
        hints: levels declared by the file, by line number; 0 marks the title.
        plain: numbers of lines that hold no headings.
    """
    hints = hints or {}
    lines = text.split("\n")
    first = body_line(lines)
    units = [unit for unit in _units(lines) if unit.line >= first or hints.get(unit.line)]
    candidates = list(_candidates(units, hints, set(plain) | _glossary_lines(lines)))
    kept = [found for found in _voted(_without_lists(candidates)) if found.is_heading]
    return tuple(_levelled(text, kept))


def _units(lines: Sequence[str]) -> Iterator[_Unit]:
    start = 0
    for number, line in enumerate(lines):
        cuts = _lost_breaks(line) if len(line) > _LONG_LINE else []
        for left, right in zip([0, *cuts], [*cuts, len(line)], strict=True):
            yield _Unit(number, start + left, line[left:right])
        start += len(line) + 1


def _lost_breaks(line: str) -> list[int]:
    """Places inside a line where numbered sections follow each other without line breaks.

    A list inside a sentence is no such place: each part must be long and begin with a short sentence of its own.
    """
    found = [
        (match.end(), marker)
        for match in re.finditer(r"[。！？；”）)](?=[（(]?[一二三四五六七八九十]{1,3}[、)）])", line)
        if (marker := marker_at(line, match.end())) and marker.kind in (CHINESE, BRACKETED)
    ]
    cuts: list[int] = []
    ends = [*(position for position, _ in found[1:]), len(line)]
    for (position, marker), following in zip(found, ends, strict=False):
        ending = _SENTENCE_END.search(line, marker.end)
        if ending and ending.start() - marker.end <= _MAX_GLUED[marker.kind] and following - position > 80:
            cuts.append(position)
    return cuts


def _glossary_lines(lines: Sequence[str]) -> set[int]:
    """Lines of an appended list of terms: its numbers are no headings."""
    for number, line in enumerate(lines):
        if number > len(lines) * 0.3 and len(line) <= 40 and _GLOSSARY.match(line):
            after = range(number + 1, len(lines))
            return set(range(number + 1, next((later for later in after if _APPENDIX.match(lines[later])), len(lines))))
    return set()


def _candidates(units: Sequence[_Unit], hints: Mapping[int, int], plain: Collection[int]) -> Iterator[_Candidate]:
    accepted = -1
    for index, unit in enumerate(units):
        following = units[index + 1].text if index + 1 < len(units) else ""
        broken = 0 < index != accepted + 1 and units[index - 1].text.rstrip()[-1:] not in _ENDED
        declared = hints.get(unit.line)
        if unit.line in plain or declared == 0 or not unit.text.strip():
            continue
        marker = marker_at(unit.text)
        if declared is not None and len(unit.text) <= _MAX_ALONE_UNENDED:
            kind, ordinal = (marker.kind, marker.ordinal) if marker else (_UNNUMBERED, 0)
            yield _Candidate(unit, kind, ordinal, len(unit.text), True, declared)
        elif marker:
            end = _numbered_end(unit.text, marker, following)
            yield _Candidate(unit, marker.kind, marker.ordinal, end or len(unit.text), end is not None)
            accepted = index
        elif (not broken or _TAIL.match(unit.text)) and (end := _unnumbered_end(unit.text, following)):
            accepted = index
            yield _Candidate(unit, _UNNUMBERED, 0, end, True)


def _numbered_end(text: str, marker: Marker, following: str) -> int | None:
    """Where the heading ends in its line, None when the line is a list item or running text."""
    if lost := _LOST_BREAK.match(text, marker.end):
        return lost.end("heading")
    ending = _SENTENCE_END.search(text, marker.end)
    if ending is None or ending.end() >= len(text):
        return _alone_end(text, marker, following)
    if marker.kind in (CHINESE, BRACKETED) and (colon := _colon_end(text, marker)):
        return colon
    limit = _MAX_GLUED.get(marker.kind, 30)
    sentence = ending.start() - marker.end
    if not 2 <= sentence <= limit or len(text) - ending.end() < _MIN_REST:
        return None
    return None if marker.kind >= ARABIC and _is_definition(text, marker) else ending.start()


def _alone_end(text: str, marker: Marker, following: str) -> int | None:
    whole = text.rstrip()
    ended = whole[-1] in _TERMINAL
    length = len(whole) - marker.end
    if not ended:
        fits = length <= _MAX_ALONE or (length <= _MAX_ALONE_UNENDED and marker.kind in (CHINESE, BRACKETED))
        return len(whole) if length >= 2 and fits and not _is_definition(text, marker) else None
    next_marker = marker_at(following)
    if whole[-1] != "。" or length > _MAX_ALONE or (next_marker and next_marker.kind <= marker.kind):
        return None
    if marker.kind >= ARABIC and (_is_definition(text, marker) or len(following) < 40 or next_marker):
        return None
    return len(whole) - 1


def _colon_end(text: str, marker: Marker) -> int | None:
    """（一）指导思想：以……: a short label with its text behind a colon."""
    found = re.compile(r"[^，。；！？：:]{2,14}[：:]").match(text, marker.end)
    return found.end() - 1 if found and len(text) - found.end() > 40 else None


def _is_definition(text: str, marker: Marker) -> bool:
    """4.“专精特新”企业：指…… is an entry of a list of terms."""
    return bool(re.compile(r"[^，。；！？]{2,40}[：:]").match(text, marker.end))


def _unnumbered_end(text: str, following: str) -> int | None:
    """A short line of its own between paragraphs, without the end of a sentence; or one glued to its text."""
    line = text.strip()
    if _GLOSSARY.match(line) and len(line) <= 20:
        return len(text.rstrip(" ：:"))
    if len(line) > _MAX_UNNUMBERED:
        lost = _LOST_BREAK.match(line)
        return (
            lost.end("heading") if lost and re.match(r"(?:19|20)\d\d年|过去|“|对?今[年后]|下一?步|关于", line) else None
        )
    if len(line) < 2 or line[-1] in _TERMINAL or line.startswith(("—", "-", "·", "●", "（", "(")):
        return None
    if (
        not re.search(r"[\u4e00-\u9fff]{2}", line)
        or _SALUTATION.match(line)
        or _DATE.match(line)
        or _SPEAKER.search(line)
    ):
        return None
    if re.search(r"[：:=](?!短语|名词|词语)", line) or line.endswith(("上", "和", "在")):
        return None
    if line.endswith("的") and len(following) < 30:
        return None
    major = _MAJOR.search(line) and (marker_at(following) or len(following) > 15)
    return len(text.rstrip()) if len(following) >= 40 or major or _TAIL.match(line) else None


def _without_lists(candidates: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """Numbered lines that follow each other without text of their own are a list (of projects, of contents)."""
    seen = Counter(candidate.unit.text.strip() for candidate in candidates)
    for index, candidate in enumerate(candidates):
        following = candidates[index + 1] if index + 1 < len(candidates) else None
        bare = candidate.is_heading and not candidate.glued and candidate.declared is None and following is not None
        if bare and following is not None and following.unit.line == candidate.unit.line + 1:
            same = following.kind == candidate.kind
            repeated = same and seen[candidate.unit.text.strip()] > 1
            if repeated or (candidate.kind >= ARABIC and (same or following.kind < candidate.kind)):
                yield replace(candidate, is_heading=False)
                continue
        yield candidate


def _voted(candidates: Iterator[_Candidate]) -> list[_Candidate]:
    """One run of numbers is either headings or a list: the majority decides, and a run must begin with its first."""
    result = list(candidates)
    runs: dict[int, list[int]] = {}
    for index, candidate in enumerate(result):
        if candidate.kind == _UNNUMBERED:
            continue
        for deeper in [kind for kind in runs if kind > candidate.kind and kind != ORDINAL]:
            _decide(result, runs.pop(deeper))
        run = runs.setdefault(candidate.kind, [])
        if run and candidate.ordinal <= result[run[-1]].ordinal:
            _decide(result, run)
            run = runs[candidate.kind] = []
        run.append(index)
    for run in runs.values():
        _decide(result, run)
    return result


def _decide(candidates: list[_Candidate], run: Sequence[int]) -> None:
    members = [candidates[index] for index in run]
    agreeing = sum(member.is_heading for member in members)
    needed = 0.6 if members[0].kind in (ORDINAL, ITEM) else 0.5
    if (agreeing < needed * len(members) and not any(member.declared for member in members)) or _is_orphan(members):
        for index in run:
            candidates[index] = replace(candidates[index], is_heading=False)
        return
    for index in run:
        if not candidates[index].is_heading and (end := _loose_end(candidates[index])):
            candidates[index] = replace(candidates[index], is_heading=True, end=end)


def _loose_end(candidate: _Candidate) -> int | None:
    """Among headings a somewhat longer first sentence is one too."""
    text, marker = candidate.unit.text, marker_at(candidate.unit.text)
    ending = _SENTENCE_END.search(text, marker.end) if marker else None
    if (
        marker is None
        or marker.kind in (ARABIC, ARABIC_BRACKETED)
        or ending is None
        or ending.start() - marker.end > _MAX_ALONE
        or _is_definition(text, marker)
    ):
        return None
    return ending.start() if len(text) - ending.end() >= 2 * _MIN_REST else None


def _is_orphan(members: Sequence[_Candidate]) -> bool:
    """三、 without its 一、 continues a sentence, 二是 the paragraph before, 7. a list that runs on across headings."""
    first = members[0]
    if first.kind in (ORDINAL, ITEM):
        return first.ordinal > 1 or len(members) == 1
    return first.glued and first.ordinal > (1 if first.kind >= ARABIC else 2) and first.kind != BRACKETED


def _levelled(text: str, candidates: Sequence[_Candidate]) -> Iterator[Heading]:
    stack: list[_Open] = []
    ordinal_rank = 0.0
    restarts = sum(c.kind == CHINESE and c.ordinal == 1 for c in candidates) > 1
    chinese = _ChineseRuns()
    outer = next((c.kind for c in candidates if c.kind in (CHINESE, BRACKETED)), CHINESE)
    used = {c.kind for c in candidates}
    declared_ranks = {c.declared: float(c.kind) for c in candidates if c.declared and c.kind}
    may_lead = True
    for candidate in candidates:
        rank = float(candidate.kind)
        if candidate.kind == _UNNUMBERED:
            rank = _unnumbered_rank(candidate, stack, used, declared_ranks, may_lead)
            restarts = restarts or (rank == 0.5 and not _TAIL.match(candidate.unit.text))
        elif candidate.kind == ORDINAL:
            ordinal_rank = (
                max(1.0, _numbered_top(stack)) + 0.5 if candidate.ordinal == 1 or not ordinal_rank else ordinal_rank
            )
            rank = ordinal_rank
        elif candidate.kind == CHINESE:
            rank = chinese.rank(candidate, text, any(entry.rank < CHINESE for entry in stack), outer)
        may_lead = restarts or (may_lead and candidate.kind != CHINESE)
        while stack and stack[-1].rank >= rank:
            stack.pop()
        stack.append(_Open(rank, candidate.kind not in (_UNNUMBERED, ORDINAL)))
        yield _heading(text, candidate, len(stack))


def _numbered_top(stack: Sequence[_Open]) -> float:
    return next((entry.rank for entry in reversed(stack) if entry.numbered), 0.0)


def _unnumbered_rank(
    candidate: _Candidate, stack: Sequence[_Open], used: Collection[int], declared: Mapping[int, float], may_lead: bool
) -> float:
    """Rank among the kinds of numbers: above 一、, beside the next deeper kind, or as its declared level says."""
    if candidate.declared:
        return declared.get(candidate.declared, candidate.declared + 0.75 if declared else float(candidate.declared))
    line = candidate.unit.text[: candidate.end].strip()
    if _LEAF.match(line) and not any(entry.rank < CHINESE for entry in stack):
        return float(min((kind for kind in used if kind in (CHINESE, BRACKETED)), default=CHINESE))
    if (
        _LEAF.match(line)
        or _TAIL.match(line)
        or _GLOSSARY.match(line)
        or (may_lead and _MAJOR.search(line) and "，" not in line)
    ):
        return 0.5
    top = _numbered_top(stack)
    deeper = [kind for kind in used if kind > top and kind in (CHINESE, BRACKETED, ARABIC)]
    return float(min(deeper)) if deeper and stack else top + 0.75


def _heading(text: str, candidate: _Candidate, level: int) -> Heading:
    start, end = candidate.unit.start, candidate.unit.start + candidate.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Heading(text[start:end], level, start, end)
