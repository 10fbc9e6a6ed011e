"""The nouns of the program. Knows nothing about files, models, stores or vendors.

Everything here is a frozen dataclass; all offsets are character offsets (code points) into the text named beside
them, with `text[start:end] == span.text`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "info"]
Verdict = Literal["clean", "warnings", "errors"]
DocType = Literal["工作总结", "述职报告", "情况汇报", "经验材料", "政府工作报告"]
SectionRole = Literal["开头总述", "主要做法", "成效", "经验", "存在问题", "下步打算", "结尾"]

DOC_TYPES: tuple[DocType, ...] = ("工作总结", "述职报告", "情况汇报", "经验材料", "政府工作报告")
SECTION_ROLES: tuple[SectionRole, ...] = ("开头总述", "主要做法", "成效", "经验", "存在问题", "下步打算", "结尾")


# ---- past reports -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document; `level` 1 is the highest below the title."""

    text: str
    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A past report as read from a file.

    `document_id` is the content hash of the file, `name` the file name as the writer knows it. Metadata that could not
    be recognised is None, never a guess without evidence.
    """

    document_id: str
    name: str
    text: str
    title: str
    unit: str | None = None
    year: int | None = None
    doc_type: str | None = None
    headings: tuple[Heading, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document: `document.text[start:end] == text`, always."""

    passage_id: str
    document_id: str
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...] = ()
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage with what the interface shows of its document; `masked` has figures and names as slots."""

    rank: int
    score: float
    passage: Passage
    document: str
    title: str
    year: int | None = None
    unit: str | None = None
    doc_type: str | None = None
    masked: str = ""
    matched: tuple[tuple[int, int], ...] = ()


# ---- notes ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """One bullet of the notes, or one table row written out as a clause.

    `text` is what the checks and the prompts read, `source` the line as the writer typed it, `line` its 1-based line
    in the notes. `optional` points need not reach the draft. `blanks` are the writer's own gaps (“__%”, XX) in `text`.
    """

    text: str
    line: int
    source: str = ""
    optional: bool = False
    blanks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the outline, word for word, with its points. `path` ends with this heading."""

    heading: str
    level: int
    path: tuple[str, ...]
    line: int
    points: tuple[Point, ...] = ()
    target_length: int | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """The writer's notes for one report. `extra` keeps unknown front-matter keys; `notices` what the parser noticed."""

    title: str
    unit: str = ""
    period: str = ""
    doc_type: str = "工作总结"
    audience: str = ""
    sections: tuple[Section, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[Finding, ...] = ()

    @property
    def points(self) -> tuple[Point, ...]:
        """All points in the order of the outline."""
        return tuple(point for section in self.sections for point in section.points)

    @property
    def year(self) -> int | None:
        """The report's year: the first that the period names, else the title; None where neither does."""
        found = re.search(r"(?:19|20)\d\d", f"{self.period} {self.title}")
        return int(found.group()) if found else None


# ---- findings ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the checked draft."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class NoteRef:
    """A place in the notes: 1-based line (index + 1 where notes come as a list) and its text."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class PastRef:
    """A place in a past document: the document's name and the text that was found there."""

    document: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check has to say. `kind` is a name of the finding table in the figure specification or of a check.

    `formula` explains a derived or arithmetic finding; `suggestion` is a text that could stand in the draft span's
    place when the check knows one.
    """

    kind: str
    severity: Severity
    message: str
    draft: Span | None = None
    note: NoteRef | None = None
    past: PastRef | None = None
    formula: str = ""
    suggestion: str | None = None


SEVERITY_NAMES: dict[Severity, str] = {"error": "错误", "warning": "提醒", "info": "提示"}
_LABELS = {
    "altered": "数字改动", "unit": "单位不符", "swapped": "张冠李戴", "direction": "增减相反", "basis": "口径不符",
    "qualifier": "程度词", "invented": "没有出处", "derived": "推算数字", "leftover": "沿用旧稿", "dropped": "漏写",
    "count": "个数不符", "arithmetic": "算不拢", "brief": "要点", "unfinished": "没写完", "placeholder": "待补",
    "blank": "待补", "coverage": "漏写", "outline": "提纲", "numbering": "序号", "wording": "用词", "style": "用词",
    "punctuation": "标点", "length": "字数", "repetition": "重复", "duplicate": "重复", "inconsistent": "前后不一",
    "consistency": "前后不一", "status": "拔高", "phrase": "固定提法", "uncovered": "漏写", "repeat": "重复",
    "polish": "润色", "list": "序号", "title": "标题",
    "differs": "前后不一", "opening": "开头", "term": "用语", "plans": "去年打算",
    "forced": "补入", "withheld": "按要求略去",
}  # fmt: skip


def label_of(kind: str) -> str:
    """The Chinese name of a finding's kind, as people read it; JSON keeps the kind."""
    return _LABELS.get(kind) or _LABELS.get(kind.partition("/")[0].partition("_")[0], "提示")


def verdict_of(findings: tuple[Finding, ...] | list[Finding]) -> Verdict:
    """The worst severity decides: any error -> errors, any warning -> warnings, else clean."""
    severities = {finding.severity for finding in findings}
    if "error" in severities:
        return "errors"
    return "warnings" if "warning" in severities else "clean"


# ---- drafts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or several model calls, as the model reported them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
        )


def length_of(text: str) -> int:
    """Length in 字: characters that are not white space."""
    return sum(not character.isspace() for character in text)


@dataclass(frozen=True, slots=True)
class Citation:
    """A past passage that a section was written beside; those whose wording it takes come first."""

    document: str
    heading_path: tuple[str, ...]
    text: str
    passage_id: str = ""


@dataclass(frozen=True, slots=True)
class DraftSection:
    """One section as drafted. Offsets of `findings` point into `text`, the body without its heading.

    `attempts` counts model calls, `fallbacks` the sentences that were replaced by the writer's own bullet.
    """

    heading: str
    path: tuple[str, ...]
    level: int
    text: str
    target_length: int | None = None
    findings: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()
    attempts: int = 0
    fallbacks: int = 0
    seconds: float = 0.0
    model_seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)
    prompt_hash: str = ""

    @property
    def length(self) -> int:
        """Length in 字."""
        return length_of(self.text)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of the notes reached the draft."""

    points: int = 0
    points_covered: int = 0
    figures: int = 0
    figures_placed: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole drafted report; `findings` are those of the whole, on top of those of its sections."""

    brief: Brief
    model: str
    sections: tuple[DraftSection, ...]
    findings: tuple[Finding, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)
    seed: int | None = None

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Findings of the whole followed by those of each section (section spans are relative to their section)."""
        return self.findings + tuple(f for section in self.sections for f in section.findings)

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.all_findings)
