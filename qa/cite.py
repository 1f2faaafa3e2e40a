"""Quotes to an answer: marks, spans, and the check that both are right."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from index.spell import spell_date, spell_yearless
from index.types import Article, DateRange
from qa.extract import Sentence
from qa.phrases import answer_language, phrases
from qa.types import Answer, AskedDate, Citation, Passage, Question

MARK = re.compile(r"\[(\d+)\]")
"""A citation mark in `Answer.text`."""

# CommonMark lets any of these be escaped; a quote must not become a list, a link or a mark
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#+\-.!|~$&=:@])")
_MARKDOWN_INSIDE = re.compile(r"([\\`*_\[\]<>|~$&])")
_OPENS_BLOCK = re.compile(r"^(\s*)(#{1,6}|[-+=]|\d{1,9}[.)])(?=\s|$|[-+=])")


def compose(
    question: Question, sentences: Iterable[Sentence], passages: Sequence[Passage]
) -> Answer:
    """Make an answer out of the sentences that answer, in the order a reader expects.

    Articles come by rank, the sentences of one article as they stand in it.
    """
    ordered = sorted(sentences, key=lambda sentence: (sentence.stretch, sentence.span))
    first_stretch = {s.article.id: s.stretch for s in reversed(ordered)}
    ordered.sort(key=lambda sentence: (first_stretch[sentence.article.id], sentence.span))
    citations = tuple(
        Citation(
            number, sentence.article, *sentence.span, sentence.article.text[slice(*sentence.span)]
        )
        for number, sentence in enumerate(ordered, start=1)
    )
    text = "\n\n".join([_heading(question, citations), *_body(question, citations)])
    answer = Answer(text, citations, tuple(passages), grounded=True, question=question)
    check_citations(answer)
    return answer


def abstain(
    question: Question,
    passages: Sequence[Passage],
    *,
    no_news: bool = False,
    nearest: Sequence[date] = (),
) -> Answer:
    """Make the honest answer: the articles do not say; this is what comes nearest.

    Args:
        question: what was understood.
        passages: the nearest evidence, best first; empty when filters leave none.
        no_news: whether the dates of the question are why.
        nearest: the days with news nearest to those asked for.
    """
    words = phrases(question.language)
    if no_news:
        lines = [words.no_news.format(dates=_dates(question.dates, question.language))]
        if nearest:
            language = answer_language(question.language)
            days = ", ".join(spell_date(DateRange.day(day), language) for day in nearest)
            lines.append(words.nearest_days.format(days=days))
    else:
        lines = [words.not_said if passages else words.filtered_out]
    if passages:
        lines.append(words.nearest_article.format(**_source(passages[0].article, question)))
    return Answer(" ".join(lines), (), tuple(passages), grounded=False, question=question)


def refuse(question: Question, sentence: str) -> Answer:
    """Make the answer to a message that cannot be searched."""
    return Answer(escape(sentence), (), (), grounded=False, question=question)


def check_citations(answer: Answer) -> None:
    """Hold an answer against law 2.

    Raises:
        ValueError: if a quote is not the article's words, or marks and citations do not pair off.
    """
    for citation in answer.citations:
        if not 0 <= citation.start < citation.end <= len(citation.article.text):
            raise ValueError(f"citation {citation.number} lies outside its article")
        if citation.article.text[citation.start : citation.end] != citation.quote:
            raise ValueError(f"citation {citation.number} is not what the article says")
    marks = sorted(int(mark) for mark in MARK.findall(answer.text))
    if marks != [citation.number for citation in answer.citations]:
        raise ValueError(f"marks {marks} and {len(answer.citations)} citations do not pair off")
    if answer.citations and not answer.grounded:
        raise ValueError("an answer that is not grounded has citations")


def escape(text: str) -> str:
    """Write `text` so that Markdown shows it as it is, on one line."""
    line = " ".join(text.split())
    escaped = _MARKDOWN_INSIDE.sub(r"\\\1", line)
    return _OPENS_BLOCK.sub(lambda match: match[1] + _MARKDOWN.sub(r"\\\1", match[2]), escaped)


def plain(text: str) -> str:
    """Take Markdown's escapes out of a heading again."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


def _heading(question: Question, citations: Sequence[Citation]) -> str:
    """Say what was understood and where the answer stands."""
    words = phrases(question.language)
    articles = {citation.article.id: citation.article for citation in citations}
    if len(articles) == 1:
        source = words.one_article.format(**_source(citations[0].article, question))
    else:
        source = words.articles.format(count=len(articles))
    return " ".join([*_understood(question), source])


def _understood(question: Question) -> list[str]:
    """Say which dates were understood, if any."""
    words = phrases(question.language)
    templates = {
        "on": words.on_day,
        "since": words.since,
        "before": words.before,
        "until": words.until,
    }
    return [
        templates[relation].format(dates=_dates(tuple(group), question.language))
        for relation, group in groupby(question.dates, key=lambda asked: asked.relation)
    ]


def _body(question: Question, citations: Sequence[Citation]) -> Iterable[str]:
    """Write the quotes with their marks, under their article's title where there are several."""
    opening, closing = phrases(question.language).quotes
    groups = [
        list(group) for _id, group in groupby(citations, key=lambda citation: citation.article.id)
    ]
    for group in groups:
        if len(groups) > 1:
            source = _source(group[0].article, question)
            yield f"**{source['title']}** ({source['date']})"
        for citation in group:
            yield f"> {opening}{escape(citation.quote)}{closing} [{citation.number}]"


def _source(article: Article, question: Question) -> dict[str, str]:
    """Name an article by title and date, in the question's language."""
    published = article.published
    return {
        "title": escape(article.title),
        "date": phrases(question.language).undated
        if published is None
        else spell_date(published, answer_language(question.language)),
    }


def _dates(asked: Sequence[AskedDate], language: str) -> str:
    """Write the dates of a question as they were understood, each once."""
    spelled = (_spell(date, answer_language(language)) for date in asked)
    return ", ".join(dict.fromkeys(spelled))


def _spell(asked: AskedDate, language: str) -> str:
    """Write one date as it was understood."""
    if asked.range is not None:
        return spell_date(asked.range, language)
    assert asked.yearless is not None
    return spell_yearless(asked.yearless, language)
