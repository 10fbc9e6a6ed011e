"""Build `review.jsonl` from the hand-written paragraphs in `review/`.

Every planted error comes with its clean twin: the same paragraph with the error put right. So a check that fires on
the paragraph for another reason is seen at once. Knows nothing about `assistant`.

Format of `review/<rule>.txt`, items separated by an empty line:

    Text of a paragraph, with [[wrong=>right]] where the error is planted; several lines are several lines of the draft.
    N: a line of the notes        P: a line of the past document        O: a heading of the outline

`[[wrong=>right]]` gives a planted item and a clean twin; `at` is the planted piece, `text` the span a finding has to
touch: the same, or wider where figures disagree. `[[=>right|what]]` plants an
omission: nothing stands in the draft, `what` names it. `[[wrong=>!]]` has no clean twin. `[[~wrong=>right]]` changes
the text without being the expected span. `K: kind` gives another kind. An item without marks is a clean control.
Natural paragraphs of `data/reports` are added as controls under the rule `any`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from eval.labelling import CASES, REPORTS, CaseError, json_lines

MARK = re.compile(r"\[\[(~?)(.*?)=>(.*?)(?:\|([^|\]]+))?\]\]", re.DOTALL)
FIELDS = {"N": "notes", "P": "past", "O": "outline", "K": "kind"}


def read_items(path: Path) -> list[dict[str, Any]]:
    """Items of a source file: text lines and fields."""
    items = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()):
        item: dict[str, Any] = {"text": []}
        for line in block.split("\n"):
            field = re.match(r"([NPOK]): (.*)", line)
            if field:
                item.setdefault(FIELDS[field[1]], []).append(field[2])
            elif not line.startswith("#"):
                item["text"].append(line)
        if item["text"]:
            items.append(item | {"text": "\n".join(item["text"])})
    return items


def context(item: dict[str, Any]) -> dict[str, Any]:
    """What a check is given beside the text."""
    given: dict[str, Any] = {}
    if "notes" in item:
        given["notes"] = item["notes"]
    if "past" in item:
        given["past"] = "\n".join(item["past"])
    if "outline" in item:
        given["outline"] = item["outline"]
    return given


def expectations(rule: str, item: dict[str, Any], text: str) -> list[dict[str, str]]:
    """Expected findings of a planted item; CaseError when a span is not unique."""
    found = []
    for silent, wrong, right, what in MARK.findall(item["text"]):
        if silent:
            continue
        kind = item.get("kind", [rule])[0]
        if not wrong:
            if not what:
                raise CaseError(f"{rule}: an omission without a name in {text!r}")
            found.append({"kind": kind, "text": "", "note": what})
        elif text.count(wrong) != 1:
            raise CaseError(f"{rule}: {wrong!r} stands {text.count(wrong)} times in {text!r}")
        else:
            found.append({"kind": kind, "text": region(rule, wrong, right, text), "at": wrong})
    return found


def region(rule: str, wrong: str, right: str, text: str) -> str:
    """Where a finding may point: figures that disagree may be blamed on either, so arithmetic takes the sentence and
    consistency everything from the figure first given to the one that differs; elsewhere it is the planted piece."""
    start = text.index(wrong)
    end = start + len(wrong)
    if rule == "arithmetic":
        stop = text.find("。", end)
        return text[text.rfind("。", 0, start) + 1 : stop if stop >= 0 else len(text)]
    if rule == "consistency":
        given = [number for number in re.findall(r"[\d.]+", right) if number not in re.findall(r"[\d.]+", wrong)]
        first = min((text.find(number) for number in given if number in text[:start]), default=start)
        return text[first:end]
    return wrong


def build_rule(path: Path) -> list[dict[str, Any]]:
    """Lines of one rule: planted items, their twins, further controls."""
    rule, lines = path.stem, []
    for number, item in enumerate(read_items(path), 1):
        wrong = MARK.sub(lambda match: match[2], item["text"])
        right = MARK.sub(lambda match: match[3], item["text"])
        name = f"{rule}-{number:03d}"
        if wrong == right:
            lines.append({"id": f"{name}.ok", "rule": rule, "text": right, **context(item), "expected": []})
            continue
        expected = expectations(rule, item, wrong)
        lines.append({"id": f"{name}.bad", "rule": rule, "text": wrong, **context(item), "expected": expected})
        if "!" not in [match[2] for match in MARK.findall(item["text"])]:
            lines.append({"id": f"{name}.twin", "rule": rule, "text": right, **context(item), "expected": []})
    return lines


def natural() -> list[dict[str, Any]]:
    """Paragraphs of the sample reports between 60 and 400 characters, as controls for every rule."""
    lines = []
    for path in sorted(REPORTS.iterdir()):
        if path.suffix not in (".txt", ".md"):
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            text = re.sub(r"^(?:(?:#+|[-*]|\d+\.) +|（[一二三四五六七八九十]+）)", "", line).replace("**", "").strip()
            if 60 <= len(text) <= 400 and not text.startswith("|"):
                lines.append({"id": f"any-{len(lines) + 1:03d}.ok", "rule": "any", "text": text, "expected": []})
    return lines


def files() -> dict[str, str]:
    """`review.jsonl` with its content."""
    lines = [line for path in sorted((CASES / "review").glob("*.txt")) for line in build_rule(path)]
    return {"review.jsonl": json_lines(lines + natural())}
