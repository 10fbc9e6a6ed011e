"""What last year's report promised: which report that is, what a plan is, and whether it is accounted for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.checks.plans import accounts, check_plans, plans_of
from assistant.library import Library
from assistant.records import Brief, PastRef
from assistant.run import last_reports
from tests.test_library import make


@pytest.mark.parametrize("announced", ["下一步", "下步工作", "今后工作中", "明年", "在今后的工作中", "下阶段工作重点"])
def test_a_bare_announcement_is_no_plan(announced: str) -> None:
    assert list(plans_of(f"三、下一步打算\n{announced}，建设新的档案库房。")) == ["建设新的档案库房"]


def test_notes_and_report_account_for_a_plan_by_one_rule() -> None:
    plan, passages = "扩建社区食堂", ["新办老年大学1所", "社区食堂扩建到26家"]
    assert accounts([plan], passages) == {plan: 1}
    assert accounts([plan], passages[:1]) == {plan: None}
    assert accounts([plan], []) == {plan: None}
    past = [PastRef("去年.txt", f"三、下一步打算\n{plan}。")]
    assert check_plans("\n".join(passages), past) == []
    assert [f.past for f in check_plans(passages[0], past)] == [PastRef("去年.txt", plan)]


def test_last_years_report_is_that_of_the_unit_and_type(tmp_path: Path) -> None:
    brief = Brief("某县2024年工作总结", "某县", "2024年")
    kept = {"a": {}, "b": {"unit": None}}
    others = {"c": {"unit": "别的县"}, "d": {"year": 2022}, "e": {"doc_type": "经验材料"}, "f": {"year": 2024}}
    with Library.open(tmp_path / "库", write=True) as library:
        for name, change in (kept | others).items():
            document, passages, vectors = make(name, f"材料{name}的第一段。\n第二段。")
            library.add(replace(document, **change), passages, vectors, embedder="m")
        assert [ref.document for ref in last_reports(library, brief)] == ["a.txt", "b.txt"]
        assert [ref.document for ref in last_reports(library, replace(brief, period="2023年"))] == ["d.txt"]
        assert last_reports(library, replace(brief, title="某县工作总结", period="")) == []
