"""`depeche doctor`: every check of a store, and of the feedback beside it."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.address import Place, folder_of, place_of
from index.doctor import Check, examine
from index.errors import StoreError
from index.places import examine_served
from qa.feedback import FILE, read_feedback


def checks(store: str | Place | None = None, *, embed: bool = True) -> list[Check]:
    """Check a store; `embed` a sample of its chunks again, which loads the model.

    Of one that lies in Milvus all tables, a sample of the rest, and nothing is embedded.

    Raises:
        StoreMissing: if nothing was built there yet.
    """
    place = place_of(store)
    found = examine(place, embed=embed) if isinstance(place, Path) else examine_served(place)
    return [*found, _check_feedback(folder_of(place))]


def record_of(check: Check) -> dict[str, Any]:
    """Return a check as JSON values."""
    return asdict(check)


def describe(found: Sequence[Check]) -> str:
    """Write checks for a terminal, a line each, and how many found trouble."""
    lines = [f"{'ok' if check.ok else 'TROUBLE':<8}{check.name:<10}{check.told}" for check in found]
    troubled = sum(not check.ok for check in found)
    return "\n".join([*lines, f"{len(found)} checks, {troubled} in trouble."])


def _check_feedback(store: Path) -> Check:
    """Check that the file of feedback can be read."""
    try:
        feedback, damaged = read_feedback(store)
    except StoreError as error:
        return Check("feedback", False, str(error))
    if damaged:
        told = f"{damaged} lines of {store / FILE} cannot be read and are left out: remove them."
        return Check("feedback", False, told)
    return Check("feedback", True, f"All {len(feedback)} lines of feedback can be read.")
