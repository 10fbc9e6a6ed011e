"""Blocks -> a Word document. Measures come from layout.py; nothing here knows where the text came from."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Twips

from assistant.export import layout
from assistant.export.blocks import Block, Piece
from assistant.records import Finding

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section, _Footer
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

_TO_FILL = re.compile(r"【待补[^】\n]*】")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WORD = {"error": "错误", "warning": "提示", "info": "说明"}
REVIEWER, INITIALS = "拟稿核对", "核"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A run in the document and the stretch of the source that it shows."""

    run: Run
    start: int
    end: int


class _Writer:
    """Puts blocks into the document and remembers where every run came from."""

    def __init__(self, document: WordDocument, cuts: Sequence[int]) -> None:
        self._document = document
        self._cuts = sorted(set(cuts))
        self.placed: list[_Placed] = []

    def write(self, blocks: Sequence[Block]) -> None:
        for index, block in enumerate(blocks):
            if block.kind == "table":
                self._table(block)
            elif block.kind == "title":
                self._title(block)
            elif block.kind in ("signature", "date"):
                self._closing(block, blocks, index)
            elif block.kind != "rule":
                self._fill(self._document.add_paragraph(style=layout.style_of(block)), block.pieces)

    def _fill(self, paragraph: Paragraph, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            for part in _cut(piece, self._cuts):
                self._add(paragraph, part)

    def _add(self, paragraph: Paragraph, piece: Piece) -> None:
        run = paragraph.add_run(_UNPRINTABLE.sub("", piece.text))
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
        if piece.bold:
            run.bold = True
        if _TO_FILL.fullmatch(piece.text):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        if piece.start >= 0:
            self.placed.append(_Placed(run, piece.start, piece.start + len(piece.text)))

    def _title(self, block: Block) -> None:
        paragraph = self._document.add_paragraph(style=layout.style_of(block))
        left = list(block.pieces)
        for number, line in enumerate(layout.title_lines(block.text)):
            if number:
                paragraph.add_run().add_break()
            left = self._take(paragraph, left, len(line))

    def _take(self, paragraph: Paragraph, pieces: list[Piece], length: int) -> list[Piece]:
        """Writes `length` characters of the pieces; returns what is left of them."""
        while pieces and length > 0:
            head = pieces[0]
            now, later = head.text[:length], head.text[length:]
            self._fill(paragraph, [replace(head, text=now)])
            length -= len(now)
            start = head.start + len(now) if head.start >= 0 else -1
            pieces = ([replace(head, text=later, start=start)] if later else []) + pieces[1:]
        return pieces

    def _closing(self, block: Block, blocks: Sequence[Block], index: int) -> None:
        signature = next((b.text for b in blocks if b.kind == "signature"), "")
        date = next((b.text for b in blocks if b.kind == "date"), "")
        if index and blocks[index - 1].kind not in ("signature", "date"):
            self._document.add_paragraph(style="公文正文")  # one empty line above (S)
        indents = layout.signature_indents(signature, date)
        paragraph = self._document.add_paragraph(style=layout.style_of(block))
        _indent_by_characters(paragraph, "right", indents[0 if block.kind == "signature" else 1])
        self._fill(paragraph, block.pieces)

    def _table(self, block: Block) -> None:
        columns = max(len(row) for row in block.rows)
        table = self._document.add_table(rows=len(block.rows), cols=columns, style=layout.TABLE_STYLE)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        widths = _column_widths(block, columns)
        for number, (row, cells) in enumerate(zip(table.rows, block.rows, strict=True)):
            properties = row._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if number == 0:
                properties.append(OxmlElement("w:tblHeader"))
            for at, cell in enumerate(row.cells):
                cell.width = Twips(widths[at])
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
                paragraph = cell.paragraphs[0]
                paragraph.style = layout.TABLE_HEAD if number == 0 else layout.TABLE_TEXT
                self._fill(paragraph, cells[at] if at < len(cells) else ())
        for column, size in zip(table.columns, widths, strict=True):
            column.width = Twips(size)


def build(blocks: Sequence[Block], findings: Sequence[Finding] = ()) -> WordDocument:
    """A document in official layout with the findings as comments.

    Args:
        blocks: what parse_blocks made of the text.
        findings: their spans are offsets into that text; those without one are attached to the title.
    """
    document = _blank(blocks)
    cuts = [edge for finding in findings if finding.draft for edge in (finding.draft.start, finding.draft.end)]
    writer = _Writer(document, cuts)
    writer.write(blocks)
    for finding in findings:
        runs = _runs_of(finding, writer.placed)
        if runs:
            document.add_comment(runs, text=_UNPRINTABLE.sub("", _comment(finding)), author=REVIEWER, initials=INITIALS)
    return document


# ---- the empty document -----------------------------------------------------------------------------------------


def _blank(blocks: Sequence[Block]) -> WordDocument:
    document = Document()
    _replace_styles(document)
    _replace_font_table(document)
    _drop_leftovers(document)
    _set_page(document.sections[0])
    document.settings.odd_and_even_pages_header_footer = True
    document.settings.element.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    document.settings.element.find(qn("w:zoom")).set(qn("w:percent"), "100")
    _number_pages(document.sections[0])
    properties = document.core_properties
    properties.title = next((_UNPRINTABLE.sub("", b.text)[:200] for b in blocks if b.kind == "title"), "")
    properties.author, properties.comments = "拟稿", ""
    properties.created = properties.modified = datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)
    return document


def _replace_styles(document: WordDocument) -> None:
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)
    for xml in layout.styles_xml():
        styles.append(parse_xml(xml))


def _replace_font_table(document: WordDocument) -> None:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = layout.font_table_xml().encode("utf-8")


def _drop_leftovers(document: WordDocument) -> None:
    """The library's template brings a picture of an empty page and a second copy of its styles."""
    for rels, name in ((document.part.rels, "/stylesWithEffects"), (document.part.package.rels, "/thumbnail")):
        for key in [key for key, relation in rels.items() if relation.reltype.endswith(name)]:
            rels.pop(key)


def _set_page(section: Section) -> None:
    section.page_width, section.page_height = Twips(layout.PAGE_WIDTH), Twips(layout.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Twips(layout.TOP), Twips(layout.BOTTOM)
    section.left_margin, section.right_margin = Twips(layout.LEFT), Twips(layout.RIGHT)
    section.footer_distance = Twips(layout.FOOTER)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    section._sectPr.append(parse_xml(layout.section_grid_xml()))


def _number_pages(section: Section) -> None:
    """— 1 — with one character of air at the outer edge: right on odd pages, left on even ones (S)."""
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        _page_number(footer, side)


def _page_number(footer: _Footer, side: str) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = layout.PAGE_NUMBER
    justify = OxmlElement("w:jc")
    justify.set(qn("w:val"), side)
    paragraph._p.get_or_add_pPr().append(justify)
    _indent_by_characters(paragraph, side, 1)
    for kind, text in (("text", "— "), ("begin", ""), ("instr", "PAGE"), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run(text if kind == "text" else "")
        if kind == "instr":
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)
        elif kind != "text":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
    paragraph.add_run(" —")


def _indent_by_characters(paragraph: Paragraph, side: str, characters: float) -> None:
    """An indent in characters, with its length beside it for programs that know only lengths."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn(f"w:{side}Chars"), str(round(characters * 100)))
    indent.set(qn(f"w:{side}"), str(round(characters * layout.CHAR_WIDTH)))


def _column_widths(block: Block, columns: int) -> list[int]:
    """Twips for each column, by its longest cell within reason, over the full width of the text."""
    longest = [
        max((layout.width("".join(p.text for p in row[at])) for row in block.rows if at < len(row)), default=0)
        for at in range(columns)
    ]
    weights = [min(max(length, 3.0), 16.0) + 1 for length in longest]
    return [int(layout.TEXT_WIDTH * weight / sum(weights)) for weight in weights]


# ---- runs and comments ------------------------------------------------------------------------------------------


def _cut(piece: Piece, cuts: Sequence[int]) -> Iterator[Piece]:
    """The piece in parts, cut at the edges of findings and around 【待补：…】."""
    edges = {0, len(piece.text)}
    edges.update(edge for match in _TO_FILL.finditer(piece.text) for edge in match.span())
    if piece.start >= 0:
        inner = range(piece.start + 1, piece.start + len(piece.text))
        edges.update(cut - piece.start for cut in cuts if cut in inner)
    ordered = sorted(edges)
    for start, end in itertools.pairwise(ordered):
        offset = piece.start + start if piece.start >= 0 else -1
        yield replace(piece, text=piece.text[start:end], start=offset)


def _runs_of(finding: Finding, placed: Sequence[_Placed]) -> list[Run]:
    """The runs a finding speaks of; the next one where its span shows nothing, the first without a span."""
    if finding.draft is None:
        return [item.run for item in placed[:1]]
    start, end = finding.draft.start, finding.draft.end
    hit = [item.run for item in placed if item.start < end and item.end > start]
    if hit:
        return hit
    after = [item.run for item in placed if item.start >= start]
    return after[:1] or [item.run for item in placed[-1:]]


def _comment(finding: Finding) -> str:
    lines = [f"【{_WORD[finding.severity]}】{finding.message}"]
    if finding.note is not None:
        lines.append(f"要点第{finding.note.line}行：{finding.note.text}")
    if finding.past is not None:
        lines.append(f"往年《{finding.past.document}》：{finding.past.text}")
    if finding.formula:
        lines.append(f"算式：{finding.formula}")
    if finding.suggestion is not None:
        lines.append(f"建议改为：{finding.suggestion}" if finding.suggestion else "建议删去。")
    return "\n".join(lines)
