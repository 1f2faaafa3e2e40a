"""What is on the page and where: fixed HTML, part by part; the scripts do the rest."""

from pathlib import Path

import gradio as gr

_STATIC = Path(__file__).with_name("static")

_PARTS = ("masthead", "conversation", "sources", "corpus", "talks", "say")

# The names of the events stand in quotes: that is how Gradio knows them.
_CONNECT = "window.depeche.connect(trigger, watch, props, [{events}])"
_WIRE_EVENTS = "'ask', 'show', 'stop'"
_PEN_EVENTS = "'write', 'halt'"


def lay_out() -> gr.HTML:
    """Place every part inside the Blocks that is open; return the wire, which has no look.

    No part has a value, so nothing is ever drawn again under the reader: Gradio mounts each, and
    the scripts are told.
    """
    for name in _PARTS:
        gr.HTML(
            html_template=_read_part(name),
            elem_id=name,
            apply_default_css=False,
            js_on_load=f"window.depeche.mount('{name}', element)",
        )
    return _lay_wire("wire", _WIRE_EVENTS)


def lay_out_pen() -> gr.HTML:
    """Place a second wire: what streams on it must not be taken for the answer of another event."""
    return _lay_wire("pen", _PEN_EVENTS)


def _lay_wire(name: str, events: str) -> gr.HTML:
    """Place a component without a look, whose value is what the server says."""
    return gr.HTML(
        html_template="<span hidden></span>",
        elem_id=name,
        apply_default_css=False,
        js_on_load=_CONNECT.format(events=events),
    )


def _read_part(name: str) -> str:
    """Return the HTML of a part; one that has none of its own is filled by its script."""
    path = _STATIC / f"{name}.html"
    return path.read_text(encoding="utf-8") if path.exists() else f'<div class="{name}"></div>'
