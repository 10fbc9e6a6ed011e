"""Lists that pair indicators with figures: A、B和C分别增长8%、14.1%和2.9%."""

from __future__ import annotations

import itertools
import re

from assistant.figures.grammar import HOTLINE, JOINER, KNOWN_CODE
from assistant.figures.raw import Raw

_WORD = re.compile(r"分别|依次|各自?(?=为|达|是)")
_GAP = re.compile(r"(?:、|和|与|及|以及|，|,|，和|、和|，以及|/)[+-]?")
_SPLIT = re.compile("，|,|" + JOINER.pattern)
_TAIL = re.compile(
    r"(?:的?(?:同比|环比|均|总量|占比|实现|出现|增幅|降幅|增速|比上年|较上年|平均)?(?:为|达到?)?|实现“双.{2}”)$"
)
_KINDS = frozenset(("num", "ratio", "pp", "mult", "range", "dur", "ord", "vague", "count_claim"))


def paired_objects(text: str, raws: list[Raw]) -> dict[int, str]:
    """Index of a raw mention -> the item of the list that it belongs to."""
    found: dict[int, str] = _silent(text, raws)
    values = [i for i, raw in enumerate(raws) if raw.kind in _KINDS]
    starts = {raws[i].start: k for k, i in enumerate(values)}
    ordered = sorted(starts)
    position = 0
    last_items: list[str] = []
    last_sentence, last_end = -1, 0
    for match in _WORD.finditer(text):
        while position < len(ordered) and ordered[position] < match.end():
            position += 1
        run = _run(text, raws, values, position, match.end())
        if len(run) < 2:
            continue
        _share_qualifier(text, raws, run)
        begin = max(text.rfind(char, 0, match.start()) for char in "。；;！？\n") + 1
        if _carried(text, raws, values, position, run, found):
            continue
        since = text[last_end : match.start()]
        if begin == last_sentence and len(last_items) == len(run) and len(since) <= 14 and "、" not in since:
            items = last_items
        else:
            items = _whole_sides(_items(text[begin : match.start()], len(run)))
        found.update(zip(run, items, strict=False))
        if items:
            last_items, last_sentence, last_end = items, begin, raws[run[-1]].end
    _carry(text, raws, values, found)
    _proportions(text, raws, values, found)
    return found


_COLON = re.compile(r"\s*[:：]\s*")
_PLACES = "一二三四五"


def _proportions(text: str, raws: list[Raw], values: list[int], found: dict[int, str]) -> None:
    """三次产业结构为3.6:48:48.4: each number of a proportion belongs to its place in it."""
    run: list[int] = []
    for index in [*values, -1]:
        joined = (
            run and index >= 0 and not raws[index].unit and _COLON.fullmatch(text, raws[run[-1]].end, raws[index].start)
        )
        if not joined:
            if 3 <= len(run) <= len(_PLACES):
                head = re.split(r"[，。；：:\n]", text[max(0, raws[run[0]].start - 24) : raws[run[0]].start])[-1]
                found.update({member: f"{head}{place}产" for member, place in zip(run, _PLACES, strict=False)})
            run = []
        if index >= 0:
            run = [*run, index]


_OWN_QUALIFIER = re.compile(r"[余多来几+]|以[上下内]|左右|上下")


def _share_qualifier(text: str, raws: list[Raw], run: list[int]) -> None:
    """分别超过450万台、40万辆: a word before the first number holds for all."""
    first = raws[run[0]]
    if first.approx != "EQ" and not _OWN_QUALIFIER.search(text[first.start : first.end]):
        for index in run[1:]:
            if raws[index].approx == "EQ" and raws[index].kind in ("num", "ratio"):
                raws[index].approx = first.approx


def _carried(
    text: str, raws: list[Raw], values: list[int], position: int, run: list[int], found: dict[int, str]
) -> bool:
    """…达到2.36万元和1.53万元，分别比2011年增加8129元和7091元: the second run has the items of the pair before it."""
    before = values[max(0, position - len(run)) : position]
    if len(before) != len(run) or not all(index in found for index in before):
        return False
    if not _RUN_ON.fullmatch(text, raws[before[-1]].end, raws[run[0]].start):
        return False
    for index, owner in zip(run, before, strict=True):
        found[index] = found[owner]
    return True


_RUN_ON = re.compile(
    r"[，,、](?:年均)?分别(?:[比较](?:\d{2,4}年|上年|去年|年初|同期|十[二三四五]五末?))?(?:同期|同比)?[一-鿿]{0,6}[+-]?"
)
_CARRYING = re.compile(
    r"[，,；;](?:分别)?(?:(?:比|较)\d{2,4}年|(?:是|为|相当于)(?:\d{2,4}年|上年|去年|十[二三四五]五末?)的?|(?:同比|比上年|较上年|年均|均|各|分别)?(?:增长|下降|提高|增加|减少|上升|回落|增|降|高于|低于|快于|慢于)[一-鿿]{0,4})[+-]?"
)


def _carry(text: str, raws: list[Raw], values: list[int], found: dict[int, str]) -> None:
    """A、B达到4万元、2万元，增长10%、19%: a second run as long as the first belongs to the same items in the same order."""
    runs = _runs_of(text, raws, values)
    for first, second in itertools.pairwise(runs):
        told = len(second) == 2 and any(index in found for index in second)
        if told or len(first) != len(second) or len(second) < 2:
            continue
        if not _CARRYING.fullmatch(text, raws[first[-1]].end, raws[second[0]].start):
            continue
        found.update({late: found[early] for early, late in zip(first, second, strict=True) if early in found})
    for four in zip(values, values[1:], values[2:], values[3:], strict=False):
        carried = _CARRYING.fullmatch(text, raws[four[1]].end, raws[four[2]].start)
        if carried and not any(index in found for index in four):
            _carry_named(text, raws, four, found)


def _runs_of(text: str, raws: list[Raw], values: list[int]) -> list[list[int]]:
    """The figures in runs without words between them (18.1%、24.7%和33.7%)."""
    runs: list[list[int]] = []
    for index in values:
        if runs and _SILENT_GAP.fullmatch(text, raws[runs[-1][-1]].end, raws[index].start):
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


# Each line names the sides of one division; what follows the last side of a pair belongs to the first too.
_SIDES = (
    r"城镇|乡村|农村|城市|城区|城|乡",
    r"[高中初](?:等|级|中)?",
    r"[大中小](?:型|学|微)?",
    r"[省市县区镇](?:级|本级)?",
    r"[男女](?:性)?",
    r"公办|民办|公立|民营|国有|集体",
    r"[东中西南北](?:部)?",
    r"[新旧老]",
    r"[一二三四](?:级|类|等|产)?",
)
_SIDED = re.compile("|".join(f"(?P<s{n}>{side})" for n, side in enumerate(_SIDES)))
_DATED = re.compile(r"^(?:\d{2,4}年(?:底|末)?|截至[^，。]{1,8}|全[省市县区国年]|其中)*")


def _carry_named(text: str, raws: list[Raw], four: tuple[int, int, int, int], found: dict[int, str]) -> None:
    """城镇收入19233元、农村收入7815元，是2006年的2倍、1.8倍: the items name themselves before their figures."""
    first, second, third, fourth = four
    if raws[first].unit != raws[second].unit or raws[third].unit != raws[fourth].unit:
        return
    if not _SILENT_GAP.fullmatch(text, raws[third].end, raws[fourth].start):
        return
    begin = max(text.rfind(char, 0, raws[first].start) for char in "。；;！？\n") + 1
    names = [re.split("[，、：:]", text[begin : raws[index].start])[-1] for index in (first, second)]
    if all(len(name) >= 2 and not re.search(r"\d", name) for name in names):
        found[third], found[fourth] = names


def other_side(side: str, before: str) -> str:
    """农村 behind 城镇居民收入 is 农村居民收入: a side named alone goes on with what the side before it was said of."""
    one, other = _SIDED.fullmatch(side), _SIDED.match(before)
    if one and other and one.lastgroup == other.lastgroup and one[0] != other[0] and len(other[0]) > 1:
        return side + before[other.end() :]
    return side


def _whole_sides(items: list[str]) -> list[str]:
    """中、高等职业教育 are 中职业教育 and 高等职业教育: what stands behind the last side holds for the first too."""
    if len(items) != 2:
        return items
    first = items[0][len(_DATED.match(items[0])[0]) :]  # type: ignore[index]  # the pattern matches everywhere
    one, other = _SIDED.fullmatch(first), _SIDED.match(items[1])
    if one and other and one.lastgroup == other.lastgroup and other.end() < len(items[1]):
        return [first + items[1][other.end() :], items[1]]
    return items


_BARE_VERB = re.compile(
    r"(?:累计|共|合计|总计|各自?|已|均|达到?|为|是|建设|建成|完成|实现|新增|突破|超过?|增长|下降|提高|增加|到|至|了|占比?)*$"
)


def _silent(text: str, raws: list[Raw]) -> dict[int, str]:
    """Pairs without 分别: A、B累计建设24个和12个; 城乡居民收入：+7.5%、+8.5%; A5亿、B3亿，比上年增2%、4%."""
    found: dict[int, str] = {}
    values = [i for i, raw in enumerate(raws) if raw.kind in _KINDS]
    for first, second in itertools.pairwise(values):
        if first in found or not _SILENT_GAP.fullmatch(text, raws[first].end, raws[second].start):
            continue
        closed = text[raws[second].end : raws[second].end + 1] in ("", "，", "。", "；", ",", ")", "\n")
        timed = raws[first].kind == raws[second].kind == "dur"
        if not closed or (raws[first].unit != raws[second].unit and not timed):
            continue
        items = _whole_sides(_silent_items(text, raws[first].start))
        if items:
            found[first], found[second] = items
    return found


_SILENT_GAP = re.compile(r"(?:和|、|与|及|/)[+-]?")


def _silent_items(text: str, at: int) -> list[str]:
    start = max(text.rfind(char, 0, at) for char in "。！？\n") + 1
    segment = text[start:at]
    own = re.split(r"[；;，,]|—+", segment)[-1]
    bare = _BARE_VERB.sub("", own.rstrip("+-").rstrip("：:"))
    if re.search(r"\d", bare) or "\x00" in bare:
        bare = ""
    parts = [part for part in _SPLIT.split(bare) if part.strip()]
    if len(parts) == 2:
        return parts
    joint = next((joint for joint in _JOINT if joint in bare), None)
    if joint:
        return [bare.replace(joint, side) for side in _JOINT[joint]]
    if _COMPARISON.fullmatch(own.rstrip("+-")):
        earlier = [
            part for part in re.split(r"[；;，,、—]+", segment[: len(segment) - len(own)]) if re.search(r"\d", part)
        ]
        return [_LAST_FIGURE.sub("", part) for part in earlier[-2:]] if len(earlier) == 2 else []
    return []


_LAST_FIGURE = re.compile(r"[\d.]+[%十百千万亿]*[^\d]{0,4}$")
_COMPARISON = re.compile(r".{0,24}?(?:——)?(?:比|较|同比|与)[^，,。；]{0,12}")


def _run(text: str, raws: list[Raw], values: list[int], position: int, after: int) -> list[int]:
    if position >= len(values) or raws[values[position]].start - after > 14:
        return []
    if re.search(r"[，。；]", text[after : raws[values[position]].start]):
        return []
    run = [values[position]]
    for index in values[position + 1 :]:
        gap = text[raws[run[-1]].end : raws[index].start]
        if not _GAP.fullmatch(gap) or (gap[:1] in "，," and raws[index].unit != raws[run[0]].unit):
            break
        run.append(index)
    return run


def _items(segment: str, count: int) -> list[str]:
    """The last `count` items named in `segment`; [] if it does not name as many."""
    segment = segment.replace("”“", "”、“").replace("》《", "》、《")
    shared = _before_shared_word(segment, count)
    if shared:
        return shared
    for start in _clause_starts(segment):
        body = _TAIL.sub("", segment[start:].rstrip("，, "))
        parts = [part.strip() for part in _SPLIT.split(body) if part.strip()]
        parts = [
            part
            for part in parts
            if re.search(r"[一-鿿A-Za-z]", part) and not re.fullmatch(r"实现“?双.{2,3}”?|同比|降幅|增幅|增速", part)
        ]
        listed = _listed(body)
        if len(listed) == count < len(parts) and not any(_holds_figure(part) for part in listed):
            return listed
        if len(parts) >= count and not any(_holds_figure(part) for part in parts[-count:]):
            return parts[-count:]
        if count == 2 and len(parts) == 1:
            for joint, (first, second) in _JOINT.items():
                if joint in body:
                    return [body.replace(joint, first), body.replace(joint, second)]
    return _clauses(segment, count)


def _before_shared_word(segment: str, count: int) -> list[str]:
    """甲、乙、丙三大产业提质增效，产量(分别…): the list fills the clause before, the last clause names what all have."""
    *before, last = re.split("[，,]", segment.rstrip("，, "))
    own = re.fullmatch(rf"([一-鿿]{{{count}}})(总?产量|总?产值|面积|价格)", last)
    if own and count > 2:
        return [f"{thing}{own[2]}" for thing in own[1]]  # 粮肉奶产量
    told = _COUNTED_LIST.match(before[-1]) if before else None
    if told and 2 <= len(last) <= 10 and not re.search("、|\\d", last):
        names = [name for name in _SPLIT.split(told[1]) if name]
        if len(names) == count and not any(_holds_figure(name) for name in names):
            return names  # 甲、乙两个项目进驻，投资(分别…)
    if not before or count < 3 or re.search("、|\\d", last) or not 2 <= len(last) <= 10:
        return []
    names = re.split("、|以及|和|及", before[-1])
    return names if len(names) == count and not any(_holds_figure(name) for name in names) else []


_COUNTED_LIST = re.compile(r"(.{4,60}?)(?:[两二三四五六七八九]|[2-9])(?:个|家|条|座|项|大|所|处|名|位)")


def _holds_figure(item: str) -> bool:
    """Whether an item holds a figure; the number of a name (PM2.5, 5G, 12345热线) or a year is none."""
    return re.search(r"\d", _NUMBERED_NAME.sub("", item)) is not None


_NUMBERED_NAME = re.compile(rf"[A-Za-z]+\d+(?:\.\d+)?|\d[A-Z]|{HOTLINE.pattern}|{KNOWN_CODE.pattern}|(?:19|20)\d\d年")


def _listed(body: str) -> list[str]:
    """The items between the marks 、, where a joining word inside one of them (汽车及零部件) splits nothing."""
    items = [item.strip() for item in re.split("[，,、]", body) if item.strip()]
    return items if len(items) >= 2 else []


_JOINT = {
    "城乡": ("城镇", "农村"),
    "存贷": ("存", "贷"),
    "进出口": ("进口", "出口"),
    "收发": ("收", "发"),
    "男女": ("男", "女"),
    "工农业": ("工业", "农业"),
    "城镇农村": ("城镇", "农村"),
    "中小学": ("中学", "小学"),
    "收支": ("收入", "支出"),
}


def _clauses(segment: str, count: int) -> list[str]:
    """The last `count` clauses that hold a figure: each names its indicator itself."""
    clauses = [
        part
        for part in re.split(r"[，,：:、]", segment)
        if re.search(r"[\d一二三四五六七八九十百千万亿]", part) and not re.match(r"较|比|与|按|同", part)
    ]
    return [_LAST_FIGURE.sub("", part) for part in clauses[-count:]] if len(clauses) >= count else []


def _clause_starts(segment: str) -> list[int]:
    starts = [m.end() for m in re.finditer(r"[，,：:]", segment.rstrip("，, "))]
    return [*reversed(starts), 0]
