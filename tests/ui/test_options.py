import os
import subprocess
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from index.errors import (
    PasswordNeeded,
    RootPathInvalid,
    UsersExposed,
    UsersMissing,
    WriterInvalid,
)
from qa.written.model import LanguageModel
from ui.options import Options, check, parse

Run = Callable[..., subprocess.CompletedProcess[str]]


def read(*arguments: str | Path) -> Options:
    return check(parse([str(argument) for argument in arguments]))


def test_by_default_only_this_machine_is_served_and_nobody_asked_for_a_password() -> None:
    options = read()

    assert (options.host, options.port, options.root_path) == ("127.0.0.1", 7860, "")
    assert options.users is None
    assert not options.read_only
    assert options.address == "http://127.0.0.1:7860/"
    assert not options.is_overheard
    with pytest.raises(FrozenInstanceError):
        options.port = 1  # type: ignore[misc]


def test_half_the_cores_answer_questions_and_two_at_least() -> None:
    assert read().concurrency == max(2, (os.cpu_count() or 1) // 2)
    assert read("--concurrency", "1").concurrency == 1


def test_everything_can_be_asked_for(users_file: Path, tmp_path: Path) -> None:
    options = read(
        *("--host", "0.0.0.0", "--port", "80", "--auth-file", users_file, "--read-only"),
        *("--root-path", "https://news.example/depeche/", "--concurrency", "6"),
        *("--corpus", tmp_path / "c", "--store", tmp_path / "s", "--reader", "none"),
        *("--model", "m", "--log", tmp_path / "log", "--log-questions"),
    )

    assert options.users is not None
    assert replace(options, users=None) == Options(
        host="0.0.0.0",
        port=80,
        root_path="https://news.example/depeche",
        read_only=True,
        concurrency=6,
        corpus=tmp_path / "c",
        store=tmp_path / "s",
        model="m",
        reader="none",
        log=tmp_path / "log",
        log_questions=True,
    )
    assert options.address == "https://news.example/depeche/"
    assert not options.is_overheard


def test_a_language_model_writes_only_if_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEPECHE_LLM", "DEPECHE_LLM_MODEL", "DEPECHE_LLM_KEY"):
        monkeypatch.delenv(name, raising=False)

    assert read().writer is None
    named = read("--llm", "http://127.0.0.1:8080", "--llm-model", "qwen").writer
    assert named == LanguageModel("http://127.0.0.1:8080/v1", "qwen")
    with pytest.raises(WriterInvalid, match="--llm-model NAME"):
        read("--llm", "http://127.0.0.1:8080")


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert read("--host", "::1").host == "[::1]"
    assert read("--host", "[::1]").address == "http://[::1]:7860/"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--host", "0.0.0.0"), id="everywhere"),
        pytest.param(("--host", "::"), id="everywhere_ipv6"),
        pytest.param(("--host", "192.168.1.5"), id="one_network"),
        pytest.param(("--root-path", "/depeche"), id="a_proxy"),
    ],
)
def test_the_door_is_not_left_open_unless_told(
    arguments: tuple[str, ...], users_file: Path
) -> None:
    with pytest.raises(PasswordNeeded):
        read(*arguments)

    assert read(*arguments, "--without-password").users is None
    assert read(*arguments, "--auth-file", users_file).users is not None


def test_passwords_over_an_open_line_are_told(users_file: Path) -> None:
    assert read("--host", "192.168.1.5", "--auth-file", users_file).is_overheard
    assert not read("--auth-file", users_file).is_overheard


def test_bad_files_and_addresses_stop_at_once(users_file: Path, tmp_path: Path) -> None:
    users_file.chmod(0o644)

    with pytest.raises(UsersExposed):
        read("--auth-file", users_file)
    with pytest.raises(UsersMissing):
        read("--auth-file", tmp_path / "no")
    with pytest.raises(RootPathInvalid):
        read("--root-path", "https://")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--concurrency", "0"),
        ("--concurrency", "many"),
        ("--host", " "),
        ("--add-user", "anna"),
        ("--auth-file", "x", "--without-password"),
        ("--port", "0"),
    ],
)
def test_wrong_usage_ends_with_code_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(arguments)

    assert ended.value.code == 2
    assert "usage: app.py" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--host", "0.0.0.0"), "--without-password", id="no_password"),
        pytest.param(("--auth-file", "/no/such/file"), "--add-user NAME", id="no_file"),
        pytest.param(("--root-path", "https://"), "--root-path https://", id="no_address"),
        pytest.param(
            ("--auth-file", "/no/users", "--add-user", "a:b"), "--add-user NAME", id="no_name"
        ),
    ],
)
def test_the_command_says_what_is_wrong_in_one_sentence_before_it_builds_anything(
    run_python: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run_python("app.py", "--store", tmp_path / "store", *arguments, timeout_seconds=300)

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "store").exists()
