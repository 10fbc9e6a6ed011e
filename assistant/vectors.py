"""Nearest neighbours in Chroma: a copy of the library's vectors that can be made anew at any time.

The only module that imports chromadb. Chroma gets numbers and vectors, never a text, and never a chance to fetch a
model. Two processes on one embedded Chroma destroy it without an error, so one process at a time may open it; the
others search exactly, in memory, with the same results. A mark on disk tells that a change was under way: after a kill
what is there is compared with the library, and continued only when it holds the library's vectors and finds them.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from assistant.errors import StoreError
from assistant.library import Library
from assistant.snapshot import state_of

if TYPE_CHECKING:
    from filelock import BaseFileLock

FloatArray = npt.NDArray[np.float32]
OnProgress = Callable[[int, int], None]

FOLDER = "chroma"
DIRTY = "chroma.changing"
LOCK = "chroma.lock"
BATCH = 250
"""Vectors sent at once. Nothing else of the process runs meanwhile, some 0.2 seconds; larger batches are hardly quicker."""
MOST_LOOKS = 3
"""How often an index left by a kill may be looked at without getting further; looking itself may be what is fatal. The
mark is as long as there were looks."""
PROBES = 50
"""Vectors that an index left by a kill has to find."""
SAME = 0.999
"""Cosine from which a stored vector is the library's."""
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 20.0
"""How long a Chroma server may take to accept a connection, and to answer or take the next piece of a request."""
HNSW = {"space": "cosine", "ef_construction": 100, "ef_search": 400, "max_neighbors": 16}


class VectorIndex:
    """The vectors of one library in Chroma. Use `VectorIndex.open`.

    `usable` tells whether `query` may be called: False while the index is behind the library, is being rebuilt, or is
    in use by another process.
    """

    def __init__(self, home: Path, url: str = "") -> None:
        self._home, self._url = home, url
        self._mutex = threading.RLock()
        self._lock: BaseFileLock | None = None
        self._client: Any = None
        self._collection: Any = None
        self._state = ""

    @classmethod
    def open(cls, home: Path, url: str = "") -> VectorIndex:
        """Open the index beside the library in `home`, or on the Chroma server at `url`.

        Raises:
            StoreError: the server cannot be reached.
        """
        index = cls(home, url)
        index._claim()
        return index

    @property
    def is_ours(self) -> bool:
        """Whether this process may change and query the index."""
        return bool(self._url) or self._lock is not None

    def usable(self, library: Library) -> bool:
        """Whether the index holds exactly the vectors of the library's present state."""
        return self.is_ours and self._collection is not None and self._state == state_of(library)

    def query(self, vector: FloatArray, count: int) -> list[tuple[int, float]]:
        """Numbers of the nearest passages with their cosines, nearest first.

        Raises:
            StoreError: the index failed; it is marked for a rebuild.
        """
        with self._mutex:
            try:
                found = self._collection.query(
                    query_embeddings=[vector.tolist()], n_results=count, include=["distances"]
                )
                ids, distances = found["ids"][0], found["distances"][0]
            except Exception as error:  # chromadb raises errors of many kinds, also from its native part
                self._state = ""
                raise StoreError("向量索引出错，将自动重建。") from error
        return [(int(name), 1.0 - float(distance)) for name, distance in zip(ids, distances, strict=True)]

    def sync(
        self,
        library: Library,
        on_progress: OnProgress | None = None,
        cancel: threading.Event | None = None,
    ) -> bool:
        """Bring the index to the state of the library; unchanged vectors cost nothing.

        Args:
            on_progress: called with vectors done and all vectors to do.
            cancel: set it to stop between two batches; what was done is kept.

        Returns:
            Whether the index is now complete. False when another process holds it or `cancel` was set.

        Raises:
            StoreError: the server or the folder cannot be used, or the index cannot be made anew either.
        """
        with self._mutex:
            if not self._claim():
                return False
            wanted = state_of(library)
            try:
                return self._bring_to(wanted, library, on_progress, cancel)
            except StoreError:
                raise
            except Exception:  # chromadb raises errors of many kinds, also from its native part
                # Damaged: nothing in it is worth saving, the library has it all.
                return self._make_anew(wanted, library, on_progress, cancel)

    def discard(self) -> None:
        """Drop the index with its files, so that the next `sync` makes it anew."""
        with self._mutex:
            if self._claim():
                self._wipe()

    def close(self) -> None:
        """Let go of the index, so that another process may use it."""
        with self._mutex:
            self._release_client()
            if self._lock:
                self._lock.release()
                self._lock = None

    # ---- inside ------------------------------------------------------------------------------------------------

    @property
    def _folder(self) -> Path:
        return self._home / FOLDER

    @property
    def _mark(self) -> Path:
        return self._home / DIRTY

    def _claim(self) -> bool:
        """Take the embedded index for this process, and look at what is there."""
        if not self._url and self._lock is None:
            self._lock = _try_lock(self._home / LOCK)
        if not self.is_ours:
            return False
        if self._collection is None and self._exists():
            self._open_existing()
        return True

    def _exists(self) -> bool:
        return bool(self._url) or (self._folder.is_dir() and not self._mark.exists())

    def _open_existing(self) -> None:
        try:
            name = self._name()
            known = [getattr(item, "name", item) for item in self._connect().list_collections()]
            if name in known:
                self._collection = self._connect().get_collection(name, embedding_function=None)
                self._state = self._stored_state()
        except StoreError:
            raise
        except Exception:
            self._collection, self._state = None, ""

    def _stored_state(self) -> str:
        """The library state the index was completed for; "" when its size contradicts it."""
        metadata = self._collection.metadata or {}
        complete = self._collection.count() == metadata.get("vectors")
        return str(metadata.get("state", "")) if complete else ""

    def _bring_to(
        self, wanted: str, library: Library, on_progress: OnProgress | None, cancel: threading.Event | None
    ) -> bool:
        if self._collection is not None and self._state == wanted:
            return True
        self._state = ""
        epoch = wanted.partition("/")[0]
        if self._mark.exists() and not self._recovers(library):
            self._wipe()
        if self._collection is None or (self._collection.metadata or {}).get("epoch") != epoch:
            self._wipe()
        self._mark.write_text("")
        collection = self._collection or self._create(epoch)
        done = _copy(library, collection, on_progress, cancel)
        if done:
            collection.modify(metadata={"epoch": epoch, "state": wanted, "vectors": collection.count()})
            self._state = wanted
        self._mark.unlink(missing_ok=True)
        return done

    def _make_anew(
        self, wanted: str, library: Library, on_progress: OnProgress | None, cancel: threading.Event | None
    ) -> bool:
        try:
            self._wipe()
            return self._bring_to(wanted, library, on_progress, cancel)
        except StoreError:
            raise
        except Exception as error:
            where = f"服务 {self._url}" if self._url else f"文件夹 {self._folder}"
            raise StoreError(f"向量索引建不起来（{where}）。查找照常进行，只是不经过它；请检查后重试。") from error

    def _recovers(self, library: Library) -> bool:
        """Whether what a killed process left can be continued."""
        looks = len(self._mark.read_text())
        if looks >= MOST_LOOKS:
            return False
        self._mark.write_text("?" * (looks + 1))
        if self._collection is None:
            self._open_existing()
        return self._collection is not None and _is_sound(library, self._collection)

    def _create(self, epoch: str) -> Any:
        self._collection = self._connect().create_collection(
            self._name(), embedding_function=None, configuration={"hnsw": HNSW}, metadata={"epoch": epoch, "vectors": 0}
        )
        return self._collection

    def _wipe(self) -> None:
        """Remove the index with its files."""
        if self._url:
            client, name = self._connect(), self._name()
            if name in [getattr(item, "name", item) for item in client.list_collections()]:
                client.delete_collection(name)
            self._collection = None
            return
        self._release_client()
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._folder.exists():
            raise StoreError(f"旧的向量索引 {self._folder} 删不掉。请关闭占用它的程序，或手工删除后重试。")

    def _name(self) -> str:
        if not self._url:
            return "passages"
        with Library.open(self._home) as library:
            return f"nigao-{library.identity}"

    def _connect(self) -> Any:
        if self._client is None:
            self._client = _server(self._url) if self._url else _embedded(self._folder)
        return self._client

    def _release_client(self) -> None:
        client, self._client, self._collection, self._state = self._client, None, None, ""
        if client is None:
            return
        # Chroma's client for servers leaves its connections open when it is closed.
        owners = (client, getattr(client, "_admin_client", None))
        sessions = [getattr(getattr(owner, "_server", None), "_session", None) for owner in owners]
        client.close()
        for session in sessions:
            if session is not None:
                session.close()


def _try_lock(path: Path) -> BaseFileLock | None:
    from filelock import FileLock, Timeout

    lock = FileLock(path, is_singleton=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return None
    return lock


def _copy(library: Library, collection: Any, on_progress: OnProgress | None, cancel: threading.Event | None) -> bool:
    """Delete what the library no longer has and send what is missing."""
    present = {int(name) for name in collection.get(include=[])["ids"]}
    numbers, vectors = library.vectors()
    wanted = set(numbers.tolist())
    gone = sorted(present - wanted)
    for at in range(0, len(gone), BATCH):
        collection.delete(ids=[str(number) for number in gone[at : at + BATCH]])
    missing = [row for row, number in enumerate(numbers.tolist()) if number not in present]
    for at in range(0, len(missing), BATCH):
        if cancel and cancel.is_set():
            return False
        part = missing[at : at + BATCH]
        collection.upsert(ids=[str(numbers[row]) for row in part], embeddings=vectors[part])
        if on_progress:
            on_progress(min(at + BATCH, len(missing)), len(missing))
    return True


def _is_sound(library: Library, collection: Any) -> bool:
    """Whether a collection holds nothing but vectors of the library, and finds a sample of them."""
    numbers, vectors = library.vectors()
    row_of = {str(number): row for row, number in enumerate(numbers.tolist())}
    present = [name for name in collection.get(include=[])["ids"] if name in row_of]
    for at in range(0, len(present), BATCH):
        found = collection.get(ids=present[at : at + BATCH], include=["embeddings"])
        stored = np.asarray(found["embeddings"], dtype=np.float32)
        own = vectors[[row_of[name] for name in found["ids"]]]
        if len(stored) != len(present[at : at + BATCH]) or float(np.einsum("ij,ij->i", stored, own).min()) < SAME:
            return False
    probes = [vectors[row_of[name]].tolist() for name in present[:: max(1, len(present) // PROBES)]]
    if not probes:
        return True
    nearest = collection.query(query_embeddings=probes, n_results=1, include=["distances"])["distances"]
    return all(distances and distances[0] <= 1 - SAME for distances in nearest)


def _embedded(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    return chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))


def _server(url: str) -> Any:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    parts = urlsplit(url)
    _bound_requests()
    try:
        return chromadb.HttpClient(
            host=parts.hostname or "",
            port=parts.port or (443 if parts.scheme == "https" else 8000),
            ssl=parts.scheme == "https",
            settings=ChromaSettings(anonymized_telemetry=False),
        )
    except Exception as error:  # chromadb wraps connection errors in ValueError and others
        raise StoreError(
            f"连接不上 Chroma 服务 {url}。请检查 NIGAO_CHROMA_URL，并确认服务已启动（chroma run）。"
        ) from error


def _bound_requests() -> None:
    """Make Chroma's client for servers give up after a while and ignore proxy variables.

    It has no setting for either: it waits without end, and sends vectors through whatever proxy the environment names.
    """
    import httpx
    from chromadb.api import fastapi

    class BoundedFastAPI(fastapi.FastAPI):
        def __init__(self, system: Any) -> None:
            super().__init__(system)
            unbounded = self._session
            self._session = httpx.Client(
                timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
                limits=self.http_limits,
                headers=unbounded.headers,
                trust_env=False,
            )
            unbounded.close()

    if fastapi.FastAPI.__name__ != BoundedFastAPI.__name__:
        # Chroma looks its class up by this name and accepts no other.
        fastapi.FastAPI = BoundedFastAPI  # type: ignore[misc]
