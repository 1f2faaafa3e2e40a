"""Turns of the conversation as the chat's Markdown messages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from qa.types import Answer
from ui.highlight import is_exact
from ui.language import Words

# A mark of the answer. A bracket of the article is written \[ and is none.
_MARK = re.compile(r"(?P<before>(?<!\\)(?:\\\\)*)\[(?P<number>\d{1,4})\]")
# An address in a quote is text: nobody vouches for where it leads.
_ADDRESS = re.compile(r"(?<!\\)(?=://|@)|(?<=www)(?=\.)", re.IGNORECASE)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


class Message(TypedDict):
    """A message as the chatbot component takes it; `content` is Markdown."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it: an answer, or else the sentence that tells why not."""

    question: str
    answer: Answer | None
    trouble: str = ""


def messages(turns: Sequence[Turn], words: Words) -> list[Message]:
    """Return the whole conversation as messages."""
    written: list[Message] = []
    for number, turn in enumerate(turns):
        written.append({"role": "user", "content": plain(turn.question)})
        content = plain(turn.trouble)
        if turn.answer is not None:
            content = answer_message(turn.answer, number, words)
        written.append({"role": "assistant", "content": content})
    return written


def history(turns: Sequence[Turn]) -> tuple[tuple[str, str], ...]:
    """Return the (question, answer text) pairs that a follow-up may lean on."""
    return tuple((turn.question, turn.answer.text) for turn in turns if turn.answer is not None)


def plain(text: str) -> str:
    """Return Markdown that shows `text` as it is: no markup, no link, no HTML."""
    lines = (line.strip() for line in text.splitlines())
    return _PUNCTUATION.sub(r"\\\1", "\n".join(lines))


def answer_message(answer: Answer, turn: int, words: Words) -> str:
    """Return the answer's Markdown, each mark a link to its source in the panel.

    An answer with a quote that is not in its article, word for word, is withheld.
    """
    if not all(is_exact(citation) for citation in answer.citations):
        return plain(words("answer.withheld"))
    numbers = {citation.number for citation in answer.citations}

    def link(mark: re.Match[str]) -> str:
        """Return one mark as a link, when it belongs to a citation."""
        number = int(mark["number"])
        if number not in numbers:
            return mark[0]
        title = words("answer.source", number=number)
        return f'{mark["before"]}[\\[{number}\\]](#source-{turn}-{number} "{title}")'

    return _MARK.sub(link, _ADDRESS.sub(r"\\", answer.text))
