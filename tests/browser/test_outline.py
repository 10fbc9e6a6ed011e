"""Help with the outline: parallel headings to take or leave, last year's section beside the one being written."""

from __future__ import annotations

from conftest import Screen

NOTES = """---
title: 云岭县办公室2024年工作总结
unit: 云岭县办公室
period: 2024年
---
## 一、政务督查
- 专项督查19次，发通报11期
## 二、政务公开
- 主动公开信息400条
## 三、后勤保障
- 公务接待98批次
## 四、存在问题
- 督查办法不多
"""
HEADINGS = "[...document.querySelectorAll('.card .heading')].map(field => field.value)"


def headings(screen: Screen) -> list[str]:
    return list(screen.page.evaluate(HEADINGS))


def offered(screen: Screen) -> None:
    screen.press("对仗标题")
    screen.page.locator("dialog .parallel .row").first.wait_for()


def test_parallel_headings_are_taken_one_by_one(screen: Screen) -> None:
    screen.open().new_work(NOTES)
    screen.draft()
    text, before = screen.body(0).inner_text(), headings(screen)
    offered(screen)
    assert screen.page.locator("dialog .row .now").all_inner_texts() == before[:3]
    screen.press("换上选中的")
    assert headings(screen) == before
    offered(screen)
    screen.press("都选第一种")
    screen.press("都不换")
    assert headings(screen) == before
    offered(screen)
    choice = screen.page.locator("dialog .row").nth(0).locator("label").nth(1)
    wording = choice.inner_text()
    choice.click()
    screen.press("换上选中的")
    assert headings(screen) == [wording, *before[1:]]
    screen.leave()
    screen.saved()
    screen.reload()
    assert headings(screen) == [wording, *before[1:]]
    assert screen.page.locator(".sec .h").first.inner_text() == wording
    assert screen.body(0).inner_text() == text
    assert not screen.complaints


def test_a_model_that_goes_astray_is_told_and_the_rules_serve(screen: Screen) -> None:
    screen.open().new_work(NOTES)
    offered(screen)
    more = screen.page.locator("dialog .parallel button", has_text="请模型再拟一种")
    more.click()
    screen.until("document.querySelector('dialog .parallel').textContent.includes('没有通过检查')")
    screen.press("都选第一种")
    screen.press("换上选中的")
    assert all("抓" in heading for heading in headings(screen)[:3])


def test_last_years_section_is_beside_the_one_being_written(screen: Screen) -> None:
    screen.open()
    screen.page.get_by_label("去年的材料", exact=True).select_option(label="松屏县人民政府办公室2023年工作总结")
    screen.press("沿用它的提纲")
    screen.until("!!document.querySelector('.work:not([hidden])')")
    screen.page.locator(".past li").first.wait_for()
    last = screen.page.locator(".card").count() - 1
    screen.page.locator(".card .bullets").nth(last).click()
    screen.until(f"document.querySelector('.past li.current')?.dataset.index === '{last}'")
    assert screen.page.locator(".past li.current").inner_text().strip()
    screen.page.locator("#panel-findings").click()
    screen.page.locator("#panel-past").click()
    screen.page.locator(".past li.current").wait_for()
    assert not screen.complaints
