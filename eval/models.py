"""The models of a comparison: embedded ones by name, endpoints from the environment or a TOML file, scripted ones."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import SettingsError
from assistant.settings import Settings, load_settings
from eval.provenance import hash_file

if TYPE_CHECKING:
    from assistant.llm import ChatModel

SHORT = {"1.5b": "qwen2.5-coder-1.5b", "0.5b": "qwen2.5-coder-0.5b"}
SCRIPTED = "scripted:"
_KEYS = {"name", "base_url", "model", "api_key_env", "timeout", "parallel", "context"}


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model to be measured. `settings` lead to it; a scripted one has its script's name instead."""

    name: str
    settings: Settings
    script: str = ""

    def connect(self) -> ChatModel:
        """The model, started or reached.

        Raises:
            ModelError: it is not there.
        """
        if self.script:
            from eval.scripts import scripted_model

            return scripted_model(self.script)
        from assistant.chat import Message
        from assistant.llm import connect

        model = connect(self.settings)
        if self.settings.uses_embedded_model:  # it starts at the first request: seconds of no draft
            model.complete([Message("user", "好")], max_tokens=1)
        return model

    def identity(self) -> dict[str, Any]:
        """What the manifest records: the file's hash, or the endpoint's address and model."""
        if self.script:
            return {"name": self.name, "kind": "scripted"}
        limits = {"parallel": self.settings.llm_parallel, "context": self.settings.context_tokens}
        if not self.settings.uses_embedded_model:
            return {"name": self.name, "kind": "endpoint", "model": self.settings.llm_model, **limits}
        from assistant.local_model import model_file

        path = model_file(self.settings)
        return {"name": self.name, "kind": "embedded", "file": path.name, "sha256": hash_file(path), **limits}


def choose_models(names: Sequence[str], listing: Path | None = None) -> list[ModelChoice]:
    """The models with these names; the one of the settings when none is named.

    Raises:
        SettingsError: the listing cannot be read or a name is not in it.
    """
    listed = _read_listing(listing) if listing else {}
    if not names and listed:
        return list(listed.values())
    return [listed.get(name) or _by_name(name) for name in names or [""]]


def _by_name(name: str) -> ModelChoice:
    if name.startswith(SCRIPTED):
        return ModelChoice(name, load_settings(), name.removeprefix(SCRIPTED))
    settings = load_settings(model=SHORT.get(name, name) or None)
    if name and not settings.uses_embedded_model and name in (*SHORT, *SHORT.values()):
        settings = replace(settings, llm_base_url="")
    return ModelChoice(settings.llm_model, settings)


def _read_listing(path: Path) -> dict[str, ModelChoice]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("model", [])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"模型清单 {path} 读不出来：{error}") from error
    return {choice.name: choice for choice in (_from_entry(path, entry) for entry in entries)}


def _from_entry(path: Path, entry: dict[str, Any]) -> ModelChoice:
    if unknown := set(entry) - _KEYS:
        raise SettingsError(
            f"模型清单 {path} 里有不认识的项：{'、'.join(sorted(unknown))}。可用：{'、'.join(sorted(_KEYS))}"
        )
    if not entry.get("name") or not entry.get("model"):
        raise SettingsError(f"模型清单 {path} 里每个 [[model]] 都要写 name 和 model。")
    base = load_settings(model=entry["model"])
    settings = replace(
        base,
        llm_base_url=str(entry.get("base_url", "")).rstrip("/"),
        llm_api_key=os.environ.get(str(entry.get("api_key_env", "")), ""),
        llm_timeout=float(entry.get("timeout", base.llm_timeout)),
        llm_parallel=int(entry.get("parallel", base.llm_parallel)),
        context_tokens=int(entry.get("context", base.context_tokens)),
    )
    return ModelChoice(str(entry["name"]), settings)
