"""The annotation of a drafting case: what only a person can say.

Format of `facts.ann`, one entry a line, `#` starts a comment:

    BASIS text                              what the case is made from
    - phrase/alternative :: ind=value; ...  one line per bullet of the brief, in order; either side may be empty
    ROW alternative                         not needed: table rows are read from the brief itself
    TRAP text | type | severity | why       text of a past document that must not be in a draft
    NOT a; b                                number-like text that is no figure
    ISSUE type | where | text | expected    what is hard and what should happen

A value is an exact piece of its bullet, searched from where the one before it ended. `!` adds what cannot be derived:
`!up`, `!down`, `!p:2023年` (period), `!q:约` (qualifier), `!u:人次` (unit shared by a list), `!k:rank`, `!a:form`
(another accepted form), `!n:12000` (the value of a surface that no rule reads), `!d` (disputed).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from eval.labelling import CaseError


@dataclass
class Annotation:
    """What stands in `facts.ann`."""

    basis: str = ""
    bullets: list[tuple[list[str], list[tuple[str, str, list[str]]]]] = field(default_factory=list)
    traps: list[list[str]] = field(default_factory=list)
    not_figures: list[str] = field(default_factory=list)
    issues: list[list[str]] = field(default_factory=list)


def read_annotation(path: Path) -> Annotation:
    """Read `facts.ann`; raise CaseError for a line of no known form."""
    note = Annotation()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        word, _, rest = line.partition(" ")
        if not line.strip() or line.startswith("#"):
            continue
        if word == "BASIS":
            note.basis = rest
        elif word == "-":
            note.bullets.append(read_bullet(rest, f"{path}:{number}"))
        elif word == "TRAP":
            note.traps.append([part.strip() for part in rest.split("|")])
        elif word == "NOT":
            note.not_figures += [part.strip() for part in rest.split(";") if part.strip()]
        elif word == "ISSUE":
            note.issues.append([part.strip() for part in rest.split("|")])
        else:
            raise CaseError(f"{path}:{number}: {line!r} is no entry")
    return note


def read_bullet(text: str, where: str) -> tuple[list[str], list[tuple[str, str, list[str]]]]:
    """Split `phrase/alt :: indicator=value!option; ...`."""
    phrases, separator, rest = text.partition("::")
    if not separator:
        raise CaseError(f"{where}: '::' is missing")
    facts = []
    for piece in filter(None, (part.strip() for part in rest.split(";"))):
        indicator, equals, value = piece.partition("=")
        if not equals:
            raise CaseError(f"{where}: '=' is missing in {piece!r}")
        surface, *options = value.split("!")
        facts.append((indicator.strip(), surface, options))
    return [part.strip() for part in phrases.strip().split("/") if part.strip()], facts
