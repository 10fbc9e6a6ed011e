"""How long things take without a language model: own overhead, search, check, start of the command and of the app."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from assistant.resources import resource_dir
from eval.cases import find_briefs
from eval.options import CASES, Options
from eval.outcome import Count, Outcome, Task
from eval.provenance import ROOT

SYSTEM = "拟稿"
REPORTS = resource_dir("data") / "reports"
REPORT_LENGTH = 20_000
STARTS = 3
APP_DEADLINE = 60.0
SEARCHES = 60
Measured = tuple[dict[str, Count], dict[str, tuple[float, ...]]]


class SpeedSuite:
    """One task per kind of work."""

    name = "speed"

    def __init__(self, options: Options) -> None:
        self._briefs = find_briefs(options.cases or (CASES,)) or find_briefs((CASES,))

    def data(self) -> list[Path]:
        return [REPORTS]

    def close(self) -> None:
        """Nothing is held."""

    def tasks(self) -> list[Task]:
        works: dict[str, Callable[[], Measured]] = {
            "recognise": recognising,
            "check": checking,
            "overhead": partial(overhead, self._briefs[0]),
            "search": searching,
            "help": help_start,
            "app": app_start,
        }
        return [
            Task("speed", SYSTEM, name, partial(_run, name, work), partial(_failed, name))
            for name, work in works.items()
        ]


def _run(name: str, work: Callable[[], Measured]) -> Outcome:
    counts, samples = work()
    return Outcome("speed", SYSTEM, name, name, name, counts, True, samples=samples)


def _failed(name: str, reason: str) -> Outcome:
    return Outcome("speed", SYSTEM, name, name, name, {}, False, failure=reason)


def _long_text(length: int) -> str:
    """Text of the sample reports, repeated to a length; every repetition has its own figures."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(REPORTS.glob("*.txt"))]
    text, turn = "", 0
    while len(text) < length:
        text += "\n".join(texts).translate(str.maketrans("123", str(123 + turn * 111)[:3]))
        turn += 1
    return text[:length]


def recognising() -> Measured:
    """Characters a second of the recogniser, in processor time of its one core."""
    from assistant.figures import recognise

    text = _long_text(100_000)
    recognise(text[:5000])
    started = time.process_time()
    recognise(text)
    return {"recognise": (float(len(text)), time.process_time() - started)}, {}


def checking() -> Measured:
    """Processor seconds to review a report of 20,000 characters: its sentences as notes, a past document beside it."""
    from assistant.checks import review
    from assistant.records import PastRef, Point

    text = _long_text(REPORT_LENGTH)
    notes = tuple(Point(line, number) for number, line in enumerate(text.split("。"), 1) if line.strip())
    past = (PastRef("往年", _long_text(10_000)),)
    times = []
    for _ in range(STARTS):
        started = time.process_time()
        review(text, points=notes, past=past)
        times.append(time.process_time() - started)
    return {}, {"check_report": tuple(times)}


def overhead(case: Path) -> Measured:
    """Seconds per section that a draft costs beside the model, which here answers at once."""
    from assistant.brief import read_brief
    from assistant.pipeline import Pipeline
    from assistant.settings import load_settings
    from eval.scripts import scripted_model

    brief = read_brief(case / "brief.md")
    with tempfile.TemporaryDirectory(prefix="nigao-eval-") as home:
        pipeline = Pipeline(replace(load_settings(), home=Path(home)), scripted_model("echo"))
        started = time.perf_counter()
        draft = pipeline.draft(brief, seed=1)
        seconds = time.perf_counter() - started
        pipeline.close()
    return {}, {"overhead": (seconds / max(1, len(draft.sections)),)}


def searching() -> Measured:
    """Seconds per query over the sample reports, embedding of the query included."""
    from eval.suites.retrieval import open_library

    pipeline = open_library(REPORTS)
    queries = [line[:30] for line in _long_text(6000).split("\n") if len(line) > 20][:SEARCHES]
    pipeline.search("预热")
    times = []
    for query in queries:
        started = time.perf_counter()
        pipeline.search(query)
        times.append(time.perf_counter() - started)
    pipeline.close()
    return {}, {"search": tuple(times)}


def help_start() -> Measured:
    """Wall clock of `nigao --help` in a fresh process."""
    times = []
    for _ in range(STARTS):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "assistant.cli", "--help"], capture_output=True, check=True, timeout=60)
        times.append(time.perf_counter() - started)
    return {}, {"help": tuple(times)}


def app_start() -> Measured:
    """Seconds until the app answers on its port."""
    with tempfile.TemporaryDirectory(prefix="nigao-eval-") as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        started = time.perf_counter()
        command = [sys.executable, "-m", "assistant.cli", "serve", "--port", str(port), "--library", home]
        server = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, cwd=ROOT
        )
        try:
            _wait(f"http://127.0.0.1:{port}/", server)
            return {}, {"app_start": (time.perf_counter() - started,)}
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=15)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + APP_DEADLINE
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"nigao serve ended with {server.returncode}")
        try:
            with opener.open(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no answer within {APP_DEADLINE:.0f} s")
