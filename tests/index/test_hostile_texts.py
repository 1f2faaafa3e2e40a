"""What once hung, or took gigabytes: each limit here is a hundred times what it takes now."""

import random
import re
import subprocess
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import prose, split_text
from index.dates import find_dates
from index.decode import decode, open_text
from index.errors import UnreadableFile
from index.exact import articles_holding
from index.furniture import find_furniture
from index.markdown import prose_blocks
from index.normal_form import Form, normalise
from index.tokens import split_words
from index.types import Article, DateRange
from index.word_counts import count_words

_MARKS = "\u0301\u0327\u0323\u0345\u05b0\u064b\u3099"
_FORMS: list[Form] = ["NFC", "NFD", "NFKC", "NFKD"]


def crowd(count: int) -> str:
    """Return marks in an order that no normal form has."""
    return "".join(random.Random(count).choices(_MARKS, k=count))


@given(st.text(alphabet=st.sampled_from("aéệ\u0301\u0327ﬁﷺ ①新.")), st.sampled_from(_FORMS))
def test_a_text_without_a_crowd_of_marks_has_the_normal_form_of_unicode(
    text: str, form: Form
) -> None:
    assert normalise(form, text[:31]) == unicodedata.normalize(form, text[:31])


@given(st.text(alphabet=_MARKS + "ae", max_size=300), st.sampled_from(["NFD", "NFKD"]))
def test_a_crowd_of_marks_keeps_every_mark(text: str, form: Form) -> None:
    whole = unicodedata.normalize(form, text)

    assert sorted(normalise(form, text)) == sorted(whole)


def test_a_million_marks_on_one_letter_are_normalised_at_once() -> None:
    # sorted by insertion they would take hours
    assert len(normalise("NFKD", "e" + crowd(1_000_000))) >= 1_000_000


def test_marks_without_end_are_read_as_words_filters_and_dates(
    make_article: Callable[..., Article],
) -> None:
    text = "le 12 mai 2025, e" + crowd(20_000)

    assert split_words(text)[:4] == ["le", "12", "mai", "2025"]
    assert articles_holding([make_article(text)], "12 mai").tolist() == [True]
    assert [str(mention.range) for mention in find_dates(text)] == ["2025-05-12"]


def test_elisions_without_end_are_cut() -> None:
    assert split_words("l'" * 200_000 + "été") == ["été"]


def test_no_word_of_the_vocabulary_is_a_line_without_blanks(
    make_article: Callable[..., Article],
) -> None:
    words = count_words([make_article("ministre " + "a" * 1_000_000)])

    assert max(len(word.text) for word in words) <= 40


def test_a_dump_of_list_items_is_kept_as_it_is() -> None:
    items = "- une ligne\n" * 30_000

    assert [block.text for block in prose_blocks(items + "\n \n" + "> fin")] == [
        items.strip(),
        "> fin",
    ]


@pytest.mark.parametrize("gap", ["\n\n", "\n", " "])
def test_the_dates_of_a_dump_are_those_of_its_parts(gap: str) -> None:
    paragraph = "Le 12 mai 2025, la ville a voté" + " mot" * 500 + "." + gap
    text = paragraph * 110  # 220,000 characters

    mentions = find_dates(text, language="fr")

    assert [text[mention.start : mention.end] for mention in mentions] == ["12 mai 2025"] * 110
    assert all(first.end <= second.start for first, second in pairwise(mentions))


def test_the_same_day_is_that_of_the_part_before() -> None:
    text = "Le 12 mai 2025. " + "mot " * 60_000 + "Le même jour, il est parti."

    assert find_dates(text, language="fr")[-1].range == DateRange.parse("2025-05-12")


@pytest.mark.parametrize(
    "piece", [b"\xff", b"a\xff", b"\xed\xa0\x80", "Привет ".encode("koi8_r")], ids=repr
)
def test_the_largest_file_is_decoded_in_a_few_times_its_size(
    run_python: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, piece: bytes
) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(piece * (20_000_000 // len(piece)))
    command = (
        "import resource, sys; from pathlib import Path; from index.decode import decode;"
        "import charset_normalizer; path = Path(sys.argv[1]);"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "decode(path, path.read_bytes());"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )

    done = run_python("-c", command, path)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 400_000  # kilobytes; a list of what was found took 3.4 million


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "koi8_r", "utf-16"])
def test_a_long_table_takes_little_more_than_its_size(
    run_python: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    other = "Привет всем " if encoding == "koi8_r" else "l\u2019été "
    row = f"Un pont;Le pont ouvre.;{other * 1000}\n"
    rows = 20_000_000 // len(row.encode(encoding))
    path.write_bytes(("title;text;other\n" + row * rows).encode(encoding))
    command = (
        "import resource, sys; from pathlib import Path; from index.readers import find_format;"
        "import charset_normalizer; path = Path(sys.argv[1]); data = path.read_bytes();"
        "read = find_format(path).read; next(iter(read(path, data[:100_000])));"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "found = sum(1 for _ in read(path, data));"
        "print(found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )

    done = run_python("-c", command, path)

    assert done.returncode == 0, done.stderr
    found, kilobytes = map(int, done.stdout.split())
    assert found == rows
    assert kilobytes < 20_000  # as one text it took five times the size of the file


@given(
    st.one_of(
        st.binary(max_size=300),
        st.tuples(
            st.text(max_size=100),
            st.sampled_from(["utf-8", "cp1252", "utf-16", "utf-16-le", "koi8_r", "utf-8-sig"]),
            st.binary(max_size=3),
        ).map(lambda made: made[0].encode(made[1], "ignore") + made[2]),
    )
)
def test_a_text_read_by_and_by_is_the_one_that_is_decoded_at_once(data: bytes) -> None:
    path = Path("a.txt")
    try:
        whole = decode(path, data)
    except UnreadableFile as refused:
        with pytest.raises(UnreadableFile, match=re.escape(refused.reason)):
            open_text(path, data)
        return

    text = open_text(path, data).read().lstrip("\ufeff")

    assert text.replace("\r\n", "\n").replace("\r", "\n") == whole


def test_a_pasted_byte_between_two_blocks_is_read_as_in_one() -> None:
    data = "é".encode() * 499_999 + b"ab" + b"\x92\xc3\xa9 fin"

    assert decode(Path("a.txt"), data) == "é" * 499_999 + "ab’é fin"
    assert open_text(Path("a.txt"), data).read() == "é" * 499_999 + "ab’é fin"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "mac_roman", "cp1250"])
def test_counting_tells_the_same_alphabets_as_before(encoding: str) -> None:
    text = {"cp1250": "zażółć gęślą jaźń, "}.get(encoding, "le café est fermé, ") * 20

    assert decode(Path("a.txt"), text.encode(encoding)) == text


def test_no_article_holds_a_phrase_without_end(make_article: Callable[..., Article]) -> None:
    assert articles_holding([make_article("a" * 1_000_000)], "a" * 1_000_000).tolist() == [False]


def test_the_furniture_of_a_thousand_lines_is_left_out_of_each_chunk(
    make_article: Callable[..., Article],
) -> None:
    text = "Un mot.\nPhoto : VNA/CVN\n" * 1_000
    article = make_article(text, furniture=find_furniture(text))

    spans = split_text(text)

    assert "".join(prose(article, span) for span in spans) == "Un mot.\n\n" * 1_000


def test_a_text_of_nothing_but_numbers_is_looked_through_for_dates_up_to_a_limit() -> None:
    mentions = find_dates("2025-05-12 " * 200_000, language="fr")

    assert 1_000 < len(mentions) < 200_000
