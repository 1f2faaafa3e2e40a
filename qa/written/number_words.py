"""Numbers in words, in the languages of answers and articles. Data of `qa/written/numbers.py`.

Of each language: the words below a hundred, what multiplies them, and what only joins them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The number words of one language.

    Attributes:
        small: numbers below a hundred, ordinals among them.
        large: what multiplies what stands before it.
        joins: what may stand inside a number.
        vague: no exact number: "dozens".
        hidden: numbers in other words: "both", "twice". They support a number, and are never
            looked for themselves.
        unsure: may be no number, alone: "one", "second".
    """

    small: dict[str, int]
    large: dict[str, int]
    joins: frozenset[str]
    vague: frozenset[str]
    hidden: dict[str, tuple[int, ...]]
    unsure: frozenset[str]


def _table(text: str) -> dict[str, int]:
    """Read "word word 5; word 6"."""
    entries = (entry.split() for entry in text.split(";"))
    return {word: int(entry[-1]) for entry in entries for word in entry[:-1]}


def _set(text: str) -> frozenset[str]:
    """Read words between blanks."""
    return frozenset(text.split())


_FRENCH = Words(
    small=_table(
        """zéro 0; un une unième premier première 1; deux deuxième second seconde 2;
        trois troisième tiers 3; quatre quatrième quart 4; cinq cinquième 5; six sixième 6;
        sept septième 7; huit huitième 8; neuf neuvième 9; dix dixième dizaine 10;
        onze onzième 11; douze douzième douzaine 12; treize treizième 13;
        quatorze quatorzième 14; quinze quinzième quinzaine 15; seize seizième 16;
        vingt vingts vingtième vingtaine 20; trente trentième trentaine 30;
        quarante quarantième quarantaine 40; cinquante cinquantième cinquantaine 50;
        soixante soixantième soixantaine 60; septante 70; huitante octante 80; nonante 90"""
    ),
    large=_table(
        """cent cents centième centaine 100; mille millième millier milliers 1000;
        million millions 1000000; milliard milliards 1000000000; billion billions 1000000000000"""
    ),
    joins=frozenset(["et"]),
    vague=frozenset(["dizaines", "centaines", "milliers", "millions", "milliards", "douzaines"]),
    hidden={
        "demi": (2, 50), "demie": (2, 50), "moitié": (2, 50), "double": (2,), "doublé": (2,),
        "doubler": (2,), "doublement": (2,), "triple": (3,), "triplé": (3,), "tripler": (3,),
        "quadruple": (4,), "bicentenaire": (200,), "centenaire": (100,), "décennie": (10,),
        "siècle": (100,), "paire": (2,), "couple": (2,), "duo": (2,), "trio": (3,), "jumeaux": (2,),
        "seul": (1,), "seule": (1,), "unique": (1,), "minuit": (0, 24, 12), "midi": (12,),
        "trimestre": (3,), "semestre": (6,), "ambidextre": (2,),
    },
    unsure=frozenset(
        ["un", "une", "unième", "premier", "première", "second", "seconde", "quart", "quarantaine"]
    ),
)  # fmt: skip

_ENGLISH = Words(
    small=_table(
        """zero nil 0; one first 1; two second 2; three third 3; four fourth quarter 4;
        five fifth 5; six sixth 6; seven seventh 7; eight eighth 8; nine ninth 9; ten tenth 10;
        eleven eleventh 11; twelve twelfth dozen 12; thirteen thirteenth 13;
        fourteen fourteenth 14; fifteen fifteenth 15; sixteen sixteenth 16;
        seventeen seventeenth 17; eighteen eighteenth 18; nineteen nineteenth 19;
        twenty twentieth 20; thirty thirtieth 30; forty fourty fortieth 40; fifty fiftieth 50;
        sixty sixtieth 60; seventy seventieth 70; eighty eightieth 80; ninety ninetieth 90"""
    ),
    large=_table(
        """hundred hundredth 100; thousand thousandth 1000; million millions 1000000;
        billion billions bn 1000000000; trillion trillions 1000000000000"""
    ),
    joins=frozenset(["and"]),
    vague=frozenset(["dozens", "hundreds", "thousands", "millions", "billions"]),
    hidden={
        "half": (2, 50), "halves": (2, 50), "both": (2,), "twice": (2,), "double": (2,),
        "doubled": (2,), "doubles": (2,), "doubling": (2,), "twofold": (2,), "thrice": (3,),
        "triple": (3,), "tripled": (3,), "treble": (3,), "thirds": (3,), "quarters": (4,),
        "quadruple": (4,), "decade": (10,), "century": (100,), "pair": (2,), "couple": (2,),
        "duo": (2,), "trio": (3,), "twin": (2,), "twins": (2,), "once": (1,), "single": (1,),
        "sole": (1,), "only": (1,), "midnight": (0, 24, 12), "noon": (12,), "fortnight": (14, 15),
        "score": (20,), "quartet": (4,), "either": (2,),
    },
    unsure=frozenset(
        ["one", "first", "second", "quarter", "nil", "fourth"]
    ),
)  # fmt: skip

_VIETNAMESE = Words(
    small=_table(
        """một mốt nhất 1; hai nhì đôi 2; ba 3; bốn tư 4; năm lăm nhăm 5; sáu 6; bảy bẩy 7;
        tám 8; chín 9; mười tá 10"""
    ),
    large=_table(
        """mươi chục 10; trăm 100; nghìn ngàn 1000; vạn 10000; triệu 1000000;
        tỷ tỉ 1000000000"""
    ),
    joins=frozenset(["linh", "lẻ"]),
    vague=frozenset(["hàng", "vài", "mấy"]),
    hidden={
        "nửa": (2, 50), "rưỡi": (2, 50), "cặp": (2,), "kép": (2,), "gấp": (2,), "thập": (10,),
        "thế": (100,), "duy": (1,), "cả": (2,), "song": (2,), "đầu": (1,), "trưa": (12,),
    },
    unsure=frozenset(
        ["một", "mốt", "nhất", "nhì", "hai", "năm", "tư", "đôi", "tá", "lăm", "nhăm", "chục", "vạn"]
    ),
)  # fmt: skip

_GERMAN_UNITS = ["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
_GERMAN_TENS = {
    "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60,
    "siebzig": 70, "achtzig": 80, "neunzig": 90,
}  # fmt: skip
_GERMAN_PLAIN = (
    _table(
        """null 0; zwei zwo 2; drei 3; vier 4; fünf 5; sechs 6; sieben 7; acht 8; neun 9; zehn 10;
    elf 11; zwölf 12; dreizehn 13; vierzehn 14; fünfzehn 15; sechzehn 16; siebzehn 17; achtzehn 18;
    neunzehn 19"""
    )
    | _GERMAN_TENS
)
_GERMAN_JOINED = {
    f"{unit}und{word}": tens + value
    for word, tens in _GERMAN_TENS.items()
    for value, unit in enumerate(_GERMAN_UNITS, start=1)
}
_GERMAN_COUNTED = _GERMAN_PLAIN | _GERMAN_JOINED
# "dritte", "vierten", "zwanzigster"
_GERMAN_ORDINALS = {
    f"{root}{ending}": value
    for root, value in [
        *((f"{word}{'t' if n < 20 else 'st'}", n) for word, n in _GERMAN_COUNTED.items()),
        ("erst", 1), ("dritt", 3), ("siebt", 7), ("acht", 8),
    ]
    for ending in ("e", "en", "er", "es", "em")
}  # fmt: skip

_GERMAN = Words(
    small=_GERMAN_ORDINALS
    | _GERMAN_COUNTED
    | _table("eins ein eine einen einem einer eines 1; viertel 4; drittel 3; dutzend 12"),
    large=_table(
        """hundert 100; tausend 1000; million millionen 1000000; milliarde milliarden 1000000000;
        billion billionen 1000000000000"""
    ),
    joins=frozenset(["und"]),
    vague=_set(
        """mehrere mehreren mehrerer einige einigen paar viele vielen jahr zig millionen milliarden
        billionen dutzende hunderte tausende"""
    ),
    hidden={
        "halb": (2, 50), "halbe": (2, 50), "halben": (2, 50), "halber": (2, 50), "halbes": (2, 50),
        "hälfte": (2, 50), "anderthalb": (1, 2), "eineinhalb": (1, 2), "beide": (2,),
        "beiden": (2,), "beider": (2,), "beides": (2,), "doppelt": (2,), "doppelte": (2,),
        "doppelten": (2,), "verdoppelt": (2,), "verdoppeln": (2,), "verdoppelte": (2,),
        "verdreifacht": (3,), "dreifach": (3,), "zweimal": (2,), "dreimal": (3,), "viermal": (4,),
        "einmal": (1,), "jahrzehnt": (10,), "jahrzehnte": (10,), "jahrzehnten": (10,),
        "jahrhundert": (100,), "jahrhunderts": (100,), "paar": (2,), "duo": (2,), "trio": (3,),
        "zwillinge": (2,), "mitternacht": (0, 24, 12), "mittag": (12,), "einzige": (1,),
        "einzigen": (1,), "einziger": (1,), "einziges": (1,), "quartal": (3,),
    },
    unsure=_set(
        """eins ein eine einen einem einer eines erste ersten erster erstes erstem viertel drittel
        achte achten"""
    ),
)  # fmt: skip

_SPANISH = Words(
    small=_table(
        """cero 0; un uno una primer primero primera 1; dos segundo segunda 2;
        tres tercer tercero tercera tercio 3; cuatro cuarto cuarta 4; cinco quinto quinta 5;
        seis sexto sexta 6; siete séptimo séptima 7; ocho octavo octava 8;
        nueve noveno novena 9; diez décimo décima decena 10; once undécimo 11;
        doce duodécimo docena 12; trece 13; catorce 14; quince quincena 15; dieciséis 16;
        diecisiete 17; dieciocho 18; diecinueve 19; veinte veintena 20;
        veintiún veintiuno veintiuna 21; veintidós 22; veintitrés 23; veinticuatro 24;
        veinticinco 25; veintiséis 26; veintisiete 27; veintiocho 28; veintinueve 29; treinta 30;
        cuarenta 40; cincuenta 50; sesenta 60; setenta 70; ochenta 80; noventa 90;
        doscientos doscientas 200; trescientos trescientas 300; cuatrocientos cuatrocientas 400;
        quinientos quinientas 500; seiscientos seiscientas 600; setecientos setecientas 700;
        ochocientos ochocientas 800; novecientos novecientas 900"""
    ),
    large=_table(
        """cien ciento centenar 100; mil millar 1000; millón millones 1000000;
        billón billones 1000000000000"""
    ),
    joins=frozenset(["y"]),
    vague=_set(
        """varios varias unos unas algunos algunas pocos pocas muchos muchas decenas docenas
        centenares cientos miles millares millones billones"""
    ),
    hidden={
        "medio": (2, 50), "media": (2, 50), "mitad": (2, 50), "ambos": (2,), "ambas": (2,),
        "doble": (2,), "duplicado": (2,), "duplicó": (2,), "duplicar": (2,), "triple": (3,),
        "triplicado": (3,), "década": (10,), "décadas": (10,), "siglo": (100,), "par": (2,),
        "pareja": (2,), "dúo": (2,), "trío": (3,), "gemelos": (2,), "gemelas": (2,),
        "único": (1,), "única": (1,), "solo": (1,), "sola": (1,), "medianoche": (0, 24, 12),
        "mediodía": (12,), "trimestre": (3,), "semestre": (6,),
    },
    unsure=_set(
        """un uno una primer primero primera segundo segunda cuarto cuarta décima quinta sexto
        tercio novena"""
    ),
)  # fmt: skip

WORDS = {"fr": _FRENCH, "en": _ENGLISH, "vi": _VIETNAMESE, "de": _GERMAN, "es": _SPANISH}

# what stands behind digits: "5 million", "1,2 Md", "300k"
MULTIPLIERS = {
    "fr": r"(?P<m3>mille|milliers?)|(?P<m6>millions?)|(?P<m9>milliards?|Mds?)|(?P<m12>billions?)",
    "en": r"(?P<m3>thousand|[kK])|(?P<m6>millions?|mln|m)|(?P<m9>billions?|bn|b)"
    r"|(?P<m12>trillions?)",
    "vi": r"(?P<m2>trăm)|(?P<m12>nghìn\st[ỷỉ])|(?P<m3>nghìn|ngàn)|(?P<m6>triệu)|(?P<m9>t[ỷỉ])",
    "de": r"(?P<m3>[Tt]ausend)|(?P<m6>Millionen|Million|Mio)|(?P<m9>Milliarden?|Mrd)"
    r"|(?P<m12>Billionen|Billion)",
    "es": r"(?P<m9>mil\smillones)|(?P<m3>mil)|(?P<m6>mill[óo]n(?:es)?)|(?P<m12>bill[óo]n(?:es)?)",
}

PERCENT = r"%|pour[\s-]cents?|per\s?cent|phần trăm|percentage points?|Prozent\w*|por\s?ciento"

RANGE = {
    "fr": r"à|et|ou",
    "en": r"to|and|or",
    "vi": r"đến|tới|và|hoặc",
    "de": r"bis|und|oder",
    "es": r"a|y|o|e|u",
}

# languages in which "hundred" needs no "a" in front of it: "cent", "hundert", "mil"
ONE_HUNDRED = frozenset(["fr", "de", "es"])

# what long words of a language are cut at: "zweihundertdreißig"
CUT_AT = {"de": r"(?:hundert|tausend)(?!e[nr]?\b|st)"}
