import subprocess
import sys

import pytest

from index.language import DEFAULT_LANGUAGE, detect_language, language_code


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "what was signed on 12 May?"),
        ("en", "and in May?"),
        ("en", "And Minsk?"),
        ("en", "who?"),
        ("vi", "Văn kiện nào được ký ngày 12 tháng 5?"),
        ("vi", "còn Minsk?"),
        ("fr", "Qui est le Premier ministre biélorusse ?"),
        ("fr", "et le 3 décembre ?"),
        ("fr", "Et Minsk ?"),
        ("fr", "Quand fut assassiné Patrice Lumumba?"),
        ("de", "Was wurde am 12. Mai unterzeichnet?"),
        ("de", "Und in Hanoi?"),
        ("de", "Wie oft hat Polonia den Pokal gewonnen?"),
        ("es", "¿Qué se firmó el 12 de mayo?"),
        ("es", "y en mayo"),
        ("zh", "洛佩斯·奥夫拉多尔周六在广场承诺"),
        ("ar", "ماذا حدث في 12 مايو؟"),
    ],
)
def test_a_short_question_is_told_by_its_language(language: str, question: str) -> None:
    assert detect_language(question) == language


@pytest.mark.parametrize("text", ["", "?", "12/05/2025", "— … —", "\n\n"])
def test_a_text_without_letters_counts_as_the_default(text: str) -> None:
    assert detect_language(text) == DEFAULT_LANGUAGE
    assert detect_language(text, candidates=("vi", "en")) == "vi"


def test_only_candidates_are_answered() -> None:
    assert detect_language("Qui est-ce ?", candidates=("en", "vi")) in ("en", "vi")
    assert detect_language("Qui est-ce ?", candidates=("xx",)) == "xx"


def test_one_french_word_does_not_turn_an_english_article() -> None:
    article = "The minister said that the agreement was signed in Minsk. " * 20

    assert detect_language("Le " + article) == "en"


def test_capitals_change_nothing() -> None:
    assert detect_language("QUI EST LE PREMIER MINISTRE DE LA BIÉLORUSSIE ?") == "fr"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("fr", "fr"),
        ("zh_Hans", "zh"),
        ("Français", "fr"),
        ("vietnamien", "vi"),
        ("tiếng Việt", "vi"),
        ("German", "de"),
        ("no", "no"),
        ("fra", "fr"),
        ("fre", "fr"),
        ("eng-US", "en"),
        ("vie", "vi"),
        ("DEU", "de"),
        ("fr_FR", "fr"),
        ("FR-ca", "fr"),
        ("fr_FR.UTF-8", "fr"),
        ("ca_ES@valencia", "ca"),
        ("fr, en", "fr"),
        ("fr;q=0.9", "fr"),
        ("French (France)", "fr"),
        ("francais", "fr"),
        ("français canadien", "fr"),
        ("tieng Viet", "vi"),
        ("iw", "he"),
        ("und", None),
        ("mul", None),
        ("x-default", None),
        ("C.UTF-8", None),
        ("nan", None),
        ("franconien", None),
        ("", None),
        ("klingon", None),
        ("xx", None),
    ],
)
def test_a_declared_language_is_known_by_code_or_by_name(name: str, code: str | None) -> None:
    assert language_code(name) == code


def test_importing_loads_no_model() -> None:
    loaded = "import sys, index.language; print('py3langid' in sys.modules, 'babel' in sys.modules)"

    result = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )

    assert result.stdout.split() == ["False", "False"]
