"""Passwords, hashed by scrypt: `scrypt$n$r$p$salt$hash`, salt and hash in base64."""

import base64
import binascii
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

# What OWASP asks of scrypt with 32 MiB (128 * n * r): some tenths of a second on one core.
_N, _R, _P = 2**15, 8, 3
_SALT_BYTES = 16
_HASH_BYTES = 32

# What a line of the file may ask for: less protects nothing, more could stop the server.
_MIN_N = 2**14
_MAX_MEMORY_BYTES = 256 * 2**20
_MAX_P = 16

# Longest password that is looked at, in characters.
_MAX_PASSWORD = 1024


@dataclass(frozen=True)
class Hashed:
    """A hashed password, and what it was hashed with."""

    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    @classmethod
    def make(cls, password: str) -> "Hashed":
        """Hash a new `password`."""
        salt = secrets.token_bytes(_SALT_BYTES)
        return cls(_N, _R, _P, salt, _scrypt(password, salt, _N, _R, _P))

    @classmethod
    def read(cls, text: str) -> "Hashed":
        """Read what `str` wrote.

        Raises:
            ValueError: if it is anything else, or asks for too little work or too much.
        """
        kind, *numbers, salt, digest = text.split("$")
        n, r, p = map(int, numbers)
        hashed = cls(n, r, p, _decode(salt), _decode(digest))
        power = n >= _MIN_N and n & (n - 1) == 0
        bounded = r >= 1 and 1 <= p <= _MAX_P and 128 * n * r <= _MAX_MEMORY_BYTES
        long = len(hashed.salt) >= _SALT_BYTES and len(hashed.digest) == _HASH_BYTES
        if not (kind == "scrypt" and power and bounded and long):
            raise ValueError("not a hash that is taken")
        return hashed

    def __str__(self) -> str:
        """Write it as one line of the file has it."""
        encoded = (base64.b64encode(part).decode("ascii") for part in (self.salt, self.digest))
        return "$".join(("scrypt", str(self.n), str(self.r), str(self.p), *encoded))

    def fits(self, password: str) -> bool:
        """Whether `password` is the one that was hashed; takes as long either way."""
        digest = _scrypt(password, self.salt, self.n, self.r, self.p)
        return hmac.compare_digest(digest, self.digest)


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    """Hash `password`; an accent is the same letter whichever keyboard wrote it."""
    typed = unicodedata.normalize("NFC", password[:_MAX_PASSWORD]).encode("utf-8", "surrogatepass")
    memory = 2 * _MAX_MEMORY_BYTES  # OpenSSL counts a little more than 128 * n * r
    return hashlib.scrypt(typed, salt=salt, n=n, r=r, p=p, dklen=_HASH_BYTES, maxmem=memory)


def _decode(text: str) -> bytes:
    """Read base64."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error


NOBODY = Hashed(_N, _R, _P, bytes(_SALT_BYTES), bytes(_HASH_BYTES))
"""Stands in for a name that is not known: the answer takes as long, and is always no."""
