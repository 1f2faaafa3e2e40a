from datetime import date

import pytest

from index.types import Article, DateRange
from qa.written.days import missing_days
from qa.written.types import Source

TEXT = (
    "Lundi 12 mai, le traité a été signé. Il sera ratifié entre le 3 et le 8 juin 2025. Le premier "
    "datait de mars 1992 et la saison 2018 fut la dernière. Vendredi, tout sera dit."
)


def missing(text: str, language: str, published: DateRange | None) -> list[str]:
    article = Article(
        id="a", title="Retour sur 1975", text=TEXT, published=published, language="fr"
    )
    source = Source(1, article, 0, len(TEXT))
    return [text[slice(*span)] for span in missing_days(text, language, [source], frozenset())]


PUBLISHED = DateRange.day(date(2025, 5, 13))


@pytest.mark.parametrize("published", [PUBLISHED, None])
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("It was signed on Monday 12 May.", "en"),
        ("It was signed in May.", "en"),
        ("Il y eut un traité en 1992.", "fr"),
        ("The first dates from March 1992, and 1975 is long ago.", "en"),
        ("Thứ Sáu, mọi việc sẽ rõ. Hiệp ước được ký ngày 12 tháng 5.", "vi"),
        ("All will be said on Friday.", "en"),
        ("Nothing happened yesterday.", "en"),
    ],
)
def test_a_date_of_the_passage_is_known_in_any_language(
    text: str, language: str, published: DateRange | None
) -> None:
    assert missing(text, language, published) == []


def test_a_year_comes_from_the_day_of_publication() -> None:
    assert missing("It was signed on 12 May 2025.", "en", PUBLISHED) == []
    assert missing("It was published on 13 May 2025.", "en", PUBLISHED) == []


@pytest.mark.parametrize("published", [PUBLISHED, None])
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("It was signed on 14 May.", "en"),
        ("It was signed on 12 June.", "en"),
        ("It was signed on 12 May 2024.", "en"),
        ("It was signed on Tuesday 12 May.", "en"),
        ("Il y eut un traité en 1993.", "fr"),
        ("All will be said on Saturday.", "en"),
        ("Hiệp ước được ký ngày 15 tháng 5.", "vi"),
    ],
)
def test_another_date_is_missing(text: str, language: str, published: DateRange | None) -> None:
    assert missing(text, language, published) != []
