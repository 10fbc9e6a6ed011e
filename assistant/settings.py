"""Settings from the environment. Reading them creates nothing on disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_dir

from assistant.errors import SettingsError

DEFAULT_MODEL = "qwen2.5-coder-1.5b"


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set from outside.

    Attributes:
        home: folder of the library and the workspace (NIGAO_HOME).
        models_dir: folder of model files (NIGAO_MODELS).
        llm_base_url: OpenAI-compatible endpoint; empty means the embedded model (NIGAO_LLM_BASE_URL).
        llm_model: model name at the endpoint, or the name or .gguf path of an embedded model (NIGAO_LLM_MODEL).
        llm_api_key: key for the endpoint (NIGAO_LLM_API_KEY).
        embed_base_url, embed_model, embed_api_key: an embeddings endpoint instead of the embedded one (NIGAO_EMBED_*).
        chroma_url: a Chroma server instead of the embedded index (NIGAO_CHROMA_URL).
        llm_timeout: seconds of wall clock for one completion (NIGAO_LLM_TIMEOUT).
        llm_parallel: sections drafted at the same time (NIGAO_LLM_PARALLEL).
        context_tokens: context window of the model in tokens (NIGAO_LLM_CONTEXT).
    """

    home: Path
    models_dir: Path
    llm_base_url: str = ""
    llm_model: str = DEFAULT_MODEL
    llm_api_key: str = ""
    embed_base_url: str = ""
    embed_model: str = ""
    embed_api_key: str = ""
    chroma_url: str = ""
    llm_timeout: float = 300.0
    llm_parallel: int = 2
    context_tokens: int = 4096

    @property
    def uses_embedded_model(self) -> bool:
        return not self.llm_base_url


def load_settings(home: Path | None = None, model: str | None = None) -> Settings:
    """Settings of this process.

    Args:
        home: the --library option; wins over NIGAO_HOME.
        model: the --model option; wins over NIGAO_LLM_MODEL.

    Raises:
        SettingsError: a variable is set to something unusable.
    """
    data = Path(user_data_dir("nigao"))
    base_url = _text("NIGAO_LLM_BASE_URL")
    chosen = model or _text("NIGAO_LLM_MODEL") or ("" if base_url else DEFAULT_MODEL)
    if base_url and not chosen:
        raise SettingsError("已设置 NIGAO_LLM_BASE_URL，但没有设置 NIGAO_LLM_MODEL：请写明该服务上的模型名称。")
    return Settings(
        home=home or Path(_text("NIGAO_HOME") or data),
        models_dir=Path(_text("NIGAO_MODELS") or data / "models"),
        llm_base_url=_url("NIGAO_LLM_BASE_URL"),
        llm_model=chosen,
        llm_api_key=_text("NIGAO_LLM_API_KEY"),
        embed_base_url=_url("NIGAO_EMBED_BASE_URL"),
        embed_model=_text("NIGAO_EMBED_MODEL"),
        embed_api_key=_text("NIGAO_EMBED_API_KEY"),
        chroma_url=_url("NIGAO_CHROMA_URL"),
        llm_timeout=_number("NIGAO_LLM_TIMEOUT", 300.0),
        llm_parallel=int(_number("NIGAO_LLM_PARALLEL", 2)),
        context_tokens=int(_number("NIGAO_LLM_CONTEXT", 4096)),
    )


def _text(name: str) -> str:
    return os.environ.get(name, "").strip()


def _url(name: str) -> str:
    value = _text(name)
    if value and not value.startswith(("http://", "https://")):
        raise SettingsError(f"{name} 应以 http:// 或 https:// 开头，现在是“{value}”。请改正后重试。")
    return value.rstrip("/")


def _number(name: str, default: float) -> float:
    value = _text(name)
    if not value:
        return default
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if number <= 0:
        raise SettingsError(f"{name} 应是大于 0 的数，现在是“{value}”。请改正后重试。")
    return number
