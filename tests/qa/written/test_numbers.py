from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.written.numbers import find_numbers, hidden_values, missing_numbers


def values(text: str, language: str) -> list[set[object]]:
    return [set(number.values) for number in find_numbers(text, language)]


def is_missing(written: str, language: str, source: str, other: str) -> bool:
    found = find_numbers(source, other)
    return bool(
        list(missing_numbers(find_numbers(written, language), found, hidden_values(source, other)))
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("im neunzehnten Jahrhundert und in Jahrhunderten", "de"),
        ("Millionen, Hunderte, mehrere tausend", "de"),
        ("miles de millones, varios millones", "es"),
        ("Ba Lan", "vi"),
    ],
)
def test_what_only_looks_like_a_number_in_words_is_none(text: str, language: str) -> None:
    assert [found for found in values(text, language) if found != {Fraction(19)}] == []


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("dix-sept", "fr", 17),
        ("quatre-vingt-dix-sept", "fr", 97),
        ("vingt et un", "fr", 21),
        ("soixante et onze", "fr", 71),
        ("deux cent trois", "fr", 203),
        ("trois mille deux cents", "fr", 3200),
        ("deux millions trois cent mille", "fr", 2_300_000),
        ("1,2 milliard", "fr", 1_200_000_000),
        ("5 millions", "fr", 5_000_000),
        ("12 345,6", "fr", Fraction("12345.6")),
        ("trente-deuxième", "fr", 32),
        ("three", "en", 3),
        ("twenty-one", "en", 21),
        ("one hundred and five", "en", 105),
        ("a hundred", "en", 100),
        ("three hundred thousand", "en", 300_000),
        ("5 million", "en", 5_000_000),
        ("1,234.5", "en", Fraction("1234.5")),
        ("3bn", "en", 3_000_000_000),
        ("hai mươi", "vi", 20),
        ("hai mươi lăm", "vi", 25),
        ("mười bảy", "vi", 17),
        ("một trăm linh hai", "vi", 102),
        ("5 triệu", "vi", 5_000_000),
        ("1,2 tỷ", "vi", 1_200_000_000),
        ("1.500", "vi", 1500),
        ("einundzwanzig", "de", 21),
        ("zweihundertdreißig", "de", 230),
        ("fünfzehntausend", "de", 15_000),
        ("hundert", "de", 100),
        ("zwölfte", "de", 12),
        ("1,2 Milliarden", "de", 1_200_000_000),
        ("veintidós", "es", 22),
        ("treinta y cuatro", "es", 34),
        ("doscientos cincuenta", "es", 250),
        ("dos mil", "es", 2000),
        ("5 mil millones", "es", 5_000_000_000),
        ("6½", "en", Fraction(13, 2)),
        ("٣", "fr", 3),
    ],
)
def test_a_number_is_read_by_its_value(text: str, language: str, value: Fraction) -> None:
    (found,) = values(text, language)

    assert Fraction(value) in found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("des milliers de gens", "fr"),
        ("dozens of people", "en"),
        ("several hundred people", "en"),
        ("hàng trăm người", "vi"),
        ("vài nghìn người", "vi"),
    ],
)
def test_a_vague_number_is_none(text: str, language: str) -> None:
    assert values(text, language) == []


@pytest.mark.parametrize(
    ("written", "language", "source", "other"),
    [
        ("17 agreements", "en", "dix-sept accords", "fr"),
        ("1.2 billion", "en", "1,2 milliard d’euros", "fr"),
        ("5 to 6 million", "en", "de 5 à 6 millions", "fr"),
        ("20 percent", "en", "20 % des voix", "fr"),
        ("hai người", "vi", "deux personnes", "fr"),
        ("at 5:30 pm", "en", "à 17h30", "fr"),
        ("the 21st century", "en", "au XXIe siècle", "fr"),
        ("2 hommes", "fr", "both men", "en"),
        ("1 500", "fr", "1,500", "en"),
    ],
)
def test_numbers_are_compared_by_value(
    written: str, language: str, source: str, other: str
) -> None:
    assert not is_missing(written, language, source, other)


@pytest.mark.parametrize(
    ("written", "language", "source", "other"),
    [
        ("18 agreements", "en", "dix-sept accords", "fr"),
        ("1.3 billion", "en", "1,2 milliard d’euros", "fr"),
        ("20 percent", "en", "20 personnes", "fr"),
        ("three men", "en", "deux hommes", "fr"),
        ("ba mươi người", "vi", "vingt personnes", "fr"),
        ("5 milliards", "fr", "5 millions", "fr"),
    ],
)
def test_another_number_is_missing(written: str, language: str, source: str, other: str) -> None:
    assert is_missing(written, language, source, other)


@given(st.integers(2, 10**9), st.integers(2, 10**9), st.sampled_from(["fr", "en", "vi"]))
def test_a_number_that_stands_nowhere_is_always_missing(
    number: int, other: int, language: str
) -> None:
    missing = is_missing(f"Il y en a {number}.", language, f"Total : {other} personnes.", "fr")

    assert missing == (number != other)


@given(st.text(max_size=300), st.sampled_from(["fr", "en", "vi", "de", "zz"]))
def test_any_text_has_numbers_in_order_and_inside(text: str, language: str) -> None:
    found = find_numbers(text, language)
    hidden_values(text, language)

    assert all(0 <= number.span[0] < number.span[1] <= len(text) for number in found)
    assert [number.span for number in found] == sorted(number.span for number in found)
