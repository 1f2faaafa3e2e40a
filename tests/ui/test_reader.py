from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ui.language import load_words
from ui.reader import article_view

_ENGLISH = load_words("en")
_ALLOWED = {
    "header": set(),
    "form": {"method"},
    "button": {"class"},
    "h2": {"id"},
    "p": {"class", "dir"},
    "span": set(),
    "bdi": set(),
    "div": {"class", "role", "aria-label", "tabindex", "lang", "data-target"},
    "mark": {"data-quotes", "data-number"},
}

Make = Callable[..., Any]


def test_the_whole_article_is_shown_with_all_its_quotes_and_the_target_named(
    make_article: Make, make_answer: Make, parse_html: Make
) -> None:
    article = make_article()
    answer = make_answer((article, "lundi 12 mai"), (article, "la visite".capitalize()))

    html = article_view(answer, _ENGLISH, citation=2)

    shown = parse_html(html)
    for paragraph in article.text.split("\n\n"):
        assert paragraph in shown.text
    for said in ("Visite d'État", "2025", "Agence", "A. Durand", "2025/visite.txt"):
        assert said in shown.text
    assert _ENGLISH("reader.quotes", count=2) in shown.text
    assert 'data-target="2"' in html
    assert html.count("<mark") == 2


def test_a_nearest_passage_opens_its_article_without_any_highlight(
    make_article: Make, make_answer: Make
) -> None:
    answer = make_answer((make_article(), "musée"), grounded=False)
    second = answer.passages[0].article.text.index("Les deux")
    near = replace(answer.passages[0], start=second, end=second + 10)
    answer = replace(answer, passages=(near,))

    html = article_view(answer, _ENGLISH, passage=1)

    assert "<mark" not in html
    assert html.count('class="near"') == 1
    assert 'class="near">Les deux' in html


def test_captions_and_links_stand_back_from_the_text(make_article: Make, make_answer: Make) -> None:
    text = "Le texte.\n\nPhoto : Agence\n\nLa suite."
    article = make_article(text, furniture=((11, 25),))

    html = article_view(make_answer((article, "La suite.")), _ENGLISH, citation=1)

    assert html.count('class="furniture"') == 1
    assert 'class="furniture">Photo' in html


def test_a_quote_that_changed_is_not_highlighted(make_article: Make, make_answer: Make) -> None:
    answer = make_answer((make_article(), "ont signé"))
    answer = replace(answer, citations=(replace(answer.citations[0], quote="autre"),))

    assert "<mark" not in article_view(answer, _ENGLISH, citation=1)


def test_an_unknown_source_opens_nothing(make_article: Make, make_answer: Make) -> None:
    answer = make_answer((make_article(), "ont signé"))

    assert article_view(answer, _ENGLISH, citation=9) == ""
    assert article_view(answer, _ENGLISH, passage=9) == ""


@given(text=st.text(min_size=1), name=st.text(alphabet="<>&\"'ab/=", min_size=1))
def test_hostile_articles_add_no_tag_and_lose_no_text(
    text: str, name: str, make_article: Make, make_answer: Make, parse_html: Make
) -> None:
    article = make_article(f"<img src=x onerror=alert(1)>{text}", title=name, author=name, id=name)
    answer = make_answer((article, "<img"))

    shown = parse_html(article_view(answer, _ENGLISH, citation=1))

    for tag, attributes in shown.tags:
        assert set(attributes) <= _ALLOWED[tag]
    assert "".join(article.text.split()) in "".join(shown.text.split())
