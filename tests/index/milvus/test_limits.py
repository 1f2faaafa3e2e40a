"""What a large archive meets: graphs instead of comparing all, wide periods, frequent words."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.address import Address
from index.errors import CollectionCorrupt
from index.milvus import dates, layout, lexical, pieces, rows
from index.milvus.client import client_of
from index.milvus.layout import Collections
from index.milvus.snapshots import open_store
from index.store import Store
from index.types import Article, DateRange, YearlessRange

MakeArticle = Callable[..., Article]
MakeContent = Callable[..., Store]
Put = Callable[..., str]


@pytest.fixture
def local(make_article: MakeArticle, make_content: MakeContent) -> Store:
    """Return a store of sixty articles, each of a day of its own."""
    return make_content(
        *(
            make_article(
                f"Le {1 + number % 28} mai {1990 + number // 4}, la visite a surpris. "
                f"Un accord fut signé{' en juin' if number % 3 else ' à Minsk'}.",
                id=f"{number:02d}.txt",
            )
            for number in range(60)
        )
    )


def test_many_rows_are_searched_through_a_graph_whose_recall_is_measured(
    address: Address, local: Store, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "_EXACT_ROWS", 10)
    put(address, local)

    opened = open_store(address)

    assert 0.9 <= opened.vectors.recall <= 1
    vector = local.vectors.vectors([7])[0]
    among = np.array([3, 7, 20], dtype=np.int64)
    assert opened.search_dense(vector, 1)[0].row == 7
    assert [hit.row for hit in opened.search_dense(vector, 3, among)] == [
        hit.row for hit in local.search_dense(vector, 3, among)
    ]


def test_a_period_that_much_names_is_answered_from_all_mentions(
    address: Address, local: Store, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(address, local)
    monkeypatch.setattr(dates, "_MOST_ASKED", 3)
    opened = open_store(address)

    for days in (DateRange(date(1990, 1, 1), date(2000, 12, 31)), DateRange.day(date(1990, 5, 1))):
        found = opened.dates.rows_naming(days)
        assert found.tolist() == local.dates.rows_naming(days).tolist()
    june = YearlessRange((6, 1), (6, 30))
    found = opened.dates.rows_naming_yearless(june)
    assert found.tolist() == local.dates.rows_naming_yearless(june).tolist()


def test_lost_mentions_are_missed(address: Address, local: Store, put: Put) -> None:
    name = put(address, local)
    opened = open_store(address)
    mentions = Collections.of(address.name, name).dates
    client_of(address).call("delete", collection_name=mentions, ids=[0, 1, 2])

    with pytest.raises(CollectionCorrupt, match="has lost mentions of dates"):
        opened.dates.rows_naming(DateRange.year(1990))


def test_how_many_rows_hold_frequent_words_is_estimated_and_the_others_are_counted(
    address: Address, local: Store, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(address, local)
    monkeypatch.setattr(lexical, "MOST_FOUND", 20)
    words = [{"minsk": 1.0, "juin": 1.0}, {"visit": 1.0, "accord": 1.0}, {"minsk": 1.0}]
    known, found = (store.match_words(words) for store in (local, open_store(address)))

    assert found.weights[2] == known.weights[2]
    assert found.weights == pytest.approx(known.weights, abs=0.4)


def test_texts_of_more_bytes_than_milvus_takes_are_cut_by_bytes(
    address: Address, make_article: MakeArticle, make_content: MakeContent, put: Put
) -> None:
    letters = np.random.default_rng(0).choice(list("aàéœüđệ漢字🙂 \n\u0301"), 70_000)
    texts = ["".join(letters), "é" * (pieces.PIECE // 2), "x" * pieces.PIECE, "🙂"]
    content = make_content(*(make_article(text, id=f"{n}.txt") for n, text in enumerate(texts)))
    assert len(texts[0].encode()) > 2 * layout.MOST_TEXT
    name = put(address, content)

    assert [article.text for article in open_store(address).articles] == texts
    parts = Collections.of(address.name, name).parts
    rows = client_of(address).query(parts, "", (layout.DATA,))
    assert max(len(row[layout.DATA].encode()) for row in rows) <= layout.MOST_TEXT


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=2 * pieces.PIECE + 9), st.booleans())
def test_no_piece_is_longer_than_milvus_takes(data: bytes, is_noise: bool) -> None:
    if is_noise:
        data = np.random.default_rng(len(data)).bytes(pieces.PIECE + len(data))

    rows = list(pieces.pieces_of("texts.txt", data))

    assert len(rows) == pieces.piece_count(len(data))
    assert max(len(str(row[layout.DATA])) for row in rows) <= layout.MOST_TEXT


def test_an_index_without_an_article_is_published_and_finds_nothing(
    address: Address, make_content: MakeContent, put: Put
) -> None:
    put(address, make_content())

    opened = open_store(address)

    assert (len(opened.articles), len(opened.chunks), opened.trouble) == (0, 0, None)
    assert opened.search_dense(np.eye(8, dtype=np.float32)[0], 5) == []
    assert opened.match_words([{"pont": 1.0}]).best(5) == []
    assert opened.dates.rows_naming(DateRange.year(2025)).tolist() == []


def test_thousands_of_rows_are_let_through_by_several_filters(
    address: Address, local: Store, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "_MOST_NAMED", 7)
    monkeypatch.setattr(rows, "_MOST_RANGES", 1)
    monkeypatch.setattr(rows, "_AT_ONCE", 5)
    put(address, local)
    opened, vector = open_store(address), local.vectors.vectors([7])[0]
    among = np.array([*range(0, 20, 2), *range(25, 35), *range(40, 52)], dtype=np.int64)
    assert len(list(rows.expressions(among))) == 4

    for k in (1, 6, 40):
        known, found = (store.search_dense(vector, k, among) for store in (local, opened))
        assert [hit.row for hit in found] == [hit.row for hit in known]
        words = [{"minsk": 1.0}, {"accord": 1.0, "visit": 0.5}]
        known, found = (store.match_words(words).best(k, among) for store in (local, opened))
        assert found == known
