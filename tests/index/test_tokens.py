import threading
import unicodedata
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.stopwords import STOP_WORDS
from index.tokens import analyse, analyse_query, fold, split_words, stem

LANGUAGES = st.sampled_from(["fr", "en", "vi", "de", "ru", "tr", "ar", "zh", "xx", ""])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'accord d'aujourd'hui", ["accord", "aujourd", "hui"]),
        ("l’été qu’il n’a pas vu", ["été", "il", "a", "pas", "vu"]),
        ("JUSQU'À L'AUBE", ["à", "aube"]),
        ("Lorsqu'on s'entr'aide", ["on", "aide"]),
        ("quelqu'un, puisqu'elle", ["un", "elle"]),
        ("O'Brien's rock'n'roll", ["o", "brien", "s", "rock", "n", "roll"]),
        ("l'", ["l"]),
        ("d''accord", ["d", "accord"]),
        ("8,5 % en 2026-2028", ["8", "5", "en", "2026", "2028"]),
        ("A320neo n°12 COVID-19", ["a320neo", "n", "12", "covid", "19"]),
        ("", []),
        ("… — !?", []),
    ],
)
def test_words_are_cut_at_elisions_and_signs(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@pytest.mark.parametrize(
    "forms",
    [
        ("signé", "signée", "signés", "signées", "SIGNÉ", "signe", "signer"),
        ("régional", "régionale", "regional", "RÉGIONAL"),
        ("ministre", "ministres", "Ministre"),
        ("accord", "accords", "l'accord", "d’accords"),
        ("œuvre", "oeuvre", "Œuvres", "ŒUVRE"),
        ("tracteur", "tracteurs"),
        ("été", "étés"),
    ],
    ids=lambda forms: forms[0],
)
def test_forms_of_a_french_word_share_a_term(forms: tuple[str, ...]) -> None:
    assert len({tuple(analyse(form, "fr")) for form in forms}) == 1


def test_a_plural_in_aux_meets_its_singular() -> None:
    assert analyse("régionaux", "fr") == analyse("régional", "fr")


def test_different_words_keep_different_terms() -> None:
    words = ["signer", "signal", "ministre", "ministère", "accord", "accorder", "côté", "côte"]

    terms = {word: tuple(analyse(word, "fr")) for word in words}

    assert terms["signer"] != terms["signal"]
    assert terms["accord"] != terms["côté"]


@pytest.mark.parametrize("word", ["2025", "12e", "covid19", "a320", "1er", "007", "3,5"])
@pytest.mark.parametrize("language", ["fr", "en", "vi", "de"])
def test_what_holds_a_digit_stays_as_it_is(word: str, language: str) -> None:
    assert analyse(word, language) == word.split(",")


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("đặng", "dang"),
        ("phạm", "pham"),
        ("nguyễn", "nguyen"),
        ("œuvrés", "oeuvres"),
        ("curriculum vitæ", "curriculum vitae"),
        ("straße", "strasse"),
        ("łódź", "lodz"),
        ("københavn", "kobenhavn"),
        ("ısparta", "isparta"),
        ("минск", "минск"),
    ],
)
def test_accents_and_ligatures_are_folded(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_names_meet_with_and_without_their_accents() -> None:
    for language in ("fr", "vi"):
        assert analyse("Tô Lâm Đà Nẵng", language) == analyse("To Lam Da Nang", language)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("越南总理", ["越南", "南总", "总理"]),
        ("越", ["越"]),
        ("ミンスク", ["ミン", "ンス", "スク"]),
        ("ไทย", ["ไท", "ทย"]),
        ("2025年5月", ["2025年5月"[i : i + 2] for i in range(6)]),
    ],
)
def test_scripts_without_spaces_are_cut_into_pairs(text: str, terms: list[str]) -> None:
    assert analyse(text, "zh") == terms


def test_a_word_with_sound_marks_is_found_by_the_same_word() -> None:
    indexed = analyse("ベトナム", "ja")

    asked = analyse_query("ベトナム", "ja", ["ja"])

    assert [list(terms) for terms in asked] == [[term] for term in indexed]


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert analyse("thương mại các nước", "vi") == ["thuong", "mai", "cac", "nuoc"]


def test_terms_are_no_longer_than_anybody_searches_for() -> None:
    assert analyse("x" * 5000, "fr") == ["x" * 40]


@given(st.text(), LANGUAGES)
@settings(deadline=None)
def test_composed_and_decomposed_letters_give_the_same_terms(text: str, language: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)

    assert analyse(composed, language) == analyse(decomposed, language)


@given(st.text(), LANGUAGES)
@settings(deadline=None)
def test_any_text_has_terms_that_are_not_empty(text: str, language: str) -> None:
    terms = analyse(text, language)

    assert all(0 < len(term) <= 40 for term in terms)
    assert terms == analyse(text, language)


@given(st.text(), LANGUAGES, st.lists(LANGUAGES, max_size=3))
@settings(deadline=None)
def test_any_question_has_words_that_are_no_function_words_and_differ(
    text: str, language: str, corpus_languages: list[str]
) -> None:
    words = [list(terms) for terms in analyse_query(text, language, corpus_languages)]

    assert all(terms == sorted(set(terms)) and terms for terms in words)
    content = [word for word in split_words(text) if word not in STOP_WORDS.get(language, ())]
    assert bool(words) == bool(content)


@given(st.text(max_size=40) | st.text("サミットでベトナムとポピー12 l'é", max_size=10), LANGUAGES)
@settings(deadline=None)
def test_a_content_word_of_a_text_finds_the_term_the_text_was_indexed_by(
    text: str, language: str
) -> None:
    indexed = set(analyse(text, language))

    for terms in analyse_query(text, language, [language]):
        assert indexed & set(terms)


def test_a_pair_of_characters_is_not_stemmed_in_a_question_either() -> None:
    # "s" is an ending in French
    assert analyse_query("サs", "fr", ["fr"]) == [{"サs": 1.0}]
    assert analyse("サs", "fr") == ["サs"]


def test_a_question_keeps_its_content_words_once_and_in_order() -> None:
    words = analyse_query("Qui a signé l'accord, et où l'accord a-t-il été signé ?", "fr", ["fr"])

    assert [list(terms) for terms in words] == [analyse("signé", "fr"), analyse("accord", "fr")]


def test_a_question_of_function_words_has_no_words() -> None:
    assert analyse_query("Qu'est-ce que c'est ?", "fr", ["fr"]) == []
    assert analyse_query("What was it?", "en", ["fr"]) == []


def test_a_word_is_stemmed_as_in_every_language_of_the_corpus() -> None:
    (terms,) = analyse_query("nationalities", "en", ["fr", "vi"])

    assert list(terms) == sorted(
        {stem("nationalities", language) for language in ("en", "fr", "vi")}
    )
    assert len(terms) > 1


def test_the_function_words_are_those_of_the_questions_own_language() -> None:
    # "son" is a French possessive and an English child
    assert analyse_query("son", "fr", ["fr"]) == []
    assert [list(terms) for terms in analyse_query("son", "en", ["fr"])] == [["son"]]


def test_stop_words_are_written_as_words_are_cut() -> None:
    for words in STOP_WORDS.values():
        for word in words:
            assert split_words(word) == [word]


def test_stems_are_the_same_from_many_threads() -> None:
    words = [f"{word}{end}" for word in ("nation", "région", "sign") for end in ("ales", "és", "")]
    expected = [stem(word, "fr") for word in words]
    found: list[list[str]] = []

    def stem_often() -> None:
        found.extend([[stem(word, "fr") for word in words] for _ in range(200)])

    threads = [threading.Thread(target=stem_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4 * 200
    assert set(chain.from_iterable(found)) == set(expected)
    assert all(stems == expected for stems in found)
