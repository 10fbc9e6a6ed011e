"""Scores drafted reports against hand-made labels (`facts.json`): figures, traps, coverage, headings, lengths.

Independent of the program on purpose: works from the labels, the notes and plain string matching only, and never uses
`assistant.figures` or the checks.

    python -m eval.score_drafts DRAFT.json FACTS.json BRIEF.md
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_HAN_FIGURE = re.compile(
    r"(?<![第之统进])[近约超逾]?[两一二三四五六七八九十百千万亿数几]+(?:余|多|来)?"
    r"(?:个(?!方面)|家|篇|次|件|人(?![民员])|项|条|份|期|场|户|名|亿|万元|元|亩|公里|吨|成(?![效果为])|倍|年(?!初|度)|天|批|位)"
)
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_HARMLESS = re.compile(r"^(?:一[次位家人件条项个场]|[一二三四五六七八九十]+是)$")


@dataclass(slots=True)
class Score:
    """Counts of one drafted report; `notes` says what each fault was."""

    facts: int = 0
    placed: int = 0
    elsewhere: int = 0
    detached: int = 0
    unsupported: int = 0
    unit: int = 0
    direction: int = 0
    traps_hard: int = 0
    traps_soft: int = 0
    bullets: int = 0
    covered: int = 0
    headings_kept: bool = True
    targets: int = 0
    in_length: int = 0
    repeated: int = 0
    sections: int = 0
    seconds: list[float] = field(default_factory=list)
    model_seconds: float = 0.0
    notes: list[str] = field(default_factory=list)


def score(draft: dict[str, Any], facts: dict[str, Any], brief: str) -> Score:
    """Score a draft.

    Args:
        draft: the program's JSON (`nigao draft --json`).
        facts: the labels.
        brief: text of the notes.
    """
    result = Score()
    texts = {" / ".join(section["path"]): section["text"] for section in draft["sections"]}
    _figures(result, texts, facts)
    _foreign_numbers(result, texts, facts, brief)
    _traps(result, "".join(texts.values()), facts)
    _coverage(result, texts, facts)
    _outline(result, draft, brief)
    _lengths(result, draft, facts)
    _repeats(result, texts.values())
    result.sections = sum(bool(section["text"]) for section in draft["sections"])
    result.seconds = [section.get("seconds", 0.0) for section in draft["sections"] if section["text"]]
    result.model_seconds = sum(section.get("model_seconds", 0.0) for section in draft["sections"])
    return result


def occurrences(text: str, form: str) -> list[int]:
    """Places of a surface form; a neighbouring digit makes another number of it."""
    pattern = re.escape(form)
    if form[:1].isdigit():
        pattern = r"(?<![\d.,])" + pattern
    if form[-1:].isdigit():
        pattern += r"(?!\d|\.\d)"
    elif form[:1] in "一二三四五六七八九十两":
        pattern = r"(?<![一二三四五六七八九十百千万第])" + pattern
    return [match.start() for match in re.finditer(pattern, text)]


def _figures(result: Score, texts: dict[str, str], facts: dict[str, Any]) -> None:
    taken: dict[str, set[int]] = {path: set() for path in texts}
    for fact in sorted(facts["facts"], key=lambda fact: -max(map(len, fact["accept"]))):
        result.facts += 1
        path = fact["section_path"]
        place = _claim(texts.get(path, ""), fact["accept"], taken.setdefault(path, set()))
        if place is None:
            other = next(
                (p for p in texts if p != path and any(occurrences(texts[p], f) for f in fact["accept"])), None
            )
            result.elsewhere += other is not None
            result.notes.append(f"missing {fact['id']} {fact['value_text']} ({fact['indicator']}) {other or ''}")
            continue
        result.placed += 1
        _attachment(result, fact, texts[path], place)


def _claim(text: str, forms: Sequence[str], taken: set[int]) -> int | None:
    for form in sorted(forms, key=len, reverse=True):
        for start in occurrences(text, form):
            if start not in taken:
                taken.add(start)
                return start
    return None


def _attachment(result: Score, fact: dict[str, Any], text: str, place: int) -> None:
    """The sentence should share words with the notes around the figure, and keep its direction."""
    sentence = next(match.group() for match in _SENTENCE.finditer(text) if match.start() <= place < match.end())
    context = _beside(fact["context"], fact["value_text"], fact["col"] - 3)
    if context and not (_pairs(context) & _pairs(sentence)):
        result.detached += 1
        result.notes.append(f"detached {fact['id']} {fact['value_text']}: {sentence}")
    near = text[max(0, place - 14) : place + 14]
    wrong = {"up": r"下降|减少|降低|回落", "down": r"增长|增加|上升|提高"}.get(fact.get("direction") or "")
    right = {"up": r"增|提高|上升|升|多|\+|翻|前移|高|到|连", "down": r"降|减|少|压|缩|低|退出|-"}.get(
        fact.get("direction") or ""
    )
    if wrong and right and re.search(wrong, near) and not re.search(right, near):
        result.direction += 1
        result.notes.append(f"direction {fact['id']} {fact['value_text']}: {near}")


def _beside(context: str, value: str, column: int) -> str:
    if context.startswith("|"):
        return context.strip("| ").split("|")[0]
    at = context.find(value, max(0, column)) if column > 0 else context.find(value)
    clause = re.split(r"[，；。：、（(]", context[: at if at >= 0 else len(context)])
    return next((part for part in reversed(clause) if len(_pairs(part)) > 0), "")


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1) if re.fullmatch(r"[一-龥]{2}", text[i : i + 2])}


def _foreign_numbers(result: Score, texts: dict[str, str], facts: dict[str, Any], brief: str) -> None:
    known = {number.replace(",", "").rstrip(".") for number in _DIGITS.findall(brief)}
    accepted = [form for fact in facts["facts"] for form in fact["accept"]]
    for form in accepted:
        known.update(number.replace(",", "") for number in _DIGITS.findall(form))
    for path, text in texts.items():
        for match in _DIGITS.finditer(text):
            _number(result, match, path, text, known, accepted, brief)
        for match in _HAN_FIGURE.finditer(text):
            surface = match.group()
            allowed = surface in brief or any(surface in form or form in surface for form in accepted)
            if not allowed and not _HARMLESS.match(surface):
                result.unsupported += 1
                result.notes.append(f"unsupported {surface}: {_around(text, match.start())}")


def _number(
    result: Score, match: re.Match[str], path: str, text: str, known: set[str], accepted: Sequence[str], brief: str
) -> None:
    value = match.group().replace(",", "").rstrip(".")
    if value not in known:
        result.unsupported += 1
        result.notes.append(f"unsupported {match.group()} in {path}: {_around(text, match.start())}")
        return
    tail = text[match.start() : match.end() + 5]
    forms = [form for form in accepted if re.match(rf"{re.escape(match.group())}(?![\d.,])", form)]
    if (
        re.match(r"[一-龥%％‰]", tail[len(match.group()) :])
        and forms
        and not any(tail.startswith(form) for form in forms)
        and tail[: len(match.group()) + 1] not in brief
    ):
        result.unit += 1
        result.notes.append(f"unit {tail} expected {forms[0]}")


def _around(text: str, at: int) -> str:
    return text[max(0, at - 12) : at + 14].replace("\n", " ")


def _traps(result: Score, text: str, facts: dict[str, Any]) -> None:
    bare = re.sub(r"\s", "", text)
    for trap in facts["traps"]:
        form = re.escape(trap["match_text"])
        if trap["match"] == "number-boundary":
            form = rf"(?<![\d.]){form}(?!\d)"
        if re.search(form, bare):
            hard = trap["severity"] == "hard"
            result.traps_hard += hard
            result.traps_soft += not hard
            result.notes.append(f"trap {trap['text']} ({trap['severity']})")


def _coverage(result: Score, texts: dict[str, str], facts: dict[str, Any]) -> None:
    for item in facts["must_cover"]:
        if item.get("expect") != "present":
            continue
        result.bullets += 1
        text = texts.get(item["section_path"], "")
        if any(phrase in text for phrase in (item["phrase"], *item["alts"])):
            result.covered += 1
        else:
            result.notes.append(f"not covered: {item['phrase']} ({item['section_path']})")


def _outline(result: Score, draft: dict[str, Any], brief: str) -> None:
    wanted = re.findall(r"^#{2,}\s+(.+?)\s*$", brief, re.MULTILINE)
    result.headings_kept = [section["heading"] for section in draft["sections"]] == wanted


def _lengths(result: Score, draft: dict[str, Any], facts: dict[str, Any]) -> None:
    targets = {section["section_path"]: section["target_chars"] for section in facts["sections"]}
    for section in draft["sections"]:
        target = targets.get(" / ".join(section["path"]))
        if not target:
            continue
        length = sum(not character.isspace() for character in section["text"])
        result.targets += 1
        result.in_length += 0.8 * target <= length <= 1.2 * target
        if not 0.8 * target <= length <= 1.2 * target:
            result.notes.append(f"length {length} of {target}: {section['heading']}")


def _repeats(result: Score, texts: Iterable[str]) -> None:
    sentences = Counter(match.group().strip() for text in texts for match in _SENTENCE.finditer(text))
    for sentence, count in sentences.items():
        if count > 1 and len(sentence) >= 15:
            result.repeated += count - 1
            result.notes.append(f"repeated: {sentence}")


def main(argv: Sequence[str]) -> int:
    """Score one draft and print the counts and every fault."""
    draft, facts, brief = (Path(name).read_text(encoding="utf-8") for name in argv[:3])
    result = score(json.loads(draft), json.loads(facts), brief)
    for name in Score.__dataclass_fields__:
        if name != "notes":
            print(f"{name}: {getattr(result, name)}")
    print("\n".join(result.notes))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
