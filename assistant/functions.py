"""What a passage does in a report, and what function a query asks for. Pure: texts in, names out.

“开头总述全年成绩的句子” shares no topic word with the sentences it looks for: where a passage stands, its heading and its
fixed phrases tell. Every function has a pattern for queries and weighted signs for passages; signs that add up to 1
make the function one of the passage's tags.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Where = Literal["head", "tail", "text", "heading", "own_heading", "first", "start", "end"]

HEAD, TAIL = 45, 70
"""Characters at the start and at the end of a passage where fixed phrases are looked for."""
WEAKEST, STRONGEST = 0.3, 1.5
"""Strengths below are not kept, strengths above count no more."""
VERSION = 2
"""Raise it when the signs change: libraries tagged by an older version are tagged anew."""
START, END = 0.06, 0.93
"""Shares of a document that count as its start and its end."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that speaks for a function, or against it (negative weight)."""

    where: Where
    weight: float
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function of passages: `asked` finds it in a query, `signs` in a passage."""

    name: str
    asked: re.Pattern[str]
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: its headings, whether it is the first below its last heading, share of the document
    before it (0-1)."""

    headings: tuple[str, ...]
    is_first: bool
    position: float


def _sign(where: Where, weight: float, pattern: str = "") -> Sign:
    return Sign(where, weight, re.compile(pattern) if pattern else None)


def _function(name: str, asked: str, *signs: Sign) -> Function:
    return Function(name, re.compile(asked), signs)


_YEARS = r"(?:过去的?|刚刚过去的?|这|即将过去的?|\d{4}年?[，、]?(?:这)?|[一二〇○零九]{4}年)"
_SPAN = r"(?:一年|五年|\d{4}年|二[〇○]..年|三年|两年|几年|时期|本届政府任期)"
_CREDIT = (
    r"(?:成绩|成就|成果|进步|变化)[^。；]{0,24}(?:是|离不开|得益于|归功于|根本在于)"
    r"[^。；]{2,80}(?:领导|关心|关怀|支持|指引|掌舵|决策)"
)
_OPENINGS = (
    r"^(?:各位代表[，,！!：:]*|同志们[，,！!：:]*)?"
    r"(?:过去的?|刚刚过去的?|\d{4}年|二[〇○]|一九|一年来|今年以来|去年|本届|“?十.五”?|五年来|全年|这一年|面对)"
)
_UNDER_LEADERSHIP = (
    r"(?:在|面对|坚持以).{0,90}(?:领导|指导|精神|形势|挑战|环境|指引)下?.{0,130}"
    r"(?:紧紧|围绕|团结|依靠|坚持|统筹|全面|胜利|圆满|较好|顺利|取得|奋力|迈出|主基调)"
)
_WELL_DONE = (
    r"极不平凡|很不平凡|不平凡|极为重要|里程碑|具有重要意义|不寻常|稳中有进|稳中求进|圆满完成|全面完成|较好(?:地)?完成"
    r"|取得了?(?:显著|明显|新的?|重大|巨大|良好)"
)
_NOT_VERSE = r"(?!坚持|加强|推进|实施|建设|完善|深化|加快|落实|强化|着力|全面|大力|积极|深入|严格|扎实|进一步|认真|不断|努力|提高|持续|加大|确保|做好|抓好|推动|促进|健全|优化|支持|鼓励|开展|建立|发展)"
_LONG_VERSE = (
    rf"(?:^|[。！!；\n“\"：])(?:各位代表[！!，])?{_NOT_VERSE}[一-鿿]{{7}}[，,]{_NOT_VERSE}[一-鿿]{{7}}[。！!；”\"]"
)
_SHORT_VERSE = (
    rf"(?:^|[。！!\n“\"：])(?:各位代表[！!，])?{_NOT_VERSE}[一-鿿]{{5}}[，,]{_NOT_VERSE}[一-鿿]{{5}}[。！!；”\"]"
)
_SAYINGS = (
    r"雄关漫道|从头越|长风破浪|乘风破浪|直挂云帆|击鼓催征|行则将至|做则必成|玉汝于成|不积跬步|千磨万击|会当凌绝顶|两岸阔"
    r"|风正(?:一帆悬|潮平|劲足)|磨砺出|功成不必在我|必作于细|空谈误国|作始也简|行百里者|道阻且长|沧海横流|众人拾柴|上下同欲|百舸争流"
    r"|不进则退|志不求易|事不避难|千帆竞发|策马扬鞭|不驰于空想|人勤春早|征途漫漫|惟有奋斗|梦虽遥|路虽远|大道至简|万山无阻"
    r"|千川汇海|水滴石穿|滴水穿石|而今迈步|踏平坎坷|无限风光|青山遮不住|敢教日月|天下为公|为政之道|治国有常|民惟邦本"
)

FUNCTIONS: tuple[Function, ...] = (
    _function(
        "opening",
        r"开头|开篇|总述|概述|综述|导语|总体情况|总的(?:来)?(?:看|说)|(?:总结|概括|总写|综述)(?:全年|一年|全面|总体|整体)|"
        r"(?:全年|一年|总体)(?:工作)?(?:成绩|成效|情况)(?:的)?(?:总|概|综)|总括",
        _sign("heading", 0.4, r"回顾|总结|工作情况|主要工作|主要成绩|成就|执行情况|完成情况|过去.年|^$"),
        _sign("own_heading", 0.2, r"回顾|总结|工作情况|发展成就|过去"),
        _sign("first", 0.45),
        _sign("start", 0.2),
        _sign("head", 0.35, _OPENINGS),
        _sign("text", 0.35, _UNDER_LEADERSHIP),
        _sign("text", 0.25, _WELL_DONE),
        _sign("text", -0.9, _CREDIT + r"|请予审议|诚挚的?感谢|衷心的?感谢|崇高的?敬意"),
        _sign("heading", -1.0, r"任务|安排|部署|打算|目标|建议|举措|谋划|问题|名词|注释|重点工作|建设$"),
        _sign("head", -0.5, r"^(?:[（(]?[一二三四五六七八九十]{1,2}[）)、是]|\d+[.、．])"),
    ),
    _function(
        "problems",
        r"问题|不足|短板|差距|(?:做|抓|落实|推进)得?(?:还)?(?:不够|不到位|不好)|没(?:有)?做到位|自我批评|检讨|困难(?!群众|职工|家庭|学生|群体|人员)|薄弱环节|弱项|毛病|缺点",
        _sign("text", 1.0, r"(?:清醒|深刻|深知|清楚|也要|必须|也(?:应)?)(?:地)?(?:看到|认识|意识|感到)"),
        _sign(
            "text",
            0.9,
            r"(?:存在|面临)(?:着|的)?(?:一些|不少|许多|诸多|较多|很多|一定)?.{0,14}(?:问题|不足|困难|差距|短板|薄弱)",
        ),
        _sign("own_heading", 1.0, r"存在|不足|困难|(?:短板|差距)$|问题(?:和|与|及)|(?:突出|主要|面临)的?问题"),
        _sign(
            "text",
            0.4,
            r"(?:不够|不强|不足|不高|滞后|偏小|偏低|较弱|不优|不大|薄弱|不到位|不平衡|不适应|乏力|有待|亟待|缺乏|短缺|尚未|还需).{0,60}(?:不够|不强|不足|不高|滞后|偏小|偏低|较弱|不优|薄弱|不到位|不平衡|不适应|有待|亟待|缺乏|尚未|还需)",
        ),
        _sign("heading", -0.4, r"任务|安排|部署|打算|目标任务"),
    ),
    _function(
        "thanks",
        r"感谢|致谢|答谢|敬意|致敬|感恩|慰问|向.{0,12}(?:表示|致以)",
        _sign("text", 1.0, r"(?:衷心|诚挚|崇高|亲切|最?真诚|由衷|深深)的?.{0,8}(?:感谢|谢意|敬意|问候|致敬)"),
        _sign("text", 0.7, r"(?:表示|致以|道一声).{0,14}(?:感谢|谢意|敬意|辛苦)|代表.{2,24}向.{4,200}(?:表示|致以)"),
    ),
    _function(
        "credit",
        r"来之不易|过渡|承上启下|承前启后|成绩(?:的)?(?:取得|归功|原因|得益)|(?:总结|说完)成绩(?:之)?后",
        _sign("text", 0.9, r"来之不易|殊为不易|实属不易|极为不易|实为不易|尤为不易|确实?(?:很)?不易|弥足珍贵|难能可贵"),
        _sign("text", 1.0, _CREDIT),
        _sign("text", 0.6, r"(?:回顾|回首|回望|总结).{0,24}(?:深切|深刻|深深)?(?:体会|认识|感到|感受)"),
    ),
    _function(
        "closing",
        r"结尾|结束语|收尾|最后一段|末尾|尾声|号召|展望|呼吁|鼓劲|鼓舞|动员|结语",
        _sign("text", 0.9, r"让我们.{0,90}(?:团结|紧密|携手|高举|万众一心|同心|以.{2,20}(?:精神|姿态))"),
        _sign(
            "text",
            0.55,
            r"(?:重任在肩|催人奋进|时代(?:潮涌|召唤)|征程|蓝图|使命(?:光荣|在肩|重大)|任重(?:而)?道远|前景(?:光明|广阔)|未来).{0,120}(?:奋斗|前进|努力|篇章|辉煌|贡献|奋进|目标)",
        ),
        _sign("end", 0.3),
        _sign(
            "tail",
            0.5,
            r"(?:而|中)?(?:努力|团结|不懈|共同)?奋斗[！!。]|新(?:的)?(?:篇章|辉煌|贡献|局面)[！!。]|谢谢大家|做出(?:新的|更大)(?:的)?贡献[！!。]",
        ),
    ),
    _function(
        "glossary",
        r"名词解释|术语|注释|注解|(?:名词|新词|概念).{0,4}(?:解释|说明|释义)|解释(?:名词|概念)|附注",
        _sign("own_heading", 0.5, r"名词解释|注释|附件|用语说明|注$"),
        _sign(
            "text",
            1.0,
            r"^\s*(?:注释?\s*)?[\[［〔【（(]?\s*\d{1,3}\s*[\]］〕】）)．.、]?\s*[“\"'‘]?[^。；]{1,40}[”\"'’]?\s*[：:]",
        ),
        _sign("text", 0.6, r"[”\"][：:，,]?(?:是指|指的是|即[：:，]|指)"),
        _sign("text", -0.6, r"让我们|各位代表"),
    ),
    _function(
        "plans",
        r"下一?步|下一?阶段|下半年|打算|工作思路|工作安排|工作计划|来年|明年|今后(?:工作)?(?:安排|打算|方向)|努力方向|改进(?:措施|方向)|整改(?:措施|方向)",
        _sign("heading", 0.7, r"下一?步|打算|思路|安排|计划|任务|部署|努力方向|今后|谋划"),
        _sign("first", 0.25),
        _sign("text", 0.5, r"(?:今年|明年|下一步|新的一年|\d{4}年).{0,30}(?:要|将|着力|重点|坚持|抓好|做好)"),
        _sign("head", 0.2, r"^.{0,30}(?:要|将|着力|持续|进一步)"),
    ),
    _function(
        "guidance",
        r"总体要求|指导思想|总要求|总体思路|总的要求|以.{2,24}为(?:指导|统领|引领|指引)|基本思路|工作总基调",
        _sign("text", 1.1, r"(?:总体要求|指导思想|总体思路|总的要求|总要求|工作总体|基本思路)(?:是|为)?[：:，]"),
        _sign("text", 0.6, r"(?:以|坚持以).{4,40}(?:为指导|为统领|为引领|为主题|为总抓手|为根本)"),
        _sign("text", 0.5, r"(?:深入|全面|认真)?(?:学习)?(?:贯彻|落实).{4,60}精神.{0,120}(?:坚持|紧扣|围绕|统筹|聚焦)"),
        _sign("own_heading", 0.4, r"总体要求|指导思想|总体思路|目标"),
    ),
    _function(
        "targets",
        r"(?:预期|奋斗|主要|发展|任务)?目标|(?:列|主要|经济|预期|约束性)指标",
        _sign("text", 1.1, r"(?:主要|预期|发展|奋斗|经济社会).{0,14}(?:预期)?目标(?:(?:任务)?(?:是|为)|[：:]|建议)"),
        _sign(
            "text",
            0.5,
            r"(?:生产总值|GDP|收入|投资|增加值|零售总额).{0,12}(?:增长|达到|完成).{0,20}[%％左右以上].{0,60}(?:增长|达到|控制在|下降)",
        ),
        _sign("own_heading", 0.5, r"目标|指标"),
        _sign("heading", -0.4, r"回顾|总结|完成情况|过去"),
    ),
    _function(
        "promises",
        r"实事|承诺(?:清单|事项)?|民生(?:工程)?(?:清单|事项)|为民办",
        _sign(
            "text",
            1.0,
            r"(?:办好|办理|实施|抓好|兴办|完成).{0,12}(?:\d+|[十二三五百几]+)?[项件类个]?.{0,6}(?:实事|民生(?:工程|项目|实事))",
        ),
        _sign("heading", 0.5, r"实事|民生工程"),
        _sign(
            "text", 0.4, r"[①②③]|[（(][1-9][）)].{6,}[（(][2-9][）)]|一是.{6,200}二是|[1-9][.、．].{6,90}[2-9][.、．]"
        ),
    ),
    _function(
        "severity",
        r"(?:形势|局面|环境).{0,6}(?:严峻|复杂|困难|不利|变化)|挑战|压力|风险(?:挑战|因素|增多)|困难(?:挑战|增多|较多|形势)|不确定|严峻",
        _sign("text", 0.9, r"(?:形势|环境|局面|局势|任务).{0,24}(?:严峻|复杂|不确定|深刻变化|艰巨)"),
        _sign(
            "text", 0.6, r"(?:困难|挑战|压力|风险|矛盾).{0,20}(?:增多|加大|增加|上升|交织|叠加|前所未有|不少|凸显|突出)"
        ),
        _sign("text", 0.4, r"(?:当前|今年|目前|放眼|综观|从国际|国际|世界|外部).{0,60}(?:挑战|困难|压力|下行|风险)"),
    ),
    _function(
        "opportunity",
        r"机遇|有利(?:条件|因素|形势)|优势(?:条件)?|利好|窗口期|大有可为",
        _sign(
            "text",
            0.9,
            r"机遇.{0,80}(?:机遇|叠加|有利)|(?:重大|重要|难得|历史性?|宝贵|战略)(?:的)?(?:发展)?机遇|机遇期|战略机遇",
        ),
        _sign("text", 0.4, r"有利(?:条件|因素|于)|前景广阔|大有可为|势头|优势"),
        _sign("head", 0.2, r"当前|今年|展望|分析|综观|纵观|从"),
    ),
    _function(
        "parallel",
        r"排比|对仗|“?(?:一年来|五年来|这一年|过去一年|几年来)[，,]?(?:我们)?(?:…|\.\.|⋯)|([一-鿿]{2,5})(?:…|\.\.|⋯)+.{0,3}\1|我们(?:…|\.\.|⋯)|气势",
        _sign("text", 1.0, r"(?:一年来|五年来|几年来|过去一年|这一年|这五年)[，,](?:我们|全|始终|坚持).{15,}"),
        _sign(
            "text",
            0.8,
            r"(?:是|我们|坚持|始终|更加)([^，。；]{2,14}).{0,30}[；;。](?:是|我们|坚持|始终|更加)[^。；]{4,60}[；;。].{0,8}(?:是|我们|坚持|始终|更加)",
        ),
    ),
    _function(
        "year_of",
        r"是…+的(?:一年|五年)|是.{0,3}(?:…|\.\.|⋯).{0,3}的.{0,3}(?:一年|五年|时期)|的(?:一年|五年)[，,]?是|是.{0,12}(?:关键|开局|收官|决胜|攻坚|起步)之年",
        _sign("text", 1.1, _YEARS + r".{0,16}(?:，|,)?(?:是|必将是).{2,60}的" + _SPAN),
        _sign("text", 0.6, r"(?:是|也是).{4,40}的" + _SPAN + r".{0,3}[，；,;、。].{0,6}(?:是|也是).{4,40}的" + _SPAN),
    ),
    _function(
        "quotation",
        r"古诗|诗词|诗句|警句|名言|典故|俗语|谚语|引用|引经据典|古语|金句",
        _sign("text", 1.0, _LONG_VERSE),
        _sign("text", 0.6, _SHORT_VERSE),
        _sign("text", 0.9, _SAYINGS),
        _sign("text", 0.8, r"(?:古人|古语|俗话|常言|诗)(?:云|说|曰|道)|有道是|正所谓"),
        _sign("head", 0.2, _LONG_VERSE + "|" + _SHORT_VERSE + "|" + _SAYINGS),
        _sign("text", -0.8, r"[\[［〔【]\d{1,3}[\]］〕】]?[“\"]?[^。；]{1,30}[：:]"),
    ),
    _function(
        "pledge",
        r"表态|责任担当|(?:勇于|敢于|主动)担当|(?:狠|抓好|加强|强化)抓?落实|抓落实|真抓实干|马上就办|担当作为|决心|誓言|承诺|庄严",
        _sign(
            "text",
            0.7,
            r"(?:责任|担当|使命).{0,60}(?:落实|实干|作为|干事)|(?:狠|真|善|严)抓落实|抓好落实|抓落实|一抓到底|说了就办|钉钉子",
        ),
        _sign(
            "text",
            0.5,
            r"(?:勇于|敢于|主动|强化|扛(?:起|牢)).{0,8}(?:担当|责任|作为|斗争)|撸起袖子|夙夜在公|不负|实干|马上就办|雷厉风行",
        ),
        _sign("heading", 0.3, r"政府自身建设|作风|落实|保障|担当"),
    ),
    _function(
        "lessons",
        r"体会|经验|启示|认识(?!到)|深刻认识|感悟|规律|心得|教训|做法.{0,3}总结",
        _sign(
            "text",
            0.9,
            r"(?:深切|深深|深刻)(?:地)?(?:体会|感受|感到|领悟|启示)|(?:启示|体会)[：:，]|(?:启示|经验|体会)(?:是|主要(?:是|有)|有)[：:，]",
        ),
        _sign(
            "text",
            0.4,
            r"(?:深刻|深切)(?:地)?认识到|有益的?启示|宝贵经验|经验(?:尤为|弥足)?(?:宝贵|珍贵)|实践(?:证明|表明|告诉)",
        ),
        _sign("text", 0.6, r"(?:必须|只有|坚持).{4,120}(?:必须|只有).{4,120}(?:必须|只有)"),
        _sign("own_heading", 0.9, r"体会|经验|启示|认识"),
        _sign("text", -0.5, r"清醒"),
    ),
    _function(
        "others",
        r"其他(?:各项)?工作|一笔带过|其它|群团|工青妇|(?:老龄|人防|气象|档案|地震|史志|外事|侨务|民族|宗教)[、，和]",
        _sign(
            "text",
            1.2,
            r"(?:(?:人防|气象|档案|地震|老龄|史志|方志|外事|侨务|民族|宗教|统计|审计|残联|妇女|儿童|双拥|工会|共青团|红十字|供销|邮政|物价|民兵|慈善|科普|社科|参事|地方志|机关事务|残疾人)[^、，。；]{0,8}[、，和与]){4,}",
        ),
    ),
    _function(
        "steps",
        r"一是.{0,3}二是|首先.{0,3}其次|分[几两二三四五六][点条]|分条|逐条|条目|几条举措",
        _sign("text", 1.0, r"一是.{8,200}二是"),
        _sign("text", 0.8, r"(?:^|[。；\n])[二三四]是"),
    ),
    _function(
        "formality",
        r"审议|开场|称呼|报告的?第一句|(?:报告|汇报|述职)(?:工作|如下)|提请|开场白",
        _sign("text", 1.2, r"请(?:予)?审议|报告如下|述职如下|汇报如下|提出意见"),
        _sign("start", 0.2),
    ),
    _function(
        "honours",
        r"荣誉|获奖|表彰|称号|(?:被|获)评为?|批示|先进(?:单位|集体|个人|县|典型)|奖项|肯定",
        _sign(
            "text",
            1.0,
            r"(?:荣获|获得|获评|被评为|被授予|获批|入选|跻身|被.{2,20}(?:评|授|列|命名)为?).{2,60}(?:称号|先进|奖|示范|模范|优秀|百强|卫生|文明|十佳|荣誉)",
        ),
        _sign("text", 0.6, r"(?:受到|得到).{2,30}(?:表彰|肯定|通报表扬|批示)|全国先进|全省先进"),
    ),
    _function(
        "figures",
        r"数据|指标完成|主要(?:经济)?指标|经济指标|列举?数字|数字",
        _sign("text", 0.8, r"(?:\d[^，。；]{0,20}(?:增长|下降|达到|完成)[^，。；]{0,16}[，；。、]?){4,}"),
        _sign(
            "text",
            0.4,
            r"(?:生产总值|财政(?:总)?收入|固定资产投资|零售总额|增加值).{0,40}\d.{0,60}(?:生产总值|财政|投资|零售|增加值|收入)",
        ),
    ),
    _function(
        "causes",
        r"原因|成因|根源|剖析|为什么",
        _sign("text", 1.0, r"(?:原因|根源|症结|主要是由于|究其原因|归结起来)"),
        _sign("text", 0.4, r"(?:由于|受).{4,40}(?:影响|因素|制约)"),
    ),
    _function(
        "integrity",
        r"廉洁|廉政|自律|反腐|清廉|党风",
        _sign("text", 0.8, r"(?:廉洁|廉政|反腐|党风廉政|清正|八项规定|四风|腐败)"),
        _sign("heading", 0.5, r"廉|党风|自身建设"),
    ),
    _function(
        "organisation",
        r"组织(?:领导|保障)|加强领导|领导小组|保障措施|责任分工|(?:明确|压实)责任|工作机制|督查|考核",
        _sign(
            "text",
            0.8,
            r"(?:加强|强化).{0,6}(?:组织领导|领导)|领导小组|责任制|(?:督查|督导|考核|问责).{0,40}(?:机制|制度|落实)|工作专班",
        ),
        _sign("heading", 0.5, r"保障|领导|组织实施"),
    ),
)


@lru_cache(maxsize=16)
def asked_functions(query: str) -> tuple[str, ...]:
    """Functions that a query of one line asks for; none for a heading with bullets, which names its topic."""
    lines = query.strip().splitlines()
    return tuple(function.name for function in FUNCTIONS if function.asked.search(query)) if len(lines) == 1 else ()


def function_strengths(text: str, place: Place) -> dict[str, float]:
    """Functions of a passage with how much speaks for each (0.3-1.5); the others are left out."""
    found = {function.name: strength(function, text, place) for function in FUNCTIONS}
    return {name: min(value, STRONGEST) for name, value in found.items() if value >= WEAKEST}


def strength(function: Function, text: str, place: Place) -> float:
    """How much speaks for a function; 1 is a clear case."""
    return sum(sign.weight for sign in function.signs if _holds(sign, text, place))


def _holds(sign: Sign, text: str, place: Place) -> bool:
    if sign.where == "first":
        return place.is_first
    if sign.where == "start":
        return place.position <= START
    if sign.where == "end":
        return place.position >= END
    return bool(sign.pattern and sign.pattern.search(_part(sign.where, text, place)))


def _part(where: Where, text: str, place: Place) -> str:
    if where == "heading":
        return "\n".join(place.headings)
    return {"head": text[:HEAD], "tail": text[-TAIL:], "text": text}.get(where, "".join(place.headings[-1:]))


def places(spans: Sequence[tuple[int, tuple[str, ...]]], length: int) -> list[Place]:
    """Places of a document's passages, given as (start, heading path) in their order."""
    found: list[Place] = []
    before: tuple[str, ...] | None = None
    for start, path in spans:
        found.append(Place(path, path != before, start / max(1, length)))
        before = path
    return found
