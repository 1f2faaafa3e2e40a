"""Which language a text or a question is written in, as an ISO 639-1 code.

A byte model (py3langid) scores 140 languages. It is sure about articles and unsure about short
questions, where it answers Latin or Luxembourgish for French or German; so a prior for the
languages that news folders are written in, and function words, join its evidence. All three are
added as natural logarithms: on an article the model outweighs the rest a hundred to one.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

DEFAULT_LANGUAGE = "fr"
"""What an undecidable text ("12/05/2025", "?") counts as, unless `candidates` says otherwise."""

# The model reads byte by byte; more than this changed none of 14,801 decisions on articles.
_MAX_CHARS = 1000

# Of a letter or two ("le") the model says -3.4e38 for every language; a prior would be lost in it.
_NO_EVIDENCE = -1e6

# Nats, for the languages named below. Tried on 16,855 public questions: from 12 and 6 on, each set
# of French, English, Vietnamese, German and Spanish is over 99.6 %; higher values gain nothing.
_MAIN_LANGUAGES = ("fr", "en", "vi", "de", "es")
_MAIN_PRIOR = 12.0
_COMMON_LANGUAGES = """ar bg ca cs da el fa fi he hi hr hu id it ja ko nl no pl pt ro ru sk sr sv
    th tr uk zh"""
_COMMON_PRIOR = 6.0
_PRIOR = {
    **dict.fromkeys(_COMMON_LANGUAGES.split(), _COMMON_PRIOR),
    **dict.fromkeys(_MAIN_LANGUAGES, _MAIN_PRIOR),
}

# One function word decides a question of two words ("et Minsk ?"), where names mislead the model.
_FUNCTION_WORD_WEIGHT = 8.0
_MAX_FUNCTION_WORDS = 12  # a short text is decided by then; a long one by the model

_FUNCTION_WORDS = {
    "fr": """et ou où qui que quoi quel quelle quels quelles quand comment pourquoi combien est
        sont était a ont le la les un une des du de au aux en dans sur pour par avec il elle ils
        elles lui leur ce cette ces cela ça après avant depuis plus merci bonjour""",
    "en": """and or who whom whose what which when where why how is are was were did does do has
        have had the a an of in on at to for from by with he she they him her it its this that
        these those about after before since more thanks hello""",
    "vi": """và hay ai gì nào đâu khi sao tại bao nhiêu là của ở trong trên cho với từ đã đang sẽ
        có không được những các một này đó ông bà họ sau trước còn ngày tháng năm về thế nào""",
    "de": """und oder wer wen wem wessen was welche welcher welches wann wo warum wieso wie ist
        sind war waren hat haben der die das den dem des ein eine einen einem in im am auf für von
        vom mit zu zum zur er sie es ihm ihr dieser diese nach vor seit mehr danke hallo""",
    "es": """y o quién quien quiénes qué que cuál cuáles cuándo cuando dónde donde cómo como por
        para cuánto cuántos cuántas es son era fue ha han el la los las un una de del en al a con
        él ella ellos su sus este esta eso después antes desde más gracias hola""",
}
_LANGUAGES_OF_WORD: dict[str, list[str]] = {}
for _language, _words in _FUNCTION_WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF_WORD.setdefault(_word, []).append(_language)

_WORD = re.compile(r"[^\W\d_]+")

# What ends the first of several languages, or what is said of a region behind its name.
_LIST_SIGNS = re.compile(r"[,;|/(]")
_TAG_SIGNS = re.compile(r"[-_.@:]")
_MAX_NAME_CHARS = 100


def detect_language(text: str, *, candidates: Sequence[str] | None = None) -> str:
    """Return the ISO 639-1 code of the language of `text`.

    Args:
        text: an article or a question; only its beginning is read.
        candidates: the only codes to choose from, the default first; None for all.

    Returns:
        The code; for a text without letters the first candidate, else `DEFAULT_LANGUAGE`.
    """
    default = candidates[0] if candidates else DEFAULT_LANGUAGE
    text = text[:_MAX_CHARS]
    if _WORD.search(text) is None:
        return default
    scores = _model_scores(text)
    for language, weight in _function_word_scores(text).items():
        scores[language] += weight
    allowed = [code for code in scores if not candidates or code in candidates]
    return max(
        allowed,
        key=lambda code: (scores[code] + _PRIOR.get(code, 0.0), code == default),
        default=default,
    )


def _model_scores(text: str) -> dict[str, float]:
    """Return the log-likelihood of each language that has a two-letter code."""
    from index.byte_model import rank  # loads numpy: only when something is detected

    return {code: max(score, _NO_EVIDENCE) for code, score in rank(text) if len(code) == 2}


def _function_word_scores(text: str) -> dict[str, float]:
    """Return, for each language, the weight of its function words at the beginning of `text`."""
    weights: dict[str, float] = {}
    found = 0
    for match in _WORD.finditer(text.lower()):
        languages = _LANGUAGES_OF_WORD.get(match[0], [])
        for language in languages:
            weights[language] = weights.get(language, 0.0) + _FUNCTION_WORD_WEIGHT
        found += bool(languages)
        if found == _MAX_FUNCTION_WORDS:
            break
    return weights


def language_code(name: str) -> str | None:
    """Return the ISO 639-1 code that `name` declares, or None.

    It may be a code of two or three letters ("fr", "fra", "fre"), one with a region ("fr-CA",
    "fr_FR.UTF-8"), or a name in one of the main languages ("Français", "French (France)"); of a
    list the first counts.
    """
    first = _LIST_SIGNS.split(name.strip()[:_MAX_NAME_CHARS], maxsplit=1)[0]
    plain = _plain(first)
    primary = _TAG_SIGNS.split(plain, maxsplit=1)[0]
    codes = _codes_by_name()
    return codes.get(plain) or (codes.get(primary) if len(primary) in (2, 3) else None)


def _plain(name: str) -> str:
    """Return the name of a language in small letters without accents."""
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(sign for sign in letters if not unicodedata.combining(sign)).strip()


@cache
def _codes_by_name() -> dict[str, str]:
    """Return the two-letter codes by themselves, by others, and by names in the main languages."""
    from babel import Locale
    from babel.core import get_global

    known: list[Mapping[str, str]] = [Locale(language).languages for language in _MAIN_LANGUAGES]
    codes = {tag: tag for names in known for tag in names if len(tag) == 2}
    aliases: Mapping[str, str] = get_global("language_aliases")
    for other, name in aliases.items():
        code = name.partition("_")[0]
        if len(code) == 2:
            codes.setdefault(other.casefold(), code)
    for names in known:
        for tag, name in names.items():  # "fr_CA" is "français canadien"
            code = tag.partition("_")[0]
            if len(code) == 2:
                codes.setdefault(_plain(name), code)
    return codes
