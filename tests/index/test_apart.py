import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from index import apart, worker
from index.apart import Worker
from index.errors import UnreadableFile
from index.load import Corpus
from index.readers import Declared, Extracted, find_format
from index.types import Skipped

# A worker whose formats are hostile files, as libraries might read them.
HOSTILE = """
import ctypes, os, re, sys, time
from index import readers, worker
from index.errors import UnreadableFile
from index.readers import Extracted, Format
from index.types import Skipped

def read(path, data):
    yield Extracted(data.decode(), name="#1")

def part(path, data):
    yield Extracted("Un.")
    yield Skipped("#2", "is empty")
    raise UnreadableFile(path, "is cut")

def loop(path, data):
    while True:
        yield Skipped("", "")

def lock(path, data):
    re.match(r"(a+)+$", "a" * 60 + "b")  # in C, without ever letting another thread run

def sleep(path, data):
    time.sleep(1000)

def grow(path, data):
    heap = [bytes(100_000_000) for _ in range(1000)]

def crash(path, data):
    ctypes.string_at(0)

def leave(path, data):
    os._exit(0)

def fail(path, data):
    raise ZeroDivisionError

def talk(path, data):
    print("bavardage" * 1000, flush=True)
    os.write(1, b"x" * 1000)
    yield Extracted("Un.")

def flood(path, data):
    while True:
        yield Extracted("flot " * 100_000)

def once(path, data):
    global served
    served = globals().get("served", 0) + 1
    if served > 1:
        os.abort()
    yield Extracted("Un.")

def write(path, data):
    with open(data.decode(), "w") as file:
        file.write("x")

def number(path, data):
    yield Extracted(str(os.getpid()))

kinds = [read, part, loop, lock, sleep, grow, crash, leave, fail, talk, flood, once, write, number]
readers.FORMATS.update({"." + kind.__name__: Format(kind) for kind in kinds})
readers.FORMATS[".pdf"] = Format(crash)
worker.SECONDS = 1
worker.main()
"""

TOO_LONG = "takes longer than 5 s to read"
CRASHED = "makes its reader crash"

needs_limits = pytest.mark.skipif(sys.platform != "linux", reason="limits are those of Linux")
needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")


@pytest.fixture
def hostile() -> Iterator[Worker]:
    """A worker that has the formats of `HOSTILE`."""
    started = Worker([sys.executable, "-P", "-c", HOSTILE])
    yield started
    started.end()


def read(reader: Worker, kind: str, data: bytes = b"") -> list[Extracted | Skipped]:
    return list(reader.read(Path(f"a.{kind}"), data))


def text(reader: Worker, kind: str, data: bytes = b"") -> str:
    (found,) = read(reader, kind, data)
    assert isinstance(found, Extracted)
    return found.text


def reason(reader: Worker, kind: str, data: bytes = b"") -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(reader, kind, data)
    assert refused.value.path == Path(f"a.{kind}")
    return refused.value.reason


def pdf(line: str = "Le tramway relie la gare au port.") -> bytes:
    document = FPDF()
    document.set_title("Le tramway roule")
    document.add_page()
    document.set_font("Helvetica", size=11)
    document.text(20, 40, line)
    return bytes(document.output())


def is_running(pid: int) -> bool:
    """Whether there is a process of this number, that has not ended."""
    status = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(status.stdout.strip()) and not status.stdout.startswith("Z")


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait, for a generous while, until it is so."""
    for _ in range(1200):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("it never was")


def test_a_file_is_read_apart_as_it_is_here() -> None:
    path = Path("été\udcff.pdf")  # a name that is no UTF-8

    found = list(apart.read(path, pdf()))
    apart.end()

    assert found == list(find_format(path).read(path, pdf()))


def test_a_reason_is_the_same_apart() -> None:
    with pytest.raises(UnreadableFile, match="is no PDF document") as refused:
        list(apart.read(Path("a.pdf"), b"Un texte."))
    apart.end()

    assert refused.value.path == Path("a.pdf")


def test_what_comes_before_a_refusal_is_kept(hostile: Worker) -> None:
    found = hostile.read(Path("a.part"), b"")

    assert next(found) == Extracted("Un.")
    assert next(found) == Skipped("#2", "is empty")
    with pytest.raises(UnreadableFile, match="is cut"):
        next(found)


def test_one_process_reads_many_files(hostile: Worker) -> None:
    numbers = {text(hostile, "number") for _ in range(20)}

    assert numbers == {str(hostile.pid)}


def test_large_files_go_through(hostile: Worker) -> None:
    content = b"Un mot. " * 2_000_000

    assert text(hostile, "read", content) == content.decode()


@pytest.mark.parametrize("kind", ["loop", "lock"])
@needs_limits
def test_a_file_that_takes_too_long_is_skipped(hostile: Worker, kind: str) -> None:
    before = text(hostile, "number")

    assert reason(hostile, kind) == TOO_LONG
    assert text(hostile, "number") != before


def test_a_file_that_only_waits_is_skipped(
    hostile: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert text(hostile, "read", b"Un.") == "Un."
    monkeypatch.setattr(apart, "wall_seconds", lambda _size: 0.5)

    assert reason(hostile, "sleep") == TOO_LONG
    monkeypatch.undo()
    assert text(hostile, "read", b"Deux.") == "Deux."


@needs_limits
def test_a_file_that_eats_memory_is_skipped(hostile: Worker) -> None:
    assert reason(hostile, "grow") == "needs more than 2 GB of memory to be read"
    assert text(hostile, "read", b"Deux.") == "Deux."


@pytest.mark.parametrize("kind", ["crash", "leave", "fail"])
def test_a_file_that_ends_its_reader_is_skipped(hostile: Worker, kind: str) -> None:
    assert text(hostile, "read", b"Un.") == "Un."
    assert reason(hostile, kind) == CRASHED
    assert text(hostile, "read", b"Deux.") == "Deux."


def test_a_file_of_more_text_than_is_read_is_skipped(hostile: Worker) -> None:
    assert reason(hostile, "flood") == "holds more text than is read of one file"


def test_what_a_library_prints_is_no_answer(hostile: Worker) -> None:
    assert text(hostile, "talk") == "Un."
    assert text(hostile, "read", b"Deux.") == "Deux."


def test_what_becomes_of_a_file_does_not_depend_on_those_before_it(hostile: Worker) -> None:
    assert [text(hostile, "once") for _ in range(3)] == ["Un."] * 3


@needs_signals
def test_a_worker_killed_in_the_middle_loses_only_that_file(hostile: Worker) -> None:
    text(hostile, "read", b"Un.")
    reasons: list[str] = []
    waiting = threading.Thread(target=lambda: reasons.append(reason(hostile, "sleep")))
    waiting.start()
    killed: set[int] = set()
    while waiting.is_alive():  # the first is tried again as a new one
        if (pid := hostile.pid) is not None and pid not in killed:
            time.sleep(0.2)
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        waiting.join(0.05)

    assert reasons == [CRASHED]
    assert len(killed) == 2
    assert text(hostile, "read", b"Deux.") == "Deux."


@needs_signals
def test_a_worker_killed_between_two_files_is_not_missed(hostile: Worker) -> None:
    text(hostile, "read", b"Un.")
    assert hostile.pid is not None
    os.kill(hostile.pid, signal.SIGKILL)

    assert text(hostile, "read", b"Deux.") == "Deux."


@needs_signals
def test_ctrl_c_is_for_the_parent(hostile: Worker) -> None:
    before = text(hostile, "number")
    assert hostile.pid is not None
    os.kill(hostile.pid, signal.SIGINT)

    assert text(hostile, "number") == before


@needs_limits
def test_a_reader_can_write_no_file(hostile: Worker, tmp_path: Path) -> None:
    target = tmp_path / "a.txt"

    assert reason(hostile, "write", str(target).encode()) == CRASHED
    assert not target.exists() or not target.read_bytes()


@pytest.mark.parametrize(
    "program",
    [
        "",
        "import sys; sys.stdout.write('bonjour')",
        "import os; os.write(1, bytes(8))",
        "import os; os.write(1, b'\\xff' * 100)",
        "import os; os.write(1, (2).to_bytes(8) + b'[]'); input()",
        "import os; os.write(1, (2).to_bytes(8) + b'{}'); input()",
        "import os; os.write(1, (10).to_bytes(8) + b'{\"name\":1}'); input()",
        'import os; os.write(1, (22).to_bytes(8) + b\'{"ends":1,"is_last":1}\'); input()',
    ],
)
def test_what_is_no_answer_is_a_reason(program: str) -> None:
    reader = Worker([sys.executable, "-c", program])

    assert reason(reader, "pdf") == CRASHED
    reader.end()


def test_a_process_that_cannot_be_started_is_a_reason(tmp_path: Path) -> None:
    reader = Worker([str(tmp_path / "python")])

    assert reason(reader, "pdf").startswith("no process can be started to read it: ")


def test_the_worker_ends_when_it_is_told(hostile: Worker) -> None:
    pid = int(text(hostile, "number"))
    hostile.end()
    hostile.end()

    assert hostile.pid is None
    if sys.platform != "win32":
        assert not is_running(pid)


@needs_signals
@pytest.mark.parametrize("kind", ["number", "sleep", "loop"])
def test_the_worker_never_outlives_its_parent(kind: str) -> None:
    program = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from index.apart import Worker\n"
        f"reader = Worker([sys.executable, '-P', '-c', {HOSTILE!r}])\n"
        "(found,) = reader.read(Path('a.number'), b'')\n"
        "print(found.text, flush=True)\n"
        f"list(reader.read(Path('a.{kind}'), b''))\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        time.sleep(0.2)
        parent.kill()
        parent.wait()

        wait_until(lambda: not is_running(pid))


def test_threads_share_a_worker(hostile: Worker) -> None:
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: texts.append(text(hostile, "read", b"%d" % n)))
        for n in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(texts) == [str(n) for n in range(10)]


def test_a_member_that_crashes_its_reader_loses_only_itself(
    hostile: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_worker", hostile)
    content = BytesIO()
    with ZipFile(content, "w") as file:
        for name in ("a.txt", "b.pdf", "c.txt"):
            file.writestr(name, f"Le texte de {name}.")

    assert list(apart.read(Path("a.zip"), content.getvalue())) == [
        Extracted("Le texte de a.txt.", name="/a.txt"),
        Skipped("/b.pdf", CRASHED),
        Extracted("Le texte de c.txt.", name="/c.txt"),
    ]


def test_a_corpus_is_read_with_a_worker_that_ends_with_it(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf())
    (tmp_path / "b.txt").write_text("Un autre texte.")
    with ZipFile(tmp_path / "c.zip", "w") as file:
        file.writestr("d/e.pdf", pdf("Une autre ligne roule vers le nord de la ville."))

    loaded = Corpus(tmp_path).load()
    articles = loaded.articles

    assert [article.id for article in articles] == ["a.pdf", "b.txt", "c.zip/d/e.pdf"]
    assert articles[0].title == "Le tramway roule"
    assert articles[0].origins["title"] == "document properties"
    assert loaded.skipped == []
    assert apart._worker.pid is None


def test_a_worker_starts_without_what_builds_and_answers_need() -> None:
    heavy = "torch transformers faiss bm25s gradio sentence_transformers docx odfdo lxml pypdfium2"
    program = f"import sys, index.worker; print(*set({heavy.split()!r}) & set(sys.modules))"

    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert ended.stdout.split() == []


def test_a_module_in_the_folder_of_articles_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("open('run', 'w')")
    monkeypatch.chdir(tmp_path)
    reader = Worker()

    assert text(reader, "pdf", pdf())
    reader.end()
    assert not (tmp_path / "run").exists()


items = st.builds(
    Extracted,
    st.text(),
    st.dictionaries(st.just("title"), st.builds(Declared, st.text(), st.text())),
    st.text(),
) | st.builds(Skipped, st.text(), st.text())


@given(st.lists(items, max_size=4))
def test_what_is_sent_is_what_was_found(found: list[Extracted | Skipped]) -> None:
    pipe = BytesIO()
    for item in found:
        worker.send(pipe, worker.told(item))
    pipe.seek(0)

    assert [worker.found_in(worker.receive(pipe, 1_000_000)) for _ in found] == found
