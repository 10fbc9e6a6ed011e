"""What only shows when the sections stand together: figures of the opening, one indicator written in two ways, terms,
sentences that come twice, and what became of last year's plans. Knows nothing about models."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from assistant.checks.fidelity import check_fidelity
from assistant.checks.options import CheckOptions
from assistant.figures import Figure, recognise
from assistant.records import Brief, DraftSection, Finding, NoteRef, PastRef, Point, Section
from assistant.roles import section_role
from assistant.verify import options, pairs

_PLAN_HEADING = re.compile(r"打算|下一?步|工作计划|工作安排|今后|目标任务|主要任务|工作思路|努力方向")
_HEADING = re.compile(
    r"^\s*(?:#+\s*)?(?P<number>[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]+部分|\d{1,2}[.．、])?\s*(?P<text>\S.{1,38})$"
)
_TERMS = (
    ("固投", "固定资产投资"),
    ("社零", "社会消费品零售"),
    ("高企", "高新技术企业"),
    ("规上", "规模以上"),
    ("限上", "限额以上"),
    ("财政收入", "一般公共预算收入"),
)
_MOST_PLANS = 12
_ACCOUNTED = 0.34
_REPEATED = 15


def check_report(brief: Brief, sections: Sequence[DraftSection], past: Sequence[PastRef] = ()) -> list[Finding]:
    """Findings on a whole drafted report; spans are left out, because they would point into several sections.

    Args:
        brief: the notes.
        sections: the drafted sections in their order.
        past: whole past texts; the plans of the latest that has some are held against these notes.
    """
    return [
        *_opening(brief, sections),
        *_written_in_two_ways(sections),
        *_terms(sections),
        *_repeated(sections),
        *_last_plans(brief, sections, past),
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
    known = [*brief.points, Point(f"{brief.title}，{brief.unit}，{brief.period}", 0, optional=True)]
    policy = CheckOptions(report_year=options(brief).report_year, required="none")
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


def _written_in_two_ways(sections: Sequence[DraftSection]) -> Iterator[Finding]:
    """One indicator with one value but two spellings, or with two values in two sections."""
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


def _last_plans(brief: Brief, sections: Sequence[DraftSection], past: Sequence[PastRef]) -> Iterator[Finding]:
    """Each plan of a past report: where this year's notes account for it, or that they do not."""
    reference = next((ref for ref in past if plans_of(ref.text)), None)
    if reference is None:
        return
    for plan in plans_of(reference.text)[:_MOST_PLANS]:
        point = _accounting(plan, brief.sections, brief)
        shown = PastRef(reference.document, plan)
        if point is not None:
            message = f"去年打算“{_short(plan)}”：今年要点第{point.line}行有交代。"
            yield Finding("last_plan", "info", message, note=NoteRef(point.line, point.text), past=shown)
        else:
            message = f"去年打算“{_short(plan)}”：今年的要点没有交代，请确认是否需要写明进展。"
            yield Finding("last_plan", "info", message, past=shown)


def plans_of(text: str) -> list[str]:
    """The sentences of the part of a report that announces plans; empty where there is none."""
    found: list[str] = []
    inside = 0
    for line in text.splitlines():
        match = _HEADING.match(line)
        level = _level(match["number"] or "") if match and not line.rstrip().endswith("。") else 0
        if level and _PLAN_HEADING.search(line):
            inside = level
        elif level and inside and level <= inside:
            inside = 0
        elif inside and len(line.strip()) >= 12:
            found += [s.strip() for s in re.split(r"(?<=[。；])", line) if len(s.strip()) >= 10]
    return found


def _level(number: str) -> int:
    if not number:
        return 0
    return 1 if number.endswith(("、", "部分")) and not number[0].isdigit() else 2 if number[0] in "（(" else 3


def _accounting(plan: str, sections: Sequence[Section], brief: Brief) -> Point | None:
    """The point of this year's work that shares most words with the plan, if enough of them."""
    wanted = pairs(plan) - pairs("推动进一步加强提高工作开展落实不断全面")
    if not wanted:
        return None
    work = [point for section in sections if section_role(section, brief) != "下步打算" for point in section.points]
    best = max(work, key=lambda point: len(wanted & pairs(point.text)), default=None)
    if best is None:
        return None
    shared = len(wanted & pairs(best.text))
    return best if shared >= 2 and shared >= _ACCOUNTED * min(len(wanted), len(pairs(best.text))) else None


def _short(plan: str) -> str:
    text = plan.rstrip("。；")
    return text if len(text) <= 36 else text[:35] + "…"
