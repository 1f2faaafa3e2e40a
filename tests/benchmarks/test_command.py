import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.__main__ import main
from benchmarks.results import Results, read_results
from benchmarks.sets import is_held_out
from benchmarks.sides import ABLATIONS, PRODUCT

if TYPE_CHECKING:
    pass

ARTICLES = {
    "a-3": "Le tramway relie la gare au port en dix minutes.",
    "a-4": "Le stade accueille la finale du tournoi de rugby.",
    "a-5": "Le marché couvert vend des poissons et des fruits.",
}
QUESTIONS = [
    {"id": "q-1", "lang": "fr", "question": "Que relie le tramway ?", "relevant": ["a-3"]},
    {"id": "q-2", "lang": "fr", "question": "Qu'accueille le stade ?", "relevant": ["a-4"]},
    {"id": "q-3", "lang": "en", "question": "What does the market sell?", "relevant": ["a-5"]},
]


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """Return a folder of one set."""
    corpus = [
        {"id": name, "title": "", "date": None, "lang": "fr", "text": text}
        for name, text in ARTICLES.items()
    ]
    folder = tmp_path / "sets" / "town"
    folder.mkdir(parents=True)
    for name, records in (("corpus", corpus), ("queries", QUESTIONS)):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in records)
    return folder.parent


def measure(folder: Path, work: Path, *options: str) -> Results:
    """Run the command on the set `town`, and read what it wrote."""
    assert main([str(folder), "--sets", "town", "--work", str(work), "--quick", *options]) == 0
    (path,) = work.glob("*-50-default.json")
    return read_results(path)


def test_a_set_is_measured_on_what_is_held_out(
    sets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [is_held_out(name) for name in ARTICLES] == [True, False, True]

    results = measure(sets, tmp_path / "work")

    town = results["sets"]["town"]
    assert (town["articles"], town["chunks"]) == (3, 3)
    assert set(town["groups"]) == {"all", "fr", "en"}
    assert set(town["groups"]["all"]) == {*ABLATIONS, PRODUCT}
    assert town["groups"]["all"][PRODUCT]["questions"] == 2
    assert town["groups"]["all"][PRODUCT]["success@1"] == 1
    assert results["most"] == 50
    assert results["packages"]["numpy"]
    printed = capsys.readouterr()
    assert "| town | all | 2 |" in printed.out
    assert "town …" in printed.err


def test_baselines_are_measured_when_asked_and_kept_from_then_on(
    sets: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    measure(sets, work, "--baselines")

    results = measure(sets, work)

    assert {"recipe", "bm25", "rrf"} <= set(results["sets"]["town"]["groups"]["all"])


@pytest.mark.parametrize(
    ("folder", "name", "sentence"),
    [
        pytest.param("absent", "town", "There are no question sets in ", id="folder"),
        pytest.param("sets", "village", "There is no set village. There are: sample, ", id="name"),
    ],
)
def test_what_is_not_there_is_one_sentence(
    sets: Path, capsys: pytest.CaptureFixture[str], folder: str, name: str, sentence: str
) -> None:
    assert main([str(sets.parent / folder), "--sets", name]) == 1

    assert capsys.readouterr().err.startswith(sentence)
