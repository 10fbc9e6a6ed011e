"""“招商：签约35个” and “采用：市委办117条、省委办23条”: a label before a colon, opened into a clause."""

from __future__ import annotations

import re

_VERBS = (
    "刊发|采用|录用|刊登|发表|受理|办结|完成|入选|获批|新增|签约|投入|培训|宣传|检查|整改|化解|发放|印发|组织|开展|召开"
)
_LABEL = re.compile(r"^(?P<label>[^，；。：:]{1,14})(?:(?<!\d)[：:]|[：:](?!\d))\s*(?P<rest>\S.*)$")
_INNER = re.compile(r"(?P<before>[，；])(?P<label>[^，；。：:、\d]{1,8})[：:](?P<list>[^，；。：:]+)")
_ITEM = re.compile(r"^(?P<name>[^\d、]{1,16}?)(?P<figure>(?:约|近)?\d.*)$")
_KINDS = re.compile(r"(?:分类|构成|结构|类型|来源|分布|类别)$")
_EVENT = re.compile(r"(?:洪涝|洪水|水灾|旱情|汛情|疫情|地震|火灾|灾害|灾情|台风|雨雪|事故)$")
_SLOGAN = re.compile(
    r"^[一-龥]{2}(?:为王|为本|为先|为基|为要|优先|先行|第一|至上|立[一-龥]{1,2}|强[一-龥]{1,2}|兴[一-龥]{1,2})$"
)
_PLAN = re.compile(r"(?:目标|任务|指标|打算|思路)$")
_SENTENCE = re.compile(
    r"[了着过有是]$|^[一二两三四五六七八九十](?:个|[一-龥]$)|体会$"
)  # no matter of its own: the colon says it best
_WHEN = re.compile(r"^(?:明年|今年|[上下]半年|[一二三四]季度|\d{1,2}月份?|20\d\d年|下一?步|年底前|近期|目前)$")
_ONE_WORD = {"水": "供水", "电": "供电", "路": "道路", "房": "住房", "医": "医疗", "学": "教育", "气": "供气"}
_FIGURE_END = re.compile(r"\d[\d.,万亿多余]*[^\d，；。]{0,4}$")


def open_labels(text: str) -> str:
    """`text` without a colon that only notes have."""
    text = _INNER.sub(_inner, text)
    match = _LABEL.match(text)
    return _opened(match["label"].strip(), match["rest"]) if match else text


def _inner(match: re.Match[str]) -> str:
    items = _with_verb(match["label"], match["list"]) if re.fullmatch(_VERBS, match["label"]) else None
    label = _ONE_WORD.get(match["label"], match["label"])
    return match["before"] + (items or f"{label}{_join(label)}{match['list']}")


def _join(label: str) -> str:
    if _SENTENCE.search(label):
        return "："
    if _WHEN.match(label):
        return "，"
    return "，其中" if _FIGURE_END.search(label) else "方面，"


def _opened(label: str, rest: str) -> str:
    if re.fullmatch(_VERBS, label):
        head, mark, tail = _split_list(rest)
        return (_with_verb(label, head) or label + head) + mark + tail
    if _FIGURE_END.search(label) and not _WHEN.match(label):
        return f"{label}，其中{rest}"
    if _KINDS.search(label):
        return f"从{label}看，{rest}"
    if _EVENT.search(label):
        return f"应对{label}，{rest}"
    if _SLOGAN.match(label):
        return f"坚持{label}，{rest}"
    if _PLAN.search(label):
        return f"{label}为：{rest}"
    return f"{_ONE_WORD.get(label, label)}{_join(label)}{rest}"


def _split_list(rest: str) -> tuple[str, str, str]:
    match = re.match(r"^([^，；。]*)([，；。]?)(.*)$", rest)
    return (match[1], match[2], match[3]) if match else (rest, "", "")


def _with_verb(verb: str, listed: str) -> str | None:
    """`采用` + `市委办117条、省委办23条` -> `市委办采用117条、省委办采用23条`; None when it is no such list."""
    items = [_ITEM.match(item) for item in listed.split("、")]
    if len(items) < 2 or not all(items):
        return None
    return "、".join(f"{item['name']}{verb}{item['figure']}" for item in items if item)
