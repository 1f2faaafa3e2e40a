"""Twenty people ask the real app at once."""

from benchmarks.sessions import measure

_SESSIONS = 20


def test_twenty_sessions_ask_at_once_and_each_gets_its_own_answer(address: str) -> None:
    # one question each; `python -m benchmarks.sessions` has them ask for two minutes
    figures = measure(address, _SESSIONS, seconds=0)

    assert figures.errors == []
    assert len(figures.seconds) == _SESSIONS
