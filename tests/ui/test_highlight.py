from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from index.types import Article
from qa.types import Answer, Passage
from ui.highlight import Quote, excerpts, highlight, is_exact, paragraphs, shorten


def test_a_quote_is_marked_and_everything_is_escaped() -> None:
    text = 'a <b> & "c"'

    assert highlight(text, (0, len(text)), [Quote(2, 5, 1)]) == (
        'a <mark data-quotes="1" data-number="1">&lt;b&gt;</mark> &amp; &quot;c&quot;'
    )


def test_overlapping_quotes_are_cut_where_one_begins_or_ends() -> None:
    assert highlight("abcdef", (0, 6), [Quote(1, 4, 1), Quote(3, 5, 2)]) == (
        'a<mark data-quotes="1" data-number="1">bc</mark>'
        '<mark data-quotes="1 2" data-number="2">d</mark>'
        '<mark data-quotes="2">e</mark>f'
    )


def test_a_quote_that_leaves_the_window_is_marked_inside_it() -> None:
    assert highlight("abcdef", (2, 4), [Quote(0, 3, 7)]) == '<mark data-quotes="7">c</mark>d'


@given(data=st.data())
def test_highlighting_adds_marks_and_changes_no_character(
    data: st.DataObject, parse_html: Callable[[str], Any]
) -> None:
    text = data.draw(st.text(min_size=1) | st.text(alphabet="<>&;\"'/ab#39", min_size=1))
    place = st.integers(0, len(text))
    start, end = sorted((data.draw(place), data.draw(place)))
    quotes = [
        Quote(*sorted((data.draw(place), data.draw(place))), number)
        for number in range(1, data.draw(st.integers(0, 4)) + 1)
    ]

    shown = parse_html(highlight(text, (start, end), quotes))

    assert shown.text == text[start:end]
    assert {tag for tag, _ in shown.tags} <= {"mark"}
    assert {name for _, names in shown.tags for name in names} <= {"data-quotes", "data-number"}


@given(st.text(alphabet="ab \n"), st.data())
def test_paragraphs_hold_all_text_and_no_blank_line(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    spans = list(paragraphs(text, (start, end)))

    assert all(line.strip() for first, last in spans for line in text[first:last].split("\n"))
    outside = set(range(start, end)) - {place for span in spans for place in range(*span)}
    assert all(text[place].isspace() for place in outside)
    assert spans == sorted(spans)


@given(st.text(alphabet="abc \n", min_size=1), st.data())
def test_a_shortened_span_keeps_what_it_must(text: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.integers(0, len(text))) for _ in range(4))
    span, keep = (edges[0], edges[3]), (edges[1], edges[2])

    start, end = shorten(text, span, keep, context_chars=5)

    assert span[0] <= start <= keep[0]
    assert keep[1] <= end <= span[1]


def test_a_context_ends_between_two_words() -> None:
    text = "un deux trois quatre cinq six sept"
    quote = (text.index("quatre"), text.index("quatre") + len("quatre"))

    start, end = shorten(text, (0, len(text)), quote, context_chars=9)

    assert text[start:end] == "trois quatre cinq"


def test_a_context_ends_after_a_sentence_when_one_ends_in_reach() -> None:
    text = "Un long début. Voici la phrase. La citation. Puis « une autre. » Et encore une fin"
    quote = (text.index("La citation."), text.index("La citation.") + len("La citation."))

    start, end = shorten(text, (0, len(text)), quote, context_chars=25)

    assert text[start:end] == "Voici la phrase. La citation. Puis « une autre. »"


def test_windows_that_touch_become_one(make_article: Callable[..., Article]) -> None:
    article = make_article("x" * 50 + " alpha beta " + "y " * 600 + "gamma")
    passage = Passage(article, 0, len(article.text), article.text, 1.0, 1)
    quotes = [
        Quote(51, 56, 1),
        Quote(57, 61, 2),
        Quote(len(article.text) - 5, len(article.text), 3),
    ]

    windows = excerpts(article.text, quotes, [passage])

    assert len(windows) == 2
    assert windows[0][0] <= 51
    assert windows[0][1] >= 61
    assert windows[1][1] == len(article.text)


def test_a_context_stays_inside_the_passage_that_was_read() -> None:
    text = "avant. Le passage lu. après."
    article = Article("a", "t", text)
    passage = Passage(article, 7, 21, text[7:21], 1.0, 1)

    assert excerpts(text, [Quote(10, 17, 1)], [passage]) == [(7, 21)]


def test_a_quote_is_exact_only_word_for_word(
    make_article: Callable[..., Article], make_answer: Callable[..., Answer]
) -> None:
    (citation,) = make_answer((make_article(), "ont signé")).citations

    assert is_exact(citation)
    assert not is_exact(replace(citation, quote="ont signe"))
    assert not is_exact(replace(citation, start=citation.start + 1))
    assert not is_exact(replace(citation, end=10_000))
    assert not is_exact(replace(citation, start=-9, end=-1, quote=citation.article.text[-9:-1]))
    assert not is_exact(replace(citation, start=5, end=5, quote=""))
