"""Writing a file so that it is either the old one or the whole new one."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from assistant.errors import InputError, NigaoError, StoreError

SUFFIXES = (".docx", ".md", ".txt")


def check_target(path: Path, suffixes: Sequence[str] = SUFFIXES) -> None:
    """Finds out before a long run whether `path` can be written.

    Args:
        path: the file to be.
        suffixes: what its name may end with.

    Raises:
        InputError: it cannot; the message says what to change.
    """
    if path.suffix.lower() not in suffixes:
        raise InputError(f"不能写成 {path.name}：请把文件名的后缀改为 {' 或 '.join(suffixes)}。")
    folder = path.resolve().parent
    if not folder.is_dir():
        raise InputError(f"文件夹 {folder} 不存在：请先建好，或换一个位置。")
    if path.is_dir():
        raise InputError(f"{path} 是文件夹：请写明文件名，例如 {path / '总结.docx'}。")
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise InputError(f"没有权限写入 {path}：请换一个位置。")


def replace_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Calls `write` with a scratch file beside `path` and puts that in its place when it is complete.

    Raises:
        InputError: the place cannot be written.
        StoreError: the disk is full.
    """
    scratch = ""
    try:
        handle, scratch = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=path.suffix, dir=path.resolve().parent)
        with os.fdopen(handle, "wb") as file:
            # In memory first: a Word file that the disk refuses half-way cannot be closed without a second complaint.
            whole = io.BytesIO()
            write(whole)
            file.write(whole.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        os.chmod(scratch, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(scratch, path)
        scratch = ""
    except OSError as error:
        raise _explained(path, error) from None
    finally:
        if scratch:
            with contextlib.suppress(OSError):
                os.unlink(scratch)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _explained(path: Path, error: OSError) -> NigaoError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError(f"磁盘已满，{path} 没有写成，原有文件未动。请清理磁盘后重试。")
    if isinstance(error, FileNotFoundError):
        return InputError(f"文件夹 {path.parent} 不存在：请先建好，或换一个位置。")
    return InputError(
        f"写不了 {path}（{error.strerror or type(error).__name__}）：请关闭正在打开它的程序，或换一个位置。"
    )
