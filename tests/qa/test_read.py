import math
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as rounds
from hypothesis import strategies as st
from tokenizers import Tokenizer

from benchmarks.reference import build_tokenizer
from index.errors import ReaderCorrupt, ReaderUnknown
from index.pieces import shared_tokenizer
from index.weights import shared_weights
from qa.read import (
    ADAPTER,
    MAX_TOKENS,
    AdaptedReader,
    Reading,
    ReadText,
    encode_pairs,
    open_reader,
)

BRIDGE = ReadText(
    "Un pont neuf à Valmer (3 mars 2024)",
    "Le nouveau pont de Valmer a été ouvert lundi. Le maire, Jean Duchêne, a coupé le ruban "
    "devant quatre cents habitants. Les travaux ont coûté douze millions d'euros.",
)
MARKET = ReadText(
    "Le marché couvert (5 mars 2024)",
    "Le marché couvert rouvre samedi après deux ans de travaux. Trente commerçants y vendent "
    "des légumes, du pain et du poisson.",
)


@pytest.fixture(scope="module")
def reader() -> AdaptedReader:
    shared = open_reader()
    assert isinstance(shared, AdaptedReader)
    return shared


def make_reading(starts: Sequence[float], ends: Sequence[float]) -> Reading:
    """Read words of three letters with these probabilities."""
    offsets = np.array([[4 * place, 4 * place + 3] for place in range(len(starts))])
    with np.errstate(divide="ignore"):
        scores = np.log(np.array([starts, ends], dtype=np.float32))
    return Reading(0.0, offsets.reshape(-1, 2), *scores)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Combien ont coûté les travaux du pont ?", "douze millions"),
        ("Who is the mayor of Valmer?", "Jean Duchêne"),
        ("Wie viele Einwohner waren bei der Eröffnung der Brücke?", "quatre cents"),
        ("¿Cuánto costó el puente de Valmer?", "douze millions"),
        ("Thị trưởng Valmer là ai?", "Jean Duchêne"),
    ],
)
def test_the_reader_finds_the_answer_in_the_right_text(
    reader: AdaptedReader, question: str, answer: str
) -> None:
    right, wrong = reader.read(question, [BRIDGE, MARKET])
    _score, span = right.answer_within((0, len(BRIDGE.text)))

    assert right.relevance > wrong.relevance
    assert span is not None
    assert answer in BRIDGE.text[span[0] - 20 : span[1] + 20]


def test_what_nothing_answers_is_less_relevant_than_what_is_answered(reader: AdaptedReader) -> None:
    answered = reader.read("Combien ont coûté les travaux du pont ?", [BRIDGE])[0]
    unanswered = reader.read("Quelle est la capitale du Japon ?", [BRIDGE])[0]

    assert answered.relevance > unanswered.relevance


def test_texts_are_read_alike_alone_and_together(reader: AdaptedReader) -> None:
    question = "Qui a coupé le ruban ?"

    together = reader.read(question, [BRIDGE, MARKET, BRIDGE])
    alone = [reader.read(question, [text])[0] for text in (BRIDGE, MARKET, BRIDGE)]

    for first, second in zip(together, alone, strict=True):
        assert first.relevance == pytest.approx(second.relevance, abs=0.2)
        assert np.array_equal(first.offsets, second.offsets)


def test_no_text_has_no_reading(reader: AdaptedReader) -> None:
    assert reader.read("Qui ?", []) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n", "🙂", "ﷺ" * 40, "mot " * 3000])
def test_offsets_lie_inside_any_text(reader: AdaptedReader, text: str) -> None:
    reading = reader.read("Qui a signé ?", [ReadText("Titre", text)])[0]

    assert math.isfinite(reading.relevance)
    assert len(reading.offsets) <= MAX_TOKENS
    assert ((reading.offsets >= 0) & (reading.offsets <= len(text))).all()
    assert len(reading.starts) == len(reading.ends) == len(reading.offsets)


def test_a_long_question_still_leaves_room_for_the_text(reader: AdaptedReader) -> None:
    reading = reader.read("pourquoi " * 300, [BRIDGE])[0]

    assert len(reading.offsets) > 0


@pytest.fixture(scope="module")
def other_tokenizer() -> Tokenizer:
    """The tokenizer of another package, that cuts pairs itself."""
    tokenizer = build_tokenizer(shared_weights().vocabulary)
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


@given(
    st.text(st.sampled_from("Qui est né ? ﷺﬁ越🙂"), max_size=30),
    st.text(st.sampled_from("Titre (3 mars) ﷺﬁ越🙂"), max_size=30),
    st.text(st.sampled_from("Le pont, ouvert. \n ﷺﬁ越🙂"), max_size=60),
    st.sampled_from([(1, 1), (1, 40), (40, 1), (40, 40), (20, 12)]),
)
@rounds(deadline=None)
def test_a_pair_has_the_tokens_of_tokenizers(
    other_tokenizer: Tokenizer, question: str, header: str, text: str, times: tuple[int, int]
) -> None:
    question, text = question * times[0], text * times[1]
    before = f"passage: {header}\n"

    (pair,) = encode_pairs(shared_tokenizer(), question, [ReadText(header, text)])

    encoding = other_tokenizer.encode(f"query: {question}", before + text)
    places = [
        place
        for place, part in enumerate(encoding.sequence_ids)
        if part == 1 and encoding.offsets[place][0] >= len(before)
    ]
    offsets = [[at - len(before) for at in encoding.offsets[place]] for place in places]
    assert pair.ids == encoding.ids
    assert pair.offsets.tolist() == offsets
    assert list(range(pair.first, pair.first + len(offsets))) == places


def test_the_likeliest_answer_lies_inside_the_span_asked_for() -> None:
    reading = make_reading([0.1, 0.2, 0.7], [0.1, 0.3, 0.6])

    assert reading.answer_within((0, 11)) == (pytest.approx(math.log(0.7 * 0.6)), (8, 11))
    assert reading.answer_within((0, 8)) == (pytest.approx(math.log(0.2 * 0.3)), (4, 7))


def test_an_answer_never_ends_before_it_starts() -> None:
    reading = make_reading([0.1, 0.9], [0.8, 0.2])

    score, span = reading.answer_within((0, 7))

    assert span == (4, 7)
    assert score == pytest.approx(math.log(0.9 * 0.2))


def test_a_span_without_any_word_holds_no_answer() -> None:
    reading = make_reading([0.5, 0.5], [0.5, 0.5])

    assert reading.answer_within((1, 2)) == (-np.inf, None)
    assert reading.share_within((1, 2)) == 0


def test_the_shares_of_a_text_cut_in_two_are_those_of_its_words() -> None:
    reading = make_reading([0.1, 0.2, 0.7], [0.2, 0.2, 0.6])

    assert reading.share_within((0, 3)) == pytest.approx(math.sqrt(0.1 * 0.2))
    assert reading.share_within((4, 11)) == pytest.approx(math.sqrt(0.9 * 0.8))


def test_a_damaged_adapter_is_refused_with_the_remedy(tmp_path: Path) -> None:
    damaged = tmp_path / "reader.safetensors"
    shutil.copy(ADAPTER, damaged)
    with damaged.open("r+b") as file:
        file.seek(1000)
        file.write(b"\xff")

    with pytest.raises(ReaderCorrupt, match=r"sha256 .*--reader none"):
        AdaptedReader(damaged).read("Qui ?", [BRIDGE])


def test_a_missing_adapter_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ReaderCorrupt, match=r"No such file .*--reader none"):
        AdaptedReader(tmp_path / "reader.safetensors").read("Qui ?", [BRIDGE])


def test_a_reader_is_the_default_or_none_at_all() -> None:
    assert isinstance(open_reader(), AdaptedReader)
    assert open_reader("none") is None
    with pytest.raises(ReaderUnknown, match=r"'best'.*--reader default\|none"):
        open_reader("best")
