"""`python -m eval SUITE`: run suites, a gate, or a comparison of two runs.

Exit 0 done, 1 a threshold of the gate was missed, 2 wrong usage or cases, 3 the model or a store failed, 130 stopped.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from time import monotonic

from assistant.errors import NigaoError
from eval.cases import CasesError
from eval.models import ModelChoice, choose_models
from eval.options import DEFAULT_OUT, SUITES, Options, parse
from eval.outcome import Outcome
from eval.scoring.labels import LabelError
from eval.store import RunStore, StoreError

USES_MODEL = ("drafting", "polish")


def main(arguments: list[str]) -> int:
    """Run the evaluation and return its exit code."""
    try:
        options = parse(arguments)
    except SystemExit as error:
        return int(error.code or 0)
    try:
        if options.suite == "compare":
            return _compare(options)
        if options.suite == "report":
            return _report(options)
        if options.suite == "gate":
            from eval.gate import run_gate

            return run_gate(options)
        return _run(options)
    except KeyboardInterrupt:
        print(
            "已停下，跑完的都已保存。用同样的命令加 --resume 接着跑；nigao eval report 看已有的结果。", file=sys.stderr
        )
        return 130
    except NigaoError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except (CasesError, LabelError, StoreError) as error:
        print(error, file=sys.stderr)
        return 2


def _run(options: Options) -> int:
    from eval.report import write_report

    folder = options.out or _new_folder(options.suite)
    outcomes, manifest = run_suites(options, folder)
    write_report(folder, outcomes, manifest, json_only=options.json)
    return 0


def _report(options: Options) -> int:
    """One report over the results of several runs, finished or not; without `--out` a single run's own is renewed."""
    from eval.report import write_report
    from eval.store import merge_runs

    outcomes, manifest = merge_runs(options.folders)
    folder = options.out or (options.folders[0] if len(options.folders) == 1 else _new_folder("report"))
    folder.mkdir(parents=True, exist_ok=True)
    write_report(folder, outcomes, manifest, json_only=options.json)
    return 0


def _new_folder(name: str) -> Path:
    return DEFAULT_OUT / f"{name}-{datetime.now():%Y%m%d-%H%M%S}"


def run_suites(options: Options, folder: Path) -> tuple[list[Outcome], dict[str, object]]:
    """Run the suites of the options into a folder.

    Raises:
        CasesError, LabelError: the cases cannot be used.
        StoreError: the folder holds another run.
        NigaoError: a model is missing.
    """
    from eval.provenance import record
    from eval.runner import run_tasks
    from eval.suites import open_suite
    from eval.tables import Watch

    names = SUITES if options.suite == "all" else (options.suite,)
    models = _models(options) if any(name in USES_MODEL for name in names) and not options.drafts else []
    watch = Watch(options.quiet)
    suites = [open_suite(name, options, models, folder, watch.say) for name in names]
    data = [path for suite in suites for path in suite.data()]
    manifest = record(
        data,
        suites=list(names),
        seeds=list(options.seeds),
        limit=options.limit,
        without=[sorted(flags) for flags in options.without],
        models=[model.identity() for model in models],
    )
    store = RunStore(folder, manifest, resume=options.resume)
    deadline = monotonic() + 60 * options.minutes if options.minutes else None
    outcomes: list[Outcome] = []
    total = 0
    with closing(store), watch:
        for suite in suites:
            with closing(suite):
                tasks = suite.tasks()
                total += len(tasks)
                outcomes += run_tasks(tasks, store, watch, deadline=deadline)
    watch.finished(len(outcomes), total)
    return outcomes, {**manifest, "cases": {"wanted": total, "run": len(outcomes)}}


def _models(options: Options) -> list[ModelChoice]:
    return choose_models(options.models, options.models_file)


def _compare(options: Options) -> int:
    from eval.compare import compare_runs
    from eval.tables import print_comparison

    comparison = compare_runs(*options.folders)
    if options.json:
        print(json.dumps(comparison.to_json(), ensure_ascii=False))
    else:
        print_comparison(comparison)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
