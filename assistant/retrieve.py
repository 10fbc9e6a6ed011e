"""A query or a section of a brief -> ranked passages of the library: words, vectors and functions, fused.

Knows nothing about prompts or models other than the embedder. What ranking needs of 100,000 passages is mapped into
memory, and mapped again when the library's revision changes; texts are read from SQLite for the few that are shown.
Searches are exact at first, by multiplying all vectors. In the first quiet moment the vector index is opened, verified and
brought up, and searches turn to it: nobody waits for it, and a command that answers and ends never opens it.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from assistant.embed import Embedder, LocalEmbedder, load_embedder
from assistant.errors import StoreError
from assistant.lexical import grams
from assistant.library import DocumentRow, Library
from assistant.query import Kind, Query, matched_spans, understand
from assistant.records import Brief, Hit, Passage, Section
from assistant.settings import Settings
from assistant.snapshot import Filters, FloatArray, Rows, Snapshot, state_of, take_snapshot
from assistant.vectors import OnProgress, VectorIndex

__all__ = ["Filters", "Retriever", "open_retriever"]

CANDIDATES = 300
"""Nearest passages asked of the vector index, and of the text index."""
MOST_APT = 2000
"""Clearest cases of a function among which the nearest are looked for."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much the rankings by words and by vectors count, both as z-scores over the whole library.

    `cap` bounds the z-score by words, `feedback` is the weight of what the first hits have in common among the words.
    """

    words: float
    vectors: float
    cap: float = math.inf
    feedback: float = 0.0


WEIGHTS: dict[Kind, Weights] = {
    # A topic is typed in the words of the reports.
    "topic": Weights(0.5, 0.7),
    # Plain words are seldom those of the reports: what the first hits say helps to find the others.
    "paraphrase": Weights(0.3, 0.7, feedback=0.2),
    # One rare word of the query must not outweigh the function.
    "function": Weights(0.3, 1.0, cap=12.0, feedback=0.2),
    "section": Weights(0.3, 1.0),
}
FEEDBACK_HITS, FEEDBACK_SHARE = 10, 0.01
"""First hits that are looked at: so many, and no more than this share of the library, or they say what all say."""
FEEDBACK_CODES = 30
"""Bigrams taken from the first hits."""
WEIGHT_FUNCTION = 1.5
"""What a passage gains per unit of strength in a function that the query asks for."""
WEIGHT_GLOSSARY = 1.5
"""What explanations of terms lose when nobody asked for them: they are full of topic words and of no use to a draft."""
WEIGHT_RECENCY = 0.1
"""What a passage of the newest year gains over one that is ten or more years older."""
DUPLICATE = 0.7
"""Passages sharing this much of their bigrams (Jaccard) are shown once."""
SPARE = 6
"""Passages read beyond those that are wanted, because some turn out to be near-duplicates."""
QUIET = 2.0
"""Seconds without a search before the vector index is opened: that takes a core for two seconds, half a second of which
nothing else of the process runs (100,000 passages)."""
GIST = 24
"""字 of a point that a section is looked up by: what it is about stands first, and the time of a look-up grows with its text."""
MOST_POINTS = 12
PER_DOCUMENT = 2
"""Passages that one document may give to a section of a draft."""


def open_retriever(settings: Settings, on_progress: OnProgress | None = None) -> Retriever:
    """Open the library of these settings for searching.

    Args:
        on_progress: told, from another thread, how far the vector index is when it has to be brought up.

    Raises:
        StoreError: there is no library, it is damaged, its vectors are of another model, or the Chroma server that the
            settings name cannot be reached.
    """
    embedder = load_embedder(settings)
    library = Library.open(settings.home)
    try:
        warming = _warm(embedder)
        stored, _ = library.embedder
        if stored:
            library.require_embedder(embedder.name, embedder.dimension)
        # A server is asked at once, so that a wrong address is told; the embedded index takes seconds to open.
        how = VectorIndex.open if settings.chroma_url else VectorIndex
        retriever = Retriever(library, how(settings.home, settings.chroma_url), embedder, on_progress)
        retriever.prepare()
        warming.join()
        return retriever
    except BaseException:
        library.close()
        raise


class Retriever:
    """Searches one library. Safe to use from threads."""

    def __init__(
        self,
        library: Library,
        index: VectorIndex | None,
        embedder: Embedder,
        on_progress: OnProgress | None = None,
    ) -> None:
        self.library = library
        self._index = index
        self._embedder = embedder
        self._on_progress = on_progress
        self._mutex = threading.Lock()
        self._held: Snapshot | None = None
        self._stop, self._pause, self._opening = threading.Event(), threading.Event(), threading.Event()
        self._beside = ThreadPoolExecutor(thread_name_prefix="search")
        self._last_search = 0.0
        self._brought_up = ""
        self._syncing: threading.Thread | None = None

    def prepare(self) -> None:
        """Map what searching needs, so that the first search does not have to wait."""
        self._snapshot()

    @property
    def uses_index(self) -> bool:
        """Whether searches go to the vector index by now; else they are exact."""
        return self._index is not None and self._index.usable(self.library)

    @property
    def opens_index(self) -> bool:
        """Whether the vector index is being opened or brought up at this moment."""
        return self._opening.is_set()

    def close(self) -> None:
        """Let go of the library and the index; an index that is being brought up is continued the next time."""
        self._stop.set()
        self._pause.set()
        with self._mutex:  # a thread that a search is making has been started then
            syncing = self._syncing
        if syncing:
            syncing.join()
        if self._index:
            self._index.close()
        self._held = None
        self.library.close()

    def search(self, query: str, *, top: int = 10, filters: Filters | None = None, recency: bool = True) -> list[Hit]:
        """The best passages for a topic, a paraphrase, a heading with bullets, or a function, best first.

        Args:
            query: as the writer typed it.
            top: how many.
            filters: what a hit must be.
            recency: prefer newer documents among near equals.
        """
        return self._search(query, top, filters or Filters(), recency, per_document=top)

    def for_section(self, section: Section, brief: Brief, *, top: int = 4) -> list[Hit]:
        """Past passages whose phrasing may serve a section of a brief, from several documents."""
        lines = [section.heading, *(f"- {point.text[:GIST]}" for point in section.points[:MOST_POINTS])]
        return self._search("\n".join(lines), top, Filters(), recency=True, per_document=PER_DOCUMENT)

    # ---- ranking -----------------------------------------------------------------------------------------------

    def _search(self, text: str, top: int, filters: Filters, recency: bool, per_document: int) -> list[Hit]:
        snapshot = self._snapshot()
        if not snapshot.size:
            return []
        self._keep_index_up(snapshot)
        query = understand(text)
        rows, scores = self._ranked(snapshot, query, snapshot.allowed(filters), recency)
        return self._hits(snapshot, query, rows, scores, top, per_document)

    def _ranked(self, snapshot: Snapshot, query: Query, allowed: Rows | None, recency: bool) -> tuple[Rows, FloatArray]:
        embedding = self._beside.submit(self._embedder.query, query.text)
        prior = _prior(snapshot, query, recency)
        words = snapshot.text.scores(query.weights)
        vector = embedding.result()
        near = self._near(snapshot, vector, query, allowed)
        ranking = _fused(snapshot, query, vector, words, prior, near, allowed)
        count = min(FEEDBACK_HITS, int(FEEDBACK_SHARE * snapshot.size), len(ranking[0]))
        if WEIGHTS[query.kind].feedback and count:
            words = words + snapshot.text.scores(self._fed_back(snapshot, query, ranking[0][:count], ranking[1]))
            ranking = _fused(snapshot, query, vector, words, prior, near, allowed)
        return ranking

    def _near(self, snapshot: Snapshot, vector: FloatArray, query: Query, allowed: Rows | None) -> Rows:
        """Rows worth ranking for their vectors, among the allowed ones: the nearest, and the nearest with a function."""
        near = self._nearest(snapshot, vector) if allowed is None else _nearest_of(snapshot, vector, allowed)
        function = snapshot.functions(query.functions)
        apt = np.flatnonzero(function >= 1.0) if allowed is None else allowed[function[allowed] >= 1.0]
        return np.concatenate([near, _nearest_of(snapshot, vector, _best(function[apt], apt, MOST_APT))])

    def _fed_back(self, snapshot: Snapshot, query: Query, rows: Rows, scores: FloatArray) -> dict[int, float]:
        """What the first hits of a query have in common, to be looked for too, with weights."""
        first = {int(number): score for number, score in zip(snapshot.numbers[rows], scores, strict=False)}
        found = self.library.passages_by_number(list(first))
        texts = ["\n".join((*passage.heading_path, passage.text)) for passage in found.values()]
        strengths = np.exp([float(first[number] - scores[0]) for number in found])
        shares = (strengths / strengths.sum()).tolist()
        weight = WEIGHTS[query.kind].feedback
        return {code: weight * value for code, value in snapshot.text.feedback(texts, shares, FEEDBACK_CODES).items()}

    def _nearest(self, snapshot: Snapshot, vector: FloatArray) -> Rows:
        """By the vector index; exactly, in memory, while it cannot be used."""
        if self._index and self.uses_index:
            try:
                found = self._index.query(vector, min(CANDIDATES, snapshot.size))
                return snapshot.rows_of([number for number, _ in found])
            except StoreError:
                self._brought_up = ""  # the next quiet moment mends it
        return _nearest_of(snapshot, vector, None)

    def _hits(
        self, snapshot: Snapshot, query: Query, rows: Rows, scores: FloatArray, top: int, per_document: int
    ) -> list[Hit]:
        """The first hits that are neither near-duplicates of better ones nor too many of one document."""
        kept: list[Hit] = []
        seen: list[set[int]] = []
        per: dict[int, int] = {}
        for at in range(0, len(rows), top + SPARE):
            part = rows[at : at + top + SPARE].tolist()
            passages = self.library.passages_by_number([int(snapshot.numbers[row]) for row in part])
            for row, score in zip(part, scores[at : at + len(part)].tolist(), strict=True):
                passage = passages.get(int(snapshot.numbers[row]))
                owner = int(snapshot.owners[row])
                if passage is None or per.get(owner, 0) >= per_document or _is_seen(passage.text, seen):
                    continue
                per[owner] = per.get(owner, 0) + 1
                kept.append(_hit(len(kept) + 1, score, passage, snapshot.documents[owner], query))
                if len(kept) == top:
                    return kept
        return kept

    def _keep_index_up(self, snapshot: Snapshot) -> None:
        """Have the index brought to the present state of the library in the next quiet moment."""
        self._last_search = time.monotonic()
        self._pause.set()
        with self._mutex:
            busy = self._syncing is not None and self._syncing.is_alive()
            if self._index is None or busy or self._brought_up == snapshot.state or self._stop.is_set():
                return
            self._brought_up = snapshot.state
            if not self._index.usable(self.library):
                self._syncing = threading.Thread(target=self._bring_up, args=(self._index,), name="bring index up")
                self._syncing.start()

    def _bring_up(self, index: VectorIndex) -> None:
        """Wait for a quiet moment and bring the index up; a search interrupts that until the next quiet moment.

        Chroma lets nothing else of the process run while it takes vectors in.
        """
        while self._is_quiet():
            self._pause.clear()
            if self._stop.is_set():
                return
            self._opening.set()
            # Without the index every search is exact: a little slower, never wrong.
            with contextlib.suppress(StoreError):
                index.sync(self.library, self._on_progress, self._pause)
            self._opening.clear()
            if not self._pause.is_set() or self.uses_index:
                return

    def _is_quiet(self) -> bool:
        """Wait until nobody has searched for a while; False when the retriever is closed meanwhile."""
        while (left := self._last_search + QUIET - time.monotonic()) > 0:
            self._stop.wait(left)
            if self._stop.is_set():
                return False
        return not self._stop.is_set()

    def _snapshot(self) -> Snapshot:
        """The library as it is now; read again only when it has changed."""
        state = state_of(self.library)
        with self._mutex:
            if self._held is None or self._held.state != state:
                self._held = take_snapshot(self.library)
            return self._held


def _warm(embedder: Embedder) -> threading.Thread:
    """Load the embedded model beside everything else; a service needs no warming."""
    load = embedder.load if isinstance(embedder, LocalEmbedder) else (lambda: None)
    thread = threading.Thread(target=load, name="load embedder")
    thread.start()
    return thread


def _prior(snapshot: Snapshot, query: Query, recency: bool) -> FloatArray:
    """What speaks for each passage whatever its words: the function asked for, its year; and against it."""
    prior = WEIGHT_FUNCTION * snapshot.functions(query.functions)
    if "glossary" not in query.functions:
        prior -= WEIGHT_GLOSSARY * snapshot.functions(("glossary",))
    return prior + WEIGHT_RECENCY * snapshot.freshness if recency else prior


def _fused(
    snapshot: Snapshot,
    query: Query,
    vector: FloatArray,
    words: FloatArray,
    prior: FloatArray,
    near: Rows,
    allowed: Rows | None,
) -> tuple[Rows, FloatArray]:
    """The rows that are near or among the best by words, best first, with their scores."""
    use = WEIGHTS[query.kind]
    rows = np.unique(np.concatenate([near, _best(words if allowed is None else words[allowed], allowed)]))
    spread = float(np.sqrt(max(float(np.vecdot(np.vecdot(snapshot.covariance, vector), vector)), 1e-12)))
    fused = use.vectors * (np.vecdot(snapshot.vectors[rows], vector) - np.vecdot(snapshot.mean, vector)) / spread
    fused += use.words * np.minimum((words[rows] - words.mean()) / max(float(words.std()), 1e-6), use.cap)
    fused += prior[rows]
    order = np.argsort(-fused, kind="stable")
    return rows[order], fused[order].astype(np.float32)


def _nearest_of(snapshot: Snapshot, vector: FloatArray, rows: Rows | None) -> Rows:
    """The nearest among some rows, or all, exactly."""
    # Gathering the vectors of many rows takes longer than multiplying all of them where they are.
    # `vecdot` and not `@`: that one shares a product among threads that wait for each other, in vain where a language
    # model is at work beside the search; at 100,000 passages it takes twice to three times as long.
    if rows is None or len(rows) > snapshot.size // 10:
        scores = np.vecdot(snapshot.vectors, vector)
        return _best(scores if rows is None else scores[rows], rows)
    return _best(np.vecdot(snapshot.vectors[rows], vector), rows)


def _best(scores: FloatArray, rows: Rows | None, count: int = CANDIDATES) -> Rows:
    """The `count` rows with the highest scores, in no order; `rows` tells which row each score is of, if not the same."""
    chosen = np.argpartition(-scores, count)[:count] if len(scores) > count else np.arange(len(scores))
    return chosen if rows is None else rows[chosen]


def _is_seen(text: str, seen: list[set[int]]) -> bool:
    """Whether a text is nearly one of those seen; it is noted among them when it is not."""
    own = set(grams(text).tolist())
    for other in seen:
        shared = len(own & other)
        if shared and shared >= DUPLICATE * (len(own) + len(other) - shared):
            return True
    seen.append(own)
    return False


def _hit(rank: int, score: float, passage: Passage, document: DocumentRow, query: Query) -> Hit:
    return Hit(
        rank=rank,
        score=score,
        passage=passage,
        document=document.name,
        title=document.title,
        year=document.year,
        unit=document.unit,
        doc_type=document.doc_type,
        matched=matched_spans(passage.text, query),
    )
