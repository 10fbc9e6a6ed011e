"""Normalisation before matching, with a map back to the text as written.

No blanket NFKC: it would turn ① into 1, ㎡ into m2 and ½ into 1⁄2. One table for single characters, and a few kinds of
characters are dropped (zero-width, Markdown marks, thousands separators, blanks between a number and what follows).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TABLE = {ord("０") + i: ord("0") + i for i in range(10)}
_TABLE |= {ord("Ａ") + i: ord("A") + i for i in range(26)} | {ord("ａ") + i: ord("a") + i for i in range(26)}
_TABLE |= {
    ord(a): ord(b) for a, b in zip("％．＋－−﹢／（）〇○：；，！？∶﹪", "%.+--+/()零零：；，！？：%", strict=True)
}
_TABLE |= {0x3000: 0x20, 0xA0: 0x20, 0x2009: 0x20, 0x202F: 0x20, 0x2002: 0x20, 0x2003: 0x20}
_DROP = re.compile(
    r"[\u200b-\u200d\ufeff]|\*\*|__|`"
    r"|(?<=\d)[,，](?=\d{3}(?:[,，]\d{3})*(?!\d|[,，]\d))"
    r"|(?<=\d) (?=\d{3}(?: \d{3})*(?![\d.年-]))"
    r"|(?<=[\d%]) (?=[一-鿿%‰])|(?<=[一-鿿]) (?=\d)"
)
_LETTER_NOUGHT = re.compile(
    r"(?<=[一二])[Oo0](?=[零Oo0一二三四五六七八九]{2}年)|(?<=[一二][零Oo])[Oo0](?=[一二三四五六七八九]年)"
)
_MEASURE = r"(?:[元人户家个件次份条篇斤吨亩米株棵头只羽台辆套把本册张名位场期处座]|美元|公斤|公里|平方|立方|千瓦|[余多来](?=[一-鿿]))"
_SHORTHAND = re.compile(
    r"(?<![A-Za-z0-9./_])(?<![A-Za-z]-)(?P<number>\d[\d,]*(?:\.\d+)?)"
    rf"(?:(?P<any>[wWkK])(?={_MEASURE})|(?P<small>[wk])(?=$|[，。；、）,;)\s]))"
)
_NO_SHORTHAND = re.compile(r"(?:功率|分辨率|速率|带宽|型号|编号|灯)[^，。；、]{0,4}$")
_HAS_SHORTHAND = re.compile(r"\d[wWkK]")
_SCALE_WORDS = {"w": "万", "k": "千"}
_NEEDS_DROP = re.compile(r"[\u200b-\u200d\ufeff`,， ]|\*\*|__")


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised `text`; `origin[i]` is the offset of its character i in the source (None: the same offsets)."""

    text: str
    origin: list[int] | None

    def source_start(self, index: int) -> int:
        """Offset in the source of the normalised offset `index` where a span starts."""
        return index if self.origin is None else self.origin[index]

    def source_end(self, index: int) -> int:
        """Offset in the source just behind the normalised character before `index`."""
        return index if self.origin is None else self.origin[index - 1] + 1


def spell_scales(text: str) -> str:
    """2.1w人 -> 2.1万人, 5k元 -> 5千元: the letters that note-takers write for 万 and 千, character for character.

    A capital counts only before a measure word (100W and 4K are a power and a resolution), and no letter counts inside
    a code (A3w), before another letter (100kW, 5km, 10kg) or after a word like 功率.
    """
    if _HAS_SHORTHAND.search(text) is None:
        return text
    return _SHORTHAND.sub(_spelt, text)


def _spelt(match: re.Match[str]) -> str:
    if _NO_SHORTHAND.search(match.string, max(0, match.start() - 8), match.start()):
        return match.group()
    return match["number"] + _SCALE_WORDS[(match["any"] or match["small"]).lower()]


_BRACKETED_BUILD = re.compile(r"(?<=[(（][改扩续迁重])、(?=[改扩续迁重][)）]建)")


def normalise(text: str) -> Normalised:
    """Normalise `text` for matching. Linear; keeps a map only when characters had to be dropped."""
    plain = _LETTER_NOUGHT.sub("零", spell_scales(text.translate(_TABLE)))
    plain = _BRACKETED_BUILD.sub("/", plain)  # 新（改、扩）建 is one word
    if _NEEDS_DROP.search(plain) is None:
        return Normalised(plain, None)
    pieces: list[str] = []
    origin: list[int] = []
    last = 0
    for match in _DROP.finditer(plain):
        if match[0] in ",，" and _not_thousands(plain, match.start()):
            continue
        pieces.append(plain[last : match.start()])
        origin.extend(range(last, match.start()))
        last = match.end()
    if not pieces:
        return Normalised(plain, None)
    pieces.append(plain[last:])
    origin.extend(range(last, len(plain)))
    return Normalised("".join(pieces), origin)


def _not_thousands(text: str, comma: int) -> bool:
    """Whether the digits before the comma rule out a thousands separator (more than three, or a decimal, or a year)."""
    start = comma
    while start and comma - start < 12 and (text[start - 1].isdigit() or text[start - 1] in ",，"):
        start -= 1
    head = re.split("[,，]", text[start:comma])
    if start and text[start - 1] == ".":
        return True
    return not head[0] or len(head[0]) > 3 or any(len(part) != 3 for part in head[1:])
