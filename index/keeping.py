"""An embedder that embeds batch after batch, by many at once, and keeps what was made.

What a build has embedded lies on the disk at once, see `index.kept`: one that was killed goes on
where it stopped, and batches may come back from other processes in any order.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.crew import ALONE, Crew
from index.kept import KeptVectors
from index.types import Embedder, Progress, Vectors

# the words of the vocabulary are kept too, beside the passages
_MOST_WORDS = 50_000

_PASSAGE, _QUERY = b"passage\n", b"query\n"


class KeepingEmbedder:
    """An embedder that embeds nothing twice, whatever happens to the build."""

    def __init__(
        self, embedder: Embedder, kept: KeptVectors | None = None, crew: Crew = ALONE
    ) -> None:
        """Embed what is not in `kept` yet.

        Args:
            embedder: counts tokens, and makes the vectors.
            kept: what was made so far; None keeps nothing.
            crew: has `embedder` embed batches.
        """
        self._embedder, self._kept, self._crew = embedder, kept, crew
        self.identity = embedder.identity
        self.dimension = embedder.dimension
        self.max_tokens = embedder.max_tokens
        self.resumed = 0
        """Passages that an unfinished build had embedded."""

    @property
    def trouble(self) -> str | None:
        """What the disk refused to keep, if it did."""
        return self._kept.trouble if self._kept is not None else None

    def expect(self, passages: int) -> None:
        """Forget what is kept if hardly any of it is of use for so many passages."""
        if self._kept is not None and len(self._kept) > 2 * passages + _MOST_WORDS:
            self._kept.drop_all()

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        """Count the tokens of each passage, prompt and marks included."""
        return self._embedder.count_tokens(passages)

    def embed_passages(self, passages: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed what is searched."""
        ((_place, vectors),) = self.embed_batches([passages], progress, len(passages))
        return vectors

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Embed questions, or words, as one batch."""
        ((_place, vectors),) = self.embed_query_batches([queries])
        return vectors

    def embed_batches(
        self, batches: Iterable[Sequence[str]], progress: Progress | None = None, passages: int = 0
    ) -> Iterator[tuple[int, Vectors]]:
        """Embed what is searched, as many at once as may be lost if the build is killed.

        Args:
            batches: drawn as they are embedded.
            progress: told how far it is, while a batch is embedded too if that is done here.
            passages: how many all batches have.

        Yields:
            The place of each batch and its vectors, as soon as they are made and kept.
        """
        before = known = 0

        def tell(step: str, done: int, total: int) -> None:
            """Tell of a part of a batch as of a part of the whole."""
            del total
            if progress is not None:
                progress(step, before + known + done, passages)

        def count_known(number: int) -> None:
            """Note how many passages of the batch that is drawn are not embedded."""
            nonlocal known
            known = number
            self.resumed += number

        task = _Passages(self._embedder, tell if progress is not None else None)
        for place, vectors in self._embed(_PASSAGE, task, batches, count_known):
            before += len(vectors)
            yield place, vectors

    def embed_query_batches(
        self, batches: Iterable[Sequence[str]]
    ) -> Iterator[tuple[int, Vectors]]:
        """Embed batches of questions, or words; yield what `embed_batches` does."""
        return self._embed(_QUERY, self._embedder.embed_queries, batches)

    def _embed(
        self,
        kind: bytes,
        task: Callable[[Sequence[str]], Vectors],
        batches: Iterable[Sequence[str]],
        count_known: Callable[[int], None] = lambda _known: None,
    ) -> Iterator[tuple[int, Vectors]]:
        """Embed batches, those texts of them that are not kept."""
        begun: dict[int, _Batch] = {}

        def missing() -> Iterator[list[str]]:
            """Yield the texts of each batch that are to be embedded."""
            for place, texts in enumerate(batches):
                batch = begun[place] = self._recall(kind, texts)
                count_known(len(texts) - len(batch.missing))
                yield [texts[row] for row in batch.missing]

        for place, made in self._crew.as_made(task, missing(), _weight_of):
            batch = begun.pop(place)
            if batch.missing:
                batch.vectors[batch.missing] = made
                if self._kept is not None:
                    self._kept.add([batch.keys[row] for row in batch.missing], made)
            yield place, batch.vectors

    def _recall(self, kind: bytes, texts: Sequence[str]) -> "_Batch":
        """Begin a batch with what is kept of it."""
        keys = [_key(kind, text) for text in texts]
        batch = _Batch(keys, np.empty((len(keys), self.dimension), dtype=np.float32), [])
        for row, key in enumerate(keys):
            vector = self._kept.get(key) if self._kept is not None else None
            if vector is None:
                batch.missing.append(row)
            else:
                batch.vectors[row] = vector
        return batch


class _Batch(NamedTuple):
    """Texts by their digests, the vectors that were kept filled in, and the rows of the others."""

    keys: list[bytes]
    vectors: Vectors
    missing: list[int]


class _Passages:
    """Embeds passages and tells how far it is; sent to another process, it tells nobody."""

    def __init__(self, embedder: Embedder, tell: Progress | None = None) -> None:
        """Embed with `embedder`."""
        self._embedder, self._tell = embedder, tell

    def __call__(self, passages: Sequence[str]) -> Vectors:
        """Embed a batch."""
        return self._embedder.embed_passages(passages, self._tell)

    def __reduce__(self) -> "tuple[type[_Passages], tuple[Embedder]]":
        """Return what makes it anew elsewhere."""
        return _Passages, (self._embedder,)


@contextmanager
def keeping(store: Path, embedder: Embedder, crew: Crew = ALONE) -> Iterator[KeepingEmbedder]:
    """Keep in `store` what `embedder` embeds, for the next build if this one does not end."""
    with KeptVectors(store, embedder) as kept:
        yield KeepingEmbedder(embedder, kept, crew)


def by_batches(embedder: Embedder) -> KeepingEmbedder:
    """Return an embedder that embeds batch after batch; it keeps nothing if `embedder` does not."""
    return embedder if isinstance(embedder, KeepingEmbedder) else KeepingEmbedder(embedder)


def _weight_of(texts: Sequence[str]) -> float:
    """Tell how much of an errand a batch is: one, if there is anything to embed."""
    return 1 if texts else 0


def _key(kind: bytes, text: str) -> bytes:
    """Return the digest by which the vector of a text is found again."""
    return hashlib.sha256(kind + text.encode(errors="surrogatepass")).digest()
