"""What our routes share: the language asked for, an article by its id, what is refused."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse

from index.articles import find_position
from index.types import Article
from ui.claims import Claim, ClaimInvalid, read_object
from ui.language import Words, choose_language, languages, load_words

if TYPE_CHECKING:
    from qa.assistant import Assistant


class Desk(Protocol):
    """What has the articles, for routes that ask no question."""

    def open(self) -> "Assistant":
        """Return the assistant over the snapshot in force."""


def words_of(request: Request) -> Words:
    """Return the words of the language that a request names, else of the browser's."""
    named = request.query_params.get("language", "")
    if named in languages():
        return load_words(named)
    return load_words(choose_language(request.headers.get("accept-language")))


def find_article(articles: Sequence[Article], article_id: str) -> Article | None:
    """Find an article by its id among the articles of a store, which are in order of it."""
    position = find_position(articles, article_id)
    return None if position is None else articles[position]


def refusal(key: str, status: int, **details: object) -> JSONResponse:
    """Return the answer to what cannot be done; `errors.{key}` in the words says why."""
    return JSONResponse({"error": key, **details}, status)


async def read_json(request: Request, max_bytes: int) -> Claim:
    """Read a body that is a JSON object, counted while it comes.

    Raises:
        ClaimInvalid: if it is none, or too large.
    """
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > max_bytes:
            raise ClaimInvalid("body")
    try:
        return read_object(json.loads(bytes(data)), "body")
    except (ValueError, RecursionError):
        raise ClaimInvalid("body") from None
