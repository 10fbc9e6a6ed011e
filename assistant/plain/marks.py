"""Marks and small joints of notes: predicates joined by 、, words of one kind without it, amounts without a noun."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import partial

from assistant.plain.objects import is_bare

_PREDICATE = (
    r"(?:受理|办理|办结|审结|执结|化解|整改|回复|答复|回应|发出|收回|形成|完成|移送|交办|立案|查处|结案|判处|处罚|处理|查实|转办|解决|"
    r"销号|印发|约谈|抓获|破获|起诉|逮捕|批捕|追回|挽回|收缴|追缴|发放|报备|审核|审查|召开|组织|开展|举办|出动|排查|发现)"
)
_TWO_PREDICATES = re.compile(  # 排查积案17件、化解15件
    rf"(?P<start>^|[，；。])(?P<one>[^，；。：、（）\d]{{0,12}}{_PREDICATE}[^，；。：、（）\d]{{0,10}}\d[^，；。：、（）]{{1,8}})"
    rf"、(?={_PREDICATE}[^，；。：、（）\d]{{0,8}}\d[^，；。：、（）]{{1,8}}(?:$|[，；。]))"
)
_GROUPED = re.compile(r"其中|分别|包括|占|至少|每")
_SETS = (  # words of one kind that notes write without a mark between
    (2, "断头路 卡脖路 瓶颈路 丁字路"),
    (2, "乱收费 乱罚款 乱摊派 乱检查"),
    (2, "大项目 好项目"),
    (3, "迟报 漏报 瞒报 谎报 错报 误报 虚报"),
    (3, "教育 医疗 养老 托育 就业 住房 社保"),
    (3, "学校 医院 商场 车站 市场 工地 酒店 网吧 景区"),
    (3, "微信 微博 抖音 网站 广播 电视 报纸"),
    (3, "供水 供电 供气 供热 供暖 排水 通信"),
)
_GLUED = tuple(
    (re.compile(rf"(?:{words}){{{least},}}"), re.compile(words))
    for least, words in ((least, "|".join(words.split())) for least, words in _SETS)
)
_COUNT_AND_MONEY = re.compile(r"(?<=\d[人户家件起名个])(?=\d[\d,]*(?:\.\d+)?[万亿]?元)")
_LONE_AMOUNT = re.compile(  # behind what it was spent on: 主次干路4条，4.4亿元
    r"(?<=[条座个处公里亩米套项户家件起台辆间所])，(?P<money>\d[\d,]*(?:\.\d+)?[万亿]元)(?=$|[；。])"
)
_PARTS = re.compile(
    r"(?P<head>[一-龥](?P<total>\d+)(?P<unit>[人名件个项家户起次份篇期]))（(?P<parts>[^（）；，]{3,40})）(?=$|[；。])"
)
_PART = re.compile(r"^[^\d、]{1,10}(?P<count>\d+)(?P<unit>[一-龥])$")
_EVENT_NUMBER = re.compile(
    r"(?:(?<=^)|(?<=[，；。、]))(?P<event>[一-龥]{1,8}(?:大赛|节|论坛|博览会|运动会|晚会|音乐会|交易会))（(?P<number>第[一二三四五六七八九十\d]+届)）"
    r"(?=$|[，；。、])"
)
_EVENTS_ALONE = re.compile(
    r"(?:(?<=^)|(?<=[，；。]))(?=(?:第[一二三四五六七八九十\d]+届[一-龥]{2,10}(?:、|$|(?=[，；。])))+(?:$|[，；。]))"
)
_WATCH = re.compile(r"(?:(?<=^)|(?<=[，；。]))(?:值班)?(?P<days>\d{3}天)24小时(?P<way>双人双岗|双岗)(?=$|[，；。])")
_MOST = re.compile(
    r"(?<=最多的)(?P<what>(?:仍|还)?是[^，；。\d]{2,10}，)(?=(?:近|约|超)?(?:[一二三四五六七八九]成|\d[\d.]*[%％])(?:$|[，；。]))"
)
_BOX = re.compile(r"(?P<box>“[^”]*(?:信箱|留言板|意见箱)”)(?=\d+[条件封])")
_BY_LEADERS = re.compile(r"(?<=\d件)(?=[^，；。、\d]{0,4}领导(?:包案|包联|领办|督办))")
_HOTLINE = re.compile(
    r"(?<!\d)(?P<number>12345|12315|12388|12333|12366|12393|12348)(?=(?:回应|受理|接听|办理|转办|接到|接办))"
)
_RANGE_OF_TIME = re.compile(
    r"(?P<range>从[^，；。\d]{2,6}到[^，；。\d]{2,6})(?<!用时)(?<!时间)(?P<time>\d+(?:天|小时|分钟|个工作日|个月))(?=$|[，；。])"
)


def mended(text: str) -> str:
    """`text` with the marks that prose wants.

    Args:
        text: a clause whose quoted terms are already protected.
    """
    for run, word in _GLUED:
        text = run.sub(partial(_apart, word), text)
    text = _COUNT_AND_MONEY.sub("、", text)
    text = _LONE_AMOUNT.sub(r"，金额\g<money>", text)
    text = _PARTS.sub(_parts, text)
    if _EVENT_NUMBER.search(text):
        text = _EVENTS_ALONE.sub("举办", _EVENT_NUMBER.sub(_event, text))
    text = _MOST.sub(r"\g<what>占", _WATCH.sub(r"实行\g<days>24小时\g<way>值班", text))
    text = _BY_LEADERS.sub("由", _HOTLINE.sub(r"\g<number>热线", text))
    text = _RANGE_OF_TIME.sub(r"\g<range>用时\g<time>", text)
    return _TWO_PREDICATES.sub(_separate, text)


def letter_boxes(text: str) -> str:
    """“局长信箱”收到120条; needs the quoted name, so it runs before quoted terms are held."""
    return _BOX.sub(r"\g<box>收到", text)


def _event(match: re.Match[str]) -> str:
    """戏曲节（第八届）: the number goes before the name, unless a verb stands before it."""
    if not is_bare(match["event"]) or re.search("[获夺参赴承]", match["event"]):
        return match.group()
    return match["number"] + match["event"]


def _apart(word: re.Pattern[str], match: re.Match[str]) -> str:
    """With 和 before the last one where the whole is an item of a list itself."""
    words: list[str] = word.findall(match.group())
    within = match.string[max(0, match.start() - 1) : match.start()] == "、"
    return "、".join(words[:-1]) + ("和" if within else "、") + words[-1]


def _separate(match: re.Match[str]) -> str:
    if _GROUPED.search(match["one"]):
        return match.group()
    return f"{match['start']}{match['one']}，"


def _parts(match: re.Match[str]) -> str:
    """在编38人（行政26人、事业12人）: parts that add up to the whole before them."""
    parts = [_PART.match(part) for part in match["parts"].split("、")]
    if len(parts) < 2 or not all(part and part["unit"] == match["unit"] for part in parts):
        return match.group()
    if sum(Fraction(part["count"]) for part in parts if part) != Fraction(match["total"]):
        return match.group()
    return f"{match['head']}，其中{match['parts']}"
