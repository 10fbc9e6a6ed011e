"""Ingest: incremental, atomic per file, every failure with a reason."""

from __future__ import annotations

import os
import threading
import zipfile
from pathlib import Path

import pytest
from archive_tools import HashEmbedder, report, settings_in, write_reports

from assistant.archive import Progress, ingest, rebuild, remove
from assistant.errors import InputError, LockedError, StoreError
from assistant.library import Library
from assistant.retrieve import Filters, Retriever
from assistant.settings import Settings
from assistant.snapshot import CACHE
from assistant.vectors import VectorIndex


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path / "home")


def test_files_go_in_once_and_unchanged_ones_cost_nothing(tmp_path: Path, settings: Settings) -> None:
    write_reports(tmp_path / "往年 材料")
    embedder = HashEmbedder()
    first = ingest([tmp_path / "往年 材料"], settings, embedder=embedder)
    assert (first.added, first.updated, first.unchanged, first.failed) == (3, 0, 0, ())
    assert first.documents == 3
    assert first.passages == embedder.texts
    second = ingest([tmp_path / "往年 材料"], settings, embedder=embedder)
    assert (second.added, second.unchanged) == (0, 3)
    assert embedder.texts == first.passages
    with Library.open(settings.home) as library:
        for document in library.documents():
            for passage in library.passages(document.document_id):
                assert document.text[passage.start : passage.end] == passage.text


def test_a_touched_file_is_unchanged_and_an_edited_one_is_updated(tmp_path: Path, settings: Settings) -> None:
    path = write_reports(tmp_path / "r")[0]
    ingest([tmp_path / "r"], settings, embedder=HashEmbedder())
    os.utime(path, ns=(1, 1))
    assert ingest([path], settings, embedder=HashEmbedder()).unchanged == 1
    path.write_text(report("新县人民政府", 2024, "推进旅游", "名气不大"), encoding="utf-8")
    after = ingest([path], settings, embedder=HashEmbedder())
    assert (after.added, after.updated, after.documents) == (0, 1, 3)


def test_a_moved_file_keeps_its_document_under_its_new_name(tmp_path: Path, settings: Settings) -> None:
    path = write_reports(tmp_path / "r")[0]
    ingest([tmp_path / "r"], settings, embedder=HashEmbedder())
    (tmp_path / "r" / "归档").mkdir()
    path.rename(tmp_path / "r" / "归档" / "改过名字.txt")
    embedder = HashEmbedder()
    after = ingest([tmp_path / "r"], settings, embedder=embedder)
    assert (after.added, after.unchanged, after.documents, embedder.texts) == (0, 3, 3, 0)
    with Library.open(settings.home) as library:
        assert "归档/改过名字.txt" in [row.name for row in library.document_rows()]


def test_an_archive_is_read_and_read_again_only_where_it_changed(tmp_path: Path, settings: Settings) -> None:
    archive = tmp_path / "材料.zip"
    texts = {f"{year}.txt": report("某县人民政府", year, f"第{year}项工作", "办法不多") for year in (2019, 2020)}
    for changed in (texts, {**texts, "2020.txt": texts["2020.txt"].replace("办法不多", "思路不广")}):
        with zipfile.ZipFile(archive, "w") as container:
            for name, text in changed.items():
                container.writestr(name, text)
        last = ingest([archive], settings, embedder=HashEmbedder())
    assert (last.unchanged, last.updated, last.documents) == (1, 1, 2)


def test_bad_files_are_reported_and_the_others_go_in(tmp_path: Path, settings: Settings) -> None:
    write_reports(tmp_path / "r")
    (tmp_path / "r" / "空.txt").write_bytes(b"")
    (tmp_path / "r" / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    outcome = ingest([tmp_path / "r", tmp_path / "没有这个文件.txt"], settings, embedder=HashEmbedder())
    assert outcome.added == 3
    assert sorted(name for name, _ in outcome.failed) == ["坏.docx", "没有这个文件.txt", "空.txt"]
    assert all(reason for _, reason in outcome.failed)


def test_progress_counts_up_and_cancel_stops_after_a_file(tmp_path: Path, settings: Settings) -> None:
    write_reports(tmp_path / "r")
    seen: list[Progress] = []
    cancel = threading.Event()

    def note(progress: Progress) -> None:
        seen.append(progress)
        if progress.done == 1:
            cancel.set()

    outcome = ingest([tmp_path / "r"], settings, embedder=HashEmbedder(), on_progress=note, cancel=cancel)
    assert outcome.cancelled
    assert outcome.documents == 2
    assert [progress.done for progress in seen] == [0, 1]
    assert seen[1].seconds_left is not None
    assert ingest([tmp_path / "r"], settings, embedder=HashEmbedder()).added == 1


def test_what_the_writer_says_wins_and_later_wishes_update(tmp_path: Path, settings: Settings) -> None:
    path = write_reports(tmp_path / "r")[0]
    ingest([path], settings, unit="县委办", embedder=HashEmbedder())
    embedder = HashEmbedder()
    again = ingest([path], settings, year=1999, embedder=embedder)
    assert (again.updated, embedder.texts) == (1, 0)
    with Library.open(settings.home) as library:
        (row,) = library.document_rows()
        assert (row.unit, row.year) == ("县委办", 1999)


def test_corrections_survive_an_edit_of_the_file(tmp_path: Path, settings: Settings) -> None:
    path = write_reports(tmp_path / "r")[0]
    ingest([path], settings, embedder=HashEmbedder())
    with Library.open(settings.home, write=True) as library:
        (row,) = library.document_rows()
        library.update_document(row.document_id, title=row.title, unit="改正后的单位", year=2001, doc_type=row.doc_type)
    path.write_text(path.read_text(encoding="utf-8") + "补充一句。\n", encoding="utf-8")
    ingest([path], settings, embedder=HashEmbedder())
    with Library.open(settings.home) as library:
        assert [(row.unit, row.year) for row in library.document_rows()] == [("改正后的单位", 2001)]


def test_a_second_ingest_is_told_at_once(tmp_path: Path, settings: Settings) -> None:
    write_reports(tmp_path / "r")
    with Library.open(settings.home, write=True), pytest.raises(LockedError):
        ingest([tmp_path / "r"], settings, embedder=HashEmbedder())


def test_removed_documents_are_gone_from_search_and_index(tmp_path: Path, settings: Settings) -> None:
    write_reports(tmp_path / "r")
    ingest([tmp_path / "r"], settings, embedder=HashEmbedder())
    with pytest.raises(InputError, match="没有"):
        remove(["不存在.txt"], settings)
    with Library.open(settings.home) as library:
        numbers, vectors = library.vectors()
        gone = library.document_rows()[0]
        kept = {row.number for row in library.passage_rows() if row.document != gone.number}
        held = {number: vector.tobytes() for number, vector in zip(numbers.tolist(), vectors, strict=True)}
        lost = set(held.values()) - {held[number] for number in kept}
    assert lost
    cache = settings.home / CACHE
    assert all(vector in cache.read_bytes() for vector in lost)
    assert remove([gone.name, gone.document_id, gone.name], settings) == [gone.name]
    assert not any(vector in cache.read_bytes() for vector in lost)
    with Library.open(settings.home) as library:
        index = VectorIndex.open(settings.home)
        assert index.usable(library)
        found = {number for vector in vectors for number, _ in index.query(vector, len(numbers))}
        index.close()
    assert found == kept


def test_what_ranking_maps_is_made_by_the_ingest_and_only_when_passages_change(
    tmp_path: Path, settings: Settings
) -> None:
    write_reports(tmp_path / "r")
    settings.home.mkdir()
    (settings.home / f"{CACHE}.123").write_bytes(b"left by a kill")
    ingest([tmp_path / "r"], settings, embedder=HashEmbedder())
    cache = settings.home / CACHE
    assert [path.name for path in settings.home.glob(f"{CACHE}*")] == [CACHE]
    before = cache.stat().st_mtime_ns
    with Library.open(settings.home, write=True) as library:
        library.update_document(
            library.documents()[0].document_id, title="新题", unit="某单位", year=2030, doc_type="述职报告"
        )
    with Library.open(settings.home) as library:
        hits = Retriever(library, None, HashEmbedder()).search("工作", filters=Filters(year_from=2030))
    assert {(hit.title, hit.unit, hit.doc_type) for hit in hits} == {("新题", "某单位", "述职报告")}
    assert cache.stat().st_mtime_ns == before
    path = tmp_path / "新.txt"
    path.write_text(report("某市人民政府", 2025, "发展低空经济", "场景偏少"), encoding="utf-8")
    ingest([path], settings, embedder=HashEmbedder())
    assert cache.stat().st_mtime_ns > before


def test_another_embedding_model_is_refused_until_a_rebuild(tmp_path: Path, settings: Settings) -> None:
    write_reports(tmp_path / "r")
    ingest([tmp_path / "r"], settings, embedder=HashEmbedder())
    other = HashEmbedder("other", 32)
    with pytest.raises(StoreError, match="nigao library rebuild"):
        ingest([tmp_path / "r"], settings, embedder=other)
    cancel = threading.Event()
    cancel.set()
    rebuild(settings, embedder=other, cancel=cancel)
    with Library.open(settings.home) as library:
        assert library.pending() > 0
    seen: list[Progress] = []
    count = rebuild(settings, embedder=other, on_progress=seen.append)
    assert seen[0].current == "计算向量"
    with Library.open(settings.home) as library:
        assert (library.embedder, library.pending()) == (("other", 32), 0)
        assert library.status().passages == count
        index = VectorIndex.open(settings.home)
        assert index.usable(library)
        hits = Retriever(library, index, other).search("养老服务", filters=Filters(year_from=2021, year_to=2021))
        assert {hit.year for hit in hits} == {2021}
        index.close()
