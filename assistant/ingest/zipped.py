"""Opening zip containers (.zip, .docx, .xlsx, .ofd) without being blown up by them."""

from __future__ import annotations

import io
import zipfile
import zlib

from assistant.errors import InputError

MAX_PART = 120 * 1024 * 1024
"""Bytes that one part of a container may unpack to."""
MAX_TOTAL = 2 * 1024 * 1024 * 1024
"""Bytes that a whole container may claim to unpack to."""
MAX_RATIO = 400
"""Unpacked to packed size beyond which a large part counts as a zip bomb; XML of real reports stays below 100."""
_RATIO_FROM = 20 * 1024 * 1024

_BROKEN = "压缩包或文档已损坏，打不开：请重新获取原文件。"
_BOMB = "文件解开后大得不合常理（疑似压缩炸弹），已拒绝：请确认文件来源。"


def open_container(data: bytes) -> zipfile.ZipFile:
    """Open a zip container held in memory.

    Raises:
        InputError: it is damaged or claims to unpack to an absurd size.
    """
    try:
        container = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise InputError(_BROKEN) from None
    if sum(info.file_size for info in container.infolist()) > MAX_TOTAL:
        raise InputError(_BOMB)
    return container


def read_part(container: zipfile.ZipFile, name: str, limit: int = MAX_PART) -> bytes | None:
    """The bytes of one part, None when the container has none of that name.

    Raises:
        InputError: the part is damaged, protected by a password, or too large. The size is measured while reading,
            since the directory of a hostile file may lie.
    """
    try:
        info = container.getinfo(name)
    except KeyError:
        return None
    if info.flag_bits & 0x1:
        raise InputError("压缩包有密码：请解开后再导入。")
    if info.file_size > limit or _is_bomb(info):
        raise InputError(_BOMB)
    try:
        with container.open(info) as stream:
            content = stream.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise InputError(_BROKEN) from None
    if len(content) > limit:
        raise InputError(_BOMB)
    return content


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > _RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size)


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name as its author saw it: Chinese Windows packs names in GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
