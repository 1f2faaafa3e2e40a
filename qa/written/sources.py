"""Which passages a language model is shown, and under which numbers.

A passage that the answer quotes has the number of its first quote, so that a mark leads to the same
source in both answers; further passages are numbered on from there.
"""

from collections.abc import Iterator, Sequence

from index.types import Article
from qa.sentences import quotable_sentences
from qa.types import Answer, Passage, Span
from qa.written.types import Source

# of one passage, of all of them: some 2,000 tokens, which a machine without an accelerator reads
# in half a minute
_MOST_CHARACTERS = 1_200
_MOST_TOGETHER = 6_000


def choose_sources(answer: Answer) -> tuple[Source, ...]:
    """Return what of an answer a model is shown: whole sentences around each quote, then the rest.

    Numbers rise; one is left out where a quote lies in the passage of an earlier one.
    """
    chosen: list[Source] = []
    room = _MOST_TOGETHER
    for source in _candidates(answer, chosen):
        room -= source.end - source.start
        if room < 0 and chosen:
            break
        chosen.append(source)
    return tuple(chosen)


def _candidates(answer: Answer, chosen: Sequence[Source]) -> Iterator[Source]:
    """Yield what can be shown, best first; what lies in what was `chosen` is passed over."""
    for citation in answer.citations:
        span = (citation.start, citation.end)
        if not _overlaps(citation.article, span, chosen):
            start, end = _around(citation.article, span, answer.passages)
            yield Source(citation.number, citation.article, start, end)
    number = len(answer.citations)
    for passage in answer.passages:
        if not _overlaps(passage.article, (passage.start, passage.end), chosen):
            number += 1
            best = passage.quotes[0] if passage.quotes else (passage.start, passage.start)
            yield Source(number, passage.article, *_around(passage.article, best, [passage]))


def _overlaps(article: Article, span: Span, chosen: Sequence[Source]) -> bool:
    """Whether some of `span` is shown already."""
    return any(
        source.article.id == article.id and source.start < span[1] and span[0] < source.end
        for source in chosen
    )


def _around(article: Article, kept: Span, passages: Sequence[Passage]) -> Span:
    """Return `kept` with the sentences around it that its passage has, as far as there is room."""
    limits = _passage_of(article, kept, passages)
    start, end = kept
    sentences = [one for one in quotable_sentences(article) if limits[0] <= one[0] < limits[1]]
    for sentence in sorted(sentences, key=lambda one: _distance(one, kept)):
        first, last = min(start, sentence[0]), max(end, min(sentence[1], limits[1]))
        if last - first > _MOST_CHARACTERS:
            break
        start, end = first, last
    # a passage without a sentence that could be quoted is shown from its beginning
    return (
        (start, end) if start < end else (limits[0], min(limits[1], limits[0] + _MOST_CHARACTERS))
    )


def _passage_of(article: Article, kept: Span, passages: Sequence[Passage]) -> Span:
    """Return the passage that holds `kept`; itself if none does."""
    for passage in passages:
        holds = passage.start <= kept[0] and kept[1] <= passage.end
        if passage.article.id == article.id and holds:
            return passage.start, passage.end
    return kept


def _distance(sentence: Span, kept: Span) -> int:
    """Return how many characters lie between a sentence and what is kept."""
    return max(0, kept[0] - sentence[1], sentence[0] - kept[1])
