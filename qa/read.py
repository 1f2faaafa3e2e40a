"""The reader: does a text answer a question, and where.

The embedder's scores say "near", not "answers". The reader is the default embedder's own encoder
with a low-rank adapter (Hu et al. 2021, arXiv 2106.09685) and three heads - answer start, answer
end, "this text answers" (Devlin et al. 2019, arXiv 1810.04805, and Rajpurkar et al. 2018, arXiv
1806.03822) - that reads question and text together. `training/reader.py` made the adapter and tells
from what.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.chunk import introduce
from index.engine import ROUNDED, Encoder, Kept, States, Tensors, batches
from index.errors import ReaderCorrupt, ReaderUnknown
from index.once import Once
from index.pieces import PieceTokenizer, shared_tokenizer
from index.types import Article, Chunk
from index.weights import PackedModel, shared_tensors, shared_weights
from qa.settings import DEFAULT_READER, NO_READER, READERS
from qa.types import Span

Scores = NDArray[np.float32]
"""One number for each text, or for each token."""

DIGEST = "ddc3e2d1b6e3e65c79df222865b5aa01d8f53bcd35315cbcf5939140e5262bf4"
"""sha256 of the adapter in the package."""

ADAPTER = Path(__file__).with_name("reader.safetensors")

MAX_TOKENS = 384
"""What is read of a question and a text together; a chunk and its title fill two thirds of it."""

_MAX_ANSWER_TOKENS = 40

# <s> question </s> </s> text </s>
_MARKS = 4

FIRST_ADAPTED = 3
"""Number of the first layer with an adapter: those below read words, whatever is asked."""


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

    def warm(self) -> None:
        """Begin to load what it needs, and return at once."""

    def read(self, question: str, texts: Sequence[ReadText]) -> list[Reading]:
        """Read each text, in order."""


class AdaptedReader:
    """The default embedder's encoder, adapted."""

    def __init__(self, adapter: Path = ADAPTER, digest: str = DIGEST) -> None:
        """Use the adapter of that file; it is read at the first question."""
        self._network = Once(lambda: _Network(shared_weights(), load_adapter(adapter, digest)))

    def warm(self) -> None:
        """Begin to load the model, and return at once."""
        self._network.warm()
        shared_tokenizer.warm()

    def read(self, question: str, texts: Sequence[ReadText]) -> list[Reading]:
        """Read each text with the question, in order."""
        self.warm()  # vocabulary and network are loaded beside each other
        pairs = encode_pairs(shared_tokenizer(), question, texts)
        order = batches([len(pair.ids) for pair in pairs])
        readings: dict[int, Reading] = {}
        scores = self._network().read([pairs[place].ids for place in batch] for batch in order)
        for batch, parts in zip(order, scores, strict=True):
            for place, relevance, starts, ends in zip(batch, *parts, strict=True):
                readings[place] = pairs[place].reading(relevance, starts, ends)
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

    def reading(self, relevance: float, starts: Scores, ends: Scores) -> Reading:
        """Take the text's part of what the network says."""
        span = slice(self.first, self.first + len(self.offsets))
        return Reading(
            float(relevance), self.offsets, _log_softmax(starts[span]), _log_softmax(ends[span])
        )


class _Network:
    """The adapted encoder and the three heads."""

    def __init__(self, packed: PackedModel, adapter: Tensors) -> None:
        """Compile the encoder of `packed`, adapted."""
        tensors = shared_tensors()
        adapted = {**tensors, **fold(tensors, adapter, packed.shape.layers)}
        # rounded to bytes, it points at other words in one text of ten
        self._encoder = Encoder(packed, adapted, **{ROUNDED: 0})
        self._heads = {
            name.removeprefix("heads."): tensor
            for name, tensor in adapter.items()
            if name.startswith("heads.")
        }

    def read(
        self, texts: Iterable[Sequence[Sequence[int]]]
    ) -> Iterator[tuple[Scores, Scores, Scores]]:
        """Yield for each batch relevance, shape (texts,), starts and ends, (texts, tokens)."""
        for states, kept in self._encoder.run(texts):
            relevance = self._head("relevance", np.tanh(self._head("pool", _pool(states, kept))))
            starts, ends = np.moveaxis(self._head("span", states), 2, 0)
            yield relevance[:, 0], starts, ends

    def _head(self, name: str, states: States) -> States:
        """Apply a head."""
        return states @ self._heads[name].T + self._heads[f"{name}.b"]


def fold(tensors: Tensors, adapter: Tensors, layers: int) -> dict[str, NDArray[np.float32]]:
    """Add an adapter's products to the matrices of the encoder's upper layers.

    The adapter takes the three projections of attention for one matrix, "l3.qkv.w".
    """
    from threadpoolctl import threadpool_limits

    # so thin a product is done before the threads of a busy machine have found each other
    with threadpool_limits(1, user_api="blas"):
        return _fold(tensors, adapter, layers)


def _fold(tensors: Tensors, adapter: Tensors, layers: int) -> dict[str, NDArray[np.float32]]:
    """Fold as `fold` does, in whatever threads there are."""
    adapted = {}
    for layer in range(FIRST_ADAPTED, layers):
        for parts in (("q", "k", "v"), ("ao",), ("fi",), ("fo",)):
            product = f"l{layer}.{''.join(parts)}.w"
            added = adapter[f"{product}.up"] @ adapter[f"{product}.down"]
            for part, change in zip(parts, np.split(added, len(parts)), strict=True):
                name = f"l{layer}.{part}.w"
                adapted[name] = tensors[name] + change
    return adapted


def load_adapter(path: Path, digest: str) -> Tensors:
    """Read and check an adapter.

    Raises:
        ReaderCorrupt: if it cannot be read or is not the one that was trained.
    """
    from safetensors.numpy import load

    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReaderCorrupt(path, error.strerror or "cannot be read") from error
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise ReaderCorrupt(path, f"its sha256 is {found[:12]}…, not {digest[:12]}…")
    return {name: tensor.astype(np.float32) for name, tensor in load(data).items()}


def encode_pairs(tokenizer: PieceTokenizer, question: str, texts: Sequence[ReadText]) -> list[Pair]:
    """Cut the question with each text into tokens."""
    asked, _offsets = tokenizer.ids_and_offsets(f"query: {question}")
    return [_pair(tokenizer, asked, text) for text in texts]


def _pair(tokenizer: PieceTokenizer, asked: Sequence[int], text: ReadText) -> Pair:
    """Join a question with a text, and find the tokens of the text itself, behind its header."""
    before = f"passage: {text.header}\n"
    ids, offsets = tokenizer.ids_and_offsets(before + text.text)
    room_asked, room = _share(len(asked), len(ids), MAX_TOKENS - _MARKS)
    bos, eos = tokenizer.bos, tokenizer.eos
    start = [bos, *asked[:room_asked], eos, eos]
    joined = [*start, *ids[:room], eos]
    places = np.array(offsets[:room], dtype=np.int64).reshape(-1, 2) - len(before)
    own = np.flatnonzero(places[:, 0] >= 0)
    first = len(start) + int(own[0]) if len(own) else len(joined)
    return Pair(joined, first, places[own])


def _share(first: int, second: int, room: int) -> tuple[int, int]:
    """Return how many tokens of two texts are kept: the longer one is cut first."""
    if first + second <= room:
        return first, second
    half = room // 2
    if first <= half:
        return first, room - first
    if second <= half:
        return room - second, second
    return half, room - half


def _pool(states: States, kept: Kept) -> States:
    """Put the first state of each text beside the average of its real tokens."""
    shares = kept / kept.sum(axis=1, keepdims=True, dtype=np.float32)
    return np.concatenate([states[:, 0], (shares[:, None, :] @ states)[:, 0]], axis=1)


def _log_softmax(scores: Scores) -> Scores:
    """Return the logarithms of the shares that scores have."""
    if not len(scores):
        return scores
    above = scores - scores.max()
    return np.asarray(above - np.log(np.exp(above).sum()))
