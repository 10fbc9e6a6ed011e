"""Dates, codes, document numbers and set phrases of a draft against the notes: compared as strings, never as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checks.bounds import turned_bounds, turned_limits
from assistant.checks.figure_context import Item
from assistant.checks.options import CheckOptions
from assistant.figures import Figure
from assistant.figures.lexicon import phrases, template_of
from assistant.records import Finding, NoteRef, PastRef, Severity, Span

_NUMERAL = re.compile(r"[\d一二三四五六七八九十百千万两]")


@dataclass(frozen=True, slots=True)
class Sides:
    """All mentions of draft, notes and past, exempt ones included."""

    draft: Sequence[Item]
    notes: Sequence[Item]
    past: Sequence[Item]
    past_names: Sequence[str]
    text: str
    """The draft."""
    noted: str
    """The notes, a line each."""


def check_labels(sides: Sides, options: CheckOptions) -> list[Finding]:
    """Findings on what is compared by its exact form."""
    findings = list(_codes(sides))
    findings += _dates(sides, options)
    findings += _missing_dates(sides)
    findings += _periods(sides)
    findings += _phrases(sides)
    findings += turned_bounds(sides.text, sides.noted)
    findings += turned_limits(sides.text, sides.noted)
    return findings


def _span(figure: Figure) -> Span:
    return Span(figure.start, figure.end, figure.surface)


def _note(item: Item) -> NoteRef:
    return NoteRef(item.line, item.figure.surface)


def _past(sides: Sides, label: str, kind: str) -> PastRef | None:
    for item in sides.past:
        if item.figure.kind == kind and item.figure.label == label:
            return PastRef(sides.past_names[item.line - 1], item.figure.surface)
    return None


def _codes(sides: Sides) -> Iterator[Finding]:
    for kind in ("docnum", "code"):
        known = {item.figure.label: item for item in sides.notes if item.figure.kind == kind}
        seen = {item.figure.label for item in sides.draft if item.figure.kind == kind}
        everywhere = sides.noted
        used: set[str] = set()
        for item in sides.draft:
            figure = item.figure
            if figure.kind != kind:
                continue
            if figure.label in known or figure.surface in everywhere:
                if kind == "docnum" and "〔" not in figure.surface:
                    yield Finding(
                        "wording",
                        "warning",
                        f"文号年份应用六角括号：“{figure.label}”。",
                        draft=_span(figure),
                        suggestion=figure.label,
                    )
                continue
            finding = _foreign_code(sides, figure, known, used)
            if finding:
                yield finding
        if kind == "docnum":
            for label, item in known.items():
                if label not in seen and label not in used and not item.optional:
                    yield Finding(
                        "dropped", "error", f"要点中的文号“{item.figure.surface}”没有写入。", note=_note(item)
                    )


_COMMON_CODE = re.compile(r"[1-5]A级?|[3-6]G.*|PM(?:2\.5|10)|.*强|\d+(?:国道|省道).*|[A-Z]\d{1,2}|\d+[:：]\d+.*")


def _foreign_code(sides: Sides, figure: Figure, known: dict[str, Item], used: set[str]) -> Finding | None:
    past = _past(sides, figure.label, figure.kind)
    if past is not None:
        return Finding(
            "leftover", "error", f"“{figure.surface}”出自往年材料，要点中没有。", draft=_span(figure), past=past
        )
    near = next((label for label in known if label not in used and _alike(label, figure.label)), None)
    if near is not None:
        used.add(near)
        note = known[near]
        return Finding(
            "altered",
            "error",
            f"要点为“{note.figure.surface}”，此处写成“{figure.surface}”。",
            draft=_span(figure),
            note=_note(note),
            suggestion=note.figure.surface,
        )
    bound = _opposite_bound(figure.label, known)
    if bound is not None:
        message = f"要点为“{bound.figure.surface}”，此处写成“{figure.surface}”，方向相反。"
        return Finding("altered", "error", message, draft=_span(figure), note=_note(bound))
    if figure.kind == "docnum":
        return Finding("invented", "error", f"文号“{figure.surface}”在要点中没有依据。", draft=_span(figure))
    if _COMMON_CODE.fullmatch(figure.label) or figure.label in phrases():
        return None
    return Finding("invented", "warning", f"代号“{figure.surface}”在要点中没有出现，请核对。", draft=_span(figure))


def _opposite_bound(label: str, known: dict[str, Item]) -> Item | None:
    """Ⅳ类及以下 where the notes say Ⅳ类及以上."""
    turned = {"以上": "以下", "以下": "以上"}.get(label[-2:])
    return known.get(label[:-2] + turned) if turned else None


def _alike(a: str, b: str) -> bool:
    if re.sub(r"\d", "#", a) == re.sub(r"\d", "#", b):
        return sum(x != y for x, y in zip(a, b, strict=True)) <= 4
    if _GRADE.fullmatch(a) and _GRADE.fullmatch(b):
        return a.removesuffix("以上").removesuffix("以下") != b.removesuffix("以上").removesuffix("以下")
    numbers_a, numbers_b = re.findall(r"\d+", a), re.findall(r"\d+", b)
    return bool(numbers_a) and (re.sub(r"\d", "", a) == re.sub(r"\d", "", b) or numbers_a == numbers_b)


_GRADE = re.compile("劣?[IV]+类(?:以[上下])?")


def _dates(sides: Sides, options: CheckOptions) -> Iterator[Finding]:
    known = {item.figure.label: item for item in sides.notes if item.figure.kind == "date"}
    labels = set(known)
    texts = sides.noted
    used: set[str] = set()
    drafted = {item.figure.label for item in sides.draft if item.figure.kind == "date"}
    for item in sides.draft:
        figure = item.figure
        if figure.kind != "date" or figure.label in labels or _implied(figure, labels, options):
            continue
        if figure.unit == "Y" and figure.label[:4] in texts:
            continue
        past = _past(sides, figure.label, "date")
        near = next(
            (
                label
                for label in known
                if label not in used and label not in drafted and known[label].figure.unit == figure.unit
            ),
            None,
        )
        if past is not None:
            yield Finding(
                "leftover",
                "error",
                f"“{figure.surface}”是往年材料中的时间，要点中没有。",
                draft=_span(figure),
                past=past,
            )
        elif near is not None:
            used.add(near)
            note = known[near]
            yield Finding(
                "altered",
                "error",
                f"要点为“{note.figure.surface}”，此处写成“{figure.surface}”。",
                draft=_span(figure),
                note=_note(note),
                suggestion=note.figure.surface,
            )
        else:
            severity: Severity = "error" if "D" in figure.unit or _unfounded_year(item, texts, options) else "warning"
            yield Finding(
                "invented", severity, f"时间“{figure.surface}”在要点中没有依据，请核对。", draft=_span(figure)
            )


def _unfounded_year(item: Item, notes: str, options: CheckOptions) -> bool:
    """A deed of this year told of an earlier one: neither what it is compared with nor a last year of the notes.

    Where nobody says which year this is, a year that the draft alone names has nothing to stand on.
    """
    if re.search(r"[比较同与自从][^，。；]{0,3}$", item.before):
        return False
    if not options.report_year:
        return bool(re.search("今年|本年", notes)) and not re.search(r"(?:19|20)\d\d|[去上]年", notes)
    year = int(item.figure.label[:4]) if item.figure.label[:4].isdigit() else 0
    if not 0 < year < options.report_year:
        return False
    return year != options.report_year - 1 or not re.search("[去上]年|同期|同比", notes)


def _missing_dates(sides: Sides) -> Iterator[Finding]:
    drafted = {item.figure.label for item in sides.draft if item.figure.kind == "date"}
    months = {int(label.split("-")[1][:2]) for label in drafted if re.match(r"\d*-\d\d", label)}
    for item in sides.notes:
        figure = item.figure
        if figure.kind != "date" or "D" not in figure.unit or item.optional or figure.label in drafted:
            continue
        if figure.label[1:3].isdigit() and int(figure.label.split("-")[1][:2]) in months:
            continue
        if not any(label.endswith(figure.label[-6:]) or figure.label.endswith(label[-6:]) for label in drafted):
            yield Finding("dropped", "error", f"要点中的日期“{figure.surface}”没有写入。", note=_note(item))


def _periods(sides: Sides) -> Iterator[Finding]:
    """两年来, 三年来 where the notes speak of no such span of years."""
    known = {item.figure.label for item in sides.notes if item.figure.kind == "period"}
    texts = sides.noted
    for item in sides.draft:
        figure = item.figure
        if (
            figure.kind != "period"
            or not figure.label.startswith("recent")
            or figure.label in known
            or figure.label == "recent1"
        ):
            continue
        since = item.before.endswith("时隔")
        if (
            (figure.surface[-1:] not in "来间" and not since)
            or figure.surface[:-1] in texts
            or figure.surface.rstrip("多来间以") in texts
            or re.search("五年|五个年|[一二三四]五", texts)
        ):
            continue
        if len(set(re.findall(r"(?:19|20)\d\d", texts))) >= 2:
            continue
        past = _past(sides, figure.label, "period")
        kind = "leftover" if past else "invented"
        yield Finding(kind, "error", f"“{figure.surface}”这一时段在要点中没有依据。", draft=_span(figure), past=past)


def _implied(figure: Figure, labels: set[str], options: CheckOptions) -> bool:
    """A shorter form of a date in the notes (2024年3月 for 2024年3月5日), or the report's own year."""
    if figure.unit == "Y" and options.report_year and figure.label == str(options.report_year):
        return True
    if figure.label[-1:] in "上中下末初":
        return False
    return any(label.startswith(figure.label) or label.endswith(figure.label.lstrip("-")) for label in labels)


def _phrases(sides: Sides) -> Iterator[Finding]:
    local = {item.figure.label for item in sides.notes if item.figure.kind == "phrase"}
    texts = sides.noted
    templates = {template_of(label): label for label in local}
    doctrine = {template_of(p): p for p, kind in phrases().items() if kind == "doctrine"}
    for item in sides.draft:
        figure = item.figure
        if figure.kind == "phrase":
            yield from _phrase(sides, figure, local, texts, templates, doctrine)
    yield from _unquoted(sides, doctrine)
    yield from _renumbered(sides, local)


def _phrase(
    sides: Sides, figure: Figure, local: set[str], texts: str, templates: dict[str, str], doctrine: dict[str, str]
) -> Iterator[Finding]:
    label = figure.label
    if label in local or label in texts:
        return
    template = template_of(label)
    sibling = _other_plan(label, local) or templates.get(template)
    if label in phrases() and (
        sibling is None
        or sibling == label
        or sibling in sides.text
        or (len(template.strip("#")) < 2 and not _PLAN.fullmatch(label))
    ):
        return
    right = _other_plan(label, local) or templates.get(template) or doctrine.get(template) or _near_slogan(label, local)
    if right is not None and right != label and (template != "#" * len(template) or _PLAN.fullmatch(label)):
        note = next((n for n in sides.notes if n.figure.label == right), None)
        yield Finding(
            "altered", "error", f"固定提法应为“{right}”，此处写成“{label}”。", draft=_span(figure),
            note=_note(note) if note else None, suggestion=right,
        )  # fmt: skip
    elif (
        figure.digits == "quoted"
        and len(_NUMERAL.findall(label)) >= 2
        and not re.search(r"\d", label)
        and not any(label in item.text for item in sides.past)
    ):
        yield Finding("invented", "warning", f"提法“{label}”在要点和固定提法中都没有，请核对。", draft=_span(figure))
    elif any(label in item.text for item in sides.past):
        yield Finding("leftover", "warning", f"提法“{label}”出自往年材料，要点中没有。", draft=_span(figure))


_PLAN = re.compile(r"十[一二三四五六]五")
_LONGER_NOUN = re.compile("团|工程|课堂|项目|活动")  # 5个代表团 is no 三个代表


def _other_plan(label: str, local: set[str]) -> str | None:
    """The five-year plan of the notes when the draft names another one."""
    return next((known for known in sorted(local) if _PLAN.fullmatch(known)), None) if _PLAN.fullmatch(label) else None


def _near_slogan(label: str, local: set[str]) -> str | None:
    """A slogan of the notes that holds the same words with one numeral changed inside a longer quotation."""
    for known in local:
        if abs(len(known) - len(label)) > 4 or len(known) < 3:
            continue
        rest = _NUMERAL.sub("", known)
        if rest == _NUMERAL.sub("", label) and (len(rest) >= 2 or "+" in rest):
            return known
    return None


def _renumbered(sides: Sides, local: set[str]) -> Iterator[Finding]:
    """A set phrase of the lexicon that the notes hold, written with another numeral (五级书记抓乡村振兴 with 四级)."""
    text, noted = sides.text, sides.noted
    read = {(item.figure.start, item.figure.end) for item in sides.draft if item.figure.kind == "phrase"}
    for label in sorted(local & set(phrases())):
        if label in text or len(_NUMERAL.sub("", label)) < 2:
            continue
        pattern = "".join(_ANY_NUMERAL if _NUMERAL.match(char) else re.escape(char) for char in label)
        for match in re.finditer(rf"(?<![\d一二三四五六七八九十百千万两第]){pattern}", text):
            if match[0] in noted or match.span() in read:
                continue
            note = next(item for item in sides.notes if item.figure.label == label)
            message = f"固定提法应为“{label}”，此处写成“{match[0]}”。"
            span = Span(match.start(), match.end(), match[0])
            yield Finding("altered", "error", message, draft=span, note=_note(note), suggestion=label)


_ANY_NUMERAL = "[一二三四五六七八九十百千万两]"


def _unquoted(sides: Sides, doctrine: dict[str, str]) -> Iterator[Finding]:
    """Set phrases without quotation marks whose number is wrong (做到三个维护)."""
    text, notes_text = sides.text, sides.noted
    heads = {
        p[1:]: p
        for p, kind in phrases().items()
        if kind == "doctrine" and len(p) >= 4 and _NUMERAL.match(p) and not _NUMERAL.search(p[1:])
    }
    for item in sides.draft:
        figure = item.figure
        if figure.kind not in ("num", "count_claim") or figure.lo is None or not 2 <= figure.lo <= 12:
            continue
        at = figure.start + len(figure.surface) - len(figure.raw_unit)
        for tail, right in heads.items():
            if (
                text.startswith(tail, at)
                and figure.surface[:1] != right[0]
                and not _LONGER_NOUN.match(text, at + len(tail))
            ):
                span = Span(figure.start, at + len(tail), text[figure.start : at + len(tail)])
                if span.text in notes_text:
                    continue
                yield Finding(
                    "altered", "error", f"固定提法应为“{right}”，此处写成“{span.text}”。", draft=span, suggestion=right
                )
