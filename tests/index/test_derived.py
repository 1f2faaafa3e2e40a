import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.byte_model import rank
from index.derived import Arrays, cache_folder, derived

SOURCE = "5" * 64


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEPECHE_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def numbers() -> Arrays:
    return {
        "rows": np.arange(7, dtype=np.uint16),
        "table": np.arange(12, dtype=np.float16).reshape(4, 3),
        "names": np.array(["fr", "vi", "ceb"]),
    }


def refuse() -> Arrays:
    raise AssertionError("made again")


def assert_same(found: Arrays, expected: Arrays) -> None:
    assert list(found) == list(expected)
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


def test_what_was_derived_once_is_read_back_and_not_made_again() -> None:
    made = derived("numbers", SOURCE, numbers)

    assert_same(made, numbers())
    assert_same(derived("numbers", SOURCE, refuse), numbers())


def test_what_is_read_back_lies_in_the_file_and_cannot_be_written_to() -> None:
    derived("numbers", SOURCE, numbers)

    assert not derived("numbers", SOURCE, refuse)["table"].flags.writeable


def test_another_source_is_derived_anew_and_takes_the_place_of_the_one_before(
    folder: Path,
) -> None:
    derived("numbers", SOURCE, numbers)
    derived("others", SOURCE, numbers)
    (folder / f"numbers-{SOURCE[:32]}.4321").write_text("of a start that was killed")

    derived("numbers", "6" * 64, numbers)

    assert sorted(path.name[:9] for path in folder.iterdir()) == ["numbers-6", "others-55"]


@given(st.data())
def test_a_file_with_any_byte_changed_or_cut_off_is_made_again(data: st.DataObject) -> None:
    derived("numbers", SOURCE, numbers)
    (path,) = cache_folder().iterdir()
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[place] ^= data.draw(st.integers(1, 255))
    else:
        del content[place:]
    path.write_bytes(content)

    assert_same(derived("numbers", SOURCE, numbers), numbers())
    assert_same(derived("numbers", SOURCE, refuse), numbers())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]\n", id="no_object"),
        pytest.param(b"{}\n", id="nothing_in_it"),
        pytest.param(b'{"digest": "", "arrays": {}}', id="no_line"),
    ],
)
def test_a_file_that_is_something_else_is_made_again(folder: Path, content: bytes) -> None:
    derived("numbers", SOURCE, numbers)
    (path,) = folder.iterdir()
    path.write_bytes(content)

    assert_same(derived("numbers", SOURCE, numbers), numbers())
    assert_same(derived("numbers", SOURCE, refuse), numbers())


def test_where_nothing_can_be_written_it_is_made_each_time(folder: Path) -> None:
    folder.write_text("a file where the folder should be")

    assert_same(derived("numbers", SOURCE, numbers), numbers())
    with pytest.raises(AssertionError, match="made again"):
        derived("numbers", SOURCE, refuse)


def test_a_folder_without_a_home_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEPECHE_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)

    assert cache_folder().name == "depeche"


@pytest.mark.parametrize(
    "text", ["", "a", "le", "what was signed on 12 May?", "Văn kiện nào được ký?", "\ud800", "日本"]
)
def test_the_byte_model_says_what_its_package_says(text: str) -> None:
    import py3langid

    expected: list[tuple[str, float]] = py3langid.rank(text)

    assert rank(text) == expected


def test_languages_are_told_from_a_damaged_file_as_from_none(
    folder: Path, run_python: Callable[..., object]
) -> None:
    program = "from index.byte_model import rank; print(rank('Qui est là ?')[:3])"
    first = run_python("-c", program)
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    os.truncate(path, len(whole) // 2)

    again = run_python("-c", program)

    assert again.stdout == first.stdout  # type: ignore[attr-defined]
    assert path.read_bytes() == whole
