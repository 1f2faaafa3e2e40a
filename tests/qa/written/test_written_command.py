"""`depeche ask --llm`, over the sample articles and a real server."""

import json
import os
import subprocess
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from qa.cli import main

Server = Any  # that of tests/conftest.py
Run = Callable[..., subprocess.CompletedProcess[str]]

SIGNED = "what was signed on 12 May?"
TRUE = "On 12 May, Tô Lâm and Alexander Lukashenko signed a joint declaration in Minsk"
NOT_TOLD = "Quel est le prix du riz à Tokyo ?"


@pytest.fixture
def ask(sample_store: Path, monkeypatch: pytest.MonkeyPatch, model_server: Server) -> Run:
    """Return a function that runs `depeche ask` with the model of the server."""
    for name in [name for name in os.environ if name.startswith("DEPECHE_LLM")]:
        monkeypatch.delenv(name)

    def run(*arguments: str, model: str = "tiny") -> subprocess.CompletedProcess[str]:
        command = ["ask", "--store", str(sample_store), "--llm", model_server.url]
        said, complained = StringIO(), StringIO()
        with redirect_stdout(said), redirect_stderr(complained):
            code = main([*command, "--llm-model", model, *arguments])
        return subprocess.CompletedProcess(arguments, code, said.getvalue(), complained.getvalue())

    return run


def without_a_model(store: Path) -> str:
    said = StringIO()
    with redirect_stdout(said):
        assert main(["ask", SIGNED, "--store", str(store)]) == 0
    return said.getvalue()


def test_each_sentence_is_told_with_what_speaks_against_it_and_the_quotes_beneath(
    ask: Run, model_server: Server, sample_store: Path
) -> None:
    model_server.says(f"{TRUE} [1]. ", "The mayor paid [9].")

    ended = ask(SIGNED)

    assert (ended.returncode, ended.stderr) == (0, "")
    heading, _, first, second, reason, *_ = ended.stdout.splitlines()
    assert heading.startswith("Written by tiny, each sentence checked")
    assert first == f" ✓ {TRUE}. [1]"
    assert second == " ✗ The mayor paid. [9]"
    assert "not supported: " in reason
    assert ", 1 supported; the quotes below are the answer." in ended.stdout
    assert ended.stdout.endswith(without_a_model(sample_store))


def test_both_answers_are_told_as_json(ask: Run, model_server: Server) -> None:
    model_server.says(f"{TRUE} [1]. The mayor paid [9].")

    record = json.loads(ask(SIGNED, "--json").stdout)

    written = record["written"]
    assert record["grounded"] is True
    assert record["citations"][0]["quote"]
    assert (written["model"], written["trouble"]) == ("tiny", None)
    assert [one["marks"] for one in written["sentences"]] == [[1], [9]]
    assert [one["supported"] for one in written["sentences"]] == [True, False]
    assert {"problem": "unknown mark"}.items() <= written["sentences"][1]["findings"][0].items()
    for one in written["sentences"]:
        assert one["text"].split()[0] in written["text"][one["start"] : one["end"]]
    source = written["sources"][0]
    assert (source["number"], source["article"]) == (1, record["citations"][0]["article"])
    assert len(source["text"]) == source["end"] - source["start"]


def test_a_passage_that_only_the_written_answer_cites_is_printed_too(
    ask: Run, model_server: Server
) -> None:
    cited = {one["number"] for one in json.loads(ask(SIGNED, "--json").stdout)["citations"]}
    sources = json.loads(ask(SIGNED, "--json").stdout)["written"]["sources"]
    further = next(source for source in sources if source["number"] not in cited)
    model_server.says(f"Something else was signed [{further['number']}].")

    printed = ask(SIGNED).stdout

    assert f"[{further['number']}] {' '.join(further['text'].split())}" in printed
    assert printed.rstrip().endswith(f"({further['article']})")


def test_a_failure_is_one_sentence_and_the_quotes_are_there(
    ask: Run, model_server: Server, sample_store: Path
) -> None:
    model_server.sends(b"<html>", "text/html", 401)

    ended = ask(SIGNED)

    assert ended.returncode == 0
    assert ended.stdout == without_a_model(sample_store)
    (line,) = ended.stderr.splitlines()
    assert "DEPECHE_LLM_KEY" in line


def test_when_the_articles_do_not_answer_the_model_is_not_asked(
    ask: Run, model_server: Server
) -> None:
    ended = ask(NOT_TOLD)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert model_server.asked == []
    assert json.loads(ask(NOT_TOLD, "--json").stdout)["written"] is None


def test_a_wrong_address_is_told_before_the_index_is_opened(tmp_path: Path) -> None:
    complained = StringIO()
    with redirect_stderr(complained):
        code = main(
            ["ask", "?", "--store", str(tmp_path), "--llm", "localhost", "--llm-model", "m"]
        )

    assert code == 1
    assert complained.getvalue().startswith("'localhost' is no address of a language model's")
    assert len(complained.getvalue().splitlines()) == 1
