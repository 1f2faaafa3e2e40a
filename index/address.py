"""Where a store lies: in a folder, or in Milvus at `milvus://host:port/name`.

`milvus+tls://` speaks TLS; `milvus:///path/file.db/name` and `milvus://./file.db/name` are a file
of Milvus Lite, which needs no server. The password may be left to DEPECHE_MILVUS_PASSWORD: what
stands on a command line can be read by everybody on a machine.
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

_SECRET = re.compile(r"(?<=:)[^:/@]*(?=@)")


@dataclass(frozen=True, slots=True)
class Address:
    """An index in Milvus; as a text it shows no password.

    Attributes:
        name: of the alias that names the snapshot in force.
        host: of the server; empty for a file.
        port: of the server.
        user: empty where nobody is asked for one.
        password: of the user.
        secure: whether the server is spoken to by TLS.
        file: of Milvus Lite, or None.
    """

    name: str
    host: str = ""
    port: int = DEFAULT_PORT
    user: str = ""
    password: str = field(default="", repr=False)
    secure: bool = False
    file: Path | None = None

    def __str__(self) -> str:
        """Return the address without its password."""
        if self.file is not None:
            return f"milvus://{'' if self.file.is_absolute() else './'}{self.file}/{self.name}"
        scheme = "milvus+tls" if self.secure else "milvus"
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        return f"{scheme}://{user}{self._server}/{self.name}"

    @property
    def uri(self) -> str:
        """What pymilvus takes."""
        if self.file is not None:
            return str(self.file)
        return f"{'https' if self.secure else 'http'}://{self._server}"

    @property
    def work(self) -> Path:
        """The folder on this machine that builds for it, and keeps feedback.

        Beside a file of Milvus Lite; else in `DEPECHE_WORK`, or ~/.local/share/depeche.
        """
        if self.file is not None:
            return self.file.with_suffix(".work") / self.name
        folder = os.environ.get(_WORK) or Path.home() / ".local" / "share" / "depeche"
        return Path(folder) / f"{self.host.replace(':', '_')}-{self.port}-{self.name}"

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
    shown = _SECRET.sub("***", text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise AddressInvalid(shown, str(error)) from error
    if parts.scheme not in _SCHEMES or not text.startswith(f"{parts.scheme}://"):
        raise AddressInvalid(shown, "it does not begin with milvus://")
    path, _, name = parts.path.rpartition("/")
    if not _NAME.fullmatch(name):
        raise AddressInvalid(shown, "it ends with no name of letters, digits and underscores")
    if parts.netloc in ("", "."):
        return Address(name, file=_read_file(f"{parts.netloc}{path}", shown))
    if path:
        raise AddressInvalid(shown, "there is more than a name behind the server")
    if not parts.hostname:
        raise AddressInvalid(shown, "it names no server")
    return _read_server(name, parts, DEFAULT_PORT if port is None else port)


def _read_server(name: str, parts: SplitResult, port: int) -> Address:
    """Read who asks which server."""
    password = unquote(parts.password or "") or os.environ.get(_PASSWORD, "")
    user = unquote(parts.username or "")
    return Address(
        name,
        host=parts.hostname or "",
        port=port,
        user=user,
        password=password if user else "",
        secure=_SCHEMES[parts.scheme],
    )


def _read_file(path: str, shown: str) -> Path:
    """Read the path of a file of Milvus Lite."""
    file = Path(unquote(path))
    if file.suffix != _SUFFIX:
        raise AddressInvalid(shown, f"a file of Milvus Lite ends with {_SUFFIX}")
    return file
