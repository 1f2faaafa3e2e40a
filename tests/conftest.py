"""What all tests share: the real embedder loaded once, the sample corpus indexed once, builders."""

import errno
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from index import disk
from index.types import Article

if TYPE_CHECKING:
    from index.embed import DefaultEmbedder
    from index.store import Store
    from index.types import Vectors

# no test asks the network for a model; both are read when the libraries are first imported
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
# what is derived from packages is derived once for all tests, and not where the user keeps it
os.environ["DEPECHE_CACHE"] = str(Path(tempfile.gettempdir()) / "depeche-tests")
# workers beside each other share the cores: threads of each would wait for those of the other
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

_ROOT = Path(__file__).resolve().parent.parent

_TEXT = (
    "Le ministre des Transports a inauguré lundi 12 mai la ligne de tramway.\n\n"
    "Elle relie la gare au port en dix-huit minutes. Les travaux ont duré trois ans."
)


# Handed out first, so that no worker is left alone with one of them when the others are done.
_LONGEST = (
    "index/test_crash.py",
    "index/cluster/test_builds.py",
    "ui/test_browser_ask.py",
    "ui/whole/test_access.py",
    "ui/whole/test_questions.py",
    "qa/test_assistant.py",
    "qa/test_answers.py",
    "ui/whole/test_corpus.py",
    "index/test_snapshot.py",
    "benchmarks/test_gate.py",
    "index/test_watch.py",
    "test_readme.py",
    "index/test_embed.py",
    "index/test_embed_many.py",
    "index/cluster/test_crew.py",
    "qa/test_milvus_server.py",
    "ui/test_browser_writing.py",
    "ui/parts/test_browser_corpus.py",
    "ui/whole/test_many.py",
    "ui/whole/test_writing.py",
    "ui/whole/test_trust.py",
    "ui/parts/test_rebuild.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the others stay in their order."""
    ranks = {_ROOT / "tests" / name: rank for rank, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


def make_article(text: str = _TEXT, **fields: object) -> Article:
    """Return an article; every field may be given."""
    known: dict[str, object] = {"id": "ville/tramway.txt", "title": "Le tramway roule"}
    return Article(text=text, **(known | fields))  # type: ignore[arg-type]


@pytest.fixture(scope="session", name="make_article")
def _make_article() -> Callable[..., Article]:
    return make_article


@pytest.fixture(scope="session", autouse=True)
def _no_wait_for_the_disk() -> Iterator[None]:
    """Wait for no disk in this process: no power fails here, and what is written is seen by all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@pytest.fixture(scope="session")
def corpus_folder() -> Path:
    """Return the folder of sample articles; not to be written to."""
    return _ROOT / "corpus"


@pytest.fixture(scope="session")
def embedder() -> "DefaultEmbedder":
    """Return the default embedder that this process shares."""
    from index.embed import DefaultEmbedder, open_embedder

    shared = open_embedder()
    assert isinstance(shared, DefaultEmbedder)
    return shared


@pytest.fixture(scope="session")
def sample_store(corpus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store built from the sample corpus; not to be written to."""
    import index

    store = tmp_path_factory.mktemp("sample") / "store"
    index.build(corpus_folder, store)
    return store


@pytest.fixture(scope="session")
def tiny_model(corpus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a real sentence-transformers model that is loaded in a moment.

    A BertModel of two layers, 32 dimensions and 256 tokens, with random weights, a vocabulary of
    the sample corpus, and its own prompts.
    """
    folder = tmp_path_factory.mktemp("models") / "tiny"
    texts = [path.read_text(encoding="utf-8") for path in sorted(corpus_folder.iterdir())]
    save_tiny_model(folder, texts)
    return folder


def save_tiny_model(folder: Path, texts: list[str]) -> None:
    """Write the model that `tiny_model` describes into the new folder `folder`."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import (
        Normalize,
        Pooling,
        Transformer,
    )
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    trainer = trainers.WordPieceTrainer(vocab_size=2000, special_tokens=marks, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    encoder = folder.with_name("encoder")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    BertModel(config).save_pretrained(encoder)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=256,
    ).save_pretrained(encoder)
    prompts = {"query": "question : ", "document": "article : "}
    SentenceTransformer(
        modules=[Transformer(str(encoder)), Pooling(32, pooling_mode="mean"), Normalize()],
        prompts=prompts,
    ).save(str(folder))


@pytest.fixture(scope="session")
def run_python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs Python in a fresh process, in the repository."""

    def run(
        *arguments: str | Path, timeout_seconds: float = 120, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=_ROOT,
            env=os.environ | environment,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout_seconds,
            check=False,
        )

    return run


def make_content(*articles: Article, embedder: str = "test@0", seed: int = 0) -> "Store":
    """Index articles with unit vectors drawn at random: for tests that ask nothing of meaning."""
    import numpy as np

    from index.chunk import split_text
    from index.store import join
    from index.types import Chunk
    from index.vocabulary import Vocabulary
    from index.word_counts import WordCounts

    def unit_vectors(count: int) -> "Vectors":
        vectors = np.random.default_rng(seed).normal(size=(count, 8))
        return np.asarray(
            vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32
        )

    ordered = sorted(articles, key=lambda article: article.id)
    chunks = [
        Chunk(position, start, end)
        for position, article in enumerate(ordered)
        for start, end in split_text(article.text)
    ]
    words = WordCounts.build(ordered)
    return join(
        ordered,
        chunks,
        unit_vectors(len(chunks)),
        vocabulary=Vocabulary.of(words, unit_vectors(len(words))),
        embedder=embedder,
        model="default",
    )


@pytest.fixture(scope="session", name="make_content")
def _make_content() -> Callable[..., "Store"]:
    return make_content


class CrashedHere(BaseException):
    """The process would be dead."""


class WatchedDisk(disk.System):
    """A disk that is told what it is to show before it does."""

    def look(self, path: Path) -> None:
        """Take notice of a look at a file or a folder, or refuse it."""

    def read(self, path: Path) -> bytes:
        self.look(path)
        return super().read(path)

    def folders_in(self, path: Path) -> list[str]:
        self.look(path)
        return super().folders_in(path)

    def is_folder(self, path: Path) -> bool:
        self.look(path)
        return super().is_folder(path)


class ClosedDisk(WatchedDisk):
    """A disk on which a file, or all that is below a folder, may not be looked at."""

    def __init__(self, closed: Path) -> None:
        self._closed = closed

    def look(self, path: Path) -> None:
        if path == self._closed or self._closed in path.parents:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


@pytest.fixture(scope="session")
def closed() -> Callable[[Path], AbstractContextManager[None]]:
    """Return a context that refuses to show a path, as the system would were we not its master."""

    @contextmanager
    def close(path: Path) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(disk, "system", ClosedDisk(path))
            yield

    return close


class FaultyDisk(WatchedDisk):
    """A disk whose n-th operation goes wrong.

    `full` lasts: from the n-th operation on nothing can be written, though removed. So does
    `crash`: nothing happens any more. `refused`, `failing`, `short`, `lying` (half a piece is
    written, and all of it reported) and `unsynced` (a wait for the disk that waits for nothing)
    happen once. `hidden` counts what is looked at instead, and refuses to show it once.

    Operations on files of other names than `only` go well and are not counted.
    """

    def __init__(self, fault: str = "", at: int = 0, only: tuple[str, ...] = ()) -> None:
        self.fault = fault
        self.at = at
        self.only = only
        self.count = 0
        self.looked = 0
        self.struck: list[str] = []
        self.seen: list[Path] = []
        self._names: dict[int, str] = {}
        self._unsynced: list[int] = []

    def fail_power(self) -> None:
        """Lose half of what was never on the disk, though it was said to be."""
        for descriptor in self._unsynced:
            os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
            os.close(descriptor)
        self._unsynced = []

    def _begin(self, operation: str, name: str) -> bool:
        """Count an operation, and fail if it is its turn; True: it is to be done badly."""
        if self.only and name not in self.only:
            return False
        self.count += 1
        due = self.count == self.at or (self.count > self.at and self.fault in ("full", "crash"))
        if not due or not self.fault:
            return False
        removes = operation in ("remove_file", "remove_folder", "cut")
        if self.fault == "full" and not removes and operation not in ("rename", "replace"):
            self._strike(operation, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        if self.fault == "failing":
            self._strike(operation, OSError(errno.EIO, os.strerror(errno.EIO)))
        if self.fault == "refused":
            self._strike(operation, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
        if self.fault == "crash":
            self._strike(operation, CrashedHere(operation))
        badly = {"short": "write", "lying": "write", "unsynced": "sync"}.get(self.fault)
        if operation == badly:
            self.struck.append(operation)
        return operation == badly

    def _strike(self, operation: str, error: BaseException) -> None:
        self.struck.append(operation)
        raise error

    def look(self, path: Path) -> None:
        """Count a look, and refuse it if it is its turn."""
        self.looked += 1
        self.seen.append(path)
        if self.fault == "hidden" and self.looked == self.at:
            self._strike("look", PermissionError(errno.EACCES, os.strerror(errno.EACCES)))

    def open_new(self, path: Path) -> int:
        self._begin("open", path.name)
        return self._named(super().open_new(path), path)

    def open_to_add(self, path: Path) -> int:
        self._begin("open", path.name)
        return self._named(super().open_to_add(path), path)

    def _named(self, descriptor: int, path: Path) -> int:
        self._names[descriptor] = path.name
        return descriptor

    def write(self, descriptor: int, piece: memoryview) -> int:
        if not self._begin("write", self._names[descriptor]):
            return super().write(descriptor, piece)
        taken = super().write(descriptor, piece[: len(piece) // 2])
        return len(piece) if self.fault == "lying" else taken

    def cut(self, descriptor: int, length: int) -> None:
        self._begin("cut", self._names[descriptor])
        super().cut(descriptor, length)

    def sync(self, path: Path) -> None:
        if self._begin("sync", path.name) and path.is_file():
            self._unsynced.append(os.open(path, os.O_RDWR))
        assert path.exists()  # and no waiting: no power fails in a test

    def make_folder(self, path: Path) -> None:
        self._begin("make_folder", path.name)
        super().make_folder(path)

    def rename(self, path: Path, target: Path) -> None:
        self._begin("rename", path.name)
        super().rename(path, target)

    def replace(self, path: Path, target: Path) -> None:
        self._begin("replace", path.name)
        super().replace(path, target)

    def remove_file(self, path: Path) -> None:
        self._begin("remove_file", path.name)
        super().remove_file(path)

    def remove_folder(self, path: Path) -> None:
        self._begin("remove_folder", path.name)
        super().remove_folder(path)


@pytest.fixture
def put_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FaultyDisk]:
    """Return a function that puts a faulty disk in the place of the one before."""

    def put(fault: str = "", at: int = 0, only: tuple[str, ...] = ()) -> FaultyDisk:
        faulty = FaultyDisk(fault, at, only)
        monkeypatch.setattr(disk, "system", faulty)
        return faulty

    return put


@pytest.fixture(scope="session")
def crashed() -> type[BaseException]:
    """What a faulty disk raises where a process would be dead."""
    return CrashedHere


class ModelServer(ThreadingHTTPServer):
    """A server that speaks as those of language models do, and says what a test has it say."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.reply: Callable[[_Talk], None] = _Talk.stream
        self.turn = threading.Semaphore(0)
        self.ended = threading.Event()
        self.hung_up = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def says(self, *pieces: str, ends: bool = True) -> None:
        """Have it stream these pieces, and end as it should or not."""
        self.reply = lambda talk: talk.stream(*pieces, ends=ends)

    def says_in_turn(self, *pieces: str) -> None:
        """Have it stream these pieces, each when `turn` is released, and end."""

        def reply(talk: _Talk) -> None:
            talk.begin()
            for piece in pieces:
                self.turn.acquire(timeout=60)
                talk.piece(piece)
            talk.piece(None, "stop")

        self.reply = reply

    def sends(self, body: bytes, kind: str = "text/event-stream", status: int = 200) -> None:
        """Have it send these bytes."""
        self.reply = lambda talk: talk.send(body, kind, status)

    def handle_error(self, *_told: object) -> None:
        """Take notice of a client that hangs up."""
        self.hung_up.set()


class _Talk(BaseHTTPRequestHandler):
    """One request to a `ModelServer`."""

    server: ModelServer

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.server.asked.append(json.loads(self.rfile.read(length)))
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.server.paths.append(self.path)
        self.server.reply(self)

    def begin(self, kind: str = "text/event-stream", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.begin(kind, status)
        self.wfile.write(body)

    def piece(self, text: str | None, ends: str | None = None) -> None:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": ends}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        self.wfile.write(f"data: {json.dumps(chunk | {'choices': [choice]})}\n\n".encode())

    def stream(self, *pieces: str, ends: bool = True) -> None:
        self.begin()
        for piece in pieces:
            self.piece(piece)
        if ends:
            self.piece(None, "stop")
            self.wfile.write(b"data: [DONE]\n\n")

    def hang(self) -> None:
        """Say no more, until the test is over or whoever asked has hung up."""
        self.connection.settimeout(0.02)
        while not self.server.ended.is_set():
            try:
                if not self.connection.recv(1):
                    self.server.hung_up.set()
                    return
            except TimeoutError:
                continue
            except OSError:
                self.server.hung_up.set()
                return

    def log_message(self, format: str, *values: object) -> None:
        """Write nothing to the terminal."""


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """Return a server of a language model, which says nothing yet."""
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.ended.set()
    server.shutdown()
    server.server_close()
    thread.join()
