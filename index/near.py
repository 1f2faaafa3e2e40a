"""Wire copies and updates of one story, told by the runs of words that two articles share.

Two articles tell one story when two in five of the five-word runs of the shorter one stand in the
other one too, accents, case, endings and punctuation aside. A copy shares nearly all of them, an
update that adds paragraphs all those of the first version, a cut version all of its own. Different
articles about one event share hardly any: 6 % at most among the sample articles, which tell of the
same visit, and 5 % among the 336 articles of `training/news`.

Among many articles MinHash (Broder 1997, "On the resemblance and containment of documents") finds
the pairs that are worth comparing; their runs decide.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.tokens import analyse
from index.types import Article, Progress

Run = tuple[str, ...]

SAME_STORY = 0.4
"""Least share of the shorter one's runs that two articles of one story have in common."""

# Long enough that a name with its title is no run that different articles share.
_RUN_WORDS = 5

# a book among the articles must not keep anybody waiting
_READ_CHARS = 20_000

# Pairs whose signatures agree in one place are looked at: of two articles of which one holds all
# of the other and is ten times as long that finds 998 in 1,000, at four bytes each an article.
_PERMUTATIONS = 64
_SEED = 1

# A footer under every article puts thousands in one place; real copies meet in many others. Of so
# many in one place each is compared with all; of more, with the next ones only: a story of a
# hundred copies is still held together.
_FEW = 33
_NEXT = 2

# pairs whose signatures are compared at once, in 20 MB
_BATCH = 16_384

# runs of articles that are compared again soon: 8 bytes each, a hundred megabytes if all are long
_REMEMBERED = 4096


@dataclass(frozen=True)
class Stories:
    """The stories that are told by several articles.

    Attributes:
        links: positions of two articles that were compared and tell one story, shape (links, 2);
            just enough of them to hold each story together.
        signed: how many runs each article has, and their signature, as they lie in a file; uint32,
            shape (articles, 1 + _PERMUTATIONS).
    """

    links: NDArray[np.int64]
    signed: NDArray[np.uint32]

    @classmethod
    def from_signed(cls, links: Sequence[Sequence[int]], signed: NDArray[np.uint32]) -> Self:
        """Read back `links` and `signed`.

        Raises:
            ValueError: or TypeError: if they are anything else.
        """
        if signed.shape[1:] != (_PERMUTATIONS + 1,):
            raise ValueError(f"signatures of shape {signed.shape}")
        found = np.array(links, dtype=np.int64).reshape(-1, 2)
        if len(found) and not (found.min() >= 0 and found.max() < len(signed)):
            raise ValueError("a story of articles that are not there")
        return cls(found, signed)

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the articles of each story; stories and members in order."""
        return tuple(self._joined().of_several())

    @cached_property
    def firsts(self) -> NDArray[np.int64]:
        """For each article the position that stands for its story, its own if it is alone."""
        return self._joined().firsts()

    @property
    def signatures(self) -> NDArray[np.uint32]:
        """The signature of each article's runs, shape (articles, _PERMUTATIONS)."""
        return self.signed[:, 1:]

    @property
    def lengths(self) -> NDArray[np.uint32]:
        """How many runs each article has, shape (articles,)."""
        return self.signed[:, 0]

    def _joined(self) -> "_Groups":
        """Join what is linked."""
        groups = _Groups(len(self.lengths))
        for one, other in self.links.tolist():
            groups.join(one, other)
        return groups


NO_STORIES = Stories(
    np.empty((0, 2), dtype=np.int64), np.empty((0, 1 + _PERMUTATIONS), dtype=np.uint32)
)
"""Those of no article."""


def find_stories(
    articles: Sequence[Article],
    progress: Progress | None = None,
    before: Stories = NO_STORIES,
    same: NDArray[np.int64] | None = None,
) -> Stories:
    """Group the articles that tell one story.

    Args:
        articles: all of them.
        progress: told how far it is.
        before: the stories of the snapshot before.
        same: for each article its position there, -1 if it is new or changed; each position once.
            None if all are new.
    """
    same = np.full(len(articles), -1) if same is None else same
    signed = _sign(articles, progress, before, same)
    runs = lru_cache(_REMEMBERED)(lambda position: _hashed(word_runs(articles[position])))
    groups, links = _Groups(len(articles)), _kept_links(before, same)
    for one, other in links:
        groups.join(one, other)
    story = np.where(same >= 0, before.firsts[same], -1) if len(before.lengths) else same
    for one, other in _pairs(signed[:, 1:], signed[:, 0], groups, story):
        if _overlap(runs(one), runs(other)) >= SAME_STORY:
            groups.join(one, other)
            links.append((one, other))
    return Stories(np.array(links, dtype=np.int64).reshape(-1, 2), signed)


def _kept_links(before: Stories, same: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the links of before whose two articles are still there, by their positions now."""
    here = {old: new for new, old in enumerate(same.tolist()) if old >= 0}
    return [
        (here[one], here[other])
        for one, other in before.links.tolist()
        if one in here and other in here
    ]


def word_runs(article: Article) -> set[Run]:
    """Return the runs of words of an article's text; a shorter text is one run."""
    terms = analyse(article.text[:_READ_CHARS], article.language)
    starts = range(max(1, len(terms) - _RUN_WORDS + 1))
    return {tuple(terms[start : start + _RUN_WORDS]) for start in starts if terms}


def overlap(one: set[Run], other: set[Run]) -> float:
    """Return the share of the shorter one's runs that the other has, 0 to 1."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def _hashed(runs: set[Run]) -> NDArray[np.int64]:
    """Return runs as numbers, in order: as good as themselves, in a hundredth of the memory."""
    return np.unique(np.array([hash(run) for run in runs], dtype=np.int64))


def _overlap(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Return the share of the runs of the shorter one that the other has, 0 to 1."""
    shorter = min(len(one), len(other))
    return len(np.intersect1d(one, other, assume_unique=True)) / shorter if shorter else 0.0


class _Groups:
    """Which articles belong together so far."""

    def __init__(self, count: int) -> None:
        """Begin with every article alone."""
        self._parents = list(range(count))

    def first(self, position: int) -> int:
        """Return the position that stands for the group of an article."""
        while self._parents[position] != position:
            self._parents[position] = self._parents[self._parents[position]]
            position = self._parents[position]
        return position

    def firsts(self) -> NDArray[np.int64]:
        """Return what `first` returns, for every article."""
        parents = np.array(self._parents, dtype=np.int64)
        while not np.array_equal(above := parents[parents], parents):
            parents = above
        return parents

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        first, second = sorted((self.first(one), self.first(other)))
        self._parents[second] = first

    def of_several(self) -> list[tuple[int, ...]]:
        """Return the groups of two and more."""
        members: dict[int, list[int]] = {}
        for position in range(len(self._parents)):
            members.setdefault(self.first(position), []).append(position)
        return [tuple(group) for group in members.values() if len(group) > 1]


def _sign(
    articles: Sequence[Article],
    progress: Progress | None,
    before: Stories,
    same: NDArray[np.int64],
) -> NDArray[np.uint32]:
    """Return how many runs each article has, and their signature: see `Stories.signed`."""
    from rensa import RMinHash

    signed = np.empty((len(articles), 1 + _PERMUTATIONS), dtype=np.uint32)
    known = np.flatnonzero(same >= 0)
    signed[known] = before.signed[same[known]]
    new = np.flatnonzero(same < 0).tolist()
    for done, position in enumerate(new, start=1):
        runs = word_runs(articles[position])
        sketch = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        sketch.update([" ".join(run) for run in runs])
        signed[position, 0], signed[position, 1:] = len(runs), sketch.digest()
        if progress is not None:
            progress("compare", done, len(new))
    return signed


def _pairs(
    signatures: NDArray[np.uint32],
    lengths: NDArray[np.uint32],
    groups: _Groups,
    story: NDArray[np.int64],
) -> Iterator[tuple[int, int]]:
    """Yield the pairs worth comparing, none of whose two are known to belong together.

    `story` is that of each article before, -1 for new ones. Articles of two stories were told apart
    then; those of one may have been held together by an article that is gone.
    """
    if (story >= 0).all() and len(np.unique(story)) == len(np.unique(groups.firsts())):
        return
    seen: set[tuple[int, int]] = set()
    for column in range(signatures.shape[1]):
        firsts = groups.firsts()
        for ones, others in _meeting(signatures[:, column], lengths):
            is_open = (story[ones] < 0) | (story[others] < 0) | (story[ones] == story[others])
            apart = np.flatnonzero(is_open & (firsts[ones] != firsts[others]))
            ones, others = ones[apart], others[apart]
            near = _may_be_near(ones, others, signatures, lengths)
            for pair in zip(ones[near].tolist(), others[near].tolist(), strict=True):
                if pair not in seen and groups.first(pair[0]) != groups.first(pair[1]):
                    seen.add(pair)
                    yield pair


def _meeting(
    values: NDArray[np.uint32], lengths: NDArray[np.uint32]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the pairs of positions that share a value, the nearest among those that do first."""
    filled = np.flatnonzero(lengths)  # an article without a word is like no other
    order = filled[np.argsort(values[filled], kind="stable")]
    ranked = values[order]
    _values, group, sizes = np.unique(ranked, return_inverse=True, return_counts=True)
    is_few = (sizes <= _FEW)[group]
    for distance in range(1, _FEW):
        meets = ranked[:-distance] == ranked[distance:]
        if distance > _NEXT:
            meets &= is_few[distance:]
        places = np.flatnonzero(meets)
        if not len(places):
            return
        for first in range(0, len(places), _BATCH):
            batch = places[first : first + _BATCH]
            yield order[batch], order[batch + distance]


def _may_be_near(
    ones: NDArray[np.int64],
    others: NDArray[np.int64],
    signatures: NDArray[np.uint32],
    lengths: NDArray[np.uint32],
) -> NDArray[np.bool_]:
    """Tell which of the `ones` could tell the story of that of the `others` beside it.

    The share of places in which two signatures agree estimates how many of all the runs of both
    the two have in common; three standard errors are granted.
    """
    agreeing = (signatures[ones] == signatures[others]).mean(axis=1)
    error = np.sqrt(agreeing * (1 - agreeing) / _PERMUTATIONS)
    resemblance = np.minimum(1, agreeing + 3 * error + 1 / _PERMUTATIONS)
    first, second = lengths[ones].astype(np.int64), lengths[others].astype(np.int64)
    shared = resemblance / (1 + resemblance) * (first + second)
    return np.asarray(shared >= SAME_STORY * np.minimum(first, second))
