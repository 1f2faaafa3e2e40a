import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.errors import BuildCancelled, CorpusEmpty, LogUnwritable
from index.journal import LOGGER, is_heard, logging_as_told, note, noted, writing_log
from index.types import BuildReport, Skipped

Run = Callable[..., subprocess.CompletedProcess[str]]

REPORT = BuildReport(4, 25, 5, 20, (Skipped("secret.png", "is no text"),), 1.25, "000001-abc")


@pytest.fixture(autouse=True)
def _no_log_is_named(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("DEPECHE_LOG", raising=False)
    monkeypatch.delenv("DEPECHE_LOG_QUESTIONS", raising=False)
    yield
    assert not is_heard()


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def test_importing_installs_nothing_but_a_handler_that_does_nothing(run_python: Run) -> None:
    program = (
        "import logging, index, qa, index.journal, qa.journal\n"
        "logger = logging.getLogger('depeche')\n"
        "print([type(handler).__name__ for handler in logger.handlers], logger.level)\n"
        "print(logging.getLogger().handlers)\n"
    )

    done = run_python("-c", program)

    assert done.stdout.splitlines() == ["['NullHandler'] 0", "[]"], done.stderr


def test_a_line_is_one_json_object_with_its_time(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"

    with writing_log(path):
        note("event", text="é\n\u2028\ud800{", number=1)

    assert len(path.read_bytes().splitlines()) == 1
    (line,) = lines(path)
    assert line["event"] == "event"
    assert line["text"] == "é\n\u2028\ud800{"
    assert str(line["time"]).endswith("+00:00")


def test_nothing_is_written_after_and_before(tmp_path: Path) -> None:
    note("before")
    with writing_log(tmp_path / "log"):
        note("meanwhile")
    note("after")

    assert [line["event"] for line in lines(tmp_path / "log")] == ["meanwhile"]


def test_a_program_that_uses_us_may_listen_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, LOGGER):
        note("event", number=1)

    assert json.loads(caplog.messages[0])["number"] == 1


def test_lines_go_behind_those_that_are_there(tmp_path: Path) -> None:
    for event in ("first", "second"):
        with writing_log(tmp_path / "log"):
            note(event)

    assert [line["event"] for line in lines(tmp_path / "log")] == ["first", "second"]


def test_a_file_that_is_full_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"x" * 9_999_990 + b"\n")

    with writing_log(path):
        note("new")

    assert [line["event"] for line in lines(path)] == ["new"]
    assert (tmp_path / "log.1").stat().st_size == 9_999_991


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk on this system")
def test_a_full_disk_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with writing_log(Path("/dev/full")):
        note("event")
        note("event")

    assert capsys.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="other rights on this system")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may do anything")
def test_a_folder_that_may_not_be_written_to_any_more_is_silent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "folder" / "log"
    path.parent.mkdir()
    path.write_bytes(b"x" * 10_000_000)

    with writing_log(path):
        path.parent.chmod(0o500)
        note("event")
    path.parent.chmod(0o700)

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["", "no/such/folder/log", "nul\0"])
def test_a_file_that_cannot_be_opened_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(LogUnwritable, match="--log FILE"), writing_log(tmp_path / name):
        pass


def test_a_log_that_cannot_be_written_is_one_sentence_and_nothing_stops(tmp_path: Path) -> None:
    said: list[str] = []

    with logging_as_told(said.append, tmp_path):
        note("event")

    assert len(said) == 1
    assert str(tmp_path) in said[0]


def test_the_environment_names_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPECHE_LOG", str(tmp_path / "log"))
    said: list[str] = []

    with logging_as_told(said.append):
        note("event")

    assert [line["event"] for line in lines(tmp_path / "log")] == ["event"]
    assert said == []


def test_a_build_writes_a_line_of_numbers(tmp_path: Path) -> None:
    @noted
    def build() -> BuildReport:
        return REPORT

    with writing_log(tmp_path / "log"):
        assert build() is REPORT

    (line,) = lines(tmp_path / "log")
    assert line | {"time": None} == {
        "time": None,
        "event": "build",
        "outcome": "done",
        "seconds": 1.25,
        "articles": 4,
        "chunks": 25,
        "embedded": 5,
        "reused": 20,
        "skipped": 1,
        "warnings": 0,
        "snapshot": "000001-abc",
    }
    assert build.__name__ == "build"


@pytest.mark.parametrize(
    ("error", "outcome", "kind"),
    [
        (CorpusEmpty(Path("secret"), 1), "failed", "CorpusEmpty"),
        (BuildCancelled(), "cancelled", "BuildCancelled"),
        (ValueError("secret"), "failed", "other"),
        (KeyboardInterrupt(), "failed", "other"),
    ],
)
def test_a_build_that_fails_writes_a_line_and_fails(
    tmp_path: Path, error: BaseException, outcome: str, kind: str
) -> None:
    @noted
    def build() -> BuildReport:
        raise error

    with writing_log(tmp_path / "log"), pytest.raises(type(error)):
        build()

    (line,) = lines(tmp_path / "log")
    assert (line["event"], line["outcome"], line["error"]) == ("build", outcome, kind)
    assert "secret" not in (tmp_path / "log").read_text()
