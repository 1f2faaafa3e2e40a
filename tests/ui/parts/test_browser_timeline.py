"""The timeline in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from index.types import DateRange
from ui.language import load_words
from ui.timeline import evidence_timeline

Make = Callable[..., Any]


@pytest.fixture
def page(make_article: Make, make_answer: Make, serve_parts: Make, look: Make) -> Page:
    """Return a page with a timeline of three days that notes what it is filtered by."""
    text = "Signé le 10 mai 2025. En vigueur le 15 mai 2025."
    article = make_article(text, published=DateRange.parse("2025-05-12"))
    body = evidence_timeline(make_answer((article, "Signé")), load_words("en"))
    page: Page = look(serve_parts(body=body).url)
    page.evaluate(
        "() => { window.noted = [];"
        " document.addEventListener('depeche:filter', (event) => noted.push(event.detail)); }"
    )
    return page


def test_a_click_on_a_bar_filters_by_its_period(page: Page) -> None:
    page.get_by_role("button", name="12 May 2025").click()

    assert page.evaluate("noted") == [{"after": "2025-05-12", "before": "2025-05-12"}]


def test_the_keyboard_reaches_every_bar(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="10 May 2025")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="15 May 2025")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="10 May 2025")).to_be_focused()
    page.keyboard.press("End")

    page.keyboard.press("Enter")
    page.keyboard.press(" ")

    assert page.evaluate("noted") == [{"after": "2025-05-15", "before": "2025-05-15"}] * 2


def test_tab_comes_back_to_the_bar_that_was_left(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")

    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")

    expect(page.get_by_role("button", name="12 May 2025")).to_be_focused()


def test_a_table_stands_behind_the_drawing(page: Page) -> None:
    expect(page.get_by_role("table")).to_be_hidden()

    page.get_by_text("Show as a table").click()

    expect(page.get_by_role("row", name="12 May 2025 1 0")).to_be_visible()
