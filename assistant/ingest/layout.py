"""What a reader hands on: paragraphs in reading order. Knows nothing about file formats or about reports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from assistant.errors import InputError

ParagraphKind = Literal["body", "table", "note", "box", "list"]

MAX_CHARACTERS = 20_000_000
"""Longest text taken from one file, in characters; a year's report has about ten thousand."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, or one table row, without line breaks.

    `level` is the heading level that the file itself declares (a Word style, an HTML tag): 0 title, 1 and more
    headings, None for text that declares nothing. `kind` says where the text stood.
    """

    text: str
    level: int | None = None
    kind: ParagraphKind = "body"


@dataclass(slots=True)
class Reading:
    """The paragraphs of one file and what the writer should know about how they were read."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, text: str, level: int | None = None, kind: ParagraphKind = "body") -> None:
        """Append text; each line break in it starts a new paragraph; blank ones are dropped."""
        for line in text.splitlines():
            if cleaned := clean_line(line):
                self.paragraphs.append(Paragraph(cleaned, level, kind))


_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_DROPPED_CAPITAL = re.compile(r"[\u4e00-\u9fff] [\u4e00-\u9fff，].{20}")
"""Web pages and Word set the first character of a paragraph apart (三 是改革开放……)."""
_SPACED_DIGITS = re.compile(r"(?<![\d .])\d(?: \d){2,}[ ]?(?=[年月日亿万元吨公人个%％．.])")
_TYPOGRAPHIC_SPACE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=\d)|(?<=\d) (?=[\u4e00-\u9fff])")
_INVISIBLE = dict.fromkeys(
    [*range(0x09), *range(0x0E, 0x20), 0x7F, 0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xFFFC]
)
_SUSPECT = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u2060\ufeff\ufffc]")


def clean_line(line: str) -> str:
    """The line without invisible characters, indentation and doubled spaces."""
    if _SUSPECT.search(line):
        line = line.translate(_INVISIBLE)
    line = _SPACES.sub(" ", _TYPOGRAPHIC_SPACE.sub("", line)).strip()
    if _DROPPED_CAPITAL.match(line):
        line = line[0] + line[2:]
    return _SPACED_DIGITS.sub(lambda found: found.group().replace(" ", ""), line) if " " in line else line


def joined(paragraphs: Iterable[Paragraph]) -> str:
    """The paragraphs as one text, one paragraph a line.

    Raises:
        InputError: the text is longer than any report can be.
    """
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"文件里的文字超过 {MAX_CHARACTERS // 10_000} 万字，不像一份材料：请拆分后再导入。")
    return text
