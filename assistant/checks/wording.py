"""Words that reviewers of official documents correct again and again: easily confused pairs, doubled hedges.

Each rule gives a pattern, what is wrong, and the replacement where there is exactly one. Severity is warning: the facts
stand. Sources: 现代汉语词典 for the pairs, GB/T 15835—2011 (5.1, approximate numbers) for the hedges, else practice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.checks.prose import finding
from assistant.records import Finding, Span

_DATE = (
    r"(?:目前|当前|今日|昨日|发稿|\d{4}年|\d{1,2}月|[一二三四五六七八九十]{1,3}月|"
    r"[上下]半年|年底|月底|本月|去年|今年|上年|20)"
)
_RULES_TEXT = "制度|办法|规定|条例|细则|法规|准则|章程|标准|政策|规章|守则|规范|措施|意见"
_NUMBER = r"[\d０-９.．,，]*[\d一二三四五六七八九十百千万两]+(?:[.．点]\d+)?[万亿千百]*"
_UNITS = r"[\u4e00-\u9fff%％]{0,4}?"


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    message: str
    replacement: str | None = None


def _rule(pattern: str, message: str, replacement: str | None = None) -> _Rule:
    return _Rule(re.compile(pattern), message, replacement)


_RULES = (
    _rule(
        # “3月1日开始，截止9月20日” is right; at the head of a sentence, or before 目前 and 月底, it cannot be.
        rf"(?:(?<=[。；\n])|^)截止(?=到?{_DATE})|(?<!报名)(?<!受理)截止(?=到?{_DATE})(?!到?\d{{1,2}}月\d{{1,2}}日[，,。])",
        "表示“到某时为止”用“截至”；“截止”表示停止，后面不接时间。",
        "截至",
    ),
    _rule(
        rf"制订(?=[^。；，,]{{0,14}}(?:{_RULES_TEXT}))",
        "定下法规、制度、办法一类文件用“制定”；“制订”侧重拟订草案、计划。",
        "制定",
    ),
    _rule(
        r"做出(?=了?[^。；，,]{0,10}(?:贡献|决定|部署|安排|指示|批示|要求|决策|承诺|规定|判断|表率|成绩|努力|回应|答复|处理))",
        "与决定、部署、贡献等搭配用“作出”。",
        "作出",
    ),
    _rule(
        r"关于对[^，。；\n]{2,40}的(?:通知|通报|报告|请示|意见|批复|函|决定|方案)", "“关于”与“对”介词重复，删去“对”。"
    ),
    _rule(r"(通知|通报|报告|请示|意见|批复|方案|办法)的\1", "文种重复。"),
    _rule(r"请示报告(?=》|$|\n)|(?<=的)请示报告", "“请示”与“报告”是两个文种，不能并用。"),
    _rule(rf"(?:约|大约|大概)\s*{_NUMBER}{_UNITS}(?:左右|上下)", "“约”与“左右”重复，留一个。"),
    _rule(rf"(?:近|将近|接近|不足|约|大约)\s*{_NUMBER}{_UNITS}(?:以上|以下)", "约数词与“以上（以下）”矛盾，留一个。"),
    _rule(rf"(?:近|将近|约|大约|超过?|不足)\s*{_NUMBER}(?:余|多)(?=[\u4e00-\u9fff])", "约数词重复，留一个。"),
    _rule(
        rf"(?:超过|超|多达|至少|不少于)\s*{_NUMBER}{_UNITS}(?:以上|左右)", "“超过、至少”与“以上、左右”重复，留一个。"
    ),
    _rule(r"(?<!一)反应(?=[^。；，,]{0,6}(?:问题|诉求|情况|意见|民意|呼声))", "说明情况、提出意见用“反映”。", "反映"),
    _rule(r"截至(?=[^。；，,]{0,12}(?:结束|终止|停止))", "“截至”后面不接“结束”；表示停止用“截止”，或删去“结束”。"),
    _rule(r"切忌(?:不要|不可|不能|勿)", "“切忌”就是切实避免，后面不能再加“不可、不要”。"),
    _rule(r"目的是为了", "“目的是”与“为了”重复，留一个。"),
    _rule(r"凡是?[^。；，,]{2,24}的(?:所有|一切)", "“凡是”与“所有”重复，留一个。"),
    _rule(
        r"(?:防止|避免|杜绝|避免和防止)[^。；，,]{0,14}(?:不再|不要|不会)[^。；，,]{0,4}(?:发生|出现)",
        "“防止……不再发生”意思相反，删去“不”。",
    ),
    _rule(r"(?:依据|根据|按照|遵照)(?:并|和)?(?:依据|根据|按照|遵照)+", "介词重复，留一个。"),
    _rule(r"(?:共计|合计|总计)(?:约有|共有|约|大约)", "“共计”与“约”不能连用。"),
    _rule(r"》的(通知|通报|报告|意见|决定)》?的\1|的通知》的通知|的意见的通知》", "文种重复。"),
    _rule(r"制订(?=(?:并)?出台|印发|下发|了?《)", "已经出台印发的用“制定”。", "制定"),
    _rule(r"布署", "应写“部署”。", "部署"),
    _rule(r"其它", "公文一般写“其他”。", "其他"),
    _rule(r"(?<=[一本分自应])份内", "应写“分内”。", "分内"),
    _rule(r"帐(?=户|目|号|务|款|本|册|单)|(?<=[台对账查旧总])帐", "应写“账”。", "账"),
    _rule(r"渡过(?=[^。；，,]{0,6}(?:假|节|年|时光|一年|汛期))", "时间用“度过”。", "度过"),
    _rule(
        r"凑和|松驰|再接再励|一愁莫展|迫不急待|按步就班|谈笑风声|走头无路|穿流不息|鼎立相助|竭泽而鱼|不径而走|相形见拙|甘败下风|坐阵|震憾|防碍|幅射|急燥|峻工|渲泄|精减(?=机构|会议|文件)|松懈怠慢|贯切|督察督办|按排|即然",
        "词语有错别字。",
    ),
    _rule(
        r"(?:通过|经过)[^，。；]{2,30}，使(?=[^，。；]{2,20}(?:得到|有了|更加|明显))",
        "“通过……使……”缺少主语，删去其一。",
    ),
    _rule(r"(?:切实|进一步|不断)(?:切实|进一步|不断)", "修饰语重复。"),
    _rule(r"目前[^，。；]{0,10}(?:正在|已)[^，。；]{0,10}目前", "“目前”重复。"),
    _rule(r"减少(?:了)?(?:[一二两三四五六七八九十]|\d+)倍", "减少不能用“倍”，请改为减少几成或百分之几。"),
    _rule(
        r"(?:凯旋而归|涉及到|来自于|过分苛求|悬殊很大|亲眼目睹|免费赠送|再次重申|首当其冲(?=[^。；]{0,10}(?:任务|工作))|大约左右|并不一定必然|超过以上)",
        "语义重复或误用，请改写。",
    ),
)


def check_wording(text: str) -> list[Finding]:
    """All matches of the rules, in the order of the text."""
    found = []
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            span = Span(match.start(), match.end(), match.group())
            found.append(finding("wording", "warning", rule.message, span, rule.replacement))
    return sorted(found, key=lambda f: f.draft.start if f.draft else 0)
