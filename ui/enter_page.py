"""The page on which people say who they are: no script, in the language of the reader."""

import base64
from hashlib import sha256
from html import escape
from pathlib import Path

from ui.language import Words, languages, load_words
from ui.users import MAX_NAME

_STYLE = (Path(__file__).parent / "static" / "enter.css").read_text(encoding="utf-8")
_STYLE_DIGEST = base64.b64encode(sha256(_STYLE.encode()).digest()).decode("ascii")

POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{_STYLE_DIGEST}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""What a browser may do on this page: its own style sheet and its own form, nothing else."""


def enter_page(words: Words, *, links: dict[str, str], name: str = "", trouble: str = "") -> str:
    """Return the page.

    Args:
        words: those of the reader's language.
        links: for each language, the address of this page in it.
        name: the name that was typed before.
        trouble: why the last attempt did not succeed, as a sentence.
    """
    title = escape(words("page.title"))
    # a screen reader that comes to a field reads the sentence again
    told = ' aria-describedby="trouble" aria-invalid="true"' if trouble else ""
    focus = {"name": " autofocus", "password": ""}
    if name:
        focus = {"name": "", "password": " autofocus"}
    # the address of the form is that of the page: query and #quote of a link come back with it
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><link rel="icon" href="data:,">'
        f"<title>{escape(words('enter.heading'))} – {title}</title><style>{_STYLE}</style></head>"
        f'<body><main><h1>{title}</h1><p class="lead">{escape(words("enter.lead"))}</p>'
        f'{_trouble(trouble)}<form method="post">'
        f'<label for="name">{escape(words("enter.name"))}</label>'
        f'<input id="name" name="name" value="{escape(name)}" maxlength="{MAX_NAME}" required'
        f' autocomplete="username" autocapitalize="none" spellcheck="false"{told}{focus["name"]}>'
        f'<label for="password">{escape(words("enter.password"))}</label>'
        '<input id="password" name="password" type="password" required'
        f' autocomplete="current-password"{told}{focus["password"]}>'
        f"<button>{escape(words('enter.send'))}</button></form></main>"
        f"{_languages(words, links)}</body></html>"
    )


def _trouble(sentence: str) -> str:
    """Return the sentence, so that it is read out as soon as the page is there."""
    if not sentence:
        return ""
    return f'<p class="trouble" id="trouble" role="alert">{escape(sentence)}</p>'


def _languages(words: Words, links: dict[str, str]) -> str:
    """Return the links to the page in each language, each under its own name."""
    items = ""
    for code in languages():
        current = ' aria-current="true"' if code == words.language else ""
        item = f'<a href="{escape(links[code])}" lang="{code}" hreflang="{code}"{current}>'
        items += f"<li>{item}{escape(load_words(code)('language'))}</a></li>"
    return f'<nav aria-label="{escape(words("page.language"))}"><ul>{items}</ul></nav>'
