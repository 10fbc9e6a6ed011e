"""Title, unit, year and type of a report, from its title block, its first paragraphs, its end and its file's name.

`year` is the year in the title where there is one. For a government work report that is the year of the meeting (the
2024年政府工作报告 looks back on 2023); for every other type it is the year reported on. Unknown is None: a name with
anonymisation marks (XX, *, 某) is not a unit, and a signature date in spring says nothing about the year reported on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.records import Heading
from assistant.structure.opening import body_line, close_up, title_block

_DIGITS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "Ｏ": "0",
    "O": "0",
}
_YEAR = re.compile(r"(?<!\d)((?:19[4-9]|20\d)\d)(?!\d)")
_HAN_YEAR = re.compile(r"(?:[二一][〇○零O0九][〇○零O0一二三四五六七八九]{2})(?=年)")
_RANGE = re.compile(r"(?:19|20)\d\d\s*年?\s*[—\-－–~至到]+\s*((?:19|20)\d\d)")
_TARGET_YEAR = re.compile(r"(?:19|20)\d\d年(?=远景|前|底前)")
_DATE = re.compile(r"^[（(—\-\s]*((?:19|20)\d\d)年\d{1,2}月(?:\d{1,2}日)?")

# Words a title ends with, and the type each stands for; the first that fits decides.
_TYPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "政府工作报告",
        re.compile(r"政府工作(?:的?报告)|代表(?:国务院|.{0,14}人民政府|.{0,8}政府).{0,8}(?:作|做).{0,8}报告"),
    ),
    ("述职报告", re.compile(r"述职(?:述廉|述责|述德|述法)*(?:报告|材料)?")),
    ("工作要点", re.compile(r"工作要点|要点$")),
    ("工作白皮书", re.compile(r"白皮书")),
    ("调研报告", re.compile(r"调研报告|调查报告")),
    ("经验材料", re.compile(r"经验(?:交流|做法)?(?:材料|发言)|典型(?:经验|材料|案例)|(?:做法|经验)$")),
    ("情况汇报", re.compile(r"情况的?(?:汇报|报告)|工作汇报|汇报(?:材料|提纲)?$|情况$")),
    ("工作总结", re.compile(r"总结")),
    ("工作计划", re.compile(r"工作(?:计划|打算|安排)$")),
    ("实施方案", re.compile(r"方案$")),
    ("通知", re.compile(r"通知$")),
    ("讲话", re.compile(r"讲话(?:稿|提纲)?$")),
    ("工作报告", re.compile(r"报告$")),
)
_BODY_TYPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "政府工作报告",
        re.compile(
            r"代表(?:国务院|本届政府|[^。，；]{0,16}政府)[，,]?(?:现在)?[，,]?向?(?:大会|第[^，。]{2,30}会议)?"
            r"(?:作|做|报告|提出)[^。]{0,40}(?:报告|工作|形势|意见|审议)|报告政府工作|"
            r"各位代表[^。]{0,3}\n[\s\S]{0,500}我代表(?:国务院|[^。，；]{0,16}政府)[^。]{0,120}报告"
        ),
    ),
    ("述职报告", re.compile(r"述职(?:述廉)?(?:报告)?如下")),
    ("情况汇报", re.compile(r"(?:情况|工作)(?:简要)?(?:汇报|报告)如下")),
    ("工作总结", re.compile(r"总结如下")),
)
_NOUN_END = re.compile(
    r"(?:报告|总结|汇报|材料|要点|白皮书|方案|通知|意见|决定|纪要|讲话|计划|规划|发言|说明|公报|简报|文件|函|批复|"
    r"请示|体会|"
    r"情况|经验|做法|打算|提纲|公告|通告|决议|”)(?:[（(【《].{1,20}[)）】》])?$"
)
_NOT_TITLE = re.compile(
    r"^(?:[（(—\-－]|来源|作者|发布|时间|当前位置|首页|中央政府|.*www\.|.*门户网|新华社|目录|编者|第[\d一二三四五六七八九十]+页|\d+$|"
    r"[各同]位?|尊敬)|"
    r"(?:会议上?|大会上?)[)）]?$|[〔\[［]\d{4}[〕\]］]|^.{0,12}日电$|人民代表大会第.{1,3}次会议"
)
_SUBTITLE = re.compile(r"(?<=[报告总结])——|(?<=报告)(?=\d{4}年\d)")
_OFFICERS = r"(?:代理|代|副)?(?:省长|市长|县长|区长|州长|旗长|盟长|主席|总理)"
_SPEAKER = re.compile(rf"^(?P<place>.*?)(?P<government>人民政府|政府)?\s*{_OFFICERS}(?:\s*[\u4e00-\u9fff·\s]{{2,8}})?$")
_UNIT_END = (
    r"(?:人民政府|政府|委员会|办公室|办公厅|委办|政府办|管委会|街道办事处|街道|党组|党委|党工委|纪委|监委|组织部|"
    r"宣传部|统战部|政法委|"
    r"编办|法院|检察院|研究院|学院|医院|学校|中学|小学|大学|中心|总队|支队|大队|分局|总局|局|厅|委|处|公司|集团|"
    r"银行|协会|联合会|"
    r"团委|总工会|工会|妇联|残联|乡|镇|村|社区|站|所|院|馆|队)"
)
_TITLE_UNIT = re.compile(
    rf"^(?:(?:19|20)\d\d年度?)?(?P<unit>(?:中共|"
    rf"共青团)?[\u4e00-\u9fff]{{2,24}}?{_UNIT_END})(?=(?:关于)?(?:(?:19|20)\d\d|[“（(]|上半年|下半年|年度|年终|全面|"
    rf"党建|工作|述职|领导|关于|"
    rf"政务|信息|法治|安全))"
)
_TITLE_BRACKET_UNIT = re.compile(rf"[（(](?P<unit>[\u4e00-\u9fff]{{2,20}}{_UNIT_END})[)）]$")
_TITLE_PLACE = re.compile(r"(?P<place>(?:(?!年)[\u4e00-\u9fff]){2,14}?)(?:(?:19|20)\d\d年)?(?:人民)?政府工作报告")
_PROXY = re.compile(r"代表(?P<unit>国务院|(?:中共)?[\u4e00-\u9fff]{1,12}?人民政府)")
_MEETING = re.compile(r"在(?P<place>[\u4e00-\u9fff]{2,12}?[省市县区州盟旗])第?[一二三四五六七八九十]{1,4}届")
_BARE_PLACE = re.compile(r"^(?:[我本全]?[省市县区州]|自治区|本届|[本我各]级)(?:人民政府|政府)?$")
_MARKS = re.compile(r"[×*＊□Xx某]|\.\.")
_SIGNATURE = re.compile(rf"^(?:中共)?[\u4e00-\u9fff]{{2,20}}{_UNIT_END}$")
_DOCUMENT_NUMBER = re.compile(r"[〔\[［(（]((?:19|20)\d\d)[〕\]］)）]\s*第?\d+号")
_REPORTING_TYPES = ("工作总结", "述职报告", "情况汇报", "经验材料")
"""Types whose year is the one they report on: a number given to them in spring says nothing."""
_REVIEW = re.compile(r"(?P<year>(?:19|20)\d\d)年.{0,12}(?:回顾|总结|工作情况|执行情况|完成情况)")
_PLAN = re.compile(r"(?P<year>20\d\d|19\d\d)年.{0,16}(?:任务|安排|目标|重点|要求|打算|计划|部署|建议|工作)")
_PLAN_ONLY = re.compile(r"任务|安排|目标|重点|要求|打算|计划|部署|建议")
_PLAN_WORDS = ("安排", "打算", "计划", "下一步", "下步", "今后", "下年", "明年", "来年")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Unknown is None; the title falls back to the file's name."""

    title: str
    unit: str | None
    year: int | None
    doc_type: str | None


def read_metadata(text: str, name: str, headings: Sequence[Heading], titles: Collection[int] = ()) -> Metadata:
    """Read the metadata of a report.

    Args:
        text: one paragraph a line.
        name: the file's name without its suffix.
        headings: the headings found in the text.
        titles: numbers of the lines that the file itself marks as title.
    """
    lines = text.split("\n")
    block = title_block(lines)
    printed = " ".join(close_up(lines[number]) for number in titles if number < min(len(lines), 30)) or find_title(
        block
    )
    start = body_line(lines)
    opening = "\n".join(lines[start : start + 6])[:1500]
    doc_type = _doc_type(printed, name, block, opening, headings)
    return Metadata(
        title=printed or name,
        unit=_unit(printed or name, block, opening, lines),
        year=_year(printed, name, block, opening, headings, doc_type, lines),
        doc_type=doc_type,
    )


def find_title(block: Sequence[str]) -> str:
    """The title among the lines of the title block, "" when none of them is one; a title over two lines is joined."""
    best, best_score = "", 0
    for index, line in enumerate(block):
        whole, line = line, _SUBTITLE.split(line)[0].strip()
        if not 4 <= len(line) <= 80 or _NOT_TITLE.search(line) or _DATE.match(line) or _SPEAKER.match(line):
            continue
        joined = line
        if (
            whole == line
            and len(line) >= 8
            and not _NOUN_END.search(line)
            and index + 1 < len(block)
            and _continues(block[index + 1])
        ):
            joined = line + block[index + 1]
        score = 2 * bool(_NOUN_END.search(joined)) + bool(year_in(joined)) + (index == 0)
        score += 2 * joined.startswith("关于") + 2 * ("关于" in joined[4:30]) - 2 * joined.endswith("文件")
        if score > best_score:
            best, best_score = joined, score
    return best


def _continues(line: str) -> bool:
    return (
        bool(_NOUN_END.search(line))
        and len(line) <= 30
        and not _NOT_TITLE.search(line)
        and line[:2] not in ("政府", "工作")
    )


def year_in(text: str) -> int | None:
    """The first year in a title; of a range (2020—2023) the last. Chinese digits count too (二〇二四年)."""
    text = _TARGET_YEAR.sub("", text)
    text = _HAN_YEAR.sub(lambda found: "".join(_DIGITS.get(ch, ch) for ch in found.group()), text)
    if spread := _RANGE.search(text):
        return int(spread.group(1))
    found = _YEAR.search(text)
    return int(found.group(1)) if found else None


def _doc_type(title: str, name: str, block: Sequence[str], opening: str, headings: Sequence[Heading]) -> str | None:
    for source in (title, name):
        for kind, pattern in _TYPES:
            if kind != "工作报告" and pattern.search(re.sub(r"[（(].*?[)）]$", "", source)):
                return kind
    for kind, pattern in _BODY_TYPES:
        if pattern.search(opening):
            return kind
    if any("政府自身建设" in heading.text for heading in headings):
        return "政府工作报告"
    if title.endswith("报告"):
        return "工作报告"
    if any("人民代表大会" in line for line in block) and any(_unit_of_speaker(line) for line in block):
        return "政府工作报告"
    return _type_of_headings(opening, " ".join(heading.text for heading in headings if heading.level <= 2))


def _type_of_headings(opening: str, headings: str) -> str | None:
    """A summary looks back, names problems and plans; an experience report tells background, method and effect."""
    if "主要做法" in headings and any(word in headings for word in ("背景", "成效", "启示", "经验")):
        return "经验材料"
    looks_back = any(word in headings for word in ("总结", "回顾", "完成情况", "工作情况", "开展情况"))
    plans = any(word in headings for word in _PLAN_WORDS)
    problems = any(word in headings for word in ("问题", "不足"))
    if (looks_back and (plans or problems)) or (problems and plans and "年来" in opening):
        return "工作总结"
    return None


def _year(
    title: str,
    name: str,
    block: Sequence[str],
    opening: str,
    headings: Sequence[Heading],
    doc_type: str | None,
    lines: Sequence[str],
) -> int | None:
    if year := year_in(title):
        return year
    if doc_type == "政府工作报告":
        return _meeting_year(block) or year_in(name) or _year_after(headings, lines)
    number = next((found for line in block if (found := _DOCUMENT_NUMBER.search(line))), None)
    if number and doc_type not in _REPORTING_TYPES:
        return int(number.group(1))
    return year_in(name) or _year_reported(opening, headings, lines)


def _meeting_year(block: Sequence[str]) -> int | None:
    """The date of the meeting below the title."""
    for line in block:
        if found := re.search(r"((?:19|20)\d\d)年\d{1,2}月\d{1,2}日", line):
            return int(found.group(1))
    return None


def _year_after(headings: Sequence[Heading], lines: Sequence[str]) -> int | None:
    """From 一、2023年工作回顾 or 二、2024年主要任务: the meeting is in the year after the one reviewed."""
    top = [heading.text for heading in headings if heading.level == 1]
    for number, heading in enumerate(top):
        if found := _REVIEW.search(heading):
            return int(found.group("year")) + 1
        if found := _PLAN.search(heading):
            return int(found.group("year")) + (number == 0 and not _PLAN_ONLY.search(heading))
    return _year_of_review(headings, lines)


def _year_of_review(headings: Sequence[Heading], lines: Sequence[str]) -> int | None:
    """一、去年工作回顾, then a paragraph that begins 2005年，……"""
    first = next((heading for heading in headings if heading.level == 1), None)
    if first is None or not re.search(r"回顾|过去一年|去年", first.text) or "五年" in first.text:
        return None
    position = 0
    for line in lines:
        found = re.match(r"((?:19|20)\d\d)年(?:[，,是]|[我全])", line) if position > first.end else None
        position += len(line) + 1
        if position > first.end + 600:
            return None
        if found:
            return int(found.group(1)) + 1
    return None


def _year_reported(opening: str, headings: Sequence[Heading], lines: Sequence[str]) -> int | None:
    for heading in headings[:3]:
        if found := _REVIEW.search(heading.text):
            return int(found.group("year"))
    if found := re.search(r"(?:^|\n|。)((?:19|20)\d\d)年(?:以来|度|上半年|，|,|是|我|全)", opening):
        return int(found.group(1))
    for line in lines[-3:]:
        if (
            (found := re.match(r"^((?:19|20)\d\d)年(\d{1,2})月", line.strip()))
            and len(line) <= 14
            and int(found.group(2)) >= 10
        ):
            return int(found.group(1))
    return None


def _unit(title: str, block: Sequence[str], opening: str, lines: Sequence[str]) -> str | None:
    for unit in (
        _unit_of_title(title),
        *map(_unit_of_speaker, block),
        _unit_of_proxy(opening),
        _unit_of_meeting(block),
        _unit_of_signature(lines),
    ):
        if unit and not _MARKS.search(unit):
            return unit
    return None


def _unit_of_title(title: str) -> str | None:
    if found := _TITLE_BRACKET_UNIT.search(title):
        return found.group("unit")
    if "政府工作报告" in title:
        found = _TITLE_PLACE.search(title)
        if found:
            return _government(found.group("place"))
        return None
    found = _TITLE_UNIT.match(title)
    return found.group("unit") if found else None


def _government(place: str) -> str | None:
    place = re.sub(r"(?:人民)?政府$|^中华人民共和国(?=国务院)", "", place.replace(" ", ""))
    if place == "国务院":
        return place
    if _BARE_PLACE.match(place) or not re.search(r"[省市县区州盟旗乡镇]$", place):
        return None
    return f"{place}人民政府"


def _unit_of_speaker(line: str) -> str | None:
    found = _SPEAKER.match(line)
    return _government(found.group("place")) if found and len(line) <= 40 else None


def _unit_of_proxy(opening: str) -> str | None:
    found = _PROXY.search(opening[:400])
    return _government(found.group("unit")) if found else None


def _unit_of_meeting(block: Sequence[str]) -> str | None:
    for line in block:
        if found := _MEETING.search(line):
            return _government(found.group("place"))
    return None


def _unit_of_signature(lines: Sequence[str]) -> str | None:
    for line in lines[-3:]:
        if _SIGNATURE.match(line.strip()):
            return line.strip()
    return None
