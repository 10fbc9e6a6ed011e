"""The order of the rules, and the protection of what they must not touch."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from assistant.plain.labels import open_labels
from assistant.plain.signs import write_signs
from assistant.plain.units import latin_units, share_units
from assistant.plain.verbs import with_verbs
from assistant.plain.words import drop_memos, formal_words

_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」|《[^》]*》|〔[^〕]*〕|【[^】]*】")
_HELD_BASE = 0xE000  # private use characters stand for quoted terms while the rules run
_HALF = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？"})
_HALF_MARK = re.compile(r"(?<=[^\x00-\x7f])[,;:()?]|[,;:()?](?=[^\x00-\x7f])")
_MONEY_ROW = re.compile(r"^(?P<name>[^\d，；]{3,}?)(?P<value>\d[\d.,]*(?:万|亿)元)")


def clause(text: str, known: Collection[str] = ()) -> str:
    """One bullet as a clause without a closing mark.

    Args:
        text: the bullet (`Point.text`).
        known: other bullets of the notes, for opening short forms the way the notes write them elsewhere.
    """
    held: list[str] = []
    text = drop_memos(share_units(_half_width(text.strip())))
    text = _QUOTED.sub(lambda match: _hold(held, match.group()), text)
    text = formal_words(write_signs(latin_units(open_labels(text))), known)
    text = with_verbs(_tidy(text))
    return re.sub(r"[\ue000-\uefff]", lambda match: held[ord(match.group()) - _HELD_BASE], text)


def table_clause(rows: Sequence[str]) -> str:
    """Rows of one table as one sentence; sums of money get a verb."""
    return "；".join(_MONEY_ROW.sub(r"\g<name>达到\g<value>", row.strip("。；")) for row in rows)


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
