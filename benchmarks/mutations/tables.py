"""The words that sentences are altered by, a set for each language."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
"""What is looked for, and what takes its place."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the sentences of one language are altered by.

    Attributes:
        numbers: numbers in words, of which one takes the place of another.
        months: names of months, in order.
        weekdays: names of weekdays, in order.
        deny: rules that put a negation in.
        affirm: rules that take one out.
    """

    numbers: tuple[str, ...]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    deny: tuple[Rule, ...]
    affirm: tuple[Rule, ...]


def _rules(*rules: tuple[str, str | Callable[[re.Match[str]], str]]) -> tuple[Rule, ...]:
    """Compile rules."""
    return tuple((re.compile(pattern), put) for pattern, put in rules)


def _refuse_in_french(match: re.Match[str]) -> str:
    """Put "ne" and "pas" around a French verb and the pronoun before it."""
    group = f"{match[1] or ''}{match[2]}"
    return f"{'n’' if group[0] in 'aeéyh' else 'ne '}{group} pas"


def _with(match: re.Match[str]) -> str:
    """Put "avec" where "sans" stood."""
    return "Avec" if match[1] == "S" else "avec"


_FRENCH_VERBS = (
    "est|sont|était|étaient|a|ont|avait|avaient|sera|seront|aura|auront|peut|peuvent|doit|doivent"
    "|va|vont|serait|seraient|aurait|auraient|pourrait|devrait|reste|semble|permet|veut|affirme"
)

_FRENCH = Words(
    numbers=(
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "dix",
        "onze",
        "douze",
        "treize",
        "quatorze",
        "quinze",
        "seize",
        "vingt",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
    ),
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    deny=_rules(
        (
            rf"(?<![-’'\w])(?<!ne )(?<!ne l)(?<! y )(s’|s'|l’|l'|se |lui |leur )?"
            rf"\b({_FRENCH_VERBS})\b"
            r"(?! (?:pas|plus|jamais|aucun|rien|ni|personne|-t-)\b)(?!-)",
            _refuse_in_french,
        ),
    ),
    affirm=_rules(
        (
            r"\b(?:ne |n[’'])((?:[slmt]’|[slmt]'|se |le |la |les |lui |leur |y |en )?[\w-]+) "
            r"(?:pas|plus|jamais)\b(?! seulement)",
            r"\1",
        ),
        (r"\b([Ss])ans\b(?! (?:aucun|cesse|doute))", _with),
    ),
)

_ENGLISH = Words(
    numbers=(
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
    ),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    deny=_rules(
        (
            r"\b(is|are|was|were|has|have|had|will|would|could|should|must)\b"
            r"(?! (?:not|never|no|nothing|to)\b)(?![’'])",
            r"\1 not",
        ),
        (r"\bcan\b(?! not)(?![’'])", "cannot"),
        (r"\b(?:said|says) (?=that|the|it|he|she|they|in|on)", "did not say "),
        (r"\bwants? to\b", "does not want to"),
        (r"\btold\b", "did not tell"),
    ),
    affirm=_rules(
        (
            r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should|must)(?:n[’']t| not)\b"
            r"(?! only)",
            r"\1",
        ),
        (r"\b(?:cannot|can[’']t)\b", "can"),
        (r"\bwon[’']t\b", "will"),
        (r"\bwill not\b", "will"),
        (r"\bnot (?!only|just)(?=\w)", ""),
        (r"\bnever (?=\w)", ""),
        (r"\bno longer\b", "still"),
        (r"\b([Ww])ithout\b(?! (?:fail|doubt))", r"\1ith"),
        (r"\b(?:[Nn]obody|[Nn]o one)\b", "Somebody"),
        (r"\bnothing\b", "something"),
        (r"\b([Nn])one of\b", "All of"),
    ),
)

_VIETNAMESE = Words(
    numbers=("hai", "ba", "bốn", "sáu", "bảy", "tám", "chín", "mười"),
    months=tuple(f"tháng {number}" for number in range(1, 13)),
    weekdays=("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"),
    deny=_rules(
        (
            r"(?<!không phải )(?<!chưa phải )(?<!hay )(?<!hoặc )(?<!tức )\blà\b(?! không)",
            "không phải là",
        ),
        (r"\b(đã|sẽ)\b(?! (?:không|chưa))", r"\1 không"),
        (r"(?<!không )\bcó thể\b(?! không)", "không thể"),
        (r"(?<!không )\b(muốn|cần)\b", r"không \1"),
    ),
    affirm=_rules(
        (r"\bkhông phải là\b", "là"),
        (r"\bkhông thể\b", "có thể"),
        (r"\bchưa từng\b", "đã từng"),
        (r"\bchưa\b", "đã"),
        (r"(?<!hàng )(?<!hay )\bkhông (?!gian|khí|quân|chỉ|những|lực|phận)(?=\w)", ""),
    ),
)

_GERMAN_VERBS = (
    "ist|sind|war|waren|hat|haben|hatte|hatten|wird|werden|wurde|wurden|kann|können|konnte|konnten"
    "|soll|sollen|sollte|muss|müssen|musste|will|wollen|darf|würde|sei|könnte|sagte"
)

_GERMAN = Words(
    numbers=(
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "dreizehn",
        "vierzehn",
        "fünfzehn",
        "sechzehn",
        "zwanzig",
        "dreißig",
        "vierzig",
        "fünfzig",
        "sechzig",
    ),
    months=(
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    deny=_rules(
        (rf"\b({_GERMAN_VERBS})\b(?! (?:nicht|nie|kein|niemand))(?! *[,.;:!?])", r"\1 nicht"),
        (rf"(?<!nicht )\b({_GERMAN_VERBS})\b(?=[,.;])", r"nicht \1"),
    ),
    affirm=_rules(
        (r"\bnicht (?!nur|zuletzt|bloß|allein)(?=\w)", ""),
        (r"\b([Kk])ein(e[nmrs]?)?\b", r"ein\2"),
        (r"\b[Nn]ie(?:mals)?\b", "immer"),
        (r"\bohne\b(?! (?:Zweifel|Frage))", "mit"),
        (r"\bnichts\b", "etwas"),
        (r"\b[Nn]iemand(?:e[nm])?\b", "jemand"),
    ),
)

_SPANISH_VERBS = (
    "es|son|era|eran|fue|fueron|está|están|estaba|estaban|ha|han|había|habían|será|serán|puede"
    "|pueden|podría|debe|deben|tiene|tienen|va|van|sería|quiere|dijo|hizo|tenía"
)

_SPANISH = Words(
    numbers=(
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "dieciséis",
        "veinte",
        "treinta",
        "cuarenta",
        "cincuenta",
        "sesenta",
    ),
    months=(
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    deny=_rules(
        (
            r"(?<!\bno )(?<!\bni )(?<!\bnunca )(?<!\bnada )(?<!\bnadie )(?<!\bno se )(?<!\bno lo )"
            rf"\b(?:(?:se|lo|le|les) (?={_SPANISH_VERBS}\b)|(?<!\bse )(?<!\blo )(?<!\bla )"
            rf"(?<!\ble )(?<!\bles )(?<!\blos )(?<!\blas ))(?:{_SPANISH_VERBS})\b",
            lambda match: f"no {match[0]}",
        ),
    ),
    affirm=_rules(
        (
            r"\bno (?!solo|sólo|solamente|obstante)(?=\w)"
            r"(?![^,.;:]*\b(?:nada|nadie|nunca|jamás|ning\w+|ni)\b)",
            "",
        ),
        (r"\bsin\b(?! (?:embargo|duda))", "con"),
        (r"\bnunca\b(?! más)", "siempre"),
        (r"\bnadie\b", "alguien"),
    ),
)

WORDS = {"fr": _FRENCH, "en": _ENGLISH, "vi": _VIETNAMESE, "de": _GERMAN, "es": _SPANISH}
