from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.sides import ABLATIONS, RANKS, rank_sides
from index.snapshot import open_snapshot

if TYPE_CHECKING:
    from index.embed import DefaultEmbedder
    from index.store import Store


@pytest.fixture(scope="module")
def store(sample_store: Path) -> "Store":
    return open_snapshot(sample_store)


def test_each_side_ranks_each_article_once(store: "Store", embedder: "DefaultEmbedder") -> None:
    sides = rank_sides("Quels secteurs sont visés en priorité ?", store, embedder)

    assert tuple(sides) == ABLATIONS
    for ranking in sides.values():
        assert 1 <= len(ranking.articles) == len(set(ranking.articles)) <= RANKS
        assert ranking.articles[0] == "minsk-partenariat-strategique"
    # without a date the last two are one
    assert sides["fused"] == sides["fused+dates"]


def test_words_that_stand_nowhere_find_nothing(store: "Store", embedder: "DefaultEmbedder") -> None:
    sides = rank_sides("xylophone", store, embedder)

    assert sides["lexical"].articles == ()
    assert sides["lexical"].best == 0
    assert sides["dense"].articles == sides["fused"].articles


def test_the_last_side_alone_knows_of_dates(store: "Store", embedder: "DefaultEmbedder") -> None:
    sides = rank_sides("Que s'est-il passé le 3 décembre 2025 ?", store, embedder)

    assert sides["fused+dates"].articles[0] in {
        "2025-12-03-hanoi-bielorussie",
        "reperes-vietnam-belarus",
    }
    assert sides["fused+dates"].best > sides["fused"].best
