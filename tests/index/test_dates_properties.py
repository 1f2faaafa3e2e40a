import subprocess
import sys
import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import find_dates, infer_published
from index.types import DateMention, DateRange, YearlessRange

_ANCHOR = DateRange.parse("2025-12-03")

_PIECES = st.sampled_from(
    [
        "12 mai 2025",
        "lundi",
        "Monday",
        "1er",
        "du",
        "au",
        "3",
        "5",
        "-",
        "–",
        "/",
        ".",
        ",",
        "mai",
        "May",
        "12/05/2025",
        "en",
        "2024",
        "hier",
        "last",
        "week",
        "il y a",
        "trois",
        "jours",
        "ngày",
        "tháng",
        "năm",
        "thứ Hai",
        "de",
        "und",
        "bis",
        "Januar",
        "enero",
        "Q3",
        "premier",
        "trimestre",
        "années",
        "1990s",
        "(",
        ")",
        "\n\n",
        "le même jour",
        "é",
        "\u202f",
        "9999",
        "0001",
        "31",
        "29 février",
        "99",
        "d'",
        "l'an dernier",
    ]
)
_DATED = st.lists(_PIECES, max_size=14).map(" ".join)
_LANGUAGE = st.sampled_from([None, "fr", "en", "de", "es", "vi", "it", "zh", "fr-CA", "xx", ""])
_DAYS = st.dates().map(DateRange.day)
_YEARS = st.integers(1, 9999).map(DateRange.year)
_ANCHORS = st.one_of(st.none(), st.just(_ANCHOR), _DAYS, _YEARS)


@given(st.one_of(st.text(), _DATED), _LANGUAGE, _ANCHORS)
def test_mentions_are_ordered_disjoint_and_inside_the_text(
    text: str, language: str | None, anchor: DateRange | None
) -> None:
    found = find_dates(text, language=language, anchor=anchor)
    ends = [0, *(mention.end for mention in found)]
    for end, mention in zip(ends, found, strict=False):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end].strip() == text[mention.start : mention.end]
        assert mention.range is not None or mention.yearless is not None
        assert mention.weekday in (None, *range(7))


@given(st.one_of(st.text(), _DATED), _LANGUAGE)
def test_a_proven_day_is_one_day_with_a_span_in_the_text(text: str, language: str | None) -> None:
    proof = infer_published(text, language=language)
    if proof is not None:
        published, (start, end) = proof
        assert published.precision == "day"
        assert 0 <= start < end <= len(text)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["en", "fr"]))
def test_an_iso_day_is_read_back(day: date, language: str) -> None:
    text = f"[{day.isoformat()}]"
    assert find_dates(text, language=language) == [DateMention(1, 11, DateRange.day(day))]


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "12 mai ",
        " ",
        "lundi ",
        "2025 ",
        "1-",
        "12, ",
        "12 et ",
        "mai et ",
        "du 3 au ",
        "\n",
        "e\u0301",
    ],
    ids=repr,
)
def test_a_hostile_megabyte_takes_seconds(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    start = time.process_time()
    find_dates(text, language="fr", anchor=_ANCHOR)
    assert time.process_time() - start < 15


def test_spans_point_into_decomposed_text_as_given() -> None:
    text = unicodedata.normalize("NFD", "Élu le 3 décembre 2024, il part en août 2025.")
    found = find_dates(text, language="fr")
    assert [unicodedata.normalize("NFC", text[m.start : m.end]) for m in found] == [
        "3 décembre 2024",
        "août 2025",
    ]


def test_decomposed_vietnamese_is_read() -> None:
    text = unicodedata.normalize("NFD", "Ông đến ngày 12 tháng 5 năm 2025.")
    [mention] = find_dates(text, language="vi")
    assert mention.range == DateRange.parse("2025-05-12")
    assert text[mention.start :].startswith("nga")


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "  ", "\n"], ids=repr)
def test_any_space_may_stand_inside_a_date(space: str) -> None:
    text = f"Né le 12{space}mai{space}2025."
    [mention] = find_dates(text, language="fr")
    assert (mention.start, mention.end) == (6, len(text) - 1)
    assert mention.range == DateRange.parse("2025-05-12")


def test_a_blank_line_ends_an_expression() -> None:
    text = "Le 12 mai\n\n2025, bilan"
    found = find_dates(text, language="fr", anchor=DateRange.parse("2024-06"))
    assert [str(mention.range) for mention in found] == ["2024-05-12", "2025"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "il 12 maggio 2025 a Roma"),
        ("pt", "em 12 de maio de 2025 no Porto"),
        ("nl", "op 12 mei 2025 in Delft"),
        ("pl", "dnia 12 maja 2025 w Gdyni"),
        ("ru", "12 мая 2025 в Перми"),
        ("sv", "den 12 maj 2025 i Lund"),
        ("tr", "12 Mayıs 2025 günü"),
        ("fi", "12. toukokuuta 2025 Oulussa"),
        ("hu", "2025. május 12. Pécs"),
        ("ar", "في 12 مايو 2025 في فاس"),
        ("zh", "会议于2025年5月12日举行"),
        ("ja", "2025年5月12日に開かれた"),
        ("xx", "2025-05-12"),
    ],
)
def test_a_full_date_is_read_in_other_languages(language: str, text: str) -> None:
    assert [str(mention.range) for mention in find_dates(text, language=language)] == ["2025-05-12"]


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("Quel accord a été signé en mai ?", "2025-05"),
        ("What was signed on 12 May?", "2025-05-12"),
        ("what did the mayor say yesterday?", "2025-12-02"),
        ("Was geschah im Oktober?", "2025-10"),
        ("¿Qué pasó el 12 de mayo?", "2025-05-12"),
        ("Chuyện gì xảy ra ngày 12 tháng 5?", "2025-05-12"),
        ("Hôm qua có gì mới?", "2025-12-02"),
        ("12/05/2025", "2025-05-12"),
        ("2025", "2025"),
        ("mai 2025", "2025-05"),
        ("2024-2025", "2024-01-01/2025-12-31"),
    ],
)
def test_a_question_of_unknown_language_is_read(question: str, days: str) -> None:
    assert [str(mention.range) for mention in find_dates(question, anchor=_ANCHOR)] == [days]


def test_a_full_date_of_another_language_is_read_beside_the_texts_own() -> None:
    found = find_dates("Le rapport (May 12, 2025) a paru.", language="fr")
    assert [str(mention.range) for mention in found] == ["2025-05-12"]


def test_a_weekday_beside_a_day_is_told_and_the_day_keeps_no_year_of_its_own() -> None:
    [mention] = find_dates("Reçu lundi 12 mai à Minsk.", language="fr", anchor=_ANCHOR)
    assert mention == DateMention(
        5, 17, DateRange.parse("2025-05-12"), YearlessRange((5, 12), (5, 12)), 0
    )


def test_a_written_year_leaves_nothing_yearless() -> None:
    [mention] = find_dates("Reçu lundi 12 mai 2025 à Minsk.", language="fr", anchor=_ANCHOR)
    assert mention.yearless is None
    assert mention.weekday == 0


@pytest.mark.parametrize(
    "text", ["Parti hier.", "Élu en décembre dernier.", "Vu ce mercredi.", "Reparti le même jour."]
)
def test_an_expression_that_only_an_anchor_resolves_is_left_out_without_one(text: str) -> None:
    assert find_dates(text, language="fr") == []


def test_the_same_day_is_the_nearest_day_named_before() -> None:
    text = "Le 3 mai 2025, vote. Le 5 mai 2025, fête ; le même jour, pluie."
    assert str(find_dates(text, language="fr")[-1].range) == "2025-05-05"


@pytest.mark.parametrize(
    ("text", "day", "proof"),
    [
        ("Reçu lundi 12 mai à Minsk. Accord du 30 janvier 2025.", "2025-05-12", "lundi 12 mai"),
        ("Plan 2025-2027 : signé lundi 12 mai.", "2025-05-12", "lundi 12 mai"),
        ("Vu lundi 12 mai, puis mercredi 14 mai. Budget de 2025.", "2025-05-12", "lundi 12 mai"),
        ("HANOI, 12 mai 2025 – Le ministre est parti.", "2025-05-12", "12 mai 2025"),
        ("12 mai 2025. - Un pont a cédé.", "2025-05-12", "12 mai 2025"),
        ("HANOI (12/05/2025) - Le ministre est parti.", "2025-05-12", "12/05/2025"),
    ],
)
def test_a_day_is_proven_by_the_text(text: str, day: str, proof: str) -> None:
    found = infer_published(text, language="fr")
    assert found is not None
    published, (start, end) = found
    assert (str(published), text[start:end]) == (day, proof)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Reçu lundi 12 mai à Minsk.",
        "Reçu le 12 mai à Minsk. Accord de 2025.",
        "Reçu lundi 12 mai à Minsk. Accord de 2024.",
        "Reçu lundi 12 mai. Accords de 2014 et de 2025.",
        "Reçu lundi 12 mai, réélu lundi 3 novembre. Accord de 2025.",
        "Le 12 mai 2025 fut un jour de fête.",
    ],
    ids=["empty", "no year", "no weekday", "misfit", "two fits", "far apart", "no dateline"],
)
def test_nothing_is_guessed_where_the_text_proves_nothing(text: str) -> None:
    assert infer_published(text, language="fr") is None


def test_importing_does_not_load_the_names_of_months() -> None:
    code = "import sys, index.dates; sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
