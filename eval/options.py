"""The command line of the evaluation."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

SUITES = ("figures", "review", "retrieval", "drafting", "polish", "speed")
FLAGS = ("slots", "masking", "repair", "fallback", "frame")
CASES = Path(__file__).resolve().parent / "cases"
DEFAULT_OUT = Path("out") / "eval"


@dataclass(frozen=True)
class Options:
    """What to run.

    Attributes:
        cases: folders or files of cases; empty means those of this project.
        models: names of models; empty means the one of the settings.
        seeds: seeds of every generated case.
        without: sets of safety parts to switch off, one set per extra system; the full system always runs.
        baselines: run the naive ways beside ours.
        limit: at most so many cases per suite, 0 for all.
    """

    suite: str
    cases: tuple[Path, ...] = ()
    models: tuple[str, ...] = ()
    models_file: Path | None = None
    seeds: tuple[int, ...] = (1,)
    without: tuple[frozenset[str], ...] = ()
    baselines: bool = True
    out: Path | None = None
    resume: bool = False
    limit: int = 0
    json: bool = False
    quiet: bool = False
    mutations: int = 200
    kinds: tuple[str, ...] = ()
    compare: tuple[Path, ...] = ()
    drafts: Path | None = None


def parse(arguments: list[str]) -> Options:
    """Options from arguments; exits with 2 and a message on wrong usage."""
    given = _parser().parse_args(arguments)
    if given.suite == "compare" and len(given.folders) != 2:
        _parser().error("compare 需要两个评测输出文件夹：nigao eval compare A B")
    if given.suite != "compare" and given.folders:
        _parser().error(f"多余的参数：{' '.join(given.folders)}")
    return Options(
        suite=given.suite,
        cases=tuple(given.cases),
        models=tuple(given.model),
        models_file=given.models,
        seeds=_seeds(given),
        without=_without(given),
        baselines=not given.no_baselines,
        out=given.out,
        resume=given.resume,
        limit=given.limit,
        json=given.json,
        quiet=given.quiet or given.json,
        mutations=given.mutations,
        kinds=tuple(given.kind),
        compare=tuple(Path(folder) for folder in given.folders),
        drafts=given.drafts,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nigao eval", description="评测：用代码打分，不靠模型评判。(Evaluation.)")
    parser.add_argument("suite", choices=(*SUITES, "all", "gate", "compare"), help="评测项目；compare A B 比较两次结果")
    parser.add_argument("folders", nargs="*", help="compare 的两个文件夹")
    add = parser.add_argument
    add("--cases", type=Path, action="append", default=[], help="样例文件夹或文件，可多次；默认用本项目自带的样例")
    add(
        "--model", action="append", default=[], help="模型名，可多次：内置模型、--models 文件里的名称，或 scripted:echo"
    )
    add("--models", type=Path, metavar="TOML", help="模型服务清单：[[model]] name base_url model api_key_env")
    add("--seed", type=int, action="append", default=[], help="随机种子，可多次；默认 1")
    add("--seeds", type=int, default=0, metavar="N", help="用种子 1 到 N")
    add("--flags", action="append", default=[], metavar="A,B", help=f"另跑一套关掉这些部件的：{' '.join(FLAGS)}")
    add("--ablation", action="store_true", help="各部件逐个关掉、全部关掉各跑一套")
    add("--no-baselines", action="store_true", help="不跑对照的简单做法")
    add("--out", type=Path, help="输出文件夹；默认 out/eval/时间")
    add("--resume", action="store_true", help="接着上次没跑完的跑")
    add("--limit", type=int, default=0, help="每项最多几个样例")
    add("--mutations", type=int, default=200, help="figures 里改错样例的段落数")
    add("--kind", action="append", default=[], help="review 只跑这些规则")
    add("--drafts", type=Path, help="drafting 改为给已有的稿件打分：文件夹里的 样例名.md")
    add("--json", action="store_true", help="标准输出只给一个 JSON")
    add("--quiet", action="store_true", help="不显示进度")
    return parser


def _seeds(given: argparse.Namespace) -> tuple[int, ...]:
    return tuple(range(1, given.seeds + 1)) if given.seeds else tuple(given.seed) or (1,)


def _without(given: argparse.Namespace) -> tuple[frozenset[str], ...]:
    wanted = [frozenset(part.strip() for part in text.split(",") if part.strip()) for text in given.flags]
    for flags in wanted:
        if unknown := flags - set(FLAGS):
            _parser().error(f"没有这个部件：{'、'.join(sorted(unknown))}。可选：{' '.join(FLAGS)}")
    if given.ablation:
        wanted += [frozenset([flag]) for flag in FLAGS] + [frozenset(FLAGS)]
    return tuple(dict.fromkeys(wanted))
