"""The timeline: of the evidence of an answer, and of the corpus (GET timeline.json)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from index.dates import find_dates
from index.errors import DepecheError
from index.types import Article, DateRange
from qa.types import Answer, Span
from ui.bars import Bars, Dated, count_by_unit
from ui.chart import chart, spell_bar
from ui.language import Words
from ui.reply import Desk, refusal, words_of
from ui.trouble import trouble_of

# So many bars can each be hit with a finger, beside the chat and on a phone.
_EVIDENCE_SLOTS = 15
# The corpus has the whole width of the page, and scrolls on a phone.
_CORPUS_SLOTS = 48
_CORPUS_WIDTH = 960


def routes(desk: Desk, _options: object) -> list[Route]:
    """Return the route of the corpus' timeline: timeline.json?language."""

    async def show(request: Request) -> Response:
        """Answer with the bars, and with the figure that shows them."""
        words = words_of(request)
        try:
            bars = await run_in_threadpool(_corpus_bars, desk)
        except DepecheError as error:
            return refusal(trouble_of(error), 503)
        return JSONResponse(_record(bars, words))

    return [Route("/timeline.json", show)]


def evidence_timeline(answer: Answer, words: Words) -> str:
    """Return the figure of when what an answer cites was published, and of the dates it names."""
    if not answer.grounded:
        return ""
    bars = count_by_unit(_evidence(answer), _EVIDENCE_SLOTS)
    return chart(bars, words, heading=words("timeline.evidence"))


def _corpus_bars(desk: Desk) -> Bars:
    """Count the articles of the corpus by publication.

    Raises:
        DepecheError: if the store cannot be opened.
    """
    published = desk.open().index.published
    return count_by_unit(_dated(published[published[:, 0] > 0].tolist()), _CORPUS_SLOTS)


def _record(bars: Bars, words: Words) -> dict[str, object]:
    """Return bars as JSON values, and as the figure."""
    return {
        "unit": bars.unit,
        "bars": [
            {
                "after": f"{bar.days.first}",
                "before": f"{bar.days.last}",
                "label": spell_bar(bar, words),
                "articles": bar.articles,
            }
            for bar in sorted([*bars.bars, *bars.vague])
        ],
        "html": chart(bars, words, heading=words("timeline.corpus"), width=_CORPUS_WIDTH),
    }


def _evidence(answer: Answer) -> Iterator[Dated]:
    """Yield the articles that are cited, and the dates named around each quote."""
    articles = {citation.article.id: citation.article for citation in answer.citations}
    yield from _published(articles.values())
    for article in articles.values():
        yield from _mentioned(article, _cited_spans(answer, article))


def _published(articles: Iterable[Article]) -> Iterator[Dated]:
    """Yield the articles that have a date."""
    for article in articles:
        if article.published is not None:
            yield Dated(article.published, "article")


def _dated(published: Iterable[Sequence[int]]) -> Iterator[Dated]:
    """Yield articles by their first and last days of publication, as ordinals."""
    for first, last in published:
        yield Dated(DateRange(date.fromordinal(first), date.fromordinal(last)), "article")


def _cited_spans(answer: Answer, article: Article) -> list[Span]:
    """Return the passages of an article that hold a quote, and the quotes that none holds."""
    read = [
        (passage.start, passage.end)
        for passage in answer.passages
        if passage.article.id == article.id
    ]
    spans = set()
    for citation in answer.citations:
        if citation.article.id == article.id:
            quote = (citation.start, citation.end)
            holding = [span for span in read if span[0] <= quote[0] and quote[1] <= span[1]]
            spans.add(holding[0] if holding else quote)
    return sorted(spans)


def _mentioned(article: Article, spans: Sequence[Span]) -> Iterator[Dated]:
    """Yield the dates that an article names in `spans`, when their year is known."""
    found = find_dates(article.text, language=article.language, anchor=article.published)
    for mention in found:
        is_inside = any(start <= mention.start and mention.end <= end for start, end in spans)
        if mention.range is not None and is_inside:
            yield Dated(mention.range, "mention")
