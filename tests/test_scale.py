"""The benchmark of large libraries, on a small one: every figure is measured and printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from archive_tools import settings_in, write_reports

from assistant.archive import ingest
from eval.scale_bench import FILTERS, bench, read_speed


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_every_figure_comes_from_one_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_reports(tmp_path / "r")
    ingest([tmp_path / "r"], settings_in(tmp_path / "home"))
    bench(tmp_path / "home", source=tmp_path / "r", runs=1)
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    found = {line["measure"]: line for line in lines}
    assert {f"search {name}, {mode}" for name in FILTERS for mode in ("exact", "index")} < set(found)
    for name in ("open warm", "open cold"):
        assert 0 < found[name]["cpu"] < found[name]["whole_cpu"]
        assert found[name]["own_mb"] < found[name]["peak_mb"] < 2000
    assert found["search plain, index"]["p50_ms"] <= found["search plain, index"]["p95_ms"]
    assert found["memory, index"]["mb"] > found["memory, exact"]["mb"]
    assert found["read, split and store"]["megabytes"] > 0


def test_reading_speed_passes_over_what_cannot_be_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_reports(tmp_path)
    (tmp_path / "空.txt").write_bytes(b"")
    read_speed(tmp_path)
    (line,) = capfd.readouterr().out.splitlines()
    texts = [path.read_text(encoding="utf-8") for path in tmp_path.glob("*.txt")]
    assert json.loads(line)["megabytes"] == pytest.approx(sum(len(text.encode()) for text in texts) / 1e6, abs=1e-4)
