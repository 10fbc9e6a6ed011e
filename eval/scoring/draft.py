"""The score of one draft against its labels: counts with denominators, and every fault in words.

A missing draft, section or heading is scored as empty, never left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.scoring.genre import first_person, fits_role, role_of
from eval.scoring.labels import Cover, Fact, Labels, SectionLabel, Trap
from eval.scoring.numbers import NUMERALS
from eval.scoring.placement import Placed, Placement, Placer
from eval.scoring.prose import (
    mask_marks,
    padding,
    remnants,
    repeated_clauses,
    repeated_sentences,
    within_target,
    wrong_counts,
)
from eval.scoring.spots import find_spots
from eval.scoring.support import Supporter
from eval.scoring.text import (
    DraftPart,
    bigrams,
    length,
    match_sections,
    parse_draft,
    plain_digits,
    sentence_around,
    squeeze,
)
from eval.scoring.wording import direction_kept, hedge_kept

COVERED = 0.6
"""A bullet counts as covered without its key phrase when this share of its character pairs is in its section."""
_BLANK = re.compile(r"_{2,}|＿{2,}|[×xX]{2,}|（待定）|【待补")
_SHOWN_BLANK = re.compile(r"【待补|_{2,}|＿{2,}|[×X]{2,}|待定|待核|待补|另行|尚未确定|未定|会后确定|会后定")

Count = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: `kind` is the name of the measure it lowers."""

    kind: str
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class SectionLength:
    """A section with a target, for the plot."""

    heading: str
    length: int
    target: int


@dataclass(frozen=True, slots=True)
class FigureFate:
    """What became of one figure of the notes, for reading by eye. `fate` is right, wrong, unclear, missing or elsewhere,
    `sentence` the sentence of the draft that holds it."""

    section: str
    line: int
    indicator: str
    surface: str
    fate: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class DraftScore:
    """`counts` maps a measure to (numerator, denominator); see `eval/measures.py` for what each means."""

    counts: Mapping[str, Count]
    faults: tuple[Fault, ...]
    lengths: tuple[SectionLength, ...]
    fates: tuple[FigureFate, ...] = ()

    @property
    def sound(self) -> bool:
        """No wrong figure, no leftover, nothing dropped, every heading kept."""
        grave = {"supported", "right_indicator", "placed", "traps", "headings", "direction", "hedge", "remnants"}
        return not any(fault.kind in grave for fault in self.faults)


def score_draft(markdown: str, labels: Labels) -> DraftScore:
    """Score a draft as exported (Markdown with the outline's headings)."""
    return _Scorer(markdown, labels).score()


class _Scorer:
    def __init__(self, markdown: str, labels: Labels) -> None:
        self._labels = labels
        self._markdown = markdown
        self._parts = parse_draft(markdown)
        self._held = match_sections([section.path for section in labels.sections], self._parts)
        self._faults: list[Fault] = []
        self._counts: dict[str, Count] = {}
        self._fates: list[FigureFate] = []
        self._lost_units: dict[tuple[str, ...], set[str]] = {}

    def score(self) -> DraftScore:
        self._figures()
        self._support()
        self._traps()
        self._covers()
        self._blanks()
        self._headings()
        lengths = self._lengths()
        self._prose()
        self._genre()
        fates = tuple(sorted(self._fates, key=lambda fate: fate.line))
        return DraftScore(self._counts, tuple(self._faults), lengths, fates)

    # ---- figures -----------------------------------------------------------------------------------------------

    def _figures(self) -> None:
        placer = Placer(self._labels)
        placements = [
            (section, body, placer.place(body, section.path)) for section, body in self._sections() if section.path
        ]
        wanted = [fact for fact in self._labels.facts if not fact.disputed and not fact.optional]
        missing = [fact for _, _, placement in placements for fact in placement.missing if not fact.optional]
        elsewhere = [fact for fact in missing if self._stands_elsewhere(fact)]
        self._count("placed", len(wanted) - len(missing), len(wanted))
        self._count("placed_anywhere", len(wanted) - len(missing) + len(elsewhere), len(wanted))
        for fact in missing:
            where = "，出现在别的部分" if fact in elsewhere else ""
            self._fault("placed", fact.section[-1], f"未写入：{fact.indicator} {fact.surface}{where}")
            self._lost_units.setdefault(fact.section, set()).add(fact.unit)
            self._fate(fact, "elsewhere" if where else "missing")
        self._judge(placements)
        self._doubled(placements)

    def _stands_elsewhere(self, fact: Fact) -> bool:
        return any(find_spots(body, [fact]) for section, body in self._sections() if section.path != fact.section)

    def _judge(self, placements: Sequence[tuple[SectionLabel, str, Placement]]) -> None:
        placed = [(section, body, item) for section, body, placement in placements for item in placement.placed]
        wrong = [entry for entry in placed if entry[2].judgement == "wrong"]
        unclear = [entry for entry in placed if entry[2].judgement == "unclear"]
        for _, body, item in placed:
            first, last = sentence_around(body, item.spot.start)
            self._fate(item.fact, item.judgement, " ".join(body[first:last].split()))
        self._count("right_indicator", len(placed) - len(wrong), len(placed))
        self._count("clear_indicator", len(placed) - len(unclear), len(placed))
        for kind, group, name in (("right_indicator", wrong, "张冠李戴"), ("clear_indicator", unclear, "看不出指标")):
            for section, body, item in group:
                rival = f"（像是“{item.rival}”）" if item.rival else ""
                text = f"{name}：{item.fact.indicator} {item.spot.text}{rival}：{_context(body, item)}"
                self._fault(kind, section.path[-1], text)
        self._wordings(placed)

    def _wordings(self, placed: Sequence[tuple[SectionLabel, str, Placed]]) -> None:
        known = hedged = 0
        for section, body, item in placed:
            kept = direction_kept(item.fact, body, item.spot.start)
            known += kept is not None
            if kept is False:
                self._fault("direction", section.path[-1], f"方向相反：{_context(body, item)}")
            if not hedge_kept(item.fact, body, item.spot.start, item.spot.end):
                hedged += 1
                text = f"限定词变了（要点：{item.fact.qualifier or '无'}）：{_context(body, item)}"
                self._fault("hedge", section.path[-1], text)
        flipped = sum(fault.kind == "direction" for fault in self._faults)
        self._count("direction", known - flipped, known)
        self._count("hedge", len(placed) - hedged, len(placed))

    def _doubled(self, placements: Sequence[tuple[SectionLabel, str, Placement]]) -> None:
        total = sum(len(placement.spots) for _, _, placement in placements)
        extra = [(section, spot) for section, _, placement in placements for spot in placement.extra]
        self._count("said_once", total - len(extra), total)
        for section, spot in extra:
            self._fault("said_once", section.path[-1], f"数字重复出现：{spot.text}")

    def _support(self) -> None:
        supporter = Supporter(self._labels)
        total = wrong = doubtful = 0
        reasons: Counter[str] = Counter()
        for part in self._parts:
            support = supporter.read(part.body)
            lost = self._lost_units.get(part.path, set())
            reasons.update(supporter.reason(number, lost) for number in support.unsupported)
            reasons["leftover"] += len(mask_marks(part.body))
            total += support.total
            wrong += len(support.unsupported)
            doubtful += len(support.doubtful)
            for kind, numbers in (("supported", support.unsupported), ("doubtful", support.doubtful)):
                for number in numbers:
                    context = part.body[max(0, number.start - 14) : number.end + 8].replace("\n", " ")
                    self._fault(kind, part.heading, f"要点中没有：{number.text}：…{context}…")
        self._count("supported", total - wrong, total)
        self._count("doubtful", doubtful, max(1, total))
        for reason in ("altered", "invented", "unit", "leftover"):
            self._count(reason, reasons[reason], 1)

    # ---- other documents and the notes -------------------------------------------------------------------------

    def _traps(self) -> None:
        text = plain_digits(squeeze("".join(part.body for part in self._parts) or self._markdown))
        hits = [trap for trap in self._labels.traps if trap_in(trap, text)]
        for name, hard in (("traps", True), ("soft_traps", False)):
            of_kind = [trap for trap in self._labels.traps if trap.hard is hard]
            self._count(name, sum(trap in hits for trap in of_kind), len(of_kind))
        for trap in hits:
            self._fault("traps" if trap.hard else "soft_traps", "", f"往年或不该有的内容：{trap.text}（{trap.why}）")

    def _covers(self) -> None:
        bodies = {section.path: body for section, body in self._sections()}
        wanted = [cover for cover in self._labels.covers if not cover.optional]
        lost = [cover for cover in wanted if not self._covered(cover, bodies.get(cover.section, ""))]
        self._count("covered", len(wanted) - len(lost), len(wanted))
        for cover in lost:
            line = self._labels.lines[cover.line - 1].strip()
            self._fault("covered", cover.section[-1], f"要点未覆盖：{line}")

    def _covered(self, cover: Cover, body: str) -> bool:
        squeezed = squeeze(body)
        if any(squeeze(phrase) in squeezed for phrase in cover.phrases):
            return True
        own = bigrams(self._labels.lines[cover.line - 1])
        return bool(own) and len(own & bigrams(body)) >= COVERED * len(own)

    def _blanks(self) -> None:
        """A gap of the notes (__, XX) must stay visible in its section."""
        lines = {cover.line: cover.section for cover in self._labels.covers}
        gaps = [(number, section) for number, section in lines.items() if _BLANK.search(self._labels.lines[number - 1])]
        bodies = {section.path: body for section, body in self._sections()}
        lost = [(number, section) for number, section in gaps if not _SHOWN_BLANK.search(bodies.get(section, ""))]
        self._count("blanks", len(gaps) - len(lost), len(gaps))
        for number, section in lost:
            self._fault("blanks", section[-1], f"空缺没有标出：{self._labels.lines[number - 1].strip()}")

    # ---- form --------------------------------------------------------------------------------------------------

    def _headings(self) -> None:
        wanted = [section.path for section in self._labels.sections]
        kept = [part is not None and part.path == path for path, part in zip(wanted, self._held, strict=True)]
        for path, is_kept in zip(wanted, kept, strict=True):
            if not is_kept:
                self._fault("headings", path[-1], f"标题缺失或改动：{path[-1]}")
        strange = len(self._parts) - sum(part is not None for part in self._held)
        order = [self._parts.index(part) for part in self._held if part is not None]
        in_order = bool(order) and order == sorted(order) and not strange
        if not in_order:
            self._fault("heading_order", "", f"标题次序变动或多出 {strange} 个标题")
        self._count("headings", sum(kept), len(wanted))
        self._count("heading_order", int(in_order), 1)

    def _lengths(self) -> tuple[SectionLength, ...]:
        measured = [
            SectionLength(section.path[-1], length(body), section.target)
            for section, body in self._sections()
            if section.target
        ]
        within = [entry for entry in measured if within_target(entry.length, entry.target)]
        self._count("length", len(within), len(measured))
        for entry in measured:
            if entry not in within:
                self._fault("length", entry.heading, f"{entry.length} 字，要求 {entry.target} 字")
        return tuple(measured)

    def _prose(self) -> None:
        bodies = [part.body for part in self._parts]
        repeats, wrong = repeated_sentences(bodies), [claim for body in bodies for claim in wrong_counts(body)]
        known = self._labels.not_figures
        leavings = [piece for body in bodies for piece in remnants(body) if piece not in known]
        again = repeated_clauses(bodies)
        self._padding()
        for kind, texts in (("repeats", repeats), ("clauses", again), ("counts", wrong), ("remnants", leavings)):
            self._count(kind, len(texts), 1)
            for text in texts:
                self._fault(kind, "", text[:60])

    def _padding(self) -> None:
        """How much of the text says nothing that its section's notes say: stock phrases of purpose and praise."""
        notes: dict[tuple[str, ...], str] = {}
        places = {(cover.line, cover.section) for cover in self._labels.covers}
        places |= {(fact.line, fact.section) for fact in self._labels.facts}
        for number, section in sorted(places):
            notes[section] = notes.get(section, "") + self._labels.lines[number - 1] + "\n"
        held = [(body, notes.get(section.path, "")) for section, body in self._sections()]
        added = sum(padding(body, own) for body, own in held if own)
        self._count("padding", added, sum(length(body) for body, own in held if own))

    def _genre(self) -> None:
        wanted = [(section, body) for section, body in self._sections() if section.leaf or section.bullets]
        misfits = [section for section, body in wanted if not fits_role(body, role_of(section.path))]
        self._count("structure", len(wanted) - len(misfits), len(wanted))
        for section in misfits:
            self._fault("structure", section.path[-1], "内容不像这一部分应有的样子，或为空")
        if self._labels.doc_type == "述职报告":
            spoken = first_person("\n".join(part.body for part in self._parts))
            self._count("first_person", int(spoken), 1)
            if not spoken:
                self._fault("first_person", "", "述职报告没有用第一人称")

    # ---- small parts -------------------------------------------------------------------------------------------

    def _sections(self) -> list[tuple[SectionLabel, str]]:
        held: Sequence[DraftPart | None] = self._held
        return [(section, part.body if part else "") for section, part in zip(self._labels.sections, held, strict=True)]

    def _count(self, name: str, hits: float, total: float) -> None:
        self._counts[name] = (float(hits), float(total))

    def _fate(self, fact: Fact, fate: str, sentence: str = "") -> None:
        self._fates.append(FigureFate(fact.section[-1], fact.line, fact.indicator, fact.surface, fate, sentence))

    def _fault(self, kind: str, section: str, text: str) -> None:
        self._faults.append(Fault(kind, section, text))


def trap_in(trap: Trap, squeezed: str) -> bool:
    """Whether a trap stands in a text without white space; with a boundary, not as part of another number."""
    if not trap.boundary:
        return trap.text in squeezed
    before = r"(?<![\d.])" if trap.text[0].isdigit() else rf"(?<![{NUMERALS}])"
    after = r"(?!\d)" if trap.text[-1].isdigit() else ""
    return re.search(before + re.escape(trap.text) + after, squeezed) is not None


def _context(body: str, item: Placed) -> str:
    return "…" + body[max(0, item.spot.start - 18) : item.spot.end + 8].replace("\n", " ") + "…"
