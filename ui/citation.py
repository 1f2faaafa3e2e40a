"""A citation as plain text, for a clipboard: « quote », title, date, file."""

import re

from index.spell import spell_date
from index.types import Article
from qa.types import Span
from ui.language import Words

# Turn the direction of writing until something ends it: in a text of somebody else's that may be
# never.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def plain_citation(article: Article, span: Span, words: Words) -> str:
    """Return the words of `span` with the title, date and file of their article, on one line."""
    return words(
        "sources.citation",
        quote=_isolated(" ".join(article.text[slice(*span)].split())),
        title=one_line(article.title),
        date=spell_published(article, words),
        file=one_line(article.id),
    )


def spell_published(article: Article, words: Words) -> str:
    """Return the date of an article in words, or that it has none."""
    if article.published is None:
        return words("sources.undated")
    return spell_date(article.published, words.language)


def one_line(text: str) -> str:
    """Return a title or name on one line, without marks that turn the direction of writing."""
    return _DIRECTION.sub("", " ".join(text.split()))


def _isolated(quote: str) -> str:
    """Keep the marks of a quote, which is given word for word, from turning what follows it."""
    return f"{_ISOLATE}{quote}{_END_ISOLATE}" if _DIRECTION.search(quote) else quote
