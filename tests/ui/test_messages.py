from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ui.language import load_words
from ui.messages import Turn, answer_message, history, messages, plain

_ENGLISH = load_words("en")

Make = Callable[..., Any]


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "**bold** _italic_ `code` ~~gone~~",
        "$$x^2$$ costs $5 and $6",
        "# heading",
        "1. first",
        "&lt;b&gt;",
        "    code",
        "https://example.org/?a=b",
        "a\n---\nb",
        "| a | b |\n|---|---|",
    ],
)
def test_a_question_is_shown_as_it_was_typed(text: str, parse_html: Make) -> None:
    shown = parse_html(MarkdownIt("commonmark").enable("table").render(plain(text)))

    assert {tag for tag, _ in shown.tags} <= {"p"}
    assert shown.text.split() == text.split()


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")) | st.just("\n")))
def test_no_question_becomes_markup(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(plain(text))

    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    inner = {child.type for token in tokens for child in token.children or ()}
    assert inner <= {"text", "text_special", "softbreak", "hardbreak"}


def test_each_mark_becomes_a_link_to_its_source(make_article: Make, make_answer: Make) -> None:
    answer = make_answer((make_article(), "ont signé"), text="> « ont signé » [1]")

    assert answer_message(answer, 4, _ENGLISH) == (
        '> « ont signé » [\\[1\\]](#source-4-1 "See source 1")'
    )


def test_a_bracket_of_the_article_is_no_mark(make_article: Make, make_answer: Make) -> None:
    answer = make_answer((make_article(), "ont signé"), text="\\[1\\] \\\\[1] [2] [1]")

    link = '[\\[1\\]](#source-0-1 "See source 1")'
    assert answer_message(answer, 0, _ENGLISH) == f"\\[1\\] \\\\{link} [2] {link}"


def test_an_address_in_a_quote_is_no_link(make_article: Make, make_answer: Make) -> None:
    text = "see https://example.org, www.example.org, a@example.org"

    written = answer_message(make_answer((make_article(), "musée"), text=text), 0, _ENGLISH)

    assert written == "see https\\://example.org, www\\.example.org, a\\@example.org"


def test_an_answer_with_a_changed_quote_is_withheld(make_article: Make, make_answer: Make) -> None:
    answer = make_answer((make_article(), "ont signé"))
    altered = replace(answer.citations[0], quote="n'ont pas signé")
    answer = replace(answer, citations=(altered,))

    assert answer_message(answer, 0, _ENGLISH) == plain(_ENGLISH("answer.withheld"))


def test_the_conversation_alternates_questions_and_answers(
    make_article: Make, make_answer: Make
) -> None:
    answer = make_answer((make_article(), "ont signé"), text="[1]")
    turns = [Turn("a*b", answer), Turn("c", None, "It failed.")]

    shown = messages(turns, _ENGLISH)

    assert [message["role"] for message in shown] == ["user", "assistant"] * 2
    assert shown[0]["content"] == "a\\*b"
    assert "#source-0-1" in shown[1]["content"]
    assert shown[3]["content"] == "It failed\\."


def test_a_follow_up_leans_on_answers_only(make_article: Make, make_answer: Make) -> None:
    answer = make_answer((make_article(), "ont signé"), text="signed [1]")

    assert history([Turn("a", answer), Turn("b", None, "It failed.")]) == (("a", "signed [1]"),)
