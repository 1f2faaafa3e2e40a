"""The sessions of the README work as written."""

import doctest
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent
_README = (_ROOT / "README.md").read_text(encoding="utf-8")
_ADDRESS = "http://127.0.0.1:7860"

# What is asked of a rebuild that goes on is asked again until it has ended.
_REBUILD_SECONDS = 120


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", _README, re.MULTILINE | re.DOTALL)


def commands(session: str) -> list[tuple[str, str]]:
    """Return each command of a session with the output that follows it."""
    parts = re.split(r"^\$ (.+)\n", session, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    (folder / "corpus").symlink_to(_ROOT / "corpus", target_is_directory=True)
    return folder


def test_the_commands_print_what_the_readme_shows(folder: Path) -> None:
    checker = doctest.OutputChecker()
    (session,) = blocks("console")
    for command, expected in commands(session):
        program, *arguments = shlex.split(command)
        assert program == "depeche"

        run = subprocess.run(
            [sys.executable, "-m", "qa.cli", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(_ROOT), "HF_HUB_OFFLINE": "1"},
        )

        assert run.returncode == 0, run.stderr
        shown = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        printed = run.stdout.replace("\N{NO-BREAK SPACE}", " ")  # nobody sees which space it is
        assert checker.check_output(expected, printed, shown), f"{command}\n{run.stdout}"


def test_the_python_session_gives_what_the_readme_shows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = "\n".join(blocks("python"))
    monkeypatch.chdir(folder)
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", "README.md", 0)
    report: list[str] = []

    results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)

    assert results.attempted > 12
    assert results.failed == 0, "".join(report)


@pytest.fixture(scope="module")
def address(folder: Path, sample_store: Path) -> Iterator[str]:
    """Start the chat as the README does, over a copy of the sample store."""
    shutil.copytree(sample_store, folder / "open")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    options = ("--port", port, "--store", str(folder / "open"), "--corpus", str(folder / "corpus"))
    chat = subprocess.Popen(
        [sys.executable, "app.py", *options],
        cwd=_ROOT,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert chat.stdout is not None
    assert f":{port}" in chat.stdout.readline()
    yield f"http://127.0.0.1:{port}"
    chat.terminate()
    chat.communicate(timeout=60)


def test_curl_is_answered_as_the_readme_shows(address: str) -> None:
    for command, expected in commands(blocks("sh")[0]):
        wanted = "".join(expected.replace(_ADDRESS, address).split())
        deadline = time.monotonic() + _REBUILD_SECONDS
        while True:
            line = ["bash", "-c", command.replace(_ADDRESS, address)]
            run = subprocess.run(line, capture_output=True, text=True, timeout=120)
            printed = "".join(run.stdout.split())
            matches = doctest.OutputChecker().check_output(wanted, printed, doctest.ELLIPSIS)
            if matches or '"state":"running"' not in printed or time.monotonic() > deadline:
                break
            time.sleep(0.2)
        assert matches, f"{command}\n{run.stdout}"


def test_a_client_of_gradio_is_answered_as_the_readme_shows(address: str) -> None:
    (session,) = blocks("pycon")
    test = doctest.DocTestParser().get_doctest(
        session.replace(_ADDRESS, address), {}, "README.md", "README.md", 0
    )
    report: list[str] = []

    results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)

    assert results.attempted > 6
    assert results.failed == 0, "".join(report)


def test_every_file_the_readme_shows_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", _README):
        assert (_ROOT / target).is_file(), target


def test_the_readme_names_every_command() -> None:
    from qa.cli import build_parser

    usage = build_parser().format_help()
    for command in re.findall(r"^    (\w+) ", usage, re.MULTILINE):
        assert f"depeche {command}" in _README
