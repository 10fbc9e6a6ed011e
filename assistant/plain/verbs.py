"""A noun with its number gets the verb that goes with it: 专项督查19次 -> 开展专项督查19次.

Only where the noun opens its clause, so that no other verb governs it, and only the one verb that the noun allows.
"""

from __future__ import annotations

import re

from assistant.plain.objects import has_verb_ahead, is_bare

_START = r"(?:(?<=^)|(?<=[，；。：]))(?P<when>(?:(?:春节|国庆|中秋|元旦|节日|假期|汛期|两会)(?:前后|前|后|期间)|全年|年内|上半年|下半年|一年来|累计|先后)*)"
_NUMBER = r"(?=约?近?[\d一二三四五六七八九十两][\d,.一二三四五六七八九十百千万]*[余多]?{})"
_OF = r"(?P<of>[一-龥A-Za-z\ue000-\uefff]{0,10}?)"  # which one it is: 食堂检查, “三下乡”活动
_TITLE = r"[\ue000-\uefff]"  # a quoted term or title, held while the rules run
_OCCASIONS = r"(?:次|轮|场次?|批次|期|例|站)"
_RULES: tuple[tuple[str, str, str], ...] = (
    (
        "开展",
        r"(?:督查|自查|检查|排查|巡查|调研|宣传|巡护|演练|慰问|评查|回访|暗访|月调度|活动|会诊|宣讲|听证|抽查|义诊|巡诊|演出|"
        r"志愿服务|文明实践|飞检|普查|督导|联合执法|专项行动|知识竞赛|心理辅导|家访|诊疗|核查)",
        _OCCASIONS,
    ),
    ("开展", r"(?:评估|测评|评审)", r"(?:次|轮|卷|场)"),
    ("组织", r"(?:集中学习|集体学习|警示教育|集中开工|集中签约)", _OCCASIONS),
    ("举办", r"(?:培训班|培训|讲座|夜校|大赛|比赛|竞赛|招聘会|运动会|展览|论坛|推介会)", _OCCASIONS + "|届"),
    (
        "召开",
        r"(?:座谈|推进|调度|联席|院坝|碰头|现场|协调|家长|新闻发布|听证|恳谈|分析|例|党组|常委|理事)会",
        _OCCASIONS,
    ),
    ("形成", r"(?:调研|分析)报告", "篇"),
    ("起草", r"(?:文稿|讲话稿)", "篇"),
    ("编发", rf"(?:{_TITLE}|简报|信息专报)", "期"),
    ("作出", r"行政处罚", "件|起|次|例"),
    ("收到", r"(?:群众)?(?:来信|投诉|举报)", "件"),
    ("接待", r"(?:群众)?来访", "批"),
    ("受理", r"网上信访", "件"),
    ("实现", r"(?:网上可办|全程网办|一网通办|跨省通办|即时办结|“?秒批)(?:事项)?", "项"),
    (
        "实施",
        r"(?:退耕还林|退牧还草|保护性耕作|统防统治|深松整地|秸秆还田|轮作休耕|地力提升|节水改造|封山育林|飞播造林)",
        "(?:亩|公顷)",
    ),
    ("实施", r"(?:节能改造|适老化改造|无障碍改造|抗震加固|雨污分流改造)", "(?:平方米|户|处|公里|栋|亩|个)"),
    # what is there stands alone: 志愿者30名走访农户 has its own verb
    ("现有", r"(?:公车|公务用车|志愿者)", r"(?:辆|名|人)(?=[，；。]|$)"),
)
_TRAINED = re.compile(r"(?:干部|教师|护士|医生|党员|职工|志愿者|律师|员)培训班?$")  # whom a training is for
_INSPECTED = re.compile(r"(?:企业|学校|医院|社区)(?:检查|抽查|巡查|暗访)$")
_PLACE = re.compile(r"(?<![农灌矿景库])[县市区镇乡村]$")  # 甲镇宣讲3场 says where, or who
_OPENS = re.compile("(?:^|[；。：]|方面，)$")
_FREE = frozenset(("现有", "编发", "收到", "接待", "受理"))  # nothing may stand before these nouns
_VERBS = tuple(
    (
        re.compile(f"{_START}{'(?P<of>)' if verb in _FREE else _OF}(?P<noun>{noun}){_NUMBER.format(f'(?:{measure})')}"),
        verb,
    )
    for verb, noun, measure in _RULES
)


def with_verbs(text: str) -> str:
    """`text` with a verb before nouns that stand alone with their number.

    Args:
        text: a clause whose quoted terms are already protected.
    """
    for pattern, verb in _VERBS:
        text = pattern.sub(lambda match, verb=verb: _given(match, verb), text)  # type: ignore[misc]
    return text


def _given(match: re.Match[str], verb: str) -> str:
    if verb == "实施" and not _OPENS.search(match.string[: match.start()]):
        return match.group()  # 完成人工造林5万亩，封山育林4万亩: the verb before may go on
    undergoes = _TRAINED if verb == "举办" else _INSPECTED
    if not is_bare(match["of"], acting=undergoes.search(match["of"] + match["noun"]) is not None):
        return match.group()
    if has_verb_ahead(match["of"], match["noun"]) or _PLACE.search(match["of"]):
        return match.group()
    return f"{match['when']}{verb}{match['of']}{match['noun']}"
