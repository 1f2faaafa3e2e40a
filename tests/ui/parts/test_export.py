"""The conversation as a file: what is in it, and that nothing in it can run."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from markdown_it import MarkdownIt

from index.types import Article, DateRange
from qa.cite import escape
from qa.types import AskedDate, Question
from ui import export
from ui.filters import Filters
from ui.language import load_words
from ui.records import to_record, trouble_record

Make = Callable[..., Any]
Shelf = Any  # that of conftest.py

_ENGLISH = load_words("en")
_HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(2)">$$x$$ [a](javascript:alert(3)) '
    "\u202e{{7*7}} `b` **c** ![d](http://evil.example/x)"
)
_ADDRESS = "http://127.0.0.1:7860/depeche/?at=corpus#quote=1-2"


@pytest.fixture
def article(make_article: Make) -> Article:
    """Return an article with a line end in what is quoted of it."""
    article: Article = make_article(
        "Les deux parties\nont signé la déclaration. Fin.", id="a b.txt"
    )
    return article


@pytest.fixture
def record(article: Article, make_answer: Make) -> dict[str, Any]:
    """Return the record of an answer that quotes it."""
    answer = make_answer((article, "Les deux parties\nont signé la déclaration."))
    quote = escape(answer.citations[0].quote)
    asked = AskedDate("12 May", DateRange.parse("2025-05-12"))
    question = Question("And <then>?", "What was signed on 12 May?", "en", (asked,))
    # as `qa/cite.py` writes it: the mark after the quote
    answer = replace(answer, text=f"One article says:\n\n> “{quote}” [1]", question=question)
    return write(answer, "t1")


def write(answer: Any, name: str, **filters: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the record of an answer."""
    return dict(
        to_record(
            answer,
            record_id=name,
            at="2025-05-13T08:00:00+00:00",
            filters=Filters(**filters),
            snapshot="000001-abc",
        )
    )


@pytest.fixture
def ask(shelf: Shelf, article: Article, serve_parts: Make) -> Make:
    """Return a function that exports records."""
    shelf.put(article)
    url = serve_parts(*export.routes(shelf, None)).url

    def post(form: str, *records: object, **others: object) -> httpx.Response:
        body = {"format": form, "records": records, "language": "en", "address": _ADDRESS}
        return httpx.post(f"{url}export", json=body | others)

    return post


def test_a_page_has_question_answer_and_each_citation_with_its_place(
    ask: Make, record: dict[str, Any], parse_html: Make
) -> None:
    answer = ask("html", record)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="depeche.html"'
    shown = parse_html(answer.text)
    for said in (
        "And <then>?",
        _ENGLISH("chips.follow-up", question="What was signed on 12 May?"),
        "One article says:",
        "Les deux parties\nont signé la déclaration.",
        "Visite d'État",
        "12 May 2025",
        "Agence",
        "A. Durand",
        "a b.txt",
    ):
        assert said in shown.text, said
    links = [attributes["href"] for tag, attributes in shown.tags if tag == "a"]
    assert links[0] == "#source-t1-1"
    assert re.fullmatch(
        r"http://127\.0\.0\.1:7860/depeche/\?article=a%20b\.txt#quote=0-42&hash=[0-9a-f]{10}",
        links[1],
    )
    assert 'id="source-t1-1"' in answer.text


@pytest.mark.parametrize("form", ["md", "html"])
def test_a_citation_leads_to_where_its_article_was_published(
    shelf: Shelf, ask: Make, article: Article, record: dict[str, Any], parse_html: Make, form: str
) -> None:
    shelf.put(replace(article, url="https://www.afp.com/a_(b)*c*?d=1&e=2"))

    written = ask(form, record).text

    shown = parse_html(written if form == "html" else MarkdownIt().render(written))
    assert "https://www.afp.com/a_%28b%29*c*?d=1&e=2" in [
        names["href"] for tag, names in shown.tags if tag == "a"
    ]
    assert "Original: afp.com" in shown.text


@pytest.mark.parametrize("form", ["md", "html"])
@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,evil",
        "https://a:evil@b.c/",
        "https://evil.x/> [a](b)",
    ],
)
def test_an_address_that_could_do_harm_is_not_exported(
    shelf: Shelf, ask: Make, article: Article, record: dict[str, Any], form: str, url: str
) -> None:
    shelf.put(replace(article, url=url))

    written = ask(form, record).text

    assert "evil" not in written
    assert "javascript" not in written


def test_a_page_needs_nothing_else_and_runs_nothing(
    ask: Make, record: dict[str, Any], parse_html: Make
) -> None:
    shown = parse_html(ask("html", record).text)

    tags = {tag for tag, _ in shown.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "base"}
    (policy,) = (
        attributes["content"]
        for tag, attributes in shown.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "@page" in shown.text
    assert "url(" not in shown.text


def test_markdown_has_the_same_as_text(ask: Make, record: dict[str, Any], parse_html: Make) -> None:
    answer = ask("md", record)

    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    shown = parse_html(MarkdownIt().render(answer.text))
    assert "And <then>?" in shown.text
    assert (
        "[1] “Les deux parties ont signé la déclaration.”, Visite d'État, 12 May 2025, a b.txt "
        "(Agence)" in shown.text
    )
    links = [attributes["href"] for tag, attributes in shown.tags if tag == "a"]
    assert links == re.findall(r"<(http[^>]+)>", answer.text)
    assert len(links) == 1


@pytest.mark.parametrize("form", ["md", "html"])
def test_hostile_texts_stay_texts(
    ask: Make,
    shelf: Shelf,
    make_article: Make,
    make_answer: Make,
    parse_html: Make,
    form: str,
) -> None:
    hostile = make_article(
        f"{_HOSTILE} fin.", id=f"{_HOSTILE}.txt", title=_HOSTILE, source=_HOSTILE, author=_HOSTILE
    )
    shelf.put(hostile)
    answer = make_answer((hostile, _HOSTILE))
    # what a page sends may be anything, its answer too
    text = f"{_HOSTILE}\n\n# {_HOSTILE}\n\n> “{escape(_HOSTILE)}” [1]"
    question = Question(_HOSTILE, "?", "fr")
    record = write(replace(answer, text=text, question=question), "t1", sources=(_HOSTILE,))

    written = ask(form, record).text

    html = MarkdownIt("commonmark").render(written) if form == "md" else written
    shown = parse_html(html)
    assert not {tag for tag, _ in shown.tags} & {"script", "img", "iframe", "svg"}
    assert not [
        name for _, attributes in shown.tags for name in attributes if name.startswith("on")
    ]
    links = [attributes["href"] for tag, attributes in shown.tags if tag == "a"]
    assert all(link.startswith(("#source-t1-1", "http://127.0.0.1:7860/")) for link in links)
    assert "<script>alert(1)</script>" in shown.text


@pytest.mark.parametrize("form", ["md", "html"])
def test_a_quote_that_changed_since_says_so(
    ask: Make, shelf: Shelf, make_article: Make, record: dict[str, Any], form: str
) -> None:
    shelf.put(make_article("Autre chose.", id="a b.txt"))

    written = ask(form, record).text

    assert _ENGLISH("sources.changed", number=1) in written


def test_a_question_without_an_answer_keeps_its_reason(ask: Make) -> None:
    record = trouble_record(
        "StoreBusy", record_id="t2", question="What?", at="not a time", filters=Filters()
    )

    for form in ("md", "html"):
        assert _ENGLISH("errors.StoreBusy").partition(".")[0] in ask(form, record).text


def test_a_damaged_record_is_counted_and_the_others_are_exported(
    ask: Make, record: dict[str, Any]
) -> None:
    written = ask("html", record, {"id": "<b>"}, "nothing", None).text

    assert "And &lt;then&gt;?" in written
    assert _ENGLISH("export.damaged", count=3) in written


@pytest.mark.parametrize(
    "address", ["", "javascript:alert(1)", "data:text/html,x", "http://", "//x", "http://a@b/", 5]
)
def test_an_address_that_no_browser_should_follow_gives_no_link(
    ask: Make, record: dict[str, Any], address: object
) -> None:
    answer = ask("html", record, address=address)

    if isinstance(address, str):
        assert answer.status_code == 200
        assert "see it in its place" not in answer.text
    else:
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"nonsense",
        b"{}",
        b'{"format": "exe"}',
        b'{"format": "md", "records": 5}',
        b"[" * 100_000,
        b'{"format": "md", "records": [' + b"0," * 300 + b"0]}",
        b" " * 5_000_000,
    ],
)
def test_what_is_no_conversation_is_refused(
    shelf: Shelf, article: Article, serve_parts: Make, body: bytes
) -> None:
    shelf.put(article)
    url = serve_parts(*export.routes(shelf, None)).url

    answer = httpx.post(f"{url}export", content=body)

    assert (answer.status_code, answer.json()) == (400, {"error": "RequestInvalid"})
