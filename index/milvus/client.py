"""One Milvus server, asked within limits: what goes wrong becomes one sentence."""

import logging
import re
import threading
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import grpc
from pymilvus import MilvusClient, MilvusException

from index.address import Address
from index.errors import (
    AddressInvalid,
    CollectionGone,
    DatabaseInUse,
    ServerFailed,
    ServerRefused,
    ServerUnreachable,
    StoreError,
)
from index.milvus.layout import snapshot_of

ASK_SECONDS = 10.0
"""How long a question waits for a server; it is asked again and again meanwhile."""

BUILD_SECONDS = 180.0
"""How long a build waits for a server that is to write, index or load a collection."""

# a server that gave no answer just now is asked once, not for ten seconds by every part of a page
_SOON_SECONDS = 20.0
_QUICK_SECONDS = 2.0

_PAUSE_SECONDS = 0.2
_LEAST_SECONDS = 0.1

_UNREACHABLE = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.UNIMPLEMENTED,
)
_REFUSED = (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)

# a server that was started again is found within seconds; gRPC itself waits for up to two minutes
_OPTIONS = {"grpc.initial_reconnect_backoff_ms": 100, "grpc.max_reconnect_backoff_ms": 1000}

# Milvus Lite hangs up on who asks whether it is still there
_WITHOUT_PINGS = {"grpc.keepalive_time_ms": 2**31 - 1, "grpc.keepalive_permit_without_calls": False}

# what Milvus numbers: no such collection, not loaded, not indexed; no such alias
_GONE = (100, 101, 700)
_NO_ALIAS = (1600, 1601)
_CONNECT_FAILED = 2

# servers before 2.4 keep no sparse vectors
_SPARSE_SINCE = (2, 4)


class Client:
    """Asks the server of one address; any number of threads may."""

    def __init__(self, address: Address) -> None:
        """Ask the server of `address`; it is connected to at the first call."""
        self.address = address
        self._client: MilvusClient | None = None
        self._lock = threading.Lock()
        self._silent_since = -_SOON_SECONDS

    def collections(self) -> list[str]:
        """Return the names of all collections."""
        if not self._has_file():
            return []
        return [str(name) for name in self.call("list_collections")]

    def target(self, alias: str) -> str | None:
        """Return the collection that an alias points to, or None."""
        if not self._has_file():
            return None
        try:
            return str(self.call("describe_collection", collection_name=alias)["collection_name"])
        except CollectionGone:
            return None

    def mark_of(self, collection: str) -> str | None:
        """Return the mark of who made a collection, or None if it is not there.

        Milvus Lite keeps none: there it is empty.
        """
        try:
            return str(self.call("describe_collection", collection_name=collection)["description"])
        except CollectionGone:
            return None

    @property
    def has_sparse(self) -> bool:
        """Whether the server keeps sparse vectors."""
        if self.address.file is not None:
            return True
        found = re.search(r"(\d+)\.(\d+)", self.version)
        return found is None or (int(found[1]), int(found[2])) >= _SPARSE_SINCE

    @property
    def version(self) -> str:
        """What the server calls its version."""
        return str(self.call("get_server_version"))

    def query(self, collection: str, wanted: str, fields: Sequence[str]) -> list[dict[str, Any]]:
        """Return the fields of what the filter `wanted` lets through."""
        found = self.call(
            "query", collection_name=collection, filter=wanted, output_fields=list(fields)
        )
        return list(found)

    def call(self, method: str, seconds: float | None = None, **arguments: Any) -> Any:  # noqa: ANN401
        """Call a method of `pymilvus.MilvusClient`, again and again until it is answered.

        Args:
            method: its name.
            seconds: how long at most, connecting included; `ASK_SECONDS` if left out.
            arguments: of the method.

        Raises:
            ServerError: if there is no answer in time, or none that can be used.
        """
        left = seconds = self._patience(ASK_SECONDS if seconds is None else seconds)
        until = time.monotonic() + seconds
        while True:
            try:
                client = self._connected(left)
                left = max(until - time.monotonic(), _LEAST_SECONDS)
                answer = getattr(client, method)(timeout=left, **arguments)
            except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError, ValueError) as error:
                # a server that was just started says so until it has everything together
                if getattr(error, "retriable", False) and time.monotonic() < until:
                    time.sleep(_PAUSE_SECONDS)
                    continue
                problem = self._problem(error, str(arguments.get("collection_name", "")))
                if isinstance(problem, ServerUnreachable):
                    self._silent_since = time.monotonic()
                raise problem from error
            self._silent_since = -_SOON_SECONDS
            return answer

    def _connected(self, seconds: float) -> MilvusClient:
        """Return the connection, made anew where there is none."""
        with self._lock:
            if self._client is None:
                try:
                    # who waited for somebody else to connect in vain need not wait as long again
                    self._client = self._connect(self._patience(seconds))
                except MilvusException:
                    self._silent_since = time.monotonic()
                    raise
            return self._client

    def _patience(self, seconds: float) -> float:
        """Return how long to wait: not long for a server that gave no answer just now."""
        silent = time.monotonic() - self._silent_since < _SOON_SECONDS
        return min(seconds, _QUICK_SECONDS) if silent else seconds

    def _connect(self, seconds: float) -> MilvusClient:
        """Connect to the server, or open the file."""
        address = self.address
        _silence()
        if address.file is not None:
            _make_room(address, address.file)
        options = _OPTIONS if address.file is None else {**_OPTIONS, **_WITHOUT_PINGS}
        return MilvusClient(
            address.uri,
            token=address.token,
            db_name=address.database,
            timeout=seconds,
            grpc_options=options,
            # shared ones are told apart by host and token: TLS would go on without
            dedicated=True,
        )

    def _has_file(self) -> bool:
        """Whether there is anything to ask: a file of Milvus Lite is made by the first build."""
        return self.address.file is None or self.address.file.exists()

    def _problem(self, error: Exception, collection: str) -> StoreError:
        """Return what went wrong, as one of our errors."""
        status = _status_of(error)
        code = error.code if isinstance(error, MilvusException) else None
        said = _first_line(error.message if isinstance(error, MilvusException) else str(error))
        if status in _REFUSED or "auth check failure" in said:
            return ServerRefused(self.address)
        if self.address.file is not None and "Open local milvus failed" in said:
            return DatabaseInUse(self.address)
        if "closed channel" in said:
            self._forget()
            return ServerUnreachable(self.address, "the connection was closed")
        if status in _UNREACHABLE or code == _CONNECT_FAILED:
            return ServerUnreachable(self.address, _told(status))
        if code in _GONE or code in _NO_ALIAS or "can't find collection" in said:
            return CollectionGone(
                self.address, snapshot_of(self.address.name, collection) or collection
            )
        return ServerFailed(self.address, said)

    def _forget(self) -> None:
        """Connect anew the next time; a connection that is only lost repairs itself."""
        with self._lock:
            self._client = None


@lru_cache(64)
def client_of(address: Address) -> Client:
    """Return the one client of an address in this process."""
    return Client(address)


def _make_room(address: Address, file: Path) -> None:
    """Make the folder in which Milvus Lite keeps what it calls a file.

    Raises:
        AddressInvalid: if that cannot be.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AddressInvalid(str(address), error.strerror or str(error)) from error
    if file.is_file():
        problem = "a file lies there, where Milvus Lite keeps a folder since its version 3"
        raise AddressInvalid(str(address), problem)


def _status_of(error: BaseException | None) -> grpc.StatusCode | None:
    """Return the status that gRPC gave, of an error or of what led to it."""
    seen: set[int] = set()  # pymilvus has errors lead to themselves
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        code = getattr(error, "code", None)
        found = code() if callable(code) else code
        if isinstance(found, grpc.StatusCode):
            return found
        if isinstance(error, grpc.FutureTimeoutError):
            return grpc.StatusCode.DEADLINE_EXCEEDED
        error = error.__cause__
    return None


def _told(status: grpc.StatusCode | None) -> str:
    """Say why there was no answer."""
    if status is grpc.StatusCode.DEADLINE_EXCEEDED:
        return "it did not answer in time"
    if status is grpc.StatusCode.UNIMPLEMENTED:
        return "what answers there is no Milvus"
    return "no connection to it can be made"


def _first_line(said: str) -> str:
    """Return the first line of a message, short enough for a sentence."""
    return said.strip().partition("\n")[0][:300]


def _silence() -> None:
    """Keep what pymilvus and Milvus Lite log off the terminal: it is told as one sentence."""
    for name in ("pymilvus", "milvus_lite", "grpc"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
