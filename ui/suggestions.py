"""What can be asked and chosen: GET suggestions.json?language, drawn from the articles."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from index.articles import Columns
from qa.types import Answer
from ui.language import Words
from ui.reply import Desk, refusal, words_of
from ui.trouble import trouble_of

if TYPE_CHECKING:
    from index.store import Store

# As many as fit above the composer of a phone.
_QUESTIONS = 4
_FOLLOW_UPS = 3

# A list of more is no choice; the corpus page has them all.
_MAX_CHOICES = 200

Choice = dict[str, object]


def routes(desk: Desk, _options: object) -> list[Route]:
    """Return the route."""

    async def show(request: Request) -> Response:
        """Answer with questions, sources, folders and languages."""
        try:
            return JSONResponse(await run_in_threadpool(_draw, desk, words_of(request)))
        except Exception as error:
            return refusal(trouble_of(error), 503)

    return [Route("/suggestions.json", show)]


def next_questions(answer: Answer, store: "Store") -> tuple[str, ...]:
    """Return the questions that may follow an answer."""
    from qa.follow_ups import follow_ups
    from qa.phrases import bind_french

    return tuple(map(bind_french, follow_ups(answer, store, _FOLLOW_UPS)))


def _draw(desk: Desk, words: Words) -> dict[str, object]:
    """Draw everything from the snapshot in force."""
    from qa.phrases import bind_french
    from qa.suggest import suggest

    assistant = desk.open()
    store = assistant.index
    return {
        "trouble": "OlderIndex" if assistant.trouble else None,
        "questions": [bind_french(one) for one in suggest(store, words.language, _QUESTIONS)],
        **choices(store.columns),
    }


def choices(columns: Columns) -> dict[str, object]:
    """Return the sources, folders and languages of articles, the most frequent first."""
    sources = columns.sources.counts()
    folders: Counter[str] = Counter()
    for folder, count in columns.folders.counts().items():
        folders[folder.partition("/")[0]] += count
    # a folder named like its source lets the same through
    others = {name: count for name, count in folders.items() if name not in sources}
    return {
        "sources": _listed(sources),
        "folders": _listed(others),
        "languages": _listed(columns.languages.counts()),
        "articles": len(columns.lengths),
    }


def _listed(counts: Mapping[str, int]) -> list[Choice]:
    """Return names with their counts, the most frequent first, then by name."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"name": name, "articles": count} for name, count in ranked[:_MAX_CHOICES]]
