import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.chunk import embedded_text
from index.embed import DefaultEmbedder
from index.lexical import LexicalIndex
from index.snapshot import open_snapshot
from index.store import Store
from index.tokens import analyse
from index.types import Article, DateRange
from index.vectors import VectorIndex

MakeArticle = Callable[..., Article]
MakeContent = Callable[..., Store]

Words = list[dict[str, float]]

TEXTS = [
    "Le blé a baissé à la Bourse.",
    "Le tramway relie la gare au port.",
    "La gare de Minsk a été repeinte le 12 mai 1998.",
]


def words(*terms: str) -> Words:
    """Words of a question that have one term each."""
    return [{term: 1.0} for term in terms]


@pytest.fixture(scope="module")
def store(make_article: MakeArticle, make_content: MakeContent) -> Store:
    published = [DateRange.day(date(2025, 5, 12)), DateRange.month(2024, 3), None]
    languages = ["en", "fr", "fr"]
    return make_content(
        *(
            make_article(text, id=f"{row}.txt", title="Titre", published=days, language=language)
            for row, (text, days, language) in enumerate(
                zip(TEXTS, published, languages, strict=True)
            )
        )
    )


def test_parts_of_different_lengths_are_refused_with_all_three(store: Store) -> None:
    shorter: dict[str, Any] = {
        "chunks": store.chunks[:2],
        "vectors": VectorIndex.build(store.vectors.vectors([0, 1])),
        "lexical": LexicalIndex.build([["a"], ["b"]]),
    }

    for part, content in shorter.items():
        lengths = tuple(2 if name == part else 3 for name in shorter)
        with pytest.raises(ValueError, match="lengths") as caught:
            replace(store, **{part: content})
        assert str(lengths) in str(caught.value)


def test_the_built_store_joins_chunks_vectors_and_postings_by_row(
    sample_store: Path, embedder: DefaultEmbedder
) -> None:
    store = open_snapshot(sample_store)
    rows = range(len(store.chunks))

    assert len(store.vectors) == len(store.lexical) == len(rows)
    texts = [
        embedded_text(store.articles[chunk.article], (chunk.start, chunk.end))
        for chunk in store.chunks
    ]
    again = embedder.embed_passages(texts[::5])
    assert (store.vectors.vectors(rows[::5]) * again).sum(axis=1).min() > 0.9999
    for row in rows[::5]:
        chunk = store.chunks[row]
        terms = analyse(texts[row], store.articles[chunk.article].language)
        assert all(store.match_words(words(term)).scores(np.array([row]))[0] > 0 for term in terms)
        assert all(chunk.start <= mention.start < chunk.end for mention in store.dates.of_row(row))


def test_the_chunks_of_every_sample_article_put_end_to_end_give_its_text(
    sample_store: Path,
) -> None:
    store = open_snapshot(sample_store)

    for position, article in enumerate(store.articles):
        spans = [(chunk.start, chunk.end) for chunk in store.chunks if chunk.article == position]
        assert all(0 <= start < end <= len(article.text) for start, end in spans)
        assert "".join(article.text[start:end] for start, end in spans) == article.text


def test_the_text_that_answers_is_nearest(sample_store: Path, embedder: DefaultEmbedder) -> None:
    store = open_snapshot(sample_store)
    (question,) = embedder.embed_queries(["Which trade union does Minsk belong to?"])

    best = store.chunks[store.search_dense(question, 1)[0].row]

    text = store.articles[best.article].text[best.start : best.end]
    assert "Union économique eurasiatique" in text


def test_the_score_of_a_row_is_its_cosine(store: Store) -> None:
    vector = store.vectors.vectors([1])[0]
    rows = np.array([2, 1])

    scores = store.score_dense(vector, rows)

    assert scores == pytest.approx([float(store.vectors.vectors([2])[0] @ vector), 1.0], abs=1e-3)
    assert store.search_dense(vector, 1, rows)[0].row == 1


def test_words_find_rows_best_first_and_none_without_a_word(store: Store) -> None:
    hits = store.match_words(words("gar", "minsk")).best(10)

    assert [hit.row for hit in hits] == [2, 1]
    assert hits[0].score > hits[1].score > 0
    assert store.match_words(words("inconnu")).best(10) == []
    assert store.match_words([]).best(10) == []


def test_words_are_searched_among_the_rows_named(store: Store) -> None:
    asked = words("titr")

    everywhere = store.match_words(asked).best(10)
    among = store.match_words(asked).best(10, np.array([1, 0]))

    assert sorted(hit.row for hit in everywhere) == [0, 1, 2]
    assert sorted(hit.row for hit in among) == [0, 1]
    assert store.match_words(asked).best(1, np.array([1])) == [
        hit for hit in everywhere if hit.row == 1
    ]


def test_rows_of_equal_score_come_in_order(
    make_article: MakeArticle, make_content: MakeContent
) -> None:
    store = make_content(*(make_article("Le même texte.", id=f"{n}.txt") for n in range(5)))

    hits = store.match_words(words("text")).best(3)

    assert [hit.row for hit in hits] == [0, 1, 2]
    assert len({hit.score for hit in hits}) == 1


def test_lexical_scores_are_given_for_the_rows_asked(store: Store) -> None:
    asked = words("ble", "tramway")

    scores = store.match_words(asked).scores(np.array([1, 1, 0]))

    (hit,) = store.match_words(words("tramway")).best(1)
    assert hit.row == 1
    assert scores.tolist()[:2] == [hit.score, hit.score]
    assert 0 < scores[2] != hit.score


def test_a_word_weighs_its_inverse_frequency(store: Store) -> None:
    weights = store.match_words(words("tramway", "inconnu")).weights

    held_by_one = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    held_by_none = math.log(1 + (3 - 0 + 0.5) / (0 + 0.5))
    assert weights == pytest.approx([held_by_one, held_by_none], rel=1e-5)
    assert store.match_words([]).weights.shape == (0,)


def test_dates_of_publication_come_by_article(store: Store) -> None:
    day = date(2025, 5, 12).toordinal()
    month = (date(2024, 3, 1).toordinal(), date(2024, 3, 31).toordinal())

    assert store.published.tolist() == [[day, day], list(month), [0, 0]]
    assert store.article_of_row.tolist() == [0, 1, 2]


def test_languages_and_years_are_those_of_the_articles_and_their_texts(store: Store) -> None:
    assert store.languages == {"fr", "en"}
    assert list(store.years) == [1998, 2024, 2025]
