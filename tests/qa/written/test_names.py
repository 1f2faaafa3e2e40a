import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.written.names import known_words, missing_names

SOURCE = (
    "Le président Emmanuel Macron a reçu Volodymyr Zelensky à Londres. La délégation de l’ONU et "
    "des responsables britanniques étaient là, avec Tô Lâm, venu de Hà Nội."
)


def missing(text: str, language: str) -> list[str]:
    known = known_words([(SOURCE, "fr")])
    return [name.text for name in missing_names(text, language, known) if name.sure]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Macron met Zelenskyy in London.", "en"),
        ("However, President Macron's guest was Volodymyr Zelensky.", "en"),
        ("UN and British officials were in the United Kingdom.", "en"),
        ("Tô Lâm came from Hanoi.", "en"),
        ("Ông Macron đã gặp Zelensky tại Luân Đôn.", "vi"),
        ("L’Onu et Hanoi étaient là.", "fr"),
    ],
)
def test_a_name_is_known_in_another_spelling_or_language(text: str, language: str) -> None:
    assert missing(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Brigitte Macron est venue.", "fr", "Brigitte"),
        ("He met Recep Tayyip Erdogan in London.", "en", "Tayyip"),
        ("He met Zelensky in Paris.", "en", "Paris"),
        ("German officials were there.", "en", "German"),
        ("Ông đã gặp Zelensky tại Bắc Kinh.", "vi", "Bắc"),
    ],
)
def test_another_name_is_missing(text: str, language: str, name: str) -> None:
    assert name in missing(text, language)


@given(st.text(max_size=300), st.sampled_from(["fr", "en", "vi", "zz"]))
def test_names_of_any_text_stand_where_they_are_said_to(text: str, language: str) -> None:
    known = known_words([(SOURCE, "fr")])

    for name in missing_names(text, language, known):
        assert text[slice(*name.span)] == name.text
