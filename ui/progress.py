"""Progress bars on the terminal, for the build before the first start."""

import sys
from typing import NoReturn, Self

from tqdm import tqdm


class ProgressBars:
    """One bar after another, as the build goes from step to step; they are what it calls."""

    def __init__(self) -> None:
        """Begin without a bar: the first step brings one."""
        self._bar: tqdm[NoReturn] | None = None
        self._step = ""

    def __enter__(self) -> Self:
        """Return the bars themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last bar as it stands."""
        if self._bar is not None:
            self._bar.close()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that `done` of `total` items of `step` are finished."""
        if self._bar is None or step != self._step:
            self.__exit__()
            self._bar, self._step = tqdm(desc=step, total=total, file=sys.stderr), step
        self._bar.update(done - self._bar.n)
