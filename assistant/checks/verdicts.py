"""What is wrong between a draft figure and the note figure of the same value that it was aligned with."""

from __future__ import annotations

import re

from assistant.checks.options import CheckOptions
from assistant.checks.pair import Pair, Verdict
from assistant.checks.values import value_class
from assistant.checks.verdict_basis import basis, denominator, frequency
from assistant.checks.verdict_scope import scope
from assistant.checks.verdict_time import period, status
from assistant.checks.verdict_units import unit_verdict
from assistant.figures.lexicon import family_of

_APPROX_NAMES = {"EQ": "确数", "LT": "不足（近、接近）", "GT": "超过（余、多）", "GE": "以上", "LE": "以内", "AB": "约"}
_SOFT_APPROX = frozenset((frozenset(("GT", "GE")), frozenset(("LT", "LE"))))


def judge(pair: Pair, options: CheckOptions) -> Verdict | None:
    """The first thing that is wrong with the pair, as (kind, severity, reason), or None."""
    for test in (
        _qualifier,
        _unit,
        _direction,
        _role,
        basis,
        denominator,
        frequency,
        status,
        period,
        scope,
        _style,
    ):
        verdict = test(pair, options)
        if verdict is not None:
            return verdict
    return None


_SHARED_BEHIND = re.compile(
    r"(?:(?:、|和|及|与)[\d.]+[^，。；、\d]{0,5})*(?:、|和|及|与)[\d.]+[^，。；、\d]{0,4}(?:以上|左右|以内)"
)


_AT_LEAST = re.compile("至少|不少于|不低于")


def _qualifier(pair: Pair, options: CheckOptions) -> Verdict | None:
    del options
    mine, theirs = pair.mine.approx, pair.theirs.approx
    if (
        mine == theirs == "GE"
        and "以上" in pair.mine.surface
        and _AT_LEAST.search(pair.note.before[-6:] + pair.theirs.surface)
    ):
        return "wording", "warning", "要点是“至少”，此处写成“以上”"
    if mine == theirs or pair.mine.kind == "vague":
        if mine == "LT" and ("不" in pair.mine.surface[:2]) != ("不" in pair.theirs.surface[:2]):
            return "qualifier", "warning", "“不足”含贬义，与要点的“近”语气不同"
        return None
    if (mine == "EQ" and _SHARED_BEHIND.match(pair.draft.after)) or (
        theirs == "EQ" and _SHARED_BEHIND.match(pair.note.after)
    ):
        return None  # 分别稳定在800亿斤、60亿斤以上: the word behind the last may hold for all
    reason = f"要点为{_APPROX_NAMES[theirs]}，此处写成{_APPROX_NAMES[mine]}"
    if frozenset((mine, theirs)) in _SOFT_APPROX or (theirs == "AB" and mine == "EQ"):
        return "qualifier", "warning", reason
    return "qualifier", "error", reason


def _unit(pair: Pair, options: CheckOptions) -> Verdict | None:
    return unit_verdict(pair.mine, pair.theirs, options)


def _direction(pair: Pair, options: CheckOptions) -> Verdict | None:
    del options
    mine, theirs = pair.mine, pair.theirs
    if mine.direction and theirs.direction and mine.direction != theirs.direction:
        return "direction", "error", "升降方向与要点相反"
    led = _LED_BY.match(re.split("[，,；;。｜|]", pair.draft.before)[-1])
    if led and not mine.direction and theirs.role == "delta" and (theirs.direction == "+") == bool(led["down"]):
        return "direction", "error", "升降方向与要点相反"
    here, there = _YEARS_OF.match(pair.draft.after), _YEARS_OF.match(pair.note.after)
    if mine.kind == "dur" and here and there and here.lastgroup != there.lastgroup:
        return "direction", "error", "升降方向与要点相反"
    if (
        _RATE_FELL.search(pair.note.before)
        and _FELL.search(pair.draft.before)
        and not _RATE.search(pair.draft.sentence)
    ):
        return "direction", "error", "要点是增幅（增速）变小，此处写成数值减少"
    if (
        mine.role == "delta"
        and mine.direction == "-"
        and not theirs.direction
        and theirs.role not in ("delta", "from", "to")
    ):
        said = pair.note.before if "其中" in pair.note.before else pair.note.about
        falls = _FALLS.search(said) is not None
        return "direction", "warning" if falls else "error", "要点没有“减少”的意思"
    if (
        mine.role == "delta"
        and mine.direction == "+"
        and theirs.role == ""
        and not theirs.direction
        and value_class(mine) not in ("ratio", "pp")
        and _INCREASE.search(pair.draft.before[-6:])
        and not _RISES.search(pair.note.about)
    ):
        return "direction", "error", "要点没有“增加”的意思"
    if (
        theirs.role == "delta"
        and not mine.direction
        and mine.role not in ("from", "to", "factor")
        and not _MOVES.search(pair.draft.sentence if value_class(mine) == "ratio" else pair.draft.phrase)
    ):
        return "direction", "error", "要点是增减的数，此处没有写出增减"
    return None


# 减少医院、小区等停车位8700多个: the verb at the head of a list holds for the figure at its end.
_LED_BY = re.compile("(?:(?P<down>减少|压减|核减|削减|取消|撤销)|(?P<up>新增|增加|增设|净增))[一-鿿、]+$")
# 连续19年攀升
_YEARS_OF = re.compile(
    "(?:保持|实现)?(?:(?P<up>增长|上升|攀升|提升|提高|递增|扩大|走高|正增长)|(?P<down>下降|下滑|回落|减少|递减|降低|负增长))"
)
_RATE_FELL = re.compile(r"(?:增速|增幅|涨幅)[^，。；\d]{0,6}(?:回落|收窄|放缓|降低|下降)(?:了)?$|少增(?:了)?$")
_FELL = re.compile(r"(?:下降|减少|降低)(?:了)?$")
_RATE = re.compile(r"增速|增幅|涨幅|降幅|速度|少增")


_FALLS = re.compile(r"[减降压退脱缩免清停关负节]|取消|撤|去(?:产能|库存|杠杆|存量|化)")
_RISES = re.compile(r"[增新升涨扩添补多招建+＋↑]|加(?!工|强|快)|提高|引进|培育|获|认定|纳入")
_INCREASE = re.compile(r"(?:增加|增长|增多|多)(?:了|约|近)*$")
_MOVES = re.compile(r"[增减升降涨跌扩缩延压提高低多少快慢新补改翻移超优]|领先|落后")


# Two measures of one thing that reports keep apart; the words are no part of the indicator's name, so they are read in the clause.
_EXCLUSIVE_MEASURES = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (r"(?<!完成)总投资|计划投资|概算", r"(?:完成|到位)(?:投资|资金)|投资完成"),
        (r"最[高大多]", r"平均"),
        (r"最[高大多](?!人民)", r"最[低小少](?!生活|工资)"),
        (r"贡献率", r"比重|占比|占[^，。；]{2,}"),
        (r"新增[^，。；]{0,4}贷款|贷款[^，。；]{0,4}(?:新增|净增)", r"贷款余额"),
        (r"签约(?!率)", r"到位资金|实际到位"),
    )
)
_FULFILLED = re.compile(r"(?:完成|到位|达成|履约|落实|办结|覆盖|满意|入学|就业|普及)率(?:达到?|为)?$")
_OF_A_PLAN = re.compile(r"(?:计划|任务|目标|预算)数?的$")
_OF_A_BASE = re.compile(r"(?:恢复到|相当于|达到?|为|是)[^，。；]{1,10}的$")


def _role(pair: Pair, options: CheckOptions) -> Verdict | None:
    del options
    mine, theirs = pair.mine.role, pair.theirs.role
    if {mine, theirs} == {"from", "to"}:
        return "direction", "error", "起点与终点写反"
    if {mine, theirs} == {"to", "delta"}:
        return "basis", "error", "“增加（减少）到”与“增加（减少）”不是一回事"
    converted = theirs == "factor" and pair.mine.lo != pair.theirs.lo  # 是上年的3倍 is 比上年增长2倍
    if value_class(pair.mine) == "ratio" and mine == "delta" and theirs in ("share", "factor") and not converted:
        return "basis", "error", "要点是占比（倍数），此处写成增幅"
    if theirs == "delta" and mine == "level" and not pair.mine.direction and value_class(pair.mine) != "ratio":
        return "basis", "error", "要点是增减的数，此处写成总数"
    if theirs == "level" and mine == "delta" and not pair.theirs.direction and value_class(pair.mine) != "ratio":
        return "basis", "error", "要点是总数，此处写成增减的数"
    for one, other in _EXCLUSIVE_MEASURES:
        here, there = pair.draft.clause, pair.note.clause
        if one.search(there) and other.search(here) and not (one.search(here) or other.search(there)):
            return "basis", "error", "要点里的说法（总投资、完成投资、贡献率、占比等）与此处不是一回事"
        if other.search(there) and one.search(here) and not (other.search(here) or one.search(there)):
            return "basis", "error", "要点里的说法（总投资、完成投资、贡献率、占比等）与此处不是一回事"
    if value_class(pair.mine) == "ratio" and mine == "delta" and not converted and _OF_A_BASE.search(pair.note.before):
        return "basis", "error", "要点是相当于基期的比例，此处写成增幅"
    if value_class(pair.mine) == "ratio" and mine == "delta" and _OF_A_PLAN.search(pair.note.before):
        return "basis", "error", "要点是完成计划（任务）的比例，此处写成增幅"
    if theirs == "rate" and mine == "delta" and _FULFILLED.search(pair.note.before) and "率" not in pair.draft.clause:
        return "basis", "error", "要点是完成（到位、办结等）率，此处写成增幅"
    if theirs == "delta" and mine == "share":
        return "basis", "error", "要点是增减幅，此处写成占比"
    return None


def _style(pair: Pair, options: CheckOptions) -> Verdict | None:
    """Same value, other dress: converted units, dropped decimal zeros."""
    del options
    mine, theirs = pair.mine, pair.theirs
    if (
        mine.unit != theirs.unit
        and mine.unit
        and theirs.unit
        and value_class(mine) not in ("count", "ratio", "ord", "topk", "money")
    ) and family_of(mine.unit) != "month":
        return "unit", "warning", f"单位由“{theirs.unit}”换算为“{mine.unit}”"
    if ("基点" in mine.raw_unit) != ("基点" in theirs.raw_unit):
        return "unit", "warning", "百分点与基点互换"
    if (
        "-" in pair.note.before[-1:] + theirs.surface[:1]
        and theirs.direction == "-"
        and _FALLING.search(pair.draft.before)
    ):
        return "wording", "warning", "要点以负号表示，此处改用文字（下降）"
    if mine.raw_unit != theirs.raw_unit and (
        "户" in (mine.raw_unit, theirs.raw_unit) or (mine.raw_unit == "个" and theirs.raw_unit == "家")
    ):
        return "unit", "warning", f"量词由“{theirs.raw_unit}”变为“{mine.raw_unit}”"
    if mine.unit == "%" == theirs.unit and bool(_NOUGHT.search(mine.surface)) != bool(_NOUGHT.search(theirs.surface)):
        return "altered", "warning", "小数末位的0与要点不一致"
    return None


_NOUGHT = re.compile(r"\.\d*0(?!\d)")
_FALLING = re.compile(r"(?:下降|减少|降低|回落|下滑)(?:了)?$")
