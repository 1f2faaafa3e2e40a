import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.explain import missing_words


def test_what_is_held_is_not_missing() -> None:
    assert missing_words(["population", "Hanoi"], [3.0, 2.0], [False, True]) == ("population",)


def test_nothing_is_missing_when_all_is_held_or_nothing_was_asked() -> None:
    assert missing_words(["Hanoi"], [2.0], [True]) == ()
    assert missing_words([], [], []) == ()


def test_names_come_before_words_and_rare_words_before_common_ones() -> None:
    words = ["sumo", "match", "Japan", "Tokyo"]

    named = missing_words(words, [3.0, 2.9, 2.0, 2.5], [False] * 4, most=4)

    assert named == ("Tokyo", "Japan", "sumo", "match")


def test_no_more_than_three_are_named() -> None:
    assert missing_words(["A", "B", "C", "D"], [1.0] * 4, [False] * 4) == ("A", "B", "C")
    assert missing_words(["A", "B"], [1.0] * 2, [False] * 2, most=1) == ("A",)


def test_a_word_far_more_common_than_the_rarest_is_passed_over_unless_it_is_a_name() -> None:
    named = missing_words(["say", "emperor", "Kim"], [1.4, 3.0, 1.4], [False, False, False])

    assert named == ("Kim", "emperor")


def test_a_rare_word_that_is_held_still_tells_what_is_rare() -> None:
    assert missing_words(["say", "emperor"], [1.4, 3.0], [False, True]) == ()


@pytest.mark.parametrize(
    ("question", "words", "named"),
    [
        pytest.param(
            "Qui dirige l'Éthiopie ?", ["dirige", "éthiopie"], ("Éthiopie", "dirige"), id="elision"
        ),
        pytest.param("Who won the World Cup?", ["world", "cup"], ("World Cup",), id="a name"),
        pytest.param(
            "Động đất ở Nhật Bản?", ["nhật", "bản"], ("Nhật Bản",), id="a name of syllables"
        ),
        pytest.param(
            "Japan earthquake", ["japan", "earthquake"], ("Japan", "earthquake"), id="an opening"
        ),
        pytest.param("Flug Genf-Oslo", ["genf", "oslo"], ("Genf-Oslo",), id="a hyphen"),
        pytest.param("Oslo, Genf", ["genf", "oslo"], ("Genf", "Oslo"), id="a comma parts"),
        pytest.param("a football or a ball?", ["ball"], ("ball",), id="whole words first"),
        pytest.param("東京都の人口", ["東京", "京都"], ("東京都",), id="pairs of signs"),
        pytest.param("?", ["oslo"], ("oslo",), id="a word that is not there"),
    ],
)
def test_words_are_named_as_they_were_typed(
    question: str, words: list[str], named: tuple[str, ...]
) -> None:
    even = [1.0] * len(words)

    assert missing_words(words, even, [False] * len(words), question=question) == named


def test_the_syllables_of_a_vietnamese_word_stay_together() -> None:
    question = "Nhật Bản có động đất không?"
    words, even = ["nhật", "bản", "động", "đất"], [1.0] * 4

    named = missing_words(words, even, [False] * 4, question=question, language="vi")

    assert named == ("Nhật Bản", "động đất")


def test_where_only_names_are_wanted_words_are_left_out_however_rare() -> None:
    question = "Ai đã ký ở Tokyo?"

    named = missing_words(["ký", "tokyo"], [9, 1], [False] * 2, question=question, names_only=True)

    assert named == ("Tokyo",)


def test_a_name_that_is_held_in_part_is_named_in_part() -> None:
    question = "Did the Bank of Hanoi lend to Japan Tobacco?"

    named = missing_words(["japan", "tobacco"], [1.0, 1.0], [False, True], question=question)

    assert named == ("Japan",)


@given(st.text(max_size=40), st.data())
def test_what_is_named_was_typed_and_is_at_most_three(question: str, data: st.DataObject) -> None:
    words = list(dict.fromkeys(question.lower().split()))
    weights = data.draw(st.lists(st.floats(0, 9), min_size=len(words), max_size=len(words)))
    held = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))

    named = missing_words(words, weights, held, question=question)

    assert len(named) <= 3
    assert len(set(named)) == len(named)
    assert all(name in question or name in words for name in named)
    if all(held):
        assert named == ()
