"""One task and all its items: which are sent to which worker, and which are sent again."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Generic

from index.cluster.actor import Failed, packed
from index.cluster.pool import Hand, Pool, last_line
from index.crew import Item, Made
from index.errands import Errand
from index.errors import ClusterFailed

# how many errands there may be for each worker that are not passed on yet: those under way, and
# those that wait for one before them
_ROOM = 3

# so often it is asked whether to stop
_TICK_SECONDS = 0.2

# an errand may take so many workers with it
_MOST_TRIES = 3


class Round(Generic[Item, Made]):
    """A task that is done on many workers."""

    def __init__(
        self,
        pool: Pool,
        task: Callable[[Item], Made],
        waiting: Iterator[Errand[Item, Made]],
        check: Callable[[], None],
        *,
        for_models: bool,
    ) -> None:
        """Begin with nothing sent.

        Args:
            pool: the workers.
            task: what they do.
            waiting: the errands.
            check: called again and again; what it raises ends the round.
            for_models: whether a model does it.
        """
        self._pool, self._waiting, self._check = pool, waiting, check
        self._task = pool.ray.put(packed(task))
        self._for_models = for_models
        self._room = float(_ROOM * pool.wanted)
        self._under_way: dict[Any, tuple[Errand[Item, Made], Hand]] = {}
        self._to_send: deque[Errand[Item, Made]] = deque()

    def done(self) -> Iterator[Errand[Item, Made]]:
        """Yield errands as soon as they are done; each must be settled when it is passed on."""
        while True:
            self._draw()
            while self._to_send and not self._to_send[0].sent:
                yield self._to_send.popleft()
                self._draw()
            if not self._to_send and not self._under_way:
                return
            if not self._send():
                yield from self._wait()

    def settle(self, errand: Errand[Item, Made]) -> None:
        """Make room for another errand."""
        self._room += max(errand.weight, 1)

    def _draw(self) -> None:
        """Have an errand at hand, if there is one and room for it."""
        if not self._to_send and self._room > 0:
            errand = next(self._waiting, None)
            if errand is not None:
                self._room -= max(errand.weight, 1)
                self._to_send.append(errand)

    def _send(self) -> bool:
        """Send the errand at hand, if there is one and a free worker; tell whether."""
        hand = self._pool.free(for_models=self._for_models)
        if not self._to_send or hand is None:
            return False
        errand = self._to_send.popleft()
        items = [errand.items[place] for place in errand.sent]
        self._under_way[hand.actor.run.remote(self._task, items)] = errand, hand
        hand.errands += 1
        return True

    def _wait(self) -> Iterator[Errand[Item, Made]]:
        """Wait a moment; yield the errand that is done meanwhile."""
        replies = [*self._under_way, *self._pool.starting]
        there, _ = self._pool.ray.wait(replies, timeout=_TICK_SECONDS)
        self._check()
        self._pool.check()
        for reply in there:
            if reply in self._pool.starting:
                self._pool.welcome(reply)
            elif (errand := self._receive(reply)) is not None:
                yield errand

    def _receive(self, reply: Any) -> Errand[Item, Made] | None:  # noqa: ANN401  Ray's reference
        """Return an errand that is done; None if its worker died, and another must do it.

        Raises:
            ClusterFailed: if it cannot be done.
        """
        errand, hand = self._under_way.pop(reply)
        hand.errands -= 1
        errors = self._pool.ray.exceptions
        try:
            made = self._pool.ray.get(reply)
        except errors.RayTaskError as error:
            raise ClusterFailed(f"a worker failed: {last_line(error)}") from error
        except errors.RayError as error:
            self._pool.lose(hand)
            errand.tries += 1
            if errand.tries == _MOST_TRIES:
                problem = f"{_MOST_TRIES} workers died of one piece of work, one after the other"
                raise ClusterFailed(problem) from error
            self._to_send.appendleft(errand)
            return None
        if isinstance(made, Failed):
            raise ClusterFailed(f"a worker tells: {made.problem}")
        errand.made = dict(zip(errand.sent, made, strict=True))
        return errand
