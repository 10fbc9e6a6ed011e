"""The note-taker's order turned round: 文稿起草134篇 -> 起草文稿134篇, “大走访”继续开展 -> 继续开展“大走访”.

The words stay the same ones, only their order changes. What may have a subject of its own stays as it is.
"""

from __future__ import annotations

import re

from assistant.plain.objects import ACTOR, BOUND, GOVERNING, KINDS, NUMBER, QUALIFIER, has_verb_ahead, is_bare

_WHEN = r"(?P<when>(?:其中|(?:春节|国庆|中秋|元旦|节日|假期|汛期|两会)(?:前后|前|后|期间)|全年|年内|当年|今年|上半年|下半年|一年来|累计|先后|全[市县区省州镇乡院校局]|[一二三四]季度|\d{1,2}月份)*)"
_PHRASE = r"(?P<of>[一-龥A-Za-zⅠ-Ⅻ\ue000-\uefff、]{0,14}?)"


def _pattern(noun: str, verb: str, measures: str) -> re.Pattern[str]:
    figure = rf"(?P<figure>{QUALIFIER}{NUMBER}(?:{measures}){BOUND})(?P<rest>(?:、?约?\d[^、]*)?(?:（.*)?)"
    return re.compile(rf"^{_WHEN}{_PHRASE}(?P<noun>{noun})(?P<verb>{verb})了?{figure}$")


_REVERSED = tuple(_pattern(kind.nouns, kind.verbs, kind.measures) for kind in KINDS)
_OPENED = _pattern(  # a talk that is given, a meeting that is held: spoken 办 and 开
    r"(?:讲座|培训班|夜校|比赛|大赛|活动|论坛|演出|招聘会|展览|[\ue000-\uefff])(?=办)|(?:[一-龥]会|演练|活动)(?=开)",
    "办|开",
    "期|场|次|讲|届|场次",
)
_SHOWN = re.compile(r"(?:招聘|推介|展览|展销|博览|运动|联欢|音乐|晚)会$")
_SEGMENT = re.compile(r"[^，；。：]+")
_ITEM_END = re.compile(r"(?<=[^、])、")

_GO_ON = re.compile(
    r"(?:(?<=^)|(?<=[，；。]))(?P<what>[\ue000-\uefff]|[^，；。：\d]{3,24}?)继续(?P<verb>开展|推进|实施|抓好|做好|深化|加强|完善|落实)(?=$|[，；。])"
)
_BY_RULE = re.compile(
    r"(?:(?<=^)|(?<=[，；。]))(?P<what>[^，；。：\d]{0,8}(?:事项|材料|档案|资金|资产|情况))按(?P<how>规定|要求|程序)"
    r"(?P<verb>报告|公示|上报|备案|公开|归档|移交|报备)(?=$|[，；。])"
)
_ONE_BY_ONE = re.compile(
    r"(?:(?<=^)|(?<=[，；。]))(?P<what>[^，；。：\d]{0,8}(?:发放|资金|补贴|事项|问题|隐患|案件|线索|工单|诉求|款项|项目))"
    r"(?P<how>逐[笔项件户条个一])(?P<verb>公示|核查|核实|登记|销号|审核|排查|督办|回访|整改)(?=$|[，；。])"
)
_POSTED = re.compile(
    r"(?:(?<=^)|(?<=[，；。]))到(?P<where>[^，；。、\d]{2,12}?)(?P<verb>跟班学习|跟班|挂职锻炼|挂职|轮训|驻村|交流任职)"
    r"(?P<figure>\d+人)(?=$|[，；。])"
)
_PACE = re.compile(
    r"平均(?P<verb>接通|接听|办结|响应|到场|到达|出警|出车|审结|结案|放款|发证)(?P<time>\d[\d.]*(?:秒|分钟|小时|天|个工作日))"
)
_WORTH = re.compile(
    r"(?:(?<=^)|(?<=[，；。]))(?P<what>[^，；。：\d]{2,14}项目)(?P<money>\d[\d.,]*[万亿]元)(?P<verb>启动|开工|竣工|投产|完工|落地)(?=$|[，；。])"
)
_FOR_WHOM = re.compile(
    r"(?:(?<=^)|(?<=[，；。]))(?P<who>农民工|职工|工人|群众|企业|当事人|受援人|消费者|纳税人)"
    r"(?=(?:讨薪|追薪|追讨|追回|挽回|挽损|维权|减税|减负|减免)[^，；。\d]{0,6}\d)"
)


def verb_first(text: str) -> str:
    """`text` with verbs before the nouns they govern.

    Args:
        text: a clause whose quoted terms are already protected.
    """
    text = _GO_ON.sub(_go_on, text)
    text = _BY_RULE.sub(r"按\g<how>\g<verb>\g<what>", text)
    text = _ONE_BY_ONE.sub(r"对\g<what>\g<how>\g<verb>", text)
    text = _POSTED.sub(r"\g<figure>到\g<where>\g<verb>", text)
    text = _PACE.sub(r"平均\g<time>\g<verb>", text)
    text = _WORTH.sub(r"\g<money>的\g<what>\g<verb>", text)
    text = _FOR_WHOM.sub(r"为\g<who>", text)
    return _SEGMENT.sub(lambda match: _segment(match.group()), text)


def _go_on(match: re.Match[str]) -> str:
    if ACTOR.search(match["what"]) or GOVERNING.search(match["what"]):
        return match.group()
    return f"继续{match['verb']}{match['what']}"


def _segment(text: str) -> str:
    """A stretch between commas; its items (文稿起草134篇、合同审核30份) are turned each, if the first one is."""
    items = _items(text)
    turned = [_turned(item) for item in items]
    if turned[0] == items[0]:
        return text
    return turned[0] + "".join(
        # what is not turned must not come under the verb that now stands before it
        ("，" if before != old and item == own else "、") + item
        for before, old, item, own in zip(turned, items, turned[1:], items[1:], strict=False)
    )


def _items(text: str) -> list[str]:
    """Cut at every 、 behind a figure; the ones within a noun phrase stay."""
    items: list[str] = []
    for piece in _ITEM_END.split(text):
        if items and not re.search(r"\d", items[-1]):
            items[-1] += "、" + piece
        else:
            items.append(piece)
    return items


def _turned(item: str) -> str:
    for pattern in _REVERSED:
        match = pattern.match(item)
        if match and is_bare(match["of"]) and not has_verb_ahead(match["of"], match["noun"]):
            return f"{match['when']}{match['verb']}{match['of']}{match['noun']}{match['figure']}{match['rest']}"
    match = _OPENED.match(item)
    if match and is_bare(match["of"]):
        shown = match["verb"] == "办" or _SHOWN.search(match["of"] + match["noun"])
        verb = "举办" if shown else "召开" if match["noun"].endswith("会") else "开展"
        return f"{match['when']}{verb}{match['of']}{match['noun']}{match['figure']}{match['rest']}"
    return item
