"""What a start loads and what it leaves: laws, not seconds."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

RunPython = Callable[..., subprocess.CompletedProcess[str]]

QUESTION = "what was signed on 12 May?"

_TOLD = "import sys; print(*sorted({names} & set(sys.modules)), file=sys.stderr)"


@pytest.mark.parametrize("package", ["qa", "index"])
def test_a_package_is_imported_without_any_other_package(
    run_python: RunPython, package: str
) -> None:
    program = (
        "import sys, typing\n"
        "before = {name.partition('.')[0] for name in sys.modules}\n"
        f"import {package}\n"
        "after = {name.partition('.')[0] for name in sys.modules}\n"
        "print(*after - before - set(sys.stdlib_module_names))"
    )

    ended = run_python("-c", program)

    assert ended.stdout.split() == [package], ended.stderr


@pytest.mark.parametrize("reader", ["default", "none"])
def test_a_question_is_answered_without_what_builds_or_shows(
    run_python: RunPython, sample_store: Path, reader: str
) -> None:
    heavy = {
        *("torch", "transformers", "sentence_transformers", "gradio", "fastapi", "pandas"),
        *("langchain_text_splitters", "rensa", "trafilatura", "lxml", "pypdfium2", "scipy"),
        *("filelock", "importlib.metadata", "multiprocessing"),
    }
    program = (
        "from qa.cli import main\n"
        f"main(['ask', {QUESTION!r}, '--store', {str(sample_store)!r}, '--reader', {reader!r}])\n"
        + _TOLD.format(names=heavy)
    )

    ended = run_python("-c", program)

    assert "[1]" in ended.stdout, ended.stderr
    assert ended.stderr.split() == []


def test_without_a_reader_none_is_loaded(run_python: RunPython, sample_store: Path) -> None:
    program = (
        "from qa.cli import main\n"
        f"main(['ask', {QUESTION!r}, '--store', {str(sample_store)!r}, '--reader', 'none'])\n"
        + _TOLD.format(names={"safetensors"})
    )

    assert run_python("-c", program).stderr.split() == []


def test_a_command_says_all_it_has_to_say_before_it_ends_at_once(
    run_python: RunPython, sample_store: Path
) -> None:
    arguments = ("-m", "qa.cli", "ask", QUESTION, "--store", sample_store)

    ended = run_python(*arguments)

    assert ended.returncode == 0, ended.stderr
    assert "minsk-partenariat-strategique.txt" in ended.stdout
    assert ended.stdout.endswith("\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(["--after", "never"], "never", id="no_date"),
        pytest.param(["--store", "nowhere"], "nowhere", id="no_index"),
    ],
)
def test_a_command_that_fails_while_models_are_loaded_complains_and_ends(
    run_python: RunPython, sample_store: Path, arguments: list[str], complaint: str
) -> None:
    ended = run_python("-m", "qa.cli", "ask", QUESTION, "--store", sample_store, *arguments)

    assert ended.returncode == 1
    assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_an_answer_that_cannot_be_written_is_a_failure(sample_store: Path) -> None:
    command = [sys.executable, "-m", "qa.cli", "ask", QUESTION, "--store", str(sample_store)]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            command,
            cwd=Path(__file__).parent.parent,
            env=os.environ,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )

    assert ended.returncode == 1
    assert ended.stderr.startswith("Cannot go on")
