from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.types import Article, DateRange, YearlessRange
from qa.cite import MARK, abstain, check_citations, compose, escape, plain
from qa.extract import Sentence
from qa.types import Answer, AskedDate, Citation, Passage, Question

TEXT = "Le traité a été signé lundi. Les deux ministres s'en félicitent."
ARTICLE = Article("a.txt", "Un traité", TEXT, DateRange.parse("2025-05-12"))
QUESTION = Question("Qu'est-ce qui a été signé ?", "Qu'est-ce qui a été signé ?", "fr")


def make_sentence(span: tuple[int, int], article: Article = ARTICLE, stretch: int = 0) -> Sentence:
    return Sentence(article, span, stretch, score=1.0, date=1.0)


class _Text(HTMLParser):
    """Collects the text and the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


def test_a_citation_quotes_the_exact_words_at_its_span() -> None:
    answer = compose(QUESTION, [make_sentence((0, 28))], [])

    (citation,) = answer.citations
    assert citation.quote == "Le traité a été signé lundi."
    assert citation.article.text[citation.start : citation.end] == citation.quote
    assert answer.grounded


def test_the_heading_names_the_article_and_its_date_in_the_language_of_the_question() -> None:
    question = Question("What was signed?", "What was signed?", "en")

    answer = compose(question, [make_sentence((0, 28))], [])

    assert answer.text.startswith("From “Un traité” (12 May 2025):")


def test_sentences_of_one_article_are_quoted_in_the_order_they_stand_in() -> None:
    answer = compose(QUESTION, [make_sentence((29, 64)), make_sentence((0, 28))], [])

    assert [citation.start for citation in answer.citations] == [0, 29]
    assert [citation.number for citation in answer.citations] == [1, 2]


def test_articles_come_by_the_rank_of_their_best_passage() -> None:
    other = Article("b.txt", "Autre", "Une autre phrase ici.")
    sentences = [make_sentence((0, 21), other, stretch=1), make_sentence((0, 28), stretch=0)]

    answer = compose(QUESTION, sentences, [])

    assert [citation.article.id for citation in answer.citations] == ["a.txt", "b.txt"]
    assert "D’après 2 articles" in answer.text


def test_an_asked_date_without_a_year_is_told_without_one() -> None:
    asked = AskedDate("12 mai", yearless=YearlessRange((5, 12), (5, 12)))
    question = Question("Et le 12 mai ?", "Et le 12 mai ?", "fr", (asked,))

    answer = compose(question, [make_sentence((0, 28))], [])

    assert answer.text.startswith("Date comprise : 12 mai.")


def test_abstaining_names_the_nearest_days_and_article_and_cites_nothing() -> None:
    asked = AskedDate("12 août", range=DateRange.parse("2025-08-12"))
    question = Question("Et le 12 août ?", "Et le 12 août ?", "fr", (asked,))
    passage = Passage(ARTICLE, 0, 28, TEXT[:28], 1.0, 1)

    answer = abstain(question, [passage], no_news=True, nearest=[date(2025, 5, 12)])

    assert not answer.grounded
    assert answer.citations == ()
    assert "12 août 2025" in answer.text
    assert "12 mai 2025" in answer.text
    assert "« Un traité »" in answer.text


def test_abstaining_without_a_passage_says_that_the_filters_leave_none() -> None:
    assert "filtres" in abstain(QUESTION, []).text


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("Le traité a été signé mardi.", id="another word"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_quote_that_is_not_the_article_is_refused(quote: str) -> None:
    citation = Citation(1, ARTICLE, 0, 28, quote)
    answer = Answer("> … [1]", (citation,), (), grounded=True, question=QUESTION)

    with pytest.raises(ValueError, match="not what the article says"):
        check_citations(answer)


@pytest.mark.parametrize("text", ["no mark", "[1] and [2]", "[1] twice [1]", "[2]"])
def test_marks_that_do_not_pair_off_with_citations_are_refused(text: str) -> None:
    citation = Citation(1, ARTICLE, 0, 28, TEXT[:28])
    answer = Answer(text, (citation,), (), grounded=True, question=QUESTION)

    with pytest.raises(ValueError, match="pair off"):
        check_citations(answer)


def test_an_answer_that_is_not_grounded_may_not_cite() -> None:
    citation = Citation(1, ARTICLE, 0, 28, TEXT[:28])
    answer = Answer("[1]", (citation,), (), grounded=False, question=QUESTION)

    with pytest.raises(ValueError, match="not grounded"):
        check_citations(answer)


@given(st.text(min_size=1), st.text(min_size=1))
def test_whatever_title_and_text_say_marks_and_citations_pair_off(title: str, text: str) -> None:
    article = Article("a.txt", title, text)

    answer = compose(QUESTION, [make_sentence((0, len(text)), article)], [])

    assert MARK.findall(answer.text) == ["1"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "![x](http://example.org/x.png)",
        "# heading",
        "1. one",
        "- item",
        "* star *emphasis* __strong__ `code` ~~gone~~",
        "| a | b |",
        "&lt;b&gt; &amp; &#60;",
        "see [3] and [12]",
        "cost $5 and $6 or $$x$$",
        "<https://example.org>",
        "=== \n---",
        "back\\slash \\[1\\]",
    ],
)
def test_markdown_and_html_in_a_quote_are_shown_as_they_are(hostile: str) -> None:
    page = _Text()

    page.feed(MarkdownIt("commonmark").enable("table").render("> " + escape(hostile)))

    assert page.text.strip() == " ".join(hostile.split())
    assert page.tags <= {"blockquote", "p"}


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]) | st.just(" ")))
def test_escaping_can_be_taken_back(text: str) -> None:
    assert plain(escape(text)) == " ".join(text.split())
