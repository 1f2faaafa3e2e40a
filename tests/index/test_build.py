import json
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import index
from index.embed import NamedEmbedder
from index.errors import CorpusEmpty, CorpusMissing, ModelMissing, StoreBusy, StoreMissing
from index.snapshot import current_name, digest_content, open_snapshot, snapshot_names
from index.types import BuildReport

ROOT = Path(__file__).resolve().parents[2]

PARAGRAPHS = [
    "Le Vietnam et la Biélorussie ont signé un accord sur {}. " * 8,
    "Les ministres se sont rencontrés à Minsk pour parler de {}. " * 8,
    "La coopération entre les deux pays porte aussi sur {}. " * 8,
]


def write_article(corpus: Path, name: str, subject: str, paragraphs: list[str]) -> Path:
    """Write an article that declares its title, date and source: its file name tells nothing."""
    path = corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"---\ntitle: À propos de {subject}\ndate: 2025-05-12\nsource: Agence\n---\n\n"
    body = "\n\n".join(paragraph.replace("{}", subject).strip() for paragraph in paragraphs)
    path.write_text(head + body + "\n", encoding="utf-8")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "articles d'été"
    for name, subject in {"a.md": "visas", "b.md": "tracteurs", "c.md": "culture"}.items():
        write_article(corpus, name, subject, PARAGRAPHS)
    return corpus


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def build(corpus: Path, store: Path, tiny_model: Path) -> Callable[..., BuildReport]:
    """Build the corpus with the small model."""

    def run(into: Path = store, **options: object) -> BuildReport:
        return index.build(corpus, into, model=str(tiny_model), **options)  # type: ignore[arg-type]

    return run


def files(store: Path) -> dict[str, bytes]:
    """The files of the snapshot in force."""
    folder = store / "snapshots" / current_name(store)
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def leftovers(store: Path) -> list[str]:
    return [path.name for path in store.rglob("*.tmp")]


def test_a_build_reports_what_it_did(
    build: Callable[..., BuildReport], corpus: Path, store: Path
) -> None:
    (corpus / "photo.jpg").write_bytes(b"\xff\xd8")

    report = build()

    opened = open_snapshot(store)
    assert (report.articles, report.chunks) == (3, len(opened.chunks))
    assert (report.embedded, report.reused) == (report.chunks, 0)
    assert [path for path, _ in report.skipped] == ["photo.jpg"]
    assert report.snapshot == opened.name == current_name(store)
    assert 0 < report.seconds < 600
    assert [article.id for article in opened.articles] == ["a.md", "b.md", "c.md"]


def test_two_builds_of_the_same_corpus_are_the_same_bytes(
    build: Callable[..., BuildReport], store: Path, tmp_path: Path
) -> None:
    build(store)
    build(tmp_path / "other")

    first, second = files(store), files(tmp_path / "other")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert digest_content(open_snapshot(store)) == digest_content(open_snapshot(tmp_path / "other"))


def test_building_again_without_a_change_embeds_nothing_and_keeps_the_snapshot(
    build: Callable[..., BuildReport], store: Path
) -> None:
    first = build()
    before = files(store)

    again = build()

    assert (again.embedded, again.reused) == (0, first.chunks)
    assert again.snapshot == first.snapshot
    assert snapshot_names(store) == [first.snapshot]
    assert files(store) == before


def test_only_the_chunks_that_changed_are_embedded_again(
    build: Callable[..., BuildReport], corpus: Path, store: Path
) -> None:
    build()
    before = open_snapshot(store)
    texts = {
        before.articles[chunk.article].text[chunk.start : chunk.end] for chunk in before.chunks
    }
    write_article(corpus, "b.md", "tracteurs", [*PARAGRAPHS[:2], "Rien n'a été dit de {}. " * 8])

    report = build()

    after = open_snapshot(store)
    changed = [
        chunk
        for chunk in after.chunks
        if after.articles[chunk.article].text[chunk.start : chunk.end] not in texts
    ]
    assert report.embedded == len(changed) > 0
    assert {after.articles[chunk.article].id for chunk in changed} == {"b.md"}
    assert report.reused == report.chunks - len(changed) > 0


def test_vectors_that_are_reused_are_those_of_their_chunk(
    build: Callable[..., BuildReport], corpus: Path, store: Path, tmp_path: Path, tiny_model: Path
) -> None:
    build()
    write_article(corpus, "0.md", "radio", PARAGRAPHS)
    (corpus / "b.md").unlink()
    build()

    fresh = tmp_path / "fresh"
    build(fresh)

    reused, embedded = open_snapshot(store), open_snapshot(fresh)
    rows = range(len(embedded.chunks))
    assert list(reused.chunks) == list(embedded.chunks)
    ones, others = (
        vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        for vectors in (reused.vectors.vectors(rows), embedded.vectors.vectors(rows))
    )
    assert (ones * others).sum(axis=1).min() > 0.9999
    assert NamedEmbedder(str(tiny_model)).identity == reused.embedder


@pytest.mark.parametrize("name", ["z.md", "dossier/b.md", "été à Huế.md"])
def test_a_file_that_is_renamed_is_not_embedded_again(
    build: Callable[..., BuildReport], corpus: Path, store: Path, name: str
) -> None:
    first = build()
    (corpus / name).parent.mkdir(exist_ok=True)
    (corpus / "b.md").rename(corpus / name)

    report = build()

    assert (report.embedded, report.reused) == (0, first.chunks)
    assert report.snapshot != first.snapshot
    ids = [article.id for article in open_snapshot(store).articles]
    assert ids == sorted(["a.md", "c.md", name])


def test_a_file_that_is_deleted_is_found_no_more(
    build: Callable[..., BuildReport], corpus: Path, store: Path
) -> None:
    first = build()
    (corpus / "b.md").unlink()

    report = build()

    opened = open_snapshot(store)
    assert report.embedded == 0
    assert report.chunks == len(opened.chunks) == first.chunks * 2 // 3
    assert [article.id for article in opened.articles] == ["a.md", "c.md"]
    assert opened.match_words([{"tracteur": 1.0}]).best(10) == []
    assert {chunk.article for chunk in opened.chunks} == {0, 1}


def test_what_a_build_takes_over_from_the_one_before_is_what_it_would_find_again(
    build: Callable[..., BuildReport], corpus: Path, store: Path, tmp_path: Path
) -> None:
    build()
    (corpus / "a.md").unlink()
    write_article(corpus, "b.md", "trams", [*PARAGRAPHS, "Le 3 juin 2024, il a plu."])
    write_article(corpus, "d.md", "bateaux", PARAGRAPHS)

    build()
    build(tmp_path / "anew")

    kinds = ("dates/", "lexical/", "vocabulary/", "written/")
    taken, found = (
        {name: data for name, data in files(root).items() if name.startswith(kinds)}
        for root in (store, tmp_path / "anew")
    )
    assert len(found) == 27
    assert taken == found


def test_going_back_to_an_older_corpus_embeds_nothing(
    build: Callable[..., BuildReport], corpus: Path
) -> None:
    write_article(corpus, "d.md", "radio", PARAGRAPHS)
    build()
    text = (corpus / "d.md").read_text(encoding="utf-8")
    write_article(corpus, "d.md", "bateau", PARAGRAPHS)
    assert build().embedded > 0

    (corpus / "d.md").write_text(text, encoding="utf-8")

    assert build().embedded == 0


def test_another_model_embeds_everything_again(
    build: Callable[..., BuildReport], corpus: Path, store: Path, tiny_model: Path, tmp_path: Path
) -> None:
    build()
    other = shutil.copytree(tiny_model, tmp_path / "other model")
    config = json.loads((other / "config_sentence_transformers.json").read_text())
    config["prompts"] = {"query": "", "document": ""}
    (other / "config_sentence_transformers.json").write_text(json.dumps(config))

    report = index.build(corpus, store, model=str(other))

    assert (report.embedded, report.reused) == (report.chunks, 0)
    opened = open_snapshot(store)
    assert opened.model == str(other)
    assert opened.embedder == NamedEmbedder(str(other)).identity


def test_a_model_has_its_own_width(build: Callable[..., BuildReport], store: Path) -> None:
    build()

    opened = open_snapshot(store)

    assert opened.vectors.dimension == 32
    assert opened.embedder.startswith("tiny@")


def test_no_chunk_is_longer_than_the_model_reads(
    build: Callable[..., BuildReport], corpus: Path, store: Path, tiny_model: Path
) -> None:
    write_article(corpus, "long.md", "越南" * 60, ["q" * 900 + " {}", "越南总理" * 300])
    build()

    from index.chunk import embedded_text

    embedder, opened = NamedEmbedder(str(tiny_model)), open_snapshot(store)
    counts = embedder.count_tokens(
        [
            embedded_text(opened.articles[chunk.article], (chunk.start, chunk.end))
            for chunk in opened.chunks
        ]
    )
    assert max(counts) <= embedder.max_tokens


@pytest.mark.parametrize("file", ["articles.jsonl", "vectors.npy", "manifest.json"])
def test_a_damaged_store_is_built_again_from_the_articles(
    build: Callable[..., BuildReport], store: Path, file: str
) -> None:
    first = build()
    (store / "snapshots" / first.snapshot / file).write_bytes(b"\x00")

    report = build()

    assert report.embedded == report.chunks == first.chunks
    assert open_snapshot(store).name == report.snapshot != first.snapshot


def test_steps_tell_their_progress_up_to_all(build: Callable[..., BuildReport]) -> None:
    told: list[tuple[str, int, int]] = []

    report = build(progress=lambda *step: told.append(step))

    last = {step: (done, total) for step, done, total in told}
    assert last["read"] == last["split"] == (3, 3)
    assert last["embed"] == (report.chunks, report.chunks)
    assert all(done <= total for _, done, total in told)


def test_a_folder_that_is_not_there_is_named_before_anything_is_loaded(store: Path) -> None:
    with pytest.raises(CorpusMissing, match="no-such-folder"):
        index.build("no-such-folder", store, model="nor/such-a-model")

    assert not store.exists()


def test_a_folder_without_articles_is_named_and_builds_no_store(
    tmp_path: Path, store: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "photo.jpg").write_bytes(b"\xff")

    with pytest.raises(CorpusEmpty, match="1 skipped"):
        index.build(tmp_path / "empty", store)

    with pytest.raises(StoreMissing):
        open_snapshot(store)


def test_a_missing_model_leaves_the_store_as_it_was(
    build: Callable[..., BuildReport], corpus: Path, store: Path
) -> None:
    first = build()

    with pytest.raises(ModelMissing):
        index.build(corpus, store, model="nobody/has-such-a-model")

    assert current_name(store) == first.snapshot


def test_the_store_is_where_the_environment_says(
    corpus: Path,
    tiny_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEPECHE_STORE", str(tmp_path / "elsewhere"))

    report = index.build(corpus, model=str(tiny_model))

    assert current_name(tmp_path / "elsewhere") == report.snapshot


@pytest.fixture
def changed(build: Callable[..., BuildReport], corpus: Path, store: Path) -> Iterator[BuildReport]:
    """A store whose corpus has changed since; the snapshot must stay in force in the test."""
    report = build()
    before = files(store)
    write_article(corpus, "d.md", "radio", PARAGRAPHS)

    yield report

    assert build().snapshot == current_name(store) != report.snapshot
    assert leftovers(store) == []
    assert "d.md" in [article.id for article in open_snapshot(store).articles]
    assert sorted(before) == sorted(files(store))


@pytest.mark.parametrize("step", ["read", "split", "embed"])
def test_a_build_that_fails_at_a_step_leaves_the_snapshot_before_in_force(
    build: Callable[..., BuildReport], store: Path, changed: BuildReport, step: str
) -> None:
    def fail(at: str, _done: int, _total: int) -> None:
        if at == step:
            raise RuntimeError("the model fell over")

    with pytest.raises(RuntimeError, match="fell over"):
        build(progress=fail)

    assert open_snapshot(store).name == changed.snapshot


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on this system")
def test_a_build_that_is_killed_leaves_the_snapshot_before_in_force(
    corpus: Path,
    store: Path,
    changed: BuildReport,
    tiny_model: Path,
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    program = (
        "import os, signal, sys, index\n"
        "def die(step, done, total):\n"
        "    if step == 'embed': os.kill(os.getpid(), signal.SIGKILL)\n"
        "index.build(sys.argv[1], sys.argv[2], model=sys.argv[3], progress=die)\n"
    )

    ended = run_python("-c", program, corpus, store, tiny_model)

    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert open_snapshot(store).name == changed.snapshot


def test_of_two_builds_at_once_the_second_is_refused_and_the_first_goes_on(
    build: Callable[..., BuildReport], store: Path
) -> None:
    inside, refused = threading.Event(), threading.Event()
    reports: list[BuildReport] = []

    def wait(step: str, _done: int, _total: int) -> None:
        if step == "embed":
            inside.set()
            refused.wait(60)

    first = threading.Thread(target=lambda: reports.append(build(progress=wait)))
    first.start()
    assert inside.wait(60)
    try:
        with pytest.raises(StoreBusy) as caught:
            build()
    finally:
        refused.set()
        first.join()

    assert f"Another build is writing to {store}" in str(caught.value)
    assert [report.snapshot for report in reports] == [current_name(store)]


def test_another_process_that_builds_is_respected(
    build: Callable[..., BuildReport], store: Path
) -> None:
    hold = (
        "import sys\nfrom pathlib import Path\nfrom index.snapshot import lock_store\n"
        "with lock_store(Path(sys.argv[1])):\n    print('held', flush=True)\n    input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"

        with pytest.raises(StoreBusy):
            build()

        other.kill()

    assert build().snapshot == current_name(store)
