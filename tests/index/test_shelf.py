"""Articles as they are read, kept in the form in which a snapshot holds them."""

from datetime import date
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index
from index import disk
from index.articles import StoredArticles, article_files
from index.errors import StoreUnwritable
from index.load import Corpus
from index.shelf import Shelf
from index.types import Article, DateRange

NAMES = st.text("ab/é.#1\ud800", min_size=1, max_size=6)

DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1)).map(lambda day: DateRange(day, day))

ARTICLES = st.lists(
    st.builds(
        Article,
        id=NAMES,
        title=st.text(max_size=5),
        text=st.text(max_size=20),
        published=st.none() | DAYS,
        source=st.none() | st.sampled_from(["Agence", "Le Quotidien"]),
        language=st.sampled_from(["fr", "vi"]),
        origins=st.just({"published": "text"}) | st.just({}),
    ),
    unique_by=lambda article: article.id,
    max_size=8,
)


def in_order(articles: list[Article]) -> list[Article]:
    return sorted(articles, key=lambda article: article.id)


def put(articles: list[Article]) -> StoredArticles:
    shelf = Shelf()
    for article in articles:
        shelf.add(article)
    return shelf.finish()[0]


def as_bytes(articles: StoredArticles | list[Article]) -> dict[str, bytes]:
    return {name: bytes(data) for name, data in article_files(articles).items()}


@given(ARTICLES)
@settings(deadline=None)
def test_articles_that_come_in_any_order_are_the_files_of_them_in_order(
    articles: list[Article],
) -> None:
    stored = put(articles)

    assert list(stored) == in_order(articles)
    assert as_bytes(stored) == as_bytes(in_order(articles))


@given(ARTICLES, st.data())
@settings(deadline=None)
def test_what_is_copied_and_what_is_read_anew_are_the_same_bytes(
    articles: list[Article], data: st.DataObject
) -> None:
    before = put(articles)
    shelf = Shelf()
    order = data.draw(st.permutations(range(len(before))))
    copied = data.draw(st.sets(st.sampled_from(order))) if order else set()

    for position in order:
        if position in copied:
            shelf.copy(before, position, before[position].id)
        else:
            shelf.add(before[position])
    stored, taken = shelf.finish()

    assert as_bytes(stored) == as_bytes(before)
    expected = [position if position in copied else -1 for position in range(len(before))]
    assert np.array_equal(taken, expected)


def test_the_records_of_a_table_come_in_order_of_id_however_many_there_are(tmp_path: Path) -> None:
    rows = [f"T{number},Le texte numéro {number} est là.\n" for number in range(12)]
    (tmp_path / "t.csv").write_text("title,text\n" + "".join(rows), encoding="utf-8")

    ids = [article.id for article in Corpus(tmp_path).load().articles]

    assert len(ids) == 12
    assert ids == sorted(ids)


def test_a_disk_that_takes_nothing_more_ends_the_build_with_the_reason(
    tmp_path: Path, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(disk.System):
        def open_scratch(self, _folder: Path | None) -> IO[bytes]:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "system", Full())

    with pytest.raises(StoreUnwritable, match="No space left"):
        index.build(corpus_folder, tmp_path / "store")
