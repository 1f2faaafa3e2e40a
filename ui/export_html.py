"""A conversation as one page that needs nothing else: no script, nothing fetched, made to print."""

from html import escape
from pathlib import Path

from qa.types import Citation
from ui.answer import answer_html
from ui.citation import spell_published
from ui.exported import Conversation, Turn
from ui.source import original_link

_STYLE_SHEET = Path(__file__).with_name("export.css")

# The browser holds to it: whatever stood in a text, nothing runs and nothing is asked for.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_html(conversation: Conversation) -> str:
    """Return the page."""
    words, title = conversation.words, escape(conversation.title)
    style = _STYLE_SHEET.read_text(encoding="utf-8")
    turns = "".join(_turn(turn, conversation) for turn in conversation.turns)
    return (
        f'<!doctype html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f'<header><p class="name">{escape(words("page.title"))}</p><h1 dir="auto">{title}</h1>'
        f'<p class="note">{escape(conversation.note)}</p></header>\n'
        f"{turns}</main>\n</body>\n</html>\n"
    )


def _turn(turn: Turn, conversation: Conversation) -> str:
    """Return a question, its answer, and the sources below it."""
    parts = "".join(f"<span>{escape(part)}</span>" for part in conversation.understood(turn))
    return (
        f'<article><h2 dir="auto">{escape(turn.kept.question.text)}</h2>\n'
        f'<p class="note parts">{parts}</p>\n<div class="answer">{_answer(turn, conversation)}'
        f"</div>\n{_sources(turn, conversation)}</article>\n"
    )


def _answer(turn: Turn, conversation: Conversation) -> str:
    """Return the answer, or why there is none; its marks lead to the sources below."""
    words, kept, restored = conversation.words, turn.kept, turn.restored
    if restored is None:
        return f"<p>{escape(words.for_key(kept.trouble))}</p>"
    cited = {citation.number for citation in restored.answer.citations} | set(restored.changed)
    return answer_html(kept.text, kept.id, words, cited=cited, changed=restored.changed)


def _sources(turn: Turn, conversation: Conversation) -> str:
    """Return the citations of a turn, each with where it stands; nothing without any."""
    if turn.restored is None:
        return ""
    words, name = conversation.words, turn.kept.id
    items = {
        citation.number: _source(citation, conversation)
        for citation in turn.restored.answer.citations
    }
    for number in turn.restored.changed:
        items[number] = f"<p>{escape(words('sources.changed', number=number))}</p>"
    listed = "".join(
        f'<li id="source-{escape(name)}-{number}" value="{number}">{items[number]}</li>'
        for number in sorted(items)
    )
    heading = escape(words("sources.heading"))
    return f'<h3>{heading}</h3>\n<ol class="sources">{listed}</ol>\n' if listed else ""


def _source(citation: Citation, conversation: Conversation) -> str:
    """Return a citation: its quote, then title, date, source, author, file and permanent link."""
    article, words = citation.article, conversation.words
    known = [spell_published(article, words), article.source, article.author, article.id]
    parts = "".join(f"<span><bdi>{escape(part)}</bdi></span>" for part in known if part)
    link = conversation.link(citation)
    if original := original_link(article, words):
        parts += f"<span>{original}</span>"
    found = f'<span><a href="{escape(link)}">{escape(words("export.place"))}</a></span>'
    return (
        f'<blockquote dir="auto" lang="{escape(article.language)}">{escape(citation.quote)}'
        f'</blockquote><p class="parts"><span><cite>{escape(article.title)}</cite></span>{parts}'
        f"{found if link else ''}</p>"
    )
