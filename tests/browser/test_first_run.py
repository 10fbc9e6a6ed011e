"""A new user gets from the empty app to a Word file by following visible labels only."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from conftest import FIRST_TEXT, Screen, Server, Timed

READY = 8.0
FIRST_TEXT_LIMIT = 2.0


def test_from_the_empty_app_to_a_word_file(browser, make_server: Callable[..., Server], tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """In a browser that is set to English, too."""
    server = make_server("0.01")
    server.ready.under(READY, server.ready_seconds, "app ready after its start")
    context = browser.new_context(locale="en-US", viewport={"width": 1366, "height": 768})
    screen = Screen(context.new_page(), server.url).open()
    page = screen.page
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.get_by_text("资料库还是空的").is_visible()

    screen.try_sample(150)
    timed = Timed()
    screen.press("起草")
    timed.under(FIRST_TEXT_LIMIT, screen.until(FIRST_TEXT), "first text of the sample after 起草, scripted model")
    screen.written(180)
    with page.expect_download() as download:
        screen.press("导出 Word")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    document = zipfile.ZipFile(path).read("word/document.xml").decode()
    assert path.suffix == ".docx"
    headings = [h.inner_text() for h in page.locator(".sec .h").all()]
    assert len(headings) >= 8
    assert all(heading in _text(document) for heading in headings)
    assert page.locator("mark.mk-ok").count() > 30

    screen.tab("资料库")
    page.get_by_text("将文件拖放到此处").first.wait_for()
    assert not screen.complaints
    assert all(address.startswith((server.url, "blob:", "data:")) for address in screen.requests)
    context.close()


def _text(document: str) -> str:
    return re.sub(r"<[^>]+>", "", document)
