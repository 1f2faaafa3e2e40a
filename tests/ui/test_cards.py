from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from index.spell import spell_date
from index.types import Article, DateRange
from qa.types import Answer
from ui.cards import sources_panel
from ui.language import load_words

_ENGLISH = load_words("en")
_ALLOWED = {
    "section": {"aria-labelledby", "data-turn"},
    "h2": {"id"},
    "h3": set(),
    "p": {"class", "dir"},
    "ol": {"class"},
    "li": {"class"},
    "div": {"class", "lang"},
    "span": {"class"},
    "bdi": set(),
    "mark": {"data-quotes", "data-number"},
    "button": {"type", "class", "data-turn", "data-citation", "data-passage"},
}

Make = Callable[..., Any]


def test_before_the_first_answer_the_panel_says_what_will_be_there() -> None:
    assert _ENGLISH("sources.empty") in sources_panel(None, 0, _ENGLISH)


def test_a_card_tells_title_date_source_and_the_quote_in_its_context(
    make_article: Make, make_answer: Make, parse_html: Make
) -> None:
    answer = make_answer((make_article(), "Les deux parties ont signé la déclaration commune."))

    html = sources_panel(answer, 3, _ENGLISH)

    shown = parse_html(html)
    assert "Visite d'État" in shown.text
    assert spell_date(DateRange.parse("2025-05-12"), "en") in shown.text
    assert "Agence" in shown.text
    assert "Le président a reçu" in shown.text
    assert (
        '<mark data-quotes="1" data-number="1">Les deux parties ont signé la déclaration '
        "commune.</mark>" in html
    )
    assert 'data-turn="3" data-citation="1"' in html


def test_dates_follow_the_language_of_the_page(make_article: Make, make_answer: Make) -> None:
    answer = make_answer((make_article(published=DateRange.month(2025, 5)), "musée"))

    assert "mai 2025" in sources_panel(answer, 0, load_words("fr"))
    assert "May 2025" in sources_panel(answer, 0, _ENGLISH)


def test_an_article_without_date_or_source_says_so_and_no_more(
    make_article: Make, make_answer: Make
) -> None:
    answer = make_answer((make_article(published=None, source=None), "musée"))

    assert '<p class="byline"><span>undated</span></p>' in sources_panel(answer, 0, _ENGLISH)


def test_the_quotes_of_one_article_share_its_card(make_article: Make, make_answer: Make) -> None:
    first, second = make_article(), make_article(id="b.txt", title="B")
    answer = make_answer((first, "lundi 12 mai"), (second, "musée"), (first, "la déclaration"))

    html = sources_panel(answer, 0, _ENGLISH)

    assert html.count('<li class="card">') == 2
    assert '<span class="number">1</span><span class="number">3</span>' in html
    assert html.index("Visite") < html.index("<bdi>B</bdi>")
    assert "2 articles cited" in html


def test_a_quote_that_changed_is_withheld_with_the_reason(
    make_article: Make, make_answer: Make
) -> None:
    answer = make_answer((make_article(), "ont signé"), (make_article(), "musée"))
    altered = replace(answer.citations[0], quote="n'ont pas signé")
    answer = replace(answer, citations=(altered, answer.citations[1]))

    html = sources_panel(answer, 0, _ENGLISH)

    assert _ENGLISH("sources.withheld", number=1) in html
    assert 'data-quotes="1"' not in html
    assert 'data-quotes="2"' in html


def test_the_nearest_passages_are_labelled_as_no_answer(
    make_article: Make, make_answer: Make
) -> None:
    articles = [make_article(id=f"{number}.txt") for number in range(5)]
    answer = make_answer(*((article, "musée") for article in articles), grounded=False)

    html = sources_panel(answer, 2, _ENGLISH)

    assert _ENGLISH("sources.nearest") in html
    assert _ENGLISH("sources.caution") in html
    assert html.count('<li class="card">') == 3
    assert "<mark" not in html
    assert 'data-turn="2" data-passage="1"' in html


def test_the_nearest_passages_come_from_different_articles(
    make_article: Make, make_answer: Make
) -> None:
    answer = make_answer((make_article(), "musée"), grounded=False)
    twice = (*answer.passages, replace(answer.passages[0], rank=2, start=10))

    html = sources_panel(replace(answer, passages=twice), 0, _ENGLISH)

    assert html.count('<li class="card">') == 1
    assert 'data-passage="1"' in html


def test_without_any_passage_the_panel_says_that_nothing_is_near(make_answer: Make) -> None:
    html = sources_panel(make_answer(grounded=False), 0, _ENGLISH)

    assert _ENGLISH("sources.nothing") in html
    assert "<ol" not in html


def test_a_long_passage_without_a_space_is_shown(make_article: Make, make_answer: Make) -> None:
    answer = make_answer((make_article("x" * 5000), "x"), grounded=False)

    assert f'<p dir="auto">{"x" * 420} …</p>' in sources_panel(answer, 0, _ENGLISH)


@given(
    text=st.text(min_size=1),
    names=st.tuples(*[st.text(alphabet="<>&\"'ab/=\u202e", min_size=1)] * 4),
    grounded=st.booleans(),
    data=st.data(),
)
def test_hostile_articles_add_no_tag_and_no_attribute(
    text: str,
    names: tuple[str, str, str, str],
    grounded: bool,
    data: st.DataObject,
    make_article: Make,
    make_answer: Make,
    parse_html: Make,
) -> None:
    name, title, source, language = names
    article: Article = make_article(
        f"{text}<script>", id=name, title=title, source=source, language=language
    )
    start = data.draw(st.integers(0, len(text)))
    quote = article.text[start : data.draw(st.integers(start + 1, len(article.text)))]
    answer: Answer = make_answer((article, quote), grounded=grounded)

    shown = parse_html(sources_panel(answer, 0, _ENGLISH))

    for tag, attributes in shown.tags:
        assert set(attributes) <= _ALLOWED[tag]
    assert title in shown.text
    assert source in shown.text
