"""Programs give name and password of the file of users with each request, by HTTP Basic.

That a request comes from this machine is no reason to answer it without: behind a proxy all do.
"""

import asyncio
import base64
import math
import secrets
import time
from dataclasses import dataclass
from hashlib import blake2b

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from index.errors import UserNameInvalid
from ui.delays import Delays
from ui.language import load_words
from ui.origins import address_of
from ui.refusal import tell
from ui.users import Users, check_name

_ASK = 'Basic realm="Depeche", charset="UTF-8"'

# A password that was right is not hashed again for so long: a program asks many times a second.
_KNOWN_SECONDS = 300.0
_MAX_KNOWN = 1_000


@dataclass(frozen=True, slots=True)
class _Known:
    """A password that was right."""

    name: str
    line: str | None  # of the file of users, then
    ends: float


class Basic:
    """Knows programs by what they send; wrong passwords cost the same time as in the form."""

    def __init__(self, users: Users, delays: Delays) -> None:
        """Let `users` in."""
        self._users = users
        self._delays = delays
        self._known: dict[bytes, _Known] = {}
        self._salt = secrets.token_bytes(16)
        # one after another: of twenty requests at once with a right password none is an attempt
        self._turn = asyncio.Lock()

    async def find(self, scope: Scope, headers: Headers) -> str | Response:
        """Return the name of who asks, or what is answered to somebody who is not known."""
        sent = headers.get("authorization", "")
        given = read_credentials(sent)
        if given is None:
            return _refusal("PasswordMissing", "errors.PasswordMissing")
        digest = blake2b(sent.encode(), key=self._salt).digest()
        # who is known does not wait for those that are not
        known = self._find(digest)
        if known is not None:
            return known
        async with self._turn:
            return self._find(digest) or await self._check(digest, *given, scope, headers)

    def _find(self, digest: bytes) -> str | None:
        """Return whose password was right a moment ago, unless it was changed since."""
        known = self._known.get(digest)
        if known is None or known.ends <= time.monotonic():
            return None
        return known.name if known.line == self._users.line(known.name) else None

    async def _check(
        self, digest: bytes, name: str, password: str, scope: Scope, headers: Headers
    ) -> str | Response:
        """Look at a password: return the name, or the refusal."""
        address = address_of(scope, headers)
        seconds = math.ceil(self._delays.wait(name, address))
        if seconds:
            sentence = load_words("en")("enter.wait", count=seconds)
            return tell("TooManyAttempts", sentence, 429, {"Retry-After": str(seconds)})
        self._delays.begin(name, address)
        if not await self._users.check(name, password):
            return _refusal("PasswordWrong", "enter.wrong")
        self._delays.forgive(name, address)
        self._known.pop(digest, None)
        ends = time.monotonic() + _KNOWN_SECONDS
        self._known[digest] = _Known(name, self._users.line(name), ends)
        while len(self._known) > _MAX_KNOWN:
            del self._known[next(iter(self._known))]
        return name


def _refusal(key: str, words: str) -> Response:
    """Return the answer that asks for a password."""
    return tell(key, load_words("en")(words), 401, {"WWW-Authenticate": _ASK})


def read_credentials(header: str) -> tuple[str, str] | None:
    """Return name and password of an `Authorization` header of kind Basic, or None."""
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, colon, password = (
            base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        )
        return (check_name(name), password) if colon else None
    except (ValueError, UserNameInvalid):  # no base64, or none of a text
        return None
