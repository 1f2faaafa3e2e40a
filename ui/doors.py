"""Which addresses of the server answer: what is not named here is closed.

Gradio brings many more than the page asks for; some fetch addresses of the internet, some tell
about the server, some write to disk. A later Gradio may bring others: they stay closed too.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote_plus

ENTER, LEAVE, HEALTH, METRICS = "/enter", "/leave", "/health", "/metrics"
LOGIN, MCP = "/login", "/mcp"

JSON, FORM = "application/json", "application/x-www-form-urlencoded"

# Gradio's wire, by which both the page and its clients call.
_WIRE = frozenset(
    {"/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/cancel", "/gradio_api/reset"}
)
_HEARTBEAT = "/gradio_api/heartbeat/"

# The page and its parts.
_OPEN = _WIRE | {
    "/",
    "/theme.css",
    "/favicon.ico",
    "/manifest.json",
    "/gradio_api/app_id",
    "/gradio_api/startup-events",
}
_OPEN_BELOW = ("/assets/", "/static/", _HEARTBEAT)

# Of the wire, what is read.
_READ = frozenset({"/gradio_api/queue/data"})
_SENDING, _READING = frozenset({"POST"}), frozenset({"GET", "HEAD"})

# What a client of Gradio reads to know what it may call.
_CATALOGUE = frozenset({"/config", "/gradio_api/info"})

# An endpoint: our own address of it, and those of Gradio.
_ENDPOINT = re.compile(r"/(?:gradio_api/call(?:/v2)?/)?(?P<name>[a-z]+)")
_EVENT = re.compile(r"/gradio_api/call(?:/v2)?/(?P<name>[a-z]+)/[0-9a-f]{32}")

# What answers before anybody has entered: launch() itself asks for the startup events, a browser
# for the manifest without cookies, and a page left open whether the server was started again.
# None of it tells of the articles.
_OPEN_TO_ALL = frozenset(
    {
        ENTER,
        LOGIN,
        HEALTH,
        "/gradio_api/app_id",
        "/gradio_api/startup-events",
        "/manifest.json",
        "/favicon.ico",
    }
)

# Gradio takes these from the address of the page or the catalogue, and trusts them.
_DROPPED = frozenset({"deep_link", "page", "all_endpoints"})


def is_open(path: str, own: frozenset[str], endpoints: frozenset[str] = frozenset()) -> bool:
    """Whether anything answers at `path`.

    Args:
        path: what is asked for.
        own: the paths of our routes.
        endpoints: the names of what programs may call.
    """
    if path in own or path in _OPEN or path.startswith(_OPEN_BELOW):
        return True
    # of the addresses for programs those of Gradio; ours have routes, or are not there
    return path.startswith(("/config", "/gradio_api/")) and is_for_programs(path, endpoints)


def is_for_programs(path: str, endpoints: frozenset[str]) -> bool:
    """Whether programs ask at `path`, which may be a page's as well."""
    if path in (METRICS, MCP):
        return True
    if path in _CATALOGUE or path in _WIRE or path.startswith(_HEARTBEAT):
        return bool(endpoints)
    named = _ENDPOINT.fullmatch(path) or _EVENT.fullmatch(path)
    return named is not None and named["name"] in endpoints


def methods_for_programs(path: str, endpoints: frozenset[str]) -> frozenset[str]:
    """Return how programs ask at `path`; nothing where they do not, or in any way they like."""
    if path == MCP or path in _WIRE - _READ:
        return _SENDING
    if path in _CATALOGUE | _READ | {METRICS} or _EVENT.fullmatch(path):
        return _READING
    named = _ENDPOINT.fullmatch(path)
    if named is None or named["name"] not in endpoints:
        return frozenset()
    return _SENDING | _READING if path == "/status" else _SENDING


def kind_from_programs(path: str, endpoints: frozenset[str]) -> str:
    """Return the type of what a program sends to `path`; nothing where none sends anything."""
    if path == LOGIN:
        return FORM
    return JSON if is_for_programs(path, endpoints) else ""


def is_open_to_all(path: str) -> bool:
    """Whether `path` answers those who have not entered."""
    return path in _OPEN_TO_ALL


def below(path: str, prefix: str) -> str:
    """Return `path` without the `prefix` of a proxy that passes on the whole of it."""
    if prefix and path.startswith(f"{prefix}/"):
        return path.removeprefix(prefix)
    return path


def drop_parameters(path: str, query: bytes) -> bytes:
    """Return the query of the page, or of the catalogue, without what Gradio would act upon."""
    if path != "/" and path not in _CATALOGUE:
        return query
    kept: Iterable[bytes] = (
        part
        for part in query.split(b"&")
        if unquote_plus(part.partition(b"=")[0].decode("latin-1")) not in _DROPPED
    )
    return b"&".join(kept)
