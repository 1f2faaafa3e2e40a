import json
import re
from pathlib import Path

import pytest

import ui
from qa.written.model import LanguageModel
from ui.language import languages, load_words
from ui.theme import head

_UI = Path(ui.__file__).parent
_STATIC = _UI / "static"
_FILES = sorted(_STATIC.iterdir())

# The page where people enter has its own style sheet.
_ELSEWHERE = {"enter.css"}


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_every_style_sheet_and_script_is_on_the_page(tmp_path: Path) -> None:
    written = head(tmp_path)

    for path in _FILES:
        if path.suffix in (".css", ".js"):
            assert (read(path) in written) is (path.name not in _ELSEWHERE), path.name


def test_no_style_script_or_part_names_another_machine() -> None:
    for path in _FILES:
        text = read(path).replace("http://www.w3.org/", "")
        assert not re.search(r"https?:|@import", text), path.name
        assert path.suffix != ".css" or "url(" not in text, path.name


@pytest.mark.parametrize("path", sorted(_STATIC.glob("*.html")), ids=lambda path: path.name)
def test_no_part_holds_what_gradio_would_take_for_a_template(path: Path) -> None:
    # its templates are evaluated, twice: only fixed text may pass through them
    assert not re.search(r"\$\{|\{\{|`|\\\\", read(path))


def test_no_file_grows_beyond_250_lines() -> None:
    for path in [*_FILES, *_UI.glob("*.py")]:
        if path.suffix != ".css":
            assert len(read(path).splitlines()) <= 250, path.name


def test_the_page_carries_the_words_of_every_language(tmp_path: Path) -> None:
    settings = settings_of(head(tmp_path))

    assert set(settings["words"]) == set(languages())
    assert settings["words"]["vi"]["ask.send"] == load_words("vi")("ask.send")
    assert settings["readOnly"] is False
    assert settings_of(head(tmp_path, read_only=True))["readOnly"] is True


@pytest.mark.parametrize(
    ("url", "where"),
    [("http://127.0.0.1:8080/v1", "here"), ("https://models.example/v1", "elsewhere")],
)
def test_the_page_knows_whether_and_where_answers_are_written(
    tmp_path: Path, url: str, where: str
) -> None:
    written = head(tmp_path, writer=LanguageModel(url, "qwen", "hunter2"))

    assert settings_of(head(tmp_path))["writes"] is None
    assert settings_of(written)["writes"] == where
    assert "hunter2" not in written


def test_two_stores_have_two_names_and_neither_is_that_of_the_folder(tmp_path: Path) -> None:
    first, second = (settings_of(head(tmp_path / name))["store"] for name in ("secret", "other"))

    assert first != second
    assert first == settings_of(head(tmp_path / "secret"))["store"]
    assert "secret" not in first


def test_no_word_can_end_the_script_that_carries_it(tmp_path: Path) -> None:
    script = head(tmp_path).partition("window.depeche = ")[2].partition("</script>")[0]

    assert "<" not in script


def settings_of(written: str) -> dict[str, object]:
    """What the scripts are told."""
    script = written.partition("window.depeche = { settings: ")[2].partition(" };</script>")[0]
    return dict(json.loads(script))
