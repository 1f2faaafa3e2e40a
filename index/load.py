"""From a folder of files to articles, and to the files that did not become one, with the reason.

What the snapshot before was built from is not parsed again, and where the system tells that a file
has not been touched since, it is not even opened.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import apart
from index.articles import StoredArticles
from index.crew import ALONE, Crew
from index.errors import CorpusEmpty, UnreadableFile
from index.inventory import READ_AGAIN, Inventory, Record, Stamp, Stamps, reading_version
from index.metadata import describe
from index.readers import FORMATS, MAX_ARTICLE_BYTES, Format, find_format
from index.shelf import Shelf, read_ids
from index.types import Article, Progress, Skipped
from index.walk import CorpusFile, reason_of, walk_corpus

# A file that somebody is writing to; when it does not rest, the next build will find it at rest.
_MAX_TRIES = 3

# so much is sent to another process at once, of small files at most so many: about a second's work
_ERRAND_BYTES = 1_000_000
_LEAST_WEIGHT = 1 / 64

# on other systems an open never waits, and links are rare
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a corpus holds.

    Attributes:
        articles: sorted by id, on the disk.
        taken: for each article its position among those of the snapshot before it was copied from;
            -1 if it was read.
        skipped: what did not become an article, and why, sorted by path.
        inventory: the files it comes from, as `Inventory.to_bytes` writes them.
        unchanged: how many of the files were not parsed, because an earlier build had.
    """

    articles: StoredArticles
    taken: NDArray[np.int64]
    skipped: list[Skipped]
    inventory: bytes
    unchanged: int


class Corpus:
    """A folder of articles as it was found, its files not read yet."""

    def __init__(self, folder: Path, store: Path | None = None) -> None:
        """List the files of `folder`; a `store` that lies in it is left out.

        What is read is kept on the disk of the store, if there is one.

        Raises:
            CorpusMissing: if `folder` is no folder, or may not be opened.
            CorpusEmpty: if it has no file of a known format.
        """
        self._folder, self._store = folder, store
        self._files, self._skipped = walk_corpus(folder, store)
        if not any(_is_known(Path(file.path)) for file in self._files):
            raise CorpusEmpty(folder, len(self._files) + len(self._skipped))

    def is_what(self, inventory: Inventory, stamps: Stamps, progress: Progress | None) -> bool:
        """Whether `inventory` lists these very files; it stops at the first that differs."""
        unread = list(self._skipped)
        known = 0
        for done, file in enumerate(self._files, start=1):
            try:
                digest, _ = _digest(file, stamps)
            except UnreadableFile as problem:
                unread.append(Skipped(file.id, problem.reason))
                continue
            record = inventory.files.get(file.key)
            if record is None or record.digest != digest:
                return False
            known += 1
            if progress:
                progress("read", done, len(self._files))
        return known == len(inventory.files) and tuple(sorted(unread)) == inventory.unread

    def load(
        self,
        known: Inventory | None = None,
        before: StoredArticles | None = None,
        stamps: Stamps | None = None,
        progress: Progress | None = None,
        warm: Callable[[], None] | None = None,
        crew: Crew = ALONE,
    ) -> Loaded:
        """Read the articles, once: the list of files is given up for it.

        Args:
            known: the files that were read before, by the same code.
            before: what came of them.
            stamps: what is known of the files without opening them.
            progress: told how many files are done.
            warm: called when there is something new, before it is read.
            crew: parses what is new; the files are opened here.

        Raises:
            CorpusEmpty: if no file is an article.
        """
        unread = list(self._skipped)
        files, self._files = self._files, []
        reading = _Reading(Shelf(self._store), known, before, stamps, unread, warm)
        try:
            found = crew.in_order(_outcome_of, map(reading.look, files), _weight_of)
            for done, outcome in enumerate(found, start=1):
                reading.take(outcome)
                if progress:
                    progress("read", done, len(files))
        finally:
            crew.everywhere(apart.end)
        loaded = reading.result()
        if not len(loaded.articles):
            raise CorpusEmpty(self._folder, len(loaded.skipped))
        return loaded


class _Outcome(NamedTuple):
    """What came of a file.

    Attributes:
        key: its path below the corpus.
        record: what is noted of it; None if it could not be opened.
        articles: by id, if it was parsed.
        unread: why it could not be opened.
    """

    key: str
    record: Record | None = None
    articles: Mapping[str, Article] | None = None
    unread: Skipped | None = None


class _Look(NamedTuple):
    """A file that was looked at: what came of it, or its content, which is to be parsed."""

    file: CorpusFile
    outcome: _Outcome | None
    digest: str = ""
    data: bytes = b""


class _Reading:
    """The files read so far."""

    def __init__(
        self,
        shelf: Shelf,
        known: Inventory | None,
        before: StoredArticles | None,
        stamps: Stamps | None,
        unread: list[Skipped],
        warm: Callable[[], None] | None,
    ) -> None:
        """Begin with what is known."""
        self.skipped: list[Skipped] = []
        self._shelf = shelf
        self._known: Mapping[str, Record] = known.files if known is not None else {}
        self._before, self._stamps, self._unread = before, stamps, unread
        self._warm = warm
        self._positions = read_ids(before) if before is not None else {}
        self._records: dict[str, Record] = {}
        self._first_with_text: dict[str, str] = {}
        # of files that were looked at, and may not have been taken yet
        self._texts_to_come: set[str] = set()
        self._unchanged = 0

    def look(self, file: CorpusFile) -> _Look:
        """Find what came of a file before; else read its bytes."""
        try:
            digest, data = _digest(file, self._stamps)
            record = self._known.get(file.key)
            if record is not None and record.digest == digest and self._is_at_hand(record):
                self._texts_to_come.update(text for _id, text in record.articles)
                return _Look(file, _Outcome(file.key, record))
            if data is None:
                digest, data = _read(file, self._stamps)
        except UnreadableFile as problem:
            return _Look(file, _Outcome(file.key, unread=Skipped(file.id, problem.reason)))
        if self._warm is not None:
            self._warm()
            self._warm = None
        return _Look(file, None, digest, data)

    def take(self, outcome: _Outcome) -> None:
        """Add what came of a file, or came of it before; of those of one text the first counts."""
        record = outcome.record
        if record is None:
            self._unread.extend([outcome.unread] if outcome.unread is not None else [])
            return
        self._records[outcome.key] = record
        self._unchanged += outcome.articles is None
        self._take(record, outcome.articles)

    def result(self) -> Loaded:
        """Return what was read."""
        inventory = Inventory(reading_version(), self._records, tuple(sorted(self._unread)))
        skipped = sorted([*self.skipped, *self._unread])
        return Loaded(*self._shelf.finish(), skipped, inventory.to_bytes(), self._unchanged)

    def _is_at_hand(self, record: Record) -> bool:
        """Whether every article to be taken was kept; one whose text another had was not."""
        here: set[str] = set()
        for article_id, text in record.articles:
            is_copy = text in self._first_with_text or text in self._texts_to_come or text in here
            if not is_copy and article_id not in self._positions:
                return False
            here.add(text)
        return True

    def _take(self, record: Record, articles: Mapping[str, Article] | None) -> None:
        """Put the articles of a file on the shelf."""
        self.skipped.extend(record.skipped)
        for article_id, text in record.articles:
            same = self._first_with_text.setdefault(text, article_id)
            if same != article_id:
                self.skipped.append(Skipped(article_id, f"same text as {same}"))
            elif articles is not None:
                self._shelf.add(articles[article_id])
            elif self._before is not None:
                self._shelf.copy(self._before, self._positions[article_id], article_id)


def read_file(path: Path, file_id: str) -> Iterator[Article | Skipped]:
    """Read the file at `path`, whose path in the corpus is `file_id`.

    Yields:
        Its articles, each under an id of its own, and what could not be read: the file itself, or
        a part of it, with the reason.
    """
    try:
        limit = find_format(path).max_bytes  # before any byte is read: it may be a film
        data, _ = _read_bytes(path.resolve(), limit)
        yield from articles_in(path, file_id, data)
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
        elif (size := len(extracted.text.encode())) > MAX_ARTICLE_BYTES:
            reason = f"is too large: a text of {_told(size, MAX_ARTICLE_BYTES)}"
            yield Skipped(file_id + extracted.name, reason)
        else:
            yield describe(file_id + extracted.name, extracted)


def _is_known(path: Path) -> bool:
    """Whether files such as `path` can be read."""
    try:
        find_format(path)
    except UnreadableFile:
        return False
    return True


def _format(path: str) -> Format:
    """Return what `find_format` does, for most names without taking them apart: none is hidden.

    Raises:
        UnreadableFile: if nothing reads it.
    """
    found = FORMATS.get(path[path.rfind(".") :].lower())
    return found if found is not None else find_format(Path(path))


def _outcome_of(look: _Look) -> _Outcome:
    """Parse a file, if nothing is known of it."""
    if look.outcome is not None:
        return look.outcome
    record, articles = _parse(look.file, look.digest, look.data)
    return _Outcome(look.file.key, record, articles)


def _weight_of(look: _Look) -> float:
    """Tell how much of an errand it is to parse a file."""
    return 0 if look.outcome is not None else _LEAST_WEIGHT + len(look.data) / _ERRAND_BYTES


def _parse(file: CorpusFile, digest: str, data: bytes) -> tuple[Record, Mapping[str, Article]]:
    """Read the articles of a file; return what is noted of it, and the articles by id."""
    articles: dict[str, Article] = {}
    skipped: list[Skipped] = []
    try:
        for found in articles_in(Path(file.path), file.id, data):
            if isinstance(found, Skipped):
                skipped.append(found)
            elif articles.setdefault(found.id, found) is not found:
                skipped.append(Skipped(found.id, "same name as another article of its file"))
    except UnreadableFile as problem:
        skipped.append(Skipped(file.id, problem.reason))
    texts = tuple((name, _text_digest(article)) for name, article in articles.items())
    if any(apart.is_passing(reason) for _path, reason in skipped):
        digest = READ_AGAIN
    return Record(digest, texts, tuple(skipped)), articles


def _digest(file: CorpusFile, stamps: Stamps | None) -> tuple[str, bytes | None]:
    """Return the digest of a file's content, and the content where it had to be read for that.

    Raises:
        UnreadableFile: if it cannot be read.
    """
    _format(file.path)
    if stamps is not None:
        try:
            noted = stamps.digest(file.key, Stamp.of(os.lstat(file.target)))
        except OSError as error:
            raise UnreadableFile(Path(file.path), reason_of(error)) from error
        if noted is not None:
            return noted, None
    return _read(file, stamps)


def _read(file: CorpusFile, stamps: Stamps | None) -> tuple[str, bytes]:
    """Return the digest of a file's content, and the content.

    Raises:
        UnreadableFile: if it cannot be read.
    """
    limit = _format(file.path).max_bytes  # before any byte is read: it may be a film
    data, stamp = _read_bytes(Path(file.target), limit)
    digest = hashlib.sha256(data).hexdigest()
    if stamps is not None:
        stamps.note(file.key, stamp, digest)
    return digest, data


def _read_bytes(path: Path, limit: int) -> tuple[bytes, Stamp]:
    """Return the content of the file at `path` as it was at one moment, and its stamp then.

    Raises:
        UnreadableFile: if it cannot be opened, has more than `limit` bytes, or does not rest.
    """
    try:
        for _ in range(_MAX_TRIES):
            # as `Path.open`, but neither waits for a pipe nor follows a link that took its place
            with open(path, "rb", opener=_open_at_once) as file:
                before = os.fstat(file.fileno())
                if not stat.S_ISREG(before.st_mode):
                    raise UnreadableFile(path, "is no regular file")
                if before.st_size > limit:
                    told = _told(before.st_size, limit)
                    raise UnreadableFile(path, f"is too large: {told}")
                data = file.read(limit + 1)  # one byte more shows that it has grown since
                after = os.fstat(file.fileno())
            if Stamp.of(before) == Stamp.of(after) and len(data) == after.st_size:
                return data, Stamp.of(after)
    except OSError as error:
        reason = "vanished meanwhile" if error.errno == errno.ELOOP else reason_of(error)
        raise UnreadableFile(path, reason) from error
    raise UnreadableFile(path, "was being written; the next build reads it")


def _open_at_once(path: str, flags: int) -> int:
    """Open a file, no link, without waiting for anybody to write to it."""
    return os.open(path, flags | _AT_ONCE)


def _told(size: int, limit: int) -> str:
    """Say that `size` bytes are more than the `limit`."""
    return f"{size / 1e6:.1f} MB, at most {limit / 1e6:.0f} MB are read"


def _text_digest(article: Article) -> str:
    """Return what two articles share if they differ at most in layout."""
    return hashlib.sha256(" ".join(article.text.split()).encode()).hexdigest()[:32]
