"""Build `fidelity.jsonl` from the hand-written paragraphs in `fidelity.txt` (the form is told at its head).

Each block gives notes, a draft in their order, a draft in other words and three corrupted drafts. A corruption
replaces pieces of a right draft; its span is where it stands in the corrupted one. Knows nothing about `assistant`.

"""

from __future__ import annotations

from typing import Any

from eval.labelling import CASES, CaseError, json_lines


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
    """The corrupted draft and the wrong piece as written; CaseError when a right piece is not there once."""
    draft, wrong = base, ""
    for change in changes.split(" && "):
        right, _, wrong = change.partition("=>")
        if draft.count(right) != 1:
            raise CaseError(f"{where}: {right!r} stands {draft.count(right)} times")
        draft = draft.replace(right, wrong)
    return draft, wrong


def expected(kind: str, wrong: str, fields: list[str], draft: str, where: str) -> dict[str, str]:
    """The expected finding; its span is unique in the draft, or empty for a dropped figure."""
    note = fields[0] if fields else ""
    if kind == "dropped":
        return {"kind": kind, "text": "", "note": note}
    span = fields[1] if len(fields) > 1 else wrong
    if draft.count(span) != 1:
        raise CaseError(f"{where}: span {span!r} stands {draft.count(span)} times in {draft!r}")
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


def files() -> dict[str, str]:
    """`fidelity.jsonl` with its content."""
    blocks = read_blocks((CASES / "fidelity.txt").read_text(encoding="utf-8"))
    return {"fidelity.jsonl": json_lines(line for n, block in enumerate(blocks, 1) for line in block_lines(n, block))}
