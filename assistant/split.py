"""Document -> passages along its structure. Door to langchain-text-splitters, for sentences that are over-long.

A passage is one paragraph, several short ones, or a part of a long one; it never crosses a heading, and
`document.text[passage.start:passage.end] == passage.text` always.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.records import Document, Heading, Passage
from assistant.structure import section_role, title_block_end

MAX_LENGTH = 500
"""Characters a passage may have; paragraphs up to this length stay whole."""
MIN_LENGTH = 100
"""Characters below which a paragraph is joined with its neighbour under the same heading."""

_BLOCK = 5000

_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?[”’」』）)]*")
_ITEM = re.compile(r"(?:[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[，、])")
_TURN = re.compile(r"(?:各位代表|各位委员|同志们)[！!，,：:]")
_SALUTATION = re.compile(r"^(?:尊敬的)?(?:各位|同志们|女士们)[^。]{0,20}[：:！!]$|^[（(]?以下简称")

Span = tuple[int, int]


def split(document: Document) -> list[Passage]:
    """Cut a document into passages of about 100 to 500 characters, each with its heading path and role."""
    passages: list[Passage] = []
    length = max(1, len(document.text))
    for path, spans in _addressed(document):
        for start, end in _packed(document.text, spans):
            text = document.text[start:end]
            passages.append(
                Passage(
                    passage_id=f"{document.document_id}#{len(passages) + 1:04d}",
                    document_id=document.document_id,
                    start=start,
                    end=end,
                    text=text,
                    heading_path=path,
                    role=section_role(text, path, start / length),
                )
            )
    return passages


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], list[Span]]]:
    """The paragraphs below each heading, with it when it is glued to the first, without it when it stands alone."""
    stack: list[Heading] = []
    for heading, start, end in _stretches(document):
        if heading is not None:
            while stack and stack[-1].level >= heading.level:
                stack.pop()
            stack.append(heading)
        spans = [span for span in _paragraphs(document.text, start, end) if not _is_skipped(document, heading, span)]
        if spans:
            yield tuple(item.text for item in stack), spans


def _addressed(document: Document) -> Iterator[tuple[tuple[str, ...], list[Span]]]:
    """Sections, with what follows 各位代表！ inside a lower section given to the upper one: the speaker has turned to it."""
    for path, spans in _sections(document):
        turn = next((i for i, (start, _) in enumerate(spans) if i and _TURN.match(document.text, start)), 0)
        if len(path) < 2 or not turn:
            yield path, spans
        else:
            yield path, spans[:turn]
            yield path[:1], spans[turn:]


def _stretches(document: Document) -> Iterator[tuple[Heading | None, int, int]]:
    ends = [*(heading.start for heading in document.headings), len(document.text)]
    begin = title_block_end(document.text)
    if ends[0] > begin:
        yield None, begin, ends[0]
    for heading, end in zip(document.headings, ends[1:], strict=True):
        yield heading, heading.start, end


def _paragraphs(text: str, start: int, end: int) -> Iterator[Span]:
    position = start
    for line in text[start:end].split("\n"):
        left = position + len(line) - len(line.lstrip())
        right = position + len(line.rstrip())
        if right > left:
            yield left, right
        position += len(line) + 1


def _is_skipped(document: Document, heading: Heading | None, span: Span) -> bool:
    text = document.text[span[0] : span[1]]
    if heading is not None and span[0] == heading.start and len(text) - len(heading.text) <= 1:
        return True
    return text == document.title or bool(_SALUTATION.match(text))


def _packed(text: str, spans: list[Span]) -> Iterator[Span]:
    """Join short neighbours, cut long paragraphs."""
    pending: Span | None = None
    for start, end in spans:
        if pending is not None:
            short = pending[1] - pending[0] < MIN_LENGTH or end - start < MIN_LENGTH
            if short and end - pending[0] <= MAX_LENGTH:
                pending = (pending[0], end)
                continue
            yield pending
            pending = None
        if end - start > MAX_LENGTH:
            *whole, pending = _cut(text, start, end)
            yield from whole
        else:
            pending = (start, end)
    if pending is not None:
        yield pending


def _cut(text: str, start: int, end: int) -> list[Span]:
    """Cut a long paragraph into parts of similar length at sentence ends, before 二是 where that is near."""
    sentences = [span for unit in _sentences(text, start, end) for span in _pieces(text, *unit)]
    parts: list[Span] = []
    begin = start
    for index, (left, _) in enumerate(sentences):
        count = -(-(end - begin) // MAX_LENGTH)
        target = (end - begin) / count
        next_end = sentences[index][1]
        over = next_end - begin - target
        if left > begin and over > 0 and (next_end - begin > MAX_LENGTH or over > target - (left - begin)):
            parts.append((begin, left))
            begin = left
    parts.append((begin, end))
    return parts


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    position = start
    for found in _SENTENCE.finditer(text, start, end):
        if found.end() > position:
            yield position, found.end()
            position = found.end()


def _pieces(text: str, start: int, end: int) -> list[Span]:
    if end - start <= MAX_LENGTH:
        return [(start, end)]
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=["，", "、", " ", ""],
        keep_separator="end",
        chunk_size=MAX_LENGTH,
        chunk_overlap=0,
        add_start_index=True,
        strip_whitespace=False,
    )
    starts = [
        block + found.metadata["start_index"]
        for block in range(start, end, _BLOCK)  # the splitter's time grows with the square of its input
        for found in splitter.create_documents([text[block : min(block + _BLOCK, end)]])
    ]
    return list(zip(starts, [*starts[1:], end], strict=True))
