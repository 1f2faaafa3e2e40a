from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import StoreCorrupt, StoreMissing
from index.snapshot import current_name, lock_store, save_snapshot
from index.store import Store
from index.types import Article, DateRange
from qa.status import describe, read_status

MakeContent = Callable[..., Store]


def make_article(name: str, published: str | None, **fields: object) -> Article:
    days = DateRange.parse(published) if published else None
    origins = {"published": "header"} if published else {}
    return Article(name, "Titre", f"Le texte de {name}.", days, origins=origins, **fields)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path, make_content: MakeContent) -> Path:
    store = tmp_path / "store"
    content = make_content(
        make_article("a.txt", "2025-05-12", source="Agence"),
        make_article("b.txt", "2024-12", source="Agence"),
        make_article("c.txt", None, language="vi"),
    )
    with lock_store(store):
        save_snapshot(store, content)
    return store


def test_a_status_counts_what_the_snapshot_in_force_holds(store: Path) -> None:
    assert read_status(store) == {
        "store": str(store),
        "snapshot": current_name(store),
        "trouble": None,
        "articles": 3,
        "chunks": 3,
        "embedder": "test@0",
        "first": "2024-12",
        "last": "2025-05-12",
        "undated": ["c.txt"],
        "languages": {"fr": 2, "vi": 1},
        "sources": {"Agence": 2},
        "dates_from": {"header": 2, "none": 1},
    }


def test_a_status_is_told_in_lines_for_a_terminal(store: Path) -> None:
    assert describe(read_status(store)).splitlines() == [
        "3 articles (2024-12 to 2025-05-12), 3 chunks",
        f"snapshot    {current_name(store)} in {store}",
        "embedder    test@0",
        "languages   fr 2, vi 1",
        "sources     Agence 2",
        "dates from  header 2, none 1",
        "without a date: c.txt",
    ]


def test_articles_without_dates_and_sources_are_told_so(
    tmp_path: Path, make_content: MakeContent
) -> None:
    with lock_store(tmp_path):
        save_snapshot(tmp_path, make_content(make_article("a.txt", None)))

    said = describe(read_status(tmp_path))

    assert said.startswith("1 articles (no dates), 1 chunks")
    assert "sources     none" in said


def test_the_store_of_the_environment_is_described_when_none_is_named(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPECHE_STORE", str(store))

    assert read_status()["store"] == str(store)


def test_a_store_that_is_not_there_has_no_status(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        read_status(tmp_path)


def test_the_status_of_a_damaged_store_is_that_of_the_snapshot_that_answers(store: Path) -> None:
    name = current_name(store)
    (store / "CURRENT").write_text("nothing")

    status = read_status(store)

    assert status["snapshot"] == name
    assert "CURRENT names no snapshot ('nothing')" in status["trouble"]


def test_a_store_without_a_whole_snapshot_has_no_status(store: Path) -> None:
    (store / "snapshots" / current_name(store) / "chunks.npy").unlink()

    with pytest.raises(StoreCorrupt):
        read_status(store)
