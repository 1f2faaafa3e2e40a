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
        half_noon: what adds twelve to an hour.
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

WORDS = {"fr": _FRENCH, "en": _ENGLISH, "vi": _VIETNAMESE}

# what stands behind digits: "5 million", "1,2 Md", "300k"
MULTIPLIERS = {
    "fr": r"(?P<m3>mille|milliers?)|(?P<m6>millions?)|(?P<m9>milliards?|Mds?)|(?P<m12>billions?)",
    "en": r"(?P<m3>thousand|[kK])|(?P<m6>millions?|mln|m)|(?P<m9>billions?|bn|b)"
    r"|(?P<m12>trillions?)",
    "vi": r"(?P<m2>trăm)|(?P<m12>nghìn\st[ỷỉ])|(?P<m3>nghìn|ngàn)|(?P<m6>triệu)|(?P<m9>t[ỷỉ])",
}

PERCENT = r"%|pour[\s-]cents?|per\s?cent|phần trăm|percentage points?"

RANGE = {"fr": r"à|et|ou", "en": r"to|and|or", "vi": r"đến|tới|và|hoặc"}
