"""The vector index: a copy that is verified, brought up to date, and made anew when it is damaged."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_tools import HashEmbedder, report, settings_in, write_reports

from assistant import vectors
from assistant.archive import ingest
from assistant.errors import StoreError
from assistant.library import Library
from assistant.retrieve import Retriever, open_retriever
from assistant.settings import Settings
from assistant.vectors import VectorIndex


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    write_reports(tmp_path / "r")
    found = settings_in(tmp_path / "home")
    ingest([tmp_path / "r"], found, embedder=HashEmbedder())
    return found


def _holds_all(index: VectorIndex, library: Library) -> bool:
    """Whether the index has exactly the library's passages, and finds each vector."""
    numbers, stored = library.vectors()
    everything = {number for number, _ in index.query(stored[0], len(numbers) + 5)}
    return everything == set(numbers.tolist()) and all(index.query(vector, 1)[0][1] > 0.9999 for vector in stored)


def test_the_index_finds_what_exact_search_finds(settings: Settings) -> None:
    with Library.open(settings.home) as library:
        index = VectorIndex.open(settings.home)
        numbers, stored = library.vectors()
        query = HashEmbedder().query("养老服务")
        found = index.query(query, 5)
        index.close()
    cosines = dict(zip(numbers.tolist(), (stored @ query).tolist(), strict=True))
    assert [cosine for _, cosine in found] == pytest.approx(sorted(cosines.values(), reverse=True)[:5], abs=1e-4)
    assert all(cosine == pytest.approx(cosines[number], abs=1e-4) for number, cosine in found)


def test_an_index_that_is_behind_is_not_used_until_it_is_brought_up(settings: Settings, tmp_path: Path) -> None:
    index = VectorIndex.open(settings.home)
    path = tmp_path / "新.txt"
    path.write_text(report("某市人民政府", 2025, "发展低空经济", "场景偏少"), encoding="utf-8")
    ingest([path], settings, embedder=HashEmbedder())
    with Library.open(settings.home) as library:
        assert not index.usable(library)
        progress: list[tuple[int, int]] = []
        assert index.sync(library, lambda done, total: progress.append((done, total)))
        assert index.usable(library)
        assert progress
        assert progress[-1][0] == progress[-1][1] < library.status().passages
        assert _holds_all(index, library)
        progress.clear()
        assert index.sync(library, lambda done, total: progress.append((done, total)))
        assert progress == []
    index.close()


@pytest.mark.parametrize("damage", ["database", "graph", "missing", "killed"])
def test_a_damaged_index_is_made_anew(settings: Settings, damage: str) -> None:
    folder = settings.home / vectors.FOLDER
    if damage == "database":
        (folder / "chroma.sqlite3").write_bytes(b"\0" * 5000)
    elif damage == "graph":
        for path in folder.rglob("*.bin"):
            path.write_bytes(b"\xff" * 10)
    elif damage == "missing":
        for path in sorted(folder.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
    else:
        (settings.home / vectors.DIRTY).touch()
    with Library.open(settings.home) as library:
        index = VectorIndex.open(settings.home)
        assert index.sync(library)
        assert index.usable(library)
        assert _holds_all(index, library)
        index.close()
    assert not (settings.home / vectors.DIRTY).exists()


def test_one_process_at_a_time_and_the_other_searches_all_the_same(settings: Settings) -> None:
    holder = VectorIndex.open(settings.home)
    with Library.open(settings.home) as library:
        other = VectorIndex.open(settings.home)
        assert holder.is_ours
        assert not other.is_ours
        assert not other.sync(library)
        retrievers = [Retriever(library, index, HashEmbedder()) for index in (holder, other)]
        mine, theirs = ([hit.passage for hit in retriever.search("养老服务")] for retriever in retrievers)
        assert mine == theirs
        for retriever in retrievers:
            retriever.close()
    again = VectorIndex.open(settings.home)
    assert again.is_ours
    again.close()


def test_an_index_that_fails_while_searching_does_not_stop_the_search(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.retrieve.QUIET", 0.01)
    index = VectorIndex.open(settings.home)
    retriever = Retriever(Library.open(settings.home), index, HashEmbedder())
    before = retriever.search("养老服务")
    assert retriever.uses_index

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(index._collection, "query", fail, raising=False)
    assert [hit.passage for hit in retriever.search("养老服务")] == [hit.passage for hit in before]
    assert not retriever.uses_index
    monkeypatch.undo()
    monkeypatch.setattr("assistant.retrieve.QUIET", 0.01)
    retriever.search("养老服务")
    assert retriever._syncing is not None
    retriever._syncing.join()
    assert retriever.uses_index
    retriever.close()


def test_an_index_that_cannot_even_be_made_anew_is_an_error_and_searches_go_on(
    settings: Settings, retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(vectors, "_embedded", fail)
    assert retriever._index is not None
    with pytest.raises(StoreError, match="向量索引"):
        retriever._index.sync(retriever.library)
    _quiet_moment(retriever, monkeypatch)
    assert not retriever.uses_index
    assert not retriever.opens_index
    assert retriever.search("养老服务")


def test_chroma_holds_no_text_and_cannot_embed_one(settings: Settings) -> None:
    index = VectorIndex.open(settings.home)
    with pytest.raises(Exception, match="embedding"):
        index._collection.query(query_texts=["养老"])
    index.close()
    stored = b"".join(path.read_bytes() for path in (settings.home / vectors.FOLDER).rglob("*") if path.is_file())
    assert "养老".encode() not in stored


def test_no_server_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    with Library.open(tmp_path, write=True), pytest.raises(StoreError, match="NIGAO_CHROMA_URL"):
        VectorIndex.open(tmp_path, "http://127.0.0.1:9")


# ---- a server -------------------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """`chroma run` on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "chroma"),
        "run",
        "--path",
        str(tmp_path / "server"),
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        process.wait(20)


SEARCHER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from archive_tools import HashEmbedder
from assistant.library import Library
from assistant.retrieve import Retriever
from assistant.vectors import VectorIndex
home = Path(sys.argv[1])
with Library.open(home) as library:
    index = VectorIndex.open(home, sys.argv[2])
    assert index.usable(library)
    print(Retriever(library, index, HashEmbedder()).search("养老服务")[0].document)
"""


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_two_processes_use_one_server(server: str, tmp_path: Path) -> None:
    write_reports(tmp_path / "r")
    settings = settings_in(tmp_path / "home", chroma_url=server)
    ingest([tmp_path / "r"], settings, embedder=HashEmbedder())
    assert not (settings.home / vectors.FOLDER).exists()
    arguments = [sys.executable, "-c", SEARCHER, str(settings.home), server, str(Path(__file__).parent)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    children = [
        subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) for _ in range(2)
    ]
    for child in children:
        out, error = child.communicate(timeout=60)
        assert out.decode().strip() == "白沙市2021年工作总结.txt", error.decode()[-2000:]


@pytest.fixture
def retriever(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Retriever]:
    monkeypatch.setattr("assistant.retrieve.load_embedder", lambda _: HashEmbedder())
    found = open_retriever(settings)
    yield found
    found.close()


def _quiet_moment(retriever: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search, let the quiet moment come at once, and wait for what is done in it."""
    monkeypatch.setattr("assistant.retrieve.QUIET", 0.01)
    retriever.search("养老服务")
    assert retriever._syncing is not None
    retriever._syncing.join()


def test_the_index_is_brought_up_in_a_quiet_moment_and_then_used(
    settings: Settings, retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert retriever._index is not None
    (settings.home / vectors.DIRTY).touch()
    first = retriever.search("养老服务")
    assert not retriever._index.is_ours
    second = retriever.search("养老服务")
    assert not retriever._index.is_ours
    _quiet_moment(retriever, monkeypatch)
    assert retriever._index.usable(retriever.library)
    asked, query = [], retriever._index.query
    monkeypatch.setattr(retriever._index, "query", lambda *given: asked.append(given) or query(*given))
    third = retriever.search("养老服务")
    assert len(asked) == 1
    assert first == second == third


def test_a_search_interrupts_the_making_of_the_index(
    settings: Settings, retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert retriever._index is not None
    monkeypatch.setattr(vectors, "BATCH", 2)
    monkeypatch.setattr("assistant.retrieve.QUIET", 0.01)
    retriever._index.discard()
    seen: list[tuple[int, int]] = []

    def search_once(done: int, total: int) -> None:
        seen.append((done, total))
        if len(seen) == 2:
            retriever.search("养老服务")

    monkeypatch.setattr(retriever, "_on_progress", search_once)
    retriever.search("养老服务")
    assert retriever._syncing is not None
    retriever._syncing.join()
    assert retriever.uses_index
    (_, total), *_ = seen
    assert seen[:3] == [(2, total), (4, total), (2, total - 4)]
    assert _holds_all(retriever._index, retriever.library)


def test_who_answers_and_ends_never_opens_the_index(retriever: Retriever) -> None:
    retriever.search("养老服务")
    began = time.monotonic()
    retriever.close()
    assert time.monotonic() - began < 1
    assert retriever._index is not None
    assert retriever._index._client is None


def test_closing_waits_for_a_thread_that_is_being_started(
    retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, start = threading.Event(), threading.Thread.start

    def slowly(thread: threading.Thread) -> None:
        if thread.name == "bring index up":
            made.set()
            time.sleep(0.1)
        start(thread)

    assert retriever._index is not None
    retriever._index.discard()
    monkeypatch.setattr(threading.Thread, "start", slowly)
    searching = threading.Thread(target=retriever._keep_index_up, args=(retriever._snapshot(),))
    searching.start()
    assert made.wait(5)
    retriever.close()
    monkeypatch.undo()
    searching.join()
    assert retriever._syncing is not None
    assert not retriever._syncing.is_alive()


def test_an_index_that_fell_behind_is_brought_up_without_a_restart(
    settings: Settings, retriever: Retriever, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _quiet_moment(retriever, monkeypatch)
    path = tmp_path / "新.txt"
    path.write_text(report("某市人民政府", 2025, "发展低空经济", "场景偏少"), encoding="utf-8")
    ingest([path], settings, embedder=HashEmbedder())
    assert retriever._index is not None
    assert not retriever._index.usable(retriever.library)
    assert "低空经济" in retriever.search("低空经济")[0].passage.text
    _quiet_moment(retriever, monkeypatch)
    assert retriever._index.usable(retriever.library)
    assert _holds_all(retriever._index, retriever.library)


def test_a_rebuild_that_is_stopped_goes_on_the_next_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "BATCH", 2)
    with Library.open(settings.home) as library:
        total = library.status().passages
        index, cancel = VectorIndex.open(settings.home), threading.Event()
        index.discard()
        assert not index.sync(library, lambda done, _: cancel.set() if done >= 4 else None, cancel)
        assert not index.usable(library)
        index.close()
        index, seen = VectorIndex.open(settings.home), []
        assert index.sync(library, lambda _, left: seen.append(left))
        assert seen[0] == total - 4
        assert _holds_all(index, library)
        index.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from assistant import vectors
from assistant.library import Library
from assistant.vectors import VectorIndex
vectors.BATCH = 2
with Library.open(Path(sys.argv[1])) as library:
    index = VectorIndex.open(Path(sys.argv[1]))
    index.discard()
    index.sync(library, lambda done, _: os.kill(os.getpid(), signal.SIGKILL) if done >= 4 else None)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_rebuild_that_was_killed_goes_on_where_it_stood(settings: Settings) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(settings.home)], check=False, timeout=60)
    assert (settings.home / vectors.DIRTY).exists()
    with Library.open(settings.home) as library:
        index, seen = VectorIndex.open(settings.home), []
        assert not index.usable(library)
        assert index.sync(library, lambda _, left: seen.append(left))
        assert seen[0] == library.status().passages - 4
        assert _holds_all(index, library)
        index.close()


@pytest.mark.parametrize("left", ["other vectors", "fatal"])
def test_what_a_kill_left_is_not_continued_when_it_cannot_be_trusted(settings: Settings, left: str) -> None:
    with Library.open(settings.home) as library:
        total = library.status().passages
        index, seen = VectorIndex.open(settings.home), []
        if left == "other vectors":
            numbers, stored = library.vectors()
            index._collection.update(ids=[str(numbers[0])], embeddings=[(-stored[0]).tolist()])
        index.close()
        (settings.home / vectors.DIRTY).write_text("?" * vectors.MOST_LOOKS if left == "fatal" else "")
        index = VectorIndex.open(settings.home)
        assert index.sync(library, lambda _, left: seen.append(left))
        assert seen[0] == total
        assert _holds_all(index, library)
        index.close()


def test_a_server_that_does_not_answer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "ANSWER_SECONDS", 0.3)
    with socket.socket() as silent, Library.open(tmp_path, write=True):
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        with pytest.raises(StoreError, match="NIGAO_CHROMA_URL"):
            VectorIndex.open(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert time.monotonic() - began < 10


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_server_is_asked_directly_whatever_the_proxy_variables_say(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    write_reports(tmp_path / "r")
    settings = settings_in(tmp_path / "home", chroma_url=server)
    ingest([tmp_path / "r"], settings, embedder=HashEmbedder())
    with Library.open(settings.home) as library:
        index = VectorIndex.open(settings.home, server)
        assert index.usable(library)
        assert _holds_all(index, library)
        index.close()
