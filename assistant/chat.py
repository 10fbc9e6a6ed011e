"""What the rest of the program knows of a language model. Knows no vendor and no server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from assistant.records import Usage


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model answered.

    `finish_reason` is the server's word (stop, length, …), or `truncated` when the stream ended without one.
    `seconds` is wall clock from sending to the end, `first_token_seconds` to the first text.
    """

    text: str
    finish_reason: str
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    first_token_seconds: float = 0.0

    @property
    def truncated(self) -> bool:
        """The text stops before the model was done."""
        return self.finish_reason in ("length", "truncated")


class ChatModel(Protocol):
    """What the rest of the program knows of a language model."""

    @property
    def name(self) -> str: ...

    @property
    def parallel(self) -> int:
        """How many completions may run at the same time with a gain."""
        ...

    @property
    def supports_grammar(self) -> bool:
        """Whether `grammar` and `repeat_penalty` have an effect; elsewhere they are left out."""
        ...

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
    ) -> Completion: ...
