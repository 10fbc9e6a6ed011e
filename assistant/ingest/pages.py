"""Lines as they stand on pages -> paragraphs: running heads and page numbers out, lines joined, garbage refused.

Knows nothing about PDF: the readers of .pdf and .ofd and the text recognition hand over positioned lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.errors import InputError
from assistant.ingest.layout import Reading


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its text, its box (origin top left, any unit) and the height of its characters."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one page in reading order, with the size of the page in the same unit."""

    lines: tuple[Line, ...]
    width: float
    height: float


_PAGE_NUMBER = re.compile(r"^[-—–－一·•~\s]*第?\s*\d{1,4}\s*页?\s*([/／]|共)?\s*\d{0,4}\s*页?[-—–－一·•~\s]*$")
_CONTENTS_LINE = re.compile(r"[.．…·・]{4,}\s*\d{1,4}$")
_MARKER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)|"
    r"第[一二三四五六七八九十]+[章节部条])"
)
_ENDS = "。！？；：…”）)"


def in_reading_order(lines: Sequence[Line], width: float) -> list[Line]:
    """Lines top to bottom, pieces of one printed line joined; the left column of a two-column page before the right."""
    if _has_two_columns(lines, width):
        middle = width / 2
        wide = [line for line in lines if line.left < middle - 20 and line.right > middle + 20]
        top = min((line.top for line in lines if line not in wide), default=0.0)
        heads = [line for line in wide if line.bottom <= top + line.size]
        left = [line for line in lines if line not in heads and (line.left + line.right) / 2 <= middle]
        right = [line for line in lines if line not in heads and (line.left + line.right) / 2 > middle]
        return _rows(heads) + _rows(left) + _rows(right)
    return _rows(lines)


def _has_two_columns(lines: Sequence[Line], width: float) -> bool:
    middle = width / 2
    left = [line for line in lines if line.right <= middle + 5 and line.right - line.left > width * 0.25]
    right = [line for line in lines if line.left >= middle - 5 and line.right - line.left > width * 0.25]
    crossing = len(lines) - sum(line.right <= middle + 5 or line.left >= middle - 5 for line in lines)
    return len(left) >= 8 and len(right) >= 8 and crossing <= 0.15 * len(lines)


def _rows(lines: Sequence[Line]) -> list[Line]:
    """Sort by height on the page; lines that share their height are pieces of one, left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: ((item.top + item.bottom) / 2, item.left)):
        last = rows[-1] if rows else []
        anchor = max(last, key=lambda item: item.size) if last else None
        if anchor and min(anchor.bottom, line.bottom) - max(anchor.top, line.top) > 0.6 * min(anchor.size, line.size):
            last.append(line)
        else:
            rows.append([line])
    return [_joined_row(sorted(row, key=lambda item: item.left)) for row in rows]


def _joined_row(row: Sequence[Line]) -> Line:
    text = row[0].text
    for before, after in pairwise(row):
        text += (" " if after.left - before.right > 1.5 * max(after.size, 1.0) else "") + after.text
    return Line(
        text,
        row[0].left,
        min(x.top for x in row),
        max(x.right for x in row),
        max(x.bottom for x in row),
        max(x.size for x in row),
    )


def pages_to_reading(pages: Sequence[Page]) -> Reading:
    """Join the lines of all pages into paragraphs, across page breaks too."""
    furniture = _running_heads(pages)
    kept = [Page(tuple(_body_lines(page, furniture)), page.width, page.height) for page in pages]
    margin = _right_margin(kept)
    left = _left_margin(kept)
    reading = Reading()
    pending = ""
    previous: Line | None = None
    for page in kept:
        for line in page.lines:
            if previous is not None and _starts_paragraph(previous, line, left, margin):
                reading.add(pending)
                pending = ""
            pending = _glue(pending, line.text)
            previous = line
    reading.add(pending)
    return reading


def _body_lines(page: Page, furniture: frozenset[str]) -> Iterator[Line]:
    for line in page.lines:
        in_margin = line.bottom < page.height * 0.12 or line.top > page.height * 0.86
        if in_margin and (_PAGE_NUMBER.match(line.text) or _shape(line.text) in furniture):
            continue
        if _CONTENTS_LINE.search(line.text):
            continue
        yield line


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", "".join(text.split()))


def _running_heads(pages: Sequence[Page]) -> frozenset[str]:
    """Texts that stand in the top or bottom margin of at least three pages, and of a third of them."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update(
            {
                _shape(line.text)
                for line in page.lines
                if line.bottom < page.height * 0.12 or line.top > page.height * 0.88
            }
        )
    return frozenset(shape for shape, count in counts.items() if count >= 3 and count * 3 >= len(pages))


def _right_margin(pages: Sequence[Page]) -> float:
    """The right edge that full lines share; where none is shared, the upper decile."""
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return 0.0
    step = max(1.0, sorted(line.size for line in lines)[len(lines) // 2] / 2)
    place, count = Counter(round(line.right / step) for line in lines).most_common(1)[0]
    if count >= max(3, 0.15 * len(lines)):
        return place * step
    return sorted(line.right for line in lines)[int(len(lines) * 0.9)]


def _left_margin(pages: Sequence[Page]) -> float:
    lefts = sorted(line.left for page in pages for line in page.lines)
    return lefts[int(len(lefts) * 0.15)] if lefts else 0.0


def _starts_paragraph(previous: Line, line: Line, left: float, right: float) -> bool:
    size = max(previous.size, 1.0)
    if abs(line.size - previous.size) > 0.2 * size:
        return True
    indented = line.left > left + 0.8 * line.size
    if previous.left > left + 3 * size and previous.right < right - 3 * size:  # centred, as titles are
        return True
    if previous.right < right - 2.5 * size:
        return indented or previous.text[-1:] in _ENDS or previous.right < right - 7 * size
    if line.left > left + 1.2 * line.size:
        return True
    return bool(_MARKER.match(line.text)) and previous.text[-1:] in _ENDS


def _glue(text: str, addition: str) -> str:
    """Join two lines: no space between Chinese, one between Latin words, a hyphen at a Latin line end dropped."""
    if not text or not addition:
        return text + addition
    if text[-1] == "-" and text[-2:-1].isascii() and text[-2:-1].isalpha() and addition[0].isascii():
        return text[:-1] + addition
    latin = text[-1].isascii() and text[-1].isalpha() and addition[0].isascii() and addition[0].isalpha()
    return f"{text} {addition}" if latin else text + addition


def refuse_garbage(text: str) -> None:
    """Refuse text that a broken font table has scrambled.

    Raises:
        InputError: too few characters are ones that Chinese prose uses.
    """
    characters = [ch for ch in text if not ch.isspace()]
    if len(characters) < 20:
        return
    odd = sum(_is_odd(ch) for ch in characters)
    odd = odd if odd > 10 else 0  # a few are bullets of a symbol font
    han = [ch for ch in characters if "\u3400" <= ch <= "\u9fff"]
    rare = sum(not _is_common(ch) for ch in han)
    if odd > 0.1 * len(characters) or (len(han) > 50 and rare > 0.2 * len(han)) or _is_scrambled(characters, han):
        raise InputError(
            "文件的文字层是乱码（字体没有正确的编码表），不能入库：请用原始的 Word 文件，"
            "或把它当扫描件做文字识别后再导入。"
        )


def _is_odd(ch: str) -> bool:
    code = ord(ch)
    return ch == "\ufffd" or code < 0x20 or 0xE000 <= code <= 0xF8FF or 0x80 <= code < 0xA0 or code >= 0xF0000


def _is_common(ch: str) -> bool:
    """Level 1 of GB 2312 (3,755 characters), or a traditional character of Big5's level 1."""
    try:
        return ch.encode("gb2312") < b"\xd8\xa1"
    except UnicodeEncodeError:
        pass
    try:
        return b"\xa4\x40" <= ch.encode("big5") <= b"\xc6\x7e"
    except UnicodeEncodeError:
        return False


_GRAMMAR = frozenset("的和在是一了有不为与中上等对以年工作人大发展进行加强地实现全会国")


def _is_scrambled(characters: Sequence[str], han: Sequence[str]) -> bool:
    """Chinese prose cannot do without its grammar words, nor a report without Chinese characters between the digits."""
    if len(han) >= 200:
        return sum(ch in _GRAMMAR for ch in han) < 0.03 * len(han)
    latin_supplement = sum("\u00a1" <= ch <= "\u024f" for ch in characters)
    return latin_supplement > 0.3 * len(characters)
