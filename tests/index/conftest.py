"""What the tests of stores share: a disk that fails when it is told to, and two contents."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index import disk
from index.types import Article

if TYPE_CHECKING:
    from index.store import Store


class CrashedHere(BaseException):
    """The process would be dead."""


class FaultyDisk(disk.System):
    """A disk whose n-th operation goes wrong.

    `full` lasts: from the n-th operation on nothing can be written, though removed. So does
    `crash`: nothing happens any more. `refused`, `failing`, `short` and `lying` (half a piece is
    written, and all of it reported) happen once.
    """

    FAULTS = ("full", "failing", "refused", "short", "lying", "crash")

    def __init__(self, fault: str = "", at: int = 0) -> None:
        self.fault = fault
        self.at = at
        self.count = 0
        self.struck: list[str] = []

    def _begin(self, operation: str) -> bool:
        """Count an operation, and fail if it is its turn; True: this piece is to be cut."""
        self.count += 1
        due = self.count == self.at or (self.count > self.at and self.fault in ("full", "crash"))
        if not due or not self.fault:
            return False
        removes = operation in ("remove_file", "remove_folder")
        if self.fault == "full" and not removes and operation not in ("rename", "replace"):
            self._strike(operation, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        if self.fault == "failing":
            self._strike(operation, OSError(errno.EIO, os.strerror(errno.EIO)))
        if self.fault == "refused":
            self._strike(operation, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
        if self.fault == "crash":
            self._strike(operation, CrashedHere(operation))
        if self.fault in ("short", "lying") and operation == "write":
            self.struck.append(operation)
            return True
        return False

    def _strike(self, operation: str, error: BaseException) -> None:
        self.struck.append(operation)
        raise error

    def open_new(self, path: Path) -> int:
        self._begin("open")
        return super().open_new(path)

    def write(self, descriptor: int, piece: memoryview) -> int:
        if not self._begin("write"):
            return super().write(descriptor, piece)
        taken = super().write(descriptor, piece[: len(piece) // 2])
        return len(piece) if self.fault == "lying" else taken

    def sync(self, path: Path) -> None:
        self._begin("sync")
        assert path.exists()  # and no waiting: no power fails in a test

    def make_folder(self, path: Path) -> None:
        self._begin("make_folder")
        super().make_folder(path)

    def rename(self, path: Path, target: Path) -> None:
        self._begin("rename")
        super().rename(path, target)

    def replace(self, path: Path, target: Path) -> None:
        self._begin("replace")
        super().replace(path, target)

    def remove_file(self, path: Path) -> None:
        self._begin("remove_file")
        super().remove_file(path)

    def remove_folder(self, path: Path) -> None:
        self._begin("remove_folder")
        super().remove_folder(path)


@pytest.fixture
def put_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FaultyDisk]:
    """Return a function that puts a faulty disk in the place of the one before."""

    def put(fault: str = "", at: int = 0) -> FaultyDisk:
        faulty = FaultyDisk(fault, at)
        monkeypatch.setattr(disk, "system", faulty)
        return faulty

    return put


@pytest.fixture(scope="session")
def crashed() -> type[BaseException]:
    """What a faulty disk raises where a process would be dead."""
    return CrashedHere


@pytest.fixture(scope="session")
def two_contents(
    make_article: Callable[..., Article], make_content: Callable[..., "Store"]
) -> "tuple[Store, Store]":
    """Two contents that share no sentence: what is quoted tells which of the two it is from."""
    return tuple(  # type: ignore[return-value]
        make_content(
            *(
                make_article(
                    f"Le 12 mai 2025, le {name} {number} a ouvert.\n\nPhoto : {name}\n\n"
                    + f"Rien que le {name} {number}, dit la mairie. " * 40,
                    id=f"{name}/{number}.txt",
                    title=f"Le {name} {number}",
                )
                for number in range(3)
            )
        )
        for name in ("tramway", "bateau")
    )


@pytest.fixture(scope="session")
def check_whole(two_contents: "tuple[Store, Store]") -> Callable[["Store"], int]:
    """Return a function that searches a store, and says which of the two contents it holds."""
    known = [{article.id: article.text for article in one.articles} for one in two_contents]

    def check(store: "Store") -> int:
        which = known.index({article.id: article.text for article in store.articles})
        name = ("tramway", "bateau")[which]
        hits = store.search_dense(store.vectors.vectors([0])[0], 50)
        assert {hit.row for hit in hits} == set(range(len(store.chunks)))
        for row in [hit.row for hit in hits]:
            chunk = store.chunks[row]
            text = store.articles[chunk.article].text[chunk.start : chunk.end]
            assert name in text
        rows = {hit.row for hit in store.match_words([{name: 1.0, "mair": 1.0}]).best(50)}
        assert rows == set(range(len(store.chunks)))
        assert store.dates.years() == [2025]
        return which

    return check


@pytest.fixture
def tidy() -> Callable[[Path], None]:
    """Return a function that refuses what a build has no right to leave."""

    def check(store: Path) -> None:
        left = sorted(path.name for path in store.iterdir())
        assert left in (["CURRENT", "snapshots"], [".lock", "CURRENT", "snapshots"])
        names = [path.name for path in (store / "snapshots").iterdir()]
        # the one in force, the one before, and one of another content if these say the same
        assert 1 <= len(names) <= 3
        assert not any(name.endswith(".tmp") for name in names)

    return check
