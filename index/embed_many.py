"""The default embedder as a build uses it: on a graphics processor, when there is much to embed.

Its vectors are those of the processor but for rounding: half floats lie nearer to float32 than the
products of bytes that most processors calculate (`index.engine`), and they are checked before the
first is taken. Whatever goes wrong there, the processor goes on, and `trouble` tells why.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from index import graphics
from index.embed import DefaultEmbedder, open_embedder
from index.engine import Texts
from index.pieces import shared_tokenizer
from index.types import Embedder, Progress, Vectors
from index.weights import shared_tensors, shared_weights

if TYPE_CHECKING:
    from index.torch_engine import TorchEncoder

# Two cores embed so much in some ten seconds, and so long it takes to load torch and to reach a
# graphics processor: whatever is still to come, twice the time of the better way at worst.
_WORTH_CHARACTERS = 200_000

# what both must agree on before a graphics processor is believed; bytes alone cost .001
_LEAST_COSINE = 0.998
_TRIED = ("query: Minsk", "passage: Le maire a signé l'accord de 1 250 000 € le 12 mai 2025.")

_NOT_FOR_CUDA = (
    "A graphics processor is here, but torch was installed for processors alone, so nothing was "
    "embedded on it. Install torch for CUDA (https://pytorch.org/get-started/locally), or set "
    "DEPECHE_GPU=0 to hear no more of it."
)


class BuildingEmbedder(DefaultEmbedder):
    """The default embedder, on a graphics processor after the first texts if there is one."""

    def __init__(
        self, embedder: DefaultEmbedder, device: str | None = None, worth: int = _WORTH_CHARACTERS
    ) -> None:
        """Embed with the encoder that `embedder` loads, until there is much to do.

        Args:
            embedder: makes the vectors on the processor.
            device: where else, as torch names it; the first graphics processor if left out.
            worth: characters of the texts after which it is looked for.
        """
        super().__init__()
        self._encoder = embedder._encoder
        self._device, self._worth = device, worth
        self._seen = 0
        self._has_looked = False
        self._elsewhere: TorchEncoder | None = None
        self.trouble: str | None = None
        """Why a graphics processor that is here is not used, and what mends it; None if it is."""

    def __reduce__(self) -> tuple[Callable[[], "BuildingEmbedder"], tuple[()]]:
        """Travel to another process by name: it looks what is there."""
        return _embedder_of_this_process, ()

    def _embed(self, texts: Sequence[str], progress: Progress | None) -> Vectors:
        """Embed texts, elsewhere from the one on with which there is enough to do."""
        self._seen += sum(map(len, texts))
        if self._seen > self._worth and not self._has_looked:
            self._has_looked = True
            self._look_elsewhere()
        return super()._embed(texts, progress)

    def _run(self, batches: Iterable[Texts]) -> Iterator[Vectors]:
        """Yield the vectors of each batch; if another device fails, that batch is made here too."""
        left = iter(batches)
        while self._elsewhere is not None and (batch := next(left, None)) is not None:
            try:
                vectors = self._elsewhere.embed(batch)
            except Exception as error:  # torch raises what it likes
                self._give_up(error)
                left = chain([batch], left)
            else:
                yield vectors
        yield from super()._run(left)

    @property
    def _batch_tokens(self) -> int:
        """Tokens that a batch has room for, where it is embedded."""
        elsewhere = self._elsewhere
        return elsewhere.batch_tokens if elsewhere is not None else super()._batch_tokens

    def _look_elsewhere(self) -> None:
        """Find a graphics processor, and take it if its vectors are right."""
        if self._device is None:
            if not graphics.are_there():
                return
            if not graphics.torch_reaches_them():
                self.trouble = _NOT_FOR_CUDA
                return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what matters of them is raised too
                self._elsewhere = self._tried_encoder(self._device or "cuda")
        except Exception as error:  # a package, a library or a driver that does not fit
            self._give_up(error)

    def _tried_encoder(self, device: str) -> "TorchEncoder":
        """Return the encoder on a device, whose vectors of two texts were compared with ours.

        Raises:
            ArithmeticError: if they differ.
        """
        from index.torch_engine import TorchEncoder

        encoder = TorchEncoder(shared_weights(), shared_tensors(), device)
        texts = [shared_tokenizer().ids(text) for text in _TRIED]
        (expected,) = super()._run([texts])
        least = float((encoder.embed(texts) * expected).sum(axis=1).min())
        if not least >= _LEAST_COSINE:
            raise ArithmeticError(f"its vectors lie at cosine {least:.3f} to the right ones")
        return encoder

    def _give_up(self, error: Exception) -> None:
        """Embed here from now on."""
        self._elsewhere = None
        problem = str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__
        self.trouble = (
            f"The graphics processor could not be used ({problem}); what was left was embedded "
            "without it. DEPECHE_GPU=0 does without it from the start."
        )


def for_building(embedder: Embedder) -> Embedder:
    """Return the embedder that embeds much for `embedder`: itself, if it is not the default one."""
    return BuildingEmbedder(embedder) if type(embedder) is DefaultEmbedder else embedder


def trouble_of(embedder: Embedder) -> str | None:
    """Return why an embedder did not use the graphics processor that is here, if so."""
    return embedder.trouble if isinstance(embedder, BuildingEmbedder) else None


@cache
def _embedder_of_this_process() -> BuildingEmbedder:
    """Return the one that a worker of a cluster uses for all of its work."""
    embedder = open_embedder()
    assert isinstance(embedder, DefaultEmbedder)
    return BuildingEmbedder(embedder)
