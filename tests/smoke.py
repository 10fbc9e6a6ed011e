"""Draft one section of a sample brief with the embedded model; exit 1 on any error finding (`make check-model`)."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from assistant import console
from assistant.brief import read_brief
from assistant.pipeline import Pipeline
from assistant.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    brief = read_brief(next(iter(sorted((ROOT / "data" / "briefs").glob("*.md")))))
    section = next(s for s in brief.sections if len(s.points) >= 2 and s.level > 1)
    with tempfile.TemporaryDirectory() as home:
        pipeline = Pipeline(replace(load_settings(), home=Path(home)))
        draft = pipeline.draft(
            brief,
            past=[ROOT / "data" / "reports"],
            section=section.heading,
            seed=1,
            on_event=console.show_events(brief),
        )
        pipeline.close()
    for drafted in draft.sections:
        print(f"{drafted.heading}\n{drafted.text}")
    console.show_draft(draft)
    return 1 if draft.verdict == "errors" else 0


if __name__ == "__main__":
    sys.exit(main())
