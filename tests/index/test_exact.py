import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.exact import articles_holding, needed_words
from index.types import Article
from index.written import WrittenIndex


def holds(text: str, phrase: str, title: str = "Titre") -> bool:
    """Whether an article with this text holds a phrase, looked up or read."""
    article = Article("a.txt", title, text)
    (found,) = articles_holding([article], phrase)
    (looked_up,) = WrittenIndex.build([article]).holding([article], phrase)
    assert bool(looked_up) == bool(found)
    return bool(found)


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        pytest.param("Le visa est gratuit.", "visa", True, id="a word"),
        pytest.param("Le visa est gratuit.", "VISA", True, id="whatever its case"),
        pytest.param("Les visas sont gratuits.", "visa", False, id="no part of a word"),
        pytest.param("Des visa_x.", "visa", False, id="an underscore belongs to a word"),
        pytest.param("L'accord tient.", "accord", True, id="behind an elision"),
        pytest.param("L’accord tient.", "l'accord", True, id="whatever the apostrophe"),
        pytest.param(
            "Le Premier\n   ministre parle.", "premier ministre", True, id="a wrapped line"
        ),
        pytest.param("Le ministre premier parle.", "premier ministre", False, id="in this order"),
        pytest.param("Le Premier, ministre.", "premier ministre", False, id="nothing between"),
        pytest.param("L’axe Vietnam–Bélarus.", "vietnam-bélarus", True, id="whatever the dash"),
        pytest.param("Le G7, et le G77.", "G7", True, id="letters and figures"),
        pytest.param("Le G77.", "G7", False, id="no part of a number"),
        pytest.param("En C++ ou en C.", "c++", True, id="signs"),
        pytest.param("12,5 %", "12,5 %", True, id="a figure with its sign"),
        pytest.param("Le vi\u00adsa.", "visa", True, id="a soft hyphen is not seen"),
        pytest.param("“Phu Quoc” reçoit.", "“Phu Quoc”", True, id="marks around say exactly"),
        pytest.param("越南总理访问明斯克。", "总理", True, id="a script without spaces"),
        pytest.param("Rien.", "", True, id="nothing asked"),
        pytest.param("Rien.", " «  » ", True, id="only quotation marks asked"),
    ],
)
def test_a_phrase_stands_in_an_article_or_not(text: str, phrase: str, expected: bool) -> None:
    assert holds(text, phrase) is expected


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        pytest.param("Phu Quốc", "phu quoc", True, id="left out"),
        pytest.param("Phu Quốc", "phu quốc", True, id="typed"),
        pytest.param("Phu Quoc", "phu quốc", False, id="typed where there is none"),
        pytest.param("Phu Quôc", "phu quốc", False, id="another one typed"),
        pytest.param("ETAT", "état", False, id="a capital without its accent is another word"),
        pytest.param("ÉTAT", "etat", True, id="a capital with its accent"),
        pytest.param("Đà Nẵng", "da nang", True, id="a stroke is an accent too"),
        pytest.param("Da Nang", "đà nẵng", False, id="and is meant when it is typed"),
        pytest.param("résume", "résume", True, id="the first of two accents typed"),
        pytest.param("résumé", "résume", True, id="some typed, some left out"),
        pytest.param("resume", "résume", False, id="the one typed is missing"),
        pytest.param("une œuvre", "oeuvre", True, id="a ligature is two letters"),
        pytest.param("une oeuvre", "œuvre", True, id="and two letters are a ligature"),
        pytest.param("la tête", "te", False, id="an accent is no end of a word"),
        pytest.param("l'été", "te", False, id="nor its beginning"),
        pytest.param("İstanbul", "istanbul", True, id="a dot is an accent"),
        pytest.param("ガ", "カ", False, id="a voiced sound is another letter"),
    ],
)
def test_an_accent_counts_where_it_is_typed(text: str, phrase: str, expected: bool) -> None:
    assert holds(text, phrase) is expected


def test_the_title_counts_and_does_not_run_on_into_the_text() -> None:
    assert holds("Le texte.", "tramway", title="Le tramway")
    assert not holds("Roule vite.", "tramway roule", title="Le tramway")


def test_each_article_has_its_place() -> None:
    articles = [Article(f"{word}.txt", word, "Rien.") for word in ("un", "deux", "un deux")]

    assert articles_holding(articles, "deux").tolist() == [False, True, True]
    assert articles_holding([], "deux").tolist() == []


# letters that make and break words: accents alone and typed, signs, scripts without spaces
LETTERS = st.text("eé\u0301\u0308a_-'’ \n1²½™ﷺœß越理ガカ\u3099กำि\u00ad", min_size=1, max_size=12)

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@settings(deadline=None)
@given(texts, texts, texts)
def test_every_text_holds_itself_between_spaces(before: str, phrase: str, after: str) -> None:
    assert holds(f"{before} {phrase} {after}", phrase)


@settings(deadline=None)
@given(texts)
def test_composed_and_decomposed_letters_are_the_same(phrase: str) -> None:
    for written, typed in (("NFC", "NFD"), ("NFD", "NFC")):
        text = f"- {unicodedata.normalize(written, phrase)} -"  # type: ignore[arg-type]
        assert holds(text, unicodedata.normalize(typed, phrase))  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.text("aeiouyàéîõüỳăơđếợữ ", min_size=1, max_size=20))
def test_without_accents_a_phrase_finds_what_it_finds_with_them(phrase: str) -> None:
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", phrase.replace("đ", "d"))
        if not unicodedata.combining(letter)
    )

    assert holds(f"x {phrase} x", bare)


@settings(deadline=None, max_examples=300)
@given(st.data(), st.lists(texts | LETTERS, min_size=1, max_size=4))
def test_looking_a_phrase_up_finds_the_articles_that_reading_all_of_them_finds(
    data: st.DataObject, written: list[str]
) -> None:
    articles = [Article(f"{n}.txt", "Titre", text) for n, text in enumerate(written)]
    text = data.draw(st.sampled_from(written))
    start, end = (data.draw(st.integers(0, len(text))) for _ in range(2))
    phrase = data.draw(st.sampled_from([text[start:end], text.lower(), f"-{text}"]) | LETTERS)

    found = WrittenIndex.build(articles).holding(articles, phrase)

    assert found.tolist() == articles_holding(articles, phrase).tolist()


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("l'État vietnamien", {"l", "etat", "vietnamien"}),
        ("Phu Quốc", {"phu", "quoc"}),
        ("c++", {"c"}),
        ("_x", set()),
        ("%", set()),
        ("越南总理", {"越南", "南总", "总理"}),
        ("越", {"越"}),
        ("", set()),
    ],
)
def test_a_phrase_is_looked_up_by_its_whole_words(phrase: str, expected: set[str]) -> None:
    assert needed_words(phrase) == expected


def test_words_taken_over_from_before_give_the_same_bytes() -> None:
    old = [Article("a", "Un", "Le tramway."), Article("b", "Deux", "Le bateau.")]
    new = [old[1], Article("c", "Trois", "Un vélo."), old[0]]
    before = WrittenIndex.build(old)

    again = WrittenIndex.build(new, before, np.array([1, -1, 0]))

    again.check()
    assert again.to_files() == WrittenIndex.build(new).to_files()
    assert again.holding(new, "tramway").tolist() == [False, False, True]
