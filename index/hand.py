"""The process that does parts of a build for another one.

    python -P -m index.hand

On its standard input come pairs of bytes, pickled: a task, and the items to do it with. On its
standard output goes what was made of them, pickled. Both ends are this package; nothing that lies
on a disk or comes from a network is unpickled. It ends when its input does, whatever it is doing
then: when its parent is gone, however that ended. `index.processes` starts it.
"""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from functools import lru_cache
from queue import SimpleQueue
from typing import IO, Any

Task = Callable[[Any], Any]
Message = tuple[bytes, bytes]


def made(task: bytes, items: bytes) -> list[Any] | None:
    """Return what a task makes of each item; None if it fails on one: its parent will meet that."""
    try:
        make, given = _unpacked(task), pickle.loads(items)
        return [make(item) for item in given]
    except Exception:
        return None


@lru_cache(maxsize=4)
def _unpacked(task: bytes) -> Task:
    """Return a task that was sent; the same one is sent again and again."""
    found: Task = pickle.loads(task)
    return found


def _listen(requests: IO[bytes], waiting: "SimpleQueue[Message]") -> None:
    """Queue what comes in; end the process when no more comes, whatever it is doing."""
    try:
        while True:
            waiting.put(pickle.load(requests))
    finally:
        os._exit(0)


def main() -> None:
    """Serve on the standard input and output; whatever a library prints goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    waiting: SimpleQueue[Message] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, waiting), daemon=True).start()
    while True:
        pickle.dump(made(*waiting.get()), answers)
        answers.flush()


if __name__ == "__main__":
    main()
