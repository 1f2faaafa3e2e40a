"""The default embedder as others run it: the same weights in sentence-transformers, on torch.

What the product's own runtime is measured against, in speed and vector by vector.
"""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.weights import PackedModel, Shape, Vocabulary

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

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


def build_tokenizer(vocabulary: Vocabulary) -> "Tokenizer":
    """Build the tokenizer of XLM-RoBERTa: NMT and NFKC, metaspace, Unigram, `<s> ... </s>`."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    scored = list(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(scored, vocabulary.unknown))
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
    packed: PackedModel, tokenizer: "Tokenizer"
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
    model = SentenceTransformer(
        modules=[encoder, pooling, Normalize()],
        prompts={"query": "query: ", "document": "passage: "},
    )
    return model.eval()


def _bert_config(shape: Shape) -> dict[str, Any]:
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


def state_dict(packed: PackedModel) -> dict[str, Any]:
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
