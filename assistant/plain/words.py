"""Note-takers' words as written ones, and remarks of the writer to himself taken out."""

from __future__ import annotations

import re
from collections.abc import Collection

_MEETING = r"(?:(?:各类|专题|调度|推进|现场|动员|分析|协调|工作|视频|大型|民主|组织|部署|总结|碰头|联席|党组|支部)+|座谈|生活)会"
_START = r"(?:(?<=^)|(?<=[，；、：。（]))"
_MEMO = re.compile(
    r"[（(][^（）()]*(?:空着|待定|待核|会后定|再定|再补|补上|等[^（）()]{0,8}(?:批|定|通知|确认)|以后补|未定|待补|另行确定|核实|[见附][下上附]?表)"
    r"[^（）()]*[）)]"
)
_TABLE_LABEL = re.compile(
    r"(主要(?:经济)?指标|各项指标)(?:数据|情况|数字|完成情况)?(?:详)?见(?:下|上|附|后)?表[，；。：,]?"
)
_TABLE = re.compile(
    r"[，；,]?(?:具体|详细|有关|相关|各项)?(?:数字|数据|情况|指标|明细)?详?见[下上附后][表面]\d*|[，；,]?(?:数字|数据|情况|指标|明细)?详?见表\d*"
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"继续搞", "继续开展"),
        (r"继续抓(?=$|[，；。])", "继续抓好"),
        (r"搞好", "做好"),
        (r"搞(?=[\ue000-\uefff])", "实施"),
        (r"做(?=[^，。；]{2,14}(?:提升|整治|改造|治理|建设)(?:$|[，；。]))", "实施"),
        (r"搞", "开展"),
        (_START + r"弄", "做"),
        (rf"(?<![召公展放新])开(?={_MEETING})", "召开"),
        (_START + r"出(?=[^，；。、]{0,4}通报)", "印发"),
        (_START + r"出(?=(?:调研|专题|分析|评估|课题|研究)*(?:报告|简报|成果))", "形成"),
        (_START + r"发(?=(?:督查|情况|督办|工作)*(?:通报|简报|通知))", "印发"),
        (_START + r"发(?=(?:宣传)*(?:资料|传单|手册|材料|明白纸))", "发放"),
        (_START + r"(?P<what>[^，；。、\d]{2,12}?)(?<![承迎对衔连交])接(?=\d)", r"承接\g<what>"),
        (r"(?<![承迎对衔连交])接(?=\d)", "承接"),
        (r"(?<![招流])投(?=\d)", "投入"),
        (r"剩(?![余下])(?=\d)", "剩余"),
        (r"余下(?=\d)", "其余"),
        (r"用了(?=\d)", "采用"),
        (r"(?<=[，；件项起个宗])(?:在办|正在办)(?=$|[，；。])", "正在办理"),
        (
            r"(?<!由)(年初|年底|上年|去年|原来)的?(\d[\d.]*[^\d，；。到]{0,3})(?=(?:压减|增加|减少|下降|提高)到\d)",
            r"由\1\2",
        ),
        (r"城乡居民(?=[^。；]{0,16}分别)", "城镇、农村居民"),
        (r"(?<=[一-龥])比(?=\d[\d.]*[：:]\d)", "比为"),
        (r"里面(?=[一-龥])", "其中"),
        (r"没有(?=[迟漏瞒误发出造引])", "未出现"),
        (r"未出现(?=发生|出现|发现)", "未"),
        (r"全(?=兑现|办结|办复|达标|合格|完成|覆盖|部署)", "全部"),
        (r"均(?=办结|答复|办复|完成)", "均已"),
        (r"换得勤|换得快", "更换频繁"),
        (r"还是老一套", "仍较为单一"),
        (r"老一套", "较为单一"),
        (r"人手少", "人手不足"),
        (r"不够用", "不足"),
        (r"要人工", "需人工"),
        (r"(?<=工作|任务|研究|调研)少了", "偏少"),
        (r"还是(?=[少多差弱慢低高难不])", "仍然"),
        (r"还是", "仍是"),
        (r"压在(?=[^，；。]{1,8}以内)", "控制在"),
        (r"剩下(?=\d)", "剩余"),
        (r"帮着卖", "帮助销售"),
        (r"帮着", "帮助"),
        (r"(?<=[一-龥])跟不上", "跟进不及时"),
        (r"(?<![0-9])推(?=市级|县级|省级|区级|镇级|全域)", "推进"),
        (r"(?<=，)补(?=[^，。；]{0,8}短板)", "补齐"),
        (r"(?<![一-龥])管全面", "主持全面工作"),
        (_START + r"一岗双责(?=$|[，；。])", "履行一岗双责"),
        (_START + r"第一责任人职责(?=$|[，；。])", "履行第一责任人职责"),
        (_START + r"无违纪(?=$|[，；。])", "无违纪行为"),
    )
)
_SHORT_FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("固投", ("固定资产投资",)),
    ("社零", ("社会消费品零售总额", "社会消费品零售额")),
    ("高企", ("高新技术企业",)),
    ("规上工业", ("规模以上工业",)),
    ("限上服务业", ("限额以上服务业",)),
    ("营收", ("营业收入",)),
)


def drop_memos(text: str) -> str:
    """Take out what the writer noted for himself: 见下表, （期数会后定）."""
    text = _MEMO.sub("", text)
    text = _TABLE_LABEL.sub(r"\1", text)
    return _TABLE.sub("", text).strip("，；,; ")


def formal_words(text: str, known: Collection[str] = ()) -> str:
    """Written words for spoken ones.

    Args:
        text: a clause whose quoted terms are already protected.
        known: texts of the same notes; a short form is opened the way they write it.
    """
    for short, forms in _SHORT_FORMS:
        chosen = next((form for form in forms if any(form in other for other in known)), forms[0])
        text = re.sub(rf"(?<![巩稳主民私国]){short}(?![入资])", chosen, text)
    for pattern, words in _RULES:
        text = pattern.sub(words, text)
    return text
