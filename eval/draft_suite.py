"""Drafts the labelled briefs and scores them: the program, its variants with guarantees off, and the naive way.

python -m eval.draft_suite BRIEFS_DIR OUT_DIR [--variant full|lines|no-slots|no-repair|no-fallback|no-masking|naive]
                           [--seed 1] [--only 01] [--model NAME]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median
from typing import Any

from eval.score_drafts import Score, score

VARIANTS = ("full", "lines", "no-slots", "no-repair", "no-fallback", "no-masking", "naive")


def main(argv: Sequence[str]) -> int:
    """Draft, save, score, print one line for each brief."""
    options = _options(argv)
    from assistant.llm import connect
    from assistant.settings import load_settings

    model = connect(load_settings(model=options.model))
    options.out.mkdir(parents=True, exist_ok=True)
    for folder in sorted(path for path in options.briefs.iterdir() if path.name.startswith(options.only)):
        started = time.monotonic()
        draft = _draft(folder, model, options.variant, options.seed)
        draft["wall"] = time.monotonic() - started
        name = f"{folder.name}.{options.variant}.{options.seed}.json"
        (options.out / name).write_text(json.dumps(draft, ensure_ascii=False, indent=1), encoding="utf-8")
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        result = score(draft, facts, (folder / "brief.md").read_text(encoding="utf-8"))
        print(line(folder.name, options.variant, options.seed, result), flush=True)
        for note in result.notes:
            print("    ", note)
    return 0


def line(name: str, variant: str, seed: int, result: Score) -> str:
    """One line of the result table."""
    own = 1 - result.model_seconds / max(1e-9, sum(result.seconds))
    return (
        f"{name[:12]} {variant} seed {seed}: placed {result.placed}/{result.facts} unsupported {result.unsupported} "
        f"unit {result.unit} direction {result.direction} detached {result.detached} traps {result.traps_hard}"
        f"+{result.traps_soft} bullets {result.covered}/{result.bullets} headings {result.headings_kept} "
        f"length {result.in_length}/{result.targets} repeated {result.repeated} "
        f"section median {median(result.seconds or [0]):.1f}s max {max(result.seconds or [0]):.1f}s own {own:.1%}"
    )


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="eval.draft_suite")
    parser.add_argument("briefs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--variant", choices=VARIANTS, default="full")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--model", default=None)
    return parser.parse_args(argv)


def _draft(folder: Path, model: Any, variant: str, seed: int) -> dict[str, Any]:
    from assistant.brief import read_brief
    from assistant.contracts import draft_json
    from assistant.generate import SafetyFlags, coverage_of, draft_section
    from assistant.records import Draft, DraftSection
    from eval.naive import hits_of, naive_section

    brief = read_brief(folder / "brief.md")
    past = sorted((folder / "past").glob("*.txt")) if (folder / "past").is_dir() else []
    flags = {
        "full": SafetyFlags(),
        "lines": SafetyFlags(frame=False),
        "no-slots": SafetyFlags(frame=False, slots=False),
        "no-repair": SafetyFlags(frame=False, repair=False),
        "no-fallback": SafetyFlags(frame=False, fallback=False),
        "no-masking": SafetyFlags(frame=False, masking=False),
        "naive": SafetyFlags(),
    }[variant]
    sections = []
    for section in brief.sections:
        if not section.points:
            sections.append(DraftSection(section.heading, section.path, section.level, "", section.target_length))
            continue
        hits = hits_of(section, past)
        if variant == "naive":
            sections.append(naive_section(section, brief, hits, model, seed=seed))
        else:
            sections.append(draft_section(section, brief, hits, model, seed=seed, flags=flags))
    usage = sections[0].usage
    for section_draft in sections[1:]:
        usage = usage + section_draft.usage
    draft = Draft(brief, model.name, tuple(sections), coverage=coverage_of(brief, sections), usage=usage, seed=seed)
    return {**draft_json(replace(draft, seconds=sum(s.seconds for s in sections))), "flags": asdict(flags)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
