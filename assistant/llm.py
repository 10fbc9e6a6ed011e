"""Messages in, one streamed completion out. The only module that imports openai.

Knows nothing about prompts, sections or figures. One client serves the embedded model (llama.cpp on a loopback
address) and any OpenAI-compatible endpoint; what only llama.cpp understands is sent to the embedded one alone.

The request runs on a private event loop of the calling thread, so that cancel and the deadlines take effect while no
byte arrives, and the connection is really closed then: llama.cpp stops generating when its client goes away.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from assistant import llm_errors
from assistant.chat import ChatModel, Completion, Message
from assistant.errors import ModelCancelled, ModelError, SettingsError
from assistant.records import Usage
from assistant.settings import Settings

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletionChunk

__all__ = ["ChatModel", "Completion", "Endpoint", "EndpointModel", "Message", "connect"]

T = TypeVar("T")

POLL_SECONDS = 0.05
STALL_SECONDS = 90.0
CONNECT_SECONDS = 10.0
# openai adds headers that describe this machine and takes more from OPENAI_* variables: only these leave the house.
HEADERS_SENT = frozenset(
    ("host", "authorization", "content-type", "content-length", "accept", "accept-encoding", "connection", "user-agent")
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where completions come from. `embedded` says that it is our own llama.cpp, which knows grammars."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    embedded: bool = False


@dataclass(slots=True)
class _Progress:
    """What has arrived of one completion so far; read by the watcher while the stream writes it."""

    started: float
    last: float
    first: float | None = None
    parts: list[str] = field(default_factory=list)
    finish_reason: str | None = None
    usage: Usage = field(default_factory=Usage)

    def completion(self) -> Completion:
        now = time.monotonic()
        return Completion(
            "".join(self.parts),
            self.finish_reason or "truncated",
            self.usage,
            now - self.started,
            (self.first or now) - self.started,
        )


class _Slots:
    """Hands out the places for simultaneous completions; waiting for one can be cancelled."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def taken(self, count: int, cancel: threading.Event | None) -> Iterator[None]:
        with self._changed:
            while self._free < count:
                self._changed.wait(POLL_SECONDS)
                if cancel is not None and cancel.is_set():
                    raise ModelCancelled(llm_errors.CANCELLED)
            self._free -= count
        try:
            yield
        finally:
            with self._changed:
                self._free += count
                self._changed.notify_all()


class EndpointModel:
    """A chat model behind an OpenAI-compatible address.

    Args:
        endpoint: where to send requests, or a function that starts the server at the first request and says where.
        name: the name that is recorded on drafts.
        parallel: completions at the same time; further ones wait, and the wait is not counted as model time.
        timeout: seconds of wall clock for one completion, retries included.
        stall_timeout: seconds without any event once the first has come.
    """

    def __init__(
        self,
        endpoint: Endpoint | Callable[[], Endpoint],
        *,
        name: str,
        parallel: int = 1,
        timeout: float = 300.0,
        stall_timeout: float = STALL_SECONDS,
        embedded: bool = False,
    ) -> None:
        if isinstance(endpoint, Endpoint):
            _refuse_empty(endpoint)
        self.name = name
        self.parallel = max(1, parallel)
        self.supports_grammar = embedded
        self._endpoint = endpoint
        self._timeout = timeout
        self._stall_timeout = stall_timeout
        self._slots = _Slots(self.parallel)

    def __repr__(self) -> str:
        return f"EndpointModel(name={self.name!r}, parallel={self.parallel})"

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        temperature: float = 0.3,
        seed: int | None = None,
        stop: Sequence[str] = (),
        grammar: str | None = None,
        repeat_penalty: float | None = None,
        on_text: Callable[[str], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Completion:
        """One completion, streamed. Blocks; call it from a thread that runs no event loop.

        Args:
            messages: the conversation.
            max_tokens: upper limit of the answer.
            temperature, seed, stop: sampling, as every endpoint knows it.
            grammar: GBNF; only the embedded model obeys it (`supports_grammar`), elsewhere it is left out.
            repeat_penalty: as grammar.
            on_text: called in this thread with every piece of text as it arrives.
            cancel: set it from another thread to stop within a second.

        Raises:
            ModelCancelled: `cancel` was set.
            ModelError: no usable answer; the message says who must do what.
        """
        address = self._address()
        body: dict[str, Any] = {
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "model": address.model,
            "max_tokens": max_tokens,
            "temperature": temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if stop:
            body["stop"] = list(stop)
        if seed is not None:
            body["seed"] = seed
        if address.embedded:
            body["extra_body"] = _llama_options(grammar, repeat_penalty, repeatable=seed is not None)
        # Completions that share a batch change each other's last digits: a seeded one has the embedded model to itself.
        alone = address.embedded and seed is not None
        with self._slots.taken(self.parallel if alone else 1, cancel):
            return _run(self._watched(address, body, on_text, cancel))

    def _address(self) -> Endpoint:
        if isinstance(self._endpoint, Endpoint):
            return self._endpoint
        endpoint = self._endpoint()
        _refuse_empty(endpoint)
        return endpoint

    async def _watched(
        self,
        address: Endpoint,
        body: dict[str, Any],
        on_text: Callable[[str], None] | None,
        cancel: threading.Event | None,
    ) -> Completion:
        """Runs the request beside a watcher for cancel, deadline and stall; closing the task closes the connection."""
        now = time.monotonic()
        progress = _Progress(started=now, last=now)
        task = asyncio.create_task(self._with_retries(address, body, progress, on_text))
        while not task.done():
            await asyncio.wait({task}, timeout=POLL_SECONDS)
            problem = None if task.done() else self._interruption(address, progress, cancel)
            if problem is not None:
                task.cancel()
                await asyncio.wait({task}, timeout=1.0)
                raise problem
        task.result()
        return progress.completion()

    def _interruption(
        self, address: Endpoint, progress: _Progress, cancel: threading.Event | None
    ) -> ModelError | None:
        now = time.monotonic()
        if cancel is not None and cancel.is_set():
            return ModelCancelled(llm_errors.CANCELLED)
        if now - progress.started > self._timeout:
            return ModelError(llm_errors.too_slow(_place(address), self._timeout))
        if progress.first is not None and now - progress.last > self._stall_timeout:
            return ModelError(llm_errors.stalled(_place(address), self._stall_timeout))
        return None

    async def _with_retries(
        self,
        address: Endpoint,
        body: dict[str, Any],
        progress: _Progress,
        on_text: Callable[[str], None] | None,
    ) -> None:
        """Tries again only while nothing has been shown yet: text that reached the writer is never taken back."""
        import openai

        async with _client(address) as client:
            for attempt in range(1, llm_errors.MAX_TRIES + 1):
                try:
                    await _stream_once(client, body, progress, on_text)
                    break
                except openai.APIConnectionError as error:
                    if progress.parts:
                        break  # the connection was cut in the middle: what came is a truncated answer
                    problem, wait = llm_errors.unreachable(_place(address), error, attempt)
                except openai.APIError as error:
                    problem, wait = llm_errors.refused(_place(address), address.api_key, error, attempt)
                if wait is None or attempt == llm_errors.MAX_TRIES or progress.parts:
                    raise problem from None
                await asyncio.sleep(wait)
        if not progress.parts and progress.finish_reason is None:
            raise ModelError(llm_errors.no_stream(_place(address)))


async def _stream_once(
    client: openai.AsyncOpenAI, body: dict[str, Any], progress: _Progress, on_text: Callable[[str], None] | None
) -> None:
    stream = await client.chat.completions.create(**body)
    async with stream:
        kind = stream.response.headers.get("content-type", "")
        if "html" in kind.lower():
            raise ModelError(llm_errors.web_page(str(stream.response.url.host)))
        try:
            async for chunk in stream:
                _take(chunk, progress, on_text)
        except (UnicodeDecodeError, llm_errors.JSONDecodeError):
            raise ModelError(llm_errors.no_stream(str(stream.response.url.host))) from None


def _take(chunk: ChatCompletionChunk, progress: _Progress, on_text: Callable[[str], None] | None) -> None:
    """Adds one event to what has arrived. Usage comes in an event without choices, or in llama.cpp's timings."""
    progress.last = time.monotonic()
    progress.usage = _usage(chunk) or progress.usage
    for choice in (chunk.choices or ())[:1]:
        progress.finish_reason = choice.finish_reason or progress.finish_reason
        text = (choice.delta.content if choice.delta else None) or ""
        if not text:
            continue
        progress.first = progress.first or progress.last
        progress.parts.append(text)
        if on_text is not None:
            on_text(text)


def _usage(chunk: ChatCompletionChunk) -> Usage | None:
    if chunk.usage is not None:
        details = chunk.usage.prompt_tokens_details
        cached = (details.cached_tokens if details else 0) or 0
        return Usage(chunk.usage.prompt_tokens or 0, chunk.usage.completion_tokens or 0, cached)
    timings = (chunk.model_extra or {}).get("timings")
    if not isinstance(timings, dict):
        return None
    cached = int(timings.get("cache_n") or 0)
    return Usage(int(timings.get("prompt_n") or 0) + cached, int(timings.get("predicted_n") or 0), cached)


def _llama_options(grammar: str | None, repeat_penalty: float | None, repeatable: bool) -> dict[str, Any]:
    """What only llama.cpp understands: reuse of the common prompt prefix, GBNF, penalty on repetition.

    A prefix computed with another prompt differs in its last digits, so a repeatable completion reuses none.
    """
    options: dict[str, Any] = {"cache_prompt": not repeatable}
    if grammar:
        options["grammar"] = grammar
    if repeat_penalty is not None:
        options["repeat_penalty"] = repeat_penalty
    return options


@contextlib.asynccontextmanager
async def _client(address: Endpoint) -> Any:
    """A client for one completion: no redirects, no proxy variables, no retries of its own, no telling headers."""
    import openai

    async def strip(request: Any) -> None:
        for name in [name for name in request.headers if name.lower() not in HEADERS_SENT]:
            del request.headers[name]
        request.headers["user-agent"] = "nigao"
        if not address.api_key:
            request.headers.pop("authorization", None)

    http = openai.DefaultAsyncHttpxClient(
        follow_redirects=False, trust_env=False, verify=_certificates(), event_hooks={"request": [strip]}
    )
    async with openai.AsyncOpenAI(
        base_url=address.base_url,
        api_key=address.api_key or "none",
        default_headers={"Authorization": f"Bearer {address.api_key or 'none'}"},
        http_client=http,
        max_retries=0,
        timeout=openai.Timeout(None, connect=CONNECT_SECONDS),
    ) as client:
        yield client


@cache
def _certificates() -> ssl.SSLContext:
    """The certificates this machine trusts, an office's own authority included; loading them takes 80 ms."""
    return ssl.create_default_context()


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Runs to the end on a loop of its own. Unlike asyncio.run it does not wait for a name server that hangs."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=1.0))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _place(address: Endpoint) -> str:
    return "内置模型" if address.embedded else f"模型服务（{address.base_url}）"


def _refuse_empty(endpoint: Endpoint) -> None:
    """An empty address would mean the public service of the client's vendor, with the writer's notes in the request."""
    if not endpoint.base_url.strip():
        raise SettingsError("模型服务地址为空：请设置 NIGAO_LLM_BASE_URL，或清除该项改用内置模型。")
    if not endpoint.model.strip():
        raise SettingsError("模型名称为空：请设置 NIGAO_LLM_MODEL，写明该服务上的模型名称。")


def connect(settings: Settings) -> ChatModel:
    """The model that the settings name: an endpoint, or the embedded model, which starts at the first request.

    Raises:
        SettingsError: address or model name is missing.
        InputError: the settings name no embedded model that there is.
        ModelError: the file of the embedded model is not there.
    """
    if not settings.uses_embedded_model:
        endpoint = Endpoint(settings.llm_base_url, settings.llm_model, settings.llm_api_key)
        return EndpointModel(
            endpoint, name=settings.llm_model, parallel=settings.llm_parallel, timeout=settings.llm_timeout
        )
    from assistant import local_model

    file = local_model.model_file(settings)

    def start() -> Endpoint:
        served = local_model.serve(settings)
        return Endpoint(served.base_url, served.model, served.api_key, embedded=True)

    return EndpointModel(
        start, name=file.stem, parallel=settings.llm_parallel, timeout=settings.llm_timeout, embedded=True
    )
