"""The sessions of the README work as written."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent
_README = (_ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", _README, re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """Return each command of the console session with the output that follows it."""
    (session,) = blocks("console")
    parts = re.split(r"^\$ (.+)\n", session, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    (folder / "corpus").symlink_to(_ROOT / "corpus", target_is_directory=True)
    return folder


def test_the_commands_print_what_the_readme_shows(folder: Path) -> None:
    checker = doctest.OutputChecker()
    for command, expected in commands():
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


def test_every_file_the_readme_shows_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", _README):
        assert (_ROOT / target).is_file(), target


def test_the_readme_names_every_command() -> None:
    from qa.cli import build_parser

    usage = build_parser().format_help()
    for command in re.findall(r"^    (\w+) ", usage, re.MULTILINE):
        assert f"depeche {command}" in _README
