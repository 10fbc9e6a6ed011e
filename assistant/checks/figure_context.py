"""Figures of notes and drafts with what surrounds them, and how alike two of them are in what they are about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import log

from assistant.figures import Figure, recognise
from assistant.figures.lexicon import aliases, family_of

STRONG, HEAD, WIDE, INHERITED = 1.0, 0.55, 0.3, 0.6
_DIGITS = re.compile(r"[\d.%]+|[，,。、；;：:“”\"()（）\s！？《》→\-—]+")
_FILLER = frozenset("的了和与及等为是在到至由从有共约近超达已均个全其中各一等对把将被以")


@dataclass(slots=True, eq=False)
class Item:
    """A figure in place: `line` is the 1-based note line (0 in the draft), `tokens` weigh the words it belongs to."""

    figure: Figure
    line: int
    text: str
    sentence: str
    optional: bool = False
    tokens: dict[str, float] = field(default_factory=dict)
    before: str = ""
    after: str = ""
    time: str = ""
    planned: bool = False
    heading: str = ""

    @property
    def clause(self) -> str:
        """The words between the marks , 、 ； ｜ around the figure, the figure included."""
        behind = re.split("[，,；;、。｜|]", self.after)[0]
        return re.split("[，,；;、。｜|]", self.before)[-1] + self.figure.surface + behind

    @property
    def phrase(self) -> str:
        """The words between the marks ， ； 。 around the figure, lists with 、 included."""
        behind = re.split("[，,；;。｜|]", self.after)[0]
        return re.split("[，,；;。｜|]", self.before)[-1] + self.figure.surface + behind

    @property
    def head(self) -> str:
        """The words before the colon that head the line (补贴标准（每人每月）：…), where they are no longer than a head."""
        match = re.match("([^：:]{0,29})[：:]", self.text)
        return match[1] if match else ""

    @property
    def about(self) -> str:
        """What a note says of its figure: the heading above, the head of the line, its own clause."""
        head = self.head
        if re.search(r"\d", head) and "；" in self.text[len(head) : self.figure.start]:
            head = ""  # a figure with its parts is no head of what stands behind the next semicolon
        return self.heading + head + self.clause

    @property
    def words(self) -> str:
        """The clause the figure stands in, for messages."""
        return self.figure.object


@cache
def _alias_pattern() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(short) for short, _ in aliases()))


@cache
def _alias_table() -> dict[str, str]:
    return dict(aliases())


def expand(text: str) -> str:
    """The text with clerks' abbreviations written out."""
    table = _alias_table()
    return _alias_pattern().sub(lambda m: table[m[0]], text)


def grams(text: str) -> list[str]:
    """Character pairs of the words in `text`, and single content characters."""
    result: list[str] = []
    for run in _DIGITS.split(expand(text)):
        result += [run[i : i + 2] for i in range(len(run) - 1)]
        result += [char for char in run if char not in _FILLER]
    return result


def weigh(tokens: dict[str, float], text: str, weight: float) -> None:
    """Let the words of `text` count for a figure with at least `weight`."""
    for gram in grams(text):
        amount = weight if len(gram) == 2 else weight * 0.4
        if tokens.get(gram, 0.0) < amount:
            tokens[gram] = amount


_BREAKS = re.compile(r"[。！？；;\n!?]")


def items_of(
    text: str, line: int, *, optional: bool = False, phrases: Collection[str] = (), report_year: int | None = None
) -> list[Item]:
    """All figures of one text with weighted context words."""
    figures = recognise(text, report_year=report_year, phrases=phrases)
    breaks = [m.start() for m in _BREAKS.finditer(text)] + [len(text)]
    result: list[Item] = []
    at, begin, wide = 0, 0, dict[str, float]()
    fresh = True
    last: Item | None = None
    owner: Item | None = None  # the figure before the bracket that is open: 固投2581亿（不含雄安+6.6%，第3）
    for number, figure in enumerate(figures):
        while breaks[at] < figure.start:
            begin, at, fresh = breaks[at] + 1, at + 1, True
        if fresh:
            wide = {}
            weigh(wide, _without_digits(text[begin : breaks[at]]), WIDE)
            fresh = False
        item = Item(figure, line, text, text[begin : breaks[at]], optional)
        item.before, item.after = text[max(begin, figure.start - 40) : figure.start], text[figure.end : figure.end + 30]
        if figure.object or figure.lo is not None:
            item.tokens = dict(wide)
            head = _head(text, begin, figure.start) if line else ""
            if head:
                weigh(item.tokens, head, HEAD)
            if last is None or last.figure.end < begin:
                owner = None
            else:
                between = text[last.figure.end : figure.start]
                owner = _owner(owner, last, between)
                if owner is not None and owner is not last:
                    weigh(item.tokens, owner.figure.object, INHERITED)
                other = _measure(last.figure) != _measure(figure)
                if last.figure.kind == "ord" and not between:
                    weigh(item.tokens, last.figure.surface, STRONG)  # 首批17个村
                if last.figure.raw_unit in _CLASS_UNITS and len(between) <= 8:
                    item.tokens[f"@{last.figure.lo}"] = INHERITED  # 110千伏变电站3座: the number is of the name
                if _DEPENDS.search(between) or (other and len(figure.object) <= 4 and len(between) <= 8):
                    weigh(item.tokens, last.figure.object, INHERITED)
                    if other:
                        item.tokens[f"@{last.figure.lo}"] = INHERITED
            for_what = _FOR_WHAT.match(item.after) if figure.object in _FUNDS else None
            if for_what:
                weigh(item.tokens, for_what[1], INHERITED)
            level = _level(item, result, begin)
            if level is not None:
                item.tokens[f"@{level.lo}"] = INHERITED
            weigh(item.tokens, figure.object, STRONG)
            last = item
        result.append(item)
        item.time = _time_of(figures, number, item.before)
    return result


_CLASS_UNITS = frozenset(("千伏", "伏", "英寸", "寸", "毫米", "吨级"))
_FUNDS = frozenset(("投资", "总投资", "投入", "投入资金", "筹资", "筹集资金", "争取资金", "资金", "完成投资"))
_FOR_WHAT = re.compile(r"[，,]((?:完成了?|实施了?|建设|建成|新建|改建|扩建|改造|用于|修建|打造|整治)[^，。；\d]{3,})")


def _level(item: Item, before: Sequence[Item], begin: int) -> Figure | None:
    """The amount of the same thing in the same sentence that a change is told of (金额3亿元、增8%)."""
    figure = item.figure
    if figure.role != "delta" or not figure.object:
        return None
    for other in reversed(before):
        if other.figure.start < begin:
            break
        if other.figure.object == figure.object and other.figure.role == "":
            return other.figure
    return None


def _owner(owner: Item | None, last: Item, between: str) -> Item | None:
    """Which figure the bracket belongs to that is open behind `between`, if any."""
    opened, closed = max(map(between.rfind, "（(")), max(map(between.rfind, "）)"))
    if opened > closed:
        return last if opened <= 6 else None
    return owner if closed < 0 else None


_TIME_WORD = re.compile(
    r"(?<![\d一二三四五六七八九十两几多])年内|今年|当年|去年|上年(?!同期|末|底)|全年|年度(?=内)|明年"
)


_COMPARED = re.compile(r"[”\"]?(?:末|底)?(?:相?比|的\d)")
_COMPARING = re.compile(r"(?:比|较|与|同|到|至)$")


def _time_of(figures: list[Figure], number: int, before: str) -> str:
    """Label of the period that governs the figure: the last one named before it in its sentence."""
    figure = figures[number]
    if figure.lo is None or figure.kind == "date":
        return ""
    begin = figure.start - len(before)
    label, at = "", -1
    for other in reversed(figures[max(0, number - 8) : number]):
        if other.start < begin:
            break
        if _COMPARED.match(before, other.end - begin) or _COMPARING.search(before[: max(other.start - begin, 0)]):
            continue
        if other.kind == "period" or (other.kind == "date" and other.unit == "Y"):
            label, at = ("Y" if other.kind == "date" else "") + other.label, other.start - begin
            break
        if other.kind == "date" and other.unit == "M" and len(other.label) == 3:
            month = int(other.label[1:])
            label, at = f"M{month}-{month}", other.start - begin
            break
    for match in _TIME_WORD.finditer(before):
        if match.start() > at and match[0] in ("全年", "年度"):
            label = "M1-12"
        elif match.start() > at:
            label = "今年" if match[0] == "年内" else match[0]
    return label


def _measure(figure: Figure) -> str:
    """What kind of thing the figure measures, coarsely: money, ratio, or the unit."""
    return family_of(figure.unit) if figure.unit and figure.kind == "num" else figure.kind


_DEPENDS = re.compile(r"其中|^[（(]|^[^，。；]{0,6}[（(]")


def _without_digits(text: str) -> str:
    return _DIGITS.sub("，", text)


def _head(text: str, begin: int, start: int) -> str:
    """The words before a colon that head a note line (健康扶贫：...)."""
    cut = max(text.find("：", 0, start), text.find(":", 0, start))
    return text[:cut] if 0 < cut <= 24 else ""


def mark_subjects(notes: Sequence[Item], draft: Sequence[Item]) -> None:
    """An indicator that the notes give for several subjects (甲集团产值7亿、纳税2亿；乙公司产值1亿、纳税3千万) counts with its subject.

    Args:
        notes: the figures of the notes in order; changed in place, as is `draft`.
        draft: the figures of the draft in order.
    """
    subjects: dict[str, set[str]] = defaultdict(set)
    noted = _subjects(notes)
    for item, subject in zip(notes, noted, strict=True):
        if subject:
            subjects[item.figure.object].add(subject)
    shared = {name for name, found in subjects.items() if len(found) > 1}
    if not shared:
        return
    for items, found in ((notes, noted), (draft, _subjects(draft))):
        for item, subject in zip(items, found, strict=True):
            if subject and any(name in item.figure.object or item.figure.object in name for name in shared):
                weigh(item.tokens, subject, INHERITED)


def _subjects(items: Sequence[Item]) -> list[str]:
    """For each figure with a short name of its own: the longer name before it in its sentence."""
    found = []
    subject, sentence, line = "", "", -1
    for item in items:
        if (item.sentence, item.line) != (sentence, line):
            subject, sentence, line = "", item.sentence, item.line
        name = item.figure.object
        short = 2 <= len(name) <= 4
        found.append(subject if short else "")
        if len(name) > 4:
            subject = name
    return found


class Similarity:
    """Weighted overlap of the words two figures are about; rare words of the notes count more."""

    def __init__(self, notes: Sequence[Item]) -> None:
        self.notes = notes
        counts: dict[str, int] = defaultdict(int)
        for item in notes:
            for token, weight in item.tokens.items():
                if weight >= 0.4 or len(token) == 2:
                    counts[token] += 1
        total = max(len(notes), 1)
        self.rarity = {token: log(1 + total / count) for token, count in counts.items()}
        self.unseen = log(1 + total)
        self.norms = [self._norm(item) for item in notes]
        self.index = {id(item): i for i, item in enumerate(notes)}
        self.memo: dict[tuple[int, int], float] = {}

    def _norm(self, item: Item) -> float:
        return sum(w * self.rarity.get(t, self.unseen) for t, w in item.tokens.items() if w > WIDE) or 1.0

    def __call__(self, draft: Item, note: Item) -> float:
        """Similarity in 0..1."""
        key = (id(draft), id(note))
        known = self.memo.get(key)
        if known is None:
            known = self.memo[key] = self._similar(draft, note)
        return known

    def _similar(self, draft: Item, note: Item) -> float:
        mine, theirs = draft.tokens, note.tokens
        covered_note = covered_draft = norm_draft = 0.0
        for token, weight in mine.items():
            other = theirs.get(token, 0.0)
            rarity = self.rarity.get(token, self.unseen)
            if other:
                if other > WIDE:
                    covered_note += other * rarity * (1.0 if weight > WIDE else 0.5)
                if weight > WIDE:
                    covered_draft += weight * rarity * (1.0 if other > WIDE else 0.6)
            if weight > WIDE:
                norm_draft += weight * rarity
        first = covered_note / self.norms[self.index[id(note)]]
        second = covered_draft / norm_draft if norm_draft else 0.0
        return 0.6 * min(first, 1.0) + 0.4 * min(second, 1.0)

    def contrast(self, draft: Item, for_note: Item, against: Item) -> float:
        """How much more the draft figure speaks of `for_note` than of `against`, judged by words only one of them has."""
        return self._share(draft, for_note, against) - self._share(draft, against, for_note)

    def _share(self, draft: Item, note: Item, other: Item) -> float:
        have = want = 0.0
        for token, weight in note.tokens.items():
            gap = weight - other.tokens.get(token, 0.0)
            if gap <= 0.05 or (len(token) < 2 and gap < 0.3):
                continue
            value = gap * self.rarity.get(token, self.unseen)
            want += value
            mine = draft.tokens.get(token, 0.0)
            have += value * (min(mine, 1.0) if mine > WIDE else 0.25 * mine)
        return have / want if want else 0.0
