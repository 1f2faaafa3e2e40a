"""What was worked out before: vectors and readings of texts, and whole answers.

People ask one story many questions; reading its sentences again each time is most of an answer's
cost. The same question is often asked twice: again without a filter, or with the next one; and the
questions of the day are asked by many.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.types import Embedder, Progress, Vectors
from qa.read import Reader, Reading, ReadText

# 30 MB of vectors of 384 numbers
_MOST = 20_000

# 10 MB of readings of 200 tokens
_MOST_READINGS = 2_000

# an answer holds the articles it quotes: a megabyte, if they are long
_MOST_ANSWERS = 200

_Asked = TypeVar("_Asked", bound=Hashable)
_Found = TypeVar("_Found")


class Remembered(Generic[_Asked, _Found]):
    """What was found, while it is among the latest; many threads may ask."""

    def __init__(self, most: int = _MOST_ANSWERS) -> None:
        """Remember at most `most` findings."""
        self._most = most
        self._found: OrderedDict[_Asked, _Found] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, asked: _Asked, find: Callable[[], _Found]) -> _Found:
        """Return what was found for the same, or find it; what `find` raises is not remembered."""
        known = self.known([asked])
        found = known[asked] if asked in known else find()
        self.keep({asked: found})
        return found

    def known(self, asked: Iterable[_Asked]) -> dict[_Asked, _Found]:
        """Return what was found of all this."""
        with self._lock:
            return {one: self._found[one] for one in asked if one in self._found}

    def keep(self, used: Mapping[_Asked, _Found]) -> None:
        """Note what was just used, and forget what was used longest ago."""
        with self._lock:
            for asked, found in used.items():
                self._found[asked] = found
                self._found.move_to_end(asked)
            while len(self._found) > self._most:
                self._found.popitem(last=False)


class RememberingEmbedder:
    """Embeds each passage once, while it is among the latest."""

    def __init__(self, embedder: Embedder, most: int = _MOST) -> None:
        """Remember at most `most` passages of `embedder`."""
        self.identity = embedder.identity
        self.max_tokens = embedder.max_tokens
        self._embedder = embedder
        self._vectors = Remembered[str, NDArray[np.float32]](most)

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return self._embedder.dimension

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        """Count the tokens of each passage as the model sees it."""
        return self._embedder.count_tokens(passages)

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Embed questions; row i belongs to `queries[i]`."""
        return self._embedder.embed_queries(queries)

    def embed_passages(self, passages: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed passages, the new ones by the model; row i belongs to `passages[i]`."""
        known = self._vectors.known(passages)
        new = list(dict.fromkeys(text for text in passages if text not in known))
        if new:
            known.update(zip(new, self._embedder.embed_passages(new, progress), strict=True))
        self._vectors.keep(known)
        vectors = [known[text] for text in passages]
        return np.array(vectors, dtype=np.float32).reshape(len(passages), self.dimension)


class RememberingReader:
    """Reads each text once for a question, while both are among the latest."""

    def __init__(self, reader: Reader, most: int = _MOST_READINGS) -> None:
        """Remember at most `most` readings of `reader`."""
        self._reader = reader
        self._readings = Remembered[tuple[str, ReadText], Reading](most)

    def warm(self) -> None:
        """Begin to load the reader, and return at once."""
        self._reader.warm()

    def read(self, question: str, texts: Sequence[ReadText]) -> list[Reading]:
        """Read each text, the new ones by the model, in order."""
        keys = [(question, text) for text in texts]
        known = self._readings.known(keys)
        new = list(dict.fromkeys(text for text in texts if (question, text) not in known))
        if new:
            read = self._reader.read(question, new)
            known.update(zip(((question, text) for text in new), read, strict=True))
        self._readings.keep(known)
        return [known[key] for key in keys]
