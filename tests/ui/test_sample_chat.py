"""The real app over the sample articles, as a stranger meets it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ui.language import languages, load_words

_ROOT = Path(__file__).parents[2]
_QUESTION = "what was signed on 12 May?"

# Neither a hub nor a proxy: what the app needs is on this machine.
_NO_WAY_OUT = {
    "HF_HUB_OFFLINE": "1",
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "no_proxy": "",
    "NO_PROXY": "",
}

# The first question waits for the models; on a small machine that takes a while.
_FIRST_ANSWER_MS = 120_000

# Pictures for the README are taken on request only, so that a test run changes no file.
_DOCS = _ROOT / "docs" if os.environ.get("DEPECHE_SCREENSHOTS") else None

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def address(sample_store: Path, free_port: Callable[[], int]) -> Iterator[str]:
    """Start `app.py` over the sample articles and return where it is."""
    command = [sys.executable, "app.py", "--store", str(sample_store), "--port", str(free_port())]
    running = subprocess.Popen(
        command,
        cwd=_ROOT,
        env=os.environ | _NO_WAY_OUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert running.stdout is not None
    line = running.stdout.readline()
    assert line.startswith("Dépêche is at http://127.0.0.1:"), line
    yield line.split()[3]
    running.terminate()
    running.communicate(timeout=30)


def ask(page: Page, question: str = _QUESTION) -> None:
    """Ask and wait for the answer."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("#panel .card").first).to_be_visible(timeout=_FIRST_ANSWER_MS)


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Take a picture for the README when they are wanted."""
    if _DOCS is not None:
        page.mouse.move(0, 0)
        page.screenshot(path=_DOCS / f"{name}.png", full_page=whole)


def test_the_first_question_is_answered_with_quote_date_and_article(
    address: str, visit: Visit
) -> None:
    page = visit(address)

    ask(page)

    answer = page.get_by_role("log")
    expect(answer).to_contain_text("12 May")
    expect(answer).to_contain_text("[1]")
    quote = page.locator("#panel mark[data-number='1']")
    expect(quote).to_be_visible()
    expect(page.locator("#panel .byline").first).to_contain_text("2025")
    words = quote.text_content()
    page.locator("#panel .card").first.get_by_role("button", name="Read the article").click()
    expect(page.locator("#reader mark.lit").first).to_have_text(str(words))
    expect(page.locator("#reader mark.lit").first).to_be_in_viewport()
    picture(page, "article")


def test_a_question_in_french_gets_a_french_page_and_answer(address: str, visit: Visit) -> None:
    page = visit(address, locale="fr-FR")
    expect(page.locator("html")).to_have_attribute("lang", "fr")

    page.get_by_role("button", name="Qu’est-ce qui a été signé le 12 mai ?").click()

    expect(page.locator("#panel h2")).to_have_text("Sources")
    expect(page.locator("#panel mark").first).to_be_visible(timeout=_FIRST_ANSWER_MS)
    expect(page.get_by_role("log")).to_contain_text("12 mai")


def test_what_the_articles_do_not_say_is_not_answered(address: str, visit: Visit) -> None:
    page = visit(address)

    ask(page, "What is the population of Tokyo?")

    expect(page.locator("#panel h2")).to_have_text("Nearest passages")
    expect(page.locator("#panel mark")).to_have_count(0)


def test_every_example_question_is_answered_by_the_sample_articles(sample_store: Path) -> None:
    import qa

    assistant = qa.Assistant.open(sample_store)

    for language in languages():
        for question in load_words(language).several("welcome.questions"):
            assert assistant.ask(question).grounded, question


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("device", "width", "height"), [("desktop", 1440, 900), ("phone", 390, 844)]
)
def test_the_answer_fits_the_screen(
    address: str, visit: Visit, device: str, width: int, height: int, scheme: str
) -> None:
    page = visit(address, viewport={"width": width, "height": height}, color_scheme=scheme)

    ask(page)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    picture(page, f"chat-{device}-{scheme}", whole=device == "phone")
