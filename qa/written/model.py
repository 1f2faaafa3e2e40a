"""Which language model writes answers out: where its server is, its name, how long it may take."""

import os
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from index.errors import ExtraMissing, WriterInvalid

# what servers take that want no key; the client cannot do without one
_NO_KEY = "none"

# where servers of this kind have it, when no path is given
_USUAL_PATH = "/v1"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is waited for a language model, and how much is read of it.

    Attributes:
        connect_seconds: until its server takes the connection.
        first_seconds: until it begins; a machine without an accelerator reads long passages slowly.
        next_seconds: between one piece and the next.
        whole_seconds: for everything.
        answer_tokens: what it is asked to write at most.
        answer_characters: what is read of its answer, whatever it was asked.
        read_bytes: what is read of its server at all; a piece of some letters comes in 300 bytes.
    """

    connect_seconds: float = 5.0
    first_seconds: float = 120.0
    next_seconds: float = 20.0
    whole_seconds: float = 300.0
    answer_tokens: int = 700
    answer_characters: int = 10_000
    read_bytes: int = 4_000_000


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A model behind a server that speaks as OpenAI's does.

    Attributes:
        url: where the server is, up to and without `/chat/completions`.
        name: what the server calls the model.
        key: what the server wants to see; never shown.
        limits: how long is waited, and how much is read.
    """

    url: str
    name: str
    key: str = field(default=_NO_KEY, repr=False)
    limits: Limits = Limits()

    @property
    def is_on_this_machine(self) -> bool:
        """Whether its server runs here, where no proxy stands between."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")


def choose_model(url: str | None = None, name: str | None = None) -> LanguageModel | None:
    """Return the model of a command, else of the environment; None when there is none.

    Args:
        url: where its server is; `DEPECHE_LLM` if left out.
        name: what the server calls it; `DEPECHE_LLM_MODEL` if left out.

    Raises:
        WriterInvalid: if the address is none, or one of the two is missing.
        ExtraMissing: if the client is not installed.
    """
    url = (url or os.environ.get("DEPECHE_LLM", "")).strip()
    name = (name or os.environ.get("DEPECHE_LLM_MODEL", "")).strip()
    if not url and not name:
        return None
    if not url:
        raise WriterInvalid(f"The language model {name!r} has no address")
    if not name:
        raise WriterInvalid(f"No model is named that {_without_password(url)} shall write with")
    # a key on the command line would be seen by everybody on the machine
    key = os.environ.get("DEPECHE_LLM_KEY", "").strip() or _NO_KEY
    if not (key.isascii() and key.isprintable()):
        raise WriterInvalid("The key in DEPECHE_LLM_KEY has letters that no key has")
    check_client()
    return LanguageModel(_read_address(url), name, key)


def check_client() -> None:
    """Make sure that a language model can be asked at all.

    Raises:
        ExtraMissing: if the client is not installed.
    """
    if find_spec("openai") is None:
        raise ExtraMissing("have answers written out", "openai", "llm")


def _read_address(url: str) -> str:
    """Return the address of a server as its client takes it.

    Raises:
        WriterInvalid: if it is none.
    """
    told = _without_password(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WriterInvalid(f"{told!r} is no address of a language model's server") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise WriterInvalid(f"{told!r} is no address of a language model's server")
    if parts.username is not None or parts.password is not None:
        raise WriterInvalid("A key has no place in the address: put it into DEPECHE_LLM_KEY")
    if parts.query or parts.fragment or not _is_plain(parts):
        raise WriterInvalid(f"{told!r} is more than the address of a language model's server")
    path = parts.path.rstrip("/").removesuffix("/chat/completions") or _USUAL_PATH
    return parts._replace(path=path).geturl()


def _is_plain(parts: SplitResult) -> bool:
    """Whether an address holds only what every client sends as it is."""
    return all(" " < letter != "\x7f" for letter in parts.geturl())


def _without_password(url: str) -> str:
    """Return what is told of an address: in front of an @ there may be a password."""
    before, at, after = url[:200].rpartition("@")
    if not at:
        return after
    return f"{before.partition('//')[0]}//…@{after}" if "//" in before else f"…@{after}"
