import ast
import re
from pathlib import Path

import pytest
import yaml

import ui
from index.errors import DepecheError, PeriodInvalid, StoreMissing
from ui.language import choose_language, languages, load_words

_UI = Path(ui.__file__).parent


def test_every_language_has_the_same_keys() -> None:
    keys = {language: set(load_words(language).entries) for language in languages()}

    assert languages() == ("fr", "en")
    assert keys["fr"] == keys["en"]


def test_every_language_has_the_same_places_in_each_sentence() -> None:
    for key, entry in load_words("fr").entries.items():
        other = load_words("en").entries[key]

        assert type(entry) is type(other), key
        if isinstance(entry, str) and isinstance(other, str):
            assert set(re.findall(r"{\w+}", entry)) == set(re.findall(r"{\w+}", other)), key


def test_no_word_is_empty() -> None:
    for language in languages():
        for key, entry in load_words(language).entries.items():
            assert entry, f"{language}: {key}"


def test_every_word_is_used_and_every_used_word_exists() -> None:
    literals = {
        node.value
        for path in _UI.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    known = {re.sub(r"\.(one|other)$", "", key) for key in load_words("en").entries}
    known = {key for key in known if not key.startswith("errors")}

    assert known <= literals
    used = {
        text
        for text in literals
        if re.fullmatch(r"(page|welcome|ask|period|answer|sources|reader)\.[a-z]+", text)
    }
    files = {path.name for path in _UI.iterdir()}
    assert used <= known | files


def test_every_error_a_visitor_can_meet_has_its_sentence() -> None:
    errors = yaml.safe_load((_UI / "words/fr.yaml").read_text(encoding="utf-8"))["errors"]
    # one file of a build, or of an evaluation, is no visitor's affair
    elsewhere = {"UnreadableFile", "QuestionsInvalid"}
    kinds = {kind.__name__ for kind in _leaves(DepecheError)} - elsewhere

    assert kinds <= set(errors)


def _leaves(kind: type[Exception]) -> list[type[Exception]]:
    below = kind.__subclasses__()
    return [leaf for child in below for leaf in _leaves(child)] if below else [kind]


def test_an_error_is_told_in_the_language_of_the_page() -> None:
    error = StoreMissing(Path("store"))

    assert load_words("fr").for_error(error).startswith("Aucun index")
    assert load_words("en").for_error(error).startswith("No index")


def test_an_unforeseen_error_gets_a_sentence_without_its_details() -> None:
    sentence = load_words("en").for_error(RuntimeError("secret path"))

    assert sentence == load_words("en")("errors.other")
    assert "secret" not in sentence


def test_a_count_chooses_the_form_of_the_sentence() -> None:
    assert load_words("fr")("sources.count", count=0) == "0 article cité"
    assert load_words("fr")("sources.count", count=1) == "1 article cité"
    assert load_words("en")("sources.count", count=0) == "0 articles cited"
    assert load_words("en")("sources.count", count=2) == "2 articles cited"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        pytest.param("fr-FR,fr;q=0.9,en;q=0.8", "fr", id="french"),
        pytest.param("en-US,en;q=0.9,fr;q=0.8", "en", id="english"),
        pytest.param("en;q=0.5, fr;q=0.7", "fr", id="weights, not order"),
        pytest.param("vi-VN,vi;q=0.9,fr;q=0.4", "fr", id="a spoken one after an unspoken one"),
        pytest.param("de", "en", id="neither"),
        pytest.param("fr;q=0", "en", id="french refused"),
        pytest.param("*", "en", id="any"),
        pytest.param("fr;q=much,,;;=", "en", id="unreadable"),
        pytest.param("", "en", id="empty"),
        pytest.param(None, "en", id="none"),
    ],
)
def test_the_language_follows_the_browser(header: str | None, language: str) -> None:
    assert choose_language(header) == language


def test_an_unknown_language_falls_back_to_english() -> None:
    assert load_words("../fr").language == "en"


def test_a_period_error_is_not_mistaken_for_another() -> None:
    assert "année" in load_words("fr").for_error(PeriodInvalid("x"))
