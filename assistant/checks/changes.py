"""Changes against a base, averages, products and plans inside one sentence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from assistant.checks.intervals import Interval, interval_of, typo_like, written_like, written_step
from assistant.checks.terms import Slip, Term, rounding, show, size_of, stated

# ---- changes against a base -------------------------------------------------------------------------------------

_FORMER = re.compile(
    r"(?:上年|去年|上年同期|去年同期|年初|上年末|去年底|上年底|原来)(?:末|底|在册)?(?:的|是|为)?[^，,。；、\d]{0,8}$"
)
_CHANGE = re.compile(
    r"(?P<fall>下降|减少|降低|压减|回落|降幅|净减|缩短|压缩|缩减)|(?P<rise>增长|增加|提高|上升|提升|增幅|净增|上涨|翻|扩大|多)"
)
_CHANGE_END = re.compile(rf"(?:{_CHANGE.pattern})(?:了|幅度?|达到?|为|率|速)?$")
_OTHER_BASE = re.compile(r"年均|平均|可比|同口径|扣除|不变价|剔除|实际|每年|名义|以来|环比|连续")
_REAL_GROWTH = re.compile(r"生产总值|增加值|GDP|产值|零售|固定资产|人均|收入")
_GIVEN_CHANGE = re.compile(r"超|高|低|多|少|增|降|减|计划")
_FROM = re.compile(r"(?:由|从)[^，,。；、]{0,16}$")
_SPOKEN = re.compile(r"(?:今年|本年|当年)[^，,。；、\d]{0,6}$")
_OWN_CLAUSE = re.compile(
    r"[，,]?(?:实现|同比|较?比?上年|去年|同期|全年|年末|总体|数量|人数|总数|规模|户数|件数|在册|净|共|又|大幅|成功|已){0,5}(?:了)?"
)


def changes(terms: Sequence[Term]) -> Iterator[Slip]:
    """A former value, a present one and the change between them, in percent, points, multiples or the unit itself."""
    for change in terms[2:]:
        former, present = _bases(terms, change)
        if (
            former is None
            or present is None
            or not _own(change.gap)
            or _OTHER_BASE.search(change.gap)
            or _OTHER_BASE.search(present.gap)
        ):
            continue
        expected = _expected(former, present, change)
        if expected is None or (expected.meets(stated(change)) and not _point_off(expected, change)):
            continue
        words = "".join(term.gap for term in terms[max(0, change.at - 3) : change.at + 1])
        sure = not _point_off(expected, change) and not (_REAL_GROWTH.search(words) and change.percent)
        formula = f"{former.figure.surface}到{present.figure.surface}，变化为{show(expected.middle, change)}"
        yield Slip(change, formula, "error" if sure else "warning")


_COMPARED = re.compile(r"(?:与|比|较|同)(?:上年|去年|年初|上年末|去年底)[^，,。；、\d]{0,8}$")


def told_backwards(terms: Sequence[Term]) -> Iterator[Slip]:
    """The change first, then the former and the present value it leads to (减少18起，上年为80起，今年为62起)."""
    for former, present in itertools.pairwise(terms):
        told = _FORMER.search(former.gap) and _SPOKEN.search(present.gap)
        moved = _FROM.search(former.gap) and present.figure.role == "to"
        if "；" in former.gap or not (told or moved) or not former.like(present) or interval_of(former.figure) is None:
            continue
        change = next((t for t in reversed(terms[max(0, former.at - 2) : former.at]) if t.like(former)), None)
        verb = _CHANGE_END.search(change.gap) if change else None
        if change is None or verb is None or interval_of(change.figure) is None:
            continue
        fitting = former.value - change.value if verb["fall"] else former.value + change.value
        if not present.range().meets(Interval(fitting, fitting), rounding((former, change))):
            formula = (
                f"{former.figure.surface}{'-' if verb['fall'] else '+'}{change.figure.surface}={show(fitting, present)}"
            )
            yield Slip(present, formula, "error")


def told_between(terms: Sequence[Term]) -> Iterator[Slip]:
    """与年初的223人相比，净增13人: the present value stands first in the sentence."""
    for former, change in itertools.pairwise(terms):
        if not _COMPARED.search(former.gap) or not change.gap.startswith(("相比", "比，")) or not former.like(change):
            continue
        present = [term for term in terms[: former.at] if term.like(former)]
        if (
            not present
            or not _CHANGE_END.search(change.gap)
            or not all(interval_of(t.figure) for t in (former, change))
        ):
            continue
        if any(size_of(term.range() - former.range()).meets(stated(change)) for term in present):
            continue
        fitting = abs(present[0].value - former.value)
        typo = typo_like(change.figure.surface, written_like(fitting, change.figure))
        formula = f"|{present[0].figure.surface}-{former.figure.surface}|={show(fitting, change)}"
        yield Slip(change, formula, "error" if typo else "warning")


def _point_off(expected: Interval, change: Term) -> bool:
    """Whether points miss the plain difference by a whole last digit, which rounding allows but rarely explains."""
    exact = change.figure.kind == "pp" and change.figure.approx == "EQ"
    return (
        exact and expected.meets(stated(change)) and abs(expected.middle - change.value) >= written_step(change.figure)
    )


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
    if second.figure.role == "to" and (first.figure.role == "from" or _FROM.search(first.gap)):
        yearly = re.search(
            r"[一二]?[〇一二三四五六七八九]{0,4}(?:19|20)?\d\d年|五|三年|末|底", first.gap
        ) and not re.search(r"上年|去年", first.gap)
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
        points = size_of(after - before)
        return points.times(Fraction(100)) if former.percent else None
    if former.percent or growth is None:
        return None
    if change.percent or change.figure.kind == "mult":
        return size_of(Interval(growth.lo - 1, growth.hi - 1))
    return size_of(after - before) if change.like(former) else None


# ---- rates times numbers ----------------------------------------------------------------------------------------

_EACH = re.compile(r"每(?P<unit>人|户|亩|名|个|家|项|村|位|件)(?P<month>每?月)?[^，,。；\d]{0,8}$")
_IN_ALL = re.compile(r"(?:累计|共|合计|总计|共计)[^，,。；\d]{0,8}$")


def products(terms: Sequence[Term]) -> Iterator[Slip]:
    """每人 so much, so many people, and what it comes to."""
    for rate, number, total in zip(terms, terms[1:], terms[2:], strict=False):
        each = _EACH.search(rate.gap)
        if not each or not rate.like(total) or rate.like(number) or not _IN_ALL.search(total.gap):
            continue
        if number.figure.kind != "num" or number.figure.raw_unit[-1:] not in (each["unit"], "人", "名", "位", "户"):
            continue
        amounts = [rate.range().times(number.value * months) for months in (1, 12) if months == 1 or each["month"]]
        if not any(product.meets(stated(total)) for product in amounts):
            expected = amounts[-1]
            typo = typo_like(total.figure.surface, written_like(expected.middle, total.figure))
            formula = f"{rate.figure.surface}×{number.figure.surface}" + ("×12个月" if each["month"] else "")
            yield Slip(total, f"{formula}={show(expected.middle, total)}", "error" if typo else "warning")


# ---- averages and plans -----------------------------------------------------------------------------------------

_AVERAGE = re.compile(
    r"[，,](?P<unit>户|人|亩|村|件|家|场|次|校|台|个|项)均(?:面积|补助|补贴|增收|收入|发放|资助|奖励|投入|获得|贷款|分红|奖补|支出)?(?:为|达到?|约)?$"
)


def averages(terms: Sequence[Term]) -> Iterator[Slip]:
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
        if not expected.meets(stated(average), written_step(average.figure)):
            formula = f"{amount.figure.surface}÷{number.figure.surface}={show(expected.middle, average)}"
            yield Slip(average, formula, "warning")


_PLAN = re.compile(r"(?:计划|目标|任务)(?:任务|数|为|是|新建|改造|完成|建设|实施)?[^，,。；、\d]{0,8}$")
_OF_PLAN = re.compile(r"(?:占|完成|达到?)(?:全年|年度|年初|下达)?(?:计划|任务|目标)(?:任务)?(?:数)?的$")
_OVER_PLAN = re.compile(r"超额(?:完成)?$|超(?:出|过)?(?:全年|年度|年初)?(?:计划|任务|目标)(?:任务)?(?:数)?(?:的)?$")


def plans(terms: Sequence[Term]) -> Iterator[Slip]:
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
        expected = quotient if not over else size_of(Interval(quotient.lo - 1, quotient.hi - 1))
        if over and not share.percent:
            expected = size_of(done.range() - planned.range()) if share.like(done) else stated(share)
        if not expected.meets(stated(share)):
            formula = f"计划{planned.figure.surface}、完成{done.figure.surface}，应为{show(expected.middle, share)}"
            yield Slip(share, formula, "error")
