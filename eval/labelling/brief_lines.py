"""What the labels need of a brief: front matter, sections in order, bullets and table rows with their line numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Line:
    """One bullet or table row of a brief with its section path; `number` is 1-based."""

    number: int
    text: str
    section: tuple[str, ...]
    bullet: int | None
    header: tuple[str, ...] = ()


@dataclass
class BriefLines:
    """What the scorer needs of a brief: front matter, sections in order, bullets and table rows."""

    meta: dict[str, str] = field(default_factory=dict)
    sections: list[dict[str, Any]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)


def read_brief(path: Path) -> BriefLines:
    """Read `brief.md` line by line; a heading with no deeper heading after it is a leaf."""
    brief = BriefLines(raw=path.read_text(encoding="utf-8").split("\n"))
    stack: list[tuple[int, str]] = []
    header: tuple[str, ...] = ()
    bullet = 0
    fences = 0
    for number, text in enumerate(brief.raw, 1):
        if text == "---" and fences < 2:
            fences += 1
        elif fences == 1:
            key, _, value = text.partition(":")
            brief.meta[key.strip()] = value.split("  #")[0].strip()
        elif heading := re.match(r"(#{2,6}) (.+)", text):
            level = len(heading[1])
            stack = [entry for entry in stack if entry[0] < level] + [(level, heading[2].strip())]
            brief.sections.append({"path": tuple(t for _, t in stack), "target": None})
            header, bullet = (), 0
        elif target := re.match(r"字数[:：]\s*(\d+)", text):
            brief.sections[-1]["target"] = int(target[1])
        elif text.startswith("|"):
            cells = tuple(cell.strip() for cell in text.strip().strip("|").split("|"))
            if not header:
                header = cells
            elif not set(text) <= set("|-: "):
                brief.lines.append(Line(number, text, tuple(t for _, t in stack), None, header))
        elif text.startswith("- "):
            bullet, header = bullet + 1, ()
            brief.lines.append(Line(number, text, tuple(t for _, t in stack), bullet))
    return brief
