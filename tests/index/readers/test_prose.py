import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers.prose import one_line, prose

anything = st.text(st.characters(exclude_categories=[]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un  mot \r\n\tdeux\r\rtrois", "Un mot\ndeux\n\ntrois"),
        ("Un.\u2029\u2029\n\nDeux.", "Un.\n\nDeux."),
        ("l\u00adé\u200btait\ufeff", "létait"),
        ("e\u0301te\u0301", "été"),
        ("Un\u00a0mot\u202f: oui", "Un mot : oui"),
        ("\u200c\u00a0\u200c\u00a0Mot\u200d", "Mot"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("a\U000e0041\U000e0042b", "ab"),
        ("\ud800", ""),
    ],
)
def test_text_is_cleaned_of_what_is_not_seen(text: str, expected: str) -> None:
    assert prose(text) == expected


@given(anything)
def test_prose_has_no_blank_at_the_ends_of_lines_and_is_composed(text: str) -> None:
    clean = prose(text)

    assert all(line == line.strip() for line in clean.split("\n"))
    assert "\n\n\n" not in clean
    assert clean == clean.strip()
    assert unicodedata.is_normalized("NFC", clean)
    clean.encode()


@given(anything)
def test_prose_is_prose_already(text: str) -> None:
    assert prose(prose(text)) == prose(text)


@given(anything)
def test_a_value_is_on_one_line(text: str) -> None:
    line = one_line(text)

    assert line == " ".join(line.split())
    line.encode()
