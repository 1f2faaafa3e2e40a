import pytest

from index.dates import find_dates
from index.types import DateMention, DateRange

_TODAY = DateRange.parse("2025-12-03")

_QUESTIONS = {
    "fr": [
        ("Qu'est-ce qui a été signé le 12 mai 2025 ?", "12 mai 2025", "2025-05-12"),
        ("Que s'est-il passé en mai 2025 ?", "mai 2025", "2025-05"),
        ("Qui a gagné en 2019 ?", "2019", "2019"),
        ("Qu'a-t-on voté du 3 au 5 mai 2024 ?", "3 au 5 mai 2024", "2024-05-03/2024-05-05"),
        ("Qui a démissionné depuis mars 2024 ?", "mars 2024", "2024-03"),
        ("Qu'a-t-on signé avant le 12 mai 2025 ?", "12 mai 2025", "2025-05-12"),
        ("Qui a démissionné en décembre dernier ?", "décembre dernier", "2024-12"),
        ("Qu'est-ce qui a brûlé pendant l'été 2024 ?", "été 2024", "2024-06-01/2024-08-31"),
        ("A-t-il gelé l'hiver 2023-2024 ?", "hiver 2023-2024", "2023-12-01/2024-02-29"),
        (
            "Combien pendant les neuf premiers mois de 2025 ?",
            "neuf premiers mois de 2025",
            "2025-01-01/2025-09-30",
        ),
        ("Quel bénéfice au 2e trimestre 2024 ?", "2e trimestre 2024", "2024-04-01/2024-06-30"),
        ("Et au premier semestre 2024 ?", "premier semestre 2024", "2024-01-01/2024-06-30"),
        ("Qui chantait dans les années 1990 ?", "années 1990", "1990-01-01/1999-12-31"),
        (
            "Que prévoit la semaine du 12 mai 2025 ?",
            "semaine du 12 mai 2025",
            "2025-05-12/2025-05-18",
        ),
        ("Qu'a dit le ministre ce matin ?", "ce matin", "2025-12-03"),
    ],
    "en": [
        ("What was signed on 12 May 2025?", "12 May 2025", "2025-05-12"),
        ("What happened in May 2025?", "May 2025", "2025-05"),
        ("Who won in 2019?", "2019", "2019"),
        ("What was voted from 3 to 5 May 2024?", "3 to 5 May 2024", "2024-05-03/2024-05-05"),
        ("Who has resigned since March 2024?", "March 2024", "2024-03"),
        ("What was signed before 12 May 2025?", "12 May 2025", "2025-05-12"),
        ("Who resigned last December?", "last December", "2024-12"),
        ("What burned in summer 2024?", "summer 2024", "2024-06-01/2024-08-31"),
        ("Did it freeze in winter 2023/24?", "winter 2023/24", "2023-12-01/2024-02-29"),
        (
            "How much in the first nine months of 2025?",
            "first nine months of 2025",
            "2025-01-01/2025-09-30",
        ),
        ("Q2 2024 profit?", "Q2 2024", "2024-04-01/2024-06-30"),
        ("And in the first half of 2024?", "first half of 2024", "2024-01-01/2024-06-30"),
        ("Who sang in the 1990s?", "1990s", "1990-01-01/1999-12-31"),
        (
            "What is on in the week of May 12, 2025?",
            "week of May 12, 2025",
            "2025-05-12/2025-05-18",
        ),
        ("What did the minister say this morning?", "this morning", "2025-12-03"),
    ],
    "vi": [
        ("Điều gì được ký ngày 12 tháng 5 năm 2025?", "ngày 12 tháng 5 năm 2025", "2025-05-12"),
        ("Chuyện gì xảy ra tháng 5 năm 2025?", "tháng 5 năm 2025", "2025-05"),
        ("Ai thắng năm 2019?", "năm 2019", "2019"),
        (
            "Có gì từ ngày 3 đến ngày 5 tháng 5 năm 2024?",
            "ngày 3 đến ngày 5 tháng 5 năm 2024",
            "2024-05-03/2024-05-05",
        ),
        ("Ai từ chức kể từ tháng 3 năm 2024?", "tháng 3 năm 2024", "2024-03"),
        ("Điều gì được ký trước ngày 12/5/2025?", "ngày 12/5/2025", "2025-05-12"),
        ("Ai từ chức tháng 12 năm ngoái?", "tháng 12 năm ngoái", "2024-12"),
        ("Cháy rừng ở đâu vào mùa hè 2024?", "mùa hè 2024", "2024-06-01/2024-08-31"),
        (
            "Mùa đông năm 2023-2024 có lạnh không?",
            "Mùa đông năm 2023-2024",
            "2023-12-01/2024-02-29",
        ),
        (
            "Chín tháng đầu năm 2025 xuất khẩu bao nhiêu?",
            "Chín tháng đầu năm 2025",
            "2025-01-01/2025-09-30",
        ),
        ("Lợi nhuận quý II/2024 là bao nhiêu?", "quý II/2024", "2024-04-01/2024-06-30"),
        ("Nửa đầu năm 2024 thì sao?", "Nửa đầu năm 2024", "2024-01-01/2024-06-30"),
        ("Ai hát vào những năm 1990?", "những năm 1990", "1990-01-01/1999-12-31"),
        (
            "Có gì trong tuần từ ngày 12 tháng 5 năm 2025?",
            "tuần từ ngày 12 tháng 5 năm 2025",
            "2025-05-12/2025-05-18",
        ),
        ("Bộ trưởng nói gì sáng nay?", "sáng nay", "2025-12-03"),
    ],
    "de": [
        ("Was wurde am 12. Mai 2025 unterzeichnet?", "12. Mai 2025", "2025-05-12"),
        ("Was geschah im Mai 2025?", "Mai 2025", "2025-05"),
        ("Wer gewann 2019?", "2019", "2019"),
        ("Was war vom 3. bis 5. Mai 2024?", "3. bis 5. Mai 2024", "2024-05-03/2024-05-05"),
        ("Wer ist seit März 2024 zurückgetreten?", "März 2024", "2024-03"),
        ("Was wurde vor dem 12. Mai 2025 beschlossen?", "12. Mai 2025", "2025-05-12"),
        ("Was wurde vor 2019 beschlossen?", "2019", "2019"),
        ("Wer trat letzten Dezember zurück?", "letzten Dezember", "2024-12"),
        ("Was brannte im Sommer 2024?", "Sommer 2024", "2024-06-01/2024-08-31"),
        ("Fror es im Winter 2023/24?", "Winter 2023/24", "2023-12-01/2024-02-29"),
        (
            "Wie viel in den ersten neun Monaten 2025?",
            "ersten neun Monaten 2025",
            "2025-01-01/2025-09-30",
        ),
        ("Gewinn im zweiten Quartal 2024?", "zweiten Quartal 2024", "2024-04-01/2024-06-30"),
        ("Und im ersten Halbjahr 2024?", "ersten Halbjahr 2024", "2024-01-01/2024-06-30"),
        ("Wer sang in den 1990er Jahren?", "1990er Jahren", "1990-01-01/1999-12-31"),
        (
            "Was ist in der Woche vom 12. Mai 2025?",
            "Woche vom 12. Mai 2025",
            "2025-05-12/2025-05-18",
        ),
    ],
    "es": [
        ("¿Qué se firmó el 12 de mayo de 2025?", "12 de mayo de 2025", "2025-05-12"),
        ("¿Qué pasó en mayo de 2025?", "mayo de 2025", "2025-05"),
        ("¿Quién ganó en 2019?", "2019", "2019"),
        (
            "¿Qué hubo del 3 al 5 de mayo de 2024?",
            "3 al 5 de mayo de 2024",
            "2024-05-03/2024-05-05",
        ),
        ("¿Quién ha dimitido desde marzo de 2024?", "marzo de 2024", "2024-03"),
        ("¿Qué se firmó antes del 12 de mayo de 2025?", "12 de mayo de 2025", "2025-05-12"),
        ("¿Quién dimitió el pasado diciembre?", "pasado diciembre", "2024-12"),
        ("¿Qué ardió en el verano de 2024?", "verano de 2024", "2024-06-01/2024-08-31"),
        ("¿Heló en el invierno de 2023-2024?", "invierno de 2023-2024", "2023-12-01/2024-02-29"),
        (
            "¿Cuánto en los primeros nueve meses de 2025?",
            "primeros nueve meses de 2025",
            "2025-01-01/2025-09-30",
        ),
        (
            "¿Beneficio del segundo trimestre de 2024?",
            "segundo trimestre de 2024",
            "2024-04-01/2024-06-30",
        ),
        ("¿Y en la primera mitad de 2024?", "primera mitad de 2024", "2024-01-01/2024-06-30"),
        ("¿Quién cantaba en los años 1990?", "años 1990", "1990-01-01/1999-12-31"),
        (
            "¿Qué hay en la semana del 12 de mayo de 2025?",
            "semana del 12 de mayo de 2025",
            "2025-05-12/2025-05-18",
        ),
        ("¿Qué dijo el ministro esta mañana?", "esta mañana", "2025-12-03"),
    ],
}

_YEARLESS = [
    ("fr", "Que s'est-il passé le 12 mai ?", "12 mai", "2025-05-12", (5, 12), (5, 12)),
    ("fr", "Que s'est-il passé en mai ?", "mai", "2025-05", (5, 1), (5, 31)),
    ("en", "What was signed on 12 May?", "12 May", "2025-05-12", (5, 12), (5, 12)),
    ("en", "What was signed in May?", "May", "2025-05", (5, 1), (5, 31)),
    ("vi", "Ngày 12/5 có gì?", "Ngày 12/5", "2025-05-12", (5, 12), (5, 12)),
    ("vi", "Tháng 5 có gì?", "Tháng 5", "2025-05", (5, 1), (5, 31)),
    ("de", "Was geschah am 12. Mai?", "12. Mai", "2025-05-12", (5, 12), (5, 12)),
    ("de", "Was geschah im Mai?", "Mai", "2025-05", (5, 1), (5, 31)),
    ("es", "¿Qué pasó el 12 de mayo?", "12 de mayo", "2025-05-12", (5, 12), (5, 12)),
    ("es", "¿Qué pasó en mayo?", "mayo", "2025-05", (5, 1), (5, 31)),
    (
        "fr",
        "Que prévoyait la semaine du 12 mai ?",
        "semaine du 12 mai",
        "2025-05-12/2025-05-18",
        (5, 12),
        (5, 18),
    ),
]


def _read(question: str, language: str | None) -> list[DateMention]:
    return find_dates(question, language=language, anchor=_TODAY)


@pytest.mark.parametrize(
    ("language", "question", "expression", "days"),
    [(language, *case) for language, cases in _QUESTIONS.items() for case in cases],
)
def test_the_date_of_a_question_is_found_and_read(
    language: str, question: str, expression: str, days: str
) -> None:
    [mention] = _read(question, language)
    assert question[mention.start : mention.end] == expression
    assert str(mention.range) == days
    assert mention.yearless is None


@pytest.mark.parametrize(("language", "question", "expression", "days", "first", "last"), _YEARLESS)
def test_a_question_without_a_year_keeps_the_days_of_any_year(
    language: str,
    question: str,
    expression: str,
    days: str,
    first: tuple[int, int],
    last: tuple[int, int],
) -> None:
    [mention] = _read(question, language)
    assert question[mention.start : mention.end] == expression
    assert str(mention.range) == days
    assert mention.yearless is not None
    assert (mention.yearless.first, mention.yearless.last) == (first, last)


@pytest.mark.parametrize(
    ("language", "question", "days"),
    [
        ("fr", "Qui a démissionné depuis janvier ?", "2025-01"),
        ("en", "Who resigned since January?", "2025-01"),
        ("vi", "Ai từ chức kể từ tháng 1?", "2025-01"),
        ("de", "Wer ist seit Januar weg?", "2025-01"),
        ("es", "¿Quién dimitió desde enero?", "2025-01"),
    ],
)
def test_since_a_month_is_counted_from_the_last_one(
    language: str, question: str, days: str
) -> None:
    [mention] = _read(question, language)
    assert str(mention.range) == days


def test_a_question_of_words_that_no_language_has_still_tells_its_sure_dates() -> None:
    [mention] = _read("Q2 2024 profit?", None)
    assert str(mention.range) == "2024-04-01/2024-06-30"
