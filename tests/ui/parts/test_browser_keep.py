"""Export and feedback in a real browser, over conversations kept in it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from index.types import Article
from qa.cite import escape
from qa.feedback import latest, read_feedback
from ui import export, feedback
from ui.filters import Filters
from ui.kept import read_record
from ui.language import load_words
from ui.records import Restored, to_record
from ui.turns import turn_html

Make = Callable[..., Any]
Options = Shelf = Any  # those of conftest.py

_HOSTILE = "<img src=x onerror=alert(1)>"

# What the core of the page does: a conversation of one turn, drawn.
_BODY = """
<div id="conversation" class="conversation"><div id="turns">
<article class="turn" id="turn-t1" data-turn="t1">TURN</article></div></div>
<script>
depeche.current = () => "talk";
if (!depeche.talks.load("talk")) depeche.talks.update("talk", (talk) => talk.turns.push(RECORD));
depeche.mount("conversation", document.getElementById("conversation"));
const [record] = depeche.talks.load("talk").turns;
const element = document.getElementById("turn-t1");
document.dispatchEvent(new CustomEvent("depeche:turn", { detail: { element, record } }));
</script>
"""


@pytest.fixture
def page(
    shelf: Shelf,
    options: Options,
    serve_parts: Make,
    make_article: Make,
    make_answer: Make,
    look: Make,
) -> Page:
    """Return a page with an answer."""
    article: Article = make_article(f"Ils ont signé {_HOSTILE} hier.")
    shelf.put(article)
    quote = f"signé {_HOSTILE}"
    answer = replace(make_answer((article, quote)), text=f"> “{escape(quote)}” [1]")
    record = to_record(
        answer,
        record_id="t1",
        at="2025-05-13T08:00:00+00:00",
        filters=Filters(),
        snapshot="000001-abc",
    )
    turn = turn_html(read_record(record), Restored(answer), load_words("en"))
    written = json.dumps(record).replace("<", "\\u003c")
    routes = [*export.routes(shelf, options), *feedback.routes(shelf, options)]
    body = _BODY.replace("RECORD", written).replace("TURN", turn)
    page: Page = look(serve_parts(*routes, body=body).url, accept_downloads=True)
    return page


def judged(options: Options) -> list[tuple[bool | None, str]]:
    """Return the thumbs and words that count."""
    return [(said.good, said.word) for said in latest(read_feedback(options.store)[0])]


def test_a_thumb_is_kept_and_shows_again_after_a_reload(page: Page, options: Options) -> None:
    page.get_by_role("button", name="Good answer").click()

    good = page.get_by_role("button", name="Good answer")
    expect(good).to_have_attribute("aria-pressed", "true")
    expect(good).to_be_focused()
    assert judged(options) == [(True, "")]
    page.reload()
    expect(good).to_have_attribute("aria-pressed", "true")


def test_a_word_is_kept_with_the_thumb(page: Page, options: Options) -> None:
    page.get_by_role("button", name="Bad answer").click()
    page.get_by_label("A word about it").fill(f"Not {_HOSTILE}")

    page.keyboard.press("Enter")

    expect(page.get_by_label("A word about it")).to_have_count(0)
    assert judged(options) == [(False, f"Not {_HOSTILE}")]


def test_the_same_thumb_again_takes_it_back(page: Page, options: Options) -> None:
    good = page.get_by_role("button", name="Good answer")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")

    good.click()

    expect(good).to_have_attribute("aria-pressed", "false")
    assert judged(options) == []


@pytest.mark.parametrize(("name", "suffix"), [("Markdown", ".md"), ("HTML", ".html")])
def test_a_conversation_is_saved_as_a_file(
    page: Page, tmp_path: Path, name: str, suffix: str
) -> None:
    with page.expect_download() as saving:
        page.get_by_role("button", name=f"Export as {name}").click()

    assert saving.value.suggested_filename.endswith(suffix)
    saving.value.save_as(tmp_path / "saved")
    assert "Visite d" in (tmp_path / "saved").read_text(encoding="utf-8")


def test_the_saved_page_shows_hostile_text_and_runs_nothing(
    page: Page, tmp_path: Path, look: Make
) -> None:
    with page.expect_download() as saving:
        page.get_by_role("button", name="Export as HTML").click()
    saving.value.save_as(tmp_path / "saved.html")

    saved = look((tmp_path / "saved.html").as_uri())

    expect(saved.locator("blockquote").first).to_contain_text(f"signé {_HOSTILE}")
    expect(saved.locator("img")).to_have_count(0)
    saved.locator("a.mark").click()
    expect(saved.locator("#source-t1-1")).to_be_in_viewport()


def test_printing_shows_the_page_in_a_frame_without_scripts(page: Page) -> None:
    page.get_by_role("button", name="Print").click()

    frame = page.frame_locator("#print-frame")
    expect(frame.locator("blockquote").first).to_contain_text("signé")
    assert page.locator("#print-frame").get_attribute("sandbox") == (
        "allow-same-origin allow-modals"
    )


def test_without_a_turn_there_is_nothing_to_export(page: Page) -> None:
    expect(page.get_by_role("group", name="Keep this conversation")).to_be_visible()

    page.evaluate("() => document.getElementById('turns').replaceChildren()")

    expect(page.get_by_role("group", name="Keep this conversation")).to_be_hidden()
