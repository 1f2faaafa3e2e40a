"""What is answered to a request that is refused: to people a sentence, to the page a key."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response

from index.errors import (
    ArticleUnknown,
    AskedTooMuch,
    DepecheError,
    DeskBusy,
    RequestError,
)
from ui.language import choose_language, load_words

# Of what a program is told in the words of the error itself.
_ERRORS: tuple[tuple[type[DepecheError], int], ...] = (
    (ArticleUnknown, 404),
    (AskedTooMuch, 429),
    (DeskBusy, 503),
    (RequestError, 400),
)

# A question takes a fraction of a second: after one there are other places in the line.
_LATER = frozenset({429, 503})
_WAIT_SECONDS = "1"

_STATUSES = {
    "SessionMissing": 401,
    "OriginForeign": 403,
    "NotHere": 404,
    "EventUnknown": 404,
    "MethodWrong": 405,
    "TooSlow": 408,
    "LengthMissing": 411,
    "TooLarge": 413,
    "JsonMissing": 415,
    "HostForeign": 421,
}


def refuse(
    key: str,
    headers: Headers,
    *,
    in_words: bool = False,
    more_headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer for `key`, whose sentence stands under `errors` in the words.

    A script is told the key alone, unless it is to be told `in_words` too; `more_headers` are
    those of the answer.
    """
    status = _STATUSES[key]
    words = load_words(choose_language(headers.get("accept-language")))
    sentence = words(f"errors.{key}")
    if wants_page(headers):
        return PlainTextResponse(sentence, status, more_headers)
    if in_words:
        return tell(key, sentence, status, more_headers)
    return JSONResponse({"error": key}, status, more_headers)


def tell(
    key: str, sentence: str, status: int, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return what a program is told when it is refused."""
    return JSONResponse({"error": key, "sentence": sentence}, status, headers)


def complain(error: DepecheError) -> JSONResponse:
    """Return what a program is told of an error."""
    status = next((code for kind, code in _ERRORS if isinstance(error, kind)), 500)
    wait = {"Retry-After": _WAIT_SECONDS} if status in _LATER else None
    return tell(type(error).__name__, str(error), status, wait)


def wants_page(headers: Headers) -> bool:
    """Whether a person is to read the answer, and not a script."""
    return (
        "text/html" in headers.get("accept", "")
        and headers.get("sec-fetch-mode", "navigate") == "navigate"
    )
