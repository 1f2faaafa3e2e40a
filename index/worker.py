"""The process that reads hostile files one after the other, with limits on time and memory.

    python -m index.worker

It takes requests on its standard input and answers on its standard output. A message is its length
in eight bytes, then JSON; behind a request come the bytes of the file. `index.apart` starts it. It
ends when its input does, whatever it is doing then: when its parent is gone, however that ended.
"""

import faulthandler
import json
import math
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, NamedTuple

from index.errors import UnreadableFile
from index.readers import Declared, Extracted, Field, find_format
from index.types import Skipped

LENGTH_BYTES = 8

MEMORY_BYTES = 2_000_000_000
"""Address space; on systems where there is no limit on it, the limit on time is left."""

MAX_TEXT_CHARS = 20_000_000
"""Of all articles of a file, beside as many as it has bytes: a hundred novels."""

# No process that the worker might start, no file that it might write, no memory left on disk.
_LIMITS = {"RLIMIT_AS": MEMORY_BYTES, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}

Message = dict[str, Any]


class Request(NamedTuple):
    """A file to read: its path, for messages, and its content."""

    path: Path
    data: bytes


SECONDS = 5
"""Time that may be spent on any file; a megabyte gets one more."""


def cpu_seconds(size: int) -> float:
    """Return the time that may be spent on a file of `size` bytes."""
    return SECONDS + size / 1_000_000


def wall_seconds(size: int) -> float:
    """Return how long a file of `size` bytes may take where other programs want time too."""
    return 10 + 4 * cpu_seconds(size)


def send(pipe: IO[bytes], message: Message, data: bytes = b"") -> None:
    """Write a message, and `data` behind it."""
    content = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    pipe.write(len(content).to_bytes(LENGTH_BYTES))
    pipe.write(content)
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes], limit: int) -> Message:
    """Read a message.

    Raises:
        EOFError: if the pipe ends before the message does.
        ValueError: if it has more than `limit` bytes, or is none.
    """
    length = int.from_bytes(read_exactly(pipe, LENGTH_BYTES))
    if length > limit:
        raise ValueError(f"a message of {length} bytes; at most {limit} are read")
    message = json.loads(read_exactly(pipe, length).decode("utf-8", "surrogatepass"))
    if not isinstance(message, dict):
        raise TypeError("no message")
    return message


def read_exactly(pipe: IO[bytes], size: int) -> bytes:
    """Read `size` bytes.

    Raises:
        EOFError: if the pipe ends before.
    """
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


def answers(request: Request) -> Iterator[Message]:
    """Read a file; yield what is found, then a message that ends it, and why, if it was refused.

    After a message that says "is_last" the worker ends: memory that ran out stays in pieces.
    """
    left = MAX_TEXT_CHARS + len(request.data)
    try:
        for item in find_format(request.path).read(request.path, request.data):
            left -= len(item.text) if isinstance(item, Extracted) else len(item.reason)
            if left < 0:
                yield {"ends": True, "refused": "holds more text than is read of one file"}
                return
            yield told(item)
    except UnreadableFile as problem:
        yield {"ends": True, "refused": problem.reason}
    except MemoryError:
        reason = f"needs more than {MEMORY_BYTES // 1_000_000_000} GB of memory to be read"
        yield {"ends": True, "refused": reason, "is_last": True}
    else:
        yield {"ends": True}


def told(item: Extracted | Skipped) -> Message:
    """Return the message of an item."""
    if isinstance(item, Skipped):
        return {"name": item.path, "reason": item.reason}
    return {"name": item.name, "text": item.text, "declared": dict(item.declared)}


def found_in(message: Message) -> Extracted | Skipped:
    """Return the item of a message.

    Raises:
        AttributeError, LookupError, TypeError, ValueError: if `told` does not make such messages.
    """
    name = _text(message["name"])
    if "reason" in message:
        return Skipped(name, _text(message["reason"]))
    declared: dict[Field, Declared] = {}
    for key, (value, origin) in message["declared"].items():
        declared[key] = Declared(_text(value), _text(origin))
    return Extracted(_text(message["text"]), declared, name)


def _text(value: object) -> str:
    """Return `value` if it is a text."""
    if not isinstance(value, str):
        raise TypeError(f"no text: {type(value).__name__}")
    return value


def serve(requests: IO[bytes], pipe: IO[bytes]) -> None:
    """Answer requests until there are no more."""
    waiting: SimpleQueue[Request] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, waiting), daemon=True).start()
    while True:
        request = waiting.get()
        _limit_time(len(request.data))
        for message in answers(request):
            if message.get("ends"):
                faulthandler.cancel_dump_traceback_later()
            send(pipe, message)
            if message.get("is_last"):
                return


def _listen(requests: IO[bytes], waiting: "SimpleQueue[Request]") -> None:
    """Queue requests; end the process when there are no more, whatever it is doing."""
    try:
        while True:
            head = receive(requests, limit=1_000_000)
            waiting.put(Request(Path(head["path"]), read_exactly(requests, int(head["size"]))))
    finally:
        os._exit(0)


def _limit_time(size: int) -> None:
    """Let the system end this process when a file of `size` bytes takes too long.

    The watch of `faulthandler` needs nothing of Python: it ends a library that holds its lock too,
    should the parent that would kill it be gone.
    """
    faulthandler.dump_traceback_later(wall_seconds(size) + 5, exit=True)
    with suppress(ImportError, ValueError, OSError):
        import resource

        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + cpu_seconds(size)), hard))


def _limit_memory() -> None:
    """Set the limits that hold for all files, as far as this system has them."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, limit in _LIMITS.items():
        with suppress(AttributeError, ValueError, OSError):
            kind = getattr(resource, name)
            _soft, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (limit, hard))


def main() -> None:
    """Serve on the standard input and output; whatever a library prints goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    pipe = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    faulthandler.enable(file=nowhere)
    _limit_memory()
    serve(sys.stdin.buffer, pipe)


if __name__ == "__main__":
    main()
