"""Numbers of headings and of 一是…二是…: gap-free, not repeated, levels in the order 一、（一）1.（1）.

Source of the order: GB/T 9704—2012, 7.3.3 (structure levels of the text), as quoted in public copies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.checks.prose import Stretch, finding, paragraphs
from assistant.figures.numerals import parse_chinese
from assistant.records import Finding, Span

_CN = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_SERIES_REACH = 1500
_LEVELS = (
    re.compile(rf"([{_CN}]+)、"),
    re.compile(rf"[（(]([{_CN}]+)[）)]"),
    re.compile(r"(\d{1,2})[.．、](?!\d(?!\d{3}年))"),
    re.compile(r"[（(](\d{1,2})[）)]"),
)
_INLINE = (
    re.compile(rf"(?:(?<=[。；：，！？:;,\n“])|^)\s*([{_CN}]{{1,2}})是(?!否|非)"),
    re.compile(rf"(?:(?<=[。；：，！？:;,\n“])|^)\s*第([{_CN}]{{1,2}})(?:步|点|方面)?[，、,]"),
    re.compile(rf"(?:(?<=[。；：，！？:;,\n“])|^)\s*([{_CN}])要(?=[\u4e00-\u9fff])"),
    re.compile(rf"(?:(?<=[。；：，！？:;,\n“])|^)\s*([{_CIRCLED}])"),
    re.compile(rf"(?:(?<=[。；：，！？:;,\n“])|^)\s*其([{_CN}]{{1,2}})[，、,]"),
)


@dataclass(frozen=True, slots=True)
class _Mark:
    """An enumerator: its number and where it stands."""

    number: int
    span: Span


def check_numbering(text: str) -> list[Finding]:
    """Skipped, repeated and restarted numbers, of headings and inside paragraphs."""
    return [*_headings(text), *(problem for pattern in _INLINE for problem in _inline(text, pattern))]


def _headings(text: str) -> Iterator[Finding]:
    counters = [0, 0, 0, 0]
    for stretch in paragraphs(text):
        level, mark = _heading_mark(stretch)
        if mark is None:
            continue
        expected = counters[level] + 1
        counters[level] = mark.number
        counters[level + 1 :] = [0] * (len(counters) - level - 1)
        # A list may start again at one anywhere (an appended list of projects, say); only going on wrongly is an error.
        if mark.number not in (1, expected):
            yield _problem(mark, expected)


def _heading_mark(stretch: Stretch) -> tuple[int, _Mark | None]:
    content = re.sub(r"^(?:#{1,6}\s+|附件[：:]\s*(?=1))", "", stretch.content)
    shift = len(stretch.content) - len(content)
    for level, pattern in enumerate(_LEVELS):
        match = pattern.match(content)
        if match:
            return level, _Mark(_value(match[1]), stretch.span(shift, shift + match.end()))
    return 0, None


def _inline(text: str, pattern: re.Pattern[str]) -> Iterator[Finding]:
    last, position = 0, 0
    for match in pattern.finditer(text):
        number = _value(match[1])
        # Far from the last mark it is another series, whose beginning may be worded otherwise (首先, 其次).
        if last and number not in (1, last + 1) and match.start() - position < _SERIES_REACH:
            yield _problem(
                _Mark(number, Span(match.start(1), match.end(), text[match.start(1) : match.end()])), last + 1
            )
        last, position = number, match.end()


def _value(numeral: str) -> int:
    if numeral in _CIRCLED:
        return _CIRCLED.index(numeral) + 1
    return int(numeral) if numeral.isdigit() else int(parse_chinese(numeral) or 0)


def _problem(mark: _Mark, expected: int) -> Finding:
    what = "重复" if mark.number < expected else "跳号"
    message = f"序号“{mark.span.text}”{what}：按顺序这里应是第 {expected} 个。"
    return finding("numbering", "error", message, mark.span)
