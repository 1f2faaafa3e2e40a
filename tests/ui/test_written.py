"""A written answer as HTML: what a model wrote is text, whatever it is made of."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import WriterSilent
from qa.types import Answer
from qa.written.types import Finding, Source, WrittenSentence
from qa.written.writing import Written
from ui.language import languages, load_words
from ui.written import verdict, written_html

Make = Callable[..., Any]

_ENGLISH = load_words("en")
_QUOTE = "Les deux parties ont signé la déclaration commune."

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> ![](http://127.0.0.1:9/leak) "
    '[link](javascript:alert(1)) "onclick=" </p></section> &amp; {{value}} ${f()} <!-- [1]'
)


@pytest.fixture
def answer(make_answer: Make, make_article: Make) -> Answer:
    """An answer with one quote."""
    made = make_answer((make_article(), _QUOTE))
    assert isinstance(made, Answer)
    return made


def written(answer: Answer, *sentences: WrittenSentence, **fields: Any) -> Written:  # noqa: ANN401
    """A written answer of these sentences, with a passage that is quoted and one that is not."""
    article = answer.citations[0].article
    sources = (Source(1, article, 0, 80), Source(2, article, 80, 120))
    known: dict[str, Any] = {"ended": True}
    return Written("tiny", sources, sentences=sentences, **(known | fields))


def test_a_mark_leads_to_the_card_of_its_quote_else_to_the_passage(
    answer: Answer, parse_html: Make
) -> None:
    sentence = WrittenSentence("Une déclaration.", (1, 2), (0, 20))

    parsed = parse_html(written_html(written(answer, sentence), answer, "t-1", _ENGLISH))

    marks = [attributes for tag, attributes in parsed.tags if tag == "a"]
    assert [mark["href"] for mark in marks] == [
        "#source-t-1-1",
        "?article=2025/visite.txt#passage=80-120",
    ]
    assert marks[1]["class"] == "mark read"
    assert marks[0]["aria-label"] == "See source 1"
    assert parsed.text.startswith("Written by tinyUne déclaration. [1] [2]")
    assert "nothing speaks against it" in parsed.text


def test_a_mark_without_a_passage_leads_nowhere_and_the_reason_is_in_words(
    answer: Answer, parse_html: Make
) -> None:
    sentence = WrittenSentence("Faux.", (9,), (0, 9), (Finding("unknown mark", "[9]"),))

    parsed = parse_html(written_html(written(answer, sentence), answer, "t", _ENGLISH))

    assert "a" not in {tag for tag, _ in parsed.tags}
    assert "Not supported: it cites a passage that does not exist ([9])." in parsed.text
    assert "1 sentence is not supported by the passages." in parsed.text


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    "finding",
    [
        Finding("unmarked"),
        Finding("unknown mark", "[9]"),
        Finding("number", "15"),
        Finding("date", "12 mai"),
        Finding("name", "Durand"),
        Finding("negation", "ne … pas"),
        Finding("unsupported"),
    ],
    ids=lambda finding: finding.problem,
)
def test_every_problem_has_its_words_in_every_language(
    answer: Answer, parse_html: Make, language: str, finding: Finding
) -> None:
    sentence = WrittenSentence("Faux.", (1,), (0, 9), (finding,))
    shown = written(answer, sentence)

    text = parse_html(written_html(shown, answer, "t", load_words(language))).text

    assert "{" not in text
    if finding.problem in ("number", "date", "name"):
        assert finding.words in text


def test_reasons_are_joined_as_each_language_joins_them(answer: Answer) -> None:
    findings = (Finding("number", "15"), Finding("name", "Durand"))
    shown = written(answer, WrittenSentence("Faux.", (1,), (0, 9), findings))

    french = written_html(shown, answer, "t", load_words("fr"))
    english = written_html(shown, answer, "t", _ENGLISH)

    assert "cite\u202f; le nom" in french
    assert "cites; the name" in english


def test_what_is_being_written_stands_behind_what_was_checked(answer: Answer) -> None:
    sentence = WrittenSentence("Une déclaration.", (1,), (0, 20))
    going = written(answer, sentence, text="Une déclaration [1]. Puis", checked=20, ended=False)

    html = written_html(going, answer, "t", _ENGLISH)

    assert html.endswith('<p class="pending" dir="auto">Puis</p>')
    assert verdict(going, _ENGLISH) == ""
    waiting = written_html(written(answer, ended=False), answer, "t", _ENGLISH)
    assert "Reading the passages…" in waiting


def test_a_failure_is_told_in_the_language_of_the_page(answer: Answer) -> None:
    failed = written(answer, trouble=WriterSilent("http://127.0.0.1:1/v1", "hangs"))

    assert "met trop longtemps" in written_html(failed, answer, "t", load_words("fr"))
    assert "127.0.0.1" not in written_html(failed, answer, "t", load_words("en"))


def check_harmless(html: str, parse_html: Make) -> None:
    """Nothing but our own tags, with our own attributes, and links to our own places."""
    parsed = parse_html(html)
    allowed = {"h4": {"id"}, "bdi": set(), "p": {"class", "dir"}, "div": {"class"}}
    allowed |= {"span": {"class"}, "a": {"class", "href", "title", "aria-label"}}
    for tag, attributes in parsed.tags:
        assert set(attributes) <= allowed[tag]
        if tag == "a":
            assert re.match(r"#source-t-\d+$|\?article=", attributes["href"])


def test_html_markdown_links_and_images_are_letters(answer: Answer, parse_html: Make) -> None:
    sentences = [
        WrittenSentence(HOSTILE, (1,), (0, 9)),
        WrittenSentence(HOSTILE, (9,), (9, 12), (Finding("name", HOSTILE),)),
    ]

    html = written_html(
        written(answer, *sentences, text=HOSTILE, ended=False), answer, "t", _ENGLISH
    )

    check_harmless(html, parse_html)
    assert parse_html(html).text.count(HOSTILE) == 4


@given(st.text(max_size=60), st.text(max_size=60), st.lists(st.integers(0, 9999), max_size=4))
def test_whatever_a_model_writes_is_letters(
    parse_html: Make,
    make_answer: Make,
    make_article: Make,
    text: str,
    words: str,
    marks: list[int],
) -> None:
    answer = make_answer((make_article(), _QUOTE))
    sentence = WrittenSentence(text, tuple(marks), (0, 1), (Finding("number", words),))

    shown = written(answer, sentence, text=text, ended=False)

    check_harmless(written_html(shown, answer, "t", _ENGLISH), parse_html)
