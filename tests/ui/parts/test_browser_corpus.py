"""The corpus page in a real browser."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import ui
from index.types import DateRange, Skipped
from ui import corpus_page, reader, rebuild, timeline, uploads
from ui.job import Job

Make = Callable[..., Any]
Options = Shelf = Any  # those of conftest.py

_PAGE = Path(ui.__file__).with_name("static") / "corpus.html"
_BODY = (
    f'<div id="corpus">{_PAGE.read_text(encoding="utf-8")}</div>'
    '<script>depeche.mount("corpus", document.getElementById("corpus"))</script>'
)
_HOSTILE = "<img src=x onerror=alert(1)>$$x$$ \u202e[a](javascript:alert(2))"

# Half of a build, then it waits to be told to stop.
_HALF = """
import json, sys
print(json.dumps({"step": "embed", "count": 1, "total": 2}), flush=True)
sys.stdin.readline()
print(json.dumps({"done": None}), flush=True)
"""


@pytest.fixture
def serve_page(shelf: Shelf, options: Options, serve_parts: Make, make_article: Make) -> Make:
    """Return a function that serves the page of a corpus of sixty articles, and its address."""
    articles = [
        make_article(
            f"Texte {number}.",
            id=f"AFP/{number:02}.txt",
            title=f"Titre {number:02}",
            published=DateRange.month(2025, 1 + number % 6),
            origins={"published": "header"},
        )
        for number in range(59)
    ]
    hostile = make_article(
        f"{_HOSTILE} fin.", id=f"zz{_HOSTILE}.md", title=_HOSTILE, published=None, source=_HOSTILE
    )
    shelf.put(*articles, hostile, skipped=[Skipped(f"{_HOSTILE}.txt", "is empty")])

    def serve(**settings: object) -> str:
        job = Job((sys.executable, "-c", _HALF))
        routes = [
            *corpus_page.routes(shelf, options),
            *timeline.routes(shelf, options),
            *reader.routes(shelf, options),
            *uploads.routes(shelf, options),
            *rebuild.routes(shelf, options, job),
        ]
        return str(serve_parts(*routes, body=_BODY, **settings).url)

    return serve


@pytest.fixture
def page(serve_page: Make, look: Make) -> Page:
    """Return the page, loaded."""
    page: Page = look(serve_page(), expected=(409, 422))
    expect(page.locator("#corpus-table tbody tr")).to_have_count(50)
    return page


def titles(page: Page) -> list[str]:
    """Return the titles that are listed."""
    return page.locator("#corpus-table tbody a").all_inner_texts()


def test_every_article_is_listed_fifty_at_a_time(page: Page) -> None:
    expect(page.locator("#corpus-range")).to_have_text("1 to 50 of 60")
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text("Titre 00")
    expect(first).to_contain_text("January 2025")
    expect(first).to_contain_text("header of the file")

    page.get_by_role("button", name="Next page").click()

    expect(page.locator("#corpus-range")).to_have_text("51 to 60 of 60")
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()
    expect(page.get_by_role("heading", name="Articles", exact=True)).to_be_focused()


def test_the_list_is_searched_and_sorted(page: Page) -> None:
    page.get_by_role("searchbox").fill("titre 5")
    expect(page.locator("#corpus-range")).to_have_text("1 to 14 of 14")

    page.get_by_role("button", name="Title").click()
    page.get_by_role("button", name="Title").click()

    expect(page.locator("#corpus-table tbody a").first).to_have_text("Titre 58")
    expect(page.get_by_role("columnheader", name="Title")).to_have_attribute(
        "aria-sort", "descending"
    )
    page.get_by_role("searchbox").fill("nothing like it")
    expect(page.locator("#corpus-range")).to_have_text("No article matches.")


def test_articles_without_a_date_are_found(page: Page) -> None:
    page.get_by_label("Without a date only").check()

    expect(page.locator("#corpus-range")).to_have_text("1 to 1 of 1")
    expect(page.locator("#corpus-table tbody a")).to_have_text(_HOSTILE)


def test_a_title_opens_the_reader(page: Page) -> None:
    page.get_by_role("link", name="Titre 03").click()

    expect(page.get_by_role("dialog", name="Titre 03")).to_be_visible()


def test_numbers_are_told_and_narrow_questions(page: Page) -> None:
    # what stands for the conversation here notes what it is told
    page.evaluate(
        "() => { window.noted = []; depeche.filters = { set: (filter) => noted.push(filter) };"
        " depeche.go = (view) => noted.push(view); depeche.composer = { focus() {} }; }"
    )
    expect(page.locator("#corpus-figures")).to_contain_text("60 articles")
    expect(page.locator("#corpus-figures")).to_contain_text("1 article without a date")

    page.get_by_role("button", name="June 2025 9").click()
    page.get_by_role("button", name="French 60").click()
    page.locator("#corpus-timeline .bar").first.click()

    assert page.evaluate("noted") == [
        {"after": "2025-06-01", "before": "2025-06-30"},
        "conversation",
        {"languages": ["fr"]},
        "conversation",
        {"after": "2025-01-01", "before": "2025-01-31"},
        "conversation",
    ]


def test_files_left_out_are_told_with_the_reason(page: Page) -> None:
    page.get_by_text("1 file left out").click()

    expect(page.locator("#corpus-skipped li")).to_contain_text("is empty")


def test_hostile_names_titles_and_sources_are_only_text(page: Page) -> None:
    page.get_by_role("button", name="Next page").click()
    expect(page.locator("#corpus-table tbody a").last).to_have_text(_HOSTILE)

    expect(page.locator("#corpus-page img, #corpus-page script")).to_have_count(0)
    assert page.locator("#corpus-page a").evaluate_all(
        "links => links.every((link) => link.protocol === 'http:')"
    )


def test_files_are_added_by_choosing_them(page: Page, options: Options, tmp_path: Path) -> None:
    good = tmp_path / "visite.txt"
    good.write_text("Titre : La visite\nDate : 2025-05-12\n\nUne visite.")
    (tmp_path / "film.mp4").write_bytes(b"ftyp")
    (tmp_path / "picture.md").write_bytes(b"\x89PNG\r\n")
    expect(page.locator("#upload-limits")).to_contain_text("5 MB each at most")

    page.get_by_label("Drop your files here").set_input_files(
        [good, tmp_path / "film.mp4", tmp_path / "picture.md"]
    )

    lines = page.locator("#upload-list li")
    expect(lines.nth(0)).to_contain_text("added: La visite, 12 May 2025")
    expect(lines.nth(1)).to_contain_text("This kind of file is not read.")
    expect(lines.nth(2)).to_contain_text("is a PNG file, not text")
    expect(page.locator("#upload-told")).to_contain_text("1 file added.")
    assert [path.name for path in options.corpus.iterdir()] == ["visite.txt"]


@pytest.mark.parametrize(
    ("choice", "said", "names"),
    [
        ("Replace", "replaced: visite", ["visite.txt"]),
        ("Keep both", "added under the name visite (2).txt", ["visite (2).txt", "visite.txt"]),
        ("Leave out", "left out", ["visite.txt"]),
    ],
)
def test_a_name_that_is_taken_is_asked_about(
    page: Page, options: Options, tmp_path: Path, choice: str, said: str, names: list[str]
) -> None:
    (options.corpus / "visite.txt").write_text("Une autre visite.")
    chosen = tmp_path / "visite.txt"
    chosen.write_text("Titre : visite\n\nUne visite.")

    page.get_by_label("Drop your files here").set_input_files(chosen)
    page.get_by_role("button", name=choice).click()

    expect(page.locator("#upload-list li")).to_contain_text(said)
    assert sorted(path.name for path in options.corpus.iterdir()) == names


def test_files_are_added_by_dropping_them_anywhere_on_the_page(
    page: Page, options: Options
) -> None:
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["Un texte."], "<b>été</b>.txt", { type: "text/plain" }));
          const target = document.getElementById("corpus-table");
          for (const kind of ["dragover", "drop"]) {
            target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true,
              dataTransfer: data }));
          }
        }"""
    )

    expect(page.locator("#upload-list li")).to_contain_text("<b>été</b>.txt")
    expect(page.locator("#upload-list li")).to_contain_text("added under the name _b_été_/b_.txt")
    assert (options.corpus / "_b_été_" / "b_.txt").is_file()


def test_a_rebuild_is_followed_and_cancelled(page: Page) -> None:
    page.get_by_role("button", name="Rebuild", exact=True).click()

    expect(page.locator("#rebuild-step")).to_contain_text("Indexing meaning, 42%")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "0.42")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#rebuild-told")).to_contain_text("The rebuild is cancelled.")
    expect(page.get_by_role("button", name="Rebuild", exact=True)).to_be_focused()


def test_a_rebuild_that_another_visitor_began_is_followed_too(serve_page: Make, look: Make) -> None:
    url = serve_page()
    one = look(url)
    one.get_by_role("button", name="Rebuild", exact=True).click()
    expect(one.locator("#rebuild-step")).to_contain_text("Indexing meaning")

    other = look(url)

    expect(other.locator("#rebuild-step")).to_contain_text("Indexing meaning")
    other.get_by_role("button", name="Cancel").click()
    expect(one.locator("#rebuild-told")).to_contain_text("cancelled")


def test_one_goes_back_to_the_index_before_and_forward_again(
    serve_page: Make, shelf: Shelf, make_article: Make, look: Make
) -> None:
    url = serve_page()
    shelf.put(make_article(id="only.txt", title="The only one"))
    page = look(url)
    expect(page.locator("#corpus-table tbody tr")).to_have_count(1)

    page.get_by_role("button", name="Go back to the index of").click()

    expect(page.locator("#corpus-table tbody tr")).to_have_count(50)
    expect(page.locator("#rebuild-told")).to_contain_text("The other index is in force.")
    expect(page.locator("#rebuild-told")).to_contain_text("60 articles added")
    expect(page.locator("#rebuild-told")).to_contain_text("1 article removed")
    page.get_by_role("button", name="Return to the index of").click()
    expect(page.locator("#corpus-table tbody tr")).to_have_count(1)


def test_read_only_draws_neither_upload_nor_rebuild(
    serve_page: Make, options: Options, look: Make
) -> None:
    options.read_only = True

    page = look(serve_page(read_only=True))

    expect(page.locator("#corpus-table tbody tr")).to_have_count(50)
    expect(page.locator("#drop-zone, #rebuild-start, input[type=file]")).to_have_count(0)


def test_the_language_changes_without_a_reload(page: Page) -> None:
    page.evaluate("depeche.speak('fr')")

    expect(page.get_by_role("heading", name="Le corpus", exact=True)).to_be_visible()
    expect(page.locator("#corpus-range")).to_have_text("1 à 50 sur 60")
    expect(page.get_by_role("row").nth(1)).to_contain_text("janvier 2025")
    expect(page.locator("#upload-limits")).to_contain_text("5 Mo au plus chacun")


@pytest.mark.parametrize("viewport", [(1440, 900), (390, 844)], ids=["laptop", "phone"])
def test_nothing_is_cut_off_at_the_side(
    serve_page: Make, look: Make, viewport: tuple[int, int]
) -> None:
    width, height = viewport
    page = look(serve_page(), viewport={"width": width, "height": height})
    expect(page.locator("#corpus-table tbody tr")).to_have_count(50)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
