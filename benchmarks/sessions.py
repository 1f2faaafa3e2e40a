"""Many sessions that ask a running chat at once: `python -m benchmarks.sessions ADDRESS`.

Each session asks as the page does, through the wire, and asks another question as soon as it is
answered: about another day each time.
"""

import argparse
import json
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median, quantiles
from uuid import uuid4

import httpx
from babel.dates import format_date

_QUESTIONS = (
    ("en", "what was signed on {}?"),
    ("fr", "Qui a rencontré Tô Lâm le {} ?"),
    ("en", "Who opened a bridge in Tokyo on {}?"),
    ("fr", "Qu’est-ce qui est entré en vigueur le {} ?"),
)
_FIRST_DAY = date(2020, 1, 1)

# Longer than anybody waits.
_TIMEOUT_SECONDS = 300.0


@dataclass
class Figures:
    """What many sessions saw."""

    seconds: list[float] = field(default_factory=list)
    """How long each answer took, as the one who asked sees it."""
    errors: list[str] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Half of the answers took no longer, in seconds."""
        return median(self.seconds)

    @property
    def most(self) -> float:
        """95 of 100 answers took no longer, in seconds."""
        return quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else self.seconds[0]


def question(number: int) -> str:
    """Return a question of its own for each number: one that was asked before is remembered."""
    turn, kind = divmod(number, len(_QUESTIONS))
    language, words = _QUESTIONS[kind]
    day = _FIRST_DAY + timedelta(days=turn)
    return words.format(format_date(day, "d MMMM y", language))


def ask(client: httpx.Client, question: str) -> str:
    """Ask through the wire; return what is wrong with the answer, or nothing.

    Raises:
        httpx.HTTPError: if the server does not answer.
    """
    token, session = uuid4().hex[:24], uuid4().hex[:11]
    asked = {"token": token, "question": question, "history": [], "filters": {}, "language": "en"}
    joined = {"data": [], "event_data": json.dumps(asked), "fn_index": 0}
    joined |= {"session_hash": session, "trigger_id": None}
    client.post("gradio_api/queue/join", json=joined).raise_for_status()
    parameters = {"session_hash": session}
    with client.stream("GET", "gradio_api/queue/data", params=parameters) as stream:
        for line in stream.iter_lines():
            told = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if told.get("msg") == "process_completed":
                return _trouble(told, token)
    return "the stream ended before the answer"


def _trouble(told: dict[str, object], token: str) -> str:
    """Return what is wrong with an answer, or nothing."""
    output = told.get("output")
    data = output.get("data") if isinstance(output, dict) else None
    if not told.get("success") or not isinstance(data, list) or not data:
        return f"no answer: {output}"
    reply = json.loads(data[0])
    if reply["token"] != token:
        return "somebody else's answer"
    return str(reply.get("error") or reply.get("record", {}).get("trouble", "no record"))


def measure(address: str, sessions: int, seconds: float) -> Figures:
    """Let so many sessions ask for so many seconds, each one question at least, to its end."""
    figures = Figures()
    end = time.monotonic() + seconds

    def session(number: int) -> None:
        headers = {"Origin": address.rstrip("/")}
        with httpx.Client(
            base_url=address, timeout=_TIMEOUT_SECONDS, trust_env=False, headers=headers
        ) as client:
            turn = number
            while turn == number or time.monotonic() < end:
                begun = time.monotonic()
                try:
                    trouble = ask(client, question(turn))
                except httpx.HTTPError as error:
                    trouble = repr(error)
                figures.seconds.append(time.monotonic() - begun)
                if trouble:
                    figures.errors.append(trouble)
                turn += sessions

    threads = [threading.Thread(target=session, args=(number,)) for number in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sessions", description=__doc__)
    parser.add_argument("address", help="where the chat is, without a password")
    parser.add_argument("--sessions", type=int, default=20, metavar="N")
    parser.add_argument("--seconds", type=float, default=120, metavar="S")
    given = parser.parse_args(arguments)
    figures = measure(given.address, given.sessions, given.seconds)
    print(
        f"{len(figures.seconds)} answers to {given.sessions} sessions, "
        f"{len(figures.errors)} errors, median {figures.median:.2f} s, "
        f"95th percentile {figures.most:.2f} s"
    )
    for error in sorted(set(figures.errors)):
        print(error)
    return 1 if figures.errors else 0


if __name__ == "__main__":
    sys.exit(main())
