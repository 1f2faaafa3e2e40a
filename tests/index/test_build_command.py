import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from index import runs
from index.cli import main
from index.snapshot import current_name, digest_content, open_snapshot

RunPython = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def run_build(run_python: RunPython) -> RunPython:
    """Run `python -m index` in a fresh process."""

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_python("-m", "index", *arguments, **environment)

    return run


@pytest.fixture(scope="module")
def corpus(corpus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample articles and a file that is none."""
    corpus = tmp_path_factory.mktemp("command") / "articles d'été"
    shutil.copytree(corpus_folder, corpus)
    (corpus / "carte à jouer.xls").write_bytes(b"%PDF-1.7")
    return corpus


@pytest.fixture(scope="module")
def store(corpus: Path) -> Path:
    return corpus.with_name("store")


@pytest.fixture(scope="module")
def built(run_build: RunPython, corpus: Path, store: Path) -> subprocess.CompletedProcess[str]:
    """The first build into the store, by the default embedder."""
    return run_build(corpus, "--store", store)


def complaint(ended: subprocess.CompletedProcess[str]) -> str:
    """What a failed command said: one line on standard error and nothing else."""
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    (line,) = ended.stderr.splitlines()
    return line


def test_a_build_reports_on_standard_output(
    built: subprocess.CompletedProcess[str], store: Path
) -> None:
    assert built.returncode == 0, built.stderr
    first, *rest = built.stdout.splitlines()

    chunks = len(open_snapshot(store).chunks)
    assert first.startswith(f"4 articles, {chunks} chunks ({chunks} embedded, 0 reused) in ")
    assert first.endswith(f" s: snapshot {current_name(store)}")
    assert rest[0] == "1 files skipped:"
    assert rest[1].startswith("  carte à jouer.xls: no reader for .xls")
    assert "Traceback" not in built.stderr
    assert "Warning" not in built.stderr


@pytest.mark.usefixtures("built")
def test_another_process_builds_the_same_snapshot(store: Path, sample_store: Path) -> None:
    ours, theirs = open_snapshot(store), open_snapshot(sample_store)

    assert digest_content(ours) == digest_content(theirs)
    assert current_name(store) == current_name(sample_store)
    rows = range(len(ours.chunks))
    cosines = (ours.vectors.vectors(rows) * theirs.vectors.vectors(rows)).sum(axis=1)
    assert cosines.min() > 0.9999


@pytest.mark.usefixtures("built")
def test_a_second_build_reports_as_json_that_nothing_changed(
    run_build: RunPython, corpus: Path, store: Path
) -> None:
    name = current_name(store)

    ended = run_build(corpus, "--json", DEPECHE_STORE=str(store))

    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    assert ended.stdout.count("\n") == 1
    seconds = report.pop("seconds")
    reason = report["skipped"][0].pop("reason")
    chunks = len(open_snapshot(store).chunks)
    assert report == {
        "articles": 4,
        "chunks": chunks,
        "embedded": 0,
        "resumed": 0,
        "reused": chunks,
        "skipped": [{"path": "carte à jouer.xls"}],
        "snapshot": name,
        "unchanged": 4,
        "warnings": [],
    }
    assert 0 < seconds < 600
    assert reason.startswith("no reader for .xls")


def test_a_folder_that_is_not_there_is_one_sentence(run_build: RunPython, tmp_path: Path) -> None:
    ended = run_build(tmp_path / "absent", "--store", tmp_path / "store")

    assert complaint(ended) == (
        f"There is no folder of articles at {tmp_path / 'absent'}. "
        "Name one: depeche build PATH/TO/ARTICLES"
    )
    assert not (tmp_path / "store").exists()


def test_a_folder_without_articles_is_one_sentence(run_build: RunPython, tmp_path: Path) -> None:
    corpus = tmp_path / "vide"
    corpus.mkdir()
    (corpus / "photo.jpg").write_bytes(b"\xff\xd8")

    ended = run_build(corpus, "--store", tmp_path / "store", "--json")

    said = complaint(ended)
    assert said.startswith(f"The folder {corpus} holds no article that can be read (1 skipped")
    assert said.endswith("Word...), then run: depeche build")


def test_more_words_than_one_index_holds_are_one_sentence(
    corpus: Path,
    tiny_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = [str(corpus), "--store", str(tmp_path), "--model", str(tiny_model)]
    assert main(arguments) == 0
    before = current_name(tmp_path)
    capsys.readouterr()
    monkeypatch.setattr(runs, "MOST_PLACES", 100)

    assert main([*arguments, "--full"]) == 1

    told = capsys.readouterr()
    assert told.out == ""
    assert "which has 100; the index before, if there was one, is still in force" in told.err
    assert "docs/scale.md: depeche build PART" in told.err.splitlines()[-1]
    assert current_name(tmp_path) == before


def test_a_missing_model_is_one_sentence(
    run_build: RunPython, corpus: Path, tmp_path: Path
) -> None:
    ended = run_build(corpus, "--store", tmp_path / "store", "--model", "nobody/no-such-model")

    assert complaint(ended).startswith("The model nobody/no-such-model cannot be loaded: ")


@pytest.mark.parametrize("arguments", [["--nope"], ["a", "b"], ["--store"]], ids=" ".join)
def test_wrong_usage_exits_with_2_and_says_how_to(
    run_build: RunPython, arguments: list[str]
) -> None:
    ended = run_build(*arguments)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("usage: python -m index")


def test_help_tells_every_option(run_build: RunPython) -> None:
    ended = run_build("--help")

    assert ended.returncode == 0
    for word in ("corpus", "--store", "--model", "--json", "DEPECHE_STORE"):
        assert word in ended.stdout
