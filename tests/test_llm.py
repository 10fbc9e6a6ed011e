"""The model client against a server that misbehaves in every way we have heard of, and the scripted model."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant import llm
from assistant.errors import ModelCancelled, ModelError, SettingsError
from assistant.llm import Endpoint, EndpointModel, Message, connect
from assistant.records import Usage
from assistant.scripted import ScriptedModel
from assistant.settings import Settings

KEY = "sk-geheim-0123456789"
ASK = [Message("user", "写一句话")]


class BadServer(ThreadingHTTPServer):
    """Answers with a function of the handler, and keeps what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: Callable[[_Handler, int], None] = lambda handler, _: handler.stream(["好", "的"])
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.closed = threading.Event()  # a client went away while we were still talking
        self.stop = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    server: BadServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.requests.append(json.loads(body))
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.server.answer(self, len(self.server.requests))

    def send(self, status: int, body: bytes = b"", kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def event(self, **data: Any) -> None:
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], **data}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def delta(self, text: str | None, finish: str | None = None) -> None:
        self.event(choices=[{"index": 0, "delta": {"content": text}, "finish_reason": finish}])

    def stream(self, texts: list[str], finish: str | None = "stop") -> None:
        self.begin()
        for text in texts:
            self.delta(text)
        if finish:
            self.delta(None, finish)
        self.event(usage={"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7,
                          "prompt_tokens_details": {"cached_tokens": 3}})  # fmt: skip
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def talk_until_client_leaves(self) -> None:
        """Sends comments, which are no events, until the other end is gone."""
        try:
            while not self.server.stop.wait(0.05):
                self.wfile.write(b": ping\n\n")
                self.wfile.flush()
        except OSError:
            self.server.closed.set()
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[BadServer]:
    server = BadServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm_errors.pause", lambda attempt: 0.01)


def model(server: BadServer, **options: Any) -> EndpointModel:
    return EndpointModel(Endpoint(server.url, "m", KEY), name="m", **{"timeout": 10.0, **options})


def fails(model: EndpointModel, **options: Any) -> str:
    with pytest.raises(ModelError) as caught:
        model.complete(ASK, max_tokens=10, **options)
    message = str(caught.value)
    assert KEY not in message
    assert "geheim" not in message
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return message


# ---- good answers -----------------------------------------------------------------------------------------------


def test_streams_text_and_reads_usage(server: BadServer) -> None:
    seen: list[str] = []
    answer = model(server).complete(ASK, max_tokens=10, on_text=seen.append)
    assert (answer.text, answer.finish_reason, answer.truncated) == ("好的", "stop", False)
    assert seen == ["好", "的"]
    assert answer.usage == Usage(5, 2, 3)
    assert 0 < answer.first_token_seconds <= answer.seconds < 5


def test_usage_from_timings_of_llama_cpp(server: BadServer) -> None:
    def answer(handler: _Handler, _: int) -> None:
        handler.begin()
        handler.event(
            choices=[{"index": 0, "delta": {"content": "好"}, "finish_reason": "stop"}],
            timings={"cache_n": 4, "prompt_n": 6, "predicted_n": 9},
        )

    server.answer = answer
    assert model(server).complete(ASK, max_tokens=10).usage == Usage(10, 9, 4)


def test_what_is_sent(server: BadServer) -> None:
    model(server).complete(ASK, max_tokens=10, seed=3, stop=["##"], grammar="root ::= [^0-9]", repeat_penalty=1.1)
    assert server.requests[0] == {
        "messages": [{"role": "user", "content": "写一句话"}],
        "model": "m",
        "max_tokens": 10,
        "temperature": 0.3,
        "seed": 3,
        "stop": ["##"],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_only_the_embedded_model_is_sent_grammar_and_penalty(server: BadServer) -> None:
    embedded = EndpointModel(lambda: Endpoint(server.url, "m", KEY, embedded=True), name="m", embedded=True)
    assert embedded.supports_grammar
    assert not model(server).supports_grammar
    embedded.complete(ASK, max_tokens=10, grammar="root ::= [^0-9]", repeat_penalty=1.1)
    sent = server.requests[0]
    assert (sent["grammar"], sent["repeat_penalty"], sent["cache_prompt"]) == ("root ::= [^0-9]", 1.1, True)


def test_headers_say_nothing_about_this_machine(server: BadServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Spy: 1\nAuthorization: Bearer stray")
    model(server).complete(ASK, max_tokens=10)
    EndpointModel(Endpoint(server.url, "m"), name="m").complete(ASK, max_tokens=10)
    with_key, without = server.headers
    assert with_key["authorization"] == f"Bearer {KEY}"
    assert "authorization" not in without
    assert set(with_key) <= llm.HEADERS_SENT
    assert with_key["user-agent"] == "nigao"


def test_proxy_variables_are_not_obeyed(server: BadServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert model(server).complete(ASK, max_tokens=10).text == "好的"


# ---- answers that stop early ------------------------------------------------------------------------------------


def test_no_finish_reason_is_truncated(server: BadServer) -> None:
    server.answer = lambda handler, _: handler.stream(["半"], finish=None)
    answer = model(server).complete(ASK, max_tokens=10)
    assert answer.truncated
    assert answer.text == "半"


def test_a_stream_cut_after_text_is_truncated_and_not_repeated(server: BadServer) -> None:
    def answer(handler: _Handler, _: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.delta("半句")
        handler.close_connection = True

    server.answer = answer
    seen: list[str] = []
    answer_ = model(server).complete(ASK, max_tokens=10, on_text=seen.append)
    assert answer_.truncated
    assert seen == ["半句"]
    assert len(server.requests) == 1


def test_a_stream_cut_before_text_is_tried_again(server: BadServer) -> None:
    def answer(handler: _Handler, number: int) -> None:
        if number == 1:
            handler.close_connection = True
        else:
            handler.stream(["好"])

    server.answer = answer
    assert model(server).complete(ASK, max_tokens=10).text == "好"


# ---- refusals ---------------------------------------------------------------------------------------------------


def test_429_waits_as_asked_then_succeeds(server: BadServer) -> None:
    server.answer = lambda handler, n: handler.send(429, Retry_After="1") if n == 1 else handler.stream(["好"])
    started = time.monotonic()
    assert model(server).complete(ASK, max_tokens=10).text == "好"
    assert 1.0 <= time.monotonic() - started < 3.0


def test_429_for_ever_ends(server: BadServer) -> None:
    server.answer = lambda handler, _: handler.send(429, Retry_After="0")
    assert "429" in fails(model(server))
    assert len(server.requests) == 4


def test_429_with_a_long_wait_is_not_sat_out(server: BadServer) -> None:
    server.answer = lambda handler, _: handler.send(429, Retry_After="3600")
    assert "3600 秒" in fails(model(server))
    assert len(server.requests) == 1


def test_500_a_few_tries(server: BadServer) -> None:
    server.answer = lambda handler, n: handler.send(500) if n < 3 else handler.stream(["好"])
    assert model(server).complete(ASK, max_tokens=10).text == "好"
    server.answer = lambda handler, _: handler.send(500, b'{"error": {"message": "boom"}}')
    before = len(server.requests)
    assert "管理员" in fails(model(server))
    assert len(server.requests) - before == 3


def test_an_error_inside_the_stream(server: BadServer) -> None:
    def answer(handler: _Handler, _: int) -> None:
        handler.begin()
        handler.wfile.write(b'data: {"error": {"message": "out of memory"}}\n\n')
        handler.close_connection = True

    server.answer = answer
    assert "out of memory" in fails(model(server))
    assert len(server.requests) == 3


def test_a_wrong_key_is_said_at_once_and_not_shown(server: BadServer) -> None:
    body = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}"}}).encode()
    server.answer = lambda handler, _: handler.send(401, body)
    assert "NIGAO_LLM_API_KEY" in fails(model(server))
    server.answer = lambda handler, _: handler.send(400, body)
    assert "***" in fails(model(server))
    assert len(server.requests) == 2


def test_the_key_reaches_no_log(server: BadServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        model(server).complete(ASK, max_tokens=10)
    assert KEY not in caplog.text
    assert KEY not in repr(model(server))
    assert KEY not in repr(Endpoint("u", "m", KEY))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_refused(server: BadServer, status: int) -> None:
    other = BadServer()
    thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        server.answer = lambda handler, _: handler.send(status, Location=other.url + "/chat/completions")
        message = fails(model(server))
    finally:
        other.shutdown()
        thread.join()
        other.server_close()
    assert "没有跟随" in message
    assert str(other.server_address[1]) in message
    assert other.requests == []


def test_a_web_page_is_named(server: BadServer) -> None:
    server.answer = lambda handler, _: handler.send(200, b"<html><body>login</body></html>", "text/html; charset=utf-8")
    assert "网页" in fails(model(server))


@pytest.mark.parametrize("body", [b"", b'{"choices": [{"message": {"content": "x"}}]}', b"data: {broken\n\n"])
def test_no_stream_is_named(server: BadServer, body: bytes) -> None:
    server.answer = lambda handler, _: handler.send(200, body)
    assert "OpenAI 兼容接口" in fails(model(server))


def test_too_long_a_prompt_says_what_to_shorten(server: BadServer) -> None:
    body = b'{"error": {"code": 400, "message": "request (9000 tokens) exceeds the available context size"}}'
    server.answer = lambda handler, _: handler.send(400, body)
    assert "拆小" in fails(model(server))


def test_nobody_there() -> None:
    dead = EndpointModel(Endpoint("http://127.0.0.1:9/v1", "m", KEY), name="m")
    assert "连不上" in fails(dead)


# ---- time -------------------------------------------------------------------------------------------------------


def silent(handler: _Handler, _: int) -> None:
    handler.begin()
    handler.talk_until_client_leaves()


def mute(handler: _Handler, _: int) -> None:
    """Not even headers."""
    handler.server.stop.wait()
    handler.close_connection = True


@pytest.mark.parametrize("answer", [silent, mute])
def test_cancel_works_while_nothing_arrives(server: BadServer, answer: Callable[[_Handler, int], None]) -> None:
    server.answer = answer
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    started = time.monotonic()
    with pytest.raises(ModelCancelled):
        model(server).complete(ASK, max_tokens=10, cancel=cancel)
    assert time.monotonic() - started < 1.0
    if answer is silent:
        assert server.closed.wait(10.0), "the server must see that its client is gone"


def test_cancel_works_between_retries(server: BadServer) -> None:
    server.answer = lambda handler, _: handler.send(429, Retry_After="30")
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    started = time.monotonic()
    with pytest.raises(ModelCancelled):
        model(server).complete(ASK, max_tokens=10, cancel=cancel)
    assert time.monotonic() - started < 1.0


def test_the_deadline_counts_even_when_pings_arrive(server: BadServer) -> None:
    server.answer = silent
    # Long enough that a busy machine has sent the request before the deadline.
    assert "NIGAO_LLM_TIMEOUT" in fails(model(server, timeout=2))
    assert server.closed.wait(10.0)


def test_a_stall_in_the_middle(server: BadServer) -> None:
    def answer(handler: _Handler, _: int) -> None:
        handler.begin()
        handler.delta("半")
        handler.talk_until_client_leaves()

    server.answer = answer
    started = time.monotonic()
    assert "停了" in fails(model(server, stall_timeout=0.5))
    assert time.monotonic() - started < 2.0


def test_waiting_for_a_slot_can_be_cancelled_and_does_not_count(server: BadServer) -> None:
    def slow(handler: _Handler, _: int) -> None:
        time.sleep(0.4)
        handler.stream(["好"])

    server.answer = slow
    one = model(server, parallel=1, timeout=0.7)
    cancel = threading.Event()
    results: list[object] = []

    def ask(event: threading.Event | None) -> None:
        try:
            results.append(one.complete(ASK, max_tokens=5, cancel=event).text)
        except ModelError as error:
            results.append(type(error))

    threads = [threading.Thread(target=ask, args=(event,)) for event in (None, None, cancel)]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    cancel.set()
    for thread in threads:
        thread.join()
    assert results == [ModelCancelled, "好", "好"]


def test_an_error_of_the_callback_is_its_own(server: BadServer) -> None:
    def broken(text: str) -> None:
        raise KeyError(text)

    with pytest.raises(KeyError):
        model(server).complete(ASK, max_tokens=5, on_text=broken)


# ---- settings ---------------------------------------------------------------------------------------------------


def test_empty_settings_never_mean_the_public_service() -> None:
    for endpoint in (Endpoint("", "m"), Endpoint("http://127.0.0.1:1/v1", " ")):
        with pytest.raises(SettingsError):
            EndpointModel(endpoint, name="x")


def test_connect_follows_the_settings(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, models_dir=tmp_path, llm_base_url="http://127.0.0.1:1/v1", llm_model="x")
    remote = connect(replace(settings, llm_parallel=3))
    assert (remote.name, remote.parallel, remote.supports_grammar) == ("x", 3, False)
    with pytest.raises(ModelError, match="nigao model pull"):
        connect(Settings(home=tmp_path, models_dir=tmp_path))


# ---- the scripted model -----------------------------------------------------------------------------------------


def test_scripted_replies_in_order_and_streams() -> None:
    scripted = ScriptedModel(["第一条回答内容", "第二条"])
    seen: list[str] = []
    assert scripted.complete(ASK, max_tokens=50, on_text=seen.append).text == "第一条回答内容"
    assert len(seen) > 1
    assert "".join(seen) == "第一条回答内容"
    assert scripted.complete(ASK, max_tokens=2).truncated
    assert scripted.calls == 2
    assert scripted.requests[0] == tuple(ASK)
    with pytest.raises(ModelError, match="已用完"):
        scripted.complete(ASK, max_tokens=5)


def test_scripted_function_stop_and_cancel() -> None:
    scripted = ScriptedModel(lambda messages: messages[-1].content + "##尾", delay=0.05)
    assert scripted.complete(ASK, max_tokens=50, stop=["##"]).text == "写一句话"
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(ModelCancelled):
        scripted.complete(ASK, max_tokens=50, cancel=cancel)
