"""Connects the components of the page to what they do."""

import logging
from collections.abc import Callable
from html import escape
from typing import Any

import gradio as gr

from index.errors import DepecheError
from qa.types import Answer
from ui.cards import sources_panel
from ui.conversation import Conversation
from ui.desk import Desk
from ui.language import choose_language, load_words
from ui.layout import Page
from ui.messages import Turn
from ui.reader import article_view
from ui.relabel import Updates, relabel

_logger = logging.getLogger(__name__)

# Answered at once: these need no place in the queue of questions.
_AT_ONCE: dict[str, Any] = {
    "queue": False,
    "show_progress": "hidden",
    "api_visibility": "private",
}
_QUEUED: dict[str, Any] = {
    "show_progress": "hidden",
    "trigger_mode": "once",
    "api_visibility": "private",
}


def connect(page: Page, demo: gr.Blocks, desk: Desk) -> None:
    """Wire the whole page; `demo` is the Blocks that is open."""
    _connect_questions(page, Conversation(page, desk))
    _connect_sources(page)
    _connect_language(page, demo)
    demo.load(store_notice(desk), page.language, page.notice, **_QUEUED)


def _connect_questions(page: Page, conversation: Conversation) -> None:
    """Wire asking, stopping, beginning again, and clearing the period."""
    outputs = page.outputs()
    inputs = [page.question, page.turns, page.after, page.before, page.language]
    typed = gr.on(
        [page.question.submit, page.send.click], conversation.ask, inputs, outputs, **_QUEUED
    )
    example = page.welcome.ask(example_question, None, page.question, **_AT_ONCE)
    asked = example.then(conversation.ask, inputs, outputs, **_QUEUED)
    running = [typed, asked]
    page.stop.click(
        conversation.stop,
        [page.asked, page.turns, page.language],
        outputs,
        cancels=running,
        **_AT_ONCE,
    )
    page.new.click(conversation.begin_again, page.language, outputs, cancels=running, **_AT_ONCE)
    page.clear_period.click(
        lambda: ("", "", ""), None, [page.after, page.before, page.notice], **_AT_ONCE
    )


def _connect_sources(page: Page) -> None:
    """Wire the panel: opening an article, recalling the sources of an earlier answer."""
    shown = [page.turns, page.language]
    opened = page.panel.open(open_article, shown, page.reader, **_AT_ONCE)
    opened.then(None, page.reader, None, js="(html) => window.depeche.read(html)")
    page.panel.recall(recall_sources, shown, page.panel, **_AT_ONCE)


def _connect_language(page: Page, demo: gr.Blocks) -> None:
    """Wire the language: the browser's on load, then what the switch says."""

    def greet(request: gr.Request) -> Updates:
        """Return the page in the browser's language."""
        return relabel(
            page, load_words(choose_language(request.headers.get("accept-language"))), ()
        )

    def switch(language: str, turns: list[Turn]) -> Updates:
        """Return the page in the language chosen."""
        return relabel(page, load_words(language), turns)

    demo.load(greet, None, page.outputs(), **_AT_ONCE)
    page.language.input(switch, [page.language, page.turns], page.outputs(), **_AT_ONCE)


def example_question(event: gr.EventData) -> str:
    """Return the example that was chosen."""
    return str(event.question)


def open_article(event: gr.EventData, turns: list[Turn], language: str) -> str:
    """Return the article behind a card's button: of a citation, or of a nearest passage."""
    _, answer = _turn_of(event, turns)
    if answer is None:
        return ""
    citation, passage = (int(getattr(event, name, None) or 0) for name in ("citation", "passage"))
    return article_view(answer, load_words(language), citation=citation, passage=passage)


def recall_sources(event: gr.EventData, turns: list[Turn], language: str) -> str:
    """Return the sources of the answer whose mark was chosen."""
    number, answer = _turn_of(event, turns)
    return sources_panel(answer, number, load_words(language))


def _turn_of(event: gr.EventData, turns: list[Turn]) -> tuple[int, Answer | None]:
    """Return the turn an event names, and its answer.

    There is none when the page is older than the server: its conversation is forgotten here.
    """
    number = int(event.turn)
    return number, turns[number].answer if 0 <= number < len(turns) else None


def store_notice(desk: Desk) -> Callable[[str], str]:
    """Return the handler that tells why the store cannot be opened, or nothing."""

    def notice(language: str) -> str:
        """Return the sentence of the error met, as HTML."""
        try:
            desk.open()
        except Exception as error:
            # whatever it was, the page opens
            if not isinstance(error, DepecheError):
                _logger.exception("the store cannot be opened")
            return escape(load_words(language).for_error(error))
        return ""

    return notice
