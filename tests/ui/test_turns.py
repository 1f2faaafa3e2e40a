import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from qa.cite import escape
from ui.answer import answer_html
from ui.filters import Filters
from ui.kept import read_record
from ui.language import load_words
from ui.records import restore, to_record, trouble_record
from ui.turns import turn_html

Make = Callable[..., Any]
Answer = Store = Any  # those of conftest.py

_ENGLISH = load_words("en")
_NONE = Filters()
_QUOTE = "Les deux parties ont signé la déclaration commune."


def show(answer: Answer, store: Store, filters: Filters = _NONE) -> str:
    """The turn of an answer, as it comes back from the browser."""
    record = to_record(
        answer,
        record_id="t-1",
        at="",
        filters=filters,
        snapshot="",
        follow_ups=("Who <b>?",),
    )
    return turn_html(read_record(record), restore(read_record(record), store), _ENGLISH)


def test_a_turn_shows_question_answer_marks_and_what_may_be_asked_next(
    make_article: Make, make_answer: Make, make_content: Make, parse_html: Make
) -> None:
    article = make_article()
    answer = make_answer((article, _QUOTE))

    html = show(answer, make_content(article))

    parsed = parse_html(html)
    assert f"{_QUOTE} [1]" in parsed.text
    assert "Who <b>?" in parsed.text
    marks = [attributes for tag, attributes in parsed.tags if tag == "a"]
    assert [mark["href"] for mark in marks] == ["#source-t-1-1"]
    assert marks[0]["aria-label"] == "See source 1"


def test_a_changed_quote_is_told_above_the_answer_and_on_its_mark(
    make_article: Make, make_answer: Make, make_content: Make
) -> None:
    answer = make_answer((make_article(), _QUOTE))

    html = show(answer, make_content(make_article("Something else entirely.")))

    assert "1 quote is no longer in its article" in html
    assert "the article changed since" in html


def test_a_question_without_an_answer_tells_why_in_the_language_of_the_page() -> None:
    record = trouble_record("StoreMissing", record_id="a", question="?", at="", filters=Filters())

    english = turn_html(read_record(record), None, _ENGLISH)
    french = turn_html(read_record(record), None, load_words("fr"))

    assert "No index was built yet." in english
    assert "Aucun index" in french
    assert 'data-act="again"' in english
    assert 'data-act="sources"' not in english


def test_a_trouble_that_nobody_knows_gets_the_general_sentence() -> None:
    record = trouble_record("NoSuch", record_id="a", question="?", at="", filters=Filters())

    assert _ENGLISH("errors.other") in turn_html(read_record(record), None, _ENGLISH).replace(
        "&#x27;", "'"
    )


def test_filters_that_leave_nothing_are_offered_to_be_dropped(
    make_answer: Make, make_article: Make, make_content: Make, parse_html: Make
) -> None:
    empty = replace(
        make_answer(grounded=False), emptied_by=("after", "sources"), passages=(), citations=()
    )
    filters = Filters(after="2030", sources=("AFP",), words=("pont",))

    parsed = parse_html(show(empty, make_content(make_article()), filters))

    offers = [
        json.loads(attributes["data-drop"])
        for tag, attributes in parsed.tags
        if attributes.get("class") == "offer"
    ]
    assert offers == [{"names": ["after", "sources"]}, {"filter": "all"}]
    (group,) = [attributes for _, attributes in parsed.tags if attributes.get("class") == "emptied"]
    assert group["aria-label"] == "No passage is left by these filters."
    assert "Without this filter: From 2030, Source" in parsed.text


def test_no_filter_is_offered_that_was_not_set(
    make_answer: Make, make_article: Make, make_content: Make
) -> None:
    empty = replace(make_answer(grounded=False), emptied_by=("after", "<b>"), passages=())

    assert "offer" not in show(empty, make_content(make_article()))


_ALLOWED = {"p", "blockquote", "strong", "em", "a"}


@given(st.text(max_size=200), st.text(max_size=200))
def test_an_answer_is_text_and_marks_whatever_it_quotes(
    parse_html: Make, quoted: str, raw: str
) -> None:
    html = answer_html(f"{raw}\n\n> “{escape(quoted)}” [1]", "t", _ENGLISH, cited=[1])

    parsed = parse_html(html)
    assert {tag for tag, _ in parsed.tags} <= _ALLOWED
    for tag, attributes in parsed.tags:
        assert set(attributes) <= {"a": {"class", "href", "title", "aria-label"}, "p": {"dir"}}.get(
            tag, set()
        )
        assert str(attributes.get("href", "#")).startswith("#source-t-1") or tag != "a"


def test_a_quote_is_shown_letter_by_letter(parse_html: Make) -> None:
    hostile = (
        "<script>alert(1)</script> [link](javascript:alert(1)) ![image](x) [1] **no** $$x$$ "
        "${f()} {{value}} https://elsewhere.example <b>&amp; `code` # heading - list 1. one"
    )

    html = answer_html(f"> {escape(hostile)} [1]", "t", _ENGLISH, cited=[1])

    parsed = parse_html(html)
    assert hostile in re.sub(r"\s+", " ", parsed.text)
    assert [tag for tag, _ in parsed.tags] == ["blockquote", "p", "a"]


def test_a_mark_without_a_citation_is_text(parse_html: Make) -> None:
    parsed = parse_html(answer_html("said [2] and [1]", "t", _ENGLISH, cited=[1]))

    assert "said [2] and [1]" in parsed.text
    assert [tag for tag, _ in parsed.tags] == ["p", "a"]
