"""The reader: a whole article, its quotes highlighted."""

from collections.abc import Sequence
from html import escape

from index.types import Article
from qa.types import Answer, Span
from ui.cards import byline
from ui.highlight import Quote, highlight, is_exact, paragraphs
from ui.language import Words


def article_view(
    answer: Answer, words: Words, *, citation: int | None = None, passage: int | None = None
) -> str:
    """Return the inside of the reader, scrolled by the page to `data-target`.

    Args:
        answer: the answer whose article is opened.
        words: the page's words.
        citation: number of the citation to open, or
        passage: rank of the passage to open.

    Returns:
        HTML, or nothing when the answer has no such citation or passage.
    """
    for cited in answer.citations:
        if cited.number == citation:
            quotes = _quotes(answer, cited.article)
            return _header(cited.article, words, len(quotes)) + _text(
                cited.article, words, quotes=quotes, target=f"{cited.number}"
            )
    for near in answer.passages:
        if near.rank == passage:
            return _header(near.article, words) + _text(
                near.article, words, near=(near.start, near.end)
            )
    return ""


def _quotes(answer: Answer, article: Article) -> list[Quote]:
    """Return every quote of `article` that is still there, word for word."""
    return [
        Quote(citation.start, citation.end, citation.number)
        for citation in answer.citations
        if citation.article.id == article.id and is_exact(citation)
    ]


def _header(article: Article, words: Words, quotes: int = 0) -> str:
    """Return title, date, source, author and file, and how many quotes are highlighted."""
    close = f'<button class="close">{escape(words("reader.close"))}</button>'
    notes = [f"{escape(words('reader.file'))} <bdi>{escape(article.id)}</bdi>"]
    if quotes:
        notes.append(escape(words("reader.quotes", count=quotes)))
    return (
        f'<header><form method="dialog">{close}</form>'
        f'<h2 id="reader-title"><bdi>{escape(article.title)}</bdi></h2>'
        f"{byline(article, words, author=True)}"
        f'<p class="byline">{"".join(f"<span>{note}</span>" for note in notes)}</p></header>'
    )


def _text(
    article: Article,
    words: Words,
    *,
    quotes: Sequence[Quote] = (),
    target: str = "",
    near: Span | None = None,
) -> str:
    """Return the paragraphs; those of the passage `near` are what is scrolled to instead."""
    shown = [
        f'<p dir="auto"{_kind(article, span, near)}>{highlight(article.text, span, quotes)}</p>'
        for span in paragraphs(article.text, (0, len(article.text)))
    ]
    label = escape(words("reader.text"))
    return (
        f'<div class="text" role="region" aria-label="{label}" tabindex="0" '
        f'lang="{escape(article.language)}" data-target="{target}">{"".join(shown)}</div>'
    )


def _kind(article: Article, span: Span, near: Span | None) -> str:
    """Return the class of a paragraph: of the passage opened, or a caption, signature or link."""
    if near is not None and span[0] < near[1] and near[0] < span[1]:
        return ' class="near"'
    if any(start <= span[0] and span[1] <= end for start, end in article.furniture):
        return ' class="furniture"'
    return ""
