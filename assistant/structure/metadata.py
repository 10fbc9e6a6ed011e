"""Title, unit, year and type of a report, from its first lines and the name of its file."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.records import Heading


@dataclass(frozen=True, slots=True)
class Metadata:
    """Unknown is None; the title falls back to the file's name."""

    title: str
    unit: str | None
    year: int | None
    doc_type: str | None


def read_metadata(text: str, name: str, headings: Sequence[Heading], titles: Collection[int] = ()) -> Metadata:
    """Read the metadata of a report."""
    lines = text.split("\n", 12)[:12]
    title = next((lines[i] for i in titles if i < len(lines)), None)
    if title is None and lines and len(lines[0]) < 50 and not lines[0].endswith(("：", "。", "！", ":")):
        title = lines[0]
    year = re.search(r"((?:19|20)\d\d)年", " ".join([title or "", name]))
    doc_type = next((kind for kind in ("政府工作报告", "述职报告", "工作总结", "情况汇报", "经验材料") if kind in text[:400]), None)
    return Metadata(title or name, None, int(year.group(1)) if year else None, doc_type)
