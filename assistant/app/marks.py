"""Marked text as HTML: the only place where text of documents, writers and models becomes markup. All of it is hostile.

Every character of a text is escaped; what is not escaped is written here. Newlines become paragraphs, so that a region
is one line of HTML and no Markdown reader finds anything in it.
"""

from __future__ import annotations

import difflib
import html
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "open", "info", "warning", "error", "match", "passage"]

_RANK: dict[State, int] = {"passage": 0, "ok": 1, "open": 2, "match": 3, "info": 4, "warning": 5, "error": 6}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_SHARED = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text to be marked. `tip` is shown on hover, `key` names a finding, `line` a line of the notes."""

    start: int
    end: int
    state: State
    tip: str = ""
    key: str = ""
    line: int = 0


def escape(text: object) -> str:
    """Text as HTML: no markup, no quotes, no control or direction-changing characters."""
    return html.escape(_CONTROL.sub("\ufffd", str(text)), quote=True).replace("\r", "").replace("\n", "&#10;")


def paragraphs(text: str, marks: Iterable[Mark] = ()) -> str:
    """The text as paragraphs with its marks; overlapping marks are cut, the graver one is shown."""
    marks = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    parts, start = [], 0
    for line in text.split("\n"):
        inside = [mark for mark in marks if mark.start < start + len(line) and mark.end > start]
        body = _line(text, start, start + len(line), inside)
        parts.append(f"<p>{body or '<br>'}</p>")
        start += len(line) + 1
    return "".join(parts)


def inline(text: str, marks: Iterable[Mark] = ()) -> str:
    """The text in one piece with its marks, newlines kept as characters."""
    return _line(text, 0, len(text), [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)])


def _line(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    cuts = sorted({start, end, *(min(max(cut, start), end) for mark in marks for cut in (mark.start, mark.end))})
    pieces = []
    for left, right in itertools.pairwise(cuts):
        over = [mark for mark in marks if mark.start <= left and mark.end >= right]
        pieces.append(_piece(text[left:right], over))
    return "".join(pieces)


def _piece(text: str, over: Sequence[Mark]) -> str:
    if not over:
        return escape(text)
    top = max(over, key=lambda mark: _RANK[mark.state])
    tips = "\n".join(dict.fromkeys(mark.tip for mark in sorted(over, key=lambda m: -_RANK[m.state]) if mark.tip))
    keys = " ".join(dict.fromkeys(mark.key for mark in over if mark.key))
    line = next((mark.line for mark in over if mark.line), 0)
    wanted = {"data-tip": tips, "data-key": keys, "data-line": line or ""}
    given = "".join(f' {name}="{escape(value)}"' for name, value in wanted.items() if value)
    return f'<mark class="mk mk-{top.state}"{given}>{escape(text)}</mark>'


# ---- changes ----------------------------------------------------------------------------------------------------


def changes(before: str, after: str) -> str:
    """What changed between two texts, as deletions and insertions inside the text."""
    pieces = []
    for tag, old, new in _steps(before, after):
        if tag == "equal":
            pieces.append(escape(new))
            continue
        pieces.append(f"<del>{escape(old)}</del>" if old else "")
        pieces.append(f"<ins>{escape(new)}</ins>" if new else "")
    return '<span class="diff">' + "".join(pieces) + "</span>"


def _steps(before: str, after: str) -> Iterable[tuple[str, str, str]]:
    """Differences by clause first and by character inside a changed clause, so that long texts stay quick."""
    old, new = _clauses(before), _clauses(after)
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = "".join(old[i:j]), "".join(new[k:m])
        if tag != "replace" or len(left) + len(right) > 2000:
            yield tag, left, right
            continue
        matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
        if matcher.ratio() < 0.4:
            yield tag, left, right
            continue
        for inner, a, b, c, d in matcher.get_opcodes():
            yield inner, left[a:b], right[c:d]


def _clauses(text: str) -> list[str]:
    return re.findall(r"[^，。；：！？\n]*[，。；：！？\n]|[^，。；：！？\n]+$", text)


def shared_runs(text: str, other: str, least: int = _SHARED) -> list[tuple[int, int]]:
    """Stretches of `text` of at least `least` characters that also stand in `other`."""
    runs: list[tuple[int, int]] = []
    index = 0
    while index + least <= len(text):
        if text[index : index + least] not in other:
            index += 1
            continue
        end = index + least
        while end < len(text) and text[index : end + 1] in other:
            end += 1
        runs.append((index, end))
        index = end
    return runs


def context(document: str, start: int, end: int, draft: str = "", around: int = 600) -> str:
    """A passage in its document: the text around it, the passage tinted, what the draft shares with it marked."""
    left, right = max(0, start - around), min(len(document), end + around)
    passage = document[start:end]
    marks = [Mark(start - left, end - left, "passage")]
    marks += [
        Mark(start - left + a, start - left + b, "match", "与稿子相同的字句") for a, b in shared_runs(passage, draft)
    ]
    before, after = ("……" if left else ""), ("……" if right < len(document) else "")
    body = paragraphs(document[left:right], marks)
    return (f"<p>{before}</p>" if before else "") + body + (f"<p>{after}</p>" if after else "")


def region(body: str, name: str = "") -> str:
    """HTML made here, on one line, for a Gradio Markdown that does not sanitise: one raw block, nothing to interpret."""
    return f'<div class="region in-{escape(name)}">' + body.replace("\n", "&#10;") + "</div>"
