"""A real Milvus server: the same answers, a sentence while it is down, and answers again."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from urllib.request import urlopen

import pytest

import index
import qa
from index.address import Address
from index.errors import (
    ServerFailed,
    ServerRefused,
    ServerUnreachable,
    StoreBusy,
    StoreMissing,
)
from index.milvus import client as asked
from index.milvus import publish
from index.milvus import write as written
from index.milvus.client import Client
from index.milvus.layout import part_schema
from index.places import current_name, open_store, rollback, snapshots
from index.store import Store
from index.types import Article

_QUESTION = "Qui a signé le protocole sur la sécurité à Hanoi ?"

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the package milvus is for Linux"),
    # the package leaves a socket open for each port that it finds taken
    pytest.mark.filterwarnings("ignore:.*unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:.*:pytest.PytestUnraisableExceptionWarning"),
]


class _Server:
    """A server of the package milvus, which asks for a password; it may die and come back."""

    def __init__(self, folder: Path, milvus: ModuleType) -> None:
        """Unpack it into a folder, and find ports for it."""
        config = milvus.MilvusServerConfig(data_dir=str(folder))
        config.set("authorization_enabled", True)
        config.resolve()
        milvus._initialize_data_files(str(folder))
        self.port = int(config.get("proxy_port"))
        self._health, taken = config.resolve_port(9091)
        taken.close()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it says that it is well."""
        environment = os.environ | {
            "DEPLOY_MODE": "STANDALONE",
            "METRICS_PORT": str(self._health),
            # after so many seconds it believes that the one which was killed is dead
            "COMMON_SESSION_TTL": "3",
            "MILVUS_RUN_DIR": str(self._folder / "run"),
            "LD_LIBRARY_PATH": str(self._folder / "bin"),
        }
        with (self._folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(
                [self._folder / "bin/milvus", "run", "standalone"],
                env=environment,
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + 120
        while not self._is_well():
            if self._process.poll() is not None:
                told = (self._folder / "log.txt").read_text(encoding="utf-8", errors="replace")
                # its own etcd takes one port that cannot be chosen
                taken = "127.0.0.1:2380: bind: address already in use" in told
                assert taken, told[-2000:]
                pytest.skip("another server has the port 2380")
            assert time.monotonic() < until
            time.sleep(0.1)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have it take connections and answer none, as a machine does that has no memory left."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a power failure does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def _is_well(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self._health}/healthz", timeout=5) as page:
                return b"OK" in page.read()
        except OSError:
            return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Server]:
    milvus = pytest.importorskip("milvus", reason="the package milvus is not installed")
    running = _Server(tmp_path_factory.mktemp("server"), milvus)
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def address(server: _Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """Return an address of this server; what builds for it lies in a folder of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEPECHE_WORK", str(tmp_path_factory.mktemp("work")))
        yield Address("news", "127.0.0.1", server.port, "root", "Milvus")


@pytest.fixture(scope="module")
def built(
    address: Address, sample_store: Path, corpus_folder: Path
) -> tuple[Address, index.BuildReport]:
    """Return the address once the sample corpus was written there, and the report of that."""
    shutil.copytree(sample_store, address.work)
    return address, index.build(corpus_folder, address)


def test_a_server_of_before_sparse_vectors_is_told_of_and_answers_the_same(
    built: tuple[Address, index.BuildReport], sample_store: Path
) -> None:
    address, report = built
    questions = (_QUESTION, "What was signed in December 2025?", "Qui a gagné le Tour de France ?")
    assistants = [qa.Assistant.open(store, reader="none") for store in (sample_store, address)]

    local, served = (
        [replace(assistant.ask(question), seconds=0.0) for question in questions]
        for assistant in assistants
    )

    (warning,) = report.warnings
    assert "keeps no sparse vectors (Milvus v2.3.5" in warning
    assert [one.text for one in served] == [one.text for one in local]
    assert [one.citations for one in served] == [one.citations for one in local]
    assert [one.grounded for one in served] == [True, True, False]


@pytest.mark.parametrize(
    ("user", "password"), [("root", "wr0ng"), ("nobody", "wr0ng"), ("", "wr0ng"), ("", "")]
)
def test_who_is_not_let_in_is_told_how_to_give_the_right_password(
    address: Address, user: str, password: str
) -> None:
    with pytest.raises(ServerRefused, match="DEPECHE_MILVUS_PASSWORD") as refused:
        Client(replace(address, user=user, password=password)).collections()

    assert "wr0ng" not in str(refused.value)


def test_a_database_has_indexes_of_its_own_and_one_that_is_absent_is_told(
    address: Address,
) -> None:
    Client(address).call("create_database", db_name="archive")
    other = replace(address, database="archive")

    with pytest.raises(StoreMissing, match=f"127.0.0.1:{address.port}/archive/news yet"):
        open_store(other)
    with pytest.raises(ServerFailed, match="database not found"):
        open_store(replace(address, database="absent"))


def test_a_server_without_tls_is_not_spoken_to_in_the_open(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "ASK_SECONDS", 1.0)
    assert Client(address).version

    with pytest.raises(ServerUnreachable, match=r"milvus\+tls://root@"):
        Client(replace(address, secure=True)).collections()


def test_what_somebody_else_makes_of_the_same_name_is_neither_written_to_nor_removed(
    address: Address,
    make_article: Callable[..., Article],
    make_content: Callable[..., Store],
) -> None:
    client, made = Client(replace(address, name="twice")), []
    other = part_schema("another build")
    client.call("create_collection", collection_name="twice_000001_0123456789ab", schema=other)

    with pytest.raises(StoreBusy, match="Another build is writing to milvus://root@"):
        written.write(client, "000001-0123456789ab", make_content(make_article()), made)

    assert made == []
    assert client.mark_of("twice_000001_0123456789ab") == "another build"


def test_a_server_that_hangs_in_the_middle_is_given_up_and_asked_again(
    built: tuple[Address, index.BuildReport], server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _report = built
    assistant = qa.Assistant.open(address, reader="none")
    monkeypatch.setattr(asked, "ASK_SECONDS", 0.5)
    monkeypatch.setattr(asked, "_QUICK_SECONDS", 0.1)

    with server.held():
        with pytest.raises(ServerUnreachable, match="did not answer in time"):
            assistant.retrieve("Qui a visité la cathédrale ?", 3)
        with pytest.raises(ServerUnreachable):
            open_store(address)

    monkeypatch.undo()
    assert assistant.retrieve("Qui a visité la cathédrale ?", 3)


def test_a_connection_that_is_lost_between_two_collections_changes_nothing(
    address: Address,
    server: _Server,
    make_article: Callable[..., Article],
    make_content: Callable[..., Store],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost, content = replace(address, name="lost"), make_content(make_article())
    monkeypatch.setattr(written, "BUILD_SECONDS", 0.5)
    monkeypatch.setattr(asked, "ASK_SECONDS", 0.5)
    monkeypatch.setattr(asked, "_QUICK_SECONDS", 0.1)

    with ExitStack() as until_then:

        def hang(_step: str, done: int, _total: int) -> None:
            if done == len(content.chunks) + 1:
                until_then.enter_context(server.held())

        with pytest.raises(ServerUnreachable, match="did not answer in time"):
            publish.publish(lost, replace(content, content="0" * 64), hang)

    monkeypatch.undo()
    left = [name for name in Client(lost).collections() if name.startswith("lost_")]
    assert left != []
    with pytest.raises(StoreMissing):
        open_store(lost)
    publish._remove_unfinished(Client(lost), None)
    assert [name for name in Client(lost).collections() if name.startswith("lost_")] == []


def test_a_server_that_dies_is_told_in_a_sentence_and_answers_again_when_it_is_back(
    built: tuple[Address, index.BuildReport],
    server: _Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, report = built
    assistant = qa.Assistant.open(address, reader="none")
    assert assistant.retrieve(_QUESTION, 3)
    monkeypatch.setattr(asked, "ASK_SECONDS", 1.0)
    server.kill()

    with pytest.raises(ServerUnreachable, match=f"milvus://root@127.0.0.1:{server.port}/news"):
        assistant.ask("Qui a visité l'usine de tracteurs ?")
    assert "gives no answer" in str(assistant.trouble)
    with pytest.raises(ServerUnreachable):
        index.build(tmp_path, address)

    server.start()
    monkeypatch.setattr(asked, "ASK_SECONDS", 30.0)
    assert assistant.retrieve("Qui a visité l'usine de tracteurs ?", 3)
    assert assistant.trouble is None
    assert current_name(address) == report.snapshot


def test_a_rebuild_on_a_server_moves_the_alias_and_can_be_gone_back_from(
    built: tuple[Address, index.BuildReport], tmp_path: Path
) -> None:
    address, report = built
    (tmp_path / "a.txt").write_text("La fanfare a joué devant la gare.", encoding="utf-8")

    second = index.build(tmp_path, address).snapshot

    assert [one.name for one in snapshots(address)] == [report.snapshot, second]
    assert [one.id for one in open_store(address).articles] == ["a.txt"]
    assert rollback(address) == report.snapshot
    assert len(open_store(address).articles) > 1
