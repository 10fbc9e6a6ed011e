"""The writer's outline binds: every heading stands in the text, word for word and in order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checks.prose import Stretch, paragraphs
from assistant.records import Finding, Section


def check_outline(text: str, sections: Sequence[Section]) -> list[Finding]:
    """Compare the outline with the lines of the text.

    Args:
        text: the whole report; headings stand on lines of their own, or open a paragraph.
        sections: the outline.
    """
    lines = [(_bare(stretch.content), stretch) for stretch in paragraphs(text)]
    findings, position = [], -1
    for section in sections:
        if not section.heading:  # notes that are bullets alone prescribe no outline
            continue
        found = _find(lines, _bare(section.heading), position + 1)
        if found is not None:
            position = found
        else:
            findings.append(_complaint(section, lines))
    return findings


def _find(lines: Sequence[tuple[str, Stretch]], heading: str, first: int) -> int | None:
    for index in range(first, len(lines)):
        line = lines[index][0]
        if line == heading or line.startswith((heading + "。", heading + "：")):
            return index
    return None


def _complaint(section: Section, lines: Sequence[tuple[str, Stretch]]) -> Finding:
    heading = _bare(section.heading)
    elsewhere = _find(lines, heading, 0)
    if elsewhere is not None:
        stretch = lines[elsewhere][1]
        return Finding(
            "outline", "error", f"标题“{heading}”的顺序与提纲不一致。", draft=stretch.span(0, len(stretch.content))
        )
    number = re.match(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+[.．、])", heading)
    similar = next((s for line, s in lines if _alike(line, heading, number.group() if number else None)), None)
    if similar is not None:
        return Finding(
            "outline", "error", f"标题与提纲不一致：提纲为“{heading}”。", draft=similar.span(), suggestion=heading
        )
    return Finding("outline", "error", f"缺少提纲中的标题“{heading}”。")


def _alike(line: str, heading: str, number: str | None) -> bool:
    """The same number and at least half of the characters, in a short line."""
    if len(line) > len(heading) + 12 or (number and not line.startswith(number)):
        return False
    rest, wanted = set(line[len(number or "") :]), set(heading[len(number or "") :])
    return len(rest & wanted) >= 0.5 * min(len(rest), len(wanted)) if rest and wanted else False


def _bare(line: str) -> str:
    return re.sub(r"^#{1,6}\s+", "", line).strip().strip("*").strip()
