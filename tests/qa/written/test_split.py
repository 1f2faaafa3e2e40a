import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.written.marks import MARK, cited, without_marks
from qa.written.split import complete, split_sentences


def sentences(written: str) -> list[str]:
    return [written[slice(*span)] for span in split_sentences(written)]


# what models write, rubbish in between
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["Hanoi a signé. ", "M. Tô Lâm part", " [1]", "[1][2]", "[1, 3]", ". ", "\n", "\n\n- ",
             "2. ", "## ", "« Oui. Non. »", "“", "”", "**", "U.S. ", "e.g. ", "[", "]", "1", "…"]
        ),
        st.text(max_size=4),
    ),
    max_size=25,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("A signed. [1] B left [2].", ["A signed. [1]", "B left [2]."]),
        ("A signed.[1][2] B left.[1, 3]", ["A signed.[1][2]", "B left.[1, 3]"]),
        ("- Un accord [1]\n- Deux morts [2]\n", ["Un accord [1]", "Deux morts [2]"]),
        ("1. Un accord.\n2. Deux morts.", ["Un accord.", "Deux morts."]),
        ("M. Macron est là. Oui.", ["M. Macron est là.", "Oui."]),
        ("The U.S. Senate voted. J. K. Rowling left.", None),
        ("Il a dit : « Oui. Non. » [1] Puis il part.", None),
        ("Sans point final [1]\n[2]\n\nUn autre", ["Sans point final [1]\n[2]", "Un autre"]),
        ("Ông Tô Lâm đã đến. Đây là TP. Hồ Chí Minh.", None),
        ("Le taux est de 3.5 %. Bien.", ["Le taux est de 3.5 %.", "Bien."]),
        ("---\n***\n", []),
        ("", []),
    ],
)
def test_a_written_answer_is_cut_into_its_sentences(
    written: str, expected: list[str] | None
) -> None:
    found = sentences(written)

    assert len(found) == 2 if expected is None else found == expected


@given(PIECES)
def test_spans_are_in_order_and_leave_out_only_marks_and_bullets(written: str) -> None:
    end = 0
    left = []
    for start, last in split_sentences(written):
        assert end <= start < last <= len(written)
        left.append(written[end:start])
        end = last
    left.append(written[end:])

    for gap in left:
        for line in gap.splitlines():
            rest = re.sub(r"^\s*(?:\d{1,3}[.)][ \t]+|[-*+•–—>][ \t]+|#{1,6}[ \t]+)*", "", line)
            assert not re.search(r"\w", without_marks(rest))


@given(PIECES)
def test_what_is_complete_stays_as_it_is_whatever_comes_next(written: str) -> None:
    whole = split_sentences(written)

    for end in range(len(written) + 1):
        done = complete(written[:end])
        final = split_sentences(written[:done])
        assert final == whole[: len(final)]
        assert done == (final[-1][1] if final else 0)


@given(st.lists(st.integers(0, 9999), min_size=1, max_size=5))
def test_marks_are_read_in_order_and_each_once(numbers: list[int]) -> None:
    once = tuple(dict.fromkeys(numbers))

    assert cited("".join(f"[{number}]" for number in numbers)) == once
    assert cited(f"[{', '.join(map(str, numbers))}]") == once


def test_a_run_of_marks_cites_all_between() -> None:
    assert cited("[2-4]") == (2, 3, 4)
    assert cited("[4-2]") == (4, 2)


def test_what_only_looks_like_a_mark_is_none() -> None:
    assert not MARK.search("[a] [] [1.5] [12345] 1] [1")


@pytest.mark.parametrize("rubbish", ["[", "[1", "a. ", ". [1]", "« ", "\n[1]", "1 ", "no. ", "- "])
def test_a_hundred_kilobytes_of_anything_are_cut_in_a_moment(rubbish: str) -> None:
    written = rubbish * (100_000 // len(rubbish))

    for start, end in split_sentences(written):
        assert 0 <= start < end <= len(written)
    assert complete(written) <= len(written)


@pytest.mark.parametrize("rubbish", ["( . ", "\n\n[1]\n", "a. B", "Il a dit. ", "* ", "_"])
def test_hundreds_of_kilobytes_on_end_are_split_in_one_pass(rubbish: str) -> None:
    written = "Il a signé. " + rubbish * (300_000 // len(rubbish))

    spans = split_sentences(written)

    assert spans[0][0] == 0
    assert spans[-1][1] <= len(written)
