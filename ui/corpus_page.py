"""What the corpus page shows: GET corpus.json, the list; GET numbers.json, the numbers."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypedDict

import numpy as np
from babel import Locale, UnknownLocaleError
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from index.articles import NO_ORIGIN
from index.errors import DepecheError
from index.store import Store
from index.types import DateRange, Skipped
from qa.links import article_link
from ui.bars import unit_of
from ui.catalogue import PAGE, Catalogue, Entry, choose
from ui.chart import spell_days
from ui.citation import spell_published
from ui.language import Words
from ui.reasons import word_reason
from ui.reply import Desk, refusal, words_of
from ui.trouble import trouble_of

# What is shown of a list of numbers; the others are counted together.
_MONTHS = 12
_NAMES = 12

# A longer list is told by the command.
_SKIPPED_SHOWN = 200

_MAX_SEARCH_CHARS = 200

_ORIGINS = {
    "header": "origins.header",
    "front matter": "origins.front-matter",
    "heading": "origins.heading",
    "document properties": "origins.properties",
    "file name": "origins.file-name",
    "folder": "origins.folder",
    "text": "origins.text",
    "JSON-LD": "origins.json-ld",
    "meta tag": "origins.meta-tag",
    "page": "origins.page",
    "column": "origins.column",
    "key": "origins.key",
    "feed": "origins.feed",
    "feed update": "origins.feed-update",
    "mail header": "origins.mail-header",
    "book": "origins.book",
    NO_ORIGIN: "origins.none",
}


class Count(TypedDict):
    """A number of the corpus: what it counts, in words, and what a filter on it is."""

    label: str
    count: int
    filter: dict[str, object] | None


def routes(desk: Desk, _options: object) -> list[Route]:
    """Return the routes: corpus.json?search&sort&order&from&undated, and numbers.json.

    Both take a `language`.
    """
    catalogue = Catalogue()

    async def listed(request: Request) -> Response:
        """Answer with fifty articles of the list."""

        def told() -> dict[str, object]:
            """Look through the snapshot in force."""
            store = desk.open().index
            return _page(request, store, catalogue.entries(store))

        return await _answer(told)

    async def counted(request: Request) -> Response:
        """Answer with the numbers of the corpus."""
        return await _answer(lambda: numbers(desk.open().index, words_of(request)))

    return [Route("/corpus.json", listed), Route("/numbers.json", counted)]


async def _answer(told: Callable[[], dict[str, object]]) -> Response:
    """Answer with what is told, on a thread of its own."""
    try:
        return JSONResponse(await run_in_threadpool(told))
    except DepecheError as error:
        return refusal(trouble_of(error), 503)


def _page(request: Request, store: Store, entries: Sequence[Entry]) -> dict[str, object]:
    """Return fifty articles as JSON values, and how many were found."""
    asked, words = request.query_params, words_of(request)
    found = choose(
        entries,
        search=asked.get("search", "")[:_MAX_SEARCH_CHARS],
        sort=asked.get("sort", ""),
        descending=asked.get("order") == "descending",
        undated=asked.get("undated") == "1",
    )
    first = _first_of_page(asked.get("from", ""), len(found))
    return {
        "snapshot": store.name,
        "total": len(entries),
        "found": len(found),
        "from": first,
        "size": PAGE,
        "articles": [_row(entry, words) for entry in found[first : first + PAGE]],
    }


def _first_of_page(asked: str, found: int) -> int:
    """Return where the page begins that is asked for; the last one if it lies behind the end."""
    first = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    last_page = max(found - 1, 0) // PAGE
    return min(first // PAGE, last_page) * PAGE


def _row(entry: Entry, words: Words) -> dict[str, object]:
    """Return an article of the list as JSON values; the page shows them as text."""
    article = entry.article
    return {
        "id": article.id,
        "title": article.title,
        "link": article_link(article.id),
        "date": spell_published(article, words),
        "origin": _told_origin(entry, words) if article.published else "",
        "source": article.source or "",
        "language": name_language(article.language, words),
        "chunks": entry.chunks,
    }


def numbers(store: Store, words: Words) -> dict[str, object]:
    """Return the corpus in numbers, as JSON values."""
    columns = store.columns
    first = columns.published[:, 0]
    return {
        "snapshot": store.name,
        "articles": len(first),
        "chunks": len(store.chunks),
        "undated": int((first == 0).sum()),
        "months": _months(columns.published, words),
        "languages": _names(
            columns.languages.counts(),
            lambda code: (name_language(code, words), {"languages": [code]}),
            words,
        ),
        "sources": _names(
            columns.sources.counts(),
            lambda source: (source, {"sources": [source]}),
            words,
        ),
        "origins": _names(
            columns.origins.counts(), lambda origin: (_origin(origin, words), None), words
        ),
        "skipped": len(store.skipped),
        "left_out": [_skipped(one, words) for one in store.skipped[:_SKIPPED_SHOWN]],
    }


def _months(published: NDArray[np.int64], words: Words) -> list[Count]:
    """Count the articles of the latest months that have any, the latest first."""
    counts: Counter[DateRange] = Counter()
    ranges, numbers = np.unique(published[published[:, 0] > 0], axis=0, return_counts=True)
    for (first, last), count in zip(ranges.tolist(), numbers.tolist(), strict=True):
        days = DateRange(date.fromordinal(first), date.fromordinal(last))
        if days.precision in ("day", "month"):
            counts[unit_of(days.first, "month")] += count
    latest = sorted(counts.items(), reverse=True)[:_MONTHS]
    return [
        {
            "label": spell_days(month, words.language),
            "count": count,
            "filter": {"after": f"{month.first}", "before": f"{month.last}"},
        }
        for month, count in latest
    ]


def _names(
    counted: Mapping[str, int],
    tell: Callable[[str], tuple[str, dict[str, object] | None]],
    words: Words,
) -> list[Count]:
    """Return counts, the most frequent first; `tell` gives the label and the filter of one."""
    counts = list(counted.items())
    shown: list[Count] = []
    for value, count in counts[:_NAMES]:
        label, chosen = tell(value)
        shown.append({"label": label, "count": count, "filter": chosen})
    if rest := counts[_NAMES:]:
        label = words("corpus.others", count=len(rest))
        shown.append({"label": label, "count": sum(count for _, count in rest), "filter": None})
    return shown


def _skipped(skipped: Skipped, words: Words) -> dict[str, str]:
    """Return a file that was left out, and why."""
    return {"path": skipped.path, "reason": word_reason(skipped.reason, words)}


def _told_origin(entry: Entry, words: Words) -> str:
    """Return in words where the date of an article came from, and whether it is doubtful."""
    origin = _origin(entry.origin, words)
    return words("origins.doubtful", origin=origin) if entry.article.doubt else origin


def _origin(origin: str, words: Words) -> str:
    """Return in words where a date came from."""
    key = _ORIGINS.get(origin)
    return words(key) if key else origin


def name_language(code: str, words: Words) -> str:
    """Return the name of a language in the words' own; the code where nobody knows it."""
    try:
        return str(Locale.parse(words.language).languages.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code
