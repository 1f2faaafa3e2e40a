import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import index
from index import apart, inventory, load
from index.apart import Worker
from index.embed import NamedEmbedder
from index.errors import CorpusEmpty
from index.inventory import (
    INVENTORY_FILE,
    PACKAGES,
    Inventories,
    Inventory,
    Record,
    Stamp,
    Stamps,
    reading_version,
)
from index.load import Corpus
from index.snapshot import current_name, digest_content, open_snapshot
from index.types import BuildReport, Skipped

Build = Callable[..., BuildReport]

ROOT = Path(__file__).resolve().parents[2]

NAMES = ["a.txt", "b.md", "c/a.txt", "c/d.md", "é.txt", "photo.jpg"]

# the first three have the same length, two have the same words, the last two are versions of one
TEXTS = [
    "Le pont de la gare a été ouvert lundi par le maire.",
    "Le pont de la mare a été ouvert lundi par le maire.",
    "Le pont  de la gare a été ouvert lundi par le mair.",
    "Le pont de la gare\na été  ouvert lundi par le maire.",
    "",
    "Les deux présidents ont signé lundi une déclaration commune au palais de la ville.",
    "Les deux présidents ont signé lundi une déclaration commune au palais. " + "Ils partent. " * 9,
]


@pytest.fixture
def _no_racy_stamps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust a stamp at once: this file system's clock ticks a thousand times a second."""
    monkeypatch.setattr(inventory, "_TICK_NS", 0)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "articles"
    (corpus / "c").mkdir(parents=True)
    (corpus / "keep.txt").write_text("Un article qui reste toujours là.", encoding="utf-8")
    return corpus


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> NamedEmbedder:
    return NamedEmbedder(str(tiny_model))


@pytest.fixture
def build(
    corpus: Path,
    tmp_path: Path,
    tiny: NamedEmbedder,
    tiny_model: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Build:
    """Build with the small model, which is loaded once."""
    monkeypatch.setattr("index.builder.open_embedder", lambda _model: tiny)

    def run(store: Path | None = None, folder: Path = corpus, **options: object) -> BuildReport:
        into = store or tmp_path / "store"
        return index.build(folder, into, model=str(tiny_model), **options)  # type: ignore[arg-type]

    return run


def write(corpus: Path, name: str, text: str) -> Path:
    path = corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are parsed, as they are."""
    names: list[str] = []
    original = load.articles_in

    def noting(path: Path, file_id: str, data: bytes) -> object:
        names.append(file_id)
        return original(path, file_id, data)

    monkeypatch.setattr(load, "articles_in", noting)
    return names


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose content is read."""
    names: list[str] = []
    original = load._read_bytes

    def noting(path: Path, limit: int) -> object:
        names.append(path.name)
        return original(path, limit)

    monkeypatch.setattr(load, "_read_bytes", noting)
    return names


OPERATIONS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.integers(0, len(TEXTS) - 1)),
    st.tuples(st.just("replace"), st.sampled_from(NAMES), st.integers(0, 2)),
    st.tuples(st.just("remove"), st.sampled_from(NAMES), st.just(0)),
    st.tuples(st.just("touch"), st.sampled_from(NAMES), st.just(0)),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.integers(0, len(NAMES) - 1)),
    st.tuples(st.just("decompose"), st.sampled_from(NAMES), st.just(0)),
)


def change(corpus: Path, operation: str, name: str, number: int) -> None:
    """Change one file of a corpus; nothing, if it is not there."""
    path = corpus / name
    match operation:
        case "write":
            write(corpus, name, TEXTS[number])
        case "replace" if path.exists():  # as large and, as far as it tells, as old as before
            before = path.stat()
            path.write_text(TEXTS[number], encoding="utf-8")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        case "remove":
            path.unlink(missing_ok=True)
        case "touch" if path.exists():
            path.touch()
        case "rename" if path.exists():
            path.replace(corpus / NAMES[number])
        case "decompose" if path.exists():
            path.rename(corpus / unicodedata.normalize("NFD", name))


@pytest.mark.usefixtures("_no_racy_stamps")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.lists(OPERATIONS, max_size=4), min_size=2, max_size=5))
def test_what_builds_add_up_to_is_what_one_build_makes(
    build: Build,
    tmp_path: Path,
    rounds: list[list[tuple[str, str, int]]],
) -> None:
    place = Path(tempfile.mkdtemp(dir=tmp_path))
    corpus = place / "articles"
    write(corpus, "keep.txt", "Un article qui reste toujours là.")
    (corpus / "c").mkdir()
    for number, operations in enumerate(rounds):
        for operation in operations:
            change(corpus, *operation)

        report = build(place / "store", corpus)
        whole = build(place / f"store {number}", corpus)

        step_by_step = open_snapshot(place / "store")
        at_once = open_snapshot(place / f"store {number}")
        assert digest_content(step_by_step) == digest_content(at_once)
        assert step_by_step.skipped == at_once.skipped == report.skipped == whole.skipped
        assert step_by_step.stories.groups == at_once.stories.groups
        assert step_by_step.inventory == at_once.inventory
        assert (report.articles, report.chunks) == (whole.articles, whole.chunks)


@pytest.mark.usefixtures("_no_racy_stamps")
def test_what_did_not_change_is_not_opened(
    build: Build, corpus: Path, opened: list[str], parsed: list[str]
) -> None:
    write(corpus, "a.txt", TEXTS[0])
    first = build()
    opened.clear(), parsed.clear()  # type: ignore[func-returns-value]

    again = build()

    assert (opened, parsed) == ([], [])
    assert again.snapshot == first.snapshot
    assert (again.articles, again.chunks, again.skipped) == (2, first.chunks, ())
    assert (again.embedded, again.reused, again.unchanged) == (0, first.chunks, 2)


@pytest.mark.usefixtures("_no_racy_stamps")
def test_of_many_files_the_one_that_changed_is_read(
    build: Build, corpus: Path, opened: list[str], parsed: list[str]
) -> None:
    for number in range(9):
        write(corpus, f"{number}.txt", f"Le pont numéro {number} a été ouvert lundi par le maire.")
    build()
    opened.clear(), parsed.clear()  # type: ignore[func-returns-value]
    write(corpus, "5.txt", "Le pont numéro 5 a été fermé mardi par le préfet.")

    report = build()

    assert set(opened) == {"5.txt"}
    assert parsed == ["5.txt"]
    assert (report.unchanged, report.embedded) == (9, 1)


def test_a_file_that_was_only_touched_is_not_parsed_again(
    build: Build, corpus: Path, parsed: list[str]
) -> None:
    build()
    parsed.clear()
    os.utime(corpus / "keep.txt", (1, 1))

    assert build().unchanged == 1
    assert parsed == []


def test_a_file_of_this_moment_is_read_again_since_its_stamp_proves_nothing(
    build: Build, opened: list[str]
) -> None:
    build()
    opened.clear()

    build()

    assert opened == ["keep.txt"]


def test_a_full_build_reads_everything_again(
    build: Build, parsed: list[str], opened: list[str]
) -> None:
    first = build()
    parsed.clear(), opened.clear()  # type: ignore[func-returns-value]

    report = build(full=True)

    assert parsed == opened == ["keep.txt"]
    assert (report.unchanged, report.embedded, report.snapshot) == (0, 0, first.snapshot)


BUSY = """
import os, sys
from index import readers, worker
from index.readers import Extracted, Format

def end(path, data):
    os.kill(os.getpid(), 9)

def loop(path, data):
    while True:
        pass

readers.FORMATS[".pdf"] = Format({"killed": end, "slow": loop}[sys.argv[1]])
worker.SECONDS = 1
worker.main()
"""


@pytest.mark.usefixtures("_no_racy_stamps")
@pytest.mark.parametrize("trouble", ["killed", "slow"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_the_machine_kept_from_being_read_is_read_by_the_next_build(
    build: Build,
    corpus: Path,
    parsed: list[str],
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
    packed: bool,
) -> None:
    document = FPDF()
    document.add_page()
    document.set_font("Helvetica", size=11)
    document.text(20, 40, "Le tramway relie la gare au port.")
    name = "a.zip" if packed else "a.pdf"
    (corpus / "a.pdf").write_bytes(bytes(document.output()))
    if packed:
        with ZipFile(corpus / "a.zip", "w") as archive:
            archive.write(corpus / "a.pdf", "a.pdf")
        (corpus / "a.pdf").unlink()
    with monkeypatch.context() as busy:
        busy.setattr(apart, "_worker", Worker([sys.executable, "-P", "-c", BUSY, trouble]))
        assert build().articles == 1
    parsed.clear()

    report = build()

    assert parsed == [name]
    assert (report.articles, report.skipped, report.unchanged) == (2, (), 1)
    assert build().unchanged == 2


@pytest.mark.parametrize("what", ["code", "package"])
def test_other_code_or_packages_read_everything_again_and_embed_nothing(
    build: Build, parsed: list[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    first = build()
    parsed.clear()
    monkeypatch.setattr("index.builder.reading_version", lambda: what)
    monkeypatch.setattr("index.load.reading_version", lambda: what)

    report = build()

    assert parsed == ["keep.txt"]
    assert (report.embedded, report.reused) == (0, first.chunks)
    assert report.snapshot != first.snapshot
    assert build().snapshot == report.snapshot


def test_a_package_that_comes_or_goes_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = reading_version.__wrapped__()
    monkeypatch.setattr(inventory, "_installed", lambda name: (name == "PyYAML" and "9") or "")

    assert reading_version.__wrapped__() != before == reading_version()


def test_every_package_of_a_format_counts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {
        wish.split(">")[0].split("[")[0].strip()
        for name in {"html", "pdf", "office", "formats"} & extras.keys()
        for wish in extras[name]
    }

    assert wanted - {"depeche"} <= set(PACKAGES)
    assert list(PACKAGES) == sorted(PACKAGES, key=str.casefold)


def test_the_copy_takes_the_place_of_a_first_one_that_went(
    build: Build, corpus: Path, tmp_path: Path
) -> None:
    write(corpus, "a.txt", TEXTS[0])
    write(corpus, "b.txt", TEXTS[3])
    assert build().skipped == (Skipped("b.txt", "same text as a.txt"),)
    (corpus / "a.txt").unlink()

    report = build()

    ids = [article.id for article in open_snapshot(tmp_path / "store").articles]
    assert (ids, report.skipped) == (["b.txt", "keep.txt"], ())


def test_a_store_among_the_articles_is_no_article(build: Build, corpus: Path) -> None:
    write(corpus, "store/of/articles.txt", TEXTS[0])
    store = corpus / "index"
    first = build(store)
    write(corpus, "index/note.txt", TEXTS[5])

    again = build(store)

    assert first.articles == again.articles == 2
    assert again.snapshot == first.snapshot


def test_a_folder_without_a_readable_file_leaves_no_store(build: Build, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/a.jpg").write_bytes(b"\xff")

    with pytest.raises(CorpusEmpty, match="1 skipped"):
        build(tmp_path / "elsewhere", tmp_path / "photos")

    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("damage", [b"", b"\x00" * 40, b"[]", b'{"files": 3}', b"[" * 99_999])
def test_damaged_stamps_cost_only_time(
    build: Build, tmp_path: Path, parsed: list[str], damage: bytes
) -> None:
    first = build()
    parsed.clear()
    (tmp_path / "store/stamps.json").write_bytes(damage)

    assert build().snapshot == first.snapshot
    assert parsed == []


@pytest.mark.parametrize("damage", [b"", b"\x00", b"[]", b'{"files": {"a": []}}', b"[" * 99_999])
def test_an_inventory_that_is_none_is_refused(damage: bytes) -> None:
    assert Inventory.parse(damage) is None


@given(st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=5), max_size=2), max_size=4))
def test_an_inventory_is_read_back_and_its_bytes_do_not_depend_on_an_order(
    files: dict[str, list[str]],
) -> None:
    records = {
        path: Record(path, tuple((name, "d") for name in ids), (Skipped(path, "is empty"),))
        for path, ids in files.items()
    }
    kept = Inventory("1", records, (Skipped("a", "is a link to nothing"),))
    turned = Inventory("1", dict(reversed(records.items())), kept.unread)

    assert Inventory.parse(kept.to_bytes()) == kept
    assert turned.to_bytes() == kept.to_bytes()


def test_an_inventory_that_is_asked_for_again_is_not_parsed_again(tmp_path: Path) -> None:
    written = Inventory("1", {"a.txt": Record("d", (("a.txt", "e"),))}).to_bytes()
    (tmp_path / INVENTORY_FILE).write_bytes(written)
    inventories = Inventories()

    first = inventories.read(tmp_path)

    assert first == Inventory.parse(written)
    assert inventories.parse(bytes(bytearray(written))) is first
    assert inventories.parse(b"[]") is None
    inventories.forget()
    assert inventories.parse(written) == first
    assert inventories.parse(written) is not first
    assert inventories.read(tmp_path / "none") is None


def test_stamps_of_another_folder_say_nothing(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    stamps = Stamps(tmp_path / "one", tmp_path)
    stamps.note("a.txt", Stamp(1, 2, 3, 4), "digest")
    stamps.save()

    assert Stamps(tmp_path / "one", tmp_path).digest("a.txt", Stamp(1, 2, 3, 4)) == "digest"
    assert Stamps(tmp_path / "one", tmp_path).digest("a.txt", Stamp(1, 2, 9, 4)) is None
    assert Stamps(tmp_path / "other", tmp_path).digest("a.txt", Stamp(1, 2, 3, 4)) is None


def test_a_file_that_changes_while_it_is_read_is_read_again(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = "Un article tout autre, plus long, et qui est entier."
    real, asked = os.fstat, count()

    def changed_meanwhile(descriptor: int) -> os.stat_result:
        if next(asked) == 1:  # after its content was read
            write(corpus, "keep.txt", whole)
        return real(descriptor)

    monkeypatch.setattr("index.load.os.fstat", changed_meanwhile)

    (article,) = Corpus(corpus).load().articles

    assert article.text == whole


def test_a_file_that_never_rests_is_skipped_with_its_reason(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(corpus, "a.txt", "Un texte que quelqu'un écrit sans cesse.")
    real = os.fstat

    def grown_meanwhile(descriptor: int) -> os.stat_result:
        with path.open("a", encoding="utf-8") as file:
            file.write(" Encore.")
        return real(descriptor)

    monkeypatch.setattr("index.load.os.fstat", grown_meanwhile)

    loaded = Corpus(corpus).load()

    assert loaded.skipped == [Skipped("a.txt", "was being written; the next build reads it")]
    assert [article.id for article in loaded.articles] == ["keep.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(corpus: Path) -> None:
    path = write(corpus, "a.txt", TEXTS[0])
    found = Corpus(corpus)
    path.unlink()
    os.mkfifo(path)

    assert found.load().skipped == [Skipped("a.txt", "is no regular file")]


def test_nothing_heavy_is_loaded_when_nothing_changed(
    sample_store: Path,
    corpus_folder: Path,
    tmp_path: Path,
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    store = shutil.copytree(sample_store, tmp_path / "store")
    program = (
        "import json, sys, index\n"
        "report = index.build(sys.argv[1], sys.argv[2])\n"
        "heavy = {'torch', 'faiss', 'bm25s', 'tokenizers', 'sentence_transformers', 'rensa'}\n"
        "print(json.dumps([report.snapshot, report.embedded, sorted(heavy & set(sys.modules))]))"
    )

    ended = run_python("-c", program, corpus_folder, store)

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == [current_name(sample_store), 0, []]


@pytest.mark.skipif(sys.platform != "linux", reason="names are not plain bytes here")
def test_a_name_that_is_no_text_is_remembered_too(
    build: Build, corpus: Path, parsed: list[str]
) -> None:
    write(corpus, os.fsdecode(b"caf\xe9.txt"), TEXTS[5])
    first = build()
    parsed.clear()

    again = build()

    assert (again.articles, again.unchanged, parsed) == (2, 2, [])
    assert again.snapshot == first.snapshot


@pytest.mark.parametrize("fault", ["full", "failing", "refused", "short", "lying", "crash"])
def test_stamps_are_the_old_or_the_new_ones_whatever_the_disk_does(
    fault: str, tmp_path: Path, put_disk: Callable[..., Any], crashed: type[BaseException]
) -> None:
    def noted(digest: str) -> Stamps:
        stamps = Stamps(tmp_path, tmp_path)
        stamps.note("a.txt", Stamp(1, 2, 3, 4), digest)
        return stamps

    def found() -> str | None:
        return Stamps(tmp_path, tmp_path).digest("a.txt", Stamp(1, 2, 3, 4))

    struck = 0
    for at in range(1, 20):
        assert noted("old").save() is None
        faulty = put_disk(fault, at)
        told = None
        with suppress(crashed):
            told = noted("new").save()
        put_disk()
        assert found() in ("old", "new")
        assert found() == "new" or faulty.struck
        assert told is None or told.startswith(f"{tmp_path / 'stamps.json'} could not be written: ")
        assert (told is None) == (not faulty.struck or fault in ("short", "crash"))
        struck += bool(faulty.struck)
        assert noted("newest").save() is None
        assert (found(), [path.name for path in tmp_path.iterdir()]) == ("newest", ["stamps.json"])
        if faulty.count < at:
            break
    assert faulty.count < at
    assert struck >= (1 if fault in ("short", "lying") else 4)
