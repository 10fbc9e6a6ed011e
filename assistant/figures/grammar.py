"""Regular expressions of the figure grammar, over normalised text."""

from __future__ import annotations

import re

from assistant.figures import lexicon

CN_DIGIT = "零一二三四五六七八九两"
CN = CN_DIGIT + "十百千万亿廿卅"
_Y = r"(?:19|20)\d\d"
_DASH = r"(?:—{1,2}|–|-|~|～|至|到|―)"
_CNY = "[一二][零九八][零一二三四五六七八九]{2}"

# Where a mention can start. One search per candidate; everything else is skipped at the speed of `re`.
START = re.compile(
    r"\d|[零一二两三四五六七八九十廿卅]|[百千万](?=分之)|(?<=[近上数几过逾超余破])[百千万亿](?!分)|[百千](?=[余多万])|万(?=[余多亿])|(?<![\d一二三四五六七八九十几数百千万])[百千万亿](?=[亿万]?元以上)"
    r"|半(?=年|个|数|月|小|天)|一半|大半|多半|[翻过](?=一番|两番|三番|[了\dN]|番|半)|[数几](?=[十百千万亿]|[家次个件名项人万])"
    r"|首(?=位|批)|前(?=[\d一二三四五六七八九十])|上半年|下半年|第(?=[\d一二三四五六七八九十])|[若多](?=干|[次场家名个])"
    r"|对半|大半|[年月]均|壹|贰|叁|肆(?=[佰仟拾])|伍(?=[佰仟拾])|陆(?=[佰仟拾])|柒|捌|玖|俩(?=月|人|小时)"
)

DATE = re.compile(
    rf"(?P<y>{_Y}|{_CNY})年(?:(?P<m>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月"
    r"(?:(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})日|(?P<part>上旬|中旬|下旬|底|初|末)|份)?"
    r"|(?P<ypart>底|初|末(?!位)))?(?!度)"
)
ISO = re.compile(rf"(?P<y>{_Y})(?P<s>[-./])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>0?[1-9]|[12]\d|3[01])(?![\d.]|[十百千万亿%])")
MONTH_DAY = re.compile(
    r"(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})月(?:(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})日|(?P<part>上旬|中旬|下旬|底|初|末)|份)"
)
MONTH_DAY_RANGE = re.compile(rf"(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日?{_DASH}(?:(?P<m2>\d{{1,2}})月)?(?P<d2>\d{{1,2}})日")
YEAR_RANGE = re.compile(rf"(?P<y>{_Y})年?(?:{_DASH})(?P<y2>{_Y}|\d\d(?=年))年?(?:期间)?")
MONTH_RANGE = re.compile(rf"(?P<m>\d{{1,2}})月?(?:份)?{_DASH}(?P<m2>\d{{1,2}})月(?:份)?(?!\d)")
MONTH_ONLY = re.compile(r"(?P<m>1[0-2]|[1-9])月(?!\d)")
CLOCK = re.compile(r"\d{1,2}[:：]\d{2}(?::\d{2})?|\d{1,2}时\d{2}分|\d{1,2}点(?:\d{1,2}分|半|钟)")
QUARTER = re.compile(r"(?:第)?([一二三四1234])季度(?:末)?|前([二三两23])个?季度|([上下]半年)")
RECENT = re.compile(r"([一二两三四五六七八九十\d]{1,2})年(?:多?来|间|以来|期间|中(?![间期央心小]))")
PLAIN_YEARS = re.compile(r"([一二两三四五六七八九十]|1?\d)年(?![级度制期份限级])")

RECENT_BARE = re.compile(r"([一二两三四五六七八九十\d]{1,2})(?:个)?(?:年|月|周|天)(?!级|度)")
HALF = re.compile(r"过半|大半|多半|超半数|一半|半数|对半|近半数")
KNOWN_CODE = re.compile(r"(?:13710|12345|12315|12388|12348|12333|12366|12369)(?![\d.]|[十百千万亿余多%]|[人件个条项次户元吨亩家名起])|(?:110|119|120|122)(?=报警|急救|指挥|接处警|警情|平台|联动)|(?:211|985)(?=高校|工程|院校|大学|、)")

PHONE = re.compile(r"(?:0\d{2,3}-\d{7,8}|1[3-9]\d{9}|\d{17}[\dXx]|400-?\d{3}-?\d{4})(?!\d)")
LETTER_CODE = re.compile(r"(?<![A-Za-z])(?!GDP|CPI|PPI|FDI|IPO|LNG|VOC|AQI)[A-Za-z]{1,4}-?\d+(?:\.\d+)?[A-Za-z]?(?![\d%万亿])")
CODE_AFTER = re.compile(r"\d+(?:\.\d+)?[A-Z]+(?:级|网络|基站)?(?![a-z])")
PLUS_CODE = re.compile(r"[\dA-Za-zNX]+(?:\+[\dA-Za-zNX]+){1,4}")
HOTLINE = re.compile(r"\d{3,6}(?=(?:便民|政务服务|政府服务|市民|服务|举报|监督|投诉)*(?:热线|专线|电话|平台|工作制度|工作法|模式|机制|行动))")
STRONG_LIST = re.compile(r"(?:\d+|[一二三五十百千]+)强")
ROAD = re.compile(r"\d+(?:国道|省道|线(?![下上索条])|路公交|路(?!径))|\d+号(?:机组|线|楼|文件|决议|令|院|地块|公告|路|井|台风|桥)")

DOCNUM = re.compile(
    rf"(?P<issuer>[一-鿿]{{0,10}}?)[〔\[【(](?P<y>{_Y})[〕\]】)]\s?(?:第)?(?P<n>\d{{1,5}})号"
)

ARABIC = re.compile(r"(\d+(?:\.\d+)?)([余多几])?([十百千万亿]{0,3})(?:(?<=[亿万千])零?(\d+(?:\.\d+)?)([余多])?(千万|百万|万|千|百)([余多])?(万)?)?([余多])?")
CHINESE = re.compile(rf"([{CN}]+(?:点[{CN_DIGIT}]+)?)([余多几])?([十百千万亿]*)([余多])?")
OPEN_CHINESE = re.compile(r"([数几上近过])?([十百千万亿]{1,3})([余多])?")
RANGE_SEP = re.compile(r"—{1,2}|–|-|~|～|至|到|―|、(?=\d+(?:\.\d+)?%之间)")
PERCENT_CN = re.compile(
    rf"(百|千|万)分之((?:[{CN}]+(?:点[{CN_DIGIT}]+)?)|\d+(?:\.\d+)?)([余多几])?(?:(?:到|至)(?:\1分之)?([{CN}]+(?:点[{CN_DIGIT}]+)?|\d+(?:\.\d+)?))?"
)
FRACTION_CN = re.compile(rf"([{CN}]+)分之([{CN}]+)")
FRACTION = re.compile(r"(\d{1,3})/(\d{1,4})(?![\d/年月.])")
TENTHS = re.compile(
    r"([一二两三四五六七八九]|\d)(至|到|—|-)?([二三四五六七八九]|\d)?成(?!功|为|立|员|果|效|绩|长|本|都|品|熟|就|交|年|人|型|片|套|线|群|份|建|武|安|渝|语|因|对)([一二三四五六七八九半])?"
)
DISCOUNT = re.compile(r"([一二三四五六七八九][一二三四五六七八九]?|\d(?:\.\d)?)折(?![叠扣射线旧合腾])")
TURNS = re.compile(rf"翻(?:了)?([{CN}\d]+)?番")
ORDINAL = re.compile(rf"第([{CN}]+|\d+)")
TOPK = re.compile(rf"前([一二三四五六七八九十]{{1,3}}|\d{{1,4}})(名|位|强|甲|列|(?=[，。；、\s)]|$))")

_UNIT_WORDS = sorted(lexicon.units(), key=len, reverse=True)
UNIT = re.compile(lexicon.trie_pattern(_UNIT_WORDS))
UNIT_PER = re.compile(r"(?:每|/|／)(?:" + lexicon.trie_pattern([*_UNIT_WORDS, "千人", "万人", "百人", "月", "平方公里", "斤"]) + ")")
APPROX_AFTER = re.compile(r"(多|余|有余|之多|以上|以下|以内|之内|左右|上下|许(?!可|多)|及以上|及以下|开外)")
APPROX_BEFORE = re.compile(
    r"(将近|接近|不足|不到|未满|不满|超过了?|突破了?|超出|高达|多达|至少|不少于|不低于|不超过|不高于|不多于|至多|最多|大约|约为|近|逾|超|约|过|破|大于|低于|少于|多于|高于|上)"
    r"(?:达到|到|了|共|在|为)?$"
)
SIGN_BEFORE = re.compile(r"(?:^|[^\dA-Za-z%)])([+-])$")

APPROX_WORD = {
    "近": "LT", "将近": "LT", "接近": "LT", "不足": "LT", "不到": "LT", "未满": "LT", "不满": "LT", "低于": "LT", "少于": "LT",
    "余": "GT", "多": "GT", "逾": "GT", "超": "GT", "超过": "GT", "超过了": "GT", "突破": "GT", "突破了": "GT", "超出": "GT",
    "过": "GT", "破": "GT", "大于": "GT", "高于": "GT", "多于": "GT", "有余": "GT", "之多": "EQ", "高达": "EQ", "多达": "EQ", "开外": "GT",
    "以上": "GE", "及以上": "GE", "至少": "GE", "不少于": "GE", "不低于": "GE", "上": "GE",
    "以下": "LE", "及以下": "LE", "以内": "LE", "之内": "LE", "不超过": "LE", "不高于": "LE", "不多于": "LE", "至多": "LE", "最多": "LE",
    "约": "AB", "大约": "AB", "约为": "AB", "左右": "AB", "上下": "AB", "许": "AB", "来": "AB",
}  # fmt: skip

# Measure words that follow a single Chinese digit in words and names rather than in figures (五星级, 四国, 三线).
WEAK_AFTER_DIGIT = frozenset("级 档 国 省 市 县 区 州 角 分 里 度 号 楼 层 路 线 站 口 片 队 方 块 星级 手 字 升 天 周 期 首 套 员 位次 票 科 门 本 部 尾 羽 站 名次 度电 对 双 张 t g m W".split())
INDEFINITE_ONE = re.compile(r"一[个批支条项件家名位种次场座处份类套张部本篇口双对组间块所头台]")
ENUM_LINE = re.compile(r"(?m)^[ \t　]*(?:(\d{1,2})[.、．](?!\d)|(\d{1,2})[.](?=\d)|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|第[一二三四五六七八九十]{1,3}[章节条部分]*[，、 ])")
ENUM_INLINE = re.compile(
    r"(?:(?<=[。；：，,;\s“(])|(?<=^))(?:[一二三四五六七八九十](?:是|要|则|抓|在(?=[^座]))|第[一二三四五六七八九十][，,、：:]|其[一二三四五六][，,：:是、]|[一二三四五六七八九十]、|\([一二三四五六七八九十\d]{1,2}\))"
)
QUOTED = re.compile(r"[“\"‘「《]([^“”\"‘’「」《》\n。]{1,24})[”\"’」》]")
ROMAN_ENUM = re.compile(r"[①-⑳㈠-㈩⑴-⒇]")

RANK_BEFORE = re.compile(r"(?:全国|全省|全市|全县|全区|全球|世界|排名|位列|位居|位次|中部|居)(?:排名?)?第?$")
RANK_BEHIND = frozenset(("", ")", "）", "，", "。", "；", "、", "/", "\n", " ", "｜", "|"))
