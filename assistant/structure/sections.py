"""Where a section stands in a text, by its heading."""

from __future__ import annotations

import re

from assistant.errors import InputError
from assistant.records import Heading
from assistant.structure.headings import find_headings

_NUMBERING = "一二三四五六七八九十（）()、.．0123456789"


def section_span(text: str, heading: str) -> tuple[int, int]:
    """Start and end of what stands under `heading`, its sub-sections included, without the heading itself.

    Args:
        text: a whole report, plain or Markdown.
        heading: the heading as written, or its words without number and marks.

    Raises:
        InputError: no such heading; the message lists those there are.
    """
    found = _markdown_headings(text) or list(find_headings(text))
    wanted = _bare(heading)
    for index, candidate in enumerate(found):
        if wanted in (_bare(candidate.text), _bare(candidate.text).lstrip(_NUMBERING)):
            later = (other.start for other in found[index + 1 :] if other.level <= candidate.level)
            body = text[: next(later, len(text))].rstrip()
            rest = body[candidate.end :]
            return candidate.end + len(rest) - len(rest.lstrip("。：\n\r ")), len(body)
    known = "；".join(_bare(candidate.text) for candidate in found[:20]) or "（没有认出标题）"
    raise InputError(f"材料里没有标题“{heading}”。认出的标题有：{known}")


def _markdown_headings(text: str) -> list[Heading]:
    return [
        Heading(match.group(), len(match[1]), match.start(), match.end())
        for match in re.finditer(r"^(#{1,6})[ \t]+\S.*$", text, re.M)
    ]


def _bare(heading: str) -> str:
    return heading.strip().lstrip("#").strip()
