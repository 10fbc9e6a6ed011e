"""The measures of GB/T 9704-2012 as Word styles. S = clause of the standard, P = practice, A = our arithmetic.

Fonts are named, never bundled: offices have them installed, and the font table names what may stand in for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from assistant.export.blocks import Block

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

# ---- page -------------------------------------------------------------------------------------------------------

TWIPS_PER_MM = 1440 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838  # A4 in twips (S)
TOP, LEFT = round(37 * TWIPS_PER_MM), round(28 * TWIPS_PER_MM)  # 天头 37 mm, 订口 28 mm (S)
BOTTOM, RIGHT = round(35 * TWIPS_PER_MM), round(26 * TWIPS_PER_MM)  # what 版心 156×225 mm leaves (A)
FOOTER = round(25 * TWIPS_PER_MM)  # puts the dash of the page number 7 mm below the text area (S, A)
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
BODY_SIZE = 16.0  # 3号 in points (S)
LINES, CHARS = 22, 28  # a page, a line; 一般 (S)
LINE_PITCH = 579  # twips; 580 would lose the 22nd line (A)
CHAR_SPACE = -848  # 1/4096 pt that the grid takes from every 16 pt character, so that 28 fit in 156 mm (A)
CHAR_WIDTH = TEXT_WIDTH / CHARS
# Line pitch and character pitch are also written into the styles: LibreOffice gives a character that is wider than its
# cell two cells, so its paragraphs must not follow the grid. −6 twips is the smallest step with which 28 fit there (A).
TIGHTENING = -6

# ---- fonts ------------------------------------------------------------------------------------------------------

TITLE_FONT, BODY_FONT, KAI_FONT, HEI_FONT, SONG_FONT = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "楷体_GB2312",
    "黑体",
    "宋体",
)
_STAND_INS = {
    TITLE_FONT: ("华文中宋,宋体,SimSun", "roman", "variable"),
    BODY_FONT: ("仿宋,FangSong", "modern", "fixed"),
    KAI_FONT: ("楷体,KaiTi", "modern", "fixed"),
    HEI_FONT: ("SimHei", "modern", "fixed"),
    SONG_FONT: ("SimSun", "auto", "variable"),
}

# ---- styles -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style.

    `size` in points, `before` and `after` in twips, `indent` of the first line in characters, `outline` from 0 as Word
    counts it; `grid` styles have the line pitch of the page.
    """

    identifier: str
    name: str
    font: str
    size: float = BODY_SIZE
    align: str = "both"
    indent: int = 0
    outline: int | None = None
    before: int = 0
    after: int = 0
    keep_next: bool = False
    based_on: str = "Normal"
    following: str = ""
    grid: bool = True
    built_in: bool = False


STYLES = (
    Style("GwTitle", "公文标题", TITLE_FONT, 22, "center", after=LINE_PITCH, keep_next=True, following="GwBody"),
    Style("GwAddressee", "主送机关", BODY_FONT, align="left", following="GwBody"),
    Style("GwHeading1", "一级标题", HEI_FONT, indent=2, outline=0, keep_next=True, following="GwBody"),
    Style("GwHeading2", "二级标题", KAI_FONT, indent=2, outline=1, keep_next=True, following="GwBody"),
    Style("GwHeading3", "三级标题", BODY_FONT, indent=2, outline=2, keep_next=True, following="GwBody"),
    Style("GwHeading4", "四级标题", BODY_FONT, indent=2, outline=3, keep_next=True, following="GwBody"),
    Style("GwBody", "公文正文", BODY_FONT, indent=2),
    Style("GwSignature", "发文机关署名", BODY_FONT, align="right", keep_next=True),
    Style("GwDate", "成文日期", BODY_FONT, align="right"),
    Style("GwTableHead", "表格表头", HEI_FONT, 12, "center", before=40, after=40, keep_next=True, grid=False),
    Style("GwTableText", "表格文字", BODY_FONT, 12, "center", before=40, after=40, grid=False),
    Style("GwPageNumber", "公文页码", SONG_FONT, 14, "right", grid=False),
    Style("CommentText", "annotation text", SONG_FONT, 10.5, "left", grid=False, built_in=True),
)
_OF_BLOCK = {
    "title": "公文标题",
    "addressee": "主送机关",
    "body": "公文正文",
    "signature": "发文机关署名",
    "date": "成文日期",
}
_OF_LEVEL = {1: "一级标题", 2: "二级标题", 3: "三级标题", 4: "四级标题"}
TABLE_STYLE, TABLE_HEAD, TABLE_TEXT, PAGE_NUMBER = "公文表格", "表格表头", "表格文字", "公文页码"


def style_of(block: Block) -> str:
    """Name of the paragraph style of a block."""
    return _OF_LEVEL[block.level] if block.kind == "heading" else _OF_BLOCK[block.kind]


def styles_xml() -> Iterator[str]:
    """Everything below `w:styles`: defaults, then one element for each style."""
    yield (
        f"<w:docDefaults {NS}><w:rPrDefault><w:rPr>{_fonts(BODY_FONT)}{_size(BODY_SIZE)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    yield (
        f'<w:style {NS} w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
        f'<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{LINE_PITCH}" w:lineRule="exact"/>'
        '<w:jc w:val="both"/></w:pPr>'
        f"<w:rPr>{_fonts(BODY_FONT)}{_size(BODY_SIZE)}</w:rPr></w:style>"
    )
    yield (
        f'<w:style {NS} w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    )
    yield (
        f'<w:style {NS} w:type="character" w:styleId="CommentReference"><w:name w:val="annotation reference"/>'
        f"<w:rPr>{_size(10.5)}</w:rPr></w:style>"
    )
    yield _table_style("TableNormal", "Normal Table", default=True)
    yield _table_style("GwTable", TABLE_STYLE)
    for style in STYLES:
        yield _paragraph_style(style)


def _paragraph_style(style: Style) -> str:
    indent = f'<w:ind w:firstLineChars="{style.indent * 100}" w:firstLine="{round(style.indent * CHAR_WIDTH)}"/>'
    own = "" if style.built_in else 'w:customStyle="1"'
    line = f'w:line="{LINE_PITCH}" w:lineRule="exact"' if style.grid else 'w:line="240" w:lineRule="auto"'
    parts = (
        "<w:keepNext/>" if style.keep_next else "",
        f'<w:spacing w:before="{style.before}" w:after="{style.after}" {line}/>',
        indent if style.indent else "",
        f'<w:jc w:val="{style.align}"/>',
        "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>',
    )
    return (
        f'<w:style {NS} w:type="paragraph" {own} w:styleId="{style.identifier}">'
        f'<w:name w:val="{style.name}"/><w:basedOn w:val="{style.based_on}"/>'
        f'<w:next w:val="{style.following or style.identifier}"/><w:qFormat/>'
        f"<w:pPr>{''.join(parts)}</w:pPr><w:rPr>{_fonts(style.font)}{_size(style.size)}</w:rPr></w:style>"
    )


def _table_style(identifier: str, name: str, default: bool = False) -> str:
    kind = 'w:default="1"' if default else 'w:customStyle="1"'
    edge = 'w:val="single" w:sz="4" w:space="0" w:color="000000"'
    edges = "".join(f"<w:{side} {edge}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    borders = "" if default else f"<w:tblBorders>{edges}</w:tblBorders>"
    margins = '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
    return (
        f'<w:style {NS} w:type="table" {kind} w:styleId="{identifier}"><w:name w:val="{name}"/>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{borders}{margins}</w:tblPr></w:style>'
    )


def _fonts(font: str) -> str:
    """One font for every script: digits, “”, — and …… would otherwise be shown in a Latin one."""
    name = quoteattr(font)
    return f'<w:rFonts w:ascii={name} w:hAnsi={name} w:eastAsia={name} w:cs={name} w:hint="eastAsia"/>'


def _size(points: float) -> str:
    half = round(points * 2)
    spacing = f'<w:spacing w:val="{TIGHTENING if points == BODY_SIZE else 0}"/>'
    return f'{spacing}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def section_grid_xml() -> str:
    """The document grid: 22 lines of 28 characters."""
    return f'<w:docGrid {NS} w:type="linesAndChars" w:linePitch="{LINE_PITCH}" w:charSpace="{CHAR_SPACE}"/>'


def font_table_xml() -> str:
    """The font table with what may stand in where a font is not installed."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
        for name, (others, family, pitch) in _STAND_INS.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {NS}>{fonts}</w:fonts>'


# ---- by characters ----------------------------------------------------------------------------------------------


def width(text: str) -> float:
    """Width in characters of the grid: ASCII takes half of one."""
    return sum(0.5 if ch.isascii() else 1.0 for ch in text)


def signature_indents(signature: str, date: str) -> tuple[float, float]:
    """Distance of signature and date from the right edge, in characters (S: 不加盖印章的公文).

    The signature keeps two characters from the edge and the date begins two characters to the right of its beginning;
    where the date would then come closer than two characters to the edge, it keeps two and the signature gives way.
    """
    if not signature:
        return 0.0, 2.0
    date_indent = width(signature) - width(date)
    if date_indent >= 2:
        return 2.0, date_indent
    return 4 + width(date) - width(signature), 2.0


def title_lines(title: str) -> list[str]:
    """A title in lines of like length where one is too short for it (S: 排列对称、长短适宜).

    It is broken before a year or 关于 where that does not make the lines too uneven.
    """
    room = TEXT_WIDTH / 20 / 22
    if width(title) <= room:
        return [title]
    wanted = -(-width(title) // room)
    breaks = [index for index in range(2, len(title) - 1) if _may_break(title, index)]
    best = min(
        (index for index in breaks if width(title[:index]) <= room),
        key=lambda index: abs(width(title[:index]) - width(title) / wanted) - 3 * _good_break(title, index),
        default=0,
    )
    return [title[:best], *title_lines(title[best:])] if best else [title]


def _may_break(title: str, index: int) -> bool:
    """Not inside a number or a word of Latin letters, and no closing mark at the start of a line."""
    before, after = title[index - 1], title[index]
    inside = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
    return not (inside or after in "年月日、，。；：”’）》〕" or before in "“‘（《〔第")


def _good_break(title: str, index: int) -> int:
    return int(title.startswith(("关于", "20", "19", "工作总结", "工作报告", "述职报告"), index))
