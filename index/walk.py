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
    listed = ((_article_id(corpus, path), path, target) for path, target in _walk(corpus, left_out))
    found = sorted(listed, key=lambda one: one[:2])
    skipped: list[Skipped] = []
    files: dict[str, CorpusFile] = {}
    for article_id, path, target in found:
        if isinstance(target, str):
            skipped.append(Skipped(article_id, target))
            continue
        file = CorpusFile(article_id, _key(corpus, path), path, target)
        if files.setdefault(article_id, file) is not file:
            skipped.append(Skipped(article_id, "same name as another file, but for its accents"))
    return list(files.values()), skipped


def reason_of(error: OSError) -> str:
    """Say in a few words why the system refused."""
    known = _REASONS.get(error.errno or 0)
    return known or (error.strerror or "cannot be read").lower()


def _walk(corpus: Path, left_out: Path | None) -> Iterator[tuple[Path, Path | str]]:
    """Yield what below `corpus` is not hidden, each with what to open, or why it cannot be read."""
    root = corpus.resolve()
    folders = [corpus]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            if folder == corpus:
                raise CorpusMissing(corpus) from error
            yield folder, reason_of(error)
            continue
        for entry in entries:
            path = Path(entry.path)
            if is_leftover(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                if left_out is None or entry.name != left_out.name or path.resolve() != left_out:
                    folders.append(path)
            else:
                yield path, _target(entry, root)


def _target(entry: os.DirEntry[str], root: Path) -> Path | str:
    """Return the file below `root` that an entry is or leads to, or why it is not read."""
    if not entry.is_symlink():
        return Path(entry.path) if entry.is_file() else "is no regular file"
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


def _key(corpus: Path, path: Path) -> str:
    """Return the path below `corpus` with forward slashes."""
    return path.relative_to(corpus).as_posix()


def _article_id(corpus: Path, path: Path) -> str:
    """Return the path below `corpus` with forward slashes, composed accents and visible signs."""
    name = os.fsencode(_key(corpus, path)).decode("utf-8", "backslashreplace")
    return visible(name)
