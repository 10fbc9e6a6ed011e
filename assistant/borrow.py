"""Phrasing without facts taken from past reports: short clauses that say why or with what effect something was done.

Nothing with a figure, a name, a title in quotes, an honour or a placeholder passes, so nothing can leak.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.figures import recognise
from assistant.mask import mask
from assistant.phrases import Tone, vocabulary
from assistant.records import Brief, Citation, Hit, Section
from assistant.units import PRINCIPLE
from assistant.verify import is_aim, pairs, says_nothing_new, says_what_was_done

_PROBLEM = re.compile(r"(?:不够|不足|不强|不高|有待|差距|不深|不适应|薄弱)")
_PLAN = re.compile(r"^(?:推动|促进|确保|努力|不断|切实|着力|力争|进一步)")
_UNSAFE = re.compile(
    r"某|[XxＸ×*]|本[市县区省镇乡]|我[市县区省镇乡]|同志|书记|主席|年年|[省县镇旗州]|市(?!场)|(?<![社园景])区|乡(?![村亲])"
)
_LONGEST = 18


def past_phrases(hits: Sequence[Hit], section: Section, brief: Brief, tone: Tone) -> list[tuple[str, Citation]]:
    """Clauses of past passages that may be used again in this section, each with where it comes from.

    Args:
        hits: passages found for the section, best first.
        section: what is being written.
        brief: the notes; their words and the stock of the genre are the only ones allowed.
        tone: results of work, weaknesses or intentions.
    """
    found: list[tuple[str, Citation]] = []
    seen: set[str] = set()
    for hit in hits:
        citation = Citation(hit.document, hit.passage.heading_path, hit.passage.text, hit.passage.passage_id)
        for phrase in re.split(r"[，。；：！\n]", hit.passage.text):
            if phrase not in seen and _usable(phrase.strip(), section, brief, tone):
                seen.add(phrase)
                found.append((phrase.strip(), citation))
    return found


def _usable(phrase: str, section: Section, brief: Brief, tone: Tone) -> bool:
    if tone == "problem":
        fits = bool(_PROBLEM.search(phrase))
    else:
        fits = bool(PRINCIPLE.match(phrase)) or (is_aim(phrase) if tone == "work" else bool(_PLAN.search(phrase)))
    if not 6 <= len(phrase) <= _LONGEST or not fits or _UNSAFE.search(phrase):
        return False
    if tone == "work" and says_what_was_done(phrase):
        return False
    if mask(phrase).spans or any(figure.kind not in ("idiom", "phrase", "indef") for figure in recognise(phrase)):
        return False
    notes = " ".join((section.heading, brief.title, brief.unit, *(point.text for point in section.points)))
    known = vocabulary() | pairs(notes)
    foreign = [phrase[i : i + 2] not in known for i in range(len(phrase) - 1)]
    # a name makes three foreign pairs in a row (了罗, 罗江, 江和); ordinary words seldom do
    named = any(all(foreign[i : i + 3]) for i in range(len(foreign) - 2))
    return says_nothing_new(phrase, notes) and not named and sum(foreign) <= 0.4 * len(foreign)
