from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ui.sessions import Sessions
from ui.users import Users

Clock = Any  # the one of conftest.py

_HOUR = 3600.0


@pytest.fixture
def sessions(users_file: Path, clock: Clock) -> Sessions:
    return Sessions(Users(users_file), clock)


def test_a_token_opens_the_session_of_its_user_and_no_other_does(sessions: Sessions) -> None:
    token = sessions.open("anna")

    assert sessions.find(token) == "anna"
    assert sessions.find(token[:-1]) is None
    assert sessions.find("") is None
    assert sessions.find("\ud800é") is None
    assert sessions.open("anna") != token


def test_only_the_digest_of_a_token_is_kept(sessions: Sessions) -> None:
    token = sessions.open("anna")

    assert list(sessions._sessions) == [sha256(token.encode()).digest()]
    assert len(token) >= 4 * 32 / 3
    assert token not in repr(vars(sessions))


def test_a_session_ends_twelve_hours_after_its_last_request(
    sessions: Sessions, clock: Clock
) -> None:
    token = sessions.open("anna")
    for hours in (11.9, 2 * 11.9, 3 * 11.9):
        clock.seconds = hours * _HOUR
        assert sessions.find(token) == "anna"

    clock.seconds += 12 * _HOUR

    assert sessions.find(token) is None
    clock.seconds = 0
    assert sessions.find(token) is None


def test_a_session_that_is_closed_is_over(sessions: Sessions) -> None:
    token, other = sessions.open("anna"), sessions.open("anna")

    sessions.close(token)

    assert sessions.find(token) is None
    assert sessions.find(other) == "anna"
    sessions.close("never there")


def test_who_gets_another_password_is_out(
    sessions: Sessions, users_file: Path, user_line: Callable[[str, str], str]
) -> None:
    token = sessions.open("anna")

    users_file.write_text(user_line("anna", "another horse"), encoding="utf-8")

    assert sessions.find(token) is None


def test_who_is_taken_out_of_the_file_is_out(
    sessions: Sessions, users_file: Path, user_line: Callable[[str, str], str]
) -> None:
    token = sessions.open("anna")

    users_file.write_text(user_line("bruno", "his"), encoding="utf-8")

    assert sessions.find(token) is None
    assert sessions.find(sessions.open("nobody")) is None


def test_the_session_used_longest_ago_makes_room(sessions: Sessions) -> None:
    first, second = sessions.open("anna"), sessions.open("anna")
    sessions.find(first)
    for _ in range(9_999):
        sessions.open("anna")

    assert sessions.find(second) is None
    assert sessions.find(first) == "anna"
