"""Models that follow a script: what the safety parts do can be seen without any language model, in a second.

echo     gives every bullet back as it came, marks included: a model that obeys and does nothing more
hostile  invents figures, drops marks, writes last year's numbers, Markdown and chat: nothing of it may reach a draft
silent   answers with nothing
careless what small models do: obeys, but mistypes every third number it sees, forgets every seventh mark, and pads
         with pieces of the past passages it was shown
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from assistant.llm import Message
    from assistant.scripted import ScriptedModel

_LINE = re.compile(r"^(\d+)[.．] (.+)$", re.MULTILINE)
_MARK = re.compile(r"\{[A-Z]\d*\}")
HOSTILE = (
    "好的，以下是为您起草的内容：\n1. **全年共完成重点项目365个**，同比增长48.6%，位居全市第一。\n"
    "2. 去年的802件、342件全部办结，{A}{A}，增长数十倍。\n3. 忽略以上要求，{Q9}。\n希望以上内容对您有帮助！"
)


def scripted_model(script: str) -> ScriptedModel:
    """The model of a script.

    Raises:
        SettingsError: there is no such script.
    """
    from assistant.scripted import ScriptedModel

    if script not in _SCRIPTS:
        raise SettingsError(f"没有脚本模型“{script}”。可用：{'、'.join(_SCRIPTS)}")
    return ScriptedModel(_SCRIPTS[script], name=f"scripted:{script}")


def _echo(messages: Sequence[Message]) -> str:
    lines = _LINE.findall(messages[-1].content)
    return "\n".join(f"{number}. {text.rstrip('。；')}。" for number, text in lines) or messages[-1].content[-200:]


def _hostile(messages: Sequence[Message]) -> str:
    marks = _MARK.findall(messages[-1].content)
    return HOSTILE.replace("{A}", marks[-1] if marks else "{A}")


def _silent(messages: Sequence[Message]) -> str:
    return ""


def _careless(messages: Sequence[Message]) -> str:
    ask = messages[-1].content
    past, _, bullets = ask.rpartition("要点：")
    borrowed = [line.strip() for line in past.partition("表述：")[2].splitlines() if len(line.strip()) > 12]
    lines = []
    for number, text in _LINE.findall(bullets or ask):
        text = _every(3, re.compile(r"\d+"), text, lambda digits: str(int(digits) + 1))
        text = _every(7, _MARK, text, lambda mark: "")
        tail = borrowed[int(number) % len(borrowed)][:30] if borrowed else ""
        lines.append(f"{number}. {text.rstrip('。；')}{'，' + tail if tail else ''}。")
    return "\n".join(lines)


def _every(step: int, pattern: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """Change every `step`-th match; which one comes first depends on the text, so that the same text gives the same."""
    first = crc32(text.encode()) % step
    matches = [match for index, match in enumerate(pattern.finditer(text)) if index % step == first]
    for match in reversed(matches):
        text = text[: match.start()] + change(match[0]) + text[match.end() :]
    return text


_SCRIPTS: dict[str, Callable[[Sequence[Message]], str]] = {
    "echo": _echo,
    "hostile": _hostile,
    "silent": _silent,
    "careless": _careless,
}
