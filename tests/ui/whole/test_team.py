"""The real app for a team: passwords, who is in, the way out, and a session that ends."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

Ask = Callable[[Page, str], None]

_QUESTION = "what was signed on 12 May?"


@pytest.fixture
def address(sample_store: Path, users_file: Path, start_app: Callable[..., str]) -> str:
    """Start the chat with a password."""
    options = ("--auth-file", str(users_file), "--store", str(sample_store), "--read-only")
    return start_app(*options)


def enter(page: Page) -> None:
    """Give name and password."""
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill("correct horse")
    page.keyboard.press("Enter")


def test_who_enters_is_named_asks_leaves_and_is_asked_again_when_the_session_ends(
    address: str, browser: Browser, ask: Ask
) -> None:
    context = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{address}?at=corpus")
    enter(page)
    expect(page.locator("#corpus-table tbody tr")).to_have_count(4)
    expect(page.locator("#leave")).to_contain_text("anna")
    page.get_by_role("button", name="Questions").click()
    ask(page, _QUESTION)

    # another tab leaves: what is asked here leads to the way in, and waits behind it
    page.request.post(f"{address}leave", headers={"Origin": address.rstrip("/")})
    page.locator("#question").fill("And then?")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Password")).to_be_visible()
    enter(page)
    expect(page.locator("#question")).to_have_value("And then?")
    expect(page.locator(".turn:not(.waiting)")).to_have_count(1)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    context.close()
