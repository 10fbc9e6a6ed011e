"""A past passage without its facts: figures, dates, names and document numbers become neutral slots such as 〔数〕.

What is shown as a reusable phrasing, and what may enter a prompt. Knows nothing about prompts or models.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from assistant.checks.placeholders import MASK_MARK as MASK_MARK
from assistant.figures import Figure, recognise

_DIVISION = (
    r"[一-龥]{2,3}(?:自治区|自治州|自治县|省|(?<![城都超上门夜股楼集])市|(?<![各我全])县|"
    r"(?<![地社园景小灾山城库校辖发新片街牧林矿厂湖老])区|旗)"
)
_PLACE = re.compile(rf"(?:(?<![一-龥])|(?<=[到在赴于对向由从与和及]))(?:{_DIVISION})+(?:[一-龥]{{2,3}}(?:镇|乡|街道))?")
_LOCAL = re.compile(
    r"(?:(?<=[，。；：、（“\s在到赴于对])|(?<=^))[一-龥]{2,4}(?:镇|乡|街道|村|社区)(?![镇乡村民建振容])"
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛禹狄米贝明臧计戴谈宋庞熊纪舒屈"
    "项祝董梁杜阮蓝席季贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘解应丁宣邓郁单洪包左石崔吉龚程"
    "邢裴陆荣翁荀羊惠曲家封羿储靳段富巫乌焦巴弓牧隗山谷车侯全班秋仲伊宫宁仇栾甘武符刘景詹束龙叶幸司韶黎印白怀蒲从索赖卓"
    "屠池乔阴闻莘党翟谭贡劳姬申扶堵冉宰桑桂牛寿通边燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖终居衡步都耿满"
    "弘匡国文寇广禄阙东欧利蔚越夔隆师巩聂晁勾敖融冷訾辛阚简饶空曾沙丰巢关查后荆红游竺权盖益桓公"
)
_PERSON = re.compile(
    rf"[{_SURNAMES}][一-龥]{{1,2}}(?=同志|(?:副)?(?:书记|省长|市长|县长|区长|主任|局长|厅长|部长|主席|科长|院长|镇长|乡长)(?!办公会|会议|信箱|办公))"
)
_TITLE = re.compile(r"《[^》]{1,60}》")
_ORGANISATION = re.compile(
    r"(?<![一-龥])[一-龥]{2,12}(?:有限责任公司|股份有限公司|有限公司|集团|公司|大学|学院|医院|银行)"
)
_HOLDERS = {"date": "〔时间〕", "period": "〔时间〕", "docnum": "〔文号〕", "code": "〔代码〕", "ord": "〔序数〕"}
_KEPT = frozenset(("idiom", "enum", "indef", "phrase", "zero"))


@dataclass(frozen=True, slots=True)
class MaskedSpan:
    """`original[start:end]` stands as `slot` in the masked text."""

    start: int
    end: int
    slot: str


@dataclass(frozen=True, slots=True)
class Masked:
    """The masked text and what was masked, as spans of the original."""

    text: str
    spans: tuple[MaskedSpan, ...]


def mask(text: str, *, names: Collection[str] = ()) -> Masked:
    """Mask the facts of a passage.

    Args:
        text: a passage of a past report.
        names: names of units, places or persons that must not show (of the document's head, of its title, …).
    """
    found: list[MaskedSpan] = []
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        found += [MaskedSpan(m.start(), m.end(), "〔单位〕") for m in re.finditer(re.escape(name), text)]
    found += [MaskedSpan(figure.start, figure.end, _holder(figure)) for figure in recognise(text) if _hides(figure)]
    found += [MaskedSpan(match.start(), match.end(), slot) for rule, slot in _NAMES for match in rule.finditer(text)]
    spans = _without_overlap(found)
    parts, end = [], 0
    for span in spans:
        parts += [text[end : span.start], span.slot]
        end = span.end
    return Masked("".join(parts) + text[end:], tuple(spans))


_NAMES = (
    (_TITLE, "〔文件〕"),
    (_ORGANISATION, "〔单位〕"),
    (_PLACE, "〔地名〕"),
    (_LOCAL, "〔地名〕"),
    (_PERSON, "〔人名〕"),
)


def _hides(figure: Figure) -> bool:
    if figure.kind in ("phrase", "period"):
        return any(character.isdigit() for character in figure.surface)
    return figure.kind not in _KEPT


def _holder(figure: Figure) -> str:
    return _HOLDERS.get(figure.kind, "〔数〕")


def _without_overlap(found: list[MaskedSpan]) -> list[MaskedSpan]:
    """Earlier entries win; the result is in the order of the text."""
    taken: list[MaskedSpan] = []
    for span in found:
        if all(span.end <= other.start or span.start >= other.end for other in taken):
            taken.append(span)
    return sorted(taken, key=lambda span: span.start)
