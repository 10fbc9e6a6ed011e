"""How much of the processors other programs take while we time something, from the kernel's own counters."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")


class Load:
    """Counts from its making on. Elsewhere than on Linux nothing is known and nobody else is assumed."""

    def __init__(self) -> None:
        self._busy, self._all = _machine()
        self._own = _own()

    def others(self) -> float:
        """Share of all processor time since then that neither was idle nor went to this process and its children."""
        busy, everything = _machine()
        passed = everything - self._all
        return max(0.0, (busy - self._busy) - (_own() - self._own)) / passed if passed else 0.0


def _machine() -> tuple[int, int]:
    """Ticks of all processors that were not idle (those stolen by the host among them), and all ticks."""
    if not (_PROC / "stat").exists():
        return 0, 0
    ticks = [int(word) for word in (_PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]]
    idle = ticks[3] + ticks[4]
    return sum(ticks) - idle, sum(ticks)


def _own() -> int:
    """Ticks of this process and everything below it, ended children included."""
    parents, spent = {}, {}
    for folder in _PROC.glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        parents[int(folder.name)] = int(fields[1])
        spent[int(folder.name)] = sum(int(fields[at]) for at in range(11, 15))
    return sum(ticks for process, ticks in spent.items() if _is_below(process, os.getpid(), parents))


def _is_below(process: int, root: int, parents: dict[int, int]) -> bool:
    while process > 1:
        if process == root:
            return True
        process = parents.get(process, 0)
    return False
