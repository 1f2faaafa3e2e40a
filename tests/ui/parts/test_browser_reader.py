"""Cards and reader in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from index.types import Article
from qa.types import Answer
from ui import reader
from ui.cards import sources_panel
from ui.language import load_words

Make = Callable[..., Any]
Shelf = Server = Any  # those of conftest.py

_ENGLISH = load_words("en")
_TEXT = (
    "Le président a reçu lundi 12 mai la délégation au palais.\n\n"
    + "Un long paragraphe sans intérêt pour la question posée.\n\n" * 30
    + "Les deux parties ont signé la déclaration commune.\n\n"
    + "Un autre long paragraphe que personne n'a cité non plus.\n\n" * 30
    + "Elles ont ensuite visité le musée."
)
_HOSTILE = (
    "<img src=x onerror=alert(1)><script>alert(2)</script>$$x$$ \u202e[a](javascript:alert(3))"
)


@pytest.fixture
def article(make_article: Make) -> Article:
    """Return a long article."""
    return make_article(_TEXT, id="AFP/visite d'été.txt")


@pytest.fixture
def answer(article: Article, make_answer: Make) -> Answer:
    """Return an answer that quotes it three times."""
    return make_answer(
        (article, "ont signé la déclaration"), (article, "lundi 12 mai"), (article, "le musée")
    )


@pytest.fixture
def show(shelf: Shelf, serve_parts: Make) -> Make:
    """Return a function that serves the panel of an answer, and gives its server."""

    def start(answer: Answer, *others: Article, **settings: object) -> Server:
        articles = {citation.article.id: citation.article for citation in answer.citations}
        shelf.put(*articles.values(), *others)
        body = (
            '<p><a href="#source-t1-1">[1]</a> <a href="#source-t1-3">[3]</a></p>'
            '<textarea aria-label="Pasted"></textarea>'
            f'<div id="sources">{sources_panel(answer, "t1", _ENGLISH)}</div>'
        )
        return serve_parts(*reader.routes(shelf, None), body=body, **settings)

    return start


def lit(page: Page) -> str:
    """Return the words that are lit in the reader."""
    return page.locator("#reader mark.lit").first.inner_text()


def test_a_mark_lights_its_quote_and_takes_the_focus_there(
    show: Make, answer: Answer, look: Make
) -> None:
    page = look(show(answer).url)

    page.get_by_role("link", name="[3]").click()

    expect(page.locator(".card.lit mark.lit")).to_have_text("le musée")
    expect(page.locator(".card mark.lit")).to_be_focused()
    expect(page.locator(".card mark.lit")).to_be_in_viewport()


def test_a_mark_opens_the_version_that_its_quote_is_folded_into(
    show: Make, make_article: Make, make_answer: Make, look: Make
) -> None:
    one, other = make_article(id="a.txt"), make_article(id="b.txt", title="The copy")
    page = look(show(make_answer((one, "musée"), (other, "lundi"), (other, "musée"))).url)
    expect(page.get_by_text("The copy")).to_be_hidden()

    page.get_by_role("link", name="[3]").click()

    expect(page.locator(".versions mark.lit")).to_have_text("musée")
    expect(page.get_by_text("The copy")).to_be_visible()


def test_a_card_opens_its_article_at_the_quote_with_all_quotes_highlighted(
    show: Make, answer: Answer, look: Make
) -> None:
    page = look(show(answer).url)

    page.locator("a.read").first.click()

    expect(page.get_by_role("dialog", name="Visite d'État")).to_be_visible()
    expect(page.locator("#reader mark")).to_have_count(3)
    assert lit(page) == "ont signé la déclaration"
    expect(page.locator("#reader mark.lit")).to_be_in_viewport()
    expect(page.locator("#reader .position")).to_have_text("Quoted passage 2 of 3")
    assert "#quote=" in page.url


def test_the_reader_goes_from_quote_to_quote_and_the_address_with_it(
    show: Make, answer: Answer, look: Make
) -> None:
    page = look(show(answer).url)
    page.locator("a.read").first.click()
    first = page.locator("#reader .position")
    expect(first).to_have_text("Quoted passage 2 of 3")
    address = page.url

    page.get_by_role("button", name="Next quoted passage").click()

    assert lit(page) == "le musée"
    expect(page.locator("#reader mark.lit")).to_be_in_viewport()
    assert page.url != address
    page.keyboard.press("n")
    assert lit(page) == "lundi 12 mai"
    page.keyboard.press("p")
    page.keyboard.press("p")
    assert lit(page) == "ont signé la déclaration"
    assert page.url == address


def test_escape_closes_the_reader_gives_the_focus_back_and_restores_the_address(
    show: Make, answer: Answer, look: Make
) -> None:
    page = look(show(answer).url)
    address = page.url
    page.locator("a.read").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#reader")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator("a.read").nth(1)).to_be_focused()
    page.wait_for_url(address)


def test_back_closes_the_reader_and_forward_opens_it_again(
    show: Make, answer: Answer, look: Make
) -> None:
    page = look(show(answer).url)
    page.locator("a.read").first.click()
    expect(page.locator("#reader")).to_be_visible()

    page.go_back()

    expect(page.locator("#reader")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#reader")).to_be_visible()
    expect(page.locator("#reader mark")).to_have_count(3)


def test_forward_right_after_back_leaves_the_reader_open(
    show: Make, answer: Answer, look: Make
) -> None:
    page = look(show(answer).url)
    page.locator("a.read").first.click()
    expect(page.locator("#reader")).to_be_visible()

    page.evaluate(
        """() => new Promise((done) => {
          addEventListener("popstate", () => {
            addEventListener("popstate", done, { once: true });
            history.forward();
          }, { once: true });
          history.back();
        })"""
    )

    expect(page.locator("#reader mark")).to_have_count(3)
    page.wait_for_timeout(300)
    expect(page.locator("#reader")).to_be_visible()


def test_a_permanent_link_opens_exactly_that_view_when_the_page_loads(
    show: Make, answer: Answer, look: Make
) -> None:
    server = show(answer)
    link = look(server.url).locator("a.read").first.get_attribute("href")

    page = look(server.url + link)

    expect(page.locator("#reader")).to_be_visible()
    assert lit(page) == "ont signé la déclaration"
    expect(page.locator("#reader mark.lit")).to_be_in_viewport()
    expect(page.locator("#reader .change")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    page.wait_for_url(server.url)


def test_a_reload_keeps_the_reader_open_with_all_its_quotes(
    show: Make, answer: Answer, look: Make
) -> None:
    page = look(show(answer).url)
    page.locator("a.read").first.click()
    expect(page.locator("#reader mark")).to_have_count(3)

    page.reload()

    expect(page.locator("#reader mark")).to_have_count(3)
    assert lit(page) == "ont signé la déclaration"


def test_a_link_to_an_article_that_changed_or_is_gone_says_so(
    show: Make,
    answer: Answer,
    article: Article,
    shelf: Shelf,
    make_article: Make,
    look: Make,
) -> None:
    server = show(answer)
    link = server.url + look(server.url).locator("a.read").first.get_attribute("href")
    shelf.put(make_article(f"Plus.\n\n{_TEXT}", id=article.id))
    moved = look(link)
    expect(moved.locator("#reader .change")).to_have_text(_ENGLISH("reader.moved"))
    assert lit(moved) == "ont signé la déclaration"

    shelf.put(make_article(_TEXT.replace("ont signé", "n'ont pas signé"), id=article.id))
    changed = look(link)
    expect(changed.locator("#reader .change")).to_have_text(_ENGLISH("reader.changed"))
    expect(changed.locator("#reader mark")).to_have_count(0)
    expect(changed.locator("#reader .near")).to_be_in_viewport()

    shelf.put(make_article(id="another.txt"))
    gone = look(link, expected=(404,))
    expect(gone.locator("#reader")).to_contain_text(article.id)
    gone.keyboard.press("Escape")
    expect(gone.locator("#reader")).to_be_hidden()


def test_a_citation_and_a_link_are_copied(show: Make, answer: Answer, look: Make) -> None:
    server = show(answer)
    page = look(server.url, permissions=["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy citation 1").click()

    expect(page.locator(".tools .copy").first).to_have_text("Citation copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == (
        "“ont signé la déclaration”, Visite d'État, 12 May 2025, AFP/visite d'été.txt"
    )
    page.get_by_role("button", name="Copy link 1").click()
    expect(page.locator(".tools .link").first).to_have_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{server.url}?article=AFP/visite%20d%27%C3%A9t%C3%A9.txt#quote=")


def test_without_a_clipboard_copying_still_works_inside_the_reader(
    show: Make, answer: Answer, look: Make
) -> None:
    page = look(show(answer).url, permissions=["clipboard-read"])
    page.locator("a.read").first.click()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")

    page.locator("#reader .tools:not([hidden]) .copy").click()

    expect(page.locator("#reader .tools:not([hidden]) .copy")).to_have_text("Citation copied")
    page.keyboard.press("Escape")
    page.get_by_label("Pasted").focus()
    page.keyboard.press("Control+V")
    expect(page.get_by_label("Pasted")).to_have_value(
        "“ont signé la déclaration”, Visite d'État, 12 May 2025, AFP/visite d'été.txt"
    )


def test_hostile_titles_names_and_texts_are_shown_and_execute_nothing(
    show: Make, make_article: Make, make_answer: Make, look: Make
) -> None:
    hostile = make_article(
        f"{_HOSTILE} fin.", id=f"{_HOSTILE}.txt", title=_HOSTILE, source=_HOSTILE
    )
    page = look(show(make_answer((hostile, "<script>alert(2)</script>"))).url)

    page.locator("a.read").first.click()

    expect(page.locator("#reader h2")).to_have_text(_HOSTILE)
    assert lit(page) == "<script>alert(2)</script>"
    expect(page.locator("#reader img, .card img, #reader script, .card script")).to_have_count(0)
    assert page.locator(".card a, #reader a").evaluate_all(
        "links => links.every((link) => link.protocol === 'http:')"
    )


def test_the_reader_says_when_the_server_does_not_answer(
    show: Make, answer: Answer, look: Make
) -> None:
    page = look(show(answer).url)
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('gone')) }")

    page.locator("a.read").first.click()

    expect(page.get_by_role("dialog")).to_contain_text(_ENGLISH("reader.unreachable"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("viewport", [(1440, 900), (390, 844)], ids=["laptop", "phone"])
def test_nothing_is_cut_off_at_the_side(
    show: Make, make_article: Make, make_answer: Make, look: Make, viewport: tuple[int, int]
) -> None:
    wide = make_article(
        "mot" * 300 + " fin.", title="T" * 200, id="x" * 200 + ".txt", source="s" * 99
    )
    width, height = viewport
    page = look(show(make_answer((wide, "fin."))).url, viewport={"width": width, "height": height})

    page.locator("a.read").first.click()
    expect(page.locator("#reader")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("(r => r.scrollWidth <= r.clientWidth)(document.querySelector('#reader'))")
    assert page.locator("#reader .text").evaluate("text => text.scrollWidth <= text.clientWidth")
