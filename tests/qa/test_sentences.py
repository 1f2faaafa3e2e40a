from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article
from qa.sentences import quotable_sentences


def sentences(text: str, furniture: tuple[tuple[int, int], ...] = ()) -> list[str]:
    article = Article("a.txt", "Titre", text, furniture=furniture)
    return [text[start:end] for start, end in quotable_sentences(article)]


def test_a_paragraph_is_cut_at_full_stops_and_not_after_a_title() -> None:
    text = "Mme Le Goff a signé. M. Tô Lâm était là."

    assert sentences(text) == ["Mme Le Goff a signé.", "M. Tô Lâm était là."]


def test_a_quotation_stays_in_the_sentence_that_holds_it() -> None:
    text = "Il a dit : « Nous signons. C'est fait. » Puis il est parti."

    assert sentences(text)[-1] == "Puis il est parti."


def test_initials_do_not_end_a_sentence() -> None:
    text = "Les É.-U. ont signé le texte. Le Japon attend."

    assert sentences(text) == ["Les É.-U. ont signé le texte.", "Le Japon attend."]


def test_headings_are_not_quoted() -> None:
    text = "Une phrase entière.\n\nPromouvoir la coopération\n\nUne autre phrase."

    assert sentences(text) == ["Une phrase entière.", "Une autre phrase."]


def test_lines_of_a_chronology_are_quoted_without_a_full_stop() -> None:
    text = "30 janvier 2025 : entrée en vigueur\n12 mai 2025 : signature"

    assert sentences(text) == ["30 janvier 2025 : entrée en vigueur", "12 mai 2025 : signature"]


def test_a_line_wrapped_in_the_middle_of_a_sentence_goes_on() -> None:
    text = "Le ministre a signé\nle protocole à Hanoi. Il repart."

    assert sentences(text) == ["Le ministre a signé\nle protocole à Hanoi.", "Il repart."]


def test_furniture_is_cut_out_of_a_sentence() -> None:
    text = "Les liens se resserrent. – AG/VI"
    start = text.index(" –")

    assert sentences(text, ((start, len(text)),)) == ["Les liens se resserrent."]


@pytest.mark.parametrize("text", ["", "\n\n", "…", "a", "😀"])
def test_a_text_without_a_sentence_has_none(text: str) -> None:
    assert sentences(text) == []


@given(st.text(alphabet=st.sampled_from("aàB1.!?…:; \n\t«»“”'’-–()É😀東"), max_size=200))
def test_sentences_are_in_order_apart_and_trimmed(text: str) -> None:
    spans = quotable_sentences(Article("a.txt", "Titre", text))

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
