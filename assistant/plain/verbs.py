"""A noun with its number gets the verb that goes with it: 专项督查19次 -> 开展专项督查19次.

Only where the noun opens its clause, so that no other verb governs it, and only the one verb that the noun allows.
"""

from __future__ import annotations

import re

_START = r"(?:(?<=^)|(?<=[，；。：]))(?P<when>全年|上半年|一年来|累计|先后)?"
_NUMBER = r"(?=约?近?[\d一二三四五六七八九十两][\d,.一二三四五六七八九十百千万]*[余多]?{})"
_MANNER = r"(?:专项|专题|实地|保密|安全|飞行|执法|联合|现场|集中|日常|消防|随机|交叉|业务|技能|警示)?"
_TITLE = r"[\ue000-\uefff]"  # a quoted term or title, held while the rules run
_OCCASIONS = r"(?:次|轮|场次?|批次|期)"
_RULES: tuple[tuple[str, str, str], ...] = (
    ("开展", _MANNER + r"(?:督查|自查|检查|排查|巡查|调研|宣传|巡护|演练|慰问|评查|回访|暗访|月调度)", _OCCASIONS),
    ("组织", r"(?:集中学习|集体学习|警示教育)", _OCCASIONS),
    ("举办", _MANNER + r"(?:培训班|培训|讲座|夜校)", _OCCASIONS),
    ("召开", r"(?:各类|专题)?(?:座谈|推进|调度|联席|院坝|碰头|现场|协调)会", _OCCASIONS),
    ("形成", r"(?:专题)?(?:调研|分析)报告", "篇"),
    ("起草", r"(?:各类)?(?:文稿|讲话稿)", "篇"),
    ("编发", rf"(?:{_TITLE}|简报|信息专报)", "期"),
    ("收到", r"(?:群众)?(?:来信|投诉|举报)", "件"),
    ("接待", r"(?:群众)?来访", "批"),
    ("受理", r"网上信访", "件"),
    # what is there stands alone: 志愿者30名走访农户 has its own verb
    ("现有", r"(?:公车|公务用车|志愿者)", r"(?:辆|名|人)(?=[，；。]|$)"),
)
_VERBS = tuple(
    (re.compile(rf"{_START}(?P<noun>{noun}){_NUMBER.format(measure)}"), verb) for verb, noun, measure in _RULES
)


def with_verbs(text: str) -> str:
    """`text` with a verb before nouns that stand alone with their number.

    Args:
        text: a clause whose quoted terms are already protected.
    """
    for pattern, verb in _VERBS:
        text = pattern.sub(lambda match, verb=verb: f"{match['when'] or ''}{verb}{match['noun']}", text)  # type: ignore[misc]
    return text
