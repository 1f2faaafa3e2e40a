"""The same answers from Milvus as from a folder, and sentences where there can be none."""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
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


def test_an_assistant_follows_the_alias_and_goes_back_with_it(lite: Path, tmp_path: Path) -> None:
    address, corpus = Address("followed", file=lite), tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Le pont a été inauguré par le maire lundi.", encoding="utf-8")
    first = index.build(corpus, address).snapshot
    assistant = qa.Assistant.open(address, reader="none")
    (corpus / "b.txt").write_text("La fanfare a joué devant la gare.", encoding="utf-8")
    second = index.build(corpus, address).snapshot

    assert [one.article.id for one in assistant.retrieve("fanfare", 1)] == ["b.txt"]
    assert assistant.index.name == second
    assert rollback(address) == first
    assert [one.article.id for one in assistant.retrieve("fanfare gare", 5)] == ["a.txt"]
    assert index.build(corpus, address).snapshot != first


def test_every_answer_is_of_one_snapshot_while_the_alias_moves(lite: Path, tmp_path: Path) -> None:
    address = Address("moving", file=lite)
    names = []
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        for number in range(3):
            text = f"La fanfare numéro {number} a joué devant la gare de {folder}."
            (tmp_path / folder / f"{folder}-{number}.txt").write_text(text, encoding="utf-8")
        names.append(index.build(tmp_path / folder, address).snapshot)
    assistant = qa.Assistant.open(address, reader="none")
    moved = threading.Thread(target=lambda: [rollback(address, name) for name in names * 6])
    moved.start()

    seen = []
    while moved.is_alive():
        found = assistant.retrieve(f"fanfare gare {len(seen)}", 5)
        seen.append({passage.article.id.partition("-")[0] for passage in found})
    moved.join()

    assert len(seen) > 3
    assert all(len(snapshots) == 1 for snapshots in seen)


def test_a_collection_that_was_dropped_is_told_or_the_snapshot_before_answers(
    lite: Path, tmp_path: Path
) -> None:
    address, corpus = Address("dropped", file=lite), tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Le pont a été inauguré par le maire lundi.", encoding="utf-8")
    first = index.build(corpus, address).snapshot
    assistant = qa.Assistant.open(address, reader="none")
    (corpus / "b.txt").write_text("La fanfare a joué devant la gare.", encoding="utf-8")
    second = index.build(corpus, address).snapshot
    assert assistant.retrieve("pont")
    for collection in Collections.of(address.name, second).all:
        client_of(address).call("drop_collection", collection_name=collection)

    assert [one.article.id for one in assistant.retrieve("qui joue ?")] == ["a.txt"]
    assert f"Questions are answered from the snapshot {first}" in str(assistant.trouble)
    for collection in Collections.of(address.name, first).all:
        client_of(address).call("drop_collection", collection_name=collection)
    with pytest.raises((CollectionGone, StoreMissing), match="depeche build CORPUS"):
        assistant.retrieve("qui parle ?")
    assert index.build(corpus, address).articles == 2
    assert assistant.retrieve("fanfare", 1)[0].article.id == "b.txt"


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
