import ast
import re
from dataclasses import astuple
from pathlib import Path

import pytest
import yaml

import index
import ui
from index.errors import DepecheError, PeriodInvalid, StoreMissing
from qa.phrases import phrases
from ui.language import choose_language, languages, load_words

_UI = Path(ui.__file__).parent
_INDEX = Path(index.__file__).parent
_STATIC = _UI / "static"


def test_every_language_has_the_same_keys() -> None:
    keys = {language: set(load_words(language).entries) for language in languages()}

    assert languages() == ("fr", "en", "vi")
    assert keys["fr"] == keys["en"] == keys["vi"]


def test_in_french_no_mark_stands_alone_at_either_end_of_a_line() -> None:
    said = [*load_words("fr").entries.values(), *astuple(phrases("fr"))]

    loose = [text for text in said if re.search(r"« | [»:;!?]", str(text))]

    assert loose == []
    assert "\N{NO-BREAK SPACE}:" in phrases("fr").on_day
    assert any("\N{NARROW NO-BREAK SPACE}?" in text for text in said)


@pytest.mark.parametrize("language", ["fr", "vi"])
def test_every_language_has_the_same_places_in_each_sentence(language: str) -> None:
    for key, entry in load_words(language).entries.items():
        places, others = (
            set(re.findall(r"{\w+}", str(one))) for one in (entry, load_words("en").entries[key])
        )
        assert places == others, key


def test_no_word_is_empty() -> None:
    for language in languages():
        for key, entry in load_words(language).entries.items():
            assert entry, f"{language}: {key}"


def test_every_word_is_used_and_every_used_word_exists() -> None:
    known = {re.sub(r"\.(one|other)$", "", key) for key in load_words("en").entries}
    known = {key for key in known if not key.startswith("errors")}
    used = _literals()

    assert {key for key in known - used if not _is_put_together(key, used)} == set()
    sections = {key.split(".")[0] for key in known if "." in key}
    keys = re.compile(rf"({'|'.join(sections)})\.[a-z-]+")
    files = {path.name for path in [*_UI.iterdir(), *_STATIC.iterdir()]}
    # names of our own files and routes look the same
    meant = {text for text in used if keys.fullmatch(text) and not text.endswith(".json")}
    assert meant <= known | files


@pytest.mark.parametrize("language", ["en", "fr", "vi"])
def test_every_step_of_a_build_has_its_words(
    language: str, corpus_folder: Path, tiny_model: Path, tmp_path: Path
) -> None:
    steps = set()

    index.build(
        corpus_folder,
        tmp_path / "store",
        model=str(tiny_model),
        progress=lambda step, _done, _total: steps.add(step),
    )

    assert steps >= {"read", "split", "embed"}
    assert {f"rebuild.{step}" for step in steps} <= load_words(language).entries.keys()


def _is_put_together(key: str, used: set[str]) -> bool:
    """Whether a script puts a key together from its section and a name that it has."""
    section, _, name = key.partition(".")
    return f"{section}." in _prefixes() and (name in used or name in _names())


def _scripts() -> str:
    """What our scripts and parts are made of."""
    others = [path for path in _STATIC.iterdir() if path.suffix in (".js", ".html")]
    return "".join(path.read_text(encoding="utf-8") for path in others)


def _prefixes() -> set[str]:
    """The sections that a script puts keys together from."""
    return set(re.findall(r"`([a-z]+\.)\$\{", _scripts()))


def _names() -> set[str]:
    """Every word of our scripts, and the steps of a build: a part of a key may come from them."""
    code = "".join(path.read_text(encoding="utf-8") for path in _INDEX.glob("*.py"))
    steps = re.findall(r"""(?:progress|told)\("([a-z]+)\"""", code)
    return {*re.findall(r"[a-z-]+", _scripts()), *steps}


def _literals() -> set[str]:
    """Every text that stands in quotes in our Python, HTML and JavaScript."""
    python = {
        node.value
        for path in _UI.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return python | set(re.findall(r"""["'`]([a-z]+(?:\.[a-z-]+)?)["'`]""", _scripts()))


def test_every_error_a_visitor_can_meet_has_its_sentence() -> None:
    errors = yaml.safe_load((_UI / "words/fr.yaml").read_text(encoding="utf-8"))["errors"]
    # one file of a build, or of an evaluation, what a command lacks or a program is told, is no
    # visitor's affair
    elsewhere = {"UnreadableFile", "QuestionsInvalid", "ExtraMissing"}
    elsewhere |= {"ArgumentInvalid", "RequestFailed"}
    kinds = {kind.__name__ for kind in _leaves(DepecheError)} - elsewhere

    assert kinds <= set(errors)


def _leaves(kind: type[Exception]) -> list[type[Exception]]:
    below = kind.__subclasses__()
    return [leaf for child in below for leaf in _leaves(child)] if below else [kind]


def test_an_error_is_told_in_the_language_of_the_page() -> None:
    error = StoreMissing(Path("store"))

    assert load_words("fr").for_error(error).startswith("Aucun index")
    assert load_words("en").for_error(error).startswith("No index")


def test_a_key_that_a_record_names_gets_its_sentence_or_the_general_one() -> None:
    words = load_words("en")

    assert words.for_key("StoreMissing").startswith("No index")
    assert words.for_key("NoSuch") == words("errors.other")


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
        pytest.param("vi-VN,vi;q=0.9,fr;q=0.4", "vi", id="vietnamese"),
        pytest.param("de-DE,de;q=0.9,fr;q=0.4", "fr", id="a spoken one after an unspoken one"),
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
