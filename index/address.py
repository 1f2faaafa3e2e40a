"""Where a store lies: in a folder, or in Milvus at `milvus://host:port/name`.

`milvus://host:port/database/name` lies in a database of that server, `milvus+tls://` speaks TLS;
`milvus:///path/file.db/name` and `milvus://./file.db/name` are a file of Milvus Lite, which needs
no server. The password, or the token of `milvus://@host/name`, may be left to
DEPECHE_MILVUS_PASSWORD: what stands on a command line can be read by everybody on a machine.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from index.errors import AddressInvalid

DEFAULT_PORT = 19530

_SCHEMES = {"milvus": False, "milvus+tls": True}
_STORE, _PASSWORD, _WORK = "DEPECHE_STORE", "DEPECHE_MILVUS_PASSWORD", "DEPECHE_WORK"

# what Milvus takes as a name, with room for what is put behind it
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_SUFFIX = ".db"

# from the first colon behind the scheme: a password may hold any character, also by mistake
_SECRET = re.compile(r"^(milvus(?:\+tls)?:/*[^:@]*):.*@", re.DOTALL)

_PORT = (
    "its port is no number from 1 to 65535; a password that holds / ? # or @ is best given as "
    f"{_PASSWORD}"
)


@dataclass(frozen=True, slots=True)
class Address:
    """An index in Milvus; as a text it shows no password.

    Attributes:
        name: of the alias that names the snapshot in force.
        host: of the server; empty for a file.
        port: of the server.
        user: empty where nobody is asked for one.
        password: of the user; without one, a token.
        secure: whether the server is spoken to by TLS.
        file: of Milvus Lite, or None.
        database: of the server; empty for the one that is there anyway.
    """

    name: str
    host: str = ""
    port: int = DEFAULT_PORT
    user: str = ""
    password: str = field(default="", repr=False)
    secure: bool = False
    file: Path | None = None
    database: str = ""

    def __str__(self) -> str:
        """Return the address without its password."""
        if self.file is not None:
            path = quote(self.file.as_posix())
            return f"milvus://{'' if self.file.is_absolute() else './'}{path}/{self.name}"
        scheme = "milvus+tls" if self.secure else "milvus"
        user = f"{quote(self.user, safe='')}@" if self.user or self.password else ""
        database = f"{self.database}/" if self.database else ""
        return f"{scheme}://{user}{self._server}/{database}{self.name}"

    @property
    def uri(self) -> str:
        """What pymilvus takes."""
        if self.file is not None:
            return str(self.file)
        return f"{'https' if self.secure else 'http'}://{self._server}"

    @property
    def token(self) -> str:
        """What the server knows who asks by; empty where it asks nobody."""
        return f"{self.user}:{self.password}" if self.user else self.password

    @property
    def work(self) -> Path:
        """The folder on this machine that builds for it, and keeps feedback.

        Beside a file of Milvus Lite; else in `DEPECHE_WORK`, or ~/.local/share/depeche.
        """
        if self.file is not None:
            return self.file.with_suffix(".work") / self.name
        folder = os.environ.get(_WORK) or Path.home() / ".local" / "share" / "depeche"
        names = [self.database, self.name] if self.database else [self.name]
        return Path(folder) / "-".join([self.host.replace(":", "_"), str(self.port), *names])

    def resolve(self) -> "Address":
        """Return the same with the whole path of its file, as `Path.resolve` does."""
        if self.file is None:
            return self
        return Address(self.name, file=self.file.resolve())

    @property
    def _server(self) -> str:
        """Host and port; an IPv6 address in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


Place = Path | Address
"""Where a store lies: in a folder, or in Milvus."""


def place_of(store: str | Path | Address | None = None) -> Place:
    """Return where a store lies; `DEPECHE_STORE`, else ./store, if none is named.

    Raises:
        AddressInvalid: if it begins with "milvus:", and is no address.
    """
    named = store or os.environ.get(_STORE) or "store"
    if isinstance(named, Address):
        return named
    return read_address(str(named)) if is_address(named) else Path(named)


def folder_of(place: Place) -> Path:
    """Return the folder on this machine for what is kept beside a store, such as feedback."""
    return place.work if isinstance(place, Address) else place


def hand_down(place: Place) -> str:
    """Return a store as a process that this one begins is told of it.

    Its password goes by the environment, since everybody on a machine can read a command line.
    """
    if isinstance(place, Address) and place.password:
        os.environ[_PASSWORD] = place.password
    return str(place)


def is_address(store: object) -> bool:
    """Whether a store is named by an address, not by a folder."""
    return isinstance(store, Address) or re.match(r"milvus(\+tls)?:", str(store)) is not None


def read_address(text: str) -> Address:
    """Read the address of an index in Milvus.

    Raises:
        AddressInvalid: if it is none.
    """
    shown = _SECRET.sub(r"\1:***@", text)
    parts = _split(text, shown)
    path, _, name = parts.path.rpartition("/")
    if not _NAME.fullmatch(name) or parts.query or parts.fragment:
        raise AddressInvalid(shown, "it ends with no name of letters, digits and underscores")
    if parts.netloc in ("", "."):
        return Address(name, file=_read_file(f"{parts.netloc}{path}", shown))
    if not parts.hostname:
        raise AddressInvalid(shown, "it names no server")
    database = path.removeprefix("/")
    if database and not _NAME.fullmatch(database):
        problem = "there is more than a database and a name behind the server"
        raise AddressInvalid(shown, problem)
    return _read_server(name, database, parts)


def _split(text: str, shown: str) -> SplitResult:
    """Split an address; what the library says of one that it cannot is not told: it quotes it."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise AddressInvalid(shown, _PORT if "Port" in str(error) else "it is no URL") from error
    if parts.scheme not in _SCHEMES or not text.startswith(f"{parts.scheme}://"):
        raise AddressInvalid(shown, "it does not begin with milvus://")
    if port == 0:
        raise AddressInvalid(shown, _PORT)
    return parts


def _read_server(name: str, database: str, parts: SplitResult) -> Address:
    """Read who asks which server."""
    password = unquote(parts.password or "")
    if parts.username is not None:
        password = password or os.environ.get(_PASSWORD, "")
    return Address(
        name,
        host=parts.hostname or "",
        port=DEFAULT_PORT if parts.port is None else parts.port,
        user=unquote(parts.username or ""),
        password=password,
        secure=_SCHEMES[parts.scheme],
        database=database,
    )


def _read_file(path: str, shown: str) -> Path:
    """Read the path of a file of Milvus Lite."""
    file = Path(unquote(path))
    if file.suffix != _SUFFIX:
        raise AddressInvalid(shown, f"a file of Milvus Lite ends with {_SUFFIX}")
    return file
