"""Build the small retrieval set over `data/reports`: `docs/`, `passages.jsonl` and `queries.jsonl`.

Passages are paragraphs with their headings, short neighbours merged, never across a heading. Judgements stand in
`retrieval/queries.txt` as grade and passages (letter of the report, number in it); they are turned into passage ids
here, and the text of a passage is what a hit is compared with. Knows nothing about `assistant`.

Format of `queries.txt`: `DOC A name passages`, `Q t1 the query` (`\\n` stands for a line break), then `2 A3 B3`.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from eval.labelling import CASES, REPORTS, CaseError, json_lines

HOME = CASES / "retrieval"
NUMERALS = "一二三四五六七八九十"
SHORT = 100
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass
class Passage:
    """A passage of a report."""

    doc: str
    path: tuple[str, ...]
    text: str
    id: str = field(default="")


def lines_of(path: Path) -> list[tuple[int, str]]:
    """Lines of a report with their heading level, 0 for text; tables are left out."""
    if path.suffix == ".docx":
        return word_lines(path)
    return [level_of(line) for line in path.read_text(encoding="utf-8").splitlines()]


def word_lines(path: Path) -> list[tuple[int, str]]:
    """Paragraphs of a .docx with their heading level, read from its XML."""
    body = ElementTree.fromstring(zipfile.ZipFile(path).read("word/document.xml")).find(f"{WORD}body")
    found = []
    for paragraph in body.findall(f"{WORD}p") if body is not None else []:
        style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
        name = style.get(f"{WORD}val", "") if style is not None else ""
        level = int(name[-1]) + 1 if name.startswith("Heading") else int(name == "Title")
        found.append((level, "".join(text.text or "" for text in paragraph.iter(f"{WORD}t")).strip()))
    return found


def level_of(line: str) -> tuple[int, str]:
    """Heading level of a line of .txt or .md, by Markdown marks or by its numbering when it is short."""
    text = re.sub(r"^(?:[-*]|\d+\.) +", "", line.strip()).replace("**", "")
    if mark := re.match(r"(#+) +(.*)", text):
        return len(mark[1]), mark[2]
    if len(text) <= 40 and not text.endswith(("。", "：", "；")):
        if re.match(rf"[{NUMERALS}]+、", text):
            return 2, text
        if re.match(rf"（[{NUMERALS}]+）", text):
            return 3, text
    return 0, text


def passages_of(path: Path) -> list[Passage]:
    """Passages of one report in order."""
    stack: list[tuple[int, str]] = []
    found: list[Passage] = []
    fresh = True
    for level, text in lines_of(path):
        if not text or text.startswith("|"):
            continue
        if level:
            stack = [entry for entry in stack if entry[0] < level] + [(level, text)]
            fresh = True
        elif not fresh and (len(text) < SHORT or len(found[-1].text) < SHORT):
            found[-1].text += "\n" + text
        else:
            found.append(Passage(path.stem, tuple(t for depth, t in stack if depth > 1), text))
            fresh = False
    for number, passage in enumerate(found, 1):
        passage.id = f"{path.stem}#{number:03d}"
    return found


def guard(line: str, passages: list[Passage]) -> tuple[str, str]:
    """Letter and report of a `DOC` line; CaseError when the report has another number of passages."""
    _, letter, name, count = line.split(" ")
    found = sum(passage.doc == name for passage in passages)
    if found != int(count):
        raise CaseError(f"{name} has {found} passages, not {count}: look the judgements over")
    return letter, name


def queries(passages: list[Passage]) -> list[dict[str, Any]]:
    """Queries with judgements by passage id."""
    known = {passage.id for passage in passages}
    names: dict[str, str] = {}
    found: list[dict[str, Any]] = []
    for line in (HOME / "queries.txt").read_text(encoding="utf-8").splitlines():
        word = line.split(" ")[0]
        if word == "DOC":
            letter, name = guard(line, passages)
            names[letter] = name
        elif word == "Q":
            _, kind, query = line.split(" ", 2)
            query = query.replace("\\n", "\n")
            found.append({"qid": f"o{len(found) + 1:03d}", "type": kind, "query": query, "source": "", "judged": {}})
        elif word.isdigit():
            ids = [f"{names[ref[0]]}#{int(ref[1:]):03d}" for ref in line.split(" ")[1:]]
            if unknown := set(ids) - known | set(ids) & set(found[-1]["judged"]):
                raise CaseError(f"{found[-1]['qid']}: unknown or judged twice: {sorted(unknown)}")
            found[-1]["judged"] |= dict.fromkeys(ids, int(word))
            found[-1]["source"] = found[-1]["source"] or ids[0]
    return found


def document(path: Path) -> tuple[str, str]:
    """Name and content of a report as the searched collection holds it: text files as they are, Word as Markdown."""
    if path.suffix != ".docx":
        return path.name, path.read_text(encoding="utf-8")
    lines = ("#" * level + " " * bool(level) + text for level, text in word_lines(path) if text)
    return f"{path.stem}.md", "\n\n".join(lines) + "\n"


def files() -> dict[str, str]:
    """The files below `retrieval/` with their contents."""
    paths = sorted(path for path in REPORTS.iterdir() if path.suffix in (".txt", ".md", ".docx"))
    passages = [passage for path in paths for passage in passages_of(path)]
    rows = [{"id": p.id, "doc": p.doc, "heading_path": list(p.path), "text": p.text} for p in passages]
    docs = {f"docs/{name}": content for name, content in map(document, paths)}
    tables = {"passages.jsonl": json_lines(rows), "queries.jsonl": json_lines(queries(passages))}
    return {f"retrieval/{name}": content for name, content in (docs | tables).items()}
