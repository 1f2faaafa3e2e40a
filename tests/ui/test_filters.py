from datetime import date

import pytest

from ui.claims import ClaimInvalid
from ui.filters import FilterRefused, Filters, read_filters
from ui.language import load_words

_ENGLISH = load_words("en")


def test_nothing_chosen_lets_everything_through() -> None:
    assert read_filters({}, _ENGLISH) == Filters()
    assert Filters().arguments() == {
        "after": None,
        "before": None,
        "sources": None,
        "languages": None,
        "words": None,
        "ignore": (),
    }


def test_a_period_goes_from_its_first_day_to_its_last() -> None:
    filters = read_filters({"after": "mai 2025", "before": "02/2026"}, _ENGLISH)

    assert (filters.after, filters.before) == ("2025-05", "2026-02")
    assert filters.arguments()["after"] == date(2025, 5, 1)
    assert filters.arguments()["before"] == date(2026, 2, 28)


def test_what_is_written_into_a_record_is_read_from_it_again() -> None:
    claim = {"after": "2025", "sources": ["AFP", "AFP", ""], "languages": ["fr"], "words": ["a b"]}
    filters = read_filters(claim, _ENGLISH)

    assert filters.sources == ("AFP",)
    assert read_filters(filters.write(), _ENGLISH) == filters


@pytest.mark.parametrize("field", ["after", "before"])
def test_a_day_that_is_none_is_told_by_its_field(field: str) -> None:
    with pytest.raises(FilterRefused) as refused:
        read_filters({field: "soon <b>"}, _ENGLISH)

    assert refused.value.field == field
    assert "soon <b>" in str(refused.value)


def test_a_period_that_ends_before_it_begins_is_told_in_words() -> None:
    with pytest.raises(FilterRefused, match=r"January 2026.*2025"):
        read_filters({"after": "2026-01", "before": "2025"}, _ENGLISH)


@pytest.mark.parametrize("value", [5, ["2025"], {"x": 1}, "2" * 100])
def test_a_day_of_another_kind_is_refused(value: object) -> None:
    with pytest.raises(FilterRefused):
        read_filters({"after": value}, _ENGLISH)


@pytest.mark.parametrize("value", ["AFP", [5], [["AFP"]], ["x"] * 31, ["x" * 301]])
def test_names_of_another_kind_are_refused(value: object) -> None:
    with pytest.raises(ClaimInvalid):
        read_filters({"sources": value}, _ENGLISH)
