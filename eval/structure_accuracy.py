"""Heading and metadata accuracy against the hand labels: `python -m eval.structure_accuracy [--shared DIR] [-v]`.

Documents are read under a neutral file name, so that nothing can be learned from the name. "unknown" counts as neither
right nor wrong: metadata that the program does not claim. The development set was looked at while the rules were
written; the held-out set was labelled after them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.ingest import read_document
from assistant.records import Document

LABELS = Path(__file__).parent / "labels" / "structure.json"
_FOLDERS = ("corpus/txt", "seeds", "bench/retrieval/docs")
_FIELDS = ("title", "unit", "year", "doc_type")
_NEUTRAL = "文档"


def main() -> None:
    """Print the figures of both sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("-v", "--verbose", action="store_true", help="name every miss")
    options = parser.parse_args()
    labels = json.loads(LABELS.read_text(encoding="utf-8"))
    for part in ("development", "held_out"):
        counts: Counter[str] = Counter()
        for identifier, label in labels[part].items():
            document = read_document(_find(options.shared, identifier), name=_NEUTRAL)
            _count_headings(document, label, counts, identifier if options.verbose else "")
            _count_metadata(document, label, counts, identifier if options.verbose else "")
        _report(part, len(labels[part]), counts)


def _find(shared: Path, identifier: str) -> Path:
    return next(path for folder in _FOLDERS if (path := shared / folder / f"{identifier}.txt").exists())


def _count_headings(document: Document, label: Mapping[str, Any], counts: Counter[str], shown: str) -> None:
    starts = [0]
    for line in document.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    wanted = {(starts[line] + start, starts[line] + end): level for line, start, end, level in label["headings"]}
    found = {(heading.start, heading.end): heading.level for heading in document.headings}
    right = wanted.keys() & found.keys()
    counts["wanted"] += len(wanted)
    counts["found"] += len(found)
    counts["right"] += len(right)
    counts["levels"] += sum(wanted[span] == found[span] for span in right)
    if shown:
        for kind, spans in (("missed", wanted.keys() - right), ("extra", found.keys() - right)):
            for start, end in sorted(spans):
                print(f"  {shown} {kind}: {document.text[start:end]}")


def _count_metadata(document: Document, label: Mapping[str, Any], counts: Counter[str], shown: str) -> None:
    lines = document.text.split("\n")
    title = None if label["title_line"] is None else "".join(lines[label["title_line"]].split())
    said = {
        "title": None if document.title == _NEUTRAL else "".join(document.title.split()),
        "unit": document.unit,
        "year": document.year,
        "doc_type": document.doc_type,
    }
    for field in _FIELDS:
        wanted = title if field == "title" else label[field]
        same = said[field] == wanted or (
            field == "title"
            and bool(title and said[field] and (title in str(said[field]) or title.startswith(str(said[field]))))
        )
        outcome = "right" if same else "unknown" if said[field] is None else "wrong"
        counts[f"{field} {outcome}"] += 1
        if shown and outcome != "right":
            print(f"  {shown} {field} {outcome}: {said[field]!r}, label {wanted!r}")


def _report(part: str, documents: int, counts: Counter[str]) -> None:
    precision, recall = counts["right"] / counts["found"], counts["right"] / counts["wanted"]
    print(f"{part}: {documents} documents, {counts['wanted']} headings")
    levels = counts["levels"] / counts["right"]
    print(f"  headings  precision {precision:.3f}  recall {recall:.3f}  level right {levels:.3f}")
    for field in _FIELDS:
        outcomes = "  ".join(f"{kind} {counts[f'{field} {kind}']}" for kind in ("right", "unknown", "wrong"))
        print(f"  {field:9} {outcomes}")


if __name__ == "__main__":
    main()
