"""Whether a cluster is still there: Ray notices late, and then ends this process."""

import time
from types import ModuleType
from typing import Self

from index.cluster.connect import knock
from index.errors import ClusterFailed

_EVERY_SECONDS = 1.0

# Ray ends the process some ten seconds after its part of this machine, and a minute after the
# head, which may be started again if it keeps its tables elsewhere
_HERE_SECONDS, _HEAD_SECONDS = 3.0, 10.0


class Pulse:
    """Knocks at the head of a cluster, and at what stands for it on this machine."""

    def __init__(self, head: str, here: str) -> None:
        """Watch two places that are there.

        Args:
            head: of the cluster, as host:port.
            here: what of the cluster runs on this machine.
        """
        self._asked = time.monotonic()
        self._heard = {head: self._asked, here: self._asked}
        self._told = (
            (here, _HERE_SECONDS, "Ray has ended on this machine"),
            (head, _HEAD_SECONDS, f"its head at {head} is gone"),
        )

    @classmethod
    def of(cls, ray: ModuleType) -> Self | None:
        """Watch what Ray is connected to; None for a cluster elsewhere: its connection breaks."""
        node = ray._private.worker._global_node
        if node is None:
            return None
        host = node.node_ip_address
        here = f"[{host}]" if ":" in host else host
        return cls(node.gcs_address, f"{here}:{node.node_manager_port}")

    def check(self) -> None:
        """Knock, if that is due.

        Raises:
            ClusterFailed: if nobody is there any more.
        """
        now = time.monotonic()
        if now - self._asked < _EVERY_SECONDS:
            return
        self._asked = now
        for place, patience, problem in self._told:
            if knock(place) is None:
                self._heard[place] = now
            elif now - self._heard[place] > patience:
                raise ClusterFailed(problem)
