"""The command line of the evaluation."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

SUITES = ("figures", "review", "retrieval", "drafting", "polish", "speed")
_RUNS = (*SUITES, "all", "gate", "compare", "report")
FLAGS = ("slots", "masking", "repair", "fallback", "frame")
SYSTEMS = ("ours", "naive")
ABLATION = (
    frozenset(["fallback"]),
    frozenset(["frame"]),
    *(frozenset(["frame", part]) for part in ("slots", "masking", "repair", "fallback")),
    frozenset(FLAGS),
)
"""What `--ablation` switches off. Slots, masking and repair work where the model writes whole lines (`frame` off, as with
every endpoint), so each of them is measured there."""
CASES = Path(__file__).resolve().parent / "cases"
_SUITE_HELP = (
    "评测项目，all 全部，gate 是 make test 跑的一小部分；compare A B 比较两次结果，report A B… 把几次的结果并成一份报告"
)
DEFAULT_OUT = Path("out") / "eval"


@dataclass(frozen=True)
class Options:
    """What to run.

    Attributes:
        cases: folders or files of cases; empty means those of this project.
        models: names of models; empty means the one of the settings.
        only: beginnings of the names of the drafting cases to run; empty means all.
        seeds: seeds of every generated case.
        baseline_seeds: seeds of the naive way, which takes long and serves for scale: the first of `seeds`, unless asked.
        systems: of `SYSTEMS`, which to run; ablated ones come on top.
        without: sets of safety parts to switch off, one set per extra system; the full system always runs.
        baselines: run the naive ways beside ours.
        limit: at most so many cases per suite, 0 for all.
        minutes: begin no further case after so many minutes, 0 for no bound.
        folders: of `compare` and `report`.
    """

    suite: str
    cases: tuple[Path, ...] = ()
    models: tuple[str, ...] = ()
    models_file: Path | None = None
    only: tuple[str, ...] = ()
    seeds: tuple[int, ...] = (1,)
    baseline_seeds: tuple[int, ...] = (1,)
    systems: tuple[str, ...] = SYSTEMS
    without: tuple[frozenset[str], ...] = ()
    baselines: bool = True
    out: Path | None = None
    resume: bool = False
    limit: int = 0
    minutes: float = 0.0
    json: bool = False
    quiet: bool = False
    mutations: int = 200
    kinds: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    drafts: Path | None = None


def parse(arguments: list[str]) -> Options:
    """Options from arguments; exits with 2 and a message on wrong usage."""
    given = _parser().parse_args(arguments)
    _require_suite(given.suite, len(given.folders))
    seeds = _seeds(given)
    return Options(
        suite=given.suite,
        cases=tuple(given.cases),
        models=tuple(given.model),
        models_file=given.models,
        only=tuple(given.only),
        seeds=seeds,
        baseline_seeds=seeds[: given.baseline_seeds],
        systems=tuple(given.systems.split(",")),
        without=_without(given),
        baselines=not given.no_baselines,
        out=given.out,
        resume=given.resume,
        limit=given.limit,
        minutes=given.minutes,
        json=given.json,
        quiet=given.quiet or given.json,
        mutations=given.mutations,
        kinds=tuple(given.kind),
        folders=tuple(Path(folder) for folder in given.folders),
        drafts=given.drafts,
    )


def _require_suite(suite: str, given: int) -> None:
    if suite not in _RUNS:
        wrong = f"没有评测项目“{suite}”" if suite else "请写明评测项目"
        _parser().error(f"{wrong}，可选：{' '.join(_RUNS)}")
    if suite == "compare" and given != 2:
        _parser().error("compare 需要两个评测输出文件夹：nigao eval compare A B")
    if suite == "report" and not given:
        _parser().error("report 需要评测输出文件夹，可多个：nigao eval report A B")
    if suite not in ("compare", "report") and given:
        _parser().error("多余的参数；样例用 --cases 指定")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"命令用法不对：{message}。用 nigao eval --help 查看用法。\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="nigao eval", description="评测：用代码打分，不靠模型评判。(Evaluation.)")
    parser.add_argument("suite", nargs="?", default="", help=f"{' '.join(_RUNS)}：{_SUITE_HELP}")
    parser.add_argument("folders", nargs="*", help="compare 的两个文件夹，report 的一个或几个")
    add = parser.add_argument
    add("--cases", type=Path, action="append", default=[], help="样例文件夹或文件，可多次；默认用本项目自带的样例")
    add(
        "--model", action="append", default=[], help="模型名，可多次：内置模型、--models 文件里的名称，或 scripted:echo"
    )
    add("--models", type=Path, metavar="TOML", help="模型服务清单：[[model]] name base_url model api_key_env")
    add("--seed", type=int, action="append", default=[], help="随机种子，可多次；默认 1")
    add("--seeds", type=int, default=0, metavar="N", help="用种子 1 到 N")
    add("--only", action="append", default=[], metavar="NAME", help="drafting 只跑名字以此开头的样例，可多次")
    add("--systems", default="ours,naive", type=_systems, help="drafting、polish 跑哪些做法：ours naive，用逗号隔开")
    add("--baseline-seeds", type=int, default=1, metavar="N", help="简单做法跑几个种子；默认只跑第一个")
    add("--flags", action="append", default=[], metavar="A,B", help=f"另跑一套关掉这些部件的：{' '.join(FLAGS)}")
    add("--ablation", action="store_true", help="各部件逐个关掉、全部关掉各跑一套")
    add("--no-baselines", action="store_true", help="不跑对照的简单做法")
    add("--out", type=Path, help="输出文件夹；默认 out/eval/时间")
    add("--resume", action="store_true", help="接着上次没跑完的跑")
    add("--limit", type=int, default=0, help="每项最多几个样例")
    add("--minutes", type=float, default=0.0, help="到这么多分钟后不再开始新的样例，之后可用 --resume 接着跑")
    add("--mutations", type=int, default=200, help="figures 里改错样例的段落数")
    add("--kind", action="append", default=[], help="review 只跑这些规则")
    add("--drafts", type=Path, help="drafting 改为给已有的稿件打分：文件夹里的 样例名.md")
    add("--json", action="store_true", help="标准输出只给一个 JSON")
    add("--quiet", action="store_true", help="不显示进度")
    return parser


def _systems(text: str) -> str:
    if unknown := set(text.split(",")) - set(SYSTEMS):
        raise argparse.ArgumentTypeError(f"没有这种做法：{'、'.join(sorted(unknown))}。可选：{' '.join(SYSTEMS)}")
    return text


def _seeds(given: argparse.Namespace) -> tuple[int, ...]:
    return tuple(range(1, given.seeds + 1)) if given.seeds else tuple(given.seed) or (1,)


def _without(given: argparse.Namespace) -> tuple[frozenset[str], ...]:
    wanted = [frozenset(part.strip() for part in text.split(",") if part.strip()) for text in given.flags]
    for flags in wanted:
        if unknown := flags - set(FLAGS):
            _parser().error(f"没有这个部件：{'、'.join(sorted(unknown))}。可选：{' '.join(FLAGS)}")
    if given.ablation:
        wanted += ABLATION
    return tuple(dict.fromkeys(wanted))
