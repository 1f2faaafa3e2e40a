from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.doubt import AMBIGUOUS, BROAD, VAGUE
from index.load import read_file
from index.metadata import describe, shorten
from index.readers import Declared, Extracted, Field
from index.types import Article, DateRange

PROSE = "Le président a reçu le ministre vietnamien dans son palais, où ils ont déjeuné."
SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"


def make_article(text: str = PROSE, article_id: str = "a.txt", **declared: str) -> Article:
    values: dict[Field, Declared] = {}
    for name, value in declared.items():
        values[name] = Declared(value, "header")  # type: ignore[index]
    return describe(article_id, Extracted(text, values))


def test_what_the_file_declares_comes_first() -> None:
    article = make_article(
        f"Un titre\n\nPar Jeanne Martin\n\n{PROSE}\n\nVNA/CVN",
        "presse/2024-01-02-titre.txt",
        title="Le vrai titre",
        date="2025-05-12",
        author="Paul Roy",
        source="Le Courrier",
        language="Français",
    )

    assert article.title == "Le vrai titre"
    assert str(article.published) == "2025-05-12"
    assert (article.author, article.source, article.language) == ("Paul Roy", "Le Courrier", "fr")
    assert set(article.origins.values()) == {"header"}


def test_a_file_that_declares_nothing_is_described_by_its_text_and_path() -> None:
    article = make_article(
        f"Un titre\n\nPar Jeanne Martin\n\n{PROSE}\n\nVNA/CVN", "presse/2024-01-02-titre.txt"
    )

    assert article.title == "Un titre"
    assert str(article.published) == "2024-01-02"
    assert (article.author, article.source) == ("Jeanne Martin", "VNA/CVN")
    assert article.origins == {
        "title": "first line",
        "published": "file name",
        "author": "byline",
        "source": "signature",
        "language": "detected",
    }


def test_what_nothing_tells_is_unknown() -> None:
    article = make_article()

    assert (article.published, article.author, article.source) == (None, None, None)
    assert set(article.origins) == {"title", "language"}


def test_a_headline_leaves_the_text() -> None:
    assert make_article(f"Un grand titre ?\n\n\n{PROSE}").text == PROSE


def test_a_headline_that_repeats_the_declared_title_leaves_the_text() -> None:
    assert make_article(f"Un  titre\n\n{PROSE}", title="Un titre").text == PROSE


@pytest.mark.parametrize(
    "first_line",
    [
        "Il pleut.",
        "Première ligne d'un paragraphe que rien ne sépare du suivant\nPuis une autre",
        "Le ministre a dit ceci :",
        "Photo : VNA/CVN",
        "Hanoi, le 12 mai 2025",
        "12 mai 2025",
        "* * *",
        "mot " * 40,
    ],
)
def test_a_first_line_that_is_no_headline_stays(first_line: str) -> None:
    text = f"{first_line}\n\n{PROSE}"

    assert make_article(text).text == text
    assert make_article(text).origins["title"] == "first sentence"


def test_a_line_alone_is_a_text_not_a_headline() -> None:
    article = make_article("Un titre sans article")

    assert (article.title, article.text) == ("Un titre sans article", "Un titre sans article")


def test_the_first_sentence_of_the_prose_is_the_title() -> None:
    text = f"Photo : VNA\n\nM. Tourtchine a reçu son hôte. {PROSE}"

    assert make_article(text).title == "M. Tourtchine a reçu son hôte."


def test_a_text_of_furniture_has_the_name_of_its_file_as_title() -> None:
    article = make_article("Photo : VNA", "photos/minsk.txt")

    assert (article.title, article.origins["title"]) == ("minsk", "file name")


def test_a_long_title_is_cut_behind_a_word() -> None:
    title = shorten("mot " * 40)

    assert title == "mot " * 21 + "mot…"
    assert len(title) <= 90


def test_a_title_without_blanks_is_cut_too() -> None:
    assert shorten("a" * 200) == "a" * 89 + "…"
    assert shorten("a" * 90) == "a" * 90


@pytest.mark.parametrize(
    ("declared", "published"),
    [
        ("2025-05-12", "2025-05-12"),
        ("2025-5-2", "2025-05-02"),
        ("2025/05/12", "2025-05-12"),
        ("2025-05-12T08:30:00+02:00", "2025-05-12"),
        ("2025-05-12 08:30", "2025-05-12"),
        ("12/05/2025", "2025-05-12"),
        ("2.5.2025", "2025-05-02"),
        ("2025-05", "2025-05"),
        ("2025", "2025"),
        ("12 mai 2025", "2025-05-12"),
        ("lundi 12 mai 2025 à 10h30", "2025-05-12"),
        ("mai 2025", "2025-05"),
    ],
)
def test_a_declared_date_is_read_in_many_forms(declared: str, published: str) -> None:
    assert str(make_article(date=declared).published) == published


@pytest.mark.parametrize(
    "declared",
    [
        "2025-13-45",
        "2025-02-29",
        "0000",
        "1234",
        "9999-01-01",
        "31/02/2025",
        "hier",
        "12 mai",
        "42",
    ],
)
def test_a_declared_date_that_is_none_gives_way_to_the_next_origin(declared: str) -> None:
    assert make_article(date=declared).published is None

    article = make_article(article_id="2025-05-12.txt", date=declared)

    assert str(article.published) == "2025-05-12"
    assert article.origins["published"] == "file name"


def test_a_declared_month_is_not_refined_by_the_text() -> None:
    article = make_article(f"{PROSE} Ce fut lundi 12 mai 2025.", date="2025-05")

    assert article.published == DateRange.month(2025, 5)


@pytest.mark.parametrize(
    ("article_id", "published", "origin"),
    [
        ("2025-05-12-titre.txt", "2025-05-12", "file name"),
        ("titre_2025_05_12.txt", "2025-05-12", "file name"),
        ("20250512.txt", "2025-05-12", "file name"),
        ("vna 20250512 titre.txt", "2025-05-12", "file name"),
        ("2025-05-titre.txt", "2025-05", "file name"),
        ("2025/05/12/titre.txt", "2025-05-12", "folder"),
        ("2025/05/titre.txt", "2025-05", "folder"),
        ("2024/2025-05-12-titre.txt", "2025-05-12", "file name"),
    ],
)
def test_a_path_may_hold_the_date(article_id: str, published: str, origin: str) -> None:
    article = make_article(article_id=article_id)

    assert str(article.published) == published
    assert article.origins["published"] == origin


@pytest.mark.parametrize(
    "article_id",
    [
        "000_ba95bcf8c95dc1d6.txt",
        "2025-13-45.txt",
        "20251345.txt",
        "120250512.txt",
        "a20250512b.txt",
        "12345678.txt",
        "2025.txt",
        "1984-roman.txt",
    ],
)
def test_a_number_in_a_path_is_no_date(article_id: str) -> None:
    assert make_article(article_id=article_id).published is None


def test_a_stamp_on_the_text_gives_the_date() -> None:
    article = make_article(f"Publié le 12 mai 2025 à 10h30\n\n{PROSE}")

    assert str(article.published) == "2025-05-12"
    assert article.origins["published"] == "text"


def test_a_day_that_the_text_proves_gives_the_date() -> None:
    article = make_article(f"{PROSE} Ils se sont vus lundi 12 mai. L'accord est de janvier 2025.")

    assert str(article.published) == "2025-05-12"
    assert article.origins["published"] == "text"


def test_the_agency_in_a_dateline_is_the_source() -> None:
    article = make_article(f"MINSK, 12 mai (AFP) – {PROSE}")

    assert (article.source, article.origins["source"]) == ("AFP", "dateline")


def test_the_author_may_stand_in_the_signature() -> None:
    article = make_article(f"{PROSE}\n\nHuong Linh/CVN")

    assert (article.author, article.source) == ("Huong Linh", "CVN")


def test_the_first_folder_is_the_source_unless_it_is_a_number() -> None:
    assert make_article(article_id="vna/mai/a.txt").source == "vna"
    assert make_article(article_id="2025/a.txt").source is None


@pytest.mark.parametrize("declared", ["klingon", "", "?"])
def test_an_unknown_language_is_detected(declared: str) -> None:
    article = make_article(language=declared)

    assert (article.language, article.origins["language"]) == ("fr", "detected")


def test_a_declared_value_fits_on_one_line() -> None:
    article = make_article(title="Un\n  titre\t" + "a" * 500, author="\n", source="...")

    assert article.title.startswith("Un titre a")
    assert len(article.title) == 300
    assert (article.author, article.source) == (None, None)


def declare(name: Field, value: str, origin: str) -> Extracted:
    return Extracted(PROSE, {name: Declared(value, origin)})


def test_document_properties_date_an_article_only_when_nothing_else_does() -> None:
    properties = {"date": Declared("D:20240101120000Z", "document properties")}
    stamp = f"Publié le 12 mai 2025\n\n{PROSE}"

    by_name = describe("2025-05-12.pdf", Extracted(PROSE, properties))  # type: ignore[arg-type]
    by_text = describe("a.pdf", Extracted(stamp, properties))  # type: ignore[arg-type]
    alone = describe("a.pdf", Extracted(PROSE, properties))  # type: ignore[arg-type]

    assert (str(by_name.published), by_name.origins["published"]) == ("2025-05-12", "file name")
    assert (str(by_text.published), by_text.origins["published"]) == ("2025-05-12", "text")
    assert (by_name.doubt, by_text.doubt) == (None, None)
    assert (str(alone.published), alone.doubt) == ("2024-01-01", VAGUE)


def test_a_date_that_the_text_contradicts_is_kept_and_doubted() -> None:
    article = make_article(f"Publié le 12 mai 2025\n\n{PROSE}", date="2024-05-12")

    assert str(article.published) == "2024-05-12"
    assert article.doubt == "the text tells 2025-05-12"


def test_a_day_in_the_text_may_lie_half_a_year_from_the_article() -> None:
    text = f"{PROSE} Ils se sont vus lundi 12 mai. L'accord est de janvier 2025."

    assert make_article(text, date="2025-11-11").doubt is None
    assert make_article(text, date="2025-11-12").doubt == "the text tells 2025-05-12"


def test_a_date_that_can_be_read_two_ways_is_doubted_in_english() -> None:
    english = "The minister has signed the agreement, and they went to the museum together."

    assert make_article(english, date="05/12/2025").doubt == AMBIGUOUS
    assert make_article(PROSE, date="05/12/2025").doubt is None


def test_a_year_alone_is_doubted_unless_somebody_typed_it() -> None:
    assert make_article(date="2025").doubt is None
    assert describe("a.json", declare("date", "2025", "JSON-LD")).doubt == BROAD


def test_without_a_date_there_is_nothing_to_doubt() -> None:
    assert make_article().doubt is None


def test_the_name_of_the_site_is_no_part_of_the_title() -> None:
    article = make_article(f"Le titre\n\n{PROSE}", title="Le titre | Le Monde", source="Le Monde")

    assert (article.title, article.text) == ("Le titre", PROSE)
    assert make_article(title="Le titre | Le Monde").title == "Le titre | Le Monde"


def test_an_author_is_declared_without_by_and_addresses() -> None:
    assert make_article(author="Par Jeanne Martin <jm@example.org>").author == "Jeanne Martin"
    assert make_article(f"Par Paul Roy\n\n{PROSE}", author="jm@example.org").author == "Paul Roy"


def test_what_programs_put_into_document_properties_tells_nothing() -> None:
    origin = "document properties"

    assert describe("a.pdf", declare("title", "Microsoft Word - a.doc", origin)).title == PROSE
    assert describe("a.pdf", declare("author", "Admin", origin)).author is None
    assert describe("a.pdf", declare("author", "Jane Doe", origin)).author == "Jane Doe"


@pytest.mark.parametrize("value", ["javascript:alert(1)", "https://a:b@c.org/", "https://c.org/ d"])
def test_an_address_that_could_do_harm_is_left_out(value: str) -> None:
    article = make_article(url=value)

    assert article.url is None
    assert "url" not in article.origins


def test_an_address_of_the_web_is_kept_with_its_origin() -> None:
    article = describe("a.html", declare("url", "https://example.org/é", "meta tag"))

    assert article.url == "https://example.org/%C3%A9"
    assert article.origins["url"] == "meta tag"


@settings(deadline=None)  # the first call loads a model or a parser
@given(st.text(min_size=1).filter(str.strip), st.text(), st.text(), st.text(), st.text())
def test_any_text_and_declaration_make_an_article(
    text: str, title: str, date: str, author: str, language: str
) -> None:
    article = make_article(text, title=title, date=date, author=author, language=language)

    assert article.title
    assert article.text.strip()
    assert len(article.language) == 2
    assert all(0 <= start < end <= len(article.text) for start, end in article.furniture)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the articles users brought are not here")
@pytest.mark.parametrize(
    ("number", "title", "published", "source"),
    [
        (
            "000",
            "Le chef du Parti reçoit le secrétaire d’État du Conseil de sécurité du Bélarus",
            "2025-12-03",
            "VNA/CVN",
        ),
        (
            "002",
            "Le secrétaire général Tô Lâm rencontre le Premier ministre biélorusse",
            "2025-05",
            "VNA/CVN",
        ),
        (
            "003",
            "Dans le cadre de sa visite d’État en Biélorussie, le secrétaire général du Parti…",
            "2025-05-12",
            "VNA/VI",
        ),
    ],
)
def test_the_articles_users_brought_are_described(
    number: str, title: str, published: str, source: str
) -> None:
    (path,) = SEEDS.glob(f"{number}_*.txt")

    (article,) = read_file(path, path.name)

    assert isinstance(article, Article)
    assert article.title == title
    assert str(article.published) == published
    assert article.source == source
    assert article.language == "fr"
    assert source in article.text[article.furniture[-1][0] :]
