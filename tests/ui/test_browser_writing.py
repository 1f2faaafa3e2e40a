"""An answer that a language model writes, in a real browser, over a real server of a model."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from qa.written.model import LanguageModel, Limits

Make = Callable[..., Any]
Desk = Server = Any  # those of conftest.py and tests/conftest.py

_QUOTE = "Les deux parties ont signé la déclaration commune."
_SIGNED = "Ils ont signé la déclaration commune [1]."
_HOSTILE = "![](http://127.0.0.1:9/leak) <img src=x onerror=alert(1)> [x](javascript:alert(1)) [9]."


@pytest.fixture
def desk(fake_desk: Make, make_article: Make, make_answer: Make) -> Desk:
    return fake_desk({"What was signed?": make_answer((make_article(), _QUOTE))})


@pytest.fixture
def chat(desk: Desk, serve: Make, visit: Make, model_server: Server) -> Callable[..., Page]:
    """Return a function that opens the chat of a desk whose answers are written out."""
    model = LanguageModel(model_server.url, "tiny", limits=Limits(next_seconds=60))

    def opened(**options: Any) -> Page:  # noqa: ANN401
        page: Page = visit(serve(desk, writer=model), **options)
        return page

    return opened


def ask(page: Page, question: str = "What was signed?") -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def test_the_quotes_come_first_and_what_is_written_streams_in_under_them(
    chat: Callable[..., Page], model_server: Server
) -> None:
    go_on = threading.Event()

    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.stream(f"{_SIGNED} Le maire", ends=False)
        go_on.wait(60)
        talk.piece(" a payé [9].")
        talk.piece(None, "stop")

    model_server.reply = reply
    page = chat()

    ask(page)

    written = page.locator(".turn .written")
    expect(page.locator(".turn .answer")).to_contain_text(_QUOTE)
    expect(written.locator("h4")).to_have_text("Written by tiny")
    expect(written.locator(".sentence")).to_have_text("Ils ont signé la déclaration commune. [1]")
    expect(written.locator(".pending")).to_have_text("Le maire")
    expect(written).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    mark = written.locator("a.mark")
    mark.focus()
    go_on.set()
    expect(written.locator(".unsupported .why")).to_contain_text("a passage that does not exist")
    expect(written.locator(".pending")).to_have_count(0)
    expect(mark).to_be_focused()  # what stood there already was left alone
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    expect(page.locator("#said")).to_contain_text("1 sentence is not supported")
    expect(written).to_have_attribute("aria-busy", "false")
    mark.click()
    expect(page.locator("#panel mark.lit")).to_have_text(_QUOTE)


@pytest.mark.parametrize("way", ["button", "Escape", "the next question"])
def test_the_writing_is_stopped_and_what_came_stays(
    chat: Callable[..., Page], model_server: Server, way: str
) -> None:
    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.stream(f"{_SIGNED} Le maire", ends=False)
        if len(model_server.asked) == 1:
            talk.hang()
        talk.piece(None, "stop")

    model_server.reply = reply
    page = chat()
    ask(page)
    first = page.locator(".turn .written").first
    expect(first.locator(".pending")).to_have_text("Le maire")

    if way == "button":
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_label("Your question")).to_be_focused()
    elif way == "Escape":
        page.keyboard.press("Escape")
    else:
        ask(page)
        expect(page.locator(".turn")).to_have_count(2)

    expect(first.locator(".verdict")).to_have_text("Stopped.")
    expect(first.locator(".sentence")).to_contain_text("Ils ont signé")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    assert model_server.hung_up.wait(20)
    expect(page.locator(".turn .answer").first).to_contain_text(_QUOTE)


def test_what_a_model_writes_is_letters_on_the_page(
    chat: Callable[..., Page], model_server: Server
) -> None:
    model_server.says(f"{_SIGNED} {_HOSTILE}")
    page = chat()

    ask(page)

    written = page.locator(".turn .written")
    expect(written.locator(".unsupported")).to_have_count(1)
    expect(written).to_contain_text("![](http://127.0.0.1:9/leak) <img src=x onerror=alert(1)>")
    assert written.locator("img").count() == 0
    assert written.locator("a").count() == 1


def test_a_failure_is_told_beside_the_quotes_and_the_next_question_is_answered(
    chat: Callable[..., Page], model_server: Server
) -> None:
    model_server.sends(b"<html>", "text/html", 500)
    page = chat()

    ask(page)

    trouble = page.locator(".turn .written .trouble")
    expect(trouble).to_contain_text("The language model broke off, or sent what is no answer.")
    expect(page.locator(".turn .answer")).to_contain_text(_QUOTE)
    model_server.says(_SIGNED)
    ask(page)
    expect(page.locator(".turn .written .verdict")).to_contain_text("nothing speaks against it")


def test_a_kept_conversation_has_its_quotes_and_can_be_written_out_again(
    chat: Callable[..., Page], model_server: Server
) -> None:
    model_server.says(_SIGNED)
    page = chat(may_fail=True)  # what a reload cuts off is complained of
    ask(page)
    expect(page.locator(".written .verdict")).to_be_visible()

    page.locator("[data-language=fr]").click()
    expect(page.locator(".turn .answer")).to_contain_text(_QUOTE)
    expect(page.locator(".written .verdict")).to_be_visible()  # as long as the page is open
    page.locator("[data-language=en]").click()
    page.reload()

    expect(page.locator(".turn .answer")).to_contain_text(_QUOTE)
    expect(page.locator(".written")).to_have_count(0)
    page.get_by_role("button", name="Have it written out").click()
    expect(page.locator(".written .verdict")).to_be_visible()
    expect(page.get_by_role("button", name="Have it written out")).to_have_count(0)
    assert len(model_server.asked) == 2


def test_nothing_is_written_of_what_the_articles_do_not_answer(
    chat: Callable[..., Page], model_server: Server
) -> None:
    page = chat()

    ask(page, "Something else?")

    expect(page.locator(".turn .answer")).to_contain_text("Nothing answers")
    expect(page.locator(".written, [data-act=write]")).to_have_count(0)
    assert model_server.asked == []


def test_without_a_model_the_page_has_no_pen(desk: Desk, serve: Make, visit: Make) -> None:
    page = visit(serve(desk))

    ask(page)

    expect(page.locator(".turn .answer")).to_contain_text(_QUOTE)
    expect(page.locator(".written, [data-act=write], #pen")).to_have_count(0)
    expect(page.locator(".footer")).to_contain_text("Everything stays on this machine.")


def test_the_page_does_not_say_that_everything_stays_here_when_it_does_not(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk, writer=LanguageModel("http://models.invalid/v1", "m")))

    expect(page.locator(".footer")).to_contain_text("sent to the language model’s server")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_written_is_accessible_and_fits_on_a_phone(
    chat: Callable[..., Page], model_server: Server, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    model_server.says(f"{_SIGNED} Le maire a payé {'x' * 200} [9].")
    page = chat(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    ask(page)
    expect(page.locator(".written .verdict")).to_be_visible()

    width = page.evaluate("document.documentElement.scrollWidth")
    found = Axe().run(page, context=".turn")

    assert width <= 390
    assert found.violations_count == 0, found.generate_report()
    assert re.search("Not supported", page.locator(".written .why").inner_text())
