"""What is answered to a request that is refused: a sentence to people, a key to the page."""

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response

from ui.language import choose_language, load_words

_STATUSES = {
    "SessionMissing": 401,
    "OriginForeign": 403,
    "NotHere": 404,
    "LengthMissing": 411,
    "TooLarge": 413,
    "HostForeign": 421,
}


def refuse(key: str, headers: Headers) -> Response:
    """Return the answer for `key`, whose sentence stands under `errors` in the words."""
    status = _STATUSES[key]
    if not wants_page(headers):
        return JSONResponse({"error": key}, status)
    words = load_words(choose_language(headers.get("accept-language")))
    return PlainTextResponse(words(f"errors.{key}"), status)


def wants_page(headers: Headers) -> bool:
    """Whether a person is to read the answer, and not a script."""
    return (
        "text/html" in headers.get("accept", "")
        and headers.get("sec-fetch-mode", "navigate") == "navigate"
    )
