"""Adds a user: asks for the password on the terminal and writes the line of the file."""

import os
import tempfile
from collections.abc import Callable
from getpass import getpass
from pathlib import Path

from index.errors import PasswordUnusable, UserNameInvalid, UsersUnwritable
from ui.passwords import Hashed
from ui.users import check_name, is_comment, name_of, read_private

_MIN_PASSWORD = 8  # characters (NIST SP 800-63B)


def enrol(path: Path, name: str, ask: Callable[[str], str] = getpass) -> str:
    """Write the line of `name` into the file at `path`, in place of the one before.

    Args:
        path: the file of users; it is made when it is not there.
        name: the name, letters as the person will type them.
        ask: prompts for a password without showing it.

    Returns:
        The name as it was written.

    Raises:
        SetupError: if the name, the password or the file cannot be used; nothing was written.
    """
    name = check_name(name)
    lines = read_private(path).splitlines() if path.exists() else []
    password = _ask_twice(name, ask)
    kept = [line for line in lines if is_comment(line) or not _is_of(name, line)]
    kept.append(f"{name}:{Hashed.make(password)}")
    _write_private(path, "".join(f"{line}\n" for line in kept))
    return name


def _ask_twice(name: str, ask: Callable[[str], str]) -> str:
    """Ask for a new password, and again."""
    password = ask(f"New password of {name}: ")
    if len(password) < _MIN_PASSWORD:
        raise PasswordUnusable(f"has fewer than {_MIN_PASSWORD} characters")
    if ask("The same again: ") != password:
        raise PasswordUnusable("was not the same the second time")
    return password


def _is_of(name: str, line: str) -> bool:
    """Whether a line is that of `name`; a damaged one is nobody's and is left to its owner."""
    try:
        return name_of(line) == name
    except UserNameInvalid:
        return False


def _write_private(path: Path, text: str) -> None:
    """Replace the file by one that only its owner can read, in one step.

    Raises:
        UsersUnwritable: if the system refuses.
    """
    # a link stays a link
    path = path.resolve()
    try:
        # made with mode 0600: at no moment could anybody else read it
        descriptor, written = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(written).replace(path)
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsersUnwritable(path, error.strerror or str(error)) from error
