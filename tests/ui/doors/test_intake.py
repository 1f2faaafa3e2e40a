import inspect
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ArgumentInvalid
from ui.intake import place, read_flat

_PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
_NAMES = ("question", "after", "words")


async def _call(question: str, after: str = "", words: object = None) -> None:
    """Be called."""


_SIGNATURE = inspect.signature(_call)


@given(st.lists(_PLAIN, min_size=1, max_size=3))
def test_arguments_mean_the_same_in_order_and_by_name(given_values: list[Any]) -> None:
    by_name = dict(zip(_NAMES, given_values, strict=False))

    placed = place(given_values, _SIGNATURE)

    assert placed == place(by_name, _SIGNATURE)
    assert placed[: len(given_values)] == given_values
    assert placed[len(given_values) :] == ["", None][len(given_values) - 1 :]


@given(
    st.recursive(
        _PLAIN,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_an_object_inside_is_found_wherever_it_stands(value: object) -> None:
    body = json.dumps({"data": value}).encode()
    is_flat = "{" not in json.dumps(_without_texts(value)) and _depth(value) <= 3

    if is_flat:
        assert read_flat(body) == {"data": value}
    else:
        with pytest.raises(ArgumentInvalid):
            read_flat(body)


def _without_texts(value: object) -> object:
    """Return a value with its texts emptied; the names of an object too."""
    if isinstance(value, list):
        return [_without_texts(item) for item in value]
    if isinstance(value, dict):
        return {str(number): _without_texts(item) for number, item in enumerate(value.values())}
    return "" if isinstance(value, str) else value


def _depth(value: object) -> int:
    """Return how many lists stand in each other."""
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


@pytest.mark.parametrize("arguments", [[], {}, ["a", "b", "c", "d"], {"question": "a", "k": 1}])
def test_arguments_that_do_not_fit_are_refused_with_those_that_would(arguments: list[Any]) -> None:
    with pytest.raises(ArgumentInvalid, match=r"question \(needed\), after, words"):
        place(arguments, _SIGNATURE)
