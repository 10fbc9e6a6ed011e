"""Real reports: checked against themselves, shuffled, mutated; the labelled sample of the recogniser."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from assistant.checks.batch import check_item
from eval.figure_labels import score
from eval.mutate import items


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_report_agrees_with_itself(corpus: list[Path], shuffle: bool) -> None:
    for path in corpus[::19]:
        text = path.read_text(encoding="utf-8")[:12_000]
        draft = text
        if shuffle:
            parts = [part.strip() for part in re.split(r"(?<=[。！？\n])", text) if part.strip()]
            random.Random(1).shuffle(parts)
            draft = "\n".join(parts)
        notes = [line for line in text.split("\n") if line.strip()]
        answer = check_item({"id": path.stem, "notes": notes, "exemplar": None, "draft": draft})
        assert [f["message"] for f in answer["findings"] if f["severity"] == "error"] == []


def test_mutations_are_found_and_rewrites_stay_clean(corpus: list[Path]) -> None:
    wrong = found = right = alarms = 0
    for path in corpus[::31]:
        for item in list(items(path.read_text(encoding="utf-8"), path.stem, seed=5))[:60]:
            failed = any(f["severity"] == "error" for f in check_item(item)["findings"])
            if item["expected"]:
                wrong, found = wrong + 1, found + failed
            else:
                right, alarms = right + 1, alarms + failed
    assert wrong > 100
    assert found / wrong > 0.98
    assert alarms / right < 0.02


def test_recogniser_against_the_labelled_sample(shared: Path) -> None:
    result = score(shared / "corpus" / "txt")
    assert result["sentences"] >= 300
    assert result["f1"] >= 0.985
    assert result["value_accuracy"] >= 0.995
    assert result["false_per_1000"] <= 0.5
