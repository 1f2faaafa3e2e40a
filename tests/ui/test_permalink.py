from hypothesis import given
from hypothesis import strategies as st

from qa.links import article_link, digest_quote, quote_link
from ui.highlight import Quote
from ui.permalink import Place, describe_place, find_quote, read_places, read_span

_TEXT = "Le ministre a signé. Le ministre a parlé."


def test_a_link_names_the_article_and_the_place_and_hashes_the_words() -> None:
    link = quote_link("AFP/été & co.txt", _TEXT, (12, 19))

    assert (
        link
        == f"?article=AFP/%C3%A9t%C3%A9%20%26%20co.txt#quote=12-19&hash={digest_quote('a signé')}"
    )
    assert len(digest_quote("a signé")) == 10


def test_no_name_of_a_file_leaves_the_address() -> None:
    assert article_link("a\"#?<&'b.md") == "?article=a%22%23%3F%3C%26%27b.md"
    assert article_link("a.md", (1, 5)) == "?article=a.md#passage=1-5"


def test_what_a_card_writes_is_what_the_route_reads() -> None:
    written = describe_place(_TEXT, Quote(12, 19, 3))

    assert list(read_places([written])) == [Place(12, 19, digest_quote("a signé"), 3)]


def test_what_is_no_place_is_passed_over() -> None:
    written = ["", "5", "9-5", "5-5", "-1-5", "1-5-nothash", "a-b", "1-5-0123456789-1-1", "1" * 99]

    assert list(read_places(written)) == []
    assert read_span("5-2") is None
    assert read_span("2-5") == (2, 5)


def test_a_place_without_a_hash_is_believed_inside_the_article_only() -> None:
    assert find_quote(_TEXT, Place(3, 11, "", 0)).quote == Quote(3, 11, 0)
    assert find_quote(_TEXT, Place(3, 99, "", 0)).quote is None


def test_of_the_same_words_twice_the_nearest_are_found() -> None:
    place = Place(22, 33, digest_quote("Le ministre"), 0)

    found = find_quote(_TEXT, place)

    assert found.quote == Quote(21, 32, 0)
    assert found.has_moved


@given(st.text(min_size=1), st.text(), st.text(), st.data())
def test_words_are_found_wherever_they_moved(
    text: str, before: str, after: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    place = Place(start, end, digest_quote(text[start:end]), 1)

    found = find_quote(before + text + after, place)

    assert found.quote is not None
    assert (before + text + after)[found.quote.start : found.quote.end] == text[start:end]


@given(st.text(), st.integers(0, 50), st.integers(1, 50))
def test_words_that_are_nowhere_are_not_found(text: str, start: int, length: int) -> None:
    place = Place(start, start + length, digest_quote("elsewhere" * 9), 1)

    assert find_quote(text, place).quote is None
