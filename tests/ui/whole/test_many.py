"""Twenty people ask the real app at once."""

from benchmarks.sessions import measure

_SESSIONS = 20

# Long enough for each to ask; `python -m benchmarks.sessions` measures for two minutes.
_SECONDS = 5.0


def test_twenty_sessions_ask_at_once_and_each_gets_its_own_answer(address: str) -> None:
    figures = measure(address, _SESSIONS, _SECONDS)

    assert figures.errors == []
    assert len(figures.seconds) >= _SESSIONS
