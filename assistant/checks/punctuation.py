"""Punctuation of Chinese official prose. Rules: GB/T 15834—2011 (half-width marks, pairs, 、 between quoted items)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.prose import Stretch, finding, is_heading, paragraphs
from assistant.records import Finding, Span

_HALF = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_HAN = r"[\u4e00-\u9fff”“》《）（]"
_HALF_MARK = re.compile(rf"(?<={_HAN})[,;:?!]|[,;?!](?={_HAN})|\((?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\)")
_PAIRS = {"“": "”", "《": "》", "（": "）", "【": "】", "「": "」", "‘": "’"}
_BETWEEN = re.compile(r"(?<=[”》])、(?=[“《])")
_HEADING_STOP = re.compile(r"[。；，]$")
_STRAIGHT = re.compile(r"[\"'][\u4e00-\u9fff][^\"'\n]{0,30}[\"']")
_LATIN_STOP = re.compile(r"(?<=[\u4e00-\u9fff])\.(?=[\u4e00-\u9fff]|$)")
_DOUBLED = re.compile(r"[，。；：、][，。；：、]+")


def check_punctuation(text: str) -> list[Finding]:
    """All punctuation findings; they are warnings, since none changes a fact."""
    findings: list[Finding] = []
    for stretch in paragraphs(text):
        findings += _half_width(stretch)
        findings += _unbalanced(stretch)
        findings += _between_quoted(stretch)
        findings += _doubled(stretch)
        findings += _latin(stretch)
        findings += _heading(stretch)
    return findings


def _half_width(stretch: Stretch) -> Iterator[Finding]:
    for match in _HALF_MARK.finditer(stretch.content):
        if stretch.content[match.end() : match.end() + 2] == "//":
            continue
        right = _HALF[match.group()]
        yield finding(
            "punctuation", "warning", f"中文里应用全角“{right}”。", stretch.span(match.start(), match.end()), right
        )


def _unbalanced(stretch: Stretch) -> Iterator[Finding]:
    openers: list[tuple[str, int]] = []
    for index, char in enumerate(stretch.content):
        if char in _PAIRS:
            if char == "“" and openers and openers[-1][0] == "“":
                yield _lonely(stretch.span(openers.pop()[1], index))
            openers.append((char, index))
        elif char in _PAIRS.values():
            if openers and _PAIRS[openers[-1][0]] == char:
                openers.pop()
            else:
                yield _lonely(stretch.span(index, index + 1))
    for _, index in openers:
        yield _lonely(stretch.span(index, index + 1))


def _lonely(span: Span) -> Finding:
    return finding("punctuation", "warning", f"“{span.text}”没有配对。", span)


def _between_quoted(stretch: Stretch) -> Iterator[Finding]:
    for match in _BETWEEN.finditer(stretch.content):
        message = "并列的引号或书名号之间一般不用顿号。"
        yield finding("punctuation", "info", message, stretch.span(match.start(), match.end()), "")


def _latin(stretch: Stretch) -> Iterator[Finding]:
    for match in _STRAIGHT.finditer(stretch.content):
        message = "中文里应用弯引号“”。"
        inner = match.group()[1:-1]
        yield finding("punctuation", "warning", message, stretch.span(match.start(), match.end()), f"“{inner}”")
    for match in _LATIN_STOP.finditer(stretch.content):
        yield finding("punctuation", "warning", "句号应为“。”。", stretch.span(match.start(), match.end()), "。")


def _doubled(stretch: Stretch) -> Iterator[Finding]:
    for match in _DOUBLED.finditer(stretch.content):
        span = stretch.span(match.start(), match.end())
        yield finding("punctuation", "warning", "标点重复。", span, match.group()[-1])


def _heading(stretch: Stretch) -> Iterator[Finding]:
    if not is_heading(stretch.content):
        return
    match = _HEADING_STOP.search(stretch.content)
    if match and len(stretch.content) <= 30:
        yield finding("punctuation", "warning", "单独成行的标题末尾不用标点。", stretch.span(match.start()), "")
