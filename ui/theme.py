"""The look: a plain Gradio theme on system fonts, the style sheets and the scripts of the page."""

import json
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote

from gradio.themes import Base

from index.address import Place
from qa.written.model import LanguageModel
from ui.language import languages, load_words

_STATIC = Path(__file__).with_name("static")

# Only fonts a system has: Gradio's default ones come from the network.
_SANS = ("Segoe UI", "Roboto", "Helvetica Neue", "Liberation Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Liberation Mono", "monospace")

# Paper by day and by night, as in style.css: what is seen before the style sheets are.
_PAPER, _DARK_PAPER = "#faf7f0", "#171512"

# Later ones build on earlier ones; what is not named comes last, in the order of its name.
_STYLE_SHEETS = (
    *("style.css", "masthead.css", "log.css", "welcome.css", "turn.css", "chips.css"),
    *("composer.css", "talks.css", "corpus.css"),
)
_ELSEWHERE = ("enter.css",)  # of the page before this one
_SCRIPTS = ("words.js", "look.js", "say.js", "keep.js", "wire.js", "log.js", "filters.js")

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#8c2f24"/>'
    '<path d="M10 7h6.2c5.6 0 8.8 3.3 8.8 9s-3.2 9-8.8 9H10z" fill="none" stroke="#fbf8f1"'
    ' stroke-width="3"/></svg>'
)


def theme() -> Base:
    """Return the theme that the style sheets build on."""
    return Base(font=_SANS, font_mono=_MONO).set(
        body_background_fill=_PAPER, body_background_fill_dark=_DARK_PAPER
    )


def head(store: Place, *, read_only: bool = False, writer: LanguageModel | None = None) -> str:
    """Return what goes into the page's <head>: icon, style sheets, words and scripts, all inline.

    The style sheets are not given to Gradio as `css`: it would confine them to its own frame, and
    dialogs are outside of that.

    Args:
        store: tells the conversations of two stores at one address from each other.
        read_only: whether the page offers neither upload nor rebuild.
        writer: what writes answers out; None if nothing does.
    """
    icon = f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{quote(_ICON)}">'
    style = "\n".join(_read(name) for name in _ordered("css", _STYLE_SHEETS))
    scripts = "".join(f"<script>{_read(name)}</script>" for name in _ordered("js", _SCRIPTS))
    settings = _settings(store, read_only=read_only, writer=writer)
    return f"{icon}<style>{style}</style>{settings}{scripts}"


def _ordered(suffix: str, first: tuple[str, ...]) -> list[str]:
    """Return the names of the files with a suffix, those that others build on first."""
    names = sorted(path.name for path in _STATIC.glob(f"*.{suffix}"))
    return [*first, *(name for name in names if name not in {*first, *_ELSEWHERE})]


def _read(name: str) -> str:
    """Return the content of a file."""
    return (_STATIC / name).read_text(encoding="utf-8")


def _settings(store: Place, *, read_only: bool, writer: LanguageModel | None) -> str:
    """Return the script that gives the others what they need to know."""
    path = str(store.resolve()).encode("utf-8", "surrogateescape")
    settings = {
        # the name of a folder is nobody's affair: its hash tells two apart as well
        "store": blake2b(path, digest_size=6).hexdigest(),
        "readOnly": read_only,
        "writes": _where(writer),
        "words": {code: _flat(code) for code in languages()},
    }
    # "</script>" and "<!--" would end or hide the script
    written = json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c")
    return f"<script>window.depeche = {{ settings: {written} }};</script>"


def _where(writer: LanguageModel | None) -> str | None:
    """Say where what writes answers out is; None if nothing does."""
    if writer is None:
        return None
    return "here" if writer.is_on_this_machine else "elsewhere"


def _flat(code: str) -> dict[str, str]:
    """Return the words of a language."""
    return {key: str(entry) for key, entry in load_words(code).entries.items()}
