"""Every rule of the review on planted errors, their clean twins and natural paragraphs: found, missed, false alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from eval.cases import CasesError, find_named, read_lines, take
from eval.options import CASES, Options
from eval.outcome import Example, Outcome, Task

SYSTEM = "拟稿"
CONTROL = "any"
"""Rule name of paragraphs that are clean for every rule."""
ALSO = {"phrase": {"altered"}, "status": {"basis"}}
"""Kinds of the figure specification under which a rule's errors are reported too."""
Item = Mapping[str, Any]


class ReviewSuite:
    """Cases of `review.jsonl`: `{"id","rule","text","notes"?,"past"?,"outline"?,"expected":[{"kind","text"}]}`."""

    name = "review"

    def __init__(self, options: Options) -> None:
        self._paths = find_named(options.cases or (CASES,), "review.jsonl")
        if not self._paths:
            raise CasesError("没有 review 的样例：要有 review.jsonl。")
        items = [item for path in self._paths for item in read_lines(path, ("id", "rule", "text", "expected"))]
        rules = {item["rule"] for item in items}
        if unknown := set(options.kinds) - rules:
            raise CasesError(f"没有规则 {'、'.join(sorted(unknown))} 的样例，可选：{' '.join(sorted(rules))}。")
        chosen = [item for item in items if not options.kinds or item["rule"] in options.kinds]
        self._items = take(chosen, options.limit)
        self._kinds = {item["rule"]: _kinds_of(items, item["rule"]) for item in items}

    def data(self) -> list[Path]:
        return self._paths

    def close(self) -> None:
        """Nothing is held."""

    def tasks(self) -> list[Task]:
        return [
            Task(
                "review", SYSTEM, item["id"], partial(run_item, item, self._kinds[item["rule"]]), partial(_failed, item)
            )
            for item in self._items
        ]


def _kinds_of(items: Sequence[Item], rule: str) -> frozenset[str]:
    """Kinds of findings that a rule may raise, as its planted errors name them."""
    named = {entry["kind"] for item in items if item["rule"] == rule for entry in item["expected"]}
    return frozenset(named | {rule} | ALSO.get(rule, set()))


def run_item(item: Item, kinds: frozenset[str]) -> Outcome:
    """Review one text and see whether its rule spoke where it should, and only there."""
    findings = review_item(item)
    if item["rule"] == CONTROL:
        return _control(item, findings)
    own = [finding for finding in findings if finding.kind in kinds]
    if not item["expected"]:
        counts = {"false_alarm": (float(bool(own)), 1.0)}
        return _outcome(item, counts, not own, [Example("false_alarm", _words(f, item)) for f in own])
    found = all(any(_meets(entry, finding, item["text"]) for finding in findings) for entry in item["expected"])
    entry = item["expected"][0]
    missed = Example("found", f"漏报 {entry['kind']}“{entry['text'] or entry.get('note', '')}”　｜　{item['text']}")
    return _outcome(item, {"found": (float(found), 1.0)}, found, [] if found else [missed])


def review_item(item: Item) -> list[Any]:
    """Findings of the product for a text with whatever is given beside it."""
    from assistant.checks import review
    from assistant.records import Brief, PastRef, Point, Section

    points = tuple(Point(note, number) for number, note in enumerate(item.get("notes", ()), 1))
    past = (PastRef("往年材料", item["past"]),) if item.get("past") else ()
    brief = None
    if outline := item.get("outline"):
        sections = tuple(Section(heading, 1, (heading,), number) for number, heading in enumerate(outline, 1))
        brief = Brief("", sections=sections)
    return review(item["text"], points=points, past=past, brief=brief)


def _meets(entry: Mapping[str, str], finding: Any, text: str) -> bool:
    if finding.kind not in {entry["kind"], *ALSO.get(entry["kind"], ())}:
        return False
    if not entry["text"]:
        told = f"{finding.message}{finding.note.text if finding.note else ''}"
        return entry.get("note", "") in told
    start = text.find(entry["text"])
    place = finding.draft
    return place is not None and place.start < start + len(entry["text"]) and place.end > start


def _control(item: Item, findings: Sequence[Any]) -> Outcome:
    errors = [finding for finding in findings if finding.severity == "error"]
    counts = {
        "control_error": (float(bool(errors)), 1.0),
        "control_any": (float(bool(findings)), 1.0),
        "control_rate": (float(len(findings)), float(len(item["text"]))),
    }
    ranked = [("control_error" if f.severity == "error" else "control_any", f) for f in findings]
    return _outcome(item, counts, not errors, [Example(kind, _words(f, item)) for kind, f in ranked])


def _words(finding: Any, item: Item) -> str:
    place = finding.draft.text if finding.draft else ""
    return f"误报 {finding.kind}“{place}”：{finding.message}　｜　{item['text'][:120]}"


def _outcome(item: Item, counts: Mapping[str, tuple[float, float]], passed: bool, faults: Sequence[Example]) -> Outcome:
    group = item["id"].rsplit(".", 1)[0]
    return Outcome("review", SYSTEM, item["id"], group, item["rule"], counts, passed, examples=tuple(faults))


def _failed(item: Item, reason: str) -> Outcome:
    if item["rule"] == CONTROL:
        worst = {"control_error": (1.0, 1.0), "control_any": (1.0, 1.0)}
    else:
        worst = {"found": (0.0, 1.0)} if item["expected"] else {"false_alarm": (1.0, 1.0)}
    group = item["id"].rsplit(".", 1)[0]
    return Outcome("review", SYSTEM, item["id"], group, item["rule"], worst, False, failure=reason)
