"""Whether a request comes from a page of this server, and asks for it by a name of its own."""

from starlette.datastructures import Headers
from starlette.types import Scope

from ui.addresses import RootPath, is_own_host, origin_of

_SAFE_METHODS = frozenset({"GET", "HEAD"})

# Behind no proxy of ours, these are words of whoever asks.
_FORWARDED = (b"x-forwarded-", b"forwarded", b"x-real-ip", b"x-original-")

# Gradio would take the server's own address from it; no proxy sends it.
_NEVER = (b"x-gradio-server",)


def drop_forwarded(headers: list[tuple[bytes, bytes]], root: RootPath) -> list[tuple[bytes, bytes]]:
    """Return the headers without those that only a proxy may set, unless there is one."""
    dropped = _NEVER if root.address else _NEVER + _FORWARDED
    return [header for header in headers if not header[0].startswith(dropped)]


def asks_for_us(headers: Headers, names: frozenset[str]) -> bool:
    """Whether the request names this server, and once: what rebinds a name names another."""
    hosts = [*headers.getlist("host"), *_forwarded_hosts(headers)]
    return len(headers.getlist("host")) == 1 and all(is_own_host(host, names) for host in hosts)


def comes_from_us(scope: Scope, headers: Headers, root: RootPath, kind: str = "") -> bool:
    """Whether a page of this server asked, or nobody's page did.

    Somebody else's page may only lead to ours, as a link does. Where programs may change something
    they send what is of the type `kind`.
    """
    origins = headers.getlist("origin")
    if origins:
        return len(origins) == 1 and origins[0] in _own_origins(scope, headers, root)
    if scope["method"] not in _SAFE_METHODS:
        asked = scope["method"] == "POST" and is_of_no_page(headers)
        return asked and bool(kind) and _sent_kind(headers) == kind
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return True
    return headers.get("sec-fetch-mode") == "navigate" and (
        headers.get("sec-fetch-dest") == "document"
    )


def _sent_kind(headers: Headers) -> str:
    """Return the type of what is sent, without its parameters; nothing when it has none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def is_of_no_page(headers: Headers) -> bool:
    """Whether no browser asks.

    Browsers name the page's origin with whatever a page sends elsewhere. Those that once did not
    sent no JSON, and asked for a page with a form.
    """
    is_named = "origin" in headers or "sec-fetch-site" in headers
    return not is_named and "text/html" not in headers.get("accept", "")


def is_script_of_a_page(headers: Headers) -> bool:
    """Whether a browser asks, and not because somebody opened this address."""
    return "origin" in headers or headers.get("sec-fetch-mode", "navigate") != "navigate"


def _own_origins(scope: Scope, headers: Headers, root: RootPath) -> set[str]:
    """Return the origins of pages that this server sends out."""
    # a proxy may speak https and not tell
    schemes = ("http", "https") if root.address else (scope["scheme"],)
    hosts = [headers["host"], *_forwarded_hosts(headers)]
    own = {origin_of(scheme, host.lower()) for scheme in schemes for host in hosts}
    return (own | {root.origin}) - {""}


def _forwarded_hosts(headers: Headers) -> list[str]:
    """Return the name that was asked of the proxy; Gradio takes the first one."""
    return [value.partition(",")[0].strip() for value in headers.getlist("x-forwarded-host")]


def is_https(scope: Scope, headers: Headers, root: RootPath) -> bool:
    """Whether the browser speaks https, to us or to the proxy."""
    told = headers.get("x-forwarded-proto", "").partition(",")[0].strip()
    return "https" in (scope["scheme"], told) or root.origin.startswith("https:")


def address_of(scope: Scope, headers: Headers) -> str:
    """Return the address of whoever asks: the last one that the proxy added, if there is one."""
    told = headers.getlist("x-forwarded-for")
    if told:
        return told[-1].rpartition(",")[2].strip()
    client = scope.get("client")
    return str(client[0]) if client else ""
