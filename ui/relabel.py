"""Puts the words of one language on every component of the page."""

from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr

from ui.cards import sources_panel
from ui.language import Words
from ui.layout import Page
from ui.messages import Turn

Updates = dict[Any, Any]  # component -> what changes in it, as Gradio takes it


def relabel(page: Page, words: Words, turns: Sequence[Turn]) -> Updates:
    """Return the updates that show the page in this language."""
    return {
        page.header: masthead(words),
        page.new: gr.update(value=words("page.new")),
        page.language: gr.update(value=words.language, label=words("page.language")),
        page.welcome: "" if turns else welcome(words),
        page.question: gr.update(label=words("ask.label"), placeholder=words("ask.placeholder")),
        page.send: gr.update(value=words("ask.send")),
        page.stop: gr.update(value=words("ask.stop")),
        page.period: f"<span>{escape(words('period.legend'))}</span>",
        page.after: gr.update(label=words("period.after"), placeholder=words("period.placeholder")),
        page.before: gr.update(
            label=words("period.before"), placeholder=words("period.placeholder")
        ),
        page.clear_period: gr.update(value=words("period.clear")),
        page.panel: panel_of(turns, words),
        page.footer: f"<p>{escape(words('page.footer'))}</p>",
    }


def masthead(words: Words) -> str:
    """Return the name of the product and its line; `page.js` takes language and names from it."""
    title, tagline = escape(words("page.title")), escape(words("page.tagline"))
    conversation, period = escape(words("ask.conversation")), escape(words("period.legend"))
    return (
        f'<div data-page-language="{words.language}" data-conversation="{conversation}"'
        f' data-period="{period}">'
        f'<h1>{title}</h1><p class="tagline">{tagline}</p></div>'
    )


def welcome(words: Words) -> str:
    """Return what stands where the conversation will be: an invitation and some questions."""
    examples = "".join(
        f'<li><button type="button" class="example">{escape(question)}</button></li>'
        for question in words.several("welcome.questions")
    )
    return (
        f"<h2>{escape(words('welcome.heading'))}</h2>"
        f'<p class="lead">{escape(words("welcome.lead"))}</p>'
        f'<h3 id="examples">{escape(words("welcome.examples"))}</h3>'
        f'<ul aria-labelledby="examples">{examples}</ul>'
    )


def panel_of(turns: Sequence[Turn], words: Words) -> str:
    """Return the sources of the last turn that has an answer."""
    for number in range(len(turns) - 1, -1, -1):
        if turns[number].answer is not None:
            return sources_panel(turns[number].answer, number, words)
    return sources_panel(None, 0, words)
