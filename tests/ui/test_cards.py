from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.spell import spell_date
from index.types import Article, DateRange
from qa.links import digest_quote
from qa.types import Answer
from ui.cards import sources_panel
from ui.language import load_words

_ENGLISH = load_words("en")
_ALLOWED = {
    "section": {"class", "aria-labelledby", "data-turn"},
    "h2": {"id", "tabindex"},
    "h3": set(),
    "h4": set(),
    "p": {"class", "dir"},
    "ol": {"class"},
    "ul": set(),
    "li": {"class"},
    "div": {"class", "lang", "data-article", "data-places"},
    "details": {"class"},
    "summary": set(),
    "span": {"class"},
    "bdi": set(),
    "mark": {"data-quotes", "data-number"},
    "a": {"class", "href", "data-number", "target", "rel", "title"},
    "button": {"type", "class", "data-copy", "data-link", "data-done", "data-failed", "aria-label"},
}
_LEAD = (
    "Les deux parties ont signé la déclaration commune au palais, lundi 12 mai. Elles ont ensuite "
    "visité le musée et planté un arbre dans le parc."
)

Make = Callable[..., Any]

# As a damaged or forged store might hold them.
HOSTILE_ADDRESSES = [
    "javascript:alert('evil')",
    "JAVASCRIPT://evil.example/%0aalert(1)",
    "data:text/html,<script>evil</script>",
    "https://evil.example/\u202egnp.exe",
    "https://user:evil@example.org/",
    "https://evil.example/ onclick=alert(1)",
    "//evil.example/",
    "vbscript:evil",
]


def test_a_card_leads_to_where_its_article_was_published(
    make_article: Make, make_answer: Make, parse_html: Make
) -> None:
    article = make_article(url="https://www.lemonde.fr/a?b=1&c=2")

    html = sources_panel(make_answer((article, "Le président")), 0, _ENGLISH)

    (link,) = [names for tag, names in parse_html(html).tags if names.get("class") == "original"]
    assert link == {
        "class": "original",
        "href": "https://www.lemonde.fr/a?b=1&c=2",
        "target": "_blank",
        "rel": "noopener noreferrer",
        "title": "https://www.lemonde.fr/a?b=1&c=2",
    }
    assert "Original: lemonde.fr" in parse_html(html).text


@pytest.mark.parametrize("url", [None, *HOSTILE_ADDRESSES])
def test_an_address_that_could_do_harm_is_no_link(
    make_article: Make, make_answer: Make, parse_html: Make, url: str | None
) -> None:
    html = sources_panel(make_answer((make_article(url=url), "Le président")), 0, _ENGLISH)

    assert not [tag for tag, names in parse_html(html).tags if names.get("class") == "original"]
    assert "evil" not in html


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
    assert '<section class="sources" aria-labelledby="sources-heading" data-turn="3">' in html


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
    first, second = make_article(), make_article("Au musée.", id="b.txt", title="B")
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


def test_a_quote_of_a_restored_answer_that_changed_since_says_so(
    make_article: Make, make_answer: Make
) -> None:
    answer = make_answer((make_article(), "ont signé"), (make_article(), "musée"))

    html = sources_panel(answer, 0, _ENGLISH, changed=(2,))

    assert _ENGLISH("sources.changed", number=2) in html
    assert 'data-quotes="2"' not in html
    assert 'data-quotes="1"' in html


def test_a_quote_whose_article_is_gone_keeps_a_card_for_its_mark_to_lead_to(
    make_article: Make, make_answer: Make
) -> None:
    answer = make_answer((make_article(), "ont signé"))

    html = sources_panel(answer, 0, _ENGLISH, changed=(2,))

    assert html.count('<li class="card">') == 2
    assert 'data-withheld="2"' in html


def test_each_quote_has_its_permanent_link_and_its_citation_to_copy(
    make_article: Make, make_answer: Make, parse_html: Make
) -> None:
    article = make_article(id="2025/visite d'état.txt")
    answer = make_answer((article, "ont signé"), (article, "musée"))
    first, second = answer.citations

    tags = parse_html(sources_panel(answer, 0, _ENGLISH)).tags

    links = [attributes["href"] for tag, attributes in tags if tag == "a"]
    assert links == [
        f"?article=2025/visite%20d%27%C3%A9tat.txt#quote={one.start}-{one.end}"
        f"&hash={digest_quote(one.quote)}"
        for one in (first, second)
    ]
    copied = [attributes.get("data-copy") for tag, attributes in tags if tag == "button"]
    assert copied[0] == "“ont signé”, Visite d'État, 12 May 2025, 2025/visite d'état.txt"
    places = [attributes["data-places"] for _, attributes in tags if "data-places" in attributes]
    assert places == [
        f"{first.start}-{first.end}-{digest_quote(first.quote)}-1 "
        f"{second.start}-{second.end}-{digest_quote(second.quote)}-2"
    ]


def test_marks_of_direction_in_a_title_do_not_turn_a_copied_citation(
    make_article: Make, make_answer: Make, parse_html: Make
) -> None:
    article = make_article("Avant \u202eaprès la fin.", title="Un \u202etitre", id="a\u2067.txt")

    tags = parse_html(sources_panel(make_answer((article, "\u202eaprès")), 0, _ENGLISH)).tags

    (copied,) = (attributes["data-copy"] for _, attributes in tags if "data-copy" in attributes)
    assert copied == "“\u2068\u202eaprès\u2069”, Un titre, 12 May 2025, a.txt"


def test_wire_copies_and_updates_of_a_story_are_folded_into_one_card(
    make_article: Make, make_answer: Make
) -> None:
    first = make_article(_LEAD, id="a.txt", title="First")
    copy = make_article(f"{_LEAD} (AFP)", id="b.txt", title="Copy")
    update = make_article(f"{_LEAD} " + "Le vote a eu lieu hier soir. " * 6, id="c.txt", title="U")
    other = make_article("Un tout autre sujet occupe la ville ce matin.", id="d.txt", title="Other")
    answer = make_answer(
        (first, "planté un arbre"),
        (other, "la ville"),
        (copy, "planté un arbre"),
        (update, "hier soir"),
    )

    html = sources_panel(answer, 0, _ENGLISH)

    assert html.count('<li class="card">') == 2
    assert _ENGLISH("sources.versions", count=2) in html
    card = html[: html.index("<bdi>Other<")]
    assert (
        card.index("First")
        < card.index('<details class="versions"')
        < card.index("<bdi>Copy")
        < card.index("<bdi>U<")
    )
    assert _ENGLISH("sources.same") in card
    assert _ENGLISH("sources.version") in card
    assert _ENGLISH("sources.count", count=4) in html


def test_a_copy_that_was_read_and_not_cited_is_named_in_the_card_without_a_card_of_its_own(
    make_article: Make, make_answer: Make
) -> None:
    cited = make_article(_LEAD, id="a.txt", title="First")
    copy = make_article(_LEAD, id="b.txt", title="Copy")
    stranger = make_article(
        "Un tout autre sujet occupe la ville ce matin.", id="c.txt", title="Not"
    )
    answer = make_answer((cited, "planté un arbre"), (copy, "planté"), (stranger, "la ville"))
    answer = replace(answer, citations=answer.citations[:1])

    html = sources_panel(answer, 0, _ENGLISH)

    assert html.count('<li class="card">') == 1
    assert "<bdi>Copy</bdi>" in html
    assert "<bdi>Not</bdi>" not in html


def test_the_timeline_stands_between_the_count_and_the_cards(
    make_article: Make, make_answer: Make
) -> None:
    one = make_article()
    other = make_article("Au musée.", id="b.txt", published=DateRange.parse("2025-05-14"))

    html = sources_panel(make_answer((one, "musée"), (other, "musée")), 0, _ENGLISH)

    assert html.index('class="count"') < html.index("<figure") < html.index('class="cards"')


def test_the_nearest_passages_are_labelled_as_no_answer(
    make_article: Make, make_answer: Make
) -> None:
    articles = [make_article(f"Le musée {n}. " * 9, id=f"{n}.txt") for n in range(5)]
    answer = make_answer(*((article, "musée") for article in articles), grounded=False)

    html = sources_panel(answer, 2, _ENGLISH)

    assert _ENGLISH("sources.nearest") in html
    assert _ENGLISH("sources.caution") in html
    assert html.count('<li class="card">') == 3
    assert "<mark" not in html
    assert f'href="?article=0.txt#passage=0-{len(articles[0].text)}"' in html


def test_the_nearest_passages_come_from_different_articles(
    make_article: Make, make_answer: Make
) -> None:
    answer = make_answer((make_article(), "musée"), grounded=False)
    twice = (*answer.passages, replace(answer.passages[0], rank=2, start=10))

    html = sources_panel(replace(answer, passages=twice), 0, _ENGLISH)

    assert html.count('<li class="card">') == 1
    assert "#passage=0-" in html


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
        f"{text}<script>",
        id=name,
        title=title,
        source=source,
        language=language,
        url=f"https://example.org/{name}",
    )
    start = data.draw(st.integers(0, len(text)))
    quote = article.text[start : data.draw(st.integers(start + 1, len(article.text)))]
    # of one date: no timeline, whose tags have tests of their own
    answer: Answer = make_answer((article, quote), grounded=grounded)

    shown = parse_html(sources_panel(answer, 0, _ENGLISH))

    for tag, attributes in shown.tags:
        assert set(attributes) <= _ALLOWED[tag]
    assert title in shown.text
    assert source in shown.text
