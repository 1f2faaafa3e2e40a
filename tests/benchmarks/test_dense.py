import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import dense


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Vectors as they are kept: 100 passages, 20 questions."""
    vectors = np.random.default_rng(0).normal(size=(120, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    monkeypatch.setattr(dense, "KEPT", tmp_path / "kept.npz")
    monkeypatch.setattr(dense, "RESULTS", tmp_path / "dense.json")
    np.savez(dense.KEPT, passages=vectors[:100], questions=vectors[100:])
    return tmp_path


def test_more_rows_are_made_of_the_real_ones_and_no_two_are_equal(kept: Path) -> None:  # noqa: ARG001
    passages, _ = dense.read_vectors(None)

    grown = dense.grow(passages, 3000)

    assert np.array_equal(grown[:100], passages.astype(np.float16))
    assert len(np.unique(grown, axis=0)) == 3000
    assert np.linalg.norm(grown.astype(np.float32), axis=1) == pytest.approx(1, abs=1e-3)
    assert np.array_equal(grown, dense.grow(passages, 3000))


def test_each_number_of_rows_is_a_line_of_the_table_and_of_the_file(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dense.main(["--rows", "60", "300"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines] == ["rows", "--:", "60", "300"]
    assert len({line.count("|") for line in lines}) == 1
    measured = json.loads((kept / "dense.json").read_text(encoding="utf-8"))["dense"]
    assert [one["rows"] for one in measured] == [60, 300]
    assert [one["ours"]["recall@10"] for one in measured] == [1, 1]
    assert measured[1]["ours"]["bytes a row"] == pytest.approx(2 * 16 + 2, abs=1)
