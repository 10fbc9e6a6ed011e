"""kill -9 at random moments of an ingest: every file is wholly in or wholly out, and the next start works."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from archive_tools import HashEmbedder, report, settings_in

from assistant.archive import ingest
from assistant.library import Library
from assistant.retrieve import Retriever
from assistant.vectors import VectorIndex

KILLS = int(os.environ.get("NIGAO_TEST_KILLS", "4"))
"""The acceptance run sets 50."""

CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from archive_tools import HashEmbedder, settings_in
from assistant.archive import ingest
print("ready", flush=True)
ingest([Path(sys.argv[1])], settings_in(Path(sys.argv[2])), embedder=HashEmbedder())
print("done", flush=True)
"""


@pytest.mark.timeout(600)
def test_kills_at_random_moments(tmp_path: Path) -> None:
    reports, home = tmp_path / "reports", tmp_path / "home"
    reports.mkdir()
    chance = random.Random(int(os.environ.get("NIGAO_TEST_SEED", "20")))
    for number in range(60):
        _write(reports, number)
    killed = 0
    for attempt in range(KILLS):
        _write(reports, 60 + attempt)
        killed += _killed_ingest(reports, home, chance.uniform(0.0, 1.2))
        _check_consistency(home)
    final = ingest([reports], settings_in(home), embedder=HashEmbedder())
    assert final.failed == ()
    assert final.documents == 60 + KILLS
    assert killed > 0
    with Library.open(home) as library:
        index = VectorIndex.open(home)
        assert index.usable(library)
        hits = Retriever(library, index, HashEmbedder()).search("第7号专项工作", top=3)
        index.close()
    assert hits


def _write(folder: Path, number: int) -> None:
    text = report(f"第{number}县人民政府", 2000 + number % 25, f"第{number}号专项工作", f"第{number}类短板明显")
    (folder / f"{number:03d}.txt").write_text(text * 3, encoding="utf-8")


def _killed_ingest(reports: Path, home: Path, seconds: float) -> int:
    """Start an ingest and kill it; 1 when it was still running."""
    arguments = [sys.executable, "-c", CHILD, str(reports), str(home), str(Path(__file__).parent)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(seconds)
        running = child.poll() is None
        if running:
            child.send_signal(signal.SIGKILL)
        child.communicate()
    return int(running)


def _check_consistency(home: Path) -> None:
    if not Library.exists(home):
        return
    with Library.open(home, write=True) as library:
        rows = library.document_rows()
        assert len({row.name for row in rows}) == len(rows)
        assert library.pending() == 0
        for row in rows:
            document, passages = library.document(row.document_id), library.passages(row.document_id)
            assert passages
            assert all(document.text[p.start : p.end] == p.text for p in passages)
