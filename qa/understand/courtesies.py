"""Words around a question that ask nothing: greetings, thanks, openings, corrections.

One table for the five languages: people thank in another language than they ask in. In the tables a
blank stands for any space, and lines are alternatives too.
"""

import re
from typing import NamedTuple

_GREETINGS = r"""
    bonjour|bonsoir|salut|coucou|au revoir|bonne (journée|soirée)
    merci( beaucoup| bien| d['’]avance)?|s['’]il (vous|te) pla[iî]t|svp|stp
    hello|hi|hey|good (morning|afternoon|evening)|goodbye|please|many thanks
    thank you( very much| so much)?|thanks( a lot| so much)?
    (xin )?chào( bạn| anh| chị)?|(xin )?c[aả]m ơn( bạn| anh| chị)?( rất)?( nhiều)?|tạm biệt|làm ơn
    hallo|guten (tag|morgen|abend)|danke( schön| sehr)?|vielen dank|bitte|tschüss|auf wiedersehen
    hola|buen[oa]s (días|tardes|noches)|(muchas |muchísimas )?gracias|por favor|adiós
"""
# these begin a question too ("Super Bowl", "Good Friday"), unless a pause follows
_ASSENTS = r"""
    d['’]accord|parfait|très bien|oui|super|génial|entendu|c['’]est noté
    ok|okay|great|perfect|good|very good|nice|yes|no|bye|cheers|got it|i see
    vâng|dạ|tốt( lắm)?|được rồi|hiểu rồi|alles klar|gut|sehr gut|ja|prima|verstanden
    vale|sí|perfecto|de acuerdo|estupendo|muy bien|non|nein|không|no
"""
_DENIALS = "non|no|nein|không|pardon|sorry|désolée?|perdón|entschuldigung|xin lỗi|oups|oops|plutôt"
_INTENTS = r"""
    je (voulais|veux) (dire|parler)|je (parlais|parle)|je pensais|en fait|plutôt
    i (meant|mean)|i was (talking|asking|thinking)|actually|rather
    (ý )?(tôi|mình|em) (muốn nói|muốn hỏi|hỏi)( là| về)?|ý (tôi|mình|em) là
    ich (meine?|meinte|wollte sagen)|eigentlich|quería decir|quise decir|quiero decir|me refer(ía|í)
"""
_OPENINGS = r"""
    et|mais|ou(?! (est|sont|se|a|ont|était|vit)\b)|sinon|alors|puis|donc
    and|but|or|so(?! much| many| far)|then
    thế còn|còn|và|vậy|und|aber|oder|dann
    y(?!( |-)a\b)|e|pero|o|entonces
"""
_ABOUTS = r"""
    what about|how about|qu['’]en est-il|quid|was ist mit|wie steht es mit|wie sieht es aus mit
    qué hay de|qué tal|qué pasa con
"""
_NARROWINGS = r"""
    only|just|uniquement|seulement|juste|nur|bloß|sólo|solo|solamente|únicamente|chỉ|riêng
"""


def _one_of(words: str) -> str:
    """Return a pattern for a phrase of a table."""
    lines = (line.strip() for line in words.strip().splitlines())
    return f"(?:{'|'.join(lines)})(?!\\w)".replace(" ", r"\s+")


def _leading(words: str, end: str = "") -> re.Pattern[str]:
    """Return a pattern for a phrase of a table at the beginning, with the marks around it."""
    return re.compile(rf"[\W_]*{_one_of(words)}{end}[\s,;:.!…–-]*", re.IGNORECASE)


_PAUSE = rf"(?=\s*(?:[,;:.!…–-]|$|{_one_of(_GREETINGS)}))"
_GREETING, _ASSENT = _leading(_GREETINGS), _leading(_ASSENTS, _PAUSE)
_DENIAL, _INTENT = _leading(_DENIALS, _PAUSE), _leading(_INTENTS)
_OPENING, _ABOUT, _NARROWING = map(_leading, (_OPENINGS, _ABOUTS, _NARROWINGS))

# "còn Hà Nội thì sao?" is how Vietnamese says "what about Hanoi?"
_SO_WHAT = re.compile(r"\s+thì\s+sao\W*$", re.IGNORECASE)
_NOT_THIS = re.compile(r"(?:pas|not|nicht|no|không phải)\s[^,;]+[,;]\s*", re.IGNORECASE)


class Bare(NamedTuple):
    """A message without the words around it, and what they say.

    Attributes:
        text: what is left.
        opens: it goes on from something ("and", "what about").
        points: it names another thing to ask the same of ("what about").
        corrects: it puts something right ("no, I meant").
        narrows: it asks for a part ("only").
    """

    text: str
    opens: bool = False
    points: bool = False
    corrects: bool = False
    narrows: bool = False


def without_courtesies(message: str) -> str:
    """Return a message without the greetings and thanks before it: nothing, if it is all thanks."""
    rest, _ = _strip(message, _GREETING)
    while rest != (shorter := _strip(_strip(rest, _ASSENT)[0], _GREETING)[0]):
        rest = shorter
    return rest if any(character.isalnum() for character in rest) else ""


def bare(message: str) -> Bare:
    """Take the words off a message that only tie it to what was said before."""
    text, _ = _strip(message, _GREETING)
    text, denies = _strip(text, _DENIAL)
    text, means = _strip(text, _INTENT)
    if denies or means:
        text = _NOT_THIS.sub("", text, count=1)
    if not denies:
        text = without_courtesies(text)
    text, opens = _strip(text, _OPENING)
    text, points = _strip(text, _ABOUT)
    text, narrows = _strip(text, _NARROWING)
    so_what = _SO_WHAT.search(text)
    text = text[: so_what.start()] if so_what is not None else text
    points = points or so_what is not None
    return Bare(text, opens or points, points, denies or means, narrows)


def _strip(text: str, leading: re.Pattern[str]) -> tuple[str, bool]:
    """Return `text` without the phrase it begins with, and whether there was one."""
    match = leading.match(text)
    return (text[match.end() :], True) if match is not None else (text, False)
