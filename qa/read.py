"""The reader: does a text answer a question, and where.

The embedder's scores say "near", not "answers". The reader is the default embedder's own encoder
with a low-rank adapter (Hu et al. 2021, arXiv 2106.09685) and three heads - answer start, answer
end, "this text answers" (Devlin et al. 2019, arXiv 1810.04805, and Rajpurkar et al. 2018, arXiv
1806.03822) - that reads question and text together. `training/reader.py` made the adapter and tells
from what.
"""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index import weights
from index.chunk import introduce
from index.embed import build_tokenizer
from index.errors import ReaderCorrupt, ReaderUnknown
from index.types import Article, Chunk
from qa.settings import DEFAULT_READER, NO_READER, READERS
from qa.types import Span

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding

    Tensors = dict[str, torch.Tensor]

DIGEST = "ddc3e2d1b6e3e65c79df222865b5aa01d8f53bcd35315cbcf5939140e5262bf4"
"""sha256 of the adapter in the package."""

ADAPTER = Path(__file__).with_name("reader.safetensors")

MAX_TOKENS = 384
"""What is read of a question and a text together; a chunk and its title fill two thirds of it."""

# texts are read together up to this many tokens: larger batches do not fit the caches
_BATCH_TOKENS = 4096
_MAX_ANSWER_TOKENS = 40

# the layers below read letters and words, whatever is asked
_FIRST_ADAPTED = 3
_MATRICES = ("qkv", "ao", "fi", "fo")


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text to read, and the line in front of it that says where it stands."""

    header: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of one text.

    Attributes:
        relevance: logit of "this text answers".
        offsets: characters of the text that each of its tokens covers, shape (tokens, 2).
        starts: log-probability that the answer starts at each token, shape (tokens,).
        ends: the same for its last token.
    """

    relevance: float
    offsets: NDArray[np.int64]
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]

    def answer_within(self, span: Span) -> tuple[float, Span | None]:
        """Find the likeliest answer inside `span` of the text: log-probability and characters.

        Minus infinity and None where no token lies inside.
        """
        inside = (self.offsets[:, 0] >= span[0]) & (self.offsets[:, 1] <= span[1])
        inside &= self.offsets[:, 1] > self.offsets[:, 0]
        tokens = np.flatnonzero(inside)
        if not len(tokens):
            return -np.inf, None
        scores = self.starts[tokens][:, None] + self.ends[tokens][None, :]
        length = tokens[None, :] - tokens[:, None]
        scores = np.where((length >= 0) & (length < _MAX_ANSWER_TOKENS), scores, -np.inf)
        first, last = np.unravel_index(int(np.argmax(scores)), scores.shape)
        start, end = self.offsets[tokens[first], 0], self.offsets[tokens[last], 1]
        return float(scores[first, last]), (int(start), int(end))

    def share_within(self, span: Span) -> float:
        """Return how likely the answer lies inside `span` of the text, 0 to 1."""
        inside = (self.offsets[:, 0] >= span[0]) & (self.offsets[:, 1] <= span[1])
        starts, ends = np.exp(self.starts[inside]).sum(), np.exp(self.ends[inside]).sum()
        return float(np.sqrt(starts * ends))


def read_text(article: Article, chunk: Chunk) -> ReadText:
    """Return what is read of a chunk."""
    return ReadText(introduce(article), article.text[chunk.start : chunk.end])


class Reader(Protocol):
    """What reads a question and texts together."""

    def read(self, question: str, texts: Sequence[ReadText]) -> list[Reading]:
        """Read each text, in order."""


class AdaptedReader:
    """The default embedder's encoder, adapted."""

    def __init__(self, adapter: Path = ADAPTER, digest: str = DIGEST) -> None:
        """Use the adapter of that file; it is read at the first question."""
        self._adapter = adapter
        self._digest = digest
        self._lock = threading.Lock()
        self._loaded: Network | None = None

    @property
    def _network(self) -> "Network":
        """The encoder with the adapter folded into its weights, and the heads."""
        with self._lock:  # two first questions at once would load it twice
            if self._loaded is None:
                adapter = load_adapter(self._adapter, self._digest)
                self._loaded = Network(weights.load_weights())
                self._loaded.fold(adapter)
            return self._loaded

    def read(self, question: str, texts: Sequence[ReadText]) -> list[Reading]:
        """Read each text with the question, in order."""
        import torch

        network = self._network
        pairs = network.encode(question, texts)
        readings: dict[int, Reading] = {}
        with torch.inference_mode():
            for batch in batches([len(pair.ids) for pair in pairs], _BATCH_TOKENS):
                chosen = [pairs[place] for place in batch]
                scores = network.read([pair.ids for pair in chosen])
                for row, (place, pair) in enumerate(zip(batch, chosen, strict=True)):
                    readings[place] = pair.reading(*(part[row].float() for part in scores))
        return [readings[place] for place in range(len(texts))]


def open_reader(name: str = DEFAULT_READER) -> Reader | None:
    """Return the reader of that name: "default", or None for "none".

    Raises:
        ReaderUnknown: if there is none of that name.
    """
    if name == NO_READER:
        return None
    if name != DEFAULT_READER:
        raise ReaderUnknown(name, READERS)
    return _shared_reader()


@cache
def _shared_reader() -> AdaptedReader:
    """Return this process's reader: it is large, and the same for every store."""
    return AdaptedReader()


@dataclass(frozen=True, slots=True)
class Pair:
    """The tokens of a question and a text.

    Attributes:
        ids: of the tokens.
        first: place of the first token of the text itself, behind its header.
        offsets: characters of the text that each of its tokens covers, shape (tokens, 2).
    """

    ids: list[int]
    first: int
    offsets: NDArray[np.int64]

    def reading(
        self, relevance: "torch.Tensor", starts: "torch.Tensor", ends: "torch.Tensor"
    ) -> Reading:
        """Take the text's part of what the network says."""
        span = slice(self.first, self.first + len(self.offsets))
        return Reading(
            float(relevance),
            self.offsets,
            starts[span].log_softmax(0).numpy(),
            ends[span].log_softmax(0).numpy(),
        )


class Network:
    """The encoder and the three heads.

    A Transformer of our own, for its products run in bfloat16 and its sums in float32, which no
    setting of the library's encoder does: a quarter faster to train and to read.

    Attributes:
        packed: the embedder's weights and vocabulary.
        tensors: the encoder's, by the names of the packed file; the three projections of attention
            are one matrix, `l0.qkv.w`.
        heads: "span" (2, hidden), "pool" (hidden, 2 * hidden) and "relevance" (1, hidden), each
            with its bias, `span.b`.
        products: the number type that matrices are multiplied in.
    """

    def __init__(self, packed: weights.PackedModel) -> None:
        """Take the encoder out of the embedder's weights; the heads are zero."""
        import torch

        self.packed = packed
        self.tokenizer = build_tokenizer(packed.vocabulary)
        self.tokenizer.enable_truncation(MAX_TOKENS)
        # the library keeps the question under a private name
        fast = torch.cpu._is_avx512_bf16_supported()
        self.products = torch.bfloat16 if fast else torch.float32
        self.tensors = _encoder_tensors(packed)
        for layer in range(_FIRST_ADAPTED):
            for part in _MATRICES:
                name = f"l{layer}.{part}.w"
                self.tensors[name] = self.tensors[name].to(self.products)
        hidden = packed.shape.hidden
        self.heads = {
            "span": torch.zeros(2, hidden),
            "span.b": torch.zeros(2),
            "pool": torch.zeros(hidden, 2 * hidden),
            "pool.b": torch.zeros(hidden),
            "relevance": torch.zeros(1, hidden),
            "relevance.b": torch.zeros(1),
        }

    @property
    def matrices(self) -> list[str]:
        """Names of the matrices that the adapter changes: those of the upper layers."""
        layers = range(_FIRST_ADAPTED, self.packed.shape.layers)
        return [f"l{layer}.{part}.w" for layer in layers for part in _MATRICES]

    def fold(self, adapter: "Tensors") -> None:
        """Add an adapter's products to the encoder's matrices, and take its heads."""
        for name in self.matrices:
            product = adapter[f"{name}.up"].float() @ adapter[f"{name}.down"].float()
            self.tensors[name] = (self.tensors[name] + product).to(self.products)
        self.heads = {name: adapter[f"heads.{name}"].float() for name in self.heads}

    def encode(self, question: str, texts: Sequence[ReadText]) -> list[Pair]:
        """Cut the question with each text into tokens."""
        pairs = [(f"query: {question}", f"passage: {text.header}\n{text.text}") for text in texts]
        return [
            _pair(encoding, len(second) - len(text.text))
            for encoding, (_first, second), text in zip(
                self.tokenizer.encode_batch(pairs), pairs, texts, strict=True
            )
        ]

    def read(
        self, ids: Sequence[Sequence[int]]
    ) -> "tuple[torch.Tensor, torch.Tensor, torch.Tensor]":
        """Return relevance, shape (texts,), and starts and ends, shape (texts, tokens)."""
        import torch

        padded, kept = _pad(ids)
        words = torch.from_numpy(self.packed.rows("emb.word", padded, self.packed.shape.hidden))
        states = self.run(words, torch.from_numpy(kept))
        shares = torch.from_numpy(kept / kept.sum(1, keepdims=True)).to(states.dtype)
        pooled = torch.cat([states[:, 0], (states * shares[:, :, None]).sum(1)], dim=1)
        relevance = self._head("relevance", torch.tanh(self._head("pool", pooled)))
        starts, ends = self._head("span", states).unbind(2)
        return relevance.squeeze(1), starts, ends

    def run(self, words: "torch.Tensor", kept: "torch.Tensor") -> "torch.Tensor":
        """Run the encoder over embedded words, shape (texts, tokens, hidden)."""
        import torch

        tensors = self.tensors
        positions = tensors["emb.pos"][: words.shape[1]]
        states = self._normalise("emb.ln", words + positions + tensors["emb.type"][0])
        mask = torch.zeros(kept.shape, dtype=self.products).masked_fill_(~kept, -1e4)
        mask = mask[:, None, None, :]
        for layer in range(self.packed.shape.layers):
            states = self._layer(f"l{layer}", states, mask)
        return states

    def _layer(self, layer: str, states: "torch.Tensor", mask: "torch.Tensor") -> "torch.Tensor":
        """Run one layer: attention, then the feed-forward part, each added and normalised."""
        from torch.nn import functional

        texts, tokens, hidden = states.shape
        heads = self.packed.shape.heads
        projected = self._product(f"{layer}.qkv", states)
        query, key, value = projected.view(texts, tokens, 3, heads, -1).permute(2, 0, 3, 1, 4)
        # by hand: the library's backward pass of attention took a third of a training step
        scores = query @ key.transpose(-1, -2) * (hidden // heads) ** -0.5 + mask
        seen = scores.softmax(-1) @ value
        seen = seen.transpose(1, 2).reshape(texts, tokens, hidden)
        states = self._normalise(f"{layer}.aln", states + self._product(f"{layer}.ao", seen))
        wide = functional.gelu(self._product(f"{layer}.fi", states))
        return self._normalise(f"{layer}.oln", states + self._product(f"{layer}.fo", wide))

    def _product(self, name: str, states: "torch.Tensor") -> "torch.Tensor":
        """Multiply by a matrix and add its bias."""
        from torch.nn import functional

        weight, bias = self.tensors[f"{name}.w"], self.tensors[f"{name}.b"]
        return functional.linear(
            states.to(self.products), weight.to(self.products), bias.to(self.products)
        )

    def _normalise(self, name: str, states: "torch.Tensor") -> "torch.Tensor":
        """Normalise each state."""
        from torch.nn import functional

        weight, bias = self.tensors[f"{name}.w"], self.tensors[f"{name}.b"]
        return functional.layer_norm(
            states, (states.shape[-1],), weight, bias, self.packed.shape.epsilon
        )

    def _head(self, name: str, states: "torch.Tensor") -> "torch.Tensor":
        """Apply a head."""
        from torch.nn import functional

        return functional.linear(states, self.heads[name], self.heads[f"{name}.b"])


def load_adapter(path: Path, digest: str) -> "Tensors":
    """Read and check an adapter.

    Raises:
        ReaderCorrupt: if it cannot be read or is not the one that was trained.
    """
    from safetensors.torch import load

    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReaderCorrupt(path, error.strerror or "cannot be read") from error
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise ReaderCorrupt(path, f"its sha256 is {found[:12]}…, not {digest[:12]}…")
    return load(data)


def batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Group places by length, longest first, so that a batch holds at most `most` tokens."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: (-lengths[place], place)):
        if batch and lengths[batch[0]] * (len(batch) + 1) > most:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _pair(encoding: "Encoding", header: int) -> Pair:
    """Find the tokens of the text itself, behind `header` characters of the second part."""
    places = [
        place
        for place, (part, (start, _end)) in enumerate(
            zip(encoding.sequence_ids, encoding.offsets, strict=True)
        )
        if part == 1 and start >= header
    ]
    first = places[0] if places else len(encoding.ids)
    offsets = np.array([encoding.offsets[place] for place in places], dtype=np.int64)
    return Pair(encoding.ids, first, offsets.reshape(-1, 2) - header)


def _pad(ids: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Fill up the shorter texts: the tokens, and which of them are real, shape (texts, tokens)."""
    lengths = np.array([len(tokens) for tokens in ids])
    kept = np.arange(lengths.max()) < lengths[:, None]
    padded = np.ones(kept.shape, dtype=np.int64)
    padded[kept] = np.concatenate(ids)
    return padded, kept


def _encoder_tensors(packed: weights.PackedModel) -> "Tensors":
    """Return all tensors but the table of words, whose rows are read as they are needed."""
    import torch

    hidden, feed_forward = packed.shape.hidden, packed.shape.feed_forward
    found: dict[str, NDArray[np.float32]] = {}
    for name in packed.tensor_names:
        if name == "emb.word":
            continue
        vector = name.endswith(".b") or "ln." in name
        width = None if vector else feed_forward if ".fo." in name else hidden
        found[name] = packed.tensor(name, width)
    for layer in range(packed.shape.layers):
        for part in ("w", "b"):
            parts = [found.pop(f"l{layer}.{name}.{part}") for name in "qkv"]
            found[f"l{layer}.qkv.{part}"] = np.concatenate(parts)
    return {name: torch.from_numpy(tensor) for name, tensor in found.items()}
