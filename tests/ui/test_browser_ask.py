"""Asking, in a real browser, over a desk that answers without models."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from index.errors import QuestionTooLong, StoreMissing
from index.types import YearlessRange
from qa.cite import escape
from qa.types import AskedDate, Question

Make = Callable[..., Any]
Desk = Any  # that of conftest.py

_QUOTE = "Les deux parties ont signé la déclaration commune."
_REOPENED = "Le musée a rouvert mardi."
_MAY = AskedDate("12 May", yearless=YearlessRange((5, 12), (5, 12)))


@pytest.fixture
def desk(fake_desk: Make, make_article: Make, make_answer: Make) -> Desk:
    """Return a desk that knows three questions."""
    visit = make_article()
    museum = make_article(_REOPENED, id="musee.md", title="Le musée rouvre", published=None)
    signed = Question("What was signed?", "What was signed?", "en", (_MAY,))
    follow_up = Question("And then?", "What happened after the signature?", "en")
    both = make_answer(
        (visit, _QUOTE),
        (museum, _REOPENED),
        text=f"**Two articles** say:\n\n> {escape(_QUOTE)} [1]\n\n> {escape(_REOPENED)} [2]",
    )
    return fake_desk(
        {
            "What was signed?": replace(both, question=signed),
            "And then?": replace(make_answer((museum, _REOPENED)), question=follow_up),
            "too long": QuestionTooLong(5000, 1000),
            "broken": RuntimeError("a secret of the server"),
        }
    )


def ask(page: Page, question: str) -> None:
    """Type a question and send it with the keyboard."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def answers(page: Page) -> Any:  # noqa: ANN401  a locator
    """Where the answers stand."""
    return page.locator(".turn:not(.waiting) .answer")


def test_an_answer_appears_with_its_sources_and_is_announced(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))

    ask(page, "What was signed?")

    expect(answers(page)).to_contain_text("Two articles say:")
    expect(page.locator("#panel .card")).to_have_count(2)
    expect(page.locator("#panel mark").first).to_have_text(_QUOTE)
    expect(page.locator("#said")).to_have_text("Answered, from 2 articles.")
    expect(page.get_by_label("Your question")).to_have_value("")
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.locator("#welcome")).to_be_hidden()
    assert page.locator("#said").get_attribute("aria-live") == "polite"


def test_a_sign_of_work_stands_there_before_the_answer(
    desk: Desk, serve: Make, visit: Make
) -> None:
    desk.seconds = 3
    page = visit(serve(desk))

    ask(page, "What was signed?")

    expect(page.locator(".turn .question")).to_have_text("What was signed?")
    expect(page.locator(".turn .working")).to_have_text("Reading the articles…")
    expect(page.locator("#said")).to_have_text("Reading the articles…")
    expect(answers(page)).to_contain_text("Two articles say:")


def test_questions_are_suggested_before_the_first_and_after_each_answer(
    fake_desk: Make, make_article: Make, make_answer: Make, serve: Make, visit: Make
) -> None:
    text = "Le ministre Jean Durand a signé un accord à Lyon le 12 mai 2025."
    article = make_article(text)
    desk = fake_desk({"anything": make_answer((article, text))})
    page = visit(serve(desk))

    example = page.locator("#examples button").first
    question = example.inner_text()
    example.click()

    expect(page.locator(".turn .question")).to_have_text(question)
    expect(answers(page)).to_have_count(1)
    ask(page, "anything")
    expect(answers(page)).to_have_count(2)
    following = page.locator(".turn:last-child .follow-up").first
    question = following.inner_text()
    following.click()
    expect(page.locator(".turn .question").last).to_have_text(question)
    expect(answers(page)).to_have_count(3)
    assert [asked[0] for asked in desk.asked][2] == question


def test_enter_sends_shift_and_enter_breaks_the_line_and_a_composition_is_let_end(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    box = page.get_by_label("Your question")
    box.fill("What was")

    box.press("Shift+Enter")
    page.keyboard.type("signed?")
    expect(box).to_have_value("What was\nsigned?")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    expect(page.locator(".turn")).to_have_count(0)

    box.press("Enter")
    expect(page.locator(".turn .question")).to_have_text("What was\nsigned?")
    expect(answers(page)).to_have_count(1)
    assert [asked[0] for asked in desk.asked] == ["What was\nsigned?"]


@pytest.mark.parametrize("way", ["button", "Escape"])
def test_what_is_stopped_gives_the_question_back_and_the_next_is_answered_at_once(
    desk: Desk, serve: Make, visit: Make, way: str
) -> None:
    desk.seconds = 2
    page = visit(serve(desk))
    ask(page, "And then?")
    expect(page.locator(".working")).to_be_visible()

    if way == "button":
        page.get_by_role("button", name="Stop").click()
    else:
        page.keyboard.press("Escape")

    expect(page.get_by_label("Your question")).to_have_value("And then?")
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#welcome")).to_be_visible()
    ask(page, "What was signed?")
    expect(answers(page)).to_contain_text("Two articles say:")
    # the answer that was not waited for came in between, and is nowhere
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn .question")).to_have_text("What was signed?")


def test_a_chip_taken_off_asks_again_in_place_and_can_be_had_back(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    ask(page, "What was signed?")
    ask_first = page.locator(".turn").first
    expect(ask_first.locator(".chip")).to_have_text(
        ["Date: 12 May of any year", "Question in English"]
    )
    ask(page, "And then?")
    expect(answers(page)).to_have_count(2)
    expect(page.locator(".turn").last.locator(".chip").first).to_have_text(
        "Understood as: What happened after the signature?"
    )

    page.get_by_role("button", name="Remove and ask again: Date: 12 May of any year").click()

    expect(ask_first.get_by_role("button", name="Take into account again")).to_be_visible()
    assert desk.asked[-1][0] == "What was signed?"
    assert desk.asked[-1][1] == []
    assert desk.asked[-1][2].ignore == ("12 May",)
    expect(page.locator(".turn .question")).to_have_text(["What was signed?", "And then?"])
    expect(ask_first.locator(".question")).to_be_focused()
    ask_first.get_by_role("button", name="Take into account again").click()
    expect(ask_first.locator(".chip.ignored")).to_have_count(0)
    expect(answers(page)).to_have_count(2)
    assert desk.asked[-1][2].ignore == ()


def test_filters_add_up_show_as_chips_and_are_cleared_at_once(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    page.locator("#filter-after").fill("mai 2025")
    page.locator("#filter-sources option", has_text="Agence (2)").wait_for(state="attached")
    page.locator("#filter-sources").select_option("Agence")
    page.locator("#filter-languages").select_option("fr")
    page.locator("#filter-words").fill("déclaration commune")
    page.keyboard.press("Enter")
    expect(page.locator("#chosen .chip")).to_have_count(4)

    ask(page, "What was signed?")

    expect(answers(page)).to_have_count(1)
    filters = desk.asked[-1][2]
    assert (filters.after, filters.sources) == ("2025-05", ("Agence",))
    assert (filters.languages, filters.words) == (("fr",), ("déclaration commune",))
    expect(page.locator(".turn .chip.filter")).to_have_text(
        [
            "From May 2025",
            "Source: Agence",
            "Articles in French",
            "Exact words: déclaration commune",
        ]
    )
    page.locator("#chosen").get_by_role("button", name="Remove: Source: Agence").click()
    expect(page.locator("#chosen .chip")).to_have_count(3)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator("#chosen .chip")).to_have_count(0)
    expect(page.locator("#filter-after")).to_have_value("")
    ask(page, "And then?")
    expect(answers(page)).to_have_count(2)
    assert desk.asked[-1][2].after == ""


def test_a_filter_taken_off_an_answer_is_taken_off_the_bar_too(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    page.locator("#filter-after").fill("2025")
    ask(page, "What was signed?")
    expect(answers(page)).to_have_count(1)

    page.locator(".turn").get_by_role("button", name="Remove and ask again: From 2025").click()

    expect(page.locator(".turn .chip.filter")).to_have_count(0)
    expect(page.locator("#filter-after")).to_have_value("")
    assert desk.asked[-1][2].after == ""


def test_filters_that_leave_nothing_say_so_and_offer_to_go(
    desk: Desk, make_answer: Make, serve: Make, visit: Make
) -> None:
    desk.answers["empty"] = replace(
        make_answer(grounded=False, text="No passage matches\\."), emptied_by=("before",)
    )
    page = visit(serve(desk))
    page.locator("#filter-before").fill("1999")
    page.locator("#filter-words").fill("pont")
    page.keyboard.press("Enter")
    ask(page, "empty")
    offer = page.get_by_role("group", name="No passage is left by these filters.")
    expect(offer).to_be_visible()

    desk.answers["empty"] = desk.answers["And then?"]
    page.get_by_role("button", name="Without this filter: Up to 1999").click()

    expect(answers(page)).to_contain_text(_REOPENED)
    expect(page.locator(".emptied")).to_have_count(0)
    filters = desk.asked[-1][2]
    assert (filters.before, filters.words) == ("", ("pont",))
    expect(page.locator("#filter-before")).to_have_value("")


def test_a_period_that_is_none_gets_a_sentence_and_asks_nothing(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    page.locator("#filter-after").fill("soon <b>")

    ask(page, "What was signed?")

    expect(page.get_by_role("alert")).to_contain_text("“soon <b>” is no date.")
    expect(page.locator("#filter-after")).to_be_focused()
    expect(page.get_by_label("Your question")).to_have_value("What was signed?")
    page.locator("#filter-after").fill("2025")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.locator("#filter-before").fill("2024")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("ends before it begins")
    assert desk.asked == []


def test_a_bar_of_the_timeline_narrows_the_answer_to_its_period(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    ask(page, "What was signed?")
    expect(answers(page)).to_have_count(1)

    page.locator("#panel .timeline .bar").first.click()

    expect(page.locator(".turn .chip.filter")).to_have_count(1)
    assert desk.asked[-1][2].after
    assert desk.asked[-1][2].after == page.locator("#filter-after").input_value()


def test_a_follow_up_and_a_question_asked_again_carry_what_came_before(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    ask(page, "What was signed?")
    expect(answers(page)).to_have_count(1)
    ask(page, "And then?")
    expect(answers(page)).to_have_count(2)

    page.locator(".turn").last.get_by_role("button", name="Ask again", exact=True).click()

    expect(page.locator(".turn.waiting")).to_have_count(0)
    expect(answers(page)).to_have_count(2)
    assert [[pair[0] for pair in asked[1]] for asked in desk.asked] == [
        [],
        ["What was signed?"],
        ["What was signed?"],
    ]
    assert "Two articles" in desk.asked[-1][1][0][1]


def test_a_mark_shows_its_source_even_of_an_earlier_answer(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    ask(page, "What was signed?")
    expect(page.locator("#panel .card")).to_have_count(2)
    ask(page, "And then?")
    expect(page.locator("#panel .card")).to_have_count(1)

    page.get_by_role("link", name="See source 2").click()

    expect(page.locator("#panel .card")).to_have_count(2)
    expect(page.locator("#panel mark.lit")).to_have_text(_REOPENED)
    expect(page.locator("#panel mark.lit")).to_be_focused()
    page.locator(".turn").last.get_by_role("button", name="Show sources").click()
    expect(page.locator("#panel .card")).to_have_count(1)
    expect(page.locator("#sources-heading")).to_be_focused()


@pytest.mark.parametrize("question", ["too long", "broken"])
def test_an_error_is_one_sentence_and_the_next_question_is_answered(
    desk: Desk, serve: Make, visit: Make, question: str
) -> None:
    page = visit(serve(desk))

    ask(page, question)

    said = {"too long": "The question is too long.", "broken": "This request did not succeed."}
    expect(answers(page)).to_contain_text(said[question])
    assert "secret" not in page.content()
    assert "Traceback" not in page.content()
    ask(page, "What was signed?")
    expect(answers(page).last).to_contain_text("Two articles say:")
    assert desk.asked[-1][1] == []


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

    page = visit(serve(desk), may_fail=True)

    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_label("Your question")).to_be_editable()
    assert "a secret" not in page.content()


def test_the_language_is_switched_without_the_server_and_kept(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk), locale="fr-FR")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_label("Votre question")).to_be_visible()
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_role("button", name="Tiếng Việt").click()

    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.get_by_role("button", name="Hỏi", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Tiếng Việt")).to_have_attribute("aria-pressed", "true")
    assert [url for url in asked if "/gradio_api/" in url] == []
    page.reload()
    expect(page.get_by_role("button", name="Hỏi", exact=True)).to_be_visible()


def test_answers_are_worded_again_in_the_language_chosen(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    ask(page, "What was signed?")
    expect(page.locator(".turn .chip").first).to_have_text("Date: 12 May of any year")

    page.get_by_role("button", name="Français").click()

    expect(page.locator(".turn .chip").first).to_have_text("Date : 12 mai, toutes années")
    expect(page.locator("#panel .byline").first).to_contain_text("12 mai 2025")
    assert len(desk.asked) == 1


@pytest.mark.parametrize(("system", "other"), [("light", "dark"), ("dark", "light")])
def test_light_and_dark_follow_the_system_until_the_reader_chooses(
    desk: Desk, serve: Make, visit: Make, system: str, other: str
) -> None:
    page = visit(serve(desk), color_scheme=system)
    paper = {"light": "rgb(250, 247, 240)", "dark": "rgb(23, 21, 18)"}
    expect(page.locator("body")).to_have_css("background-color", paper[system])

    page.get_by_role("button", name="Dark mode").click()

    expect(page.locator("body")).to_have_css("background-color", paper[other])
    expect(page.locator("#look")).to_have_attribute("aria-pressed", str(other == "dark").lower())
    page.reload()
    expect(page.locator("body")).to_have_css("background-color", paper[other])
    expect(page.locator("#question")).to_be_visible()
    expect(page.locator("body")).to_have_css("background-color", paper[other])


def test_two_visitors_are_answered_at_the_same_time(desk: Desk, serve: Make, visit: Make) -> None:
    desk.seconds = 2
    url = serve(desk)
    first, second = visit(url), visit(url)

    ask(first, "What was signed?")
    ask(second, "And then?")

    expect(answers(first)).to_contain_text("Two articles say:")
    expect(answers(second)).to_contain_text(_REOPENED)
    expect(second.locator("#panel .card")).to_have_count(1)


def test_nine_open_tabs_do_not_starve_each_other(desk: Desk, serve: Make, visit: Make) -> None:
    url = serve(desk)
    page = visit(url)
    tabs = [page, *(page.context.new_page() for _ in range(8))]
    beating = []
    for tab in tabs:
        tab.on("request", lambda request: beating.append(request.url))
        tab.goto(url)
        tab.wait_for_selector("#question")

    ask(tabs[-1], "What was signed?")

    expect(answers(tabs[-1])).to_contain_text("Two articles say:")
    # a state on the page would keep one of the browser's six connections in each tab
    assert [asked for asked in beating if "heartbeat" in asked] == []


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_sticks_out_of_the_screen(desk: Desk, serve: Make, visit: Make, width: int) -> None:
    page = visit(serve(desk), viewport={"width": width, "height": 844}, locale="fr-FR")
    page.get_by_label("Votre question").fill("What was signed?")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .card")).to_have_count(2)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    card, turn = page.locator("#panel .card").first, page.locator(".turn")
    below = card.bounding_box()["y"] > turn.bounding_box()["y"] + turn.bounding_box()["height"]
    assert below == (width < 992)
    # the question can be written wherever the page is
    page.mouse.wheel(0, 300)
    expect(page.get_by_label("Votre question")).to_be_in_viewport()


def test_the_filters_of_a_phone_open_on_demand_and_tell_their_number(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk), viewport={"width": 390, "height": 844})
    toggle = page.locator("#toggle-filters")
    expect(page.locator("#filter-after")).to_be_hidden()

    toggle.click()

    expect(toggle).to_have_attribute("aria-expanded", "true")
    page.locator("#filter-after").fill("2025")
    page.locator("#filter-before").fill("2026")
    page.locator("#filter-before").blur()
    toggle.click()
    expect(page.locator("#filter-after")).to_be_hidden()
    expect(toggle).to_have_text("Filters (2)")
    expect(page.locator("#chosen .chip")).to_have_text(["From 2025", "To 2026"])


def test_everything_is_reached_by_keyboard_in_the_order_it_is_seen(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    ask(page, "What was signed?")
    expect(answers(page)).to_have_count(1)
    # from the top of the page, wherever the answer left the focus
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")

    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.className")
        )
        if reached[-1] == "filter-words":
            break

    places = [
        next(place for place, name in enumerate(reached) if name.startswith(wanted))
        for wanted in ("open-talks", "look", "log", "chip", "mark", "act", "question", "send")
    ]
    assert places == sorted(places)
    assert reached[-1] == "filter-words"


_HOSTILE = (
    "<script>alert('text')</script><img src=x onerror=alert('image')> "
    "[link](javascript:alert('link')) ${alert('template')} {{value}} `alert(1)` $$x^2$$ "
    "\u202egnp.exe\u202c </mark></p></dialog><h1>no</h1> $5 and $6"
)


def test_hostile_text_is_shown_letter_by_letter_and_executes_nothing(
    fake_desk: Make, make_article: Make, make_answer: Make, serve: Make, visit: Make
) -> None:
    article = make_article(
        f"Avant. {_HOSTILE} Après.",
        title=_HOSTILE,
        source=_HOSTILE,
        language='"><script>alert(1)</script>',
    )
    answer = replace(
        make_answer((article, _HOSTILE)),
        question=Question(_HOSTILE, f"{_HOSTILE}?", "fr", (replace(_MAY, text=_HOSTILE),)),
    )
    desk = fake_desk({_HOSTILE: answer})
    page = visit(serve(desk))
    page.locator("#filter-words").fill(_HOSTILE)
    page.keyboard.press("Enter")

    ask(page, _HOSTILE)

    expect(page.locator("#panel .card")).to_have_count(1)
    for shown in (".question", ".answer", ".chip", "#chosen .chip", "#panel mark", "#panel h3"):
        text = re.sub(r"\s+", " ", page.locator(shown).first.text_content() or "")
        assert _HOSTILE in text, shown
    page.locator(".turn .chip").nth(1).click()
    expect(page.locator(".chip.ignored")).to_contain_text("alert('text')")
    assert desk.asked[-1][2].ignore == (_HOSTILE,)
    page.reload()
    expect(page.locator("#panel .card")).to_have_count(1)
    inside = ":is(#turns, #panel, #chosen, #notices, #talks-list)"
    page.get_by_role("button", name="History").click()
    expect(page.locator("#talks-list .talk")).to_have_count(1)
    assert page.locator(f"{inside} :is(script, img, h1, iframe)").count() == 0
    assert page.locator(f"{inside} a[href*=javascript]").count() == 0


def test_forged_messages_are_answered_in_words_and_harm_nothing(
    desk: Desk, serve: Make, visit: Make
) -> None:
    page = visit(serve(desk))
    ask(page, "What was signed?")
    expect(answers(page)).to_have_count(1)

    replies = page.evaluate(
        """() => Promise.all([
          depeche.wire.ask({ token: "a1", question: 5 }),
          depeche.wire.ask({ token: "a2", question: "?", history: "all" }),
          depeche.wire.ask({ token: "a3", question: "?",
            filters: { path: "/etc/passwd", meta: { _type: "gradio.FileData" }, sources: 7 } }),
          depeche.wire.show(Array(21).fill({ id: "x" })),
        ])"""
    )

    assert [reply["error"] for reply in replies] == ["ClaimInvalid"] * 4
    assert "passwd" not in json.dumps(replies)
    assert len(desk.asked) == 1
