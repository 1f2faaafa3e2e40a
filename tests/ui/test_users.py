import asyncio
import os
import pty
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from index.errors import (
    PasswordUnusable,
    UserNameInvalid,
    UsersExposed,
    UsersInvalid,
    UsersMissing,
    UsersUnwritable,
)
from ui.enrol import enrol
from ui.passwords import Hashed
from ui.users import Users, check_name, read_users

_ROOT = Path(__file__).parents[2]

Line = Callable[[str, str], str]


def finish(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401  whatever it returns
    """Run `work` on a thread of its own: on this one the loop of the browser's tests may run."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def check(users: Users, name: str, password: str) -> bool:
    return bool(finish(users.check(name, password)))


def typed(*passwords: str) -> Callable[[str], str]:
    """Return a terminal on which these are typed, one after the other."""
    waiting = list(passwords)
    return lambda _prompt: waiting.pop(0)


def test_a_password_fits_its_hash_and_no_other() -> None:
    hashed = Hashed.make("Đêm qua é")
    again = Hashed.read(str(hashed))

    assert again == hashed
    assert again.fits(unicodedata.normalize("NFD", "Đêm qua é"))
    assert not again.fits("Dem qua e")
    assert Hashed.make("x").salt != Hashed.make("x").salt


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("secret", id="a_password_in_clear"),
        pytest.param("scrypt$32768$8$1$c2FsdA==$aGFzaA==", id="short_salt_and_hash"),
        pytest.param("md5$32768$8$1$" + "A" * 22 + "==$" + "A" * 43 + "=", id="another_hash"),
        pytest.param("scrypt$1024$8$1$" + "A" * 22 + "==$" + "A" * 43 + "=", id="too_little_work"),
        pytest.param(
            "scrypt$1073741824$8$1$" + "A" * 22 + "==$" + "A" * 43 + "=", id="too_much_memory"
        ),
        pytest.param("scrypt$32768$8$99$" + "A" * 22 + "==$" + "A" * 43 + "=", id="too_much_work"),
        pytest.param("scrypt$20000$8$1$" + "A" * 22 + "==$" + "A" * 43 + "=", id="no_power_of_two"),
        pytest.param("scrypt$32768$0$1$" + "A" * 22 + "==$" + "A" * 43 + "=", id="no_block"),
        pytest.param("scrypt$32768$8$1$" + "A" * 21 + "é==$" + "A" * 43 + "=", id="no_base64"),
        pytest.param("scrypt$n$r$p$salt$hash", id="no_numbers"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_hash_of_ours_is_refused_and_not_repeated(line: str, users_file: Path) -> None:
    users_file.write_text(f"# the desk\n\nbruno:{line}\n", encoding="utf-8")

    with pytest.raises(UsersInvalid, match=r"Line 3 of .* --add-user NAME") as raised:
        read_users(users_file)

    assert not line or line not in str(raised.value)


def test_the_right_name_with_the_right_password_enters_and_nobody_else(users_file: Path) -> None:
    users = Users(users_file)

    assert check(users, "anna", "correct horse")
    assert not check(users, "anna", "wrong horse")
    assert not check(users, "bruno", "correct horse")
    assert not check(users, "", "")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o666])
def test_a_file_that_others_can_read_is_refused(users_file: Path, mode: int) -> None:
    users_file.chmod(mode)

    with pytest.raises(UsersExposed, match=f"mode is {mode:04o}.* chmod 600"):
        Users(users_file)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_its_owner_is_taken(users_file: Path, mode: int) -> None:
    users_file.chmod(mode)

    assert Users(users_file).line("anna") is not None


def test_a_file_that_is_not_there_is_refused_with_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(UsersMissing, match="--add-user NAME"):
        Users(tmp_path / "no")
    with pytest.raises(UsersMissing, match="is no file"):
        Users(tmp_path)
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(UsersMissing, match="is no file"):
        Users(tmp_path / "pipe")


def test_a_file_that_names_nobody_is_refused(users_file: Path) -> None:
    users_file.write_text("# nobody yet\n\n", encoding="utf-8")

    with pytest.raises(UsersMissing, match="names nobody"):
        Users(users_file)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"\xff\xfe\x00", "no text", id="no_text"),
        pytest.param(b"#" * (2**20 + 1), "larger", id="too_large"),
    ],
)
def test_a_file_that_is_something_else_is_refused(
    users_file: Path, content: bytes, problem: str
) -> None:
    users_file.write_bytes(content)

    with pytest.raises(UsersInvalid, match=problem):
        Users(users_file)


def test_a_name_may_stand_there_once(users_file: Path, user_line: Line) -> None:
    users_file.write_text(user_line("anna", "one") + user_line(" anna", "two"), encoding="utf-8")

    with pytest.raises(UsersInvalid, match=r"Line 2 .* names anna a second time"):
        Users(users_file)


@pytest.mark.parametrize("name", ["anna", "Phạm Thị Hoa", "a.durand@news.example", "O", "室井"])
def test_people_have_many_names(name: str) -> None:
    assert check_name(unicodedata.normalize("NFD", f" {name} ")) == name


@pytest.mark.parametrize(
    "name",
    ["", "a:b", "a\nb", "#anna", "a" * 65, "\u202eanna", "anna\u200b", "../x", "<b>", ".", "a$"],
)
def test_a_name_that_would_break_the_line_or_hide_itself_is_refused(name: str) -> None:
    with pytest.raises(UserNameInvalid, match="--add-user NAME"):
        check_name(name)


def test_users_come_and_go_while_the_chat_is_open(users_file: Path, user_line: Line) -> None:
    users = Users(users_file)
    before = users.line("anna")

    users_file.write_text(user_line("bruno", "another horse"), encoding="utf-8")

    assert before is not None
    assert users.line("anna") is None
    assert check(users, "bruno", "another horse")


def test_a_file_that_breaks_while_the_chat_is_open_changes_nobody(
    users_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    users = Users(users_file)

    users_file.write_text("anna:damaged", encoding="utf-8")

    assert users.line("anna") is not None
    assert users.line("bruno") is None
    assert caplog.text.count("The users stay as they were.") == 1
    users_file.unlink()
    assert users.line("anna") is not None


def test_a_new_user_is_written_with_a_hash_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "users"

    assert enrol(path, " anna ", typed("correct horse", "correct horse")) == "anna"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = path.read_text(encoding="utf-8")
    assert written.startswith("anna:scrypt$32768$8$3$")
    assert "horse" not in written
    assert check(Users(path), "anna", "correct horse")
    assert [entry.name for entry in tmp_path.iterdir()] == ["users"]


def test_another_password_takes_the_place_of_the_one_before(
    users_file: Path, user_line: Line
) -> None:
    bruno = user_line("bruno", "his")
    users_file.write_text("# the desk\n" + user_line("anna", "old") + bruno, encoding="utf-8")

    enrol(users_file, "anna", typed("a new horse", "a new horse"))

    lines = users_file.read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[:2] == ["# the desk\n", bruno]
    assert [line.split(":")[0] for line in lines[2:]] == ["anna"]


@pytest.mark.parametrize(
    ("passwords", "problem"),
    [
        pytest.param(("short",), "fewer than 8", id="short"),
        pytest.param(("correct horse", "correct house"), "not the same", id="mistyped"),
    ],
)
def test_a_password_that_cannot_be_taken_writes_nothing(
    tmp_path: Path, passwords: tuple[str, ...], problem: str
) -> None:
    with pytest.raises(PasswordUnusable, match=problem) as raised:
        enrol(tmp_path / "users", "anna", typed(*passwords))

    assert passwords[0] not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_others_can_read_gets_no_new_user(users_file: Path) -> None:
    users_file.chmod(0o644)

    with pytest.raises(UsersExposed):
        enrol(users_file, "bruno", typed())


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsersUnwritable, match="--auth-file FILE"):
        enrol(tmp_path / "no" / "users", "anna", typed("correct horse", "correct horse"))


def test_the_command_asks_twice_on_the_terminal_without_showing(tmp_path: Path) -> None:
    path = tmp_path / "users"
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "app.py", "--auth-file", str(path), "--add-user", "anna"],
        cwd=_ROOT,
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = ""
    for prompt in ("New password of anna: ", "The same again: "):
        while not shown.endswith(prompt):
            shown += os.read(ours, 1000).decode()
        os.write(ours, b"correct horse\n")

    assert running.wait(timeout=300) == 0

    shown += os.read(ours, 1000).decode()
    os.close(ours)
    assert "horse" not in shown
    assert f"anna can enter: python app.py --auth-file {path}" in shown
    assert list(read_users(path)) == ["anna"]
