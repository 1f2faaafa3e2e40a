"""The types that flow from files to a snapshot.

Offsets are characters of `Article.text`, end excluded. Scores are higher when better. A row is the
position of a chunk, the same in chunks, vectors and postings.
"""

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""float32, shape (n, dimension), rows of unit length."""

Precision = Literal["day", "month", "year", "period"]

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class DateRange:
    """The days from `first` to `last`, both included: a day, a month, a year or any period."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a range that ends before it begins."""
        if self.last < self.first:
            raise ValueError(f"the range ends before it begins: {self.first} to {self.last}")

    @classmethod
    def day(cls, day: date) -> Self:
        """Return the range of a single `day`."""
        return cls(day, day)

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """Return the range of a whole month (1 to 12)."""
        last = calendar.monthrange(year, month)[1]
        return cls(date(year, month, 1), date(year, month, last))

    @classmethod
    def year(cls, year: int) -> Self:
        """Return the range of a whole year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2025", "2025-05" or "2025-05-12".

        Raises:
            ValueError: if `text` is none of these, or no date of the calendar.
        """
        match = _ISO.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"not an ISO day, month or year: {text!r}")
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        if month is None:
            return cls.year(year)
        if day is None:
            return cls.month(year, month)
        return cls.day(date(year, month, day))

    @property
    def precision(self) -> Precision:
        """Whether this is exactly a day, a month or a year; else "period"."""
        if self.first == self.last:
            return "day"
        if self == DateRange.month(self.first.year, self.first.month):
            return "month"
        return "year" if self == DateRange.year(self.first.year) else "period"

    def overlaps(self, other: "DateRange") -> bool:
        """Whether the two ranges share a day."""
        return self.first <= other.last and other.first <= self.last

    def within(self, other: "DateRange") -> bool:
        """Whether every day of this range lies in `other`."""
        return other.first <= self.first and self.last <= other.last

    def __str__(self) -> str:
        """Return the shortest ISO form: "2025-05-12", "2025-05", "2025" or "FIRST/LAST"."""
        match self.precision:
            case "day":
                return self.first.isoformat()
            case "month":
                return f"{self.first:%Y-%m}"
            case "year":
                return f"{self.first:%Y}"
            case "period":
                return f"{self.first.isoformat()}/{self.last.isoformat()}"


@dataclass(frozen=True, slots=True, order=True)
class YearlessRange:
    """Days of any year, as (month, day) pairs, both included: "12 May", "in May", "3 to 5 May".

    `last` before `first` crosses New Year ("20 December to 5 January").
    """

    first: tuple[int, int]
    last: tuple[int, int]

    def in_year(self, year: int) -> DateRange | None:
        """Return these days in `year` (when it starts there), or None: 29 February may not exist.

        A whole February ends on its real last day.
        """
        end_year = year + (self.last < self.first)
        try:
            first = date(year, *self.first)
            last_day = min(self.last[1], calendar.monthrange(end_year, self.last[0])[1])
            if self.first == self.last and last_day != self.last[1]:
                return None
            return DateRange(first, date(end_year, self.last[0], last_day))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression: where it stands and which days it names.

    Attributes:
        start: first character of the expression.
        end: end of the expression (excluded).
        range: the days it names, or None when nothing tells the year.
        yearless: the same days without a year, when the expression itself gives none ("12 May",
            even if `range` was resolved against the article's date); None when it does.
        weekday: 0 (Monday) to 6 when the expression names one beside a day of the month.
    """

    start: int
    end: int
    range: DateRange | None
    yearless: YearlessRange | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article, as extracted from one file.

    Attributes:
        id: path of its file relative to the corpus, with forward slashes; where a file holds many,
            the name of the record or member behind it.
        title: declared or inferred; never empty.
        text: the body; every offset points into it.
        published: day, month or year of publication, or None when nothing tells it.
        doubt: why `published` may be wrong, in a short English phrase, or None.
        author: declared author, or None.
        source: outlet or agency, declared or signed, else the folder; or None.
        language: ISO 639-1 code.
        url: address (http or https) the article was published at, or None.
        origins: for each of title, published, author, source, language and url that is known, where
            it came from: "header", "front matter", "file name", "text", "signature", "folder"...
        furniture: spans of `text` that are no prose (captions, signatures, related links), sorted;
            they are never quoted as an answer.
    """

    id: str
    title: str
    text: str
    published: DateRange | None = None
    author: str | None = None
    source: str | None = None
    language: str = "fr"
    url: str | None = None
    doubt: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    furniture: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is embedded: `text[start:end]` of the article at position `article`."""

    article: int
    start: int
    end: int


class Hit(NamedTuple):
    """A row found by one side of the search, with that side's score."""

    row: int
    score: float


class Skipped(NamedTuple):
    """A file that did not become an article, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        articles: articles in the snapshot.
        chunks: chunks in the snapshot.
        embedded: chunks that had to be embedded.
        reused: chunks whose vector was there: in the snapshot before, or left by a build that did
            not end.
        skipped: files that were left out, with the reason, by path.
        seconds: duration of the build.
        snapshot: name of the snapshot now in force.
        unchanged: files that were not parsed, because the build before had.
        resumed: those of the reused chunks that a build had embedded which did not end.
        warnings: what hindered without harm, such as a full disk, each with what mends it.
    """

    articles: int
    chunks: int
    embedded: int
    reused: int
    skipped: tuple[Skipped, ...]
    seconds: float
    snapshot: str
    unchanged: int = 0
    resumed: int = 0
    warnings: tuple[str, ...] = ()


class Progress(Protocol):
    """Told how far a long step is; `done` and `total` count the step's own items."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Note that `done` of `total` items of `step` are finished."""


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def identity(self) -> str:
        """Name and digest: two embedders with one identity give the same vectors."""

    @property
    def dimension(self) -> int:
        """Width of a vector."""

    @property
    def max_tokens(self) -> int:
        """Tokens a passage may have before the model would cut it."""

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        """Count the tokens of each passage as the model sees it, prompt and marks included."""

    def embed_passages(self, passages: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed what is searched; row i belongs to `passages[i]`."""

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Embed questions; row i belongs to `queries[i]`."""
