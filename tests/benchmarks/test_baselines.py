from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.baselines import Baselines, join_ranks
from benchmarks.sides import RANKS, Ranking, rank_ids
from index.types import Article

if TYPE_CHECKING:
    from index.embed import DefaultEmbedder

ARTICLES = [
    Article("a.txt", "", "Le tramway relie la gare au port en dix minutes.", language="fr"),
    Article("b.txt", "", "Les marchés couverts vendent des poissons et des fruits.", language="fr"),
    Article("c.txt", "", "Le stade accueille la finale du tournoi de rugby. " * 50, language="fr"),
]


def test_an_article_ranks_by_the_best_of_its_rows() -> None:
    scores = np.array([0.1, 0.5, 0.9, 0.5], dtype=np.float32)

    assert rank_ids(scores, ["a.txt", "b.txt", "a.txt", "c.txt"]) == Ranking(
        ("a", "b", "c"), pytest.approx(0.9)
    )
    assert rank_ids(scores, ["a", "b", "c", "d"], most=2).articles == ("c", "b")
    assert rank_ids(np.zeros(0, dtype=np.float32), []) == Ranking((), 0)


def test_ranks_are_joined_by_their_reciprocals() -> None:
    joined = join_ranks([Ranking(("a", "b", "c"), 9), Ranking(("b", "d"), 0.9)])

    assert joined.articles == ("b", "a", "d", "c")
    assert joined.best == pytest.approx(1 / 62 + 1 / 61)  # b is second, and first


def test_the_recipes_find_what_they_should(embedder: "DefaultEmbedder", tmp_path: Path) -> None:
    vectors = tmp_path / "recipe" / "set.npy"
    baselines = Baselines(ARTICLES, vectors, embedder)

    market, nothing = baselines.rank(["Que vend le marché couvert ?", "?"])

    # "marché" and "marchés", "vend" and "vendent" have one stem
    assert market["bm25"].articles == ("b",)
    assert market["recipe"].articles[0] == market["rrf"].articles[0] == "b"
    assert nothing["bm25"] == Ranking((), 0)
    assert len(nothing["recipe"].articles) == len(ARTICLES) <= RANKS


def test_chunks_are_embedded_once(embedder: "DefaultEmbedder", tmp_path: Path) -> None:
    vectors = tmp_path / "set.npy"
    Baselines(ARTICLES, vectors, embedder).rank(["Que relie le tramway ?"])
    # the long article overlaps itself: 2,500 characters are cut into three of up to 1,000
    assert np.load(vectors).shape == (5, embedder.dimension)
    np.save(vectors, np.zeros((5, embedder.dimension), dtype=np.float32))

    (found,) = Baselines(ARTICLES, vectors, embedder).rank(["Que relie le tramway ?"])

    assert found["recipe"].best == 0
