"""A run on disk: `manifest.json`, and `results.jsonl` with one line per finished case.

A line is written whole and flushed, so a kill loses at most the case in hand; a torn last line is dropped when the run
is resumed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.outcome import Key, Outcome

RESULTS, MANIFEST = "results.jsonl", "manifest.json"
VOLATILE = ("started", "command", "machine", "resumed")
"""Parts of a manifest that differ from run to run and mean nothing."""
MAY_CHANGE = (*VOLATILE, "commit")
"""Parts that may differ between a run and its resumption: what a commit changes is in the hashes of code and data."""


_WORDS = {
    "code": "程序代码 assistant/", "scorer": "评分器 eval/scoring/", "prompts": "提示词 prompts/", "data": "样例",
    "models": "模型", "seeds": "种子", "without": "关掉的部件", "suites": "评测项目", "limit": "--limit", "versions": "依赖的版本",
}  # fmt: skip


class StoreError(ValueError):
    """The folder does not hold what is asked for; the message says what to do."""


class RunStore:
    """Results of one run; `done` are those already there.

    Raises:
        StoreError: the folder holds another run and `resume` is not set, or the run to resume is a different one.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any], *, resume: bool) -> None:
        self.folder = folder
        self._path = folder / RESULTS
        folder.mkdir(parents=True, exist_ok=True)
        if self._path.exists() and not resume:
            raise StoreError(f"{folder} 里已有一次评测的结果。继续它请加 --resume；另存请换 --out。")
        if resume and (folder / MANIFEST).exists():
            _require_same(read_manifest(folder), manifest)
        self.done: dict[Key, Outcome] = {outcome.key: outcome for outcome in _repair(self._path)}
        write_json(folder / MANIFEST, {**manifest, "resumed": bool(self.done)})
        self._file = self._path.open("a", encoding="utf-8")

    def add(self, outcome: Outcome) -> None:
        """Keep a finished case."""
        self._file.write(json.dumps(outcome.to_json(), ensure_ascii=False) + "\n")
        self._file.flush()
        if outcome.seconds > 1:
            os.fsync(self._file.fileno())
        self.done[outcome.key] = outcome

    def close(self) -> None:
        self._file.close()


def _repair(path: Path) -> list[Outcome]:
    """The whole lines of a results file; what follows the last of them is cut off."""
    if not path.exists():
        return []
    kept, size = [], 0
    with path.open("rb") as file:
        for line in file:
            try:
                kept.append(Outcome.from_json(json.loads(line)))
            except (ValueError, KeyError, TypeError):
                break
            if not line.endswith(b"\n"):
                kept.pop()
                break
            size += len(line)
    os.truncate(path, size)
    return kept


def _require_same(old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    differing = [key for key in sorted({*old, *new}) if key not in MAY_CHANGE and old.get(key) != new.get(key)]
    if differing:
        named = "、".join(_WORDS.get(key, key) for key in differing)
        raise StoreError(f"这次的条件与原来那次不同（{named}），不能接着跑。请换一个 --out 重新开始。")


def read_results(folder: Path) -> list[Outcome]:
    """Outcomes of a run.

    Raises:
        StoreError: there is none.
    """
    return list(_lines(folder / RESULTS))


def _lines(path: Path) -> Iterator[Outcome]:
    if not path.is_file():
        raise StoreError(f"没有找到评测结果 {path}。请给出一次评测的输出文件夹。")
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n"):
                yield Outcome.from_json(json.loads(line))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The conditions of a run; empty when they were not recorded."""
    path = folder / MANIFEST
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def merge_runs(folders: Sequence[Path]) -> tuple[list[Outcome], dict[str, Any]]:
    """Outcomes of several runs as one, those of a later folder in the place of an earlier one's, and all conditions.

    Raises:
        StoreError: a folder holds no results.
    """
    merged = {outcome.key: outcome for folder in folders for outcome in read_results(folder)}
    if len(folders) == 1:
        return list(merged.values()), read_manifest(folders[0])
    return list(merged.values()), {"runs": {str(folder): read_manifest(folder) for folder in folders}}


def write_json(path: Path, body: Any) -> None:
    """Write a file in one step: it is the old one or the new one, never half."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)
