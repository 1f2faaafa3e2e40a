"""The reader's encoder and heads in torch, for training."""

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from index.engine import pad
from index.pieces import PieceTokenizer
from index.weights import PackedModel
from qa.read import FIRST_ADAPTED, Pair, ReadText, encode_pairs

Tensors = dict[str, torch.Tensor]

_MATRICES = ("qkv", "ao", "fi", "fo")


class Network:
    """The encoder and the three heads.

    A Transformer of our own, for its products run in bfloat16 and its sums in float32, which no
    setting of the library's encoder does: a quarter faster to train. What it learns is read with
    `qa.read.AdaptedReader`, which has no torch; tests hold their scores together.

    Attributes:
        packed: the embedder's weights and vocabulary.
        tensors: the encoder's, by the names of the packed file; the three projections of attention
            are one matrix, `l0.qkv.w`.
        heads: "span" (2, hidden), "pool" (hidden, 2 * hidden) and "relevance" (1, hidden), each
            with its bias, `span.b`.
        products: the number type that matrices are multiplied in.
    """

    def __init__(self, packed: PackedModel) -> None:
        """Take the encoder out of the embedder's weights; the heads are zero."""
        self.packed = packed
        self.tokenizer = PieceTokenizer(packed.vocabulary)
        # the library keeps the question under a private name
        fast = torch.cpu._is_avx512_bf16_supported()
        self.products = torch.bfloat16 if fast else torch.float32
        self.tensors = _encoder_tensors(packed)
        for layer in range(FIRST_ADAPTED):
            for part in _MATRICES:
                name = f"l{layer}.{part}.w"
                self.tensors[name] = self.tensors[name].to(self.products)
        hidden = packed.shape.hidden
        self.heads = {
            "span": torch.zeros(2, hidden),
            "span.b": torch.zeros(2),
            "pool": torch.zeros(hidden, 2 * hidden),
            "pool.b": torch.zeros(hidden),
            "relevance": torch.zeros(1, hidden),
            "relevance.b": torch.zeros(1),
        }

    @property
    def matrices(self) -> list[str]:
        """Names of the matrices that the adapter changes: those of the upper layers."""
        layers = range(FIRST_ADAPTED, self.packed.shape.layers)
        return [f"l{layer}.{part}.w" for layer in layers for part in _MATRICES]

    def fold(self, adapter: Tensors) -> None:
        """Add an adapter's products to the encoder's matrices, and take its heads."""
        for name in self.matrices:
            product = adapter[f"{name}.up"].float() @ adapter[f"{name}.down"].float()
            self.tensors[name] = (self.tensors[name] + product).to(self.products)
        self.heads = {name: adapter[f"heads.{name}"].float() for name in self.heads}

    def encode(self, question: str, texts: Sequence[ReadText]) -> list[Pair]:
        """Cut the question with each text into tokens."""
        return encode_pairs(self.tokenizer, question, texts)

    def read(self, ids: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return relevance, shape (texts,), and starts and ends, shape (texts, tokens)."""
        padded, kept = pad(ids)
        words = torch.from_numpy(self.packed.rows("emb.word", padded, self.packed.shape.hidden))
        states = self.run(words, torch.from_numpy(kept))
        shares = torch.from_numpy(kept / kept.sum(1, keepdims=True)).to(states.dtype)
        pooled = torch.cat([states[:, 0], (states * shares[:, :, None]).sum(1)], dim=1)
        relevance = self._head("relevance", torch.tanh(self._head("pool", pooled)))
        starts, ends = self._head("span", states).unbind(2)
        return relevance.squeeze(1), starts, ends

    def run(self, words: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        """Run the encoder over embedded words, shape (texts, tokens, hidden)."""
        tensors = self.tensors
        positions = tensors["emb.pos"][: words.shape[1]]
        states = self._normalise("emb.ln", words + positions + tensors["emb.type"][0])
        mask = torch.zeros(kept.shape, dtype=self.products).masked_fill_(~kept, -1e4)
        mask = mask[:, None, None, :]
        for layer in range(self.packed.shape.layers):
            states = self._layer(f"l{layer}", states, mask)
        return states

    def _layer(self, layer: str, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Run one layer: attention, then the feed-forward part, each added and normalised."""
        texts, tokens, hidden = states.shape
        heads = self.packed.shape.heads
        projected = self._product(f"{layer}.qkv", states)
        query, key, value = projected.view(texts, tokens, 3, heads, -1).permute(2, 0, 3, 1, 4)
        # by hand: the library's backward pass of attention took a third of a training step
        scores = query @ key.transpose(-1, -2) * (hidden // heads) ** -0.5 + mask
        seen = scores.softmax(-1) @ value
        seen = seen.transpose(1, 2).reshape(texts, tokens, hidden)
        states = self._normalise(f"{layer}.aln", states + self._product(f"{layer}.ao", seen))
        wide = functional.gelu(self._product(f"{layer}.fi", states))
        return self._normalise(f"{layer}.oln", states + self._product(f"{layer}.fo", wide))

    def _product(self, name: str, states: torch.Tensor) -> torch.Tensor:
        """Multiply by a matrix and add its bias."""
        weight, bias = self.tensors[f"{name}.w"], self.tensors[f"{name}.b"]
        return functional.linear(
            states.to(self.products), weight.to(self.products), bias.to(self.products)
        )

    def _normalise(self, name: str, states: torch.Tensor) -> torch.Tensor:
        """Normalise each state."""
        weight, bias = self.tensors[f"{name}.w"], self.tensors[f"{name}.b"]
        return functional.layer_norm(
            states, (states.shape[-1],), weight, bias, self.packed.shape.epsilon
        )

    def _head(self, name: str, states: torch.Tensor) -> torch.Tensor:
        """Apply a head."""
        return functional.linear(states, self.heads[name], self.heads[f"{name}.b"])


def _encoder_tensors(packed: PackedModel) -> Tensors:
    """Return all tensors but the table of words, the projections of attention as one."""
    found = packed.encoder_tensors()
    for layer in range(packed.shape.layers):
        for part in ("w", "b"):
            parts = [found.pop(f"l{layer}.{name}.{part}") for name in "qkv"]
            found[f"l{layer}.qkv.{part}"] = np.concatenate(parts)
    return {name: torch.from_numpy(tensor) for name, tensor in found.items()}
