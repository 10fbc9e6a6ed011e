"""Arithmetic inside one sentence, judged without notes: parts and wholes, changes and their bases, shares and rates.

A calculation is judged only where its wording announces it, and every figure is taken as the interval that its rounding
allows. What might be read in another way (incomplete parts, growth at comparable prices, an average) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.checks.intervals import Interval, interval_of, typo_like, written_like, written_step
from assistant.checks.prose import is_heading, paragraphs
from assistant.figures import Figure, recognise
from assistant.figures.lexicon import family_of
from assistant.records import Finding, Severity, Span

_PERIOD = re.compile(r"[^。！？\n]+(?:。其中[^。！？\n]+)?")
_KINDS = frozenset(("num", "ratio", "pp", "mult"))
_HUNDRED = Fraction(1)


@dataclass(frozen=True, slots=True)
class Term:
    """A figure of a sentence: `gap` is the text between the figure before (or the start) and this one."""

    figure: Figure
    gap: str
    after: str
    at: int

    @property
    def value(self) -> Fraction:
        return self.figure.lo or Fraction(0)

    @property
    def percent(self) -> bool:
        return self.figure.kind == "ratio"

    def range(self) -> Interval:
        """The interval of the written value."""
        return interval_of(self.figure) or Interval(self.value, self.value)

    def like(self, other: Term) -> bool:
        """Whether both count or measure in one unit, so that they may be added and divided."""
        mine, theirs = self.figure, other.figure
        return (
            mine.kind == theirs.kind == "num"
            and bool(mine.unit)
            and (mine.unit == theirs.unit or (family_of(mine.unit) == family_of(theirs.unit) and _measured(mine)))
        )


@dataclass(frozen=True, slots=True)
class Slip:
    """A figure that disagrees with what the sentence says: the formula shows the value that would fit."""

    term: Term
    formula: str
    severity: Severity


def _measured(figure: Figure) -> bool:
    return family_of(figure.unit) in ("money", "length", "area", "mass", "volume", "energy", "power")


def check_sums(text: str) -> list[Finding]:
    """All figures of the text that disagree with the figures of their own sentence."""
    findings: dict[tuple[int, int], Finding] = {}
    for paragraph in paragraphs(text):
        if is_heading(paragraph.content) or not any(char.isdigit() for char in paragraph.content):
            continue
        for match in _PERIOD.finditer(paragraph.content):
            terms = _terms(match.group())
            for rule in _RULES if len(terms) > 1 else (_bounds,):
                for slip in rule(terms):
                    found = _finding(slip, paragraph.start + match.start())
                    if found.draft and (found.severity == "error" or (found.draft.start, found.draft.end) not in findings):
                        findings[found.draft.start, found.draft.end] = found
    return sorted(findings.values(), key=lambda f: f.draft.start if f.draft else 0)


def _terms(sentence: str) -> list[Term]:
    terms: list[Term] = []
    position = 0
    for figure in recognise(sentence):
        if figure.kind not in _KINDS or figure.lo is None or not figure.checkable:
            continue
        terms.append(Term(figure, sentence[position : figure.start], sentence[figure.end : figure.end + 12], len(terms)))
        position = figure.end
    return terms


def _finding(slip: Slip, offset: int) -> Finding:
    figure = slip.term.figure
    span = Span(offset + figure.start, offset + figure.end, figure.surface)
    message = f"“{figure.surface}”与同一句的数字对不上：{slip.formula}，请核对。"
    return Finding("arithmetic", slip.severity, message, draft=span, formula=slip.formula)


# ---- values beyond their bounds ---------------------------------------------------------------------------------

_FALL = re.compile(r"(?:下降|减少|降低|压减|压缩|减幅|降幅(?:达到?|为)?|缩减|精简)(?:了|近|约)?$")
_MAY_TURN = re.compile(r"利润|效益|亏|盈|净|贡献|差额|顺差|逆差|赤字|收益")
_PART_OF = re.compile(r"占(?:比|总[数量额]的?|全部的?|比重)?(?:为|达到?|约)?$")
_BOUNDED = re.compile(r"(?:满意|合格|覆盖|普及|入住|出勤|办结|整改|签约|普惠|绿化|森林覆盖|参保|巩固|及格|优良|达标|知晓)率?(?:达到?|为|是|提高到|保持在|稳定在)?$")


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
_ENDS_PARTS = re.compile(r"其中|同比|较|比上年|新增|另|此外|累计|合计|共(?!同|建|青|产|享)|以上|增长|下降|提高|分别|人均|增加|减少|剩余|其余|目前|已|覆盖|带动|惠及|每|至|从|由|各|平均|等")
_OVERLAP = re.compile(r"女|党员|少数民族|学历|以上|以下|专业技术|新增|重点|困难|主要|本年|当年|今年")
_LISTED = re.compile(r"(?:[、，；和及与]|以及){1,2}[^、，；。：:对将把]{0,14}")
_SUM = re.compile(r"(?:合计|共计|总计|[，,]共(?:有|办理|受理|完成)?|总数达?)[^，,。；、\d]{0,8}$")


def _parts(terms: Sequence[Term]) -> Iterator[Slip]:
    """A whole, 其中, and parts of the same unit that together come near to it and yet miss it."""
    for whole, following in zip(terms, terms[1:], strict=False):
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
    if total.meets(whole.range(), _rounding(parts)) or _OVERLAP.search(words):
        return
    formula = "+".join(part.figure.surface for part in parts) + f"={_show(total.middle, whole)}，不等于{whole.figure.surface}"
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
            if not term.like(total) or interval_of(term.figure) is None:
                break
            parts.insert(0, term)
            if re.search(r"其中|[：:]|分别", term.gap):
                break
        changed = any(re.search(r"增|减|提高|降|由|从|比|较|每|各|组成", term.gap) for term in parts)
        if len(parts) < 2 or changed or _added(parts).meets(total.range(), _rounding(parts)):
            continue
        if any(_added(parts[start:]).meets(total.range(), _rounding(parts)) for start in range(1, len(parts) - 1)):
            continue
        near = typo_like(total.figure.surface, written_like(_added(parts).middle, total.figure))
        formula = "+".join(p.figure.surface for p in parts) + f"={_show(_added(parts).middle, total)}"
        yield Slip(total, formula, "error" if near else "warning")


def _added(parts: Sequence[Term]) -> Interval:
    total = parts[0].range()
    for part in parts[1:]:
        total = total + part.range()
    return total


def _rounding(parts: Sequence[Term]) -> Fraction:
    """Slack for parts whose last digits were rounded, nothing for whole things."""
    return max((part.range().hi - part.value for part in parts), default=Fraction(0))


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
            yield Slip(rest, f"{whole.figure.surface}-{done.figure.surface}={_show(fitting, rest)}", "error")


# ---- changes against a base -------------------------------------------------------------------------------------

_FORMER = re.compile(r"(?:上年|去年|上年同期|去年同期|年初|上年末|去年底|上年底|原来)(?:末|底|在册)?(?:的|是|为)?[^，,。；、\d]{0,8}$")
_CHANGE = re.compile(
    r"(?P<fall>下降|减少|降低|压减|回落|降幅|净减|缩短|压缩|缩减)|(?P<rise>增长|增加|提高|上升|提升|增幅|净增|上涨|翻|扩大|多)"
)
_CHANGE_END = re.compile(rf"(?:{_CHANGE.pattern})(?:了|幅度?|达到?|为|率|速)?$")
_OTHER_BASE = re.compile(r"年均|平均|可比|同口径|扣除|不变价|剔除|实际|每年|名义|以来|环比|连续")
_REAL_GROWTH = re.compile(r"生产总值|增加值|GDP|产值|零售|固定资产|人均|收入")
_LEAP = re.compile(r"翻")
_GIVEN_CHANGE = re.compile(r"超|高|低|多|少|增|降|减|计划")
_SPOKEN = re.compile(r"(?:今年|本年|当年)[^，,。；、\d]{0,6}$")
_OWN_CLAUSE = re.compile(r"[，,]?(?:实现|同比|较?比?上年|去年|同期|全年|年末|总体|数量|人数|总数|规模|户数|件数|在册|净|共|又|大幅|成功|已){0,5}(?:了)?")


def _changes(terms: Sequence[Term]) -> Iterator[Slip]:
    """A former value, a present one and the change between them, in percent, points, multiples or the unit itself."""
    for change in terms[2:]:
        former, present = _bases(terms, change)
        if former is None or present is None or not _own(change.gap) or _OTHER_BASE.search(change.gap) or _OTHER_BASE.search(present.gap):
            continue
        expected = _expected(former, present, change)
        if expected is None or expected.meets(_stated(change)):
            continue
        words = "".join(term.gap for term in terms[max(0, change.at - 3) : change.at + 1])
        sure = not (_REAL_GROWTH.search(words) and change.percent)
        formula = f"{former.figure.surface}到{present.figure.surface}，变化为{_show(expected.middle, change)}"
        yield Slip(change, formula, "error" if sure else "warning")


_COMPARED = re.compile(r"(?:与|比|较|同)(?:上年|去年|年初|上年末|去年底)[^，,。；、\d]{0,8}$")


def _told_backwards(terms: Sequence[Term]) -> Iterator[Slip]:
    """The change first, then the former and the present value it leads to (减少18起，上年为80起，今年为62起)."""
    for former, present in zip(terms, terms[1:], strict=False):
        if not (_FORMER.search(former.gap) and _SPOKEN.search(present.gap) and former.like(present)):
            continue
        change = next((t for t in reversed(terms[max(0, former.at - 2) : former.at]) if t.like(former)), None)
        verb = _CHANGE_END.search(change.gap) if change else None
        if change is None or verb is None or interval_of(change.figure) is None:
            continue
        fitting = former.value - change.value if verb["fall"] else former.value + change.value
        if not present.range().meets(Interval(fitting, fitting), _rounding((former, change))):
            formula = f"{former.figure.surface}{'-' if verb['fall'] else '+'}{change.figure.surface}={_show(fitting, present)}"
            yield Slip(present, formula, "error")


def _told_between(terms: Sequence[Term]) -> Iterator[Slip]:
    """与年初的223人相比，净增13人: the present value stands first in the sentence."""
    for former, change in zip(terms, terms[1:], strict=False):
        if not _COMPARED.search(former.gap) or not change.gap.startswith(("相比", "比，")) or not former.like(change):
            continue
        present = [term for term in terms[: former.at] if term.like(former)]
        if not present or not _CHANGE_END.search(change.gap) or not all(interval_of(t.figure) for t in (former, change)):
            continue
        if any(_size(term.range() - former.range()).meets(_stated(change)) for term in present):
            continue
        fitting = abs(present[0].value - former.value)
        typo = typo_like(change.figure.surface, written_like(fitting, change.figure))
        formula = f"|{present[0].figure.surface}-{former.figure.surface}|={_show(fitting, change)}"
        yield Slip(change, formula, "error" if typo else "warning")


def _own(gap: str) -> bool:
    """Whether the words before a change name no other thing that might have changed."""
    verb = _CHANGE.search(gap)
    return bool(_OWN_CLAUSE.fullmatch(gap[: verb.start()] if verb else gap))


def _bases(terms: Sequence[Term], change: Term) -> tuple[Term | None, Term | None]:
    """The former and the present value that stand right before a change."""
    first, second = terms[change.at - 2], terms[change.at - 1]
    if not _same_measure(first, second) or not (change.figure.kind == "mult" or _CHANGE_END.search(change.gap)):
        return None, None
    if "；" in second.gap + change.gap or re.search(r"\d", change.gap):
        return None, None
    if first.figure.role == "from" and second.figure.role == "to":
        yearly = re.search(r"[一二]?[〇一二三四五六七八九]{0,4}(?:19|20)?\d\d年|五|三年|末|底", first.gap) and not re.search(r"上年|去年", first.gap)
        return (None, None) if yearly and re.search(r"同比|上年|去年", change.gap) else (first, second)
    if _FORMER.search(first.gap) and _SPOKEN.search(second.gap) and not _GIVEN_CHANGE.search(first.gap):
        return first, second
    if _FORMER.search(second.gap) and re.search(r"[，,（(]", second.gap) and not _GIVEN_CHANGE.search(second.gap):
        return second, first
    return None, None


def _same_measure(one: Term, other: Term) -> bool:
    if one.percent and other.percent:
        return True
    return one.like(other) and interval_of(one.figure) is not None and interval_of(other.figure) is not None


def _expected(former: Term, present: Term, change: Term) -> Interval | None:
    """The change as the two values give it, in the measure that the change is written in; None if they have none."""
    before, after = former.range(), present.range()
    growth = after.over(before)
    if change.figure.kind == "mult" and change.figure.role == "factor":
        return growth if not former.percent and re.search(r"[是为]", change.gap) else None
    if change.figure.kind == "pp":
        points = _size(after - before)
        return points.times(Fraction(100)) if former.percent else None
    if former.percent or growth is None:
        return None
    if change.percent or change.figure.kind == "mult":
        return _size(Interval(growth.lo - 1, growth.hi - 1))
    return _size(after - before) if change.like(former) else None


def _size(change: Interval) -> Interval:
    return change if change.lo >= 0 else Interval(max(Fraction(0), -change.hi), -change.lo)


def _stated(change: Term) -> Interval:
    """What the written change may stand for; qualified ones (近, 超过) and multiples with some room."""
    value = change.value
    if change.figure.kind == "mult":
        step = written_step(change.figure) if not _LEAP.search(change.figure.surface) else Fraction(0)
        wide = Fraction(3, 10) if change.figure.approx != "EQ" else Fraction(0)
        return Interval(value - step - wide, value + step + wide)
    step = written_step(change.figure)
    if change.figure.approx != "EQ":
        return Interval(value * Fraction(4, 5), value * Fraction(5, 4))
    slack = step if change.figure.kind in ("ratio", "pp") else step / 2 if "." in change.figure.surface else Fraction(0)
    return Interval(value - slack, value + slack)


# ---- shares and rates -------------------------------------------------------------------------------------------

_RATE = re.compile(r"(?P<verb>完成|办结|整改|签约|完工|开工|竣工|办复|化解|销号|调解|结案|回复|兑现|落实|入住|办理|达标)率(?:达到?|为|是|仅|仅为)?$")
_BARE_PART = re.compile(r"[^，,。；：:、]{0,8}[，,（(]占(?:比|总[数量额]的?|全部的?|比重)?(?:为|达到?|约)?")
_DUE = re.compile(r"计划|任务|目标|应|共|受理|排查|反馈|发现|收到|接到|承办|交办|立案|上报|需|总|下达")


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
        if any(q is not None and q.meets(_stated(share)) for q in quotients):
            continue
        expected = _fraction(part, whole)
        if expected is not None:
            formula = f"{part.figure.surface}÷{whole.figure.surface}={_show(expected.middle, share)}"
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
            formula = "+".join(t.figure.surface for t in run) + f"={_show(total, term)}，超过100%"
            yield Slip(term, formula, "error" if len(run) > 2 or "其中" in run[0].gap else "warning")
            return


# ---- rates times numbers ----------------------------------------------------------------------------------------

_EACH = re.compile(r"每(?P<unit>人|户|亩|名|个|家|项|村|位|件)(?P<month>每?月)?[^，,。；\d]{0,8}$")
_IN_ALL = re.compile(r"(?:累计|共|合计|总计|共计)[^，,。；\d]{0,8}$")


def _products(terms: Sequence[Term]) -> Iterator[Slip]:
    """每人 so much, so many people, and what it comes to."""
    for rate, number, total in zip(terms, terms[1:], terms[2:], strict=False):
        each = _EACH.search(rate.gap)
        if not each or not rate.like(total) or rate.like(number) or not _IN_ALL.search(total.gap):
            continue
        if number.figure.kind != "num" or number.figure.raw_unit[-1:] not in (each["unit"], "人", "名", "位", "户"):
            continue
        products = [rate.range().times(number.value * months) for months in (1, 12) if months == 1 or each["month"]]
        if not any(product.meets(_stated(total)) for product in products):
            expected = products[-1]
            typo = typo_like(total.figure.surface, written_like(expected.middle, total.figure))
            formula = f"{rate.figure.surface}×{number.figure.surface}" + ("×12个月" if each["month"] else "")
            yield Slip(total, f"{formula}={_show(expected.middle, total)}", "error" if typo else "warning")


def _show(value: Fraction, like: Term) -> str:
    """A value in the scale of another figure, with its unit."""
    if like.percent:
        return f"{float(value * 100):.1f}%"
    if like.figure.kind == "mult":
        return f"{float(value):.2f}倍"
    figure = like.figure
    digits = written_like(value, figure) or f"{float(value):g}"
    return digits.rstrip("0").rstrip(".") + figure.raw_unit if "." in digits else digits + figure.raw_unit


# ---- averages and plans -----------------------------------------------------------------------------------------

_AVERAGE = re.compile(r"[，,](?P<unit>户|人|亩|村|件|家|场|次|校|台|个|项)均(?:面积|补助|补贴|增收|收入|发放|资助|奖励|投入|获得|贷款|分红|奖补|支出)?(?:为|达到?|约)?$")


def _averages(terms: Sequence[Term]) -> Iterator[Slip]:
    """An amount, a number of things, and what comes to one of them."""
    for average in terms[2:]:
        announced = _AVERAGE.search(average.gap)
        around = terms[average.at - 2 : average.at]
        number = next((t for t in around if announced and t.figure.raw_unit == announced["unit"]), None)
        amount = next((t for t in around if t is not number and t.like(average)), None)
        if number is None or amount is None or number.figure.kind != "num" or average.figure.approx != "EQ":
            continue
        expected = amount.range().over(number.range())
        if interval_of(number.figure) is None or interval_of(amount.figure) is None or expected is None:
            continue
        if not expected.meets(_stated(average), written_step(average.figure)):
            formula = f"{amount.figure.surface}÷{number.figure.surface}={_show(expected.middle, average)}"
            yield Slip(average, formula, "warning")


_PLAN = re.compile(r"(?:计划|目标|任务)(?:任务|数|为|是|新建|改造|完成|建设|实施)?[^，,。；、\d]{0,8}$")
_OF_PLAN = re.compile(r"(?:占|完成|达到?)(?:全年|年度|年初|下达)?(?:计划|任务|目标)(?:任务)?(?:数)?的$")
_OVER_PLAN = re.compile(r"超额(?:完成)?$|超(?:出|过)?(?:全年|年度|年初)?(?:计划|任务|目标)(?:任务)?(?:数)?(?:的)?$")


def _plans(terms: Sequence[Term]) -> Iterator[Slip]:
    """A plan, what was done, and its share of the plan or the surplus."""
    for planned, done, share in zip(terms, terms[1:], terms[2:], strict=False):
        if not (_PLAN.search(planned.gap) and planned.like(done) and re.search(r"完成|建成|实现|实际|完工", done.gap)):
            continue
        over = _OVER_PLAN.search(share.gap)
        if not over and not (share.percent and _OF_PLAN.search(share.gap)):
            continue
        quotient = done.range().over(planned.range())
        if quotient is None or not all(interval_of(t.figure) for t in (planned, done, share)):
            continue
        expected = quotient if not over else _size(Interval(quotient.lo - 1, quotient.hi - 1))
        if over and not share.percent:
            expected = _size(done.range() - planned.range()) if share.like(done) else _stated(share)
        if not expected.meets(_stated(share)):
            formula = f"计划{planned.figure.surface}、完成{done.figure.surface}，应为{_show(expected.middle, share)}"
            yield Slip(share, formula, "error")


_Rule = Callable[[Sequence[Term]], Iterator[Slip]]
_RULES: tuple[_Rule, ...] = (_bounds, _parts, _totals, _remainders, _changes, _told_backwards, _told_between, _shares, _share_sums, _products, _averages, _plans)
