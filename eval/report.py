"""What a run leaves behind: `report.json`, `report.html`, `report.md`, and tables on the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.outcome import Outcome
from eval.store import write_json
from eval.summary import summarise, worst


def report_json(outcomes: Sequence[Outcome], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The whole report as one document."""
    return {
        "manifest": dict(manifest),
        "cases": len(outcomes),
        "failed": [{"case": list(o.key), "reason": o.failure} for o in outcomes if o.failure],
        "rows": [row.to_json() for row in summarise(outcomes)],
        "worst": [
            {
                "suite": w.suite,
                "system": w.system,
                "case": w.case,
                "seed": w.seed,
                "measure": w.example.kind,
                "text": w.example.text,
            }
            for w in worst(outcomes)
        ],
    }


def write_report(folder: Path, outcomes: Sequence[Outcome], manifest: Mapping[str, Any], *, json_only: bool) -> None:
    """Write the files and print the tables, or with `json_only` the JSON alone."""
    from eval.markdown import markdown_tables
    from eval.page import write_page
    from eval.tables import print_report

    body = report_json(outcomes, manifest)
    write_json(folder / "report.json", body)
    rows, examples = summarise(outcomes), worst(outcomes)
    (folder / "report.md").write_text(markdown_tables(rows, outcomes), encoding="utf-8")
    write_page(folder / "report.html", rows, examples, outcomes, manifest)
    if json_only:
        print(json.dumps(body, ensure_ascii=False))
        return
    print_report(rows, examples, outcomes)
    print(f"报告：{folder / 'report.html'}", file=sys.stderr)
