"""What the model wrote, held against the notes: whole sections and sentences by the fidelity check, phrases without
facts by rules of their own. A failed check is a finding or a reason, never an exception. Knows nothing about prompts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from assistant.checks import head_point, options_for
from assistant.checks.fidelity import check_fidelity
from assistant.checks.options import CheckOptions
from assistant.figures import recognise
from assistant.mask import MASK_MARK
from assistant.phrases import Tone, grounded, vocabulary
from assistant.plan import Plan, Unit, echoes
from assistant.records import Brief, Finding, NoteRef, PastRef, Point, Section, Span, length_of
from assistant.slots import Locked, Rendered

_CLAIMS = re.compile(
    r"荣获|获得(?!感|服务|法律|帮助)|表彰|肯定|好评|赞誉|赞扬|认可|率先|首创|首次|领先|位居|名列|前列|全覆盖|全部|彻底|显著|大幅|圆满|完全|杜绝|零[^部]|无一|"
    r"历史性|跨越|突破|领导|媒体|报道|试点|标杆|典型|全国|全省|全市|国家|省级|世界|最(?![近后])|翻番|成倍|"
    r"签订|成立|出台|印发|制定|建成|投入使用|挂牌|举办|召开|邀请|组建|设立"
)
_CHAT = re.compile(
    r"以下是|如下所示|好的|当然|希望|请注意|您|作为.{0,6}助手|^[#*>-]|\*\*|```|参考答案|根据要点|编号|原稿|问题："
)
_DANGLING = re.compile(
    r"(?:[的地得与和及或、在为以把将被从于是了更较很使让并]|提供|进行|加强|推动|促进|(?<!更加)有力|有效|切实|不断|进一步|得到|实现)$"
)
_NEGATIVE = re.compile(r"不|难|影响|制约|差距|有待|欠|滞后|薄弱|偏|缺|困|弱|低|慢|少|压力|短板|还需|仍需")
_DONE = re.compile(r"了|已|得到|取得|完成|实现了")
_MEASURE = re.compile(
    r"(?:进一步|不断|切实)?(?:加强|健全|完善|落实|推进|规范|加大|开展|强化|建立|做好|抓好|实施|组织|优化)"
)
_AIM = re.compile(  # begins to say what something is for; 办理效率提高 would be a result
    r"^(?:着力|努力|推动|促进|确保|保障|切实|不断|进一步|全力|大力|力争|力求|更好|持续|让|助力|以|为[^，]+(?:提供|打下|奠定|赢得|创造|注入))"
)
_FINISHED = re.compile(r"了|已|得到|取得|明显|有效(?=提|改|增|缓|解|减|降)|显著")
_SERVICE = re.compile(r"为.*提供(?!.*(?:保障|支撑|参考|依据|条件|遵循|动力|便利)$)")  # says what was done, not what for
_HAN_ONLY = re.compile(r"^[一-龥、，]+$")
_NAMED = re.compile(r"《[^》]+》|“[^”]+”")
EXAMPLE_WORDS = ("绿化", "绿篱", "行道树", "苗木", "古树", "游园", "公园厕所", "管网改造", "养护队伍", "积水")
EVERYWHERE = frozenset(("开展", "推进", "加强", "落实", "推动", "完成", "工作", "组织", "提高", "提升", "有序", "各项"))
"""Words that say nothing about the matter they stand beside."""
_KEPT_SHARE = 0.5
_UNLICENSED = 0.3
_RESTATED = 0.6


# ---- phrases ----------------------------------------------------------------------------------------------------


def pairs(text: str) -> set[str]:
    """All pairs of neighbouring Chinese characters."""
    return {
        text[i : i + 2]
        for i in range(len(text) - 1)
        if _HAN_ONLY.match(text[i : i + 2]) and "、" not in text[i : i + 2]
    }


def phrase_fault(phrase: str, unit: Unit, plan: Plan, taken: Iterable[str] = (), *, lead: bool = False) -> str:
    """Why a model's opening or result cannot stand, or an empty string.

    It may carry no fact: no figure, no claim of an outcome, no measure, no word that neither the notes nor the genre's
    stock have. What a piece of work led to is a fact, what it is for is not.
    """
    notes = " ".join(point.text for point in plan.section.points)
    near = f"{unit.clause} {plan.section.heading}"
    if not 5 <= len(phrase) <= 24 or not _HAN_ONLY.match(phrase):
        return "长度或字符不合要求"
    if _copies_example(phrase, plan):
        return "照抄了例文"
    if any(figure.kind not in ("idiom", "phrase", "indef") for figure in recognise(phrase)):
        return "含有数字"
    if not says_nothing_new(phrase, notes):
        return "写了要点没有的结果，或句子不完整"
    if echoes(phrase, unit.clause) or _restates(phrase, unit.clause) or any(alike(phrase, other) for other in taken):
        return "与前文重复"
    if not lead and not _fits_tone(phrase, plan.tone):
        return "与本部分的语气不符"
    if not lead and (fault := _result_fault(phrase, unit, plan.tone)):
        return fault
    own = pairs(phrase)
    if len(own - vocabulary() - pairs(notes) - pairs(plan.section.heading)) > _UNLICENSED * len(own):
        return "用了与要点无关的词"
    return "" if own & pairs(near) - EVERYWHERE and grounded(phrase, near) else "与本条内容无关"


def _result_fault(phrase: str, unit: Unit, tone: Tone) -> str:
    """Why a result is a fact of its own: a measure, an outcome told as reached, one in the words of a known weakness."""
    if says_what_was_done(phrase):
        return "写了要点没有的举措"
    if tone != "problem" and not is_aim(phrase):
        return "写了要点没有的结果"
    return "与查找的问题相矛盾" if unit.weak and pairs(phrase) & pairs(unit.weak) else ""


def _restates(phrase: str, clause: str) -> bool:
    """Whether a phrase is made of the clause's own characters for the most part (队伍不稳 -> 队伍工作不稳定)."""
    own = set(phrase) - {"、"}
    return len(own & set(clause)) > _RESTATED * len(own)


def says_nothing_new(phrase: str, notes: str) -> bool:
    """Whether a phrase is whole and claims no outcome, honour or measure that the notes do not have."""
    claims = _CLAIMS.findall(phrase.replace("服务领导", ""))
    return not (any(claim not in notes for claim in claims) or _CHAT.search(phrase) or _DANGLING.search(phrase))


def says_what_was_done(phrase: str) -> bool:
    """Whether a phrase names a measure (健全制度, 为农民工提供法律援助), which is a fact, not what it led to."""
    return bool(_MEASURE.match(phrase) or _SERVICE.match(phrase))


def is_aim(phrase: str) -> bool:
    """Whether a phrase says what something is for, not what it led to."""
    return bool(_AIM.match(phrase)) and not _FINISHED.search(phrase)


def _fits_tone(phrase: str, tone: Tone) -> bool:
    if tone == "problem":
        return bool(_NEGATIVE.search(phrase))
    if tone == "plan":
        return not _DONE.search(phrase)
    return not _NEGATIVE.search(phrase)


def alike(one: str, other: str) -> bool:
    """More than half of the character pairs are the same."""
    a, b = pairs(one), pairs(other)
    return len(a & b) > 0.5 * min(len(a), len(b)) if a and b else one == other


# ---- lines ------------------------------------------------------------------------------------------------------


def line_fault(rendered: Rendered, locked: Locked, unit: Unit, plan: Plan, past: Sequence[PastRef] = ()) -> str:
    """What is wrong with a line that the model wrote whole, in words that the model can act on; empty if nothing is."""
    if not rendered.text.strip():
        return "这一行没有写。"
    required = [] if all(point.optional for point in unit.points) else list(rendered.missing)
    if required:
        return f"漏写了{'、'.join(slot.mark for slot in required)}。"
    if rendered.doubled:
        return f"{'、'.join(slot.mark for slot in rendered.doubled)}只能写一次。"
    if rendered.unknown:
        return f"没有{'、'.join(rendered.unknown)}这样的记号。"
    if _copies_example(rendered.text, plan):
        return "照抄了例文里的事情，只能写本部分要点的内容。"
    if _CHAT.search(rendered.text) or "\n" in rendered.text.strip():
        return "只写公文正文，不写说明和符号。"
    if _unpaired(rendered.text) and not _unpaired(unit.clause):
        return "引号、括号、书名号要成对。"
    gap = MASK_MARK.search(rendered.text)
    if gap:
        return f"“{gap.group()}”是参考表述里的空位，不能写进正文。"
    lost = [name for name in _NAMED.findall(unit.clause) if name not in rendered.text]
    if lost:
        return f"漏写了{lost[0]}。"
    notes = " ".join((unit.clause, *(point.text for point in plan.section.points)))
    own = [claim for claim in _CLAIMS.findall(rendered.text) if claim not in notes]
    if own:
        return f"“{own[0]}”在要点里没有依据。"
    if len(pairs(unit.clause) & pairs(rendered.text)) < _KEPT_SHARE * len(pairs(unit.clause)):
        return "要点里的事项没有写全。"
    return _figure_fault(rendered.text, locked, unit, past)


def _unpaired(text: str) -> bool:
    """Whether a quotation mark or bracket is left open: a piece that was cut out of another text."""
    return any(text.count(first) != text.count(last) for first, last in ("“”", "（）", "《》", "「」", "『』", "【】"))


def _copies_example(text: str, plan: Plan) -> bool:
    """Words of the worked example's far-away topic, unless the notes have them."""
    notes = " ".join((plan.section.heading, *(point.text for point in plan.section.points)))
    return any(word in text and word not in notes for word in EXAMPLE_WORDS)


def _figure_fault(text: str, locked: Locked, unit: Unit, past: Sequence[PastRef]) -> str:
    note = Point(unit.clause, unit.points[0].line, optional=all(point.optional for point in unit.points))
    for finding in check_fidelity(text, [note], past):
        if finding.severity == "error":
            return finding.message
    return _detached(text, locked, unit)


def _detached(text: str, locked: Locked, unit: Unit) -> str:
    """A figure must keep at least a pair of the words that stand around it in the notes, in the same sentence."""
    for slot in locked.slots:
        word = _before(locked.text, slot.mark)
        sentence = next((part for part in re.split(r"[。\n]", text) if slot.surface in part), "")
        if len(word) >= 2 and not any(pair in sentence for pair in pairs(word)):
            return f"{slot.mark}应跟在“{word}”后面。"
    return ""


def _before(text: str, mark: str) -> str:
    match = re.search(r"([一-龥]{2,6})(?:为|达|达到|约|共|至|到|由|是)?$", text[: text.find(mark)])
    return match[1] if match else ""


# ---- whole sections ---------------------------------------------------------------------------------------------


def check_section(text: str, section: Section, brief: Brief, past: Sequence[PastRef] = ()) -> list[Finding]:
    """Fidelity of a section's text against its own points; its heading and the head of the notes may be quoted."""
    findings = check_fidelity(text, [*section.points, head_point(brief, [section])], past, options_for(brief))
    return [
        finding for finding in findings if finding.note is None or finding.note.line > 0 or finding.draft is not None
    ]


def check_points(text: str, points: Sequence[Point]) -> list[Finding]:
    """Fidelity of a piece of a report: what stands in it must be in the notes, the rest of the notes need not be."""
    return check_fidelity(text, points, options=CheckOptions(required="none"))


def blank_findings(text: str, points: Sequence[Point]) -> list[Finding]:
    """One finding for each gap that the writer left, with the place where it stays visible."""
    places = list(re.finditer(r"【待补[^】]*】", text))
    findings = []
    for point in points:
        for blank in point.blanks:
            at = places.pop(0) if places else None
            span = Span(at.start(), at.end(), at.group()) if at else None
            message = f"要点第{point.line}行的“{blank}”还空着，正文已留出位置：请补上数字，或删去这一处。"
            findings.append(Finding("placeholder", "warning", message, span, NoteRef(point.line, point.text)))
    return findings


def length_finding(text: str, target: int | None, fixed: Callable[[], int]) -> Finding | None:
    """Says plainly when the target length was not met, and why.

    Args:
        text: the section.
        target: wanted length in 字, None for any.
        fixed: counts the length of the writer's own matter written out without any phrase, where that matters.
    """
    if not target:
        return None
    length = length_of(text)
    if 0.8 * target <= length <= 1.2 * target:
        return None
    if length > target:
        needed = fixed() > target
        reason = "要点写全就要这么长" if needed else "可删去部分衬托的话"
        return Finding("length", "info" if needed else "warning", f"目标{target}字，现有{length}字：{reason}。")
    message = f"目标{target}字，现有{length}字：要点只够写这么多，再加就是空话。请补充要点，或调低字数。"
    return Finding("length", "warning", message)
