from collections.abc import Callable

from index.types import Article
from ui.stories import compare, group_stories

Make = Callable[..., Article]

_LEAD = (
    "Les deux présidents ont signé lundi une déclaration commune au palais. Elle prévoit une ligne "
    "aérienne directe, la fin des visas et un programme d'échanges entre universités."
)


def test_a_copy_with_another_dateline_and_signature_is_the_same_text(make_article: Make) -> None:
    one = make_article(_LEAD * 3, id="a")
    other = make_article(f"MINSK (AFP) – {_LEAD * 3}", id="b")

    assert group_stories([one, other]) == [[one, other]]
    assert compare(other, one) == "copy"


def test_case_accents_and_punctuation_do_not_matter(make_article: Make) -> None:
    one = make_article(_LEAD, id="a")
    other = make_article(_LEAD.upper().replace("É", "E").replace(",", " –"), id="b")

    assert group_stories([one, other]) == [[one, other]]


def test_an_update_and_a_cut_version_are_other_versions(make_article: Make) -> None:
    one = make_article(_LEAD, id="a")
    update = make_article(
        f"{_LEAD} Le Parlement votera le texte avant la fin du mois de juin.", id="b"
    )
    cut = make_article(_LEAD[: len(_LEAD) // 2], id="c")

    assert group_stories([one, update, cut]) == [[one, update, cut]]
    assert compare(update, one) == "version"
    assert compare(cut, one) == "version"


def test_articles_about_one_event_are_not_one_story(make_article: Make) -> None:
    one = make_article(_LEAD, id="a")
    other = make_article(
        "La déclaration commune que les deux présidents ont signée fait débat : l'opposition en "
        "demande la publication, les universités s'en réjouissent.",
        id="b",
    )

    assert group_stories([one, other]) == [[one], [other]]


def test_two_versions_are_joined_by_a_third_and_the_order_is_kept(make_article: Make) -> None:
    first_half, second_half = _LEAD[:70], _LEAD[71:]
    stranger = make_article("Rien de tout cela ne concerne le marché de la ville.", id="z")
    one, two = make_article(first_half, id="a"), make_article(second_half, id="b")
    whole = make_article(_LEAD, id="c")

    assert group_stories([one, stranger, two, whole]) == [[one, two, whole], [stranger]]


def test_articles_of_a_few_words_are_one_story_only_when_they_are_equal(make_article: Make) -> None:
    one, same = make_article("Un mot.", id="a"), make_article("un mot", id="b")
    other, marks = make_article("Un autre.", id="c"), make_article("…", id="d")

    assert group_stories([one, same, other, marks]) == [[one, same], [other], [marks]]
