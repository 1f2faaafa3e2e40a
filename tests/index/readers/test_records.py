import json
from pathlib import Path

import pytest

from index.errors import UnreadableFile
from index.readers import Declared, Extracted, find_format
from index.types import Skipped

TRAM = {
    "id": 17,
    "titre": "Le tramway roule",
    "date": "2025-05-12",
    "auteur": "Jeanne Martin",
    "source": "Le Quotidien",
    "langue": "fr",
    "url": "https://quotidien.example/tram",
    "texte": "Le ministre a inauguré la ligne.\n\nElle relie la gare au port.",
}
PORT = {"title": "Le port s’agrandit", "text": "Un quai de plus sera construit."}


def read(data: object, name: str = "a.json") -> list[Extracted | Skipped]:
    if not isinstance(data, bytes):
        data = (data if isinstance(data, str) else json.dumps(data)).encode()
    return list(find_format(Path(name)).read(Path(name), data))


def texts(found: list[Extracted | Skipped]) -> dict[str, str]:
    """The text of each article, or the reason why there is none, by name."""
    return {
        item.path if isinstance(item, Skipped) else item.name: (
            item.reason if isinstance(item, Skipped) else item.text
        )
        for item in found
    }


def reason(data: object, name: str = "a.json") -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(data, name)
    return refused.value.reason


def test_one_object_is_one_article_with_all_its_fields() -> None:
    assert read(TRAM) == [
        Extracted(
            TRAM["texte"],
            {
                "title": Declared("Le tramway roule", "key"),
                "date": Declared("2025-05-12", "key"),
                "author": Declared("Jeanne Martin", "key"),
                "source": Declared("Le Quotidien", "key"),
                "language": Declared("fr", "key"),
                "url": Declared("https://quotidien.example/tram", "key"),
            },
        )
    ]


@pytest.mark.parametrize(
    "data",
    [
        [TRAM, PORT],
        {"articles": [TRAM, PORT]},
        {"status": "ok", "totalResults": 2, "articles": [TRAM, PORT]},
        {"title": "Mon flux", "description": "Tout", "items": [TRAM, PORT]},
        {"response": {"numFound": 2, "docs": [TRAM, PORT]}},
        {"a17": TRAM, "a18": PORT},
        {"errors": [], "data": {"tags": [{"name": "x"}], "articles": [TRAM, PORT]}},
    ],
)
def test_the_articles_of_a_list_are_found_wherever_it_lies(data: object) -> None:
    assert texts(read(data)) == {"#1": TRAM["texte"], "#2": PORT["text"]}


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"title": "A", "content": {"rendered": "<p>L&#8217;été</p><p>Fin</p>"}}, "L’été\n\nFin"),
        ({"title": "A", "body": ["Un paragraphe.", "Un autre."]}, "Un paragraphe.\n\nUn autre."),
        (
            {"title": "A", "body": [{"type": "p", "text": "Un."}, {"type": "p", "text": "Deux."}]},
            "Un.\n\nDeux.",
        ),
        ({"title": "A", "fields": {"bodyText": "Le corps."}}, "Le corps."),
        ({"title": "A", "description": "Un résumé."}, "Un résumé."),
        ({"title": "A", "chapo": "En bref.", "texte": "Le corps."}, "En bref.\n\nLe corps."),
        ({"title": "A", "chapo": "En bref.", "texte": "En bref. Le corps."}, "En bref. Le corps."),
        ({"text": "Un <b>vrai</b> texte.<script>x()</script>"}, "Un vrai texte."),
        ({"text": "3 < 4 et 5 > 4, R&D &amp; Cie"}, "3 < 4 et 5 > 4, R&D & Cie"),
        ({"text": "Un\u0000 te\ud800xte\u200b caché\u202e."}, "Un texte caché."),
        ({"text": "NaN", "summary": "Le résumé."}, "Le résumé."),
    ],
)
def test_the_text_is_found_and_cleaned(record: object, text: str) -> None:
    assert texts(read(record)) == {"": text}


def test_a_whole_page_in_a_field_is_read_as_a_page() -> None:
    markup = (
        "<html><head><meta property='og:site_name' content='Le Quotidien'></head><body>"
        "<nav>Menu</nav><article><p>Le tramway roule.</p></article></body></html>"
    )

    (article,) = read({"title": "A", "html": markup})

    assert article == Extracted(
        "Le tramway roule.",
        {"source": Declared("Le Quotidien", "meta tag"), "title": Declared("A", "key")},
    )


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"name": "Jeanne Martin", "id": 3}, "Jeanne Martin"),
        (["Jeanne Martin", "Luc Ferrand"], "Jeanne Martin, Luc Ferrand"),
        ([{"name": "Jeanne Martin"}, {"name": "Luc Ferrand"}], "Jeanne Martin, Luc Ferrand"),
        ("<b>Jeanne</b> Martin", "Jeanne Martin"),
    ],
)
def test_names_are_read_in_the_shapes_they_have(author: object, expected: str) -> None:
    (article,) = read({"text": "Un texte.", "author": author})

    assert isinstance(article, Extracted)
    assert article.declared["author"] == Declared(expected, "key")


@pytest.mark.parametrize("author", [None, "", " ", {}, [], [[]], "NaN", "null", True])
def test_an_author_that_says_nothing_is_not_declared(author: object) -> None:
    assert read({"text": "Un texte.", "author": author}) == [Extracted("Un texte.")]


def test_a_date_of_numbers_is_kept_as_it_is_written() -> None:
    (article,) = read('{"text": "Un texte.", "date": 20250512}')

    assert isinstance(article, Extracted)
    assert article.declared["date"] == Declared("20250512", "key")


def test_records_without_text_are_skipped_with_their_number() -> None:
    found = read([TRAM, {"title": "Vide", "texte": " "}, {"nom": "x", "âge": 3}, 7, PORT])

    assert texts(found) == {
        "#1": TRAM["texte"],
        "#2": "holds no text",
        "#3": "has no text among its keys: nom, âge",
        "#4": "is no JSON object",
        "#5": PORT["text"],
    }


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json"])
def test_lines_are_read_one_by_one(name: str) -> None:
    lines = f"\ufeff{json.dumps(TRAM)}\r\n\n{json.dumps(PORT, ensure_ascii=False)}\n"

    assert texts(read(lines, name)) == {"#1": TRAM["texte"], "#2": PORT["text"]}


def test_a_bad_line_does_not_lose_the_others() -> None:
    lines = [json.dumps(PORT), '{"text": "coupé', "[1]", "[" * 100_000, "\0", json.dumps(TRAM)]

    found = texts(read("\n".join(lines), "a.jsonl"))

    assert found == {
        "#1": PORT["text"],
        "#2": "is no valid JSON: unterminated string starting at in line 1, column 10",
        "#3": "is no JSON object",
        "#4": "is no valid JSON: nested too deeply",
        "#5": "is no text: binary, damaged or in an unknown encoding",
        "#6": TRAM["texte"],
    }


def test_lines_may_have_encodings_of_their_own() -> None:
    lines = '{"text": "Été à Noël."}\n'.encode("cp1252") + '{"text": "Été à Noël."}\n'.encode()

    assert texts(read(lines, "a.jsonl")) == {"#1": "Été à Noël.", "#2": "Été à Noël."}


def test_lines_of_utf_16_are_read() -> None:
    lines = '{"text": "Été."}\n{"text": "Noël."}\n'.encode("utf-16")

    assert texts(read(lines, "a.jsonl")) == {"#1": "Été.", "#2": "Noël."}


def test_a_file_whose_first_thousand_lines_are_bad_is_something_else() -> None:
    lines = ["=\n"] * 1_000 + [json.dumps(PORT)]

    assert reason("".join(lines), "a.jsonl") == (
        "has no article in its first 1000 lines: the first one is no valid JSON: "
        "expecting value in line 1, column 1"
    )


def test_a_good_line_after_many_bad_ones_is_read() -> None:
    lines = ["=\n"] * 999 + [json.dumps(PORT)]

    found = texts(read("".join(lines), "a.jsonl"))

    assert len(found) == 1_000
    assert found["#1000"] == PORT["text"]


def test_an_endless_line_is_skipped() -> None:
    line = json.dumps({"text": "a" * 5_000_000})

    assert texts(read(f"{line}\n{json.dumps(PORT)}", "a.jsonl")) == {
        "#1": "is too large: a line of 5.0 MB",
        "#2": PORT["text"],
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "is empty", id="nothing"),
        pytest.param(
            "{",
            "is no valid JSON: expecting property name enclosed in double quotes"
            " in line 1, column 2",
            id="cut",
        ),
        pytest.param("[" * 100_000, "is no valid JSON: nested too deeply", id="deep"),
        pytest.param('{"a":' * 100_000, "is no valid JSON: nested too deeply", id="deep objects"),
        pytest.param("9" * 100_000, "is JSON that holds no article", id="huge number"),
        pytest.param("1e999999", "is JSON that holds no article", id="huge exponent"),
        pytest.param("[]", "is JSON that holds no article", id="empty list"),
        pytest.param("{}", "has no keys", id="empty object"),
        pytest.param('{"text": NaN}', "holds no text", id="not a number"),
        pytest.param('{"text": ""}', "holds no text", id="empty text"),
        pytest.param('{"a": 1, "b": 2}', "has no text among its keys: a, b", id="other keys"),
        pytest.param('[{"a": 1}]', "has no text among its keys: a", id="other records"),
        pytest.param(
            json.dumps({f"k{number}": 1 for number in range(99)}),
            "has no text among its keys: k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, ...",
            id="many keys",
        ),
    ],
)
def test_a_file_without_articles_is_refused_with_its_reason(data: object, expected: str) -> None:
    assert reason(data) == expected


def test_of_two_keys_of_one_name_the_last_counts() -> None:
    assert texts(read('{"text": "Le premier.", "text": "Le dernier."}')) == {"": "Le dernier."}
