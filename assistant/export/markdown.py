"""A draft as Markdown: the form every other export starts from. Pure text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.records import Brief, Citation, Draft, DraftSection, Finding, Span

# What the head of a file may say about an official letter; other keys of the notes do not belong into the report.
ADDRESSEE = ("主送机关", "主送", "addressee")
SIGNATURE = ("署名", "落款", "发文机关", "signature")
DATE = ("成文日期", "日期", "date")
EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Rendered:
    """The Markdown of a draft, and where the body of each section begins in it."""

    text: str
    bodies: tuple[int, ...]


def to_markdown(draft: Draft, citations: bool = False) -> str:
    """The draft as Markdown.

    Args:
        draft: what to write.
        citations: append the list of past passages whose phrasing was offered to the model.
    """
    text = render(draft).text
    return text + _sources(draft) if citations else text


def render(draft: Draft) -> Rendered:
    """Title, headings by level, bodies word for word. `bodies[i]` is the offset of `draft.sections[i].text`."""
    text = _front(draft.brief) + f"# {draft.brief.title}\n"
    bodies = []
    for section in draft.sections:
        text += f"\n{'#' * min(section.level + 1, 6)} {section.heading}\n"
        text += "\n" if section.text else ""
        bodies.append(len(text))
        text += _body(section)
    return Rendered(text, tuple(bodies))


def placed_findings(draft: Draft, rendered: Rendered) -> list[Finding]:
    """All findings with spans in the rendered text. Spans of the whole-draft findings, whose text has no offsets there,
    are looked up by their words and dropped when these are not found once."""
    found = [_by_words(finding, rendered.text) for finding in draft.findings]
    for section, base in zip(draft.sections, rendered.bodies, strict=True):
        found += [_shifted(finding, base) for finding in section.findings]
    return found


def _body(section: DraftSection) -> str:
    """The text of a section with an empty line between its paragraphs left as the writer has it."""
    return f"{section.text}\n" if section.text else ""


def _front(brief: Brief) -> str:
    kept = {names[0]: brief.extra[key] for names in (ADDRESSEE, SIGNATURE, DATE) for key in names if key in brief.extra}
    return "".join(["---\n", *(f"{key}: {value}\n" for key, value in kept.items()), "---\n\n"]) if kept else ""


def _shifted(finding: Finding, base: int) -> Finding:
    span = finding.draft
    return finding if span is None else replace(finding, draft=Span(base + span.start, base + span.end, span.text))


def _by_words(finding: Finding, text: str) -> Finding:
    span = finding.draft
    if span is None or not span.text or text.count(span.text) != 1:
        return replace(finding, draft=None)
    start = text.index(span.text)
    return replace(finding, draft=Span(start, start + len(span.text), span.text))


def _sources(draft: Draft) -> str:
    """出处: one list per section, in the order in which the model saw them."""
    lines = ["\n---\n\n**出处**\n"]
    for section in draft.sections:
        if section.citations:
            lines.append(f"\n{section.heading}\n\n")
            lines += [_source(number, citation) for number, citation in enumerate(section.citations, 1)]
    return "".join(lines) if len(lines) > 1 else ""


def _source(number: int, citation: Citation) -> str:
    excerpt = " ".join(citation.text.split())
    excerpt = excerpt if len(excerpt) <= EXCERPT else excerpt[:EXCERPT] + "……"
    place = " › ".join((citation.document, *citation.heading_path))
    return f"{number}. {place}：{excerpt}\n"
