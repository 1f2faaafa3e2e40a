"""The file of users: one line each, `name:scrypt$n$r$p$salt$hash`.

Empty lines and lines that begin with # are passed over. The file is read again when it changes: a
user can be added or removed while the chat is open.
"""

import asyncio
import logging
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from index.errors import DepecheError, UserNameInvalid, UsersExposed, UsersInvalid, UsersMissing
from ui.passwords import NOBODY, Hashed

_logger = logging.getLogger(__name__)

MAX_NAME = 64
"""Longest name, in characters."""
_NAME = re.compile(r"[^\W_]([\w .@-]*\w)?")

_MAX_FILE_BYTES = 2**20

# Passwords looked at in the same moment: the other cores go on answering questions.
_HASHING_AT_ONCE = 2

_Stamp = tuple[int, int, int]  # of a file: when it last changed (ns), its size, its number


class Users:
    """Who may enter, by the file at `path`."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            SetupError: if it is missing, empty, damaged, or open to others.
        """
        self._path = path
        self._stamp = _stamp_of(path)
        self._hashed = read_users(path)
        self._turn = asyncio.Semaphore(_HASHING_AT_ONCE)

    def line(self, name: str) -> str | None:
        """Return the hashed password of `name` as the file has it now, or None for nobody."""
        self._follow()
        hashed = self._hashed.get(name)
        return None if hashed is None else str(hashed)

    async def check(self, name: str, password: str) -> bool:
        """Whether `password` is that of `name`; a name that is not there takes as long."""
        self._follow()
        hashed = self._hashed.get(name)
        async with self._turn:
            fits = await asyncio.to_thread((hashed or NOBODY).fits, password)
        return fits and hashed is not None

    def _follow(self) -> None:
        """Read the file again when it has changed; one that cannot be read changes nothing."""
        stamp = _stamp_of(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._hashed = read_users(self._path)
        except DepecheError as error:
            _logger.warning("The users stay as they were. %s", error)


def _stamp_of(path: Path) -> _Stamp | None:
    """Return what tells one state of a file from another, or None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ctime_ns, found.st_size, found.st_ino


def read_users(path: Path) -> dict[str, Hashed]:
    """Read the file of users.

    Raises:
        UsersMissing: if it cannot be read, or names nobody.
        UsersExposed: if others can read or write it.
        UsersInvalid: if a line is not one of a user.
    """
    users = dict(_users(path, read_private(path)))
    if not users:
        raise UsersMissing(path, "names nobody")
    return users


def read_private(path: Path) -> str:
    """Return the text of the file, once it is sure that nobody else can read it.

    Raises:
        UsersMissing: if it cannot be read.
        UsersExposed: if others can read or write it.
        UsersInvalid: if it is no text.
    """
    try:
        # a pipe in the file's place must not keep the server waiting
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise UsersMissing(path, f"cannot be read ({error.strerror})") from error
    try:
        # what was opened is looked at, not what has its name a moment later
        _refuse_exposed(path, os.fstat(descriptor))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(content) > _MAX_FILE_BYTES:
        raise UsersInvalid(path, 0, f"is larger than {_MAX_FILE_BYTES} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsersInvalid(path, 0, "is no text in UTF-8") from error


def _refuse_exposed(path: Path, found: os.stat_result) -> None:
    """Refuse what is no file, and what others can read or write."""
    if not stat.S_ISREG(found.st_mode):
        raise UsersMissing(path, "is no file")
    mode = stat.S_IMODE(found.st_mode)
    # Windows has other rights than these
    if os.name == "posix" and mode & 0o077:
        raise UsersExposed(path, mode)


def _users(path: Path, text: str) -> Iterator[tuple[str, Hashed]]:
    """Yield each name with its hashed password."""
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if is_comment(line):
            continue
        try:
            name, hashed = name_of(line), Hashed.read(line.strip().partition(":")[2])
        except (ValueError, UserNameInvalid) as error:
            raise UsersInvalid(path, number, "is no name with a hashed password") from error
        if name in seen:
            raise UsersInvalid(path, number, f"names {name} a second time")
        seen.add(name)
        yield name, hashed


def is_comment(line: str) -> bool:
    """Whether a line of the file names nobody."""
    return not line.strip() or line.lstrip().startswith("#")


def name_of(line: str) -> str:
    """Return the name at the beginning of a line.

    Raises:
        UserNameInvalid: if there is none.
    """
    return check_name(line.partition(":")[0])


def check_name(name: str) -> str:
    """Return `name` as it is kept and compared.

    Raises:
        UserNameInvalid: if it cannot stand in a line of the file.
    """
    kept = unicodedata.normalize("NFC", name.strip())
    if len(kept) > MAX_NAME or not _NAME.fullmatch(kept):
        raise UserNameInvalid(name[: 2 * MAX_NAME], MAX_NAME)
    return kept
