"""One section: plan, model, render, verify, repair. The stages of a section meet here; `pipeline` calls it.

What guarantees the facts is not the model: clauses with figures are made by rules or copied as slots, the finished
text is read afresh by the fidelity check, and a sentence at fault gives way to the writer's own bullet.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.borrow import past_phrases
from assistant.checks.sums import check_sums
from assistant.frames import write_frames
from assistant.layout import paragraphs
from assistant.lines import write_lines
from assistant.llm import ChatModel
from assistant.plan import Plan, plan_section
from assistant.records import Brief, Citation, Coverage, DraftSection, Finding, Hit, PastRef, Point, Section
from assistant.repair import own_words, trim
from assistant.roles import section_role, tone_of
from assistant.verify import blank_findings, check_section, length_finding, pairs
from assistant.writing import Desk, SafetyFlags

__all__ = ["SafetyFlags", "coverage_of", "draft_section", "first_draft", "is_covered", "review_section"]

ALL_GUARANTEES = SafetyFlags()
_COVERED = 0.4  # of a point's character pairs


def draft_section(
    section: Section,
    brief: Brief,
    hits: Sequence[Hit],
    model: ChatModel,
    *,
    seed: int | None = None,
    remark: str = "",
    on_text: Callable[[int, str], None] | None = None,
    cancel: threading.Event | None = None,
    flags: SafetyFlags = ALL_GUARANTEES,
) -> DraftSection:
    """Draft one section of the notes.

    Args:
        section: a section of `brief` with points.
        brief: all notes; phrases are shared out over the whole report.
        hits: past passages for phrasing and structure, never for facts.
        model: the language model.
        seed: makes the run repeatable on the embedded model.
        remark: what the writer wants different this time.
        on_text: receives the number of a sentence, counted from 0 as in `first_draft`, and its settled text; the result
            may differ where something was repaired.
        cancel: set it to stop.
        flags: guarantees to switch off for measurements.

    Raises:
        ModelError: the model failed; nothing is lost, the caller still has the other sections.
        ModelCancelled: the writer pressed cancel.
    """
    started = time.monotonic()
    borrowed = past_phrases(hits, section, brief, tone_of(section_role(section, brief)))
    section = replace(section, target_length=wanted_length(section, remark))
    plan = plan_section(section, brief, [phrase for phrase, _ in borrowed], (seed or 0) + len(remark))
    desk = Desk(model, seed, on_text, cancel, flags)
    framed = flags.frame and model.supports_grammar
    if framed:
        sentences = write_frames(plan, brief.doc_type, desk, plan.opening)
    else:
        sentences = write_lines(plan, brief.doc_type, hits, remark, desk, plan.opening)
    past = [PastRef(hit.document, hit.passage.text) for hit in hits]
    sentences, replaced = _repaired(plan, brief, sentences, past, flags)
    desk.fallbacks += replaced
    text = assemble(plan, sentences)
    findings = review_section(text, section, brief, past, plan=plan)
    taken = [citation for phrase, citation in borrowed if phrase in text]
    return _result(section, text, findings, [*taken, *_shown(hits)], desk, started)


def _result(
    section: Section, text: str, findings: Sequence[Finding], cited: Sequence[Citation], desk: Desk, started: float
) -> DraftSection:
    """The section with what was found and what it took; `started` is of the monotonic clock."""
    return DraftSection(
        section.heading,
        section.path,
        section.level,
        text,
        section.target_length,
        tuple(findings),
        tuple(dict.fromkeys(cited)),
        desk.attempts,
        desk.fallbacks,
        time.monotonic() - started,
        desk.seconds,
        desk.usage,
        desk.prompt_hash,
    )


def wanted_length(section: Section, remark: str) -> int | None:
    """The target length, moved by what the writer says about it: 写到400字, 精简一些, 再充实一点."""
    named = re.search(r"(\d{2,4})\s*字", remark)
    if named:
        return int(named[1])
    usual = section.target_length or round(1.6 * sum(len(point.text) for point in section.points))
    if re.search(r"精简|简短|短一|压缩|缩短|删减", remark):
        return round(0.75 * usual)
    if re.search(r"充实|详细|扩写|长一|展开|多写", remark):
        return round(1.3 * usual)
    return section.target_length


def _shown(hits: Sequence[Hit]) -> list[Citation]:
    """The passages a section is written beside, for the writer to compare."""
    return [Citation(h.document, h.passage.heading_path, h.passage.text, h.passage.passage_id) for h in hits[:2]]


def assemble(plan: Plan, sentences: Sequence[str]) -> str:
    """The text of a section; long sections get paragraphs."""
    return "".join(laid_out(plan, sentences))


def laid_out(plan: Plan, sentences: Sequence[str]) -> list[str]:
    """The sentences with what stands before them: the intro, 一是, and a newline where a paragraph begins."""
    begins = paragraphs(plan, [len(sentence) for sentence in sentences])
    return [
        ("\n" if index in begins else "") + plan.opening(index) + sentence for index, sentence in enumerate(sentences)
    ]


def first_draft(section: Section, brief: Brief, *, seed: int | None = None, remark: str = "") -> tuple[str, ...]:
    """The section as the rules alone write it, at once and without any model: what stands until wording is settled.

    Its facts are checked and repaired like those of any draft. Joined, the sentences are the text; sentence `n` is the
    one that `draft_section` reports as `n`.
    """
    section = replace(section, target_length=wanted_length(section, remark))
    plan = plan_section(section, brief, (), (seed or 0) + len(remark))
    sentences, _ = _repaired(plan, brief, [unit.default for unit in plan.units], (), ALL_GUARANTEES)
    return tuple(laid_out(plan, sentences))


def _repaired(
    plan: Plan, brief: Brief, sentences: list[str], past: Sequence[PastRef], flags: SafetyFlags
) -> tuple[list[str], int]:
    """Not over the target, and sentences at fault replaced by the writer's words; how many are."""

    def check(candidate: Sequence[str]) -> list[Finding]:
        return check_section(assemble(plan, candidate), plan.section, brief, past)

    sentences = trim(plan, sentences, lambda candidate: assemble(plan, candidate))
    if not flags.fallback or all(finding.severity != "error" for finding in check(sentences)):
        return sentences, 0
    return own_words(plan, sentences, check)


def review_section(
    text: str, section: Section, brief: Brief, past: Sequence[PastRef] = (), *, plan: Plan | None = None
) -> list[Finding]:
    """What the checks say of one section's text, whether drafted or edited by hand.

    Args:
        text: the section.
        section: its notes and target length.
        brief: all notes.
        past: the passages that phrasing was taken from.
        plan: of the section; made when it is needed and None.
    """
    findings = check_section(text, section, brief, past)
    short = length_finding(text, section.target_length, lambda: fixed_length(plan or plan_section(section, brief)))
    said = {(finding.draft.start, finding.draft.end) for finding in findings if finding.draft}
    sums = [f for f in check_sums(text) if not f.draft or (f.draft.start, f.draft.end) not in said]
    return [*findings, *sums, *blank_findings(text, section.points), *([short] if short else [])]


def fixed_length(plan: Plan) -> int:
    """字 of the writer's own matter, written out without any phrase."""
    return sum(len(unit.clause) + 1 for unit in plan.units)


def coverage_of(brief: Brief, sections: Sequence[DraftSection]) -> Coverage:
    """How many points and figures of the notes stand in the drafted sections."""
    from assistant.figures import recognise

    texts = {section.path: section for section in sections}
    points = covered = figures = placed = 0
    for section in brief.sections:
        draft = texts.get(section.path)
        if draft is None:
            continue
        lost = {(f.note.line if f.note else 0) for f in draft.findings if f.kind == "dropped" and f.severity == "error"}
        dropped = sum(f.kind == "dropped" and f.severity == "error" for f in draft.findings)
        count = sum(figure.checkable for point in section.points for figure in recognise(point.text))
        figures += count
        placed += max(0, count - dropped)
        points += len(section.points)
        covered += sum(point.line not in lost and is_covered(point, draft.text) for point in section.points)
    return Coverage(points, covered, figures, placed)


def is_covered(point: Point, text: str) -> bool:
    """Whether the words of a point stand in a section's text."""
    own = pairs(point.text)
    return len(own & pairs(text)) >= _COVERED * len(own)
