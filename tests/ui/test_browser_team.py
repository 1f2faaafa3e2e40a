"""The page for a team: who is in, the way out, and a session that ends, in a real browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ui.users import Users

Make = Callable[..., Any]

_QUESTION = "What was signed?"
_ANSWER = "Les deux parties ont signé la déclaration commune."


@pytest.fixture
def address(
    fake_desk: Make, make_article: Make, make_answer: Make, serve: Make, users_file: Path
) -> str:
    """Show the chat to those who know a password."""
    desk = fake_desk({_QUESTION: make_answer((make_article(), _ANSWER))})
    return str(serve(desk, users=Users(users_file)))


@pytest.fixture
def page(look: Callable[..., Page], address: str) -> Page:
    """Return the chat as anna sees it, who followed a link to the corpus."""
    page = look(f"{address}?at=corpus", expected=[401])
    enter(page)
    return page


def enter(page: Page) -> None:
    """Give name and password."""
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill("correct horse")
    page.keyboard.press("Enter")


def test_who_enters_is_named_sees_what_the_link_shows_and_can_leave(page: Page) -> None:
    expect(page.get_by_role("heading", name="The corpus", exact=True)).to_be_visible()
    expect(page.locator("#leave")).to_contain_text("anna")

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_label("Password")).to_be_visible()


def test_a_question_asked_after_the_session_ended_waits_behind_the_way_in(
    page: Page, address: str
) -> None:
    page.get_by_role("button", name="Questions").click()
    page.locator("#question").fill(_QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".turn:not(.waiting) .answer")).to_contain_text(_ANSWER)
    # another tab leaves
    page.request.post(f"{address}leave", headers={"Origin": address.rstrip("/")})

    page.locator("#question").fill("And then?")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Password")).to_be_visible()
    enter(page)
    expect(page.locator("#question")).to_have_value("And then?")
    expect(page.locator(".turn:not(.waiting)")).to_have_count(1)


def test_nobody_is_named_where_nobody_enters(fake_desk: Make, serve: Make, visit: Make) -> None:
    page = visit(serve(fake_desk({})))

    expect(page.locator("#leave")).to_be_hidden()
