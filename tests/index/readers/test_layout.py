from hypothesis import given
from hypothesis import strategies as st

from index.readers.heads import Page
from index.readers.layout import read_pages
from index.readers.lines import Line

numbers = st.floats() | st.integers(-1000, 1000).map(float)
lines = st.builds(
    Line,
    st.text(min_size=1, max_size=10).map(str.strip).filter(bool),
    *[numbers] * 4,
    st.integers(0, 5),
    st.booleans(),
)
pages = st.builds(Page, st.lists(lines, max_size=12), numbers)


def page(*texts: str, height: float = 800) -> Page:
    """A page of these lines below each other, all as wide as the column."""
    return Page(
        [
            Line(text, 50, 300, 700 - 12 * row, 711 - 12 * row, row)
            for row, text in enumerate(texts)
        ],
        height,
    )


@given(st.lists(pages, max_size=4))
def test_lines_anywhere_on_any_page_become_paragraphs(found: list[Page]) -> None:
    assert all(paragraph.strip() for paragraph in read_pages(found) if paragraph)


@given(st.lists(st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,5}", fullmatch=True), max_size=9))
def test_no_word_of_a_page_is_lost(texts: list[str]) -> None:
    words = " ".join(read_pages([page(*texts)])).split()

    assert words == " ".join(texts).split()


def test_a_sentence_goes_on_where_the_next_page_begins_with_a_name() -> None:
    found = read_pages(
        [page("Les invités du maire", "ont salué la ministre"), page("Anne Lefèvre.")]
    )

    assert found == ["Les invités du maire ont salué la ministre Anne Lefèvre."]


def test_a_sentence_that_ended_does_not_go_on() -> None:
    found = read_pages([page("Les invités du maire", "sont partis."), page("Anne Lefèvre reste.")])

    assert found == ["Les invités du maire sont partis.", "Anne Lefèvre reste."]


def test_pages_without_lines_have_no_paragraphs() -> None:
    assert read_pages([]) == []
    assert read_pages([Page([], 0), Page([], 800)]) == []
