"""Find the date expressions of a text: cut, match, resolve, keep the longest."""

from collections.abc import Iterator, Sequence
from functools import partial

from index.dates.grammar import rules
from index.dates.kinds import Token
from index.dates.reading import SAME_DAY, Outcome, Reading
from index.dates.resolve import resolve
from index.dates.scan import Lexeme, plain, scan
from index.dates.tokens import read_tokens
from index.dates.vocabulary import LANGUAGES, is_known, vocabulary
from index.types import DateMention, DateRange

_Candidate = tuple[int, int, Outcome]

# ten times a long article; the tokens of a text take a thousand times its memory
_WINDOW_CHARS = 200_000

# words that dates may hold, numbers and marks: a novel of 650,000 characters has as many
_MAX_LEXEMES = 100_000


def find_dates(
    text: str, *, language: str | None = None, anchor: DateRange | None = None
) -> list[DateMention]:
    """Find the date expressions of `text`, in order and never overlapping.

    A text is read as far as articles go: 650,000 characters of prose, fewer of numbers or marks.

    Args:
        text: any text; spans point into it as given.
        language: ISO 639-1 code; French, English, German, Spanish and Vietnamese when not known.
        anchor: what "12 May", "Monday" and "last year" are counted from: the period in which the
            text was published, or the day a question is asked.
    """
    found: list[_Candidate] = []
    left = _MAX_LEXEMES
    languages = _languages(language)
    for offset, part in _windows(text):
        lexemes = scan(part, partial(is_known, languages))[:left]
        left -= len(lexemes)
        for start, end, outcome in _find_in(part, lexemes, language, anchor):
            found.append((offset + start, offset + end, outcome))
        if not left:
            break
    return _mentions(found, anchor)


def _windows(text: str) -> Iterator[tuple[int, str]]:
    """Yield `text` in parts with their offsets: an article whole, a larger text cut at its gaps."""
    start = 0
    while len(text) - start > _WINDOW_CHARS:
        most = start + _WINDOW_CHARS
        cuts = (text.rfind(gap, start + _WINDOW_CHARS // 2, most) for gap in ("\n\n", "\n", " "))
        end = next((cut + 1 for cut in cuts if cut > 0), most)
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _find_in(
    text: str, lexemes: Sequence[Lexeme], language: str | None, anchor: DateRange | None
) -> list[_Candidate]:
    """Return the longest expressions of one part, in order."""
    languages = _languages(language)
    spoken = languages[:1] if language else _spoken(lexemes)
    candidates: list[_Candidate] = []
    for code in languages:
        if not spoken or code in spoken or _names_month(lexemes, code):
            candidates.extend(_candidates(text, lexemes, code, code not in spoken, anchor))
    return _longest(candidates, len(text))


def _languages(language: str | None) -> tuple[str, ...]:
    """Return the languages whose words to look up, the text's own first."""
    if language is None:
        return LANGUAGES
    code = language.lower().replace("_", "-").split("-")[0]
    return code, *(other for other in ("fr", "en") if other != code)


def _spoken(lexemes: Sequence[Lexeme]) -> set[str]:
    """Return the languages that a text may be in: those that know nearly as many of its words."""
    words = {lexeme.text for lexeme in lexemes if lexeme.sort == "word" and len(lexeme.text) > 1}
    if not words:
        return set(LANGUAGES)
    known = {code: sum(is_known((code,), word) for word in words) for code in LANGUAGES}
    most = max(known.values())
    return {code for code, count in known.items() if count >= max(1, 0.8 * most)}


def _names_month(lexemes: Sequence[Lexeme], language: str) -> bool:
    """Whether a month is named in a language that the text is not in: its only use there."""
    months = vocabulary(language).months
    return any(plain(word) in months for word in {lexeme.text for lexeme in lexemes})


def _candidates(
    text: str,
    lexemes: Sequence[Lexeme],
    language: str,
    sure_only: bool,
    anchor: DateRange | None,
) -> Iterator[_Candidate]:
    """Yield every expression that a rule matches, overlapping ones too."""
    tokens = read_tokens(lexemes, vocabulary(language))
    kinds = "".join([token.kind for token in tokens])
    present = set(kinds)
    for rule in rules():
        if (sure_only and not rule.sure) or rule.core.isdisjoint(present):
            continue
        for match in rule.pattern.finditer(kinds):
            groups = {
                name.rstrip("_"): tokens[match.start(name)]
                for name, found in match.groupdict().items()
                if found
            }
            reading = Reading(groups, tokens, match.start(), match.end(), language, anchor, text)
            outcome = resolve(rule.name, reading)
            if outcome is not None:
                yield *_span(tokens, match.start(), match.end()), outcome


def _span(tokens: Sequence[Token], first: int, end: int) -> tuple[int, int]:
    """Return the characters from one token to another, without marks at the end."""
    while end - 1 > first and tokens[end - 1].kind in ".,-/(":
        end -= 1
    return tokens[first].start, tokens[end - 1].end


def _longest(candidates: list[_Candidate], length: int) -> list[_Candidate]:
    """Keep the longest candidates that do not overlap, the first found where equally long."""
    kept: list[_Candidate] = []
    taken = bytearray(length)
    for candidate in sorted(candidates, key=lambda found: found[0] - found[1]):
        start, end, _ = candidate
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\x01" * (end - start)
            kept.append(candidate)
    return sorted(kept, key=lambda found: found[0])


def _mentions(candidates: list[_Candidate], anchor: DateRange | None) -> list[DateMention]:
    """Turn what was kept into mentions; "the same day" is the day named before it."""
    mentions: list[DateMention] = []
    latest = anchor if anchor is not None and anchor.precision == "day" else None
    for start, end, outcome in candidates:
        days = latest if outcome is SAME_DAY else outcome.days
        if days is None and outcome.yearless is None:
            continue
        mentions.append(DateMention(start, end, days, outcome.yearless, outcome.weekday))
        if days is not None and days.precision == "day":
            latest = days
    return mentions
