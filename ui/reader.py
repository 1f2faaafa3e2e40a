"""The reader: a whole article, its quotes highlighted; GET article.html."""

from collections.abc import Sequence
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from index.errors import DepecheError
from index.types import Article
from qa.links import quote_link
from qa.types import Span
from ui.citation import plain_citation
from ui.highlight import Quote, highlight, paragraphs
from ui.language import Words
from ui.permalink import Found, Place, find_quote, read_places, read_span
from ui.reply import Desk, find_article, words_of
from ui.source import byline, copy_button

# More quotes than any answer has: what a browser asks for is bounded.
_MAX_PLACES = 64


def routes(desk: Desk, _options: object) -> list[Route]:
    """Return the route of the reader: article.html?id&quote&near&language.

    `quote` may be repeated: START-END-HASH-NUMBER, the one to be shown first in front. `near` is a
    passage START-END.
    """

    async def show(request: Request) -> Response:
        """Answer with the inside of the reader; what is wrong is told there, in words."""
        asked, words = request.query_params, words_of(request)
        places = list(read_places(asked.getlist("quote")[:_MAX_PLACES]))
        try:
            article = await run_in_threadpool(_find_article, desk, asked.get("id", ""))
        except DepecheError as error:
            notice = notice_view(words("reader.closed"), words.for_error(error), words)
            return HTMLResponse(notice, 503)
        if article is None:
            sentence = words("reader.gone-file", file=asked.get("id", ""))
            return HTMLResponse(notice_view(words("reader.gone"), sentence, words), 404)
        near = read_span(asked.get("near", ""))
        return HTMLResponse(await run_in_threadpool(article_view, article, words, places, near))

    return [Route("/article.html", show)]


def _find_article(desk: Desk, article_id: str) -> Article | None:
    """Return the article of this id in the snapshot in force, or None.

    Raises:
        DepecheError: if the store cannot be opened.
    """
    return find_article(desk.open().index.articles, article_id)


def article_view(
    article: Article, words: Words, places: Sequence[Place] = (), near: Span | None = None
) -> str:
    """Return the inside of the reader.

    Args:
        article: the article to be read.
        words: the page's words.
        places: where its quotes stood when they were cited, the one to be shown first in front.
        near: a passage to be shown instead, when there is no quote.
    """
    found = [find_quote(article.text, place) for place in places]
    quotes = sorted({one.quote for one in found if one.quote is not None})
    near = near if not found else _last_place(article, found[0])
    target = found[0].quote if found else None
    return (
        f"{_header(article, words, quotes)}{_change(found, words)}"
        f"{_text(article, words, quotes, near, target)}"
    )


def notice_view(heading: str, sentence: str, words: Words) -> str:
    """Return the inside of a reader that has no article to show, and says why."""
    return (
        f'<header>{_close(words)}<h2 id="reader-title" tabindex="-1">{escape(heading)}</h2>'
        "</header>"
        f'<div class="text notice"><p><bdi>{escape(sentence)}</bdi></p></div>'
    )


def _header(article: Article, words: Words, quotes: Sequence[Quote]) -> str:
    """Return title, date, source, author and file, and the way from quote to quote."""
    file = f"{escape(words('reader.file'))} <bdi>{escape(article.id)}</bdi>"
    return (
        f'<header>{_close(words)}<h2 id="reader-title" tabindex="-1">'
        f"<bdi>{escape(article.title)}</bdi></h2>{byline(article, words, author=True)}"
        f'<p class="byline"><span>{file}</span></p>{_quotes_bar(article, words, quotes)}</header>'
    )


def _close(words: Words) -> str:
    """Return the button that closes the reader."""
    label = escape(words("reader.close"))
    return f'<form method="dialog"><button class="close">{label}</button></form>'


def _quotes_bar(article: Article, words: Words, quotes: Sequence[Quote]) -> str:
    """Return what leads from one quote to the next, and what copies each; nothing without one."""
    if not quotes:
        return ""
    steps = ""
    if len(quotes) > 1:
        steps = _step("previous", "p", words) + _step("next", "n", words)
    tools = "".join(_quote_tools(article, quote, words) for quote in quotes)
    position = escape(words("reader.position"))
    return (
        f'<div class="quotes" role="group" aria-label="{escape(words("reader.quoted"))}">{steps}'
        f'<p class="position" role="status" data-position="{position}"></p>{tools}</div>'
    )


def _step(kind: str, key: str, words: Words) -> str:
    """Return the button to the previous or the next quote; `key` does the same."""
    label = escape(words({"previous": "reader.previous", "next": "reader.next"}[kind]))
    return (
        f'<button type="button" class="step {kind}" aria-keyshortcuts="{key}" '
        f'aria-label="{label}" title="{label}"></button>'
    )


def _quote_tools(article: Article, quote: Quote, words: Words) -> str:
    """Return the buttons that copy one quote and its link; the page shows those of one quote."""
    span = (quote.start, quote.end)
    link = escape(quote_link(article.id, article.text, span))
    copy = escape(plain_citation(article, span, words))
    return (
        f'<p class="tools" data-number="{quote.number}" data-place="{span[0]}-{span[1]}" hidden>'
        f"{copy_button('copy', copy, words)}{copy_button('link', link, words)}</p>"
    )


def _change(found: Sequence[Found], words: Words) -> str:
    """Return the sentence that tells that the article changed, or nothing."""
    if not found:
        return ""
    if found[0].quote is None:
        key = "reader.changed"
    elif found[0].has_moved:
        key = "reader.moved"
    elif any(one.quote is None for one in found):
        key = "reader.partly"
    else:
        return ""
    return f'<p class="change" role="status">{escape(words(key))}</p>'


def _last_place(article: Article, found: Found) -> Span | None:
    """Return where words stood that are gone, when the article is still that long."""
    if found.quote is not None or found.place.start >= len(article.text):
        return None
    return found.place.start, min(found.place.end, len(article.text))


def _text(
    article: Article,
    words: Words,
    quotes: Sequence[Quote],
    near: Span | None,
    target: Quote | None,
) -> str:
    """Return the paragraphs; those of the passage `near` are what is scrolled to instead."""
    shown = [
        f'<p dir="auto"{_kind(article, span, near)}>{highlight(article.text, span, quotes)}</p>'
        for span in paragraphs(article.text, (0, len(article.text)))
    ]
    label = escape(words("reader.text"))
    aim = "" if target is None else f"{target.number}"
    return (
        f'<div class="text" role="region" aria-label="{label}" tabindex="0" '
        f'lang="{escape(article.language)}" data-target="{aim}">{"".join(shown)}</div>'
    )


def _kind(article: Article, span: Span, near: Span | None) -> str:
    """Return the class of a paragraph: of the passage opened, or a caption, signature or link."""
    if near is not None and span[0] < near[1] and near[0] < span[1]:
        return ' class="near"'
    if any(start <= span[0] and span[1] <= end for start, end in article.furniture):
        return ' class="furniture"'
    return ""
