import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.written.negations import find_denials


def sure(text: str, language: str) -> list[str]:
    return [denial.words for denial in find_denials(text, language) if denial.sure]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Il n’a pas signé l’accord.", "fr", ["pas"]),
        ("Personne n'a signé.", "fr", ["Personne"]),
        ("Depuis ce jour de mai à Minsk, absolument rien ne change.", "fr", ["rien"]),
        ("Ni Paris ni Londres n’ont signé.", "fr", ["Ni"]),
        ("Il n’a jamais rien dit.", "fr", ["jamais"]),
        ("Il ne reste que deux accords.", "fr", []),
        ("Il est parti sans signer.", "fr", ["sans"]),
        ("Il signe plus de textes, et rien de plus.", "fr", []),
        ("Il ne peut signer.", "fr", ["ne"]),
        ("He didn't sign and never will.", "en", ["didn't", "never"]),
        ("Not only the president signed.", "en", []),
        ("Neither Paris nor London signed.", "en", ["Neither"]),
        ("Ông không ký và chưa đến.", "vi", ["không", "chưa"]),
        ("Hàng không và không khí.", "vi", []),
        ("Er hat nicht unterschrieben.", "de", ["nicht"]),
        ("Nicht nur Paris, auch Berlin.", "de", []),
        ("Niemand kam, weder er noch sie.", "de", ["Niemand", "weder"]),
        ("No dijo nada a nadie.", "es", ["No"]),
        ("No vino; nadie lo sabe.", "es", ["No", "nadie"]),
        ("Sin embargo, firmó sin dudar.", "es", ["sin"]),
        ("Hij tekende niet.", "nl", []),
    ],
)
def test_what_denies_is_found(text: str, language: str, expected: list[str]) -> None:
    assert sure(text, language) == expected


def test_a_word_that_may_deny_is_quiet() -> None:
    (denial,) = find_denials("Il a refusé de signer.", "fr")

    assert not denial.sure
    assert denial.words == "refusé"


@given(st.text(max_size=300), st.sampled_from(["fr", "en", "vi", "zz"]))
def test_denials_stand_in_order_inside_any_text(text: str, language: str) -> None:
    spans = [denial.span for denial in find_denials(text, language)]

    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
