from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article
from qa.sentences import quotable_sentences

MakeArticle = Callable[..., Article]


@pytest.mark.parametrize("piece", ["新华社。", "A. ", "fin. » ", "M. X ", "et ainsi, "])
def test_a_paragraph_without_end_is_cut_into_sentences(
    make_article: MakeArticle, piece: str
) -> None:
    text = piece * 20_000  # the splitter by itself takes minutes

    spans = quotable_sentences(make_article(text))

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_a_long_paragraph_has_the_sentences_of_its_parts(make_article: MakeArticle) -> None:
    sentence = "Le ministre a inauguré la ligne de tramway."

    spans = quotable_sentences(make_article(" ".join([sentence] * 1000)))

    assert len(spans) == 1000
    assert {end - start for start, end in spans} == {len(sentence)}


@given(
    st.lists(st.sampled_from(["Mot", ".", " ", "\n", "»", "É", "新", "。", "!", "a"]), max_size=200)
)
def test_sentences_stand_apart_and_in_order(make_article: MakeArticle, pieces: list[str]) -> None:
    text = "".join(pieces)

    spans = quotable_sentences(make_article(text))

    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
