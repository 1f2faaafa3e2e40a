"""Measure how soon things are there: each in processes of its own, on an index of the samples.

    python -m benchmarks.starts [--rounds N] [--store STORE]

Figures are medians of seconds on the clock, from the start of the process, and of the processor's
seconds in all its threads; the first of each kind, which fills caches, does not count. The page is
usable when it is there with what it is configured by; its first question is asked at once.
"""

import argparse
import json
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import index

_QUESTION = "what was signed on 12 May?"
_ROUNDS = 7
_PATIENCE_SECONDS = 120
_PAUSE_SECONDS = 0.02

Figures = dict[str, float]

_PYTHON = [sys.executable]
_CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def busy_seconds() -> float:
    """Return the processor's seconds of all child processes that ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def time_command(command: list[str]) -> Figures:
    """Run a command to its end."""
    busy, start = busy_seconds(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return {"s": time.perf_counter() - start, "busy s": busy_seconds() - busy}


def time_page(store: Path) -> Figures:
    """Start the chat, load the page, and ask the first question at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = time.perf_counter()
    with _chat(store, port):
        address = f"http://127.0.0.1:{port}"
        config = _load_page(address)
        usable = time.perf_counter() - start
        _ask(address, config)
        return {"usable s": usable, "answered s": time.perf_counter() - start}


@contextmanager
def _chat(store: Path, port: int) -> Iterator[None]:
    """Run the chat."""
    command = [*_PYTHON, "app.py", "--store", str(store), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=_CORPUS.parent)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _load_page(address: str) -> Any:  # noqa: ANN401  JSON
    """Return what the page is configured by, as soon as somebody listens there."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with urlopen(f"{address}/", timeout=_PATIENCE_SECONDS) as reply:
                page = reply.read().decode()
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            begin = page.index("{", page.index("window.gradio_config"))
            return json.JSONDecoder().raw_decode(page, begin)[0]


def _ask(address: str, config: Any) -> None:  # noqa: ANN401  JSON
    """Ask as the page does, and wait for the answer."""
    (event,) = (one["id"] for one in config["dependencies"] if one["targets"][0][1] == "ask")
    claim = {"token": "first", "question": _QUESTION, "language": "en", "history": []}
    joining = {"data": [], "fn_index": event, "session_hash": "starts"}
    body = json.dumps({**joining, "event_data": json.dumps(claim)}).encode()
    headers = {"Content-Type": "application/json", "Origin": address}
    with urlopen(Request(f"{address}/gradio_api/queue/join", body, headers)) as reply:
        reply.read()
    queue = f"{address}/gradio_api/queue/data?session_hash=starts"
    with urlopen(queue, timeout=_PATIENCE_SECONDS) as messages:
        for line in messages:
            message = json.loads(line.removeprefix(b"data:")) if line.startswith(b"data:") else {}
            if message.get("msg") == "process_completed":
                if "citations" not in str(message):
                    sys.exit(f"The page was not answered: {message}")
                return
    sys.exit("The page was not answered.")


def median_of(measure: Callable[[], Figures], rounds: int) -> Figures:
    """Measure once for nothing and then `rounds` times; return the median of each figure."""
    measure()
    found = [measure() for _ in range(rounds)]
    return {name: round(statistics.median(one[name] for one in found), 3) for name in found[0]}


def starts(store: Path, rounds: int) -> dict[str, Figures]:
    """Measure every start."""
    ask = [*_PYTHON, "-m", "qa.cli", "ask", _QUESTION, "--store", str(store)]
    commands = {
        "python": [*_PYTHON, "-c", "pass"],
        "import qa": [*_PYTHON, "-c", "import qa"],
        "depeche --help": [*_PYTHON, "-m", "qa.cli", "--help"],
        "depeche ask": ask,
        "depeche ask --reader none": [*ask, "--reader", "none"],
    }
    found = {
        name: median_of(lambda command=command: time_command(command), rounds)  # type: ignore[misc]
        for name, command in commands.items()
    }
    return found | {"python app.py": median_of(lambda: time_page(store), rounds)}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, metavar="N", help="each (7)")
    parser.add_argument("--store", type=Path, help="an index (the samples, built for this)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = arguments.store or Path(folder) / "store"
        if arguments.store is None:
            index.build(_CORPUS, store)
        print(json.dumps(starts(store.resolve(), arguments.rounds), indent=2))


if __name__ == "__main__":
    main()
