"""Figures that follow from others: totals, differences, growth, shares, averages. Exact, with the formula shown."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.checks.figure_context import Item, items_of
from assistant.checks.precision import close, matches
from assistant.checks.values import CHECKED, value_class
from assistant.figures import Figure
from assistant.figures.numbers import canonical
from assistant.records import Finding, Span

_TOTAL = re.compile(r"(?:合计|共计|总计|总共|累计|合共|共)[^，,。；、\d]{0,12}$|总(?:数|量|额|人数)[^，,。；\d]{0,6}$")
_DIFFERENCE = re.compile(
    r"(?:提高|提升|增加|增长|上升|减少|下降|降低|回落|多|少|高|低|增|减|降|超|超过|超出|超额完成|压减|压缩|净增|新增)"
    r"(?:了|出|约|近)?[^，,。；\d]{0,8}$"
)
_OVER_PLAN = re.compile(
    r"(?:超|超过|超出|超额|高于|低于|多于)[^，,。；\d]{0,4}(?:计划|目标|任务|进度|预期|年度)[^，,。；\d]{0,6}$"
)
_AVERAGE = re.compile(r"(?:人均|户均|件均|平均|亩均|村均|项均|台均|次均|个均|家均|场均|均)[^，,。；\d]{0,10}$")
_FORMER = re.compile(r"(?:由|从|比|较|上年|去年|上年同期|去年同期|年初|期初)[^，,。；\d]{0,14}$")
_SHARE = re.compile(r"占[^，,。；]{0,14}的$|(?:占|比重|占比|率|比例)[^，,。；\d]{0,10}$")
_FORMER_WORD = re.compile(
    r"(?:由|从)[^，,。；\d]{0,16}$|(?:上年|去年|上年同期|去年同期)(?:的|为|是)?[^，,。；\d]{0,4}$"
)


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a figure follows, or claims to follow, from others."""

    correct: bool
    formula: str
    parts: tuple[Item, ...]


def explain(item: Item, around: Sequence[Item]) -> Derivation | None:
    """The derivation that the words before `item` announce, checked against the figures around it.

    Args:
        item: the figure to explain.
        around: figures of the same sentence and the ones before it, in order, without `item`.
    """
    wrong: Derivation | None = None
    for cue, reader in _READERS:
        if not cue.search(item.before):
            continue
        for derivation in reader(item, around):
            if derivation.correct:
                return derivation
            wrong = wrong or derivation
    return wrong


def _exact(item: Item) -> Fraction | None:
    figure = item.figure
    return figure.lo if figure.lo == figure.hi and figure.kind != "vague" else None


def _same(a: Item, b: Item) -> bool:
    if value_class(a.figure) != value_class(b.figure):
        return False
    return a.figure.unit == b.figure.unit or not a.figure.unit or not b.figure.unit or value_class(a.figure) != "count"


def _totals(item: Item, around: Sequence[Item]) -> Iterator[Derivation]:
    if item.figure.role == "delta" and value_class(item.figure) == "ratio":
        return  # rates of growth have no sum
    before = [
        other
        for other in around
        if other.figure.start < item.figure.start and _same(item, other) and _exact(other) is not None
    ]
    before = [other for other in before if other.sentence == item.sentence] or before
    before = _named_parts(item, before) or before
    before = [part for part in before if not _WITHIN.search(part.before)]
    if len(before) < 2:
        return
    last = before[-6:]
    for size in range(len(last), 1, -1):
        parts = last[-size:]
        total = sum((p.figure.lo or Fraction(0) for p in parts), Fraction(0))
        formula = "+".join(p.figure.surface for p in parts) + f"={plain(total, item.figure)}"
        yield Derivation(matches(item.figure, total) and close(item.figure, total), formula, tuple(parts))


# What is part of the figure before it does not count a second time.
_WITHIN = re.compile(r"(?:其中|[，（(]内)[^，,。；、\d]{0,10}$")
_NAMED_TOTAL = re.compile(r"([一-鿿]{2,6})(?:合计|共计|总计)$")


def _named_parts(total: Item, parts: Sequence[Item]) -> list[Item]:
    """二等奖合计13项: only the parts that the total names."""
    match = _NAMED_TOTAL.search(total.before)
    named = [part for part in parts if match and match[1] in re.split("[，、；]", part.before)[-1]]
    return named if len(named) >= 2 else []


def _differences(item: Item, around: Sequence[Item]) -> Iterator[Derivation]:
    base = [
        o for o in around if o.figure.start < item.figure.start and _exact(o) is not None and o.figure.role != "delta"
    ]
    near = [o for o in base if o.sentence == item.sentence][-3:]
    for first, second in reversed(list(itertools.pairwise(near))):
        if value_class(first.figure) != value_class(second.figure) or not _same(first, second) or not first.figure.lo:
            continue
        a, b = first.figure.lo, second.figure.lo or Fraction(0)
        if first.figure.role != "from" and not _FORMER.search(second.before) and not _FORMER.search(first.before):
            continue
        if second.figure.role != "to" and _FORMER.search(second.before):
            a, b = b, a
        yield from _changes(item, first, second, a, b)


def _changes(item: Item, first: Item, second: Item, a: Fraction, b: Fraction) -> Iterator[Derivation]:
    mine, kind = item.figure, value_class(item.figure)
    if kind == "pp" and value_class(first.figure) == "ratio":
        points = abs(b - a) * 100
        yield Derivation(
            matches(mine, points),
            f"|{second.figure.surface}-{first.figure.surface}|={plain(points, mine)}",
            (first, second),
        )
    elif kind == "ratio" and value_class(first.figure) != "ratio" and a:
        growth = abs(b - a) / a
        yield Derivation(
            matches(mine, growth),
            f"({plain(b, second.figure)}-{plain(a, first.figure)})÷{plain(a, first.figure)}={percent(growth)}",
            (first, second),
        )
    elif _same(item, first):
        yield Derivation(
            matches(mine, abs(b - a)),
            f"|{second.figure.surface}-{first.figure.surface}|={plain(abs(b - a), mine)}",
            (first, second),
        )


def _over_plan(item: Item, around: Sequence[Item]) -> Iterator[Derivation]:
    for other in reversed(around):
        if (
            other.sentence == item.sentence
            and other.figure.start < item.figure.start
            and value_class(other.figure) == "ratio"
        ):
            if other.figure.lo is None:
                continue
            points = abs(other.figure.lo - 1) * 100
            value = points if value_class(item.figure) == "pp" else points / 100
            yield Derivation(
                matches(item.figure, value),
                f"{other.figure.surface}-100%={plain(points, item.figure)}个百分点",
                (other,),
            )
            return


def _averages(item: Item, around: Sequence[Item]) -> Iterator[Derivation]:
    before = [o for o in around if o.figure.start < item.figure.start and o.sentence == item.sentence]
    amounts = [o for o in before if _same(o, item) and _exact(o)]
    counts = [o for o in before if value_class(o.figure) == "count" and _exact(o)]
    for amount in reversed(amounts[-3:]):
        for count in reversed(counts[-3:]):
            if amount is not count and amount.figure.lo and count.figure.lo:
                value = amount.figure.lo / count.figure.lo
                yield Derivation(
                    matches(item.figure, value),
                    f"{amount.figure.surface}÷{count.figure.surface}≈{plain(value, item.figure)}",
                    (amount, count),
                )


def _formers(item: Item, around: Sequence[Item]) -> Iterator[Derivation]:
    """A former value given with the present one and the change between them (由上年的43.2%提高到63.2%，提高22个百分点)."""
    after = [o for o in around if o.figure.start > item.figure.start and o.sentence == item.sentence][:3]
    before = [o for o in around if o.figure.start < item.figure.start and o.sentence == item.sentence][-3:]
    levels = [o for o in after + before[::-1] if _same(o, item) and o.figure.role != "delta" and _exact(o) is not None]
    changes = [o for o in after + before[::-1] if o.figure.role == "delta" and o not in levels]
    for level in levels[:2]:
        for change in changes[:2]:
            former = _former_value(level.figure, change.figure)
            if former is not None:
                sign = "+" if change.figure.direction != "-" else "-"
                formula = f"{item.figure.surface}{sign}{change.figure.surface}≠{level.figure.surface}（应为{plain(former, item.figure)}）"
                yield Derivation(matches(item.figure, former), formula, (level, change))


def _former_value(level: Figure, change: Figure) -> Fraction | None:
    if level.lo is None or change.lo is None:
        return None
    sign = -1 if change.direction == "-" else 1
    if value_class(change) == "pp" and value_class(level) == "ratio":
        return level.lo - sign * change.lo / 100
    if value_class(change) == "ratio" and value_class(level) != "ratio" and 1 + sign * change.lo > 0:
        return level.lo / (1 + sign * change.lo)
    return level.lo - sign * change.lo if value_class(change) == value_class(level) else None


def _shares(item: Item, around: Sequence[Item]) -> Iterator[Derivation]:
    if value_class(item.figure) != "ratio":
        return
    before = [
        o for o in around
        if o.figure.start < item.figure.start and o.sentence == item.sentence and _exact(o) and value_class(o.figure) not in _NO_SHARE
    ][-4:]  # fmt: skip
    for part in reversed(before):
        for whole in before:
            if (
                part is not whole
                and _same(part, whole)
                and part.figure.lo
                and whole.figure.lo
                and part.figure.lo <= whole.figure.lo
            ):
                share = part.figure.lo / whole.figure.lo
                formula = f"{part.figure.surface}÷{whole.figure.surface}={percent(share)}"
                yield Derivation(matches(item.figure, share), formula, (part, whole))


_RANK_MOVE = re.compile(r"(?:前移|后移|前进|进|退|上升|提升|下降|跃升|后退|升|降|跃)(?:了)?$")


def _rank_moves(item: Item, around: Sequence[Item]) -> Iterator[Derivation]:
    """第4位，较上届的第7位前移3位: the places between two ranks of the sentence."""
    ranks = [o for o in around if o.figure.kind == "ord" and o.sentence == item.sentence and o.figure.lo is not None][
        -3:
    ]
    for first, second in itertools.pairwise(ranks):
        moved = abs((second.figure.lo or Fraction(0)) - (first.figure.lo or Fraction(0)))
        formula = f"|{second.figure.surface}-{first.figure.surface}|={moved}位"
        if item.figure.raw_unit in ("位", "个位次", "位次", "名"):
            yield Derivation(item.figure.lo == moved, formula, (first, second))


_NO_SHARE = frozenset(("ratio", "pp", "ord", "topk"))
_Reader = Callable[[Item, Sequence[Item]], Iterator[Derivation]]
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_OVER_PLAN, _over_plan),
    (_RANK_MOVE, _rank_moves),
    (_AVERAGE, _averages),
    (_FORMER_WORD, _formers),
    (_TOTAL, _totals),
    (_DIFFERENCE, _differences),
    (_SHARE, _shares),
)


def percent(value: Fraction) -> str:
    """A ratio as a percentage with up to two decimals."""
    return f"{float(value * 100):.2f}".rstrip("0").rstrip(".") + "%"


def plain(value: Fraction, like: Figure) -> str:
    """A value in the manner of `like`: percent for ratios, 万 and 亿 where the number is long."""
    if value_class(like) == "ratio":
        return percent(value)
    unit = like.raw_unit or like.unit
    value /= canonical(unit)[1]  # 亩 and 公里 are held in metres
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if value >= size and any(scale in like.surface for scale in "万亿"):
            return f"{float(value / size):.4f}".rstrip("0").rstrip(".") + name + unit
    return f"{float(value):.2f}".rstrip("0").rstrip(".") + unit


_WHOLE = re.compile(r"其中|分别(?:为|是)|包括|共(?=\d)")


def check_arithmetic(text: str) -> list[Finding]:
    """Statements inside one text that do not agree: 由A提高到B、提高C, totals with their announced parts.

    Only claims whose wording announces the calculation are judged; the findings are warnings where the text alone is
    known, because a report may quote figures of different scopes.
    """
    items = [item for item in items_of(text, 0) if item.figure.kind in CHECKED and item.figure.lo is not None]
    findings = []
    for derivation, item in disagreements(items):
        figure = item.figure
        findings.append(
            Finding(
                "arithmetic",
                "warning",
                f"“{figure.surface}”与同一处的数字对不上：{derivation.formula}，请核对。",
                draft=Span(figure.start, figure.end, figure.surface),
                formula=derivation.formula,
            )
        )
    return findings + check_trends(text)


_AGAINST = re.compile(r"(?:比|较|与)(?:上年|去年|上年同期|去年同期|上月|前一年)(?:同期)?(?:的|为)?$")
_TREND = re.compile(
    r"(?:相比)?(?:，)?(?:有所|明显|大幅|略有|显著|均)?(增加|增长|上升|提高|提升|减少|下降|降低|回落)(?![至到了]?[\d近约超])"
)


def _told_backwards(items: Sequence[Item]) -> list[Finding]:
    """由36.5%升至30%: the verb against the two figures it joins."""
    findings = []
    for before, former, now in zip([None, *items], items, items[1:], strict=False):
        if before is not None and before.figure.role == "from" and before.sentence == now.sentence:
            continue  # 分别从202元、270元提高到209元、280元
        joined = former.figure.role == "from" and now.figure.role == "to" and former.sentence == now.sentence
        if not joined or not now.figure.direction or not _same(former, now):
            continue
        a, b = _exact(former), _exact(now)
        if a is not None and b is not None and a != b and (b > a) != (now.figure.direction == "+"):
            surface = now.before[-2:] + now.figure.surface
            span = Span(now.figure.start - len(now.before[-2:]), now.figure.end, surface)
            message = f"“{surface}”与“{former.figure.surface}”相比，方向不对。"
            findings.append(Finding("direction", "error", message, draft=span))
    return findings


def check_trends(text: str) -> list[Finding]:
    """罚没612万元，比上年的538万元减少: the verb against the two figures it compares."""
    items = [item for item in items_of(text, 0) if item.figure.kind in CHECKED and item.figure.lo is not None]
    findings = _told_backwards(items)
    for now, former in itertools.pairwise(items):
        trend = _TREND.match(text, former.figure.end)
        if trend is None or now.sentence != former.sentence or not _AGAINST.search(former.before):
            continue
        if not _same(now, former) or now.figure.role == "delta" or _exact(now) is None or _exact(former) is None:
            continue
        rises = (now.figure.lo or 0) > (former.figure.lo or 0)
        if rises != (trend[1][0] in "增上提") and now.figure.lo != former.figure.lo:
            message = f"“{now.figure.surface}”与“{former.figure.surface}”相比，不是“{trend[1]}”。"
            findings.append(Finding("direction", "error", message, draft=Span(trend.start(1), trend.end(1), trend[1])))
    return findings


def disagreements(items: Sequence[Item]) -> Iterator[tuple[Derivation, Item]]:
    """Announced calculations among `items` that are wrong."""
    for index, item in enumerate(items):
        if _DIFFERENCE.search(item.before) and item.figure.role == "delta":
            around = items[max(0, index - 3) : index]
            if len(around) >= 2 and around[-1].figure.role == "to" and around[-2].figure.role == "from":
                found = [d for d in _differences(item, around) if d.parts == (around[-2], around[-1])]
                if found and not found[0].correct:
                    yield found[0], item
    yield from _part_totals(items)


def _part_totals(items: Sequence[Item]) -> Iterator[tuple[Derivation, Item]]:
    """Lists of parts beside their total whose sum is off by less than a tenth: one part was mistyped."""
    sentences: dict[str, list[Item]] = {}
    for item in items:
        sentences.setdefault(item.sentence, []).append(item)
    for group in sentences.values():
        for unit in {item.figure.unit for item in group if item.figure.kind == "num"}:
            yield from _part_total(
                [
                    o
                    for o in group
                    if o.figure.unit == unit
                    and o.figure.kind == "num"
                    and _exact(o) is not None
                    and o.figure.approx == "EQ"
                ]
            )


_SUBSET = re.compile(r"(?:其中|以上|以下|以内|[一二三四]季度|上半年|下半年|月|新增|净增)[^，,。；、\d]{0,8}$")


def _part_total(group: list[Item]) -> Iterator[tuple[Derivation, Item]]:
    if not 4 <= len(group) <= 12 or sum(bool(_SUBSET.search(item.before)) for item in group) >= 1:
        return
    for total, parts in ((group[0], group[1:]), (group[-1], group[:-1])):
        want = total.figure.lo or Fraction(0)
        have = sum((p.figure.lo or Fraction(0) for p in parts), Fraction(0))
        if (
            have == want
            or not want
            or abs(have - want) * 8 > want
            or max(p.figure.lo or Fraction(0) for p in parts) > want
        ):
            continue
        formula = "+".join(p.figure.surface for p in parts) + f"={plain(have, total.figure)}≠{total.figure.surface}"
        yield Derivation(False, formula, (*parts, total)), total


def nearby(items: Sequence[Item], index: int) -> list[Item]:
    """The figures around `items[index]` that a derivation may draw on: up to eight before and three behind."""
    return [*items[max(0, index - 8) : index], *items[index + 1 : index + 4]]


__all__ = ["Derivation", "check_arithmetic", "disagreements", "explain", "nearby", "percent", "plain"]
