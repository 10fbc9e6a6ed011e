"""Rates, totals and places get the verb they stand with: 满意率98%以上 -> 满意率达到98%以上, 全市第3 -> 居全市第3位.

Only verbs that state the level and nothing else: 为, 达到, 居, 控制在. What a target grows by is written out only where
the notes call it a target or a growth, and a percentage cannot be its level (生产总值6%左右).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

_OPENS = r"(?:(?<=^)|(?<=；)|(?<=。)|(?<=方面，)|(?<=看，)|(?<=为：))"
_STARTS = r"(?:(?<=^)|(?<=[，；。：]))"
_END = r"(?=$|[，；。（])"
_NUMBER = r"近?\d[\d,]*(?:\.\d+)?[十百千万亿]*[余多]?"
_RATE_NUMBER = rf"(?:{_NUMBER}(?:[%％‰]|个百分点)|[一二三四五六七八九]成[一二三四五六七八九]?|百分之[一-龥]{{1,6}}?)"
_WORDS = r"[一-龥A-Za-z\ue000-\uefff]{0,18}?"
_OPENING = re.compile(_OPENS)

_CLASS = re.compile(r"(?<=断面|水质|水体)(?=[ⅠⅡⅢⅣⅤ]类(?:及?以上)?(?:$|[，；。]))")
_SHARE = re.compile(r"(?<=分之[一二三四五六七八九])是(?=[一-龥]{2,8}(?:$|[，；。]))")
_GOOD = (
    r"(?:满意|优良|优秀|合格|达标|覆盖|参保|办结|及时|完成|就业|入学|入园|巩固|普及|到位|兑现|利用|处置|办理|答复|通过|成功|"
    r"调解|化解|结案|执结|绿化|出勤|参与|知晓|好评|履约|转化|网办|办税|办件|机械化|城镇化|治愈|保证|有效|响应|整改|参审|"
    r"准确|上线|开工|投产|落实|签约|接种)率|满意度|知晓度|好评度"
)
_RATE = re.compile(
    rf"{_STARTS}(?P<noun>{_WORDS}(?:(?P<good>{_GOOD})|率|比例|比重))"
    rf"(?P<figure>{_RATE_NUMBER})(?P<bound>以上|以下|以内|左右)?{_END}"
)
_TOTAL = re.compile(
    rf"{_OPENS}(?P<noun>{_WORDS}(?:生产总值|增加值|产值|总额|收入|余额|销售额|零售额|营业额|成交额|交易额|合同额|输出额|进出口|"
    r"面积|产量|总产|里程|装机容量|保有量|总人数|货运量|客运量|吞吐量|用电量))"
    rf"(?P<figure>{_NUMBER}(?:元|美元|亩|公顷|平方公里|平方米|吨|公斤|斤|公里|千瓦时|千瓦|人|人次|标箱|立方米)(?:以上|左右)?){_END}"
)
_MEASURED = re.compile(
    rf"{_STARTS}(?P<noun>{_WORDS}(?:天数|时间|时长|用时|浓度|均价|单价|年龄|周期|住院日|接待费|三公经费|办公经费|运行费|电费|水费|"
    rf"差旅费|会议费|印刷费))(?P<figure>{_NUMBER}(?:秒|分钟|小时|天|个工作日|个月|岁|元|微克/立方米|毫克/升))(?=$|[，；。])"
)
_CEILING = re.compile(
    rf"{_STARTS}(?P<noun>{_WORDS}(?:总量|能耗|排放量|增速|涨幅|支出|费用|成本|时限))"
    rf"(?P<figure>{_NUMBER}[一-龥%％‰]{{0,4}}?以内){_END}"
)
_PER_HEAD = re.compile(
    rf"{_STARTS}(?P<noun>每[百千万](?:名|人口|人)(?!拥有|有|配)[^，；。]{{0,12}}?(?<![从由])[一-龥])(?<![至到为达增从由])(?P<figure>{_NUMBER}[个张名位辆])(?=$|[，；。])"
)
_HAS_VERB = re.compile(
    "达(?!标)|为|是|占(?!比)|比(?!例|重)|较|由|从|增(?!加值|值)|提高|提升|升(?!学|级)|下降|降低|减|超|控制|保持|稳定|力争|确保|实现|"
    "完成(?!率)|居(?!民|家|住)|列|以(?![上下内外工])|将|不(?!良|动产)|未(?!成年)|其中|同比|环比|新(?!技术|区|型|兴|能源|材料)|获|全部|"
    "(?<!平)均(?!价)|已|到(?![位期岗账])|缩短|压缩|延长|节约|节省|带动|创造|拉动|撬动|取得|组织|盘活|扩大|争取|推广|追|挽回|治理(?!率)|修复"
)
_OWED = re.compile("不良|欠|亏|债|罚|逾期|支出")
_FELL = re.compile(r"，(?:同比|环比|[比较](?:上年|去年|年初|上月)(?:同期)?)?(?:下降|减少|回落|降低|下滑|负增长)")
_BAD_RATE = re.compile(
    r"(?:失业|死亡|发病|差错|逾期|不良|投诉|空置|流失|近视|超限|超标|赤字|负债|故障|事故|发案|感染|退回|误差|缺勤|辍学|信访|违约|亏损)率$"
)
_HALF, _HIGH = 50, 90  # a rate below half is stated, not reached; of other rates only a very high one is an aim

_SCOPE = (
    r"(?:全(?:国|省|市|县|区|州|盟|旗|系统|行业|镇|乡|校|院|局)|同类[^，；。、\d]{0,6}|"
    r"(?:党群|政府|经济|综合|政法|农业|工业|乡镇|街道|县直|市直|省直)(?:口|组|类|序列))"
)
_PLACE = re.compile(
    rf"(?P<scope>{_SCOPE})(?P<apart>分别)?(?P<place>第(?:\d{{1,3}}|[一二三四五六七八九十]{{1,3}}))(?P<measure>[位名])?"
    r"(?=$|[，；。（）]|、(?:第|全))"
)
_PLACED = re.compile(r"[居列排获夺拿]|保持|位于|跃|升|进|蝉联|摘|斩|登|跻身|领跑|占据|获评|评为|返|[是为]$")
_MORE_PLACES = re.compile(r"(?<=位、)第\d{1,3}(?=$|[，；。（、])")
_AMONG = re.compile(
    r"(?<!在)(?P<whole>全(?:[国省市县区州]|系统)\d+个(?:[县市区州旗]（[^（）]*）|[^，；。（）\d第]{1,8}?))中?(?P<verb>排名|排|列|位居|居)?"
    r"(?P<place>第\d{1,3})(?P<measure>[位名])?(?=$|[，；。（])"
)
_APART = re.compile(r"分别(?=约?\d)")

_GROWING = (
    r"(?:[^，；。、：\d占]{0,8}(?:生产总值|增加值|预算收入|财政收入|税收|固定资产投资|民间投资|工业投资|零售总额|零售额|进出口|可支配收入|"
    r"居民收入|总产值|营业收入)|规模以上工业)"
)
_TARGET = re.compile(
    rf"(?P<before>^|[，；：、])(?P<noun>{_GROWING})(?P<figure>约?\d+(?:\.\d+)?[%％](?:以上|左右)?)(?=$|[，；。、])"
)
_IS_TARGET = re.compile(r"^[^，；。]{0,12}(?:目标|预期|明年|力争)|增长约?\d")
_FULL_NAMES = (("规模以上工业", "规模以上工业增加值"), ("生产总值", "地区生产总值"))


def with_levels(text: str, known: Collection[str] = ()) -> str:
    """`text` with a verb between an indicator and its level or place.

    Args:
        text: a clause whose quoted terms are already protected.
        known: texts of the same notes, which may have the full name of an indicator.
    """
    if _IS_TARGET.search(text):
        text = _TARGET.sub(lambda match: _grown(match, known), text)
    text = _RATE.sub(_rate, text)
    text = _CEILING.sub(_with("控制在"), text)
    text = _TOTAL.sub(lambda match: _with(_level(match))(match), text)
    text = _PER_HEAD.sub(r"\g<noun>达到\g<figure>", _MEASURED.sub(_with("为"), text))
    text = _SHARE.sub("为", _CLASS.sub("达到", text))
    text = _AMONG.sub(_among, _PLACE.sub(_place, text))
    return _APART.sub("分别为", _MORE_PLACES.sub(r"\g<0>位", text))


def _level(match: re.Match[str]) -> str:
    """达到 for what grows towards an aim, 为 for what is owed, what fell and what simply is there."""
    there = re.search("面积$|里程$|人数$", match["noun"]) and not match["figure"].endswith("以上")
    return "为" if there or _OWED.search(match["noun"]) or fell(match) else "达到"


def fell(match: re.Match[str]) -> bool:
    """Whether the text goes on to say that the level fell: such a level was not reached."""
    return _FELL.match(match.string, match.end()) is not None


def _with(verb: str) -> Callable[[re.Match[str]], str]:
    def written(match: re.Match[str]) -> str:
        if _HAS_VERB.search(match["noun"]):
            return match.group()
        return match["noun"] + verb + match.group()[len(match["noun"]) :]

    return written


def _rate(match: re.Match[str]) -> str:
    """A rate behind other figures (办结57件，办结率98.3%) stands well by itself."""
    bound = match["bound"]
    if not bound and not _OPENING.match(match.string, match.start()):
        return match.group()
    if bound == "以内":
        return _with("控制在")(match)
    high = bound == "以上" or _percent(match["figure"]) >= (_HALF if match["good"] else _HIGH)
    reached = high and not fell(match) and not _BAD_RATE.search(match["noun"])
    return _with("达到" if reached else "为")(match)


def _percent(figure: str) -> float:
    digits = re.search(r"\d+(?:\.\d+)?(?=[%％])", figure)
    return float(digits.group()) if digits else 0.0


def _place(match: re.Match[str]) -> str:
    measure = match["measure"] or ("位" if match["place"][1:].isdigit() else "")
    place = f"{match['scope']}{match['place']}{measure}"
    before = re.split(r"[，；。、：（]", match.string[: match.start()])[-1]
    follows = match.string[max(0, match.start() - 1) : match.start()] == "、" and "第" in match.string[: match.start()]
    if follows or _PLACED.search(before):
        return f"{match['scope']}{match['apart'] or ''}{match['place']}{measure}"
    return f"{match['apart'] or ''}居{place}"


def _among(match: re.Match[str]) -> str:
    return f"在{match['whole']}中{match['verb'] or '居'}{match['place']}{match['measure'] or '位'}"


def _grown(match: re.Match[str], known: Collection[str]) -> str:
    noun = match["noun"]
    for short, full in _FULL_NAMES:
        if noun == short and any(full in other for other in known):
            noun = full
    return f"{match['before']}{noun}增长{match['figure']}"
