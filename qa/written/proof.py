"""The sentences that a written sentence cites, and how near in meaning each is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.embed import open_embedder
from index.normal_form import normalise
from index.types import Vectors
from qa.written.split import split_sentences
from qa.written.types import Source

# what quotation marks, dashes and blanks look like is no difference in words
_SAME_MARKS = str.maketrans("’‘ʼ“”«»„–—‐‑", '\'\'\'"""""----')
_LOOSE = re.compile(r"[\s\"]+")
_EDGES = " .,;:!?…'-*_"


@dataclass(frozen=True, slots=True)
class Proof:
    """A sentence of a cited passage.

    Attributes:
        text: its words.
        language: of its article.
        nearness: cosine to the written sentence, up to 1.
    """

    text: str
    language: str
    nearness: float


def find_proofs(text: str, sources: Sequence[Source]) -> list[Proof]:
    """Return the sentences of some passages, the nearest to `text` first."""
    cited = [(part, source) for source in sources for part in sentences_of(source.text)]
    vectors = np.concatenate([_vectors(sentences_of(source.text)) for source in sources])
    nearness = vectors @ _vectors((text,))[0]
    order = np.argsort(-nearness, kind="stable")
    return [
        Proof(cited[n][0], cited[n][1].article.language, float(nearness[n])) for n in order.tolist()
    ]


def is_quoted(text: str, sources: Sequence[Source]) -> bool:
    """Whether a text is, word for word, one sentence or several in a row of a passage."""
    wanted = plain(text)
    return any(_holds(wanted, source.text) for source in sources)


def plain(text: str) -> str:
    """Return a text in the form in which words are compared, marks of quotation left out."""
    same = normalise("NFC", text).translate(_SAME_MARKS)
    return _LOOSE.sub(" ", same).strip(_EDGES)


@lru_cache(maxsize=256)
def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of a passage."""
    return tuple(text[slice(*span)] for span in split_sentences(text, inside_quotes=True)) or (
        text,
    )


def _holds(wanted: str, text: str) -> bool:
    """Whether sentences of a passage in a row are the words wanted."""
    sentences = [plain(sentence) for sentence in sentences_of(text)]
    for first, sentence in enumerate(sentences):
        if not wanted.startswith(sentence):
            continue
        joined = ""
        for following in sentences[first:]:
            joined = plain(f"{joined}. {following}") if joined else following
            if joined == wanted:
                return True
            if len(joined) > len(wanted):
                break
    return False


@lru_cache(maxsize=1024)
def _vectors(texts: tuple[str, ...]) -> Vectors:
    """Embed texts together; those of a passage are the same for every sentence that cites it."""
    vectors: Vectors = open_embedder().embed_queries(texts)
    return vectors
