from collections.abc import Callable
from typing import Any

import httpx
import pytest

from index.errors import StoreMissing
from qa.links import digest_quote
from ui import reader
from ui.language import load_words

Make = Callable[..., Any]
Options = Shelf = Server = Any  # those of conftest.py

_ENGLISH = load_words("en")


@pytest.fixture
def address(shelf: Shelf, serve_parts: Make, make_article: Make) -> str:
    """Return where the reader of two articles is."""
    shelf.put(
        make_article("Les deux parties ont signé.", id="AFP/visite.txt", title="La visite"),
        make_article("Rien.", id="a&b <i>.txt", title="<script>alert(1)</script>"),
    )
    return f"{serve_parts(*reader.routes(shelf, None)).url}article.html"


def test_an_article_is_given_with_its_quote_in_the_language_asked_for(address: str) -> None:
    asked = {
        "id": "AFP/visite.txt",
        "quote": f"17-26-{digest_quote('ont signé')}-2",
        "language": "fr",
    }

    answer = httpx.get(address, params=asked)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<mark data-quotes="2" data-number="2">ont signé</mark>' in answer.text
    assert load_words("fr")("reader.close") in answer.text


def test_without_a_language_the_browser_s_is_taken(address: str) -> None:
    answer = httpx.get(
        address, params={"id": "AFP/visite.txt"}, headers={"Accept-Language": "fr-FR,en;q=0.5"}
    )

    assert load_words("fr")("reader.close") in answer.text


@pytest.mark.parametrize(
    "article",
    [
        "gone.txt",
        "",
        "../../etc/passwd",
        "AFP/visite",
        "\udcff".encode("utf-8", "replace").decode(),
    ],
)
def test_an_article_that_is_not_there_is_told_as_gone(address: str, article: str) -> None:
    answer = httpx.get(address, params={"id": article})

    assert answer.status_code == 404
    assert _ENGLISH("reader.gone") in answer.text


def test_what_is_asked_for_never_becomes_markup(address: str) -> None:
    hostile = "<img src=x onerror=alert(1)>"

    gone = httpx.get(address, params={"id": hostile, "quote": hostile, "language": hostile})
    there = httpx.get(address, params={"id": "a&b <i>.txt", "near": hostile})

    assert hostile not in gone.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in gone.text
    assert there.status_code == 200
    assert "<script>" not in there.text


def test_a_place_outside_of_the_article_is_told_as_changed(address: str) -> None:
    answer = httpx.get(address, params={"id": "AFP/visite.txt", "quote": "900-990"})

    assert answer.status_code == 200
    assert _ENGLISH("reader.changed") in answer.text


def test_a_thousand_places_are_not_all_read(address: str) -> None:
    places = [("quote", f"0-9-{digest_quote('nowhere')}-{number}") for number in range(1000)]

    answer = httpx.get(address, params=[("id", "AFP/visite.txt"), *places])

    assert answer.status_code == 200


def test_a_store_that_cannot_be_opened_is_told_in_words(
    serve_parts: Make,
    options: Options,
) -> None:
    class Closed:
        """A desk over a store that is not there."""

        def open(self) -> None:
            raise StoreMissing(options.store)

    url = serve_parts(*reader.routes(Closed(), options)).url  # type: ignore[arg-type]

    answer = httpx.get(f"{url}article.html", params={"id": "a.txt", "language": "en"})

    assert answer.status_code == 503
    assert _ENGLISH.for_error(StoreMissing(options.store)) in answer.text
