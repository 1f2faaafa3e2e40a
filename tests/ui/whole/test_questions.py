"""Asking the real app about the sample articles, as a stranger meets it."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

_QUESTION = "what was signed on 12 May?"
_MORE = "And who signed it?"

# Of the views beside the conversation, one picture of each kind is enough.
_PICTURED = ("desktop-light", "phone-dark")

_FRENCH = "Qu’est-ce qui a été signé le 12 mai ?"

Visit = Callable[..., Page]
Ask = Callable[[Page, str], None]
Picture = Callable[[Page, str], None]


def first_quote(page: Page) -> str:
    """Return the first quote of the first card."""
    return str(page.locator("#panel mark").first.text_content())


def test_the_first_question_is_answered_with_quote_date_and_article(
    address: str, visit: Visit, ask: Ask
) -> None:
    page = visit(address)

    ask(page, _QUESTION)

    answer = page.locator(".answer")
    expect(answer).to_contain_text("12 May")
    expect(answer.locator("a.mark").first).to_have_text("[1]")
    expect(page.locator(".turn .chip").first).to_have_text("Date: 12 May of any year")
    expect(page.locator("#panel .byline").first).to_contain_text("2025")
    quote = first_quote(page)
    page.locator("#panel a.read").first.click()
    expect(page.locator("#reader mark.lit").first).to_have_text(quote)
    expect(page.locator("#reader mark.lit").first).to_be_in_viewport()


def test_a_mark_leads_to_its_source(address: str, visit: Visit, ask: Ask) -> None:
    page = visit(address)
    ask(page, _QUESTION)

    page.locator(".answer a.mark").last.click()

    number = str(page.locator(".answer a.mark").last.text_content()).strip("[]")
    lit = page.locator(f'#panel mark.lit[data-quotes~="{number}"]').first
    expect(lit).to_be_focused()
    expect(lit).to_be_in_viewport()


def test_a_question_in_french_gets_a_french_page_and_answer(
    address: str, visit: Visit, ask: Ask
) -> None:
    page = visit(address, locale="fr-FR")

    ask(page, _FRENCH)

    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator(".answer")).to_contain_text("12 mai")
    expect(page.locator("#panel .byline").first).to_contain_text("mai 2025")


def test_a_suggested_question_is_answered_and_others_follow(address: str, visit: Visit) -> None:
    page = visit(address)

    page.locator("#examples button").first.click()

    expect(page.locator("#panel mark").first).to_be_visible(timeout=300_000)
    assert page.locator(".follow-ups button").count() in (2, 3)


def test_what_the_articles_do_not_say_is_not_answered(address: str, visit: Visit, ask: Ask) -> None:
    page = visit(address)

    ask(page, "What is the population of Tokyo?")

    expect(page.locator("#panel h2")).to_have_text("Nearest passages")
    expect(page.locator("#panel mark")).to_have_count(0)
    expect(page.locator("#said")).to_have_text("The articles do not answer this question.")


def test_a_follow_up_tells_how_it_was_understood_and_survives_a_reload(
    address: str, visit: Visit, ask: Ask
) -> None:
    page = visit(address)
    ask(page, _QUESTION)

    ask(page, _MORE)

    expect(page.locator(".turn .chip.rewritten")).to_contain_text("Understood as:")
    answers = page.locator(".answer").all_text_contents()
    page.reload()
    expect(page.locator(".turn:not(.waiting)")).to_have_count(2)
    assert page.locator(".answer").all_text_contents() == answers
    expect(page.locator("#panel .card").first).to_be_visible()


def test_taking_the_date_off_asks_again_without_it(address: str, visit: Visit, ask: Ask) -> None:
    page = visit(address)
    ask(page, _QUESTION)

    page.get_by_role("button", name="Remove and ask again: Date").click()

    expect(page.locator(".chip.ignored")).to_have_text("Without “12 May”")
    expect(page.locator(".turn:not(.waiting)")).to_have_count(1)


def test_the_link_of_a_quote_opens_the_same_view_for_somebody_else(
    address: str, visit: Visit, ask: Ask
) -> None:
    page = visit(address)
    ask(page, _QUESTION)
    quote = first_quote(page)
    page.locator("#panel a.read").first.click()
    expect(page.locator("#reader mark.lit").first).to_be_in_viewport()
    link = page.url
    assert re.fullmatch(r"article=.+", urlsplit(link).query)
    assert urlsplit(link).fragment.startswith("quote=")

    other = visit(link)

    expect(other.locator("#reader mark.lit").first).to_have_text(quote)
    expect(other.locator("#reader mark.lit").first).to_be_in_viewport()
    other.keyboard.press("Escape")
    expect(other.locator("#reader")).to_be_hidden()
    expect(other).not_to_have_url(re.compile("article="))


def test_a_filter_that_leaves_nothing_says_so_and_offers_to_go(
    address: str, visit: Visit, ask: Ask
) -> None:
    page = visit(address)
    page.locator("#filter-words").fill("tramway")
    page.locator("#filter-words").press("Enter")

    ask(page, _QUESTION)

    expect(page.locator(".answer")).to_have_text(re.compile("No passage matches these filters"))
    page.get_by_role("button", name="Without this filter: Exact words").click()
    expect(page.locator("#panel mark").first).to_be_visible()
    expect(page.locator("#chosen .chip")).to_have_count(0)


def test_a_bar_of_the_timeline_narrows_the_answer_to_its_period(
    address: str, visit: Visit, ask: Ask
) -> None:
    page = visit(address)
    ask(page, _QUESTION)

    page.get_by_role("button", name=re.compile("May 2025.*Narrow to this period")).click()

    expect(page.locator("#chosen .chip")).to_have_count(2)
    expect(page.locator(".turn:not(.waiting) .chip.filter")).to_have_text("May 2025")


def test_a_thumb_reaches_the_store_and_the_export_holds_the_quote(
    address: str, visit: Visit, ask: Ask, tmp_path: Path
) -> None:
    page = visit(address)
    ask(page, _QUESTION)
    quote = first_quote(page)

    page.get_by_role("button", name="Good answer").click()
    expect(page.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Export as Markdown").click()

    saving.value.save_as(tmp_path / "saved.md")
    assert quote in (tmp_path / "saved.md").read_text(encoding="utf-8").replace("\\", "")
    assert _QUESTION in page.request.get(f"{address}feedback.jsonl").text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("device", "width", "height"), [("desktop", 1440, 900), ("phone", 390, 844)]
)
def test_each_view_fits_the_screen(
    address: str,
    visit: Visit,
    ask: Ask,
    picture: Picture,
    device: str,
    width: int,
    height: int,
    scheme: str,
) -> None:
    page = visit(address, viewport={"width": width, "height": height}, color_scheme=scheme)
    wide = "document.documentElement.scrollWidth"
    name = f"{device}-{scheme}"

    expect(page.locator("#examples button").first).to_be_visible()
    assert page.evaluate(wide) == width
    ask(page, _QUESTION)
    assert page.evaluate(wide) == width
    picture(page, f"chat-{name}")
    page.locator("#panel a.read").first.click()
    expect(page.locator("#reader mark.lit").first).to_be_in_viewport()
    if name in _PICTURED:
        picture(page, f"reader-{name}")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Corpus").click()
    expect(page.locator("#corpus-table tbody tr")).to_have_count(4)
    assert page.evaluate(wide) == width
    if name in _PICTURED:
        picture(page, f"corpus-{name}")
