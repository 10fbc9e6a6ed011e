"""Drafts for reading by eye: the text, and beside it every figure of the notes with the sentence that holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.markdown import table
from eval.scoring.draft import DraftScore

if TYPE_CHECKING:
    from assistant.records import Draft, DraftSection

_UNSAFE = re.compile(r"[^\w.\-]+")
_FATES = {"right": "相符", "wrong": "**不符**", "unclear": "看不出", "missing": "**未写入**", "elsewhere": "**在别处**"}


def write_for_reading(
    folder: Path, system: str, case: str, seed: int, text: str, draft: Draft, score: DraftScore
) -> None:
    """Write `<system>.<seed>/<case>.md` (the draft) and `<case>.figures.md` (its sections, figures and faults).

    The folder of one system and seed can be scored again with `--drafts`.
    """
    place = folder / f"{_UNSAFE.sub('-', system)}.{seed}"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{case}.md").write_text(text, encoding="utf-8")
    (place / f"{case}.figures.md").write_text(reading_page(case, system, seed, draft, score), encoding="utf-8")


def reading_page(case: str, system: str, seed: int, draft: Draft, score: DraftScore) -> str:
    """Tables of the sections, of the figures, and a list of the faults and of what the program itself reports."""
    lines = [f"# {case} · {system} · 种子 {seed}", "", *_sections(draft.sections), "", *_figures(score), ""]
    lines += ["## 评分器找到的问题", "", *(f"- {f.kind} {f.section}：{f.text}" for f in score.faults), ""]
    own = [f"- {f.severity} {f.kind}：{f.message}" for f in draft.all_findings]
    return "\n".join([*lines, "## 稿件自己报出的", "", *own, ""])


def _sections(sections: Sequence[DraftSection]) -> list[str]:
    rows = [
        (
            section.heading,
            section.length,
            section.target_length or "—",
            section.attempts,
            section.fallbacks,
            f"{section.model_seconds:.1f}",
            sum(finding.severity == "error" for finding in section.findings),
        )
        for section in sections
    ]
    return table(("部分", "字数", "要求", "调用", "兜底", "模型秒", "报错"), rows)


def _figures(score: DraftScore) -> list[str]:
    rows = [
        (fate.line, fate.indicator, fate.surface, _FATES[fate.fate], f"{fate.section}：{fate.sentence}")
        for fate in score.fates
    ]
    return table(("行", "指标", "要点中的数字", "判定", "稿中的句子"), rows)
