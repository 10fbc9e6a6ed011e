"""What of the notes did not reach a drafted section, and putting it there: 补入 on the page, `nigao draft --force-in`.

The sentence is made by the rules of the first draft: the note's clause, cut at its commas, of which the parts are taken
that carry something missing; a part that only compares (同比下降7.5%) gets the words before the first figure as its
subject. Nothing that stands in the section is said again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.checks.coverage import THRESHOLD, covered_share, text_bigrams
from assistant.figures import recognise
from assistant.generate import is_covered, review_section
from assistant.plain import clause
from assistant.records import Brief, DraftSection, Finding, NoteRef, PastRef, Point, Section, Span
from assistant.slots import with_pending
from assistant.verify import check_section

_ENDS = re.compile(r"[，；。]")
_COMPARES = re.compile(r"^(?:同比|环比|比|较|增长|下降|增加|减少|上升|提高|占|为|达|约|共)")
_VERB_BEFORE_FIGURE = re.compile(r"(?:达到|达|共计|共|为|约|近|超过|超|是)+$")


# ---- all that a section left out --------------------------------------------------------------------------------


def left_out(text: str, section: Section, brief: Brief) -> list[Point]:
    """The points of a section that the text lacks, or lacks a figure of; optional ones count as well.

    Args:
        text: the section as drafted.
        section: its notes.
        brief: all notes.
    """
    required = tuple(replace(point, optional=False) for point in section.points)
    found = check_section(text, replace(section, points=required), brief)
    lost = {finding.note.line for finding in found if finding.kind == "dropped" and finding.note}
    return [point for point in section.points if point.line in lost or not is_covered(point, text)]


def force_in(drafted: DraftSection, section: Section, brief: Brief, past: Sequence[PastRef] = ()) -> DraftSection:
    """The section with what each left-out bullet lacks at its end, checked again; each is named in a finding.

    Args:
        drafted: the section; returned as it is when nothing was left out.
        section: its notes.
        brief: all notes.
        past: the past reports that its figures must not come from.
    """
    text, forced = drafted.text, []
    for point in left_out(text, section, brief):
        sentence = sentence_for(point, text, section, brief)
        if not sentence:
            continue
        span = Span(len(text), len(text) + len(sentence), sentence)
        message = f"要点第{point.line}行没有写全，已照要点补在本节末尾，请看语句是否顺、有无重复。"
        forced.append(Finding("forced", "info", message, span, NoteRef(point.line, point.text)))
        text += sentence
    if not forced:
        return drafted
    findings = (*review_section(text, section, brief, past), *forced)
    return replace(drafted, text=text, findings=findings)


# ---- one note ---------------------------------------------------------------------------------------------------


def as_sentence(note: str) -> str:
    """A note as a sentence: its words, ended with a full stop; empty for a note without words."""
    text = note.strip().rstrip("；;，,。.")
    return text + "。" if text else ""


def sentence_for(point: Point, text: str, section: Section, brief: Brief) -> str:
    """What to append to the text of a section so that a note stands in it wholly.

    Args:
        point: the note; an optional one is wanted like any other.
        text: the section as it is.
        section: its notes, for the check of the result.
        brief: all notes.

    Returns:
        Of the missing parts, the whole clause and the note as typed: the first that leaves the fewest errors. Empty for
        a note without words.
    """
    point = replace(point, optional=False)
    whole = with_pending(clause(point.text, [other.text for other in brief.points]))
    candidates = dict.fromkeys(
        [*_partial(point, whole, text, section, brief), as_sentence(whole), as_sentence(point.text)]
    )
    return min(filter(None, candidates), key=lambda sentence: _errors(text + sentence, section, brief), default="")


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
        wanted = [i for i, part in enumerate(parts) if covered_share(Point(part, point.line), there) < THRESHOLD]
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
