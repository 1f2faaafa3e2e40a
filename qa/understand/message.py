"""A message read for what ties it to the messages before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile

from index.dates import find_dates
from index.language import detect_language
from index.stopwords import STOP_WORDS
from index.tokens import split_words
from index.types import DateMention, DateRange
from qa.types import Expected
from qa.understand.courtesies import Bare, bare
from qa.understand.expected import asked_kind

Clauses = tuple[str, ...]
"""A question that stands alone: what it is about, then what is asked of it."""

# a capital that begins no sentence, or a word like "G7"
_CAPITAL = r"[A-ZÀ-ÖØ-ÝĐ][\w-]*"
_JOIN = r"(?: | (?:of|of the|de|du|des|de la|del|von|der|y|&) )"
_NAMES = re.compile(rf"(?<![\w'’-]){_CAPITAL}(?:{_JOIN}{_CAPITAL})*|(?<=['’]){_CAPITAL}")
_SENTENCE_START = re.compile(r"(?:^|[.?!¿¡…:]\s*)\W*$")

# what a Vietnamese word may look like: "Tesla" is none
_SYLLABLE = re.compile(
    r"[bcdđghklmnpqrstvx]{0,3}[^\Wbcdđfghjklmnpqrstvwxz]{1,3}(?:c|ch|m|n|ng|nh|p|t)?"
)

# what happened on a day needs no history, though it has no other word of content
_HAPPENS = re.compile(
    r"happen|passée?\b|passe-t-il|arrivée?\b|pasó|pasa|ocurri|sucedi|geschah|geschehen|passier"
    r"|xảy ra|chuyện gì|\bnews\b|nouvelles|noticias|nachrichten|tin tức",
    re.IGNORECASE,
)

# "which ministers?" says more than "who?"
_WHICH = {
    "fr": r"\b(?:quel(?:le)?s?|que|quoi)\b|\bqu['’]",
    "en": r"\b(?:which|what)\b",
    "vi": r"\bgì\b|(?<!khi )(?<!ngày )(?<!năm )\bnào\b",
    "de": r"\b(?:welche[rnms]?|was)\b",
    "es": r"(?<!por )(?<!para )\bqué\b|\bcuál(?:es)?\b",
}

# "what is inflation?" wants no history, unlike "what is the toll?"
_DEFINES = re.compile(
    r"qu['’]est[ -]ce[ -](?:que|qu['’])\s*(?:c['’]est\s*|l[ae]s?\s|l['’]|une?\s)"
    r"|\bc['’]est quoi (?:l|une?\b)|what (?:is|are) (?!the |it|this|that)|là gì\W*$"
    r"|\bwas ist (?!d|es |los |pass|gesch)|qué (?:es|son) (?:el|la|los|las|una?) ",
    re.IGNORECASE,
)

# Vietnamese writes its words in syllables, two each as a rule
_SYLLABLES_PER_WORD = {"vi": 2}


@dataclass(frozen=True, slots=True)
class Message:
    """What there is in a message.

    Attributes:
        bare: the message without greetings, and its ties to what was said before.
        language: of the message.
        dates: the dates it names, as spans of `bare.text`.
        undated: `bare.text` with blanks for its dates.
        kind: what it asks for; None when it holds no question word.
        content: its words that carry content, dates left out.
        names: its names as spans of `bare.text`.
    """

    bare: Bare
    language: str
    dates: tuple[DateMention, ...]
    undated: str
    kind: Expected | None
    content: tuple[str, ...]
    names: tuple[tuple[int, int], ...]

    @property
    def word_count(self) -> float:
        """How many words of content it has."""
        return len(self.content) / _SYLLABLES_PER_WORD.get(self.language, 1)

    @property
    def asks_what_happened(self) -> bool:
        """Whether it asks for the news of its dates."""
        return bool(self.dates) and _HAPPENS.search(self.undated) is not None

    @property
    def defines(self) -> bool:
        """Whether it asks what a word means."""
        return _DEFINES.search(self.undated) is not None

    @property
    def fronts_subject(self) -> bool:
        """Whether it names its subject first ("Le phishing, c'est quoi ?")."""
        fronted = re.match(r"([^,:?]*[^\W\d][^,:?]*)\s*[,:]\s", self.undated)
        if fronted is None or self.bare.opens or self.bare.corrects:
            return False
        asks = asked_kind(fronted[1], self.language) is not None
        return not asks and bool(content_words(fronted[1], self.language))

    @property
    def asks_which(self) -> bool:
        """Whether it asks for one of a kind, which it names."""
        words = _WHICH.get(self.language)
        return words is not None and re.search(words, self.undated, re.IGNORECASE) is not None


def read_message(text: str, today: date) -> Message:
    """Read a message."""
    language = detect_language(text)
    words = bare(text)
    dates = dates_of(words.text, language, today)
    undated = blank(words.text, dates)
    return Message(
        words,
        language,
        dates,
        undated,
        asked_kind(undated, language),
        content_words(undated, language),
        find_names(undated, language, first=words.opens or words.corrects),
    )


def dates_of(text: str, language: str, today: date) -> tuple[DateMention, ...]:
    """Find the dates of a text in a language."""
    return tuple(find_dates(text, language=language, anchor=DateRange.day(today)))


def blank(text: str, mentions: Sequence[DateMention]) -> str:
    """Return `text` with blanks for its dates, as long as before."""
    for mention in mentions:
        length = mention.end - mention.start
        text = f"{text[: mention.start]}{' ' * length}{text[mention.end :]}"
    return text


def content_words(text: str, language: str) -> tuple[str, ...]:
    """Return the words of `text` that carry content."""
    stop_words = STOP_WORDS.get(language, frozenset())
    return tuple(word for word in split_words(text) if word not in stop_words)


def find_names(text: str, language: str, *, first: bool) -> tuple[tuple[int, int], ...]:
    """Find the names in a text, as spans; in German every noun looks like one.

    Args:
        text: without its dates: "May" is none.
        language: of the text.
        first: whether a word that begins a sentence may be a name, or has a capital like any.
    """
    found = (_name(match, language, first=first) for match in _NAMES.finditer(text))
    return tuple(span for span in found if span is not None)


def _name(match: re.Match[str], language: str, *, first: bool) -> tuple[int, int] | None:
    """Return the span of a run of capitals, or None if it only begins a sentence."""
    if not _SENTENCE_START.search(match.string[: match.start()]):
        return match.span()
    words = re.split(r"\s+", match[0])
    named = list(dropwhile(lambda word: word.lower() in STOP_WORDS.get(language, ()), words))
    foreign = language == "vi" and not _SYLLABLE.fullmatch(words[0].lower())
    # "Quand Macron" leaves a name, "Tô Lâm" is two capitals, "Victims" is any word
    if named and (len(named) < len(words) or len(named) > 1 or first or foreign):
        return match.end() - len(" ".join(named)), match.end()
    return None
