"""Everybody can use the page: axe-core finds nothing serious, the keyboard is enough."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ui.users import Users

Visit = Callable[..., Page]
Ask = Callable[[Page, str], None]
Audit = Callable[[Page], None]

_QUESTION = "what was signed on 12 May?"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("width", "height"), [pytest.param(1440, 900, id="wide"), pytest.param(390, 844, id="phone")]
)
def test_no_view_has_a_serious_issue(
    address: str, visit: Visit, ask: Ask, audit: Audit, width: int, height: int, scheme: str
) -> None:
    page = visit(address, viewport={"width": width, "height": height}, color_scheme=scheme)
    expect(page.locator("#examples button").first).to_be_visible()
    audit(page)
    ask(page, _QUESTION)
    audit(page)
    page.locator("#panel a.read").first.click()
    expect(page.locator("#reader mark.lit").first).to_be_visible()
    audit(page)
    page.keyboard.press("Escape")
    ask(page, "What is the population of Tokyo?")
    audit(page)
    page.get_by_role("button", name="History").click()
    expect(page.locator("#talks-list .talk")).to_have_count(1)
    audit(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Corpus").click()
    expect(page.locator("#corpus-table tbody tr")).to_have_count(4)
    audit(page)


def test_the_corpus_page_that_takes_files_has_no_serious_issue(
    start_app: Callable[..., str], sample_store: Path, visit: Visit, audit: Audit
) -> None:
    page = visit(start_app("--store", str(sample_store)))
    page.get_by_role("button", name="Corpus").click()

    expect(page.get_by_role("button", name="Rebuild", exact=True)).to_be_visible()

    audit(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_way_in_has_no_serious_issue(
    fake_desk: Callable[..., Any],
    serve: Callable[..., str],
    users_file: Path,
    look: Visit,
    audit: Audit,
    scheme: str,
) -> None:
    address = serve(fake_desk({}), users=Users(users_file))
    page = look(address, color_scheme=scheme)

    expect(page.get_by_label("Password")).to_be_visible()

    audit(page)


def test_a_quote_is_asked_for_read_and_left_by_keyboard_alone(address: str, visit: Visit) -> None:
    page = visit(address)
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(_QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".turn:not(.waiting)")).to_have_count(1, timeout=300_000)

    reach(page, '.answer a.mark[href$="-1"]', "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#panel mark.lit").first).to_be_focused()
    reach(page, "#panel a.read", "Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#reader .text")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#reader .position")).to_contain_text("Quoted passage 2 of")
    page.keyboard.press("Escape")

    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator("#panel a.read:focus")).to_have_count(1)


def reach(page: Page, wanted: str, key: str) -> None:
    """Press `key` until what is `wanted` has the focus."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"{wanted} is not reached by {key}")
