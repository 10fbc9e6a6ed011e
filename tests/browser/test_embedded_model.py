"""One full run with the embedded model: start, warm, draft, every figure in its place."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import FIGURES, FIRST_TEXT, NOTES, Screen, Server, Timed

from assistant.model_files import installed
from assistant.settings import load_settings

SERVE = Path(__file__).with_name("real_server.py")
SMALL = "qwen2.5-coder-0.5b"


@pytest.mark.model
def test_a_draft_with_the_embedded_model(screen: Screen, make_server: Callable[..., Server]) -> None:
    settings = load_settings()
    if SMALL not in {model.name for model in installed(settings)}:
        pytest.skip(f"{SMALL} is not on this machine: nigao model pull {SMALL}")
    env = {"NIGAO_MODELS": str(settings.models_dir), "NIGAO_LLM_MODEL": SMALL}
    server = make_server(script=SERVE, env=env)
    screen.url = server.url
    screen.open()
    screen.page.get_by_text("写作模型就绪").wait_for(timeout=60000)
    screen.new_work(NOTES)
    timed, started = Timed(), time.monotonic()
    screen.press("起草")
    timed.under(2.0, screen.until(FIRST_TEXT), f"first text after 起草, {SMALL} warm")
    assert "19次" in screen.body(0).inner_text()
    assert "初稿" in screen.page.locator(".sec .state").first.inner_text()
    screen.until("!!document.querySelector('.sec .body span:not(.first), .sec[data-phase=done]')", 60)
    FIGURES.append(f"first settled sentence, {SMALL}: {time.monotonic() - started:.1f} s")
    screen.written(120)
    text = screen.page.locator(".pane-paper").inner_text()
    assert all(figure in text for figure in ("19次", "11期", "195件", "96.1%", "20次"))
    assert not screen.page.locator(".findings > .finding.error").count()
    FIGURES.append(f"the whole of two sections, {SMALL}: {time.monotonic() - started:.1f} s")
    with urllib.request.urlopen(server.url + "/healthz") as answer:
        assert answer.status == 200
