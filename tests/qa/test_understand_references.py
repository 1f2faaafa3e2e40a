import pytest

from qa.understand.references import refers_back

POINTING_OUT = {
    "fr": [
        "Qui l'a signé ?",
        "quand a-t-il été inauguré ?",
        "Combien de pompiers y ont été mobilisés ?",
        "Qu'ont-ils signé ?",
        "il est entré en vigueur quand ?",
        "de combien augmente-t-il ?",
        "Qui la dirige ?",
        "Quelle est sa population ?",
        "pourquoi cet accord ?",
        "qu'en pense la CGT ?",
    ],
    "en": [
        "who signed it?",
        "Which company operates it?",
        "Did the mayor of Chicago veto it?",
        "where was it played?",
        "before him?",
        "What is its capital?",
        "Who is his wife?",
        "why did that happen?",
        "How many people did it kill?",
        "who was there?",
    ],
    "vi": ["nó được ký khi nào?", "ông ấy đã gặp ai?", "thỏa thuận này có hiệu lực khi nào?"],
    "de": ["Wann tritt es in Kraft?", "Wer hat ihn bezahlt?", "Was kostet das?", "Wer war dort?"],
    "es": ["¿Quiénes lo firmaron?", "¿su alcaldesa dimitió?", "¿Por qué lo hizo?"],
}
WITHIN_THE_SENTENCE = {
    "fr": [
        "Quand la loi sur les retraites a-t-elle été votée ?",
        "Le pape a-t-il annoncé sa visite au Liban ?",
        "Macron a-t-il annoncé sa démission ?",
        "Qui a perdu son siège à Lyon ?",
        "Peut-on perdre son emploi ?",
        "Mon employeur doit-il m'informer ?",
    ],
    "en": [
        "Which airline cancelled its flights to Tel Aviv?",
        "Does the mayor of Chicago support his police chief?",
        "When did Apple say it would launch the phone?",
        "Who lost his job at Boeing?",
    ],
    "vi": ["Ông Tô Lâm thăm Minsk khi nào?"],
    "de": [
        "Wann hat die Bundesbank ihre Prognose gesenkt?",
        "Welcher Trainer verlässt seinen Klub?",
    ],
    "es": ["¿La NASA aplazó su misión a la Luna?"],
}
STANDING_FOR_NOTHING = {
    "fr": [
        "Y a-t-il des victimes à Valence ?",
        "Que s'est-il passé ?",
        "Est-ce que Paris signe ?",
    ],
    "en": ["How many people are there in Lagos?", "Is it true that Macron resigned?"],
    "vi": ["Bão Wipha sau đó đi đâu?"],
    "de": ["Gibt es Tote in Valencia?"],
    "es": ["¿Qué es lo que pasó en Quito?"],
}


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(text, language) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("text", "language"), cases(POINTING_OUT))
def test_a_pronoun_without_anything_to_mean_points_out_of_the_message(
    text: str, language: str
) -> None:
    assert refers_back(text, language)


@pytest.mark.parametrize(("text", "language"), cases(WITHIN_THE_SENTENCE))
def test_a_pronoun_may_mean_what_its_own_sentence_names(text: str, language: str) -> None:
    assert not refers_back(text, language)


@pytest.mark.parametrize(("text", "language"), cases(STANDING_FOR_NOTHING))
def test_a_pronoun_may_stand_for_nothing(text: str, language: str) -> None:
    assert not refers_back(text, language)


def test_a_language_without_tables_has_no_pronouns() -> None:
    assert not refers_back("Chi l'ha firmato?", "it")
