"""Questions whose answers are known.

A file of questions holds one JSON object a line: `question`; `relevant`, the ids of the articles
that answer (with or without the file's suffix); `answerable` (true if left out); `spans`, a list of
`{"doc", "text"}`: words of an article that a quote should hold; `sentences`, the same for sentences
of which a quote may be a part; `lang` and `kind` for the report.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import QuestionsInvalid


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article: its id, without the suffix of its file, and the words."""

    article: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question and what answers it.

    Attributes:
        question: as it is asked.
        relevant: ids of the articles that answer, without the suffix of their file.
        answerable: whether anything answers.
        spans: words that answer, each of which will do.
        sentences: sentences that answer, a part of which will do.
        language: of the question; empty when it is not told.
        kind: a name for questions of its sort; empty when it has none.
    """

    question: str
    relevant: frozenset[str]
    answerable: bool = True
    spans: tuple[Quote, ...] = ()
    sentences: tuple[Quote, ...] = ()
    language: str = ""
    kind: str = ""


def read_questions(path: str | Path) -> list[JudgedQuestion]:
    """Read a file of questions.

    Raises:
        QuestionsInvalid: if it cannot be read, or a line is not a question.
    """
    try:
        # only a line feed ends a line: a question may hold any other separator
        lines = Path(path).read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise QuestionsInvalid(Path(path), 0, error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise QuestionsInvalid(Path(path), 0, "the file is not written in UTF-8") from error
    questions = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                questions.append(parse_question(json.loads(line)))
            except (ValueError, TypeError, RecursionError) as error:
                raise QuestionsInvalid(Path(path), number, str(error)) from error
    return questions


def parse_question(record: Any) -> JudgedQuestion:  # noqa: ANN401  whatever a line held
    """Read one question.

    Raises:
        TypeError: if it is none.
    """
    if not isinstance(record, dict):
        raise TypeError("it is no JSON object")
    question, relevant = record.get("question"), record.get("relevant") or []
    if not isinstance(question, str):
        raise TypeError("question is no text")
    if not isinstance(relevant, list) or not all(isinstance(name, str) for name in relevant):
        raise TypeError("relevant is no list of article ids")
    return JudgedQuestion(
        question,
        frozenset(map(without_suffix, relevant)),
        bool(record.get("answerable", True)),
        _quotes(record, "spans"),
        _quotes(record, "sentences"),
        str(record.get("lang") or ""),
        str(record.get("kind") or ""),
    )


def _quotes(record: dict[str, Any], name: str) -> tuple[Quote, ...]:
    """Read a list of words of articles."""
    try:
        return tuple(
            Quote(without_suffix(str(span["doc"])), str(span["text"]))
            for span in record.get(name) or []
        )
    except (KeyError, TypeError) as error:
        raise TypeError(f'{name} is no list of {{"doc", "text"}}') from error


def without_suffix(article: str) -> str:
    """Return an article's id without the suffix of its file."""
    return article.removesuffix(Path(article).suffix)
