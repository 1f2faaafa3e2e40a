"""The sources panel: a card per story, its quotes in their context."""

from collections.abc import Collection, Mapping, Sequence
from html import escape

from index.types import Article
from qa.types import Answer, Citation, Passage
from ui.highlight import Quote, excerpts, is_exact, shorten
from ui.language import Words
from ui.source import excerpt, heading, marks, quote_tools, source, tools
from ui.stories import Version, compare, group_stories
from ui.timeline import evidence_timeline

# A nearest passage is shown from its beginning, this far.
_NEAREST_CHARS = 420

# More articles would bury the honest "nothing answers" under what does not answer.
_NEAREST_COUNT = 3

_KINDS: Mapping[Version, str] = {"copy": "sources.same", "version": "sources.version"}


def sources_panel(
    answer: Answer | None,
    turn: int | str,
    words: Words,
    *,
    changed: Collection[int] = (),
) -> str:
    """Return the panel's HTML.

    Args:
        answer: the answer whose sources are shown; None before the first one.
        turn: what names the answer in the page, in `#source-TURN-NUMBER` too.
        words: the page's words.
        changed: numbers of the citations whose words the articles no longer have.
    """
    if answer is None:
        hint = f'<p class="hint">{_say(words, "sources.empty")}</p>'
        return _panel(turn, words("sources.heading"), hint)
    if not answer.grounded:
        return _nearest_panel(answer, turn, words)
    return _CitedPanel(answer, words, changed).html(turn)


class _CitedPanel:
    """The panel of an answer that quotes."""

    def __init__(self, answer: Answer, words: Words, changed: Collection[int]) -> None:
        """Group the citations by article, and the articles by story."""
        self._answer, self._words = answer, words
        self._changed = frozenset(changed)
        self._cited = _by_article(answer.citations)
        read = {passage.article.id: passage.article for passage in answer.passages}
        articles = {group[0].article.id: group[0].article for group in self._cited.values()}
        # a copy that was read is told of beside what was quoted, and makes no card of its own
        self._stories = [
            story
            for story in group_stories([*articles.values(), *_others(read, articles)])
            if story[0].id in self._cited
        ]

    def html(self, turn: int | str) -> str:
        """Return the panel."""
        words = self._words
        count = f'<p class="count">{escape(words("sources.count", count=len(self._cited)))}</p>'
        timeline = evidence_timeline(self._answer, words)
        cards = [self._card(story) for story in self._stories] + self._lost_cards()
        return _panel(turn, words("sources.heading"), count + timeline + _list(cards))

    def _card(self, story: Sequence[Article]) -> str:
        """Return the card of a story: the article quoted first, its other versions folded in."""
        lead = self._quoted(story[0], level=3)
        if len(story) == 1:
            return _card(lead)
        others = "".join(self._version(article, story[0]) for article in story[1:])
        summary = escape(self._words("sources.versions", count=len(story) - 1))
        return _card(
            f'{lead}<details class="versions"><summary>{summary}</summary>'
            f"<ul>{others}</ul></details>"
        )

    def _version(self, article: Article, lead: Article) -> str:
        """Return another version of a story, with its quotes if it has any."""
        kind = escape(self._words(_KINDS[compare(article, lead)]))
        if article.id in self._cited:
            shown = self._quoted(article, level=4)
        else:
            shown = source(article, heading(article, self._words, 4) + tools(article, self._words))
        return f'<li><p class="kind">{kind}</p>{shown}</li>'

    def _quoted(self, article: Article, level: int) -> str:
        """Return an article that is quoted, each quote in its context."""
        words = self._words
        citations = self._cited[article.id]
        exact = [one for one in citations if is_exact(one) and one.number not in self._changed]
        quotes = [Quote(one.start, one.end, one.number) for one in exact]
        read = [passage for passage in self._answer.passages if passage.article.id == article.id]
        shown = "".join(
            excerpt(article, window, quotes) for window in excerpts(article.text, quotes, read)
        )
        missing = "".join(self._missing(one.number) for one in citations if one not in exact)
        offered = "".join(quote_tools(article, quote, words) for quote in quotes)
        head = marks(one.number for one in citations) + heading(article, words, level)
        return source(article, head + shown + missing + (offered or tools(article, words)), quotes)

    def _missing(self, number: int) -> str:
        """Return the sentence that stands in place of a quote."""
        key = "sources.changed" if number in self._changed else "sources.withheld"
        sentence = escape(self._words(key, number=number))
        return f'<p class="withheld" data-withheld="{number}">{sentence}</p>'

    def _lost_cards(self) -> list[str]:
        """Return a card for each quote whose article is gone, so that its mark leads somewhere."""
        known = {citation.number for citation in self._answer.citations}
        return [
            _card(marks([number]) + self._missing(number))
            for number in sorted(self._changed - known)
        ]


def _nearest_panel(answer: Answer, turn: int | str, words: Words) -> str:
    """Return the panel of an answer that is none."""
    best = {passage.article.id: passage for passage in reversed(answer.passages)}
    nearest = sorted(best.values(), key=lambda passage: passage.rank)
    stories = group_stories([passage.article for passage in nearest])[:_NEAREST_COUNT]
    said = "sources.caution" if nearest else "sources.nothing"
    caution = f'<p class="caution">{_say(words, said)}</p>'
    cards = [_nearest_card(best[story[0].id], words) for story in stories]
    return _panel(turn, words("sources.nearest"), caution + _list(cards))


def _nearest_card(passage: Passage, words: Words) -> str:
    """Return the card of a passage that does not answer; nothing in it is highlighted."""
    article, span = passage.article, (passage.start, passage.end)
    window = shorten(article.text, span, (span[0], span[0]), context_chars=_NEAREST_CHARS)
    shown = heading(article, words, 3) + excerpt(article, window, ())
    return _card(source(article, shown + tools(article, words, near=span)))


def _by_article(citations: Sequence[Citation]) -> dict[str, list[Citation]]:
    """Group the citations by article, in the order of their first numbers."""
    groups: dict[str, list[Citation]] = {}
    for citation in sorted(citations, key=lambda citation: citation.number):
        groups.setdefault(citation.article.id, []).append(citation)
    return groups


def _others(read: Mapping[str, Article], cited: Mapping[str, Article]) -> list[Article]:
    """Return the articles that were read and not cited."""
    return [article for name, article in read.items() if name not in cited]


def _card(content: str) -> str:
    """Return one card."""
    return f'<li class="card">{content}</li>'


def _list(cards: Sequence[str]) -> str:
    """Return the cards as a list."""
    return f'<ol class="cards">{"".join(cards)}</ol>' if cards else ""


def _panel(turn: int | str, heading: str, content: str) -> str:
    """Return the whole panel."""
    title = f'<h2 id="sources-heading" tabindex="-1">{escape(heading)}</h2>'
    return (
        '<section class="sources" aria-labelledby="sources-heading" '
        f'data-turn="{escape(str(turn))}">{title}{content}</section>'
    )


def _say(words: Words, key: str) -> str:
    """Return the words under `key`, escaped."""
    return escape(words(key))
