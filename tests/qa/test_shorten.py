import re

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.shorten import shorten

LONG = (
    "Réuni mardi soir dans la salle des fêtes, le conseil municipal de Valmer a adopté, par "
    "dix-sept voix contre quatre, le budget de la nouvelle école, dont le coût est estimé à "
    "neuf millions d'euros ; les travaux, confiés à une entreprise de la région, commenceront "
    "en avril et dureront dix-huit mois."
)


def shortened(text: str, answer: str) -> str:
    start = text.index(answer)
    first, end = shorten(text, (0, len(text)), (start, start + len(answer)))
    return text[first:end]


def test_a_short_sentence_is_quoted_whole() -> None:
    text = "Le maire de Valmer, Jean Duchêne, a ouvert le pont lundi."

    assert shortened(text, "Jean Duchêne") == text


def test_a_sentence_without_a_known_answer_is_quoted_whole() -> None:
    assert shorten(LONG, (0, len(LONG)), None) == (0, len(LONG))


def test_a_long_sentence_is_quoted_around_its_answer() -> None:
    assert shortened(LONG, "dix-huit mois") == (
        "les travaux, confiés à une entreprise de la région, commenceront en avril et dureront "
        "dix-huit mois."
    )


def test_a_clause_that_leans_on_the_one_before_is_not_quoted_alone() -> None:
    text = (
        "Le secrétaire général, arrivé la veille avec une délégation de quarante chefs "
        "d'entreprise, et le président, qui l'attendait au palais, ont signé lundi à Valmer une "
        "déclaration commune, dix ans après la première, sur l'eau et sur les routes."
    )

    assert shortened(text, "une déclaration commune").startswith("Le secrétaire général")


def test_what_is_cut_off_leaves_no_comma_behind() -> None:
    assert not shortened(LONG, "dix-sept voix").endswith((",", ";", " "))


def test_brackets_and_speech_are_never_opened_without_being_closed() -> None:
    text = (
        "Le ministre a déclaré devant la presse : « Nous avons signé, après deux ans de travail, "
        "un accord qui profite à tous, du nord au sud, et que nos enfants nous envieront, si "
        "nous savons le garder », avant de quitter la salle sans répondre aux questions."
    )

    quote = shortened(text, "un accord")

    assert quote.count("«") == quote.count("»") == 1


words = st.lists(
    st.sampled_from(["mot", "mot,", "mot ;", "(mot", "mot)", "«mot", "mot»", "— mot"]),
    min_size=1,
    max_size=90,
)


@settings(deadline=None)
@given(words, st.data())
def test_a_quote_is_a_stretch_of_its_sentence_that_holds_the_answer(
    parts: list[str], data: st.DataObject
) -> None:
    sentence = " ".join(parts)
    text = f"Avant. {sentence}. Après."
    first, end = 7, 8 + len(sentence)
    letter = data.draw(st.sampled_from([at.start() for at in re.finditer(r"\w", sentence)]))
    before, after = data.draw(st.integers(0, 10)), data.draw(st.integers(1, 10))
    answer = (first + max(0, letter - before), min(first + letter + after, end))

    span = shorten(text, (first, end), answer)

    assert first <= span[0] < span[1] <= end
    quoted = text[slice(*span)]
    held = text[slice(*answer)].strip(" ,;:—")
    assert held in quoted
    if span != (first, end):
        assert len(quoted.split()) >= 14
        assert quoted.count("(") == quoted.count(")")
