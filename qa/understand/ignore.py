"""What was understood, without the parts that the asker says not to heed.

Whoever takes "12 May" off a question wants the rest of it answered, of any day: the date is neither
evidence nor words to search for. Whoever takes off the language says that it was guessed wrong.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from index.language import detect_language
from qa.phrases import ANSWER_LANGUAGES
from qa.types import AskedDate, Question
from qa.understand.asked_dates import PERIOD_JOINT, find_lead
from qa.understand.expected import find_expected

LANGUAGE: Final = "language"
"""The part to ignore when the language was guessed wrong."""

FOLLOW_UP: Final = "follow-up"
"""The part to ignore when a message was not meant to go on from those before it."""


def leave_out(question: Question, ignore: Collection[str]) -> Question:
    """Return a question without the dates, by their text, and the language to ignore.

    What is no part of it changes nothing.
    """
    dropped = tuple(asked for asked in question.dates if asked.text in ignore)
    if dropped:
        kept = tuple(asked for asked in question.dates if asked not in dropped)
        question = replace(question, dates=kept, remaining=_cut(question.standalone, dropped))
    if LANGUAGE in ignore:
        others = [language for language in ANSWER_LANGUAGES if language != question.language]
        language = detect_language(question.text, candidates=others)
        expected = find_expected(question.standalone, language)
        question = replace(question, language=language, expected=expected)
    return question


def _cut(text: str, dropped: Collection[AskedDate]) -> str:
    """Return a text without some dates and the words that lead to them."""
    for asked in dropped:
        for words in asked.text.split(PERIOD_JOINT):
            # whole words: "mai" is no part of "maire"
            for match in reversed([*re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]):
                text = f"{text[: find_lead(text, match.start())]}{text[match.end() :]}"
    return " ".join(text.split())
