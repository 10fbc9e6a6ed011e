"""Folders and archives: what is found, what is passed over, what is refused."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from assistant.ingest import find_files, read_text
from assistant.ingest import zipped as containers


def test_folder_is_searched_in_order_without_junk(tmp_path: Path) -> None:
    for name in ("乙/二.txt", "甲.docx", "乙/~$二.docx", ".隐藏.txt", "图.png", "丙 空格/三.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("正文", encoding="utf-8")
    assert [found.name for found in find_files([tmp_path])] == ["甲.docx", "丙 空格/三.md", "乙/二.txt"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "外", tmp_path / "内"
    outside.mkdir()
    inside.mkdir()
    (outside / "密.txt").write_text("不可读", encoding="utf-8")
    os.symlink(outside, inside / "链接")
    os.symlink(outside / "密.txt", inside / "链接.txt")
    assert list(find_files([inside])) == []


def test_missing_path_is_a_problem_not_an_exception(tmp_path: Path) -> None:
    (found,) = find_files([tmp_path / "没有"])
    assert "找不到" in found.problem


def test_a_file_named_directly_is_given_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "材料.abc").write_text("正文", encoding="utf-8")
    assert [found.problem for found in find_files([tmp_path / "材料.abc"])] == [""]


def test_archive_members_with_chinese_names_are_read_and_cleaned_up(tmp_path: Path) -> None:
    path = tmp_path / "年度 材料.zip"
    with zipfile.ZipFile(path, "w") as container:
        container.writestr("2024年/总结.txt", "全年完成任务。")
        container.writestr("../../逃逸.txt", "不落在外面。")
        container.writestr("__MACOSX/._总结.txt", "垃圾")
    seen, places = {}, []
    for found in find_files([path]):
        seen[found.name] = read_text(found.path)
        places.append(found.path)
    assert seen == {
        "年度 材料.zip/2024年/总结.txt": "全年完成任务。",
        "年度 材料.zip/../../逃逸.txt": "不落在外面。",
    }
    assert not any(place.exists() for place in places)
    assert not (tmp_path.parent / "逃逸.txt").exists()


def test_names_in_gbk_are_decoded() -> None:
    info = zipfile.ZipInfo("x")
    info.orig_filename = "总结.txt".encode("gbk").decode("cp437")
    info.flag_bits = 0
    assert containers.member_name(info) == "总结.txt"


def test_bombs_links_and_nested_archives_are_refused_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("炸弹.txt", b"0" * 60_000_000)
        container.writestr("内层.zip", b"PK")
        link = zipfile.ZipInfo("链接.txt")
        link.external_attr = 0o120777 << 16
        container.writestr(link, "/etc/passwd")
        container.writestr("好.txt", "正文")
    problems = {found.name.rpartition("/")[2]: found.problem for found in find_files([path])}
    assert "炸弹" in problems.pop("炸弹.txt")
    assert "压缩包" in problems.pop("内层.zip")
    assert problems == {"好.txt": ""}


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"not a zip"])
def test_damaged_archive_is_a_problem(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "坏.zip").write_bytes(content)
    (found,) = find_files([tmp_path / "坏.zip"])
    assert "损坏" in found.problem
