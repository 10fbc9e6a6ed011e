"""Status inflation against the notes: what is planned, discussed or under way there and finished in the draft.

A word of completion in the draft (已出台, 竣工, 荣获, 全部完工) is an error when the note it belongs to speaks of the same
matter with a word of an earlier stage (拟, 在建, 完成八成, 初步意向) and with no word that says as much as the draft does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.checks.prose import Stretch, finding, is_heading, paragraphs, sentences
from assistant.records import Finding, NoteRef, Point

ABOUT = 0.3
"""Share of the shorter side's word pairs that a sentence and a note must have in common to be about one matter."""


@dataclass(frozen=True, slots=True)
class _Deed:
    """A kind of completion: how a draft claims it, and what in a note bears the claim out."""

    claim: re.Pattern[str]
    proof: re.Pattern[str]
    early: re.Pattern[str]

    def behind(self, clause: str) -> bool:
        """Whether a clause of the note tells a stage before this one."""
        return bool(_EARLIER.search(clause) or self.early.search(clause))

    def borne_out(self, clause: str) -> bool:
        """Whether a clause of the note says as much, with no word of an earlier stage beside it."""
        return bool(self.proof.search(clause)) and not self.behind(clause)


def _deed(claim: str, proof: str, early: str = "(?!)") -> _Deed:
    return _Deed(re.compile(claim), re.compile(proof), re.compile(early))


_DONE = r"(?:已经?|均已|已全部|全部|全面|如期|顺利|成功|正式)"
_FINISHED = r"竣工|完工|建成|投用|投入使用|投入运营|投入运行|通车|开园|开馆|启用|交付|验收|投产(?!后|年|可)|达产(?!后|年|可)|满产|运营|运行|开放|搬迁|入住|完成(?!后|招标|立项|前期|可研|选址|征|设计|主体|基础)|落成"
_UNDERWAY = r"(?:开工(?!率)|动工|奠基|招标|立项|可研|封顶|进场|打桩|主体|启动|签约)(?![^，。；]{0,3}的)"
_DEEDS = (
    _deed(
        rf"{_DONE}?(?:竣工|完工|建成(?!后)|投入使用|投入运营|投入运行|通车(?!后)|投用|交付使用|落成|通过(?:竣工|省级|市级|国家)?验收|满负荷生产|投产(?!后)|达产(?!后|年|可)|启用)",
        _FINISHED,
        _UNDERWAY,
    ),
    _deed(
        r"完成了?(?=[\u4e00-\u9fff])(?![一二三四五六七八九]成|率|后|投资|产值|税|年度|全年|目标|任务|总量|征求|初稿|招标|立项|[^，。]{0,8}\d)",
        r"完成|已|完(?!善|整)|结束|到位|都|全部",
        r"启动|动员|摸底|开始",
    ),
    _deed(
        rf"(?:{_DONE})(?:圆满)?(?:完成|落实|实现|落地|办结|销号|化解|消除|解决|整改到位|整改完成|兑现)",
        r"完成(?!率)|已完|落地|办结|销号|化解完|解决|到位|全部|都|均|完毕|清零|兑现|100%|百分之百|[改落]完",
    ),
    _deed(
        rf"(?:{_DONE}|予以|，)?(?:出台|颁布|印发|发布|颁布实施|公布)(?:了|实施|施行)?",
        r"(?<!拟)(?<!将)(?:出台|颁布|印发|发布|下发|实施|施行|公布)",
    ),
    _deed(
        r"(?:荣获|获评|获得|被评为|被授予|被命名为|被认定为|入选|摘得|夺得|斩获|跻身|成功创建|创建成功|成功创成|创成|成功入围|被?列为|确定为|升格为|晋升为|获批|成功申报|通过认定)",
        r"荣获|获(?!取)|被评|评为|授予|命名|认定|入选|摘|夺|创成|创建成功|成功|列入|入围|上榜|表彰|第[一二三\d]名|奖",
    ),
    _deed(
        r"(?:签订了?|签署了?|签约(?!率)|达成了?(?!初步|意向)[^，。]{0,6}协议|成功引进|引进了|正式落户|成功落户|落户)",
        r"签了?(?:订|署|约|下|合同|协议)|签(?!约意向)|落户|引进(?!中)",
    ),
    _deed(
        r"(?:审议通过了?|研究决定|会议决定|决定(?=[对将在由于从把实启建成给])|一致同意|批准了?|获得批复|批复同意|正式获批|研究通过)",
        r"审议通过|通过|决定|同意|批准|批复|获批|定了|敲定",
    ),
    _deed(
        r"(?:全面胜利|圆满成功|圆满收官|圆满完成|彻底(?:解决|根治|消除|扭转)|全面完成|根本(?:性)?(?:扭转|好转|解决)|全面消除|全部消除|全面建成|全面实现)",
        r"全面|圆满|彻底|根本|全部|清零|收官|胜利|完成任务|都|均",
    ),
    _deed(
        r"(?:全面|已|全部|正式|全线)(?:启动|开工|动工|开通|上线|推开|铺开|实施|运行|推广)",
        r"启动|开工|动工|开通|上线|推开|铺开|实施|运行|推广|进场|施工|在建",
    ),
    _deed(r"(?:新增|新建成|已建|建成)(?=[^，。；]{0,12}\d)", r"新增|新建|建成|已建|完成|改造了|建了|投用|开放|已"),
    _deed(
        r"(?:开工建设|破土动工|动工兴建|开工(?!率|仪式|项目|前)|正式启动|挂牌运营|正式运营|全面推开|全面推广|全域推广|全覆盖|结案|办结(?!率)|销号(?!率)|整改到位|脱贫摘帽|清零|退出)",
        r"开工|动工|启动|推开|推广|全覆盖|结案|办结|销号|到位|清零|退出|摘帽|全部|都|均|100%|[改办]完|施工|在建",
        r"招标|立项|可研|选址|前期|征地|设计",
    ),
    _deed(
        r"(?:已经?|均已|全部|成功|顺利|圆满|正式|如期)(?!在|向|将|于|对|被|由|连续|达|有|有|成为|纳入)[\u4e00-\u9fff]{2}",
        r"已|都|均|全部|完(?!善|整)|过了|成功|顺利|到位|落地|成了|[了](?=\d|$)",
    ),
    _deed(r"(?:设立了|成立了|组建了|建立了|挂牌成立|正式挂牌)", r"设立|成立|组建|建立|挂牌|建了|已建"),
)
_EARLIER = re.compile(
    r"拟(?![定制合])|(?<![占超较比度技划展动生定成入])计划(?!完成|执行|生育|内|单列)|规划(?=新|建|[^，。；]{0,4}\d)|打算|准备|预计|争取|力争|目标是|申报|申请|推荐|参评|候选|创建中|筹备|筹建|谋划|论证|意向|"
    r"洽谈|在谈|对接中|谈(?=了|判)|协商|商议|讨论|酝酿|征求|征集意见|送审|审查|报批|(?<![接招等对优期])待(?!遇)|等[^，。；]{0,8}(?:审|批|定|后)|起草|编制中|"
    r"在建|在编|在审|在论证|在办|在改|正在?(?=[建推改办调编审施装做开进整筹争])|建设中|施工中|调试|试运行|试生产|推进中|进行中|办理中|整改中|还在|还没|尚未|尚在|未(?=完|验|批|建|定|到|通)|没(?!收)|"
    r"完成了?(?:投资|工程量|进度)?(?:[一二三四五六七八九]成|\d{1,2}(?:\.\d+)?%)|[一二三四五六七八九]成(?![立果效本员就为品功长交都])|(?:进度|完成|任务|工程)[^，。；占]{0,4}(?:过半|大半|一半)|还剩|剩\d|主体(?:封顶|完工|施工)|初步|阶段性|明年|下一?步|年底前|月底前|后续|还要|还差|有望|原则上|有意|口头|走[^，]{0,4}(?:程序|流程)|(?:招标|招投标|前期|征地|拆迁|审批|立项|可研|选址|设计|装修|安装|评审|公示|验收|试用|内测|排练|制作|考察|接触|协调|研究|排查|复核|审核|核查|调查|修改|完善|储备|培育|报名|签约|化解|整治|改造|建设|施工)(?:中|阶段|环节|当中)|正(?!式|常|面|规|确|值|风|能|职|科|处)[^，。；、]{1,4}|在[^，。；、]{0,3}(?:[办谈建改走报审编修查跑推争]|装修|施工|招标)(?![公室])|试(?:营业|生产|运营|运行|用)|意见稿|草案|初稿|看情况|接近尾声|收尾"
)
_HEDGED = re.compile(
    r"拟|计划|规划(?=新|建|[^，。；]{0,4}\d|$)|谋划|将(?!军)|力争|争取|预计|确保|正在?|推动|目标|加快|推进|促进|尽快|有望|(?<![接招等对优期])待(?!遇)|若|如果|后|即将|年底前|月底前|明年|下一?步|申报|创建中|为[^，。；]{0,8}(?:打下|奠定)|完成率|尚未|未|没有|不(?!断|仅|少|久|动产)|基本|阶段性|初步|部分|主体|除|其余"
)
_PLANNING = re.compile(r"打算|下一?步|明年|计划|安排|目标|今后|思路|建议")
_INTENDED = re.compile(
    r"拟(?![定制合])|(?<![占超较比度技划展动生定成入])计划(?!完成|执行|生育|内|单列)|预计|力争|争取|打算|准备|有望"
)
_AMOUNT = re.compile(r"\d+(?:\.\d+)?(?:万|亿)?(?:余|多)?[\u4e00-\u9fff%]")
_STAGE = re.compile(r"了?(?:征求|意见|起草|论证|评审|审查|初稿|选址|前期|可研|立项|方案|编制|设计|招标|备案|申报)")
_BIGRAM = re.compile(r"[\u4e00-\u9fffA-Za-z]+")
_CLAUSES = re.compile(r"[，；。,;、（）()]")
_EMPTY = re.compile(
    r"完成|实现|建成|已经|全部|全面|项目|工作|工程|建设|我局|我县|全县|全市|全区|今年|全年|目前|任务|进行|开展"
)


def check_status(text: str, points: Sequence[Point]) -> list[Finding]:
    """One error per claim of completion that the notes do not go as far as.

    Args:
        text: the report.
        points: the notes; without any, nothing is said.
    """
    if not points:
        return []
    findings = []
    planning = False
    for paragraph in paragraphs(text):
        if is_heading(paragraph.content):
            planning = bool(_PLANNING.search(paragraph.content))
        if is_heading(paragraph.content) or planning or _PLANNING.search(paragraph.content[:12]):
            continue
        for sentence in sentences(paragraph):
            findings += _in_sentence(sentence, points)
    return findings


def _in_sentence(sentence: Stretch, points: Sequence[Point]) -> list[Finding]:
    note = _note_of(sentence.content, points)
    if note is None:
        return []
    found: list[Finding] = []
    for start, end, clause in _claims(sentence.content):
        claim = sentence.content[start:end]
        unfinished = _unfinished(note.text, clause)
        if not unfinished or any(f.draft and f.draft.start < sentence.start + end for f in found):
            continue
        message = f"要点写的是“{unfinished}”，此处写成“{claim}”，进展被拔高，请按要点改写。"
        span = sentence.span(start, end)
        result = finding("basis", "error", message, span)
        found.append(replace(result, note=NoteRef(note.line, note.source or note.text)))
    return found or list(_intended(sentence, note))


def _intended(sentence: Stretch, note: Point) -> Iterator[Finding]:
    """Amounts that the note only intends (力争突破600万人次) and a sentence without any such word states."""
    if _HEDGED.search(sentence.content) or _INTENDED.search(sentence.content):
        return
    for clause in re.split(r"[，,；;。、]", note.text):
        word = _INTENDED.search(clause)
        amounts = _AMOUNT.findall(clause[word.end() :]) if word else []
        again = [amount for amount in amounts if note.text.count(amount) == 1 and sentence.content.count(amount) == 1]
        for amount in again:
            at = sentence.content.index(amount)
            if sentence.content[max(0, at - 1) : at].isdigit() or "." in sentence.content[max(0, at - 1) : at]:
                continue
            message = f"要点写的是“{clause.strip()}”，此处写成已经实现，请按要点改写。"
            span = sentence.span(at, at + len(amount))
            result = finding("basis", "error", message, span)
            yield replace(result, note=NoteRef(note.line, note.source or note.text))


def _claims(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Claims of completion with their clauses that no word of the clause takes back."""
    position = 0
    for clause in re.split(r"(?<=[，；,;：])", sentence):
        for deed in _DEEDS:
            match = deed.claim.search(clause)
            if match and not _taken_back(clause, match):
                yield position + match.start(), position + match.end(), clause
                break
        position += len(clause)


def _taken_back(clause: str, match: re.Match[str]) -> bool:
    """Whether the clause hedges its claim, or finishes no more than an early stage (完成征求意见)."""
    behind = clause[match.end() :]
    return bool(_HEDGED.search(clause[: match.start()]) or _HEDGED.match(behind) or _STAGE.match(behind))


def _unfinished(note: str, clause: str) -> str:
    """The part of the note that tells an earlier stage of what the clause claims, "" when the note bears it out."""
    matches = [(deed, match) for deed in _DEEDS if (match := deed.claim.search(clause))]
    deeds = [deed for deed, _ in matches]
    for deed, match in matches:
        said = [c for c in re.split(r"[，,、；;。]", note) if match.group().rstrip("了")[-2:] in c]
        if said and all(deed.behind(c) for c in said) and any(_pairs(c) & _pairs(clause) for c in said):
            return said[0].strip()
    parts = [part for part in re.split(r"[；;。]", note) if part.strip()]
    scored = sorted(parts, key=lambda part: -len(_pairs(part) & _pairs(clause)))
    part = scored[0] if scored else note
    if len(parts) > 1 and not _pairs(part) & _pairs(clause):
        part = note
    clauses = [c for c in re.split(r"[，,、]", part) if c]
    stages = [c for c in clauses if any(deed.behind(c) for deed in deeds)]
    if not stages or any(deed.borne_out(c) for c in clauses for deed in deeds):
        return ""
    # An earlier stage of another thing in the same note does not speak of this one.
    own = [c for c in stages if _pairs(c) & _pairs(clause)] or (stages if len(clauses) <= 3 else [])
    return own[0].strip() if own else ""


def _note_of(sentence: str, points: Sequence[Point]) -> Point | None:
    """The note that a sentence is about: most word pairs and numbers in common, and enough of them."""
    pairs, numbers = _pairs(sentence), set(re.findall(r"\d+(?:\.\d+)?", sentence))

    def shared(point: Point) -> float:
        theirs = _pairs(point.text)
        common = len(pairs & theirs) / max(1, min(len(pairs), len(theirs)))
        mine = set(re.findall(r"\d+(?:\.\d+)?", point.text))
        return common + 0.3 * len(numbers & mine) / max(1, min(len(numbers), len(mine)))

    best = max(points, key=shared)
    return best if shared(best) >= ABOUT else None


def _pairs(text: str) -> set[str]:
    return {run[i : i + 2] for run in _BIGRAM.findall(_EMPTY.sub("，", text)) for i in range(len(run) - 1)}
