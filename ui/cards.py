"""The sources panel: a card per cited article, or the nearest passages when nothing answers."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from index.spell import spell_date
from index.types import Article
from qa.types import Answer, Citation, Passage, Span
from ui.highlight import Quote, excerpts, highlight, is_exact, paragraphs, shorten
from ui.language import Words

# A nearest passage is shown from its beginning, this far.
_NEAREST_CHARS = 420

# More articles would bury the honest "nothing answers" under what does not answer.
_NEAREST_COUNT = 3


def sources_panel(answer: Answer | None, turn: int, words: Words) -> str:
    """Return the panel's HTML for the answer of `turn` (from 0); None before the first one."""
    if answer is None:
        hint = f'<p class="hint">{_say(words, "sources.empty")}</p>'
        return _panel(turn, words("sources.heading"), hint)
    if not answer.grounded:
        return _nearest_panel(answer, turn, words)
    groups = _by_article(answer.citations)
    cards = [_cited_card(citations, answer.passages, turn, words) for citations in groups]
    count = f'<p class="count">{escape(words("sources.count", count=len(groups)))}</p>'
    return _panel(turn, words("sources.heading"), count + _list(cards))


def _nearest_panel(answer: Answer, turn: int, words: Words) -> str:
    """Return the panel of an answer that is none."""
    best = {passage.article.id: passage for passage in reversed(answer.passages)}
    nearest = sorted(best.values(), key=lambda passage: passage.rank)[:_NEAREST_COUNT]
    said = "sources.caution" if nearest else "sources.nothing"
    caution = f'<p class="caution">{_say(words, said)}</p>'
    cards = [_nearest_card(passage, turn, words) for passage in nearest]
    return _panel(turn, words("sources.nearest"), caution + _list(cards))


def _by_article(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Group the citations of one article, in the order of their first numbers."""
    first: dict[str, int] = {}
    for citation in citations:
        first.setdefault(citation.article.id, citation.number)

    def place(citation: Citation) -> int:
        """Return the place of a citation's article in the panel."""
        return first[citation.article.id]

    return [list(group) for _, group in groupby(sorted(citations, key=place), key=place)]


def _cited_card(
    citations: Sequence[Citation], passages: Sequence[Passage], turn: int, words: Words
) -> str:
    """Return the card of one article, its quotes in their context."""
    article = citations[0].article
    exact = [citation for citation in citations if is_exact(citation)]
    quotes = [Quote(citation.start, citation.end, citation.number) for citation in exact]
    read = [passage for passage in passages if passage.article.id == article.id]
    shown = "".join(
        _excerpt(article, window, quotes) for window in excerpts(article.text, quotes, read)
    )
    withheld = "".join(
        _withheld(citation.number, words) for citation in citations if citation not in exact
    )
    numbers = "".join(f'<span class="number">{citation.number}</span>' for citation in citations)
    opened = f'data-turn="{turn}" data-citation="{citations[0].number}"'
    head = f'<p class="numbers">{numbers}</p>{_heading(article, words)}'
    return _card(head + shown + withheld, opened, words)


def _withheld(number: int, words: Words) -> str:
    """Return the sentence that stands in place of a quote."""
    sentence = escape(words("sources.withheld", number=number))
    return f'<p class="withheld" data-withheld="{number}">{sentence}</p>'


def _nearest_card(passage: Passage, turn: int, words: Words) -> str:
    """Return the card of a passage that does not answer; nothing in it is highlighted."""
    article, span = passage.article, (passage.start, passage.end)
    window = shorten(article.text, span, (span[0], span[0]), context_chars=_NEAREST_CHARS)
    opened = f'data-turn="{turn}" data-passage="{passage.rank}"'
    return _card(_heading(article, words) + _excerpt(article, window, ()), opened, words)


def _heading(article: Article, words: Words) -> str:
    """Return the title of a card and the line under it."""
    return f"<h3><bdi>{escape(article.title)}</bdi></h3>{byline(article, words)}"


def byline(article: Article, words: Words, *, author: bool = False) -> str:
    """Return the line under a title: date and source, then the `author` where there is room."""
    parts = [_date(article, words)]
    if article.source:
        parts.append(f"<bdi>{escape(article.source)}</bdi>")
    if author and article.author and article.author != article.source:
        parts.append(f"<bdi>{escape(article.author)}</bdi>")
    return f'<p class="byline">{"".join(f"<span>{part}</span>" for part in parts)}</p>'


def _date(article: Article, words: Words) -> str:
    """Return the date of an article for the panel."""
    if article.published is None:
        return _say(words, "sources.undated")
    return escape(spell_date(article.published, words.language))


def _excerpt(article: Article, window: Span, quotes: Sequence[Quote]) -> str:
    """Return a stretch of the article, with an ellipsis where the text goes on."""
    shown = [
        highlight(article.text, paragraph, quotes) for paragraph in paragraphs(article.text, window)
    ]
    if not shown:
        return ""
    if article.text[: window[0]].strip():
        shown[0] = f"… {shown[0]}"
    if article.text[window[1] :].strip():
        shown[-1] = f"{shown[-1]} …"
    content = "".join(f'<p dir="auto">{paragraph}</p>' for paragraph in shown)
    return f'<div class="excerpt" lang="{escape(article.language)}">{content}</div>'


def _card(content: str, opened: str, words: Words) -> str:
    """Return one card; `opened` tells what its button opens."""
    button = f'<button type="button" class="read" {opened}>{_say(words, "sources.read")}</button>'
    return f'<li class="card">{content}{button}</li>'


def _list(cards: Sequence[str]) -> str:
    """Return the cards as a list."""
    return f'<ol class="cards">{"".join(cards)}</ol>' if cards else ""


def _panel(turn: int, heading: str, content: str) -> str:
    """Return the whole panel."""
    title = f'<h2 id="sources-heading">{escape(heading)}</h2>'
    return (
        f'<section aria-labelledby="sources-heading" data-turn="{turn}">{title}{content}</section>'
    )


def _say(words: Words, key: str) -> str:
    """Return the words under `key`, escaped."""
    return escape(words(key))
