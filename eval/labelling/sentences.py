"""Build `sentences.jsonl` from the labelled sentences in `sentences.txt`, where a mention is {surface|kind|value|unit}.

A line of the result: `{"id", "text", "mentions": [{"surface", "start", "end", "kind", "lo", "hi", "unit", "label"}]}`.
`lo` and `hi` are fractions as text, in the base unit (ratios as parts of one, growth factors minus one); dates, codes
and document numbers have none and carry their exact form in `label`. Exempt mentions (set phrases, idioms, periods,
enumerators) are not listed: whatever is read there is a false alarm. Knows nothing about `assistant`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from eval.labelling import CASES, json_lines

MENTION = re.compile(r"\{([^|{}]+)\|([a-z_]+)\|([^|{}]+)(?:\|([^|{}]*))?\}")
EXACT = ("date", "code", "docnum")


def read_mention(match: re.Match[str], start: int) -> dict[str, Any]:
    """One mention with its place in the plain text."""
    surface, kind, value, unit = match[1], match[2], match[3], match[4] or ""
    low: str | None = None
    high: str | None = None
    if kind not in EXACT and value != "-":
        low, high = (str(Fraction(part)) for part in (value.split("~") * 2)[:2])
    label = (value if kind == "date" else surface) if kind in EXACT else ""
    end = start + len(surface)
    place = {"surface": surface, "start": start, "end": end}
    return place | {"kind": kind, "lo": low, "hi": high, "unit": unit, "label": label}


def read_sentence(line: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and mentions of a marked line."""
    text, mentions, position = "", [], 0
    for match in MENTION.finditer(line):
        text += line[position : match.start()]
        mentions.append(read_mention(match, len(text)))
        text += match[1]
        position = match.end()
    return text + line[position:], mentions


def files() -> dict[str, str]:
    """`sentences.jsonl` with its content."""
    lines = (CASES / "sentences.txt").read_text(encoding="utf-8").splitlines()
    rows = [read_sentence(line) for line in lines if line.strip() and not line.startswith("#")]
    entries = ({"id": f"S{i:03d}", "text": text, "mentions": mentions} for i, (text, mentions) in enumerate(rows, 1))
    return {"sentences.jsonl": json_lines(entries)}
