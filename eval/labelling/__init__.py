"""From hand-written sources to the case files of the suites: one module per file that is built.

Knows nothing about `assistant`: the labels must not be made by the code they judge.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CASES = Path(__file__).resolve().parent.parent / "cases"
REPORTS = CASES.parents[1] / "data" / "reports"


class CaseError(Exception):
    """A source that cannot be built; the message says where and why."""


def json_lines(rows: Iterable[Any]) -> str:
    """One JSON document a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
