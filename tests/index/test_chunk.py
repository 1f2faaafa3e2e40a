from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.chunk import MAX_CHARS, embedded_text, prose, split_article, split_text
from index.embed import DefaultEmbedder
from index.types import Article, DateRange

MakeArticle = Callable[..., Article]

_LIGATURE = "ﷺ"  # one character, eighteen after normalisation

# what texts are made of, short pieces that repeat: words, ends of sentences, blanks, other scripts
_PIECES = st.sampled_from(
    [
        "le",
        "Minsk",
        "12 mai",
        "l'été",
        ". ",
        " ! ",
        "… »\n",
        ", ",
        " ",
        "\n",
        "\n\n",
        " \n \n",
        "\t",
        "\r\n",
        "\u2028",
        "\xa0",
        "\x00",
        "越南",
        "ประเทศ",
        _LIGATURE,
        "👩‍👩‍👧",
        "é",
        "x" * 300,
        "a b " * 200,
    ]
)
TEXTS = st.one_of(
    st.text(max_size=2000),
    st.lists(_PIECES, max_size=200).map("".join),
    st.tuples(st.text(max_size=40), st.integers(1, 100)).map(lambda pair: pair[0] * pair[1]),
)


def count_words(passages: object) -> list[int]:
    """Count as a model would that knows whole words only."""
    assert isinstance(passages, list)
    return [len(passage.split()) for passage in passages]


def rebuilt(text: str, spans: list[tuple[int, int]]) -> str:
    """Check the spans of law 1 and put them end to end."""
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == [0, *(end for _, end in spans)][: len(spans)]
    return "".join(text[start:end] for start, end in spans)


@given(TEXTS)
@example("")
@example("\n" * 3000)
@example("x" * 5000)
@example("越" * 5000)
@example("mot " * 2000)
@settings(deadline=None)
def test_the_pieces_of_a_text_put_end_to_end_give_the_text(text: str) -> None:
    spans = split_text(text)

    assert rebuilt(text, spans) == text
    assert all(len(text[start:end].rstrip()) <= MAX_CHARS for start, end in spans)


@given(TEXTS, st.integers(1, 60))
@settings(deadline=None)
def test_any_size_is_respected(text: str, max_chars: int) -> None:
    spans = split_text(text, max_chars)

    assert rebuilt(text, spans) == text
    assert all(len(text[start:end].rstrip()) <= max_chars for start, end in spans)


@given(TEXTS, st.integers(4, 40))
@settings(deadline=None)
def test_the_chunks_of_an_article_fit_any_model_and_give_its_text(
    make_article: MakeArticle, text: str, max_tokens: int
) -> None:
    article = make_article(text, title="Un titre")

    spans = split_article(article, count_words, max_tokens)

    assert rebuilt(text, spans) == text
    assert max(count_words([embedded_text(article, span) for span in spans]), default=0) <= (
        max_tokens
    )


@given(TEXTS, st.integers(0, 200), st.integers(1, 20))
@example(_LIGATURE * 2000, 200, 15)
@example("a b " * 1000, 200, 15)
@settings(deadline=None)
def test_a_title_that_fills_the_window_cuts_like_one_that_fills_half_of_it(
    make_article: MakeArticle, text: str, more_words: int, half: int
) -> None:
    title = " ".join("a" * half)

    spans = split_article(make_article(text, title=title), count_words, 2 * half)

    longer = make_article(text, title=title + " a" * more_words)
    assert split_article(longer, count_words, 2 * half) == spans


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("越南与白俄罗斯" * 715, id="5000_chinese_characters"),
        pytest.param(_LIGATURE * 5000, id="5000_arabic_ligatures"),
        pytest.param("ประเทศเวียดนาม" * 350, id="thai_without_spaces"),
        pytest.param("👩‍👩‍👧🇻🇳" * 500, id="joined_emoji"),
        pytest.param("㌀㍿" * 1000, id="squared_words"),
        pytest.param("q̃x" * 1500, id="rare_pairs_in_one_word"),
        pytest.param("1;2;3;" * 800, id="digits_and_semicolons"),
        pytest.param("Une phrase de plus. " * 400, id="prose"),
    ],
)
@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Un titre", id="title"),
        pytest.param("Le titre ne finit pas, " * 130, id="title_of_3000_characters"),
        pytest.param("越" * 3000, id="title_of_3000_chinese_characters"),
        pytest.param(_LIGATURE * 3000, id="title_of_3000_ligatures"),
    ],
)
def test_nothing_is_cut_off_by_the_model(
    embedder: DefaultEmbedder, make_article: MakeArticle, text: str, title: str
) -> None:
    article = make_article(text, title=title, published=DateRange.day(date(2025, 12, 30)))

    spans = split_article(article, embedder.count_tokens, embedder.max_tokens)

    counts = embedder.count_tokens([embedded_text(article, span) for span in spans])
    assert rebuilt(text, spans) == text
    assert max(counts) <= embedder.max_tokens


def test_only_what_is_too_long_for_the_model_is_cut_again(
    embedder: DefaultEmbedder, make_article: MakeArticle
) -> None:
    article = make_article("Une phrase de plus. " * 30 + "\n\n" + _LIGATURE * 300)

    spans = split_article(article, embedder.count_tokens, embedder.max_tokens)

    assert spans[0] == (0, 30 * len("Une phrase de plus. ") + len("\n\n"))
    assert len(spans) > 2


def test_paragraphs_are_kept_whole() -> None:
    paragraphs = ["A" + "a" * 398 + ".\n\n", "B" + "b" * 398 + ".\n \n", "C" + "c" * 100 + "."]
    text = "".join(paragraphs)

    spans = split_text(text, 600)

    # 402 and 403 characters do not fit in 600 together, 403 and 102 do
    assert [text[start:end] for start, end in spans] == [
        paragraphs[0],
        paragraphs[1] + paragraphs[2],
    ]


def test_paragraphs_that_fit_together_stay_together() -> None:
    text = "Un.\n\nDeux.\n\nTrois."

    assert split_text(text) == [(0, len(text))]


def test_a_long_paragraph_is_cut_after_sentences() -> None:
    sentences = [
        "Le ministre a parlé. ",
        "« Nous signerons ! » ",
        "Quand ? ",
        "Il l'ignore (dit-il.) ",
        "La suite demain… ",
        "Voilà.",
    ]

    text = "".join(sentences)

    spans = split_text(text, 22)

    assert [text[start:end] for start, end in spans] == sentences


def test_a_long_sentence_is_cut_after_commas_and_then_after_words() -> None:
    text = "des tracteurs, des camions et des autobus sans fin"

    spans = split_text(text, 20)

    assert [text[start:end] for start, end in spans] == [
        "des tracteurs, ",
        "des camions et des ",
        "autobus sans fin",
    ]


def test_repeated_passages_have_their_own_places() -> None:
    text = "Il pleut à Brest. " * 100

    spans = split_text(text)

    assert len(spans) == 3  # 38 sentences of 18 characters fit in 700
    assert [end - start for start, end in spans] == [38 * 18, 38 * 18, 24 * 18]


def test_no_chunk_is_empty_and_an_empty_text_has_none(make_article: MakeArticle) -> None:
    assert split_text("") == []
    assert split_article(make_article(""), count_words, 10) == []


def test_the_model_reads_title_and_date_before_the_text(make_article: MakeArticle) -> None:
    article = make_article(
        "Il pleut. Il vente.", title="Météo", published=DateRange.day(date(2025, 5, 12))
    )

    assert embedded_text(article, (0, 10)) == "Météo (12 mai 2025)\nIl pleut. "


def test_the_model_reads_the_title_alone_where_no_date_is_known(make_article: MakeArticle) -> None:
    article = make_article("Il pleut.", title="Météo")

    assert embedded_text(article, (0, 9)) == "Météo\nIl pleut."


def test_the_model_reads_no_furniture(make_article: MakeArticle) -> None:
    text = "Il pleut. Photo : AFP. Il vente. Lire aussi."
    article = make_article(text, title="Météo", furniture=((10, 23), (33, 44)))

    assert embedded_text(article, (0, len(text))) == "Météo\nIl pleut. Il vente. "


@given(st.text(max_size=60), st.data())
def test_prose_and_furniture_make_up_the_span(
    make_article: MakeArticle, text: str, data: st.DataObject
) -> None:
    places = st.integers(0, len(text))
    ends = sorted(data.draw(st.lists(places, max_size=8)))
    start, end = sorted(data.draw(st.tuples(places, places)))
    furniture = tuple(zip(ends[::2], ends[1::2], strict=False))
    article = make_article(text, furniture=furniture)

    kept = [
        position
        for position in range(start, end)
        if not any(first <= position < last for first, last in furniture)
    ]

    assert prose(article, (start, end)) == "".join(text[position] for position in kept)


def test_white_space_alone_is_no_chunk() -> None:
    text = "Une phrase." + "\n" * 900 + "Une autre."

    assert all(text[start:end].strip() for start, end in split_text(text))
