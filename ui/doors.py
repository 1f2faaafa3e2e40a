"""Which addresses of the server answer: what is not named here is closed.

Gradio brings many more than the page asks for; some fetch addresses of the internet, some tell
about the server, some write to disk. A later Gradio may bring others: they stay closed too.
"""

from collections.abc import Iterable
from urllib.parse import unquote_plus

ENTER, LEAVE, HEALTH, METRICS = "/enter", "/leave", "/health", "/metrics"

# Gradio's own: the page and its parts, and the wire.
_OPEN = frozenset(
    {
        "/",
        "/theme.css",
        "/favicon.ico",
        "/manifest.json",
        "/gradio_api/app_id",
        "/gradio_api/startup-events",
        "/gradio_api/queue/join",
        "/gradio_api/queue/data",
        "/gradio_api/cancel",
        "/gradio_api/reset",
    }
)
_OPEN_BELOW = ("/assets/", "/static/", "/gradio_api/heartbeat/", "/gradio_api/run/")

# What answers before anybody has entered: launch() itself asks for the startup events, a browser
# for the manifest without cookies, and a page left open whether the server was started again.
# None of it tells of the articles. The metrics ask for the password themselves, in the way that
# programs give one.
_OPEN_TO_ALL = frozenset(
    {
        ENTER,
        HEALTH,
        METRICS,
        "/gradio_api/app_id",
        "/gradio_api/startup-events",
        "/manifest.json",
        "/favicon.ico",
    }
)

# Gradio takes these from the address of the page, and trusts them.
_DROPPED = frozenset({"deep_link", "page"})


def is_open(path: str, own: frozenset[str]) -> bool:
    """Whether anything answers at `path`; `own` are the paths of our routes."""
    return path in own or path in _OPEN or path.startswith(_OPEN_BELOW)


def is_open_to_all(path: str) -> bool:
    """Whether `path` answers those who have not entered."""
    return path in _OPEN_TO_ALL


def below(path: str, prefix: str) -> str:
    """Return `path` without the `prefix` of a proxy that passes on the whole of it."""
    if prefix and path.startswith(f"{prefix}/"):
        return path.removeprefix(prefix)
    return path


def drop_parameters(query: bytes) -> bytes:
    """Return the query of the page without what Gradio would act upon."""
    kept: Iterable[bytes] = (
        part
        for part in query.split(b"&")
        if unquote_plus(part.partition(b"=")[0].decode("latin-1")) not in _DROPPED
    )
    return b"&".join(kept)
