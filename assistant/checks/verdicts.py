"""What is wrong between a draft figure and the note figure of the same value that it was aligned with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assistant.checks.figure_context import Item
from assistant.checks.options import CheckOptions
from assistant.checks.values import value_class
from assistant.checks.verdict_units import unit_verdict
from assistant.figures import Figure
from assistant.figures.lexicon import exclusive_groups, family_of
from assistant.records import Severity

Verdict = tuple[str, Severity, str]
_PER = re.compile(r"亩产|单产|人均|户均|亩均|日均|月均|件均|村均|校均|平均|每")
_PLAN = re.compile(r"(?<![占完成超较比度的])计划|力争|目标|预计|预期|拟|将|确保|争取|规划|要|到20\d\d年")
_DONE = re.compile(r"(?:已经?|实际)(?:完成|实现|建成|达到|安排|竣工)[^，。；]*$")
_NOMINAL = re.compile(r"名义|现行?价|当年价|未扣除?(?:价格|物价)|不扣(?:价|除)")
_REAL = re.compile(r"实际(?:分别|同比)?(?:增|下降|降)|[（(]实际[）)]|可比(?:价|口径)|不变价|(?<!未)扣除?(?:价格|物价)")
_PLAN_NEAR = re.compile(r"(?:计划|拟|力争|预计|争取)(?!内|外)[^，,。；、：“”\d]{0,6}$")
_FUTURE = re.compile(r"明年|来年|下一?年|下一步|今后|未来|20\d\d年|十[四五六]五")
_PER_UNITS = frozenset(("人均", "户均", "亩均", "日均", "月均", "件均", "村均", "校均"))
_PLANNED_AFTER = re.compile(r"(?:拟|将(?!士|军|近)|计划|有望|力争)(?!定)")
_APPROX_NAMES = {"EQ": "确数", "LT": "不足（近、接近）", "GT": "超过（余、多）", "GE": "以上", "LE": "以内", "AB": "约"}
_SOFT_APPROX = frozenset((frozenset(("GT", "GE")), frozenset(("LT", "LE"))))


@dataclass(frozen=True, slots=True)
class Pair:
    """A draft figure and the note figure that states the same value."""

    draft: Item
    note: Item

    @property
    def mine(self) -> Figure:
        return self.draft.figure

    @property
    def theirs(self) -> Figure:
        return self.note.figure


def judge(pair: Pair, options: CheckOptions) -> Verdict | None:
    """The first thing that is wrong with the pair, as (kind, severity, reason), or None."""
    for test in (
        _qualifier,
        _unit,
        _direction,
        _role,
        _basis,
        _denominator,
        _frequency,
        _status,
        _time,
        _scope,
        _style,
    ):
        verdict = test(pair, options)
        if verdict is not None:
            return verdict
    return None


def _qualifier(pair: Pair, options: CheckOptions) -> Verdict | None:
    del options
    mine, theirs = pair.mine.approx, pair.theirs.approx
    if mine == theirs or pair.mine.kind == "vague":
        if mine == "LT" and ("不" in pair.mine.surface[:2]) != ("不" in pair.theirs.surface[:2]):
            return "qualifier", "warning", "“不足”含贬义，与要点的“近”语气不同"
        return None
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
    if (
        mine.role == "delta"
        and mine.direction == "-"
        and not theirs.direction
        and theirs.role not in ("delta", "from", "to")
    ):
        falls = _FALLS.search(pair.note.heading + pair.note.text) is not None
        return "direction", "warning" if falls else "error", "要点没有“减少”的意思"
    if (
        mine.role == "delta"
        and mine.direction == "+"
        and theirs.role == ""
        and not theirs.direction
        and value_class(mine) not in ("ratio", "pp")
        and not _RISES.search(pair.note.heading + pair.note.text)
    ):
        return "direction", "error", "要点没有“增加”的意思"
    if (
        theirs.role == "delta"
        and not mine.direction
        and mine.role not in ("from", "to")
        and not _MOVES.search(pair.draft.sentence)
    ):
        return "direction", "error", "要点是增减的数，此处没有写出增减"
    return None


_FALLS = re.compile(r"[减降压退脱缩免清停关负节]|取消|撤|去(?:产能|库存|杠杆|存量|化)")
_RISES = re.compile(r"[增新升涨多扩添加提高补+＋↑建拓引招培育获认纳入投产开设]")
_MOVES = re.compile(r"[增减升降涨跌扩缩延压提高低多少快慢新补改翻移]")


def _role(pair: Pair, options: CheckOptions) -> Verdict | None:
    del options
    mine, theirs = pair.mine.role, pair.theirs.role
    if {mine, theirs} == {"from", "to"}:
        return "direction", "error", "起点与终点写反"
    if {mine, theirs} == {"to", "delta"}:
        return "basis", "error", "“增加（减少）到”与“增加（减少）”不是一回事"
    if value_class(pair.mine) == "ratio" and mine == "delta" and theirs in ("share", "factor"):
        return "basis", "error", "要点是占比（倍数），此处写成增幅"
    if theirs == "delta" and mine == "level" and not pair.mine.direction and value_class(pair.mine) != "ratio":
        return "basis", "error", "要点是增减的数，此处写成总数"
    if theirs == "level" and mine == "delta" and not pair.theirs.direction and value_class(pair.mine) != "ratio":
        return "basis", "error", "要点是总数，此处写成增减的数"
    if theirs == "delta" and mine == "share":
        return "basis", "error", "要点是增减幅，此处写成占比"
    return None


def _basis(pair: Pair, options: CheckOptions) -> Verdict | None:
    mine, theirs = pair.mine.feats.get("basis"), pair.theirs.feats.get("basis")
    if (
        mine
        and theirs
        and mine != theirs
        and {mine, theirs} >= {"比预算"}
        and "预算" not in pair.draft.sentence + pair.note.text
    ):
        return None
    if mine and theirs and mine != theirs and not _same_basis(mine, theirs, pair, options):
        return "basis", "error", f"比较基期由“{theirs}”变为“{mine}”"
    theirs = theirs or _head_basis(pair)
    if (
        mine
        and theirs
        and mine != theirs
        and not _same_basis(mine, theirs, pair, options)
        and "basis" not in pair.theirs.feats
    ):
        return "basis", "error", f"比较基期由“{theirs}”变为“{mine}”"
    if mine and not theirs and not (mine == "年均" and span_is_total(pair)):
        return _added_basis(pair, mine)
    if theirs in ("年均", "环比") and not mine and not re.search("年均|平均|每年|环比|上月|上季", pair.draft.sentence):
        return "basis", "error", f"要点是“{theirs}”数，此处没有写明"
    if span_is_total(pair) and mine == "年均":
        return "basis", "error", "要点是累计数，此处写成年均"
    nominal = _nominal_or_real(pair)
    if nominal is not None:
        return nominal
    fresh = _fresh_or_total(pair)
    if fresh is not None:
        return fresh
    now, span = pair.mine.feats.get("span"), pair.theirs.feats.get("span")
    if span == "累计" and now in ("当年", "今年", "当期", "本年", "本年度") and "累计" not in pair.draft.sentence:
        return "basis", "error", f"要点是累计数，此处写成“{now}”"
    if now == "累计" and span in ("全年", "今年") and "以来" in pair.draft.sentence and "以来" not in pair.note.text:
        return "basis", "error", f"要点是“{span}”数，此处写成多年累计"
    if span == "累计" and pair.draft.time in ("去年", "上年") and "累计" not in pair.draft.sentence:
        return "basis", "error", "要点是累计数，此处写成上年的数"
    if now == "累计" and span in ("当年", "当期"):
        return "basis", "error", f"要点是“{span}”数，此处写成累计"
    return None


def _nominal_or_real(pair: Pair) -> Verdict | None:
    """名义增长 against 实际增长: with prices or without them."""
    if pair.mine.role != "delta":
        return None
    nominal, real = _NOMINAL.search(pair.note.text), _REAL.search(pair.note.text)
    if real and not nominal and _NOMINAL.search(pair.draft.sentence):
        return "basis", "error", "要点是“实际”增幅，此处写成“名义”"
    if nominal and not real and _REAL.search(pair.draft.before[-12:]):
        return "basis", "error", "要点是“名义”增幅，此处写成“实际”"
    return None


def _head_basis(pair: Pair) -> str | None:
    """A basis named in the head of the note line (较年初：存款+15.8%，贷款+14.7%)."""
    head = re.split("[：:]", pair.note.text, maxsplit=1)
    if len(head) == 2 and len(head[0]) <= 24 and pair.theirs.role == "delta":
        for name, word in (("较年初", "年初"), ("年均", "年均"), ("环比", "环比")):
            if word in head[0]:
                return name
    return None


def _added_basis(pair: Pair, mine: str) -> Verdict | None:
    """A comparison the note does not spell out: the year before goes without saying, another one does not."""
    if pair.theirs.role not in ("delta", "") or mine in pair.note.text:
        return None
    if mine in ("环比", "较年初") or (mine[:2] in ("19", "20") and mine[2:4] not in pair.note.text):
        if mine == "较年初" and "年初" in pair.note.text:
            return None
        return "basis", "error", f"要点没有“{mine}”这一比较"
    return ("basis", "warning", f"要点没有说明“{mine}”") if pair.theirs.role == "delta" else None


def _clashes(mine: str, theirs: str) -> bool:
    """月增 against 年增, 月人均 against 年人均."""
    one, other = (freq.strip("每增") for freq in (mine, theirs))
    return one != other and one in ("月", "日", "年") and other in ("月", "日", "年")


def _frequency(pair: Pair, options: CheckOptions) -> Verdict | None:
    del options
    mine, theirs = pair.mine.feats, pair.theirs.feats
    if _clashes(mine.get("freq", ""), theirs.get("freq", "")):
        return "basis", "error", f"要点是“{theirs['freq']}”，此处写成“{mine['freq']}”"
    if "mean" in theirs and "均" not in pair.draft.sentence and (mine.get("span") == "累计" or "sum" in mine):
        return "basis", "error", "要点是平均数，此处写成累计数"
    if (
        theirs.get("freq", "") not in ("", "月", "日", "年")
        and "freq" not in mine
        and "每" not in (_own_clause(pair.draft) if theirs["freq"][-1] in _OCCASIONS else pair.draft.sentence)
        and not _per_time(theirs["freq"][-1:], pair.draft)
    ):
        return "basis", "error", f"要点是“{theirs['freq']}”的数，此处没有写明"
    if (
        "freq" in mine
        and "freq" not in theirs
        and not (re.search("[每均/]", pair.note.text) or _per_time(mine["freq"][-1:], pair.note))
    ):
        return "basis", "error", f"要点没有“{mine['freq']}”的意思"
    if "each" in theirs and "sum" in mine and "各" not in pair.draft.sentence:
        return "basis", "error", "要点是各自的数，此处写成合计"
    if "each" in mine and "sum" in theirs and "各" not in pair.note.text:
        return "basis", "error", "要点是合计数，此处写成各自的数"
    return None


_OCCASIONS = "次场期批"


def _own_clause(item: Item) -> str:
    return re.split("[，,；、]", item.before)[-1]


def _per_time(period: str, item: Item) -> bool:
    """Whether the words before the figure name the period in another way (日处理, 年产, 月均)."""
    words = item.before[-16:]
    return (
        bool(period) and re.search(rf"(?<![\d一二三四五六七八九十]){period}(?![前后以内末初底底度])", words) is not None
    )


def span_is_total(pair: Pair) -> bool:
    """Whether the note gives a total over several years."""
    return pair.theirs.feats.get("span") == "累计"


_FRESH = re.compile(r"新(?:建|增|改|签|设|开)")


def _fresh_or_total(pair: Pair) -> Verdict | None:
    """新建3万亩、累计28万亩: what is new against what there is altogether."""
    mine, theirs = pair.mine.feats.get("span") == "累计", pair.theirs.feats.get("span") == "累计"
    mine_new, theirs_new = (bool(_FRESH.search(item.before[-14:])) for item in (pair.draft, pair.note))
    if theirs and not theirs_new and mine_new and not mine:
        return "basis", "error", "要点是累计数，此处写成新增数"
    if mine and not mine_new and theirs_new and not theirs:
        return "basis", "error", "要点是新增数，此处写成累计数"
    return None


def _same_basis(a: str, b: str, pair: Pair, options: CheckOptions) -> bool:
    """Whether two names mean one comparison: 同比 and the year before the one reported on."""
    if a.rstrip("末初") == b.rstrip("末初") and a[-1:] == b[-1:]:
        return True
    year = next((name for name in (a, b) if name[:2] in ("19", "20")), "")
    if "同比" not in (a, b) or not year[:4].isdigit():
        return False
    following = str(int(year[:4]) + 1)
    return options.report_year == int(following) or following in pair.note.text


def _denominator(pair: Pair, options: CheckOptions) -> Verdict | None:
    del options
    mine, theirs = pair.mine.feats.get("percap"), pair.theirs.feats.get("percap")
    if (
        theirs
        and mine
        and theirs in _PER_UNITS
        and mine in _PER_UNITS
        and theirs != mine
        and theirs not in pair.draft.sentence
    ):
        return "basis", "error", f"要点是“{theirs}”数，此处写成“{mine}”"
    if theirs and not mine and not _PER.search(pair.draft.sentence):
        return "basis", "error", f"要点是“{theirs}”数，此处成了总量"
    if mine and not theirs and not _PER.search(pair.note.text) and "/" not in pair.note.text:
        firm = mine in _PER_UNITS - {"人均"} or len(pair.mine.object) <= 2
        return "basis", "error" if firm else "warning", f"要点不是“{mine}”数"
    return None


def _status(pair: Pair, options: CheckOptions) -> Verdict | None:
    del options
    mine, theirs = pair.mine.feats.get("status"), pair.theirs.feats.get("status")
    if pair.note.planned and _DONE.search(pair.draft.before[-24:]):
        return "basis", "error", "要点是计划（目标）数，此处写成已完成"
    if theirs == "plan" and not _PLAN.search(pair.draft.sentence) and not _planned_from_the_start(pair.draft):
        soft = "预计" in pair.note.text and mine != "done"
        return "basis", "warning" if soft else "error", "要点是计划（目标、预计）数，此处写成实际数"
    if _PLANNED_AFTER.match(pair.draft.after) and not _PLAN.search(pair.note.text):
        return "basis", "error", "要点是已完成的事，此处写成打算"
    if (
        mine == "plan"
        and _PLAN_NEAR.search(pair.draft.before[-14:])
        and not pair.note.planned
        and not _PLAN.search(pair.note.text)
        and not _FUTURE.search(pair.note.text)
    ):
        return "basis", "error", "要点是已有的事实，此处写成计划（目标、预计）"
    if _under_way(pair.note) and not _BUILT.search(_clause(pair.note)) and _BUILT.search(_clause(pair.draft)):
        return "basis", "error", "要点是在建（正在推进），此处写成已建成"
    if mine == "plan" and theirs == "done" and not _PLAN.search(pair.note.text):
        return "basis", "error", "要点是完成数，此处写成计划（目标、预计）数"
    return None


_BUILDING = re.compile(r"在建|续建|正在(?:建设|施工)|建设中|加快建设")
_BUILT = re.compile(r"(?<!未)(?<![在续新])建成|竣工|通车|投产|完工|投用|投入(?:使用|运营)")


def _clause(item: Item) -> str:
    """The words between the marks , 、 ； around the figure."""
    return re.split("[，,；;、｜|]", item.before)[-1] + item.figure.surface + re.split("[，,；;、。｜|]", item.after)[0]


def _under_way(item: Item) -> bool:
    return _BUILDING.search(_clause(item)) is not None


def _planned_from_the_start(item: Item) -> bool:
    """预计全年，A达到3亿；B达到5亿: a word of planning that opens the sentence holds beyond its semicolons."""
    begin = max(item.text.rfind(mark, 0, item.figure.start) for mark in "。\n") + 1
    return _PLAN.search(item.text, begin, min(begin + 10, item.figure.start)) is not None or "计划" in item.before[-6:]


_YEAR_CONFLICTS = ({"今年", "去年"}, {"当年", "去年"}, {"今年", "上年"}, {"M1-12", "去年"}, {"今年", "明年"})


def _time(pair: Pair, options: CheckOptions) -> Verdict | None:
    mine, theirs = pair.draft.time, pair.note.time
    if not mine or not theirs or mine == theirs:
        return None
    if mine[0] == "Y" and (mine[1:] in pair.note.text or theirs[1:] in pair.draft.sentence):
        return None
    if {mine, theirs} in _YEAR_CONFLICTS:
        return "basis", "error", "所属年份与要点不同"
    if mine[0] == theirs[0] == "M" and _one_month(theirs) != _one_month(mine) and not _both_named(pair):
        return None
    if mine[0] == theirs[0] or (theirs.startswith("recent") and mine in ("今年", "当年", "去年", "M1-12")):
        return "basis", "error", "所属时期与要点不同"
    year = options.report_year
    if year and {mine[:1], theirs[:1]} == {"Y", "今"} and f"Y{year}" not in (mine, theirs):
        return "basis", "error", "所属年份与要点不同"
    return None


def _one_month(label: str) -> bool:
    """Whether a period label names a single month (M3-3)."""
    first, _, last = label[1:].partition("-")
    return first == last


def _both_named(pair: Pair) -> bool:
    """Whether the draft sentence names the period of the note too, so that the two periods are told apart there."""
    month = next(label for label in (pair.draft.time, pair.note.time) if _one_month(label))[1:].partition("-")[0]
    return all(
        f"{month}月" in text and re.search("全年|季度|半年", text) for text in (pair.draft.sentence, pair.note.text)
    )


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
    if mine.unit == "%" == theirs.unit and (".0" in mine.surface) != (".0" in theirs.surface):
        return "altered", "warning", "小数末位的0与要点不一致"
    return None


@cache
def _group_patterns() -> tuple[tuple[re.Pattern[str], dict[str, int]], ...]:
    result = []
    for group in exclusive_groups():
        names = {name: number for number, names in enumerate(group) for name in names}
        ordered = sorted(names, key=len, reverse=True)
        result.append((re.compile("|".join(map(re.escape, ordered))), names))
    return tuple(result)


_FIELD = re.compile(r"(全球|世界|全国|全省|全市|全县|全区|全州|全盟|中部|西部|东部)(?:[^，。；、\d]{0,6})$")


def _ranked_elsewhere(pair: Pair) -> Verdict | None:
    """全市第1、全省第7 against 全省第1、全市第7: a rank belongs to the field named right before it."""
    if pair.mine.kind != "ord" or pair.theirs.kind != "ord":
        return None
    here, there = (_FIELD.search(item.before) for item in (pair.draft, pair.note))
    if here and there and here[1] != there[1]:
        return "swapped", "error", f"要点说的是“{there[1]}”的名次，此处写成“{here[1]}”"
    return None


def _scope(pair: Pair, options: CheckOptions) -> Verdict | None:
    del options
    placed = _ranked_elsewhere(pair)
    if placed is not None:
        return placed
    mine, theirs = pair.mine.object, pair.theirs.object
    for pattern, names in _group_patterns():
        here = {names[word]: word for word in pattern.findall(mine)}
        there = {names[word]: word for word in pattern.findall(theirs)}
        if not here or not there:
            continue
        extra = [word for number, word in here.items() if number not in there and word not in pair.note.text]
        lost = [word for number, word in there.items() if number not in here and word not in pair.draft.sentence]
        if extra and lost:
            return "swapped", "error", f"要点说的是“{lost[0]}”，此处写成“{extra[0]}”"
    return None
