"""The measurement of speed, on a corpus of a few passages: what is measured, not how long."""

import gzip
import json
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from benchmarks.speed import jobs, tables
from benchmarks.speed.__main__ import main
from benchmarks.speed.apart import JobFailed, run_command
from benchmarks.speed.contestants import ANSWERING, OTHERS, OURS
from benchmarks.speed.material import read_questions, write_corpus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")

SUBJECTS = ("tramway", "stade", "marché", "port", "musée", "pont", "théâtre", "jardin")
README = f"# Speed\n\n{tables.BEGIN}\nwhat was there before\n{tables.END}\n\n## Below\n"


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """Return a folder of the sets that are measured, of a few passages each."""
    passages = [
        {
            "id": f"p-{number}",
            "title": subject,
            "date": None,
            "lang": "fr",
            "text": f"Le {subject} de la ville ouvre à {number} heures. Il ferme le soir.",
        }
        for number, subject in enumerate(SUBJECTS)
    ]
    for name in ("scale_fr", "piaf_fr", "dated_fr"):
        questions = [
            {
                "id": f"{name}-{number}",
                "lang": "fr",
                "question": f"Quand ouvre le {subject} ?",
                "relevant": [f"p-{number}"],
            }
            for number, subject in enumerate(SUBJECTS)
        ]
        folder = tmp_path / "sets" / name
        folder.mkdir(parents=True)
        for file, records in (("corpus", passages), ("queries", questions)):
            with gzip.open(folder / f"{file}.jsonl.gz", "wt", encoding="utf-8") as written:
                written.writelines(json.dumps(record) + "\n" for record in records)
    return tmp_path / "sets"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder that holds vectors drawn; none are embedded then."""
    monkeypatch.chdir(tmp_path)
    vectors = np.random.default_rng(0).normal(size=(220, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    kept = tmp_path / "build" / "bench"
    kept.mkdir(parents=True)
    np.savez(kept / "dense.npz", passages=vectors[:200], questions=vectors[200:])
    return kept


def test_a_quick_run_measures_everything_and_writes_it_down(
    sets: Path, bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = bench / "into"
    into.mkdir()
    (into / "README.md").write_text(README, encoding="utf-8")
    stages = ["builds", "cold", "stores", "search"]

    ended = main([str(sets), "--quick", "--others", "--into", str(into), "--only", *stages])

    printed = capsys.readouterr()
    assert ended == 0, printed.err
    (file,) = (into / "results").iterdir()
    results = json.loads(file.read_text(encoding="utf-8"))
    assert results["builds"][OURS]["passages a second"] > 0
    assert results["builds"][OURS]["peak"] > 20
    assert results["cold"].keys() == {OURS, ANSWERING}
    real, drawn = results["stores"]
    assert (real["passages"], drawn["passages"]) == (6, 60)
    assert real[OURS]["rows"] == real[ANSWERING]["rows"] == 6
    assert drawn[OURS]["rows"] == 2 * len(SUBJECTS)  # the two sets have no more
    assert real[OURS]["median"] <= real[OURS]["95th"]
    assert [one["rows"] for one in results["search"]] == [200]
    page = (into / "README.md").read_text(encoding="utf-8")
    assert "| cold question, whole process, s |" in page
    assert "what was there before" not in page
    assert page.endswith("## Below\n")
    assert printed.out.strip() in page


@pytest.mark.parametrize("name", [OURS, *OTHERS])
def test_contestants_find_texts_in_files_and_are_measured_alike(
    name: str, sets: Path, tmp_path: Path, tiny_model: Path
) -> None:
    needed = {"txtai": "txtai"}.get(name)
    if needed is not None and find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed: pip install -e '.[bench]'")
    corpus = write_corpus(sets, tmp_path, 8)
    values = {"name": name, "model": str(tiny_model), "store": str(tmp_path / "store")}

    built = jobs.build(corpus=str(corpus), **values)
    served = jobs.serve(questions=read_questions(sets, 4), **values)
    (found, *_others) = jobs.ask(question="Quand ouvre le tramway ?", **values)["found"]

    assert built.keys() == {"load", "seconds", "processor"}
    assert served.keys() == {
        *("open", "first", "median", "95th", "processor", "resident"),
        *("rows", "bytes a row", "found"),
    }
    assert served["rows"] == 8
    assert served["found"] == 5
    assert served["bytes a row"] > 0
    assert "de la ville ouvre" in found


def test_as_many_questions_come_from_each_set(sets: Path) -> None:
    questions = read_questions(sets, 4)

    assert questions == ["Quand ouvre le tramway ?"] * 2 + ["Quand ouvre le musée ?"] * 2


def test_passages_are_drawn_evenly_and_one_is_one_file(sets: Path, tmp_path: Path) -> None:
    corpus = write_corpus(sets, tmp_path, 4)

    texts = [path.read_text(encoding="utf-8") for path in sorted(corpus.iterdir())]
    assert [text.split("\n")[0] for text in texts] == ["tramway", "marché", "musée", "théâtre"]


def test_the_memory_of_a_command_counts_the_processes_that_it_begins() -> None:
    hold = "import time; held = bytearray(80_000_000); time.sleep(1)"
    start = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"

    printed, seconds, peak = run_command([sys.executable, "-c", start, hold])

    assert printed == ""
    assert seconds >= 1
    assert peak > 80


def test_a_job_that_fails_says_what_it_said_last() -> None:
    with pytest.raises(JobFailed, match="failed and said: out of luck"):
        run_command([sys.executable, "-c", "raise SystemExit('out of luck')"])


def test_ratios_say_how_many_times_better_ours_is() -> None:
    """A rate is better when it is higher, a cost when it is lower."""
    figures = {"seconds": 1, "processor": 2, "load": 1, "peak": 100}
    served = dict.fromkeys(
        ("open", "first", "median", "95th", "processor", "resident", "bytes a row"), 10
    )
    results = {
        "commit": "abc1234",
        "date": "2026-01-31",
        "cores": 2,
        "load before": 0.25,
        "python": "3.11.7",
        "packages": {"torch": "2.13.0"},
        "sizes": {"passages": 600},
        "builds": {
            OURS: {**figures, "passages a second": 60},
            "recipe": {**figures, "passages a second": 15},
        },
        "cold": {OURS: 1, ANSWERING: 2, "recipe": 8},
        "stores": [
            {
                "passages": 600,
                OURS: served,
                ANSWERING: served,
                "recipe": {**served, "median": 25},
            }
        ],
    }

    written = tables.tables(results)

    lines = {line.split("|")[1].strip(): line for line in written.splitlines() if "|" in line}
    assert cells(lines["build, passages/s"]) == ["60", "", "15", "**4.00**"]
    assert cells(lines["cold question, whole process, s"]) == ["1", "2", "8", "**8.00**"]
    assert cells(lines["warm question: median, ms"]) == ["10", "10", "25", "**2.50**"]


def cells(line: str) -> list[str]:
    """Return the cells of a line of a table behind the first."""
    return [cell.strip() for cell in re.split(r"\|", line)[2:-1]]


def test_the_plots_show_both_ways_of_the_product(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pip install -e '.[bench]'")
    from benchmarks.speed.pictures import draw

    served = {"median": 5.0, "95th": 9.0, "resident": 300, "bytes a row": 1100.0}
    stores = [{"passages": size, OURS: served, ANSWERING: served} for size in (100, 1000)]

    draw({"stores": stores}, tmp_path)

    picture = (tmp_path / "speed.svg").read_text(encoding="utf-8")
    assert tables.NAMES[ANSWERING] in picture
    assert tables.NAMES["txtai"] not in picture


def test_tables_can_be_written_again_from_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = {"commit": "abc1234", "date": "2026-01-31", "cores": 2, "load before": None}
    results |= {"python": "3.11.7", "packages": {}, "limits": {"rate": 100.0, "runtimes": {}}}
    file = tmp_path / "speed-abc1234.json"
    file.write_text(json.dumps(results), encoding="utf-8")

    assert main(["--show", str(file), "--into", str(tmp_path)]) == 0

    assert "100 x 10^9 operations a busy second" in capsys.readouterr().out
