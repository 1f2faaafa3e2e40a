import csv
import io
from pathlib import Path

import pytest

from index.errors import UnreadableFile
from index.readers import Declared, Extracted, find_format
from index.types import Skipped

COLUMNS = ["Titre", "Date de publication", "Auteur", "Source", "Langue", "URL", "Texte"]
TRAM = [
    "Le tramway roule",
    "12/05/2025",
    "Jeanne Martin",
    "Le Quotidien",
    "fr",
    "https://quotidien.example/tram",
    "Le ministre a inauguré la ligne ; elle coûte 210 M€, dit-on.\n\n« Enfin », dit-il.",
]


def table(*rows: list[str], delimiter: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue()


def read(data: str | bytes, name: str = "a.csv") -> list[Extracted | Skipped]:
    content = data.encode() if isinstance(data, str) else data
    return list(find_format(Path(name)).read(Path(name), content))


def texts(found: list[Extracted | Skipped]) -> dict[str, str]:
    """The text of each article, or the reason why there is none, by name."""
    return {
        item.path if isinstance(item, Skipped) else item.name: (
            item.reason if isinstance(item, Skipped) else item.text
        )
        for item in found
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_table_is_read_whatever_parts_its_columns(
    delimiter: str, encoding: str, name: str
) -> None:
    data = table(COLUMNS, TRAM, delimiter=delimiter).encode(encoding)

    assert read(data, name) == [
        Extracted(
            TRAM[6],
            {
                "title": Declared("Le tramway roule", "column"),
                "date": Declared("12/05/2025", "column"),
                "author": Declared("Jeanne Martin", "column"),
                "source": Declared("Le Quotidien", "column"),
                "language": Declared("fr", "column"),
                "url": Declared("https://quotidien.example/tram", "column"),
            },
            "#1",
        )
    ]


@pytest.mark.parametrize(
    "columns",
    [
        ["title", "date", "text"],
        ["HEADLINE", "published_at", "Body"],
        ["headline", "pubDate", "content"],
        ["titre", "Publié le", "contenu"],
        ["Titre de l'article".replace(" de l'", "_"), "date-publication", "full_text"],
        ["tiêu đề", "Ngày đăng", "Nội dung"],
        ["webTitle", "webPublicationDate", "articleBody"],
    ],
)
def test_columns_are_known_by_their_usual_names(columns: list[str]) -> None:
    (article,) = read(table(columns, ["Un titre", "2025-05-12", "Un texte."]))

    assert isinstance(article, Extracted)
    assert article.text == "Un texte."
    assert article.declared["date"] == Declared("2025-05-12", "column")
    assert article.declared["title"] == Declared("Un titre", "column")


def test_the_first_name_of_a_field_that_is_filled_counts() -> None:
    (article,) = read(table(["created_at", "date", "text"], ["2020-01-01", "2025-05-12", "Oui."]))

    assert isinstance(article, Extracted)
    assert article.declared["date"].value == "2025-05-12"


def test_html_in_a_cell_is_cleaned() -> None:
    data = table(["title", "body"], ["A &amp; B", "<p>L&rsquo;été</p><p>Fin<script>x</script></p>"])

    (article,) = read(data)

    assert isinstance(article, Extracted)
    assert article.text == "L’été\n\nFin"
    assert article.declared["title"].value == "A & B"


def test_long_lines_of_a_cell_are_paragraphs() -> None:
    paragraph = "Le ministre des Transports a inauguré lundi la ligne de tramway. " * 3

    assert texts(read(table(["text"], [f"{paragraph}\n{paragraph}"]))) == {
        "#1": f"{paragraph.strip()}\n\n{paragraph.strip()}"
    }


def test_rows_without_text_are_skipped_with_their_number() -> None:
    data = table(["title", "text"], ["A", "Un."], ["B", " "], ["C"], [], ["D", "Deux.", "de trop"])

    assert texts(read(data)) == {
        "#1": "Un.",
        "#2": "holds no text",
        "#3": "holds no text",
        "#4": "Deux.",
    }


def test_a_line_of_a_spreadsheet_tells_what_parts_columns() -> None:
    assert texts(read("sep=^\r\ntitle^text\r\nA^Un texte.\r\n")) == {"#1": "Un texte."}


def test_a_name_of_a_column_may_run_over_two_lines() -> None:
    assert texts(read('"title\n(court)",text\nA,Un texte.\n')) == {"#1": "Un texte."}


def test_a_quote_that_is_never_closed_is_skipped() -> None:
    data = 'title,text\nA,Un.\nB,"' + "sans fin " * 250_000

    found = texts(read(data))

    assert found["#1"] == "Un."
    assert found["#2"].startswith("is no row of the table: field larger than field limit")


def test_a_line_longer_than_any_row_is_skipped_and_the_next_read() -> None:
    found = texts(read("title,text\na,un\n" + "b,deux " * 900_000 + "\nc,trois\n"))

    assert found["#1"] == "un"
    assert found["#2"].startswith("is no row of the table: a line of more than")
    assert found["#3"] == "trois"
    assert len(found) == 3


@pytest.mark.parametrize("zeros", [b"\0", b"\0" * 9])
def test_zeros_in_a_long_table_are_dropped(zeros: bytes) -> None:
    rows = "title,text\n" + "A,Un texte.\n" * 100_000
    data = rows.encode() + b"B,Un " + zeros + b"autre.\n"

    assert texts(read(data))["#100001"] == "Un autre."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("nom;âge\nJeanne;30\n", "has no text among its columns: nom, âge"),
        ("a,b\n1,2\n", "has no text among its columns: a, b"),
        ("un seul mot", "has no text among its columns: un seul mot"),
        (b"\x89PNG\r\n\x1a\n", "is a PNG image, not text"),
        (b"text\n" + bytes(999), "is no text: binary, damaged or in an unknown encoding"),
    ],
)
def test_a_table_without_articles_is_refused_with_its_reason(
    data: str | bytes, reason: str
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(data)

    assert refused.value.reason == reason


def test_a_header_alone_holds_no_article() -> None:
    assert read("title,text\n") == []
