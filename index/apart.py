"""Formats whose libraries can be made to loop, to crash or to eat all memory, read apart.

One worker (`index/worker.py`) reads file after file. When it hangs, dies or grows beyond its
limits it is killed, the file is skipped with the reason, and the next file gets a new worker. What
becomes of a file never depends on those before it: a worker that fails on any but its first file is
tried again as a new one.
"""

import atexit
import re
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from index.child import python_module, start_child
from index.errors import UnreadableFile
from index.readers import Extracted, Format, find_format
from index.readers.archive import read_zip
from index.types import Skipped
from index.worker import Message, cpu_seconds, found_in, receive, send, wall_seconds

# More than any answer about a file whose text is not too long, in UTF-8 and JSON.
_MAX_ANSWER_BYTES = 100_000_000
_MAX_ANSWER_RATIO = 6

_COMMAND = python_module("index.worker")

# What a worker whose input has ended gets to end by itself, in seconds.
_PATIENCE = 2

_Found = Extracted | Skipped

_SIGXCPU = -getattr(signal, "SIGXCPU", 24)
_TOO_LONG = "takes longer than {seconds:.0f} s to read"
_CRASHED = "makes its reader crash"
_NOT_STARTED = "no process can be started to read it: "

# Another program may have had all the time or memory, or ended the worker.
_PASSING = re.compile(rf"takes longer than \d+ s to read|{_CRASHED}|{_NOT_STARTED}.*")


def read(path: Path, data: bytes) -> Iterator[Extracted | Skipped]:
    """Read `data`, the content of the file at `path`, as its format is read.

    Formats that are read apart are, members of archives too.

    Raises:
        UnreadableFile: if the whole file cannot be read.
    """
    if path.suffix.lower() == ".zip":
        yield from read_zip(path, data, _find)
    else:
        yield from _find(path).read(path, data)


def is_passing(reason: str) -> bool:
    """Whether a file that was left out for `reason` may be read at another moment."""
    return _PASSING.fullmatch(reason) is not None


def end() -> None:
    """End the worker, if there is one; the next file that needs one starts another."""
    _worker.end()


def _find(path: Path) -> Format:
    """Return how files such as `path` are read: apart, if they have to be."""
    found = find_format(path)
    return replace(found, read=_worker.read) if found.is_apart else found


class _Timer(threading.Timer):
    """Kills a worker that takes too long; whoever waits for its answer goes on."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        """Begin to count."""
        super().__init__(seconds, self._stop)
        self.daemon = True
        self.is_late = False
        self._watched = process
        self.start()

    def _stop(self) -> None:
        """Kill the worker."""
        self.is_late = True
        self._watched.kill()


class Worker:
    """A process that reads files; it is started with the first one.

    Threads may share it: they wait for each other.
    """

    def __init__(self, command: Sequence[str] = _COMMAND) -> None:
        """Take the `command` that serves as `index.worker` does."""
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._is_new = True

    @property
    def pid(self) -> int | None:
        """Return the number of the process, or None while there is none."""
        return self._process.pid if self._process is not None else None

    def read(self, path: Path, data: bytes) -> Iterator[Extracted | Skipped]:
        """Read the content of the file at `path`.

        Raises:
            UnreadableFile: if it cannot be read, or not within the limits.
        """
        with self._lock:
            found, refused = self._ask(path, data)
        yield from found
        if refused:
            raise UnreadableFile(path, refused)

    def end(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _ask(self, path: Path, data: bytes) -> tuple[list[_Found], str]:
        """Return what was found in a file, and why the rest was refused, or ""."""
        process = self._running(path)
        was_new, self._is_new = self._is_new, False
        timer = _Timer(process, wall_seconds(len(data)))
        try:
            found, end = self._exchange(process, path, data)
            refused, is_over = str(end.get("refused", "")), bool(end.get("is_last"))
        except (OSError, EOFError, LookupError, AttributeError, TypeError, ValueError):
            if self._end() == _SIGXCPU or timer.is_late:
                return [], _TOO_LONG.format(seconds=cpu_seconds(len(data)))
            found, refused, is_over = [], _CRASHED, True
        except BaseException:  # Ctrl-C: the answer would be taken for that about the next file
            process.kill()
            self._end()
            raise
        finally:
            timer.cancel()
        if not is_over:
            return found, refused
        self._end()
        return ([], refused or _CRASHED) if was_new else self._ask(path, data)

    def _exchange(
        self, process: "subprocess.Popen[bytes]", path: Path, data: bytes
    ) -> tuple[list[_Found], Message]:
        """Send a file; return what was found in it, and the message that ends the answer."""
        assert process.stdin is not None
        assert process.stdout is not None
        send(process.stdin, {"path": str(path), "size": len(data)}, data)
        found: list[_Found] = []
        left = _MAX_ANSWER_BYTES + _MAX_ANSWER_RATIO * len(data)
        while not (message := receive(process.stdout, left)).get("ends"):
            found.append(found_in(message))
            left -= _size(found[-1])
        return found, message

    def _running(self, path: Path) -> "subprocess.Popen[bytes]":
        """Return the process; start it if there is none, or it has ended."""
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            try:
                self._process = start_child(self._command)
            except OSError as error:
                told = (error.strerror or "unknown").lower()
                raise UnreadableFile(path, _NOT_STARTED + told) from error
            self._is_new = True
        return self._process

    def _end(self) -> int:
        """End the process; return how it ended, 0 where there was none."""
        process, self._process = self._process, None
        if process is None:
            return 0
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        try:
            return process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def _size(found: _Found) -> int:
    """Return about how many bytes it takes to send what was found; a name alone takes some."""
    return 100 + len(found.text if isinstance(found, Extracted) else found.reason)


_worker = Worker()
atexit.register(end)
