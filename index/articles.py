"""The articles and chunks of a snapshot, decoded when they are asked for.

What is asked of all articles at once stands in columns: an archive may hold a million of them, and
no question may read each. What is known of an article but its text is a line of JSON; the texts
stand end to end in a file of their own. Each article is checked against its own digest whenever it
is read, so that no byte that changed on the disk is ever quoted.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import Data, array_bytes, read_array
from index.disk import let_go
from index.lazy import Lazy
from index.types import Article, Chunk, DateRange

HEADS = "articles.jsonl"
TEXTS = "texts.txt"
PLACES = "places.npy"
COLUMNS = "columns.npy"
LABELS = "labels.json"
ARTICLE_FILES = (HEADS, COLUMNS, LABELS, PLACES, TEXTS)
"""The files that hold the articles of a snapshot."""

NO_ORIGIN = "none"
"""Where the date of an article without a date comes from."""

# An answer reads some dozens of articles, and the next question often the same ones.
_REMEMBERED = 512

# so much is read before the memory of what is mapped is given back: a build reads all, many times
_PASSED_BYTES = 16 << 20

_LABELLED = ("language", "source", "folder", "origin")
_PLACE, _NUMBER = "<i8", "<i4"

# The columns of the places: where the head of an article ends, and its text; then their digests.
_HEAD, _TEXT, _CHECKS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Labels:
    """A text for each article, of few different ones: `names[codes[position]]`.

    Attributes:
        names: the different texts, sorted; "" where there is none.
        codes: for each article the place of its text among them, int32.
    """

    names: tuple[str, ...]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Number the different texts."""
        names = tuple(sorted(set(texts)))
        code_of = {name: code for code, name in enumerate(names)}
        return cls(names, np.array([code_of[text] for text in texts], dtype=np.int32))

    def text(self, position: int) -> str:
        """Return the text of one article."""
        return self.names[int(self.codes[position])]

    def counts(self) -> dict[str, int]:
        """Count the articles of each text but "", the most frequent first, then by text."""
        found = np.bincount(self.codes, minlength=len(self.names)).tolist()
        pairs = [(name, count) for name, count in zip(self.names, found, strict=True) if name]
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def among(self, chosen: Sequence[str]) -> NDArray[np.bool_]:
        """Tell which articles have one of the `chosen` texts, by position."""
        return np.isin(self.codes, [self.names.index(name) for name in set(chosen) & {*self.names}])


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of all articles, by position.

    Attributes:
        published: first and last day of publication as ordinals, (0, 0) if not known; int64, shape
            (articles, 2).
        lengths: characters of each text, int64.
        languages: code of each article.
        sources: of each article.
        folders: that each article lies in, as the beginning of its id.
        origins: where each date comes from.
    """

    published: NDArray[np.int64]
    lengths: NDArray[np.int64]
    languages: Labels
    sources: Labels
    folders: Labels
    origins: Labels

    @classmethod
    def of(cls, articles: Sequence[Article]) -> Self:
        """Draw the columns of articles."""
        days = [article.published for article in articles]
        labels = [Labels.of(texts) for texts in zip(*map(labels_of, articles), strict=True)]
        return cls(
            np.array([ordinals_of(one) for one in days], dtype=np.int64).reshape(-1, 2),
            np.array([len(article.text) for article in articles], dtype=np.int64),
            *(labels or [Labels.of([])] * len(_LABELLED)),
        )

    @property
    def labels(self) -> tuple[Labels, Labels, Labels, Labels]:
        """Return the columns of few different texts, in the order they are written."""
        return self.languages, self.sources, self.folders, self.origins


def date_origin(article: Article) -> str:
    """Return where the date of an article came from."""
    return article.origins.get("published", NO_ORIGIN) if article.published else NO_ORIGIN


def ordinals_of(days: DateRange | None) -> tuple[int, int]:
    """Return the first and the last day as ordinals, 0 if they are not known."""
    return (days.first.toordinal(), days.last.toordinal()) if days else (0, 0)


def labels_of(article: Article) -> tuple[str, str, str, str]:
    """Return language, source, folder and the origin of the date, "" where there is none."""
    folder = article.id.rpartition("/")[0]
    return article.language, article.source or "", folder, date_origin(article)


def find_position(articles: Sequence[Article], article_id: str) -> int | None:
    """Return the position of the article of an id, among articles in order of it, or None."""
    place = bisect_left(articles, article_id, key=lambda article: article.id)
    there = place < len(articles) and articles[place].id == article_id
    return place if there else None


class ArticleChanged(ValueError):
    """An article is not what was written."""


class Sliced(Protocol):
    """Bytes of which parts are asked for."""

    def __len__(self) -> int:
        """Count them all."""

    def __getitem__(self, part: slice, /) -> Data:
        """Return those from a start to an end."""


class StoredArticles(Lazy[Article]):
    """The articles of a snapshot, in order of id; reading one may raise ArticleChanged."""

    def __init__(
        self, files: Mapping[str, Data], heads: Sliced | None = None, texts: Sliced | None = None
    ) -> None:
        """Use the files that `article_files` returned.

        Args:
            files: by name.
            heads: stands for the file of heads where that lies elsewhere.
            texts: stands for the file of texts.

        Raises:
            ValueError: or KeyError, TypeError: if they do not fit together.
        """
        self.files = {name: files[name] for name in ARTICLE_FILES if name in files}
        self._heads: Sliced = memoryview(files[HEADS]) if heads is None else heads
        self._texts: Sliced = memoryview(files[TEXTS]) if texts is None else texts
        self._places = read_array(files[PLACES], _PLACE, 4)
        self.columns = _read_columns(files)
        if len(self._places) != len(self.columns.lengths):
            raise ValueError("articles and columns of different lengths")
        for column, data in ((_HEAD, self._heads), (_TEXT, self._texts)):
            _check_ends(self._places[:, column], len(data))
        self._passed = 0
        super().__init__(len(self._places), lru_cache(_REMEMBERED)(self._decode))

    def __iter__(self) -> Iterator[Article]:
        """Yield all articles, remembering none."""
        return (self._decode(position) for position in range(len(self)))

    @property
    def text_checks(self) -> NDArray[np.int64]:
        """The digest of each text."""
        return self._places[:, _TEXT + _CHECKS]

    def ids(self) -> Iterator[str]:
        """Yield the id of each article."""
        return (str(self._head(position)["id"]) for position in range(len(self)))

    def record(self, position: int) -> tuple[bytes, bytes, NDArray[np.int64]]:
        """Return an article as it was written, unchecked: head and text, and their digests."""
        head = self._bytes(self._heads, _HEAD, position)
        text = self._bytes(self._texts, _TEXT, position)
        return head, text, self._places[position, _CHECKS:]

    def heads(self) -> Iterator[Article]:
        """Yield what is known of each article, with an empty text and no furniture."""
        for position in range(len(self)):
            record = self._head(position)
            record.pop("furniture", None)
            yield _article(record, "")

    def _decode(self, position: int) -> Article:
        """Read an article and check it."""
        text = self._part(self._texts, _TEXT, position)
        return _article(self._head(position), text.decode("utf-8", "surrogatepass"))

    def _head(self, position: int) -> dict[str, Any]:
        """Read what is known of an article but its text, and check it."""
        return dict(json.loads(self._part(self._heads, _HEAD, position)))

    def _part(self, data: Sliced, column: int, position: int) -> bytes:
        """Return the bytes of one article in one of the files, checked."""
        part = self._bytes(data, column, position)
        if check_of(part) != self._places[position, column + _CHECKS]:
            raise ArticleChanged(f"its article {position + 1} is not what was written")
        return part

    def _bytes(self, data: Sliced, column: int, position: int) -> bytes:
        """Return the bytes of one article in one of the files."""
        start = int(self._places[position - 1, column]) if position else 0
        part = bytes(data[start : int(self._places[position, column])])
        self._passed += len(part)
        if self._passed > _PASSED_BYTES:
            self._passed = 0
            let_go(self._heads)
            let_go(self._texts)
        return part


def article_files(articles: Sequence[Article]) -> dict[str, Data]:
    """Return the files of articles, which stand in order of id, by name."""
    if isinstance(articles, StoredArticles):
        return articles.files
    heads = [head_of(article) for article in articles]
    texts = [text_of(article) for article in articles]
    ends = [np.cumsum([len(one) for one in parts], dtype=np.int64) for parts in (heads, texts)]
    checks = [list(map(check_of, parts)) for parts in (heads, texts)]
    places = np.array([*ends, *checks], dtype=np.int64).reshape(4, -1).T
    return files_of(b"".join(heads), b"".join(texts), places, Columns.of(articles))


def files_of(
    heads: Data, texts: Data, places: NDArray[np.int64], columns: Columns
) -> dict[str, Data]:
    """Return the files of articles by name.

    Args:
        heads: what is known of each but its text, end to end.
        texts: their texts, end to end.
        places: for each, the end of its head and of its text, and the digests of both.
        columns: what is known of all.
    """
    labels = columns.labels
    numbers = [*columns.published.T, columns.lengths, *(one.codes for one in labels)]
    names = dict(zip(_LABELLED, (one.names for one in labels), strict=True))
    return {
        HEADS: heads,
        TEXTS: texts,
        PLACES: array_bytes(places.astype(_PLACE, copy=False)),
        COLUMNS: array_bytes(np.array(numbers, dtype=_NUMBER).reshape(len(numbers), -1).T),
        LABELS: json.dumps(names, sort_keys=True).encode() + b"\n",
    }


class StoredChunks(Lazy[Chunk]):
    """The chunks of a snapshot, by row."""

    def __init__(self, rows: NDArray[np.int32]) -> None:
        """Use an array of article, start and end, shape (rows, 3)."""
        self.rows = rows
        super().__init__(len(rows), lambda row: Chunk(*rows[row].tolist()))

    @classmethod
    def of(cls, chunks: Sequence[Chunk]) -> Self:
        """Write chunks into an array, unless they are in one."""
        if isinstance(chunks, cls):
            return chunks
        rows = [(chunk.article, chunk.start, chunk.end) for chunk in chunks]
        return cls(np.array(rows, dtype=_NUMBER).reshape(-1, 3))

    @classmethod
    def from_bytes(cls, data: Data) -> Self:
        """Read back what `to_bytes` returned.

        Raises:
            ValueError: if it is anything else.
        """
        return cls(read_array(data, _NUMBER, 3))

    def to_bytes(self) -> bytes:
        """Return the bytes of an .npy file."""
        return array_bytes(self.rows)


def _read_columns(files: Mapping[str, Data]) -> Columns:
    """Read the columns, and refuse texts that are not there."""
    numbers = read_array(files[COLUMNS], _NUMBER, 3 + len(_LABELLED))
    names = json.loads(bytes(files[LABELS]))
    labels = []
    for column, name in enumerate(_LABELLED, start=3):
        codes = numbers[:, column]
        known = tuple(map(str, names[name]))
        if len(codes) and not 0 <= codes.min() <= codes.max() < len(known):
            raise ValueError(f"a {name} that is not there")
        labels.append(Labels(known, codes))
    return Columns(numbers[:, :2].astype(np.int64), numbers[:, 2].astype(np.int64), *labels)


def _check_ends(ends: NDArray[np.int64], size: int) -> None:
    """Refuse places that lead out of their file."""
    last = int(ends[-1]) if len(ends) else 0
    if last != size or (len(ends) and (ends[0] < 0 or (np.diff(ends) < 0).any())):
        raise ValueError("articles that lie outside their file")


def check_of(part: bytes) -> int:
    """Return the digest of a part of an article, as a signed number of 64 bits."""
    return int.from_bytes(blake2b(part, digest_size=8).digest(), "little", signed=True)


def text_of(article: Article) -> bytes:
    """Return the text of an article as it is written."""
    return article.text.encode("utf-8", "surrogatepass")


def text_checks(articles: Sequence[Article]) -> NDArray[np.int64]:
    """Return the digest of each article's text."""
    if isinstance(articles, StoredArticles):
        return articles.text_checks
    return np.array([check_of(text_of(article)) for article in articles], dtype=np.int64)


def head_of(article: Article) -> bytes:
    """Return all that is known of an article but its text; what is not known is left out."""
    record: dict[str, Any] = {field.name: getattr(article, field.name) for field in fields(Article)}
    published = article.published
    record["published"] = published and [published.first.isoformat(), published.last.isoformat()]
    del record["text"]
    known = {name: value for name, value in record.items() if value not in (None, (), {})}
    return json.dumps(known, sort_keys=True, default=dict).encode() + b"\n"


def _article(record: dict[str, Any], text: str) -> Article:
    """Return the article that `head_of` wrote."""
    if published := record.pop("published", None):
        record["published"] = DateRange(*map(date.fromisoformat, published))
    furniture = tuple((int(start), int(end)) for start, end in record.pop("furniture", ()))
    return Article(text=text, furniture=furniture, **record)
