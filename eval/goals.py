"""What drafting must reach, as one table with all systems side by side; and one line for each draft.

Both go to the terminal and, as Markdown, into the report: the goals in Chinese and in English, for the two READMEs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from eval.outcome import Outcome

Form = Literal["sum", "share", "median"]
SIDE_BY_SIDE = 3
"""Systems that stand side by side; more of them stand below each other."""
WRONG = ("altered", "invented", "unit", "leftover")


@dataclass(frozen=True, slots=True)
class Goal:
    """One row: the sum of some counts, a share, or the median of samples, and the bound it must keep.

    Args:
        title: in Chinese; `english` in English.
        names: measures whose counts are added up; or one name of samples.
        form: how it is put together and shown.
        bound: what must be reached; None for a row that only tells.
        is_floor: whether more is better.
        suite: where the counts come from.
    """

    title: str
    english: str
    names: tuple[str, ...]
    form: Form
    bound: float | None
    is_floor: bool = False
    suite: str = "drafting"

    @property
    def is_part(self) -> bool:
        """Whether the row breaks down the one above it."""
        return self.title.startswith("　")


GOALS = (
    Goal("改错、编造、换单位、往年的数字", "altered, invented, unit, leftover figures", WRONG, "sum", 0),
    Goal("　改错", "— altered", ("altered",), "sum", 0),
    Goal("　编造", "— invented", ("invented",), "sum", 0),
    Goal("　换单位", "— unit", ("unit",), "sum", 0),
    Goal("　往年的数字和标记", "— leftover, marks of masked passages included", ("leftover",), "sum", 0),
    Goal("数字写入本部分", "figures placed in their section", ("placed",), "share", 0.99, True),
    Goal("数字与指标相符", "figures on the right indicator", ("right_indicator",), "share", 0.995, True),
    Goal("往年内容混入（严重的）", "traps hit (hard)", ("traps",), "sum", 0),
    Goal("要点覆盖", "bullets covered", ("covered",), "share", 0.97, True),
    Goal("标题原样", "headings word for word", ("headings",), "share", 1.0, True),
    Goal("标题次序", "reports with headings in order", ("heading_order",), "share", 1.0, True),
    Goal("篇幅在±20%内", "sections within ±20% of target", ("length",), "share", 0.85, True),
    Goal("重复的句子（15字以上）", "sentences repeated (≥ 15 characters)", ("repeats",), "sum", 0),
    Goal("对话或标记残留", "chat, Markdown or slot remnants", ("remnants",), "sum", 0),
    Goal("漏写的数字有提示", "dropped figures that the draft names", ("admitted",), "share", 1.0, True),
    Goal("每300字用时中位数（秒）", "median seconds per 300 字", ("seconds_300",), "median", 12),
    Goal("模型以外的时间", "own overhead, of model time", ("overhead",), "share", 0.03),
    Goal("没有跑成的稿件", "failed drafts", ("failed",), "sum", 0),
    Goal("润色：事实改变", "polish: facts changed", ("facts_changed",), "sum", 0, suite="polish"),
)


@dataclass(frozen=True, slots=True)
class Reached:
    """A goal's value for one system; `met` is None where there is no bound or nothing was measured."""

    shown: str
    met: bool | None


def reach(goal: Goal, outcomes: Sequence[Outcome]) -> Reached | None:
    """What some outcomes of one system come to; None when none of them has the goal's measure."""
    if goal.form == "median":
        values = [value for outcome in outcomes for value in outcome.samples.get(goal.names[0], ())]
        return _judged(goal, median(values), f"{median(values):.1f}") if values else None
    held = [outcome.counts[name] for outcome in outcomes for name in goal.names if name in outcome.counts]
    hits, total = sum(count[0] for count in held), sum(count[1] for count in held)
    if not held or not total:
        return None
    if goal.form == "sum":
        return _judged(goal, hits, f"{hits:g}")
    return _judged(goal, hits / total, f"{100 * hits / total:.1f}% ({hits:g}/{total:g})")


def _judged(goal: Goal, value: float, shown: str) -> Reached:
    if goal.names == ("overhead",):
        shown = shown.split(" ")[0]
    if goal.bound is None:
        return Reached(shown, None)
    return Reached(shown, value >= goal.bound if goal.is_floor else value <= goal.bound)


def by_system(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], list[Outcome]]:
    """Outcomes of each suite and system, in the order they were run."""
    grouped: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        grouped.setdefault((outcome.suite, outcome.system), []).append(outcome)
    return grouped


@dataclass(frozen=True, slots=True)
class Grid:
    """Goals with their bounds, and for each system its name and a value per goal."""

    goals: tuple[Goal, ...]
    systems: tuple[tuple[str, tuple[Reached | None, ...]], ...]


def goal_grid(outcomes: Sequence[Outcome], *, english: bool = False) -> Grid:
    """All goals that any system has a value for."""
    groups = by_system([outcome for outcome in outcomes if outcome.suite in ("drafting", "polish")])
    systems = list(dict.fromkeys(system for _, system in groups))
    values = {system: [reach(goal, groups.get((goal.suite, system), [])) for goal in GOALS] for system in systems}
    held = [index for index in range(len(GOALS)) if any(values[system][index] for system in systems)]
    rows = tuple((named(name, groups, english), tuple(values[name][index] for index in held)) for name in systems)
    return Grid(tuple(GOALS[index] for index in held), rows)


def grid_rows(grid: Grid, *, english: bool = False) -> tuple[list[str], list[list[str | Reached | None]]]:
    """Head and rows of the table: goals down and systems across, or for many systems the other way round and without
    the parts of a sum."""
    titles = [goal.english if english else goal.title for goal in grid.goals]
    bounds = [bound_of(goal) for goal in grid.goals]
    goal = "goal" if english else "目标"
    if len(grid.systems) <= SIDE_BY_SIDE:
        values = zip(*(values for _, values in grid.systems), strict=True)
        rows = [[title, bound, *row] for title, bound, row in zip(titles, bounds, values, strict=True)]
        return ["", goal, *(name for name, _ in grid.systems)], rows
    whole = [index for index, item in enumerate(grid.goals) if not item.is_part]
    body: list[list[str | Reached | None]] = [[name, *(values[i] for i in whole)] for name, values in grid.systems]
    return ["", *(titles[i] for i in whole)], [[goal, *(bounds[i] for i in whole)], *body]


def bound_of(goal: Goal) -> str:
    """The bound as the table shows it."""
    if goal.bound is None:
        return ""
    if goal.form == "share":
        sign = "" if goal.bound == 1 else "≥ " if goal.is_floor else "≤ "
        return f"{sign}{100 * goal.bound:g}%"
    return f"{'≤ ' if goal.bound else ''}{goal.bound:g}"


def named(system: str, groups: Mapping[tuple[str, str], Sequence[Outcome]], english: bool) -> str:
    """A system with the number of its drafts (and polished paragraphs)."""
    counts = [f"n={len(found)}" for (_, name), found in groups.items() if name == system]
    if english:
        for chinese, word in (
            ("拟稿", "Nigao"),
            ("直接生成", "naive"),
            ("直接改写", "naive"),
            (" 无", " without "),
            ("、", ", "),
        ):
            system = system.replace(chinese, word)
    return f"{system} ({', '.join(counts)})"


# ---- one line for each draft ------------------------------------------------------------------------------------

DRAFT_TITLES = (
    "样例", "做法", "种子", "字数", "数字", "无依据", "不符", "往年", "要点", "标题", "篇幅", "重复", "报错", "提醒", "模型秒", "整稿秒",
)  # fmt: skip


def draft_rows(outcomes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    """One row for each draft: what it holds, what is wrong with it, how many findings it reports, how long it took."""
    return [_draft_row(outcome) for outcome in outcomes if outcome.suite == "drafting"]


def _draft_row(outcome: Outcome) -> tuple[str, ...]:
    counts, samples = outcome.counts, outcome.samples

    def ratio(name: str) -> str:
        return f"{counts[name][0]:g}/{counts[name][1]:g}" if name in counts else "—"

    def number(name: str) -> str:
        return f"{counts[name][0]:g}" if name in counts else "—"

    def seconds(name: str) -> str:
        return f"{samples[name][0]:.1f}" if samples.get(name) else "—"

    mixed = counts.get("right_indicator", (0.0, 0.0))
    return (
        outcome.case,
        outcome.system,
        str(outcome.seed),
        f"{sum(samples.get('characters', ())):g}",
        ratio("placed"),
        f"{sum(counts.get(name, (0.0, 0.0))[0] for name in WRONG):g}",
        f"{mixed[1] - mixed[0]:g}",
        number("traps"),
        ratio("covered"),
        ratio("headings"),
        ratio("length"),
        number("repeats"),
        number("errors"),
        number("warnings"),
        seconds("model_seconds"),
        seconds("draft_seconds"),
    )
