from collections.abc import Callable
from typing import Any

import httpx

from index.types import DateRange
from ui import timeline

Make = Callable[..., Any]
Shelf = Any  # that of conftest.py


def test_the_corpus_is_counted_by_publication(
    shelf: Shelf, serve_parts: Make, make_article: Make
) -> None:
    shelf.put(
        make_article(id="a.txt", published=DateRange.parse("2025-05-12")),
        make_article(id="b.txt", published=DateRange.parse("2025-05-12")),
        make_article(id="c.txt", published=DateRange.parse("2025-05-20")),
        make_article(id="d.txt", published=None),
    )
    url = serve_parts(*timeline.routes(shelf, None)).url

    answer = httpx.get(f"{url}timeline.json", params={"language": "fr"}).json()

    assert answer["unit"] == "day"
    assert answer["bars"] == [
        {
            "after": day,
            "before": day,
            "label": label,
            "articles": count,
        }
        for day, label, count in (
            ("2025-05-12", "12 mai 2025\N{NO-BREAK SPACE}: 2 articles publiés", 2),
            ("2025-05-20", "20 mai 2025\N{NO-BREAK SPACE}: 1 article publié", 1),
        )
    ]
    assert answer["html"].startswith("<figure")


def test_a_corpus_without_dates_has_no_figure(
    shelf: Shelf, serve_parts: Make, make_article: Make
) -> None:
    shelf.put(make_article(id="a.txt", published=None))
    url = serve_parts(*timeline.routes(shelf, None)).url

    answer = httpx.get(f"{url}timeline.json").json()

    assert answer == {"unit": "year", "bars": [], "html": ""}
