"""The same answers from Milvus as from a folder, and sentences where there can be none."""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

import index
import qa
from index.address import Address
from index.contents import digest_content
from index.errors import CollectionGone, EmbedderMismatch, StoreMissing
from index.milvus.client import client_of
from index.milvus.layout import Collections
from index.milvus.publish import publish
from index.places import current_name, rollback
from index.store import Store
from index.types import Article
from qa.cli import main
from qa.types import Answer, Passage

_QUESTIONS = Path("benchmarks/questions/sample.jsonl")


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("milvus") / "archive.db"


@pytest.fixture(scope="module")
def served(lite: Path, sample_store: Path, corpus_folder: Path) -> str:
    """The address of the sample corpus, built from what a build before embedded."""
    address = Address("sample", file=lite)
    shutil.copytree(sample_store, address.work)
    report = index.build(corpus_folder, str(address))
    assert report.warnings == ()
    assert report.snapshot == current_name(address)
    return str(address)


@pytest.fixture(scope="module")
def both(served: str, sample_store: Path) -> tuple[qa.Assistant, qa.Assistant]:
    return qa.Assistant.open(sample_store), qa.Assistant.open(served)


def _questions() -> list[str]:
    lines = _QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [one["question"] for one in map(json.loads, lines) if one.get("quick")][::4]


def _comparable(answer: Answer) -> Answer:
    passages = tuple(map(_near, answer.passages))
    return replace(answer, seconds=0.0, passages=passages, confidence=round(answer.confidence, 3))


def _near(passage: Passage) -> Passage:
    return replace(passage, score=round(passage.score, 3))


def test_questions_have_the_answers_that_they_have_from_a_folder(
    both: tuple[qa.Assistant, qa.Assistant],
) -> None:
    for question in _questions():
        local, remote = (_comparable(assistant.ask(question)) for assistant in both)

        assert remote.text == local.text, question
        assert remote.citations == local.citations, question
        assert remote == local, question


@pytest.mark.parametrize(
    "filters",
    [
        {"after": "2025-12-02"},
        {"before": "2025-11"},
        {"languages": ["fr"], "words": ["protocole"]},
        {"sources": ["no such source"]},
    ],
)
def test_filters_let_through_the_same(
    both: tuple[qa.Assistant, qa.Assistant], filters: dict[str, object]
) -> None:
    local, remote = (
        [_near(one) for one in assistant.retrieve("Qui a signé le protocole ?", 10, **filters)]
        for assistant in both
    )

    assert remote == local


def test_the_public_functions_and_the_commands_take_an_address(
    served: str, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "Qui a signé le protocole sur la sécurité à Hanoi ?"

    answer = qa.ask(question, store=served)
    assert answer.grounded
    assert qa.retrieve(question, 3, store=served)
    asked = [[name, question, "--reader", "none"] for name in ("ask", "search")]
    for command in (*asked, ["status"], ["snapshots"], ["doctor"], ["feedback"]):
        assert main([*command, "--store", served]) == 0, command
    told = capsys.readouterr()
    assert served in told.out
    assert told.err == ""


def _build(address: Address, corpus: Path, texts: Mapping[str, str]) -> str:
    """Add articles to a corpus and build; return the name of the snapshot."""
    corpus.mkdir(exist_ok=True)
    for name, text in texts.items():
        (corpus / f"{name}.txt").write_text(text, encoding="utf-8")
    return index.build(corpus, address).snapshot


class _Archive:
    """A small corpus with an index in Milvus, and an assistant opened at the first build."""

    def __init__(self, address: Address, corpus: Path) -> None:
        self.address, self.corpus = address, corpus
        self.first = self.build(a="Le pont a été inauguré par le maire lundi.")
        self.assistant = qa.Assistant.open(address, reader="none")

    def build(self, **texts: str) -> str:
        """Add articles and build; return the name of the snapshot."""
        return _build(self.address, self.corpus, texts)

    def found(self, question: str, k: int = 5) -> list[str]:
        """The articles that are found for a question, best first."""
        return [passage.article.id for passage in self.assistant.retrieve(question, k)]

    def drop(self, name: str) -> None:
        """Remove the collections of a snapshot, as a stranger may."""
        for collection in Collections.of(self.address.name, name).all:
            client_of(self.address).call("drop_collection", collection_name=collection)


@pytest.fixture
def archive(lite: Path, tmp_path: Path, request: pytest.FixtureRequest) -> _Archive:
    """An index of its own for a test."""
    return _Archive(Address(request.node.name[:99], file=lite), tmp_path / "corpus")


def test_an_assistant_follows_the_alias_and_goes_back_with_it(archive: _Archive) -> None:
    second = archive.build(b="La fanfare a joué devant la gare.")

    assert archive.found("fanfare", 1) == ["b.txt"]
    assert archive.assistant.index.name == second
    assert rollback(archive.address) == archive.first
    assert archive.found("fanfare gare") == ["a.txt"]
    assert archive.build() != archive.first


def test_every_answer_is_of_one_snapshot_while_the_alias_moves(lite: Path, tmp_path: Path) -> None:
    address = Address("moving", file=lite)
    names = [
        _build(
            address,
            tmp_path / town,
            {f"{town}-{n}": f"La fanfare numéro {n} a joué à {town}." for n in range(3)},
        )
        for town in ("Metz", "Brest")
    ]
    assistant = qa.Assistant.open(address, reader="none")
    done = threading.Event()

    def go_back_and_forth() -> None:
        for name in cycle(names):
            if done.is_set():
                return
            rollback(address, name)

    with ThreadPoolExecutor(1) as mover:
        moving = mover.submit(go_back_and_forth)
        seen: list[frozenset[str]] = []
        while len(seen) < 5 or (len(set(seen)) < 2 and len(seen) < 100):
            found = assistant.retrieve(f"fanfare {len(seen)}", 5)
            seen.append(frozenset(one.article.id.partition("-")[0] for one in found))
        done.set()
        moving.result()

    assert set(seen) == {frozenset({"Metz"}), frozenset({"Brest"})}


def test_a_collection_that_was_dropped_is_told_or_the_snapshot_before_answers(
    archive: _Archive,
) -> None:
    second = archive.build(b="La fanfare a joué devant la gare.")
    assert "a.txt" in archive.found("pont")
    archive.drop(second)

    assert archive.found("qui joue ?") == ["a.txt"]
    instead = f"Questions are answered from the snapshot {archive.first}"
    assert instead in str(archive.assistant.trouble)
    archive.drop(archive.first)
    with pytest.raises((CollectionGone, StoreMissing), match="depeche build CORPUS"):
        archive.found("qui parle ?")
    archive.build()
    assert archive.found("fanfare", 1) == ["b.txt"]


def test_another_embedder_is_refused(
    lite: Path, make_article: Callable[..., Article], make_content: Callable[..., Store]
) -> None:
    address, content = Address("embedded", file=lite), make_content(make_article())
    publish(address, replace(content, content=digest_content(content)))

    with pytest.raises(
        EmbedderMismatch, match="was made by the embedder test@0, not by"
    ) as refused:
        qa.Assistant.open(address)

    assert f"depeche build CORPUS --store {address} --model MODEL" in str(refused.value)


def test_a_name_that_does_not_exist_is_told_with_the_command_that_builds_it(
    lite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = Address("nothing", file=lite)

    assert main(["ask", "Qui ?", "--store", str(address)]) == 1

    told = capsys.readouterr().err
    assert told == (
        f"There is no index in {address} yet. Build it: depeche build CORPUS --store {address}\n"
    )


def test_what_speaks_to_milvus_is_named_where_it_is_not_installed(
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    ended = run_python(
        "-c",
        "import sys; sys.modules['pymilvus'] = None; from qa.cli import main; "
        "sys.exit(main(['status', '--store', 'milvus://localhost/news']))",
    )

    assert ended.returncode == 1
    assert ended.stderr == (
        "To keep an index in Milvus, install pymilvus: pip install 'depeche[milvus]'\n"
    )


def test_what_is_no_address_is_a_sentence_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--store", "milvus:/nowhere"]) == 1

    assert capsys.readouterr().err.count("\n") == 1
