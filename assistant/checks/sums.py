"""Arithmetic inside one sentence, judged without notes: parts and wholes, changes and their bases, shares and rates.

A calculation is judged only where its wording announces it, and every figure is taken as the interval that its rounding
allows. What might be read in another way (incomplete parts, growth at comparable prices, an average) is left alone.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from assistant.checks.changes import averages, changes, plans, products, told_backwards, told_between
from assistant.checks.intervals import Interval, interval_of, typo_like, written_like
from assistant.checks.prose import is_heading, paragraphs
from assistant.checks.terms import Slip, Term, rounding, show, stated, terms_of
from assistant.records import Finding, Span

_SENTENCE = re.compile(r"[^。！？\n]+")
_PERIOD = re.compile(r"[^。！？\n]+(?:。其中[^。！？\n]+)?")
_HUNDRED = Fraction(1)


def check_sums(text: str, *, joined: bool = True) -> list[Finding]:
    """All figures of the text that disagree with the figures of their own sentence.

    Args:
        text: the report.
        joined: whether a sentence that begins with 其中 goes with the one before it; not where sentences may have been
            put in another order.
    """
    findings: dict[tuple[int, int], Finding] = {}
    for paragraph in paragraphs(text):
        if is_heading(paragraph.content) or not any(char.isdigit() for char in paragraph.content):
            continue
        for match in (_PERIOD if joined else _SENTENCE).finditer(paragraph.content):
            terms = terms_of(match.group())
            for rule in _RULES if len(terms) > 1 else (_bounds,):
                for slip in rule(terms):
                    found = _finding(slip, paragraph.start + match.start())
                    if found.draft and (
                        found.severity == "error" or (found.draft.start, found.draft.end) not in findings
                    ):
                        findings[found.draft.start, found.draft.end] = found
    return sorted(findings.values(), key=lambda f: f.draft.start if f.draft else 0)


def _finding(slip: Slip, offset: int) -> Finding:
    figure = slip.term.figure
    span = Span(offset + figure.start, offset + figure.end, figure.surface)
    message = f"“{figure.surface}”与同一句的数字对不上：{slip.formula}，请核对。"
    return Finding("arithmetic", slip.severity, message, draft=span, formula=slip.formula)


# ---- values beyond their bounds ---------------------------------------------------------------------------------

_FALL = re.compile(r"(?:下降|减少|降低|压减|压缩|减幅|降幅(?:达到?|为)?|缩减|精简)(?:了|近|约)?$")
_MAY_TURN = re.compile(r"利润|效益|亏|盈|净|贡献|差额|顺差|逆差|赤字|收益")
_PART_OF = re.compile(r"占(?:比|总[数量额]的?|全部的?|比重)?(?:为|达到?|约)?$")
_BOUNDED = re.compile(
    r"(?:满意|合格|覆盖|普及|入住|出勤|办结|整改|签约|普惠|绿化|森林覆盖|参保|巩固|及格|优良|达标|知晓)率?(?:达到?|为|是|提高到|保持在|稳定在)?$"
)


def _bounds(terms: Sequence[Term]) -> Iterator[Slip]:
    """A fall by more than everything, a share or a rate above the whole."""
    for term in terms:
        if not term.percent or term.value <= _HUNDRED:
            continue
        before = "".join(other.gap for other in terms[: term.at + 1])
        if _FALL.search(term.gap) and not _MAY_TURN.search(before):
            yield Slip(term, "减少不会超过100%", "error")
        elif _PART_OF.search(term.gap) and not re.search(r"计划|任务|目标|预算|进度|年初", term.gap):
            yield Slip(term, "占比不会超过100%", "error")
        elif _BOUNDED.search(term.gap) and "率" in term.gap[-8:]:
            yield Slip(term, "这个比率不会超过100%", "warning")


# ---- parts and wholes -------------------------------------------------------------------------------------------

_OPENS = re.compile(r"其中|分别(?:为|是)|包括|包含|(?:构成|组成|分为|分成)")
_ENDS_PARTS = re.compile(
    r"其中|同比|较|比上年|新增|另|此外|累计|合计|共(?!同|建|青|产|享)|以上|增长|下降|提高|分别|人均|增加|减少|剩余|其余|目前|已|覆盖|带动|惠及|每|至|从|由|各|平均|等"
)
_OVERLAP = re.compile(r"女|党员|少数民族|学历|以上|以下|专业技术|新增|重点|困难|主要|本年|当年|今年")
_LISTED = re.compile(r"(?:[、，；和及与]|以及){1,2}[^、，；。：:对将把]{0,14}")
_SUM = re.compile(r"(?:合计|共计|总计|[，,]共(?:有|办理|受理|完成)?|总数达?)[^，,。；、\d]{0,8}$")


def _parts(terms: Sequence[Term]) -> Iterator[Slip]:
    """A whole, 其中, and parts of the same unit that together come near to it and yet miss it."""
    for whole, following in itertools.pairwise(terms):
        if not _OPENS.search(following.gap) or not following.like(whole) or interval_of(whole.figure) is None:
            continue
        parts = _run(terms[following.at :], whole)
        joints = {term.gap[:1] for term in parts[1:]}
        # Two parts behind a comma may be a part and another matter; a list of three keeps to one mark.
        if len(parts) >= 2 and len(joints) == 1 and (len(parts) > 2 or joints <= set("、和及与；")):
            yield from _judge_parts(whole, parts, terms)


def _run(terms: Sequence[Term], whole: Term) -> list[Term]:
    parts: list[Term] = []
    for term in terms:
        if term.percent and re.search(r"[占（(]|比重", term.gap):
            continue
        if not term.like(whole) or interval_of(term.figure) is None or term.value > whole.value:
            break
        if parts and (_ENDS_PARTS.search(term.gap) or not _LISTED.fullmatch(term.gap)):
            break
        parts.append(term)
    return parts


def _judge_parts(whole: Term, parts: Sequence[Term], terms: Sequence[Term]) -> Iterator[Slip]:
    total = _added(parts)
    words = "".join(term.gap for term in parts) + parts[-1].after
    if total.meets(whole.range(), rounding(parts)) or _OVERLAP.search(words):
        return
    formula = (
        "+".join(part.figure.surface for part in parts) + f"={show(total.middle, whole)}，不等于{whole.figure.surface}"
    )
    for part in reversed(parts):
        fitting = whole.value - total.middle + part.value
        if fitting > 0 and typo_like(part.figure.surface, written_like(fitting, part.figure)):
            yield Slip(part, formula, "error" if len(parts) > 1 else "warning")
            return
    if typo_like(whole.figure.surface, written_like(total.middle, whole.figure)):
        yield Slip(whole, formula, "error")


def _totals(terms: Sequence[Term]) -> Iterator[Slip]:
    """Parts, then 共计 and their total."""
    for total in terms:
        if not _SUM.search(total.gap) or interval_of(total.figure) is None or re.search(r"年", total.gap):
            continue
        parts: list[Term] = []
        for term in reversed(terms[: total.at]):
            if not term.like(total) and not any(char.isdigit() for char in term.figure.surface):
                continue  # 三个季度合计 names the parts, it is none
            if not term.like(total) or interval_of(term.figure) is None:
                break
            parts.insert(0, term)
            if re.search(r"其中|[：:]|分别", term.gap):
                break
        changed = any(re.search(r"增|减|提高|降|由|从|比|较|每|各|组成", term.gap) for term in parts)
        if len(parts) < 2 or changed or _added(parts).meets(total.range(), rounding(parts)):
            continue
        if any(_added(parts[start:]).meets(total.range(), rounding(parts)) for start in range(1, len(parts) - 1)):
            continue
        near = typo_like(total.figure.surface, written_like(_added(parts).middle, total.figure))
        formula = "+".join(p.figure.surface for p in parts) + f"={show(_added(parts).middle, total)}"
        yield Slip(total, formula, "error" if near else "warning")


def _added(parts: Sequence[Term]) -> Interval:
    total = parts[0].range()
    for part in parts[1:]:
        total = total + part.range()
    return total


# ---- what is left over ------------------------------------------------------------------------------------------

_REST = re.compile(r"(?:剩余|其余|余下|剩下|尚余|还剩)的?(?:为|有)?$")


def _remainders(terms: Sequence[Term]) -> Iterator[Slip]:
    """A whole, what is done of it, and the rest."""
    for rest in terms:
        if not _REST.search(rest.gap) or interval_of(rest.figure) is None:
            continue
        before = [term for term in terms[: rest.at] if term.like(rest) and interval_of(term.figure) is not None]
        if len(before) != 2 or before[0].value <= before[1].value:
            continue
        whole, done = before
        fitting = whole.value - done.value
        if fitting != rest.value:
            yield Slip(rest, f"{whole.figure.surface}-{done.figure.surface}={show(fitting, rest)}", "error")


# ---- shares and rates -------------------------------------------------------------------------------------------

_RATE = re.compile(r"(?P<verb>[\u4e00-\u9fff]{2})率(?:达到?|为|是|仅|仅为)?$")
_BARE_PART = re.compile(r"[^，,。；：:、]{0,8}[，,（(]占(?:比|总[数量额]的?|全部的?|比重)?(?:为|达到?|约)?")
_DUE = re.compile(r"计划|任务|目标|应|共|受理|排查|反馈|发现|收到|接到|承办|交办|立案|上报|需|总|下达|安排")


def _shares(terms: Sequence[Term]) -> Iterator[Slip]:
    """A whole, 其中 a part, and 占 with the share; 计划, 完成 and the rate."""
    for share in terms:
        if not share.percent or share.at < 2 or share.figure.approx != "EQ":
            continue
        rate = _RATE.search(share.gap)
        if not rate and not _BARE_PART.fullmatch(share.gap):
            continue
        part, whole = _part_and_whole(terms, share, rate["verb"] if rate else "")
        if part is None or whole is None:
            continue
        quotients = [_fraction(part, other) for other in terms[: share.at] if other is not part and other.like(part)]
        if any(q is not None and q.meets(stated(share)) for q in quotients):
            continue
        expected = _fraction(part, whole)
        if expected is not None:
            formula = f"{part.figure.surface}÷{whole.figure.surface}={show(expected.middle, share)}"
            yield Slip(share, formula, "error")


def _part_and_whole(terms: Sequence[Term], share: Term, verb: str) -> tuple[Term | None, Term | None]:
    part = terms[share.at - 1]
    if re.search(r"[；]", share.gap) or interval_of(part.figure) is None:
        return None, None
    for whole in reversed(terms[: part.at]):
        if not whole.like(part) or whole.value < part.value or interval_of(whole.figure) is None:
            continue
        between = "".join(term.gap for term in terms[whole.at + 1 : part.at + 1])
        if verb:
            announced = _DUE.search(whole.gap[-12:]) and (verb in part.gap[-10:] or "完" in part.gap[-8:])
            return (part, whole) if announced else (None, None)
        if "其中" in between or (terms[whole.at + 1].percent is False and "其中" in terms[whole.at + 1].gap):
            return part, whole
    return None, None


def _fraction(part: Term, whole: Term) -> Interval | None:
    return part.range().over(whole.range())


def _share_sums(terms: Sequence[Term]) -> Iterator[Slip]:
    """Shares of one whole, listed one behind the other, that together exceed it."""
    run: list[Term] = []
    for term in terms:
        if not term.percent:
            continue
        if not _PART_OF.search(term.gap):
            run = []
            continue
        run = [*run, term] if "其中" not in term.gap else [term]
        total = sum((t.value for t in run), Fraction(0))
        words = "".join(t.gap for t in run)
        if len(run) >= 2 and Fraction(1005, 1000) < total <= Fraction(5, 4) and not _OVERLAP.search(words):
            formula = "+".join(t.figure.surface for t in run) + f"={show(total, term)}，超过100%"
            yield Slip(term, formula, "error" if len(run) > 2 or "其中" in run[0].gap else "warning")
            return


_Rule = Callable[[Sequence[Term]], Iterator[Slip]]
_RULES: tuple[_Rule, ...] = (
    _bounds,
    _parts,
    _totals,
    _remainders,
    changes,
    told_backwards,
    told_between,
    _shares,
    _share_sums,
    products,
    averages,
    plans,
)
