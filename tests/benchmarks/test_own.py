import json
from pathlib import Path

import pytest

from benchmarks.own import SAMPLE, SEEDS, OwnSet, own_sets
from index.load import Corpus
from index.types import Article
from qa.questions import parse_question, without_suffix


def test_the_words_that_answer_our_questions_stand_in_the_articles(corpus_folder: Path) -> None:
    articles = Corpus(corpus_folder).load().articles
    texts = {without_suffix(article.id): article.text for article in articles}
    questions = [parse_question(query) for query in SAMPLE.queries(articles)]

    for asked in questions:
        assert asked.answerable is bool(asked.spans)
        assert asked.relevant == {span.article for span in asked.spans}
        for span in asked.spans:
            assert span.text in texts[span.article], asked.question
    assert len(questions) == 40
    assert sum(not asked.answerable for asked in questions) == 12
    assert {asked.language for asked in questions} == {"fr", "en", "vi", "de", "es"}


def test_sentences_that_answer_may_be_told_by_their_place(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    query = {"question": "Où ?", "spans": [{"doc": "a.txt", "start": 3, "end": 8}]}
    path.write_text(json.dumps(query) + "\n", encoding="utf-8")

    (found,) = OwnSet("own", tmp_path, path).queries([Article("a.txt", "", "À la gare.")])

    assert found == {"question": "Où ?", "sentences": [{"doc": "a.txt", "text": "a gar"}]}


def test_a_set_without_its_articles_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = OwnSet("absent", Path("absent"), SEEDS.questions)
    monkeypatch.setattr("benchmarks.own.SEEDS", absent)

    assert own_sets() == [SAMPLE]
