"""What a store is made of, counted in the sample store."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.plan.parts import count_parts, main, weigh_inventory
from index.chunk import embedded_text
from index.snapshot import current_name, open_snapshot, snapshot_folder
from index.tokens import analyse


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """Return a folder of the question sets that are asked, a question each."""
    for name, question in (("piaf_fr", "Qui est ministre ?"), ("dated_fr", "Et le 12 mai ?")):
        folder = tmp_path / "sets" / name
        folder.mkdir(parents=True)
        query = {"id": name, "lang": "fr", "question": question, "relevant": []}
        for file, record in (("queries", query), ("corpus", {"id": "a"})):
            with gzip.open(folder / f"{file}.jsonl.gz", "wt", encoding="utf-8") as written:
                written.write(json.dumps(record) + "\n")
    return tmp_path / "sets"


def test_parts_are_counted_as_the_store_has_them(sample_store: Path) -> None:
    name = current_name(sample_store)
    store = open_snapshot(sample_store, name)
    terms = []
    for one in store.chunks:
        article = store.articles[one.article]
        terms.append(set(analyse(embedded_text(article, (one.start, one.end)), article.language)))

    parts = count_parts(snapshot_folder(sample_store, name))

    assert (parts["articles"], parts["chunks"]) == (len(store.articles), len(store.chunks))
    assert parts["postings"] == sum(map(len, terms))
    assert parts["terms"] == len(set.union(*terms))
    named = sum(len(store.dates.of_row(row)) for row in range(len(store.chunks)))
    assert parts["mentions"] == named
    assert parts["bytes"]["texts.txt"] == sum(len(one.text.encode()) for one in store.articles)


def test_an_inventory_that_is_read_takes_more_than_it_does_on_the_disk() -> None:
    figures = weigh_inventory(1000)

    assert 100 < figures["bytes"] < figures["parsed"] < 5000


def test_the_command_measures_stores_and_writes_the_result(
    sample_store: Path, sets: Path, tmp_path: Path
) -> None:
    assert main([str(sample_store), "--sets", str(sets), "--into", str(tmp_path)]) == 0

    (file,) = tmp_path.glob("parts-*.json")
    (store,) = json.loads(file.read_text(encoding="utf-8"))["stores"]
    assert store["lexical"]["questions"] == 2
    assert store["days"]["questions"] == 1
    assert store["lexical"]["median"] > 0
