"""The workers of a Ray cluster as those who do the equal parts of a build."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager

from index.cluster.actor import packed
from index.cluster.connect import connected
from index.cluster.pool import Pool, last_line
from index.cluster.rounds import Round
from index.crew import Crew, Item, Made, Weigh
from index.errands import Errand, errands
from index.errors import ClusterFailed
from index.types import Progress

_TICK_SECONDS = 0.2


class RayCrew:
    """Workers that get their items in errands of a bounded size."""

    def __init__(self, pool: Pool, check: Callable[[], None]) -> None:
        """Ask the workers of `pool`; `check` is called again and again, and may raise."""
        self._pool, self._check = pool, check

    def in_order(
        self, task: Callable[[Item], Made], items: Iterable[Item], weigh: Weigh[Item]
    ) -> Iterator[Made]:
        """Yield what `task` makes of each item, in the order of the items."""
        due, done = 0, dict[int, Errand[Item, Made]]()
        round_ = self._round(task, errands(items, weigh), for_models=False)
        for errand in round_.done():
            done[errand.place] = errand
            while due in done:
                yield from done[due].results(task)
                round_.settle(done.pop(due))
                due += 1

    def as_made(
        self, task: Callable[[Item], Made], items: Iterable[Item], weigh: Weigh[Item]
    ) -> Iterator[tuple[int, Made]]:
        """Yield what `task` makes of each item, and the item's place, as soon as it is made."""
        round_ = self._round(task, errands(items, weigh), for_models=True)
        for errand in round_.done():
            yield from enumerate(errand.results(task), start=errand.first)
            round_.settle(errand)

    def everywhere(self, task: Callable[[], None]) -> None:
        """Have every worker that is there do something; nobody waits for it."""
        for hand in self._pool.ready:
            hand.actor.do.remote(packed(task))

    def _round(
        self,
        task: Callable[[Item], Made],
        waiting: Iterator[Errand[Item, Made]],
        *,
        for_models: bool,
    ) -> Round[Item, Made]:
        """Begin to have a task done."""
        return Round(self._pool, task, waiting, self._check, for_models=for_models)


@contextmanager
def hire(
    address: str,
    *,
    progress: Progress | None = None,
    check: Callable[[], None] = lambda: None,
    may_use_gpus: bool = False,
) -> Iterator[Crew]:
    """Yield the workers of a Ray cluster, one a core; they end with the build.

    Args:
        address: "auto", host:port or ray://host:port.
        progress: told how many have started, until the first has.
        check: called again and again while they work; what it raises ends the work.
        may_use_gpus: whether models could use graphics processors; then those are asked first.

    Raises:
        ClusterFailed: if workers die again and again, or the cluster does.
        ClusterMismatch: if a worker has another version than this process.
        ClusterUnreachable: if the cluster does not answer in time.
        ExtraMissing: if Ray is not installed.
    """
    with connected(address) as ray:
        try:
            with closing(Pool(ray, may_use_gpus=may_use_gpus)) as pool:
                _await_first(pool, progress, check)
                yield RayCrew(pool, check)
        except (ray.exceptions.RayError, ConnectionError) as error:
            raise ClusterFailed(last_line(error)) from error


def _await_first(pool: Pool, progress: Progress | None, check: Callable[[], None]) -> None:
    """Wait until there is a worker; the others come later."""
    while not pool.ready:
        there, _ = pool.ray.wait(list(pool.starting), timeout=_TICK_SECONDS)
        check()
        pool.check()
        for reply in there:
            pool.welcome(reply)
        if progress is not None:
            progress("workers", len(pool.ready), pool.wanted)
