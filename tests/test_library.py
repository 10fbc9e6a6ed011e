"""The library: one transaction per document, one writer, nothing left of what was removed."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from assistant import schema
from assistant.errors import InputError, LockedError, StoreError
from assistant.library import FileMark, Library
from assistant.library_rows import tags_of
from assistant.records import Document, Heading, Passage

DIMENSION = 8


def make(name: str, text: str = "第一段文字。\n第二段文字。") -> tuple[Document, list[Passage], np.ndarray]:
    """A document of two passages with vectors."""
    document = Document(name, f"{name}.txt", text, "标题", "某县", 2023, "工作总结", (Heading("一、工作", 1, 0, 4),))
    cut = text.index("\n")
    spans = [(0, cut), (cut + 1, len(text))]
    passages = [Passage(f"{name}#{i}", name, a, b, text[a:b], ("一、工作",), "成效") for i, (a, b) in enumerate(spans)]
    vectors = np.eye(DIMENSION, dtype=np.float32)[:2]
    return document, passages, vectors


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / "库", write=True) as opened:
        yield opened


def test_documents_and_passages_come_back_as_they_were_stored(library: Library) -> None:
    document, passages, vectors = make("a")
    library.add(document, passages, vectors, tags=[{"opening": 1.2}, {}], embedder="m")
    assert library.document("a") == document
    assert library.passages("a") == passages
    assert library.documents() == [document]
    numbers, stored = library.vectors()
    assert np.array_equal(stored, vectors)
    assert library.passages_by_number(numbers.tolist())[int(numbers[1])] == passages[1]
    assert tags_of(library.passage_rows()[0].tags) == [("opening", 1.2)]
    status = library.status()
    assert (status.documents, status.passages, status.pending) == (1, 2, 0)
    assert (status.embedder, status.dimension) == ("m", DIMENSION)


def test_numbers_are_never_used_twice(library: Library) -> None:
    for _ in range(2):
        library.add(*make("a"), embedder="m")
    first = library.vectors()[0].tolist()
    library.remove("a")
    library.add(*make("a"), embedder="m")
    assert not set(first) & set(library.vectors()[0].tolist())


def test_a_document_that_fails_half_way_is_not_there(library: Library) -> None:
    document, passages, vectors = make("a")
    twice = [passages[0], passages[0]]
    with pytest.raises(StoreError):
        library.add(document, twice, vectors, embedder="m")
    assert library.documents() == []
    assert library.revision == 0
    library.add(document, passages, vectors, embedder="m")
    assert library.status().passages == 2


def test_passages_without_vectors_are_refused(library: Library) -> None:
    document, passages, vectors = make("a")
    with pytest.raises(StoreError, match="数量不一致"):
        library.add(document, passages, vectors[:1], embedder="m")


def test_a_changed_file_replaces_its_document_and_a_copy_keeps_it(library: Library) -> None:
    mark = FileMark("/r/one.txt", 10, 1)
    library.add(*make("a"), embedder="m", mark=mark)
    library.add(*make("b"), embedder="m", mark=mark)
    assert [document.document_id for document in library.documents()] == ["b"]
    library.note_file(FileMark("/r/copy.txt", 10, 1), "b")
    library.add(*make("c"), embedder="m", mark=mark)
    assert [document.document_id for document in library.documents()] == ["b", "c"]


def test_vectors_of_another_model_are_refused(library: Library) -> None:
    library.add(*make("a"), embedder="m")
    with pytest.raises(StoreError, match="nigao library rebuild"):
        library.require_embedder("other", DIMENSION)
    with pytest.raises(StoreError, match="nigao library rebuild"):
        library.add(*make("b"), embedder="other")


def test_an_unfinished_rebuild_is_told(library: Library) -> None:
    library.add(*make("a"), embedder="m")
    library.drop_vectors("n", 4)
    with pytest.raises(StoreError, match="没有重建完"):
        library.require_embedder("n", 4)
    missing = library.without_vectors(10)
    library.set_vectors([number for number, _ in missing], np.eye(4, dtype=np.float32)[:2])
    library.require_embedder("n", 4)


def test_corrections_are_kept(library: Library) -> None:
    library.add(*make("a"), embedder="m")
    changed = library.update_document("a", title="新标题", unit=None, year=2022, doc_type="述职报告")
    assert (changed.title, changed.unit, changed.year, changed.doc_type) == ("新标题", None, 2022, "述职报告")
    with pytest.raises(InputError):
        library.update_document("nobody", title="", unit=None, year=None, doc_type=None)


def test_removed_text_is_nowhere_on_disk(tmp_path: Path) -> None:
    secret = "绝密表述只此一处" * 20
    with Library.open(tmp_path, write=True) as library:
        library.add(*make("a", f"{secret}\n其他内容。"), embedder="m")
        library.add(*make("b"), embedder="m")
        assert secret.encode() in b"".join(path.read_bytes() for path in tmp_path.glob("library.db*"))
        library.remove("a")
        assert "绝密表述".encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("library.db*"))


def test_a_second_writer_is_told_at_once_and_readers_go_on(library: Library) -> None:
    library.add(*make("a"), embedder="m")
    with pytest.raises(LockedError, match="另一个程序"):
        Library.open(library.home, write=True)
    with Library.open(library.home) as reader:
        assert reader.status().documents == 1
        library.add(*make("b"), embedder="m")
        assert reader.status().documents == 2


def test_a_reader_sees_one_state_while_a_writer_writes(library: Library) -> None:
    library.add(*make("a"), embedder="m")
    with Library.open(library.home) as reader, reader.reading():
        before = len(reader.passage_rows())
        library.add(*make("b"), embedder="m")
        assert len(reader.vectors()[0]) == before
    with Library.open(library.home) as reader:
        assert len(reader.vectors()[0]) == 4


def test_readers_cannot_write(library: Library) -> None:
    library.add(*make("a"), embedder="m")
    with Library.open(library.home) as reader, pytest.raises(StoreError, match="只读"):
        reader.remove("a")


def test_a_missing_library_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nigao ingest"):
        Library.open(tmp_path)


def test_threads_may_share_a_library(library: Library) -> None:
    library.add(*make("a"), embedder="m")
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(50):
                assert len(library.passages("a")) == 2
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_backup_and_restore(library: Library, tmp_path: Path) -> None:
    library.add(*make("a"), embedder="m")
    copy = tmp_path / "备份.db"
    library.backup(copy)
    with pytest.raises(InputError, match="已经存在"):
        library.backup(copy)
    with pytest.raises(InputError, match="不存在。请先建好"):
        library.backup(tmp_path / "没有的文件夹" / "备份.db")
    identity, epoch = library.identity, library.epoch
    library.remove("a")
    library.close()
    with pytest.raises(InputError, match="--force"):
        Library.restore(copy, library.home)
    Library.restore(copy, library.home, replace=True)
    with Library.open(library.home) as restored:
        assert [document.document_id for document in restored.documents()] == ["a"]
        assert restored.identity == identity
        assert restored.epoch != epoch
    Library.restore(copy, tmp_path / "elsewhere")
    with Library.open(tmp_path / "elsewhere") as other:
        assert other.status().passages == 2


def test_a_reader_makes_a_backup_while_another_process_writes(library: Library, tmp_path: Path) -> None:
    library.add(*make("a"), embedder="m")
    with Library.open(library.home) as reader, library._transaction():
        reader.backup(tmp_path / "备份.db")
    library.close()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("备份")] == ["备份.db"]
    (tmp_path / "备份.db").chmod(0o400)
    Library.restore(tmp_path / "备份.db", tmp_path / "elsewhere")
    with Library.open(tmp_path / "elsewhere") as other:
        assert other.status().passages == 2


def test_a_broken_backup_is_refused_and_changes_nothing(library: Library, tmp_path: Path) -> None:
    library.add(*make("a"), embedder="m")
    library.close()
    broken = tmp_path / "坏.db"
    broken.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with pytest.raises(InputError, match="备份"):
        Library.restore(broken, library.home, replace=True)
    with Library.open(library.home) as opened:
        assert opened.status().documents == 1


def test_a_damaged_library_says_so_and_a_backup_takes_its_place(library: Library, tmp_path: Path) -> None:
    library.add(*make("a"), embedder="m")
    library.backup(tmp_path / "good.db")
    library.close()
    (library.home / "library.db").write_bytes(b"\xff" * 20_000)
    with pytest.raises(StoreError, match="nigao library restore"):
        Library.open(library.home)
    Library.restore(tmp_path / "good.db", library.home, replace=True)
    with Library.open(library.home) as opened:
        assert opened.status().documents == 1


def test_a_library_of_a_newer_program_is_refused(library: Library) -> None:
    library.close()
    connection = sqlite3.connect(library.home / "library.db")
    connection.execute(f"PRAGMA user_version={schema.VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match="升级"):
        Library.open(library.home, write=True)


def test_an_older_library_is_migrated_step_by_step(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.add(*make("a"), embedder="m")
    library.close()
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    monkeypatch.setitem(schema.MIGRATIONS, schema.VERSION - 1, lambda c: c.execute("CREATE TABLE later (x)"))
    with pytest.raises(StoreError, match="旧格式"):
        Library.open(library.home)
    with Library.open(library.home, write=True) as opened:
        assert opened.status().schema == schema.VERSION
        assert opened.status().documents == 1


def test_a_migration_that_fails_changes_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (x)")
        raise StoreError("no")

    library.close()
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    monkeypatch.setitem(schema.MIGRATIONS, schema.VERSION - 1, fail)
    with pytest.raises(StoreError):
        Library.open(library.home, write=True)
    connection = sqlite3.connect(library.home / "library.db")
    assert connection.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION - 1
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone()[0] == 0
    connection.close()
