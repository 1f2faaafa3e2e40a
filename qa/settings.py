"""Every knob of retrieval and answering, with its unit and its reason."""

from dataclasses import dataclass

from qa.calibration import Calibration

DEFAULT_READER = "default"
NO_READER = "none"
READERS = (DEFAULT_READER, NO_READER)
"""What `--reader` may be."""

# fitted to 600 questions on 250 articles of each set, before there was a reader; on articles never
# fitted to the first tells answered from unanswered with an AUROC of .920, the second with .841
_NATIVE = Calibration(intercept=-5.285, above=23.194, coverage=3.932, lead=1.662)
_FOREIGN = Calibration(intercept=-3.903, above=44.823, coverage=1.650, lead=1.010)
# fitted by training/calibrate.py, by cross-validation an AUROC of .887 and .883 there
_NATIVE_READ = Calibration(
    intercept=-2.009,
    above=2.059,
    coverage=1.186,
    lead=1.085,
    relevance=0.517,
    answer=-0.089,
    rival=-0.138,
)
_FOREIGN_READ = Calibration(
    intercept=-1.316,
    above=3.398,
    coverage=1.059,
    lead=0.501,
    relevance=0.623,
    answer=-0.363,
    rival=-0.030,
)


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """What each piece of evidence for a sentence counts.

    Attributes:
        cosine: of its cosine with the question.
        coverage: of the share of the question's words that it holds; with `n` words n / (n + 1) of
            it, for a single word proves little.
        date: of its dates.
        expected: of a name, figure or date that was asked for.
        answer: of how likely the reader finds the answer in it.
        stretch: of how far its row lies below the best.
    """

    cosine: float
    coverage: float
    date: float
    expected: float
    answer: float
    stretch: float


# reasoned on the sample, not fitted
_SENTENCE = SentenceWeights(
    cosine=12.0, coverage=1.2, date=1.0, expected=0.2, answer=0.0, stretch=0.5
)
# fitted by training/calibrate.py to the score of a sentence's passage, not yet of its row; the
# dates are reasoned. In the articles' own language the cosine added nothing to what the reader
# says, and its sentences need not be embedded
_SENTENCE_READ = SentenceWeights(
    cosine=0.0, coverage=3.2, date=2.0, expected=0.0, answer=2.3, stretch=2.8
)
_SENTENCE_READ_FOREIGN = SentenceWeights(
    cosine=27.0, coverage=1.2, date=2.0, expected=0.0, answer=2.5, stretch=2.8
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers that decide what is found and what is answered.

    Attributes:
        max_question_chars: longer messages are refused: the embedder would read their start only.
        candidates: rows taken from each side of the search before they are fused.
        lexical_trust: the lexical side counts as much as the dense one when its best row reaches
            one part in this many of the weight the question's words have; less, in proportion,
            when it falls short. Words of another language weigh much and match nothing.
        date_weight: what the best date evidence adds to a score that lies between 0 and 2.
        names_day: evidence of a row that names the day asked for.
        published_that_day: evidence of a row of an article published that day.
        article_names_day: evidence of a row whose article names the day elsewhere.
        published_after: evidence of a row of an article published within `days_after` of it.
        days_after: news is printed the day after, or the day after that.
        same_month: evidence of a row that reaches the month of the day asked for, not the day.
        read_rows: best rows that the reader reads at most: most of what an answer costs.
        read_at_once: rows it reads before it looks whether one of them surely answers.
        sure_relevance: the reader's logit of a row that surely answers: odds of twenty to one.
        reader_weight: what the reader's logit counts in their order.
        read_date_weight: what the best date evidence adds once more where rows are read.
        max_passage_chunks: neighbouring chunks merged into one passage.
        read_passages: passages whose sentences are looked at for an answer.
        sentence: weights of the evidence for a sentence.
        sentence_read: the same where passages were read.
        sentence_read_foreign: the same for a question in another language than the articles'.
        sure_answer: probability of the reader's own answer from which a long sentence is shortened
            to the clauses around it.
        max_quotes: sentences quoted in one answer.
        quote_share: a further sentence is quoted when it lies below the best one by at most this
            share of the way down to the middling one.
        list_share: the same for questions that ask for several things.
        dated_list_share: the same where they ask it of a date, which keeps other matters out.
        read_height: that way at most, where passages were read: the reader sets the best sentence
            so far above the middling one that a share of the way would let in anything.
        answer_probability: the answer is given when its estimated probability reaches this. It was
            estimated on as many unanswerable questions as answerable ones; people ask their own
            folder more of the latter, for which 0.4 stands where 0.5 would. Raise it to abstain
            more often.
        date_support: what the date evidence of the best passage adds to the logit of that
            probability: an article of the very day is likely to be the one that is meant.
        native: how that probability follows from the signals, for a question in a language of the
            articles.
        foreign: the same for a question in another language, whose words seldom match.
        native_read: the same as `native`, with what the reader says.
        foreign_read: the same as `foreign`, with what the reader says.
    """

    max_question_chars: int = 2000
    candidates: int = 100
    lexical_trust: float = 3.0
    date_weight: float = 2.0
    names_day: float = 1.0
    published_that_day: float = 0.9
    article_names_day: float = 0.8
    published_after: float = 0.6
    days_after: int = 2
    same_month: float = 0.3
    read_rows: int = 24
    read_at_once: int = 8
    sure_relevance: float = 3.0
    reader_weight: float = 0.35
    read_date_weight: float = 2.0
    max_passage_chunks: int = 3
    read_passages: int = 6
    sentence: SentenceWeights = _SENTENCE
    sentence_read: SentenceWeights = _SENTENCE_READ
    sentence_read_foreign: SentenceWeights = _SENTENCE_READ_FOREIGN
    sure_answer: float = 0.25
    max_quotes: int = 6
    quote_share: float = 0.05
    list_share: float = 0.3
    read_height: float = 3.0
    dated_list_share: float = 0.6
    answer_probability: float = 0.4
    date_support: float = 1.5
    native: Calibration = _NATIVE
    foreign: Calibration = _FOREIGN
    native_read: Calibration = _NATIVE_READ
    foreign_read: Calibration = _FOREIGN_READ

    def sentence_weights(self, *, read: bool, foreign: bool) -> SentenceWeights:
        """Return what the evidence for a sentence counts."""
        if not read:
            return self.sentence
        return self.sentence_read_foreign if foreign else self.sentence_read

    def further_share(self, *, several: bool, dated: bool) -> float:
        """Return how far down further sentences are quoted for such a question."""
        if not several:
            return self.quote_share
        return self.dated_list_share if dated else self.list_share


DEFAULT = Settings()
