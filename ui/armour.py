"""The headers of every answer: what the browser may do with it, and how long it may keep it."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import Message

# Gradio's scripts are made of functions from text, and its page has scripts in it: without the two
# `unsafe` words it does not start. Nothing may be fetched from, or sent to, any other machine.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # not `no-referrer`: with it a browser hides the origin of our own forms from us as well
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # the links to where articles were published are followed when somebody follows them, not before
    "X-DNS-Prefetch-Control": "off",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

# Files whose name changes with their content.
_HASHED = re.compile(r"/assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+")
_A_YEAR = "public, max-age=31536000, immutable"

# Files of Gradio that may change with the next one: kept, but asked after each time.
_ASKED_AFTER = ("/assets/", "/static/", "/theme.css", "/favicon.ico")

_FOUND = frozenset({200, 206, 304})


def arm(message: Message, path: str) -> Message:
    """Return the start of an answer with its headers; what a route said itself stays."""
    message = {**message, "headers": list(message.get("headers", ()))}
    headers = MutableHeaders(raw=message["headers"])
    for name, value in _ALWAYS.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", _POLICY)
    headers.setdefault("Cache-Control", _cache(path, message["status"]))
    if headers.get("content-type", "").startswith("text/event-stream"):
        # or nginx would keep the events until there are many
        headers["X-Accel-Buffering"] = "no"
    return message


def _cache(path: str, status: int) -> str:
    """Return how long a browser may keep the answer: articles are for those who entered."""
    if status not in _FOUND or not path.startswith(_ASKED_AFTER):
        return "no-store"
    return _A_YEAR if _HASHED.fullmatch(path) else "no-cache"
