"""Labelled fidelity items from any text: its own sentences as notes, faithful rewrites and drafts with one error each.

Nothing is stored; the suite makes the items while it runs, so that real reports can be measured without copying them.
The format of an item is that of `bench/fidelity.jsonl`: id, topic, source_doc, notes, exemplar, draft, variant, expected.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.figures import Figure, recognise

_KINDS = frozenset(("num", "ratio", "pp", "range", "dur"))
_CN = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Mutation:
    """One wrong draft: its text, the kind of error, the span text (once in the draft) and the note's figure."""

    draft: str
    kind: str
    text: str
    note: str


def paragraphs(text: str, *, least: int = 3, longest: int = 420) -> list[str]:
    """Paragraphs of `text` that hold at least `least` figures and are not longer than `longest` characters."""
    result = []
    for line in text.split("\n"):
        line = line.strip()
        if 60 <= len(line) <= longest and sum(f.kind in _KINDS for f in recognise(line)) >= least:
            result.append(line)
    return result


# ---- faithful rewrites -------------------------------------------------------------------------------------------


def sentences(text: str) -> list[str]:
    """Sentences of a paragraph with their final stop."""
    return [part for part in re.split(r"(?<=[。！？；])", text) if part.strip()]


def shuffled(text: str, rng: random.Random) -> str:
    """The same sentences in another order."""
    parts = sentences(text)
    rng.shuffle(parts)
    return "".join(part.rstrip("；") + "。" if part.endswith("；") else part for part in parts)


_SHORTHAND: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?:同比)增长([\d.]+%)", (r"同比+\1", r"同比增\1")),
    (r"(?<![同比年均])增长([\d.]+%)", (r"+\1", r"增\1")),
    (r"(?<![同比])下降([\d.]+%)", (r"-\1", r"降\1")),
    (r"(?:由|从)([\d.]+[^，。；、\d]{0,4}?)(?:提高|增加|增长|上升|提升)到([\d.]+)", (r"\1→\2",)),
    (r"(?:由|从)([\d.]+[^，。；、\d]{0,4}?)(?:下降|减少|降低)到([\d.]+)", (r"\1→\2",)),
    (r"(?:达到|达)(?=[\d.])", ("", "达")),
    (r"(?:共|累计共)(?=[^同有享]{0,3}\d)", ("",)),
    (r"(?<=\d)余(?=[万亿]?[一-龥])", ("多",)),
    (r"超过(?=\d)", ("超", "逾")),
    (r"国内生产总值|地区生产总值", ("GDP",)),
    (r"规模以上工业", ("规上工业",)),
    (r"固定资产投资", ("固投",)),
    (r"社会消费品零售总额", ("社零",)),
    (r"，(增长|下降)([\d.]+%)(?=[，。；])", (r"（\1\2）",)),
    (
        r"(建成|完成|新建|改造|实施|培育|引进|办理|新增|改建|举办|开展)([\d.]+[万亿]?)([个项家所处条件座公里亩户人次场名套台]+)([一-龥]{2,8})(?=[，。；、])",
        (r"\4\1\2\3",),
    ),
)


def terse(sentence: str, rng: random.Random) -> str:
    """A sentence as a clerk would jot it down: shorthand for growth, arrows, dropped verbs, inverted objects."""
    for pattern, options in _SHORTHAND:
        if rng.random() < 0.7:
            sentence = re.sub(pattern, rng.choice(options), sentence)
    return sentence.rstrip("。；！")


def notes_of(text: str, rng: random.Random) -> list[str]:
    """Terse notes for a paragraph, about one per sentence, sometimes two sentences joined."""
    notes: list[str] = []
    for sentence in sentences(text):
        jotted = terse(sentence, rng)
        if notes and rng.random() < 0.25:
            notes[-1] += "；" + jotted
        else:
            notes.append(jotted)
    return notes


def _chinese(number: int) -> str:
    """A whole number below 100,000 in Chinese characters."""
    if number < 10:
        return _CN[number]
    parts, zero = "", False
    for scale, name in ((10**4, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            parts += ("零" if zero and parts else "") + _CN[digit] + name
            zero = False
        elif parts:
            zero = True
    return parts[1:] if parts.startswith("一十") else parts


def equivalent(text: str, rng: random.Random) -> str:
    """The paragraph with figures in other notation: nothing in it may be flagged as an error."""
    for figure in reversed([f for f in recognise(text) if f.kind in _KINDS]):
        if rng.random() < 0.5:
            text = text[: figure.start] + _respell(figure, rng) + text[figure.end :]
    return text


def _respell(figure: Figure, rng: random.Random) -> str:
    surface = figure.surface
    match = re.fullmatch(r"(\d+)(余|多)?(个|项|家|人|次|件|场|名|处|户|条|所)?", surface)
    if match and 2 < int(match[1]) < 10**5 and not match[2]:
        return _chinese(int(match[1])) + (match[3] or "") if match[3] else surface
    if re.fullmatch(r"\d+(?:\.\d+)?%", surface):
        return surface.replace("%", "％") if rng.random() < 0.5 else "百分之" + _spoken(surface[:-1])
    match = re.fullmatch(r"(\d+)\.(\d{1,3})亿元", surface)
    if match:
        return f"{int(match[1] + match[2].ljust(4, '0'))}万元"
    if "余" in surface:
        return surface.replace("余", "多")
    return surface


def _spoken(number: str) -> str:
    whole, _, decimals = number.partition(".")
    return _chinese(int(whole)) + ("点" + "".join(_CN[int(d)] for d in decimals) if decimals else "")


# ---- errors ------------------------------------------------------------------------------------------------------


def _figures(text: str) -> list[Figure]:
    return [f for f in recognise(text) if f.kind in _KINDS and f.checkable]


def _replace(text: str, figure: Figure, surface: str, kind: str) -> Mutation | None:
    if surface == figure.surface:
        return None
    draft = text[: figure.start] + surface + text[figure.end :]
    return Mutation(draft, kind, surface, figure.surface)


def digit(text: str, rng: random.Random) -> Mutation | None:
    """One digit changed."""
    figure = _pick(text, rng, r"[1-9]\d|\d[1-9]")
    if figure is None:
        return None
    places = [i for i, c in enumerate(figure.surface) if c in "123456789"]
    at = rng.choice(places)
    other = rng.choice([d for d in "123456789" if d != figure.surface[at]])
    return _replace(text, figure, figure.surface[:at] + other + figure.surface[at + 1 :], "altered")


def transposed(text: str, rng: random.Random) -> Mutation | None:
    """Two neighbouring digits exchanged."""
    figure = _pick(text, rng, r"([1-9])(?!\1)[1-9]")
    match = re.search(r"([1-9])(?!\1)([1-9])", figure.surface) if figure else None
    if figure is None or match is None:
        return None
    return _replace(
        text, figure, figure.surface[: match.start()] + match[2] + match[1] + figure.surface[match.end() :], "altered"
    )


def decimal(text: str, rng: random.Random) -> Mutation | None:
    """The decimal point lost."""
    figure = _pick(text, rng, r"[1-9]\d*\.\d")
    return _replace(text, figure, figure.surface.replace(".", "", 1), "altered") if figure else None


_UNITS = {
    "万元": "亿元",
    "亿元": "万元",
    "人次": "人",
    "个百分点": "%",
    "公里": "米",
    "万亩": "万公顷",
    "平方公里": "平方米",
    "万人": "人",
    "工作日": "小时",
}


def unit(text: str, rng: random.Random) -> Mutation | None:
    """Another unit or scale behind the same digits."""
    options = [f for f in _figures(text) if f.surface[-1:] and any(f.surface.endswith(u) for u in _UNITS)]
    if not options:
        return None
    figure = rng.choice(options)
    old = next(u for u in sorted(_UNITS, key=len, reverse=True) if figure.surface.endswith(u))
    return _replace(text, figure, figure.surface[: -len(old)] + _UNITS[old], "unit")


def qualifier(text: str, rng: random.Random) -> Mutation | None:
    """余 to 近, 以上 to 以下, or 近 put before an exact figure."""
    options = [f for f in _figures(text) if f.kind != "range" and re.search(r"\d", f.surface)]
    if not options:
        return None
    figure = rng.choice(options)
    surface = figure.surface
    for old, new in (
        ("不少于", "不足"),
        ("不低于", "不足"),
        ("突破", "近"),
        ("不超过", "超过"),
        ("以上", "以下"),
        ("以内", "以上"),
        ("近", "超"),
        ("超过", "近"),
        ("超", "近"),
        ("逾", "近"),
        ("左右", "以上"),
    ):
        if old in surface:
            return _replace(text, figure, surface.replace(old, new, 1), "qualifier")
    if "余" in surface or "多" in surface:
        return _replace(text, figure, "近" + re.sub("[余多]", "", surface), "qualifier")
    return _replace(text, figure, "近" + surface, "qualifier")


_FLIP = {
    "增长": "下降",
    "下降": "增长",
    "提高": "降低",
    "降低": "提高",
    "增加": "减少",
    "减少": "增加",
    "提升": "下降",
    "上升": "下降",
}


def direction(text: str, rng: random.Random) -> Mutation | None:
    """The verb before a figure turned round."""
    spots = list(
        re.finditer(r"(增长|下降|提高|降低|增加|减少|提升|上升)(?=\d[\d.]*(?:%|个百分点|万|亿|元|人|倍))", text)
    )
    if not spots:
        return None
    spot = rng.choice(spots)
    tail = re.match(r"[\d.]+(?:%|个百分点|[万亿]?[元人倍]?)", text[spot.end() :])
    span = _FLIP[spot[1]] + (tail[0] if tail else "")
    return Mutation(text[: spot.start()] + _FLIP[spot[1]] + text[spot.end() :], "direction", span, span[2:])


def swap(text: str, rng: random.Random) -> Mutation | None:
    """Two figures of one unit exchanged."""
    figures = [f for f in _figures(text) if f.kind in ("num", "ratio") and f.lo is not None]
    pairs = [
        (a, b) for i, a in enumerate(figures) for b in figures[i + 1 :]
        if a.unit == b.unit and a.lo != b.lo and a.role == b.role and a.direction == b.direction and b.start - a.start < 120
        and a.object and b.object and a.object != b.object
    ]  # fmt: skip
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    draft = text[: a.start] + b.surface + text[a.end : b.start] + a.surface + text[b.end :]
    return Mutation(draft, "swapped", b.surface, a.surface)


def drop(text: str, rng: random.Random) -> Mutation | None:
    """A clause with its figure left out."""
    clauses = list(re.finditer(r"[，；]([^，。；]*\d[^，。；]*)(?=[，。；])", text))
    clauses = [c for c in clauses if len(_figures(c[1])) == 1]
    if not clauses:
        return None
    clause = rng.choice(clauses)
    figure = _figures(clause[1])[0]
    draft = text[: clause.start()] + text[clause.end() :]
    if any(f.lo == figure.lo for f in _figures(draft)):
        return None
    return Mutation(draft, "dropped", "", figure.surface)


_INVENTED = (
    "惠及群众{}万余人",
    "累计投入资金{}万元",
    "先后召开会议{}次",
    "群众满意度达{}.6%",
    "组织志愿者近{}百人次",
    "解决难题{}余个",
)


def inject(text: str, rng: random.Random) -> Mutation | None:
    """A clause with a figure that nobody gave."""
    parts = sentences(text)
    number = rng.randint(13, 88)
    clause = rng.choice(_INVENTED).format(number)
    figure = next(iter(_figures(clause)), None)
    if figure is None or any(f.lo == figure.lo for f in _figures(text)):
        return None
    at = rng.randrange(len(parts))
    parts[at] = parts[at].rstrip("。；") + "，" + clause + "。"
    return Mutation("".join(parts), "invented", figure.surface, "")


MUTATIONS: tuple[Callable[[str, random.Random], Mutation | None], ...] = (
    digit, transposed, decimal, unit, qualifier, direction, swap, drop, inject,
)  # fmt: skip


def _pick(text: str, rng: random.Random, pattern: str) -> Figure | None:
    options = [f for f in _figures(text) if re.search(pattern, f.surface) and f.kind != "range"]
    return rng.choice(options) if options else None


def items(text: str, name: str, *, seed: int = 1, past: str | None = None) -> Iterator[dict[str, Any]]:
    """Labelled items for every paragraph of `text` that holds enough figures.

    Args:
        text: a whole report.
        name: its identifier, used in ids and as source_doc.
        seed: makes the choice reproducible.
        past: a passage of another report offered as exemplar; a figure of it is leaked into one draft.
    """
    for number, paragraph in enumerate(paragraphs(text)):
        rng = random.Random(f"{seed}:{name}:{number}")
        notes = notes_of(paragraph, rng)
        base = {"topic": "", "source_doc": name, "notes": notes, "exemplar": None}
        right = {
            "faithful_verbatim": paragraph,
            "faithful_shuffled": shuffled(paragraph, rng),
            "faithful_equivalent": equivalent(paragraph, rng),
        }
        for variant, draft in right.items():
            yield {"id": f"{name}.{number}.{variant[9]}", **base, "draft": draft, "variant": variant, "expected": []}
        for mutate in MUTATIONS:
            wrong = mutate(paragraph, rng)
            if wrong is None or (wrong.text and wrong.draft.count(wrong.text) != 1):
                continue
            expected = [{"kind": wrong.kind, "text": wrong.text, "note": wrong.note}]
            yield {
                "id": f"{name}.{number}.{mutate.__name__}",
                **base,
                "draft": wrong.draft,
                "variant": "corrupted",
                "expected": expected,
            }
        if past:
            yield from _leaks(paragraph, name, number, base, past, rng)


def _leaks(
    paragraph: str, name: str, number: int, base: dict[str, Any], past: str, rng: random.Random
) -> Iterator[dict[str, Any]]:
    figures, old = _figures(paragraph), _figures(past)
    pairs = [
        (a, b)
        for a in figures
        for b in old
        if a.unit == b.unit and a.kind == b.kind and a.lo != b.lo and b.lo not in {f.lo for f in figures}
    ]
    if pairs:
        mine, theirs = rng.choice(pairs)
        draft = paragraph[: mine.start] + theirs.surface + paragraph[mine.end :]
        if draft.count(theirs.surface) == 1:
            expected = [{"kind": "leftover", "text": theirs.surface, "note": mine.surface}]
            yield {
                "id": f"{name}.{number}.leak",
                **base,
                "exemplar": past,
                "draft": draft,
                "variant": "corrupted",
                "expected": expected,
            }
