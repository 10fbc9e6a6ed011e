"""Whether and when: what is planned, under way or done, and the period a figure belongs to."""

from __future__ import annotations

import re

from assistant.checks.figure_context import Item
from assistant.checks.options import CheckOptions
from assistant.checks.pair import Pair, Verdict

_PLAN = re.compile(r"(?<![占完成超较比度的])计划|力争|目标|预计|预期|拟|将|确保|争取|规划|要|到20\d\d年")
_DONE = re.compile(r"(?:已经?|实际)(?:完成|实现|建成|达到|安排|竣工)[^，。；]*$")
_PLAN_NEAR = re.compile(r"(?:计划|拟|力争|预计|争取)(?!内|外)[^，,。；、：“”\d]{0,6}$")
_AIM = re.compile(
    r"(?:^|[，。；\n])[^，。；：]{0,6}目标(?:是|为)[^，。；]*$"
    r"|争取(?![^，。；\d]{0,6}(?:资金|项目|补助|政策|指标))[^，。；]*(?:达到?|突破|实现|完成|建成|提[高升]到)$"
)
_ONCE = re.compile("(?:达产|投产|建成|投用)后[^，。；]*$")
_ONCE_SAID = re.compile("达产|投产|建成|投用|全部|预计|可|将|后")
_BY_THEN = re.compile(r"到20\d\d年(?:底|末)?[^，。；]*(?:达到?|突破|实现|提高到)$")
_ALREADY = re.compile("目前|已|(?<!实)现(?!代|场|金|有)")
_YEAR_BEFORE = re.compile("[上去]年同期(?:数)?(?:为|是|有)?$")
_FUTURE = re.compile(r"明年|来年|下一?年|下一步|今后|未来|[到至]20\d\d年|十[四五六]五")
_PLANNED_AFTER = re.compile(r"(?:拟|将(?!士|军|近)|计划|有望|力争)(?!定)")


def status(pair: Pair, options: CheckOptions) -> Verdict | None:
    """Planned, expected, under way or done."""
    del options
    mine, theirs = pair.mine.feats.get("status"), pair.theirs.feats.get("status")
    if pair.note.planned and _DONE.search(pair.draft.before[-24:]):
        return "basis", "error", "要点是计划（目标）数，此处写成已完成"
    if theirs == "plan" and not _PLAN.search(pair.draft.sentence) and not _planned_from_the_start(pair.draft):
        soft = "预计" in pair.note.text and mine != "done"
        return "basis", "warning" if soft else "error", "要点是计划（目标、预计）数，此处写成实际数"
    if _ONCE.search(pair.note.before) and not _ONCE_SAID.search(pair.draft.sentence):
        return "basis", "error", "要点是建成（达产）以后的数，此处写成现在的数"
    if _BY_THEN.search(pair.note.before) and _ALREADY.search(pair.draft.before[-16:]):
        return "basis", "error", "要点是以后要达到的数，此处写成现在的数"
    if _YEAR_BEFORE.search(pair.note.before) and not re.search("[上去]年|同期|[由从]", pair.draft.sentence):
        return "basis", "error", "要点是上年同期的数，此处写成今年的数"
    if _AIM.search(pair.note.before) and not _PLAN.search(pair.draft.sentence):
        return "basis", "error", "要点是目标数，此处写成实际数"
    completed = pair.draft.before.endswith("完成") and not pair.note.before.endswith("完成")
    if pair.note.planned and completed and not _PLAN.search(pair.draft.after[:12]):
        return "basis", "error", "要点是计划（目标、预计）数，此处写成完成数"
    if _PLANNED_AFTER.match(pair.draft.after) and not _PLAN.search(pair.note.text):
        return "basis", "error", "要点是已完成的事，此处写成打算"
    if (
        mine == "plan"
        and _PLAN_NEAR.search(pair.draft.before[-14:])
        and not pair.note.planned
        and theirs != "plan"
        and not _PLAN.search(_said(pair.note, theirs))
        and not _FUTURE.search(_said(pair.note, theirs))
    ):
        return "basis", "error", "要点是已有的事实，此处写成计划（目标、预计）"
    if _under_way(pair.note) and not _BUILT.search(pair.note.phrase) and _finished(pair.draft):
        return "basis", "error", "要点是在建（正在推进、刚启动），此处写成已建成（完成）"
    if _just_begun(pair.draft) and _BUILT.search(pair.note.sentence) and not _BUILDING.search(pair.note.sentence):
        return "basis", "error", "要点是已建成（投产），此处写成开工（在建）"
    if {mine, theirs} == {"task", "done"} and (mine == "task" or "任务" not in pair.draft.clause):
        return "basis", "error", "要点里任务数与完成数分开写，此处写反"
    if _DUE.search(pair.note.clause) and _FINISHED.search(pair.draft.clause) and not _MET.search(pair.note.sentence):
        return "basis", "error", "要点说的是限期（尚未）办完，此处写成已办完"
    failed = _FAILED.search(pair.note.phrase) and not _FAILED.search(pair.draft.phrase)
    if failed and _REACHED.search(pair.draft.phrase) and not re.search("[未没]", pair.draft.phrase):
        return "basis", "error", "要点是没有完成，此处写成完成"
    if mine == "plan" and theirs == "done" and not _PLAN.search(_said(pair.note, theirs)):
        urged = "确保" in pair.draft.before and not _PLAN_NEAR.search(pair.draft.before)
        return "basis", "warning" if urged else "error", "要点是完成数，此处写成计划（目标、预计）数"
    return None


def _said(note: Item, status: str | None) -> str:
    """What a note says of planning: its own clause where that says it is done, but the whole row of a table."""
    return note.clause if status == "done" and "｜" not in note.text else note.text


_FAILED = re.compile(r"(?:没有?|未能?)(?:完成|达到|实现|办结)")
_REACHED = re.compile(r"完成|达到|实现|办结")
_DUE = re.compile(r"限[^，。；]{1,8}[前内][^，。；]{0,3}[完改办结]|尚未|未(?:完成|办结|整改)")
_MET = re.compile(r"已|全部[^，。；]{0,4}(?:完|毕|到位|办结)")
_FINISHED = re.compile(r"已[^，。；]{0,10}(?:完|毕|到位|办结|完成)|全部[^，。；]{0,4}(?:完|毕|到位|办结)")
_BUILDING = re.compile(
    r"在建|待建|续建|正在(?:建设|施工|实施|推进)|(?:建设|实施)中|加快建设|推进(?=[^，。；、]{0,3}\d)"
    r"|进入[^，。；\d]{0,4}阶段|进场|开工(?!率)|动工|启动(?!仪式|资金)|破土|签约"
)
_BUILT = re.compile(
    r"(?<!未)(?<!预计)(?<![在续新])建成|竣工|通车|(?<!达)投产|完工|投用|投入(?:使用|运营)|完毕|办结|收官|(?<!超额)(?<!投资)(?<!累计)完成(?!率|投资|[^，。；]{0,4}任务)"
)


def _under_way(item: Item) -> bool:
    return _BUILDING.search(item.clause) is not None


_BEGUN = re.compile(r"开工(?!率)|动工|在建|正在建设|启动建设")


def _just_begun(item: Item) -> bool:
    """Whether the words up to the next stop after the figure speak of a start and the sentence of no end."""
    behind = re.split("[；。]", item.after)[0]
    near = item.phrase + "，".join(behind.split("，")[:2])
    return _BEGUN.search(near) is not None and _BUILT.search(item.sentence) is None


def _finished(item: Item) -> bool:
    """Whether the draft speaks of the thing as done and not, beside that, as under way."""
    words = item.phrase
    return _BUILT.search(words) is not None and _BUILDING.search(words) is None and _PLAN.search(words) is None


def _planned_from_the_start(item: Item) -> bool:
    """预计全年，A达到3亿；B达到5亿: a word of planning that opens the sentence holds beyond its semicolons."""
    begin = max(item.text.rfind(mark, 0, item.figure.start) for mark in "。\n") + 1
    return _PLAN.search(item.text, begin, min(begin + 10, item.figure.start)) is not None or "计划" in item.before[-6:]


_YEAR_CONFLICTS = ({"今年", "去年"}, {"当年", "去年"}, {"今年", "上年"}, {"M1-12", "去年"}, {"今年", "明年"})


def period(pair: Pair, options: CheckOptions) -> Verdict | None:
    """The year, quarter or month a figure belongs to."""
    mine, theirs = pair.draft.time, pair.note.time
    if not theirs and mine and _THROUGHOUT.search(pair.note.phrase) and not _THROUGHOUT.search(pair.draft.sentence):
        return "basis", "error", "要点没有说这一时期"
    seasonal = not theirs and _SEASON.search(pair.note.phrase)
    if seasonal and mine in ("M1-12", "今年", "当年") and not _SEASON.search(pair.draft.sentence):
        return "basis", "error", "所属时期与要点不同"
    if not mine or not theirs or mine == theirs:
        return None
    alone = mine[0] == "Y" and re.search(rf"{mine[1:]}年(?:一年|全年|当年)", pair.draft.before)
    if alone and _several_years(theirs) and theirs not in pair.draft.sentence:
        return "basis", "error", "所属时期与要点不同"
    if mine[0] == "Y" and (mine[1:] in pair.note.text or theirs[1:] in pair.draft.sentence):
        return None
    if {mine, theirs} in _YEAR_CONFLICTS:
        return "basis", "error", "所属年份与要点不同"
    whole = theirs in ("今年", "当年", "本年", "M1-12") or theirs[0] == "Y"
    if whole and mine in _PARTS and not _names_part(pair, mine):
        return "basis", "error", "所属时期与要点不同"
    if mine[0] == theirs[0] == "M" and _one_month(theirs) != _one_month(mine) and not _both_named(pair):
        return None
    if _several_years(mine) and theirs in ("今年", "当年", "本年", "去年", "M1-12"):
        return "basis", "error", "所属时期与要点不同"
    if mine[0] == theirs[0] or (_several_years(theirs) and mine in ("今年", "当年", "去年", "M1-12")):
        return "basis", "error", "所属时期与要点不同"
    year = options.report_year
    if year and {mine[:1], theirs[:1]} == {"Y", "今"} and f"Y{year}" not in (mine, theirs):
        return "basis", "error", "所属年份与要点不同"
    return None


def _several_years(label: str) -> bool:
    """近三年, 2020年至2023年."""
    return (label.startswith("recent") and label != "recent1") or re.fullmatch(r"\d{4}-\d{4}", label) is not None


_THROUGHOUT = re.compile("始终|一直|历年|常年|长期")
_SEASON = re.compile(
    "春运|汛期|暑期|暑假|寒假|春节|国庆|中秋|端午|五一|清明|元旦|黄金周|小长假|节假?日|假期|高峰期|迎峰度夏|[采供]暖[季期]|旺季|淡季|会期|展会期"
)


_PARTS = {"M1-6": "上半年", "M7-12": "下半年", "M1-3": "一季度", "M1-9": "前三季度"}


def _names_part(pair: Pair, label: str) -> bool:
    """Whether the notes speak of that part of the year at all."""
    first, _, last = label[1:].partition("-")
    said = pair.note.heading + pair.note.text
    return _PARTS[label] in said or re.search(rf"{first}\s*[-—~～至到]\s*{last}月", said) is not None


def _one_month(label: str) -> bool:
    """Whether a period label names a single month (M3-3)."""
    first, _, last = label[1:].partition("-")
    return first == last


def _both_named(pair: Pair) -> bool:
    """Whether the draft sentence names the period of the note too, so that the two periods are told apart there."""
    month = next(label for label in (pair.draft.time, pair.note.time) if _one_month(label))[1:].partition("-")[0]
    return all(
        f"{month}月" in text and re.search("全年|季度|半年", text) for text in (pair.draft.sentence, pair.note.text)
    )
