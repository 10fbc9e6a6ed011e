"""Arrays in a file: what was written comes back, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant import arrays

HELD = {
    "numbers": np.arange(5, dtype=np.int64),
    "matrix": np.arange(12, dtype=np.float32).reshape(3, 4),
    "names": np.array(["主要做法", ""], dtype=np.str_),
    "none": np.zeros((0, 3), dtype=np.float32),
    "small": np.array([7], dtype=np.uint8),
}


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    arrays.save(tmp_path / "x", "一", HELD)
    found = arrays.load(tmp_path / "x", "一")
    assert found is not None
    assert list(found) == list(HELD)
    for name, array in HELD.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tolist() == array.tolist()
    with pytest.raises(ValueError, match="read-only"):
        found["numbers"][0] = 1


def test_another_stamp_and_no_file_are_nothing(tmp_path: Path) -> None:
    arrays.save(tmp_path / "x", "一", HELD)
    assert arrays.load(tmp_path / "x", "二") is None
    assert arrays.load(tmp_path / "y", "一") is None


@pytest.mark.parametrize("size", [0, 7, 30, 200, -1])
def test_a_file_that_is_cut_short_or_too_long_is_nothing(tmp_path: Path, size: int) -> None:
    path = tmp_path / "x"
    arrays.save(path, "一", HELD)
    whole = path.read_bytes()
    path.write_bytes(whole[:size] if size >= 0 else whole + b"\0")
    assert arrays.load(path, "一") is None


def test_another_kind_of_file_is_nothing(tmp_path: Path) -> None:
    for content in (
        b"x" * 500,
        b"NIGAOARR" + b"\xff" * 100,
        b"NIGAOARR" + (2).to_bytes(8, "little") + b"{}" + bytes(80),
    ):
        (tmp_path / "x").write_bytes(content)
        assert arrays.load(tmp_path / "x", "一") is None


def test_a_new_file_takes_the_place_of_one_in_use(tmp_path: Path) -> None:
    arrays.save(tmp_path / "x", "一", HELD)
    old = arrays.load(tmp_path / "x", "一")
    assert old is not None
    arrays.save(tmp_path / "x", "二", {"numbers": np.zeros(9, dtype=np.int64)})
    assert old["numbers"].tolist() == [0, 1, 2, 3, 4]
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
