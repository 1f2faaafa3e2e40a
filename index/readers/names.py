"""Names of files and of members of archives, as they are shown: only ever text, never a path."""

import re
import unicodedata

# What editors, browsers and file managers leave behind.
_LEFTOVER = re.compile(
    r"\..*|~\$.*|.*~|#.*#|.*\.(?:swp|swo|tmp|bak|part|crdownload)|thumbs\.db|desktop\.ini|__macosx",
    re.IGNORECASE | re.DOTALL,
)

# Would break a line, or turn the direction of writing, wherever an id is shown.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def is_leftover(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or was left behind by a program."""
    return _LEFTOVER.fullmatch(name) is not None


def visible(name: str) -> str:
    r"""Return `name` with composed accents, and signs that cannot be shown spelled as "\u202e"."""
    spelled = _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", name)
    # last: an accent behind a sign goes with the letter that the sign is spelled with
    return unicodedata.normalize("NFC", spelled)
