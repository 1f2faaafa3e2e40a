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
        path: where it is.
        target: what is opened: the same, or for a link the file that it led to.
    """

    id: str
    key: str
    path: Path
    target: Path


_Entry = tuple[str, Path, Path | str]
"""The path below the corpus with forward slashes, where it is, and what to open or why not."""


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
    found = sorted(
        (_article_id(key), key, path, target) for key, path, target in _walk(corpus, left_out)
    )
    skipped: list[Skipped] = []
    files: dict[str, CorpusFile] = {}
    for article_id, key, path, target in found:
        if isinstance(target, str):
            skipped.append(Skipped(article_id, target))
            continue
        file = CorpusFile(article_id, key, path, target)
        if files.setdefault(article_id, file) is not file:
            skipped.append(Skipped(article_id, "same name as another file, but for its accents"))
    return list(files.values()), skipped


def reason_of(error: OSError) -> str:
    """Say in a few words why the system refused."""
    known = _REASONS.get(error.errno or 0)
    return known or (error.strerror or "cannot be read").lower()


def _walk(corpus: Path, left_out: Path | None) -> Iterator[_Entry]:
    """Yield what below `corpus` is not hidden, each with what to open, or why it cannot be read."""
    root = corpus.resolve()
    folders = [(corpus, "")]
    while folders:
        folder, key = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            if folder == corpus:
                raise CorpusMissing(corpus) from error
            yield key, folder, reason_of(error)
            continue
        for entry in entries:
            if is_leftover(entry.name):
                continue
            path, inner = Path(entry.path), f"{key}/{entry.name}" if key else entry.name
            if entry.is_dir(follow_symlinks=False):
                if left_out is None or entry.name != left_out.name or path.resolve() != left_out:
                    folders.append((path, inner))
            else:
                yield inner, path, _target(entry, path, root)


def _target(entry: os.DirEntry[str], path: Path, root: Path) -> Path | str:
    """Return the file below `root` that an entry is or leads to, or why it is not read."""
    if not entry.is_symlink():
        return path if entry.is_file() else "is no regular file"
    try:
        target = Path(entry.path).resolve(strict=True)
        is_file = target.is_file()
    except FileNotFoundError:
        return "is a link to nothing"
    except PermissionError as error:
        return reason_of(error)
    except (OSError, RuntimeError):  # before Python 3.13 a loop is a RuntimeError
        return _REASONS[errno.ELOOP]
    if not target.is_relative_to(root):
        return "is a link out of the folder of articles"
    return target if is_file else "is a link to a folder"


def _article_id(key: str) -> str:
    """Return a path below the corpus with composed accents and visible signs."""
    return visible(os.fsencode(key).decode("utf-8", "backslashreplace"))
