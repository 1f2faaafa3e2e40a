"""The chat as people start it: the page first, the models behind it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

Make = Callable[..., Any]

_ROOT = Path(__file__).parents[2]


@pytest.fixture
def address(sample_store: Path, free_port: Callable[[], int]) -> Iterator[str]:
    """Start the chat on an index that is there; its address, as soon as it is told."""
    command = [sys.executable, "app.py", "--store", str(sample_store), "--port", str(free_port())]
    with subprocess.Popen(
        command, cwd=_ROOT, env=os.environ, stdout=subprocess.PIPE, encoding="utf-8"
    ) as chat:
        assert chat.stdout is not None
        yield chat.stdout.readline().split()[3]
        chat.kill()


def test_a_question_typed_at_once_waits_for_the_models_and_is_answered(
    address: str, visit: Make
) -> None:
    page = visit(address)

    page.get_by_label("Your question").fill("What was signed on 12 May?")
    page.keyboard.press("Enter")

    expect(page.locator(".turn .question")).to_have_text("What was signed on 12 May?")
    expect(page.locator(".turn:not(.waiting) .answer")).to_contain_text("partenariat stratégique")
    assert page.locator(".turn .trouble").count() == 0
