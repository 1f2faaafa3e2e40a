"""The files of a folder of articles, each under the id that it gives, in the order of the ids.

The order is the same on every file system, so that one corpus gives one index.
"""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from index.errors import CorpusMissing
from index.readers.names import is_leftover, visible
from index.types import Skipped

_REASONS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENOENT: "vanished meanwhile",
    errno.ELOOP: "is a link that leads to itself",
}


class CorpusFile(NamedTuple):
    """A file that may hold articles.

    Attributes:
        id: what its articles are called: its path below the corpus with forward slashes, composed
            accents and visible signs.
        key: its path below the corpus as the system spells it, with forward slashes.
        path: where it is; a plain text, for there may be a million.
        target: what is opened: the same, or for a link the file that it led to.
    """

    id: str
    key: str
    path: str
    target: str


class _Entry(NamedTuple):
    """What is no folder: its id and key, where it is, what to open, or else why not."""

    id: str
    key: str
    path: str
    target: str | None
    reason: str = ""


def walk_corpus(corpus: Path, store: Path | None = None) -> tuple[list[CorpusFile], list[Skipped]]:
    """List the files below `corpus` that are not hidden; what lies in `store` is no article.

    Returns:
        The files in the order of their ids, no id twice, and what is no file that can be read.

    Raises:
        CorpusMissing: if `corpus` is no folder, or may not be opened.
    """
    try:
        is_folder = corpus.is_dir()
    except PermissionError as error:
        raise CorpusMissing(corpus) from error
    if not is_folder:
        raise CorpusMissing(corpus)
    left_out = store.resolve() if store is not None else None
    skipped: list[Skipped] = []
    files: list[CorpusFile] = []
    for article_id, key, path, target, reason in sorted(_walk(corpus, left_out), key=_place):
        if target is None:
            skipped.append(Skipped(article_id, reason))
        elif files and files[-1].id == article_id:
            skipped.append(Skipped(article_id, "same name as another file, but for its accents"))
        else:
            files.append(CorpusFile(article_id, key, path, target))
    return files, skipped


def reason_of(error: OSError) -> str:
    """Say in a few words why the system refused."""
    known = _REASONS.get(error.errno or 0)
    return known or (error.strerror or "cannot be read").lower()


def _walk(corpus: Path, left_out: Path | None) -> Iterator[_Entry]:
    """Yield what below `corpus` is not hidden, each with what to open, or why it cannot be read."""
    root = corpus.resolve()
    folders = [(os.fspath(corpus), "")]
    while folders:
        folder, key = folders.pop()
        try:
            with os.scandir(folder) as found:
                entries = list(found)
        except OSError as error:
            if not key:
                raise CorpusMissing(corpus) from error
            yield _Entry(_article_id(key), key, folder, None, reason_of(error))
            continue
        for entry in entries:
            if is_leftover(entry.name):
                continue
            inner = f"{key}/{entry.name}" if key else entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield _looked_at(entry, inner, root)
            elif not _is_folder(entry, left_out):
                folders.append((entry.path, inner))


def _place(entry: _Entry) -> tuple[str, str]:
    """Return what files are in order of."""
    return entry.id, entry.key


def _is_folder(entry: os.DirEntry[str], folder: Path | None) -> bool:
    """Whether an entry is a certain folder."""
    return folder is not None and entry.name == folder.name and Path(entry.path).resolve() == folder


def _looked_at(entry: os.DirEntry[str], key: str, root: Path) -> _Entry:
    """Return what is known of an entry that is no folder."""
    article_id, path = _article_id(key), entry.path
    if entry.is_symlink():
        return _Entry(article_id, key, path, *_target(path, root))
    is_file = entry.is_file()
    return _Entry(article_id, key, path, path if is_file else None, "is no regular file")


def _target(link: str, root: Path) -> tuple[str | None, str]:
    """Return the file below `root` that a link leads to; else why it is not read."""
    try:
        target = Path(link).resolve(strict=True)
        is_file = target.is_file()
    except FileNotFoundError:
        return None, "is a link to nothing"
    except PermissionError as error:
        return None, reason_of(error)
    except (OSError, RuntimeError):  # before Python 3.13 a loop is a RuntimeError
        return None, _REASONS[errno.ELOOP]
    if not target.is_relative_to(root):
        return None, "is a link out of the folder of articles"
    return (str(target), "") if is_file else (None, "is a link to a folder")


def _article_id(key: str) -> str:
    """Return a path below the corpus with composed accents and visible signs."""
    if key.isascii() and key.isprintable():
        return key
    return visible(os.fsencode(key).decode("utf-8", "backslashreplace"))
