"""What programs give with a question, of the kind and size that is taken, or told in a sentence.

A value that is left out comes as None, as nothing or as an empty list: all three ask for nothing.
"""

from typing import TypedDict

from index.errors import ArgumentInvalid

MOST_CHARACTERS = 100_000
"""Of one text; what is too long for a question is told by whoever is asked."""

MOST_OF_A_NAME = 1_000
"""Characters of what is named: an article, a source, a word, a day."""

MOST_NAMES = 30
"""Sources, languages or words of one filter."""

MOST_TURNS = 6
"""Earlier questions that a follow-up may lean on; of more, the last ones."""


class Filters(TypedDict, total=False):
    """Which articles are let through, as `qa.ask` takes it."""

    after: str | None
    before: str | None
    sources: list[str] | None
    languages: list[str] | None
    words: list[str] | None


def read_filters(
    after: object = None,
    before: object = None,
    sources: object = None,
    languages: object = None,
    words: object = None,
) -> Filters:
    """Return filters as a service takes them; whether a day is one is seen when it is asked.

    Raises:
        ArgumentInvalid: if one of them is of another kind; likewise below.
    """
    return Filters(
        after=read_text("after", after or "", MOST_OF_A_NAME) or None,
        before=read_text("before", before or "", MOST_OF_A_NAME) or None,
        sources=_read_names("sources", sources),
        languages=_read_names("languages", languages),
        words=_read_names("words", words),
    )


def read_text(name: str, value: object, most: int = MOST_CHARACTERS) -> str:
    """Return a text of at most so many characters, which every part behind can encode."""
    if not isinstance(value, str) or len(value) > most:
        raise ArgumentInvalid(name, value, f"a text of at most {most} characters")
    # half a surrogate pair is valid in JSON and in no encoding
    return value.encode("utf-8", "replace").decode("utf-8")


def read_number(name: str, value: object, least: int) -> int:
    """Return a whole number of at least `least`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ArgumentInvalid(name, value, f"a whole number from {least}")
    return value


def read_history(value: object) -> list[tuple[str, str]]:
    """Return earlier turns, oldest first: pairs of a question and the text of its answer."""
    wanted = "a list of pairs, each of a question and the text of its answer"
    turns = [] if value is None else value
    if not isinstance(turns, list):
        raise ArgumentInvalid("history", value, wanted)
    pairs = []
    for turn in turns[-MOST_TURNS:]:
        if not isinstance(turn, list) or len(turn) != 2:
            raise ArgumentInvalid("history", value, wanted)
        question, answer = (read_text("history", text) for text in turn)
        pairs.append((question, answer))
    return pairs


def _read_names(name: str, value: object) -> list[str] | None:
    """Return a list of texts, or None; a text alone counts as a list of one."""
    texts = [value] if isinstance(value, str) else value
    if not texts:
        return None
    if not isinstance(texts, list) or len(texts) > MOST_NAMES:
        raise ArgumentInvalid(name, value, f"a list of at most {MOST_NAMES} texts")
    return [read_text(name, text, MOST_OF_A_NAME) for text in texts]
