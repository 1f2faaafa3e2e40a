"""What a language model writes in the real app: beside the quotes, checked by the real reader."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
Ask = Callable[[Page, str], None]
Audit = Callable[[Page], None]
Picture = Callable[[Page, str], None]

_QUESTION = "what was signed on 12 May?"
_TRUE = "On 12 May 2025 Tô Lâm and President Loukachenko signed a joint declaration in Minsk [1]."
_FALSE = "They also handed over 18 cooperation documents [2]."

# Language of the page, size, colours: what the README shows, and what is hardest beside it.
_SCREENS = (("en-GB", 1440, 900, "light"), ("fr-FR", 390, 844, "dark"))


@pytest.fixture
def address(start_app: Callable[..., str], sample_store: Path, model_server: Any) -> str:  # noqa: ANN401
    """Start the chat with a server of a model that writes a true sentence and a false one."""
    model_server.says(f"{_TRUE} ", _FALSE)
    writer = ("--llm", model_server.url, "--llm-model", "model")
    return start_app("--store", str(sample_store), "--read-only", *writer)


def test_a_false_sentence_written_is_told_from_a_true_one_and_everybody_can_read_which(
    address: str, visit: Visit, ask: Ask, audit: Audit, picture: Picture
) -> None:
    for locale, width, height, scheme in _SCREENS:
        size = {"width": width, "height": height}
        page = visit(address, viewport=size, color_scheme=scheme, locale=locale)

        ask(page, _QUESTION)

        written = page.locator(".turn .written")
        expect(written.locator(".verdict")).to_have_text(re.compile("^1 (sentence|phrase)"))
        expect(written.locator("> .sentence")).to_contain_text("Loukachenko")
        expect(written.locator("> .unsupported .why")).to_contain_text("18")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        audit(page)
        if scheme == "light":
            picture(page, "written-desktop-light")
