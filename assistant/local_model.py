"""The embedded language model: which files there are, and llama.cpp serving one of them. The door to xllamacpp.

llama.cpp runs inside this process and speaks the OpenAI API on a loopback address, so that llm.py needs one client for
embedded and remote models. The files are the business of model_files.py and
model_fetch.py; their names are repeated here for callers.
"""

from __future__ import annotations

import atexit
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.model_fetch import pull
from assistant.model_files import CATALOG, Installed, ModelSpec, installed, listing, model_file
from assistant.settings import Settings

__all__ = [
    "CATALOG",
    "Installed",
    "ModelSpec",
    "Served",
    "installed",
    "listing",
    "model_file",
    "parallel_slots",
    "pull",
    "serve",
]

MAX_SLOTS = 4
MIN_SLOT_TOKENS = 4096
BATCH_TOKENS = 512  # of a prompt at a time: between batches other slots get their turn and a cancel takes effect
PROMPT_CACHE_MIB = 512  # llama.cpp would keep up to 8 GiB of old prompts in memory

_running: dict[tuple[Path, int, int], Served] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Served:
    """A running server. `api_key` keeps other users and web pages on this machine out of it."""

    base_url: str
    model: str
    parallel: int
    api_key: str = field(repr=False)
    close: Callable[[], None] = field(repr=False)


def parallel_slots(settings: Settings) -> int:
    """Completions the embedded server runs at the same time, 1 to 4."""
    return min(max(1, settings.llm_parallel), MAX_SLOTS)


def serve(settings: Settings) -> Served:
    """The embedded model's server, started at the first call and shared by the whole process.

    Every slot has at least 4096 tokens of context. It is closed when the process ends, or by `close()`.

    Raises:
        ModelError: the model file is missing or cannot be loaded.
    """
    path = model_file(settings)
    key = (path, parallel_slots(settings), max(MIN_SLOT_TOKENS, settings.context_tokens))
    with _lock:
        if key not in _running:
            _running[key] = _start(*key)
        return _running[key]


def _start(path: Path, slots: int, slot_tokens: int) -> Served:
    api_key = secrets.token_urlsafe(16)
    holder: list[Any] = [_load(path, slots, slot_tokens, api_key)]

    def close() -> None:
        """Stops the server and frees its memory; a second call does nothing."""
        with _lock:
            for key in [key for key, served in _running.items() if served.close is close]:
                del _running[key]
        holder.clear()

    atexit.register(close)
    return Served(f"{holder[0].listening_address}/v1", path.stem, slots, api_key, close)


def _load(path: Path, slots: int, slot_tokens: int, api_key: str) -> Any:
    import xllamacpp  # type: ignore[import-untyped]

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [api_key]
    params.cors_origins = ""
    params.ui = False
    params.endpoint_slots = False
    params.offline = True
    params.verbosity = 0
    params.n_parallel = slots
    params.n_ctx = slots * slot_tokens
    params.n_batch = BATCH_TOKENS
    params.fit_params = False
    params.cache_ram_mib = PROMPT_CACHE_MIB
    params.load_mode = int(xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_MMAP)
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _cores()
    try:
        return xllamacpp.Server(params)
    except (RuntimeError, ValueError, MemoryError):
        raise ModelError(
            f"模型文件 {path.name} 无法载入：可能已损坏、格式不是 GGUF，或内存不足。"
            "请关闭其他程序后重试；仍不行时删除该文件，再运行 nigao model pull。"
        ) from None


def _cores() -> int:
    """Cores this process may use; a container may have been given fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 2
