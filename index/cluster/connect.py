"""To reach a Ray cluster: one that runs, or one of this machine's cores, started for a build.

Nothing of it is seen: Ray's lines, its dashboard and its reports of use are off. A cluster that is
started here asks whoever connects for a token, as Ray does by itself, and ends with the build,
however that ends.
"""

import logging
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from urllib.parse import urlsplit

from index.errors import ClusterError, ClusterMismatch, ClusterUnreachable, ExtraMissing

AUTO = "auto"
"""The address of whatever runs on this machine, or is started there."""

_CONNECT_SECONDS = 60
_KNOCK_SECONDS = 5

# for what is on its way: an errand and its results take some megabytes a core
_STORE_BYTES_A_CORE = 100_000_000

_LOCAL = "local"

# of Ray and of Python, there and here
_VERSIONS = 4

_QUIET = {"log_to_driver": False, "logging_level": logging.CRITICAL}

_TRIAL = """
import logging, sys, ray
try:
    ray.init(address=sys.argv[1] or None, log_to_driver=False, logging_level=logging.CRITICAL)
    node = ray._private.worker._global_node
    if node is not None:
        node.check_version_info()
except Exception as error:
    print(error)
    sys.exit(1)
"""


@contextmanager
def connected(address: str) -> Iterator[ModuleType]:
    """Yield Ray, connected to the cluster at `address`; one that this process has is left as it is.

    Args:
        address: "auto", host:port of a cluster that this machine belongs to, or ray://host:port.

    Raises:
        ClusterMismatch: if it runs another version of Ray or of Python.
        ClusterUnreachable: if it does not answer in time.
        ExtraMissing: if Ray is not installed.
    """
    ray = _import_ray()
    if ray.is_initialized():
        yield ray
        return
    before = signal.getsignal(signal.SIGTERM)
    with _silenced():
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


@contextmanager
def _silenced() -> Iterator[None]:
    """Have Ray print nothing meanwhile: where it tells of dead workers, there stand results."""
    from ray._private import worker

    before = worker._worker_logs_enabled
    worker._worker_logs_enabled = False
    try:
        yield
    finally:
        worker._worker_logs_enabled = before


def _connect(ray: ModuleType, address: str) -> None:
    """Connect to a cluster, or start one.

    Raises:
        ClusterMismatch: if it runs another version of Ray or of Python.
        ClusterUnreachable: if that fails, or takes too long.
    """
    chosen = (os.environ.get("RAY_ADDRESS") or _running_here()) if address == AUTO else address
    if chosen is None or chosen == _LOCAL:
        _start(ray)
        return
    # found by Ray itself, a cluster of this machine is also shown the token that it asks for
    asked = None if address == AUTO else chosen
    problem = knock(chosen) or _refusal(asked)
    if problem is not None:
        raise _unreachable(chosen, problem)
    try:
        ray.init(address=asked, **_QUIET)
    except Exception as error:
        raise _unreachable(chosen, str(error)) from error


def _unreachable(address: str, problem: str) -> ClusterError:
    """Return what to raise when a cluster cannot be used: it may only be of another version."""
    if "Version mismatch" in problem:
        found = re.findall(r"(?:Ray|Python): (\S+)", problem)
        if len(found) == _VERSIONS:
            told = "it runs Ray {} and Python {}, this process Ray {} and Python {}"
            return ClusterMismatch(address, told.format(*found))
    return ClusterUnreachable(address, _first_line(problem))


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
        raise ClusterUnreachable("this machine", _first_line(str(error))) from error


def _running_here() -> str | None:
    """Return the address of the cluster that `ray start` last started here, if it still answers."""
    from ray._private.utils import read_ray_address

    address = read_ray_address()
    return address if address and knock(address) is None else None


def knock(address: str) -> str | None:
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


def _refusal(address: str | None) -> str | None:
    """Return why a cluster cannot be used, or None if it can.

    A process of its own tries: Ray may wait for ever for somebody who is no cluster, fill the
    terminal with what it meets, and end the process.
    """
    command = [sys.executable, "-P", "-c", _TRIAL, address or ""]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=_CONNECT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no cluster answered in {_CONNECT_SECONDS} s"
    if ended.returncode == 0:
        return None
    if "Unauthenticated" in ended.stdout + ended.stderr:
        return "it asks for a token (set RAY_AUTH_MODE=token, and RAY_AUTH_TOKEN_PATH=FILE)"
    return ended.stdout


def _first_line(text: str) -> str:
    """Return the first line of what went wrong, without its stop."""
    return next(iter(text.strip().splitlines()), "Ray gave up without a reason").rstrip(".")


def _put_back(handler: object) -> None:
    """Let this process be ended as before: Ray has its own way."""
    with suppress(ValueError, TypeError):  # not in the main thread; not set by Python
        signal.signal(signal.SIGTERM, handler)  # type: ignore[arg-type]
