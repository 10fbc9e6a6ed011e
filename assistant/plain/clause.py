"""The order of the rules, and the protection of what they must not touch."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from assistant.plain.labels import open_labels
from assistant.plain.levels import fell, with_levels
from assistant.plain.marks import letter_boxes, mended
from assistant.plain.order import verb_first
from assistant.plain.signs import write_signs
from assistant.plain.units import latin_units, share_units
from assistant.plain.verbs import with_verbs
from assistant.plain.words import drop_memos, formal_words

_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」|《[^》]*》|〔[^〕]*〕|【[^】]*】")
_HELD_BASE = 0xE000  # private use characters stand for quoted terms while the rules run
_HALF = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？"})
_HALF_MARK = re.compile(r"(?<=[^\x00-\x7f])[,;:()?]|[,;:()?](?=[^\x00-\x7f])")
_MONEY_ROW = re.compile(r"^(?P<name>[^\d，；]{3,}?)(?P<value>\d[\d.,]*(?:万|亿)元)")
_REACHED = re.compile(r"^(?P<name>[^\d，；]{2,}?)(?:达到|为)(?=\d)")


def clause(text: str, known: Collection[str] = ()) -> str:
    """One bullet as a clause without a closing mark.

    Args:
        text: the bullet (`Point.text`).
        known: other bullets of the notes, for opening short forms the way the notes write them elsewhere.
    """
    held: list[str] = []
    text = letter_boxes(drop_memos(share_units(_half_width(text.strip()))))
    text = _QUOTED.sub(lambda match: _hold(held, match.group()), text)
    text = formal_words(write_signs(latin_units(open_labels(text))), known)
    text = with_levels(with_verbs(verb_first(_tidy(text))), known)
    text = mended(text)
    return re.sub(r"[\ue000-\uefff]", lambda match: held[ord(match.group()) - _HELD_BASE], text)


def table_clause(rows: Sequence[str]) -> str:
    """Rows of one table as one sentence; the first of them has a verb, which the others share."""
    first, *others = (row.strip("。；") for row in rows)
    match = _MONEY_ROW.match(first)
    if match and not _REACHED.match(first):
        first = f"{match['name']}{'为' if fell(match) else '达到'}{first[match.start('value') :]}"
    return "；".join((first, *(_REACHED.sub(r"\g<name>", row) for row in others)))


def _hold(held: list[str], quoted: str) -> str:
    held.append(quoted)
    return chr(_HELD_BASE + len(held) - 1)


def _half_width(text: str) -> str:
    """Half-width marks between Chinese characters; 1,234 and 10:30 stay."""
    return _HALF_MARK.sub(lambda match: match.group().translate(_HALF), text)


def _tidy(text: str) -> str:
    text = re.sub(r"\s+(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])\s+", "", text)
    text = re.sub(r"[，；、]+(?=[，；。])", "", text)
    return text.strip("，；、。 .")
