"""The measures of every suite: what each is called, which way is better, how it is put together from cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scale = Literal["percent", "per_1000", "number", "seconds", "millis"]
Statistic = Literal["ratio", "median", "p95"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of merit.

    Args:
        name: key in `Outcome.counts` (ratio) or `Outcome.samples` (median, p95).
        title: what the reports show.
        better: which way is better; "" where there is none.
        scale: how the value is printed.
        statistic: sum of numerators over sum of denominators, or a percentile of all samples.
        weight: how far up its examples stand.
    """

    name: str
    title: str
    better: Literal["up", "down", ""] = "up"
    scale: Scale = "percent"
    statistic: Statistic = "ratio"
    weight: float = 1.0

    @property
    def key(self) -> str:
        """Name that is unique among a suite's measures."""
        return self.name if self.statistic == "ratio" else f"{self.name}.{self.statistic}"


FAILED = Measure("failed", "运行失败", "down", weight=9)

MEASURES: dict[str, tuple[Measure, ...]] = {
    "figures": (
        Measure("found", "错稿查出率", weight=3),
        Measure("false_alarm", "对稿误报率", "down", weight=4),
        Measure("named", "错误类别判对"),
        Measure("pairs", "成对样例判对", weight=2),
        Measure("mention_f1", "数字识别 F1", weight=2),
        Measure("value_accuracy", "数值读对", weight=3),
        Measure("false_mention", "多认的数字（每千字）", "down", "per_1000"),
        FAILED,
    ),
    "review": (
        Measure("found", "查出率", weight=2),
        Measure("false_alarm", "误报率（干净的样例）", "down", weight=4),
        Measure("control_error", "自然段误报错误级", "down", weight=4),
        Measure("control_any", "自然段误报任何级", "down"),
        Measure("control_rate", "自然段误报（每千字）", "down", "per_1000"),
        FAILED,
    ),
    "retrieval": (
        Measure("ndcg", "nDCG@10", weight=2),
        Measure("cond", "nDCG@10（只计有标注的）"),
        Measure("recall", "召回@10"),
        Measure("mrr", "MRR@10"),
        Measure("latency", "单次检索 p95", "down", "millis", "p95"),
        FAILED,
    ),
    "drafting": (
        Measure("supported", "数字有依据", weight=8),
        Measure("altered", "每稿改错的数字", "down", "number", weight=8),
        Measure("invented", "每稿编造的数字", "down", "number", weight=8),
        Measure("unit", "每稿换了单位的数字", "down", "number", weight=8),
        Measure("leftover", "每稿往年的数字和标记", "down", "number", weight=8),
        Measure("placed", "数字写入本部分", weight=3),
        Measure("placed_anywhere", "数字写入全文"),
        Measure("right_indicator", "数字与指标相符", weight=7),
        Measure("clear_indicator", "看得出指标"),
        Measure("direction", "增减方向不变", weight=7),
        Measure("hedge", "限定词不变", weight=5),
        Measure("said_once", "数字不重复"),
        Measure("doubtful", "疑似多出的小数目", "down"),
        Measure("traps", "往年内容混入", "down", weight=8),
        Measure("soft_traps", "往年内容混入（轻）", "down"),
        Measure("covered", "要点覆盖", weight=3),
        Measure("blanks", "空缺标出", weight=4),
        Measure("headings", "标题原样", weight=5),
        Measure("heading_order", "标题次序", weight=5),
        Measure("length", "篇幅在±20%内"),
        Measure("repeats", "每稿重复句", "down", "number", weight=3),
        Measure("clauses", "每稿重复分句", "down", "number"),
        Measure("padding", "套话占篇幅", "down"),
        Measure("counts", "每稿计数不符", "down", "number", weight=2),
        Measure("remnants", "每稿对话或标记残留", "down", "number", weight=4),
        Measure("structure", "部分内容合体例"),
        Measure("first_person", "述职报告用第一人称"),
        Measure("admitted", "缺漏有提示"),
        Measure("clean_claim", "无误却报错", "down"),
        Measure("errors", "每稿报出的错误", "", "number"),
        Measure("warnings", "每稿报出的提醒", "", "number"),
        Measure("draft_seconds", "整稿用时中位数", "down", "seconds", "median"),
        Measure("seconds_300", "每300字模型用时中位数", "down", "seconds", "median"),
        Measure("overhead", "模型以外的时间占模型时间", "down"),
        FAILED,
    ),
    "polish": (
        Measure("facts_changed", "事实有改变的段落", "down", weight=9),
        Measure("figures_kept", "数字不变", weight=8),
        Measure("names_kept", "书名号与引号内不变", weight=5),
        Measure("turns_kept", "增减与同比不变", weight=5),
        Measure("separable", "改动可逐条取舍，其余一字不动", weight=5),
        Measure("changed", "改动比例", ""),
        Measure("rejected", "未作改动", ""),
        Measure("remnants", "每段对话或标记残留", "down", "number", weight=4),
        Measure("seconds", "每段用时中位数", "down", "seconds", "median"),
        FAILED,
    ),
    "speed": (
        Measure("overhead", "自身开销（脚本模型，每节）", "down", "millis", "median"),
        Measure("recognise", "识别速度（字/秒）", "up", "number"),
        Measure("check_report", "核对2万字报告", "down", "seconds", "median"),
        Measure("search", "检索中位数", "down", "millis", "median"),
        Measure("search", "检索 p95", "down", "millis", "p95"),
        Measure("help", "nigao --help", "down", "seconds", "median"),
        Measure("app_start", "网页版启动", "down", "seconds", "median"),
        FAILED,
    ),
}


def measures_of(suite: str) -> tuple[Measure, ...]:
    """Measures of a suite; a part such as `figures/pairs` has those of its suite."""
    return MEASURES[suite.split("/")[0]]


def show(value: float | None, scale: Scale) -> str:
    """A value as the reports print it; a dash where nothing was measured."""
    if value is None:
        return "—"
    if scale == "percent":
        return f"{100 * value:.1f}%"
    if scale == "per_1000":
        return f"{1000 * value:.2f}"
    if scale == "seconds":
        return f"{value:.2f} s"
    if scale == "millis":
        return f"{1000 * value:.1f} ms"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
