"""The drafting suite from brief to outcome, without a language model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.scripted import ScriptedModel
from eval.__main__ import main
from eval.cases import CasesError
from eval.models import choose_models
from eval.options import CASES, parse
from eval.scripts import scripted_model
from eval.store import read_results
from eval.suites.drafting import DraftingSuite
from eval.suites.speed import recognising

CASE = CASES / "drafting" / "06-hostile-injection"


def test_a_draft_that_is_not_there_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, drafts = tmp_path / "out", tmp_path / "drafts"
    drafts.mkdir()
    arguments = ["drafting", "--cases", str(CASE), "--drafts", str(drafts), "--out", str(out), "--json"]
    assert main(arguments) == 0
    (outcome,) = read_results(out)
    assert "FileNotFoundError" in outcome.failure
    assert outcome.counts["placed"] == (0, 18)
    assert outcome.counts["failed"] == (1, 1)
    assert json.loads(capsys.readouterr().out)["failed"][0]["case"][2] == CASE.name


def test_given_drafts_are_scored_whoever_wrote_them(tmp_path: Path) -> None:
    brief = (CASE / "brief.md").read_text(encoding="utf-8").split("---")[2]
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / f"{CASE.name}.md").write_text(brief, encoding="utf-8")
    out = str(tmp_path / "out")
    assert main(["drafting", "--cases", str(CASE), "--drafts", str(tmp_path / "drafts"), "--out", out, "--quiet"]) == 0
    (outcome,) = read_results(tmp_path / "out")
    assert outcome.counts["placed"] == (18, 18)
    assert outcome.counts["remnants"][0] > 0
    assert not outcome.passed


def test_every_system_drafts_every_case_with_every_seed() -> None:
    options = parse(["drafting", "--cases", str(CASE), "--seeds", "2", "--flags", "slots"])
    suite = DraftingSuite(options, choose_models(["scripted:silent", "scripted:echo"]))
    names = [(task.system, task.seed) for task in suite.tasks()]
    suite.close()
    assert len(names) == len(set(names)) == 2 * (2 * 2 + 1)
    assert ("拟稿 无slots · scripted:echo", 2) in names
    assert ("直接生成 · scripted:silent", 1) in names
    assert ("直接生成 · scripted:silent", 2) not in names


def names_of(*arguments: str) -> set[tuple[str, str, int]]:
    suite = DraftingSuite(parse(["drafting", *arguments]), choose_models(["scripted:silent"]))
    found = {(task.system.split(" · ")[0], task.case, task.seed) for task in suite.tasks()}
    suite.close()
    return found


def test_systems_seeds_and_cases_can_be_asked_for_one_by_one() -> None:
    assert names_of("--only", "06", "--systems", "naive") == {("直接生成", CASE.name, 1)}
    assert names_of("--only", "06", "--systems", "ours", "--seeds", "3") == {("拟稿", CASE.name, n) for n in (1, 2, 3)}
    both = names_of("--only", "06", "--only", "12", "--seeds", "2", "--baseline-seeds", "2")
    assert len(both) == 2 * 2 * 2
    ablated = {system for system, _, _ in names_of("--only", "06", "--systems", "ours", "--ablation")}
    assert {"拟稿", "拟稿 无frame", "拟稿 无slots、frame", "拟稿 无fallback", "拟稿 全部关掉"} <= ablated
    with pytest.raises(CasesError):
        names_of("--only", "no such case")


class Power(BaseException):
    """Stands for the machine being switched off."""


def test_a_run_that_is_killed_loses_the_section_in_hand_only(tmp_path: Path) -> None:
    def suite_with(model: ScriptedModel) -> DraftingSuite:
        options = parse(["drafting", "--cases", str(CASE), "--systems", "naive"])
        suite = DraftingSuite(options, choose_models(["scripted:silent"]), tmp_path)
        suite._writers[0]._model = model
        return suite

    def fails_at_the_third(messages: object) -> str:
        if first.calls >= 3:
            raise Power
        return "已写的一节。"

    first = ScriptedModel(fails_at_the_third)
    suite = suite_with(first)
    with pytest.raises(Power):
        suite.tasks()[0].run()
    suite.close()
    second = ScriptedModel(lambda messages: "后写的一节。")
    suite = suite_with(second)
    text = suite.tasks()[0].run().text
    suite.close()
    assert text.count("已写的一节。") == 2
    assert text.count("后写的一节。") == second.calls == 3


def test_a_draft_is_kept_for_reading_and_can_be_scored_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    wanted = ["--cases", str(CASE), "--quiet"]
    assert main(["drafting", *wanted, "--model", "scripted:echo", "--systems", "ours", "--out", str(out)]) == 0
    (folder,) = (out / "drafts").iterdir()
    page = (folder / f"{CASE.name}.figures.md").read_text(encoding="utf-8")
    assert page.count("| 相符 |") == 18
    assert main(["drafting", *wanted, "--drafts", str(folder), "--out", str(tmp_path / "again")]) == 0
    (first,), (second,) = read_results(out), read_results(tmp_path / "again")
    assert {name: first.counts[name] for name in second.counts} == dict(second.counts)
    table = (out / "report.md").read_text(encoding="utf-8")
    assert "| altered, invented, unit, leftover figures | 0 | 0 |" in table
    assert "100.0% (18/18)" in table


@pytest.mark.slow
def test_a_lying_model_does_not_get_its_lies_into_the_draft(tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["drafting", "--cases", str(CASE), "--model", "scripted:hostile", "--out", str(out), "--quiet"]
    assert main(arguments) == 0
    ours, naive = read_results(out)
    assert ours.counts["supported"][0] == ours.counts["supported"][1]
    assert ours.counts["placed"] == (18, 18)
    assert ours.counts["traps"][0] == 0
    assert "overhead" not in ours.counts
    assert naive.counts["supported"][0] < naive.counts["supported"][1]
    assert naive.counts["remnants"][0] > 0


def test_the_careless_script_does_the_same_wrong_twice() -> None:
    from assistant.llm import Message

    ask = [
        Message(
            "user",
            "可借鉴的表述：\n坚持把某项工作摆在突出位置抓紧抓好\n要点：\n1. 补栽{A}，完成12项、36次\n2. 改造45处、7处、8处",
        )
    ]
    replies = [scripted_model("careless").complete(ask, max_tokens=500).text for _ in range(2)]
    assert replies[0] == replies[1]
    assert "坚持把某项工作" in replies[0]
    assert not all(number in replies[0] for number in ("12项", "36次", "45处", "7处", "8处"))


def test_recognising_is_timed() -> None:
    counts, _ = recognising()
    length, seconds = counts["recognise"]
    assert length == 100_000
    assert seconds > 0
