"""Rebuilds: the whole way with a real build, and how a process that misbehaves is heeded."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.snapshot import current_name
from ui import rebuild
from ui.job import Job

Make = Callable[..., Any]
Options = Shelf = Any  # those of conftest.py

# A real build loads its libraries first; on a busy machine that takes its time.
_PATIENCE_SECONDS = 300

# Speaks as `ui.building` does, step by step, until it is told to stop.
_SLOW = """
import json, sys, threading, time
stopped = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), stopped.set()), daemon=True).start()
for done in range(1, 10000):
    print(json.dumps({"step": "embed", "count": done, "total": 10000}), flush=True)
    print("a library says something else", flush=True)
    if stopped.wait(0.02):
        print(json.dumps({"done": None}), flush=True)
        sys.exit(0)
"""


def wait_for(url: str, *states: str) -> dict[str, Any]:
    """Return how the rebuild stands once it is in one of `states`."""
    begun = time.monotonic()
    while True:
        status: dict[str, Any] = httpx.get(f"{url}rebuild").json()
        if status["state"] in states:
            return status
        assert time.monotonic() - begun < _PATIENCE_SECONDS, status
        time.sleep(0.05)


@pytest.fixture
def serve_job(shelf: Shelf, options: Options, serve_parts: Make, make_article: Make) -> Make:
    """Return a function that serves the routes over a program in place of the build."""
    shelf.put(make_article())

    def start(program: str) -> str:
        job = Job((sys.executable, "-c", program))
        return str(serve_parts(*rebuild.routes(shelf, options, job)).url)

    return start


def test_a_rebuild_from_the_first_file_to_the_way_back(
    shelf: Shelf, options: Options, serve_parts: Make, tiny_model: Path
) -> None:
    options.model = str(tiny_model)
    (options.corpus / "a.txt").write_text("Le pont a été ouvert lundi par le maire. " * 3)
    (options.corpus / "b.txt").write_text("Le musée a fermé ses portes mardi soir. " * 3)
    url = serve_parts(*rebuild.routes(shelf, options)).url

    assert httpx.get(f"{url}rebuild").json()["state"] == "idle"
    begun = httpx.post(f"{url}rebuild")
    assert begun.status_code == 202
    assert begun.json()["state"] == "running"
    first = wait_for(url, "done", "failed")
    assert first["report"]["articles"] == 2
    assert first["changes"] == {}
    assert first["others"] == []

    (options.corpus / "a.txt").write_text("Le pont a été fermé mardi par le maire. " * 3)
    (options.corpus / "b.txt").unlink()
    (options.corpus / "c.txt").write_text("Un nouveau tramway relie la gare au port. " * 3)
    httpx.post(f"{url}rebuild")
    second = wait_for(url, "done", "failed")
    changed = {
        kind: [one["id"] for one in second["changes"][kind]["articles"]]
        for kind in ("added", "changed", "removed")
    }
    assert changed == {"added": ["c.txt"], "changed": ["a.txt"], "removed": ["b.txt"]}
    (before,) = second["others"]
    assert (before["name"], before["articles"], before["newer"]) == (first["snapshot"], 2, False)

    back = httpx.post(f"{url}corpus/back", params={"name": before["name"]}).json()
    assert back["snapshot"] == current_name(options.store) == first["snapshot"]
    assert [one["id"] for one in back["changes"]["added"]["articles"]] == ["b.txt"]
    (after,) = back["others"]
    assert (after["name"], after["newer"]) == (second["snapshot"], True)


def test_a_build_that_fails_says_why_and_changes_nothing(
    shelf: Shelf, options: Options, serve_parts: Make, make_article: Make
) -> None:
    shelf.put(make_article())
    before = current_name(options.store)
    options.corpus.rmdir()
    url = serve_parts(*rebuild.routes(shelf, options)).url

    httpx.post(f"{url}rebuild")

    status = wait_for(url, "done", "failed")
    assert (status["state"], status["error"]) == ("failed", "CorpusMissing")
    assert current_name(options.store) == before


def test_progress_is_told_while_it_runs_and_a_second_one_has_to_wait(serve_job: Make) -> None:
    url = serve_job(_SLOW)
    httpx.post(f"{url}rebuild")
    begun = time.monotonic()
    while not (status := httpx.get(f"{url}rebuild").json())["step"]:
        assert time.monotonic() - begun < _PATIENCE_SECONDS

    second = httpx.post(f"{url}rebuild")

    assert status["step"] == "embed"
    assert 0 < status["share"] < 0.99
    assert (second.status_code, second.json()["error"]) == (409, "RebuildRunning")
    httpx.delete(f"{url}rebuild")
    wait_for(url, "cancelled")


def test_a_rebuild_is_cancelled_and_another_can_begin(serve_job: Make) -> None:
    url = serve_job(_SLOW)
    httpx.post(f"{url}rebuild")

    cancelled = httpx.delete(f"{url}rebuild")

    assert (cancelled.status_code, cancelled.json()["state"]) == (202, "cancelling")
    assert wait_for(url, "cancelled")["report"] is None
    assert httpx.post(f"{url}rebuild").status_code == 202
    httpx.delete(f"{url}rebuild")
    wait_for(url, "cancelled")


def test_a_process_that_does_not_heed_is_ended(
    serve_job: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.job._GRACE_SECONDS", 0.2)
    url = serve_job("import time; time.sleep(600)")
    httpx.post(f"{url}rebuild")

    httpx.delete(f"{url}rebuild")

    wait_for(url, "cancelled")


def test_a_process_that_dies_is_told_of(serve_job: Make) -> None:
    url = serve_job("import os; os._exit(9)")

    httpx.post(f"{url}rebuild")

    status = wait_for(url, "failed")
    assert status["error"] == "RebuildDied"


def test_without_a_rebuild_there_is_nothing_to_cancel(serve_job: Make) -> None:
    answer = httpx.delete(f"{serve_job(_SLOW)}rebuild")

    assert (answer.status_code, answer.json()["error"]) == (409, "RebuildIdle")


def test_while_it_runs_nobody_goes_back(serve_job: Make) -> None:
    url = serve_job(_SLOW)
    httpx.post(f"{url}rebuild")

    answer = httpx.post(f"{url}corpus/back")

    assert (answer.status_code, answer.json()["error"]) == (409, "StoreBusy")
    httpx.delete(f"{url}rebuild")
    wait_for(url, "cancelled")


@pytest.mark.parametrize("name", ["", "000001-000000000000", "../..", "<script>"])
def test_there_is_no_way_back_to_what_is_not_there(serve_job: Make, name: str) -> None:
    answer = httpx.post(f"{serve_job(_SLOW)}corpus/back", params={"name": name})

    assert (answer.status_code, answer.json()["error"]) == (404, "SnapshotMissing")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "rebuild"), ("GET", "rebuild"), ("DELETE", "rebuild"), ("POST", "corpus/back")],
)
def test_read_only_refuses_all_of_it(
    serve_job: Make, options: Options, method: str, path: str
) -> None:
    options.read_only = True

    answer = httpx.request(method, f"{serve_job(_SLOW)}{path}")

    assert (answer.status_code, answer.json()) == (403, {"error": "ReadOnly"})


def test_a_build_ends_when_the_server_does(options: Options, tiny_model: Path) -> None:
    import subprocess

    for number in range(50):
        (options.corpus / f"{number}.txt").write_text(f"L'article {number} dit une chose. " * 50)
    arguments = [str(options.corpus), str(options.store), str(tiny_model)]
    with subprocess.Popen(
        [sys.executable, "-m", "ui.building", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        # what the end of the server does to the pipe
        assert process.stdin is not None
        process.stdin.close()
        said = process.stdout.read() if process.stdout else ""

    assert process.returncode == 0
    assert said.endswith('{"done": null}\n')
    assert not (options.store / "CURRENT").exists()
