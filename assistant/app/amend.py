"""补入: the sentence that brings into a section what a note has and the section lacks, and nothing that stands there.

Made by the same rules as the first draft: the note's clause, cut at its commas, of which the parts are taken that carry
something missing; a part that only compares (同比下降7.5%) gets the words before the first figure as its subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.checks.coverage import covered_share, text_bigrams
from assistant.figures import recognise
from assistant.plain import clause
from assistant.records import Brief, Point, Section
from assistant.slots import with_pending
from assistant.verify import check_section

_ENDS = re.compile(r"[，；。]")
_COMPARES = re.compile(r"^(?:同比|环比|比|较|增长|下降|增加|减少|上升|提高|占|为|达|约|共)")
_VERB_BEFORE_FIGURE = re.compile(r"(?:达到|达|共计|共|为|约|近|超过|超|是)+$")
_PRESENT = 0.5  # share of a part's content words from which on it counts as standing in the text


def as_sentence(note: str) -> str:
    """A note as a sentence: its words, ended with a full stop."""
    text = note.strip().rstrip("；;，,。.")
    return text + "。" if text else ""


def sentence_for(point: Point, text: str, section: Section, brief: Brief) -> str:
    """What to append to the text of a section so that a note stands in it wholly.

    Args:
        point: the note.
        text: the section as it is.
        section: its notes, for the check of the result.
        brief: all notes.

    Returns:
        The shortest of the candidates that leave the fewest errors.
    """
    known = [other.text for other in brief.points]
    whole = with_pending(clause(point.text, known))
    candidates = dict.fromkeys(
        [*_partial(point, whole, text, section, brief), as_sentence(whole), as_sentence(point.text)]
    )
    return min(filter(None, candidates), key=lambda sentence: _errors(text + sentence, section, brief))


def _errors(text: str, section: Section, brief: Brief) -> int:
    return sum(finding.severity == "error" for finding in check_section(text, section, brief))


def _partial(point: Point, whole: str, text: str, section: Section, brief: Brief) -> Iterator[str]:
    """The parts of the clause that bring something, with a subject where they need one and without."""
    parts = [part for part in _ENDS.split(whole) if part]
    lacking = _lacking(point, text, section, brief)
    if lacking:
        wanted = [
            i
            for i, part in enumerate(parts)
            if len(_lacking(point, f"{text}\n{part}。", section, brief)) < len(lacking)
        ]
    else:
        there = text_bigrams(text)
        wanted = [i for i, part in enumerate(parts) if covered_share(Point(part, point.line), there) < _PRESENT]
    if wanted:
        bare = as_sentence("，".join(parts[i] for i in wanted))
        subject = _subject(parts, wanted[0])
        yield from (subject + bare, bare) if subject else (bare,)


def _lacking(point: Point, text: str, section: Section, brief: Brief) -> list[str]:
    """The figures of a note that the text does not have."""
    found = check_section(text, replace(section, points=(point,)), brief)
    return [finding.note.text for finding in found if finding.kind == "dropped" and finding.note]


def _subject(parts: list[str], index: int) -> str:
    """What a comparing part compares: the words before the first figure of the nearest part that names something."""
    if not _COMPARES.match(parts[index]):
        return ""
    for part in reversed(parts[:index]):
        first = next((figure.start for figure in recognise(part) if figure.checkable), 0)
        name = _VERB_BEFORE_FIGURE.sub("", part[:first])
        if len(name) >= 2 and not _COMPARES.match(part):
            return name
    return ""
