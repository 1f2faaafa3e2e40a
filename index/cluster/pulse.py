"""Whether a cluster is still there: Ray notices late, and then ends this process."""

import time
from types import ModuleType

from index.cluster.connect import knock
from index.errors import ClusterFailed

_EVERY_SECONDS = 1.0

# a head that keeps its tables elsewhere may be started again; Ray waits for a minute, then ends all
_PATIENCE_SECONDS = 10.0


class Pulse:
    """Knocks at the head of a cluster, and at what stands for it on this machine."""

    def __init__(self, ray: ModuleType) -> None:
        """Find both; a cluster elsewhere is told of by the connection itself."""
        node = ray._private.worker._global_node
        self._head = node.gcs_address if node is not None else None
        self._here = (
            f"{node.node_ip_address}:{node.node_manager_port}" if node is not None else None
        )
        self._heard = self._asked = time.monotonic()
        self.is_lost = False

    def check(self) -> None:
        """Knock, if that is due.

        Raises:
            ClusterFailed: if nobody is there any more.
        """
        now = time.monotonic()
        if self._head is None or self._here is None or now - self._asked < _EVERY_SECONDS:
            return
        self._asked = now
        if knock(self._here) is not None:
            self._give_up("Ray has ended on this machine")
        if knock(self._head) is None:
            self._heard = now
        elif now - self._heard > _PATIENCE_SECONDS:
            self._give_up(f"its head at {self._head} is gone")

    def _give_up(self, problem: str) -> None:
        """Note that it is lost, and say so."""
        self.is_lost = True
        raise ClusterFailed(problem)
