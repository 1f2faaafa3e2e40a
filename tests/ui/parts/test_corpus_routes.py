from collections.abc import Callable
from typing import Any

import httpx
import pytest

from index.errors import StoreMissing
from index.types import Skipped
from ui import corpus_page

Make = Callable[..., Any]
Options = Shelf = Any  # those of conftest.py

_HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def url(shelf: Shelf, serve_parts: Make, make_article: Make) -> str:
    """Return where the routes of a corpus of 120 articles are."""
    articles = [
        make_article(f"Texte {number}.", id=f"{number:03}.txt", title=f"Titre {number:03}")
        for number in range(119)
    ]
    odd = make_article("Sans date.", id="zz.md", title=_HOSTILE, published=None, source=None)
    shelf.put(*articles, odd, skipped=[Skipped("scan.pdf", "is empty"), Skipped("b.txt", "odd")])
    return str(serve_parts(*corpus_page.routes(shelf, None)).url)


def listed(url: str, **asked: str) -> dict[str, Any]:
    """Return the list as it is given."""
    answer: dict[str, Any] = httpx.get(f"{url}corpus.json", params=asked).json()
    return answer


def test_fifty_articles_are_given_at_a_time(url: str) -> None:
    first, last = listed(url), listed(url, **{"from": "100"})

    assert (first["total"], first["found"], first["from"], len(first["articles"])) == (
        120,
        120,
        0,
        50,
    )
    assert first["articles"][0]["id"] == "000.txt"
    assert (last["from"], len(last["articles"])) == (100, 20)


@pytest.mark.parametrize(
    ("asked", "given"),
    [("50", 50), ("51", 50), ("99999", 100), ("-5", 0), ("x", 0), ("9" * 400, 0), ("", 0)],
)
def test_a_place_outside_of_the_list_is_brought_back_into_it(
    url: str, asked: str, given: int
) -> None:
    assert listed(url, **{"from": asked})["from"] == given


def test_search_sort_and_order_work_together(url: str) -> None:
    answer = listed(url, search="titre 11", sort="title", order="descending")

    assert [article["title"] for article in answer["articles"]][:2] == ["Titre 118", "Titre 117"]
    # 110 to 118, and 011
    assert answer["found"] == 10


def test_a_doubtful_date_is_told_beside_where_it_came_from(
    shelf: Shelf, serve_parts: Make, make_article: Make
) -> None:
    vague = {"published": "file name"}
    shelf.put(make_article(doubt="only the year is known", origins=vague))
    url = str(serve_parts(*corpus_page.routes(shelf, None)).url)

    (article,) = listed(url, language="en")["articles"]

    assert article["origin"] == "name of the file, doubtful"


def test_an_article_says_where_its_date_came_from_and_a_title_is_only_text(url: str) -> None:
    (odd,) = listed(url, undated="1", language="fr")["articles"]
    (dated,) = listed(url, search="titre 001", language="fr")["articles"]

    assert odd == {
        "id": "zz.md",
        "title": _HOSTILE,
        "link": "?article=zz.md",
        "date": "sans date",
        "origin": "",
        "source": "",
        "language": "français",
        "chunks": 1,
    }
    assert (dated["date"], dated["origin"]) == ("12 mai 2025", "sans date")


def test_files_left_out_are_told_with_the_reason(url: str) -> None:
    answer = httpx.get(f"{url}numbers.json", params={"language": "fr"}).json()

    assert answer["skipped"] == 2
    assert answer["left_out"] == [
        {"path": "scan.pdf", "reason": "est vide"},
        {"path": "b.txt", "reason": "odd"},
    ]


def test_the_list_follows_a_rebuild(url: str, shelf: Shelf, make_article: Make) -> None:
    assert listed(url)["total"] == 120

    shelf.put(make_article())

    assert listed(url)["total"] == 1


def test_a_store_that_cannot_be_opened_is_told_by_its_key(
    serve_parts: Make, options: Options
) -> None:
    class Closed:
        """A desk over a store that is not there."""

        def open(self) -> None:
            raise StoreMissing(options.store)

    url = serve_parts(*corpus_page.routes(Closed(), options)).url  # type: ignore[arg-type]

    answer = httpx.get(f"{url}numbers.json")

    assert (answer.status_code, answer.json()) == (503, {"error": "StoreMissing"})
