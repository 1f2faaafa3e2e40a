from collections.abc import Callable, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.near import SAME_STORY, find_stories, overlap, word_runs
from index.types import Article

Make = Callable[..., Article]

_LEAD = (
    "Les deux présidents ont signé lundi une déclaration commune au palais. Elle prévoit une ligne "
    "aérienne directe, la fin des visas et un programme d'échanges entre universités."
)

_WORDS = [f"{first}{second}" for first in "bcdfghjklm" for second in ("arnu", "ilpo", "oste")]


def compared_one_by_one(articles: Sequence[Article]) -> list[tuple[int, ...]]:
    """Every article with every other one."""
    runs = [word_runs(article) for article in articles]
    groups = [{position} for position in range(len(articles)) if runs[position]]
    for one in range(len(articles)):
        for other in range(one):
            if overlap(runs[one], runs[other]) >= SAME_STORY:
                joined = [group for group in groups if group & {one, other}]
                groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    return sorted(tuple(sorted(group)) for group in groups if len(group) > 1)


def test_a_wire_copy_an_update_and_a_cut_version_are_one_story(make_article: Make) -> None:
    articles = [
        make_article(_LEAD, id="a"),
        make_article("Rien de tout cela ne concerne le marché de la ville.", id="b"),
        make_article(f"MINSK (AFP) – {_LEAD}", id="c"),
        make_article(f"{_LEAD} Le Parlement votera le texte avant la fin du mois de juin.", id="d"),
        make_article(_LEAD[: len(_LEAD) // 2], id="e"),
    ]

    assert list(find_stories(articles).groups) == [(0, 2, 3, 4)]


def test_articles_without_a_word_are_like_no_other(make_article: Make) -> None:
    articles = [make_article(text, id=text) for text in ("…", "!", "Un mot.", "un mot")]

    assert list(find_stories(articles).groups) == [(2, 3)]
    assert find_stories([]).groups == ()


def test_a_footer_under_every_article_makes_no_story_of_them(make_article: Make) -> None:
    footer = "Retrouvez toute l'actualité de la région sur notre site et dans votre journal."
    articles = [
        make_article(" ".join(f"mot{n * 1000 + i}" for i in range(200)) + ". " + footer, id=str(n))
        for n in range(300)
    ]
    articles[250] = make_article(articles[7].text + " Une suite.", id="250")

    assert list(find_stories(articles).groups) == [(7, 250)]


def test_a_hundred_copies_are_one_story(make_article: Make) -> None:
    articles = [make_article(f"{_LEAD} Agence numéro {n}.", id=str(n)) for n in range(100)]

    assert list(find_stories(articles).groups) == [tuple(range(100))]


Pieces = list[tuple[int, int, int, int]]

_PIECES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(8, 40), st.integers(0, 9)),
    max_size=12,
)


def articles_of(pieces: Pieces) -> list[Article]:
    """Articles that share runs of words, more or less."""
    sources = [[f"{word}{source}" for word in _WORDS * 3] for source in range(4)]
    return [
        Article(
            id=str(number),
            title="",
            text=" ".join([*sources[source][start : start + length], f"fin{end}"]) + ".",
        )
        for number, (source, start, length, end) in enumerate(pieces)
    ]


@settings(max_examples=60, deadline=None)
@given(_PIECES)
def test_the_stories_are_those_that_comparing_each_with_each_finds(
    pieces: Pieces,
) -> None:
    articles = articles_of(pieces)

    assert list(find_stories(articles).groups) == compared_one_by_one(articles)


@settings(max_examples=100, deadline=None)
@given(_PIECES, st.sets(st.integers(0, 11)), _PIECES)
def test_the_stories_of_a_changed_folder_are_those_of_the_folder_read_anew(
    pieces: Pieces, removed: set[int], added: Pieces
) -> None:
    old = articles_of(pieces)
    kept = [position for position in range(len(old)) if position not in removed]
    new = articles_of(added)
    articles = [*new[::2], *(old[position] for position in kept), *new[1::2]]
    same = np.array([-1] * len(new[::2]) + kept + [-1] * len(new[1::2]), dtype=np.int64)

    renewed = find_stories(articles, before=find_stories(old), same=same)

    anew = find_stories(articles)
    assert renewed.groups == anew.groups
    assert (renewed.signed == anew.signed).all()


def test_the_steps_are_told(make_article: Make) -> None:
    told: list[tuple[str, int, int]] = []

    find_stories([make_article(id="a"), make_article(id="b")], lambda *step: told.append(step))

    assert told == [("compare", 1, 2), ("compare", 2, 2)]
