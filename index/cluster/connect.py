"""To reach a Ray cluster: one that runs, or one of this machine's cores, started for a build.

Nothing of it is seen: Ray's lines, its dashboard and its reports of use are off. A cluster that is
started here asks whoever connects for a token, as Ray does by itself, and ends with the build,
however that ends.
"""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from urllib.parse import urlsplit

from index.errors import ClusterUnreachable, ExtraMissing

AUTO = "auto"
"""The address of whatever runs on this machine, or is started there."""

_CONNECT_SECONDS = 30
_KNOCK_SECONDS = 5

# for what is on its way: an errand and its results take some megabytes a core
_STORE_BYTES_A_CORE = 100_000_000

_LOCAL = "local"

_QUIET = {"log_to_driver": False, "logging_level": logging.CRITICAL}


@contextmanager
def connected(address: str) -> Iterator[ModuleType]:
    """Yield Ray, connected to the cluster at `address`; one that this process has is left as it is.

    Args:
        address: "auto", host:port of a cluster that this machine belongs to, or ray://host:port.

    Raises:
        ClusterUnreachable: if it does not answer in time.
        ExtraMissing: if Ray is not installed.
    """
    ray = _import_ray()
    if ray.is_initialized():
        yield ray
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        _connect(ray, address)
        yield ray
    finally:
        ray.shutdown()
        _put_back(before)


def _import_ray() -> ModuleType:
    """Import Ray, without its reports of use.

    Raises:
        ExtraMissing: if it is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise ExtraMissing("spread a build over a cluster", "ray", "ray") from error
    return ray


def _connect(ray: ModuleType, address: str) -> None:
    """Connect to a cluster, or start one.

    Raises:
        ClusterUnreachable: if that fails, or takes too long.
    """
    chosen = (os.environ.get("RAY_ADDRESS") or _running_here()) if address == AUTO else address
    if chosen is None or chosen == _LOCAL:
        _start(ray)
        return
    problem = _knock(chosen)
    if problem is not None:
        raise ClusterUnreachable(chosen, problem)
    _join(lambda: ray.init(address=chosen, **_QUIET), chosen)


def _start(ray: ModuleType) -> None:
    """Start a cluster of this machine's cores, which ends when the thread does that started it.

    Raises:
        ClusterUnreachable: if that fails.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        ray.init(
            address=_LOCAL,
            num_cpus=cores,
            include_dashboard=False,
            object_store_memory=_STORE_BYTES_A_CORE * (cores or 1),
            **_QUIET,
        )
    except Exception as error:
        raise ClusterUnreachable("this machine", _first_line(error)) from error


def _running_here() -> str | None:
    """Return the address of the cluster that `ray start` last started here, if it still answers."""
    from ray._private.utils import read_ray_address

    address = read_ray_address()
    return address if address and _knock(address) is None else None


def _knock(address: str) -> str | None:
    """Return why nobody listens at an address, or None if somebody does."""
    parts = urlsplit(address if "://" in address else f"//{address}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or port is None:
        return "it is no host:port"
    try:
        with socket.create_connection((host, port), _KNOCK_SECONDS):
            return None
    except TimeoutError:
        return f"nobody answered in {_KNOCK_SECONDS} s"
    except OSError as error:
        return (error.strerror or str(error)).lower()


def _join(init: Callable[[], object], address: str) -> None:
    """Connect in a thread that may hang.

    Raises:
        ClusterUnreachable: if it fails, or takes too long.
    """
    problems: list[Exception] = []
    done = threading.Event()

    def connect() -> None:
        """Connect, or note why not."""
        try:
            init()
        except Exception as error:
            problems.append(error)
        done.set()

    threading.Thread(target=connect, name="ray", daemon=True).start()
    if not done.wait(_CONNECT_SECONDS):
        raise ClusterUnreachable(address, f"no cluster answered in {_CONNECT_SECONDS} s")
    if problems:
        raise ClusterUnreachable(address, _first_line(problems[0])) from problems[0]


def _first_line(error: Exception) -> str:
    """Return what an error says in its first line, without its stop."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__).rstrip(".")


def _put_back(handler: object) -> None:
    """Let this process be ended as before: Ray has its own way."""
    with suppress(ValueError, TypeError):  # not in the main thread; not set by Python
        signal.signal(signal.SIGTERM, handler)  # type: ignore[arg-type]
