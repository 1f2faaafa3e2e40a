"""Who has entered: a random token in a cookie, of which only the sha256 is kept here."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from ui.users import Users

# A session ends this long after its last request.
_IDLE_SECONDS = 12 * 3600.0

_TOKEN_BYTES = 32

# Sessions open at the same time; beyond it the one that was used longest ago ends.
_MAX_SESSIONS = 10_000


@dataclass
class _Session:
    """Somebody who has entered."""

    name: str
    line: str  # of the file of users, when they entered
    ends: float


class Sessions:
    """The open sessions of `users`; they end when the server does."""

    def __init__(self, users: Users, clock: Callable[[], float] = time.time) -> None:
        """Begin with none; `clock` goes on while the machine sleeps."""
        self._users = users
        self._clock = clock
        self._sessions: dict[bytes, _Session] = {}

    def open(self, name: str) -> str:
        """Open a session for `name`, whose password was right, and return its token."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        line = self._users.line(name) or ""
        self._sessions[_digest(token)] = _Session(name, line, self._clock() + _IDLE_SECONDS)
        while len(self._sessions) > _MAX_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        return token

    def find(self, token: str) -> str | None:
        """Return whose session `token` opens, and let it last from now; None when it opens none.

        Who is taken out of the file of users, or given another password, is out at once.
        """
        digest = _digest(token)
        session = self._sessions.pop(digest, None)
        now = self._clock()
        if session is None or session.ends <= now or self._users.line(session.name) != session.line:
            return None
        # put at the end: the first of the table was used longest ago
        session.ends = now + _IDLE_SECONDS
        self._sessions[digest] = session
        return session.name

    def count(self) -> int:
        """Return how many are open."""
        now = self._clock()
        return sum(session.ends > now for session in list(self._sessions.values()))

    def close(self, token: str) -> None:
        """End the session that `token` opens."""
        self._sessions.pop(_digest(token), None)


def _digest(token: str) -> bytes:
    """Return the sha256 of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
