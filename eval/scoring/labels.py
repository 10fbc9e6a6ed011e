"""The labels of a drafting case (`facts.json` beside `brief.md`) as frozen records."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any


class LabelError(ValueError):
    """A case folder that cannot be scored; the message names file and reason."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the notes.

    `accept` are the surfaces a draft may use, `context` the line it stands in at `column`; `optional` facts may be
    left out, `disputed` ones are not scored. `direction` is up, down or "". `past` values are of an earlier year.
    """

    fact_id: str
    section: tuple[str, ...]
    line: int
    column: int
    surface: str
    indicator: str
    unit: str
    kind: str
    direction: str
    qualifier: str
    context: str
    accept: tuple[str, ...]
    optional: bool = False
    disputed: bool = False
    past: bool = False


@dataclass(frozen=True, slots=True)
class Trap:
    """Text of a past document that must not be in a draft; `hard` ones are facts, soft ones a matter of taste."""

    text: str
    kind: str
    hard: bool
    boundary: bool
    why: str


@dataclass(frozen=True, slots=True)
class Cover:
    """A bullet or table row and the phrases of which one shows that it reached the draft."""

    section: tuple[str, ...]
    line: int
    phrases: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class SectionLabel:
    """A heading of the outline, in order, with its target length in 字."""

    path: tuple[str, ...]
    leaf: bool
    target: int | None
    bullets: int


@dataclass(frozen=True)
class Labels:
    """All that is known about a right draft of one brief. `notes` is the whole text of `brief.md`, `past` are the texts
    of the past documents."""

    name: str
    title: str
    doc_type: str
    notes: str
    facts: tuple[Fact, ...]
    traps: tuple[Trap, ...]
    covers: tuple[Cover, ...]
    sections: tuple[SectionLabel, ...]
    not_figures: tuple[str, ...] = ()
    past: tuple[str, ...] = ()

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Lines of the notes; line n of a label is `lines[n - 1]`."""
        return tuple(self.notes.split("\n"))


def read_labels(case: Path) -> Labels:
    """The labels of a case folder.

    Raises:
        LabelError: a file is missing or does not have the fields.
    """
    try:
        body = json.loads((case / "facts.json").read_text(encoding="utf-8"))
        notes = (case / "brief.md").read_text(encoding="utf-8")
        past = [path for path in sorted((case / "past").glob("*")) if path.suffix in (".txt", ".md")]
        return _labels(case.name, body, notes, tuple(path.read_text(encoding="utf-8") for path in past))
    except (OSError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise LabelError(f"{case / 'facts.json'}: {error}") from error


def _labels(name: str, body: Mapping[str, Any], notes: str, past: tuple[str, ...]) -> Labels:
    covers = tuple(_cover(entry) for entry in body.get("must_cover", ()))
    optional = {cover.line for cover in covers if cover.optional}
    return Labels(
        name=name,
        title=body["title"],
        doc_type=body["doc_type"],
        notes=notes,
        facts=tuple(_fact(entry, optional, _year(body.get("period"))) for entry in body["facts"]),
        traps=tuple(_trap(entry) for entry in body.get("traps", ())),
        covers=covers,
        sections=_sections(body["sections"]),
        not_figures=tuple(body.get("not_figures", ())),
        past=past,
    )


def _path(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(" / "))


def _year(period: str | None) -> int:
    """Year a period label begins with; 0 when it names none."""
    found = re.search(r"\d{4}", period or "")
    return int(found[0]) if found else 0


def _fact(entry: Mapping[str, Any], optional_lines: set[int], year: int) -> Fact:
    return Fact(
        fact_id=entry["id"],
        section=_path(entry["section_path"]),
        line=entry["line"],
        column=entry["col"],
        surface=entry["value_text"],
        indicator=entry["indicator"],
        unit=entry["unit"] or "",
        kind=entry["kind"],
        direction=entry.get("direction") or "",
        qualifier=entry.get("qualifier") or "",
        context=entry["context"],
        accept=tuple(entry["accept"]),
        optional=entry["line"] in optional_lines,
        disputed=bool(entry.get("disputed")),
        past=0 < _year(entry.get("period")) < year,
    )


def _trap(entry: Mapping[str, Any]) -> Trap:
    return Trap(
        text=entry["match_text"],
        kind=entry["type"],
        hard=entry.get("severity", "hard") == "hard",
        boundary=entry.get("match") == "number-boundary",
        why=entry.get("why", ""),
    )


def _cover(entry: Mapping[str, Any]) -> Cover:
    phrases = (entry["phrase"], *entry.get("alts", ()))
    return Cover(_path(entry["section_path"]), entry["line"], phrases, entry.get("expect") == "optional")


def _sections(entries: Sequence[Mapping[str, Any]]) -> tuple[SectionLabel, ...]:
    return tuple(
        SectionLabel(_path(entry["section_path"]), entry["leaf"], entry["target_chars"], entry["n_bullets"])
        for entry in entries
    )
