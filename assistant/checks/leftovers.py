"""What a past report left in the draft besides figures: places, persons, projects, events and clauses of another year.

Figures, dates and document numbers of the past are the business of `fidelity`. A name counts as left over when it stands
in the past report and not in the notes; a copied clause only when it carries an event that the notes do not speak of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from assistant.checks.prose import finding, is_heading, paragraphs, sentences
from assistant.figures.lexicon import phrases
from assistant.records import Finding, PastRef, Point, Severity, Span

RUN = 12
"""Characters of a clause from which on a copy is no accident (figure specification, kind leftover)."""

_OWN_PLACE = re.compile(r"(?:^|[，。；：、“《在于对为据来全由\n])([\u4e00-\u9fff]{2})(县)(?![长级域直属城际情])")
_NOT_NAME = re.compile(
    r"[全我各本该两三四五六七八九十几多每某邻外兄弟省市县区乡镇村的和与及等在为对从到由于向把被将是有了个新老大小中东西南北上下]|贫困|城区|山区|社区|园区|景区|示范|试点|重点|先进|城市|农村|乡村|街道|县域|周边|相邻|一些|部分|"
    r"建设|经济|开发|产业|功能|核心|自治|直辖|工作|行政|样板|文明|美丽|空心|偏远|所辖|下辖|基层|强县|农业|工业|旅游|生态|文化|革命|脱贫"
)
_WORDS = re.compile(
    r"掌握|遵循|瞄定|锚定|并请|恳请|相关|同类|[千百]亿|领跑|有关|指以|增强|完善|按照|提升|聘请|推进|完成|开展|加强|今年|去年|百强|会暨|深化|健全|实施|构建|打造|优化|落实|组织|召开|成立|建立|争创|创[建成]|启动|支持|推动|"
    r"促进|获得|实现|结合|根据|通过|协助|配合|提请|报|汇报|建[成设]|新建|[改扩]建|整合|修订|制定|印发|出台|举办|参加|[列纳融进]入|代表|[成作]为|经过|发挥|畅通|规范|"
    r"明确|编制|承办|接受|聚焦|强化|统筹|提高|[做抓办]好|带动|引导|指导|督促|协调|联合|会同|邀请|鼓励|保障|确保|巩固|扩大|发展|培育|壮大|坚持|围绕|紧扣|立足|"
    r"创新|深入|全面|加快|积极|认真|严格|其他|其余|所有|以及|包括|其中|特别|尤其|连续|成功|荣获|入选|跻身|优秀|服务|覆盖|辐射|撤|设|划|援|穿|退|跨|选|强|富|穷|名|首|产|粮|林|牧|菜|果|茶|游|美|净|脱|摘|戴|达|标|验|收|检|查|考|评|督|访|访问|关于|对于|常务|综合|医共|紧密|均衡|基本|义务|教育|平安|法治|卫生|节水|双拥|模范|园林|宜居|诚信|食品|文化|体育|科技|金融|数字|智慧|绿色|低碳|无废|零碳|循环|清洁|整洁|和谐|幸福|活力|实力|魅力|品质"
)
_VISIT = re.compile(
    r"邻县|邻近|周边|考察|学习|交流|协作|对口|结对|合作|来访|帮扶|赴|前往|与|和|同|兄弟|借鉴|毗邻|接壤|外地|来自|支援|援"
)
_SURNAME = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
_TITLE = r"(?:书记|县长|区长|市长|镇长|乡长|局长|主任|部长|主席|校长|院长|所长|队长|组长|馆长|站长|董事长|总经理|会长|科长|股长|处长|秘书长|检察长|村主任|支书|同志)"
_PERSON_AFTER = re.compile(
    rf"{_TITLE}(?P<name>[{_SURNAME}][\u4e00-\u9fff]{{1,2}}?)(?=同志|的|[，。；、（）]|亲自|多次|主持|带队|带领|深入|先后|率|在|到|出席|作|对|为|和|与|等|任|被|荣|牵头|担任|先生|女士|$)"
)
_PERSON_BEFORE = re.compile(rf"(?:^|[，。；：、，])(?P<name>[{_SURNAME}][\u4e00-\u9fff]{{1,2}})(?={_TITLE})")
_PROJECT = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,6}?)(?:水库|大道|公司|集团|产业园|工业园|开发区|大桥|公园|广场|小区|灌区|水厂|电站|医院|学校|(?:中学|小学)(?![习生员会者])|合作社|片区|景区|河|湖|路|协会|科技|股份)"
)
_QUOTED = re.compile(r"“([^“”\n]{2,12})”")
_EVENTS = re.compile(
    r"疫情|新冠|抗疫|复工复产|核酸|迎接[^，。；]{0,16}(?:召开|换届)|喜迎[^，。；]{2,12}|建[党国军]\s*[一二三四五六七八九十百\d]+周?年|百年华诞|党的(?:十[六七八九]|二十)大(?:召开|胜利召开|即将)|"
    r"“?十[一二三四]五”?(?:开局|收官|规划(?:开局|收官))|脱贫攻坚(?:决战|收官|普查)|全面建成小康社会(?:决胜|收官)|人口普查|经济普查|农业普查|冬奥|换届|机构改革|党史学习教育|“?不忘初心、?牢记使命”?主题教育|群众路线教育实践|创城(?:迎检|攻坚)|国检|巡视反馈|环保督察回头看|开局之年|收官之年|决胜之年|攻坚之年|起步之年|[一二三四五六七八九十]{1,2}周年"
)
_SUBJECT = re.compile(
    r"党的(?:[十二]+[一二三四五六七八九十]*)大|[一二三四五六七八九十]+届[一二三四五六七八九十]+中全会"
)


def check_leftovers(text: str, points: Sequence[Point] = (), past: Sequence[PastRef] = ()) -> list[Finding]:
    """Names, events and slogans that came from a past report, as errors; another place than the report's own.

    Args:
        text: the report.
        points: the notes; what they name is right.
        past: whole texts of past reports; without them only the report's own place is compared.
    """
    noted = "\n".join(f"{point.text}\n{point.source}" for point in points)
    found = [*_places(text, noted, past)]
    for reference in past:
        if points:
            found += _names(text, noted, reference)
            found += _slogans(text, noted, reference)
            found += _clauses(text, noted, reference)
    return _first_of_each(found)


def _first_of_each(found: Iterable[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    for item in found:
        span = item.draft
        if span and not any(k.draft and k.draft.start < span.end and span.start < k.draft.end for k in kept):
            kept.append(item)
    return kept


# ---- places -----------------------------------------------------------------------------------------------------


def _places(text: str, noted: str, past: Sequence[PastRef]) -> Iterator[Finding]:
    """Another county than the report's own, where no visit or exchange is told of."""
    everything = "\n".join((text, noted, *(ref.text for ref in past)))
    mentions = [
        (match[1] + match[2], match.start(1), match.end(2))
        for match in _OWN_PLACE.finditer(text)
        if not _NOT_NAME.search(match[1]) and not _WORDS.search(match[1]) and _names_place(match[1], everything)
    ]
    if not mentions:
        return
    counted = Counter(name for name, _, _ in mentions)
    own = mentions[0][0] if counted[mentions[0][0]] == counted.most_common(1)[0][1] else counted.most_common(1)[0][0]
    for name, start, end in mentions:
        source = next((ref for ref in past if name in ref.text), None)
        others = name != own or (noted and source and name not in noted and re.search(r"[\u4e00-\u9fff]{2}县", noted))
        if not others or name in noted or _VISIT.search(text[max(0, start - 14) : start] + text[end : end + 14]):
            continue
        if source is None and counted[own] < 2:
            continue
        # Without a past report a county that is named once may well belong there: only a doubt.
        severity: Severity = "error" if source else "info"
        message = (
            f"“{name}”与本文的“{own}”不一致，请确认是否沿用了别处材料。"
            if name != own
            else f"“{name}”出自往年材料，要点中没有。"
        )
        yield _leftover(message, severity, Span(start, end, name), source, name)


def _names_place(word: str, text: str) -> bool:
    """Whether a word is used as a name: seldom without 县 behind it, as 推进 and 完善 mostly are."""
    return text.count(word) <= 3 * text.count(word + "县") or bool(re.search(rf"{word}县(?:人民政府|委员会)", text))


def _leftover(message: str, severity: Severity, span: Span, source: PastRef | None, words: str) -> Finding:
    past = PastRef(source.document, words) if source else None
    result = finding("leftover", severity, message, span)
    return Finding(result.kind, severity, message, draft=span, past=past)


# ---- persons and projects ---------------------------------------------------------------------------------------


def _names(text: str, noted: str, reference: PastRef) -> Iterator[Finding]:
    persons = set(_persons(text))
    for start, end in sorted({*persons, *_projects(text, reference.text)}):
        name = text[start:end]
        if name in reference.text and name not in noted and not _known(name, noted):
            # A work of the office's own that the notes leave out is a doubt; beside another of its kind it is an error.
            sure = (start, end) in persons or name[-2:] in noted
            message = f"“{name}”出自《{reference.document}》，要点中没有，请核对。"
            yield _leftover(message, "error" if sure else "warning", Span(start, end, name), reference, name)


def _persons(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_PERSON_AFTER, _PERSON_BEFORE):
        for match in pattern.finditer(text):
            yield match.span("name")


def _projects(text: str, past: str) -> Iterator[tuple[int, int]]:
    """Proper names of works, roads, firms and gardens that the past report names in the same way."""
    for match in _PROJECT.finditer(text):
        start = match.start()
        # The words before the name are cut off by what the past report has in common with the draft.
        while start < match.end("name") - 1 and text[start : match.end()] not in past:
            start += 1
        name = text[start : match.end("name")]
        if text[start : match.end()] in past and len(name) >= 2 and not _COMMON.search(name):
            yield start, match.end()


_COMMON = re.compile(
    r"[的了等是在和与及各个全有新建一二三四五六七八九十两条座处大中小型]|重点|农村|公共|城市|市政|主要|国有|龙头|上市|工业|农业|科技|信息|网络|铁路|公路|道路|高速|人民|中心|实验|职业|示范|美丽|县级|乡镇|"
    r"改造|老旧|专业|行业|农民|合作|文化|体育|休闲|口袋|湿地|森林|现代|生态|旅游|产业|投资|建设|管理|服务|党建|资源|骨干|干线|通村|通组|断头|城区|安置|平台|民办|公办|寄宿|定点|县|市|省|镇|乡|村"
)


def _known(name: str, noted: str) -> bool:
    """Whether the notes name the same thing in a shorter form."""
    return any(name[:size] in noted for size in range(3, len(name))) if len(name) > 3 else False


# ---- slogans ----------------------------------------------------------------------------------------------------


def _slogans(text: str, noted: str, reference: PastRef) -> Iterator[Finding]:
    """A quoted name of the past where the notes have a similar one of their own (“大美白沙” for “大美青禾”)."""
    own = {match[1] for match in _QUOTED.finditer(noted)}
    earlier = {match[1] for match in _QUOTED.finditer(reference.text)}
    for match in _QUOTED.finditer(text):
        name = match[1]
        if name not in earlier or name in noted or name in phrases() or len(name) < 3:
            continue
        right = next((other for other in sorted(own) if _sister(name, other) and other not in text), None)
        if right:
            message = f"“{name}”出自《{reference.document}》，要点为“{right}”。"
            yield _leftover(message, "error", Span(match.start(1), match.end(1), name), reference, name)


def _sister(one: str, other: str) -> bool:
    """Whether two names are alike in half of their characters, in place."""
    if len(one) != len(other) or one == other:
        return False
    return 2 * sum(a == b for a, b in zip(one, other, strict=True)) >= len(one)


# ---- events and copied clauses ----------------------------------------------------------------------------------


def _clauses(text: str, noted: str, reference: PastRef) -> Iterator[Finding]:
    """Copied clauses that carry an event of another year or another session than the notes name."""
    for paragraph in paragraphs(text):
        if is_heading(paragraph.content):
            continue
        for sentence in sentences(paragraph):
            for match in re.finditer(r"[^，；。：]{4,}", sentence.content):
                clause = match.group()
                telling = _EVENTS.search(clause)
                if telling is None or telling.group() in noted or _stem(telling.group(), noted):
                    continue
                copied = _copied(sentence.content, match.start(), match.end(), reference.text)
                if copied - match.start() >= RUN:
                    span = sentence.span(match.start(), copied)
                elif telling.group() in reference.text and _SUBJECT.search(noted) and _SUBJECT.search(telling.group()):
                    span = sentence.span(match.start() + telling.start(), match.start() + telling.end())
                else:
                    continue
                message = f"“{telling.group()}”出自《{reference.document}》，要点中没有提到，请确认今年仍然适用。"
                yield _leftover(message, "error", span, reference, clause)


def _copied(sentence: str, start: int, end: int, past: str) -> int:
    """Where the copy that begins with a clause ends, whole clauses at a time; `start` when it is none."""
    if sentence[start:end] not in past:
        return start
    for match in re.finditer(r"[，；：][^，；：。]+", sentence[end:]):
        if sentence[start : end + match.end()] not in past:
            return end + match.start()
    return len(sentence.rstrip("。"))


def _stem(event: str, noted: str) -> bool:
    return any(event[i : i + 2] in noted for i in range(0, max(1, len(event) - 1), 2)) if len(event) <= 4 else False
