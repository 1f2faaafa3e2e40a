"""The workers of a cluster: those that are there, those that start, and those that died."""

import time
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from index.cluster.actor import Hello, Worker, hello
from index.cluster.pulse import Pulse
from index.errors import ClusterFailed, ClusterMismatch

# one to work on, and one at hand for when it is done
_MOST_ERRANDS = 2

# how long there may be no worker at all: one on a busy machine imports for ten seconds
_START_SECONDS = 120.0

# what Ray says of a worker that cannot import what it is to run, or fails before it is asked
_CANNOT_BEGIN = "an error raised in its creation task"


@dataclass(eq=False)
class Hand:
    """A worker as it is known here.

    Attributes:
        actor: what Ray knows it by.
        has_gpu: whether it has a graphics processor.
        errands: how many were sent to it and did not come back.
    """

    actor: Any
    has_gpu: bool
    errands: int = 0


class Pool:
    """One worker for each core of the cluster, as long as the build goes on."""

    def __init__(self, ray: ModuleType, *, may_use_gpus: bool) -> None:
        """Begin to start workers; those that find no free core wait for one."""
        self.ray = ray
        found = ray.cluster_resources()
        gpus = int(found.get("GPU", 0)) if may_use_gpus else 0
        self.wanted = max(1, int(found.get("CPU", 0)), gpus)
        self.ready: list[Hand] = []
        self.starting: dict[Any, Hand] = {}
        self._own = hello()
        self._last_seen = time.monotonic()
        self._pulse = Pulse.of(ray)
        for number in range(self.wanted):
            self._start(has_gpu=number < gpus)

    def free(self, *, for_models: bool) -> Hand | None:
        """Return the worker with the fewest errands, or None if all have as many as they may.

        Args:
            for_models: ask those with a graphics processor alone, where there are any.
        """
        fit = [hand for hand in self.ready if hand.has_gpu] if for_models else []
        least = min(fit or self.ready, key=lambda hand: hand.errands, default=None)
        return least if least is not None and least.errands < _MOST_ERRANDS else None

    def welcome(self, reply: Any) -> None:  # noqa: ANN401  a reference of Ray's
        """Take in a worker that has started, or another in the place of one that could not.

        Raises:
            ClusterFailed: if it cannot start at all.
            ClusterMismatch: if it has another version than this process.
        """
        hand = self.starting.pop(reply)
        try:
            worker: Hello = self.ray.get(reply)
        except self.ray.exceptions.RayError as error:
            if _CANNOT_BEGIN in str(error):
                raise ClusterMismatch("a machine of the cluster", last_line(error)) from error
            self.check()
            self._start(has_gpu=hand.has_gpu)
            return
        difference = self._own.difference(worker)
        if difference is not None:
            raise ClusterMismatch(worker.machine, difference)
        self.ready.append(hand)
        self._last_seen = time.monotonic()

    def lose(self, hand: Hand) -> None:
        """Let a worker go that died, or does not answer, and start another one."""
        if hand in self.ready:
            self.ready.remove(hand)
            self.ray.kill(hand.actor)
            self._last_seen = time.monotonic()
            self._start(has_gpu=hand.has_gpu)

    def check(self) -> None:
        """Refuse to wait for a cluster that is gone, or any longer for a first worker.

        Raises:
            ClusterFailed: if there is none, and none has been for long.
        """
        try:
            if self._pulse is not None:
                self._pulse.check()
        except ClusterFailed:
            self.ready, self.starting = [], {}  # nobody is left to be ended
            raise
        if not self.ready and time.monotonic() - self._last_seen > _START_SECONDS:
            raise ClusterFailed(f"no worker could be started in {_START_SECONDS:.0f} s")

    def close(self) -> None:
        """End all workers."""
        for hand in [*self.ready, *self.starting.values()]:
            with suppress(self.ray.exceptions.RayError, ConnectionError):
                self.ray.kill(hand.actor)
        self.ready, self.starting = [], {}

    def _start(self, *, has_gpu: bool) -> None:
        """Begin to start a worker; Ray starts none again by itself."""
        remote = self.ray.remote(num_cpus=1, num_gpus=int(has_gpu), max_restarts=0)(Worker)
        actor = remote.remote(has_gpu=has_gpu)
        self.starting[actor.hello.remote()] = Hand(actor, has_gpu)


def last_line(error: Exception) -> str:
    """Return the last line of what an error says: there stands what went wrong."""
    lines = str(error).strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else type(error).__name__
