"""Prompt files: loaded strictly, filled strictly, named by content hash.

A file has front matter (`name`, `variables`) and turns headed `=== system`, `=== user`, `=== assistant`; `{{name}}`
stands for a variable. The fixed turns come first, the material last, so that a server can reuse the common prefix. A worked
example that several prompts may show is a file of its own (`example_…`): a question and its answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from assistant.errors import SettingsError
from assistant.llm import Message
from assistant.resources import resource_dir

_TURN = re.compile(r"^=== (system|user|assistant)\s*$", re.MULTILINE)
_VARIABLE = re.compile(r"\{\{([a-z_]+)\}\}")
_FRONT = re.compile(r"\A---\n(?P<head>.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A loaded prompt file; `digest` changes with every character of the file."""

    name: str
    variables: frozenset[str]
    turns: tuple[tuple[str, str], ...]
    digest: str

    def fill(self, values: Mapping[str, str]) -> list[Message]:
        """The messages with `values` in place.

        Raises:
            SettingsError: a variable is missing or unknown.
        """
        if set(values) != self.variables:
            wrong = sorted(set(values) ^ self.variables)
            raise SettingsError(f"提示词“{self.name}”的变量对不上：{'、'.join(wrong)}。请恢复程序自带的提示词文件。")
        return [
            Message(cast(Literal["system", "user", "assistant"], role), _VARIABLE.sub(lambda m: values[m[1]], text))
            for role, text in self.turns
        ]


@cache
def load(name: str) -> Prompt:
    """The prompt file `prompts/<name>.md`.

    Raises:
        SettingsError: missing file, bad head, or variables in the text that the head does not name (or the reverse).
    """
    path = resource_dir("prompts") / f"{name}.md"
    if not path.is_file():
        raise SettingsError(f"缺少提示词文件 {path.name}：请重新安装本程序。")
    return parse(path.read_text(encoding="utf-8"), path)


def load_all() -> list[Prompt]:
    """Every prompt file that comes with the program, checked; `nigao doctor` asks for them.

    Raises:
        SettingsError: as for `load`.
    """
    return [load(path.stem) for path in sorted(resource_dir("prompts").glob("*.md"))]


def parse(text: str, path: Path) -> Prompt:
    """A prompt from the text of its file.

    Raises:
        SettingsError: as for `load`.
    """
    head = _FRONT.match(text)
    fields = dict(line.split(":", 1) for line in head["head"].splitlines() if ":" in line) if head else {}
    name = fields.get("name", "").strip()
    declared = frozenset(part.strip() for part in fields.get("variables", "").strip(" []").split(",") if part.strip())
    if head is None or name != path.stem or "variables" not in fields:
        raise SettingsError(f"提示词文件 {path.name} 的开头应写明 name（与文件名相同）和 variables。")
    pieces = _TURN.split(text[head.end() :])
    turns = tuple((role, body.strip("\n")) for role, body in zip(pieces[1::2], pieces[2::2], strict=True))
    used = frozenset(_VARIABLE.findall(text[head.end() :]))
    last = "assistant" if name.startswith("example_") else "user"
    if not turns or turns[-1][0] != last or used != declared:
        wrong = "、".join(sorted(used ^ declared)) or "段落"
        raise SettingsError(f"提示词文件 {path.name} 的变量或段落不对：{wrong}。请恢复程序自带的文件。")
    return Prompt(name, declared, turns, hashlib.sha256(text.encode()).hexdigest()[:16])
