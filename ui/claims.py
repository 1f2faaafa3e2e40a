"""What a browser sends is a claim: these read it piece by piece, each of a kind and a size."""

from collections.abc import Callable, Mapping
from typing import TypeVar

Claim = Mapping[str, object]

_Item = TypeVar("_Item")


class ClaimInvalid(ValueError):
    """What was sent is not of the kind or size it must be; `str(error)` names the part."""


def read_object(value: object, name: str) -> Claim:
    """Return a JSON object.

    Raises:
        ClaimInvalid: if it is none; likewise below.
    """
    if not isinstance(value, dict):
        raise ClaimInvalid(name)
    return value


def read_text(claim: Claim, name: str, max_chars: int) -> str:
    """Return a text; what is left out or null is empty."""
    value = claim.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > max_chars:
        raise ClaimInvalid(name)
    # half a surrogate pair is valid in JSON and in no encoding
    return value.encode("utf-8", "replace").decode("utf-8")


def read_count(claim: Claim, name: str, most: int) -> int:
    """Return a whole number from 0 to `most`."""
    value = claim.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ClaimInvalid(name)
    return value


def read_share(claim: Claim, name: str) -> float:
    """Return a number from 0 to 1; left out it is 0."""
    value = claim.get(name, 0)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ClaimInvalid(name)
    return float(value)


def read_flag(claim: Claim, name: str) -> bool:
    """Return a yes or no; left out it is no."""
    value = claim.get(name, False)
    if not isinstance(value, bool):
        raise ClaimInvalid(name)
    return value


def read_list(
    claim: Claim, name: str, most: int, read: Callable[[object], _Item]
) -> tuple[_Item, ...]:
    """Return a list of at most so many items, each read by `read`; left out it is empty."""
    value = claim.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > most:
        raise ClaimInvalid(name)
    return tuple(read(item) for item in value)


def read_texts(claim: Claim, name: str, most: int, max_chars: int) -> tuple[str, ...]:
    """Return a list of at most so many texts, none of them empty, each once."""
    texts = read_list(claim, name, most, lambda item: read_text({name: item}, name, max_chars))
    return tuple(dict.fromkeys(filter(None, texts)))
