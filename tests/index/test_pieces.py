"""Our pieces against those of the package `tokenizers`, which has the same model."""

import pytest
from hypothesis import given
from hypothesis import settings as rounds
from hypothesis import strategies as st
from tokenizers import Tokenizer

from benchmarks.reference import build_tokenizer
from index.pieces import PieceTokenizer, shared_tokenizer
from index.weights import shared_weights

# letters that normalisation joins, parts, orders or drops, and the mark that stands for a space
AWKWARD = (
    "ﬁﷺ①…Ａé\u0301\u0323\u200b\u00a0\u202f\ufeff\u2581\x00\x07\n\t  œß한🙂👩\u200d🚀\U000f0000𝒜"
)
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(AWKWARD)), max_size=60
)


@pytest.fixture(scope="module")
def tokenizer() -> PieceTokenizer:
    return shared_tokenizer()


@pytest.fixture(scope="module")
def other() -> Tokenizer:
    return build_tokenizer(shared_weights().vocabulary)


@given(TEXTS)
@rounds(max_examples=500, deadline=None)
def test_any_text_has_the_pieces_and_offsets_of_tokenizers(
    tokenizer: PieceTokenizer, other: Tokenizer, text: str
) -> None:
    expected = other.encode(text, add_special_tokens=False)

    assert tokenizer.ids_and_offsets(text) == (expected.ids, expected.offsets)
    assert tokenizer.ids(text) == [tokenizer.bos, *expected.ids, tokenizer.eos]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(" ", id="space"),
        pytest.param("</s> <unk><mask>", id="marks"),
        pytest.param("\U000f0000\U000f0001 a\U000f0000", id="unknown"),
        pytest.param("越" * 3000, id="no_spaces"),
        pytest.param("a" * 3000, id="one_word"),
    ],
)
def test_odd_texts_have_the_pieces_of_tokenizers(
    tokenizer: PieceTokenizer, other: Tokenizer, text: str
) -> None:
    expected = other.encode(text, add_special_tokens=False)

    assert tokenizer.ids_and_offsets(text) == (expected.ids, expected.offsets)
    assert tokenizer.ids(text) == [tokenizer.bos, *expected.ids, tokenizer.eos]


def test_unknown_letters_beside_each_other_are_one_piece(tokenizer: PieceTokenizer) -> None:
    ids, offsets = tokenizer.ids_and_offsets("a \U000f0000\U000f0001\U000f0002")

    assert ids[-1] == shared_weights().vocabulary.unknown
    assert offsets[-1] == (2, 5)
