"""Whatever is wrong with files, questions and stores: one clear sentence, and the rest goes on.

The whole path, through `index.build`, `qa` and the command; each piece has its own tests.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import index
from index.errors import CorpusEmpty, CorpusMissing, DepecheError, EmbedderMismatch
from index.snapshot import open_snapshot
from index.types import BuildReport
from qa.assistant import Assistant

if TYPE_CHECKING:
    pass

RunPython = Callable[..., subprocess.CompletedProcess[str]]

TRAMWAY = "La maire de Brest a inauguré mardi la nouvelle ligne de tramway."
HARVEST = "La récolte de blé de la Beauce a souffert de la grêle du printemps."
BREAD = "Le prix du pain a baissé de deux centimes dans les boulangeries d'Orléans."
FILM = "Le festival de Cannes a remis la Palme d'or à un film sur un phare."

ODD_NAMES = {
    "été à l'île d'Yeu.txt": HARVEST,
    "dossier avec des blancs/le pain.txt": BREAD,
    "🎬 cinéma 😀.md": FILM,
}
REASONS = {
    "binaire.txt": "binary",
    "vide.txt": "is empty",
    "blanc.txt": "is empty",
    "gros.txt": "is too large: 50.0 MB",
    "boucle": "is a link that leads to itself",
    "dossier en boucle": "is a link to a folder",
    "copie.txt": "same text as",
    "carte.svg": "no reader for .svg",
    "carte.pdf": "is damaged",
}


def write_corpus(corpus: Path) -> None:
    """Write four good articles among everything that can be wrong with a file."""
    (corpus / "dossier avec des blancs").mkdir(parents=True)
    (corpus / "brest.txt").write_text(TRAMWAY, encoding="utf-8")
    for name, text in ODD_NAMES.items():
        (corpus / name).write_text(text, encoding="utf-8")
    (corpus / "binaire.txt").write_bytes(bytes(range(256)) * 20)
    (corpus / "vide.txt").touch()
    (corpus / "blanc.txt").write_text(" \n\t\n")
    with (corpus / "gros.txt").open("wb") as file:
        file.truncate(50_000_000)
    (corpus / "boucle").symlink_to("boucle")
    (corpus / "dossier en boucle").symlink_to(".")
    (corpus / "copie.txt").write_text(TRAMWAY, encoding="utf-8")
    (corpus / "carte.svg").write_bytes(b"<svg/>")
    (corpus / "carte.pdf").write_bytes(b"%PDF-1.7")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = tmp_path_factory.mktemp("mauvais") / "articles"
    write_corpus(corpus)
    return corpus


@pytest.fixture(scope="module")
def store(corpus: Path) -> Path:
    return corpus.with_name("store")


@pytest.fixture(scope="module")
def report(corpus: Path, store: Path) -> BuildReport:
    return index.build(corpus, store)


@pytest.fixture(scope="module")
def assistant(report: BuildReport, store: Path) -> Assistant:
    assert report.articles
    return Assistant.open(store)


@pytest.fixture
def complaint(run_python: RunPython) -> Callable[..., str]:
    """Run `depeche`, and return the one line that it complained with."""

    def run(*arguments: str | Path) -> str:
        ended = run_python("-m", "qa.cli", *arguments)
        assert (ended.returncode, ended.stdout) == (1, "")
        (line,) = ended.stderr.splitlines()
        return line

    return run


# files


@pytest.mark.parametrize(("name", "reason"), REASONS.items(), ids=REASONS)
def test_a_file_that_is_no_article_is_listed_with_its_reason(
    report: BuildReport, name: str, reason: str
) -> None:
    skipped = dict(report.skipped)

    assert reason in skipped[name]
    assert "\n" not in skipped[name]


def test_the_build_goes_on_with_the_files_that_are_articles(
    report: BuildReport, store: Path
) -> None:
    assert report.articles == 4
    assert {path for path, _reason in report.skipped} == REASONS.keys()
    assert {article.id for article in open_snapshot(store).articles} == {"brest.txt", *ODD_NAMES}


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Qu'est-ce qui a souffert de la grêle du printemps ?", "été à l'île d'Yeu.txt"),
        ("De combien le prix du pain a-t-il baissé ?", "dossier avec des blancs/le pain.txt"),
        ("Quel film a reçu la Palme d'or à Cannes ?", "🎬 cinéma 😀.md"),
    ],
)
def test_an_article_with_an_odd_name_is_found_and_named(
    assistant: Assistant, question: str, name: str
) -> None:
    best = assistant.retrieve(question, k=1)[0]

    assert best.article.id == name
    assert best.text == ODD_NAMES[name]


def test_the_command_lists_the_skipped_files_and_exits_with_0(
    corpus: Path, tmp_path: Path, tiny_model: Path, run_python: RunPython
) -> None:
    arguments = ["-m", "qa.cli", "build", corpus, "--store", tmp_path, "--model", tiny_model]

    ended = run_python(*arguments, "--json")

    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr
    told = json.loads(ended.stdout)
    assert told["articles"] == 4
    assert {skipped["path"] for skipped in told["skipped"]} == REASONS.keys()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TRAMWAY.encode("cp1252"), id="cp1252"),
        pytest.param(TRAMWAY.encode("utf-16"), id="UTF-16"),
        pytest.param(TRAMWAY.encode("utf-8-sig"), id="UTF-8 with a mark"),
    ],
)
def test_another_encoding_is_read_as_what_it_is(
    make_corpus: Callable[..., Path], tmp_path: Path, data: bytes
) -> None:
    store = tmp_path / "store"

    index.build(make_corpus({"brest.txt": data}), store)

    assert open_snapshot(store).articles[0].text.strip() == TRAMWAY


def test_a_broken_encoding_does_not_stop_the_build(
    make_corpus: Callable[..., Path], tmp_path: Path
) -> None:
    """Bytes of two encodings in one file; it may be read or refused, the others are there."""
    broken = TRAMWAY.encode() + b" \xff\xfe\x81 " + TRAMWAY.encode("cp1252")
    corpus = make_corpus({"pain.txt": BREAD.encode(), "casse.txt": broken})

    report = index.build(corpus, tmp_path / "store")

    ids = {article.id for article in open_snapshot(tmp_path / "store").articles}
    assert ids | {path for path, _reason in report.skipped} == {"pain.txt", "casse.txt"}
    assert "pain.txt" in ids


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_listed(
    make_corpus: Callable[..., Path], tmp_path: Path
) -> None:
    corpus = make_corpus({"pain.txt": BREAD.encode(), "secret.txt": TRAMWAY.encode()})
    (corpus / "secret.txt").chmod(0)

    report = index.build(corpus, tmp_path / "store")

    assert report.skipped == (("secret.txt", "permission denied"),)


@pytest.fixture
def make_corpus(tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    def make(files: dict[str, bytes]) -> Path:
        corpus = tmp_path / "articles"
        corpus.mkdir()
        for name, data in files.items():
            (corpus / name).write_bytes(data)
        return corpus

    return make


# folders


def test_a_folder_that_is_not_there_is_one_sentence(
    tmp_path: Path, complaint: Callable[..., str]
) -> None:
    missing = tmp_path / "absent"

    with pytest.raises(CorpusMissing) as caught:
        index.build(missing, tmp_path / "store")

    said = complaint("build", missing, "--store", tmp_path / "store")
    assert said == str(caught.value)
    assert said.startswith(f"There is no folder of articles at {missing}. ")


def test_an_empty_folder_is_one_sentence_and_makes_no_store(
    tmp_path: Path, complaint: Callable[..., str]
) -> None:
    empty = tmp_path / "vide"
    empty.mkdir()

    with pytest.raises(CorpusEmpty) as caught:
        index.build(empty, tmp_path / "store")

    said = complaint("build", empty, "--store", tmp_path / "store")
    assert said == str(caught.value)
    assert said.startswith(f"The folder {empty} holds no article that can be read. ")
    assert not (tmp_path / "store").exists()


def test_an_empty_folder_leaves_the_index_before_in_force(
    make_corpus: Callable[..., Path], tmp_path: Path
) -> None:
    corpus, store = make_corpus({"pain.txt": BREAD.encode()}), tmp_path / "store"
    index.build(corpus, store)
    (corpus / "pain.txt").unlink()

    with pytest.raises(CorpusEmpty):
        index.build(corpus, store)

    assert Assistant.open(store).retrieve("Le prix du pain ?")[0].text == BREAD


# questions


@pytest.mark.parametrize("question", ["", " \n", "?!… ;", "😀"], ids=ascii)
def test_a_question_that_asks_nothing_is_one_sentence(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)

    assert answer.text == "Posez une question : un nom, un lieu, une date…"
    assert not answer.grounded
    assert assistant.retrieve(question) == []


def test_a_question_of_10000_characters_is_one_sentence(assistant: Assistant) -> None:
    answer = assistant.ask("Le prix du pain ?".ljust(9_999, "!") + "?")

    assert answer.text.startswith("La question compte 10000 caractères, pour 2000 au plus.")
    assert "\n" not in answer.text


# stores


def test_a_store_that_is_not_there_is_one_sentence(
    tmp_path: Path, complaint: Callable[..., str]
) -> None:
    store = tmp_path / "absent"

    assert complaint("ask", "Le prix du pain ?", "--store", store) == (
        f"There is no index in {store} yet. Build it: depeche build CORPUS --store {store}"
    )


def test_a_store_made_by_another_embedder_is_one_sentence(
    assistant: Assistant, store: Path, tiny_model: Path
) -> None:
    assert assistant.index.embedder.startswith("multilingual-e5-small@")

    with pytest.raises(EmbedderMismatch) as caught:
        Assistant.open(store, model=str(tiny_model))

    assert "\n" not in str(caught.value)
    assert "Leave out --model, or build it again" in str(caught.value)


@pytest.mark.usefixtures("report")
def test_a_byte_flipped_anywhere_is_one_sentence_and_a_build_mends_it(
    corpus: Path, store: Path, tmp_path: Path, complaint: Callable[..., str]
) -> None:
    copy = shutil.copytree(store, tmp_path / "store")
    for path in sorted(copy.glob("snapshots/**/*.*")):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 0xFF]))
        with pytest.raises(DepecheError) as caught:
            Assistant.open(copy)
        assert "\n" not in str(caught.value)
        assert "depeche build" in str(caught.value)
        path.write_bytes(whole)

    (articles,) = copy.glob("snapshots/*/articles.jsonl")
    articles.write_bytes(articles.read_bytes().replace(b"Brest", b"Crest"))
    said = complaint("ask", "Le prix du pain ?", "--store", copy)
    assert said.startswith(f"The index file {articles} is not what was written. ")

    index.build(corpus, copy)
    assert Assistant.open(copy).retrieve("Le prix du pain ?")[0].text == BREAD
