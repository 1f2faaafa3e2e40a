"""The address an article was published at: kept only where a link to it harms nobody."""

import re
from urllib.parse import quote, urlsplit

_MAX_CHARS = 2_000
"""What browsers and servers take; a longer one is no address of an article."""

_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?"
)
_MAX_HOST_CHARS = 253

# White space and characters that are not seen, or turn the direction of writing.
_HIDDEN = re.compile(
    "[\\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)

# What stays as it is; anything else, quotes and brackets too, is written with percent signs.
_KEPT = "/%:@!$&*+,;=~-._?"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def read_address(value: str) -> str | None:
    """Return an address of the web in letters, digits and signs that mean nothing elsewhere.

    Only http and https; no name or password of a user in it; nothing that is not seen. None for
    anything else.
    """
    value = value.strip()
    if len(value) > _MAX_CHARS or _HIDDEN.search(value) or "\\" in value:
        return None
    try:
        parts = urlsplit(value)
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _is_host(host):
        return None
    place = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    query = f"?{_quoted(parts.query)}" if parts.query else ""
    fragment = f"#{_quoted(parts.fragment)}" if parts.fragment else ""
    return f"{place}{_quoted(parts.path)}{query}{fragment}"


def site_of(address: str) -> str:
    """Return the name of the site of an address that `read_address` gave: "lemonde.fr"."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _ascii_host(host: str) -> str:
    """Return the name of a host as machines write it: letters of other scripts as "xn--...".

    Raises:
        ValueError: if it cannot be written so.
    """
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _is_host(host: str) -> bool:
    """Whether `host` can be the name of a machine, or its four numbers."""
    return len(host) <= _MAX_HOST_CHARS and _HOST.fullmatch(host) is not None


def _quoted(part: str) -> str:
    """Write a part of an address with percent signs where it needs them."""
    return quote(_STRAY_PERCENT.sub("%25", part), safe=_KEPT, errors="replace")
