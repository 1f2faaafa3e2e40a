"""A damaged store goes on answering from an older snapshot, and everybody is told."""

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import index
from index.snapshot import current_name, snapshot_names
from index.types import Article
from qa.assistant import Assistant
from qa.cli import main
from qa.feedback import FILE

OPENED = "Qui a inauguré la ligne de tramway ?"

Build = Callable[[], index.BuildReport]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    write(corpus, "tramway", "La ligne de tramway de Brest a été inaugurée par la maire.")
    return corpus


def write(corpus: Path, name: str, text: str) -> None:
    head = f"---\ntitle: Nouvelles {name}\ndate: 2025-05-12\nlang: fr\n---\n\n"
    (corpus / f"{name}.md").write_text(head + text + "\n", encoding="utf-8")


@pytest.fixture
def build(corpus: Path, tmp_path: Path, tiny_model: Path) -> Build:
    return lambda: index.build(corpus, tmp_path / "store", model=str(tiny_model))


@pytest.fixture
def store(corpus: Path, tmp_path: Path, build: Build) -> Path:
    """A store of two snapshots: of the tramway alone, then of the harvest too."""
    build()
    write(corpus, "récolte", "La récolte de blé de la Beauce a souffert de la grêle.")
    build()
    return tmp_path / "store"


def damage(store: Path, name: str, file: str = "articles.jsonl") -> Path:
    """Flip a bit in the middle of a file of a snapshot."""
    path = store / "snapshots" / name / file
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return path


def articles_of(assistant: Assistant) -> list[str]:
    return [article.id for article in assistant.index.articles]


def test_a_whole_store_is_no_trouble(store: Path) -> None:
    assert Assistant.open(store, reader="none").trouble is None


def test_a_damaged_store_is_answered_from_the_snapshot_before_and_says_so(store: Path) -> None:
    first, second = snapshot_names(store)
    path = damage(store, second, "vectors.npy")

    assistant = Assistant.open(store, reader="none")

    assert articles_of(assistant) == ["tramway.md"]
    assert [passage.article.id for passage in assistant.retrieve(OPENED)] == ["tramway.md"]
    assert assistant.trouble == (
        f"The index file {path} is not what was written. Questions are answered from the snapshot "
        f"{first}. Build the index again: depeche build CORPUS --store {store}; or keep that "
        f"snapshot: depeche rollback {first} --store {store}"
    )


def test_a_build_mends_a_damaged_store_with_the_vectors_of_the_snapshot_before(
    store: Path, build: Build
) -> None:
    first, second = snapshot_names(store)
    damage(store, second)
    assistant = Assistant.open(store, reader="none")

    report = build()

    assert (report.reused, report.embedded) == (1, 1)
    assert snapshot_names(store) == [first, report.snapshot]
    assert articles_of(assistant) == ["récolte.md", "tramway.md"]
    assert assistant.trouble is None


def test_a_build_of_what_already_answers_is_put_in_force_all_the_same(
    store: Path, corpus: Path, build: Build
) -> None:
    _first, second = snapshot_names(store)
    damage(store, second)
    (corpus / "récolte.md").unlink()

    report = build()

    assert report.embedded == 0
    assert report.snapshot == current_name(store) > second
    assert Assistant.open(store, reader="none").trouble is None


@pytest.mark.parametrize("current", [None, "nothing", "../../elsewhere"], ids=repr)
def test_without_a_name_in_current_the_newest_snapshot_answers(
    store: Path, current: str | None
) -> None:
    (store / "CURRENT").unlink()
    if current is not None:
        (store / "CURRENT").write_text(current)

    assistant = Assistant.open(store, reader="none")

    assert articles_of(assistant) == ["récolte.md", "tramway.md"]
    assert assistant.trouble is not None
    assert assistant.trouble.startswith(f"The index file {store / 'CURRENT'} ")


def test_an_open_assistant_tells_of_a_rebuild_that_it_cannot_open(
    store: Path, corpus: Path, build: Build
) -> None:
    assistant = Assistant.open(store, reader="none")
    before = assistant.index.name
    (corpus / "récolte.md").unlink()
    damage(store, build().snapshot)

    assert articles_of(assistant) == ["récolte.md", "tramway.md"]
    assert assistant.trouble is not None
    assert f"Questions are answered from the snapshot {before}." in assistant.trouble

    build()

    assert articles_of(assistant) == ["tramway.md"]
    assert assistant.trouble is None


def test_going_back_to_the_snapshot_that_answers_ends_the_trouble(store: Path) -> None:
    first, second = snapshot_names(store)
    damage(store, second)
    assistant = Assistant.open(store, reader="none")
    assert assistant.trouble is not None

    assert main(["rollback", "--store", str(store)]) == 0

    assert current_name(store) == first
    assert assistant.trouble is None


@pytest.mark.parametrize("command", ["ask", "search", "status"])
def test_commands_answer_and_complain(
    store: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _first, second = snapshot_names(store)
    path = damage(store, second)
    asked = [] if command == "status" else [OPENED, "--reader", "none"]

    code = main([command, *asked, "--json", "--store", str(store)])

    told = capsys.readouterr()
    assert code == 0
    assert json.loads(told.out)
    (complaint,) = told.err.splitlines()
    assert complaint.startswith(f"The index file {path} is not what was written. Questions are ")


# depeche doctor


def test_the_doctor_finds_a_whole_store_well(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--store", str(store)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok      ") for line in lines[:-1])
    assert lines[-1] == "17 checks, 0 in trouble."
    assert any("2 chunks embedded again have the vectors that are stored." in one for one in lines)


def test_the_doctor_tells_of_each_trouble_in_a_line_and_fails(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _first, second = snapshot_names(store)
    path = damage(store, second, "chunks.npy")
    (store / FILE).write_bytes(b"not a line of ours\n")

    code = main(["doctor", "--json", "--no-embed", "--store", str(store)])

    checks = json.loads(capsys.readouterr().out)
    assert code == 1
    troubled = {check["name"]: check["told"] for check in checks if not check["ok"]}
    assert troubled == {
        "files": f"The index file {path} is not what was written. "
        "Build it again: depeche build CORPUS --store STORE",
        "feedback": f"1 lines of {store / FILE} cannot be read and are left out: remove them.",
    }


def test_the_doctor_tells_when_the_embedder_gives_other_vectors(
    tiny_model: Path, tmp_path: Path, make_article: Callable[..., Article]
) -> None:
    from index.builder import split_articles
    from index.doctor import examine
    from index.embed import open_embedder
    from index.snapshot import save_snapshot
    from index.store import join
    from index.vocabulary import Vocabulary

    embedder = open_embedder(str(tiny_model))
    articles = [make_article()]
    chunks = split_articles(articles, embedder)
    others = embedder.embed_passages(["tout autre chose"] * len(chunks))
    words = Vocabulary.build(articles, embedder, None)
    save_snapshot(
        tmp_path / "other",
        join(articles, chunks, others, words, embedder.identity, str(tiny_model)),
    )

    (trouble,) = [check for check in examine(tmp_path / "other") if not check.ok]

    assert trouble.name == "sample"
    assert "with its text embedded again" in trouble.told
    assert "depeche build CORPUS --store" in trouble.told


def test_the_doctor_has_nothing_to_say_of_a_store_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--store", str(tmp_path / "absent")]) == 1

    assert capsys.readouterr().err.startswith("There is no index in ")
    assert not (tmp_path / "absent").exists()


def test_a_damaged_store_with_nothing_whole_in_it_is_one_sentence(store: Path) -> None:
    for name in snapshot_names(store):
        damage(store, name)

    with pytest.raises(index.errors.StoreCorrupt, match="Build it again: depeche build"):
        Assistant.open(store)
    shutil.rmtree(store)


@pytest.mark.parametrize("what", ["CURRENT", "snapshots"])
def test_a_store_that_may_not_be_read_for_a_while_goes_on_being_answered_from(
    what: str, store: Path, closed: Callable[[Path], AbstractContextManager[None]]
) -> None:
    assistant = Assistant.open(store, reader="none")
    with closed(store / what):
        assert assistant.retrieve(OPENED)
        assert assistant.trouble is not None
        assert "cannot be read (Permission denied)." in assistant.trouble
        assert assistant.trouble.endswith(f"chmod -R u+rwX {store}")
    assert assistant.trouble is None
