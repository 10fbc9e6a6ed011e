"""Help with the outline over HTTP: parallel headings to choose from, last year's report beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.app.server import create_app
from assistant.llm import Message
from assistant.pipeline import Pipeline
from assistant.scripted import ScriptedModel
from assistant.settings import Settings
from tests.test_app_server import HOME, OWN

NOTES = """---
title: 云岭县办公室2024年工作总结
unit: 云岭县办公室
period: 2024年
doc_type: 工作总结
---
## 一、政务督查
- 专项督查19次，发通报11期
## 二、政务公开
- 主动公开信息400条
## 三、存在问题
- 督查办法不多
"""
PAST = """云岭县办公室2023年工作总结
一、政务督查
全年开展专项督查23次，督查事项全部办结。
二、下一步工作打算
一是抓好督查。二是抓好公开。
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home = tmp_path_factory.mktemp("app")

    def reply(messages: Sequence[Message]) -> str:
        return "1. 抓政务督查，促服务质效\n2. 抓经济建设，促服务决策"

    settings = Settings(home=home / "home", models_dir=home)
    pipeline = Pipeline(settings, ScriptedModel(reply))
    (home / "云岭县办公室2023年工作总结.txt").write_text(PAST, "utf-8")
    pipeline.ingest([home / "云岭县办公室2023年工作总结.txt"])
    with TestClient(create_app(settings, pipeline), base_url=HOME, headers=OWN) as made:
        yield made


def begun(client: TestClient, **start: str) -> str:
    return str(client.post("/app/works", json=start).json()["id"])


def test_parallel_headings_are_offered_and_nothing_is_changed(client: TestClient) -> None:
    work = begun(client, how="paste", text=NOTES)
    before = client.get(f"/app/works/{work}").json()
    offered = client.post(f"/app/works/{work}/headings", json={}).json()
    assert [row["heading"] for row in offered["suggestions"]] == ["一、政务督查", "二、政务公开"]
    assert all(choice[2] == "抓" for row in offered["suggestions"] for choice in row["choices"])
    assert offered["model"] is True
    assert client.get(f"/app/works/{work}").json() == before


def test_the_model_adds_what_passes_only(client: TestClient) -> None:
    work = begun(client, how="paste", text=NOTES)
    plain = client.post(f"/app/works/{work}/headings", json={}).json()["suggestions"]
    more = client.post(f"/app/works/{work}/headings", json={"model": True}).json()["suggestions"]
    assert more[0]["choices"] == [*plain[0]["choices"], "一、抓政务督查，促服务质效"]
    assert more[1] == plain[1]


def test_rules_serve_where_there_is_no_model(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", models_dir=tmp_path / "none")
    with TestClient(create_app(settings, Pipeline(settings)), base_url=HOME, headers=OWN) as bare:
        work = begun(bare, how="paste", text=NOTES)
        offered = bare.post(f"/app/works/{work}/headings", json={}).json()
        assert offered["model"] is False
        assert offered["suggestions"][0]["choices"]
        refused = bare.post(f"/app/works/{work}/headings", json={"model": True})
        assert refused.status_code >= 400
        assert "模型" in refused.json()["error"]
        assert bare.get(f"/app/works/{work}/last-year").json() == {"title": "", "sections": [None] * 3}


def test_last_years_report_of_the_unit_is_beside(client: TestClient) -> None:
    beside = client.get(f"/app/works/{begun(client, how='paste', text=NOTES)}/last-year").json()
    assert beside["title"] == "云岭县办公室2023年工作总结"
    assert beside["sections"][0]["text"] == "全年开展专项督查23次，督查事项全部办结。"
    assert beside["sections"][1] is None


def test_the_report_whose_outline_is_followed_is_beside(client: TestClient) -> None:
    report = client.get("/app/starts").json()["reports"][0]["id"]
    state = client.post("/app/works", json={"how": "past", "name": report}).json()
    assert state["follows"] is True
    assert [section["heading"] for section in state["form"]["sections"]] == ["一、政务督查", "二、下一步工作打算"]
    beside = client.get(f"/app/works/{state['id']}/last-year").json()
    assert [section["heading"] for section in beside["sections"]] == ["一、政务督查", "二、下一步工作打算"]
    assert client.get(f"/app/works/{begun(client, how='empty')}").json()["follows"] is False
