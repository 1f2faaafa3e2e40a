"""The encoder of `index.engine` in torch, in half floats: for a graphics processor.

Imported only by a build that has found such a processor, for torch takes seconds to load. It has
run on torch's ordinary processor alone, where tests hold its vectors at cosine 0.9999 to those in
float32.
"""

import numpy as np
import torch
from torch.nn import functional

from index.engine import Tensors, Texts, embedded_words
from index.types import Vectors
from index.weights import PackedModel

# the widest states of so many tokens take 100 MB, and few texts are left over
_BATCH_TOKENS = 32_768

# every such processor has it; the largest number on the way is 314, of 65,504 that it has room for
_NUMBERS = torch.float16


class TorchEncoder:
    """An encoder on a device of torch, with mean pooling.

    Attributes:
        batch_tokens: how many tokens it shall be given at once; fewer when its memory ran out.
    """

    def __init__(self, packed: PackedModel, tensors: Tensors, device: str) -> None:
        """Copy the tensors to a device.

        Args:
            packed: has the table of words, and the sizes.
            tensors: all others.
            device: as torch names it.

        Raises:
            Exception: of any kind that torch has, if there is no such device, or no room on it.
        """
        self.batch_tokens = _BATCH_TOKENS
        self._packed = packed
        self._places = tensors["emb.pos"] + tensors["emb.type"][0]
        self._device = torch.device(device)
        self._tensors = {name: self._sent(tensor) for name, tensor in tensors.items()}

    def embed(self, texts: Texts) -> Vectors:
        """Return the unit vectors of a batch; in halves where its memory does not suffice.

        Raises:
            Exception: of any kind that torch has, if the device fails.
        """
        try:
            return self._embed(texts)
        except torch.OutOfMemoryError:
            if len(texts) == 1:
                raise
        half = len(texts) // 2
        self.batch_tokens = min(self.batch_tokens, half * max(map(len, texts)))
        return np.concatenate([self.embed(texts[:half]), self.embed(texts[half:])])

    def _embed(self, texts: Texts) -> Vectors:
        """Embed a batch at once."""
        words, kept = embedded_words(self._packed, self._places, texts)
        with torch.inference_mode():
            real = torch.from_numpy(kept).to(self._device)
            # where nothing is masked, attention is faster
            mask = None if kept.all() else real[:, None, None, :]
            states = self._run(self._sent(words), mask).float()
            summed = (states * real[:, :, None]).sum(1)
            vectors: Vectors = functional.normalize(summed, dim=1).cpu().numpy()
        if not np.isfinite(vectors).all():
            raise ArithmeticError("its vectors are no numbers")
        return vectors

    def _run(self, words: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """Run the encoder over embedded words, shape (texts, tokens, hidden)."""
        states = self._normalise("emb.ln", words)
        for layer in range(self._packed.shape.layers):
            states = self._layer(f"l{layer}", states, mask)
        return states

    def _layer(self, layer: str, states: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """Run a layer: attention, then the feed-forward part, each added and normalised."""
        heads = (*states.shape[:2], self._packed.shape.heads, -1)
        query, key, value = (
            self._linear(f"{layer}.{name}", states).view(heads).transpose(1, 2) for name in "qkv"
        )
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        seen = seen.transpose(1, 2).reshape(states.shape)
        states = self._normalise(f"{layer}.aln", states + self._linear(f"{layer}.ao", seen))
        wide = functional.gelu(self._linear(f"{layer}.fi", states))
        return self._normalise(f"{layer}.oln", states + self._linear(f"{layer}.fo", wide))

    def _linear(self, name: str, states: torch.Tensor) -> torch.Tensor:
        """Multiply by a matrix and add its bias."""
        return functional.linear(states, self._tensors[f"{name}.w"], self._tensors[f"{name}.b"])

    def _normalise(self, name: str, states: torch.Tensor) -> torch.Tensor:
        """Normalise each state."""
        weight, bias = self._tensors[f"{name}.w"], self._tensors[f"{name}.b"]
        size, epsilon = (self._packed.shape.hidden,), self._packed.shape.epsilon
        return functional.layer_norm(states, size, weight, bias, epsilon)

    def _sent(self, numbers: Vectors) -> torch.Tensor:
        """Copy numbers to the device."""
        return torch.from_numpy(numbers).to(self._device, _NUMBERS)
