"""A model that says what it is told: for tests and for a first run without a model. Never used by the demo."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from assistant.chat import Completion, Message
from assistant.errors import ModelCancelled, ModelError
from assistant.records import Usage

CHUNK = 4


class ScriptedModel:
    """Answers from a list in order, or from a function of the messages.

    Args:
        replies: answers, one per call, or a function that makes one.
        name: what drafts record.
        parallel: how many calls the caller may make at once.
        delay: seconds between pieces of text, to see streaming and cancelling.

    Attributes:
        calls: number of completions asked for.
        requests: their messages.
    """

    supports_grammar = False

    def __init__(
        self,
        replies: Sequence[str] | Callable[[Sequence[Message]], str],
        *,
        name: str = "scripted",
        parallel: int = 1,
        delay: float = 0.0,
    ) -> None:
        self.name = name
        self.parallel = parallel
        self.calls = 0
        self.requests: list[tuple[Message, ...]] = []
        self._replies = replies
        self._delay = delay
        self._lock = threading.Lock()

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
        """As ChatModel.complete; `max_tokens` and `stop` cut the reply, one token being one character.

        Raises:
            ModelCancelled: `cancel` was set.
            ModelError: the list of replies is used up.
        """
        started = time.monotonic()
        reply = self._cut(self._reply(tuple(messages)), stop)
        text = reply[:max_tokens]
        first = 0.0
        for start in range(0, max(len(text), 1), CHUNK):
            if cancel is None:
                time.sleep(self._delay)
            elif cancel.wait(self._delay):
                raise ModelCancelled("已取消。")
            first = first or time.monotonic() - started
            if on_text is not None and text:
                on_text(text[start : start + CHUNK])
        usage = Usage(sum(len(message.content) for message in messages), len(text), 0)
        finish_reason = "stop" if text == reply else "length"
        return Completion(text, finish_reason, usage, time.monotonic() - started, first)

    def _reply(self, messages: tuple[Message, ...]) -> str:
        with self._lock:
            index, self.calls = self.calls, self.calls + 1
            self.requests.append(messages)
        if callable(self._replies):
            return self._replies(messages)
        if index >= len(self._replies):
            raise ModelError(f"脚本模型只准备了 {len(self._replies)} 条回答，已用完：请补充回答或检查调用次数。")
        return self._replies[index]

    @staticmethod
    def _cut(reply: str, stop: Sequence[str]) -> str:
        ends = [reply.find(mark) for mark in stop if mark in reply]
        return reply[: min(ends)] if ends else reply
