"""查表述, 核对, 润色, 资料库, 设置与状态, and what holds for all pages: hostile text, long texts, accessibility, login."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import REPORT, Screen, Server, Timed

from assistant.app.accounts import hash_password
from assistant.records import DraftSection
from assistant.workspace import Workspace

HOSTILE = (
    "<script>alert(1)</script><img src=https://evil.example/x.png onerror=alert(2)>"
    '![图](https://evil.example/y.png)[链接](javascript:alert(3)){{7*7}}${7*7}$x$<mark class="mk mk-ok">已核对</mark>'
)
PAGES = ["起草", "润色", "查表述", "核对", "资料库", "设置与状态"]


def test_search_answers_within_a_second(screen: Screen) -> None:
    screen.open().tab("查表述")
    field = screen.page.get_by_label("查什么")
    field.fill("督查")
    timed = Timed()
    field.press("Enter")
    timed.under(1.0, screen.until("document.querySelectorAll('.hit').length > 3"), "search, from Enter to the hits")
    assert screen.page.locator(".document h3").count() > 1
    assert screen.page.locator(".hit mark.mk-match").first.inner_text()
    plain = screen.page.locator(".hit .words").first.inner_text()
    screen.page.get_by_label("留空套用").check()
    screen.until("document.querySelector('.hit .words').textContent.includes('〔')")
    assert screen.page.locator(".hit .words").first.inner_text() != plain
    screen.press("看上下文")
    screen.page.get_by_role("dialog").locator("mark.mk-passage").first.wait_for()
    screen.page.keyboard.press("Escape")
    screen.page.locator("#page-search").get_by_label("文种").click()
    screen.page.get_by_role("option", name="情况汇报").click()
    screen.until("[...document.querySelectorAll('.document .about')].every(p => p.textContent.includes('情况汇报'))")


def test_a_found_phrasing_goes_to_the_section(screen: Screen) -> None:
    screen.open().new_work("---\ntitle: 参考\n---\n## 一、督查工作\n- 专项督查19次\n")
    screen.tab("查表述")
    screen.page.get_by_label("查什么").fill("督查")
    screen.press("查表述")
    screen.page.get_by_role("button", name="放入参考").first.click()
    screen.press("放入")
    screen.page.get_by_text("已放入参考").wait_for()


def test_check_marks_lists_and_gives_files(screen: Screen, tmp_path: Path) -> None:
    screen.open().tab("核对")
    screen.check_report()
    assert screen.page.locator(".paper-text mark.mk-error", has_text="12%").count()
    assert screen.page.locator(".found .finding", has_text="22次").count()
    screen.page.locator(".found .go").first.click()
    screen.page.locator(".paper-text mark.flash").wait_for()
    for label, suffix in (("下载带批注的 Word", ".docx"), ("下载核对报告（HTML）", ".html")):
        with screen.page.expect_download() as download:
            screen.page.get_by_text(label).click()
        path = tmp_path / f"taken{suffix}"
        download.value.save_as(path)
        assert download.value.suggested_filename.endswith(suffix)
    assert any("comments" in name for name in zipfile.ZipFile(tmp_path / "taken.docx").namelist())
    assert "12%" in (tmp_path / "taken.html").read_text("utf-8")


def test_check_says_what_to_do_without_a_report(screen: Screen) -> None:
    screen.open().tab("核对")
    screen.page.locator("#page-check").get_by_role("button", name="核对", exact=True).click()
    screen.page.get_by_role("alert").get_by_text("请先上传或粘贴").wait_for()


def test_polish_shows_each_change_to_decide(screen: Screen) -> None:
    screen.open().tab("润色")
    text = "今年我们搞了多轮专项督查，工作效果很不错。全年共开展督查19次，没有发现遗漏。"
    screen.page.get_by_label("要润色的文字").fill(text)
    screen.page.get_by_text("已锁定").wait_for()
    screen.page.get_by_role("button", name="润色", exact=True).click()
    screen.press("全部采纳")
    polished = screen.page.locator(".polished")
    assert "开展了多轮专项督查" in polished.inner_text()
    screen.press("拒绝")
    assert "搞了多轮专项督查" in polished.inner_text()
    screen.press("撤销")
    assert "搞了多轮专项督查" not in polished.inner_text()
    assert "全年共开展督查19次" in polished.inner_text()


def test_library_takes_corrects_and_removes(screen: Screen, make_server: Callable[..., Server], tmp_path: Path) -> None:
    screen.url = make_server().url
    report = tmp_path / "石桥镇2023年工作总结.txt"
    report.write_text(
        "石桥镇2023年工作总结\n一、基本情况\n2023年，石桥镇完成道路硬化12公里，群众满意度明显提高。\n", "utf-8"
    )
    empty = tmp_path / "空白.txt"
    empty.write_text("", "utf-8")
    screen.open().tab("资料库")
    screen.page.locator("#page-library input[type=file]").first.set_input_files([report, empty])
    screen.press("导入资料库")
    outcome = screen.page.locator("#area-outcome")
    outcome.get_by_text("新增 1 份").wait_for(timeout=60000)
    assert "空白.txt" in outcome.inner_text()
    screen.page.locator("#library-table").get_by_text("石桥镇2023年工作总结").last.click()
    screen.page.locator("#area-document").get_by_text("基本情况").wait_for()
    screen.page.get_by_label("年份").fill("2022")
    screen.press("保存更正")
    outcome.get_by_text("已保存更正").wait_for()
    screen.page.locator("#library-table").get_by_text("2022", exact=True).last.wait_for()
    screen.press("删除")
    outcome.get_by_text("请先勾选").wait_for()
    screen.page.get_by_label("确认要删除这份材料").check()
    screen.press("删除")
    outcome.get_by_text("已删除").wait_for()
    screen.page.locator("#area-plot").get_by_text("资料库还是空的").wait_for()


def test_status_tests_the_model(screen: Screen) -> None:
    screen.open().tab("设置与状态")
    screen.press("测试模型")
    screen.page.get_by_text("模型应答正常").wait_for()
    screen.page.locator(".doctor").get_by_text("资料库").wait_for()


def test_hostile_text_is_text_and_nothing_leaves_the_host(
    screen: Screen, make_server: Callable[..., Server], tmp_path: Path
) -> None:
    screen.url = make_server("0", HOSTILE).url
    dialogs: list[str] = []
    screen.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    past = tmp_path / "<img src=x onerror=alert(9)>.txt"
    past.write_text(f"{HOSTILE}2023年工作总结\n一、督查工作\n督查工作{HOSTILE}有序推进。\n", "utf-8")
    screen.open().tab("资料库")
    screen.page.locator("#page-library input[type=file]").first.set_input_files(past)
    screen.press("导入资料库")
    screen.page.locator("#area-outcome").get_by_text("新增 1 份").wait_for(timeout=60000)
    screen.tab("起草")
    screen.reload()
    screen.page.evaluate("location.hash = '#draft'")
    screen.new_work(f"---\ntitle: 测试{HOSTILE}\n---\n## 一、督查{HOSTILE}\n- 督查19次{HOSTILE}\n")
    screen.draft()
    assert "<script>alert(1)</script>" in screen.page.locator(".pane-paper").inner_text()
    screen.tab("查表述")
    screen.page.get_by_label("查什么").fill("督查工作")
    screen.press("查表述")
    screen.page.locator(".hit").first.wait_for()
    assert "![图](https://evil.example/y.png)" in screen.page.locator(".hit .words").first.inner_text()
    screen.tab("核对")
    screen.page.get_by_label("要核对的材料（粘贴）").fill(REPORT + HOSTILE)
    screen.page.locator("#page-check").get_by_role("button", name="核对", exact=True).click()
    screen.page.locator(".paper-text").wait_for()
    assert "{{7*7}}${7*7}$x$" in screen.page.locator(".paper-text").inner_text()
    assert not dialogs
    assert not screen.page.locator("img[src*='evil'], a[href*='javascript'], .paper-text script, .hit script").count()
    assert not [address for address in screen.requests if not address.startswith((screen.url, "blob:", "data:"))]


def test_a_long_draft_opens_quickly(screen: Screen, server: Server) -> None:
    workspace = Workspace(server.home)
    sentence = "围绕中心工作，全年开展专项督查19次，发通报11期，推动各项部署落地见效。"
    sections = [f"第{n}项工作" for n in range(1, 31)]
    notes = "---\ntitle: 很长的材料\n---\n" + "".join(f"## {name}\n- 专项督查19次，发通报11期\n" for name in sections)
    work = workspace.create("local", "很长的材料", notes)
    for name in sections:
        workspace.save_section("local", work.work_id, DraftSection(name, (name,), 1, sentence * 20))
    screen.open()
    timed, started = Timed(), time.monotonic()
    screen.page.get_by_role("button", name="很长的材料").click()
    screen.until("document.querySelectorAll('.sec mark').length >= 600")
    taken = time.monotonic() - started
    assert sum(len(part) for part in screen.page.locator(".sec .body").all_text_contents()) > 20_000
    timed.under(2.0, taken, "a draft of 30 sections and 20,000 字 opened")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_accessibility_finding_of_ours(browser, server: Server, theme: str) -> None:  # type: ignore[no-untyped-def]
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="zh-CN", color_scheme=theme, bypass_csp=True
    )
    screen = Screen(context.new_page(), server.url).open()
    serious = _audit(Axe(), screen, "开始")
    screen.try_sample()
    screen.draft()
    for label in PAGES:
        screen.tab(label)
        screen.page.wait_for_timeout(250)
        serious += _audit(Axe(), screen, label)
    context.close()
    assert not serious


def _audit(axe, screen: Screen, where: str) -> list[str]:  # type: ignore[no-untyped-def]
    found = axe.run(screen.page).response["violations"]
    return [
        f"{where}: {one['id']} {node['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_login_is_asked_for_where_there_are_accounts(
    browser, make_server: Callable[..., Server], tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    accounts = tmp_path / "accounts"
    accounts.write_text(f"wang:{hash_password('right-horse-9')}\n", "utf-8")
    server = make_server(env={"NIGAO_ACCOUNTS": str(accounts)})
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(server.url)
    page.get_by_label("账号").fill("wang")
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    page.get_by_text("账号或密码不对").wait_for()
    page.get_by_label("账号").fill("wang")
    page.get_by_label("密码").fill("right-horse-9")
    page.get_by_role("button", name="登录").click()
    page.wait_for_selector("html[data-ready]")
    page.get_by_text("wang").wait_for()
    page.get_by_role("button", name="退出").click()
    page.get_by_text("请用本单位分配的账号登录").wait_for()
    context.close()
