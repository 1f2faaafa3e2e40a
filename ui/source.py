"""One article as a card shows it: title, date, source, quotes in their context, tools."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Literal

from index.addresses import read_address, site_of
from index.types import Article
from qa.links import article_link, quote_link
from qa.types import Span
from ui.citation import plain_citation, spell_published
from ui.highlight import Quote, highlight, paragraphs
from ui.language import Words
from ui.permalink import describe_place

Copied = Literal["copy", "link"]

# What a button says before and after: of a citation, of its permanent link.
_COPYING: Mapping[Copied, tuple[str, str]] = {
    "copy": ("sources.copy", "sources.copied"),
    "link": ("sources.link", "sources.linked"),
}


def heading(article: Article, words: Words, level: int) -> str:
    """Return the title of a card and the line under it."""
    return f"<h{level}><bdi>{escape(article.title)}</bdi></h{level}>{byline(article, words)}"


def byline(article: Article, words: Words, *, author: bool = False) -> str:
    """Return the line under a title: date, source, where it was published.

    The `author` is named too where there is room.
    """
    parts = [escape(spell_published(article, words))]
    if article.source:
        parts.append(f"<bdi>{escape(article.source)}</bdi>")
    if author and article.author and article.author != article.source:
        parts.append(f"<bdi>{escape(article.author)}</bdi>")
    if original := original_link(article, words):
        parts.append(original)
    return f'<p class="byline">{"".join(f"<span>{part}</span>" for part in parts)}</p>'


def original_link(article: Article, words: Words) -> str:
    """Return the link to where the article was published, told by its site; nothing without one."""
    address = read_address(article.url or "")
    if address is None:
        return ""
    label = escape(words("sources.original", site=site_of(address)))
    return (
        f'<a class="original" href="{escape(address)}" target="_blank" rel="noopener noreferrer" '
        f'title="{escape(address)}">{label}</a>'
    )


def excerpt(article: Article, window: Span, quotes: Sequence[Quote]) -> str:
    """Return a stretch of the article, with an ellipsis where the text goes on."""
    shown = [
        highlight(article.text, paragraph, quotes) for paragraph in paragraphs(article.text, window)
    ]
    if not shown:
        return ""
    if article.text[: window[0]].strip():
        shown[0] = f"… {shown[0]}"
    if article.text[window[1] :].strip():
        shown[-1] = f"{shown[-1]} …"
    content = "".join(f'<p dir="auto">{paragraph}</p>' for paragraph in shown)
    return f'<div class="excerpt" lang="{escape(article.language)}">{content}</div>'


def quote_tools(article: Article, quote: Quote, words: Words) -> str:
    """Return what can be done with one quote: read it in its place, copy it, copy its link."""
    span = (quote.start, quote.end)
    link = escape(quote_link(article.id, article.text, span))
    copy = escape(plain_citation(article, span, words))
    number = quote.number
    return (
        f'<p class="tools">{_mark(number)}'
        f'<a class="read" href="{link}" data-number="{number}">{_say(words, "sources.read")}</a>'
        f"{copy_button('copy', copy, words, number)}{copy_button('link', link, words, number)}</p>"
    )


def copy_button(kind: Copied, copied: str, words: Words, number: int = 0) -> str:
    """Return a button that copies a citation or its permanent link; `copied` is escaped."""
    label, done = (words(key) for key in _COPYING[kind])
    named = f' aria-label="{escape(f"{label} {number}")}"' if number else ""
    return (
        f'<button type="button" class="{kind}" data-{kind}="{copied}" data-done="{escape(done)}" '
        f'data-failed="{_say(words, "sources.uncopied")}"{named}>{escape(label)}</button>'
    )


def tools(article: Article, words: Words, near: Span | None = None) -> str:
    """Return what can be done with an article that no quote is shown of."""
    link = escape(article_link(article.id, near))
    return f'<p class="tools"><a class="read" href="{link}">{_say(words, "sources.read")}</a></p>'


def marks(numbers: Iterable[int]) -> str:
    """Return the marks of an article's quotes, as they stand in the answer."""
    return f'<p class="numbers">{"".join(map(_mark, numbers))}</p>'


def _mark(number: int) -> str:
    """Return one mark."""
    return f'<span class="number">{number}</span>'


def source(article: Article, content: str, quotes: Sequence[Quote] = ()) -> str:
    """Return one article of a card; the reader takes its quotes from here."""
    places = " ".join(describe_place(article.text, quote) for quote in quotes)
    return (
        f'<div class="source" data-article="{escape(article.id)}" data-places="{places}">'
        f"{content}</div>"
    )


def _say(words: Words, key: str) -> str:
    """Return the words under `key`, escaped."""
    return escape(words(key))
