from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.same import find_changes, find_same
from index.tokens import stem
from index.types import Article, Embedder
from index.vocabulary import Vocabulary
from index.word_counts import Word, WordCounts, count_words

TEXT = (
    "Les deux ministres ont signé un accord de sécurité. La signature a eu lieu lundi. "
    "Des élections suivront, puis une visite du président."
)


@pytest.fixture(scope="module")
def article(make_article: Callable[..., Article]) -> Article:
    return make_article(TEXT, title="Un accord", language="fr")


@pytest.fixture(scope="module")
def vocabulary(article: Article, embedder: Embedder) -> Vocabulary:
    return Vocabulary.build([article], embedder, None)


def translate(
    vocabulary: Vocabulary, embedder: Embedder, word: str, language: str
) -> dict[str, float]:
    (terms,) = vocabulary.translate(embedder.embed_queries([word]), language)
    return terms


def test_content_words_are_collected_once_with_their_language(article: Article) -> None:
    counts = WordCounts.build([article])
    words = [counts.word(column) for column in range(len(counts))]

    assert Word("accord", "fr") in words
    assert Word("signé", "fr") in words
    assert words == sorted(set(words))
    assert not {"les", "un", "de", "ont"} & {word.text for word in words}


@pytest.mark.parametrize(
    ("word", "language", "french"),
    [
        ("signed", "en", "signé"),
        ("minister", "en", "ministres"),
        ("security", "en", "sécurité"),
        ("election", "en", "élections"),
        ("president", "en", "président"),
        ("acuerdo", "es", "accord"),
    ],
)
def test_a_word_of_another_language_finds_its_translation(
    vocabulary: Vocabulary, embedder: Embedder, word: str, language: str, french: str
) -> None:
    terms = translate(vocabulary, embedder, word, language)

    assert stem(french, "fr") in terms
    assert all(0 < weight <= 1 for weight in terms.values())


def test_a_word_that_no_article_holds_has_no_translation(
    vocabulary: Vocabulary, embedder: Embedder
) -> None:
    assert translate(vocabulary, embedder, "photosynthesis", "en") == {}


def test_a_word_of_the_same_language_finds_itself_and_its_derivations(
    vocabulary: Vocabulary, embedder: Embedder
) -> None:
    terms = translate(vocabulary, embedder, "signé", "fr")

    assert terms[stem("signé", "fr")] == pytest.approx(1, abs=3e-3)
    assert 0 < terms[stem("signature", "fr")] < 1


def test_words_known_from_before_are_not_embedded_again(
    article: Article, vocabulary: Vocabulary, embedder: Embedder
) -> None:
    embedded: list[int] = []

    again = Vocabulary.build(
        [article], embedder, vocabulary, lambda _step, done, _total: embedded.append(done)
    )

    assert embedded == []
    assert again.to_files() == vocabulary.to_files()


def test_a_vocabulary_is_read_back_as_it_was_saved(vocabulary: Vocabulary) -> None:
    loaded = Vocabulary.from_files(vocabulary.to_files())

    loaded.check()
    assert loaded.words == vocabulary.words == sorted(vocabulary.words)
    assert np.array_equal(loaded.vectors, vocabulary.vectors)


VECTORS = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).normal(size=(700, 24)).astype(np.float32)
)


@given(VECTORS, st.integers(0, 5))
@settings(deadline=None, max_examples=30)
def test_all_words_of_a_question_are_translated_as_each_alone_and_as_in_whole_numbers(
    drawn: NDArray[np.float32], count: int
) -> None:
    drawn[:, 0] += 12  # as near each other as words are
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    words = [Word(f"mot{row:03}", "vi") for row in range(len(vectors))]
    vocabulary = Vocabulary.of(WordCounts.of(dict.fromkeys(words, 1)), vectors)

    translated = vocabulary.translate(vectors[:count], "vi")

    assert len(translated) == count
    for row, terms in enumerate(translated):
        cosines = vocabulary.vectors @ vectors[row]
        nearest = np.argsort(-cosines)[:8]
        assert next(iter(terms)) == words[row].text
        assert np.sort([cosines[int(term[3:])] for term in terms])[::-1] == pytest.approx(
            np.sort(cosines[nearest])[::-1][: len(terms)], abs=1e-3
        )
        assert all(
            weight == pytest.approx(min(1, 1 - 8 * (1 - cosines[int(term[3:])])), abs=1e-3)
            for term, weight in terms.items()
        )
        assert vocabulary.translate(vectors[row : row + 1], "vi") == [
            pytest.approx(terms, abs=1e-4)
        ]


def test_vectors_are_kept_as_nearly_as_translations_need(
    vocabulary: Vocabulary, embedder: Embedder
) -> None:
    exact = embedder.embed_queries([word.text for word in vocabulary.words])

    # a thousandth by the bytes they are kept in, another where products are of bytes
    assert vocabulary.vectors @ exact.T == pytest.approx(exact @ exact.T, abs=2e-3)


def test_the_vector_of_a_frequent_word_is_there_whatever_its_language(
    vocabulary: Vocabulary, embedder: Embedder
) -> None:
    vector = vocabulary.vector_of("accord")

    assert vector is not None
    assert vector @ embedder.embed_queries(["accord"])[0] == pytest.approx(1, abs=1e-3)
    assert vocabulary.vector_of("accor") is None
    assert vocabulary.vector_of("zzz") is None
    assert vocabulary.vector_of("") is None


def test_articles_without_a_word_have_an_empty_vocabulary(
    make_article: Callable[..., Article], embedder: Embedder
) -> None:
    empty = Vocabulary.build([make_article("12 34", title="56")], embedder, None)

    assert len(empty.words) == 0
    assert translate(empty, embedder, "signed", "en") == {}


TEXTS = st.lists(st.sampled_from(["tramway bateau", "tramway", "bateau train", ""]), max_size=5)


@given(TEXTS, TEXTS)
@settings(deadline=None, max_examples=60)
def test_counting_what_changed_gives_what_counting_all_gives(
    old: list[str], new: list[str]
) -> None:
    before, now = (
        [Article(f"{number}.txt", "Titre", text) for number, text in enumerate(texts)]
        for texts in (old, new)
    )

    changes = find_changes(before, now, find_same(before, (), now, ()).articles)
    again = WordCounts.build([], WordCounts.build(before), changes)

    again.check()
    assert again.to_files() == WordCounts.build(now).to_files()


def test_the_most_frequent_words_are_chosen_and_of_equal_ones_the_first() -> None:
    counts = WordCounts.of({Word("bac", "fr"): 1, Word("abc", "fr"): 1, Word("cab", "fr"): 2})

    chosen = counts.most_frequent(2).tolist()

    assert [counts.word(column).text for column in chosen] == ["abc", "cab"]
    assert count_words([Article("a", "Un", "cab abc")]) == {
        Word("cab", "fr"): 1,
        Word("abc", "fr"): 1,
    }
