"""A conversation as Markdown: the answers as they were given, every citation below its answer."""

import re
from collections.abc import Iterator

from index.addresses import read_address, site_of
from index.types import Article
from qa.cite import escape
from qa.types import Citation
from ui.citation import one_line, spell_published
from ui.exported import Conversation, Turn
from ui.language import Words

# Our own answers have neither, but a browser sent this one: HTML, and what ends the text of a link.
_UNWANTED = re.compile(r"(?<!\\)((?:\\\\)*)(<|\](?=[(:]))")


def write_markdown(conversation: Conversation) -> str:
    """Return the file."""
    blocks = [f"# {escape(conversation.title)}", f"*{escape(conversation.note)}*"]
    for turn in conversation.turns:
        blocks.extend(_turn(turn, conversation))
    return "\n\n".join(blocks) + "\n"


def _turn(turn: Turn, conversation: Conversation) -> Iterator[str]:
    """Yield the blocks of a turn."""
    words, restored = conversation.words, turn.restored
    yield f"## {escape(turn.kept.question.text)}"
    if parts := conversation.understood(turn):
        yield f"*{escape(' · '.join(parts))}*"
    if restored is None:
        yield escape(words.for_key(turn.kept.trouble))
        return
    yield _UNWANTED.sub(r"\1\\\2", turn.kept.text)
    lines = {
        citation.number: _source(citation, conversation) for citation in restored.answer.citations
    }
    for number in restored.changed:
        lines[number] = escape(words("sources.changed", number=number))
    if lines:
        yield f"### {escape(words('sources.heading'))}"
        yield "\n".join(f"- \\[{number}\\] {lines[number]}" for number in sorted(lines))


def _source(citation: Citation, conversation: Conversation) -> str:
    """Return a citation on one line: quote, title, date, source, file, permanent link."""
    article, words = citation.article, conversation.words
    cited = words(
        "sources.citation",
        quote=" ".join(citation.quote.split()),
        title=one_line(article.title),
        date=spell_published(article, words),
        file=one_line(article.id),
    )
    source = f" ({escape(one_line(article.source))})" if article.source else ""
    link = conversation.link(citation)
    # the address is written by us: no sign in it is one of Markdown's
    place = f" [{escape(words('export.place'))}](<{link}>)" if link else ""
    return f"{escape(cited)}{source}{_original(article, words)}{place}"


def _original(article: Article, words: Words) -> str:
    """Return the link to where the article was published, or nothing."""
    # it has only letters, digits and signs that mean nothing between < and >
    address = read_address(article.url or "")
    if address is None:
        return ""
    return f" [{escape(words('sources.original', site=site_of(address)))}](<{address}>)"
