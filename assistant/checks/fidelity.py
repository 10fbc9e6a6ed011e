"""Every figure of a draft against the writer's notes: altered, swapped, invented, dropped, left over from a past report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from assistant.checks.alignment import Alignment, align
from assistant.checks.arithmetic import disagreements, explain, nearby
from assistant.checks.fidelity_labels import Sides, check_labels
from assistant.checks.fidelity_support import RANKED, SHARED, Support
from assistant.checks.fidelity_swaps import swapped_pairs
from assistant.checks.figure_context import Item, Similarity, items_of, mark_subjects
from assistant.checks.listings import declares, listing, lists_as_many
from assistant.checks.note_tables import mark_heads, mark_units
from assistant.checks.options import CheckOptions
from assistant.checks.pair import Pair
from assistant.checks.values import CHECKED, rounds_to, same_scale_slip, value_class, value_key
from assistant.checks.verdicts import judge
from assistant.figures import Figure
from assistant.records import Finding, NoteRef, PastRef, Point, Severity, Span


def check_fidelity(
    draft: str, points: Sequence[Point], past: Sequence[PastRef] = (), options: CheckOptions = CheckOptions()
) -> list[Finding]:
    """Findings on the figures of `draft`, judged by the notes and, for leftovers, by past texts.

    Args:
        draft: the text to check; spans of the findings are offsets into it.
        points: the writer's notes.
        past: whole past texts that the draft may have been modelled on.
        options: policies; see CheckOptions.
    """
    return _Check(draft, points, past, options).run()


def _checked(items: Sequence[Item]) -> list[Item]:
    return [
        item for item in items if item.figure.kind in CHECKED and item.figure.checkable and item.figure.lo is not None
    ]


_CLAIMING = (
    "大",
    "类",
    "方面",
    "块",
    "道",
    "板块",
)  # measure words of headings: a claim about the text, not a count of things
# How a draft says that there was none (事故0起: 没有发生事故).
_NONE = re.compile(r"没有|未发生|无(?!障碍|线|人机|偿)|零(?!售|工|件|部|星)|杜绝")
_ALL = re.compile(r"全部|全覆盖|全面覆盖|应.尽|全数|悉数|不漏|无一|一律|所有|件件|户户|人人|均已|零遗漏")


_ANNOUNCED = re.compile(r"(?:合计|共计|之和|相加)|[^，。；：:（(]{0,8}(?:[（(][^）)]*[）)])?[：:]")


def _announces(note: Item) -> bool:
    """Whether a figure of the notes only says how many the line goes on to list (两项补贴：生活补贴…，护理补贴…)."""
    figure = note.figure
    if not declares(figure):
        return False
    return _ANNOUNCED.match(note.text, figure.end) is not None


def _same_mention(one: Item, other: Item) -> bool:
    """Whether two figures of the notes state one value of one thing; those of a line (校长10、工作室10个) by their names."""
    if value_key(one.figure) != value_key(other.figure):
        return False
    a, b = one.figure.object, other.figure.object
    return one.line != other.line or not a or not b or any(a[i : i + 2] in b for i in range(len(a) - 1))


def _counts_of(figure: Figure) -> frozenset[Fraction]:
    """The two counts of a fraction written with a stroke: 412/415."""
    if "/" not in figure.surface:
        return frozenset()
    return frozenset(Fraction(part) for part in figure.digits.split("/"))


class _Check:
    """One run: reads the three sides, aligns them and collects findings."""

    def __init__(self, draft: str, points: Sequence[Point], past: Sequence[PastRef], options: CheckOptions) -> None:
        self.options = options
        slogans: set[str] = set(options.phrases)
        self.all_notes = [
            item
            for point in points
            for item in items_of(point.text, point.line, optional=point.optional, phrases=slogans)
        ]
        mark_heads(points, self.all_notes)
        self.all_draft = items_of(draft, 0, phrases=slogans)
        mark_units(points, self.all_notes, self.all_draft)
        self.all_past = [item for number, ref in enumerate(past, 1) for item in items_of(ref.text, number)]
        self.past = past
        mark_subjects(self.all_notes, self.all_draft)
        self.notes, self.draft = _checked(self.all_notes), _checked(self.all_draft)
        self.similar = Similarity(self.notes)
        self.text = draft
        self.noted = "\n".join(point.text for point in points)
        self.support = Support(self.all_notes, [point.text for point in points])
        self.backed = Support(self.all_draft, [draft])
        self.fractions = {
            i: _counts_of(note.figure) for i, note in enumerate(self.notes) if note.figure.raw_unit == "分之"
        }
        self.past_values: dict[object, Item] = {}
        for item in _checked(self.all_past):
            self.past_values.setdefault(value_key(item.figure), item)

    def run(self) -> list[Finding]:
        alignment = align(self.draft, self.notes, self.similar)
        swapped = swapped_pairs(self.draft, self.notes, alignment, self.similar)
        findings: list[Finding] = []
        bad: set[int] = set()
        for i in range(len(self.draft)):
            finding = self._figure(i, alignment, swapped)
            if finding is None:
                alignment.near.pop(i, None)  # what says nothing against a figure does not take a note either
            else:
                findings.append(finding)
                if finding.severity == "error":
                    bad.add(i)
        findings += self._dropped(alignment)
        findings += self._arithmetic(bad)
        names = [ref.document for ref in self.past]
        sides = Sides(self.all_draft, self.all_notes, self.all_past, names, self.text, self.noted)
        findings += check_labels(sides, self.options)
        return sorted(findings, key=lambda f: (f.draft.start if f.draft else len(self.text), f.kind))

    def _figure(self, i: int, alignment: Alignment, swapped: dict[int, int]) -> Finding | None:
        item = self.draft[i]
        if i in swapped:
            return self._swapped(item, alignment.equal.get(i, alignment.repeats.get(i, swapped[i])), swapped[i])
        j = alignment.equal.get(i, alignment.repeats.get(i))
        if j is not None:
            verdict = judge(Pair(item, self.notes[j]), self.options)
            if verdict is None:
                return None
            kind, severity, reason = verdict
            note = self.notes[j]
            message = f"“{_shown(item)}”：{reason}（要点第{note.line}条：“{_shown(note)}”）。"
            return _widened(_finding(kind, severity, message, item, note), item, reason, self.text)
        if self.support.backs(item) or self._part_of_fraction(item):
            return None
        if lists_as_many(self.text, item.figure):
            return None
        near = alignment.near.get(i)
        if near is not None:
            return self._near(i, near)
        return self._unsupported(i)

    def _swapped(self, item: Item, own: int, other: int) -> Finding:
        right, here = self.notes[own], self.notes[other]
        message = f"“{item.figure.surface}”在要点中属于“{_about(right)}”，此处用于“{_about(here)}”。"
        return _finding("swapped", "error", message, item, right)

    def _near(self, i: int, near: int) -> Finding:
        item, note = self.draft[i], self.notes[near]
        mine, theirs = item.figure, note.figure
        says = f"要点第{note.line}条为“{_shown(note)}”"
        other_unit = value_class(mine) != value_class(theirs) or "" != mine.unit != theirs.unit != ""
        if (mine.digits == theirs.digits and other_unit) or same_scale_slip(mine, theirs):
            return _finding("unit", "error", f"单位或数量级变了：{says}，此处为“{_shown(item)}”。", item, note)
        old = self.past_values.get(value_key(mine)) if mine.approx == "EQ" else None
        if (
            old is None
            and rounds_to(theirs, mine)
            and not (mine.raw_unit in ("成", "半", "分之") and theirs.raw_unit == "%")
        ):
            severity: Severity = "error" if self.options.rounding == "error" else "warning"
            return _finding("qualifier", severity, f"{says}，此处取了约数“{_shown(item)}”。", item, note)
        past = self._past(mine)
        if past is not None:
            message = f"“{_shown(item)}”是往年材料中的数字，{says}。"
            return _finding("leftover", "error", message, item, note, past=past)
        return _finding("altered", "error", f"{says}，此处为“{_shown(item)}”。", item, note, suggest=True)

    def _past(self, figure: Figure) -> PastRef | None:
        found = self.past_values.get(value_key(figure))
        if found is None:
            found = next((p for p in self.past_values.values() if rounds_to(p.figure, figure)), None)
        if found is None:
            return None
        return PastRef(self.past[found.line - 1].document, found.figure.surface)

    def _unsupported(self, i: int) -> Finding | None:
        item = self.draft[i]
        figure = item.figure
        past = self._past(figure) if figure.kind != "count_claim" else None
        if past is not None:
            return _finding("leftover", "error", f"“{_shown(item)}”出自往年材料，要点中没有。", item, past=past)
        derivation = explain(item, nearby(self.draft, i))
        if derivation is not None:
            if derivation.correct:
                message = f"“{_shown(item)}”要点中没有，可由要点算出：{derivation.formula}，请确认。"
                return _finding(
                    "derived",
                    "error" if self.options.derived == "error" else "warning",
                    message,
                    item,
                    formula=derivation.formula,
                )
            message = f"“{_shown(item)}”要点中没有，算出来也对不上：{derivation.formula}。"
            return _finding("arithmetic", "error", message, item, formula=derivation.formula)
        if declares(figure):
            found = listing(self.text, figure)
            if found is not None:
                return None
            few = (
                (figure.kind == "count_claim" and (figure.lo or 0) <= 12)
                or figure.raw_unit in _CLAIMING
                or (figure.lo or 0) <= 3
            )
            if few and not figure.surface[:1].isdigit():
                return _finding("count", "warning", f"“{_shown(item)}”没有在文中列出，要点中也没有，请核对。", item)
        nearest = self._nearest(item)
        if figure.kind == "ord" and figure.lo == 1 and not RANKED.search(item.before[-6:] + "^" + figure.surface):
            return _finding("invented", "warning", f"“{_shown(item)}”在要点中没有依据，请核对。", item)
        hint = f"最接近的是第{nearest.line}条“{_shown(nearest)}”" if nearest else "也没有相近的数字"
        return _finding("invented", "error", f"“{_shown(item)}”在要点中没有依据，{hint}。", item, nearest)

    def _nearest(self, item: Item) -> Item | None:
        best = (
            max(self.notes, key=lambda note: self.similar(item, note), default=None) if len(self.notes) <= 400 else None
        )
        return best if best is not None and self.similar(item, best) >= 0.2 else None

    def _dropped(self, alignment: Alignment) -> list[Finding]:
        taken = set(alignment.equal.values()) | set(alignment.near.values())
        findings = []
        for j, note in enumerate(self.notes):
            if j in taken or self.options.required == "none" or self._said_twice(j, taken):
                continue
            if self.backed.backs(note) or self._shared(note, alignment) or self._counted(j):
                continue
            soft = (
                note.optional
                or (note.figure.kind == "count_claim" and not note.figure.surface[:1].isdecimal())
                or note.figure.kind == "vague"
            )
            soft = soft or self._in_words(note) or _announces(note)
            message = f"要点第{note.line}条的“{_shown(note)}”没有写入。"
            findings.append(
                Finding(
                    "dropped", "warning" if soft else "error", message, note=NoteRef(note.line, note.figure.surface)
                )
            )
        return findings

    def _part_of_fraction(self, item: Item) -> bool:
        """Whether a count of the draft is one side of a fraction in the notes (415 of 412/415)."""
        return value_class(item.figure) == "count" and any(item.figure.lo in c for c in self.fractions.values())

    def _counted(self, j: int) -> bool:
        """Whether the draft writes the fraction of a note (412/415) as two counts."""
        counts = self.fractions.get(j, frozenset())
        return len(counts) == 2 and counts <= {item.figure.lo for item in self.draft}

    def _in_words(self, note: Item) -> bool:
        """Whether a note's 100% or 0 stands in the draft in words (全部, 全覆盖; 没有, 零) beside words of its indicator."""
        figure = note.figure
        zero = figure.lo == 0
        if figure.role == "delta" or not (zero or (figure.unit == "%" and figure.lo == 1)):
            return False
        said = _NONE if zero else _ALL
        pairs = {figure.object[i : i + 2] for i in range(len(figure.object) - 1)} | {
            note.sentence[i : i + 2] for i in range(len(note.sentence) - 1)
        }
        return any(
            said.search(sentence) and any(pair in sentence for pair in pairs)
            for sentence in re.split("[。；\n]", self.text)
        )

    def _said_twice(self, j: int, taken: set[int]) -> bool:
        """Whether the notes state this figure a second time and the draft has the other mention."""
        note = self.notes[j]
        return any(_same_mention(note, self.notes[k]) and self.similar(note, self.notes[k]) >= 0.6 for k in taken)

    def _shared(self, note: Item, alignment: Alignment) -> bool:
        """Whether the draft states the figure once for several indicators (均居全市第三)."""
        key = value_key(note.figure)
        for i in alignment.equal:
            item = self.draft[i]
            if value_key(item.figure) == key and SHARED.search(item.before[-12:]) and self.similar(item, note) >= 0.15:
                return True
        return False

    def _arithmetic(self, bad: set[int]) -> list[Finding]:
        """Sums that are off because a figure of theirs is not the one of the notes."""
        wrong = {id(self.draft[i]) for i in bad}
        findings = []
        for derivation, item in disagreements(self.draft):
            culprits = [part for part in (*derivation.parts, item) if id(part) in wrong]
            if culprits:
                message = f"合计与分项对不上：{derivation.formula}。"
                findings.append(_finding("arithmetic", "error", message, culprits[0], formula=derivation.formula))
        return findings


def _finding(
    kind: str,
    severity: Severity,
    message: str,
    item: Item,
    note: Item | None = None,
    *,
    past: PastRef | None = None,
    formula: str = "",
    suggest: bool = False,
) -> Finding:
    figure = item.figure
    span = Span(figure.start, figure.end, figure.surface)
    ref = NoteRef(note.line, note.figure.surface) if note is not None else None
    suggestion = note.figure.surface if suggest and note is not None else None
    return Finding(kind, severity, message, draft=span, note=ref, past=past, formula=formula, suggestion=suggestion)


_WIDE_WORD = re.compile(r"“([^”]{2,6})”[^“]*$")
_PERIOD_WORD = re.compile(
    r"(?:上半年|下半年|全年|今年|当年|去年|上年|[前一二三四]{1,2}季度|\d{1,2}[-—至]\d{1,2}月|\d{4}年|近?[一二三四五六七八九十]年[来间]?)"
)


def _widened(finding: Finding, item: Item, reason: str, text: str) -> Finding:
    """The finding with its span from the word that is wrong (环比, 上半年) to the figure, where that stands before it."""
    if finding.kind != "basis" or finding.draft is None:
        return finding
    word = _WIDE_WORD.search(reason)
    at = item.before.rfind(word[1]) if word else -1
    if (at < 0 and "时期" in reason) or "年份" in reason:
        at = max((m.start() for m in _PERIOD_WORD.finditer(item.before)), default=-1)
    if at < 0:
        return finding
    start = finding.draft.start - (len(item.before) - at)
    return replace(finding, draft=Span(start, finding.draft.end, text[start : finding.draft.end]))


def _shown(item: Item) -> str:
    """The figure as a reader would quote it, with its verb where the verb is part of the claim."""
    figure = item.figure
    if figure.role in ("delta", "to") and figure.direction:
        tail = item.before[-4:]
        for size in (4, 3, 2, 1):
            if tail[-size:] and all("一" <= c <= "鿿" for c in tail[-size:]):
                return (tail[-size:] if size <= 2 else tail[-2:]) + figure.surface
    return figure.surface


def _about(item: Item) -> str:
    return item.figure.object[:16] or item.before[-8:] or "其他事项"
