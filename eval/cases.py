"""Cases from disk: JSON lines, folders of briefs, collections for retrieval. A malformed case stops the run at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


class CasesError(ValueError):
    """Cases that are missing or malformed; the message says where and what is wrong."""


def read_lines(path: Path, required: Sequence[str]) -> list[dict[str, Any]]:
    """Items of a JSON-lines file, each with the required fields.

    Raises:
        CasesError: a line is no object or lacks a field.
    """
    items = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise CasesError(f"{path} 第 {number} 行不是 JSON：{error}") from error
        if missing := [name for name in required if name not in item]:
            raise CasesError(f"{path} 第 {number} 行缺少：{'、'.join(missing)}")
        items.append(item)
    return items


def find_named(places: Iterable[Path], name: str) -> list[Path]:
    """Files of this name in the given folders (or given themselves), in order."""
    found: list[Path] = []
    for place in places:
        if not place.exists():
            raise CasesError(f"没有找到样例 {place}。")
        if place.is_file():
            found += [place] if place.name == name else []
        else:
            found += sorted(place.rglob(name))
    return list(dict.fromkeys(found))


def find_briefs(places: Iterable[Path]) -> list[Path]:
    """Folders with `brief.md` and `facts.json`."""
    return [path.parent for path in find_named(places, "facts.json") if (path.parent / "brief.md").is_file()]


def take(items: Sequence[Any], limit: int) -> list[Any]:
    """The first `limit` items, all for 0; spread over the whole list, so that a limit does not mean one document."""
    if not limit or limit >= len(items):
        return list(items)
    return [items[index * len(items) // limit] for index in range(limit)]
