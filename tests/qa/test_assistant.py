import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import index
import qa
from index.embed import NamedEmbedder, open_embedder
from index.errors import (
    DepecheError,
    EmbedderMismatch,
    ModelMissing,
    PeriodInvalid,
    StoreCorrupt,
    StoreMissing,
)
from index.snapshot import current_name
from index.types import Embedder
from qa import shared
from qa.assistant import Assistant
from qa.cite import check_citations
from qa.types import Answer

if TYPE_CHECKING:
    pass

TRAMWAY = "La ligne de tramway de Brest a été inaugurée par la maire de la ville."
HARVEST = "La récolte de blé de la Beauce a souffert de la grêle du printemps."
FINAL = "La finale du tournoi de rugby a été gagnée par l'équipe de Nantes."

WHO_OPENED = "Qui a inauguré la ligne de tramway de Brest ?"
WHO_WON = "Quelle équipe a gagné la finale du tournoi de rugby ?"


def write_article(corpus: Path, name: str, text: str, day: str = "2025-05-12") -> None:
    """Write an article that declares its title, date and source."""
    corpus.mkdir(exist_ok=True)
    head = f"---\ntitle: Nouvelles {name}\ndate: {day}\nsource: Agence\nlang: fr\n---\n\n"
    (corpus / f"{name}.md").write_text(head + text + "\n", encoding="utf-8")


def cited(answer: Answer) -> set[str]:
    return {citation.article.id for citation in answer.citations}


@pytest.fixture(autouse=True)
def one_embedder(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Note which embedders builds and assistants open."""
    opened: list[str | None] = []

    def open_once(model: str | None = None) -> Embedder:
        opened.append(model)
        return open_embedder(model)

    monkeypatch.setattr("index.builder.open_embedder", open_once)
    monkeypatch.setattr("qa.in_use.open_embedder", open_once)
    return opened


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    write_article(corpus, "tramway", TRAMWAY)
    write_article(corpus, "récolte", HARVEST)
    return corpus


@pytest.fixture
def store(corpus: Path, tmp_path: Path) -> Path:
    store = tmp_path / "store"
    index.build(corpus, store)
    return store


@pytest.fixture
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `qa.ask` and `qa.retrieve` start as in a process that has asked nothing yet."""
    monkeypatch.setattr(shared, "_assistants", {})


def damage(path: Path) -> None:
    """Flip a bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def data_files(store: Path) -> list[Path]:
    return sorted(path for path in (store / "snapshots").rglob("*") if path.is_file())


# opening


@pytest.mark.parametrize("made", [False, True], ids=["no folder", "an empty folder"])
def test_a_store_that_was_never_built_is_one_sentence(tmp_path: Path, made: bool) -> None:
    store = tmp_path / "store"
    if made:
        store.mkdir()

    with pytest.raises(StoreMissing) as caught:
        Assistant.open(store)

    assert str(caught.value) == (
        f"There is no index in {store} yet. Build it: depeche build CORPUS --store {store}"
    )


def test_a_store_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("nothing")

    with pytest.raises(StoreCorrupt, match="Build it again: depeche build"):
        Assistant.open(tmp_path / "store")


def test_a_bit_flipped_in_any_file_is_found_and_the_file_is_named(store: Path) -> None:
    files = data_files(store)

    assert {path.suffix for path in files} >= {".jsonl", ".npy", ".json"}
    for path in files:
        whole = path.read_bytes()
        damage(path)
        with pytest.raises(StoreCorrupt) as caught:
            Assistant.open(store)
        message = str(caught.value)
        assert str(path) in message
        assert message.endswith("Build it again: depeche build CORPUS --store STORE")
        assert "\n" not in message
        path.write_bytes(whole)
    assert Assistant.open(store).ask(WHO_OPENED).grounded


def test_a_file_that_is_missing_is_named(store: Path) -> None:
    path = data_files(store)[0]
    path.unlink()

    with pytest.raises(StoreCorrupt, match=path.name):
        Assistant.open(store)


def test_a_store_made_by_another_embedder_than_the_one_asked_for_is_one_sentence(
    store: Path, tiny_model: Path
) -> None:
    with pytest.raises(EmbedderMismatch) as caught:
        Assistant.open(store, model=str(tiny_model))

    message = str(caught.value)
    assert message.startswith(
        f"The index in {store} was made by the embedder multilingual-e5-small"
    )
    assert "not by tiny@" in message
    assert "Leave out --model" in message


def test_a_store_is_opened_with_the_model_that_built_it(
    corpus: Path, tmp_path: Path, tiny_model: Path, one_embedder: list[str | None]
) -> None:
    store = tmp_path / "store"
    index.build(corpus, store, model=str(tiny_model))

    assistant = Assistant.open(store)

    assert one_embedder == [str(tiny_model)] * 2
    assert assistant.index.embedder == NamedEmbedder(str(tiny_model)).identity
    assert len(assistant.retrieve(WHO_OPENED)) == 2


def test_a_model_that_is_gone_since_the_build_is_one_sentence(
    corpus: Path, tmp_path: Path, tiny_model: Path
) -> None:
    model = shutil.copytree(tiny_model, tmp_path / "tiny")
    index.build(corpus, tmp_path / "store", model=str(model))
    shutil.rmtree(model)

    with pytest.raises(ModelMissing, match=f"The model {model} cannot be loaded"):
        Assistant.open(tmp_path / "store")


# remembering


def test_a_question_asked_again_is_not_worked_out_again(store: Path) -> None:
    assistant = Assistant.open(store)

    first, again = assistant.ask(WHO_OPENED), assistant.ask(WHO_OPENED)
    filtered = assistant.ask(WHO_OPENED, languages="fr")

    assert again.passages is first.passages
    assert replace(again, seconds=0) == replace(first, seconds=0)
    assert filtered.passages is not first.passages


def test_a_list_asked_for_again_can_be_changed_by_whoever_got_it(store: Path) -> None:
    assistant = Assistant.open(store)

    first = assistant.retrieve(WHO_OPENED)
    kept = list(first)
    first.clear()

    assert assistant.retrieve(WHO_OPENED) == kept != []


# following rebuilds


def test_an_article_added_by_a_rebuild_answers_the_next_question(store: Path, corpus: Path) -> None:
    assistant = Assistant.open(store)
    before = assistant.ask(WHO_WON)

    write_article(corpus, "finale", FINAL)
    index.build(corpus, store)
    after = assistant.ask(WHO_WON)

    assert "finale.md" not in cited(before)
    assert cited(after) == {"finale.md"}


def test_an_article_removed_by_a_rebuild_is_never_cited_again(store: Path, corpus: Path) -> None:
    assistant = Assistant.open(store)
    before = assistant.ask(WHO_OPENED)

    (corpus / "tramway.md").unlink()
    index.build(corpus, store)
    after, passages = assistant.ask(WHO_OPENED), assistant.retrieve(WHO_OPENED)

    assert cited(before) == {"tramway.md"}
    assert {passage.article.id for passage in [*after.passages, *passages]} == {"récolte.md"}
    assert "tramway.md" not in cited(after)


def test_a_damaged_rebuild_leaves_the_snapshot_before_in_use(store: Path, corpus: Path) -> None:
    assistant = Assistant.open(store)
    opened = assistant.index.name

    write_article(corpus, "finale", FINAL)
    name = index.build(corpus, store).snapshot
    damage(store / "snapshots" / name / "articles.jsonl")

    assert cited(assistant.ask(WHO_OPENED)) == {"tramway.md"}
    assert assistant.index.name == opened != name == current_name(store)


@pytest.mark.parametrize("content", [None, "", "nothing", "../../elsewhere"], ids=repr)
def test_an_open_assistant_answers_whatever_becomes_of_current(
    store: Path, content: str | None
) -> None:
    assistant = Assistant.open(store)

    (store / "CURRENT").unlink()
    if content is not None:
        (store / "CURRENT").write_text(content)

    assert cited(assistant.ask(WHO_OPENED)) == {"tramway.md"}


def test_an_open_assistant_answers_when_the_store_is_deleted(store: Path) -> None:
    assistant = Assistant.open(store)

    shutil.rmtree(store)

    assert cited(assistant.ask(WHO_OPENED)) == {"tramway.md"}


def test_a_rebuild_with_another_embedder_is_followed(
    store: Path, corpus: Path, tiny_model: Path
) -> None:
    assistant = Assistant.open(store)

    index.build(corpus, store, model=str(tiny_model))

    assert len(assistant.retrieve(WHO_OPENED)) == 2
    assert assistant.index.embedder.startswith("tiny@")


def test_an_assistant_of_a_named_embedder_stays_with_it(
    store: Path, corpus: Path, tiny_model: Path
) -> None:
    assistant = Assistant.open(store, model="default")

    index.build(corpus, store, model=str(tiny_model))

    assert cited(assistant.ask(WHO_OPENED)) == {"tramway.md"}
    assert assistant.index.embedder.startswith("multilingual-e5-small@")


def test_a_rebuild_with_a_model_that_is_gone_leaves_the_snapshot_before_in_use(
    store: Path, corpus: Path, tiny_model: Path, tmp_path: Path
) -> None:
    assistant = Assistant.open(store)
    model = shutil.copytree(tiny_model, tmp_path / "tiny")

    index.build(corpus, store, model=str(model))
    shutil.rmtree(model)

    assert cited(assistant.ask(WHO_OPENED)) == {"tramway.md"}


def test_a_rebuild_that_changes_nothing_is_not_opened_again(store: Path, corpus: Path) -> None:
    assistant = Assistant.open(store)
    content = assistant.index

    index.build(corpus, store)

    assert assistant.index is content


def test_eight_threads_are_answered_through_rebuilds_from_one_snapshot_or_another(
    store: Path, corpus: Path, tiny_model: Path
) -> None:
    """The articles say another name in each build, and the embedder changes once."""
    assistant = Assistant.open(store)
    names = ["Rennes", "Nantes", "Brest", "Vannes"]
    built = threading.Event()

    def rebuild() -> None:
        for number, name in enumerate(names):
            write_article(corpus, "finale", f"La finale de rugby a été gagnée par {name} mardi.")
            model = str(tiny_model) if number == 2 else None
            index.build(corpus, store, model=model)
        built.set()

    def ask_until_built() -> list[Answer]:
        answers = []
        while not built.is_set():
            answers.append(assistant.ask("Qui a gagné la finale de rugby ?"))
            time.sleep(0.05)
        return answers

    with ThreadPoolExecutor(8) as threads:
        asking = [threads.submit(ask_until_built) for _ in range(7)]
        rebuilding = threads.submit(rebuild)
        try:
            rebuilding.result()
        finally:
            built.set()
        answers = [answer for asked in asking for answer in asked.result()]

    assert answers
    for answer in answers:
        check_citations(answer)
        for passage in answer.passages:
            assert passage.text == passage.article.text[passage.start : passage.end]
            if passage.article.id == "finale.md":
                assert any(name in passage.text for name in names)
    last = assistant.ask("Qui a gagné la finale de rugby ?")
    assert {"Vannes" in citation.quote for citation in last.citations} == {True}


# qa.ask and qa.retrieve


@pytest.mark.usefixtures("fresh_process")
def test_a_store_is_opened_once_per_process_and_followed(
    store: Path, corpus: Path, one_embedder: list[str | None]
) -> None:
    one_embedder.clear()

    assert cited(qa.ask(WHO_OPENED, store=store)) == {"tramway.md"}
    assert qa.retrieve(WHO_OPENED, store=str(store))[0].article.id == "tramway.md"
    assert qa.retrieve(WHO_OPENED, store=store / "snapshots" / "..", k=1)
    assert one_embedder == ["default"]

    write_article(corpus, "finale", FINAL)
    index.build(corpus, store)
    assert cited(qa.ask(WHO_WON, store=store)) == {"finale.md"}


@pytest.mark.usefixtures("fresh_process")
def test_the_store_of_the_environment_is_asked_when_none_is_named(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPECHE_STORE", str(store))

    assert cited(qa.ask(WHO_OPENED)) == {"tramway.md"}
    assert qa.retrieve(WHO_OPENED, k=1)[0].article.id == "tramway.md"
    assert Assistant.open().index.name == current_name(store)


@pytest.mark.usefixtures("fresh_process")
def test_the_store_here_is_asked_when_the_environment_names_none(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEPECHE_STORE", raising=False)
    monkeypatch.chdir(store.parent)

    assert cited(qa.ask(WHO_OPENED)) == {"tramway.md"}


@pytest.mark.usefixtures("fresh_process")
def test_a_store_that_is_built_later_is_found_then(corpus: Path, tmp_path: Path) -> None:
    store = tmp_path / "later"
    with pytest.raises(StoreMissing):
        qa.ask(WHO_OPENED, store=store)

    index.build(corpus, store)

    assert cited(qa.ask(WHO_OPENED, store=store)) == {"tramway.md"}


@pytest.mark.usefixtures("fresh_process")
def test_filters_and_history_are_passed_on(store: Path) -> None:
    assert qa.retrieve(WHO_OPENED, store=store, after="2026") == []
    assert not qa.ask(WHO_OPENED, store=store, sources=["inconnue"]).passages
    assert qa.ask("et en 2025 ?", [(WHO_OPENED, "…")], store=store).question.is_follow_up
    with pytest.raises(PeriodInvalid):
        qa.ask(WHO_OPENED, store=store, before="jamais")


# questions and histories as people, and programs, really send them


@pytest.fixture(scope="module")
def sample(sample_store: Path) -> Assistant:
    return Assistant.open(sample_store)


ODD = {
    "one letter": "a",
    "half a character": "qui \ud800 a signé ?",
    "SQL": "'; DROP TABLE articles; --",
    "HTML": "<script>alert(1)</script> Tô Lâm",
    "Markdown": "# qui\n- **a** [signé](x) `le` 12 mai",
    "marks": "Qui [1] a signé [2] ?",
    "braces": "%s {0} {dates} {title}",
    "right to left": "\u202eماذا تم توقيعه في 12 مايو؟",
    "Chinese": "5月12日签署了什么？",
    "Thai": "มีการลงนามอะไรในวันที่ 12 พฤษภาคม",
    "29 February": "Que s'est-il passé le 29 février ?",
    "the year 9999": "since 31 December 9999",
    "the year 1": "avant le 1er janvier 0001",
    "a range over New Year": "du 20 décembre au 5 janvier",
    "numbers": "12/05",
    "the same date 200 times": "12 mai " * 200,
    "2,000 letters": "a" * 2000,
}


@pytest.mark.parametrize("question", ODD.values(), ids=ODD)
def test_an_odd_question_gets_an_answer_that_obeys_the_laws(
    sample: Assistant, question: str
) -> None:
    answer = sample.ask(question)

    check_citations(answer)
    assert answer.grounded == bool(answer.citations)
    assert len(answer.text.split("\n\n")[0]) < 400


@pytest.mark.parametrize(
    "question",
    ["", "   ", "?", "…!?", "😀" * 2000, "\x00", "\u200f\u200e"],
    ids=lambda q: ascii(q)[:9],
)
def test_a_question_without_a_word_is_told_what_to_ask(sample: Assistant, question: str) -> None:
    answer = sample.ask(question)

    assert answer.text == "Posez une question : un nom, un lieu, une date…"
    assert (answer.grounded, answer.citations, answer.passages) == (False, (), ())


def test_a_question_of_10000_characters_is_told_the_limit_in_its_language(
    sample: Assistant,
) -> None:
    answer = sample.ask("Qui a signé la déclaration ? " * 400)

    assert answer.text == (
        f"La question compte {29 * 400} caractères, pour 2000 au plus. Raccourcissez-la."
    )
    assert (answer.grounded, answer.passages) == (False, ())


@pytest.mark.parametrize("question", ["12 mai", "le 12 mai 2025", "12/05/2025", "2025-05-12"])
def test_a_day_alone_is_answered_by_its_news(sample: Assistant, question: str) -> None:
    answer = sample.ask(question)

    assert answer.grounded
    assert "12 mai" in " ".join(citation.quote for citation in answer.citations)


@pytest.mark.parametrize("question", ["le", "et", "de la", "qui ?", "what"])
def test_words_that_say_nothing_are_not_answered(sample: Assistant, question: str) -> None:
    assert not sample.ask(question).grounded


@pytest.mark.parametrize("question", ["le", "et", "a", "x"])
def test_a_question_of_a_letter_or_two_is_answered_in_french(
    sample: Assistant, question: str
) -> None:
    assert sample.ask(question).question.language == "fr"


@pytest.mark.parametrize("question", ["1789", "en 2019", "le 1er janvier 1789", "avant 1789"])
def test_a_date_without_news_is_not_answered(sample: Assistant, question: str) -> None:
    assert not sample.ask(question).grounded


def test_a_date_asked_for_twice_is_told_once(sample: Assistant) -> None:
    answer = sample.ask("le 12 mai 2025, oui le 12 mai 2025")

    assert answer.text.startswith("Date comprise\N{NO-BREAK SPACE}: 12 mai 2025. ")


def test_an_answer_in_english_for_want_of_phrases_writes_its_dates_in_english_too(
    sample: Assistant,
) -> None:
    answer = sample.ask("что было подписано 12 августа 2025 года?")

    assert answer.question.language == "ru"
    assert "12 August 2025" in answer.text
    assert "августа" not in answer.text


@pytest.mark.parametrize(
    "history",
    [
        [],
        [("", "")],
        [("   ", ""), ("", "…")],
        (("Qui a signé ?", "…"),),
        [("Qu'est-ce qui a été signé le 12 mai ?", "…")] * 1000,
        [("et lui ?", "…")] * 20,
        [("qui \ud800 a signé ?", "\ud800")],
        [("mot " * 20_000, "mot " * 20_000)],
    ],
    ids=["none", "empty", "blank", "tuple", "1,000 pairs", "follow-ups", "half", "long"],
)
def test_an_odd_history_does_no_harm(sample: Assistant, history: list[tuple[str, str]]) -> None:
    answer = sample.ask("et le 3 décembre ?", history)

    check_citations(answer)
    assert answer.question.text == "et le 3 décembre ?"


def test_only_errors_of_the_tree_come_out(sample: Assistant) -> None:
    for filters in ({"after": 3}, {"after": b"2025"}, {"before": object()}, {"after": "32 mai"}):
        with pytest.raises(DepecheError):
            sample.ask("Qui a signé ?", **filters)
