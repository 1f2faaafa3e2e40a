"""The look: a plain Gradio theme on system fonts, the style sheets and the script of the page."""

from pathlib import Path
from urllib.parse import quote

from gradio.themes import Base

_HERE = Path(__file__).parent

# Only fonts a system has: Gradio's default ones come from the network.
_SANS = ("Segoe UI", "Roboto", "Helvetica Neue", "Liberation Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Liberation Mono", "monospace")

# Later ones build on earlier ones.
_STYLE_SHEETS = ("style.css", "conversation.css", "composer.css", "sources.css", "reader.css")

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#8c2f24"/>'
    '<path d="M10 7h6.2c5.6 0 8.8 3.3 8.8 9s-3.2 9-8.8 9H10z" fill="none" stroke="#fbf8f1"'
    ' stroke-width="3"/></svg>'
)


def theme() -> Base:
    """Return the theme that the style sheets build on."""
    return Base(font=_SANS, font_mono=_MONO)


def head() -> str:
    """Return what goes into the page's <head>: icon, style sheets and script, all inline.

    The style sheets are not given to Gradio as `css`: it would confine them to its own frame, and
    the reader is outside of that.
    """
    icon = f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{quote(_ICON)}">'
    style = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _STYLE_SHEETS)
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    return f"{icon}<style>{style}</style><script>{script}</script>"
