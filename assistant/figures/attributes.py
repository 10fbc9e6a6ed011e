"""What a figure is about: direction, role, basis, period and the words of its indicator, read from its sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from assistant.figures.grammar import JOINER, PER_TIME
from assistant.figures.model import NO_FEATS, Direction, Figure, Role
from assistant.figures.normalise import Normalised
from assistant.figures.paired import other_side, paired_objects
from assistant.figures.raw import Raw

_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
_PUNCT = "，,。；;：:！？!?\n｜|"
_UP = "拓展|扩展|核增|增长率|上扬|上移|加价|加宽|加厚|加速|升位|升温|增仓|增储|增员|增岗|增拨|增利|增盈|增编|扩编|扩产|扩招|扩种|扩表|提价|提标|涨价|走强|多收|多缴|多付|多拨|多销|多产|多用|多耗|好于|强于|增设|增配|增派|增开|增长|快于|高于|优于|领先|前移|跃升|拉长|加快|走高|攀升|激增|提速|反弹|加重|扩容|上调|调高|上浮|调增|前进|多花|多支|多增|增产|跃居|增强|增收|增加|增至|增到|上升|提高|提升|提至|提到|升至|升到|扩大|上涨|涨|新增|净增|增收|增速|增幅|升幅|涨幅|延长|高于|高出|净流入|增亏|多出|翻|增|升|高|多|扩|快"
_DOWN = "下挫|下探|下移|低出|减编|减员|减岗|减利|减盈|减储|减速|减弱|劣于|压产|压种|压贷|少收|少缴|少付|少拨|少销|少产|少用|少耗|差于|弱于|恶化|滑落|缩编|缩招|缩表|节支|贬值|降价|降标|降温|走弱|减负|减少|慢于|低于|落后|后移|退后|放缓|走低|少花|少支|节省|削减|核减|裁减|跌落|骤降|缩水|减轻|收缩|下调|调低|下浮|减免|净减|调减|少增|减产|减收|退位|转负|下降|降低|回落|压减|压缩|压降|压至|压到|精简|缩减|收窄|缩短|下滑|下跌|缩小|低于|净流出|减亏|降至|降到|减至|减到|降幅|跌幅|减幅|少于|节约|减|降|压(?!在)|低|少|跌|缩|短|慢"
_LONG_UP = [w for w in _UP.split("|") if len(w) > 1]
_LONG_DOWN = [w for w in _DOWN.split("|") if len(w) > 1]
_SHORT = "增升高多减降压低少跌缩涨扩"
_VERB = re.compile("|".join(sorted(_LONG_UP + _LONG_DOWN, key=len, reverse=True)))
_ADJACENT = re.compile(
    rf"(?<!最)(?P<verb>{'|'.join(sorted(_UP.split('|') + _DOWN.split('|'), key=len, reverse=True))})"
    r"(?P<to>[到至为]|达到|达)?(?:了|约|近|超过?|达|逾|共|分别|均|又|为|:|：|在)*$"
)
_LASTING = re.compile(r"连(?:续)?[^，。\d]{0,4}$")
_UP_WORDS = frozenset(_UP.split("|"))
_AFTER = re.compile(r"(?:左右|以上)*的(?:(增长|增速|增幅|涨幅|升幅|提升)|(降幅|下降|跌幅|减幅|回落))(?![到至为])")
_RATES = frozenset(("增速", "增长率", "增幅", "升幅", "涨幅", "降幅", "跌幅", "减幅"))
_TO_WORDS = frozenset(("增至", "增到", "提至", "提到", "升至", "升到", "压至", "压到", "降至", "降到", "减至", "减到"))
_SIDES = {
    "城": "城镇城市", "乡": "农村乡村", "村": "村庄行政村", "户": "农户家庭户", "县": "县级", "市": "市级", "省": "省级", "镇": "乡镇",
    "校": "学校", "企": "企业", "男": "男性", "女": "女性",
}  # fmt: skip
_GENERIC = re.compile(
    r"占比?|全国|全省|全市|全县|全区|全球|世界|比重|比例|增速|增幅|升幅|降幅|排名|位次|位列|位居|居|前列|进位|总量|总额|规模|可比价格?|同口径|扣价|扣除物价上?升?因素|按|计算|稳|列|第|平均水平|平均|实际|名义|每年"
)
_STOCK = re.compile(r"(?:达到?|为|突破|超过?|完成|实现|稳定在|保持在|控制在|占比?|共|计|总)+(?:了|约|近|超|逾)*$")
_FROM = re.compile(r"(?:由|从)[^，,。；]{0,12}$")
_ARROW = re.compile(r"[→➔➡⇒]|->|=>|--?>")
_TO_NEXT = re.compile(
    r"^(?:的)?(?:[→➔➡⇒]|->|逐步|大幅|快速|迅速|稳步)*(?:→|增|提|升|降|减|压|缩|下|上|扩|回|调|涨|跌|到|至|变|跃|发展)"
)
_SHARE = re.compile(r"占[^，,。；\d]{0,16}$|比重[^，,。；]{0,6}$|占比[^，,。；]{0,4}$")

FEATURES = re.compile(
    r"(?P<budget>(?:较|比|占)(?:上年|去年|年初)?(?:预算|计划|任务)(?!外))"
    r"|(?P<yoy>同比|(?:较|比|与|和|同)?(?:上年|去年)同期|(?:较|比|[高低快慢多少]于)(?:上年|去年|上一年|前一年|同期)(?![末底])|与(?:上年|去年)相比)"
    r"|(?P<mom>环比|(?:较|比)(?:上月|上个月|上季度?|上一季度))"
    r"|(?P<ytd>(?:较|比)年初|(?:较|比)上年末|(?:较|比)(?:上年|去年)底)"
    r"|(?P<avg>年均|平均每年|每年平均)"
    r"|(?P<named>(?:较|比|是|为|相当于)[“\"]?(?:十[一二三四五六七八九]五|[一二]?五|(?:\d\d)?\d\d年|19\d\d|20\d\d|[一二三四五六七八九]五|前[一二三四五\d]年)[”\"]?(?:末|初|时期|期末)?)"
    r"|(?P<percap>人均|户均|亩均|日均|月均|件均|村均|校均|每[百千万]?[人户亩件]|万元(?=GDP|地区|产值|工业|单位))"
    r"|(?P<task>(?<![务的项])任务(?:数|量)?(?:为|是)?(?=$))"
    r"|(?P<plan>(?<![占完成超较比度的])计划(?!生育|的|内|单列)|力争|目标[^，。的]{0,2}$|预计|(?<![模虚比])拟|预期|将达|规划(?=[新改扩]?建)|确保)"
    r"|(?P<done>已?完成(?!率)|实现|建成|达到|已经?|实际)"
    r"|(?P<cum>累计)"
    r"|(?P<now>当年|本年度?|今年|当期|全年|年内)"
    r"|(?P<half>上半年|下半年)"
    r"|(?P<freq>[月日年](?=人均)|[月日周年]增(?![长加速幅])|每周|每月|每季度?|每年|每天|每日|每[次场期批])"
    r"|(?<![\d一二三四五六七八九十今去前全半当每几多近届])(?P<pace>[日月年])(?=处理|供水|供气|供热|产|加工|发电|运送|输送|屠宰|吞吐)"
    r"|(?P<subset>其中)"
    r"|(?P<each>各(?=$))"
    r"|(?P<mean>平均|均(?=为?$))"
    r"|(?P<sum>共|合计|总共|一共)"
)
_AIMED = frozenset(("完成", "实现", "建成", "达到"))
_BASIS = {"yoy": "同比", "mom": "环比", "ytd": "较年初", "avg": "年均"}
_NOISE = re.compile(
    r"(?:比|较|与)?(?:上年|去年)(?:同期|同比)|(?:比|较|与)(?:上年|去年|年初)|同比|环比|比|较|平均|其中|分别|累计|合计|总计|共计|达到|达|实现|完成|增长|增加|下降|减少|提高|提升|降低|上升"
    r"|全年|今年|上半年|年均|(?<![会统设审估预])计(?![划算时生量酬])|超过|突破|力争|预计|为|是|了|的|共|约|近|超|到|至|由|从|在|有|和|与|及|并|(?<![中高初平同优上下一二三特])等|已|均|个|大关|[\s/｜|，,。、；;：:！？!?“”\"'()《》—\-→+\x00]"
    r"|[\d.%]+年?"
)
_PRE_LIMIT, _POST_LIMIT = 60, 30
_LIST_GAP = re.compile(r"(?:、|和|与|及|以及|，|,|/)?(?:及|和)?\s*[+-]?")


def describe(text: str, plain: Normalised, raws: list[Raw], report_year: int | None) -> list[Figure]:
    """Turn raw mentions into figures with attributes; offsets become those of `text`."""
    reader = _Reader(plain.text, raws)
    paired = paired_objects(plain.text, raws)
    figures: list[Figure] = []
    previous: _Seen | None = None
    for index, raw in enumerate(raws):
        start, end = plain.source_start(raw.start), plain.source_end(raw.end)
        if not _is_value(raw):
            figures.append(_exempt(text, start, end, raw, report_year))
            continue
        seen = reader.look(index, raw, previous, paired.get(index))
        if raw.approx == "EQ" and raw.lo is not None:
            _distant_qualifier(plain.text, raw)
        seen.unit = raw.unit
        if not _is_threshold(plain.text, raw):
            previous = seen
        figures.append(
            Figure(
                text[start:end],
                start,
                end,
                raw.kind,
                raw.lo,
                raw.hi,
                raw.unit,
                raw.raw_unit,
                raw.approx,
                seen.direction,
                seen.role,
                seen.object,
                seen.feats,
                raw.checkable,
                raw.label,
                raw.digits,
            )
        )
    return figures


_BEHIND_THRESHOLD = re.compile(r"(?:的|项目|企业|村)?[\d一二三四五六七八九]")


def _is_threshold(text: str, raw: Raw) -> bool:
    """10亿元以上5个: the first figure names the class that the second one counts."""
    bounded = raw.approx in ("GE", "LE") and text[raw.end - 1 : raw.end] in ("上", "下", "内")
    return bounded and _BEHIND_THRESHOLD.match(text, raw.end) is not None


_DISTANT = re.compile(r"(至少|不少于|不低于|最少|不超过|最多|至多)[^，,。；：、”“\d]{1,6}$")


def _distant_qualifier(text: str, raw: Raw) -> None:
    """至少召开2次: the qualifier stands before the verb."""
    match = _DISTANT.search(text, max(0, raw.start - 10), raw.start)
    if match:
        raw.approx = "LE" if match[1] in ("不超过", "最多", "至多") else "GE"


def _exempt(text: str, start: int, end: int, raw: Raw, report_year: int | None) -> Figure:
    del report_year
    return Figure(
        text[start:end], start, end, raw.kind, raw.lo, raw.hi, raw.unit, raw.raw_unit, raw.approx,
        "", "", "", NO_FEATS, raw.checkable, raw.label, raw.digits,
    )  # fmt: skip


_VALUE_KINDS = frozenset(("num", "ratio", "pp", "mult", "range", "vague", "ord", "topk", "dur", "count_claim"))


def _is_value(raw: Raw) -> bool:
    return raw.kind in _VALUE_KINDS and raw.lo is not None


class _Seen:
    """Attributes of the figure just read; the next one may inherit them."""

    __slots__ = ("bridge", "direction", "end", "feats", "object", "role", "sentence", "unit")

    def __init__(
        self,
        direction: Direction,
        role: Role,
        obj: str,
        feats: Mapping[str, str],
        end: int,
        sentence: int,
        bridge: str = "",
    ) -> None:
        self.direction, self.role, self.object = direction, role, obj
        self.feats, self.end, self.sentence, self.bridge = feats, end, sentence, bridge
        self.unit = ""


_FEW = frozenset("2345678")


class _Reader:
    """Walks the figures of one text from left to right and keeps track of sentence bounds."""

    def __init__(self, text: str, raws: list[Raw]) -> None:
        self.text = text
        self.starts = [raw.start for raw in raws if _is_value(raw)] + [len(text)]
        self.ends = [m.start() for m in _SENTENCE_END.finditer(text)]
        self.at_end = self.at_start = 0

    def look(self, index: int, raw: Raw, previous: _Seen | None, paired: str | None) -> _Seen:
        """Read the attributes of `raw`."""
        while self.at_end < len(self.ends) and self.ends[self.at_end] < raw.start:
            self.at_end += 1
        while self.starts[self.at_start] <= raw.start:
            self.at_start += 1
        begin = self.ends[self.at_end - 1] + 1 if self.at_end else 0
        same = previous is not None and previous.sentence == begin and previous.end <= raw.start
        if previous is not None and same:
            pre = self.text[max(begin, previous.end, raw.start - _PRE_LIMIT) : raw.start]
        else:
            pre = self.text[max(begin, raw.start - _PRE_LIMIT) : raw.start]
        if previous is not None and same and previous.bridge and not any(char in _PUNCT + "、" for char in pre):
            pre = previous.bridge + pre
        post = self._post(raw)
        inherits = previous if same else None
        listed = inherits is not None and _LIST_GAP.fullmatch(pre) is not None
        if pre[:1] in "，," and inherits is not None and inherits.unit != raw.unit:
            listed = False
        direction, role = _motion(pre, post, raw)
        if role in ("", "rate", "factor") and raw.unit in ("%", "百分点", "倍"):
            told = _told_by_head(self.text[begin : raw.start])
            if told and direction in ("", told):
                direction, role = told, "delta"
        feats = _features(pre) if not raw.per else _per_feats(_features(pre), raw.per)
        if listed and inherits is not None:
            direction = direction or inherits.direction
            role = inherits.role if role in ("", "rate", "level", "factor") else role
            feats = feats or inherits.feats
        if inherits is not None and inherits.role == "from" and pre in ("到", "至") and role in ("", "rate", "level"):
            role = "to"
        obj = _content(paired) if paired is not None else self._object(pre, post, raw, inherits)
        bridge = pre[-20:] if raw.kind == "count_claim" or (raw.digits in _FEW and not raw.raw_unit.isascii()) else ""
        if bridge and not self.text[raw.start].isascii():
            bridge = bridge + self.text[raw.start : raw.end]
            return _Seen(direction, role, obj, feats, raw.end, begin, bridge)
        return _Seen(direction, role, obj, feats, raw.end, begin)

    def _post(self, raw: Raw) -> str:
        limit = min(self.starts[self.at_start], raw.end + _POST_LIMIT)
        segment = self.text[raw.end : limit]
        for offset, char in enumerate(segment):
            if char in _PUNCT or char in ")(/+":
                segment, limit = segment[:offset], raw.end + offset
                break
        cut = _last_join(segment) if limit == self.starts[self.at_start] else None
        return segment[: cut[0]] if cut else segment

    def _object(self, pre: str, post: str, raw: Raw, inherits: _Seen | None) -> str:
        verb = _ADJACENT.search(pre[-14:])
        if verb:
            pre = pre[: len(pre) - len(pre[-14:]) + verb.start()]
        attached = bool(inherits) and pre[:1] not in _PUNCT + "、和与及"
        behind = "" if post[:1] in "、，" else _content(post)
        own = _content(_own_part(pre, attached, follows=len(behind) >= 2))
        joined = own + behind
        joined = _SIDES.get(joined, joined)
        if inherits is not None:
            joined = other_side(joined, inherits.object)
        if inherits is not None and len(joined) == 1 and pre[:1] == "、" and inherits.unit == raw.unit:
            return inherits.object[:-1] + joined  # 产量：肉476吨、蛋383吨
        if inherits is not None and len(_GENERIC.sub("", joined)) < 2:
            joined = inherits.object + joined if joined not in inherits.object else inherits.object
        return joined or _content(pre)


_HEAD_MOVES = re.compile(
    r"^[^：:。\d]{0,14}?(?:(?P<up>增长?|增幅|涨幅|上升|提高|提价|涨价)|(?P<down>下降|减少|降低|降幅|降价|降费))(?:：|:|——)"
)


def _told_by_head(line: str) -> Direction:
    """比上年增：出口49.6%，外资2.3倍: the head of a line says how all its rates moved."""
    head = _HEAD_MOVES.match(line)
    return "" if head is None else "+" if head["up"] else "-"


def _own_part(pre: str, attached: bool, *, follows: bool) -> str:
    """The part of the words before a number that belong to it and not to the number before.

    Args:
        pre: words between the number before (or the sentence start) and this one.
        attached: whether they follow the number before without a break.
        follows: whether the number is followed by words of its own, so that a short clause before it is complete.
    """
    cut = max(pre.rfind(char) for char in "，,：:｜|")
    tail = pre[cut + 1 :]
    if follows and cut < 0 and attached and not _last_join(tail):
        return ""
    if attached:
        inner = _last_join(tail)
        if inner and (len(_content(tail[inner[1] :])) >= 2 or inner[1] == len(tail)):
            return tail[inner[1] :]
    if follows or len(_content(tail)) >= 2 or cut < 0 or _content(tail) in _SIDES:
        return tail
    return pre[max(pre[:cut].rfind(char) for char in "，,：:｜|") + 1 :]


def _last_join(text: str) -> tuple[int, int] | None:
    """Span of the last 、 or joining word (not the 和 of 和谐)."""
    last = None
    for match in JOINER.finditer(text):
        last = match.span()
    return last


def _content(text: str) -> str:
    for sign, name in _POLLUTANTS:
        text = text.replace(sign, name)
    return _NOISE.sub("", text)


# Their numbers are no figures, and without them the two are one.
_POLLUTANTS = (("PM2.5", "细颗粒物"), ("PM10", "可吸入颗粒物"))


def _motion(pre: str, post: str, raw: Raw) -> tuple[Direction, Role]:
    """Direction and role from the words before the number, its sign and the words behind it."""
    if raw.sign:
        return cast(Direction, raw.sign), "delta"
    if post[:1] in ("↑", "↓"):
        return "+" if post[0] == "↑" else "-", "delta"
    if pre[-1:] in ("↑", "↓"):
        return "+" if pre[-1] == "↑" else "-", "delta"
    if _ARROW.match(post):
        return "", "from"
    if _ARROW.search(pre[-4:]):
        return "", "to"
    cut = max(pre.rfind(char) for char in "，,")
    clause = pre[cut + 1 :] if cut >= 0 else pre
    adjacent = _ADJACENT.search(clause[-14:])
    if adjacent and raw.kind == "dur" and _LASTING.search(clause[-14:]):
        adjacent = None  # 连增6年: how long, not by how much
    if adjacent:
        direction: Direction = "+" if adjacent["verb"] in _UP_WORDS else "-"
        to = (bool(adjacent["to"]) and adjacent["verb"] not in _RATES) or adjacent["verb"] in _TO_WORDS
        return direction, "to" if to else "delta"
    if raw.kind in ("ord", "topk"):
        return "", "rank"
    after = _AFTER.match(post)
    if after:
        return "+" if after[1] else "-", "delta"
    if _FROM.search(clause) and _TO_NEXT.match(post or "到"):
        return "", "from"
    far = max(_VERB.finditer(clause), key=lambda match: match.start(), default=None)
    if far is not None and (len(clause) - far.end() <= 8 or far[0] == "新增"):
        return "+" if far[0] in _UP_WORDS else "-", _static_role(clause, raw)
    return "", _static_role(clause, raw)


def _static_role(clause: str, raw: Raw) -> Role:
    if raw.kind in ("ratio", "range") and raw.unit == "%":
        return "share" if _SHARE.search(clause) else "rate"
    if raw.kind == "mult":
        return "factor" if raw.label != "growth" else "delta"
    return "level" if _STOCK.search(clause) else ""


def _named(words: str) -> str:
    """Canonical name of a comparison with a named time: 比“八五”时期 -> 八五, 较07年 -> 2007年."""
    name = re.sub(r"^(?:较|比|是|为|相当于)|[“”\"]|时期|期间", "", words)
    name = f"{name}年" if re.fullmatch(r"(?:19|20)\d\d", name) else name
    name = re.sub(r"^前([一二三四五])年", lambda m: f"前{'一二三四五'.index(m[1]) + 1}年", name)
    short = re.fullmatch(r"(\d\d)(年.*)", name)
    if short:
        name = ("19" if int(short[1]) >= 50 else "20") + name
    return name


def _per_feats(feats: Mapping[str, str], per: str) -> Mapping[str, str]:
    """What a denominator behind the unit says: 元/月 each month, 元/人 per head."""
    found = dict(feats)
    for part in per.split("/"):
        if part in PER_TIME.values():
            found["freq"] = "每" + part
        else:
            found["percap"] = part + "均"
    return found


def _features(pre: str) -> Mapping[str, str]:
    feats: dict[str, str] | None = None
    for match in FEATURES.finditer(pre):
        if feats is None:
            feats = {}
        name = cast(str, match.lastgroup)
        if name == "budget":
            feats["basis"] = "比预算"
        elif name in _BASIS:
            feats["basis"] = _BASIS[name]
        elif name == "named" and pre.endswith("的") and match.end() >= len(pre) - 2:
            continue  # 比2023年的331件: the number is what is compared with
        elif name == "named":
            feats["basis"] = _named(match[0])
        elif name == "done" and feats.get("status") == "plan" and match[0] in _AIMED:
            continue  # 预计年底完成
        elif name in ("plan", "done", "task"):
            feats["status"] = name
        elif name == "percap" and match[0][0] == "每" and len(match[0]) == 2:
            feats["percap"] = match[0][1] + "均"  # 每亩增收 is 亩均增收
        elif name in ("cum", "now"):
            feats["span"] = match[0]
        else:
            feats[name] = match[0]
    return feats if feats is not None else NO_FEATS
