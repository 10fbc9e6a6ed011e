"""The sample reports, briefs and evaluation cases: formats, labels at their places, arithmetic, nothing borrowed."""

from __future__ import annotations

import ast
import json
import re
import zipfile
from collections import Counter, defaultdict
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from eval.figure_labels import KINDS as LABELLED_KINDS
from eval.labelling import CaseError, facts
from eval.labelling.__main__ import BUILDS
from eval.labelling.__main__ import main as rebuild

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "eval" / "cases"
REPORTS = sorted(path for path in (ROOT / "data" / "reports").iterdir() if path.suffix in (".txt", ".md", ".docx"))
BRIEFS = sorted((ROOT / "data" / "briefs").glob("*.md"))
DRAFTING = sorted(path for path in (CASES / "drafting").iterdir() if path.is_dir())
RULES = (
    "arithmetic", "consistency", "count", "leftover", "numbering", "outline", "phrase", "placeholder", "plans",
    "punctuation", "status", "wording",
)  # fmt: skip
KINDS = {
    "altered", "arithmetic", "basis", "count", "direction", "dropped", "invented", "leftover", "qualifier", "swapped",
    "unit",
}  # fmt: skip
# Formulas of the trade that any report of these years holds; a shared run must lie inside one of them.
STOCK = (
    "扎实开展学习贯彻习近平新时代中国特色社会主义思想主题教育",
    "坚持以习近平新时代中国特色社会主义思想为指导",
    "坚持用习近平新时代中国特色社会主义思想凝心铸魂",
    "把学习贯彻习近平新时代中国特色社会主义思想作为首要政治任务",
    "深入学习贯彻党的二十大和二十届三中全会精神",
    "深入学习贯彻党的二十届三中全会精神",
    "深刻把握党在新时代坚持和发展中国特色社会主义的根本要求",
    "新岚县第十八届人民代表大会第三次会议上",
    "新岚县第十八届人民代表大会第四次会议",
    "严格执行中央八项规定及其实施细则精神",
    "社区获评全国示范性老年友好型社区",
    "实施居家和社区基本养老服务提升行动",
)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def text_of(path: Path) -> str:
    """Text of a report or case file, tables of a .docx included."""
    if path.suffix != ".docx":
        return path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
    return "\n".join("".join(t.text or "" for t in p.iter(f"{WORD}t")) for p in root.iter(f"{WORD}p"))


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def exact(expression: str) -> Fraction:
    """Value of an arithmetic expression without rounding."""

    def walk(node: ast.expr) -> Fraction:
        match node:
            case ast.Constant(value=value):
                return Fraction(str(value))
            case ast.UnaryOp(operand=operand):
                return -walk(operand)
            case ast.BinOp(left=left, op=op, right=right):
                a, b = walk(left), walk(right)
                return {ast.Add: a.__add__, ast.Sub: a.__sub__, ast.Mult: a.__mul__, ast.Div: a.__truediv__}[type(op)](
                    b
                )
        raise AssertionError(expression)

    return walk(ast.parse(expression, mode="eval").body)


# ---- sample reports and briefs ----------------------------------------------------------------------------------


def test_reports_are_of_one_office_over_three_years() -> None:
    assert len(REPORTS) >= 8
    assert {path.suffix for path in REPORTS} == {".txt", ".md", ".docx"}
    years = {year for path in REPORTS for year in re.findall(r"20\d\d", path.stem)}
    assert {"2021", "2022", "2023"} <= years


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_report_has_length_unit_and_year_at_its_head(path: Path) -> None:
    text = text_of(path)
    assert 1500 <= sum(not char.isspace() for char in text) <= 4000
    head = "\n".join(text.splitlines()[:4])
    assert "松屏县人民政府办公室" in head
    assert re.search(r"20\d\d年", head)


def test_briefs_hold_what_makes_notes_hard() -> None:
    texts = [text_of(path) for path in BRIEFS]
    assert len(texts) == 3
    assert all(text.startswith("---\ntitle: ") for text in texts)
    large, duty, tiny = texts
    assert len(re.findall(r"^#{2,3} ", large, re.MULTILINE)) >= 8
    assert "| 指标 |" in large
    assert "（可选）" in large
    assert all("__" in text for text in (large, duty))
    assert "doc_type: 述职报告" in duty
    assert len(re.findall(r"^- ", tiny, re.MULTILINE)) <= 3


def test_declared_arithmetic_holds_and_stands_in_the_files() -> None:
    rows = [line.split("\t") for line in text_of(CASES / "arithmetic.tsv").splitlines() if not line.startswith("#")]
    assert {Path(row[0]).name for row in rows} <= {path.name for path in REPORTS + BRIEFS}
    for name, expression, shown, quotes in rows:
        places = len(shown.partition(".")[2])
        scaled = exact(expression) * 10**places
        assert Fraction(shown) == Fraction(int(scaled + Fraction(1, 2)), 10**places), (name, expression, shown)
        for quote in [quotes] if quotes.startswith("| ") else quotes.split("|"):
            assert quote in text_of(ROOT / name), (name, quote)


# ---- built files are what their sources say ---------------------------------------------------------------------


def test_built_cases_are_up_to_date() -> None:
    files = {name: content for build in BUILDS for name, content in build().items()}
    assert {"fidelity.jsonl", "review.jsonl", "sentences.jsonl", "retrieval/queries.jsonl"} <= set(files)
    assert {f"drafting/{case.name}/facts.json" for case in DRAFTING} <= set(files)
    assert [name for name, content in files.items() if text_of(CASES / name) != content] == []


def test_a_file_that_differs_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert rebuild(["--check"]) == 0
    monkeypatch.setattr(
        "eval.labelling.__main__.read", lambda name: "other" if name == "review.jsonl" else text_of(CASES / name)
    )
    assert rebuild(["--check"]) == 1
    assert "review.jsonl" in capsys.readouterr().err


# ---- drafting cases ---------------------------------------------------------------------------------------------


def test_drafting_cases_cover_all_document_types_and_hard_sorts() -> None:
    facts = [json.loads(text_of(case / "facts.json")) for case in DRAFTING]
    assert len(facts) >= 12
    assert {fact["doc_type"] for fact in facts} == {"工作总结", "述职报告", "情况汇报", "经验材料", "政府工作报告"}
    assert sum("hostile" in fact["slug"] for fact in facts) >= 4
    assert max(fact["n_sections"] for fact in facts) >= 40
    assert max(section["n_bullets"] for fact in facts for section in fact["sections"]) >= 60
    assert max(len(line) for case in DRAFTING for line in text_of(case / "brief.md").splitlines()) >= 2000


@pytest.mark.parametrize("case", DRAFTING, ids=lambda case: case.name)
def test_every_fact_stands_at_its_place(case: Path) -> None:
    content, brief = json.loads(text_of(case / "facts.json")), text_of(case / "brief.md").split("\n")
    for fact in content["facts"]:
        line, value = brief[fact["line"] - 1], fact["value_text"]
        assert line == fact["context"]
        assert line[fact["col"] : fact["col"] + len(value)] == value
        assert fact["accept"]
    places = [(fact["line"], fact["col"]) for fact in content["facts"]]
    assert len(set(places)) == len(places)
    for entry in content["must_cover"]:
        line = brief[entry["line"] - 1]
        assert any(phrase in line for phrase in [entry["phrase"], *entry["alts"]]), (entry, line)


@pytest.mark.parametrize("case", DRAFTING, ids=lambda case: case.name)
def test_every_digit_of_the_notes_is_labelled(case: Path) -> None:
    content = json.loads(text_of(case / "facts.json"))
    exempt = [*content["not_figures"], *(issue["text"] for issue in content["issues"])]
    facts = defaultdict(list)
    for fact in content["facts"]:
        facts[fact["line"]].append((fact["col"], fact["col"] + len(fact["value_text"])))
    for number, line in enumerate(text_of(case / "brief.md").split("\n"), 1):
        if not line.startswith("- "):
            continue
        spans = facts[number] + [m.span() for text in exempt if text for m in re.finditer(re.escape(text), line)]
        spans += [m.span() for m in re.finditer(r"20\d\d年|<[^>]+>|\d+月底?前?|\([^)]*\)", line)]
        for match in re.finditer(r"\d[\d.,]*", line):
            assert any(a <= match.start() and match.end() <= b for a, b in spans), (number, match[0], line)


@pytest.mark.parametrize("case", DRAFTING, ids=lambda case: case.name)
def test_traps_are_in_the_past_and_not_in_the_brief(case: Path) -> None:
    brief = "".join(text_of(case / "brief.md").split())
    for trap in json.loads(text_of(case / "facts.json"))["traps"]:
        pattern = re.escape(trap["match_text"])
        if trap["match"] == "number-boundary":
            pattern = rf"(?<![\d.]){pattern}(?!\d)"
        assert trap["files"]
        assert all(re.search(pattern, "".join(text_of(case / name).split())) for name in trap["files"])
        assert not re.search(pattern, brief), trap["text"]


def test_a_wrong_annotation_is_refused(tmp_path: Path) -> None:
    case = tmp_path / "case"
    (case / "past").mkdir(parents=True)
    head = "---\ntitle: 甲\nunit: 乙\nperiod: 2024年\ndoc_type: 工作总结\naudience: 丙\n---\n## 一、工作\n- 办件12件\n"
    (case / "brief.md").write_text(head, encoding="utf-8")
    (case / "past" / "a.txt").write_text("上年办件12件、9件", encoding="utf-8")
    for wrong in ("- 办件 :: 办件=13件\n", "", "- 办件 :: 办件=12件\nTRAP 12件 | figure | hard | in both\n"):
        (case / "facts.ann").write_text(wrong, encoding="utf-8")
        with pytest.raises(CaseError):
            facts.build(case)
    (case / "facts.ann").write_text("- 办件 :: 办件=12件\nTRAP 9件 | figure | hard | last year\n", encoding="utf-8")
    assert facts.build(case)["facts"][0]["normalized_value"] == 12


# ---- sentences, review, fidelity, retrieval ---------------------------------------------------------------------


def test_sentences_are_labelled_at_their_places() -> None:
    rows = lines_of(CASES / "sentences.jsonl")
    assert len(rows) >= 150
    assert len({row["text"] for row in rows}) == len(rows)
    kinds = Counter(mention["kind"] for row in rows for mention in row["mentions"])
    assert set(kinds) == LABELLED_KINDS - {"period"}
    assert sum(not row["mentions"] for row in rows) >= 20
    for row in rows:
        assert not re.search(r"[{}|]", row["text"])
        ends = 0
        for mention in row["mentions"]:
            assert row["text"][mention["start"] : mention["end"]] == mention["surface"]
            assert mention["start"] >= ends
            ends = mention["end"]
            if mention["lo"] is not None:
                assert Fraction(mention["lo"]) <= Fraction(mention["hi"])
            else:
                assert mention["label"] or mention["kind"] == "vague"


def test_review_has_enough_of_every_rule() -> None:
    rows = lines_of(CASES / "review.jsonl")
    assert len({row["id"] for row in rows}) == len(rows)
    count = Counter((row["rule"], bool(row["expected"])) for row in rows)
    assert {rule for rule, _ in count} == {*RULES, "any"}
    for rule in RULES:
        assert count[rule, True] >= 25, rule
        assert count[rule, False] >= 25, rule


def test_review_spans_are_unique_and_twins_are_right() -> None:
    rows = {row["id"]: row for row in lines_of(CASES / "review.jsonl")}
    for name, row in rows.items():
        assert set(row) <= {"id", "rule", "text", "notes", "past", "outline", "expected"}
        for entry in row["expected"]:
            assert entry["text"] or entry["note"]
            if entry["text"]:
                assert row["text"].count(entry["text"]) == row["text"].count(entry["at"]) == 1, (name, entry)
                assert entry["at"] in entry["text"]
        twin = rows.get(name.removesuffix(".bad") + ".twin")
        if row["expected"] and twin:
            assert not twin["expected"]
            assert twin["text"] != row["text"]
        if row["rule"] == "leftover":
            assert "past" in row
        if row["rule"] == "status":
            assert row["notes"]
        if row["rule"] == "plans":
            assert "past" in row
        if row["rule"] == "outline" and not row["expected"]:
            lines = row["text"].split("\n")
            assert [line for line in lines if line in row["outline"]] == row["outline"], name


def test_review_leftovers_come_from_the_past() -> None:
    for row in lines_of(CASES / "review.jsonl"):
        if row["rule"] == "leftover":
            for entry in row["expected"]:
                assert entry["at"] in row["past"], row["id"]


def test_fidelity_has_right_and_wrong_drafts_of_every_paragraph() -> None:
    rows = lines_of(CASES / "fidelity.jsonl")
    groups = defaultdict(list)
    for row in rows:
        groups[row["id"].split(".")[0]].append(row)
        assert set(row) == {"id", "topic", "source_doc", "notes", "exemplar", "draft", "variant", "expected"}
    assert len(groups) >= 30
    for name, group in groups.items():
        assert Counter(row["variant"] for row in group) == {
            "faithful_verbatim": 1, "faithful_paraphrase": 1, "corrupted": 3,
        }, name  # fmt: skip
        right = {row["draft"] for row in group if not row["expected"]}
        for row in group:
            for entry in row["expected"]:
                assert entry["kind"] in KINDS
                assert row["draft"] not in right
                assert row["draft"].count(entry["text"]) == 1 or not entry["text"], row["id"]
                if entry["kind"] == "leftover":
                    assert entry["text"] in row["exemplar"], row["id"]
    assert KINDS - {entry["kind"] for row in rows for entry in row["expected"]} == set()


def test_retrieval_judgements_point_to_passages_of_the_reports() -> None:
    passages = {row["id"]: row for row in lines_of(CASES / "retrieval" / "passages.jsonl")}
    queries = lines_of(CASES / "retrieval" / "queries.jsonl")
    kinds = Counter(query["type"] for query in queries)
    assert len(queries) >= 24
    assert all(kinds[kind] >= 6 for kind in ("t1", "t2", "t3", "t4"))
    texts = {path.stem: text_of(path) for path in REPORTS}
    for row in passages.values():
        first = row["text"].split("\n")[0]
        assert first.replace("*", "") in texts[row["doc"]].replace("*", ""), row["id"]
    for query in queries:
        assert set(query["judged"]) <= set(passages)
        assert 2 in query["judged"].values()


# ---- nothing borrowed -------------------------------------------------------------------------------------------


def runs(text: str, length: int = 16) -> set[str]:
    """All runs of Chinese characters of a length; white space does not break a run, everything else does."""
    found = set()
    for match in re.finditer(rf"[\u4e00-\u9fff]{{{length},}}", "".join(text.split())):
        found |= {match[0][i : i + length] for i in range(len(match[0]) - length + 1)}
    return found


def test_no_text_is_shared_with_the_real_reports(shared: Path) -> None:
    own: dict[str, str] = {}
    for folder in (ROOT / "data", CASES):
        for path in folder.rglob("*"):
            if path.suffix in (".txt", ".md", ".docx", ".jsonl", ".json", ".ann", ".tsv"):
                own |= dict.fromkeys(runs(text_of(path)), path.name)
    own = {run: name for run, name in own.items() if not any(run in phrase for phrase in STOCK)}
    for path in shared.rglob("*"):
        if path.suffix in (".txt", ".md", ".jsonl", ".json"):
            common = own.keys() & runs(path.read_text(encoding="utf-8", errors="ignore"))
            assert not common, (path.name, [(run, own[run]) for run in sorted(common)][:5])
