"""The types that flow from a question to a cited answer.

Offsets are characters of `Article.text`, end excluded. Scores are higher when better; ranks count
from 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.types import Article, DateRange, YearlessRange

Span = tuple[int, int]
Relation = Literal["on", "since", "before", "until"]
Expected = Literal["person", "date", "number", "several", "anything"]


@dataclass(frozen=True, slots=True)
class AskedDate:
    """A date the question names.

    Exactly one of `range` and `yearless` is set: "12 May" without a year means that day of any
    year.

    Attributes:
        text: the words of the question.
        range: the days meant, when the year is known.
        yearless: the days meant, in any year.
        relation: "since", "before" and "until" ask for everything from those days on, up to them,
            or up to their end.
    """

    text: str
    range: DateRange | None = None
    yearless: YearlessRange | None = None
    relation: Relation = "on"


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood of a message.

    Attributes:
        text: the message as it was written.
        standalone: the self-contained question that is searched; differs from `text` when an
            earlier question filled in what a follow-up leaves out.
        language: ISO 639-1 code of the message.
        dates: the dates it names, in order.
        expected: what would answer it: somebody's name, a date, a number, several things.
        remaining: `standalone` without the dates that are to be ignored; None when there are none.
    """

    text: str
    standalone: str
    language: str
    dates: tuple[AskedDate, ...] = ()
    expected: Expected = "anything"
    remaining: str | None = None

    @property
    def heeded(self) -> str:
        """What is searched for and read: `standalone` without what is to be ignored."""
        return self.standalone if self.remaining is None else self.remaining

    @property
    def is_follow_up(self) -> bool:
        """Whether the history was needed to understand it; nothing is searched for thanks."""
        return self.standalone not in ("", self.text)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article that may answer.

    Attributes:
        article: the article it belongs to.
        start: first character in `article.text`.
        end: end in `article.text` (excluded).
        text: `article.text[start:end]`.
        score: higher is better; comparable within one question only.
        rank: position in the result, from 1.
        quotes: spans of `article.text` inside the passage that answer, best first.
    """

    article: Article
    start: int
    end: int
    text: str
    score: float
    rank: int
    quotes: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words behind the mark [number]: `quote == article.text[start:end]`."""

    number: int
    article: Article
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer made of quotes, or an honest "the articles do not say".

    Attributes:
        text: Markdown; each `[n]` in it belongs to the citation of that number.
        citations: by number, from 1; empty when not grounded.
        passages: what was read, best first; the nearest evidence when not grounded.
        grounded: whether the articles answer.
        question: what was understood.
        confidence: estimated probability that the articles answer, 0 to 1; an answer is given from
            `Settings.answer_probability` on.
        emptied_by: names of the filters because of which there is no passage at all, as arguments
            of `ask`: dropping all of them brings some, and if one alone does, so does each.
        seconds: how long each stage of answering took, and "total"; two answers that differ in
            nothing else are equal.
    """

    text: str
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    grounded: bool
    question: Question
    confidence: float = 0.0
    emptied_by: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)
