"""Every knob of retrieval and answering, with its unit and its reason."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from qa.calibration import Calibration, Signals

DEFAULT_READER = "default"
NO_READER = "none"
READERS = (DEFAULT_READER, NO_READER)
"""What `--reader` may be."""

# fitted by training/calibrate.py to 1,148 questions kept for tuning, near misses and moved dates
# among them; where it was fitted to the others, its AUROC is .820 and .762 without the reader, .885
# and .855 with it. They were asked while the reader counted 1.3 in every language
_NATIVE = Calibration(
    -3.598,
    Signals(
        above=11.049,
        coverage=2.743,
        rarest=0.289,
        agreement=0.585,
        lead=0.107,
        dated=-0.561,
        date=1.209,
    ),
)
_FOREIGN = Calibration(
    -1.965,
    Signals(
        above=21.848,
        coverage=0.366,
        rarest=0.000,
        agreement=0.000,
        lead=0.087,
        dated=-1.339,
        date=2.885,
    ),
)
_NATIVE_READ = Calibration(
    -1.501,
    Signals(
        above=6.589,
        coverage=0.358,
        rarest=0.186,
        agreement=0.259,
        lead=0.087,
        dated=0.427,
        date=0.000,
        relevance=0.555,
        rival=-0.137,
    ),
)
_FOREIGN_READ = Calibration(
    -1.036,
    Signals(
        above=14.990,
        coverage=0.000,
        rarest=0.000,
        agreement=0.033,
        lead=0.065,
        dated=-0.164,
        date=0.802,
        relevance=0.469,
        rival=0.000,
    ),
)


class ContentWeights(NamedTuple):
    """What the two sides of the search count, as logarithms of odds.

    Attributes:
        cosine: of a cosine with the question, less the best one.
        lexical: of a BM25 score, as a share of the best one.
        coverage: of the share of the question's words that a row holds, by how rare they are.
    """

    cosine: float
    lexical: float
    coverage: float


# between what two fits of training/calibrate.py give: with our archive, whose articles are in three
# languages, and without
_NATIVE_CONTENT = ContentWeights(cosine=95.0, lexical=4.5, coverage=7.5)
_FOREIGN_CONTENT = ContentWeights(cosine=115.0, lexical=3.5, coverage=11.0)


class SentenceWeights(NamedTuple):
    """What each piece of evidence for a sentence counts, as logarithms of odds.

    Attributes:
        cosine: of its cosine with the question.
        coverage: of the share of the question's words that it holds.
        date: of its dates.
        expected: of a name, figure or date that was asked for.
        answer: of the logarithm of how likely the reader finds the answer in it.
        row: of the score of its row, less that of the best row.
    """

    cosine: float
    coverage: float
    date: float
    expected: float
    answer: float
    row: float


# fitted by training/calibrate.py. What it made negative counts nothing, and dates in another
# language less than it found: few questions told
_SENTENCE = SentenceWeights(cosine=52.0, coverage=2.3, date=4.7, expected=1.8, answer=0.0, row=0.4)
_SENTENCE_FOREIGN = SentenceWeights(
    cosine=99.0, coverage=0.0, date=8.0, expected=2.3, answer=0.0, row=0.2
)
# in the articles' own language the cosine adds nothing to what the reader says, and its sentences
# need not be embedded
_SENTENCE_READ = SentenceWeights(
    cosine=0.0, coverage=1.8, date=2.7, expected=0.7, answer=1.0, row=0.3
)
_SENTENCE_READ_FOREIGN = SentenceWeights(
    cosine=65.0, coverage=0.0, date=8.0, expected=1.4, answer=1.1, row=0.27
)


class Depth(NamedTuple):
    """How far the reader goes down the ranking.

    Attributes:
        rows: it reads at most.
        at_once: rows it reads before it looks whether that is enough.
        credit: the logit that a row not read yet is taken to have at most: when it would not even
            then come first, that is enough.
    """

    rows: int
    at_once: int
    credit: float


# against 24 rows, eight at once, on tuned questions the right sentence is first for one more of 120
# in their language, and for one fewer of 100 from abroad; the right article for as many. The
# list behind them is in less good order
_ANSWER_DEPTH = Depth(rows=12, at_once=4, credit=1.0)
_ANSWER_FOREIGN_DEPTH = Depth(rows=16, at_once=4, credit=1.0)
_LIST_DEPTH = Depth(rows=24, at_once=8, credit=math.inf)


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers that decide what is found and what is answered.

    Attributes:
        max_question_chars: longer messages are refused: the embedder would read their start only.
        candidates: rows taken from each side of the search before they are fused.
        native_content: what each side counts for a row in the question's language.
        foreign_content: the same for a row in another.
        few_words: with this many words of the question, `lexical` and `coverage` count half of what
            they would with very many.
        short_date_weight: what the best date evidence adds where days or months are asked for.
        long_date_weight: the same where longer periods are.
        names_day: evidence of a row that names the day asked for.
        published_that_day: evidence of a row of an article published that day.
        article_names_day: evidence of a row whose article names the day elsewhere.
        published_after: evidence of a row of an article published within `days_after` of it.
        days_after: news is printed the day after, or the day after that.
        same_month: evidence of a row that reaches the month of the day asked for, not the day.
        answer_depth: how far the ranking is read for an answer: most of what an answer costs.
        answer_foreign_depth: the same where the best row is in another language than the question:
            there what answers lies further down.
        list_depth: how far it is read for a list of passages, which is to be in order as a whole.
        sure_relevance: the reader's logit of a row that surely answers: odds of twenty to one.
        native_reader_weight: what the reader's logit counts in their order, where the best row is
            in the language of the question.
        foreign_reader_weight: the same where it is in another: there the two sides of the search
            say less.
        max_passage_chunks: neighbouring chunks merged into one passage.
        read_passages: passages whose sentences are looked at for an answer.
        embedded: sentences compared with the question, the best by all other evidence; the others
            count as the farthest of these. Of 370 tuned questions one fewer has the right sentence
            first.
        embedded_foreign: the same where the best passage is in another language than the question.
        embedded_foreign_read: the same where passages were read.
        embedded_chars: characters of a sentence, its article's title in front, that are compared in
            the question's own language; of 300 tuned questions one more has the right sentence
            first than if all were. Sentences in another language are compared whole.
        cosine_range: a sentence that would not come first if its cosine were greater than that of
            the best by so much is not compared.
        sentence: weights of the evidence for a sentence.
        sentence_foreign: the same where the best passage is in another language than the question.
        sentence_read: the same as `sentence`, where passages were read.
        sentence_read_foreign: the same as `sentence_foreign`, where passages were read.
        reread_sentences: best sentences that the reader reads once more by themselves.
        reread_weight: what its logit of such a sentence counts in their order.
        sure_answer: probability of the reader's own answer from which a long sentence is shortened
            to the clauses around it.
        max_quotes: sentences quoted in one answer.
        one_margin: a further sentence is quoted when its score lies below that of the best one by
            at most this: of the tuned questions' further quotes two thirds are then of an article
            that answers, and fewer the wider the margin.
        list_margin: the same for questions that ask for several things.
        dated_list_margin: the same where they ask it of a date, which keeps other matters out.
        answer_probability: the answer is given when its estimated probability reaches this. It was
            estimated with unanswerable questions weighing as much as answerable ones; where seven
            of ten have an answer, as among 240 questions on our archive that nothing else was
            fitted to, 0.35 gave the fewest errors (answers to the unanswerable and wrong refusals).
            Raise it to abstain more often.
        native: how that probability follows from the signals, where the best row is in the
            language of the question.
        foreign: the same where it is in another, whose words seldom match.
        native_read: the same as `native`, with what the reader says.
        foreign_read: the same as `foreign`, with what the reader says.
    """

    max_question_chars: int = 2000
    candidates: int = 100
    native_content: ContentWeights = _NATIVE_CONTENT
    foreign_content: ContentWeights = _FOREIGN_CONTENT
    few_words: float = 4.0
    short_date_weight: float = 14.0
    long_date_weight: float = 6.0
    names_day: float = 1.0
    published_that_day: float = 0.9
    article_names_day: float = 0.8
    published_after: float = 0.6
    days_after: int = 2
    same_month: float = 0.3
    answer_depth: Depth = _ANSWER_DEPTH
    answer_foreign_depth: Depth = _ANSWER_FOREIGN_DEPTH
    list_depth: Depth = _LIST_DEPTH
    sure_relevance: float = 3.0
    native_reader_weight: float = 0.7
    foreign_reader_weight: float = 1.3
    max_passage_chunks: int = 3
    read_passages: int = 6
    embedded: int = 4
    embedded_foreign: int = 12
    embedded_foreign_read: int = 8
    embedded_chars: int = 300
    cosine_range: float = 0.03
    sentence: SentenceWeights = _SENTENCE
    sentence_foreign: SentenceWeights = _SENTENCE_FOREIGN
    sentence_read: SentenceWeights = _SENTENCE_READ
    sentence_read_foreign: SentenceWeights = _SENTENCE_READ_FOREIGN
    reread_sentences: int = 3
    reread_weight: float = 0.8
    sure_answer: float = 0.25
    max_quotes: int = 6
    one_margin: float = 0.5
    list_margin: float = 1.0
    dated_list_margin: float = 3.0
    answer_probability: float = 0.35
    native: Calibration = _NATIVE
    foreign: Calibration = _FOREIGN
    native_read: Calibration = _NATIVE_READ
    foreign_read: Calibration = _FOREIGN_READ

    def reader_weight(self, *, native: bool) -> float:
        """Return what the reader's logit counts in the order of the rows."""
        return self.native_reader_weight if native else self.foreign_reader_weight

    def depth(self, *, native: bool, listing: bool) -> Depth:
        """Return how far the ranking is read."""
        if listing:
            return self.list_depth
        return self.answer_depth if native else self.answer_foreign_depth

    def sentences_to_embed(self, *, read: bool, foreign: bool) -> int:
        """Return how many sentences are compared with the question."""
        if not foreign:
            return self.embedded
        return self.embedded_foreign_read if read else self.embedded_foreign

    def sentence_weights(self, *, read: bool, foreign: bool) -> SentenceWeights:
        """Return what the evidence for a sentence counts."""
        if read:
            return self.sentence_read_foreign if foreign else self.sentence_read
        return self.sentence_foreign if foreign else self.sentence

    def quote_margin(self, *, several: bool, dated: bool) -> float:
        """Return how far below the best further sentences are quoted for such a question."""
        if not several:
            return self.one_margin
        return self.dated_list_margin if dated else self.list_margin


DEFAULT = Settings()
