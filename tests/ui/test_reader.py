from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from index.types import Article
from qa.links import digest_quote
from ui.language import load_words
from ui.permalink import Place
from ui.reader import article_view, notice_view

_ENGLISH = load_words("en")
_ALLOWED = {
    "header": set(),
    "form": {"method"},
    "button": {
        *("type", "class", "title", "aria-label", "aria-keyshortcuts"),
        *("data-copy", "data-link", "data-done", "data-failed"),
    },
    "h2": {"id", "tabindex"},
    "p": {"class", "dir", "role", "hidden", "data-position", "data-number", "data-place"},
    "span": set(),
    "bdi": set(),
    "div": {"class", "role", "aria-label", "tabindex", "lang", "data-target"},
    "mark": {"data-quotes", "data-number"},
    "a": {"class", "href", "target", "rel", "title"},
}

Make = Callable[..., Any]


def place_of(article: Article, quote: str, number: int = 0) -> Place:
    """Return where a quote stands, as its link says it."""
    start = article.text.index(quote)
    return Place(start, start + len(quote), digest_quote(quote), number)


def test_the_whole_article_is_shown_with_all_its_quotes_and_the_target_named(
    make_article: Make, parse_html: Make
) -> None:
    article = make_article()
    places = [place_of(article, "La visite", 2), place_of(article, "lundi 12 mai", 1)]

    html = article_view(article, _ENGLISH, places)

    shown = parse_html(html)
    for paragraph in article.text.split("\n\n"):
        assert paragraph in shown.text
    for said in ("Visite d'État", "2025", "Agence", "A. Durand", "2025/visite.txt"):
        assert said in shown.text
    assert 'data-target="2"' in html
    assert html.count("<mark") == 2
    assert html.index('data-number="1" data-place') < html.index('data-number="2" data-place')
    assert 'class="change"' not in html


def test_the_article_leads_to_where_it_was_published(make_article: Make, parse_html: Make) -> None:
    html = article_view(make_article(url="https://afp.com/a"), _ENGLISH)

    (link,) = [names for tag, names in parse_html(html).tags if tag == "a"]
    assert (link["href"], link["rel"]) == ("https://afp.com/a", "noopener noreferrer")
    assert "<a" not in article_view(make_article(url="javascript:alert(1)"), _ENGLISH)
    quoted = make_article(url='https://afp.com/"><script>alert(1)</script>')
    assert "<script" not in article_view(quoted, _ENGLISH)


def test_one_quote_has_no_next_one(make_article: Make) -> None:
    article = make_article()

    html = article_view(article, _ENGLISH, [place_of(article, "musée")])

    assert 'class="step' not in html
    assert 'class="copy"' in html


def test_a_passage_opens_its_article_without_any_highlight(make_article: Make) -> None:
    article = make_article()
    second = article.text.index("Les deux")

    html = article_view(article, _ENGLISH, near=(second, second + 10))

    assert "<mark" not in html
    assert html.count('class="near"') == 1
    assert 'class="near">Les deux' in html


def test_captions_and_links_stand_back_from_the_text(make_article: Make) -> None:
    article = make_article("Le texte.\n\nPhoto : Agence\n\nLa suite.", furniture=((11, 25),))

    html = article_view(article, _ENGLISH)

    assert html.count('class="furniture"') == 1
    assert 'class="furniture">Photo' in html


def test_words_that_moved_are_found_again_and_it_is_said(make_article: Make) -> None:
    before = make_article()
    after = make_article(f"Un paragraphe de plus.\n\n{before.text}")

    html = article_view(after, _ENGLISH, [place_of(before, "ont signé", 3)])

    assert '<mark data-quotes="3" data-number="3">ont signé</mark>' in html
    assert _ENGLISH("reader.moved") in html


def test_words_that_are_gone_are_not_highlighted_and_it_is_said(make_article: Make) -> None:
    before = make_article()
    after = make_article(before.text.replace("ont signé", "n'ont pas signé"))

    html = article_view(after, _ENGLISH, [place_of(before, "ont signé")])

    assert "<mark" not in html
    assert _ENGLISH("reader.changed") in html
    assert 'class="near">Les deux parties' in html


def test_another_quote_that_is_gone_is_told_of_too(make_article: Make) -> None:
    before = make_article()
    after = make_article(before.text.replace("mercredi", "jeudi"))
    places = [place_of(before, "ont signé", 1), place_of(before, "mercredi", 2)]

    html = article_view(after, _ENGLISH, places)

    assert html.count("<mark") == 1
    assert _ENGLISH("reader.partly") in html


def test_a_notice_says_what_is_wrong_and_can_be_closed(parse_html: Make) -> None:
    shown = parse_html(notice_view("Gone", "No <script>file</script>.", _ENGLISH))

    assert "No <script>file</script>." in shown.text
    assert {tag for tag, _ in shown.tags} <= set(_ALLOWED)
    assert _ENGLISH("reader.close") in shown.text


@given(text=st.text(min_size=1), name=st.text(alphabet="<>&\"'ab/=\u202e", min_size=1))
def test_hostile_articles_add_no_tag_and_lose_no_text(
    text: str, name: str, make_article: Make, parse_html: Make
) -> None:
    article = make_article(f"<img src=x onerror=alert(1)>{text}", title=name, author=name, id=name)

    shown = parse_html(article_view(article, _ENGLISH, [place_of(article, "<img", 1)]))

    for tag, attributes in shown.tags:
        assert set(attributes) <= _ALLOWED[tag]
    assert "".join(article.text.split()) in "".join(shown.text.split())
