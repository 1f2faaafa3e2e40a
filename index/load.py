"""From a folder of files to articles, and to the files that did not become one, with the reason.

The order is that of the ids, so that one corpus gives one index on every file system.
"""

import errno
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from index import apart
from index.errors import CorpusEmpty, CorpusMissing, UnreadableFile
from index.metadata import describe
from index.readers import find_format
from index.types import Article, Progress, Skipped

# What editors, browsers and file managers leave behind.
_LEFTOVER = re.compile(
    r"\..*|~\$.*|.*~|#.*#|.*\.(?:swp|swo|tmp|bak|part|crdownload)|thumbs\.db|desktop\.ini|__macosx",
    re.IGNORECASE | re.DOTALL,
)

# Would break a line, or turn the direction of writing, wherever an id is shown.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

_REASONS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENOENT: "vanished meanwhile",
    errno.ELOOP: "is a link that leads to itself",
}


def load_articles(
    corpus: Path, *, progress: Progress | None = None
) -> tuple[list[Article], list[Skipped]]:
    """Read every article of `corpus`, folders included.

    Returns:
        The articles and the skipped files, each sorted by path.

    Raises:
        CorpusMissing: if `corpus` is no folder, or may not be opened.
        CorpusEmpty: if no file of it is an article.
    """
    if not corpus.is_dir():
        raise CorpusMissing(corpus)
    skipped: list[Skipped] = []
    files = _sorted_files(corpus, skipped)
    articles: list[Article] = []
    first_with_text: dict[bytes, str] = {}
    try:
        for done, (article_id, path) in enumerate(files, start=1):
            for found in read_file(path, article_id):
                if isinstance(found, Skipped):
                    skipped.append(found)
                    continue
                same = first_with_text.setdefault(_text_digest(found), found.id)
                if same != found.id:
                    skipped.append(Skipped(found.id, f"same text as {same}"))
                else:
                    articles.append(found)
            if progress:
                progress("read", done, len(files))
    finally:
        apart.end()
    if not articles:
        raise CorpusEmpty(corpus, len(skipped))
    return articles, sorted(skipped)


def read_file(path: Path, file_id: str) -> Iterator[Article | Skipped]:
    """Read the file at `path`, whose path in the corpus is `file_id`.

    Yields:
        Its articles, each under an id of its own, and what could not be read: the file itself, or
        a part of it, with the reason.
    """
    try:
        limit = find_format(path).max_bytes  # before any byte is read: it may be a film
        yield from articles_in(path, file_id, _read_bytes(path, limit))
    except UnreadableFile as problem:
        yield Skipped(file_id, problem.reason)


def articles_in(path: Path, file_id: str, data: bytes) -> Iterator[Article | Skipped]:
    """Read `data`, the content of the file at `path`, as `read_file` does.

    Raises:
        UnreadableFile: if the whole file cannot be read.
    """
    for extracted in apart.read(path, data):
        if isinstance(extracted, Skipped):
            yield Skipped(file_id + extracted.path, extracted.reason)
        else:
            yield describe(file_id + extracted.name, extracted)


def _read_bytes(path: Path, limit: int) -> bytes:
    """Return the content of the file at `path`.

    Raises:
        UnreadableFile: if it cannot be opened, or has more than `limit` bytes.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            # one byte more shows that the file has grown since
            data = b"" if size > limit else file.read(limit + 1)
    except OSError as error:
        raise UnreadableFile(path, _reason(error)) from error
    size = max(size, len(data))
    if size > limit:
        told = f"{size / 1e6:.1f} MB, at most {limit / 1e6:.0f} MB are read"
        raise UnreadableFile(path, f"is too large: {told}")
    return data


def _sorted_files(corpus: Path, skipped: list[Skipped]) -> list[tuple[str, Path]]:
    """Return the files of `corpus` by id, in order; add what is no readable file to `skipped`."""
    found = sorted((_article_id(corpus, path), path, reason) for path, reason in _walk(corpus))
    files: dict[str, Path] = {}
    for article_id, path, reason in found:
        if reason:
            skipped.append(Skipped(article_id, reason))
        elif files.setdefault(article_id, path) is not path:
            skipped.append(Skipped(article_id, "same name as another file, but for its accents"))
    return list(files.items())


def _walk(corpus: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files below `corpus` that are not hidden, each with "" or why it cannot be read."""
    root = corpus.resolve()
    folders = [corpus]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            if folder == corpus:
                raise CorpusMissing(corpus) from error
            yield folder, _reason(error)
            continue
        for entry in entries:
            path = Path(entry.path)
            if _LEFTOVER.fullmatch(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif entry.is_symlink():
                yield path, _link_problem(path, root)
            else:
                yield path, "" if entry.is_file() else "is no regular file"


def _link_problem(path: Path, root: Path) -> str:
    """Return why the link at `path` is not read, or "" if it leads to a file below `root`."""
    try:
        target = path.resolve(strict=True)
    except FileNotFoundError:
        return "is a link to nothing"
    except (OSError, RuntimeError):  # before Python 3.13 a loop is a RuntimeError
        return _REASONS[errno.ELOOP]
    if not target.is_relative_to(root):
        return "is a link out of the folder of articles"
    return "" if target.is_file() else "is a link to a folder"


def _article_id(corpus: Path, path: Path) -> str:
    """Return the path below `corpus` with forward slashes, composed accents and visible signs."""
    name = os.fsencode(path.relative_to(corpus).as_posix()).decode("utf-8", "backslashreplace")
    name = unicodedata.normalize("NFC", name)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", name)


def _text_digest(article: Article) -> bytes:
    """Return what two articles share if they differ at most in layout."""
    return hashlib.sha256(" ".join(article.text.split()).encode()).digest()


def _reason(error: OSError) -> str:
    """Say in a few words why the system refused."""
    known = _REASONS.get(error.errno or 0)
    return known or (error.strerror or "cannot be read").lower()
