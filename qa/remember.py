"""An embedder and a reader that remember what they read before.

People ask one story many questions; reading its sentences again each time is most of an answer's
cost. The same question is often asked twice: again without a filter, or with the next one.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.types import Embedder, Progress, Vectors
from qa.read import Reader, Reading, ReadText

# 30 MB of vectors of 384 numbers
_MOST = 20_000

# 10 MB of readings of 200 tokens
_MOST_READINGS = 2_000


class RememberingEmbedder:
    """Embeds each passage once, while it is among the latest."""

    def __init__(self, embedder: Embedder, most: int = _MOST) -> None:
        """Remember at most `most` passages of `embedder`."""
        self.identity = embedder.identity
        self.max_tokens = embedder.max_tokens
        self._embedder = embedder
        self._most = most
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

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
        with self._lock:
            known = {text: self._vectors[text] for text in passages if text in self._vectors}
        new = list(dict.fromkeys(text for text in passages if text not in known))
        if new:
            known.update(zip(new, self._embedder.embed_passages(new, progress), strict=True))
        self._keep(known)
        vectors = [known[text] for text in passages]
        return np.array(vectors, dtype=np.float32).reshape(len(passages), self.dimension)

    def _keep(self, used: dict[str, NDArray[np.float32]]) -> None:
        """Note the texts just used, and forget those used longest ago."""
        with self._lock:
            for text, vector in used.items():
                self._vectors[text] = vector
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)


class RememberingReader:
    """Reads each text once for a question, while both are among the latest."""

    def __init__(self, reader: Reader, most: int = _MOST_READINGS) -> None:
        """Remember at most `most` readings of `reader`."""
        self._reader = reader
        self._most = most
        self._readings: OrderedDict[tuple[str, ReadText], Reading] = OrderedDict()
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Begin to load the reader, and return at once."""
        self._reader.warm()

    def read(self, question: str, texts: Sequence[ReadText]) -> list[Reading]:
        """Read each text, the new ones by the model, in order."""
        keys = [(question, text) for text in texts]
        with self._lock:
            known = {key: self._readings[key] for key in keys if key in self._readings}
        new = list(dict.fromkeys(text for text in texts if (question, text) not in known))
        if new:
            read = self._reader.read(question, new)
            known.update(zip(((question, text) for text in new), read, strict=True))
        self._keep(known)
        return [known[key] for key in keys]

    def _keep(self, used: dict[tuple[str, ReadText], Reading]) -> None:
        """Note the readings just used, and forget those used longest ago."""
        with self._lock:
            for key, reading in used.items():
                self._readings[key] = reading
                self._readings.move_to_end(key)
            while len(self._readings) > self._most:
                self._readings.popitem(last=False)
