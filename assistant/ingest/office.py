"""Old Word, WPS, RTF, OpenDocument and Excel files -> .docx or .xlsx by LibreOffice, when it is installed.

LibreOffice runs with a profile of its own in a temporary folder, without macros, and is ended when it takes too long.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path, PurePath

from assistant.errors import InputError

TIMEOUT = 120.0
"""Seconds one conversion may take; the first on a machine takes about ten."""

_SHEET_SUFFIXES = (".xls", ".et", ".ods")
_WORKBOOK_STREAM = "Workbook".encode("utf-16-le")
_SLIDE_STREAM = "PowerPoint Document".encode("utf-16-le")
_INSTALL = (
    "请安装 libreoffice（Ubuntu、Debian、统信、麒麟：sudo apt install libreoffice-writer libreoffice-calc），"
    "或者用 Word、WPS 另存为 .docx 再导入。"
)


def find_office() -> str | None:
    """The path of LibreOffice's program, None when it is not installed."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    for place in (
        "/usr/lib/libreoffice/program/soffice",
        "/opt/libreoffice/program/soffice",
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    ):
        if Path(place).exists():
            return place
    return None


def convert(data: bytes, name: str, timeout: float = TIMEOUT) -> tuple[str, bytes]:
    """Convert a file.

    Returns:
        "docx" or "xlsx" and the converted bytes.

    Raises:
        InputError: LibreOffice is not installed, takes too long, or cannot read the file.
    """
    suffix = PurePath(name).suffix.lower()
    if _SLIDE_STREAM in data:
        raise InputError("这是演示文稿，不是文字材料：请把需要的文字另存为 .docx 再导入。")
    target = "xlsx" if suffix in _SHEET_SUFFIXES or _WORKBOOK_STREAM in data else "docx"
    program = find_office()
    if program is None:
        raise InputError(f"读取 {suffix or '这种旧格式'} 文件要用 LibreOffice，本机没有安装：{_INSTALL}")
    with tempfile.TemporaryDirectory(prefix="nigao-office-") as folder:
        return target, _converted(program, Path(folder), data, target, timeout)


def _converted(program: str, folder: Path, data: bytes, target: str, timeout: float) -> bytes:
    source = folder / "source"
    source.write_bytes(data)
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        target,
        "--outdir",
        str(folder / "out"),
        str(source),
    ]
    _run(command, folder, timeout)
    made = folder / "out" / f"source.{target}"
    if not made.is_file():
        raise InputError("LibreOffice 读不了这个文件，可能已损坏或有密码：请用 Word 或 WPS 打开后另存为 .docx 再试。")
    return made.read_bytes()


def _run(command: list[str], folder: Path, timeout: float) -> None:
    """Run the program in a process group of its own, so that a hanging child goes with it."""
    environment = {**os.environ, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        raise InputError(
            f"LibreOffice 转换超过 {timeout:.0f} 秒，已停止：请用 Word 或 WPS 另存为 .docx 再试。"
        ) from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
