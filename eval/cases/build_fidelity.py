"""Build `fidelity.jsonl` from the hand-written paragraphs in `fidelity.txt` (the form is told at its head).

Each block gives notes, a draft in their order, a draft in other words and three corrupted drafts. A corruption
replaces pieces of a right draft; its span is where it stands in the corrupted one. Knows nothing about `assistant`.

usage: python eval/cases/build_fidelity.py [--check]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

CASES = Path(__file__).resolve().parent


class FidelityError(Exception):
    """A corruption that does not fit its draft; the message says which."""


def read_blocks(text: str) -> list[dict[str, list[str]]]:
    """Blocks by their `T`, with all their fields."""
    blocks: list[dict[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        key, _, value = line.partition(": ")
        if key == "T":
            blocks.append({"C": [], "N": [], "X": []})
        blocks[-1].setdefault(key, []).append(value)
    return blocks


def corrupt(base: str, changes: str, where: str) -> tuple[str, str]:
    """The corrupted draft and the wrong piece as written; FidelityError when a right piece is not there once."""
    draft, wrong = base, ""
    for change in changes.split(" && "):
        right, _, wrong = change.partition("=>")
        if draft.count(right) != 1:
            raise FidelityError(f"{where}: {right!r} stands {draft.count(right)} times")
        draft = draft.replace(right, wrong)
    return draft, wrong


def expected(kind: str, wrong: str, fields: list[str], draft: str, where: str) -> dict[str, str]:
    """The expected finding; its span is unique in the draft, or empty for a dropped figure."""
    note = fields[0] if fields else ""
    if kind == "dropped":
        return {"kind": kind, "text": "", "note": note}
    span = fields[1] if len(fields) > 1 else wrong
    if draft.count(span) != 1:
        raise FidelityError(f"{where}: span {span!r} stands {draft.count(span)} times in {draft!r}")
    return {"kind": kind, "text": span, "note": note}


def block_lines(number: int, block: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The lines of one block: v, p, c1, c2, c3."""
    name = f"O{number:02d}"
    common = {"topic": block["T"][0], "source_doc": "own", "notes": block["N"]}
    lines = [
        {"id": f"{name}.{key.lower()}", **common, "exemplar": None, "draft": block[key][0], "variant": variant}
        | {"expected": []}
        for key, variant in (("V", "faithful_verbatim"), ("P", "faithful_paraphrase"))
    ]
    if block["X"]:
        lines[0]["exemplar"] = block["X"][0]
    for index, entry in enumerate(block["C"], 1):
        kind, base, changes, *fields = (part.strip() for part in entry.split("|"))
        where = f"{name}.c{index}"
        draft, wrong = corrupt(block[base.upper()][0], changes, where)
        found = expected(kind, wrong, fields, draft, where)
        past = block["X"][0] if block["X"] else None
        lines.append({"id": where, **common, "exemplar": past, "draft": draft, "variant": "corrupted"})
        lines[-1]["expected"] = [found]
    return lines


def build() -> str:
    """Content of `fidelity.jsonl`."""
    blocks = read_blocks((CASES / "fidelity.txt").read_text(encoding="utf-8"))
    lines = [line for number, block in enumerate(blocks, 1) for line in block_lines(number, block)]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def main() -> int:
    """Write or check the file; 1 when something does not fit."""
    parser = argparse.ArgumentParser(description="build or check fidelity.jsonl")
    parser.add_argument("--check", action="store_true")
    target = CASES / "fidelity.jsonl"
    try:
        content = build()
    except FidelityError as error:
        print(error, file=sys.stderr)
        return 1
    if parser.parse_args().check:
        return int(target.read_text(encoding="utf-8") != content)
    target.write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
