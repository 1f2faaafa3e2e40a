"""A follow-up and the question before it to one question that stands alone.

A message needs the history when it speaks of something it does not name ("who signed it?"), when it
is only a part of a question ("and in May?", "why?", "in Lyon?"), or when it asks so little that it
could be about anything ("how many people died?"). Whatever names its own subject is a change of
subject, even if it begins with "and".
"""

import re
from datetime import date

from index.tokens import split_words
from qa.understand.message import Clauses, Message
from qa.understand.references import refers_back
from qa.understand.swap_dates import shift_dates, with_dates, without_dates
from qa.understand.swap_names import with_names

# a message with more words of content says itself what it is about, whatever its pronouns
_MAX_WORDS = 6
# and so does the rest of a question after "and" or "only"
_MAX_FRAGMENT_WORDS = 3
# "how many people died?", "why was it closed?": nobody can tell of what, with no more words
_MAX_BARE_WORDS = 2
# "which ministers resigned?" says it with two
_MAX_BARE_WORDS_WHICH = 1

_PREPOSITION = re.compile(
    r"(?:à|au|aux|en|dans|chez|selon|pour|par|avec|sans|contre|vers|sur|in|at|for|by|with|without|among"
    r"|from|against|according to|im|bei|mit|ohne|für|von|laut|gegen|con|para|según|sin|contra|por|ở"
    r"|tại|với|theo|cho)\s",
    re.IGNORECASE,
)
# a verb or a comma: more than a part of a question
_SENTENCE = re.compile(
    r",|-t-|(?<!\w)(?:a|ont|est|sont|était|did|does|do|is|are|was|were|has|have|had|will|hat|haben|ist"
    r"|sind|wurde|wurden|ha|han|es|fue|son|fueron|đã|là|được)(?!\w)",
    re.IGNORECASE,
)


def follow(clauses: Clauses, message: Message, today: date) -> Clauses | None:
    """Complete `message` from the question before it; None if it stands alone."""
    if not clauses:
        return None
    shifted = shift_dates(clauses, message, today)
    if shifted is not None:
        return shifted
    if message.kind is None and message.dates and not message.content:
        return with_dates(clauses, message, today)
    if _is_fragment(message):
        changes = _changes_subject(message, clauses)
        return None if changes else with_names(clauses, message, today)
    return _attach(clauses, message, today) if _needs_context(message) else None


def _attach(clauses: Clauses, message: Message, today: date) -> Clauses:
    """Put `message` after the question it asks more about.

    What was asked of it before is left behind, unless the message is nothing without it ("why?").
    """
    earlier = clauses[:1] if message.content else (clauses[0], *clauses[1:][-1:])
    if message.dates:
        earlier = without_dates(earlier, today)
    return (*earlier, message.bare.text)


def _is_fragment(message: Message) -> bool:
    """Whether a message is a part of a question: another place, somebody else, a correction."""
    words = message.bare
    if message.kind is not None or (_SENTENCE.search(words.text) and not words.corrects):
        return False
    if not (words.opens or words.corrects or words.narrows or _PREPOSITION.match(words.text)):
        return False
    return message.word_count <= _MAX_FRAGMENT_WORDS


def _changes_subject(message: Message, clauses: Clauses) -> bool:
    """Whether "and the strike in Lyon?" has nothing in common with what was asked before."""
    if not message.bare.opens or message.bare.points or message.bare.corrects:
        return False
    text = message.undated
    named = {word for name in message.names for word in split_words(text[slice(*name)])}
    said = {word for clause in clauses for word in split_words(clause)}
    return bool(named) and bool(set(message.content) - named) and said.isdisjoint(message.content)


def _needs_context(message: Message) -> bool:
    """Whether a question says too little to be understood alone."""
    if message.bare.corrects or not message.content:
        return not message.asks_what_happened
    if message.fronts_subject:
        return False
    if message.word_count <= _MAX_WORDS and refers_back(message.undated, message.language):
        return True
    return not _names_subject(message) and message.word_count <= _max_words(message)


def _names_subject(message: Message) -> bool:
    """Whether a message names something; in German, two nouns do."""
    names = " ".join(message.undated[slice(*name)] for name in message.names)
    capitals = sum(word[0].isupper() for word in names.split())
    return capitals >= (2 if message.language == "de" else 1)


def _max_words(message: Message) -> int:
    """Return how many words of content a question may have and still be part of another."""
    if message.bare.opens:
        return _MAX_FRAGMENT_WORDS
    if message.dates or message.defines or not (message.kind or message.bare.text.endswith("?")):
        return 0
    return _MAX_BARE_WORDS_WHICH if message.asks_which else _MAX_BARE_WORDS
