"""Unicode normal forms, in a time that grows with the length of the text alone.

The normal forms put the marks on a letter in a fixed order, and Python sorts them by insertion: a
hundred thousand marks on one letter take minutes. No letter has more than a dozen, and Unicode's
Stream-Safe Text Format (UAX #15) allows thirty; behind a crowd of them the text is cut.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Literal

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

# every mark is among these, and what else is has no marks to sort
_CROWD = re.compile(r"[^\w\s\x00-\x7f]{32}")


def normalise(form: Form, text: str) -> str:
    """Return `text` in a normal form, the order of marks left as it is across a crowd of them."""
    if text.isascii():
        return text
    cuts = [match.end() for match in _CROWD.finditer(text)]
    if not cuts:
        return unicodedata.normalize(form, text)
    pieces = pairwise([0, *cuts, len(text)])
    return "".join(unicodedata.normalize(form, text[start:end]) for start, end in pieces)
