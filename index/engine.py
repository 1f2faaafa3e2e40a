"""Packed weights to an encoder that runs on this processor, through OpenVINO.

The graph of the encoder is built here from the tensors themselves. Embedder and reader share it:
they are one encoder with different numbers, and what runs a model stays in one file. Measured in
one run (`benchmarks/runtimes.py`), OpenVINO started sooner, ran faster and was smaller than torch.
"""

import os
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from index.weights import WORDS, PackedModel, Shape

if TYPE_CHECKING:
    from openvino import CompiledModel, Core, InferRequest, Model, Node

BATCH_TOKENS = 2048
"""Tokens of a batch, padding included: larger batches leave the caches and gain nothing."""

# A batch costs as much as 24 tokens beside its own (of 2,048, on two cores), and one of a device
# that wants larger ones in proportion: rather another batch than more padding.
_WORTH_A_BATCH = 24 / BATCH_TOKENS

# so many numbers of a state share a unit when they are rounded to bytes: vectors of odd texts lie
# at cosine 0.9992 to those in float32, with twice as many at 0.9988
_BYTE_GROUP = 64

ROUNDED = "DYNAMIC_QUANTIZATION_GROUP_SIZE"
"""Setting: how many numbers share a unit when they are rounded to bytes; 0 rounds none."""

# what a place that holds no token gets in front of the softmax; bfloat16 has no room for much more
_MASKED = -1e4

_PADDING = 1
"""Number of the piece that fills up the shorter texts of a batch; it is masked."""

_IMPORTING = threading.Lock()

# What is compiled for a batch of some texts and tokens is kept for the next one of the same shape,
# by OpenVINO and by oneDNN below it. A build meets hundreds of shapes, a megabyte each; questions
# meet some ten, of some ten parts.
_KEPT_KERNELS = 200

Tensors = Mapping[str, NDArray[np.float32]]
"""Tensors of an encoder, by the names of the packed file."""

Texts = Sequence[Sequence[int]]
"""The tokens of the texts of a batch."""

States = NDArray[np.float32]
"""What the encoder makes of each token, shape (texts, tokens, hidden)."""

Kept = NDArray[np.bool_]
"""Which tokens of a batch are real, shape (texts, tokens)."""


class Encoder:
    """An encoder compiled for this processor; many threads may use it at once."""

    def __init__(self, packed: PackedModel, tensors: Tensors, **settings: object) -> None:
        """Compile the encoder of these tensors, with the words of `packed`.

        Args:
            packed: has the table of words, and the sizes.
            tensors: all others.
            settings: OpenVINO's, in place of the usual ones; for measurements.
        """
        self._packed = packed
        self._places = tensors["emb.pos"] + tensors["emb.type"][0]
        chosen = {**usual_settings(), **settings}
        graph = _Graph(packed.shape, tensors, rounded=bool(chosen[ROUNDED])).build()
        self._compiled = compile_graph(graph, chosen)
        # a request holds the memory that a batch needs
        self._idle: list[InferRequest] = []

    def run(self, batches: Iterable[Texts]) -> Iterator[tuple[States, Kept]]:
        """Yield the states of each batch; while one is computed, the next is drawn and filled."""
        running: tuple[InferRequest, Kept] | None = None
        try:
            for texts in batches:
                words, kept = embedded_words(self._packed, self._places, texts)
                mask = np.where(kept, np.float32(0), np.float32(_MASKED))
                request = self._request()
                request.start_async([words, mask[:, None, None, :]])
                running, ended = (request, kept), running
                if ended is not None:
                    yield self._finish(*ended)
            if running is not None:
                ended, running = running, None
                yield self._finish(*ended)
        finally:
            if running is not None:
                running[0].wait()

    def _request(self) -> "InferRequest":
        """Take a request that nobody uses, or make one."""
        with suppress(IndexError):
            return self._idle.pop()
        return self._compiled.create_infer_request()

    def _finish(self, request: "InferRequest", kept: Kept) -> tuple[States, Kept]:
        """Wait for a batch, and give its request back."""
        request.wait()
        states = np.array(request.get_output_tensor(0).data)
        self._idle.append(request)
        return states, kept


class _Graph:
    """The encoder as a graph: BERT (Devlin et al. 2019, arXiv 1810.04805)."""

    def __init__(self, shape: Shape, tensors: Tensors, *, rounded: bool) -> None:
        """Take the tensors, by the names of the packed file; `rounded` makes matrices bytes."""
        self._op: Any = openvino().opset13
        self._shape = shape
        self._rounded = rounded
        self._tensors = tensors
        self._sizes: dict[tuple[int, ...], Node] = {}

    def build(self) -> "Model":
        """Build it: embedded words and a mask in, states out."""
        op = self._op
        words = op.parameter([-1, -1, self._shape.hidden], np.float32, name="words")
        mask = op.parameter([-1, 1, 1, -1], np.float32, name="mask")
        states = self._normalise(words, "emb.ln")
        for layer in range(self._shape.layers):
            states = self._layer(f"l{layer}", states, mask)
        model: Model = openvino().Model([states], [words, mask], "encoder")
        return model

    def _layer(self, layer: str, states: "Node", mask: "Node") -> "Node":
        """Add a layer: attention, then the feed-forward part, each added and normalised."""
        op = self._op
        query, key, value = (self._split(self._linear(states, f"{layer}.{n}")) for n in "qkv")
        seen = op.scaled_dot_product_attention(query, key, value, mask)
        seen = op.transpose(seen, self._whole(0, 2, 1, 3))
        seen = op.reshape(seen, self._whole(0, 0, self._shape.hidden), True)
        states = op.add(states, self._linear(seen, f"{layer}.ao"))
        states = self._normalise(states, f"{layer}.aln")
        wide = op.gelu(self._linear(states, f"{layer}.fi"), "erf")
        states = op.add(states, self._linear(wide, f"{layer}.fo"))
        return self._normalise(states, f"{layer}.oln")

    def _linear(self, states: "Node", name: str) -> "Node":
        """Multiply by a matrix and add its bias."""
        matrix = f"{name}.w"
        weights = rounded(self._tensors[matrix]) if self._rounded else self._constant(matrix)
        product = self._op.matmul(states, weights, False, True)
        return self._op.add(product, self._constant(f"{name}.b"))

    def _split(self, states: "Node") -> "Node":
        """Give each head of attention its part, shape (texts, heads, tokens, part)."""
        heads = self._shape.heads
        sizes = self._whole(0, 0, heads, self._shape.hidden // heads)
        parts = self._op.reshape(states, sizes, True)
        return self._op.transpose(parts, self._whole(0, 2, 1, 3))

    def _normalise(self, states: "Node", name: str) -> "Node":
        """Normalise each state."""
        normal = self._op.mvn(states, self._whole(-1), True, self._shape.epsilon, "INSIDE_SQRT")
        scaled = self._op.multiply(normal, self._constant(f"{name}.w"))
        return self._op.add(scaled, self._constant(f"{name}.b"))

    def _whole(self, *numbers: int) -> "Node":
        """Take sizes or axes, once for the whole graph: each node is looked at in each pass."""
        if numbers not in self._sizes:
            self._sizes[numbers] = self._op.constant(np.array(numbers, dtype=np.int64))
        return self._sizes[numbers]

    def _constant(self, name: str) -> "Node":
        """Take a tensor, where it is: graphs that have it in common share its memory."""
        return self._op.constant(self._tensors[name], shared_memory=True)


def batches(lengths: Sequence[int], most: int = BATCH_TOKENS) -> list[list[int]]:
    """Put texts of about one length together, so that little is filled up.

    Args:
        lengths: tokens of each text.
        most: tokens a batch has room for, padding included; a longer text goes alone.

    Returns:
        The places of the texts of each batch, the longest texts first.
    """
    found: list[list[int]] = [[]]
    longest = 0
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        batch, length = found[-1], lengths[place]
        padding = (length - longest) * len(batch)
        if batch and (length * (len(batch) + 1) > most or padding > most * _WORTH_A_BATCH):
            found.append([])
        found[-1].append(place)
        longest = length
    return [batch for batch in reversed(found) if batch]


def pad(texts: Texts) -> tuple[NDArray[np.int64], Kept]:
    """Fill up the shorter texts: the tokens, and which of them are real, shape (texts, tokens)."""
    lengths = np.array([len(tokens) for tokens in texts])
    kept = np.arange(lengths.max()) < lengths[:, None]
    padded = np.full(kept.shape, _PADDING, dtype=np.int64)
    padded[kept] = np.concatenate(texts)
    return padded, kept


def embedded_words(packed: PackedModel, places: States, texts: Texts) -> tuple[States, Kept]:
    """Look up the words of a batch, and add their places.

    Args:
        packed: has the table of words.
        places: what stands for each place in a text, shape (positions, hidden).
        texts: the batch.

    Returns:
        What the encoder is given, shape (texts, tokens, hidden), and which tokens are real.
    """
    ids, kept = pad(texts)
    words = packed.rows(WORDS, ids, packed.shape.hidden)
    words += places[: ids.shape[1]]
    return words, kept


def rounded(matrix: NDArray[np.float32]) -> "Node":
    """Round a matrix to bytes, with a unit for each row."""
    op: Any = openvino().opset13
    units = np.abs(matrix).max(axis=1, keepdims=True) / np.float32(127)
    units[units == 0] = 1
    numbers = op.constant(np.rint(matrix / units).astype(np.int8))
    return cast("Node", op.multiply(op.convert(numbers, np.float32), op.constant(units)))


def compile_graph(graph: "Model", settings: Mapping[str, object]) -> "CompiledModel":
    """Compile a graph for this processor."""
    compiled: CompiledModel = _core().compile_model(graph, "CPU", dict(settings))
    return compiled


def usual_settings() -> dict[str, object]:
    """Return how to compile: for all cores, in the fastest numbers that the processor has itself.

    Vectors in bfloat16 lie at cosine 0.99999 to those in float32, products of bytes at 0.999.
    """
    settings: dict[str, object] = {
        "INFERENCE_PRECISION_HINT": _number_type(),
        ROUNDED: _BYTE_GROUP if bytes_are_fastest(_flags()) else 0,
        # one batch after the other on all cores: two at once, on half of them each, were no faster
        "NUM_STREAMS": 1,
        "CPU_RUNTIME_CACHE_CAPACITY": _KEPT_KERNELS,
        # pinned, the threads of several processes would wait for each other on the same cores
        "ENABLE_CPU_PINNING": False,
    }
    # what other libraries heed; behind a comma stand the threads of threads
    threads = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0]
    if threads.isdecimal() and int(threads):
        settings["INFERENCE_NUM_THREADS"] = int(threads)
    return settings


def _number_type() -> str:
    """Return the type of numbers that are not rounded to bytes."""
    return "bf16" if "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"


def bytes_are_fastest(flags: Collection[str]) -> bool:
    """Whether a processor with these flags of Linux multiplies bytes fastest.

    So it is with the byte products of AVX-512. With AMX, bfloat16 is as exact as it is fast.
    """
    return "avx512_vnni" in flags and "amx_tile" not in flags


@cache
def _flags() -> frozenset[str]:
    """Return the flags of this processor; none where it is not Linux that tells them."""
    with suppress(OSError):
        for line in (
            Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
        ):
            name, _colon, flags = line.partition(":")
            if name.strip() == "flags":
                return frozenset(flags.split())
    return frozenset()


@cache
def _core() -> "Core":
    """Return what compiles graphs."""
    return openvino().Core()


@cache
def openvino() -> ModuleType:
    """Import OpenVINO without its tools, which report every import to a server.

    They convert models of other programs, which is not needed; without them it is imported in a
    quarter of the time. The package takes them for not installed.
    """
    tools = "openvino.tools"
    with _IMPORTING:
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(_KEPT_KERNELS))
        known = sys.modules.get(tools)
        sys.modules[tools] = None  # type: ignore[assignment]
        try:
            import openvino as package
        finally:
            del sys.modules[tools]
            if known is not None:
                sys.modules[tools] = known
    return cast(ModuleType, package)
