"""Folders and zip archives -> the files in them, in a stable order. Reads no contents."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.errors import InputError
from assistant.ingest.formats import KNOWN_SUFFIXES
from assistant.ingest.zipped import MAX_TOTAL, member_name, open_container, read_part

MAX_ARCHIVE = 500 * 1024 * 1024
MAX_MEMBER = 200 * 1024 * 1024
MAX_FILES = 100_000
_JUNK = ("~$", ".~", "._")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read.

    Attributes:
        path: where to read it now. Members of an archive are unpacked one by one; theirs is gone when the search goes on.
        name: what to show.
        origin: its lasting address, unique among all files.
        problem: the reason when it cannot be read, "" otherwise.
    """

    path: Path
    name: str
    origin: str
    problem: str = ""


def find_files(paths: Iterable[Path | str]) -> Iterator[FoundFile]:
    """All report files under the given files, folders and zip archives.

    Folders are searched for the suffixes that can be read; hidden and temporary files are passed over, symbolic links
    are not followed. A file that is named directly is always given, whatever its suffix.
    """
    for given in paths:
        path = Path(given)
        if path.is_dir():
            yield from _in_folder(path)
        elif not path.exists():
            yield _problem(path, f"找不到文件“{path}”：请检查路径。")
        else:
            yield from _in_file(path, path.name)


def _problem(path: Path, reason: str, name: str = "", origin: str = "") -> FoundFile:
    return FoundFile(path, name or path.name, origin or str(path.absolute()), reason)


def _in_folder(folder: Path) -> Iterator[FoundFile]:
    count = 0
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__MACOSX")
        for name in sorted(names):
            path = Path(root) / name
            if not _is_wanted(name) or path.is_symlink() or not path.is_file():
                continue
            count += 1
            if count > MAX_FILES:
                yield _problem(folder, f"文件夹里的文件超过 {MAX_FILES} 个：请分批导入。")
                return
            yield from _in_file(path, path.relative_to(folder).as_posix())


def _is_wanted(name: str) -> bool:
    return not name.startswith((".", *_JUNK)) and Path(name).suffix.lower() in KNOWN_SUFFIXES


def _in_file(path: Path, name: str) -> Iterator[FoundFile]:
    if path.suffix.lower() == ".zip":
        yield from _in_archive(path, name)
    else:
        yield FoundFile(path, name, str(path.absolute()))


def _in_archive(path: Path, name: str) -> Iterator[FoundFile]:
    try:
        size = path.stat().st_size
        if size > MAX_ARCHIVE:
            raise InputError(f"压缩包有 {size // 1024**2} MB，超过 {MAX_ARCHIVE // 1024**2} MB：请分批导入。")
        container = open_container(path.read_bytes())
    except InputError as error:
        yield _problem(path, str(error), name)
        return
    except OSError as error:
        yield _problem(path, f"读不了压缩包（{error.strerror or '输入输出错误'}）：请检查文件。", name)
        return
    with container, tempfile.TemporaryDirectory(prefix="nigao-zip-") as folder:
        yield from _members(container, path, name, Path(folder))


def _members(container: zipfile.ZipFile, archive: Path, name: str, folder: Path) -> Iterator[FoundFile]:
    budget = MAX_TOTAL
    for number, info in enumerate(container.infolist()):
        member = PurePosixPath(member_name(info).replace("\\", "/"))
        if info.is_dir() or not _is_wanted(member.name) or "__MACOSX" in member.parts or _is_link(info):
            continue
        shown, origin = f"{name}/{member}", f"{archive.absolute()}!{member}"
        target = folder / f"{number}{member.suffix.lower()}"
        if member.suffix.lower() == ".zip":
            yield _problem(archive, "压缩包里的压缩包不读取：请解开后再导入。", shown, origin)
            continue
        try:
            content = read_part(container, info.filename, min(MAX_MEMBER, budget)) or b""
        except InputError as error:
            yield _problem(archive, str(error), shown, origin)
            continue
        budget -= len(content)
        target.write_bytes(content)
        yield FoundFile(target, shown, origin)
        target.unlink(missing_ok=True)


def _is_link(info: zipfile.ZipInfo) -> bool:
    return (info.external_attr >> 16) & 0o170000 == 0o120000
