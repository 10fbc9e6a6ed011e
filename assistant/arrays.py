"""Named NumPy arrays in one file, mapped rather than read. Knows nothing about what they mean.

Layout: `MAGIC`, the length of the header in 8 bytes, the header (JSON: a stamp, the size of what follows, and of each
array its name, type, shape and place), then the arrays, each at a multiple of `ALIGN` bytes. Mapping costs nothing until
an array is looked at, and processes that look at the same pages share them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"NIGAOARR"
ALIGN = 64

AnyArray = npt.NDArray[Any]


def save(path: Path, stamp: str, arrays: Mapping[str, AnyArray]) -> None:
    """Write arrays to a file, replacing it in one step; who has mapped the old one keeps it.

    Args:
        stamp: what the arrays were made from; `load` asks for it.

    Raises:
        OSError: the folder cannot be written to, or the system does not let go of the old file.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    entries, size = _layout(arrays)
    header = json.dumps({"stamp": stamp, "size": size, "arrays": entries}).encode()
    try:
        with partial.open("wb") as file:
            file.write(MAGIC + len(header).to_bytes(8, "little") + header)
            base = _aligned(file.tell())
            for (_, _, _, place), array in zip(entries, arrays.values(), strict=True):
                file.seek(base + place)
                np.ascontiguousarray(array).tofile(file)
            file.truncate(base + size)
            # Without this a loss of power may leave a file of the right size with nothing in it.
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def load(path: Path, stamp: str) -> dict[str, AnyArray] | None:
    """Map saved arrays, read-only; None when there are none, the file is damaged, or its stamp is another."""
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)
        start = len(MAGIC) + 8
        end = start + int.from_bytes(data[len(MAGIC) : start].tobytes(), "little")
        if data[: len(MAGIC)].tobytes() != MAGIC or end > len(data):
            return None
        header = json.loads(data[start:end].tobytes())
        content = data[_aligned(end) :]
        if header["stamp"] != stamp or len(content) != header["size"]:
            return None
        return {name: _view(content, kind, shape, place) for name, kind, shape, place in header["arrays"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _layout(arrays: Mapping[str, AnyArray]) -> tuple[list[tuple[str, str, tuple[int, ...], int]], int]:
    """Name, type, shape and place of each array, and the size of them all in bytes."""
    entries, place = [], 0
    for name, array in arrays.items():
        entries.append((name, array.dtype.str, array.shape, place))
        place = _aligned(place + array.nbytes)
    return entries, place


def _view(content: npt.NDArray[np.uint8], kind: str, shape: list[int], place: int) -> AnyArray:
    dtype = np.dtype(kind)
    size = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
    return content[place : place + size].view(dtype).reshape(shape)


def _aligned(place: int) -> int:
    return -(-place // ALIGN) * ALIGN
