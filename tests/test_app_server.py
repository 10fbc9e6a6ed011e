"""The app over HTTP with a scripted model: what is let in, works, conflicts, drafting, the API, the MCP tools."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.app.accounts import Accounts, hash_password
from assistant.app.guard import Guard, rewrite_page
from assistant.app.mcp_server import mcp_server
from assistant.app.server import create_app, serve
from assistant.errors import InputError, SettingsError
from assistant.pipeline import Pipeline
from assistant.scripted import ScriptedModel
from assistant.settings import Settings

NOTES = "---\ntitle: 小结\nperiod: 2024年\n---\n## 一、督查\n- 专项督查19次，发通报11期\n## 二、打算\n- 明年督查20次\n"
HOME = "http://127.0.0.1:7860"
OWN = {"origin": HOME}
TOKEN = "a-long-enough-token"


def make(tmp_path: Path, accounts: Accounts | None = None) -> TestClient:
    settings = Settings(home=tmp_path / "home", models_dir=tmp_path)
    model = ScriptedModel(lambda messages: "工作有序推进。", parallel=2)
    app = create_app(settings, Pipeline(settings, model), accounts)
    return TestClient(app, base_url=HOME, follow_redirects=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    with make(home) as made:
        yield made


@pytest.fixture
def work(client: TestClient) -> dict[str, object]:
    return client.post("/app/works", json={"how": "paste", "text": NOTES}).json()


def drafted(client: TestClient, work_id: str, **order: object) -> list[dict[str, object]]:
    """Draft and return the events until the end."""
    assert client.post(f"/app/works/{work_id}/draft", json=order).status_code == 200
    stream = client.get(f"/app/works/{work_id}/events").text
    return [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]


# ---- what is let in


def test_a_strict_policy_on_every_answer(client: TestClient) -> None:
    page = client.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert page.text.count("<script") == page.text.count(f'nonce="{nonce}"')
    assert 'lang="zh-CN"' in page.text
    assert "raw.githubusercontent" not in page.text
    assert client.get("/").headers["content-security-policy"] != policy


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {"host": "evil.example"}),
        ("POST", "/app/works", {"origin": "http://evil.example"}),
        ("POST", "/app/works", {"origin": "null"}),
        ("DELETE", "/app/works/x", {"sec-fetch-site": "cross-site"}),
        ("GET", "/gradio_api/file=https://evil.example/x", {}),
        ("GET", "/gradio_api/proxy=https://evil.example/x", {}),
    ],
)
def test_strangers_are_refused(client: TestClient, method: str, path: str, headers: dict[str, str]) -> None:
    answer = client.request(method, path, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["error"]


@pytest.mark.parametrize("record", [{"path": "https://evil.example/a.docx"}, {"path": "x", "url": "//evil.example/a"}])
def test_an_address_in_place_of_a_file_is_refused(client: TestClient, record: dict[str, str]) -> None:
    body = {"data": [[{**record, "meta": {"_type": "gradio.FileData"}}]], "fn_index": 0, "session_hash": "x"}
    answer = client.post("/gradio_api/queue/join", json=body, headers=OWN)
    assert answer.status_code == 403
    assert "网址" in answer.json()["error"]


def test_gradio_cannot_download(client: TestClient) -> None:
    from gradio import processing_utils

    with pytest.raises(InputError, match="网址"):
        processing_utils.ssrf_protected_download("https://evil.example", "/tmp")


def test_known_hosts() -> None:
    guard = Guard(app=None, hosts=["oa.example.gov"])  # type: ignore[arg-type]
    assert [guard.knows(h) for h in ("localhost:1", "127.0.0.1", "[::1]:7860", "oa.example.gov", "other", "")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


def test_scripts_get_the_nonce_and_foreign_pointers_go() -> None:
    page = b'<html lang="en"><head><meta property="og:image" content="https://x"/><script>a</script></head></html>'
    assert rewrite_page(page, "n", "<i>") == b'<html lang="zh-CN"><head><i><script nonce="n">a</script></head></html>'


def test_private_files_are_not_served(client: TestClient, home: Path) -> None:
    for name in ("workspace.db", "session.key"):
        assert (home / "home" / name).exists()
        assert client.get(f"/gradio_api/file={home / 'home' / name}").status_code in (403, 404)


def test_no_listener_of_gradio_is_named(client: TestClient) -> None:
    info = client.get("/gradio_api/info").json()
    assert info == {"named_endpoints": {}, "unnamed_endpoints": {}}


def test_a_network_address_needs_accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NIGAO_ACCOUNTS", raising=False)
    with pytest.raises(SettingsError, match="账号"):
        serve(Settings(home=tmp_path, models_dir=tmp_path), "0.0.0.0")


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(SettingsError, match="已被占用"):
        serve(Settings(home=tmp_path, models_dir=tmp_path), port=other.getsockname()[1])


def test_accounts_keep_works_apart(tmp_path: Path) -> None:
    accounts = Accounts({name: hash_password(f"password-{name}") for name in ("li", "wu")}, b"k" * 32)
    with make(tmp_path, accounts) as client:
        assert client.get("/app/works").status_code == 401
        assert client.get("/").headers["location"] == "/login"
        client.post("/login", data={"name": "li", "password": "password-li"}, headers=OWN)
        work = client.post("/app/works", json={"how": "paste", "text": NOTES}).json()
        client.cookies.clear()
        client.post("/login", data={"name": "wu", "password": "password-wu"}, headers=OWN)
        assert client.get("/app/works").json() == []
        for method, path in (
            ("GET", ""),
            ("DELETE", ""),
            ("GET", "/events"),
            ("GET", "/export.docx"),
            ("GET", "/versions"),
        ):
            assert client.request(method, f"/app/works/{work['id']}{path}").status_code == 400, path


# ---- works


def test_drafting_streams_marks_and_stores(client: TestClient, work: dict[str, object]) -> None:
    events = drafted(client, str(work["id"]))
    assert events[-1]["kind"] == "done"
    assert sum(event["kind"] == "section_done" for event in events) == 2
    state = client.get(f"/app/works/{work['id']}").json()
    assert "19次" in state["sections"][0]["text"]
    assert "mk-ok" in state["sections"][0]["html"]
    assert state["coverage"]["figures_placed"] == state["coverage"]["figures"]


def test_a_second_tab_does_not_overwrite_notes(client: TestClient, work: dict[str, object]) -> None:
    form = {**work["form"], "title": "甲"}  # type: ignore[dict-item]
    path = f"/app/works/{work['id']}/notes"
    assert client.put(path, json={"form": form, "revision": work["revision"]}).status_code == 200
    late = client.put(path, json={"form": {**form, "title": "乙"}, "revision": work["revision"]})
    assert (late.status_code, late.json()["kind"]) == (409, "ConflictError")
    assert client.get(f"/app/works/{work['id']}").json()["title"] == "甲"


def test_a_second_tab_does_not_overwrite_a_section(client: TestClient, work: dict[str, object]) -> None:
    drafted(client, str(work["id"]))
    section = client.get(f"/app/works/{work['id']}").json()["sections"][0]
    path = f"/app/works/{work['id']}/sections"
    first = client.put(path, json={"index": 0, "text": "专项督查19次，发通报12期。", "base": section["digest"]}).json()
    assert any(f["kind"] == "altered" and f["severity"] == "error" for f in first["findings"])
    late = client.put(path, json={"index": 0, "text": "别的。", "base": section["digest"]})
    assert late.status_code == 409
    assert client.put(path, json={"index": 0, "text": "别的。", "base": first["digest"]}).status_code == 200


def test_a_renamed_heading_keeps_its_text(client: TestClient, work: dict[str, object]) -> None:
    drafted(client, str(work["id"]))
    form = work["form"]
    form["sections"][0]["heading"] = "一、督查督办"  # type: ignore[index]
    state = client.put(f"/app/works/{work['id']}/notes", json={"form": form, "revision": work["revision"]}).json()
    assert state["sections"][0]["heading"] == "一、督查督办"
    assert "19次" in state["sections"][0]["text"]


def test_redoing_a_section_keeps_a_version_to_restore(client: TestClient, work: dict[str, object]) -> None:
    path = f"/app/works/{work['id']}"
    drafted(client, str(work["id"]))
    old = client.get(path).json()["sections"][0]
    client.put(f"{path}/sections", json={"index": 0, "text": "手写的话。", "base": old["digest"]})
    drafted(client, str(work["id"]), index=0, remark="先写成效")
    versions = client.get(f"{path}/versions").json()
    assert [version["label"] for version in versions] == ["重写一节之前"]
    assert "手写的话" in client.get(f"{path}/versions/{versions[0]['id']}").json()["html"]
    restored = client.post(f"{path}/versions/{versions[0]['id']}/restore").json()
    assert restored["sections"][0]["text"] == "手写的话。"
    assert len(client.get(f"{path}/versions").json()) == 2


def test_export_and_clipboard_carry_the_text(client: TestClient, work: dict[str, object]) -> None:
    path = f"/app/works/{work['id']}"
    assert client.get(f"{path}/export.docx").status_code == 400
    drafted(client, str(work["id"]))
    assert client.get(f"{path}/export.docx").content[:2] == b"PK"
    assert "# " in client.get(f"{path}/export.md").text
    assert "仿宋_GB2312" in client.get(f"{path}/copy").json()["html"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"how": "paste", "text": ""}, 400),
        ({"how": "skeleton", "name": "诗"}, 400),
        ({"how": "fly"}, 400),
        ({"how": "empty", "owner": "admin"}, 422),
    ],
)
def test_bad_starts_are_explained(client: TestClient, body: dict[str, str], status: int) -> None:
    answer = client.post("/app/works", json=body)
    assert answer.status_code == status
    assert status == 422 or "请" in answer.json()["error"] or "可选" in answer.json()["error"]


def test_notes_from_a_file_and_a_hostile_name(client: TestClient) -> None:
    files = {"file": ("../../要点.md", NOTES.encode(), "text/markdown")}
    assert client.post("/app/works/upload", files=files).json()["title"] == "小结"
    bad = client.post("/app/works/upload", files={"file": ("空.docx", b"", "x")})
    assert (bad.status_code, "空的" in bad.json()["error"]) == (400, True)


def test_cancel_keeps_what_is_written(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", models_dir=tmp_path)
    model = ScriptedModel(lambda messages: "工作有序推进。" * 20, parallel=1, delay=0.05)
    with TestClient(create_app(settings, Pipeline(settings, model)), base_url=HOME) as client:
        work = client.post("/app/works", json={"how": "paste", "text": NOTES}).json()
        client.post(f"/app/works/{work['id']}/draft", json={})
        time.sleep(0.3)
        started = time.monotonic()
        client.post(f"/app/works/{work['id']}/cancel")
        events = client.get(f"/app/works/{work['id']}/events").text
        assert time.monotonic() - started < 1.0
        assert "cancelled" in events
        assert client.get(f"/app/works/{work['id']}").json()["running"] is False


# ---- for other programs


def test_the_api_is_off_by_default(client: TestClient) -> None:
    assert client.post("/api/v1/check", json={"text": "x"}).status_code in (404, 405)


def test_the_api_answers_with_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGAO_API", "1")
    monkeypatch.setenv("NIGAO_API_TOKEN", TOKEN)
    with make(tmp_path) as client:
        own = {"authorization": f"Bearer {TOKEN}"}
        body = {"text": "全年发文86件，同比下降12%。", "notes": "全年发文86件，同比下降11.3%"}
        assert client.post("/api/v1/check", json=body).status_code == 401
        answer = client.post("/api/v1/check", json=body, headers=own).json()
        assert [f["kind"] for f in answer["findings"] if f["severity"] == "error"] == ["altered"]
        draft = client.post("/api/v1/draft", json={"brief": NOTES}, headers=own).json()
        assert [s["heading"] for s in draft["sections"]] == ["一、督查", "二、打算"]
        assert client.post("/api/v1/search", json={"query": "督查"}, headers=own).status_code == 400
        assert set(client.get("/api/v1/openapi.json", headers=own).json()["paths"]) == {
            "/api/v1/search", "/api/v1/check", "/api/v1/draft",
        }  # fmt: skip


def test_the_api_needs_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGAO_API", "1")
    monkeypatch.setenv("NIGAO_API_TOKEN", "short")
    with pytest.raises(SettingsError, match="NIGAO_API_TOKEN"):
        make(tmp_path)


def test_mcp_tools_answer(tmp_path: Path) -> None:
    pytest.importorskip("mcp")
    settings = Settings(home=tmp_path, models_dir=tmp_path)
    server = mcp_server(Pipeline(settings, ScriptedModel(lambda messages: "工作有序推进。")))
    tools = asyncio.run(server.list_tools())
    assert {tool.name for tool in tools} == {"search", "check", "draft"}
    answer = asyncio.run(server.call_tool("check", {"text": "发文87件。", "notes": "发文86件"}))
    assert "altered" in str(answer)
