"""A server that is not there, hangs or talks nonsense: one sentence, soon."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from index.address import Address, read_address
from index.errors import (
    AddressInvalid,
    CollectionGone,
    DatabaseInUse,
    ServerFailed,
    ServerUnreachable,
    StoreMissing,
)
from index.milvus import client as asked
from index.milvus import snapshots
from index.milvus.client import Client, client_of


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "ASK_SECONDS", 1.0)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Return a port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def page_port() -> Iterator[int]:
    """Return a port where every request is answered with a page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>hello</html>")

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_told: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def closed_port() -> int:
    """Return a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize("kind", ["closed_port", "silent_port", "page_port"])
def test_what_is_no_milvus_is_told_as_one_sentence(
    kind: str, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    port = request.getfixturevalue(kind)

    with pytest.raises(ServerUnreachable, match=f"milvus://127.0.0.1:{port}/news gives no answer"):
        Client(Address("news", "127.0.0.1", port)).collections()

    assert capfd.readouterr() == ("", "")


def test_a_host_that_does_not_exist_is_told_too() -> None:
    with pytest.raises(ServerUnreachable):
        Client(read_address("milvus://no-such-host.invalid/news")).collections()


def test_a_server_that_was_silent_just_now_is_asked_but_shortly(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    monkeypatch.setattr(asked, "ASK_SECONDS", 1.5)
    monkeypatch.setattr(asked, "_QUICK_SECONDS", 0.2)
    client = Client(Address("news", "127.0.0.1", silent_port))
    connect = client._connect
    monkeypatch.setattr(
        client, "_connect", lambda seconds: (told.append(seconds), connect(seconds))
    )

    for _ in range(2):
        with pytest.raises(ServerUnreachable):
            client.collections()

    assert told == [1.5, 0.2]


def test_twenty_who_ask_at_once_do_not_wait_for_each_other_in_full(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = []
    monkeypatch.setattr(asked, "_QUICK_SECONDS", 0.05)
    client = Client(Address("news", "127.0.0.1", silent_port))
    connect = client._connect
    monkeypatch.setattr(client, "_connect", lambda left: (waited.append(left), connect(left)))

    def ask(_number: int) -> str:
        with pytest.raises(ServerUnreachable) as told:
            client.collections()
        return str(told.value)

    with ThreadPoolExecutor(20) as people:
        sentences = set(people.map(ask, range(20)))

    assert len(sentences) == 1
    assert sorted(waited, reverse=True) == [1.0, *[0.05] * 19]


def test_what_a_server_cannot_do_is_told_in_its_words(address: Address) -> None:
    with pytest.raises(ServerFailed, match="could not do what it was asked for: missing required"):
        client_of(address).call("create_collection", collection_name=address.name)
    with pytest.raises(CollectionGone):
        client_of(address).query("no_such_collection_ever", "", ("row",))


def test_who_only_asks_makes_no_file(tmp_path: Path) -> None:
    address = read_address(f"milvus://{tmp_path}/no/typo.db/news")

    for ask in (snapshots.open_store, snapshots.snapshots, snapshots.rollback):
        with pytest.raises(StoreMissing, match="depeche build CORPUS"):
            ask(address)
    assert not any(tmp_path.iterdir())


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    (tmp_path / "old.db").write_bytes(b"SQLite format 3\x00")
    (tmp_path / "file").touch()

    with pytest.raises(AddressInvalid, match="keeps a folder since its version 3"):
        Client(read_address(f"milvus://{tmp_path}/old.db/news")).collections()
    with pytest.raises(AddressInvalid, match=r"Not a directory|File exists"):
        client_of(read_address(f"milvus://{tmp_path}/file/new.db/news")).call("list_collections")


def test_a_file_that_another_process_uses_is_told(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    import fcntl

    folder = tmp_path_factory.mktemp("used") / "used.db"
    folder.mkdir()
    with (folder / "LOCK").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

        with pytest.raises(DatabaseInUse, match="another process may be using it"):
            Client(Address("news", file=folder)).collections()
