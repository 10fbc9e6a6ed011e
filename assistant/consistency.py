"""What only shows when the sections stand together: figures of the opening, one indicator written in two ways, terms,
sentences that come twice, and what became of last year's plans. Knows nothing about models."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from assistant.checks import head_point
from assistant.checks.fidelity import check_fidelity
from assistant.checks.options import CheckOptions
from assistant.checks.plans import accounts, plans_of
from assistant.figures import Figure, recognise
from assistant.records import Brief, DraftSection, Finding, NoteRef, PastRef, Section
from assistant.roles import section_role

_TERMS = (
    ("固投", "固定资产投资"),
    ("社零", "社会消费品零售"),
    ("高企", "高新技术企业"),
    ("规上", "规模以上"),
    ("限上", "限额以上"),
    ("财政收入", "一般公共预算收入"),
)
_MOST_PLANS = 12
_REPEATED = 15


def check_report(brief: Brief, sections: Sequence[DraftSection], past: Sequence[PastRef] = ()) -> list[Finding]:
    """Findings on a whole drafted report; spans are left out, because they would point into several sections.

    Args:
        brief: the notes.
        sections: the drafted sections in their order.
        past: last year's reports; the plans of the first that has some are held against these notes.
    """
    return [
        *_opening(brief, sections),
        *_written_in_two_ways(brief, sections),
        *_terms(sections),
        *_repeated(sections),
        *_last_plans(brief, past),
    ]


# ---- inside the report ------------------------------------------------------------------------------------------


def _opening(brief: Brief, sections: Sequence[DraftSection]) -> Iterator[Finding]:
    """The opening may only use figures of the notes; it has none of its own."""
    first = next((section for section in brief.sections if section.points), None)
    if first is None or section_role(first, brief) != "开头总述":
        return
    drafted = next((section for section in sections if section.path == first.path), None)
    if drafted is None:
        return
    known = [*brief.points, head_point(brief, [first])]
    policy = CheckOptions(report_year=brief.year, required="none")
    for finding in check_fidelity(drafted.text, known, (), policy):
        if finding.severity == "error" and finding.kind in ("invented", "altered"):
            yield Finding("opening", "error", f"开头部分的数字在各部分里找不到：{finding.message}", note=finding.note)


def _figures(sections: Sequence[DraftSection]) -> Iterator[tuple[str, Figure]]:
    for section in sections:
        for figure in recognise(section.text):
            if (
                figure.checkable
                and figure.lo is not None
                and len(figure.object) >= 4
                and figure.kind in ("num", "ratio")
            ):
                yield section.heading, figure


def _written_in_two_ways(brief: Brief, sections: Sequence[DraftSection]) -> Iterator[Finding]:
    """One indicator with one value but two spellings, or with two values in two sections.

    What is planned is not what was done: sections of plans are left out.
    """
    planned = {section.path for section in brief.sections if _is_plan(section, brief)}
    sections = [section for section in sections if section.path not in planned]
    groups: dict[tuple[str, str, str, str], list[tuple[str, Figure]]] = defaultdict(list)
    for heading, figure in _figures(sections):
        time = figure.feats.get("time", "")
        groups[figure.object, figure.unit, f"{figure.role}{figure.direction}", time].append((heading, figure))
    for (name, *_), members in groups.items():
        headings = {heading for heading, _ in members}
        surfaces = sorted({figure.surface for _, figure in members})
        values = {(figure.lo, figure.hi, figure.approx) for _, figure in members}
        if len(headings) < 2 or len(surfaces) < 2:
            continue
        where = "、".join(sorted(headings))
        if len(values) == 1:
            yield Finding("term", "info", f"“{name}”有几种写法：{'、'.join(surfaces)}（{where}），建议统一。")
        else:
            yield Finding("differs", "warning", f"“{name}”前后不一致：{'、'.join(surfaces)}（{where}），请核对口径。")


def _terms(sections: Sequence[DraftSection]) -> Iterator[Finding]:
    text = "\n".join(section.text for section in sections)
    for short, long in _TERMS:
        alone = re.findall(rf"(?<![一-龥]{{4}}公共预算){short}", text.replace(long, ""))
        if alone and long in text and short != "财政收入":
            yield Finding("term", "info", f"“{short}”和“{long}”都用了，建议统一写作“{long}”。")


def _repeated(sections: Sequence[DraftSection]) -> Iterator[Finding]:
    counts = Counter(
        sentence.strip() for section in sections for sentence in re.split(r"(?<=[。！？])|\n", section.text) if sentence
    )
    for sentence, count in counts.items():
        if count > 1 and len(sentence) >= _REPEATED:
            yield Finding("repeat", "warning", f"这句话出现了{count}次：“{sentence}”")


# ---- last year's plans ------------------------------------------------------------------------------------------


def _last_plans(brief: Brief, past: Sequence[PastRef]) -> Iterator[Finding]:
    """Each plan of a past report: where this year's notes account for it, or that they do not; the latter first."""
    work = [point for section in brief.sections if not _is_plan(section, brief) for point in section.points]
    told = ((ref, accounts(plans_of(ref.text), [point.text for point in work])) for ref in past)
    reference, places = next(((ref, places) for ref, places in told if places), (None, {}))
    if reference is None:
        return
    for plan, place in sorted(places.items(), key=lambda item: item[1] is not None)[:_MOST_PLANS]:
        shown = PastRef(reference.document, plan)
        if place is not None:
            message = f"去年打算“{_short(plan)}”：今年要点第{work[place].line}行有交代。"
            yield Finding("plans", "info", message, note=NoteRef(work[place].line, work[place].text), past=shown)
        else:
            message = f"去年打算“{_short(plan)}”：今年的要点没有交代，请确认是否需要写明进展。"
            yield Finding("plans", "info", message, past=shown)


def _is_plan(section: Section, brief: Brief) -> bool:
    return section_role(section, brief) == "下步打算"


def _short(plan: str) -> str:
    text = plan.rstrip("。；")
    return text if len(text) <= 36 else text[:35] + "…"
