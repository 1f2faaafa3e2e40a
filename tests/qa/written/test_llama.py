"""A real server with a small model, both out of packages; `pytest -m llama` runs only this."""

import logging
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from index.errors import WriterAbstained
from qa.assistant import Assistant
from qa.written.model import LanguageModel, Limits
from qa.written.shown import show_sentence
from qa.written.writing import begin

Make = Callable[..., Any]

START_SECONDS = 120

# on a machine that does other things too
PATIENT = Limits(first_seconds=600, next_seconds=120, whole_seconds=900)


@pytest.fixture(scope="module")
def llama(llama_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the server, and return its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["--model", str(llama_file), "--model_alias", "smollm2", "--port", str(port)]
    log = tmp_path_factory.mktemp("llama") / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "llama_cpp.server",
                *command,
                "--n_ctx",
                "8192",
                "--n_threads",
                "2",
            ],
            stdout=written,
            stderr=subprocess.STDOUT,
            env=os.environ | {"HOST": "127.0.0.1"},
        )
        try:
            _wait(f"http://127.0.0.1:{port}/v1/models", process, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(30)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the server answers."""
    for _ in range(START_SECONDS * 5):
        assert process.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            with urlopen(url):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("the server does not start")


@pytest.mark.llama
@pytest.mark.parametrize(
    "question", ["what was signed on 12 May?", "Qu'est-ce qui a été signé le 12 mai ?"]
)
def test_a_real_model_writes_and_is_checked_and_the_quotes_stay(
    llama: str, sample_store: Path, question: str
) -> None:
    assistant = Assistant.open(sample_store)
    answer = assistant.ask(question)
    quotes = repr(answer)

    writing = begin(answer, LanguageModel(llama, "smollm2", limits=PATIENT), assistant.reader)
    assert writing is not None
    states = list(writing)

    last = states[-1]
    assert last.ended
    assert len(states) > 10  # it came piece by piece
    assert last.text.strip()
    shown = " ".join(last.text[slice(*one.span)] for one in last.sentences)
    if not isinstance(last.trouble, WriterAbstained):
        assert _letters(shown) == _letters(last.text)
    numbers = {source.number for source in last.sources}
    for sentence in last.sentences:
        assert sentence.is_supported is not bool(sentence.findings)
        assert numbers.issuperset(sentence.marks) or not sentence.is_supported
    assert repr(answer) == quotes
    # for whoever asks for it: pytest -m llama -o log_cli=true --log-cli-level=INFO
    wrote = "\n".join(map(show_sentence, last.sentences)) or last.text
    logging.getLogger(__name__).info("%s\n%s\n%s", question, wrote, last.trouble or "")


def _letters(text: str) -> list[str]:
    """The words of a text without its numbers: those in front of a list belong to no sentence."""
    return re.findall(r"[^\W\d]+", text)
