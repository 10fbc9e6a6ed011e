"""Build `facts.json` of every drafting case from its hand-written annotation, and check it.

A case is a folder `drafting/NN-slug/` with `brief.md`, optionally `past/*.txt`, and `facts.ann`. The annotation says
what only a person can say (which indicator a figure belongs to, what must be covered, what must not leak in); line,
column, value, unit, qualifier and accepted forms are derived. Knows nothing about `assistant`: the labels must not be
made by the code they judge.

usage: python eval/cases/build_facts.py [--check] [CASE ...]      --check compares with the committed files

Format of `facts.ann`, one entry a line, `#` starts a comment:

    BASIS text                              what the case is made from
    - phrase/alternative :: ind=value; ...  one line per bullet of the brief, in order; either side may be empty
    ROW alternative                         not needed: table rows are read from the brief itself
    TRAP text | type | severity | why       text of a past document that must not be in a draft
    NOT a; b                                number-like text that is no figure
    ISSUE type | where | text | expected    what is hard and what should happen

A value is an exact piece of its bullet, searched from where the one before it ended. `!` adds what cannot be derived:
`!up`, `!down`, `!p:2023年` (period), `!q:约` (qualifier), `!u:人次` (unit shared by a list), `!k:rank`, `!a:form`
(another accepted form), `!n:12000` (the value of a surface that no rule reads), `!d` (disputed).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent / "drafting"
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SCALES = {"十": 10, "百": 100, "千": 1000}
BIG = {"万": 10**4, "亿": 10**8}
CN = "零〇一二两三四五六七八九十百千万亿"
ARABIC = re.compile(r"[+\-]?\d[\d,]*(?:\.\d+)?")
BEFORE = ("不少于", "不低于", "不超过", "至少", "将近", "超过", "突破", "不足", "大约", "约", "近", "超", "逾")
AFTER = ("以上", "以下", "以内", "左右", "上下")
INSIDE = ("余", "多")


class CaseError(Exception):
    """An annotation that does not fit its brief or its past documents; the message says where."""


@dataclass(frozen=True)
class Line:
    """One bullet or table row of a brief with its section path; `number` is 1-based."""

    number: int
    text: str
    section: tuple[str, ...]
    bullet: int | None
    header: tuple[str, ...] = ()


@dataclass
class BriefLines:
    """What the scorer needs of a brief: front matter, sections in order, bullets and table rows."""

    meta: dict[str, str] = field(default_factory=dict)
    sections: list[dict[str, Any]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)


def read_brief(path: Path) -> BriefLines:
    """Read `brief.md` line by line; a heading with no deeper heading after it is a leaf."""
    brief = BriefLines(raw=path.read_text(encoding="utf-8").split("\n"))
    stack: list[tuple[int, str]] = []
    header: tuple[str, ...] = ()
    bullet = 0
    fences = 0
    for number, text in enumerate(brief.raw, 1):
        if text == "---" and fences < 2:
            fences += 1
        elif fences == 1:
            key, _, value = text.partition(":")
            brief.meta[key.strip()] = value.split("  #")[0].strip()
        elif heading := re.match(r"(#{2,6}) (.+)", text):
            level = len(heading[1])
            stack = [entry for entry in stack if entry[0] < level] + [(level, heading[2].strip())]
            brief.sections.append({"path": tuple(t for _, t in stack), "target": None})
            header, bullet = (), 0
        elif target := re.match(r"字数[:：]\s*(\d+)", text):
            brief.sections[-1]["target"] = int(target[1])
        elif text.startswith("|"):
            cells = tuple(cell.strip() for cell in text.strip().strip("|").split("|"))
            if not header:
                header = cells
            elif not set(text) <= set("|-: "):
                brief.lines.append(Line(number, text, tuple(t for _, t in stack), None, header))
        elif text.startswith("- "):
            bullet, header = bullet + 1, ()
            brief.lines.append(Line(number, text, tuple(t for _, t in stack), bullet))
    return brief


# ---- values -----------------------------------------------------------------------------------------------------


def chinese_number(text: str) -> Fraction:
    """Value of a Chinese numeral, 点 for the decimal point included."""
    whole, _, decimals = text.partition("点")
    total = section = digit = 0
    for char in whole:
        if char in BIG:
            total = (total + section + digit) * BIG[char]
            section = digit = 0
        elif char in SCALES:
            section += (digit or 1) * SCALES[char]
            digit = 0
        else:
            digit = DIGITS[char]
    tail = sum(Fraction(DIGITS[char], 10 ** (i + 1)) for i, char in enumerate(decimals))
    return Fraction(total + section + digit) + tail


def chinese_form(number: int) -> str:
    """Chinese form of a whole number below 100."""
    names = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return names[ones]
    return ("" if tens == 1 else names[tens]) + "十" + (names[ones] if ones else "")


def plain(value: Fraction) -> int | float:
    """JSON number of a fraction."""
    return int(value) if value.denominator == 1 else round(float(value), 12)


def read_number(text: str) -> tuple[Fraction, str] | None:
    """Leading number of `text` and what follows it, 万 and 亿 multiplied in."""
    match = ARABIC.match(text)
    if match:
        value, rest = Fraction(match[0].replace(",", "").lstrip("+-")), text[match.end() :]
    else:
        match = re.match(rf"[{CN}]+(?:点[{CN}]+)?", text)
        if not match:
            return None
        value, rest = chinese_number(match[0]), text[match.end() :]
    while rest and (rest[0] in BIG or (rest[0] in INSIDE and rest[1:2] in BIG)):
        scale = rest[0] if rest[0] in BIG else rest[1]
        value *= BIG[scale]
        rest = rest.replace(scale, "", 1)
    return value, rest


@dataclass(frozen=True)
class Value:
    """A figure as derived from its surface."""

    number: Any
    unit: str
    kind: str
    accept: tuple[str, ...]


def accepted_numbers(value: Fraction, surface: str, chinese: bool = True) -> list[str]:
    """Ways to write a number: as given, plain, with thousands commas, in 万 and 亿, in Chinese when small."""
    forms = [surface]
    if value.denominator == 1:
        whole = int(value)
        forms += [str(whole)] + ([f"{whole:,}"] if whole >= 1000 else [])
        if chinese and 0 < whole < 100:
            forms += [chinese_form(whole)] + (["两"] if whole == 2 else [])
    for name, scale in BIG.items():
        scaled = value / scale
        if scaled >= Fraction(1, 10) and (scaled * 10**4).denominator == 1 and value >= 1000:
            forms.append(f"{float(scaled):.4f}".rstrip("0").rstrip(".") + name)
    return list(dict.fromkeys(forms))


def read_ratio(surface: str) -> Value | None:
    """Shares and rates: %, ‰, 百分之, 千分之, 成, 分之."""
    if match := re.fullmatch(r"[+\-]?([\d.]+)[%％]", surface):
        value, unit = Fraction(match[1]), "%"
    elif match := re.fullmatch(rf"百分之([{CN}点]+)", surface):
        value, unit = chinese_number(match[1]), "%"
    elif match := re.fullmatch(rf"(?:千分之([{CN}点]+)|([\d.]+)‰)", surface):
        value, unit = (chinese_number(match[1]) if match[1] else Fraction(match[2])), "‰"
    elif match := re.fullmatch(rf"([{CN}\d])成([{CN}])?", surface):
        value, unit = chinese_number(match[1]) * 10 + (chinese_number(match[2]) if match[2] else 0), "%"
    elif match := re.fullmatch(rf"([{CN}]+)分之([{CN}]+)", surface):
        share = chinese_number(match[2]) / chinese_number(match[1])
        return Value(plain(share), "比例", "rate", (surface,))
    else:
        return None
    shown = f"{float(value):g}" if surface[0] not in "+-" else match[1]
    forms = [surface.lstrip("+-"), f"{shown}{unit}"]
    if unit == "%":
        forms += [f"{shown}％", f"{float(value):g}%"]
        if value.denominator == 1 and 0 < value <= 100:
            forms.append("百分之" + ("百" if value == 100 else chinese_form(int(value))))
        if value % 10 == 0 and 0 < value < 100:
            forms.append(chinese_form(int(value / 10)) + "成")
    elif value.denominator == 1 and value < 10:
        forms.append("千分之" + chinese_form(int(value)))
    return Value(plain(value), unit, "rate", tuple(dict.fromkeys(forms)))


def read_rank(surface: str) -> Value | None:
    """第N位, 第N名, 前N."""
    match = re.fullmatch(rf"(第|前)(\d+|[{CN}]+)(位|名|期|次|届)?", surface)
    if not match:
        return None
    number = int(match[2]) if match[2].isdigit() else int(chinese_number(match[2]))
    forms = [surface]
    for name in (str(number), chinese_form(number)):
        forms += [match[1] + name + unit for unit in ("位", "名", "")]
    if match[1] == "第" and number == 1 and match[3] in ("位", "名", None):
        forms += ["首位", "榜首"]
    if match[3] in ("期", "次", "届"):
        forms = [match[1] + name + match[3] for name in (str(number), chinese_form(number))]
    return Value(number, match[3] or "位", "rank", tuple(dict.fromkeys(forms)))


def read_date(surface: str) -> Value | None:
    """2024年3月, 2024年3月5日, 3月5日."""
    match = re.fullmatch(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日)?", surface)
    if not match:
        return None
    parts = [match[1] or ""] + [f"{int(part):02d}" for part in match.groups()[1:] if part]
    return Value("-".join(part for part in parts if part), "日期", "date", (surface,))


def read_range(surface: str) -> Value | None:
    """A—B and A至B with one unit."""
    match = re.fullmatch(rf"([\d.]+|[{CN}]+)(\D*?)(?:—|-|～|~|至|到)([\d.]+|[{CN}]+)(\D+)", surface)
    if not match:
        return None
    low, high = read_number(match[1] + match[2]), read_number(match[3] + match[4])
    if low is None or high is None:
        return None
    a, b, tail = match[1], match[3], match[4]
    forms = [surface]
    for joint in ("—", "-", "～", "~", "至", "到"):
        forms += [f"{a}{joint}{b}{tail}", f"{a}{tail}{joint}{b}{tail}"]
    scale = read_number("1" + tail)
    base_low = low[0] * (scale[0] if scale and not match[2] else 1)
    return Value([plain(base_low), plain(high[0])], high[1], "range", tuple(dict.fromkeys(forms)))


def read_value(surface: str, unit: str | None) -> Value:
    """Derive number, unit, kind and accepted forms of a surface; `unit` is for numbers that carry none."""
    for reader in (read_ratio, read_rank, read_date, read_range):
        value = reader(surface)
        if value:
            return value
    if surface in ("翻番", "翻一番"):
        return Value(2, "倍(为原来的)", "ratio", ("翻番", "翻一番"))
    if surface in ("半年", "一半"):
        return Value(0.5, surface[-1], "value", (surface,))
    read = read_number(surface)
    if read is None:
        raise CaseError(f"cannot read the value {surface!r}")
    number, rest = read
    if mark := next((mark for mark in INSIDE if mark in rest), ""):
        return vague_value(surface, number, rest.replace(mark, "", 1), mark)
    measure = rest.strip()
    name = re.sub(r"[（）() ]", "", measure) or unit or ""
    head = re.sub(r"^[+\-]", "", surface[: len(surface) - len(rest)])
    forms = accepted_numbers(number, head, chinese="." not in head)
    accept = [form + end for form in forms for end in dict.fromkeys((measure or name, name))]
    return Value(plain(number), name, "value", tuple(dict.fromkeys(accept)))


def vague_value(surface: str, number: Fraction, measure: str, mark: str) -> Value:
    """Value of a number with 余 or 多 inside: 110余篇, 6万多元, 一百二十余万元."""
    head = surface.split(mark)[0]
    scale = surface[len(head) + 1] if surface[len(head) + 1 : len(head) + 2] in BIG else ""
    read = read_number(head)
    small = read[0] if read else number
    accept = [surface]
    for name in ("余", "多"):
        accept.append(head + name + scale + measure)
        if small.denominator == 1 and head[-1] not in BIG:
            accept.append(f"{int(small)}{name}{scale}{measure}")
        accept.append(f"{plain(number)}{name}{measure}")
    return Value(plain(number), measure, "value", tuple(dict.fromkeys(accept)))


def qualifier(line: str, start: int, end: int, surface: str) -> str | None:
    """Hedge written before, inside or after the value."""
    found = [mark for mark in BEFORE if line[:start].endswith(mark)][:1]
    found += [mark for mark in INSIDE if mark in surface and not surface.startswith("多")][:1]
    found += [mark for mark in AFTER if line[end:].startswith(mark)][:1]
    return "、".join(found) or None


# ---- annotation -------------------------------------------------------------------------------------------------


@dataclass
class Annotation:
    """What stands in `facts.ann`."""

    basis: str = ""
    bullets: list[tuple[list[str], list[tuple[str, str, list[str]]]]] = field(default_factory=list)
    traps: list[list[str]] = field(default_factory=list)
    not_figures: list[str] = field(default_factory=list)
    issues: list[list[str]] = field(default_factory=list)


def read_annotation(path: Path) -> Annotation:
    """Read `facts.ann`; raise CaseError for a line of no known form."""
    note = Annotation()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        word, _, rest = line.partition(" ")
        if not line.strip() or line.startswith("#"):
            continue
        if word == "BASIS":
            note.basis = rest
        elif word == "-":
            note.bullets.append(read_bullet(rest, f"{path}:{number}"))
        elif word == "TRAP":
            note.traps.append([part.strip() for part in rest.split("|")])
        elif word == "NOT":
            note.not_figures += [part.strip() for part in rest.split(";") if part.strip()]
        elif word == "ISSUE":
            note.issues.append([part.strip() for part in rest.split("|")])
        else:
            raise CaseError(f"{path}:{number}: {line!r} is no entry")
    return note


def read_bullet(text: str, where: str) -> tuple[list[str], list[tuple[str, str, list[str]]]]:
    """Split `phrase/alt :: indicator=value!option; ...`."""
    phrases, separator, rest = text.partition("::")
    if not separator:
        raise CaseError(f"{where}: '::' is missing")
    facts = []
    for piece in filter(None, (part.strip() for part in rest.split(";"))):
        indicator, equals, value = piece.partition("=")
        if not equals:
            raise CaseError(f"{where}: '=' is missing in {piece!r}")
        surface, *options = value.split("!")
        facts.append((indicator.strip(), surface, options))
    return [part.strip() for part in phrases.strip().split("/") if part.strip()], facts


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


# ---- a case -----------------------------------------------------------------------------------------------------


def squeeze(text: str) -> str:
    """Text without white space, as the scorer compares traps."""
    return "".join(text.split())


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


def cases(names: list[str]) -> list[Path]:
    """The case folders, all when no name is given."""
    return sorted(path for path in ROOT.iterdir() if path.is_dir() and (not names or path.name in names))


def main() -> int:
    """Write or check every `facts.json`; 1 when something does not fit."""
    parser = argparse.ArgumentParser(description="build or check facts.json of the drafting cases")
    parser.add_argument("case", nargs="*")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    wrong = 0
    for case in cases(options.case):
        try:
            content = json.dumps(build(case), ensure_ascii=False, indent=1) + "\n"
        except (CaseError, KeyError, ValueError) as error:
            print(f"{case.name}: {error}", file=sys.stderr)
            wrong += 1
            continue
        target = case / "facts.json"
        if options.check and (not target.exists() or target.read_text(encoding="utf-8") != content):
            print(f"{case.name}: facts.json is not what facts.ann says", file=sys.stderr)
            wrong += 1
        elif not options.check:
            target.write_text(content, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
