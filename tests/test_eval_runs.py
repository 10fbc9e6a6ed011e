"""Runs: resumable, honest about failures, comparable, and reported in a page that needs no network."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from assistant.errors import ModelError, SettingsError
from eval.__main__ import main
from eval.baselines.checkers import digit_strings, value_sets
from eval.cases import CasesError, find_briefs, read_lines, take
from eval.compare import compare_runs, conditions_changed
from eval.gate import check_limits, read_limits
from eval.goals import GOALS, Reached, goal_grid, grid_rows, reach
from eval.intervals import difference_interval, ratio_interval
from eval.measures import MEASURES, show
from eval.models import choose_models
from eval.options import CASES, FLAGS, parse
from eval.outcome import Example, Outcome, Task
from eval.page import write_page
from eval.runner import Pace, Progress, run_one, run_tasks
from eval.store import RunStore, StoreError, read_results, write_json
from eval.suites.figures import FiguresSuite
from eval.suites.review import ReviewSuite
from eval.summary import ALL, summarise, worst


def outcome(
    case: str, hits: float, *, system: str = "ours", passed: bool = True, failure: str = "", text: str = ""
) -> Outcome:
    counts = {"found": (hits, 10.0), "failed": (float(bool(failure)), 1.0)}
    examples = (Example("found", f"missed in {case}"),)
    return Outcome("review", system, case, case, "rule", counts, passed, examples=examples, failure=failure, text=text)


def task(case: str, result: Outcome | Exception) -> Task:
    def run() -> Outcome:
        if isinstance(result, Exception):
            raise result
        return result

    return Task("review", "ours", case, run, lambda reason: outcome(case, 0, passed=False, failure=reason))


def ignore(progress: Progress) -> None:
    """No progress is shown."""


# ---- figures ----------------------------------------------------------------------------------------------------


def test_intervals_are_drawn_over_documents_and_hold_the_value() -> None:
    counts = [(9.0, 10.0), (5.0, 10.0), (10.0, 10.0), (7.0, 10.0), (8.0, 10.0)]
    interval = ratio_interval(counts)
    assert interval is not None
    assert interval.low < 0.78 < interval.high
    assert interval == ratio_interval(counts)
    assert ratio_interval(counts[:2]) is None
    certain = ratio_interval([(10.0, 10.0)] * 5)
    assert certain is not None
    assert (certain.low, certain.high) == (1.0, 1.0)


def test_one_bad_document_widens_the_interval_more_than_many_good_cases_narrow_it() -> None:
    even = ratio_interval([(90.0, 100.0)] * 10)
    clustered = ratio_interval([(100.0, 100.0)] * 9 + [(0.0, 100.0)])
    assert even is not None
    assert clustered is not None
    assert even.high - even.low < 0.001
    assert clustered.high - clustered.low > 0.1


def test_a_paired_difference_is_settled_only_when_documents_agree() -> None:
    before = [(5.0, 10.0)] * 8
    better = difference_interval(before, [(7.0, 10.0)] * 8)
    mixed = difference_interval(before, [(9.0, 10.0), (1.0, 10.0)] * 4)
    assert better is not None
    assert better.low > 0
    assert mixed is not None
    assert mixed.low < 0 < mixed.high


def test_summary_counts_every_case_and_names_the_worst() -> None:
    rows = summarise([outcome("a", 10), outcome("b", 4, passed=False), outcome("c", 0, passed=False, failure="died")])
    found = next(row for row in rows if row.measure == "found" and row.kind == ALL)
    failed = next(row for row in rows if row.measure == "failed" and row.kind == ALL)
    assert (found.hits, found.total, found.cases) == (14, 30, 3)
    assert failed.value == pytest.approx(1 / 3)
    assert [entry.example.text for entry in worst([outcome("a", 1)])] == ["missed in a"]


def test_values_are_shown_in_their_scale() -> None:
    assert show(0.985, "percent") == "98.5%"
    assert show(None, "percent") == "—"
    assert show(0.0123, "millis") == "12.3 ms"


# ---- runs -------------------------------------------------------------------------------------------------------


def test_an_exception_is_a_failed_case_that_counts() -> None:
    for error in (ModelError("模型没有回答"), ZeroDivisionError("boom")):
        result = run_one(task("a", error))
        assert result.failure
        assert result.counts["failed"] == (1.0, 1.0)
        assert not result.passed


def test_a_run_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    store = RunStore(tmp_path, {"seeds": [1]}, resume=False)
    run_tasks([task("a", outcome("a", 3)), task("b", outcome("b", 5))], store, ignore)
    store.close()
    lines = (tmp_path / "results.jsonl").read_text(encoding="utf-8")
    (tmp_path / "results.jsonl").write_text(lines + '{"suite": "review", "sys', encoding="utf-8")
    again = RunStore(tmp_path, {"seeds": [1]}, resume=True)
    outcomes = run_tasks([task("a", RuntimeError("must not run")), task("c", outcome("c", 7))], again, ignore)
    again.close()
    assert [o.failure for o in outcomes] == ["", ""]
    assert [o.case for o in read_results(tmp_path)] == ["a", "b", "c"]


def test_a_run_stops_at_its_time_and_leaves_the_rest_for_later(tmp_path: Path) -> None:
    store = RunStore(tmp_path, {}, resume=False)
    outcomes = run_tasks([task("a", outcome("a", 3)), task("b", outcome("b", 5))], store, ignore, deadline=0.0)
    store.close()
    assert outcomes == []
    again = RunStore(tmp_path, {}, resume=True)
    assert len(run_tasks([task("a", outcome("a", 3)), task("b", outcome("b", 5))], again, ignore)) == 2
    again.close()


def test_the_time_left_goes_by_the_weight_of_what_is_open_and_the_pace_of_its_system() -> None:
    slow = [replace(task(name, outcome(name, 1)), system="naive", weight=2.0) for name in "ab"]
    quick = [replace(task(name, outcome(name, 1)), weight=5.0) for name in "cd"]
    pace = Pace([*slow, *quick])
    assert pace.left() is None
    pace.finished(slow[0], 20.0)
    assert pace.left() == pytest.approx(2 * 10 + 10 * 10)
    pace.finished(quick[0], 5.0)
    assert pace.left() == pytest.approx(2 * 10 + 5 * 1)


def test_several_runs_make_one_report(tmp_path: Path) -> None:
    for name, system in (("one", "拟稿 · small"), ("two", "直接生成 · small")):
        store = RunStore(tmp_path / name, {"data": name}, resume=False)
        counts = {"placed": (10.0 if name == "one" else 6.0, 10.0), "altered": (0.0 if name == "one" else 4.0, 1.0)}
        store.add(Outcome("drafting", system, "a", "a", "工作总结", counts, True))
        store.close()
    out = tmp_path / "both"
    assert main(["report", str(tmp_path / "one"), str(tmp_path / "two"), "--out", str(out), "--quiet"]) == 0
    text = (out / "report.md").read_text(encoding="utf-8")
    assert "|  | goal | Nigao · small (n=1) | naive · small (n=1) |" in text
    assert "| figures placed in their section | ≥ 99% | 100.0% (10/10) | **60.0% (6/10)** |" in text
    assert "| altered, invented, unit, leftover figures | 0 | 0 | **4** |" in text
    body = json.loads((out / "report.json").read_text(encoding="utf-8"))
    page = (out / "report.html").read_text(encoding="utf-8")
    assert '<td><span class="bad">60.0% (6/10)</span></td>' in page
    assert set(body["manifest"]["runs"]) == {str(tmp_path / "one"), str(tmp_path / "two")}
    assert main(["report"]) == 2


def test_many_systems_stand_below_each_other() -> None:
    counts = {"placed": (1.0, 2.0), "unit": (1.0, 1.0)}
    outcomes = [Outcome("drafting", f"拟稿 无{n}", "a", "a", "", counts, False) for n in "一二三四"]
    titles, rows = grid_rows(goal_grid(outcomes))
    assert "　换单位" not in titles
    assert [row[0] for row in rows] == ["目标", *(f"拟稿 无{n} (n=1)" for n in "一二三四")]
    assert reach(GOALS[0], outcomes) == Reached("4", False)


def test_a_run_is_not_mixed_with_another(tmp_path: Path) -> None:
    store = RunStore(tmp_path, {"seeds": [1], "started": "now"}, resume=False)
    store.add(outcome("a", 3))
    store.close()
    with pytest.raises(StoreError, match="--resume"):
        RunStore(tmp_path, {"seeds": [1]}, resume=False)
    with pytest.raises(StoreError, match="种子"):
        RunStore(tmp_path, {"seeds": [2]}, resume=True)
    RunStore(tmp_path, {"seeds": [1], "started": "later", "commit": {"head": "new"}}, resume=True).close()


def test_compare_tells_better_from_worse_and_lists_flips(tmp_path: Path) -> None:
    for name, hits, passed, prompt in (("old", 9.0, True, "aa"), ("new", 4.0, False, "bb")):
        store = RunStore(tmp_path / name, {"prompts": {"lines.md": prompt}}, resume=False)
        for case in "abcd":
            store.add(outcome(case, hits, passed=passed, text=f"{case}{name if case == 'a' else ''}"))
        store.add(outcome(f"only-{name}", 1))
        store.close()
    comparison = compare_runs(tmp_path / "old", tmp_path / "new")
    found = next(change for change in comparison.changes if change.measure == "found")
    assert found.verdict == "变差"
    assert found.settled
    assert (found.before, found.after) == (0.9, 0.4)
    assert [flip.key[2] for flip in comparison.flips] == ["a", "b", "c", "d"]
    assert comparison.conditions == ("prompts.lines.md：aa → bb",)
    assert comparison.same_texts == (3, 4)
    assert [key[2] for key in comparison.only_before] == ["only-old"]
    assert main(["compare", str(tmp_path / "old"), str(tmp_path / "new")]) == 0


def test_conditions_that_always_differ_are_not_told() -> None:
    assert conditions_changed({"started": "1", "data": "x"}, {"started": "2", "data": "x"}) == []
    assert conditions_changed({"data": "x"}, {}) == ["data：x → 无"]


def test_the_page_needs_no_network(tmp_path: Path) -> None:
    outcomes = [outcome("甲", 3), outcome("乙", 0, failure="<b>没有跑成</b>", passed=False)]
    write_page(tmp_path / "r.html", summarise(outcomes), worst(outcomes), outcomes, {"started": "今天"})
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    own = re.sub(r"<script[^>]*>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r'(?:src|href)\s*=\s*["\']?(?:https?:)?//', own)
    assert not re.search(r"<(?:script|link)[^>]+(?:src|href)=", page)
    assert "Noto Sans CJK SC" in own
    assert "&lt;b&gt;没有跑成" in own
    assert page.count("Plotly.newPlot") >= 1


# ---- the command ------------------------------------------------------------------------------------------------


def test_a_suite_runs_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    assert main(["review", "--limit", "6", "--out", str(out), "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["cases"] == 6
    assert body["manifest"]["data"]
    assert body["manifest"]["prompts"]
    assert (out / "report.html").is_file()
    assert main(["review", "--limit", "6", "--out", str(out), "--json"]) == 2
    assert main(["review", "--limit", "6", "--out", str(out), "--json", "--resume"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["compare", "one"],
        ["review", "extra"],
        ["review", "--kind", "nonsense"],
        ["drafting", "--flags", "brakes"],
        ["figures", "--cases", "/nowhere"],
    ],
)
def test_wrong_usage_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_the_flags_are_those_of_the_product() -> None:
    from assistant.generate import SafetyFlags

    assert set(FLAGS) == {field.name for field in fields(SafetyFlags)}


def test_ablation_switches_parts_off() -> None:
    options = parse(["drafting", "--ablation", "--flags", "slots,repair", "--seeds", "3"])
    assert options.seeds == (1, 2, 3)
    assert frozenset(["slots", "repair"]) in options.without
    assert frozenset(FLAGS) in options.without


def test_models_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = tmp_path / "models.toml"
    listing.write_text(
        '[[model]]\nname = "大模型"\nbase_url = "http://127.0.0.1:9/v1/"\nmodel = "m"\napi_key_env = "SOME_KEY"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("SOME_KEY", "k")
    choice = choose_models([], listing)[0]
    assert choice.name == "大模型"
    assert choice.settings.llm_base_url == "http://127.0.0.1:9/v1"
    assert choice.settings.llm_api_key == "k"
    assert "k" not in json.dumps(choice.identity(), ensure_ascii=False).replace("kind", "")
    listing.write_text('[[model]]\nname = "x"\nmodel = "m"\nkey = "secret"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="key"):
        choose_models([], listing)
    with pytest.raises(SettingsError, match="脚本模型"):
        choose_models(["scripted:nobody"])[0].connect()


# ---- cases, baselines, gate -------------------------------------------------------------------------------------


def test_cases_that_are_malformed_stop_the_run(tmp_path: Path) -> None:
    path = tmp_path / "review.jsonl"
    path.write_text('{"id": "a", "rule": "r"}\n', encoding="utf-8")
    with pytest.raises(CasesError, match="第 1 行缺少：text"):
        read_lines(path, ("id", "text"))
    path.write_text("not json\n", encoding="utf-8")
    with pytest.raises(CasesError, match="第 1 行"):
        read_lines(path, ("id",))


def test_a_limit_is_spread_over_all_cases() -> None:
    assert take(list(range(10)), 0) == list(range(10))
    assert take(list(range(10)), 3) == [0, 3, 6]


def test_every_case_of_the_project_becomes_a_task() -> None:
    review = ReviewSuite(parse(["review"]))
    lines = (CASES / "review.jsonl").read_text(encoding="utf-8").count("\n")
    assert len(review.tasks()) == lines
    figures = FiguresSuite(parse(["figures", "--no-baselines", "--mutations", "0"]))
    sentences = (CASES / "sentences.jsonl").read_text(encoding="utf-8").count("\n")
    fidelity = (CASES / "fidelity.jsonl").read_text(encoding="utf-8").count("\n")
    assert len(figures.tasks()) == sentences + fidelity
    assert len(find_briefs((CASES,))) >= 12


def test_baselines_see_digits_and_values() -> None:
    item = {"notes": ["排查326起", "投资1.2亿元"], "draft": "排查326起，投资12000万元，化解9起"}
    digits = {f["draft"]["text"] for f in digit_strings(item) if f["draft"]}
    values = {f["draft"]["text"] for f in value_sets(item) if f["draft"]}
    assert digits == {"12000", "9"}
    assert values == {"9起"}
    assert [f["note"]["text"] for f in value_sets({"notes": ["压减3%"], "draft": "压减"})] == ["3%"]


def test_a_limit_whose_figure_is_missing_is_not_met() -> None:
    rows = summarise([outcome("a", 10), outcome("b", 8)])
    limits = [
        {"suite": "review", "system": "ours", "measure": "found", "least": 0.9},
        {"suite": "review", "system": "ours", "measure": "found", "least": 0.95},
        {"suite": "review", "system": "*", "measure": "failed", "most": 0.0},
        {"suite": "drafting", "system": "*", "measure": "placed", "least": 0.0},
    ]
    assert [check.met for check in check_limits(rows, limits)] == [True, False, True, False]


def test_limits_name_measures_that_exist(tmp_path: Path) -> None:
    known = {measure.key for measures in MEASURES.values() for measure in measures}
    assert {limit["measure"] for limit in read_limits()} <= known
    bad = tmp_path / "gate.toml"
    bad.write_text('[[limit]]\nsuite = "a"\nsystem = "b"\nmeasure = "found"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="exactly one"):
        read_limits(bad)


def test_files_are_written_whole(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"甲": 1})
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == {"甲": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
