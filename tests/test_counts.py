"""Declared counts against the lists that texts give for them."""

from __future__ import annotations

import pytest

from assistant.checks.counts import check_counts

_RIGHT = [
    "水、电、气“三张网”同步改造。",
    "道路硬化12公里，管网更新30公里，两项工程量均居全市首位。",
    "三大项目进展顺利。甲园区完成投资3亿元；乙园区完成投资5亿元；丙园区完成投资6亿元。",
    "建成纺织、农机及零部件两个产业集群。",
    "建成纺织、农机及零部件三个产业集群。",
    "推行集中支付、收支两条线管理。",
    "坚持和平共处五项原则，推进交流。",
    "二、深入实施三大战略，推动转型。",
]
_WRONG = [
    ("水、电、气“四张网”同步改造。", "四张网"),
    ("道路硬化12公里，管网更新30公里，三项工程量均居全市首位。", "三项"),
    ("四大项目进展顺利。甲园区完成投资3亿元；乙园区完成投资5亿元；丙园区完成投资6亿元。", "四大"),
    ("县农行“惠农贷”和县建行“园区贷”三项业务受理217笔。", "三项"),
    ("建成纺织、农机、食品、建材三个产业集群。", "三个"),
]


@pytest.mark.parametrize("text", _RIGHT)
def test_a_count_that_agrees_with_its_list_is_silent(text: str) -> None:
    assert check_counts(text) == []


@pytest.mark.parametrize(("text", "claim"), _WRONG)
def test_a_count_off_by_one_is_an_error(text: str, claim: str) -> None:
    found = [(f.severity, f.draft.text) for f in check_counts(text) if f.draft]
    assert len(found) == 1
    assert found[0][0] == "error"
    assert claim.startswith(found[0][1][:2])


def test_more_than_ten_numbered_points_are_all_counted() -> None:
    numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一"]
    points = "".join(f"{numeral}是抓好第{index}件实事；" for index, numeral in enumerate(numerals))
    assert check_counts(f"办好十一件实事：{points}") == []
    assert [f.severity for f in check_counts(f"办好十件实事：{points}")] == ["error"]


def test_far_off_it_is_a_list_of_something_else() -> None:
    assert all(f.severity != "error" for f in check_counts("围绕八大任务，巩固、增强、提升、畅通四个词要落实。"))
    text = "十大任务进展顺利。甲园区完成投资3亿元；乙园区完成投资5亿元；丙园区完成投资6亿元。"
    assert all(f.severity != "error" for f in check_counts(text))


def test_places_named_in_a_row() -> None:
    assert check_counts("全市新增达标县，东山、西河、南浦三县退出名单。") == []
    for text in ("与江苏、浙江和安徽三省建立协作关系。", "签约江苏、浙江等三省企业。", "立足湖北、辐射周边四省。"):
        assert check_counts(text) == []
    assert [f.severity for f in check_counts("全市新增达标县，东山、西河、南浦四县退出名单。")] == ["error"]


def test_figures_of_several_kinds_are_no_sure_list() -> None:
    assert check_counts("产值增长6.5%，收入增长8%，零售额120亿元，四项指标均居全市前列。") == []
