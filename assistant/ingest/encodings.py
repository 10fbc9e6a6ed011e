"""Bytes of a text file -> text. Knows UTF-8, UTF-16, UTF-32, GB18030 (with GBK and GB2312) and Big5, nothing else."""

from __future__ import annotations

import codecs

from assistant.errors import InputError

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

# The most frequent characters of written Chinese in both scripts: text decoded with the wrong table has few of them.
_FREQUENT = frozenset(
    "的一是了在不和有大这中人上为个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方"
    "后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它"
    "合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又利比或但质第向道命此变条只没"
    "结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老基资边流路"
    "级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处理府局市县委推安全改落促保"
    "這個來們發動為國產種後學經過進著電體機當從業應開還無軍質問題條結見級計別將組統長運農強決戰處實現與關義樣線間"
    "數總務項辦續環標確術訊調查據歷網項覽觀點較類聯擴優護"
)

_DAMAGE_LIMIT = 0.001
"""Share of characters that may be unreadable before a file counts as damaged."""


def decode(data: bytes) -> tuple[str, str, str | None]:
    """Decode a text file.

    Returns:
        The text with plain line feeds, the name of its encoding, and a warning when single characters were unreadable.

    Raises:
        InputError: the bytes are no text in any of the known encodings.
    """
    name = _encoding_of(data)
    try:
        text, warning = data.decode(name), None
    except UnicodeDecodeError:
        text = data.decode(name, errors="replace")
        damaged = text.count("\ufffd")
        if damaged > max(3, len(text) * _DAMAGE_LIMIT):
            raise InputError(
                "认不出文字编码（已试 UTF-8、UTF-16、GB18030、Big5）：请用记事本打开，另存为 UTF-8 后再试。"
            ) from None
        warning = f"有 {damaged} 处字符损坏，已用“\ufffd”代替，请核对。"
    if "\x00" in text.rstrip("\x00"):
        raise InputError("文件里是二进制数据，不是文字：请确认文件没有损坏，或者改用 .docx、.pdf、.txt 格式。")
    return text.rstrip("\x00").replace("\r\n", "\n").replace("\r", "\n"), name, warning


def _encoding_of(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if unmarked := _utf16_without_mark(data):
        return unmarked
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data[:1_000_000])
    except UnicodeDecodeError as error:
        # A UTF-8 file with a few spoilt bytes is still UTF-8: GB18030 would turn all of it into wrong characters.
        return "utf-8" if _mostly_utf8(data, error) else _double_byte(data)
    return "utf-8"


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 without a byte order mark shows in line feeds and ASCII, which have a zero byte on one side."""
    sample = data[:20_000]
    if len(data) % 2 or b"\x00" not in sample:
        return None
    candidates = {name: _score(sample.decode(name, errors="replace")) for name in ("utf-16-le", "utf-16-be")}
    best = max(candidates, key=lambda name: candidates[name])
    return best if candidates[best] > 0.2 or _zeros_alternate(sample, best) else None


def _zeros_alternate(sample: bytes, name: str) -> bool:
    high = sample[1::2] if name == "utf-16-le" else sample[::2]
    return high.count(0) > 0.7 * len(high)


def _mostly_utf8(data: bytes, error: UnicodeDecodeError) -> bool:
    sample = data[:200_000].decode("utf-8", errors="replace")
    return len(sample) > 20 and error.start > 0 and sample.count("\ufffd") <= len(sample) * 0.02


def _double_byte(data: bytes) -> str:
    sample = data[:40_000]
    scores = {name: _score(sample.decode(name, errors="replace")) for name in ("gb18030", "big5hkscs")}
    return "big5hkscs" if scores["big5hkscs"] > scores["gb18030"] + 0.05 else "gb18030"


def _score(text: str) -> float:
    """Share of frequent characters among those outside ASCII; unreadable ones count against it."""
    foreign = [ch for ch in text if ch > "\x7f"]
    if not foreign:
        return 0.0
    good = sum(ch in _FREQUENT for ch in foreign)
    return (good - foreign.count("\ufffd")) / len(foreign)
