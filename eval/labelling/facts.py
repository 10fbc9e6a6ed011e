"""`facts.json` of every drafting case, from its hand-written annotation.

A case is a folder `drafting/NN-slug/` with `brief.md`, optionally `past/*.txt`, and `facts.ann`. The annotation says
which indicator a figure belongs to, what must be covered, what must not leak in; line, column, value, unit, qualifier
and accepted forms are derived.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

from eval.labelling import CASES, CaseError
from eval.labelling.annotation import Annotation, read_annotation
from eval.labelling.brief_lines import BriefLines, Line, read_brief
from eval.labelling.figure_values import BIG, Value, plain, qualifier, read_value
from eval.scoring.text import squeeze


def last_year(period: str) -> str:
    """上年同期 of a period that starts with a year."""
    return re.sub(r"\d{4}", lambda match: str(int(match[0]) - 1), period, count=1)


def fact(line: Line, start: int, surface: str, indicator: str, options: list[str], period: str) -> dict[str, Any]:
    """One entry of `facts`, without its id."""
    marked = {option[:1]: option[2:] for option in options if option[1:2] == ":"}
    if "n" in marked:
        value = Value(plain(Fraction(marked["n"])), marked.get("u", ""), "value", (surface,))
    else:
        value = read_value(surface, marked.get("u"))
    direction = next((option for option in options if option in ("up", "down")), None)
    if direction is None and surface[0] in "+-":
        direction = "up" if surface[0] == "+" else "down"
    accept = [*value.accept, *(option[2:] for option in options if option.startswith("a:"))]
    return {
        "section": line.section[-1],
        "section_path": " / ".join(line.section),
        "bullet": line.bullet,
        "line": line.number,
        "col": start,
        "indicator": indicator,
        "value_text": surface,
        "normalized_value": value.number,
        "unit": marked.get("u") or value.unit,
        "kind": marked.get("k") or value.kind,
        "direction": direction,
        "period": marked.get("p") or period,
        "qualifier": marked.get("q") or qualifier(line.text, start, start + len(surface), surface),
        "disputed": "d" in options,
        "context": line.text,
        "accept": list(dict.fromkeys(accept)),
    }


def bullet_facts(line: Line, entries: list[tuple[str, str, list[str]]], period: str) -> list[dict[str, Any]]:
    """Facts of one bullet, each searched from where the one before it ended."""
    found, position = [], 0
    for indicator, surface, options in entries:
        start = line.text.find(surface, position)
        if start < 0:
            raise CaseError(f"line {line.number}: {surface!r} is not in {line.text[position:]!r}")
        position = start + len(surface)
        found.append(fact(line, start, surface, indicator, options, period))
    return found


def row_facts(line: Line, period: str) -> list[dict[str, Any]]:
    """Facts of a table row, one per filled cell: 本期, 上年同期, 同比."""
    cells = [cell.strip() for cell in line.text.strip().strip("|").split("|")]
    unit = cells[line.header.index("单位")] if "单位" in line.header else ""
    found, position = [], 0
    for name, cell in zip(line.header, cells, strict=True):
        start = line.text.index(cell, position)
        position = start + len(cell)
        if name in ("指标", "单位") or not re.search(r"\d", cell):
            continue
        growth = name == "同比"
        options = [] if growth else [f"u:{unit.lstrip('万亿')}"]
        entry = fact(line, start, cell, cells[0] + ("同比" if growth else ""), options, period)
        if name == "上年同期":
            entry["period"] = last_year(period)
        if unit[:1] in BIG and not growth:
            entry = scaled(entry, cell, unit)
        found.append(entry)
    return found


def scaled(entry: dict[str, Any], cell: str, unit: str) -> dict[str, Any]:
    """Bring a table value with a 万 or 亿 unit to base units."""
    value = read_value(cell + unit, None)
    return {**entry, "normalized_value": value.number, "unit": value.unit, "accept": list(value.accept)}


def holds(text: str, wanted: str, boundary: bool) -> bool:
    """Whether `wanted` stands in `text`; with `boundary` a neighbouring digit makes it another number."""
    if not boundary:
        return wanted in text
    return re.search(rf"(?<![\d.]){re.escape(wanted)}(?!\d)", text) is not None


def traps(case: Path, note: Annotation, brief: BriefLines) -> list[dict[str, Any]]:
    """Traps with the past files they come from; CaseError when one is not there or stands in the brief too."""
    past = {path.name: squeeze(path.read_text(encoding="utf-8")) for path in sorted((case / "past").glob("*"))}
    own = squeeze("\n".join(brief.raw))
    entries = []
    for text, kind, severity, why in note.traps:
        match = squeeze(text)
        boundary = bool(re.match(r"\d", match))
        files = [f"past/{name}" for name, content in past.items() if holds(content, match, boundary)]
        if not files:
            raise CaseError(f"{case.name}: trap {text!r} is in no past document")
        if holds(own, match, boundary):
            raise CaseError(f"{case.name}: trap {text!r} stands in the brief")
        entries.append(
            {
                "text": text,
                "match_text": match,
                "type": kind,
                "why": why,
                "files": files,
                "severity": severity,
                "match": "number-boundary" if boundary else "literal",
            }
        )
    return entries


def cover(line: Line, phrases: list[str]) -> dict[str, Any]:
    """One entry of `must_cover`."""
    return {
        "section": line.section[-1],
        "section_path": " / ".join(line.section),
        "line": line.number,
        "kind": "row" if line.bullet is None else "bullet",
        "bullet": line.bullet,
        "phrase": phrases[0],
        "alts": phrases[1:],
        "expect": "optional" if "（可选）" in line.text else "present",
    }


def collect(brief: BriefLines, note: Annotation) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Facts and coverage entries of all lines of the brief."""
    facts: list[dict[str, Any]] = []
    covers: list[dict[str, Any]] = []
    bullets = iter(note.bullets)
    for line in brief.lines:
        if line.bullet is None:
            facts += row_facts(line, brief.meta["period"])
            covers.append(cover(line, [line.text.strip("| ").split("|")[0].strip()]))
            continue
        try:
            phrases, entries = next(bullets)
        except StopIteration:
            raise CaseError(f"line {line.number} has no annotation") from None
        facts += bullet_facts(line, entries, brief.meta["period"])
        if phrases:
            covers.append(cover(line, phrases))
    if leftover := list(bullets):
        raise CaseError(f"{len(leftover)} annotations more than bullets")
    return [{"id": f"F{i:03d}", **entry} for i, entry in enumerate(facts, 1)], covers


def section_entries(brief: BriefLines, facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry per heading, in order."""
    paths = [section["path"] for section in brief.sections]
    entries = []
    for section in brief.sections:
        path = section["path"]
        lines = [line for line in brief.lines if line.section == path]
        entries.append(
            {
                "section_path": " / ".join(path),
                "leaf": not any(other[: len(path)] == path and other != path for other in paths),
                "target_chars": section["target"],
                "n_bullets": sum(line.bullet is not None for line in lines),
                "has_table": any(line.bullet is None for line in lines),
                "n_facts": sum(entry["section_path"] == " / ".join(path) for entry in facts),
            }
        )
    return entries


def build(case: Path) -> dict[str, Any]:
    """The whole content of `facts.json` of a case; CaseError when annotation, brief and past do not fit."""
    brief, note = read_brief(case / "brief.md"), read_annotation(case / "facts.ann")
    facts, covers = collect(brief, note)
    for entry in facts:
        line = brief.raw[entry["line"] - 1]
        if line[entry["col"] : entry["col"] + len(entry["value_text"])] != entry["value_text"]:
            raise CaseError(f"{case.name}: {entry['id']} is not at its place")
    sections, found = section_entries(brief, facts), traps(case, note, brief)
    past = [{"file": f"past/{path.name}", "title": path.stem} for path in sorted((case / "past").glob("*"))]
    keys = ("title", "unit", "period", "doc_type", "audience")
    return {
        "slug": case.name,
        "split": "own",
        **{key: brief.meta[key] for key in keys},
        "basis": note.basis,
        "gold_document": None,
        "past": past,
        "n_sections": len(sections),
        "n_leaf_sections": sum(section["leaf"] for section in sections),
        "n_bullets": sum(line.bullet is not None for line in brief.lines),
        "n_facts": len(facts),
        "n_traps": len(found),
        "sections": sections,
        "facts": facts,
        "traps": found,
        "must_cover": covers,
        "not_figures": note.not_figures,
        "issues": [dict(zip(("type", "where", "text", "expected"), issue, strict=True)) for issue in note.issues],
    }


def files() -> dict[str, str]:
    """`facts.json` of every case with its content."""
    folders = sorted(path for path in (CASES / "drafting").iterdir() if path.is_dir())
    return {f"drafting/{case.name}/facts.json": as_text(case) for case in folders}


def as_text(case: Path) -> str:
    """Content of a case's `facts.json`.

    Raises:
        CaseError: annotation, brief and past documents do not fit each other.
    """
    try:
        return json.dumps(build(case), ensure_ascii=False, indent=1) + "\n"
    except (KeyError, ValueError) as error:
        raise CaseError(f"{case.name}: {error}") from error
