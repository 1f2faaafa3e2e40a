"""What the reader learns from: questions, a text that answers, and texts that nearly do.

    python -m training.examples QUESTION_SETS --work build/training

The wrong texts are those the fused search ranks highest, and the neighbours of the right one; none
of them holds the words of the answer. Dated questions come twice: as they are, and with their date
moved by days, months or years, when nothing answers any more. Only articles that are neither held
out nor kept for tuning are used (see `part_of`). Beside the public sets, `training/news` holds an
archive of our own writing with its questions, and questions of ours on news of the public sets.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np

from benchmarks.sets import is_held_out, open_set, read_lines, read_queries, split_number
from index.embed import open_embedder
from index.spell import spell_date
from index.store import Store
from index.tokens import content_words
from index.types import DateRange, Embedder, Progress, Vectors
from qa.fuse import score_content
from qa.read import ReadText, read_text
from qa.retrieval import find_candidates, prepare, undated
from qa.settings import DEFAULT
from qa.types import AskedDate, Question, Span
from qa.understand.asked_dates import find_asked_dates
from qa.understand.expected import find_expected

NEWS = Path(__file__).with_name("news")
"""An archive of our own writing and its questions, and `SET.jsonl`: our questions on a set."""

SETS = ("news", "piaf_fr", "afriqa_fr", "xquad_en", "xquad_vi", "ntrex_fr", "dated_fr")
_LANGUAGES = ("fr", "en", "vi", "de", "es")

# of the four fifths, one part in six is not trained on: what joins the reader's score with the
# others is fitted there
_TUNING_PARTS = 6
_WRONG_TEXTS = 12
_RIGHT_TEXTS = 2
_DATED_QUESTIONS = 600
_SEED = 7
_TODAY = date(2026, 1, 1)

Part = Literal["held out", "tuned", "trained"]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and texts; where `answered`, the first text answers it.

    Attributes:
        name: set and number, for the record.
        question: as it was asked.
        texts: header and text of each.
        answered: whether the first text answers; if not, none does.
        span: characters of the answer in the first text, where they are known.
    """

    name: str
    question: str
    texts: list[ReadText]
    answered: bool
    span: Span | None


class KnownQueries:
    """An embedder that has embedded the questions before: one batch is faster than many."""

    def __init__(self, embedder: Embedder) -> None:
        """Know nothing yet."""
        self.identity, self.dimension = embedder.identity, embedder.dimension
        self.max_tokens = embedder.max_tokens
        self._embedder = embedder
        self._known: dict[str, Any] = {}

    def learn(self, texts: Sequence[str]) -> None:
        """Embed the texts that are not known."""
        new = sorted({text for text in texts if text not in self._known}, key=len)
        for first in range(0, len(new), 256):
            batch = new[first : first + 256]
            self._known.update(zip(batch, self._embedder.embed_queries(batch), strict=True))

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Return the vectors of questions."""
        self.learn(queries)
        return np.array([self._known[query] for query in queries], dtype=np.float32)

    def embed_passages(self, passages: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Embed passages."""
        return self._embedder.embed_passages(passages, progress)

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        """Count tokens."""
        return self._embedder.count_tokens(passages)


def part_of(articles: Sequence[str]) -> Part:
    """Tell what the questions on these articles may be used for."""
    if any(map(is_held_out, articles)):
        return "held out"
    tuned = any(split_number(article) // 5 % _TUNING_PARTS == 0 for article in articles)
    return "tuned" if tuned else "trained"


def question_of(record: dict[str, Any]) -> Question:
    """Read a question of a set as the product does, its language being known."""
    text, language = record["question"], record["lang"].partition("-")[0]
    dates = find_asked_dates(text, language, _TODAY)
    return Question(text, text, language, dates, find_expected(text, language))


def learn_questions(queries: Sequence[dict[str, Any]], embedder: KnownQueries) -> None:
    """Embed the questions of a set and their words in one go."""
    texts = []
    for record in queries:
        question = question_of(record)
        text = undated(question) or question.standalone
        texts += [text, *content_words(text, question.language)]
    embedder.learn(texts)


def all_queries(name: str, folder: Path, part: Part) -> list[dict[str, Any]]:
    """Read the questions of a part of a set, ours on its articles too."""
    ours = NEWS / f"{name}.jsonl"
    queries = read_queries(folder)
    if ours.exists():
        queries += [{**query, "set": NEWS.name} for query in read_lines(ours)]
    return [
        query
        for query in queries
        for articles in [query["relevant"] or query.get("near")]
        if articles and part_of(articles) == part
    ]


def examples_of(name: str, folder: Path, store: Store, embedder: KnownQueries) -> Iterator[Example]:
    """Make the examples of a set."""
    # what is only about a day is found by its date
    queries = [query for query in all_queries(name, folder, "trained") if not _is_by_rule(query)]
    learn_questions(queries, embedder)
    shuffled = random.Random(_SEED)
    for record in queries:
        question = question_of(record)
        ranked = rank_rows(question, store, embedder)
        label = f"{record.get('set', name)} {record['lang']} {record['id']}"
        right = _right_rows(record, ranked, store)
        wrong = _texts(_wrong_rows(record, right, ranked, store), store)
        if not record["relevant"]:
            yield Example(label, question.text, wrong, answered=False, span=None)
        for row, span in right[:_RIGHT_TEXTS]:
            texts = [*_texts([row], store), *wrong]
            yield Example(label, question.text, texts, answered=True, span=span)
            moved = move_dates(question, shuffled)
            if moved is not None and not names_any(row, moved.dates, store):
                yield Example(f"{label} moved", moved.text, texts[:1], answered=False, span=None)


def _is_by_rule(query: dict[str, Any]) -> bool:
    """Whether a question was made of a day alone."""
    return query["kind"] == "day" and "near" not in query and not query.get("spans")


def _texts(rows: Sequence[int], store: Store) -> list[ReadText]:
    """Return what is read of rows."""
    return [read_text(store.articles[store.chunks[row].article], store.chunks[row]) for row in rows]


def names_any(row: int, dates: Sequence[AskedDate], store: Store) -> bool:
    """Whether a row names some of these days, or was published then."""
    published = store.articles[store.chunks[row].article].published
    named = [mention.range for mention in store.dates.of_row(row)]
    asked = [date.range for date in dates if date.range is not None]
    known = [days for days in [*named, published] if days is not None]
    return any(days.overlaps(wanted) for days in known for wanted in asked)


def folder_of(name: str, sets: Path) -> Path:
    """Return the folder of a set."""
    return NEWS if name == "news" else sets / name


def rank_rows(question: Question, store: Store, embedder: Embedder) -> list[int]:
    """Rank rows by what they say, whatever their dates, best first."""
    candidates = find_candidates(prepare(question, embedder, store), store, DEFAULT)
    order = np.lexsort((candidates.rows, -score_content(candidates, DEFAULT)))
    return [int(row) for row in candidates.rows[order]]


def _right_rows(
    record: dict[str, Any], ranked: Sequence[int], store: Store
) -> list[tuple[int, Span | None]]:
    """Find the rows that answer, and the answer in each; without known spans, the best ranked."""
    relevant = set(record["relevant"])
    found: dict[int, Span | None] = {}
    for span in record.get("spans", []):
        for row, chunk in enumerate(store.chunks):
            start, end = span_of(span)
            inside = chunk.start <= start and end <= chunk.end
            if inside and store.articles[chunk.article].id == span["doc"]:
                found.setdefault(row, (start - chunk.start, end - chunk.start))
    if not record.get("spans"):
        rows = [row for row in ranked if store.articles[store.chunks[row].article].id in relevant]
        found.update((row, None) for row in rows[:1])
    return list(found.items())


def span_of(span: dict[str, Any]) -> Span:
    """Return the characters of an answer: sets give its end or its text."""
    start = span["start"]
    return start, span["end"] if "end" in span else start + len(span["text"])


def _is_trained(row: int, store: Store) -> bool:
    """Whether a row is of an article that is trained on."""
    return part_of([store.articles[store.chunks[row].article].id]) == "trained"


def _answers(record: dict[str, Any], store: Store) -> set[str]:
    """Return the words of the answers, in lower case."""
    spans = [
        article.text[slice(*span_of(span))]
        for span in record.get("spans", [])
        for article in store.articles
        if article.id == span["doc"]
    ]
    return {answer.casefold() for answer in [*record.get("answers", []), *spans] if answer}


def _wrong_rows(
    record: dict[str, Any],
    right: Sequence[tuple[int, Span | None]],
    ranked: Sequence[int],
    store: Store,
) -> list[int]:
    """Choose rows that are near and do not answer: ranked high, or beside one that does.

    Only of articles that are trained on: the others must stay unseen.
    """
    relevant, near = set(record["relevant"]), set(record.get("near", []))
    taken = {row for row, _span in right}
    nearest = [row for row in ranked if store.articles[store.chunks[row].article].id in near]
    beside = [row + step for row, _span in right for step in (-1, 1)]
    answers = _answers(record, store)
    chosen: list[int] = []
    for row in [*nearest[:1], *ranked[:_WRONG_TEXTS], *beside, *ranked[_WRONG_TEXTS:]]:
        if row in taken or row in chosen or not 0 <= row < len(store.chunks):
            continue
        if not _is_trained(row, store):
            continue
        chunk = store.chunks[row]
        article = store.articles[chunk.article]
        text = article.text[chunk.start : chunk.end].casefold()
        # without spans nothing tells which rows of the right article answer
        doubtful = article.id in relevant and not record.get("spans")
        if doubtful or any(answer in text for answer in answers):
            continue
        chosen.append(row)
    return chosen[:_WRONG_TEXTS]


def move_dates(question: Question, shuffled: random.Random) -> Question | None:
    """Ask the same of other days: some days, a month or some years away; None without days.

    "Since 1979" and "before May" stay: what answers them may answer them moved. None too where a
    period is asked for, or where what is asked then is not as many other days.
    """
    text, end = question.text, 0
    places = []
    for asked in question.dates:
        start = text.find(asked.text, end)
        if start < 0:
            return None
        end = start + len(asked.text)
        if asked.range is not None and asked.relation == "on":
            places.append((start, end, asked.range))
    if not places or any(days.precision == "period" for _start, _end, days in places):
        return None
    for start, end, days in reversed(places):
        text = text[:start] + spell_date(_moved(days, shuffled), question.language) + text[end:]
    moved = question_of({"question": text, "lang": question.language})
    others = _days_asked(moved)
    same = any(other.overlaps(days) for other in others for _start, _end, days in places)
    whole = len(moved.dates) == len(question.dates) and len(others) == len(places)
    return moved if whole and not same else None


def _days_asked(question: Question) -> list[DateRange]:
    """Return the days that a question is about, open periods left out."""
    return [date.range for date in question.dates if date.range and date.relation == "on"]


def _moved(days: DateRange, shuffled: random.Random) -> DateRange:
    """Move a day by three days to a year, a month or a year by as many of its kind."""
    if days.precision == "day":
        away = shuffled.choice((3, 5, 8, 30, 31, 61, 365, 366, 730))
        return DateRange.day(days.first + timedelta(days=shuffled.choice((-1, 1)) * away))
    if days.precision == "month":
        other = days.first + timedelta(days=shuffled.choice((-365, -150, -45, 45, 100, 366)))
        return DateRange.month(other.year, other.month)
    return DateRange.year(days.first.year + shuffled.choice((-3, -2, -1, 1, 2, 3)))


def dated_examples(store: Store, embedder: KnownQueries) -> Iterator[Example]:
    """Make questions out of titles and of the days that texts name, and move them.

    The wrong texts are on the same matter and name other days.
    """
    shuffled = random.Random(_SEED)
    rows = list(range(len(store.chunks)))
    shuffled.shuffle(rows)
    made = 0
    for row in rows:
        article = store.articles[store.chunks[row].article]
        named = [
            mention.range
            for mention in store.dates.of_row(row)
            if mention.range is not None and mention.range.precision == "day"
        ]
        if not named or part_of([article.id]) != "trained" or made == _DATED_QUESTIONS:
            continue
        made += 1
        language = shuffled.choice(_LANGUAGES)
        day = shuffled.choice(named)
        spelled = spell_date(day, language)
        forms = f"{article.title}, {spelled}", f"{spelled} : {article.title} ?"
        text = shuffled.choice(forms)
        question = question_of({"question": text, "lang": language})
        others = [
            other
            for other in rank_rows(question, store, embedder)
            if store.chunks[other].article != store.chunks[row].article
            and not names_any(other, question.dates, store)
            and _is_trained(other, store)
        ]
        texts = _texts([row, *others[:_WRONG_TEXTS]], store)
        moved = spell_date(_other_day(named, article.published, shuffled), language)
        label = f"dated {article.id} {row}"
        yield Example(label, text, texts, answered=True, span=None)
        yield Example(f"{label} moved", text.replace(spelled, moved), texts[:1], False, None)


def _other_day(
    named: Sequence[DateRange], published: DateRange | None, shuffled: random.Random
) -> DateRange:
    """Choose a day that a text does not name and that is not just before its publication."""
    taken = [*named, *([published] if published else [])]
    while True:
        other = _moved(shuffled.choice(list(named)), shuffled)
        if all(abs((other.first - days.first).days) > 2 for days in taken):
            return other


def write(examples: Sequence[Example], path: Path) -> None:
    """Write examples, one a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")


def read(path: Path) -> list[Example]:
    """Read examples."""
    examples = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            record["texts"] = [ReadText(**text) for text in record["texts"]]
            record["span"] = tuple(record["span"]) if record["span"] else None
            examples.append(Example(**record))
    return examples


def main() -> None:
    """Make and write the examples of every set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, help="folder of question sets")
    parser.add_argument("--stores", type=Path, default=Path("build/bench"))
    parser.add_argument("--work", type=Path, default=Path("build/training"))
    parser.add_argument("--only", nargs="*", default=list(SETS))
    arguments = parser.parse_args()
    embedder = KnownQueries(open_embedder())
    for name in arguments.only:
        folder = folder_of(name, arguments.sets)
        store = open_set(folder, arguments.stores / name, embedder)
        examples = list(examples_of(name, folder, store, embedder))
        if name == "dated_fr":
            examples += dated_examples(store, embedder)
        write(examples, arguments.work / f"{name}.jsonl")
        print(f"{name}: {len(examples)} examples", flush=True)


if __name__ == "__main__":
    main()
