"""Pictures of every page into docs/, made with the real app, the sample data and the embedded model: `make screenshots`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from conftest import CHROMIUM, FLAGS, Screen, Server

from assistant.model_files import installed
from assistant.settings import load_settings

SERVE = Path(__file__).with_name("real_server.py")
DRAFT_SECONDS, POLISH_SECONDS = 600, 180
DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = "今年我们搞了多轮专项督查，工作效果很不错。全年共开展督查19次，没有发现遗漏。"
PAGES = ("润色", "查表述", "核对", "资料库", "设置与状态")
FILES = ("polish", "search", "check", "library", "status")


def main() -> None:
    """Make the pictures; say where they are."""
    if CHROMIUM is None:
        raise SystemExit("no Chromium on this machine: the pictures cannot be made")
    settings = load_settings()
    if not installed(settings):
        raise SystemExit("no embedded model on this machine: nigao model pull")
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "data", script=SERVE, env={"NIGAO_MODELS": str(settings.models_dir)})
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
            desktop(Screen(context.new_page(), server.url).open())
            other(browser, server, "draft-dark", {"width": 1920, "height": 1080}, "dark")
            other(browser, server, "draft-phone", {"width": 390, "height": 844}, "light")
        finally:
            browser.close()
            server.kill()


def desktop(screen: Screen) -> None:
    """Every page as an office sees it."""
    screen.press("载入示例材料")
    screen.page.get_by_text("资料库有").wait_for(timeout=60000)
    take(screen, "start")
    screen.try_sample()
    screen.draft(DRAFT_SECONDS)
    screen.page.locator(".sec mark.mk-ok").nth(3).hover()
    take(screen, "draft")
    fillers = {"润色": fill_polish, "查表述": fill_search, "核对": fill_check}
    for label, name in zip(PAGES, FILES, strict=True):
        screen.tab(label)
        fillers.get(label, lambda screen: screen.page.wait_for_timeout(2500))(screen)
        take(screen, name)


def fill_polish(screen: Screen) -> None:
    screen.page.get_by_label("要润色的文字").fill(TEXT)
    screen.page.get_by_role("button", name="润色", exact=True).click()
    screen.page.get_by_role("button", name="全部采纳").wait_for(timeout=1000 * POLISH_SECONDS)


def fill_search(screen: Screen) -> None:
    screen.page.get_by_label("查什么").fill("督查")
    screen.press("查表述")
    screen.page.locator(".hit").first.wait_for()


def fill_check(screen: Screen) -> None:
    screen.check_report()
    screen.page.wait_for_timeout(500)


def other(browser, server: Server, name: str, size: dict[str, int], theme: str) -> None:  # type: ignore[no-untyped-def]
    """The drafting page on another screen."""
    context = browser.new_context(viewport=size, locale="zh-CN", color_scheme=theme)
    screen = Screen(context.new_page(), server.url).open()
    screen.page.locator(".recent button").first.click()
    screen.page.locator(".sec mark").first.wait_for()
    take(screen, name)
    context.close()


def take(screen: Screen, name: str) -> None:
    path = DOCS / f"{name}.png"
    screen.page.wait_for_timeout(300)
    screen.page.screenshot(path=path)
    print(path.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
