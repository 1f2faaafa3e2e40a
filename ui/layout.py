"""What is on the page and where; nothing here reacts to anything."""

from dataclasses import dataclass, fields

import gradio as gr
from gradio.components import Component

from ui.language import Words, languages, load_words

# Which source to open, which earlier answer to show: the server has them.
_PANEL_SCRIPT = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button.read");
  if (button) trigger("open", { ...button.dataset });
});
document.addEventListener("depeche:recall", (event) => trigger("recall", event.detail));
watch("value", () => document.dispatchEvent(new CustomEvent("depeche:sources")));
"""
_WELCOME_SCRIPT = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button.example");
  if (button) trigger("ask", { question: button.textContent });
});
"""


@dataclass(frozen=True)
class Page:
    """The components of the page that events read or change."""

    turns: gr.State
    asked: gr.State
    language: gr.Radio
    header: gr.HTML
    new: gr.Button
    notice: gr.HTML
    welcome: gr.HTML
    chat: gr.Chatbot
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    period: gr.HTML
    after: gr.Textbox
    before: gr.Textbox
    clear_period: gr.Button
    panel: gr.HTML
    reader: gr.HTML
    footer: gr.HTML

    def outputs(self) -> list[Component]:
        """Return every component: what an event leaves out of its updates stays as it is."""
        return [getattr(self, field.name) for field in fields(self)]


def lay_out(words: Words) -> Page:
    """Place every component inside the Blocks that is open; `relabel` gives them their words."""
    turns, asked = gr.State([]), gr.State("")
    with gr.Row(elem_id="masthead"):
        header = gr.HTML(apply_default_css=False, elem_id="brand")
        new = gr.Button(size="sm", elem_id="new", scale=0, visible=False)
        language = _language_switch(words)
    with gr.Row(elem_id="desk", equal_height=False):
        with gr.Column(elem_id="conversation", scale=3, min_width=320):
            notice = gr.HTML("", elem_id="notice", html_template='<div role="alert">${value}</div>')
            welcome = gr.HTML(
                apply_default_css=False, elem_id="welcome", js_on_load=_WELCOME_SCRIPT
            )
            chat = _chat()
            question, send, stop = _composer()
            period, after, before, clear_period = _period()
        with gr.Column(elem_id="sources", scale=2, min_width=320):
            panel = gr.HTML(apply_default_css=False, elem_id="panel", js_on_load=_PANEL_SCRIPT)
    reader = gr.HTML(visible=False)
    footer = gr.HTML(apply_default_css=False, elem_id="footer")
    return Page(
        turns=turns,
        asked=asked,
        language=language,
        header=header,
        new=new,
        notice=notice,
        welcome=welcome,
        chat=chat,
        question=question,
        send=send,
        stop=stop,
        period=period,
        after=after,
        before=before,
        clear_period=clear_period,
        panel=panel,
        reader=reader,
        footer=footer,
    )


def _language_switch(words: Words) -> gr.Radio:
    """Return the switch, each language under its own name."""
    return gr.Radio(
        [(load_words(code)("language"), code) for code in languages()],
        value=words.language,
        container=False,
        elem_id="language",
        scale=0,
    )


def _chat() -> gr.Chatbot:
    """Return the conversation: no LaTeX ("$5 and $6" are prices), no tags of anybody's."""
    return gr.Chatbot(
        elem_id="chat",
        show_label=False,
        container=False,
        height="100%",
        layout="bubble",
        latex_delimiters=[],
        sanitize_html=True,
        allow_tags=False,
        buttons=[],
        feedback_options=None,
    )


def _composer() -> tuple[gr.Textbox, gr.Button, gr.Button]:
    """Return where the question is written, and its two buttons, of which one is seen."""
    with gr.Row(elem_id="composer", equal_height=True):
        question = gr.Textbox(
            elem_id="question", lines=1, max_lines=6, autofocus=True, container=False, scale=1
        )
        send = gr.Button(variant="primary", elem_id="send", scale=0, min_width=110)
        stop = gr.Button(variant="stop", elem_id="stop", scale=0, min_width=110, visible=False)
    return question, send, stop


def _period() -> tuple[gr.HTML, gr.Textbox, gr.Textbox, gr.Button]:
    """Return the period filter: its legend, its two days and what clears them."""
    with gr.Row(elem_id="period", equal_height=True):
        legend = gr.HTML(apply_default_css=False, elem_id="period-legend")
        after = gr.Textbox(elem_id="after", scale=0, min_width=150, max_lines=1)
        before = gr.Textbox(elem_id="before", scale=0, min_width=150, max_lines=1)
        clear = gr.Button("×", size="sm", elem_id="clear-period", scale=0, min_width=36)
    return legend, after, before, clear
