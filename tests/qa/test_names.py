import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Article
from qa.countries import country_code, no_names, say_place
from qa.names import find_kinds, find_names


def kinds(*texts: str, language: str = "fr") -> dict[str, str]:
    articles = [
        Article(f"{number}.txt", "Titre", text, language=language)
        for number, text in enumerate(texts)
    ]
    return dict(find_kinds(articles))


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        pytest.param(
            "Ici le président Loukachenko parle.", "fr", "Loukachenko", id="a role before"
        ),
        pytest.param(
            "Le Premier ministre de la Biélorussie, Tourtchine, parle.",
            "fr",
            "Tourtchine",
            id="set off",
        ),
        pytest.param(
            "Tô Lâm, secrétaire général du Parti, parle.", "fr", "Tô Lâm", id="a role after"
        ),
        pytest.param(
            "Ici, Anne Roux, la maire de Brest, a parlé.", "fr", "Anne Roux", id="with article"
        ),
        pytest.param(
            "Là, le ministre vietnamien Luong Tam Quang.", "fr", "Luong Tam Quang", id="adjective"
        ),
        pytest.param("C'est Mme Roux qui parle.", "fr", "Roux", id="an address"),
        pytest.param(
            "Then President Alexander Lukashenko spoke.", "en", "Alexander Lukashenko", id="en"
        ),
        pytest.param("Mary Beard, the mayor, spoke.", "en", "Mary Beard", id="en, after"),
        pytest.param("Hôm qua Tổng Bí thư Tô Lâm phát biểu.", "vi", "Tô Lâm", id="vi"),
        pytest.param("Hôm qua bà Lê Thị Mận phát biểu.", "vi", "Lê Thị Mận", id="vi, an address"),
        pytest.param(
            "Tổng thống Chile Sebastián Piñera đến.", "vi", "Sebastián Piñera", id="vi, of where"
        ),
    ],
)
def test_people_stand_beside_a_role(text: str, language: str, name: str) -> None:
    assert kinds(text, language=language).get(name) == "person"


@pytest.mark.parametrize(
    ("text", "language", "name", "lead"),
    [
        pytest.param("Un accord signé à Minsk.", "fr", "Minsk", "à", id="a town"),
        pytest.param("Il vit au Bélarus.", "fr", "Bélarus", "au", id="a country"),
        pytest.param("À Quimper, il pleut.", "fr", "Quimper", "À", id="at the beginning"),
        pytest.param("It was signed in New York.", "en", "New York", "in", id="en"),
        pytest.param("Lễ ký diễn ra tại Hà Nội.", "vi", "Hà Nội", "tại", id="vi"),
        pytest.param("Ông sống ở Pháp.", "vi", "Pháp", "ở", id="vi, a country of one syllable"),
    ],
)
def test_places_stand_behind_a_preposition(text: str, language: str, name: str, lead: str) -> None:
    article = Article("a.txt", "Titre", text, language=language)
    found = find_kinds([article])

    (place,) = find_names(article, (0, len(text)), found)

    assert (place.text, place.kind, place.lead) == (name, "place", lead)
    assert text[slice(*place.span)] == name


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("Le Vietnam et la Biélorussie avancent.", "fr", id="nothing tells"),
        pytest.param("Il va au Conseil de sécurité.", "fr", id="goes on in lower case"),
        pytest.param("Il est né en Mai.", "fr", id="a month"),
        pytest.param(
            "It was said in English on Monday, in May.", "en", id="a language and a month"
        ),
        pytest.param("Il vit au Centre. Le centre est beau.", "fr", id="any noun with a capital"),
        pytest.param("Ông nằm ở Bệnh viện.", "vi", id="vi, half a word"),
        pytest.param("Il rêve à X et à Y.", "fr", id="a letter"),
        pytest.param("À " + "Abc " * 9 + "on rit.", "fr", id="a line of capitals"),
        pytest.param("À " + "A" + "a" * 99 + " on rit.", "fr", id="no word is so long"),
        pytest.param("In einem Haus in Wien", "xx", id="a language without clues"),
        pytest.param("", "fr", id="nothing"),
    ],
)
def test_what_is_unsure_is_left_alone(text: str, language: str) -> None:
    assert kinds(text, language=language) == {}


def test_where_a_name_stands_most_often_decides() -> None:
    lyon = "Hier le ministre suisse Lyon. "

    assert kinds(lyon + "Il dort à Lyon. Il mange à Lyon.") == {"Lyon": "place"}
    assert kinds("Le ministre Lyon dort.", "Ici M. Lyon rit.", "Il pense à Lyon.") == {
        "Lyon": "person"
    }
    assert kinds("Le ministre Lyon rit. Il pense à Lyon.") == {}
    assert kinds("Ici M. Chili rit.") == {}  # a country is nobody


def test_two_words_behind_a_preposition_once_are_as_likely_somebody() -> None:
    given = "Le prix est remis à Anne Roux. "

    assert kinds(given) == {}
    assert kinds(given + "Bravo à Anne Roux. Mme Roux a souri.")["Anne Roux"] == "person"
    assert kinds("Il vit à Cần Thơ. Il dort à Cần Thơ.") == {"Cần Thơ": "place"}
    assert kinds("Il vit en Basse Autriche.") == {"Basse Autriche": "place"}


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(["fr", "en", "vi", "de", "es", "xx"]))
def test_whatever_is_read_the_names_stand_in_the_text(text: str, language: str) -> None:
    article = Article("a.txt", "Titre", f"Le président {text} vit à {text}.", language=language)
    found = find_kinds([article])

    for name in find_names(article, (0, len(article.text)), found):
        assert article.text[slice(*name.span)] == name.text
        assert not set(name.text) & set("<>&\"'`[]()*_#|$\\\n")
        assert name.kind == found[name.text]


# countries


@pytest.mark.parametrize(
    ("name", "lead", "said"),
    [
        ("Minsk", "à", [" à Minsk", " in Minsk", " ở Minsk"]),
        ("Vietnam", "au", [" au Vietnam", " in Vietnam", " ở Việt Nam"]),
        ("États-Unis", "aux", [" aux États-Unis", " in United States", " ở Hoa Kỳ"]),
        ("Bélarus", "Au", [" au Bélarus", " in Belarus", " ở Belarus"]),
    ],
)
def test_a_place_of_a_french_article_is_said_in_each_language(
    name: str, lead: str, said: list[str]
) -> None:
    assert [say_place(name, lead, "fr", language) for language in ("fr", "en", "vi")] == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Belarus", " en Biélorussie"),
        ("Mexico", " au Mexique"),
        ("Netherlands", " aux Pays-Bas"),
        ("Iran", " en Iran"),
        ("Canada", " au Canada"),
        ("Đức", " en Allemagne"),
        ("Hanoi", " à Hanoi"),
    ],
)
def test_french_has_a_preposition_for_each_country(name: str, said: str) -> None:
    assert say_place(name, "in", "en", "fr") == said


def test_countries_are_known_in_each_language_whatever_their_accents() -> None:
    spelled = ["Vietnam", "Viêt Nam", "Việt Nam", "viet-nam"]

    assert {country_code(name) for name in spelled} == {"VN"}
    assert country_code("Minsk") is None
    assert {"may", "mai", "monday", "english", "français"} <= no_names()
