"""The byte model that tells languages apart (py3langid), kept unpacked from its first use on.

The package packs 70 MB into 5 (LZMA), and unpacking them took a tenth of all that a question from
a cold start costs.
"""

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from index.derived import Arrays, derived
from index.once import Once

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_NAME = "languages"


def rank(text: str) -> list[tuple[str, float]]:
    """Return the log-likelihood of each language of the model, by its code, likeliest first."""
    ranked: list[tuple[str, float]] = shared_model().rank(text)
    return ranked


def _load() -> "LanguageIdentifier":
    """Make the model of the package's own parts."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    path = MODEL_DIR / MODEL_FILE
    with path.open("rb") as file:
        source = hashlib.file_digest(file, "sha256").hexdigest()
    arrays = derived(_NAME, source, lambda: _unpack(str(path)))
    # Python reads numbers one by one out of a view in a third of the time of an array
    return LanguageIdentifier(
        arrays["ptc"],
        arrays["pc"],
        arrays["classes"].tolist(),
        arrays["moves"].data,
        arrays["features"].data,
        tk_row=arrays["rows"].data,
    )


def _unpack(path: str) -> Arrays:
    """Unpack the model, as the package does."""
    from py3langid.modelio import load_model

    ptc, pc, classes, moves, rows, features = load_model(path)
    return {
        "ptc": np.asarray(ptc),
        "pc": np.asarray(pc),
        "classes": np.array(classes),
        "moves": np.asarray(moves),
        "rows": np.asarray(rows),
        "features": np.array(features, dtype=np.int32),
    }


shared_model = Once(_load)
"""This process's model."""
