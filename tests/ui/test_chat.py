"""The page in a real browser, over a desk that answers without models."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Page, expect

from index.errors import QuestionTooLong, StoreMissing

Make = Callable[..., Any]

# Gradio counts its events with an option that pandas 3 deprecates
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'")


class Desk(Protocol):
    """The desk of conftest.py, as these tests use it."""

    seconds: float
    asked: list[tuple[str, tuple[tuple[str, str], ...], object, object]]
    trouble: Exception | None


@pytest.fixture
def desk(fake_desk: Make, make_article: Make, make_answer: Make) -> Desk:
    """Return a desk that knows three questions."""
    visit = make_article()
    museum = make_article(
        "Le musée a rouvert mardi.", id="musee.md", title="Le musée rouvre", published=None
    )
    return fake_desk(
        {
            "What was signed?": make_answer(
                (visit, "Les deux parties ont signé la déclaration commune."),
                (museum, "Le musée a rouvert mardi."),
                text="**Two articles** say:\n\n> signed [1]\n\n> reopened [2]",
            ),
            "And then?": make_answer(
                (museum, "Le musée a rouvert mardi."), text="> reopened again [1]"
            ),
            "too long": QuestionTooLong(5000, 1000),
            "broken": RuntimeError("a secret of the server"),
        }
    )


def ask(page: Page, question: str) -> None:
    """Type a question and send it with the keyboard."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def test_an_answer_appears_with_its_sources_beside_it(desk: Desk, serve: Make, visit: Make) -> None:
    page = visit(serve(desk))

    ask(page, "What was signed?")

    expect(page.get_by_role("log")).to_contain_text("Two articles say:")
    expect(page.locator("#panel .card")).to_have_count(2)
    expect(page.locator("#panel mark").first).to_have_text(
        "Les deux parties ont signé la déclaration commune."
    )
    expect(page.get_by_label("Your question")).to_have_value("")
    expect(page.locator("#welcome h2")).to_have_count(0)


def test_an_example_asks_itself(desk: Desk, serve: Make, visit: Make) -> None:
    page = visit(serve(desk))

    page.get_by_role("button", name="What was signed on 12 May?").click()

    expect(page.get_by_role("log")).to_contain_text("Nothing answers.")
    assert desk.asked[0][0] == "What was signed on 12 May?"


def test_a_mark_lights_its_quote_even_of_an_earlier_answer(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    ask(page, "What was signed?")
    expect(page.locator("#panel .card")).to_have_count(2)
    ask(page, "And then?")
    expect(page.locator("#panel .card")).to_have_count(1)

    page.get_by_role("link", name="[2]").click()

    expect(page.locator("#panel .card")).to_have_count(2)
    expect(page.locator("#panel mark.lit")).to_have_text("Le musée a rouvert mardi.")
    expect(page.locator("#panel mark.lit")).to_be_focused()


def test_a_card_opens_the_whole_article_at_its_quote_and_escape_closes_it(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    ask(page, "What was signed?")
    button = page.locator("#panel .card").first.get_by_role("button", name="Read the article")

    button.focus()
    page.keyboard.press("Enter")

    reader = page.get_by_role("dialog", name="Visite d'État")
    expect(reader).to_contain_text("La visite prend fin mercredi.")
    expect(reader).to_contain_text("A. Durand")
    expect(reader.locator("mark.lit")).to_be_in_viewport()
    expect(reader.get_by_role("region", name="Text of the article")).to_be_focused()
    page.keyboard.press("Escape")
    expect(reader).to_be_hidden()
    expect(button).to_be_focused()


def test_what_does_not_answer_is_shown_as_no_answer(desk: Desk, serve: Make, visit: Make) -> None:
    page = visit(serve(desk))

    ask(page, "How many people?")

    expect(page.locator("#panel h2")).to_have_text("Nearest passages")
    expect(page.locator("#panel .caution")).to_contain_text("This is not an answer.")
    expect(page.locator("#panel mark")).to_have_count(0)


def test_a_follow_up_carries_the_conversation_and_the_period(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    page.get_by_label("From").fill("May 2025")
    page.get_by_label("To", exact=True).fill("31/12/2025")
    ask(page, "What was signed?")
    expect(page.locator("#panel .card")).to_have_count(2)

    ask(page, "And then?")

    expect(page.locator("#panel .card")).to_have_count(1)
    question, history, after, before = desk.asked[-1]
    assert question == "And then?"
    assert [pair[0] for pair in history] == ["What was signed?"]
    assert (str(after), str(before)) == ("2025-05", "2025-12-31")


def test_a_period_that_is_none_gets_a_sentence_and_asks_nothing(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    page.get_by_label("From").fill("soon <b>")

    ask(page, "What was signed?")

    expect(page.get_by_role("alert")).to_contain_text("“soon <b>” is no date.")
    expect(page.get_by_label("Your question")).to_have_value("What was signed?")
    page.get_by_label("From").fill("2025")
    page.get_by_label("To", exact=True).fill("2024")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("ends before it begins")
    assert desk.asked == []
    page.get_by_role("button", name="Clear the period").click()
    expect(page.get_by_label("From")).to_have_value("")
    expect(page.get_by_role("alert")).to_have_text("")


@pytest.mark.parametrize("question", ["too long", "broken"])
def test_an_error_is_one_sentence_and_the_next_question_is_answered(
    desk: Desk, serve: Make, visit: Make, question: str
) -> None:
    page = visit(serve(desk))

    ask(page, question)

    said = {"too long": "The question is too long.", "broken": "This request did not succeed."}
    expect(page.get_by_role("log")).to_contain_text(said[question])
    assert "secret" not in page.content()
    assert "Traceback" not in page.content()
    ask(page, "What was signed?")
    expect(page.get_by_role("log")).to_contain_text("Two articles say:")


def test_stop_gives_the_question_back(desk: Desk, serve: Make, visit: Make) -> None:
    desk.seconds = 3
    page = visit(serve(desk))
    ask(page, "What was signed?")
    expect(page.get_by_role("log")).to_contain_text("Reading the articles…")

    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_label("Your question")).to_have_value("What was signed?")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator("#welcome h2")).to_be_visible()


def test_a_new_conversation_begins_with_nothing(desk: Desk, serve: Make, visit: Make) -> None:
    page = visit(serve(desk))
    ask(page, "What was signed?")
    expect(page.locator("#panel .card")).to_have_count(2)

    page.get_by_role("button", name="New conversation").click()

    expect(page.locator("#welcome h2")).to_be_visible()
    expect(page.locator("#panel .card")).to_have_count(0)
    ask(page, "And then?")
    expect(page.locator("#panel .card")).to_have_count(1)
    assert desk.asked[-1][1] == ()


def test_the_language_is_the_browsers_until_the_reader_chooses(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk), locale="fr-FR")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_label("Votre question").fill("What was signed?")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .byline").first).to_contain_text("12 mai 2025")

    page.get_by_text("English", exact=True).click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#panel .byline").first).to_contain_text("May")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("Two articles say:")


def test_two_visitors_are_answered_at_the_same_time(desk: Desk, serve: Make, visit: Make) -> None:
    desk.seconds = 2
    url = serve(desk)
    first, second = visit(url), visit(url)

    ask(first, "What was signed?")
    ask(second, "And then?")

    expect(first.get_by_role("log")).to_contain_text("Reading the articles…")
    expect(second.get_by_role("log")).to_contain_text("Reading the articles…")
    expect(first.get_by_role("log")).to_contain_text("Two articles say:")
    expect(second.get_by_role("log")).to_contain_text("reopened again")
    expect(second.locator("#panel .card")).to_have_count(1)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        pytest.param(StoreMissing(Path("store")), "No index was built yet.", id="foreseen"),
        pytest.param(OSError("a secret"), "This request did not succeed.", id="unforeseen"),
    ],
)
def test_the_page_opens_without_a_store_and_says_why(
    desk: Desk, serve: Make, visit: Make, trouble: Exception, said: str
) -> None:
    desk.trouble = trouble

    page = visit(serve(desk))

    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_label("Your question")).to_be_editable()


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_sticks_out_of_the_screen(desk: Desk, serve: Make, visit: Make, width: int) -> None:
    page = visit(serve(desk), viewport={"width": width, "height": 844}, locale="fr-FR")
    page.get_by_label("Votre question").fill("What was signed?")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .card")).to_have_count(2)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    card, question = page.locator("#panel .card").first, page.locator("#question")
    below = card.bounding_box()["y"] > question.bounding_box()["y"]  # type: ignore[index]
    assert below == (width < 992)


_HOSTILE = (
    "<script>alert('text')</script><img src=x onerror=alert('image')> "
    "[link](javascript:alert('link')) ${alert('template')} {{value}} `alert(1)` $$x^2$$ "
    "\u202egnp.exe\u202c </mark></p></dialog><h1>no</h1> $5 and $6"
)


def test_hostile_text_is_shown_and_executes_nothing(
    fake_desk: Make, make_article: Make, make_answer: Make, serve: Make, visit: Make
) -> None:
    article = make_article(
        f"Avant. {_HOSTILE} Après.",
        id=f"{_HOSTILE}.txt",
        title=_HOSTILE,
        source=_HOSTILE,
        author=f"auteur {_HOSTILE}",
        language='"><script>alert(1)</script>',
    )
    written = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", _HOSTILE)
    answer = make_answer((article, _HOSTILE), text=f"> {written} [1]")
    page = visit(serve(fake_desk({_HOSTILE: answer})))

    ask(page, _HOSTILE)

    expect(page.locator("#panel .card")).to_have_count(1)
    page.get_by_role("button", name="Read the article").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    for shown in ("#chat .user", "#chat .bot", "#panel mark", "#reader mark"):
        text = page.locator(shown).first.text_content()
        assert text is not None
        assert _HOSTILE in text, shown
    for shown in ("#panel h3", "#panel .byline", "#reader h2", "#reader .byline"):
        assert _HOSTILE in (page.locator(shown).first.text_content() or ""), shown
    inside = ":is(#chat, #panel, #reader)"
    assert page.locator(f"{inside} :is(script, img, h1, .katex)").count() == 0
    assert page.locator(f"{inside} a[href*=javascript]").count() == 0
