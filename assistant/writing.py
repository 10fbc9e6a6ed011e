"""What the two ways of writing a section share: the switches, the running count of model work, who watches."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.compose import Request
from assistant.llm import ChatModel, Completion
from assistant.records import Usage


@dataclass(frozen=True, slots=True)
class SafetyFlags:
    """The guarantees of drafting, each switchable for measuring what it is worth; a draft for use has all of them.

    Args:
        slots: figures are marks that the model copies; off, it sees and types digits.
        masking: past passages are shown without their facts.
        repair: what is wrong is named to the model in a second request.
        fallback: a sentence at fault is replaced by one made from the writer's own bullet.
        frame: an embedded model writes openings and results around fixed clauses; off, it rewrites whole lines.
    """

    slots: bool = True
    masking: bool = True
    repair: bool = True
    fallback: bool = True
    frame: bool = True


@dataclass(slots=True)
class Desk:
    """One section's conversation with the model: asks, counts, and passes settled sentences on to whoever watches."""

    model: ChatModel
    seed: int | None = None
    on_text: Callable[[int, str], None] | None = None
    cancel: threading.Event | None = None
    flags: SafetyFlags = field(default_factory=SafetyFlags)
    attempts: int = 0
    fallbacks: int = 0
    seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)
    prompt_hash: str = ""

    def ask(self, request: Request, on_piece: Callable[[str], None] | None = None) -> Completion:
        """One request; a set seed makes it repeatable, each further request of the section differs.

        Raises:
            ModelError: the model failed.
            ModelCancelled: the writer pressed cancel.
        """
        seed = None if self.seed is None else self.seed + self.attempts
        self.attempts += 1
        self.prompt_hash = self.prompt_hash or request.prompt_hash
        completion = self.model.complete(
            request.messages,
            max_tokens=request.max_tokens,
            temperature=0.3,
            seed=seed,
            grammar=request.grammar,
            repeat_penalty=1.05,
            on_text=on_piece,
            cancel=self.cancel,
        )
        self.seconds += completion.seconds
        self.usage += completion.usage
        return completion

    def show(self, index: int, text: str) -> None:
        """Pass the settled text of sentence `index` on to whoever watches."""
        if self.on_text is not None and text:
            self.on_text(index, text)
