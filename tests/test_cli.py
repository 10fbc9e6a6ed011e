"""The command line is a contract: its JSON, its exit codes, its messages (design section 7)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant import cli
from assistant.doctor import examine
from assistant.prompts import load
from assistant.scripted import ScriptedModel
from assistant.settings import Settings

REPORT = """松屏县水利局2023年工作总结

一、工作情况
（一）抓工程建设
全年新建小型水库3座，除险加固病险水库12座，完成投资8600万元。
二、存在问题
基层水管人员不足，专业力量偏弱。
"""
NOTES = """---
title: 松屏县水利局2024年工作总结
unit: 松屏县水利局
period: 2024年
doc_type: 工作总结
---
## 一、工作情况
- 除险加固病险水库15座，完成投资9200万元
## 二、存在问题
- 基层水管人员不足
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("NIGAO_HOME", str(folder))
    for name in ("NIGAO_LLM_BASE_URL", "NIGAO_LLM_MODEL", "NIGAO_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    model = ScriptedModel(lambda messages: "各项工作有序推进。")
    monkeypatch.setattr("assistant.llm.connect", lambda settings: model)
    return model


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = cli._run([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def run_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    code, out, _ = run(capsys, *arguments, "--json")
    return code, json.loads(out)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "水利局2023年工作总结.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "要点.md"
    path.write_text(NOTES, encoding="utf-8")
    return path


def test_ingest_search_list_remove(capsys: pytest.CaptureFixture[str], home: Path, report: Path) -> None:
    code, body = run_json(capsys, "ingest", report)
    assert code == 0
    assert set(body) == {"added", "updated", "unchanged", "failed", "documents", "passages", "seconds"}
    assert (body["added"], body["documents"]) == (1, 1)
    code, again = run_json(capsys, "ingest", report)
    assert (again["added"], again["unchanged"]) == (0, 1)

    code, found = run_json(capsys, "search", "病险水库除险加固", "--top", 3)
    assert found["query"] == "病险水库除险加固"
    hit = found["hits"][0]
    assert {
        "rank",
        "score",
        "document",
        "title",
        "year",
        "unit",
        "heading_path",
        "text",
        "start",
        "end",
        "masked",
    } <= set(hit)
    assert "除险加固" in hit["text"]
    assert "8600" not in hit["masked"]

    code, listed = run_json(capsys, "library", "list")
    assert [row["document"] for row in listed["documents"]] == [report.name]
    code, status = run_json(capsys, "library", "status")
    assert status["documents"] == 1
    assert run(capsys, "library", "remove", report.name)[0] == 0
    assert run_json(capsys, "library", "status")[1]["documents"] == 0


def test_search_batch(capsys: pytest.CaptureFixture[str], home: Path, report: Path, tmp_path: Path) -> None:
    run(capsys, "ingest", report)
    batch = tmp_path / "queries.jsonl"
    batch.write_text('{"qid": "q1", "query": "水库"}\n{"qid": "q2", "query": "存在问题"}\n', encoding="utf-8")
    _, out, _ = run(capsys, "search", "--batch", batch)
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["qid"] for line in lines] == ["q1", "q2"]
    assert all(line["hits"] for line in lines)


def test_draft(
    capsys: pytest.CaptureFixture[str], home: Path, scripted: ScriptedModel, report: Path, notes: Path, tmp_path: Path
) -> None:
    out = tmp_path / "稿.docx"
    code, body = run_json(capsys, "draft", notes, "--past", report, "--out", out)
    assert {"title", "model", "verdict", "sections", "findings", "coverage", "seconds", "usage"} <= set(body)
    assert [section["heading"] for section in body["sections"]] == ["一、工作情况", "二、存在问题"]
    keys = {"heading", "path", "text", "length", "target_length", "findings", "citations", "attempts", "fallbacks"}
    assert keys <= set(body["sections"][0])
    assert "15座" in body["sections"][0]["text"]
    assert "9200万元" in body["sections"][0]["text"]
    assert set(body["coverage"]) == {"points", "points_covered", "figures", "figures_placed"}
    assert body["coverage"]["figures_placed"] == body["coverage"]["figures"] == 2
    assert code == (1 if body["verdict"] == "errors" else 0)
    assert out.read_bytes()[:2] == b"PK"


def test_a_draft_is_held_against_last_years_plans_and_no_others(
    capsys: pytest.CaptureFixture[str], home: Path, scripted: ScriptedModel, notes: Path, tmp_path: Path
) -> None:
    texts = (
        "松屏县水利局2023年工作总结\n一、工作情况\n除险加固病险水库12座。\n二、下步打算\n改造农村供水管网。",
        "松屏县水利局2021年工作总结\n一、工作情况\n除险加固病险水库10座。\n二、下步打算\n划定河道管理范围。",
        "白沙县水利局2023年工作总结\n一、工作情况\n除险加固病险水库11座。\n二、下步打算\n治理水土流失面积。",
    )
    (tmp_path / "往年").mkdir()
    for text in texts:
        (tmp_path / "往年" / f"{text.splitlines()[0]}.txt").write_text(text, encoding="utf-8")
    _, body = run_json(capsys, "draft", notes, "--past", tmp_path / "往年")
    plans = [finding["message"] for finding in body["findings"] if finding["kind"] == "plans"]
    assert ["改造农村供水管网" in message for message in plans] == [True]


def test_a_draft_is_not_written_over_its_notes(
    capsys: pytest.CaptureFixture[str], home: Path, scripted: ScriptedModel, notes: Path
) -> None:
    code, _, err = run(capsys, "draft", notes, "--out", notes.parent / "." / notes.name)
    assert (code, "要点文件" in err, scripted.calls) == (2, True, 0)
    assert notes.read_text(encoding="utf-8") == NOTES


def test_check(capsys: pytest.CaptureFixture[str], home: Path, notes: Path, tmp_path: Path) -> None:
    draft = tmp_path / "稿.txt"
    draft.write_text(
        "一、工作情况\n除险加固病险水库16座，完成投资9200万元。\n二、存在问题\n基层水管人员不足。\n", encoding="utf-8"
    )
    code, body = run_json(capsys, "check", draft, "--notes", notes)
    assert code == 1
    assert set(body) == {"verdict", "findings", "figures"}
    assert body["verdict"] == "errors"
    wrong = [f for f in body["findings"] if f["severity"] == "error" and f["draft"]]
    assert any("16座" in f["draft"]["text"] for f in wrong)
    assert {"notes", "draft", "matched"} == set(body["figures"])
    assert cli._run(["check", str(draft), "--notes", str(notes)]) == 1
    told = capsys.readouterr().err
    assert "错误 数字改动 「16座」" in told
    assert all(kind["kind"] not in told for kind in body["findings"])

    draft.write_text(
        "一、工作情况\n除险加固病险水库15座，完成投资9200万元。\n二、存在问题\n基层水管人员不足。\n", encoding="utf-8"
    )
    code, body = run_json(capsys, "check", draft, "--notes", notes)
    assert code == 0, body


def test_check_batch(capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    item = {"id": "a", "notes": ["培训干部120人"], "exemplar": None, "draft": "共培训干部210人。"}
    batch.write_text(json.dumps(item, ensure_ascii=False) + "\n", encoding="utf-8")
    code, out, _ = run(capsys, "check", "--batch", batch)
    result = json.loads(out)
    assert (code, result["id"], result["verdict"]) == (0, "a", "errors")
    span = next(f["draft"] for f in result["findings"] if f["draft"])
    assert item["draft"][span["start"] : span["end"]] == span["text"]
    assert "exits 0" in " ".join(run(capsys, "check", "--help")[1].split())


@pytest.mark.parametrize(
    ("command", "line", "says"),
    [
        ("search", "{", "不是 JSON"),
        ("search", '{"qid": 1}', "缺少 qid、query"),
        ("search", '{"qid": 1, "query": 5}', "query 应为文字"),
        ("check", '{"id": 1, "notes": "办件5件", "draft": "办件6件。"}', "notes 应为列表"),
        ("check", '{"id": 1, "notes": ["办件5件"], "draft": 6}', "draft 应为文字"),
    ],
)
def test_bad_batches_name_the_line(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path, command: str, line: str, says: str
) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text(line, encoding="utf-8")
    code, out, err = run(capsys, command, "--batch", batch)
    assert (code, out) == (2, "")
    assert "第 1 行" in err
    assert says in err


def test_export(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    source, target = tmp_path / "稿.md", tmp_path / "稿[v2].docx"
    source.write_text("# 标题\n\n## 一、工作情况\n\n正文。\n", encoding="utf-8")
    code, out, err = run(capsys, "export", source, "--out", target)
    assert (code, out) == (0, "")
    assert err == f"已写入 {target}\n"  # a name with brackets is no markup, a long one not broken
    assert target.read_bytes()[:2] == b"PK"
    assert run_json(capsys, "export", source, "--out", target) == (
        0,
        {"path": str(target), "bytes": target.stat().st_size},
    )
    before = source.read_bytes()
    code, _, err = run(capsys, "export", source, "--out", source)
    assert code == 2
    assert ".docx" in err
    assert source.read_bytes() == before


def test_backup_and_restore(capsys: pytest.CaptureFixture[str], home: Path, report: Path, tmp_path: Path) -> None:
    run(capsys, "ingest", report)
    copy = tmp_path / "备份.db"
    assert run_json(capsys, "library", "backup", copy) == (0, {"path": str(copy), "bytes": copy.stat().st_size})
    code, _, err = run(capsys, "library", "restore", copy)
    assert (code, "--force" in err) == (2, True)
    other = tmp_path / "other"
    code, status = run_json(capsys, "library", "restore", copy, "--library", other)
    assert (code, status["documents"]) == (0, 1)
    assert run_json(capsys, "library", "status", "--library", other)[1] == status
    assert "材料（份）" in run(capsys, "library", "status")[1]


def test_polish(capsys: pytest.CaptureFixture[str], home: Path, scripted: ScriptedModel, tmp_path: Path) -> None:
    source = tmp_path / "段落.txt"
    source.write_text("全年培训干部120人，效果很好。", encoding="utf-8")
    code, body = run_json(capsys, "polish", source)
    assert {"before", "after", "changes", "findings"} == set(body)
    assert "120人" in body["after"]
    assert code == 0


def test_doctor_and_model_list(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    _, body = run_json(capsys, "doctor")
    assert {"name", "ok", "detail", "advice", "required"} == set(body["checks"][0])
    assert [check["ok"] for check in body["checks"] if check["name"] == "提示词"] == [True]
    code, models = run_json(capsys, "model", "list")
    assert code == 0
    assert {row["name"] for row in models["models"]} >= {"qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b"}


def test_doctor_finds_a_broken_prompt_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "polish.md").write_text("没有开头", encoding="utf-8")
    monkeypatch.setattr("assistant.prompts.resource_dir", lambda _: tmp_path)
    load.cache_clear()
    found = next(d for d in examine(Settings(home=tmp_path, models_dir=tmp_path)) if d.name == "提示词")
    load.cache_clear()
    assert not found.ok
    assert "polish.md" in found.advice


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ingest", "没有这个文件.txt"], "没有这个文件"),
        (["draft", "没有这个文件.md"], "没有这个文件"),
        (["search", ""], "请输入"),
        (["search", "督查"], "资料库还是空的"),
        (["search", "督查", "--year", "去年"], "年份"),
        (["search", "督查", "--year", "2024..2022"], "2022..2024"),
        (["search", "督查", "--section-role", "困难"], "存在问题"),
        (["search", "督查", "--top", "0"], "--top 不能小于 1"),
        (["search", "督查", "--top", "十"], "--top 要写整数"),
        (["ingest", "x.md", "--year", "24"], "--year 不能小于 1949"),
        (["check"], "核对"),
        (["library", "status"], "资料库"),
        (["draft"], "缺少参数 brief。用 nigao draft --help"),
        (["draft", "x.md", "--modle", "y"], "没有选项 --modle，是不是 --model"),
        (["draft", "x.md", "--out"], "选项 --out 后面要写内容"),
        (["draft", "x.md", "y.md"], "多了参数 y.md"),
        (["export", "x.md"], "缺少选项 --out"),
        (["nothing"], "没有命令“nothing”"),
        (["polish", "x.md", "--out", "x.pdf"], ".docx"),
        (["eval"], "评测项目"),
        (["eval", "nothing"], "没有评测项目“nothing”"),
        (["eval", "compare", "A"], "两个"),
        (["model", "pull", "没有的模型"], "没有的模型"),
        (["model", "pull", "--from", "没有的文件.gguf"], "没有的文件.gguf"),
    ],
)
def test_bad_input_gives_one_message(
    capsys: pytest.CaptureFixture[str], home: Path, arguments: list[str], says: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert says in err.replace("\n", "")
    assert "Traceback" not in err
    assert out == ""


@pytest.mark.parametrize("model", ["没有的模型", "没有的文件.gguf"])
def test_a_model_that_there_is_not_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], home: Path, report: Path, model: str
) -> None:
    code, _, err = run(capsys, "polish", report, "--model", model)
    assert code == 2
    assert model in err


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        (b"", 2, "空"),
        ("只有一段话，没有标题。".encode(), 2, "标题"),
        ("---\ntitel: 打错了\n---\n## 一、情况\n- 完成3件\n".encode(), 0, "不认识的项目“titel”"),
        ("---\ntitle: [没有收口\n---\n## 一、情况\n- 完成3件\n".encode(), 0, "[没有收口"),
    ],
)
def test_bad_briefs(
    capsys: pytest.CaptureFixture[str],
    home: Path,
    scripted: ScriptedModel,
    tmp_path: Path,
    body: bytes,
    code: int,
    says: str,
) -> None:
    path = tmp_path / "要点.md"
    path.write_bytes(body)
    got, _, err = run(capsys, "draft", path)
    assert "Traceback" not in err
    assert says in err.replace("\n", "")
    assert got == code


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_notes_in_other_encodings(
    capsys: pytest.CaptureFixture[str], home: Path, scripted: ScriptedModel, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "要点.txt"
    path.write_bytes(NOTES.encode(encoding))
    _, body = run_json(capsys, "draft", path)
    assert body["title"] == "松屏县水利局2024年工作总结"


def test_help_starts_quickly() -> None:
    """Processor time of the best of three: what other programs do meanwhile does not count."""
    taken = []
    for _ in range(3):
        before = os.times()
        subprocess.run([sys.executable, "-m", "assistant.cli", "--help"], check=True, capture_output=True)
        after = os.times()
        taken.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert min(taken) < 0.5


def test_a_stopped_draft_goes_on_where_it_was(
    capsys: pytest.CaptureFixture[str], home: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the second section: the first is not written again."""
    from assistant import generate

    written: list[str] = []
    original = generate.draft_section

    def draft_section(section: Any, *arguments: Any, **options: Any) -> Any:
        if len(written) == 1 and not home.joinpath("again").exists():
            raise KeyboardInterrupt
        written.append(section.heading)
        return original(section, *arguments, **options)

    monkeypatch.setattr(generate, "draft_section", draft_section)
    monkeypatch.setattr("assistant.llm.connect", lambda settings: ScriptedModel(lambda messages: "", parallel=1))
    assert run(capsys, "draft", notes)[0] == 130
    home.joinpath("again").touch()
    code, body = run_json(capsys, "draft", notes)
    assert written == ["一、工作情况", "二、存在问题"]
    assert [section["heading"] for section in body["sections"]] == written
    assert code == (1 if body["verdict"] == "errors" else 0)
