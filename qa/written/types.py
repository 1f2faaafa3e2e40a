"""What a language model is shown, and what is known of each sentence it wrote.

A sentence counts when nothing was found against it. What fails is shown as unsupported; nothing of
it is mended.
"""

from dataclasses import dataclass
from typing import Literal

from index.types import Article
from qa.types import Span

Problem = Literal[
    "unmarked",  # it cites nothing
    "unknown mark",  # it cites a number that no source has
    "number",  # a number of it stands in none of the sources it cites
    "date",  # a day, month or year of it does not
    "name",  # a name of it does not
    "negation",  # it denies what they say, or says what they deny
    "unsupported",  # the reader finds it in none of them
]


@dataclass(frozen=True, slots=True)
class Source:
    """A passage under a number, as the model is shown it.

    Attributes:
        number: what `[number]` in the answer means, from 1.
        article: where it stands.
        start: first character in `article.text`.
        end: end in `article.text` (excluded).
    """

    number: int
    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The exact words of the article."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Finding:
    """What speaks against a sentence: the problem, and the words it lies in."""

    problem: Problem
    words: str = ""


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence of a written answer, checked.

    Attributes:
        text: its words, without its marks.
        marks: the numbers it cites, in order, each once.
        span: where it stands in what the model wrote, marks included.
        findings: what speaks against it; none, if it is supported.
    """

    text: str
    marks: tuple[int, ...]
    span: Span
    findings: tuple[Finding, ...] = ()

    @property
    def is_supported(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.findings
