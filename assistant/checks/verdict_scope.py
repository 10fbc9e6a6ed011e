"""What a figure is told of: its field, its place, and terms that exclude one another inside one indicator."""

from __future__ import annotations

import re

from assistant.checks.options import CheckOptions
from assistant.checks.pair import Pair, Verdict
from assistant.figures.exclusive import exclusive_terms

_FIELD = re.compile(r"(全球|世界|全国|全省|全市|全县|全区|全州|全盟|中部|西部|东部)(?:[^，。；、\d]{0,6})$")


def _ranked_elsewhere(pair: Pair) -> Verdict | None:
    """全市第1、全省第7 against 全省第1、全市第7: a rank belongs to the field named right before it."""
    if pair.mine.kind != "ord" or pair.theirs.kind != "ord":
        return None
    here, there = (_FIELD.search(item.before) for item in (pair.draft, pair.note))
    if here and there and here[1] != there[1]:
        return "swapped", "error", f"要点说的是“{there[1]}”的名次，此处写成“{here[1]}”"
    return None


_PLACE = re.compile(
    r"(?:^|(?<=[，。；、：（(在由对到]))((?![全各该我本建城设周]|乡镇|地级|县级|行政|示范|文明|贫困)[一-鿿]{2,3}"
    r"(?:镇(?![级村街区域政])|乡(?![村镇级土])|街道|村(?![庄民级镇里委两干])|县(?![级城域区委政乡镇市直内外领])))"
)


def _other_place(pair: Pair) -> Verdict | None:
    """永兴镇建成4300亩 told of 安平镇: another place of the same rank, and the place of the notes nowhere in the draft."""
    here, there = (_PLACE.findall(item.phrase) for item in (pair.draft, pair.note))
    for name in there:
        others = [other for other in here if other[-1] == name[-1] and other not in pair.note.text]
        if others and name not in pair.draft.text:
            return "swapped", "error", f"要点说的是“{name}”，此处写成“{others[0]}”"
    return None


def scope(pair: Pair, options: CheckOptions) -> Verdict | None:
    """Whether the draft tells the figure of something that the note's words exclude."""
    del options
    return _ranked_elsewhere(pair) or _other_place(pair) or _other_term(pair)


def _other_term(pair: Pair) -> Verdict | None:
    """县财政 for 市财政, 养猪户 for 养蜂户: a term the note does not use, in the place of one the draft does not."""
    here, there = exclusive_terms(pair.mine.object), exclusive_terms(pair.theirs.object)
    for group in here.keys() & there.keys():
        noted = {*there[group], *exclusive_terms(pair.note.about).get(group, ())}
        drafted = {*here[group], *exclusive_terms(pair.draft.sentence).get(group, ())}
        extra = [word for meaning, word in here[group].items() if meaning not in noted]
        lost = [word for meaning, word in there[group].items() if meaning not in drafted]
        if extra and lost:
            return "swapped", "error", f"要点说的是“{lost[0]}”，此处写成“{extra[0]}”"
    return None
