"""A real browser in front of a real server with a scripted model. Everything skips where there is no Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from load import Load

SERVER = Path(__file__).with_name("scripted_server.py")
ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY_SECONDS = 40
NOTES = """---
title: 云岭县督查股2024年小结
unit: 云岭县督查股
period: 2024年
doc_type: 工作总结
audience: 办公室
---
## 一、督查工作
字数: 150
- 专项督查19次，发通报11期
- 办结领导批示195件，办结率96.1%
## 二、下步打算
字数: 100
- 明年开展专项督查20次
"""
REPORT = """一、工作情况
全年发文86件，同比下降12%，办结率达到101%。抓好四个方面工作：一是办文，二是办会，三是督查。
二、下步打算
截止12月底完成XX工作。"""
FIRST_TEXT = "[...document.querySelectorAll('.sec .body')].some(body => body.textContent.trim())"
"""In the page: a section has text of a draft."""


def _path() -> str:
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))


FIGURES: list[str] = []
"""What was timed, as it was measured; shown at the end of the run."""


def pytest_terminal_summary(terminalreporter) -> None:  # type: ignore[no-untyped-def]
    if FIGURES:
        terminalreporter.section("timed in the browser")
        for line in FIGURES:
            terminalreporter.write_line(line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


class Server:
    """The app as a process that can be killed and started again."""

    def __init__(self, home: Path, *arguments: str, script: Path = SERVER, env: dict[str, str] | None = None) -> None:
        self.home, self._arguments, self._script, self._env = home, arguments, script, env or {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        started = time.monotonic()
        command = [sys.executable, str(self._script), str(self.home), str(self.port), *self._arguments]
        env = {**os.environ, "PYTHONPATH": _path(), "NIGAO_HOME": str(self.home), **self._env}
        self._log = (self.home.parent / "server.log").open("ab")
        self.process = subprocess.Popen(command, env=env, stdout=self._log, stderr=self._log)
        timed = Timed()
        while not self._answers():
            assert self.process.poll() is None, (self.home.parent / "server.log").read_text()
            assert time.monotonic() - started < READY_SECONDS, "the app did not start"
            time.sleep(0.1)
        self.ready_seconds, self.ready = time.monotonic() - started, timed

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/healthz", timeout=1):
                return True
        except OSError:
            return False

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._log.close()


class Timed:
    """Holds measured times against the limits of the requirements, which are meant for a machine of our own.

    While something is timed, the time that other programs take from the processors is counted. Only for that share the
    limit is raised, and never to more than twice; the figure itself goes into the report as measured.
    """

    def __init__(self) -> None:
        self._load = Load()

    def under(self, limit: float, seconds: float, what: str) -> None:
        """Fail when `seconds` is not under `limit`, in seconds."""
        others = self._load.others()
        allowed = limit * min(MOST, 1 / (1 - min(others, 0.99)))
        line = f"{what}: {seconds:.2f} s, limit {limit:g} s; others took {others:.0%} of the processors"
        FIGURES.append(line)
        assert seconds < allowed, line


MOST = 2.0


@pytest.fixture(scope="session")
def make_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def make(*arguments: str, home: Path | None = None, **more: object) -> Server:
        servers.append(Server(home or tmp_path_factory.mktemp("app") / "home", *arguments, **more))  # type: ignore[arg-type]
        return servers[-1]

    yield make
    for server in servers:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="session")
def server(make_server: Callable[..., Server]) -> Server:
    """One app for most tests, with the sample library in it."""
    made = make_server()
    request = urllib.request.Request(made.url + "/app/sample-library", method="POST")
    with urllib.request.urlopen(request, timeout=120):
        return made


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Screen:
    """A page with what the tests keep asking for. `requests` holds every address the browser asked for."""

    def __init__(self, page, url: str) -> None:  # type: ignore[no-untyped-def]
        self.page, self.url = page, url
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)

    def open(self) -> Screen:
        self.page.goto(self.url)
        return self._ready()

    def reload(self) -> Screen:
        self.page.reload()
        return self._ready()

    def _ready(self) -> Screen:
        self.page.wait_for_selector("html[data-ready]", timeout=20000)
        return self

    def until(self, script: str, seconds: float = 20) -> float:
        """Wait until a script is true (our policy forbids the eval that wait_for_function needs); seconds it took."""
        started = time.monotonic()
        while not self.page.evaluate(script):
            assert time.monotonic() - started < seconds, f"{script} is not true after {seconds} s: {self.said()}"
            self.page.wait_for_timeout(20)
        return time.monotonic() - started

    def said(self) -> str:
        return str(self.page.evaluate("document.querySelector('.tray')?.innerText || ''"))

    def press(self, label: str, exact: bool = True) -> None:
        self.page.get_by_role("button", name=label, exact=exact).first.click()

    def tab(self, label: str) -> None:
        self.page.get_by_role("tab", name=label, exact=True).click()

    def new_work(self, notes: str) -> None:
        """Paste notes on the start screen."""
        self.page.get_by_label("粘贴要点").fill(notes)
        self.press("用这些要点")
        self._opened(20)

    def try_sample(self, seconds: float = 20) -> None:
        """Take the sample notes on the start screen."""
        self.press("用示例试写")
        self._opened(seconds)

    def _opened(self, seconds: float) -> None:
        self.until("!!document.querySelector('.work:not([hidden])')", seconds)

    def draft(self, seconds: float = 30) -> None:
        self.press("起草")
        self.written(seconds)

    def written(self, seconds: float = 20) -> None:
        """Wait until the run has ended well."""
        self.until("document.querySelector('.progress').textContent.includes('写完了')", seconds)

    def leave(self) -> None:
        """Take the focus out of the text, which stores and checks it."""
        self.page.get_by_role("button", name="新建").focus()

    def check_report(self) -> None:
        """Have `REPORT` checked against two notes on 核对."""
        self.page.get_by_label("要核对的材料（粘贴）").fill(REPORT)
        self.page.get_by_label("要点（可不填，每行一条）").fill("全年发文86件，同比下降11.3%\n会议22次")
        self.page.locator("#check-go").click()
        self.page.locator(".verdict.errors").wait_for()

    def body(self, index: int):  # type: ignore[no-untyped-def]
        return self.page.locator(f".sec[data-index='{index}'] .body")

    def saved(self) -> None:
        """Wait until what was typed is stored."""
        self.until("/已保存/.test(document.querySelector('.saved').textContent)", 10)


@pytest.fixture
def screen(browser, server: Server) -> Iterator[Screen]:  # type: ignore[no-untyped-def]
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    made = Screen(context.new_page(), server.url)
    yield made
    context.close()
