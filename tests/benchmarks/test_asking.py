import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.asking import Query, ask_all, sample
from benchmarks.sides import ABLATIONS, PRODUCT
from qa.assistant import Assistant
from qa.settings import DEFAULT

if TYPE_CHECKING:
    from index.embed import DefaultEmbedder

QUERIES: list[Query] = [
    {
        "id": "q-1",
        "lang": "fr",
        "question": "Quels secteurs économiques sont visés en priorité ?",
        "relevant": ["minsk-partenariat-strategique.txt"],
        "spans": [{"doc": "minsk-partenariat-strategique.txt", "text": "les engrais"}],
    },
    {
        "id": "q-2",
        "lang": "es",
        "question": "¿Cómo se prepara una paella?",
        "relevant": [],
        "answerable": False,
    },
]


def make_queries(**languages: int) -> list[Query]:
    """Return so many questions in each language."""
    return [
        {"id": f"{language}-{number}", "lang": language}
        for language, count in languages.items()
        for number in range(count)
    ]


def test_a_sample_takes_as_many_questions_of_each_language() -> None:
    chosen = sample(make_queries(fr=30, en=30, vi=2), 12)

    assert Counter(query["lang"] for query in chosen) == {"fr": 5, "en": 5, "vi": 2}


def test_a_sample_is_the_same_whatever_the_order_and_grows_at_its_end() -> None:
    queries = make_queries(fr=30, en=30)

    assert sample(queries, 10) == sample(queries[::-1], 10)
    assert sample(queries, 20)[:10] == sample(queries, 10)
    assert len(sample(queries, None)) == 60


class Untouched:
    """An assistant and an embedder that must not be asked."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} was used")


def test_each_side_is_asked_and_the_product(
    always: Assistant, embedder: "DefaultEmbedder", tmp_path: Path
) -> None:
    kept = tmp_path / "kept.jsonl"
    told: list[Sequence[object]] = []

    first, second = ask_all(
        QUERIES, always, embedder, kept, lambda *told_now: told.append(told_now)
    )

    assert set(first.sides) == {*ABLATIONS, PRODUCT}
    assert first.outcome.is_right
    assert first.outcome.ranked[0] == "minsk-partenariat-strategique"
    assert sorted(first.outcome.ranked) == sorted(first.sides["dense"].articles)
    assert second.outcome.quotes  # would have been quoted, were every question answered
    assert second.outcome.confidence < DEFAULT.answer_probability
    assert not second.outcome.given
    assert told == [("eval", 1, 2), ("eval", 2, 2)]

    again = ask_all(QUERIES, Untouched(), Untouched(), kept)  # type: ignore[arg-type]

    assert [one.outcome for one in again] == [first.outcome, second.outcome]
    assert again[0].sides == first.sides


def test_an_outcome_that_was_cut_short_is_asked_for_again(
    always: Assistant, embedder: "DefaultEmbedder", tmp_path: Path
) -> None:
    kept = tmp_path / "kept.jsonl"
    ask_all(QUERIES[:1], always, embedder, kept)
    whole = kept.read_text(encoding="utf-8")
    kept.write_text(whole[: len(whole) // 2], encoding="utf-8")

    (asked,) = ask_all(QUERIES[:1], always, embedder, kept)

    assert asked.outcome.is_right
    assert json.loads(whole)["ranked"] == list(asked.outcome.ranked)


def test_what_is_given_is_what_the_product_gives(
    product: Assistant, always: Assistant, embedder: "DefaultEmbedder", tmp_path: Path
) -> None:
    for asked in ask_all(QUERIES, always, embedder, tmp_path / "kept.jsonl"):
        answer = product.ask(asked.query["question"])
        assert asked.outcome.given == answer.grounded
        # a text is read beside others here, which changes the last bits of what the reader says
        assert asked.outcome.confidence == pytest.approx(answer.confidence, abs=1e-3)
