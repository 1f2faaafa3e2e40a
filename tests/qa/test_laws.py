"""The laws of the design, held over articles and questions that are drawn at random."""

import re
from collections.abc import Callable, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.store import Store
from index.types import Article, DateRange
from qa.assistant import Assistant
from qa.cite import MARK, check_citations
from qa.types import Answer, Passage

AssistWords = Callable[..., Assistant]

# few, for each indexes a corpus; the same ones each time, for the suite is no place for luck
few = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)

_WORDS = (
    "accord avion bateau blé cabinet école enquête équipe finale gare incendie juge loi maire "
    "marché médecin ministre musée ouvrier port président procès récolte rivière signé stade "
    "théâtre train traité tramway usine vigne ville visite volcan vote"
)
WORDS = _WORDS.split()

HOSTILE = [
    "[1]",
    "[2][3]",
    "<script>alert(1)</script>",
    "<b>gras</b>",
    "**fort**",
    "# titre",
    "1. un",
    "- point",
    "`code`",
    "[lien](javascript:alert(1))",
    "| a | b |",
    "$x$",
    "\\",
    "\\[1\\]",
    "&lt;",
    "\u202eà l'envers\u202c",
    "شيء",
    "\u200f",
    "😀👩\u200d🚀",
    "e\u0301te\u0301",
    "\u00a0",
    "\u2028",
    "{dates}",
    "%s",
    "Photo : AFP",
    ">> Lire aussi",
]

DATES = ["le 12 mai 2025", "lundi 12 mai", "le 3 décembre", "en 2024", "le lendemain", "hier"]

words = st.sampled_from(WORDS)
pieces = st.one_of(words, words, words, st.sampled_from(HOSTILE), st.sampled_from(DATES))


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """Draw a sentence; now and then it does not end."""
    parts = draw(st.lists(pieces, min_size=1, max_size=9))
    return " ".join(parts).capitalize() + draw(st.sampled_from([".", ".", ".", " !", "…", ""]))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw one to forty sentences, so that some articles have several chunks."""
    drawn = draw(st.lists(sentences(), min_size=1, max_size=8)) * draw(st.integers(1, 5))
    return draw(st.sampled_from([" ", "\n", "\n\n", "\r\n"])).join(drawn)


published = st.none() | st.sampled_from(["2025-05-12", "2025-05", "2024", "2025-12-03"]).map(
    DateRange.parse
)


@st.composite
def corpora(draw: st.DrawFn) -> list[Article]:
    """Draw one to four articles."""
    return [
        Article(
            id=f"{number}.txt",
            title=draw(sentences()),
            text=draw(texts()),
            published=draw(published),
            language=draw(st.sampled_from(["fr", "fr", "en", "vi"])),
        )
        for number in range(draw(st.integers(1, 4)))
    ]


asking = st.sampled_from(["Qui a", "Quand", "Combien de", "What was", "Ai đã", ""])
questions = st.builds(
    lambda opening, parts: " ".join([opening, *parts]) + " ?",
    asking,
    st.lists(pieces, max_size=6),
)
histories = st.lists(st.tuples(questions, st.text(max_size=20)), max_size=3)


def assert_passages_are_exact(passages: Sequence[Passage]) -> None:
    for rank, passage in enumerate(passages, start=1):
        text = passage.article.text
        assert passage.rank == rank
        assert 0 <= passage.start < passage.end <= len(text)
        assert passage.text == text[passage.start : passage.end]
        assert all(passage.start <= start < end <= passage.end for start, end in passage.quotes)
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)


def assert_cited(answer: Answer) -> None:
    """Hold an answer against law 2, in other words than the product's own check."""
    for citation in answer.citations:
        text = citation.article.text
        assert 0 <= citation.start < citation.end <= len(text)
        assert text[citation.start : citation.end] == citation.quote
    numbers = [citation.number for citation in answer.citations]
    assert re.findall(r"\[(\d+)\]", answer.text) == [str(number) for number in numbers]
    assert numbers == list(range(1, len(numbers) + 1))
    assert answer.grounded == bool(answer.citations)


@few
@given(corpora())
def test_the_chunks_of_an_article_put_end_to_end_give_its_text(
    index_words: Callable[..., Store], articles: list[Article]
) -> None:
    index = index_words(*articles)

    for position, article in enumerate(articles):
        spans = [(c.start, c.end) for c in index.chunks if c.article == position]
        assert "".join(article.text[start:end] for start, end in spans) == article.text
        assert all(0 <= start < end <= len(article.text) for start, end in spans)
    assert len(index.chunks) == len(index.vectors) == len(index.lexical)


@few
@given(corpora(), questions, histories)
def test_every_answer_is_the_exact_words_of_an_article(
    assist_words: AssistWords,
    articles: list[Article],
    question: str,
    history: list[tuple[str, str]],
) -> None:
    answer = assist_words(*articles).ask(question, history)

    assert_cited(answer)
    assert_passages_are_exact(answer.passages)
    assert {citation.article.id for citation in answer.citations} <= {a.id for a in articles}
    check_citations(answer)


@few
@given(corpora(), st.data())
def test_a_sentence_of_an_article_asked_for_in_its_own_words_is_quoted_exactly(
    assist_words: AssistWords, articles: list[Article], data: st.DataObject
) -> None:
    """Random questions are mostly not answered; these mostly are."""
    assistant = assist_words(*articles)
    text = data.draw(st.sampled_from(articles)).text

    answer = assistant.ask(data.draw(st.sampled_from(text.splitlines() or [text]))[:300])

    assert_cited(answer)
    assert_passages_are_exact(answer.passages)
    assert len(MARK.findall(answer.text)) == len(answer.citations)


@few
@given(corpora(), questions, st.integers(0, 6))
def test_every_passage_is_the_exact_words_of_an_article(
    assist_words: AssistWords, articles: list[Article], question: str, k: int
) -> None:
    passages = assist_words(*articles).retrieve(question, k)

    assert len(passages) <= k
    assert_passages_are_exact(passages)


@few
@given(corpora(), questions)
def test_the_same_question_of_the_same_articles_gives_the_same_answer(
    assist_words: AssistWords, articles: list[Article], question: str
) -> None:
    first, again = assist_words(*articles), assist_words(*articles)

    assert first.ask(question) == first.ask(question) == again.ask(question)
    assert first.retrieve(question) == again.retrieve(question)


def test_the_laws_are_held_over_answers_that_quote(assist_words: AssistWords) -> None:
    """Else the properties above would be true of nothing."""
    hostile = " ".join(HOSTILE)
    article = Article(
        "a.txt",
        "Titre [1] <b>",
        f"La maire a signé [1] un **traité** <b>avec</b> le ministre {hostile}. La gare dort.",
        DateRange.parse("2025-05-12"),
    )
    others = [
        Article(f"{number}.txt", word, f"Le {word} ferme ses portes ce soir.")
        for number, word in enumerate(WORDS[:8])
    ]

    answer = assist_words(article, *others).ask("Qui a signé un traité avec le ministre ?")

    assert answer.grounded
    assert_cited(answer)
    assert "signé [1] un **traité**" in answer.citations[0].quote
