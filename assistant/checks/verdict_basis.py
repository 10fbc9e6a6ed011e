"""What a figure is measured against or over: base of comparison, prices, frequency, head, new or altogether."""

from __future__ import annotations

import re

from assistant.checks.figure_context import Item
from assistant.checks.options import CheckOptions
from assistant.checks.pair import Pair, Verdict
from assistant.checks.values import value_class

_PER = re.compile(r"亩产|单产|人均|户均|亩均|日均|月均|件均|村均|校均|平均|每")
_NOMINAL = re.compile(r"名义|现行?价|当年价|未扣除?(?:价格|物价)|不扣(?:价|除)")
_REAL = re.compile(r"实际(?:分别|同比)?(?:增|下降|降)|[（(]实际[）)]|可比(?:价|口径)|不变价|(?<!未)扣除?(?:价格|物价)")
_PER_UNITS = frozenset(("人均", "户均", "亩均", "日均", "月均", "件均", "村均", "校均"))


def basis(pair: Pair, options: CheckOptions) -> Verdict | None:
    """Comparison and span: 同比 against 环比, 年均, 累计, 名义 against 实际, 新增 against 累计."""
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
    if mine and not theirs and not (mine == "年均" and _span_is_total(pair)):
        return _added_basis(pair, mine)
    if theirs in ("年均", "环比") and not mine and not re.search("年均|平均|每年|环比|上月|上季", pair.draft.sentence):
        return "basis", "error", f"要点是“{theirs}”数，此处没有写明"
    if _span_is_total(pair) and mine == "年均":
        return "basis", "error", "要点是累计数，此处写成年均"
    if _LESS.search(re.split("[，,；;。｜|（(、]", pair.note.before)[-1]) and not _LESS_SAID.search(
        pair.draft.sentence
    ):
        return "basis", "error", "要点是剔除（不含）一部分后的数，此处没有写明"
    nominal = _nominal_or_real(pair) or _other_standard(pair)
    if nominal is not None:
        return nominal
    fresh = _fresh_or_total(pair)
    if fresh is not None:
        return fresh
    now, span = pair.mine.feats.get("span"), pair.theirs.feats.get("span") or _listed_span(pair.note)
    if span == "累计" and now in _ONE_YEAR and now not in pair.note.clause and "累计" not in pair.draft.sentence:
        return "basis", "error", f"要点是累计数，此处写成“{now}”"
    if now == "累计" and span in ("全年", "今年") and "以来" in pair.draft.sentence and "以来" not in pair.note.text:
        return "basis", "error", f"要点是“{span}”数，此处写成多年累计"
    if _years_told_as_one(pair):
        return "basis", "error", f"要点是多年累计数，此处写成{pair.draft.time[1:]}年的数"
    if span == "累计" and pair.draft.time in ("去年", "上年") and "累计" not in pair.draft.sentence:
        return "basis", "error", "要点是累计数，此处写成上年的数"
    if now == "累计" and span in ("当年", "当期"):
        return "basis", "error", f"要点是“{span}”数，此处写成累计"
    return None


def _listed_span(note: Item) -> str | None:
    """累计培育甲1714家、乙814家: what opens a list holds for all of it."""
    words = re.split("[，,；;。｜|]", note.before)[-1]
    return "累计" if "累计" in words and not re.search("新增|今年|当年", words) else None


_ONE_YEAR = frozenset(("当年", "今年", "当期", "本年", "本年度", "全年", "年内"))
_SEVERAL_YEARS = re.compile(
    r"[（(【]?(?:这|过去)?(?<!\d)[两三四五六七八九十\d]年(?:来|间|累计|以来)?[）)】：:｜]|累计|[两三四五六七八九十]年来?"
)


def _years_told_as_one(pair: Pair) -> bool:
    """（五年）实施72个 or 累计发放1.87亿 against 2020年实施72个: the sum of several years told as one year's."""
    time = pair.draft.time
    if (
        time[:1] != "Y"
        or "累计" in pair.draft.clause
        or not _SEVERAL_YEARS.search(pair.note.clause + pair.note.text[:8])
    ):
        return False
    year = time[1:5]
    said = pair.note.heading + pair.note.text
    clause = re.split("[，,；;、。]", pair.draft.before)[-1]
    return year + "年" in clause and year not in said and year[2:] + "年" not in said and "以来" not in clause


_LESS = re.compile(r"剔除|扣除|不含(?!税)|不包括")
_LESS_SAID = re.compile(r"剔除|扣除|不含|不包括|不计|除|可比|同口径|实际")


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
    head = pair.note.head
    if head and len(head) <= 24 and pair.theirs.role == "delta":
        for name, word in (("较年初", "年初"), ("年均", "年均"), ("环比", "环比"), ("同比", "同比")):
            if word in head:
                return name
        year = _HEAD_YEAR.search(head)
        return year[1] if year else None
    return None


_HEAD_YEAR = re.compile(r"(?:比|较)((?:19|20)\d\d年[末底]?)")
_PER_YEAR = re.compile(r"均|每|[/／]年|一年|年(?=\d)")
_COMPARED_WITH = re.compile(
    r"(?:(?<![占对])比|较|高于|低于)([一-鿿]{2,8}?)(?:平均)?(?:水平)?(?:高|低|多|少|快|慢|提前|\d)"
)
_EACH_UP = re.compile(r"(?<![年月日人户])均[增降]$")
_COMPARED_IN_HEAD = re.compile(r"[（(](?:比|较)([一-鿿]{2,8})[）)]")
_TIME_OF_COMPARISON = re.compile(
    r"[提增升降下减回重例]|上|去|年|同期|前|计划|预算|目标|任务|[一二三四五六七八九十]|期初|月|季"
)


def _other_standard(pair: Pair) -> Verdict | None:
    """高于规上工业增速 told as 高于全国平均水平: what a rate is held against."""
    here, there = _COMPARED_WITH.search(pair.draft.phrase), _COMPARED_WITH.search(pair.note.clause)
    if not here or not there or all(_TIME_OF_COMPARISON.match(match[1]) for match in (here, there)):
        return None
    if set(here[1]) & set(there[1]):
        return None
    return "basis", "error", f"要点是与“{there[1]}”相比，此处写成与“{here[1]}”相比"


def _added_basis(pair: Pair, mine: str) -> Verdict | None:
    """A comparison the note does not spell out: the year before goes without saying, another one does not."""
    if pair.theirs.role not in ("delta", "") or mine in pair.note.text:
        return None
    if mine[:2] in ("19", "20") and pair.mine.role != "delta" and value_class(pair.mine) not in ("ratio", "pp"):
        return None  # the year belongs to another figure of the sentence
    if mine == "年均" and value_class(pair.mine) not in ("ratio", "pp") and not _PER_YEAR.search(pair.note.text):
        return "basis", "error", "要点是总数，此处写成年均"
    if mine == "年均" and _EACH_UP.search(pair.note.before) and "年" not in pair.note.before[-4:]:
        return "basis", "error", "要点是各自都增，此处写成年均"
    other = _COMPARED_WITH.search(pair.note.clause) or _COMPARED_IN_HEAD.search(pair.note.head)
    if other and not _TIME_OF_COMPARISON.match(other[1]) and mine in ("同比", "环比", "较年初"):
        return "basis", "error", f"要点是与“{other[1]}”相比，此处写成“{mine}”"
    if mine in ("环比", "较年初") or (mine[:2] in ("19", "20") and mine[2:4] not in pair.note.text):
        if mine == "较年初" and "年初" in pair.note.text:
            return None
        return "basis", "error", f"要点没有“{mine}”这一比较"
    return ("basis", "warning", f"要点没有说明“{mine}”") if pair.theirs.role == "delta" else None


_PERIODS = frozenset("日周月季年") | {"季度"}


def _clashes(mine: str, theirs: str) -> bool:
    """月增 against 年增, 月人均 against 年人均."""
    one, other = (freq.strip("每增").replace("天", "日") for freq in (mine, theirs))
    return one != other and one in _PERIODS and other in _PERIODS


def frequency(pair: Pair, options: CheckOptions) -> Verdict | None:
    """How often: each month against each year, each time against once, each against all together."""
    del options
    mine, theirs = pair.mine.feats, pair.theirs.feats
    often = theirs.get("freq", "") or _head_freq(pair.note)
    if _clashes(mine.get("freq", ""), often):
        return "basis", "error", f"要点是“{often}”，此处写成“{mine['freq']}”"
    if mine.get("pace", "") != theirs.get("pace", "") and "pace" in mine and "pace" in theirs:
        return "basis", "error", f"要点是每{theirs['pace']}的数，此处写成每{mine['pace']}的数"
    if "mean" in theirs and "均" not in pair.draft.sentence and (mine.get("span") == "累计" or "sum" in mine):
        return "basis", "error", "要点是平均数，此处写成累计数"
    if "mean" in theirs and "均" not in pair.draft.sentence and _AT_THE_END.search(pair.draft.phrase):
        return "basis", "error", "要点是平均数，此处写成期末数"
    if (
        theirs.get("freq", "") not in ("", "月", "日", "年")
        and "freq" not in mine
        and "每" not in (_own_clause(pair.draft) if theirs["freq"][-1] in _OCCASIONS else pair.draft.sentence)
        and not _per_time(theirs["freq"][-1:], pair.draft)
    ):
        told = "写成“累计”" if "累计" in pair.draft.phrase else "没有写明"
        return "basis", "error", f"要点是“{theirs['freq']}”的数，此处{told}"
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


_AT_THE_END = re.compile(r"[年月期]末|年底|月底")
_HEAD_FREQ = re.compile(r"每(?:人|户|亩|家)?(?=[年月日周季])([年月日周]|季度?)")


def _head_freq(note: Item) -> str:
    """What the head of a note line says of all its figures: 补贴标准（每人每月）：…"""
    found = _HEAD_FREQ.findall(note.head)
    return f"每{found[-1]}" if len(set(found)) == 1 else ""


_OCCASIONS = "次场期批"


def _own_clause(item: Item) -> str:
    return re.split("[，,；、]", item.before)[-1]


def _per_time(period: str, item: Item) -> bool:
    """Whether the words before the figure name the period in another way (日处理, 年产, 月均)."""
    words = item.before[-16:]
    period = "[天日]" if period in ("天", "日") else period
    return (
        bool(period) and re.search(rf"(?<![\d一二三四五六七八九十]){period}(?![前后以内末初底底度])", words) is not None
    )


def _span_is_total(pair: Pair) -> bool:
    """Whether the note gives a total over several years."""
    return pair.theirs.feats.get("span") == "累计"


_NEWLY = re.compile(r"新增(?![百千万亿]{2})|净增")  # 新增千亿斤粮食工程 is a name
_ANY_NEW = re.compile(r"[新增添]")
_ALTOGETHER = re.compile(r"达到|总[面产数量额规]|余额|存量|保有量")
_HELD = re.compile(r"余额|存量|保有量|保存面积|在册|总量|总数")
_COMES_ABOUT = re.compile(
    r"新(?!区)|[增净添补建设立签招引转培育认获评入选办放投改修治造植聘扩多+＋拆退清批]|开(?!发区)|成立|发展|发放|绿化|完成|实施|就业|核发|登记|授予|达产|孵化|落户"
)


def _is_stock(note: Item) -> bool:
    """Whether a note only names a thing and how many there are (全区挂牌企业14家): no verb, no sign, no span of time."""
    words = note.heading + note.head + note.phrase
    name = re.sub("^[一二两三四五六七八九十]年", "", note.figure.object)[:2]
    named = len(name) == 2 and name in note.phrase
    return named and note.figure.role in ("", "level") and _COMES_ABOUT.search(words) is None


_IN_A_YEAR = re.compile("过去一年|一年来|全年|今年|当年|本年|去年")
_MANY_YEARS = re.compile("以来|[两三四五几多]年来|本届|五年")
_WHOLE_OF_IT = re.compile(rf"{_ALTOGETHER.pattern}|[共达总]|累计|[已现]有")
_FRESH = re.compile(r"新[建增改签设开安招聘培认登投上栽植购配引]")


def _fresh_or_total(pair: Pair) -> Verdict | None:
    """新建3万亩、累计28万亩: what is new against what there is altogether."""
    mine, theirs = pair.mine.feats.get("span") == "累计", pair.theirs.feats.get("span") == "累计"
    mine_new, theirs_new = (bool(_FRESH.search(item.before[-14:])) for item in (pair.draft, pair.note))
    listed = "" if _WHOLE_OF_IT.search(pair.note.phrase) else pair.note.phrase  # 新增A260万千瓦、B180万户
    if (
        pair.theirs.role != "to"
        and _NEWLY.search(pair.note.clause + listed)
        and not _ANY_NEW.search(pair.draft.clause)
        and _ALTOGETHER.search(pair.draft.clause)
    ):
        return "basis", "error", "要点是新增数，此处写成总数"
    stock = _is_stock(pair.note) or (_HELD.search(pair.note.clause) and not _HELD.search(pair.draft.clause))
    if _NEWLY.search(pair.draft.clause) and not _NEWLY.search(pair.note.phrase) and not mine and stock:
        return "basis", "error", "要点是总数，此处写成新增数"
    if mine and not theirs and _IN_A_YEAR.search(pair.note.clause) and _MANY_YEARS.search(pair.draft.sentence):
        return "basis", "error", "要点是一年的数，此处写成几年累计"
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


def _told_before(item: Item) -> str:
    """The sentence up to its full stop: 农村人均收入15882元；城镇29705元 says 人均 of both, unless the second is a total."""
    if "总" in item.clause:
        return item.sentence
    begin = item.text.rfind("。", 0, item.figure.start) + 1
    return item.text[begin : item.figure.start] + item.sentence


_SHARE_OF = re.compile(
    r"占(?:全[国省市县区])?((?!的|比重|比例|份额|总[数量额])[一-鿿A-Z]{2,10}?)(?:总[量额数])?(?:的)?(?:比重|比例|份额)?(?:达到?|为|到|超过?|约|近)*$"
)
_PER_MANY = re.compile(r"(?:^|[每，。；、])([百千万])([人户名])(?=[一-鿿])")
_ALL_OF_THEM = re.compile(r"总(?:人|户|件)?[数量额]|合计|共计|总共|共$")


def _whole(name: str) -> str:
    """What a share is of, with GDP under one name."""
    return name.replace("GDP", "生产总值")


def denominator(pair: Pair, options: CheckOptions) -> Verdict | None:
    """Per head, per mu: 人均 against 户均, and against totals."""
    del options
    mine, theirs = pair.mine.feats.get("percap"), pair.theirs.feats.get("percap")
    here, there = _SHARE_OF.search(pair.draft.before), _SHARE_OF.search(pair.note.before)
    if here and there and not set(_whole(here[1])) & set(_whole(there[1])):
        return "basis", "error", f"要点是占“{there[1]}”的份额，此处写成占“{here[1]}”"
    here, there = _PER_MANY.search(pair.draft.phrase), _PER_MANY.search(pair.note.phrase)
    if here and there and here[1] != there[1] and here[2] == there[2]:
        return "basis", "error", f"要点是每{there[1]}{there[2]}的数，此处写成每{here[1]}{here[2]}"
    part = "subset" in pair.theirs.feats and "subset" not in pair.mine.feats
    if part and _ALL_OF_THEM.search(pair.draft.before[-8:]) and not _ALL_OF_THEM.search(pair.note.before[-8:]):
        return "basis", "error", "要点是其中的一部分，此处写成总数"
    if (
        theirs
        and mine
        and theirs in _PER_UNITS
        and mine in _PER_UNITS
        and theirs != mine
        and theirs not in pair.draft.clause
    ):
        return "basis", "error", f"要点是“{theirs}”数，此处写成“{mine}”"
    if theirs and not mine and not _PER.search(_told_before(pair.draft)):
        return "basis", "error", f"要点是“{theirs}”数，此处成了总量"
    if mine and not theirs and not _PER.search(pair.note.text) and "/" not in pair.note.text:
        firm = mine in _PER_UNITS - {"人均"} or len(pair.mine.object) <= 2
        return "basis", "error" if firm else "warning", f"要点不是“{mine}”数"
    return None
