"""A message and its history to a question that stands alone.

A follow-up ("et le 3 décembre ?", "who signed it?") is completed from the question before it, and
only then: a message that can stand alone never sees the history, so a change of subject drops it.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import reduce

from index.dates import find_dates
from index.language import detect_language
from index.stopwords import STOP_WORDS
from index.tokens import split_words
from index.types import DateMention, DateRange
from qa.types import AskedDate, Expected, Question, Relation

History = Sequence[tuple[str, str]]
"""Earlier (question, answer text) pairs, oldest first."""

# further back nobody remembers what "it" was
_MAX_HISTORY = 6

# a follow-up with more content than this says itself what it is about
_MAX_FOLLOW_UP_WORDS = 3

_OPENINGS = {
    "fr": ("et", "mais", "ou", "sinon", "alors", "puis"),
    "en": ("and", "but", "or", "so", "then", "what about", "how about"),
    "vi": ("còn", "và", "thế còn", "vậy"),
    "de": ("und", "aber", "oder", "dann", "was ist mit"),
    "es": ("y", "e", "pero", "o", "entonces", "qué hay de"),
}

_PRONOUNS = {
    "fr": "il elle ils elles lui eux l le la les celui celle ceux celles ce cela ça y en",
    "en": "it its he him his she her hers they them their this that these those there",
    "vi": "nó họ ông bà anh ấy đó này",
    "de": "er ihn ihm sie ihr es ihnen dieser diese dieses das dort",
    "es": "él ella ellos ellas lo la los las le les eso esto ello allí",
}

_RELATIONS: tuple[tuple[Relation, str], ...] = (
    ("since", r"depuis|après|à partir (?:de|du)|dès|since|after|from|từ|sau|kể từ|seit|nach|ab"),
    ("since", r"desde|después (?:de|del)|a partir (?:de|del)"),
    ("before", r"avant|before|trước|vor|antes (?:de|del)"),
    ("until", r"jusqu['’](?:à|au|en)|until|till|by|cho đến|đến|bis|hasta"),
)

# the word that asks, in five languages; "what" and plurals ask for a list, "quelle" for one thing
_ASKING: tuple[tuple[Expected, str], ...] = (
    ("number", r"combien|how (?:many|much|old|long|far)|bao nhiêu|mấy|wie ?viele?|cuánt[oa]s?"),
    ("date", r"quand|when|khi nào|bao giờ|ngày nào|năm nào|wann|cuándo|quelle date|what date"),
    ("date", r"quel jour|quelle année|what (?:day|year)|which (?:day|year)|qué (?:día|año)"),
    ("person", r"qui(?! (?:a|ont) été)|who|whom|whose|ai|wer|wen|wem|wessen|quién(?:es)?"),
    ("several", r"que|qu['’]est|quoi|quels|quelles|lesquel(?:le)?s|what|which|gì|nào|những"),
    ("several", r"was|welche|qué|cuáles|list|liste|énumère|liệt kê|lista"),
)
_EXPECTED = tuple(
    (expected, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE))
    for expected, words in _ASKING
)
_ARTICLES = r"(?:le|la|les|du|de|the|el|la|dem|den|end of)"
# what leads to a date and goes with it when another date takes its place: "on", "in", "le"
_LEAD = re.compile(
    r"(?<!\w)(?:(?:le|la|en|au|à|de|du|on|in|the|vào|am|im|el|del)\s+)*$", re.IGNORECASE
)
_BEFORE_DATE = tuple(
    (relation, re.compile(rf"(?:^|\W)(?:{words})\s+(?:{_ARTICLES}\s+)?$", re.IGNORECASE))
    for relation, words in _RELATIONS
)


def understand(message: str, history: History = (), *, today: date | None = None) -> Question:
    """Find out the language, the dates and, for a follow-up, the whole question.

    Args:
        message: what was typed.
        history: earlier (question, answer text) pairs, oldest first.
        today: the day "yesterday" counts from; the current day if left out.
    """
    today = today or date.today()
    text = _tidy(message)
    earlier = [_tidy(question) for question, _answer in history[-_MAX_HISTORY:]]
    standalone = reduce(lambda before, after: _complete(before, after, today), [*earlier, text], "")
    dates = find_asked_dates(standalone, detect_language(standalone), today)
    return Question(text, standalone, detect_language(text), dates, find_expected(standalone))


def _tidy(message: str) -> str:
    """Return a message on one line; half a character, which no model can read, becomes "?"."""
    return " ".join(message.encode(errors="replace").decode().split())


def find_expected(text: str) -> Expected:
    """Tell from the question words what kind of thing would answer; the first kind that fits."""
    for expected, pattern in _EXPECTED:
        if pattern.search(text):
            return expected
    return "anything"


def find_asked_dates(text: str, language: str, today: date) -> tuple[AskedDate, ...]:
    """Find the dates a question names; without a year they mean any year."""
    mentions = find_dates(text, language=language, anchor=DateRange.day(today))
    return tuple(_asked_date(text, mention) for mention in mentions)


def _asked_date(text: str, mention: DateMention) -> AskedDate:
    """Return what a date mention asks for."""
    words = text[mention.start : mention.end]
    relation = _relation(text[: mention.start])
    if mention.yearless is not None:
        return AskedDate(words, yearless=mention.yearless, relation=relation)
    return AskedDate(words, range=mention.range, relation=relation)


def _relation(before: str) -> Relation:
    """Tell from the words before a date whether it opens or closes a period."""
    for relation, pattern in _BEFORE_DATE:
        if pattern.search(before[-30:]):
            return relation
    return "on"


def _complete(before: str, message: str, today: date) -> str:
    """Complete `message` from the standalone question `before` it, if it needs that."""
    if not before or not message:
        return message or before
    language = detect_language(message)
    dates = find_dates(message, language=language, anchor=DateRange.day(today))
    content = _content_words(_without(message, dates), language)
    if dates and not content:
        return _with_other_dates(before, message, dates, today)
    opens = message.lower().startswith(tuple(f"{word} " for word in _OPENINGS.get(language, ())))
    if len(content) <= _MAX_FOLLOW_UP_WORDS and (opens or _leans(message, language)):
        return f"{before} {message}"
    return message


def _leans(message: str, language: str) -> bool:
    """Whether a message speaks of something by a pronoun alone, and names nothing."""
    words = _lower_words(message)
    pronouns = _PRONOUNS.get(language, "").split()
    names = re.search(r"(?<=\w\s)[A-ZÀ-ÝĐ]\w|\d", message)
    return not names and any(word in pronouns for word in words)


def _with_other_dates(before: str, message: str, dates: Sequence[DateMention], today: date) -> str:
    """Ask the question `before` again of the dates of `message`."""
    old = find_dates(before, language=detect_language(before), anchor=DateRange.day(today))
    if not old:
        return f"{before} {message}"
    old_start, new_start = old[0].start, dates[0].start
    lead = _LEAD.search(message[:new_start])
    if lead is not None and lead.group():
        new_start = lead.start()
        old_lead = _LEAD.search(before[:old_start])
        old_start = old_lead.start() if old_lead is not None else old_start
    return before[:old_start] + message[new_start : dates[-1].end] + before[old[-1].end :]


def _without(text: str, mentions: Sequence[DateMention]) -> str:
    """Return `text` with the date expressions blanked out."""
    for mention in reversed(mentions):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return text


def _content_words(text: str, language: str) -> list[str]:
    """Return the words of `text` that carry content."""
    stop_words = STOP_WORDS.get(language, frozenset())
    openings = {word for words in _OPENINGS.get(language, ()) for word in words.split()}
    return [word for word in split_words(text) if word not in stop_words | openings]


def _lower_words(text: str) -> list[str]:
    """Return every word of `text` in lower case, elided ones too."""
    return re.findall(r"[^\W\d_]+", text.lower())
