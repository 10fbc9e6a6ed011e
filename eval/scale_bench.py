"""What searching a large library costs: opening, memory, time per search, reading speed; a fresh process per figure.

    python -m eval.scale bench --home DIR [--source DIR] [--queries FILE] [--runs 5]

Every line tells the machine's load while it was measured. “Cold” means that the library's files and the embedding model
were dropped from the page cache first; Python and its packages were not.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from assistant.archive import tag
from assistant.embed import EMBEDDED_DIMENSION
from assistant.errors import InputError
from assistant.ingest import find_files, read_document
from assistant.library import Library
from assistant.retrieve import Filters, Retriever, open_retriever
from assistant.settings import load_settings
from assistant.split import split

QUERIES = (
    "营商环境怎么写",
    "防范化解金融风险",
    "钱不够用，企业贷不到款",
    "打工的人工钱被拖欠，要帮他们要回来",
    "开头总述全年工作的句子",
    "怎么写存在的问题：项目少、后劲不足",
    "乡村振兴 产业发展",
    "大气污染治理\n- 淘汰燃煤锅炉60台\n- 优良天数比例提高3个百分点",
    "就业和社会保障\n- 城镇新增就业5200人\n- 零就业家庭动态清零",
    "感谢各界支持的话",
)
REPEATS = 4
"""How often the queries above are asked; queries from a file are asked once."""
FILTERS = {
    "plain": Filters(),
    "years": Filters(year_from=2020, year_to=2022),
    "unit": Filters(unit="甲县"),
    "type": Filters(doc_type="工作总结"),
    "role": Filters(role="存在问题"),
}
PATIENCE = 600.0
"""Seconds that the vector index may take to be ready."""


def bench(home: Path, *, source: Path | None = None, queries: Path | None = None, runs: int = 5) -> None:
    """Print every figure as a line of JSON.

    Args:
        home: the library.
        source: reports to measure reading with; left out when None.
        queries: lines with a `query`; the own ten when None.
        runs: fresh processes for each figure of opening.
    """
    _fresh(home, "opening")  # makes what is missing beside the library, so that no figure is of that
    for name in ("warm", "cold"):
        found = [_fresh(home, "opening", cold=name == "cold") for _ in range(runs)]
        report(f"open {name}", **_summary(found))
    for mode in ("exact", "index"):
        for line in _fresh_lines(home, mode, queries):
            print(line, flush=True)
    if source is not None:
        read_speed(source)


def opening(home: Path) -> None:
    """Seconds from opening a library until the first search is answered, of the wall and of the processor."""
    started, busy = time.perf_counter(), time.process_time()
    retriever = open_retriever(load_settings(home=home))
    retriever.search(QUERIES[0])
    seconds, cpu = time.perf_counter() - started, time.process_time() - busy
    # The interpreter and its imports come before.
    report("opening", seconds=round(seconds, 3), cpu=round(cpu, 3), whole_cpu=round(time.process_time(), 3), **memory())
    retriever.close()


def searching(home: Path, queries: Sequence[str], *, index: bool) -> None:
    """Milliseconds per search with each kind of filter, and the memory afterwards.

    Args:
        index: wait for the vector index first; else all searches are exact.
    """
    retriever = open_retriever(load_settings(home=home))
    retriever.search(queries[0])
    if index:
        _await_index(retriever, queries)
    for name, filters in FILTERS.items():
        wall, cpu = _times(retriever, queries, filters)
        report(f"search {name}, {'index' if retriever.uses_index else 'exact'}", **_spread(wall, cpu))
    report(f"memory, {'index' if index else 'exact'}", **memory())
    retriever.close()


def read_speed(source: Path) -> None:
    """Megabytes of text a second through reading, splitting, tagging and storing, without embedding."""
    size, started, busy = 0, time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder), write=True) as library:
        for found in find_files([source]):
            try:
                document = read_document(found.path, name=found.name) if not found.problem else None
            except InputError:
                continue  # a file without text is refused, which is not what is measured
            if document is None:
                continue
            passages = split(document)
            vectors = np.zeros((len(passages), EMBEDDED_DIMENSION), dtype=np.float32)
            library.add(document, passages, vectors, tags=tag(passages, len(document.text)), embedder="none")
            size += len(document.text.encode())
    megabytes, wall, cpu = size / 1e6, time.perf_counter() - started, time.process_time() - busy
    report(
        "read, split and store",
        megabytes=round(megabytes, 4),
        per_second=round(megabytes / wall, 2),
        per_cpu_second=round(megabytes / cpu, 2),
    )


def report(name: str, **figures: float) -> None:
    """Print a figure with the machine's load."""
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    print(json.dumps({"measure": name, **figures, "load": load}, ensure_ascii=False), flush=True)


def memory() -> dict[str, float]:
    """Megabytes of this process: now, at its peak, and the part of now that is its own rather than of mapped files."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:  # not Linux
        return {}
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith(" kB")}
    names = {"mb": "VmRSS", "peak_mb": "VmHWM", "own_mb": "RssAnon"}
    return {name: round(kilobytes[key] / 1024) for name, key in names.items()}


# ---- processes --------------------------------------------------------------------------------------------------


def _fresh(home: Path, what: str, *, cold: bool = False) -> dict[str, float]:
    if cold:
        drop_from_cache(home)
    (line,) = _fresh_lines(home, what, None)
    found: dict[str, float] = json.loads(line)
    return found


def _fresh_lines(home: Path, what: str, queries: Path | None) -> list[str]:
    command = [sys.executable, "-m", "eval.scale_bench", what, str(home), *([str(queries)] if queries else [])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    return done.stdout.splitlines()


def drop_from_cache(home: Path) -> None:
    """Have the system forget the contents of the library's files and of the embedding model."""
    from assistant.embed import model_file

    for path in [*home.rglob("*"), model_file()]:
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _summary(found: Sequence[dict[str, float]]) -> dict[str, float]:
    """Median and worst of the seconds, medians of the rest."""
    names = [name for name in found[0] if name not in ("measure", "load")]
    medians = {name: round(statistics.median(one[name] for one in found), 3) for name in names}
    return {"runs": len(found), **medians, "worst_seconds": max(one["seconds"] for one in found)}


def _await_index(retriever: Retriever, queries: Sequence[str]) -> None:
    """Leave the retriever the quiet moment it needs, and search once in the middle of it."""
    deadline = time.monotonic() + PATIENCE
    while not (retriever.uses_index or retriever.opens_index) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    if retriever.opens_index:
        wall, cpu = _times(retriever, queries[:1], Filters())
        report("one search while the index is opened", wall_ms=round(wall[0], 1), cpu_ms=round(cpu[0], 1))
    while not retriever.uses_index and time.monotonic() < deadline:
        time.sleep(0.1)


def _times(retriever: Retriever, queries: Iterable[str], filters: Filters) -> tuple[list[float], list[float]]:
    """Milliseconds of each search: wall, processor."""
    wall, cpu = [], []
    for query in queries:
        started, busy = time.perf_counter(), time.process_time()
        retriever.search(query, filters=filters)
        wall.append(1000 * (time.perf_counter() - started))
        cpu.append(1000 * (time.process_time() - busy))
    return wall, cpu


def _spread(wall: Sequence[float], cpu: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(wall, [50, 95])
    cpu50, cpu95 = np.percentile(cpu, [50, 95])
    figures = {"p50_ms": p50, "p95_ms": p95, "worst_ms": max(wall), "cpu_p50_ms": cpu50, "cpu_p95_ms": cpu95}
    return {"searches": len(wall), **{name: round(float(value), 1) for name, value in figures.items()}}


def _queries(path: Path | None) -> list[str]:
    if path is None:
        return list(QUERIES * REPEATS)
    return [json.loads(line)["query"] for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    what, home, *rest = sys.argv[1:]
    if what == "opening":
        opening(Path(home))
    else:
        searching(Path(home), _queries(Path(rest[0]) if rest else None), index=what == "index")


if __name__ == "__main__":
    main()
