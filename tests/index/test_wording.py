import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.wording import is_no_title, is_nobody, names_of, without_site


@pytest.mark.parametrize(
    ("title", "source"),
    [
        ("Le président à Hanoï | Le Monde", "Le Monde"),
        ("Le président à Hanoï - Le Monde", "le monde"),
        ("Le président à Hanoï – LeMonde", "www.lemonde.fr"),
        ("Le président à Hanoï|lemonde.fr", "lemonde.fr"),
        ("Le Monde | Le président à Hanoï", "Le Monde"),
    ],
)
def test_a_title_leaves_the_name_of_its_site(title: str, source: str) -> None:
    assert without_site(title, source) == "Le président à Hanoï"


@pytest.mark.parametrize(
    ("title", "source"),
    [
        ("Le président à Hanoï | Le Monde", "Le Figaro"),
        ("Accord - les détails", "Le Monde"),
        ("Le Monde", "Le Monde"),
        ("Aujourd'hui-Le Monde", "Le Monde"),
        ("Tout un monde", "monde"),
        ("Hanoï | …", "!"),
    ],
)
def test_a_title_that_names_another_or_nothing_stays(title: str, source: str) -> None:
    assert without_site(title, source) == title


def test_only_the_site_goes_not_the_section() -> None:
    assert without_site("Titre | Monde | Reuters", "Reuters") == "Titre | Monde"


@pytest.mark.parametrize(
    ("declared", "names"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("Par Jeanne Martin", "Jeanne Martin"),
        ("par Jeanne Martin et Paul Roy", "Jeanne Martin et Paul Roy"),
        ("Von Anna Berg", "Anna Berg"),
        ("Von der Leyen", "Von der Leyen"),
        ("Tác giả: Lê Anh", "Lê Anh"),
        ("jane@example.org (Jane Doe)", "Jane Doe"),
        ("Jane Doe <jane@example.org>", "Jane Doe"),
        ("Jane Doe, jane@example.org", "Jane Doe"),
        ("mailto:jane@example.org, Jane Doe", "Jane Doe"),
        ("https://social.example/jane", ""),
        ("jane@example.org", ""),
        ("Byron", "Byron"),
        ("Jane Doe (AFP)", "Jane Doe (AFP)"),
        ("A, , B", "A, B"),
        ("42", ""),
    ],
)
def test_an_author_is_names_without_addresses(declared: str, names: str) -> None:
    assert names_of(declared) == names


@pytest.mark.parametrize(
    "title", ["Microsoft Word - accord.doc", "accord.docx", "Untitled", "Document1", "Sans titre 2"]
)
def test_a_title_made_by_a_program_is_none(title: str) -> None:
    assert is_no_title(title)


def test_a_title_and_an_author_made_by_people_are_ones() -> None:
    assert not is_no_title("Le document signé à Hanoï")
    assert is_nobody("Microsoft Office User")
    assert not is_nobody("Jane Doe")


@given(st.text(max_size=200), st.text(max_size=40))
def test_what_is_left_of_a_title_stood_in_it(title: str, source: str) -> None:
    assert without_site(title, source) in title


@given(st.text(max_size=200) | st.from_regex(r"([\w.]+@[\w.]+|[(<\[\])>, ;]|By ){0,30}"))
def test_no_address_is_left_in_the_names(author: str) -> None:
    names = names_of(author)

    assert names == names.strip()
    assert not names or any(map(str.isalpha, names))


@pytest.mark.parametrize("title", ["Reuters |", "| Reuters |", "Reuters - Reuters", "Reuters | !"])
def test_a_title_that_is_only_the_name_of_its_site_keeps_it(title: str) -> None:
    assert "Reuters" in without_site(title, "Reuters")
