"""Other processes of this machine that read, cut, analyse and date beside each other.

Python does one thing at a time in a process. What is embedded is not sent to them: the model keeps
all cores busy by itself. They are started when there is work for longer than it takes to start
them, and end before embedding begins, and when their parent does, however that ends. (Processes of
loky, which were tried first, go on for a while when their parent is killed, and write their own
errors at Ctrl-C.)
"""

import os
import pickle
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from queue import SimpleQueue
from typing import Any

from index.child import python_module, start_child
from index.crew import ALONE, Crew, Item, Made, Weigh
from index.errands import Errand, errands

# Two others on two cores take two seconds to start, in which a third stands still: of 600 files
# that are read in three seconds nothing was gained.
TRIAL_SECONDS = 10.0
"""What is done sooner is done in this process."""

# each holds the tables of the readers and of dates, some 150 MB
_MOST_HANDS = 8

# errands for each hand that are not passed on yet
_ROOM = 3

_COMMAND = python_module("index.hand")


class Processes:
    """This process at first, then others too, as long as they live."""

    def __init__(self, hands: int, trial_seconds: float) -> None:
        """Start nothing yet.

        Args:
            hands: how many other processes there may be.
            trial_seconds: how long each task is done here before others are asked.
        """
        self._trial_seconds = trial_seconds
        self._hands = [Hand() for _ in range(hands)]
        self._idle: SimpleQueue[Hand] = SimpleQueue()
        for hand in self._hands:
            self._idle.put(hand)
        self._threads = ThreadPoolExecutor(hands, thread_name_prefix="hand")

    @property
    def pids(self) -> list[int]:
        """The numbers of the other processes that run."""
        return [hand.pid for hand in self._hands if hand.pid is not None]

    def in_order(
        self, task: Callable[[Item], Made], items: Iterable[Item], weigh: Weigh[Item]
    ) -> Iterator[Made]:
        """Yield what `task` makes of each item, in the order of the items."""
        waiting: Iterator[Errand[Item, Made]] = errands(items, weigh)
        yield from self._here(task, waiting)
        yield from self._there(task, waiting)

    def as_made(
        self, task: Callable[[Item], Made], items: Iterable[Item], weigh: Weigh[Item]
    ) -> Iterator[tuple[int, Made]]:
        """Yield what `task` makes of each item, and the item's place: here, on all cores."""
        del weigh
        self._dismiss()
        return enumerate(map(task, items))

    def everywhere(self, task: Callable[[], None]) -> None:
        """Do it here: what the others hold ends with them."""
        task()

    def close(self) -> None:
        """End the other processes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._dismiss()
        self._threads.shutdown()
        self._dismiss()  # one may have been started meanwhile

    def _here(
        self, task: Callable[[Item], Made], waiting: Iterator[Errand[Item, Made]]
    ) -> Iterator[Made]:
        """Do errands in this process until it was seen that they take long."""
        left = self._trial_seconds
        while left > 0 and (errand := next(waiting, None)) is not None:
            begun = time.monotonic()
            done = list(errand.results(task))
            left -= time.monotonic() - begun
            yield from done

    def _there(
        self, task: Callable[[Item], Made], waiting: Iterator[Errand[Item, Made]]
    ) -> Iterator[Made]:
        """Have errands done by others; what none of them can do is done here."""
        under_way: deque[tuple[Errand[Item, Made], Future[list[Any] | None]]] = deque()
        room = _ROOM * len(self._hands)
        try:
            while True:
                while len(under_way) < room and (errand := next(waiting, None)) is not None:
                    under_way.append((errand, self._send(task, errand)))
                if not under_way:
                    return
                errand, future = under_way.popleft()
                made = future.result()
                if made is not None:
                    errand.made = dict(zip(errand.sent, made, strict=True))
                yield from errand.results(task)
        finally:
            for _errand, future in under_way:
                future.cancel()

    def _send(
        self, task: Callable[[Item], Made], errand: Errand[Item, Made]
    ) -> "Future[list[Any] | None]":
        """Have the next idle hand do an errand."""
        if not errand.sent:
            nothing: Future[list[Any] | None] = Future()
            nothing.set_result([])
            return nothing
        return self._threads.submit(self._ask, task, [errand.items[at] for at in errand.sent])

    def _ask(self, task: Callable[[Any], Any], items: Sequence[Any]) -> list[Any] | None:
        """Return what a hand made of items, None if it could not."""
        hand = self._idle.get()
        try:
            return hand.ask(task, items)
        finally:
            self._idle.put(hand)

    def _dismiss(self) -> None:
        """End all other processes; they start again when they are asked."""
        for hand in self._hands:
            hand.end()


class Hand:
    """One other process; it is started when it is first asked, and not again if it is lost."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._is_lost = False

    @property
    def pid(self) -> int | None:
        """The number of the process, None while there is none."""
        return self._process.pid if self._process is not None else None

    def ask(self, task: Callable[[Any], Any], items: Sequence[Any]) -> list[Any] | None:
        """Return what a task makes of each item; None if it fails, or cannot be sent."""
        if self._is_lost:
            return None
        try:
            message = pickle.dumps((pickle.dumps(task), pickle.dumps(items)))
        except (pickle.PicklingError, TypeError, AttributeError):
            return None
        try:
            return self._exchange(message)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            self._is_lost = True
            self.end()
            return None

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()

    def _exchange(self, message: bytes) -> list[Any] | None:
        """Send an errand and wait for what was made of it."""
        if self._process is None:
            self._process = start_child(_COMMAND)
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(message)
        process.stdin.flush()
        made: list[Any] | None = pickle.load(process.stdout)
        return made


@contextmanager
def hands() -> Iterator[Crew]:
    """Yield who does the equal parts of a build on this machine; on one core this process alone."""
    most = min(cores(), _MOST_HANDS)
    if most == 1:
        yield ALONE
        return
    with closing(Processes(most, TRIAL_SECONDS)) as crew:
        yield crew


def cores() -> int:
    """Return how many cores this process may use: OMP_NUM_THREADS may ask for fewer."""
    if hasattr(os, "sched_getaffinity"):
        there = len(os.sched_getaffinity(0))
    else:
        there = os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0]
    return min(there, int(asked)) if asked.isdecimal() and int(asked) else there
