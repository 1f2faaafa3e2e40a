# ruff: noqa: E501, SIM905  what a hostile text is made of is easier to read on one line
"""Articles and questions made to hang whatever reads them, and what a browser may send."""

import json
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunk import split_article, split_text
from index.dates import find_dates, infer_published
from index.exact import articles_holding
from index.furniture import find_furniture
from index.language import detect_language
from index.metadata import describe
from index.readers import Declared, Extracted
from index.tokens import analyse
from index.types import Article, DateRange
from qa.links import article_link
from qa.sentences import quotable_sentences
from qa.settings import DEFAULT
from qa.understand import understand
from ui.claims import ClaimInvalid
from ui.file_names import MAX_NAME_BYTES, NameUnusable, clean_path
from ui.filters import FilterRefused, read_filters
from ui.kept import read_record
from ui.language import load_words
from ui.permalink import find_quote, read_places
from ui.shelve import NameTaken, OutsideCorpus, put

Attack = Callable[..., Any]

_HOSTILE = settings.get_profile("hostile")
_TODAY = date(2026, 5, 12)

# what dates, names, captions and sentences are made of, in the five languages and in others
_WORDS = (
    "12|1er|31|2025|1999|99|12/05|12/05/2025|2024-25|12.|1.5|'25|²|٣|𝟏𝟐|II|XXI|T1|Q4|5月12日|lundi|monday|"
    "mai|may|März|avr.|sept|tháng 5|ngày|le|du|au|de|of|the|from|to|between|entre|et|and|und|y|und|"
    "fin|début|mid|last|next|avant|après|since|depuis|jusqu'au|l'|d'|qu'|siècle|century|week-end|"
    "semaine|année|deux|vingt|cent|twenty|hundred|chaque|every|le même jour|(|)|[|«|»|“|\"|'|,|.|;|:|"
    "!|?|…|-|–|—|/|\\|@|#|*|_|`|<|>|&amp;|\n|\n\n|\t| |\u00a0|\u202f|\u2028|\x0b|\x00|\ufeff|\u200b|\u200d|"
    "\u202e|\u2066|\u0301|\u0327|\u0345|é|e\u0301|ß|İ|ﬁ|ﷺ|新华社|。|ประเทศ|العربية|עברית|हिन्दी|한국어|👨‍👩‍👧|🇫🇷|"
    "Photo :|Crédit :|VNA/CVN|(AFP)|Par|Jean Martin|Lire aussi :|©|>>|M.|É.-U.|Minsk|Tô Lâm|http://a"
).split("|")
_TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(_WORDS), max_size=80).map(" ".join),
    st.lists(st.sampled_from(_WORDS), max_size=80).map("".join),
    st.tuples(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3), st.integers(1, 200)).map(
        lambda pair: " ".join(pair[0]) * pair[1]
    ),
)
_LANGUAGES = st.sampled_from([None, "fr", "en", "vi", "de", "es", "zh", "th", "ar", "xx", ""])


def long_texts(length: int) -> dict[str, str]:
    """Return each word, and pairs of them, without end."""
    draw = random.Random(0)
    pairs = [draw.choice(_WORDS) + draw.choice(["", " "]) + draw.choice(_WORDS) for _ in range(60)]
    marks = "".join(draw.choices("\u0301\u0327\u0323\u0345\u05b0\u3099", k=length))
    texts = {repr(word): (word * (length // len(word))) for word in [*_WORDS, *pairs] if word}
    spaced = {f"{word!r} ": f"{word} " * (length // (len(word) + 1)) for word in _WORDS}
    words = " ".join(draw.choices(_WORDS, k=length // 5))
    return texts | spaced | {"marks": marks, "letter and marks": "e" + marks, "words": words}


def dates(text: str, language: str | None) -> None:
    found = find_dates(text, language=language or None, anchor=DateRange.day(_TODAY))
    assert all(0 <= mention.start < mention.end <= len(text) for mention in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    infer_published(text, language=language or None)


def chunks(text: str, language: str | None) -> None:
    spans = split_text(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(0 <= start < end <= len(text) for start, end in spans)
    article = Article("a.txt", text[:300] or "a", text, language=language or "fr")
    spans = split_article(article, lambda texts: [len(one.split()) for one in texts], 30)
    assert "".join(text[start:end] for start, end in spans) == text


def furniture(text: str, _language: str | None) -> None:
    spans = find_furniture(text)
    assert all(text[start:end].strip() for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def terms(text: str, language: str | None) -> None:
    assert all(analyse(text, language or "fr"))
    assert len(detect_language(text)) == 2


def sentences(text: str, language: str | None) -> None:
    spans = quotable_sentences(Article("a.txt", "a", text, language=language or "fr"))
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def metadata(text: str, language: str | None) -> None:
    if not text.strip():
        return
    fields = ("title", "date", "author", "source", "language", "url")
    declared = dict.fromkeys(fields, Declared(text[:300], "header"))
    for given_fields in ({}, declared, {"language": Declared(language or "", "header")}):
        article = describe("a/2025/b.txt", Extracted(text.strip(), given_fields))  # type: ignore[arg-type]
        assert article.title.strip()
        assert article.text in text
        assert article.url is None or article.url.lower().startswith("http")


def phrases(text: str, _language: str | None) -> None:
    articles = [Article("a.txt", "a", text), Article("b.txt", "b", "le 12 mai")]
    for phrase in (text[:300], text[-20:], "12 mai", "\u0301", ""):
        articles_holding(articles, phrase)
    word = next((word for word in text.split() if word.isascii() and word.isalnum()), None)
    assert word is None or articles_holding(articles, word)[0] or "\u0301" in text


def questions(text: str, _language: str | None) -> None:
    asked = text[: DEFAULT.max_question_chars]
    for history in ((), [(asked, text)] * 3, [("qui a signé l'accord ?", "")]):
        found = understand(asked, history, today=_TODAY)
        assert len(found.standalone) <= DEFAULT.max_question_chars
        found.standalone.encode()


_TARGETS = [dates, chunks, furniture, terms, sentences, metadata, questions]


@pytest.mark.parametrize("target", [*_TARGETS, phrases])
@settings(_HOSTILE)
@given(text=_TEXTS, language=_LANGUAGES)
def test_any_text_is_read(
    attack: Attack, target: Callable[..., None], text: str, language: str | None
) -> None:
    # a reader never lets half a character through; a browser may send one
    if target is not questions:
        text = text.encode(errors="replace").decode()
    attack(target.__name__, target, text, language)


@pytest.mark.parametrize("target", _TARGETS)
def test_no_text_takes_longer_than_its_length_tells(
    attack: Attack, length: int, share: int, target: Callable[..., None]
) -> None:
    is_asked = target is questions
    texts = long_texts(min(length, DEFAULT.max_question_chars) if is_asked else length)
    for text in list(texts.values())[:: -share * (1 + 4 * is_asked)]:
        attack(target.__name__, target, text, "fr")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from([2**64, -1, "a" * 70_000, "\ud800", "2025-05-12", "<script>", "../.."]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip
_FIELDS = (
    "id question standalone language dates filters grounded confidence text trouble emptied_by "
    "citations passages follow_ups after before sources languages words ignore"
).split()
_RECORDS = st.dictionaries(st.sampled_from(_FIELDS), _JSON) | _JSON


@settings(_HOSTILE)
@given(record=_RECORDS)
def test_any_record_of_a_browser_is_read_or_refused(attack: Attack, record: object) -> None:
    def read() -> None:
        with suppress(ClaimInvalid):
            json.dumps(read_record(record).filters.write()).encode()

    attack("records", read)


@settings(_HOSTILE)
@given(claim=st.dictionaries(st.sampled_from(_FIELDS), _JSON))
def test_any_filters_of_a_browser_are_read_or_refused(
    attack: Attack, claim: dict[str, object]
) -> None:
    def read() -> None:
        with suppress(ClaimInvalid, FilterRefused):
            read_filters(claim, load_words("fr")).arguments()

    attack("filters", read)


@settings(_HOSTILE)
@given(
    text=_TEXTS,
    written=st.lists(
        st.one_of(_TEXTS, st.from_regex(r"\d{1,9}-\d{1,9}(-[0-9a-f]{10})?(-\d{1,4})?", fullmatch=True)),
        max_size=5,
    ),
)  # fmt: skip
def test_any_link_finds_its_words_or_nothing(attack: Attack, text: str, written: list[str]) -> None:
    def follow() -> None:
        for place in read_places(written):
            quote = find_quote(text, place).quote
            assert quote is None or 0 <= quote.start < quote.end <= len(text)
        article_link(text).encode()

    attack("permanent links", follow)


_SENT = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(["..", "/", "\\", ".", "a", "~", "C:", "con", "\u202e", "\0", "\ud800", "é", ".txt",
                         " ", "\n", "e\u0301", "新" * 60, "%2f", "\uff0f", "\u2215", "link", "pipe.txt"]),
        max_size=30,
    ).map("".join),
)  # fmt: skip


@settings(_HOSTILE)
@given(sent=_SENT, when=st.sampled_from(["", "replace", "both"]))
def test_no_name_leads_out_of_the_corpus(
    attack: Attack, tmp_path_factory: pytest.TempPathFactory, sent: str, when: str
) -> None:
    folder = tmp_path_factory.mktemp("names")
    corpus, outside = folder / "corpus", folder / "outside"
    corpus.mkdir()
    outside.mkdir()
    (outside / "a.txt").write_text("kept")
    (corpus / "link").symlink_to(outside)
    (corpus / "a.txt").symlink_to(outside / "a.txt")

    def shelve() -> None:
        try:
            name = clean_path(sent)
        except NameUnusable:
            return
        assert clean_path(name) == name
        parts = name.split("/")
        assert not {"", ".", ".."} & set(parts)
        assert all(len(part.encode()) <= MAX_NAME_BYTES for part in parts)
        try:
            done = put(corpus, name, b"new", when)  # type: ignore[arg-type]
        except (NameTaken, OutsideCorpus):
            return
        assert (corpus / done.name).resolve().is_relative_to(corpus)

    attack("names of files sent", shelve)

    assert [path.name for path in outside.iterdir()] == ["a.txt"]
    assert (outside / "a.txt").read_text() == "kept"
    assert {path.name for path in folder.iterdir()} == {"corpus", "outside"}
