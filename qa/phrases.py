"""What an answer says in its own words, in the languages it can say it in.

Braces are filled in by `qa/cite.py`; every other word of an answer is an article's.
"""

import re
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrases:
    """The sentences of one language.

    Attributes:
        one_article: heads an answer from one article.
        articles: heads an answer from several, with their `count`.
        on_day: goes before either when a date was understood.
        since: the same for everything from a date on.
        before: the same for everything up to a date.
        until: the same for everything up to the end of a date.
        year: heads the quotes of one year, where the question names a day without its year.
        not_said: nothing answers.
        missing: nothing answers, and these words of the question stand nowhere near.
        last_missing: goes before the last of several such words.
        no_news: nothing answers, and no article speaks of the date asked for.
        nearest_days: the days with news nearest to it.
        nearest_article: the article nearest to the question.
        filtered_out: the filters leave no passage.
        empty: the message asks nothing.
        too_long: the message is too long for one question.
        undated: instead of the date of an article that has none.
        quotes: opening and closing quotation mark.
    """

    one_article: str
    articles: str
    on_day: str
    since: str
    before: str
    until: str
    year: str
    not_said: str
    missing: str
    last_missing: str
    no_news: str
    nearest_days: str
    nearest_article: str
    filtered_out: str
    empty: str
    too_long: str
    undated: str
    quotes: tuple[str, str]


_PHRASES = {
    "fr": Phrases(
        one_article="D’après « {title} » ({date}) :",
        articles="D’après {count} articles :",
        on_day="Date comprise : {dates}.",
        since="Période comprise, à partir de : {dates}.",
        before="Période comprise, avant : {dates}.",
        until="Période comprise, jusqu’à : {dates}.",
        year="En {year}",
        not_said="Les articles ne répondent pas à cette question.",
        missing="Les articles ne le disent pas : rien sur {words}.",
        last_missing=" ni ",
        no_news="Aucun article ne répond pour cette date : {dates}.",
        nearest_days="Jours les plus proches dont parlent les articles : {days}.",
        nearest_article="Ce qui s’en approche le plus : « {title} » ({date}).",
        filtered_out="Aucun passage ne correspond à ces filtres.",
        empty="Posez une question : un nom, un lieu, une date…",
        too_long="La question compte {length} caractères, pour {limit} au plus. Raccourcissez-la.",
        undated="sans date",
        quotes=("« ", " »"),
    ),
    "en": Phrases(
        one_article="From “{title}” ({date}):",
        articles="From {count} articles:",
        on_day="Date understood: {dates}.",
        since="Period understood: since {dates}.",
        before="Period understood: before {dates}.",
        until="Period understood: until {dates}.",
        year="In {year}",
        not_said="The articles do not answer this question.",
        missing="The articles do not say: nothing on {words}.",
        last_missing=" or ",
        no_news="No article answers for this date: {dates}.",
        nearest_days="Nearest days the articles speak of: {days}.",
        nearest_article="What comes closest: “{title}” ({date}).",
        filtered_out="No passage matches these filters.",
        empty="Ask a question: a name, a place, a date…",
        too_long="The question has {length} characters; the most is {limit}. Shorten it.",
        undated="no date",
        quotes=("“", "”"),
    ),
    "vi": Phrases(
        one_article="Theo bài “{title}” ({date}):",
        articles="Theo {count} bài báo:",
        on_day="Ngày được hiểu: {dates}.",
        since="Thời gian được hiểu: từ {dates}.",
        before="Thời gian được hiểu: trước {dates}.",
        until="Thời gian được hiểu: đến hết {dates}.",
        year="Năm {year}",
        not_said="Các bài báo không trả lời câu hỏi này.",
        missing="Các bài báo không cho biết: không có gì về {words}.",
        last_missing=" hay ",
        no_news="Không có bài báo nào trả lời cho ngày này: {dates}.",
        nearest_days="Những ngày gần nhất được nhắc đến: {days}.",
        nearest_article="Bài gần nhất: “{title}” ({date}).",
        filtered_out="Không có đoạn nào phù hợp với bộ lọc.",
        empty="Hãy đặt một câu hỏi: một cái tên, một địa điểm, một ngày…",
        too_long="Câu hỏi có {length} ký tự; tối đa là {limit}. Hãy rút ngắn.",
        undated="không có ngày",
        quotes=("“", "”"),
    ),
    "de": Phrases(
        one_article="Laut „{title}“ ({date}):",
        articles="Laut {count} Artikeln:",
        on_day="Verstandenes Datum: {dates}.",
        since="Verstandener Zeitraum, ab: {dates}.",
        before="Verstandener Zeitraum, vor: {dates}.",
        until="Verstandener Zeitraum, bis: {dates}.",
        year="Im Jahr {year}",
        not_said="Die Artikel beantworten diese Frage nicht.",
        missing="Die Artikel sagen es nicht: nichts zu {words}.",
        last_missing=" oder ",
        no_news="Kein Artikel antwortet für dieses Datum: {dates}.",
        nearest_days="Nächste Tage, von denen die Artikel berichten: {days}.",
        nearest_article="Am nächsten kommt: „{title}“ ({date}).",
        filtered_out="Kein Abschnitt entspricht diesen Filtern.",
        empty="Stellen Sie eine Frage: ein Name, ein Ort, ein Datum …",
        too_long="Die Frage hat {length} Zeichen; höchstens {limit} sind möglich. Kürzen Sie sie.",
        undated="ohne Datum",
        quotes=("„", "“"),
    ),
    "es": Phrases(
        one_article="Según «{title}» ({date}):",
        articles="Según {count} artículos:",
        on_day="Fecha entendida: {dates}.",
        since="Período entendido, desde: {dates}.",
        before="Período entendido, antes de: {dates}.",
        until="Período entendido, hasta: {dates}.",
        year="En {year}",
        not_said="Los artículos no responden a esta pregunta.",
        missing="Los artículos no lo dicen: nada sobre {words}.",
        last_missing=" ni ",
        no_news="Ningún artículo responde para esta fecha: {dates}.",
        nearest_days="Días más cercanos de los que hablan los artículos: {days}.",
        nearest_article="Lo que más se acerca: «{title}» ({date}).",
        filtered_out="Ningún pasaje corresponde a estos filtros.",
        empty="Haga una pregunta: un nombre, un lugar, una fecha…",
        too_long="La pregunta tiene {length} caracteres; el máximo es {limit}. Acórtela.",
        undated="sin fecha",
        quotes=("«", "»"),
    ),
}

# In French a space goes before these, one that no line ends at.
_SPACE_BEFORE_WIDE = re.compile(r"(?<=«) | (?=[»:])")
_SPACE_BEFORE_NARROW = re.compile(r" (?=[;!?])")


def bind_french(text: str) -> str:
    """Return French text whose marks stay on the line of the word they belong to."""
    return _SPACE_BEFORE_NARROW.sub("\u202f", _SPACE_BEFORE_WIDE.sub("\u00a0", text))


def _bind_all(french: Phrases) -> Phrases:
    """Return phrases with the spaces of French."""
    bound: dict[str, Any] = {
        name: bind_french(said) if isinstance(said, str) else tuple(map(bind_french, said))
        for name, said in asdict(french).items()
    }
    return Phrases(**bound)


_BOUND_PHRASES = _PHRASES | {"fr": _bind_all(_PHRASES["fr"])}

ANSWER_LANGUAGES = tuple(_PHRASES)
"""The languages it can be said in, the most frequent first."""


def phrases(language: str) -> Phrases:
    """Return the phrases of a language, English where there are none."""
    return _BOUND_PHRASES[answer_language(language)]


def answer_language(language: str) -> str:
    """Return the language in which a question of `language` is answered."""
    return language if language in _PHRASES else "en"
