import re
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.types import Article, DateRange, YearlessRange
from qa.cite import MARK, abstain, check_citations, compose, escape, plain
from qa.extract import Sentence
from qa.types import Answer, AskedDate, Citation, Passage, Question, Span

# French marks are bound to their word.
_SPACE = "\N{NO-BREAK SPACE}"

TEXT = "Le traité a été signé lundi. Les deux ministres s'en félicitent."
ARTICLE = Article("a.txt", "Un traité", TEXT, DateRange.parse("2025-05-12"))
QUESTION = Question("Qu'est-ce qui a été signé ?", "Qu'est-ce qui a été signé ?", "fr")


MAY_12 = AskedDate("12 mai", yearless=YearlessRange((5, 12), (5, 12)))
MAY_2025 = AskedDate("mai 2025", range=DateRange.parse("2025-05"))
NEAREST = Passage(ARTICLE, 0, 28, TEXT[:28], 1.0, 1)

# bold from end to end: an article's heading goes on with its date
YEAR = re.compile(r"^\*\*(.+)\*\*$", re.MULTILINE)


def ask(text: str, *dates: AskedDate, language: str = "fr") -> Question:
    return Question(text, text, language, dates)


def make_dated(name: str, published: str) -> Article:
    return Article(name, "Un traité", TEXT, DateRange.parse(published))


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


def test_the_best_sentence_is_quoted_first_and_the_others_in_the_order_they_stand_in() -> None:
    spans = (29, 64), (3, 28), (0, 28)

    answer = compose(QUESTION, [make_sentence(span) for span in spans], [])

    assert [citation.start for citation in answer.citations] == [29, 0, 3]
    assert [citation.number for citation in answer.citations] == [1, 2, 3]


def test_articles_come_by_their_best_sentence() -> None:
    other = Article("b.txt", "Autre", "Une autre phrase ici.")
    sentences = [make_sentence((0, 21), other, stretch=1), make_sentence((0, 28), stretch=0)]

    answer = compose(QUESTION, sentences, [])

    assert [citation.article.id for citation in answer.citations] == ["b.txt", "a.txt"]
    assert "D’après 2 articles" in answer.text


def test_an_asked_date_without_a_year_is_told_without_one() -> None:
    asked = AskedDate("12 mai", yearless=YearlessRange((5, 12), (5, 12)))
    question = Question("Et le 12 mai ?", "Et le 12 mai ?", "fr", (asked,))

    answer = compose(question, [make_sentence((0, 28))], [])

    assert answer.text.startswith(f"Date comprise{_SPACE}: 12 mai.")


def test_quotes_of_several_years_stand_under_their_year_newest_first() -> None:
    older = Article("b.txt", "Avant", "Un accord fut signé.", DateRange.parse("2019-05-12"))
    sentences = [make_sentence((0, 20), older, stretch=0), make_sentence((0, 28), stretch=1)]

    answer = compose(ask("Et le 12 mai ?", MAY_12), sentences, [])

    assert answer.text.split("\n\n")[1:] == [
        "**En 2025**",
        "*Un traité* (12 mai 2025)",
        f"> «{_SPACE}Le traité a été signé lundi.{_SPACE}» [1]",
        "**En 2019**",
        "*Avant* (12 mai 2019)",
        f"> «{_SPACE}Un accord fut signé.{_SPACE}» [2]",
    ]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("fr", "En 2025"),
        ("en", "In 2025"),
        ("vi", "Năm 2025"),
        ("de", "Im Jahr 2025"),
        ("es", "En 2025"),
        ("it", "In 2025"),
    ],
)
def test_a_year_is_headed_in_the_language_of_the_question(language: str, heading: str) -> None:
    sentences = [make_sentence((0, 28)), make_sentence((0, 28), make_dated("b.txt", "2019"))]

    answer = compose(ask("12?", MAY_12, language=language), sentences, [])

    assert f"\n\n**{heading}**\n\n" in answer.text


def test_the_day_a_quote_was_matched_by_goes_before_that_of_its_article() -> None:
    days = {("a.txt", (29, 64)): DateRange.parse("2019-05-12")}
    sentences = [make_sentence((0, 28)), make_sentence((29, 64))]

    answer = compose(ask("Et le 12 mai ?", MAY_12), sentences, [], days=days)

    assert [citation.start for citation in answer.citations] == [0, 29]
    assert YEAR.findall(answer.text) == ["En 2025", "En 2019"]


def test_a_quote_of_no_known_year_comes_last() -> None:
    undated = Article("b.txt", "Avant", "Un accord fut signé.")
    sentences = [make_sentence((0, 20), undated, stretch=0), make_sentence((0, 28), stretch=1)]

    answer = compose(ask("Et le 12 mai ?", MAY_12), sentences, [])

    assert YEAR.findall(answer.text) == ["En 2025", "Sans date"]


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param((), id="no date"),
        pytest.param((MAY_2025,), id="a year"),
        pytest.param((MAY_12, MAY_2025), id="a year for one of two"),
    ],
)
def test_years_are_not_told_apart_unless_the_question_leaves_them_open(
    dates: tuple[AskedDate, ...],
) -> None:
    sentences = [make_sentence((0, 28)), make_sentence((0, 28), make_dated("b.txt", "2019"))]

    assert YEAR.findall(compose(ask("Et en mai ?", *dates), sentences, []).text) == []


def test_one_year_needs_no_heading() -> None:
    sentences = [make_sentence((0, 28)), make_sentence((0, 28), make_dated("b.txt", "2025"))]

    assert YEAR.findall(compose(ask("Et le 12 mai ?", MAY_12), sentences, []).text) == []


@st.composite
def dated_quotes(draw: st.DrawFn) -> tuple[list[Sentence], dict[tuple[str, Span], DateRange]]:
    """Sentences of articles that are dated or not, some matched by a day of their own."""
    year = st.integers(2018, 2026).map(DateRange.year)
    published = draw(st.lists(st.none() | year, min_size=1, max_size=4))
    articles = [Article(f"{i}.txt", f"[{i}] *t*", TEXT, days) for i, days in enumerate(published)]
    spans = st.sampled_from([(0, 28), (29, 64), (0, 64)])
    places = draw(
        st.lists(st.tuples(st.sampled_from(articles), spans), min_size=1, unique_by=place_key)
    )
    days = draw(st.dictionaries(st.sampled_from([place_key(place) for place in places]), year))
    stretches = [draw(st.integers(0, 9)) for _ in places]
    sentences = [
        make_sentence(span, article, stretch)
        for (article, span), stretch in zip(places, stretches, strict=True)
    ]
    return sentences, days


def place_key(place: tuple[Article, Span]) -> tuple[str, Span]:
    return place[0].id, place[1]


@given(dated_quotes())
def test_years_fall_from_group_to_group_and_hold_the_quotes_of_their_year(
    quoted: tuple[list[Sentence], dict[tuple[str, Span], DateRange]],
) -> None:
    sentences, days = quoted

    answer = compose(ask("And on 12 May?", MAY_12, language="en"), sentences, [], days=days)

    check_citations(answer)
    assert len(answer.citations) == len(sentences)
    assert MARK.findall(answer.text) == [str(n) for n in range(1, len(sentences) + 1)]
    _before, *rest = YEAR.split(answer.text)
    groups = dict(zip(rest[::2], rest[1::2], strict=True))
    known = {}
    for citation in answer.citations:
        day = days.get((citation.article.id, (citation.start, citation.end)))
        day = day or citation.article.published
        known[citation.number] = f"In {day.first.year}" if day else "No date"
    if len(set(known.values())) == 1:
        assert not groups
    else:
        assert list(groups) == sorted(set(known.values()), key=year_key, reverse=True)
        for heading, body in groups.items():
            assert {known[int(number)] for number in MARK.findall(body)} == {heading}


def year_key(heading: str) -> int:
    return int(heading[3:]) if heading.startswith("In ") else 0


@given(dated_quotes(), st.sampled_from([(), (MAY_2025,), (MAY_2025, MAY_12)]))
def test_no_years_are_told_apart_where_the_question_names_one(
    quoted: tuple[list[Sentence], dict[tuple[str, Span], DateRange]], dates: tuple[AskedDate, ...]
) -> None:
    sentences, days = quoted

    answer = compose(ask("?", *dates), sentences, [], days=days)

    assert YEAR.findall(answer.text) == []
    assert len(answer.citations) == len(sentences)


def test_abstaining_names_the_nearest_days_and_article_and_cites_nothing() -> None:
    asked = AskedDate("12 août", range=DateRange.parse("2025-08-12"))
    question = Question("Et le 12 août ?", "Et le 12 août ?", "fr", (asked,))
    passage = Passage(ARTICLE, 0, 28, TEXT[:28], 1.0, 1)

    answer = abstain(question, [passage], no_news=True, nearest=[date(2025, 5, 12)])

    assert not answer.grounded
    assert answer.citations == ()
    assert "12 août 2025" in answer.text
    assert "12 mai 2025" in answer.text
    assert f"«{_SPACE}Un traité{_SPACE}»" in answer.text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "fr",
            f"rien sur «{_SPACE}Japon{_SPACE}» ni «{_SPACE}Tokyo{_SPACE}».",
        ),
        ("en", "The articles do not say: nothing on “Japon” or “Tokyo”."),
        ("vi", "Các bài báo không cho biết: không có gì về “Japon” hay “Tokyo”."),
        ("de", "Die Artikel sagen es nicht: nichts zu „Japon“ oder „Tokyo“."),
        ("es", "Los artículos no lo dicen: nada sobre «Japon» ni «Tokyo»."),
    ],
)
def test_abstaining_names_what_stands_nowhere_near(language: str, said: str) -> None:
    answer = abstain(ask("?", language=language), [NEAREST], missing=["Japon", "Tokyo"])

    assert said in answer.text.partition("\n")[0]
    assert "Un traité" in answer.text


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (["Japan"], "nothing on “Japan”."),
        (["Japan", "Tokyo", "Osaka"], "nothing on “Japan”, “Tokyo” or “Osaka”."),
        ([], "do not answer this question."),
    ],
)
def test_abstaining_names_one_word_or_several_or_none(missing: list[str], said: str) -> None:
    assert said in abstain(ask("?", language="en"), [NEAREST], missing=missing).text


def test_a_day_without_news_or_a_filter_is_told_before_missing_words() -> None:
    question = ask("Et le Japon le 12 mai ?", MAY_2025)

    assert "Japon" not in abstain(question, [NEAREST], no_news=True, missing=["Japon"]).text
    assert "Japon" not in abstain(question, [], missing=["Japon"]).text


@given(st.lists(st.text(min_size=1), max_size=3), st.sampled_from(["fr", "en", "vi", "de", "es"]))
def test_whatever_was_typed_an_abstention_has_no_marks(missing: list[str], language: str) -> None:
    answer = abstain(ask("?", language=language), [NEAREST], missing=missing)

    check_citations(answer)
    assert MARK.findall(answer.text) == []


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
