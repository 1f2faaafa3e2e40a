"""The snapshot that questions are answered from: it follows rebuilds, and gives way to damage."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from index.address import Place
from index.embed import open_embedder
from index.errors import CollectionCorrupt, DepecheError, EmbedderMismatch, StoreCorrupt
from index.places import check_files, current_name, open_snapshot, open_store, trouble_of
from index.store import Store
from index.types import Embedder
from qa.remember import RememberingEmbedder

# a snapshot that could not be opened may be mended in its place; opening reads all of it
_TRY_AGAIN_SECONDS = 30.0

_Given = TypeVar("_Given")


class SnapshotInUse:
    """One open snapshot and its embedder, for any number of threads.

    Small files of a snapshot are checked when it is opened, and each article whenever it is read.
    Large files are checked behind the first questions; where one is damaged, the newest whole
    snapshot answers instead.
    """

    def __init__(self, store: Place, content: Store, embedder: Embedder, *, pinned: bool) -> None:
        """Use `content`, which was opened from `store`; `pinned`: only with its own model."""
        self._store = store
        # one attribute, so that no question takes the snapshot of one build and the embedder of
        # another
        self._in_use = content, embedder
        self._pinned = pinned
        self._trouble = content.trouble
        # the snapshot in force that could not be opened, and when that was tried
        self._refused = "", 0.0
        # snapshots that turned out to be damaged while they were in use
        self._damaged: set[str] = set()
        self._lock = threading.Lock()
        self._check_behind(content)

    @property
    def trouble(self) -> str | None:
        """Why another snapshot than the one in force answers, and what mends it; None if none."""
        self.follow()
        return self._trouble

    def follow(self) -> tuple[Store, Embedder]:
        """Return the snapshot in force and its embedder, opened again if it was replaced.

        A snapshot that cannot be opened leaves the one before in use.
        """
        name = ""
        try:
            name = current_name(self._store)
            if name == self._in_use[0].name:
                self._trouble = None
            elif self._may_try(name):
                with self._lock:
                    self._in_use = self._open_again(*self._in_use)
                self._trouble = None
        except DepecheError as error:
            # damaged, or of a model that is not here: the one before still answers
            self._refused = name, time.monotonic()
            self._trouble = trouble_of(error, self._store, self._in_use[0].name)
        return self._in_use

    def answer(self, work: Callable[[Store, Embedder], _Given]) -> _Given:
        """Do `work` with the snapshot in force; once more, with another, if it is damaged.

        Raises:
            StoreCorrupt: if it is damaged and there is no other one.
            CollectionCorrupt: the same of one that lies in Milvus.
            Exception: whatever `work` raises with a snapshot that is whole.
        """
        index, embedder = self.follow()
        try:
            return work(index, embedder)
        except CollectionCorrupt:
            self._leave(index)
        except DepecheError:
            raise
        except Exception:
            if index.is_checked or not self._gives_way(index):
                raise
        return work(*self.follow())

    def _may_try(self, name: str) -> bool:
        """Whether to open a snapshot: not again at once when it could not be opened."""
        refused, tried = self._refused
        return name != refused or time.monotonic() - tried > _TRY_AGAIN_SECONDS

    def _leave(self, content: Store) -> None:
        """Answer from another snapshot than `content`, which a server has lost.

        Raises:
            StoreError: if there is no other one.
        """
        with self._lock:
            if self._in_use[0] is content:
                whole = open_store(self._store)
                self._in_use = whole, self._embedder_of(whole, self._in_use[1])
                self._trouble = whole.trouble

    def _open_again(self, content: Store, embedder: Embedder) -> tuple[Store, Embedder]:
        """Open the snapshot in force unless another thread did, and its embedder if it changed."""
        name = current_name(self._store)
        if name == content.name:
            return content, embedder
        renewed = open_snapshot(self._store, name, at_once=name in self._damaged)
        opened = renewed, self._embedder_of(renewed, embedder)
        self._check_behind(renewed)
        return opened

    def _embedder_of(self, content: Store, embedder: Embedder) -> Embedder:
        """Return the embedder of a snapshot: `embedder` if that is it."""
        if content.embedder == embedder.identity:
            return embedder
        model = self._in_use[0].model if self._pinned else None
        return open_embedder_of(self._store, content, model)

    def _check_behind(self, content: Store) -> None:
        """Check the files that were only mapped, while the snapshot already answers."""
        if not content.is_checked:
            threading.Thread(target=self._check, args=(content,), daemon=True).start()

    def _check(self, content: Store) -> None:
        """Check a snapshot; if it is damaged and alone, the next question is told."""
        try:
            self._gives_way(content)
        except DepecheError as error:
            self._trouble = str(error)

    def _gives_way(self, content: Store) -> bool:
        """Let the newest whole snapshot answer instead of `content`, if that is damaged.

        Raises:
            StoreCorrupt: if it is damaged and there is no other one.
        """
        try:
            check_files(self._store, content.name)
        except StoreCorrupt as error:
            with self._lock:
                self._damaged.add(content.name)
                if self._in_use[0].name == content.name:
                    whole = open_store(self._store)
                    self._in_use = whole, self._embedder_of(whole, self._in_use[1])
                    self._refused = content.name, time.monotonic()
                    self._trouble = trouble_of(error, self._store, whole.name)
            return True
        return False


def open_embedder_of(store: Place, content: Store, model: str | None) -> Embedder:
    """Open the embedder that made a snapshot, or `model` if it is the same (law 6).

    Raises:
        EmbedderMismatch: if it is another one.
        ModelMissing: if the embedder is not on this machine.
    """
    embedder = open_embedder(model or content.model)
    if embedder.identity != content.embedder:
        raise EmbedderMismatch(store, content.embedder, embedder.identity)
    return RememberingEmbedder(embedder)
