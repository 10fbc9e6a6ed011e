"""What one case of one system came to, and what is still to be run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Count = tuple[float, float]
Key = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Example:
    """A fault worth reading: `kind` is a measure's name, the report shows the heaviest first."""

    kind: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one case.

    `group` is the document the case comes from (confidence intervals are drawn over groups), `kind` the class shown in
    the break-down, `counts` numerators and denominators by measure, `samples` single values by measure (seconds,
    lengths), `text` what was generated, for reading. A case that could not be run has `failure` and the worst counts.
    """

    suite: str
    system: str
    case: str
    group: str
    kind: str
    counts: Mapping[str, Count]
    passed: bool
    seed: int = 0
    samples: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    seconds: float = 0.0
    failure: str = ""
    text: str = ""

    @property
    def key(self) -> Key:
        """What makes a result the same case in another run."""
        return (self.suite, self.system, self.case, self.seed)

    def to_json(self) -> dict[str, Any]:
        return {
            "suite": self.suite,
            "system": self.system,
            "case": self.case,
            "group": self.group,
            "kind": self.kind,
            "seed": self.seed,
            "passed": self.passed,
            "failure": self.failure,
            "seconds": round(self.seconds, 4),
            "counts": {name: list(count) for name, count in self.counts.items()},
            "samples": {name: list(values) for name, values in self.samples.items()},
            "examples": [[e.kind, e.text, e.weight] for e in self.examples],
            "text": self.text,
        }

    @staticmethod
    def from_json(body: Mapping[str, Any]) -> Outcome:
        return Outcome(
            suite=body["suite"],
            system=body["system"],
            case=body["case"],
            group=body["group"],
            kind=body["kind"],
            seed=body["seed"],
            passed=body["passed"],
            failure=body["failure"],
            seconds=body["seconds"],
            counts={name: (count[0], count[1]) for name, count in body["counts"].items()},
            samples={name: tuple(values) for name, values in body["samples"].items()},
            examples=tuple(Example(*entry) for entry in body["examples"]),
            text=body.get("text", ""),
        )


@dataclass(frozen=True, slots=True)
class Task:
    """A case to be run. `run` makes its outcome, `failed` the outcome when it raises; `weight` says how much work it is
    beside the other cases of its system, for the time left."""

    suite: str
    system: str
    case: str
    run: Callable[[], Outcome]
    failed: Callable[[str], Outcome]
    seed: int = 0
    weight: float = 1.0

    @property
    def key(self) -> Key:
        return (self.suite, self.system, self.case, self.seed)
