"""Where the chat listens, what it is called there, and whether that is safe without a password."""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from index.errors import PasswordNeeded, RootPathInvalid

# What a path of --root-path is made of: names between single slashes.
_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")

# Reserved for examples (RFC 5737): asking the system for the way there sends nothing.
_ANYWHERE = ("192.0.2.1", 9)

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class RootPath:
    """What people see in their browser when a proxy stands before the chat."""

    origin: str = ""
    """ "https://news.example"; empty when only a path was given."""
    path: str = ""
    """ "/depeche", without a slash at its end; empty for the root of the host."""

    @property
    def address(self) -> str:
        """The two together, as Gradio takes it."""
        return self.origin + self.path

    @property
    def host(self) -> str:
        """The name of the host, or nothing."""
        return urlsplit(self.origin).hostname or ""


def read_root_path(text: str) -> RootPath:
    """Read --root-path: an address, a path, or nothing.

    Raises:
        RootPathInvalid: if it is neither.
    """
    text = text.strip().rstrip("/")
    if not text:
        return RootPath()
    if "://" not in text:
        return RootPath(path=_read_path(f"/{text.lstrip('/')}", text))
    try:
        parts = urlsplit(text)
        origin = origin_of(parts.scheme, parts.netloc)
    except ValueError:
        raise RootPathInvalid(text) from None
    if not origin or parts.query or parts.fragment:
        raise RootPathInvalid(text)
    return RootPath(origin, _read_path(parts.path, text) if parts.path else "")


def _read_path(path: str, given: str) -> str:
    """Return `path` when it is one."""
    if not _PATH.fullmatch(path):
        raise RootPathInvalid(given)
    return path


def origin_of(scheme: str, authority: str) -> str:
    """Return "scheme://host[:port]" as browsers write it, or nothing when there is none.

    Raises:
        ValueError: if the port is none.
    """
    parts = urlsplit(f"{scheme}://{authority}")
    if scheme not in _DEFAULT_PORTS or not parts.hostname or parts.netloc != authority:
        return ""
    if parts.username is not None or re.search(r"[\s/\\]", authority):
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in (None, _DEFAULT_PORTS[scheme]) else f":{parts.port}"
    return f"{scheme}://{host}{port}"


def read_host(host: str) -> str:
    """Return `host` as it stands in an address: an IPv6 address in brackets."""
    number = _number(host)
    return f"[{number}]" if isinstance(number, IPv6Address) else host.strip().lower()


def _number(host: str) -> IPv4Address | IPv6Address | None:
    """Return `host` as an IP address, or None when it is a name."""
    try:
        return ip_address(host.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens on `host`."""
    number = _number(host)
    if number is not None:
        return number.is_loopback
    try:
        found = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    return all(ip_address(str(entry[4][0]).partition("%")[0]).is_loopback for entry in found)


def refuse_an_open_door(host: str, root: RootPath, *, password: bool, told: bool) -> None:
    """Refuse to open the chat to others without a password, unless `told` to.

    A root path means that a proxy passes on what comes from elsewhere.

    Raises:
        PasswordNeeded: if it would be open.
    """
    if password or told:
        return
    if root.address:
        raise PasswordNeeded(f"--root-path {root.address}")
    if not is_loopback(host):
        raise PasswordNeeded(f"--host {host}")


def own_names(host: str, root: RootPath) -> frozenset[str]:
    """Return the names of hosts, small letters, under which a browser may ask for the chat.

    Any IP address may be asked for as well: what rebinds is the name of a page that is not ours.
    """
    names = {"localhost", root.host}
    if _number(host) is None:
        names.add(host.lower())
    if not is_loopback(host):
        name = socket.gethostname().lower()
        names |= {name, f"{name}.local", socket.getfqdn().lower()}
    return frozenset(names - {""})


def is_own_host(header: str, names: frozenset[str]) -> bool:
    """Whether a Host header names this server: one of its `names`, or any IP address."""
    try:
        origin = origin_of("http", header.lower())
    except ValueError:
        return False
    host = urlsplit(origin).hostname or ""
    return _number(host) is not None or host.removesuffix(".") in names


def address_to_open(host: str, port: int, root: RootPath) -> str:
    """Return the address that people open, as it is printed when the server is up."""
    if root.origin:
        return f"{root.address}/"
    number = _number(host)
    if number is not None and number.is_unspecified:
        host = _own_number()
    return f"{origin_of('http', f'{host}:{port}')}{root.path}/"


def _own_number() -> str:
    """Return this machine's address in its network, or that of the loopback when it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ANYWHERE)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
