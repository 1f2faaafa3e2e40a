"""What goes wrong, as the key of a sentence: `errors.KEY` in the words."""

import logging

from ui.language import load_words

_logger = logging.getLogger(__name__)


def trouble_of(error: Exception) -> str:
    """Return the key for an error, of its class or the nearest base that has a sentence.

    One that nobody foresaw goes to the terminal with its traceback, and its details nowhere else.
    """
    known = load_words("en").entries
    kinds = (kind.__name__ for kind in type(error).__mro__)
    key = next((kind for kind in kinds if f"errors.{kind}" in known), "other")
    if key == "other":
        _logger.error("a request failed", exc_info=error)
    return key
