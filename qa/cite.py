"""Quotes to an answer: marks, spans, and the check that both are right."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count, groupby
from types import MappingProxyType

from index.spell import spell_date, spell_yearless
from index.types import Article, DateRange
from qa.extract import Sentence
from qa.phrases import answer_language, phrases
from qa.types import Answer, AskedDate, Citation, Passage, Question, Span

MARK = re.compile(r"\[(\d+)\]")
"""A citation mark in `Answer.text`."""

# CommonMark lets any of these be escaped; a quote must not become a list, a link or a mark
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#+\-.!|~$&=:@])")
_MARKDOWN_INSIDE = re.compile(r"([\\`*_\[\]<>|~$&])")
_OPENS_BLOCK = re.compile(r"^(\s*)(#{1,6}|[-+=]|\d{1,9}[.)])(?=\s|$|[-+=])")

Days = Mapping[tuple[str, Span], DateRange]
"""By article id and span: the days that a quote was matched by."""

_NO_DAYS: Days = MappingProxyType({})


def compose(
    question: Question,
    sentences: Iterable[Sentence],
    passages: Sequence[Passage],
    *,
    days: Days = _NO_DAYS,
) -> Answer:
    """Make an answer out of the sentences that answer, in the order a reader expects.

    The best comes first, then the others of its article as they stand there; then the other
    articles, by their best. When the question
    names a day of any year and several years answer, each has a heading, and the newest is first.

    Args:
        question: what was understood.
        sentences: those to quote, best first.
        passages: what was read, best first.
        days: the days that a sentence was matched by; its article's where it is left out.
    """
    numbers = count(1)
    groups = [
        (heading, [_cite(next(numbers), sentence) for sentence in group])
        for heading, group in _by_year(question, _in_reading_order(sentences), days)
    ]
    citations = tuple(citation for _year, group in groups for citation in group)
    text = "\n\n".join([_heading(question, citations), *_body(question, groups)])
    answer = Answer(text, citations, tuple(passages), grounded=True, question=question)
    check_citations(answer)
    return answer


def abstain(
    question: Question,
    passages: Sequence[Passage],
    *,
    no_news: bool = False,
    nearest: Sequence[date] = (),
    missing: Sequence[str] = (),
) -> Answer:
    """Make the honest answer: the articles do not say; this is what comes nearest.

    Args:
        question: what was understood.
        passages: the nearest evidence, best first; empty when filters leave none.
        no_news: whether the dates of the question are why.
        nearest: the days with news nearest to those asked for.
        missing: words of the question, as typed, that nothing near holds; told unless the dates
            or the filters are why.
    """
    words = phrases(question.language)
    if no_news:
        lines = [words.no_news.format(dates=_dates(question.dates, question.language))]
        if nearest:
            language = answer_language(question.language)
            days = ", ".join(spell_date(DateRange.day(day), language) for day in nearest)
            lines.append(words.nearest_days.format(days=days))
    elif passages and missing:
        lines = [words.missing.format(words=_either(missing, question.language))]
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


def _in_reading_order(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Put the best sentence first, then its article's others as they stand there; then the rest.

    Articles come by their best sentence.
    """
    best_first = list(sentences)
    rank: dict[str, int] = {}
    for place, sentence in enumerate(best_first):
        rank.setdefault(sentence.article.id, place)
    rest = sorted(best_first[1:], key=lambda one: (rank[one.article.id], one.span))
    return [*best_first[:1], *rest]


def _by_year(
    question: Question, sentences: Sequence[Sentence], days: Days
) -> list[tuple[str, list[Sentence]]]:
    """Group sentences under a heading for each year, newest first.

    Only when the question leaves every year open and several answer; else one group, headed "".
    """
    by_year: defaultdict[int, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        known = days.get((sentence.article.id, sentence.span), sentence.article.published)
        by_year[known.first.year if known else 0].append(sentence)
    is_open = all(asked.yearless is not None for asked in question.dates)
    if not question.dates or not is_open or len(by_year) == 1:
        return [("", list(sentences))]
    words = phrases(question.language)
    return [
        (words.year.format(year=year) if year else words.undated.capitalize(), by_year[year])
        for year in sorted(by_year, reverse=True)
    ]


def _cite(number: int, sentence: Sentence) -> Citation:
    """Quote a sentence."""
    quote = sentence.article.text[slice(*sentence.span)]
    return Citation(number, sentence.article, *sentence.span, quote)


def _body(question: Question, groups: Sequence[tuple[str, list[Citation]]]) -> Iterator[str]:
    """Write the quotes with their marks, under year and article where there are several."""
    opening, closing = phrases(question.language).quotes
    articles = {citation.article.id for _year, group in groups for citation in group}
    for year, group in groups:
        if year:
            yield f"**{year}**"
        emphasis = "*" if year else "**"
        for _id, quotes in groupby(group, key=lambda citation: citation.article.id):
            quoted = list(quotes)
            if len(articles) > 1:
                source = _source(quoted[0].article, question)
                yield f"{emphasis}{source['title']}{emphasis} ({source['date']})"
            for citation in quoted:
                yield f"> {opening}{escape(citation.quote)}{closing} [{citation.number}]"


def _either(missing: Sequence[str], language: str) -> str:
    """Join words with "or", quoted as they were typed: so they need neither article nor case."""
    words = phrases(language)
    opening, closing = words.quotes
    quoted = [f"{opening}{escape(word)}{closing}" for word in missing]
    return words.last_missing.join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


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
