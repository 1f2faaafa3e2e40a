"""A written answer as HTML: who wrote it, its sentences with their marks, what speaks against them.

Everything a model wrote is escaped: it is text, and a link or an image in it is letters. The only
links are its marks, and they lead to the sources of the answer that it stands beside.
"""

from collections.abc import Mapping
from html import escape

from qa.links import article_link
from qa.types import Answer
from qa.written.shown import spoken
from qa.written.types import Finding, Problem, Source, WrittenSentence
from qa.written.writing import Written
from ui.language import Words

_FOUND: Mapping[Problem, str] = {
    "unmarked": "written.unmarked",
    "unknown mark": "written.unknown-mark",
    "number": "written.number",
    "date": "written.date",
    "name": "written.name",
    "negation": "written.negation",
    "unsupported": "written.unsupported",
}


def written_html(written: Written, answer: Answer, turn: str, words: Words) -> str:
    """Return a written answer, as far as it has come.

    Args:
        written: what there is of it.
        answer: the answer it is written from; a mark leads to the same source as its own.
        turn: what names both in the page.
        words: the page's words.
    """
    marks = _Marks(written, answer, turn, words)
    sentences = "".join(_sentence(one, marks, words) for one in written.sentences)
    return f"{_heading(written, turn, words)}{sentences}{_end(written, words)}"


def verdict(written: Written, words: Words) -> str:
    """Say in a sentence what came of a written answer; nothing as long as it goes on."""
    if not written.ended:
        return ""
    if written.trouble is not None:
        return words.for_error(written.trouble)
    unsupported = len(written.sentences) - written.supported
    if not unsupported:
        return words("written.all-supported")
    return words("written.not-supported", count=unsupported)


class _Marks:
    """The marks of a written answer."""

    def __init__(self, written: Written, answer: Answer, turn: str, words: Words) -> None:
        """Know what each leads to."""
        self._sources = {source.number: source for source in written.sources}
        self._quoted = {citation.number for citation in answer.citations}
        self._turn = turn
        self._words = words

    def html(self, number: int) -> str:
        """Return a mark: a link to its source, or the bare number where there is none."""
        source = self._sources.get(number)
        if source is None:
            return f'<span class="mark missing">[{number}]</span>'
        title = escape(self._words("answer.source", number=number))
        kind, link = self._place(source)
        return (
            f'<a class="{kind}" href="{escape(link)}" title="{title}" aria-label="{title}">'
            f"[{number}]</a>"
        )

    def _place(self, source: Source) -> tuple[str, str]:
        """Return the class and the address of a link: a card, or the article where none is."""
        if source.number in self._quoted:
            return "mark", f"#source-{self._turn}-{source.number}"
        return "mark read", article_link(source.article.id, (source.start, source.end))


def _heading(written: Written, turn: str, words: Words) -> str:
    """Say who writes."""
    # isolated: the name of a model may be in letters that run the other way
    by = escape(words("written.by", model="\0")).replace(
        "\0", f"<bdi>{escape(written.model)}</bdi>"
    )
    return f'<h4 id="written-{escape(turn)}">{by}</h4>'


def _sentence(sentence: WrittenSentence, marks: _Marks, words: Words) -> str:
    """Return a sentence with its marks, and what speaks against it if anything does."""
    said = " ".join([escape(spoken(sentence)), *map(marks.html, sentence.marks)])
    if sentence.is_supported:
        return f'<p class="sentence" dir="auto">{said}</p>'
    reasons = words("written.between").join(_explain(found, words) for found in sentence.findings)
    why = words("written.why", reasons=reasons)
    return (
        f'<div class="unsupported"><p class="sentence" dir="auto">{said}</p>'
        f'<p class="why">{escape(why)}</p></div>'
    )


def _explain(finding: Finding, words: Words) -> str:
    """Say what speaks against a sentence."""
    return words(_FOUND[finding.problem], words=finding.words)


def _end(written: Written, words: Words) -> str:
    """Return what is being written, or how it ended."""
    if not written.ended:
        going = written.pending.strip() or words("written.waiting")
        return f'<p class="pending" dir="auto">{escape(going)}</p>'
    kind = "verdict" if written.trouble is None else "trouble"
    return f'<p class="{kind}">{escape(verdict(written, words))}</p>'
