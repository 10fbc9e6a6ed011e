"""Search against graded judgements, beside BM25 alone, vectors alone and their plain fusion on the same passages.

A collection is a folder with `docs/`, `passages.jsonl` and `queries.jsonl`. Its library is built once and kept under
`out/eval/cache`, named by what it was made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath
from time import perf_counter
from typing import TYPE_CHECKING, Any

from eval.cases import CasesError, find_named, read_lines, take
from eval.options import CASES, DEFAULT_OUT, Options
from eval.outcome import Example, Outcome, Task
from eval.provenance import ROOT, hash_files
from eval.scoring.ranks import Judged, Ranking

if TYPE_CHECKING:
    from assistant.pipeline import Pipeline
    from eval.baselines.rankers import Rankers

Search = Callable[[str], list[tuple[str, str]]]
OURS = "拟稿"
WEAK = 0.3
"""A query below this nDCG is worth reading."""
_LIBRARY_CODE = ("embed.py", "embed_onnx.py", "split.py", "structure", "ingest", "schema.py", "library.py")


class Collection:
    """One collection with its library, opened at the first query."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.queries = read_lines(folder / "queries.jsonl", ("qid", "type", "query", "judged"))
        self.judged = Judged(read_lines(folder / "passages.jsonl", ("id", "doc", "text")))
        self._warm: set[str] = set()
        self._pipeline: Pipeline | None = None
        self._rankers: Rankers | None = None

    def warm(self, system: str, search: Search) -> None:
        """One query that is not timed, the first time that a system is asked."""
        if system not in self._warm:
            self._warm.add(system)
            search("营商环境")

    def search(self, query: str) -> list[tuple[str, str]]:
        """The product's hits as (document, text)."""
        hits = self._open().search(query, top=20, recency=False)
        return [(hit.document, hit.passage.text) for hit in hits]

    def rankers(self) -> Rankers:
        """The baselines over the same library."""
        if self._rankers is None:
            from eval.baselines.rankers import Collection as Passages
            from eval.baselines.rankers import Rankers

            retriever = self._open().retriever
            self._rankers = Rankers(Passages.of(retriever.library), retriever._embedder)
        return self._rankers

    def close(self) -> None:
        if self._pipeline:
            self._pipeline.close()

    def _open(self) -> Pipeline:
        if self._pipeline is None:
            self._pipeline = open_library(self.folder / "docs")
        return self._pipeline


def open_library(documents: Path) -> Pipeline:
    """A pipeline over a library of all documents of a folder; read only once per state of documents and code."""
    from assistant.pipeline import Pipeline
    from assistant.settings import load_settings

    code = [ROOT / "assistant" / name for name in _LIBRARY_CODE]
    home = DEFAULT_OUT.absolute() / "cache" / f"library-{hash_files([documents, *code])}"
    pipeline = Pipeline(replace(load_settings(), home=home, chroma_url=""))
    if not (home / "complete").exists():
        report = pipeline.ingest([documents])
        if report.failed:
            raise CasesError(f"有文件读不进资料库：{report.failed[:3]}")
        (home / "complete").touch()
    return pipeline


class RetrievalSuite:
    """All collections under the given places."""

    name = "retrieval"

    def __init__(self, options: Options) -> None:
        self._options = options
        folders = [path.parent for path in find_named(options.cases or (CASES,), "queries.jsonl")]
        if not folders:
            raise CasesError("没有 retrieval 的样例：要有 docs/、passages.jsonl 和 queries.jsonl。")
        self._collections = [Collection(folder) for folder in folders]

    def data(self) -> list[Path]:
        return [collection.folder for collection in self._collections]

    def close(self) -> None:
        for collection in self._collections:
            collection.close()

    def tasks(self) -> list[Task]:
        tasks = []
        for collection in self._collections:
            for item in take(collection.queries, self._options.limit):
                tasks += [_task(system, search, item, collection) for system, search in self._systems(collection)]
        return sorted(tasks, key=lambda task: task.system != OURS)

    def _systems(self, collection: Collection) -> list[tuple[str, Search]]:
        systems: list[tuple[str, Search]] = [(OURS, collection.search)]
        if self._options.baselines:
            systems += [
                ("BM25 二元字", lambda query: collection.rankers().bm25(query)),
                ("向量", lambda query: collection.rankers().dense(query)),
                ("倒数排名融合", lambda query: collection.rankers().fused(query)),
            ]
        return systems


def _task(system: str, search: Search, item: Mapping[str, Any], collection: Collection) -> Task:
    def failed(reason: str) -> Outcome:
        return _outcome(system, item, Ranking(0.0, 0.0, 0.0, 0.0), (), (), reason)

    return Task("retrieval", system, item["qid"], partial(_run, system, search, item, collection), failed)


def _run(system: str, search: Search, item: Mapping[str, Any], collection: Collection) -> Outcome:
    collection.warm(system, search)
    started = perf_counter()
    hits = search(item["query"])
    seconds = perf_counter() - started
    ranking = collection.judged.score(item["judged"], [(PurePath(name).stem, text) for name, text in hits])
    top = "；".join(text[:40].replace("\n", " ") for _, text in hits[:2])
    shown = f"nDCG {ranking.ndcg:.2f}　{item['query'][:60]} → {top}".replace("\n", " ")
    examples = (Example("ndcg", shown, 1 - ranking.ndcg),) if ranking.ndcg < WEAK else ()
    return _outcome(system, item, ranking, (seconds,), examples, "")


def _outcome(
    system: str,
    item: Mapping[str, Any],
    ranking: Ranking,
    seconds: tuple[float, ...],
    examples: tuple[Example, ...],
    failure: str,
) -> Outcome:
    values = {"ndcg": ranking.ndcg, "cond": ranking.conditional, "recall": ranking.recall, "mrr": ranking.reciprocal}
    return Outcome(
        suite="retrieval",
        system=system,
        case=item["qid"],
        group=str(item.get("source", item["qid"])).split("#")[0],
        kind=item["type"],
        counts={name: (value, 1.0) for name, value in values.items()},
        passed=ranking.ndcg >= WEAK,
        samples={"latency": seconds},
        examples=examples,
        failure=failure,
    )
